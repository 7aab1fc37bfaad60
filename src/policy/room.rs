//! Makes room for policies in a response with as many headers as a map can hold.

use http::{HeaderMap, HeaderName, HeaderValue, header::MaxSizeReached};

use crate::{policy::header::for_each_header, trace};

/// The number of headers below which a map has room for every policy. `http`
/// limits a map to 24,576 names.
const PLENTY: usize = 24_000;

/// Beginnings of other names that make room last: those that the cookie guard, the media layer and the
/// CSP layer send, and those without which the response means something else.
const KEPT: &[&str] = &["content-", "location", "set-cookie", "transfer-encoding", "vary"];

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

/// Adds a policy to the first line of this name, after a map near its limit refused a line of its own.
///
/// A comma separates policies as a line does
/// ([CSP3](https://www.w3.org/TR/CSP3/#parse-response-csp)).
#[cold]
#[inline(never)]
pub(crate) fn join_policy(headers: &mut HeaderMap, name: &HeaderName, policy: &HeaderValue) {
    if let Some(first) = headers.get_mut(name) {
        let both = [first.as_bytes(), b", ", policy.as_bytes()].concat();
        // Both are valid values, and so are the two with a comma between them.
        *first = HeaderValue::from_bytes(&both).unwrap_or_else(|_| policy.clone());
    }
}

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
    let name = name.as_str();
    is_policy(name) || KEPT.iter().any(|start| name.starts_with(start))
}

/// Returns `true` for a header of the table, or for its report-only header.
fn is_policy(name: &str) -> bool {
    let name = name.strip_suffix("-report-only").unwrap_or(name);
    macro_rules! row {
        ([$place:path] $($module:ident::$policy:ident => $layer:ident = $name:literal: $sample:literal,)+) => {
            if matches!(name, $($name)|+) {
                return true;
            }
        };
    }
    for_each_header!(row);
    false
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn a_header_of_a_policy_makes_room_after_the_others() {
        for name in [
            "nel",
            "x-dns-prefetch-control",
            "x-robots-tag",
            "permissions-policy-report-only",
            "content-security-policy",
            "set-cookie",
        ] {
            let mut headers = HeaderMap::new();
            for number in 0.. {
                let other = HeaderName::try_from(format!("x-{number}")).unwrap();
                if headers.try_append(other, HeaderValue::from_static("a")).is_err() {
                    break;
                }
            }
            headers.remove("x-0");
            // The name stands last, where room is made first.
            headers.try_append(name, HeaderValue::from_static("a")).unwrap();
            make_room(&mut headers, 1);
            assert!(headers.contains_key(name), "{name}");
        }
    }
}
