//! Files that others made: what they may be, and what comes with them.

use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};

use super::{ContentDisposition, content_disposition::percent_decoded, directives::is_token};

/// What users uploaded, or what other servers answered: files that must not become pages.
///
/// Whatever the inner service says, a response has
///
/// - `Content-Security-Policy: default-src 'none'; sandbox`: opened by itself a file runs nothing,
///   loads nothing, and is in no origin. SVG is the reason why it is on every type.
/// - `X-Content-Type-Options: nosniff`: a file is what its type says.
/// - `Cross-Origin-Resource-Policy: cross-origin`: other sites may show it; see
///   [`same_site`](Self::same_site).
/// - `Cross-Origin-Opener-Policy: unsafe-none`: with another value browsers refuse to open what is
///   sandboxed ([HTML](https://html.spec.whatwg.org/multipage/browsers.html#cross-origin-opener-policies)).
/// - a `Content-Type` of image, audio or video, SVG the only XML among them; all else, two types,
///   and none are `application/octet-stream`. `multipart/byteranges` of a 206 and the plain text of
///   a 4xx or 5xx stay.
/// - `Content-Disposition: attachment` where the type is none of those. The file's name is the one
///   that the response has, else the last segment of the path; what is shown keeps its own, and each
///   is written anew as [`ContentDisposition`] does.
///
/// `Range`, `Content-Range`, validators and caching are the inner service's. A 304 or 204 gets no
/// type: the browser's copy has one.
///
/// ```
/// use axum::{Router, routing::get};
/// use tower_hardening::{Hardening, HardeningLayer, Media, MediaLayer, Origin};
/// # async fn upload() {}
/// # async fn fetch() {}
///
/// let site: Origin = "https://example.tld".parse()?;
/// let app: Router = Router::new()
///     .route("/media/{name}", get(upload).layer(MediaLayer::new(Media::uploads())))
///     .route("/proxy/{*url}", get(fetch).layer(MediaLayer::new(Media::proxied())))
///     .layer(HardeningLayer::new(Hardening::pleroma(&site))); // leaves what is above as it is
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Media {
    /// What may come with a file; none where the inner service is trusted with it.
    kept: Option<Vec<HeaderName>>,
    resource_policy: &'static str,
}

/// What another server may say of a file: its bytes, how old it is, how long it is fresh.
static KEPT: [HeaderName; 15] = [
    header::CONTENT_TYPE,
    header::CONTENT_DISPOSITION,
    header::CONTENT_LENGTH,
    header::CONTENT_ENCODING,
    header::CONTENT_RANGE,
    header::ACCEPT_RANGES,
    header::ETAG,
    header::LAST_MODIFIED,
    header::DATE,
    header::AGE,
    header::EXPIRES,
    header::CACHE_CONTROL,
    header::VARY,
    header::RETRY_AFTER,
    header::ALLOW,
];

const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// What a policy for files has the last word about: see [`Settled`].
static SETTLED: [HeaderName; 5] = [
    header::CONTENT_SECURITY_POLICY,
    header::X_CONTENT_TYPE_OPTIONS,
    RESOURCE_POLICY,
    OPENER_POLICY,
    header::CONTENT_DISPOSITION,
];

impl Media {
    /// What users of this server uploaded. Other headers are the application's own, and stay.
    pub const fn uploads() -> Self {
        Self { kept: None, resource_policy: "cross-origin" }
    }

    /// What another server answered, as a media proxy passes it on.
    ///
    /// Of its headers only those stay that tell of the file: its type, name, length, encoding and
    /// range, `ETag`, `Last-Modified`, `Date`, `Age`, `Expires`, `Cache-Control`, `Vary`,
    /// `Retry-After` and `Allow`. All others would speak for this host, and new ones are invented every
    /// year: `Set-Cookie` and `Clear-Site-Data` reach the whole domain,
    /// `Strict-Transport-Security: max-age=0` and `Alt-Svc` its connections, `Service-Worker-Allowed`,
    /// `Link`, `Refresh` and `Access-Control-Allow-Origin` its pages, `WWW-Authenticate` asks for
    /// passwords in its name, and `X-Accel-Redirect` gives nginx orders.
    /// `Location` goes too: a proxy follows redirects itself. See [`keep`](Self::keep).
    pub fn proxied() -> Self {
        Self { kept: Some(KEPT.to_vec()), ..Self::uploads() }
    }

    /// Lets one more header of the response stay: `Location`, for a proxy that sends browsers on to
    /// where it cannot reach. What this policy sets it sets all the same.
    pub fn keep(mut self, name: HeaderName) -> Self {
        if let Some(kept) = &mut self.kept {
            kept.push(name);
        }
        self
    }

    /// Only pages of the same site may show the files: those of one registrable domain.
    pub const fn same_site(mut self) -> Self {
        self.resource_policy = "same-site";
        self
    }

