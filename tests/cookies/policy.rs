//! Passes one request or one response through a policy, without a server.

use http::{HeaderMap, HeaderValue, Request, header};
use tower_hardening::{HostCookies, service::Exchange};

use crate::exchange::Apply;

/// Returns the policy of most tests: one session cookie.
pub(crate) fn sid() -> HostCookies {
    HostCookies::new(["sid"]).unwrap()
}

/// Returns the cookies that the application reads from these `Cookie` lines.
pub(crate) fn read<L: AsRef<[u8]>>(policy: &HostCookies, lines: &[L]) -> Vec<String> {
    let mut request = request(lines);
    policy.on_request(&mut request);
    text(request.headers(), &header::COOKIE)
}

/// Returns the lines that browsers get for these `Set-Cookie` lines.
pub(crate) fn sent<L: AsRef<[u8]>>(policy: &HostCookies, lines: &[L]) -> Vec<String> {
    sent_after(policy, policy.idle(), lines)
}

pub(crate) fn sent_after<L: AsRef<[u8]>>(
    policy: &HostCookies,
    exchange: Exchange,
    lines: &[L],
) -> Vec<String> {
    let mut headers = map(header::SET_COOKIE, lines);
    policy.on_response(exchange, &mut headers);
    text(&headers, &header::SET_COOKIE)
}

pub(crate) fn request<L: AsRef<[u8]>>(lines: &[L]) -> Request<()> {
    let mut request = Request::new(());
    *request.headers_mut() = map(header::COOKIE, lines);
    request
}

fn map<L: AsRef<[u8]>>(name: header::HeaderName, lines: &[L]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for line in lines {
        headers.append(&name, HeaderValue::from_bytes(line.as_ref()).unwrap());
    }
    headers
}

/// Returns the lines of a header, decoded as Latin-1.
pub(crate) fn text(headers: &HeaderMap, name: &header::HeaderName) -> Vec<String> {
    let lines = headers.get_all(name).iter().map(HeaderValue::as_bytes);
    lines.map(|line| line.iter().copied().map(char::from).collect()).collect()
}
