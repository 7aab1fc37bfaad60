//! Lists the names that a [`StaticHeader`](super::StaticHeader) refuses, each list with the reason.

use super::{misspelt_name::is_misspelt, table::for_each_header};
use crate::{
    policy::csp::ContentSecurityPolicy,
    syntax::scan::{listed, same},
};

/// Headers of requests.
const REQUEST: &[&str] = &[
    "accept",
    "accept-charset",
    "accept-encoding",
    "accept-language",
    "access-control-request-headers",
    "access-control-request-method",
    "authorization",
    "cf-visitor",
    "cookie",
    "dnt",
    "expect",
    "forwarded",
    "host",
    "http2-settings",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "max-forwards",
    "origin",
    "proxy-authorization",
    "range",
    "referer",
    "sec-fetch-dest",
    "sec-fetch-mode",
    "sec-fetch-site",
    "sec-fetch-user",
    "sec-gpc",
    "te",
    "true-client-ip",
    "upgrade-insecure-requests",
    "user-agent",
    "x-client-ip",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-port",
    "x-forwarded-proto",
    "x-forwarded-ssl",
    "x-http-method-override",
    "x-original-url",
    "x-real-ip",
    "x-requested-with",
    "x-rewrite-url",
];

/// Headers that differ from response to response.
const SERVER: &[&str] = &[
    "accept-ranges",
    "age",
    "allow",
    "connection",
    "content-encoding",
    "content-length",
    "content-location",
    "content-range",
    "content-type",
    "date",
    "etag",
    "keep-alive",
    "last-modified",
    "location",
    "proxy-authenticate",
    "proxy-connection",
    "sec-websocket-accept",
    "sec-websocket-extensions",
    "sec-websocket-protocol",
    "set-cookie",
    "set-cookie2",
    "status",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "www-authenticate",
    "x-accel-redirect",
    "x-lighttpd-send-file",
    "x-reproxy-url",
    "x-sendfile",
];

/// Headers that no current browser reads, and that older ones read wrongly.
const UNREAD: &[&str] = &[
    "cross-origin-window-policy",
    "expect-staple",
    "feature-policy",
    "large-allocation",
    "p3p",
    "public-key-pins",
    "public-key-pins-report-only",
    "tk",
    "x-content-security-policy",
    "x-content-security-policy-report-only",
    "x-ua-compatible",
    "x-webkit-csp",
    "x-webkit-csp-report-only",
];

/// The lists, each with the problem of its names.
const LISTS: &[(&[&str], &str)] = &[
    (REQUEST, "this is a request header, and browsers ignore it; remove it"),
    (SERVER, "the server itself sets this header; remove it"),
    (UNREAD, "no current browser reads this header; remove it"),
];

/// Returns the problem of a name that is in a list, has a type in this crate, is a misspelling of
/// one that has, or is not in lower case.
pub(super) const fn fault(name: &[u8]) -> Option<&'static str> {
    let mut i = 0;
    while i < LISTS.len() {
        let (names, problem) = LISTS[i];
        if listed(name, 0, name.len(), names) {
            return Some(problem);
        }
        i += 1;
    }
    if let Some(problem) = typed_fault(name) {
        return Some(problem);
    }
    case_fault(name)
}

const fn case_fault(name: &[u8]) -> Option<&'static str> {
    let mut i = 0;
    while i < name.len() {
        if name[i].is_ascii_uppercase() {
            return Some("the name has a capital letter; write it in lower case");
        }
        i += 1;
    }
    None
}

/// Returns the problem of a name that has a type in this crate, or that is a misspelling of one.
const fn typed_fault(name: &[u8]) -> Option<&'static str> {
    let mut misspelt = None;
    macro_rules! refuse {
        ($header:expr, $remedy:expr) => {
            if same(name, 0, name.len(), $header) {
                return Some(concat!("this header has its own type; use ", $remedy));
            }
            if misspelt.is_none() && is_misspelt(name, $header) {
                misspelt = Some(concat!("browsers do not read this misspelt name; use ", $remedy));
            }
        };
    }
    macro_rules! refuse_both {
        ($policy:path, $type:expr) => {
            refuse!(<$policy>::HEADER, $type);
            refuse!(<$policy>::REPORT_ONLY, concat!("Hardening::with_report_only(", $type, ")"));
        };
    }
    macro_rules! row {
        ([$place:path] $($module:ident::$policy:ident => $layer:ident = $name:literal: $sample:literal,)+) => {
            $(refuse_both!(super::$module::$policy, stringify!($policy));)+
        };
    }
    refuse_both!(ContentSecurityPolicy, "ContentSecurityPolicy");
    for_each_header!(row);
    misspelt
}
