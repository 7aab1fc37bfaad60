//! Tests the content types that stay.

use http::StatusCode;
use tower_hardening::media::{Media, MediaLayer};

use crate::{answer, lines, proxied, through, uploaded};

#[test]
fn pictures_sound_and_film_keep_their_type() {
    for kept in [
        "image/png",
        "Image/JPEG",
        "image/svg+xml",
        "IMAGE/SVG+XML; charset=utf-8",
        "image/vnd.microsoft.icon",
        "audio/ogg",
        "audio/x-m4a",
        "video/mp4",
        "video/mp4; codecs=\"avc1.42E01E, mp4a.40.2\"",
        "video/mp4; a=\"b\\\", text/html\"",
        "video/webm ;codecs=vp9",
    ] {
        let headers = uploaded("/media/a", &[("content-type", kept)]);
        assert_eq!(lines(&headers, "content-type"), [kept]);
        assert_eq!(lines(&headers, "content-disposition"), [""; 0], "{kept}");
    }
}

#[test]
fn every_other_type_is_saved_as_bytes() {
    for clamped in [
        "text/html",
        "text/html; charset=utf-8",
        "TEXT/HTML",
        "text/plain",
        "text/xml",
        "text/javascript",
        "application/xhtml+xml",
        "application/pdf",
        "application/json",
        "application/wasm",
        "application/ogg",
        "application/x-shockwave-flash",
        "multipart/x-mixed-replace; boundary=a",
        "multipart/byteranges; boundary=a",
        "message/rfc822",
        "font/woff2",
        "model/gltf+json",
        "x-image/png",
        // Playlists, and types that no browser shows by itself.
        "audio/mpegurl",
        "audio/x-scpls",
        "application/vnd.apple.mpegurl",
        "text/vtt",
        "video/x-ms-asf",
        "audio/x-ms-wma",
        "audio/midi",
        "video/x-flv",
        "image/wmf",
        "image/emf",
        "image/x-eps",
        "image/vnd.adobe.photoshop",
        "image/unknown",
        "audio/unknown",
        "video/unknown",
        // XML with an image type.
        "image/xml",
        "image/xhtml+xml",
        "image/x+XML",
        "audio/svg+xml",
        "video/svg+xml",
        // Two types; browsers use the last one.
        "image/png, text/html",
        "image/png;a=b, text/html",
        "image/png;a=\"b\\\\\", text/html",
        "image/png;a=b\"c, text/html",
        "text/html, image/png",
        // No type at all.
        "",
        "image",
        "image/",
        "/png",
        "image/ png",
        "image /png",
        "image/png text/html",
        "image/p\u{f1}g",
        "*/*",
        "image/(png)",
    ] {
        let headers = uploaded("/media/a%20b.html", &[("content-type", clamped)]);
        assert_eq!(lines(&headers, "content-type"), ["application/octet-stream"], "{clamped}");
        let expected = ["attachment; filename=\"a b.html\""];
        assert_eq!(lines(&headers, "content-disposition"), expected, "{clamped}");
    }
}

#[test]
fn no_type_or_several_types_are_saved_as_bytes() {
    let several = [("content-type", "image/png"), ("content-type", "text/html")];
    let same = [("content-type", "image/png"), ("content-type", "image/png")];
    for headers in [&[][..], &several, &same] {
        let headers = uploaded("/media/a", headers);
        assert_eq!(lines(&headers, "content-type"), ["application/octet-stream"]);
    }
}

/// The type of a 304 would replace the stored one (RFC 9111 section 3.2).
#[test]
fn a_304_and_a_204_without_a_type_get_none() {
    for status in [StatusCode::NOT_MODIFIED, StatusCode::NO_CONTENT] {
        let headers = proxied(status, &[("etag", "\"1\""), ("content-disposition", "inline")]);
        assert_eq!(lines(&headers, "content-type"), [""; 0]);
        assert_eq!(lines(&headers, "content-disposition"), [""; 0]);
        assert_eq!(lines(&headers, "etag"), ["\"1\""]);
        // A policy on a 304 would replace the stored one.
        let empty = (status == StatusCode::NO_CONTENT).then_some("default-src 'none'; sandbox");
        let expected: Vec<_> = empty.into_iter().collect();
        assert_eq!(lines(&headers, "content-security-policy"), expected);
        let headers = proxied(status, &[("content-type", "text/html")]);
        assert_eq!(lines(&headers, "content-type"), ["application/octet-stream"]);
    }
}

#[test]
fn an_error_response_may_be_plain_text_only() {
    for status in [StatusCode::NOT_FOUND, StatusCode::BAD_GATEWAY] {
        let headers = proxied(status, &[("content-type", "text/plain; charset=utf-8")]);
        assert_eq!(lines(&headers, "content-type"), ["text/plain; charset=utf-8"]);
        assert_eq!(lines(&headers, "content-disposition"), [""; 0]);
        assert_eq!(lines(&headers, "x-content-type-options"), ["nosniff"]);
        let headers = proxied(status, &[("content-type", "text/html")]);
        assert_eq!(lines(&headers, "content-type"), ["application/octet-stream"]);
    }
    let headers = proxied(StatusCode::FOUND, &[("content-type", "text/plain")]);
    assert_eq!(lines(&headers, "content-type"), ["application/octet-stream"]);
}

#[test]
fn ranges_are_left_alone() {
    let part = [
        ("content-type", "video/mp4"),
        ("content-range", "bytes 1-3/8"),
        ("content-length", "3"),
        ("accept-ranges", "bytes"),
        ("etag", "\"1\""),
    ];
    let multiple =
        [("content-type", "multipart/byteranges; boundary=THIS"), ("content-length", "9")];
    for media in [Media::uploads(), Media::proxied()] {
        let layer = MediaLayer::new(media);
        for headers in [&part[..], &multiple] {
            let response = answer(StatusCode::PARTIAL_CONTENT, headers);
            let response = through(&layer, "/media/a.mp4", response);
            assert_eq!(response.status(), StatusCode::PARTIAL_CONTENT);
            for (name, value) in headers {
                assert_eq!(lines(response.headers(), name), [*value]);
            }
        }
        let unsatisfied = [("content-range", "bytes */8")];
        let response = answer(StatusCode::RANGE_NOT_SATISFIABLE, &unsatisfied);
        let response = through(&layer, "/media/a.mp4", response);
        assert_eq!(lines(response.headers(), "content-range"), ["bytes */8"]);
    }
}
