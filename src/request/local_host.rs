//! Recognises hosts that no public https site has: loopback names and IP
//! addresses.

use http::{HeaderName, header};

use super::{head::RequestParts, host_name::ends_in_number};

/// Returns `true` if every host that the request names is a loopback name or an IP address.
///
/// Browsers never reach a public https site under such a host, so a response can omit headers that
/// are meant for https. Returns `false` if the request names no host, or also names another one: a
/// shared cache may have stored the response under the other name.
#[inline]
pub(crate) fn names_local_host(request: &impl RequestParts) -> bool {
    let ends_like_local = |host: &[u8]| matches!(host.last(), Some(byte) if is_last_byte(*byte));
    static HOST: HeaderName = header::HOST;

    let first = match request.uri().authority() {
        Some(authority) => Some(authority.as_str().as_bytes()),
        None => request.headers().get(&HOST).map(|line| line.as_bytes()),
    };
    first.is_some_and(ends_like_local) && every_host_is_local(request)
}

/// Returns `true` for the last byte of a number, a bracket, a port, or
/// `localhost` with or without its dot. Most names end in another byte, so most requests need only
/// this one-byte test.
#[inline]
fn is_last_byte(byte: u8) -> bool {
    byte.is_ascii_hexdigit() || matches!(byte, b']' | b'.' | b'x' | b'X' | b't' | b'T' | b':')
}

#[inline(never)]
fn every_host_is_local(request: &impl RequestParts) -> bool {
    let target = request.uri().authority().map(|authority| authority.as_str().as_bytes());
    let lines = request.headers().get_all(header::HOST).into_iter();
    let all = target.into_iter().chain(lines.map(|line| line.as_bytes())).all(is_local);
    #[cfg(feature = "tracing")]
    if all && FORWARDED.iter().any(|name| request.headers().contains_key(*name)) {
        let host =
            target.or_else(|| request.headers().get(header::HOST).map(|line| line.as_bytes()));
        crate::trace::host_hidden_by_proxy(host.unwrap_or_default());
    }
    all
}

/// Lists headers that a proxy adds, and a browser does not.
#[cfg(feature = "tracing")]
const FORWARDED: [&str; 3] = ["x-forwarded-for", "x-forwarded-proto", "forwarded"];

/// Returns `true` if browsers read the host as an IP address or as a name that
/// is always the machine itself ([RFC 6761](https://www.rfc-editor.org/rfc/rfc6761#section-6.3)).
/// The host may have a port.
fn is_local(host: &[u8]) -> bool {
    if host.starts_with(b"[") {
        let end = host.iter().position(|byte| *byte == b']');
        return end.is_some_and(|end| matches!(host.get(end + 1), None | Some(b':')));
    }
    let name = host.split(|byte| *byte == b':').next().unwrap_or_default();
    let in_names = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    let name = std::str::from_utf8(name).ok().filter(|name| name.as_bytes().iter().all(in_names));
    let name = name.map(|name| name.strip_suffix('.').unwrap_or(name));
    name.is_some_and(|name| {
        let last = name.rsplit('.').next().unwrap_or_default();
        !last.is_empty() && (ends_in_number(last) || last.eq_ignore_ascii_case("localhost"))
    })
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    const LOCAL: [&str; 24] = [
        "localhost",
        "localhost:4000",
        "localhost:",
        "LOCALHOST.",
        "LocalHost.:4000",
        "app.localhost",
        "a.b.localhost.:80",
        "127.0.0.1",
        "127.0.0.1:4000",
        "127.1",
        "127.1.",
        "0x7f.1",
        "0X7F000001",
        "0x7f.0xab",
        "0x",
        "2130706433",
        "0",
        "0177.1:8080",
        "192.168.1.7",
        "203.0.113.9:443",
        "[::1]",
        "[::1]:4000",
        "[fe80::1%25eth0]:4000",
        "[2001:DB8::A]",
    ];

    const NAMES: [&str; 20] = [
        "example.tld",
        "example.tld:4000",
        "example.net",
        "example.de",
        "localhost.example",
        "notlocalhost",
        "localhost.localdomain",
        "1.2.3.4.example",
        "0x7f.0xzz",
        "cafe",
        "7f",
        "1..",
        "",
        ".",
        ":4000",
        "localhost, example.tld",
        "user@127.0.0.1",
        "[::1",
        "[::1]x",
        "exämple.127",
    ];

    #[test]
    fn browsers_read_these_as_addresses_or_as_the_machine_itself() {
        for host in LOCAL {
            assert!(is_local(host.as_bytes()), "{host}");
            assert!(is_last_byte(host.bytes().last().unwrap()), "{host}");
        }
        for host in NAMES {
            assert!(!is_local(host.as_bytes()), "{host}");
        }
    }

    #[test]
    fn one_host_that_is_a_name_is_enough_to_send_everything() {
        let named = |target: &str, lines: &[&str]| {
            let mut request = Request::builder().uri(target);
            for line in lines {
                request = request.header(header::HOST, *line);
            }
            names_local_host(&request.body(()).unwrap())
        };
        assert!(named("/", &["127.0.0.1:4000"]));
        assert!(named("https://localhost/", &[]));
        assert!(named("http://[::1]:4000/", &["[::1]:4000"]));
        assert!(named("/", &["localhost", "127.0.0.1"]));
        assert!(!named("/", &[]));
        assert!(!named("/", &["localhost", "example.tld"]));
        assert!(!named("/", &["example.tld", "localhost"]));
        assert!(!named("https://example.tld/", &["localhost"]));
        assert!(!named("https://localhost/", &["example.tld"]));
    }
}
