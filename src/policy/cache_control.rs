//! Keeps responses for one user out of shared caches: those with a nonce or a cookie.

use http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{self, Entry},
};

use super::room::{accept, make_room};

/// The `Cache-Control` directive of a response for a single user.
pub(crate) const PRIVATE: &str = "private";

/// The value of `Expires` on a response that no cache of HTTP/1.0 may keep
/// ([RFC 9111](https://www.rfc-editor.org/rfc/rfc9111#section-5.3)).
pub(crate) const EXPIRED: HeaderValue = HeaderValue::from_static("0");

/// Adds `private`, so that a shared cache does not hand one user's nonce to
/// another (RFC 9111 section 5.2.2), and removes the headers that shared caches
/// read in its place.
pub(crate) fn make_private(headers: &mut HeaderMap) {
    remove_shared_cache_headers(headers);
    add_private(headers);
}

/// Does the same to a response's own headers. Without `Cache-Control` they do not get it: the caller
/// adds a header with `private`.
#[cfg(feature = "nonce")]
pub(crate) fn make_own_private(headers: &mut HeaderMap) {
    // Most responses have few headers, and none of these: comparing names costs less than a hash.
    if headers.keys().any(|name| *name == header::CACHE_CONTROL || is_read(name)) {
        remove_shared_cache_headers(headers);
        if headers.contains_key(header::CACHE_CONTROL) {
            add_private(headers);
        }
    }
}

/// Removes the headers that shared caches read in place of `Cache-Control`, and sets an existing
/// `Expires` to the past.
fn remove_shared_cache_headers(headers: &mut HeaderMap) {
    if headers.keys().any(is_read) {
        let read: Vec<HeaderName> = headers.keys().filter(|name| is_read(name)).cloned().collect();
        for name in read {
            // A cache that does not know `private` reads `Expires`. Without the header it estimates
            // a lifetime.
            if name == header::EXPIRES {
                headers.insert(name, EXPIRED);
            } else {
                headers.remove(name);
            }
        }
    }
}

/// Returns `true` for a header that another one replaces where `Cache-Control` is private.
fn is_read(name: &HeaderName) -> bool {
    *name == header::EXPIRES || is_for_shared_caches(name)
}

/// Returns `true` for a header that shared caches read in place of
/// `Cache-Control`: a targeted field such as `CDN-Cache-Control`
/// ([RFC 9213](https://www.rfc-editor.org/rfc/rfc9213#section-2.1)),
/// `Surrogate-Control`, `Edge-Control` of Akamai, and `X-Accel-Expires` of nginx.
pub(crate) fn is_for_shared_caches(name: &HeaderName) -> bool {
    let name = name.as_str();
    // Nearly all other names end in another byte.
    match name.as_bytes() {
        [.., b'l'] => {
            name.ends_with("-cache-control") || matches!(name, "edge-control" | "surrogate-control")
        }
        [.., b's'] => name == "x-accel-expires",
        _ => false,
    }
}

/// Returns `true` if no shared cache may store the response.
pub(crate) fn is_private(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(header::CACHE_CONTROL).iter();
    let said: Vec<&[u8]> = lines.flat_map(|line| members(line.as_bytes())).collect();
    let has = |words: [&str; 2]| {
        said.iter().any(|said| words.iter().any(|word| said.eq_ignore_ascii_case(word.as_bytes())))
    };
    has(["private", "no-store"]) && !said.iter().any(|said| is_shared(said))
}

/// Returns `true` for a directive that lets shared caches store a response.
fn is_shared(said: &[u8]) -> bool {
    [&b"public"[..], b"s-maxage"].iter().any(|word| name(said).eq_ignore_ascii_case(word))
}

/// Adds `private` to `Cache-Control`.
fn add_private(headers: &mut HeaderMap) {
    make_room(headers, 1);
    let Ok(entry) = headers.try_entry(header::CACHE_CONTROL) else { return };
    let mut entry = match entry {
        Entry::Occupied(entry) => entry,
        Entry::Vacant(entry) => {
            return accept(entry.try_insert(HeaderValue::from_static(PRIVATE)));
        }
    };
    if entry.iter().all(|line| line == PRIVATE) {
        return;
    }
    let said: Vec<&[u8]> = entry.iter().flat_map(|line| members(line.as_bytes())).collect();
    let is_word = |said: &[u8], word: &str| said.eq_ignore_ascii_case(word.as_bytes());
    let shared = |said: &&[u8]| is_shared(said);
    let private = said.iter().any(|said| is_word(said, "private") || is_word(said, "no-store"));
    if private && !said.iter().any(shared) {
        return;
    }
    // `private="a-field"` applies to that field alone.
    let whole = |said: &&[u8]| is_word(said, "private") || !is_word(name(said), "private");
    let first: Option<&[u8]> = (!private).then_some(b"private");
    let kept = said.iter().copied().filter(|said| !shared(said) && whole(said));
    let text = first.into_iter().chain(kept).collect::<Vec<_>>().join(&b", "[..]);
    if let Ok(value) = HeaderValue::try_from(text) {
        // Not `insert_mult`: in http 1.5 it panics with three lines or more.
        entry.insert(value);
    }
}

/// Returns the value of a policy for `Cache-Control`, as [`make_private`]
/// changes it.
pub(crate) fn to_private(value: &HeaderValue) -> HeaderValue {
    let mut headers = HeaderMap::new();
    headers.insert(header::CACHE_CONTROL, value.clone());
    make_private(&mut headers);
    headers.remove(header::CACHE_CONTROL).unwrap_or(HeaderValue::from_static(PRIVATE))
}

/// Splits a list into its members; commas in quoted strings do not separate
/// members (RFC 9110 section 5.6.1).
fn members(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    let (mut quoted, mut escaped) = (false, false);
    let members = line.split(move |byte| {
        let ends = *byte == b',' && !quoted;
        quoted ^= *byte == b'"' && !escaped;
        escaped = quoted && *byte == b'\\' && !escaped;
        ends
    });
    members.map(<[u8]>::trim_ascii).filter(|member| !member.is_empty())
}

/// Returns the name of a member such as `max-age=60`.
fn name(member: &[u8]) -> &[u8] {
    member.split(|byte| *byte == b'=').next().unwrap_or_default().trim_ascii()
}
