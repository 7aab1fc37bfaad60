//! Serves files from untrusted sources, with a policy for each type and a list
//! of headers.

use std::collections::BTreeSet;

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use super::{
    content_disposition::ContentDisposition,
    media_headers::{MediaHeaders, OPENER_POLICY, RESOURCE_POLICY, only},
    media_type::{LOCKED, MediaType, Shown},
    received_disposition::ReceivedContentDisposition,
    room::accept,
};
use crate::{
    request::ResponseParts,
    syntax::{content_type::essence, percent},
};

/// Protects files from users or other servers, so that none of them becomes a
/// page.
///
/// Every response gets these headers, which replace those of the inner service:
///
/// - `Content-Security-Policy`, by the type of the file: see below.
/// - `X-Content-Type-Options: nosniff`: browsers take the file to be what its type says.
/// - `Cross-Origin-Resource-Policy: cross-origin`: other sites may show the file; see
///   [`same_site_only`](Self::same_site_only).
/// - `Cross-Origin-Opener-Policy: unsafe-none`: with another value browsers do not open a document
///   in a sandbox ([HTML](https://html.spec.whatwg.org/multipage/browsers.html#cross-origin-opener-policies)).
/// - `Content-Disposition: attachment` and `Content-Type: application/octet-stream`, if the type is
///   not a known one, if there is none, or if there are several. The file's name is that of the
///   response, else the last segment of the path, made safe by [`ContentDisposition`]. A file that
///   is shown keeps the name that the response has. `multipart/byteranges` in a 206 and plain text
///   in a 4xx or 5xx keep their type.
///
/// # The policy for each type
///
/// No script runs in a file of any type: only `allow-scripts` and `script-src` would let one. The
/// directives are those that the browser's own viewer needs. Measured with files opened by
/// themselves in Chromium 156, Firefox ESR 153 and WebKitGTK 2.50:
///
/// | type | policy | reason |
/// |---|---|---|
/// | raster images: PNG, JPEG, GIF, WebP, AVIF, APNG, BMP, ICO, JPEG XL, HEIC, TIFF | `default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox` | Chromium and WebKit centre an image and shrink it to the window by inline styles; WebKit counts the image itself, and Firefox the favicon, as loaded by the document |
/// | SVG | `default-src 'none'; style-src 'unsafe-inline'; sandbox` | without inline styles an SVG that has any is black in all three |
/// | audio and video: MP3, MP4, AAC, Ogg, Opus, WebM, FLAC, WAV, AIFF, QuickTime, MPEG, 3GPP, Matroska | `default-src 'none'; media-src 'self'; style-src 'unsafe-inline'; sandbox allow-same-origin` | the player loads the file by `media-src`; in a sandbox without `allow-same-origin` Chromium does not play it |
/// | PDF, if [allowed](Self::allow) | `default-src 'none'; img-src 'self'; style-src 'unsafe-inline'` | WebKitGTK shows a blank page in a sandbox without scripts; see [`MediaType::Pdf`] for the cost |
/// | plain text and WebVTT, if allowed | as raster images | WebKit styles the text inline; no engine runs anything in it |
/// | HLS playlists, if allowed | as audio and video | Chromium plays a playlist and its segments by `media-src`; WebKitGTK saves it |
/// | anything else | `default-src 'none'; sandbox` | it is an attachment: a browser that opens it all the same runs and loads nothing |
///
/// A 206, a 416 and the response to `HEAD` get the policy of their type. A 304 without a type gets
/// no policy, not even from an outer layer: browsers keep the stored policy, which a policy on the
/// 304 would replace ([RFC 9111](https://www.rfc-editor.org/rfc/rfc9111#section-3.2)).
///
/// `Range`, `Content-Range`, validators and caching belong to the inner service.
///
/// ```
/// use axum::{Router, routing::get};
/// use tower_hardening::{HardeningLayer, media::{Media, MediaLayer, MediaType}};
///
/// let uploads = Media::uploads().allow(MediaType::WebVtt).allow(MediaType::HlsPlaylist);
/// let app: Router = Router::new()
///     .route("/media/{name}", get(async || "a file").layer(MediaLayer::new(uploads)))
///     .route("/proxy/{*url}", get(async || "a file").layer(MediaLayer::new(Media::proxied())))
///     .layer(HardeningLayer::default()); // leaves both policies unchanged
/// ```
#[must_use]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Media {
    /// The headers that may come with a file; `None` if the inner service is
    /// trusted with all headers.
    kept: Option<Vec<HeaderName>>,
    allowed: BTreeSet<MediaType>,
    resource_policy: &'static str,
}

