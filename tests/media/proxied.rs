//! Tests the headers of another server that are passed on.

use http::{StatusCode, header};
use tower_hardening::media::{Media, MediaLayer};

use crate::{
    answer, lines,
    policies::{LOCKED, RASTER},
    proxied, through, uploaded,
};

/// The headers that a hostile server sends with a file.
const HOSTILE: [(&str, &str); 45] = [
    ("accept-ch", "Sec-CH-UA-Full-Version"),
    ("access-control-allow-credentials", "true"),
    ("access-control-allow-origin", "*"),
    ("alt-svc", "h3=\"evil.example:443\"; ma=2592000"),
    ("attribution-reporting-register-source", "{}"),
    ("clear-site-data", "\"*\""),
    ("connection", "close"),
    ("content-language", "tlh"),
    ("content-location", "/"),
    ("content-security-policy", "script-src *"),
    ("content-security-policy", "sandbox allow-scripts allow-same-origin"),
    ("content-security-policy-report-only", "default-src 'none'; report-uri https://evil.example"),
    ("cross-origin-embedder-policy", "require-corp"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("document-policy", "force-load-at-top"),
    ("expect-ct", "enforce, max-age=99999999"),
    ("integrity-policy", "blocked-destinations=(script)"),
    ("keep-alive", "timeout=1"),
    ("link", "<https://evil.example/a.css>; rel=stylesheet"),
    ("location", "https://evil.example/"),
    ("nel", "{\"report_to\":\"a\",\"max_age\":1}"),
    ("origin-trial", "AAAA"),
    ("permissions-policy", "camera=*"),
    ("proxy-authenticate", "Basic"),
    ("public-key-pins", "pin-sha256=\"\"; max-age=1"),
    ("referrer-policy", "unsafe-url"),
    ("refresh", "0; url=https://evil.example/"),
    (
        "report-to",
        "{\"group\":\"a\",\"max_age\":1,\"endpoints\":[{\"url\":\"https://evil.example\"}]}",
    ),
    ("reporting-endpoints", "a=\"https://evil.example\""),
    ("server", "evil/1"),
    ("service-worker-allowed", "/"),
    ("set-cookie", "__Host-pleroma_key=planted; Path=/; Secure"),
    ("set-cookie", "b=2"),
    ("set-login", "logged-in"),
    ("sourcemap", "/a.map"),
    ("speculation-rules", "\"/rules.json\""),
    ("strict-transport-security", "max-age=0"),
    ("supports-loading-mode", "credentialed-prerender"),
    ("timing-allow-origin", "*"),
    ("trailer", "set-cookie"),
    ("transfer-encoding", "chunked"),
    ("www-authenticate", "Basic realm=\"your password\""),
    ("x-accel-redirect", "/internal"),
    ("x-powered-by", "evil"),
];

const FILE: [(&str, &str); 13] = [
    ("content-type", "image/png"),
    ("content-length", "19"),
    ("content-encoding", "gzip"),
    ("content-range", "bytes 0-18/19"),
    ("accept-ranges", "bytes"),
    ("etag", "W/\"1\""),
    ("last-modified", "Tue, 24 Nov 2026 00:00:00 GMT"),
    ("date", "Tue, 24 Nov 2026 00:00:00 GMT"),
    ("age", "1"),
    ("expires", "Tue, 24 Nov 2026 00:00:00 GMT"),
    ("cache-control", "public"),
    ("vary", "accept"),
    ("vary", "accept-encoding"),
];

const SENT: [(&str, &str); 4] = [
    ("content-security-policy", RASTER),
    ("x-content-type-options", "nosniff"),
    ("cross-origin-resource-policy", "cross-origin"),
    ("cross-origin-opener-policy", "unsafe-none"),
];

#[test]
fn nothing_but_the_file_comes_from_another_server() {
    let all = [&HOSTILE[..], &FILE].concat();
    for status in [StatusCode::OK, StatusCode::FOUND, StatusCode::UNAUTHORIZED] {
        let sent = proxied(status, &all);
        let mut sent: Vec<_> =
            sent.iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap())).collect();
        let mut expected = [&FILE[..], &SENT].concat();
        sent.sort_unstable();
        expected.sort_unstable();
        assert_eq!(sent, expected);
    }
}

#[test]
fn a_page_of_another_server_is_a_file_to_save() {
    let sent = proxied(StatusCode::OK, &[("content-type", "text/html; charset=utf-8")]);
    assert_eq!(lines(&sent, "content-type"), ["application/octet-stream"]);
    assert_eq!(lines(&sent, "content-disposition"), ["attachment; filename=\"a.html\""]);
}

/// Browsers also store the cookies of a 101.
#[test]
fn an_interim_response_loses_foreign_headers_and_gets_no_policy() {
    for status in [StatusCode::SWITCHING_PROTOCOLS, StatusCode::EARLY_HINTS] {
        assert!(proxied(status, &HOSTILE).is_empty());
    }
}

#[test]
fn a_header_of_the_proxy_can_be_forwarded_but_not_a_policy() {
    let media = Media::proxied()
        .forward_header(header::LOCATION)
        .forward_header(header::CONTENT_SECURITY_POLICY);
    let response =
        through(&MediaLayer::new(media), "/proxy/a", answer(StatusCode::FOUND, &HOSTILE));
    assert_eq!(lines(response.headers(), "location"), ["https://evil.example/"]);
    assert_eq!(lines(response.headers(), "content-security-policy"), [LOCKED]);
    assert_eq!(lines(response.headers(), "set-cookie"), [""; 0]);
}

#[test]
fn the_application_s_own_headers_of_uploads_stay_except_for_policies() {
    let sent = uploaded("/media/a.png", &[&HOSTILE[..], &FILE].concat());
    for (name, value) in SENT {
        assert_eq!(lines(&sent, name), [value]);
    }
    for (name, _) in HOSTILE.iter().filter(|(name, _)| !SENT.iter().any(|sent| sent.0 == *name)) {
        assert!(sent.contains_key(*name), "{name}");
    }
}

#[test]
fn files_can_be_restricted_to_pages_of_their_own_site() {
    let layer = MediaLayer::new(Media::uploads().same_site_only());
    let sent = through(&layer, "/media/a", answer(StatusCode::OK, &[]));
    assert_eq!(lines(sent.headers(), "cross-origin-resource-policy"), ["same-site"]);
}
