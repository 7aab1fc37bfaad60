//! Tests the policy that each type of file is shown under.

use http::{Method, Request, StatusCode, header};
use tower::{Layer, Service};
use tower_hardening::{
    ContentSecurityPolicy, CspLayer, Hardening, HardeningLayer,
    media::{Media, MediaLayer, MediaType},
};

use crate::{answer, lines, through};

pub(crate) const LOCKED: &str = "default-src 'none'; sandbox";
pub(crate) const RASTER: &str =
    "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox";
pub(crate) const SVG: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
pub(crate) const PLAYED: &str = "default-src 'none'; media-src 'self'; style-src 'unsafe-inline'; \
                                 sandbox allow-same-origin";
pub(crate) const TEXT: &str = RASTER;
pub(crate) const PDF: &str = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'";

const ALL: [MediaType; 4] =
    [MediaType::Pdf, MediaType::PlainText, MediaType::WebVtt, MediaType::HlsPlaylist];

/// Types that need to be allowed, each with its policy.
const BY_CHOICE: [(&str, MediaType, &str); 8] = [
    ("application/pdf", MediaType::Pdf, PDF),
    ("text/plain", MediaType::PlainText, TEXT),
    ("Text/Plain; charset=utf-8", MediaType::PlainText, TEXT),
    ("text/vtt; charset=utf-8", MediaType::WebVtt, TEXT),
    ("application/vnd.apple.mpegurl", MediaType::HlsPlaylist, PLAYED),
    ("application/x-mpegURL", MediaType::HlsPlaylist, PLAYED),
    ("audio/mpegurl", MediaType::HlsPlaylist, PLAYED),
    ("audio/x-mpegurl", MediaType::HlsPlaylist, PLAYED),
];

/// Types of files, and the policy of each.
pub(crate) const SHOWN: [(&str, &str); 24] = [
    ("image/png", RASTER),
    ("IMAGE/PNG", RASTER),
    ("image/jpeg", RASTER),
    ("image/gif;a=b", RASTER),
    ("image/webp", RASTER),
    ("image/avif", RASTER),
    ("image/jxl", RASTER),
    ("image/heic", RASTER),
    ("image/bmp", RASTER),
    ("image/vnd.microsoft.icon", RASTER),
    ("image/svg+xml", SVG),
    ("IMAGE/SVG+XML; charset=utf-8", SVG),
    ("image/svg+xml;charset=us-ascii;a=\"b, c\"", SVG),
    ("audio/mpeg", PLAYED),
    ("audio/ogg; codecs=opus", PLAYED),
    ("audio/flac", PLAYED),
    ("Audio/WAV", PLAYED),
    ("audio/mp4", PLAYED),
    ("video/mp4; codecs=\"avc1.42E01E, mp4a.40.2\"", PLAYED),
    ("video/webm ;codecs=vp9", PLAYED),
    ("video/ogg", PLAYED),
    ("video/quicktime", PLAYED),
    ("video/mp2t", PLAYED),
    ("video/x-matroska", PLAYED),
];

#[test]
fn an_image_a_sound_and_a_film_have_the_policy_that_browsers_show_them_under() {
    for (content_type, policy) in SHOWN {
        for media in [Media::uploads(), Media::proxied()] {
            let response = answer(StatusCode::OK, &[("content-type", content_type)]);
            let sent = through(&MediaLayer::new(media), "/media/a", response);
            let sent = sent.headers();
            assert_eq!(lines(sent, "content-security-policy"), [policy], "{content_type}");
            assert_eq!(lines(sent, "content-type"), [content_type]);
            assert_eq!(lines(sent, "content-disposition"), [""; 0], "{content_type}");
            assert_eq!(lines(sent, "x-content-type-options"), ["nosniff"]);
        }
    }
}

#[test]
fn no_policy_lets_a_script_run() {
    for policy in [LOCKED, RASTER, SVG, PLAYED, PDF] {
        let parsed: ContentSecurityPolicy = policy.parse().unwrap();
        assert_eq!(parsed.to_string(), policy);
        assert!(policy.starts_with("default-src 'none'; "));
        assert!(!policy.contains("script"), "{policy}");
    }
}

#[test]
fn a_pdf_a_text_a_caption_and_a_playlist_are_shown_if_allowed_one_by_one() {
    for (content_type, kind, policy) in BY_CHOICE {
        for allowed in ALL {
            let media = Media::proxied().allow(allowed);
            assert!(media.allows(allowed));
            assert_eq!(media.allows(kind), allowed == kind);
            let response = answer(StatusCode::OK, &[("content-type", content_type)]);
            let sent = through(&MediaLayer::new(media), "/media/a", response);
            let (policy, content_type, disposition) = if allowed == kind {
                (policy, content_type, &[][..])
            } else {
                (LOCKED, "application/octet-stream", &["attachment; filename=\"a\""][..])
            };
            let sent = sent.headers();
            assert_eq!(lines(sent, "content-security-policy"), [policy], "{content_type}");
            assert_eq!(lines(sent, "content-type"), [content_type]);
            assert_eq!(lines(sent, "content-disposition"), disposition, "{content_type}");
            assert_eq!(lines(sent, "x-content-type-options"), ["nosniff"]);
            assert_eq!(lines(sent, "cross-origin-resource-policy"), ["cross-origin"]);
        }
    }
}

