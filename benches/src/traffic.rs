//! Defines the requests of clients and the responses of the inner service.

use std::sync::LazyLock;

use http::{HeaderMap, HeaderName, HeaderValue, Request, header};
use tower_hardening::connection::Transport;

use crate::{
    collisions::{colliding_names, name},
    guide::{CROSS_DOMAIN, GUIDE},
};

/// Describes an exchange that is repeated unchanged.
#[derive(Clone, Copy)]
pub struct Traffic {
    pub name: &'static str,
    pub request: fn(&mut Request<()>),
    pub response: fn(&mut HeaderMap),
    /// Set if the inner service reads the nonce.
    pub reads_nonce: bool,
}

impl Traffic {
    const fn answered(name: &'static str, response: fn(&mut HeaderMap)) -> Self {
        Self { name, request: |_| {}, response, reads_nonce: false }
    }

    const fn asked(mut self, request: fn(&mut Request<()>)) -> Self {
        self.request = request;
        self
    }
}

/// Responses with 0 to 12 headers of different names.
pub const COUNTS: [Traffic; 5] = [
    Traffic::answered("k = 0", |_| {}),
    USUAL,
    Traffic::answered("k = 5", own::<5>),
    Traffic::answered("k = 8", own::<8>),
    Traffic::answered("k = 12", own::<12>),
];

/// The headers of most responses: a content type and a length.
pub const USUAL: Traffic = Traffic::answered("k = 2", own::<2>);

pub const NONCE_READ: Traffic = Traffic { name: "k = 2, nonce read", reads_nonce: true, ..USUAL };

pub const KEPT_CLASH: Traffic = Traffic::answered("k = 2, one clash, kept", |headers| {
    own::<1>(headers);
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
});

pub const REPLACED_CLASH: Traffic = Traffic::answered("k = 2, one clash, replaced", |headers| {
    own::<1>(headers);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("sniff"));
});

/// A request with a session cookie, which the application renews.
pub const SESSION: Traffic = Traffic::answered("one session cookie each way", |headers| {
    own::<2>(headers);
    headers.insert(header::SET_COOKIE, HeaderValue::from_static(SESSION_SET));
})
.asked(|request| {
    let cookie = HeaderValue::from_static("__Host-pleroma_key=SFMyNTY.g3QAAAABbQ; theme=dark");
    request.headers_mut().insert(header::COOKIE, cookie);
});

/// A request that names one of many sites.
pub const TENANT: Traffic = Traffic { name: "k = 2, a tenant's host", ..USUAL }.asked(|request| {
    request.headers_mut().insert(header::HOST, HeaderValue::from_static("tenant-0.example"));
});

/// A request to a server without a name, as on a developer's machine.
pub const ADDRESS: Traffic = Traffic { name: "k = 2, an address", ..USUAL }.asked(|request| {
    request.headers_mut().insert(header::HOST, HeaderValue::from_static("192.0.2.7:4000"));
});

/// A request with a proxy's header from an address that is not a trusted proxy.
pub const STRANGER: Traffic =
    Traffic { name: "k = 2, from a stranger", ..USUAL }.asked(|request| {
        request.headers_mut().insert("x-forwarded-proto", HeaderValue::from_static("https"));
        request.extensions_mut().insert(Transport::from_peer(([203, 0, 113, 9], 50_000).into()));
    });

/// A request through a trusted proxy.
pub const PROXIED: Traffic = Traffic { name: "k = 2, through a proxy", ..USUAL }.asked(|request| {
    let value = HeaderValue::from_static;
    request.headers_mut().insert(header::HOST, value("tenant-0.example"));
    request.headers_mut().insert("x-forwarded-for", value("203.0.113.9"));
    request.headers_mut().insert("x-forwarded-proto", value("https"));
    request.extensions_mut().insert(Transport::from_peer(([10, 0, 0, 1], 50_000).into()));
});

/// An image that a user uploaded.
pub const PICTURE: Traffic = Traffic::answered("a picture", |headers| {
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("image/png"));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from_static("0"));
});

/// A picture that another server sent, with a name and a header of that server.
pub const NAMED_FILE: Traffic = Traffic::answered("a named picture", |headers| {
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("image/png"));
    let name = HeaderValue::from_static("inline; filename=\"a.png\"");
    headers.insert(header::CONTENT_DISPOSITION, name);
    headers.insert(header::SERVER, HeaderValue::from_static("x"));
});

/// A response that names its server.
pub const NAMED_SERVER: Traffic = Traffic::answered("k = 2 and server", |headers| {
    own::<2>(headers);
    headers.insert(header::SERVER, HeaderValue::from_static("x"));
});

/// A request of the page's own origin.
pub const SAME_ORIGIN: Traffic = Traffic { name: "k = 2, same origin", ..USUAL }.asked(|request| {
    request.headers_mut().insert("sec-fetch-site", HeaderValue::from_static("same-origin"));
});

