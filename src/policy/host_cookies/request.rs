//! The wire's `Cookie` lines become those that the application may believe.

use std::borrow::Cow;

use http::{HeaderMap, HeaderValue, header};

use super::{HostCookies, PREFIXES, begins, replace, trim};

/// Rewrites every `Cookie` line; lines with nothing to do keep their bytes.
pub(super) fn rewrite(policy: &HostCookies, headers: &mut HeaderMap) {
    let mut seen =
        vec![
            false;
            if headers.contains_key(header::COOKIE) { policy.cookies.len() } else { return }
        ];
    let mut dropped = false;
    if let header::Entry::Occupied(mut lines) = headers.entry(header::COOKIE) {
        for line in lines.iter_mut() {
            if let Some(rewritten) = rewrite_line(policy, line.as_bytes(), &mut seen) {
                dropped |= rewritten.is_empty();
                replace(line, rewritten);
            }
        }
    }
    if dropped {
        drop_empty_lines(headers);
    }
}

fn drop_empty_lines(headers: &mut HeaderMap) {
    let kept: Vec<HeaderValue> =
        headers.get_all(header::COOKIE).iter().filter(|line| !line.is_empty()).cloned().collect();
    headers.remove(header::COOKIE);
    for line in kept {
        headers.append(header::COOKIE, line);
    }
}

/// What becomes of one segment between semicolons.
#[derive(PartialEq)]
enum Verdict<'a> {
    Keep,
    Drop,
    /// The guarded cookie: forwarded under its plain name.
    Rename(&'a str, &'a [u8]),
}

/// The line for the application, or nothing when it is to stay as it is.
fn rewrite_line(policy: &HostCookies, line: &[u8], seen: &mut [bool]) -> Option<Vec<u8>> {
    let mut rewritten: Option<Vec<u8>> = None;
    let mut start = 0;
    for segment in line.split(|byte| *byte == b';') {
        let verdict = judge(policy, segment, seen);
        if verdict != Verdict::Keep && rewritten.is_none() {
            // All before this segment stays, without the semicolon that led up to it.
            let mut before = Vec::with_capacity(line.len());
            before.extend_from_slice(line[..start].strip_suffix(b";").unwrap_or_default());
            rewritten = Some(before);
        }
        start += segment.len() + 1;
        let Some(rewritten) = &mut rewritten else { continue };
        let (name, rest) = match verdict {
            Verdict::Drop => continue,
            Verdict::Keep => ("", trim(segment)),
            Verdict::Rename(name, rest) => (name, rest),
        };
        if !rewritten.is_empty() {
            rewritten.extend_from_slice(b"; ");
        }
        rewritten.extend_from_slice(name.as_bytes());
        rewritten.extend_from_slice(rest);
    }
    rewritten
}

fn judge<'a>(policy: &'a HostCookies, segment: &'a [u8], seen: &mut [bool]) -> Verdict<'a> {
    let segment = trim(segment);
    let equals = segment.iter().position(|byte| *byte == b'=');
    let name = trim(&segment[..equals.unwrap_or(segment.len())]);
    if let Some(equals) = equals {
        let exact = policy.cookies.iter().position(|names| names.wire.as_bytes() == name);
        if let Some(index) = exact {
            let first = !std::mem::replace(&mut seen[index], true);
            let plain = &policy.cookies[index].plain;
            return if first { Verdict::Rename(plain, &segment[equals..]) } else { Verdict::Drop };
        }
    }
    if name.starts_with(b"$") {
        return Verdict::Drop;
    }
    if looks_alike(policy, name, equals.is_none()) {
        return Verdict::Drop;
    }
    // Sent as `=__Host-…` by a browser that knows no nameless cookies.
    if name.is_empty() && equals.is_some_and(|at| looks_alike(policy, &segment[at + 1..], true)) {
        return Verdict::Drop;
    }
    Verdict::Keep
}

/// Whether some parser may take `name` for one of ours.
fn looks_alike(policy: &HostCookies, name: &[u8], nameless: bool) -> bool {
    let folded = fold(name);
    let first =
        folded.split(|byte| *byte == b'=' || *byte == b';' || byte.is_ascii_control()).next();
    let candidates = [&folded[..], trim(first.unwrap_or_default())];
    candidates.iter().any(|candidate| {
        let ours = policy.cookies.iter().any(|names| {
            candidate.eq_ignore_ascii_case(names.plain.as_bytes())
                || candidate.eq_ignore_ascii_case(names.wire.as_bytes())
        });
        ours || (nameless && PREFIXES.iter().any(|prefix| begins(candidate, prefix)))
    })
}

/// Undoes percent-encoding, in up to three layers, and strips what one parser or another strips.
fn fold(name: &[u8]) -> Cow<'_, [u8]> {
    let mut folded = Cow::Borrowed(strip(name));
    for _ in 0..3 {
        match decode(&folded) {
            Some(decoded) => folded = Cow::Owned(strip(&decoded).to_vec()),
            None => break,
        }
    }
    folded
}