/// Lists the headers that another server may send with a file: they describe
/// its bytes, its age and its freshness.
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

impl Media {
    /// Creates the policy for files that users of this server uploaded. Other
    /// headers of the application are kept.
    pub const fn uploads() -> Self {
        Self { kept: None, allowed: BTreeSet::new(), resource_policy: "cross-origin" }
    }

    /// Creates the policy for files of other servers, as a media proxy passes
    /// them on.
    ///
    /// The headers of that server are dropped, except those that describe the file: its type, name,
    /// length, encoding and range, `ETag`, `Last-Modified`, `Date`, `Age`, `Expires`,
    /// `Cache-Control`, `Vary`, `Retry-After` and `Allow`. Any other header would act for this
    /// host: `Set-Cookie` and `Clear-Site-Data` affect the whole domain,
    /// `Strict-Transport-Security: max-age=0` and `Alt-Svc` its connections,
    /// `Service-Worker-Allowed`, `Link`, `Refresh` and `Access-Control-Allow-Origin` its pages,
    /// `WWW-Authenticate` asks for passwords in its name, and `X-Accel-Redirect` makes nginx serve
    /// internal files. `Location` is also dropped: a proxy follows redirects itself. See
    /// [`forward_header`](Self::forward_header).
    pub fn proxied() -> Self {
        Self { kept: Some(KEPT.to_vec()), ..Self::uploads() }
    }

    /// Preserves one more header of the response, such as `Location` for a
    /// proxy that redirects browsers to servers that it cannot reach. A header that this policy
    /// sets is still replaced.
    pub fn forward_header(mut self, name: HeaderName) -> Self {
        if let Some(kept) = &mut self.kept {
            kept.push(name);
        }
        self
    }

    /// Shows files of one more type, under the policy that is safe for it.
    pub fn allow(mut self, kind: MediaType) -> Self {
        self.allowed.insert(kind);
        self
    }

    /// Returns `true` if files of the type are shown.
    pub fn allows(&self, kind: MediaType) -> bool {
        self.allowed.contains(&kind)
    }

    /// Allows only pages of the same site, which is one registrable domain, to
    /// show the files.
    pub const fn same_site_only(mut self) -> Self {
        self.resource_policy = "same-site";
        self
    }