/// A page stays an attachment, whatever else is allowed.
#[test]
fn nothing_but_what_is_allowed_is_shown() {
    let layer =
        MediaLayer::new(ALL.into_iter().fold(Media::uploads(), |media, kind| media.allow(kind)));
    for content_type in [
        "text/html",
        "text/html; charset=utf-8",
        "text/xml",
        "text/css",
        "text/plain+html",
        "text/vtt+xml",
        "application/pdf+xml",
        "application/xhtml+xml",
        "application/x-pdf, text/html",
        "text/plain, text/html",
        "image/x-eps",
        "audio/x-scpls",
        "video/x-ms-asf",
    ] {
        let response = answer(StatusCode::OK, &[("content-type", content_type)]);
        let sent = through(&layer, "/media/a", response);
        assert_eq!(lines(sent.headers(), "content-security-policy"), [LOCKED], "{content_type}");
        assert_eq!(lines(sent.headers(), "content-type"), ["application/octet-stream"]);
    }
}

#[test]
fn a_range_an_unsatisfied_range_and_a_typed_304_have_the_policy_of_the_whole_file() {
    let layer =
        MediaLayer::new(ALL.into_iter().fold(Media::uploads(), |media, kind| media.allow(kind)));
    let by_choice = BY_CHOICE.map(|(content_type, _, policy)| (content_type, policy));
    let others = [("text/html", LOCKED), ("", LOCKED), ("multipart/mixed", LOCKED)];
    for (content_type, policy) in SHOWN.into_iter().chain(by_choice).chain(others) {
        for status in [
            StatusCode::OK,
            StatusCode::PARTIAL_CONTENT,
            StatusCode::NOT_MODIFIED,
            StatusCode::RANGE_NOT_SATISFIABLE,
        ] {
            let headers = [("content-type", content_type), ("content-range", "bytes 0-1/2")];
            let sent = through(&layer, "/media/a", answer(status, &headers));
            let sent = lines(sent.headers(), "content-security-policy");
            assert_eq!(sent, [policy], "{status} {content_type}");
        }
    }
}

#[tokio::test]
async fn head_gets_what_get_does() {
    let file = |request: Request<()>| {
        let body = if request.method() == Method::HEAD { "" } else { "a film" };
        let mut response = http::Response::new(body);
        let content_type = http::HeaderValue::from_static("video/mp4");
        response.headers_mut().insert(header::CONTENT_TYPE, content_type);
        std::future::ready(Ok::<_, std::convert::Infallible>(response))
    };
    let mut service = MediaLayer::new(Media::uploads()).layer(tower::service_fn(file));
    let mut sent = Vec::new();
    for method in [Method::GET, Method::HEAD] {
        let request = Request::builder().method(method).uri("/media/a.mp4").body(()).unwrap();
        sent.push(service.call(request).await.unwrap().headers().clone());
    }
    assert_eq!(lines(&sent[0], "content-security-policy"), [PLAYED]);
    assert_eq!(sent[0], sent[1]);
}

/// The headers of a 304 replace those of the stored response (RFC 9111 section 3.2). Otherwise a
/// video could not be played after a revalidation.
#[test]
fn a_304_without_a_type_keeps_the_stored_policy_inside_every_layer() {
    let media = || MediaLayer::new(Media::uploads());
    let unmodified = || {
        let headers = [("etag", "\"1\""), ("content-security-policy", "script-src *")];
        answer(StatusCode::NOT_MODIFIED, &headers)
    };
    let site = Hardening::pleroma(&"https://example.tld".parse().unwrap());
    let also = ContentSecurityPolicy::from_static("img-src 'none'");
    let sent = [
        through(&media(), "/media/a", unmodified()),
        around(HardeningLayer::new(site.clone()), unmodified()),
        around(HardeningLayer::new(site.clone()).overriding(), unmodified()),
        around(HardeningLayer::new(site.with_additional_csp(also.clone())), unmodified()),
        around(CspLayer::new(also.clone()), unmodified()),
        around(CspLayer::new(also.clone()).overriding(), unmodified()),
        around(CspLayer::new(also).appending(), unmodified()),
    ];
    for sent in sent {
        assert_eq!(lines(sent.headers(), "content-security-policy"), [""; 0]);
        assert_eq!(lines(sent.headers(), "content-type"), [""; 0]);
        assert_eq!(lines(sent.headers(), "x-content-type-options"), ["nosniff"]);
    }
}

fn around<L>(outer: L, response: http::Response<&'static str>) -> http::Response<&'static str>
where
    tower::layer::util::Stack<MediaLayer, L>: Layer<
            crate::Inner,
            Service: Service<
                Request<()>,
                Response = http::Response<&'static str>,
                Error = std::convert::Infallible,
            >,
        >,
{
    let media = MediaLayer::new(Media::uploads());
    through(&tower::layer::util::Stack::new(media, outer), "/media/a", response)
}
