//! A header of one mebibyte takes as long as sixteen parts of it together.

use std::time::{Duration, Instant};

use http::{HeaderMap, HeaderValue, header};
use tower_hardening::{HostCookies, cookie::ScopeAction};

use crate::policy::request;

use crate::exchange::Apply;

const MEBIBYTE: usize = 1 << 20;

/// Returns the time of the whole, divided by the time of its parts together: about one for linear time,
/// sixteen for quadratic time. Both run equally long, so that other processes affect both.
const PARTS: usize = 16;
const MOST: u32 = 5;

/// Represents a kind of line, and a function that makes one of this many bytes.
type Kind = (&'static str, fn(usize) -> String);

fn policy() -> HostCookies {
    let year = Duration::from_secs(31_536_000);
    let until = std::time::SystemTime::now() + year;
    // Two of these begin with bytes that the pieces repeat.
    let policy = HostCookies::new(["sid", "app_*", "_", "$*"]).unwrap();
    let policy = policy.secure_other_cookies().migrate_until(until);
    policy.path_attribute(ScopeAction::DowngradeToSecure).allow_nested_layers()
}

fn reading(line: &str) -> Duration {
    let policy = policy();
    let mut request = request(&[line]);
    let start = Instant::now();
    policy.on_request(&mut request);
    start.elapsed()
}

fn sending(line: &str) -> Duration {
    let policy = policy();
    let mut headers = HeaderMap::new();
    headers.insert(header::SET_COOKIE, HeaderValue::from_str(line).unwrap());
    let start = Instant::now();
    policy.on_response(policy.idle(), &mut headers);
    start.elapsed()
}

/// Repeats numbered pieces up to this many bytes.
fn pieces(length: usize, piece: impl Fn(usize) -> String) -> String {
    let mut line = String::with_capacity(length + 64);
    for number in 0.. {
        if line.len() >= length {
            break;
        }
        line.push_str(&piece(number));
    }
    line
}

fn assert_linear(what: &str, time: impl Fn(&str) -> Duration, line: impl Fn(usize) -> String) {
    let (part, whole) = (line(MEBIBYTE / PARTS), line(MEBIBYTE));
    // One slow run may be chance; a quadratic algorithm fails every time.
    let mut measured = Vec::new();
    for _ in 0..5 {
        let parts: Duration = (0..PARTS).map(|_| time(&part)).sum();
        let whole = time(&whole);
        if whole <= parts * MOST {
            return;
        }
        measured.push((parts, whole));
    }
    panic!("{what}: {measured:?}");
}

#[test]
fn a_mebibyte_of_cookies_is_read_in_linear_time() {
    let lines: [Kind; 12] = [
        ("others", |length| pieces(length, |n| format!("name_{n}=value; "))),
        ("empty segments", |length| ";".repeat(length)),
        ("without a name", |length| pieces(length, |n| format!("{n};"))),
        ("forged", |length| pieces(length, |n| format!("s%69d=evil{n}; "))),
        ("plain", |length| "sid=evil; ".repeat(length / 10)),
        ("guarded duplicates", |length| "__Host-sid=1; ".repeat(length / 14)),
        ("guarded by a star", |length| pieces(length, |n| format!("__Host-app_{n}=1; "))),
        ("twice under a star", |length| pieces(length, |n| format!("__Host-app_{}=1; ", n / 2))),
        ("kept as secure", |length| pieces(length, |n| format!("__Secure-app_{n}=1; "))),
        ("plain under a star", |length| pieces(length, |n| format!("app_{n}=1; "))),
        ("prefixes in values", |length| "a=__Host-sid=1; ".repeat(length / 16)),
        ("dollars", |length| "$Version=1; ".repeat(length / 12)),
    ];
    for (what, line) in lines {
        assert_linear(what, reading, line);
    }
}

#[test]
fn one_segment_of_a_mebibyte_is_read_in_linear_time() {
    let lines: [Kind; 9] = [
        ("encoded percent signs", |length| "%25".repeat(length / 3) + "=1"),
        ("encoded blanks", |length| "%E2%80%80".repeat(length / 9) + "sid=1"),
        ("blanks in three layers", |length| "%252520".repeat(length / 7) + "sid=1"),
        ("percent signs", |length| "%".repeat(length) + "=1"),
        ("spaces", |length| " ".repeat(length / 2) + "sid" + &" ".repeat(length / 2) + "=1"),
        ("quotes", |length| "\"".repeat(length / 2) + "sid" + &"\"".repeat(length / 2) + "=1"),
        ("equals signs", |length| "=".repeat(length)),
        ("a value", |length| "a=%5F".to_owned() + &"%255F".repeat(length / 5)),
        ("no name at all", |length| "%20".repeat(length / 3)),
    ];
    for (what, line) in lines {
        assert_linear(what, reading, line);
    }
}

#[test]
fn a_mebibyte_with_many_possible_names_is_read_in_linear_time() {
    let lines: [Kind; 16] = [
        ("words", |length| "a=1 ".to_owned() + &"word ".repeat(length / 5)),
        ("names", |length| "a=1 ".to_owned() + &"sid/".repeat(length / 4)),
        ("names behind brackets", |length| "a=1 ".to_owned() + &"[sid".repeat(length / 4)),
        ("elements", |length| "a=1 ".to_owned() + &"(sid[x".repeat(length / 6)),
        ("open names", |length| "a=1 ".to_owned() + &"(app_".repeat(length / 5)),
        ("open names without end", |length| "a=1 ".to_owned() + &"(app_x/".repeat(length / 7)),
        ("blanks", |length| "a=1".to_owned() + &" ".repeat(length) + "x"),
        ("blanks behind a name", |length| "a=1 sid".to_owned() + &" ".repeat(length) + "x"),
        ("brackets", |length| "a=1".to_owned() + &"[".repeat(length)),
        ("quotes", |length| "a=1".to_owned() + &"\"".repeat(length) + "x"),
        ("bytes that are skipped", |length| "a=1 ".to_owned() + &"$".repeat(length)),
        ("equals signs", |length| "a=1 ".to_owned() + &"=".repeat(length)),
        ("prefixes", |length| "a=1".to_owned() + &"(__Host-".repeat(length / 8)),
        ("encoded words", |length| "a=1".to_owned() + &" %2573%69".repeat(length / 9)),
        ("one encoded word", |length| "a=1 $$".to_owned() + &"%2525".repeat(length / 5)),
        ("dates", |length| "a=1".to_owned() + &" GMTsi".repeat(length / 6)),
    ];
    for (what, line) in lines {
        assert_linear(what, reading, line);
    }
}

#[test]
fn a_mebibyte_of_attributes_is_sent_in_linear_time() {
    let lines: [Kind; 7] = [
        ("semicolons", |length| "sid=1".to_owned() + &";".repeat(length)),
        ("paths", |length| "sid=1".to_owned() + &"; Path=/x".repeat(length / 9)),
        ("domains", |length| "sid=1".to_owned() + &"; Domain=a.example".repeat(length / 18)),
        ("flags", |length| "sid=1".to_owned() + &"; Secure; HttpOnly".repeat(length / 18)),
        ("unknown", |length| "sid=1; ".to_owned() + &pieces(length, |n| format!("; x{n}=1"))),
        ("spaces", |length| {
            format!("sid={}1; Path{}=/", " ".repeat(length / 2), " ".repeat(length / 2))
        }),
        ("another's", |length| {
            "a=1".to_owned() + &"; SameSite=None; Max-Age=1".repeat(length / 26)
        }),
    ];
    for (what, line) in lines {
        assert_linear(what, sending, line);
    }
}