    /// Sets the headers on the response to a request for that path.
    pub(crate) fn put(&self, path: &str, response: &mut impl ResponseParts) {
        let status = response.status();
        let headers = response.headers_mut();
        if let Some(kept) = &self.kept {
            *headers = only(kept, headers);
        }
        if status.is_informational() {
            return;
        }
        let content = Content::of(status, headers, &self.allowed);
        for (name, value) in [
            (&header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (&RESOURCE_POLICY, self.resource_policy),
            (&OPENER_POLICY, "unsafe-none"),
        ] {
            accept(headers.try_insert(name, HeaderValue::from_static(value)));
        }
        let settled = match content {
            Content::Unmodified => {
                headers.remove(header::CONTENT_SECURITY_POLICY);
                MediaHeaders::WithoutPolicy
            }
            Content::Shown(shown) => insert_policy(shown.policy(), headers),
            Content::Refusal | Content::Empty | Content::Saved => insert_policy(LOCKED, headers),
        };
        let named = headers.contains_key(header::CONTENT_DISPOSITION);
        match disposition(content, path, named.then_some(&*headers)) {
            Some(disposition) => {
                accept(headers.try_insert(&header::CONTENT_DISPOSITION, disposition.value()));
            }
            None if named => drop(headers.remove(header::CONTENT_DISPOSITION)),
            None => {}
        }
        response.extensions_mut().insert(settled);
    }
}

fn insert_policy(policy: &'static str, headers: &mut HeaderMap) -> MediaHeaders {
    let policy = HeaderValue::from_static(policy);
    accept(headers.try_insert(header::CONTENT_SECURITY_POLICY, policy));
    MediaHeaders::WithPolicy
}

/// Classifies the content of a response as a browser does.
#[derive(Clone, Copy)]
enum Content {
    /// A file of a known type.
    Shown(Shown),
    /// The plain text of an error.
    Refusal,
    /// No content: there was nothing to send.
    Empty,
    /// No content: the stored response is still valid, and its type is not
    /// repeated.
    Unmodified,
    /// Anything else.
    Saved,
}

impl Content {
    /// Reads the content type, and replaces it if the file is not to be shown.
    fn of(status: StatusCode, headers: &mut HeaderMap, allowed: &BTreeSet<MediaType>) -> Self {
        if matches!(status, StatusCode::NOT_MODIFIED | StatusCode::NO_CONTENT)
            && !headers.contains_key(header::CONTENT_TYPE)
        {
            return if status == StatusCode::NOT_MODIFIED { Self::Unmodified } else { Self::Empty };
        }
        let essence = essence(headers).unwrap_or_default();
        let is_essence = |expected: &str| essence.eq_ignore_ascii_case(expected.as_bytes());
        let refused = status.is_client_error() || status.is_server_error();
        match Shown::of(essence) {
            Some(Shown::Allowed(kind)) if !allowed.contains(&kind) => {}
            Some(shown) => return Self::Shown(shown),
            None => {}
        }
        if refused && is_essence("text/plain") {
            return Self::Refusal;
        } else if !(status == StatusCode::PARTIAL_CONTENT && is_essence("multipart/byteranges")) {
            let bytes = HeaderValue::from_static("application/octet-stream");
            accept(headers.try_insert(&header::CONTENT_TYPE, bytes));
        }
        Self::Saved
    }
}

/// Returns the disposition of the content. `named` has the headers of a response that has one.
fn disposition(
    content: Content,
    path: &str,
    named: Option<&HeaderMap>,
) -> Option<ContentDisposition> {
    // An unencoded UTF-8 name violates the standard, but many servers send one.
    let text = named
        .and_then(|headers| single(headers, &header::CONTENT_DISPOSITION))
        .and_then(|value| std::str::from_utf8(value.as_bytes()).ok());
    let said = text.and_then(|text| ReceivedContentDisposition::parse(text).ok());
    let said = said.map(ContentDisposition::from);
    match content {
        Content::Refusal | Content::Empty | Content::Unmodified => None,
        Content::Shown(_) if named.is_none() => None,
        Content::Shown(_) => Some(said.unwrap_or_else(|| attachment(path))),
        Content::Saved => {
            let named = said.filter(|said| said.filename().is_some());
            Some(named.map_or_else(|| attachment(path), ContentDisposition::into_attachment))
        }
    }
}

/// Returns an attachment named after the last segment of the path, as browsers
/// name a file themselves.
fn attachment(path: &str) -> ContentDisposition {
    let segment = path.rsplit('/').next().unwrap_or_default();
    ContentDisposition::attachment(&String::from_utf8_lossy(&percent::decoded(segment)))
}

/// Returns the header's value, if it has exactly one line.
fn single<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h HeaderValue> {
    let mut lines = headers.get_all(name).iter();
    lines.next().filter(|_| lines.next().is_none())
}
