//! Tests ordinary `Cookie` lines, which reach the application unchanged.

use http::{HeaderValue, Request, header};
use tower_hardening::HostCookies;

use crate::exchange::Apply;

const CORPUS: &str = include_str!("corpus.txt");

/// Returns the `Cookie` lines that the application gets.
fn received(line: &[u8]) -> Vec<Vec<u8>> {
    let policy = HostCookies::new(["pleroma_key", "admin_*"]).unwrap();
    let line = HeaderValue::from_bytes(line).unwrap();
    let mut request = Request::builder().header(header::COOKIE, line).body(()).unwrap();
    policy.on_request(&mut request);
    let lines = request.headers().get_all(header::COOKIE).iter();
    lines.map(|line| line.as_bytes().to_vec()).collect()
}

/// Prints bytes, including those that are not UTF-8.
fn assert_received(line: &str, expected: &str) {
    let received = received(line.as_bytes());
    let received: Vec<_> = received.iter().map(|line| String::from_utf8_lossy(line)).collect();
    assert_eq!(received, [expected]);
}

#[test]
fn ordinary_cookies_arrive_byte_for_byte() {
    assert!(CORPUS.lines().count() >= 150);
    for line in CORPUS.lines() {
        assert_received(line, line);
    }
}

/// Non-ASCII bytes make some parsers drop the line, so they are not passed on next to a guarded cookie.
#[test]
fn ordinary_cookies_keep_their_bytes_on_both_sides_of_the_guarded_one() {
    for line in CORPUS.lines().filter(|line| line.is_ascii()) {
        let sent = format!("{line}; __Host-pleroma_key=a=b; {line}");
        assert_received(&sent, &format!("{line}; pleroma_key=a=b; {line}"));
    }
}