/// A load of another site.
pub const CROSS_SITE: Traffic = Traffic { name: "k = 2, another site", ..USUAL }.asked(|request| {
    let value = HeaderValue::from_static;
    request.headers_mut().insert("sec-fetch-site", value("cross-site"));
    request.headers_mut().insert("sec-fetch-mode", value("no-cors"));
    request.headers_mut().insert("sec-fetch-dest", value("image"));
});

pub const SESSION_SET: &str = "pleroma_key=SFMyNTY.g3QAAAABbQ; Path=/; HttpOnly";

/// The line of [`SESSION_SET`] with the prefix of a guarded cookie.
pub const SESSION_SENT: &str = "__Host-pleroma_key=SFMyNTY.g3QAAAABbQ; Path=/; HttpOnly; Secure";

/// The worst cases, each at a quarter, a half and the whole of its size.
pub const WORST: [(&str, [Traffic; 3]); 4] = [
    (
        "`Set-Cookie` lines",
        [
            Traffic::answered("25 lines of set-cookie", set_cookies::<25>),
            Traffic::answered("50 lines of set-cookie", set_cookies::<50>),
            Traffic::answered("100 lines of set-cookie", set_cookies::<100>),
        ],
    ),
    (
        "response headers",
        [
            Traffic::answered("50 headers", many::<50>),
            Traffic::answered("100 headers", many::<100>),
            Traffic::answered("200 headers", many::<200>),
        ],
    ),
    (
        "response headers that collide",
        [
            Traffic::answered("30 headers that collide", colliding::<30>),
            Traffic::answered("60 headers that collide", colliding::<60>),
            Traffic::answered("120 headers that collide", colliding::<120>),
        ],
    ),
    (
        "KiB of `Cookie`",
        [
            Traffic::answered("16 KiB of cookie", own::<2>).asked(cookies::<16>),
            Traffic::answered("32 KiB of cookie", own::<2>).asked(cookies::<32>),
            Traffic::answered("64 KiB of cookie", own::<2>).asked(cookies::<64>),
        ],
    ),
];

/// Adds the first `N` of twelve headers that applications send.
fn own<const N: usize>(headers: &mut HeaderMap) {
    let value = HeaderValue::from_static;
    let all = [
        (header::CONTENT_TYPE, value("text/html; charset=utf-8")),
        (header::CONTENT_LENGTH, value("0")),
        (header::CACHE_CONTROL, value("private")),
        (header::VARY, value("accept-encoding")),
        (header::ETAG, value("\"1\"")),
        (header::LAST_MODIFIED, value("Sun, 22 Nov 2026 00:00:00 GMT")),
        (header::SET_COOKIE, value("id=1; Secure; HttpOnly; Path=/")),
        (header::ACCEPT_RANGES, value("bytes")),
        (header::CONTENT_LANGUAGE, value("en")),
        (header::SERVER, value("x")),
        (header::LINK, value("</a.css>; rel=preload")),
        (header::ALLOW, value("GET, HEAD")),
    ];
    for (name, value) in all.into_iter().take(N) {
        headers.insert(name, value);
    }
}

fn set_cookies<const N: usize>(headers: &mut HeaderMap) {
    for _ in 0..N {
        headers.append(header::SET_COOKIE, HeaderValue::from_static(SESSION_SET));
    }
}

fn many<const N: usize>(headers: &mut HeaderMap) {
    static NAMES: LazyLock<Vec<HeaderName>> =
        LazyLock::new(|| (0..200).map(|index| name(&format!("x-header-{index}"))).collect());
    insert(&NAMES[..N], headers);
}

/// Adds fewer than 128 headers that collide. With more, `http` hashes them again with a secret key.
fn colliding<const N: usize>(headers: &mut HeaderMap) {
    static NAMES: LazyLock<Vec<HeaderName>> = LazyLock::new(|| colliding_names(&CROSS_DOMAIN));
    insert(&NAMES[..N], headers);
}

/// Inserts the headers into a map that has room for all of them.
///
/// The cost of growing a map depends on the state of the heap, above all with many headers.
fn insert(names: &[HeaderName], headers: &mut HeaderMap) {
    headers.reserve(names.len() + GUIDE.len());
    for name in names {
        headers.insert(name, HeaderValue::from_static("1"));
    }
}

fn cookies<const KIB: usize>(request: &mut Request<()>) {
    static LINES: LazyLock<[HeaderValue; 65]> = LazyLock::new(|| {
        std::array::from_fn(|kib| {
            let pairs = "theme=dark_and_long_enough_for_thirty; ".repeat(kib * 1024 / 39);
            let text = format!("{pairs}__Host-pleroma_key=1");
            HeaderValue::try_from(text).expect("ASCII")
        })
    });
    request.headers_mut().insert(header::COOKIE, LINES[KIB].clone());
}
