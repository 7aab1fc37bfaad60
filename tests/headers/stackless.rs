//! `HardeningLayer::begin` and `Exchange::finish` do exactly what the layer's own service does.

use std::future::ready;

use futures_util::FutureExt as _;
use http::{Request, Response, StatusCode, header};
use proptest::{prelude::*, sample::select};
use tower::{BoxError, Layer, Service, ServiceExt, service_fn, util::BoxService};
use tower_hardening::{
    FrameOptions, Hardening, HardeningLayer, HostCookies, Nonce, Origin, ReferrerPolicy,
    connection::{ConnectionInfo, Scheme},
    csp::{CspOverride, Source, SourceDirective},
    header::{HeaderOverride, RemoveHeaders},
    media::{Media, MediaLayer},
};

type Inner = BoxService<Request<()>, Response<String>, BoxError>;

/// Describes what the application does with one request.
#[derive(Clone, Debug)]
struct Handler {
    reads_nonce: bool,
    is_media: bool,
    csp: Option<CspOverride>,
    headers: Option<HeaderOverride>,
    status: StatusCode,
    sent: Vec<(&'static str, &'static str)>,
}

impl Handler {
    fn answer(&self, request: &Request<()>) -> Response<String> {
        let nonce = Nonce::from_extensions(request.extensions()).filter(|_| self.reads_nonce);
        // The body has all that the application sees.
        let body = format!("{:?} {:?}", request.headers(), nonce.map(Nonce::to_string));
        let mut response = Response::new(body);
        *response.status_mut() = self.status;
        for (name, value) in &self.sent {
            response.headers_mut().append(*name, value.parse().unwrap());
        }
        self.csp.clone().map(|change| response.extensions_mut().insert(change));
        self.headers.clone().map(|change| response.extensions_mut().insert(change));
        response
    }

    fn service(&self) -> Inner {
        let handler = self.clone();
        let handle = move |request| ready(Ok::<_, BoxError>(handler.answer(&request)));
        match self.is_media {
            true => BoxService::new(MediaLayer::new(Media::uploads()).layer(service_fn(handle))),
            false => BoxService::new(service_fn(handle)),
        }
    }
}

fn handlers() -> impl Strategy<Value = Handler> {
    let extended = || {
        let source = Source::host("https://cdn.example").unwrap();
        CspOverride::new().extend(SourceDirective::SCRIPT_SRC, [source]).unwrap()
    };
    let removed = || CspOverride::new().remove("script-src").unwrap();
    let framed = || HeaderOverride::new().replace(&FrameOptions::SAMEORIGIN);
    let lines = [
        ("set-cookie", "sid=1; HttpOnly"),
        ("set-cookie", "theme=dark"),
        ("server", "nginx"),
        ("x-frame-options", "SAMEORIGIN"),
        ("content-security-policy", "default-src 'none'"),
        ("content-type", "image/png"),
        ("content-type", "text/html"),
        ("cache-control", "public, max-age=60"),
    ];
    let statuses =
        [StatusCode::OK, StatusCode::NOT_FOUND, StatusCode::NOT_MODIFIED, StatusCode::EARLY_HINTS];
    (
        any::<(bool, bool)>(),
        select(vec![None, Some(extended()), Some(removed())]),
        select(vec![None, Some(framed())]),
        select(statuses.to_vec()),
        prop::collection::vec(select(lines.to_vec()), 0..5),
    )
        .prop_map(|((reads_nonce, is_media), csp, headers, status, sent)| Handler {
            reads_nonce,
            is_media,
            csp,
            headers,
            status,
            sent,
        })
}

fn layers() -> impl Strategy<Value = HardeningLayer> {
    let site: Origin = "https://example.tld".parse().unwrap();
    let presets = [
        Hardening::pleroma(&site),
        Hardening::strict(&site),
        Hardening::recommended(),
        Hardening::api(),
    ];
    (select(presets.to_vec()), any::<(bool, bool, bool)>()).prop_map(
        |(mut policies, (guards, removes, overrides))| {
            if guards {
                policies = policies.with(HostCookies::new(["sid"]).unwrap());
            }
            if removes {
                policies = policies.with(RemoveHeaders::owasp());
            }
            let layer = HardeningLayer::new(policies.with(ReferrerPolicy::ORIGIN));
            if overrides { layer.overriding() } else { layer }
        },
    )
}

fn requests() -> impl Strategy<Value = Request<()>> {
    let schemes = [None, Some(Scheme::Http), Some(Scheme::Https), Some(Scheme::Unknown)];
    let cookies = ["", "sid=planted", "__Host-sid=mine; theme=dark", "__Host-sid=a; __Host-sid=b"];
    let hosts = ["example.tld", "localhost", "192.0.2.1"];
    let parts = (select(schemes.to_vec()), select(cookies.to_vec()), select(hosts.to_vec()));
    parts.prop_map(|(scheme, cookies, host)| {
        let mut request = Request::get("/").header(header::HOST, host).body(()).unwrap();
        if !cookies.is_empty() {
            request.headers_mut().append(header::COOKIE, cookies.parse().unwrap());
        }
        scheme.map(|scheme| request.extensions_mut().insert(ConnectionInfo::new(scheme)));
        request
    })
}

proptest! {
    #[test]
    fn begin_and_finish_do_what_the_service_of_the_layer_does(
        handler in handlers(),
        layer in layers(),
        request in requests(),
    ) {
        let by_service = layer.layer(handler.service()).oneshot(with_nonce(&request));
        let by_service = by_service.now_or_never().unwrap().unwrap();

        let (mut head, ()) = with_nonce(&request).into_parts();
        let exchange = layer.begin(&mut head);
        let response = handler.service().call(Request::from_parts(head, ()));
        let (mut head, body) = response.now_or_never().unwrap().unwrap().into_parts();
        exchange.finish(&mut head);

        let (expected, expected_body) = by_service.into_parts();
        prop_assert_eq!(head.status, expected.status);
        prop_assert_eq!(head.headers, expected.headers);
        prop_assert_eq!(body, expected_body);
    }
}

/// Returns the request with a nonce from outside, whose text is always the same.
fn with_nonce(request: &Request<()>) -> Request<()> {
    let mut request = request.clone();
    request.extensions_mut().insert(Nonce::from_value("MTIzNDU2Nzg5MDEyMzQ1Njc4").unwrap());
    request
}