fn decode(bytes: &[u8]) -> Option<Vec<u8>> {
    let hex = |byte: Option<&u8>| byte.and_then(|byte| (*byte as char).to_digit(16));
    let mut decoded = Vec::new();
    let mut at = 0;
    let mut changed = false;
    while at < bytes.len() {
        match (bytes[at], hex(bytes.get(at + 1)), hex(bytes.get(at + 2))) {
            (b'%', Some(high), Some(low)) => {
                decoded.push((high * 16 + low) as u8);
                changed = true;
                at += 3;
            }
            (byte, ..) => {
                decoded.push(byte);
                at += 1;
            }
        }
    }
    changed.then_some(decoded)
}

/// Strips quotes, control characters and every white or invisible character from both ends,
/// whether the bytes are read as UTF-8 or as Latin-1.
fn strip(mut name: &[u8]) -> &[u8] {
    loop {
        let blank =
            BLANKS.iter().find(|blank| name.starts_with(blank)).map_or(0, |blank| blank.len());
        if blank > 0 {
            name = &name[blank..];
            continue;
        }
        let blank =
            BLANKS.iter().find(|blank| name.ends_with(blank)).map_or(0, |blank| blank.len());
        if blank > 0 {
            name = &name[..name.len() - blank];
            continue;
        }
        match name {
            [b' ' | b'"' | 0x00..=0x1F | 0x7F | 0x85 | 0xA0, rest @ ..]
            | [rest @ .., b' ' | b'"' | 0x00..=0x1F | 0x7F | 0x85 | 0xA0] => name = rest,
            _ => return name,
        }
    }
}

/// Unicode's white space beyond ASCII, the zero-width characters and the byte order mark.
const BLANKS: [&[u8]; 23] = [
    "\u{85}".as_bytes(),
    "\u{A0}".as_bytes(),
    "\u{1680}".as_bytes(),
    "\u{2000}".as_bytes(),
    "\u{2001}".as_bytes(),
    "\u{2002}".as_bytes(),
    "\u{2003}".as_bytes(),
    "\u{2004}".as_bytes(),
    "\u{2005}".as_bytes(),
    "\u{2006}".as_bytes(),
    "\u{2007}".as_bytes(),
    "\u{2008}".as_bytes(),
    "\u{2009}".as_bytes(),
    "\u{200A}".as_bytes(),
    "\u{200B}".as_bytes(),
    "\u{200C}".as_bytes(),
    "\u{200D}".as_bytes(),
    "\u{2028}".as_bytes(),
    "\u{2029}".as_bytes(),
    "\u{202F}".as_bytes(),
    "\u{205F}".as_bytes(),
    "\u{3000}".as_bytes(),
    "\u{FEFF}".as_bytes(),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn rewritten(lines: &[&str]) -> Vec<String> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(header::COOKIE, HeaderValue::from_bytes(line.as_bytes()).unwrap());
        }
        rewrite(&HostCookies::new(["sid"]).unwrap(), &mut headers);
        let lines = headers.get_all(header::COOKIE).iter();
        lines.map(|line| String::from_utf8(line.as_bytes().to_vec()).unwrap()).collect()
    }

    #[test]
    fn the_plain_name_is_read_from_the_wire_name_alone() {
        for (lines, expected) in [
            (&["__Host-sid=1"][..], &["sid=1"][..]),
            (&["sid=evil"], &[]),
            (&["sid=evil; __Host-sid=1; t=2"], &["sid=1; t=2"]),
            (&["a=1", "__Host-sid=1", "b=2"], &["a=1", "sid=1", "b=2"]),
            (&["__HOST-sid=evil; __Host-sid=1"], &["sid=1"]),
            (&["%5F_Host-sid=evil"], &[]),
            (&["%255F_Host-sid=evil; a=1"], &["a=1"]),
            (&["\u{2000}__Host-sid=evil"], &[]),
            (&["\u{a0}sid=evil"], &[]),
            (&["$Version=1; a=b"], &["a=b"]),
            (&["__Host-sid=1; __Host-sid=2"], &["sid=1"]),
            (&["__Host-sid=1", "__Host-sid=2"], &["sid=1"]),
            (&["sid"], &[]),
            (&["=__Host-sid=evil; a=1"], &["a=1"]),
            (&["a=\"x; sid=evil; b=y\""], &["a=\"x; b=y\""]),
            (&["Sid=evil; a=1"], &["a=1"]),
            (&["a=1;b=2"], &["a=1;b=2"]),
            (&["a=1;b=2; sid=evil;c=3"], &["a=1;b=2; c=3"]),
            (&["theme=dark; consent"], &["theme=dark; consent"]),
        ] {
            assert_eq!(rewritten(lines), expected, "{lines:?}");
        }
    }
}
