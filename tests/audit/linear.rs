//! Tests that the time of an audit grows with the size of the headers, and not with its square.

use std::time::{Duration, Instant};

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use tower_hardening::{
    Hardening,
    audit::{Observation, diff},
};

const PARTS: usize = 8;
const MOST: u32 = 4;

fn time(headers: &HeaderMap) -> Duration {
    let start = Instant::now();
    let audit = Observation::new(StatusCode::OK, headers).audit();
    let text = audit.to_string();
    let differences = diff(&Hardening::recommended(), headers);
    assert!(text.len() > differences.len());
    start.elapsed()
}

/// Returns a header that sends many reports to the last endpoint that another one defines.
fn endpoints(count: usize) -> HeaderMap {
    let list = |part: &dyn Fn(usize) -> String| {
        let parts: Vec<String> = (0..count).map(part).collect();
        HeaderValue::try_from(parts.join(", ")).unwrap()
    };
    let named = list(&|number| format!("a{number}=();report-to=e{}", count - 1));
    let defined = list(&|number| format!("e{number}=\"/\""));
    HeaderMap::from_iter([
        (HeaderName::from_static("permissions-policy"), named),
        (HeaderName::from_static("reporting-endpoints"), defined),
    ])
}

/// Returns headers with one long line, many lines of one header, and many headers.
fn long(count: usize) -> Vec<(&'static str, HeaderMap)> {
    let line = |name: &'static str, text: String| {
        let value = HeaderValue::try_from(text).unwrap();
        (name, HeaderMap::from_iter([(HeaderName::from_static(name), value)]))
    };
    let many = |name: &'static str, text: &'static str| {
        let mut headers = HeaderMap::new();
        for _ in 0..count / 8 {
            headers.append(name, HeaderValue::from_static(text));
        }
        (name, headers)
    };
    let csp = "content-security-policy";
    vec![
        line(csp, "http://a.example 'unsafe-inline'; img-srx * ".repeat(count)),
        line(csp, "img-src ".to_owned() + &"http: a.example/x ".repeat(count)),
        line(csp, "default-src *, ".repeat(count)),
        line("permissions-policy", "camera=(), ".repeat(count)),
        line("referrer-policy", "x, ".repeat(count)),
        line("set-cookie", "a=1; SameSite=x; ".to_owned() + &"Path=/; ".repeat(count)),
        many(csp, "default-src 'self'; script-src http:"),
        many("set-cookie", "__Host-session=1; SameSite=x"),
        many("x-frame-options", "DENY"),
        many("x-powered-by", "PHP 8"),
    ]
}

#[test]
fn the_whole_takes_about_as_long_as_its_parts() {
    for ((name, part), (_, whole)) in long(1_000).into_iter().zip(long(1_000 * PARTS)) {
        // One slow run may be chance; a quadratic algorithm fails every time.
        let mut measured = Vec::new();
        let is_linear = (0..5).any(|_| {
            let parts: Duration = (0..PARTS).map(|_| time(&part)).sum();
            let whole = time(&whole);
            measured.push((parts, whole));
            whole <= parts * MOST
        });
        assert!(is_linear, "{name}: {measured:?}");
    }
}

#[test]
fn headers_that_need_each_other_take_about_as_long_as_each_alone() {
    let both = endpoints(8_000);
    let alone = |name: &'static str| {
        HeaderMap::from_iter([(HeaderName::from_static(name), both[name].clone())])
    };
    let mut measured = Vec::new();
    let is_linear = (0..5).any(|_| {
        let parts = time(&alone("permissions-policy")) + time(&alone("reporting-endpoints"));
        let whole = time(&both);
        measured.push((parts, whole));
        whole <= parts * 2
    });
    assert!(is_linear, "{measured:?}");
}
