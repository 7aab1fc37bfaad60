//! Rewrites the wire's `Cookie` lines to the cookies that the application may
//! trust.

use http::header;

use super::{extensions::Crossing, guard::HostCookies, lines, reader::Reader};
use crate::request::{ConnectionInfo, Host, RequestParts, Scheme};

/// Rewrites every `Cookie` line; a line that needs no change keeps its bytes.
pub(super) fn rewrite(policy: &HostCookies, request: &mut impl RequestParts) -> Crossing {
    let over_http = !policy.accept_over_http && is_over_http(request);
    let mut reader = Reader::new(policy, request.headers(), request.extensions(), over_http);
    let mut emptied = false;
    lines::each(request.headers_mut(), &header::COOKIE, |line| {
        if let Some(rewritten) = reader.line(line.as_bytes()) {
            emptied |= rewritten.is_empty();
            lines::replace(line, rewritten);
        }
    });
    if reader.has_costly_neighbors() {
        lines::each(request.headers_mut(), &header::COOKIE, |line| {
            if let Some(rewritten) = reader.without_costly_neighbors(line.as_bytes()) {
                emptied |= rewritten.is_empty();
                lines::replace(line, rewritten);
            }
        });
    }
    if emptied {
        lines::drop_empty(request.headers_mut(), &header::COOKIE);
    }
    reader.finish(request.extensions_mut())
}

/// Returns `true` if the request names this machine and is not known to have
/// come over https. The decision of an outer layer takes precedence over headers that a proxy
/// wrote.
pub(super) fn is_local(request: &impl RequestParts) -> bool {
    let over_https = ConnectionInfo::from_extensions(request.extensions())
        .is_some_and(|known| known.scheme() == Scheme::Https);
    let is_local = |host: &Host| matches!(host.name(), "localhost" | "127.0.0.1" | "[::1]");
    !over_https && Host::named(request).is_some_and(|host| is_local(&host))
}

/// Returns `true` if the request is known to have come over http, to a host
/// for which browsers require https for guarded cookies. Browsers make exceptions for the machine
/// itself and for networks with their own encryption.
fn is_over_http(request: &impl RequestParts) -> bool {
    let Some(known) = ConnectionInfo::from_extensions(request.extensions()) else { return false };
    let is_trusted = |host: &Host| {
        let hidden = [".onion", ".i2p"].iter().any(|network| host.name().ends_with(network));
        hidden || host.is_localhost() || host.address().is_some_and(|address| address.is_loopback())
    };
    known.scheme() == Scheme::Http && !known.host().is_some_and(is_trusted)
}

#[cfg(test)]
mod tests {
    use http::{HeaderValue, Request};

    use super::*;

    fn rewritten(policy: &HostCookies, lines: &[&str]) -> Vec<String> {
        let mut request = Request::new(());
        for line in lines {
            let line = HeaderValue::from_bytes(line.as_bytes()).unwrap();
            request.headers_mut().append(header::COOKIE, line);
        }
        policy.on_request(&mut request);
        let lines = request.headers().get_all(header::COOKIE).iter();
        lines.map(|line| String::from_utf8(line.as_bytes().to_vec()).unwrap()).collect()
    }

    #[test]
    fn the_plain_name_is_read_from_the_wire_name_alone() {
        let policy = HostCookies::new(["sid"]).unwrap();
        for (lines, expected) in [
            (&["__Host-sid=1"][..], &["sid=1"][..]),
            (&["sid=evil"], &[]),
            (&["sid=evil; __Host-sid=1; t=2"], &["sid=1; t=2"]),
            (&["a=1", "__Host-sid=1", "b=2"], &["a=1", "sid=1", "b=2"]),
            (&["__HOST-sid=evil; __Host-sid=1"], &["sid=1"]),
            (&["%5F_Host-sid=evil"], &[]),
            (&["\u{2000}__Host-sid=evil"], &[]),
            (&["\u{a0}sid=evil"], &[]),
            (&["$Version=1; a=b"], &["a=b"]),
            (&["__Host-sid=1; __Host-sid=2"], &["sid=1"]),
            (&["__Host-sid=1", "__Host-sid=2"], &["sid=1"]),
            (&["sid"], &[]),
            (&["a=\"x; sid=evil; b=y\""], &[]),
            (&["Sid=evil; a=1"], &["a=1"]),
            (&["a=1;b=2"], &["a=1;b=2"]),
            (&["a=1;b=2;; sid=evil;c=3 "], &["a=1; b=2; c=3"]),
            (&["theme=dark; consent"], &["theme=dark; consent"]),
            (&["__Host-sid = 1"], &["sid = 1"]),
            (&["__Host-sid=\"a=b\""], &["sid=\"a=b\""]),
            (&["__Host-other=1; __Secure-a=2"], &["__Host-other=1; __Secure-a=2"]),
            (&["a=__host-sid=evil; b=a__Host-"], &["b=a__Host-"]),
        ] {
            assert_eq!(rewritten(&policy, lines), expected, "{lines:?}");
        }
    }

    #[test]
    fn a_malformed_cookie_does_not_remove_other_cookies() {
        let policy = HostCookies::new(["sid"]).unwrap();
        assert_eq!(rewritten(&policy, &["a=\u{fc}; __Host-sid=1; b=2"]), ["sid=1; b=2"]);
        assert_eq!(
            rewritten(&policy.reject_ambiguous(), &["=x; a; b=\"; c=\\; d e=1; f=\"g\"; h=1"]),
            ["f=\"g\"; h=1"]
        );
    }

    #[test]
    fn a_name_with_a_star_guards_all_names_with_that_start() {
        let policy = HostCookies::new(["app_*"])
            .unwrap()
            .prefix(super::super::prefix::CookiePrefix::HostHttp);
        assert_eq!(
            rewritten(
                &policy,
                &[
                    "__Host-Http-app_a=1; app_b=evil; __Host-Http-app_b=2; __Host-Http-app_a=3; APP_c=evil; app=1"
                ]
            ),
            ["app_a=1; app_b=2; app=1"],
        );
    }
}
