//! Makes room for policies in a response with as many headers as a map can hold.

use http::{HeaderMap, HeaderName, header::MaxSizeReached};

use crate::trace;

/// The number of headers below which a map has room for every policy. `http`
/// limits a map to 24,576 names.
const PLENTY: usize = 24_000;

/// Beginnings of the names that make room last: those that policies send, and
/// those without which the response means something else.
const KEPT: &[&str] = &[
    "cache-control",
    "clear-site-data",
    "content-",
    "cross-origin-",
    "document-",
    "expect-ct",
    "integrity-policy",
    "location",
    "origin-agent-cluster",
    "permissions-policy",
    "referrer-policy",
    "report-to",
    "reporting-endpoints",
    "set-cookie",
    "strict-transport-security",
    "transfer-encoding",
    "vary",
    "x-content-type-options",
    "x-download-options",
    "x-frame-options",
    "x-permitted-cross-domain-policies",
    "x-xss-protection",
];

/// Makes room for this many more headers. In a map that is full, the last
/// headers of the response make room, with an event.
#[inline]
pub(crate) fn make_room(headers: &mut HeaderMap, count: usize) {
    if headers.keys_len() > PLENTY && headers.try_reserve(count).is_err() {
        remove_last(headers, count);
    }
}

/// Accepts the result of adding a header for which [`make_room`] made room: the only error, a full
/// map, does not occur.
pub(crate) fn accept<T>(_added: Result<T, MaxSizeReached>) {}

#[cold]
fn remove_last(headers: &mut HeaderMap, count: usize) {
    let names: Vec<HeaderName> = headers.keys().cloned().collect();
    let (kept, others): (Vec<_>, Vec<_>) = names.into_iter().partition(is_kept);
    for name in others.iter().rev().chain(kept.iter().rev()) {
        headers.remove(name);
        trace::header_dropped(name.as_str());
        if headers.try_reserve(count).is_ok() {
            return;
        }
    }
}

fn is_kept(name: &HeaderName) -> bool {
    KEPT.iter().any(|start| name.as_str().starts_with(start))
}
