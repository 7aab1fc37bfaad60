//! Lists the nine headers of the guide "Hardening your instance", which the benchmarks send.

use http::{HeaderMap, HeaderName, HeaderValue, header};

pub const EXPECT_CT: HeaderName = HeaderName::from_static("expect-ct");
pub const DOWNLOAD_OPTIONS: HeaderName = HeaderName::from_static("x-download-options");
pub const CROSS_DOMAIN: HeaderName = HeaderName::from_static("x-permitted-cross-domain-policies");

pub const CSP: &str = "default-src 'none'; base-uri 'self'; frame-ancestors 'none'; \
    img-src 'self' data: blob: https:; media-src 'self' https:; style-src 'self' 'unsafe-inline'; \
    font-src 'self'; script-src 'self'; connect-src 'self' wss://example.tld; \
    manifest-src 'self'; upgrade-insecure-requests";

/// A year, in seconds.
pub const STS_MAX_AGE: u64 = 31_536_000;

/// Thirty days, in seconds.
pub const CT_MAX_AGE: u64 = 2_592_000;

pub static GUIDE: [(HeaderName, &str); 9] = [
    (header::X_XSS_PROTECTION, "1; mode=block"),
    (CROSS_DOMAIN, "none"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (DOWNLOAD_OPTIONS, "noopen"),
    (header::CONTENT_SECURITY_POLICY, CSP),
    (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains"),
    (EXPECT_CT, "enforce, max-age=2592000"),
    (header::REFERRER_POLICY, "same-origin"),
];

/// The two headers that replace an existing header; the other seven keep it.
pub const REPLACING: [HeaderName; 2] =
    [header::X_CONTENT_TYPE_OPTIONS, header::STRICT_TRANSPORT_SECURITY];

/// Inserts all nine headers, as an application without a middleware does.
#[inline]
pub fn insert_all(headers: &mut HeaderMap) {
    insert_all_with(HeaderValue::from_static(CSP), headers);
}

/// Inserts all nine headers, with another content policy.
#[inline]
pub fn insert_all_with(csp: HeaderValue, headers: &mut HeaderMap) {
    let value = HeaderValue::from_static;
    headers.insert(header::X_XSS_PROTECTION, value("1; mode=block"));
    headers.insert(CROSS_DOMAIN, value("none"));
    headers.insert(header::X_FRAME_OPTIONS, value("DENY"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, value("nosniff"));
    headers.insert(DOWNLOAD_OPTIONS, value("noopen"));
    headers.insert(header::CONTENT_SECURITY_POLICY, csp);
    headers.insert(header::STRICT_TRANSPORT_SECURITY, value("max-age=31536000; includeSubDomains"));
    headers.insert(EXPECT_CT, value("enforce, max-age=2592000"));
    headers.insert(header::REFERRER_POLICY, value("same-origin"));
}

/// Inserts the headers, and keeps existing ones where the guide's layers keep them.
#[inline]
pub fn insert_missing(headers: &mut HeaderMap) {
    let value = HeaderValue::from_static;
    headers.entry(header::X_XSS_PROTECTION).or_insert(value("1; mode=block"));
    headers.entry(CROSS_DOMAIN).or_insert(value("none"));
    headers.entry(header::X_FRAME_OPTIONS).or_insert(value("DENY"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, value("nosniff"));
    headers.entry(DOWNLOAD_OPTIONS).or_insert(value("noopen"));
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(value(CSP));
    headers.insert(header::STRICT_TRANSPORT_SECURITY, value("max-age=31536000; includeSubDomains"));
    headers.entry(EXPECT_CT).or_insert(value("enforce, max-age=2592000"));
    headers.entry(header::REFERRER_POLICY).or_insert(value("same-origin"));
}
