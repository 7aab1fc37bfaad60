//! Resolves the address of a redirect (RFC 3986 section 5.2).

use std::borrow::Cow;

use http::Uri;

/// Holds the parts of a reference, without its fragment.
struct Reference<'a> {
    scheme: Option<&'a str>,
    authority: Option<&'a str>,
    path: &'a str,
    query: Option<&'a str>,
}

/// Returns the address to which a redirect leads; `None` for one that is not http or https.
pub(crate) fn resolve(base: &Uri, location: &[u8]) -> Option<Uri> {
    let location = encoded(location);
    let reference = Reference::split(&location);
    let scheme = match (reference.scheme, reference.authority) {
        (Some(scheme), Some(_)) => scheme.to_ascii_lowercase(),
        (Some(_), None) => return None,
        (None, _) => base.scheme_str()?.to_owned(),
    };
    if !["http", "https"].contains(&scheme.as_str()) {
        return None;
    }
    let authority = reference.authority.or_else(|| base.authority().map(|base| base.as_str()))?;
    let (path, query) = match (reference.authority, reference.path) {
        (None, "") => (Cow::Borrowed(base.path()), reference.query.or_else(|| base.query())),
        (None, path) if !path.starts_with('/') => {
            let folder = base.path().rsplit_once('/').map_or("", |(folder, _)| folder);
            (without_dots(&format!("{folder}/{path}")).into(), reference.query)
        }
        (_, path) => (without_dots(path).into(), reference.query),
    };
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    format!("{scheme}://{authority}{path}{query}").parse().ok()
}

impl<'a> Reference<'a> {
    fn split(text: &'a str) -> Self {
        let text = text.split('#').next().unwrap_or_default();
        let is_scheme = |text: &str| {
            text.starts_with(|c: char| c.is_ascii_alphabetic())
                && text.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
        };
        let (scheme, rest) = match text.split_once(':') {
            Some((scheme, rest)) if is_scheme(scheme) => (Some(scheme), rest),
            _ => (None, text),
        };
        let (authority, rest) = match rest.strip_prefix("//") {
            Some(rest) => {
                let (authority, rest) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
                (Some(authority), rest)
            }
            None => (None, rest),
        };
        let (path, query) = match rest.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (rest, None),
        };
        Self { scheme, authority, path, query }
    }
}

/// Percent-encodes the bytes that an address cannot contain, as browsers do.
fn encoded(location: &[u8]) -> String {
    let mut text = String::new();
    for byte in location.trim_ascii() {
        match byte {
            b'"' | b'<' | b'>' | b'`' => text.push_str(&format!("%{byte:02X}")),
            b'!'..=b'~' => text.push(char::from(*byte)),
            b'\t' => {}
            _ => text.push_str(&format!("%{byte:02X}")),
        }
    }
    text
}

/// Removes the segments `.` and `..` of a path, also if they are percent-encoded.
fn without_dots(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut segments = path.strip_prefix('/').unwrap_or(path).split('/').peekable();
    while let Some(segment) = segments.next() {
        let plain = segment.to_ascii_lowercase().replace("%2e", ".");
        match plain.as_str() {
            "." => {}
            ".." => drop(kept.pop()),
            _ => {
                kept.push(segment);
                continue;
            }
        }
        if segments.peek().is_none() {
            kept.push("");
        }
    }
    format!("/{}", kept.join("/"))
}