    /// Puts the policy on the response to a request for that path.
    pub(crate) fn put<B>(&self, path: &str, response: &mut Response<B>) {
        let status = response.status();
        let headers = response.headers_mut();
        if let Some(kept) = &self.kept {
            *headers = only(kept, headers);
        }
        if status.is_informational() {
            return;
        }
        for (name, value) in [
            (&header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
            (&header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (&RESOURCE_POLICY, self.resource_policy),
            (&OPENER_POLICY, "unsafe-none"),
        ] {
            drop(headers.try_insert(name, HeaderValue::from_static(value)));
        }
        match disposition(Kind::of(status, headers), path, headers) {
            Some(disposition) => {
                drop(headers.try_insert(&header::CONTENT_DISPOSITION, disposition.value()));
            }
            None => drop(headers.remove(header::CONTENT_DISPOSITION)),
        }
        response.extensions_mut().insert(Settled);
    }
}

/// In a response's extensions, where no other server can put it: a [`Media`] policy has had the
/// last word about some headers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settled;

impl Settled {
    /// Whether the header is one of those.
    pub(crate) fn is_for(self, name: &HeaderName) -> bool {
        SETTLED.contains(name)
    }

    /// Lets the headers be changed, and puts those back.
    #[cold]
    pub(crate) fn around(self, headers: &mut HeaderMap, change: impl FnOnce(&mut HeaderMap)) {
        let own = only(&SETTLED, headers);
        change(headers);
        own.keys().for_each(|name| drop(headers.remove(name)));
        for (name, value) in &own {
            drop(headers.try_append(name, value.clone()));
        }
    }
}

/// What a response's content is to a browser.
enum Kind {
    /// A picture, sound or film.
    Shown,
    /// The words of a refusal.
    Words,
    /// Nothing: what the browser has is still good, or there was nothing to send.
    Absent,
    /// Anything else.
    Saved,
}

impl Kind {
    /// Reads the type, and corrects it.
    fn of(status: StatusCode, headers: &mut HeaderMap) -> Self {
        let absent = [StatusCode::NO_CONTENT, StatusCode::NOT_MODIFIED].contains(&status);
        if absent && !headers.contains_key(header::CONTENT_TYPE) {
            return Self::Absent;
        }
        let essence = essence(headers).unwrap_or_default();
        let refused = status.is_client_error() || status.is_server_error();
        let parts = status == StatusCode::PARTIAL_CONTENT;
        if is_shown(essence) {
            return Self::Shown;
        } else if refused && essence.eq_ignore_ascii_case("text/plain") {
            return Self::Words;
        } else if !(parts && essence.eq_ignore_ascii_case("multipart/byteranges")) {
            let bytes = HeaderValue::from_static("application/octet-stream");
            drop(headers.try_insert(&header::CONTENT_TYPE, bytes));
        }
        Self::Saved
    }
}

fn disposition(kind: Kind, path: &str, headers: &HeaderMap) -> Option<ContentDisposition> {
    // A name in UTF-8 without encoding is no standard, and still what many servers send.
    let text = single(headers, &header::CONTENT_DISPOSITION)
        .and_then(|value| std::str::from_utf8(value.as_bytes()).ok());
    let said = text.and_then(|text| text.parse::<ContentDisposition>().ok());
    match kind {
        Kind::Absent | Kind::Words => None,
        Kind::Shown if !headers.contains_key(header::CONTENT_DISPOSITION) => None,
        Kind::Shown => Some(said.unwrap_or_else(|| attachment(path))),
        Kind::Saved => {
            let named = said.filter(|said| said.filename().is_some());
            Some(named.map_or_else(|| attachment(path), ContentDisposition::into_attachment))
        }
    }
}

/// To be saved under the last segment of the path, as browsers would themselves.
fn attachment(path: &str) -> ContentDisposition {
    let segment = path.rsplit('/').next().unwrap_or_default();
    ContentDisposition::attachment(&String::from_utf8_lossy(&percent_decoded(segment)))
}

/// A copy that has these headers alone, each with all its lines.
fn only(kept: &[HeaderName], headers: &HeaderMap) -> HeaderMap {
    let mut copy = HeaderMap::with_capacity(kept.len());
    for name in kept {
        for value in headers.get_all(name) {
            drop(copy.try_append(name, value.clone()));
        }
    }
    copy
}

/// Type and subtype, where every reader takes the header for the same type: one line, and no comma
/// but in quotes. Of several, some readers take the first and browsers the last (Fetch, "extract a MIME type").
fn essence(headers: &HeaderMap) -> Option<&str> {
    let text = single(headers, &header::CONTENT_TYPE)?.to_str().ok()?;
    let mut quoted = false;
    let mut escaped = false;
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b',' if !quoted => return None,
            _ => {}
        }
    }
    (!quoted).then(|| text.split(';').next().unwrap_or_default().trim_ascii())
}

/// The header's value, if it has one line.
fn single<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h HeaderValue> {
    let mut lines = headers.get_all(name).iter();
    lines.next().filter(|_| lines.next().is_none())
}

/// Whether a browser shows the type and runs nothing of it: pictures, sound and film. All of XML is
/// a document to it; of that SVG alone is a picture.
fn is_shown(essence: &str) -> bool {
    let Some((kind, subtype)) = essence.split_once('/') else {
        return false;
    };
    let is = |expected: &str| kind.eq_ignore_ascii_case(expected);
    let xml = subtype.to_ascii_lowercase().ends_with("xml");
    let svg = is("image") && subtype.eq_ignore_ascii_case("svg+xml");
    let token = !subtype.is_empty() && subtype.bytes().all(is_token);
    (is("image") || is("audio") || is("video")) && token && (!xml || svg)
}
