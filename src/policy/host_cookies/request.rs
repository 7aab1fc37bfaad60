//! The wire's `Cookie` lines become those that the application may believe.

use std::collections::BTreeSet;

use http::{HeaderMap, HeaderValue, Request, header, uri::Authority};

use super::{
    Crossing, HostCookies, LegacyCookies, each_line,
    lookalike::{begins_guarded, looks_alike},
    name::{Pattern, trim},
    pieces::Pieces,
    replace,
};
use crate::policy::directives::is_token;

/// Rewrites every `Cookie` line; lines with nothing to do keep their bytes.
pub(super) fn rewrite<B>(policy: &HostCookies, request: &mut Request<B>) -> Crossing {
    let mut reader = Reader::new(policy, request.headers());
    let mut emptied = false;
    each_line(request.headers_mut(), header::COOKIE, |line| {
        if let Some(rewritten) = reader.line(line.as_bytes()) {
            emptied |= rewritten.is_empty();
            replace(line, rewritten);
        }
    });
    let Reader { carried, believed, .. } = reader;
    if emptied {
        drop_empty_lines(request.headers_mut());
    }
    if believed != 0 {
        let names = policy.guarded.iter().enumerate();
        let names = names.filter(|(index, _)| believed & (1 << index) != 0);
        let names = names.map(|(_, pattern)| pattern.name().to_owned()).collect();
        request.extensions_mut().insert(LegacyCookies(names));
    }
    Crossing { legacy: carried }
}

/// Whether the request names this very machine.
pub(super) fn is_local<B>(request: &Request<B>) -> bool {
    let host = request.headers().get(header::HOST);
    let host = host.and_then(|host| Authority::try_from(host.as_bytes()).ok());
    let authority = request.uri().authority().or(host.as_ref());
    authority
        .is_some_and(|authority| matches!(authority.host(), "localhost" | "127.0.0.1" | "[::1]"))
}

/// Which guarded cookies take part in a migration that goes on, and which of them may come under
/// their plain names, since no line has the guarded twin; by bit.
fn migrating(policy: &HostCookies, headers: &HeaderMap) -> (u64, u64) {
    if !policy.is_migrating() {
        return (0, 0);
    }
    let names = || {
        let lines = headers.get_all(header::COOKIE).iter();
        let segments = lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b';'));
        segments.filter_map(|segment| Some(trim(&segment[..equals(segment)?])))
    };
    let bits = |counts: &dyn Fn(&Pattern) -> bool| {
        let patterns = policy.guarded.iter().enumerate();
        let counted = patterns.filter(|(_, pattern)| !pattern.is_open() && counts(pattern));
        counted.fold(0, |bits, (index, _)| bits | 1 << index)
    };
    (bits(&|_| true), bits(&|pattern| !names().any(|name| pattern.is_wire(name))))
}

fn drop_empty_lines(headers: &mut HeaderMap) {
    let lines = headers.get_all(header::COOKIE).iter();
    let kept: Vec<HeaderValue> = lines.filter(|line| !line.is_empty()).cloned().collect();
    headers.remove(header::COOKIE);
    for line in kept {
        headers.append(header::COOKIE, line);
    }
}

fn equals(segment: &[u8]) -> Option<usize> {
    segment.iter().position(|byte| *byte == b'=')
}

/// What becomes of one segment between semicolons.
#[derive(Clone, Copy)]
enum Verdict {
    Keep,
    Drop,
    /// A guarded cookie: forwarded without so many bytes of prefix.
    Rename(usize),
}

/// Reads the lines of one request, in order.
struct Reader<'a> {
    policy: &'a HostCookies,
    /// Guarded names that migrate, by bit.
    migrating: u64,
    /// Of those, the ones that may come plain.
    legacy: u64,
    /// Those that did come plain.
    carried: u64,
    /// Of those, the ones that the application gets.
    believed: u64,
    /// Guarded names that came, by bit.
    seen: u64,
    /// The same for names with a `*`.
    seen_open: BTreeSet<Vec<u8>>,
}

impl<'a> Reader<'a> {
    fn new(policy: &'a HostCookies, headers: &HeaderMap) -> Self {
        let (migrating, legacy) = migrating(policy, headers);
        let seen_open = BTreeSet::new();
        Self { policy, migrating, legacy, carried: 0, believed: 0, seen: 0, seen_open }
    }

    /// The line for the application, or nothing when it is to stay as it is.
    fn line(&mut self, line: &[u8]) -> Option<Vec<u8>> {
        let mut kept = Pieces::new();
        let mut changed = false;
        let mut start = 0;
        while start <= line.len() {
            let segment = Segment::read(line, start);
            start = segment.end + 1;
            let verdict = self.judge(&segment);
            changed |= !matches!(verdict, Verdict::Keep);
            let bytes = match verdict {
                Verdict::Keep => segment.text,
                Verdict::Drop => continue,
                Verdict::Rename(prefix) => &segment.text[prefix..],
            };
            if !bytes.is_empty() {
                kept.push(if kept.is_empty() { b"" } else { b"; " });
                kept.push(bytes);
            }
        }
        changed.then(|| kept.join())
    }

    fn judge(&mut self, segment: &Segment<'_>) -> Verdict {
        let text = segment.text;
        if text.is_empty() {
            return Verdict::Keep;
        }
        // One byte that is not ASCII makes some frameworks drop the whole line.
        if !segment.is_ascii {
            return Verdict::Drop;
        }
        let Some((name, value)) = segment.pair else {
            let drop = self.policy.strict || begins_guarded(text) || self.looks_alike(text);
            return if drop { Verdict::Drop } else { Verdict::Keep };
        };
        if self.policy.strict && is_ambiguous(name, value) {
            return Verdict::Drop;
        }
        if let Some(index) = self.policy.guarded.iter().position(|pattern| pattern.is_wire(name)) {
            return self.guarded(index, name);
        }
        if self.may_come_plain(name) {
            return Verdict::Keep;
        }
        let drop = name.starts_with(b"$")
            || self.looks_alike(name)
            || begins_guarded(value)
            || (name.is_empty() && self.looks_alike(value));
        if drop { Verdict::Drop } else { Verdict::Keep }
    }

    /// A guarded cookie under its wire name: the first counts, and browsers send but one.
    fn guarded(&mut self, index: usize, name: &[u8]) -> Verdict {
        let first = if self.policy.guarded[index].is_open() {
            self.seen_open.insert(name.to_vec())
        } else {
            let seen = self.seen;
            self.seen |= 1 << index;
            seen != self.seen
        };
        if first { Verdict::Rename(self.policy.prefix.as_str().len()) } else { Verdict::Drop }
    }

    /// Whether a plain name is believed; the first of each, like the guarded ones.
    fn may_come_plain(&mut self, name: &[u8]) -> bool {
        if self.migrating == 0 {
            return false;
        }
        let index = self.policy.guarded.iter().position(|pattern| pattern.is_plain(name));
        let bit = index.map_or(0, |index| 1 << index) & self.migrating;
        let believed = self.legacy & bit & !self.believed;
        self.carried |= bit;
        self.believed |= believed;
        believed != 0
    }

    fn looks_alike(&self, name: &[u8]) -> bool {
        looks_alike(self.policy, name)
    }
}

/// What two parsers may read in two ways.
fn is_ambiguous(name: &[u8], value: &[u8]) -> bool {
    let quoted = value.len() >= 2 && value.starts_with(b"\"") && value.ends_with(b"\"");
    let inside = if quoted { &value[1..value.len() - 1] } else { value };
    name.is_empty()
        || !name.iter().copied().all(is_token)
        || inside.iter().any(|byte| matches!(byte, b'"' | b'\\'))
}

/// What stands between two semicolons.
struct Segment<'a> {
    /// Without white space around.
    text: &'a [u8],
    /// The name before the first `=` and the value behind it.
    pair: Option<(&'a [u8], &'a [u8])>,
    /// Whether every byte is visible ASCII or white.
    is_ascii: bool,
    /// Where the next `;` stands.
    end: usize,
}

impl<'a> Segment<'a> {
    #[inline]
    fn read(line: &'a [u8], start: usize) -> Self {
        let mut end = start;
        let mut equals = None;
        let mut is_ascii = true;
        while end < line.len() && line[end] != b';' {
            let byte = line[end];
            is_ascii &= matches!(byte, b'\t' | b' '..=b'~');
            if byte == b'=' && equals.is_none() {
                equals = Some(end);
            }
            end += 1;
        }
        let pair = equals.map(|equals| (trim(&line[start..equals]), trim(&line[equals + 1..end])));
        Self { text: trim(&line[start..end]), pair, is_ascii, end }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rewritten(policy: &HostCookies, lines: &[&str]) -> Vec<String> {
        let mut request = Request::new(());
        for line in lines {
            let line = HeaderValue::from_bytes(line.as_bytes()).unwrap();
            request.headers_mut().append(header::COOKIE, line);
        }
        policy.on_request(&mut request);
        let lines = request.headers().get_all(header::COOKIE).iter();
        lines.map(|line| String::from_utf8(line.as_bytes().to_vec()).unwrap()).collect()
    }

    #[test]
    fn the_plain_name_is_read_from_the_wire_name_alone() {
        let policy = HostCookies::new(["sid"]).unwrap();
        for (lines, expected) in [
            (&["__Host-sid=1"][..], &["sid=1"][..]),
            (&["sid=evil"], &[]),
            (&["sid=evil; __Host-sid=1; t=2"], &["sid=1; t=2"]),
            (&["a=1", "__Host-sid=1", "b=2"], &["a=1", "sid=1", "b=2"]),
            (&["__HOST-sid=evil; __Host-sid=1"], &["sid=1"]),
            (&["%5F_Host-sid=evil"], &[]),
            (&["\u{2000}__Host-sid=evil"], &[]),
            (&["\u{a0}sid=evil"], &[]),
            (&["$Version=1; a=b"], &["a=b"]),
            (&["__Host-sid=1; __Host-sid=2"], &["sid=1"]),
            (&["__Host-sid=1", "__Host-sid=2"], &["sid=1"]),
            (&["sid"], &[]),
            (&["a=\"x; sid=evil; b=y\""], &["a=\"x; b=y\""]),
            (&["Sid=evil; a=1"], &["a=1"]),
            (&["a=1;b=2"], &["a=1;b=2"]),
            (&["a=1;b=2;; sid=evil;c=3 "], &["a=1; b=2; c=3"]),
            (&["theme=dark; consent"], &["theme=dark; consent"]),
            (&["__Host-sid = 1"], &["sid = 1"]),
            (&["__Host-sid=\"a=b\""], &["sid=\"a=b\""]),
            (&["__Host-other=1; __Secure-a=2"], &["__Host-other=1; __Secure-a=2"]),
            (&["a=__host-sid=evil; b=a__Host-"], &["b=a__Host-"]),
        ] {
            assert_eq!(rewritten(&policy, lines), expected, "{lines:?}");
        }
    }

    #[test]
    fn a_malformed_neighbour_costs_nobody_else_his_cookie() {
        let policy = HostCookies::new(["sid"]).unwrap();
        assert_eq!(rewritten(&policy, &["a=\u{fc}; __Host-sid=1; b=2"]), ["sid=1; b=2"]);
        assert_eq!(
            rewritten(&policy.strict(), &["=x; a; b=\"; c=\\; d e=1; f=\"g\"; h=1"]),
            ["f=\"g\"; h=1"]
        );
    }

    #[test]
    fn a_name_with_a_star_guards_all_that_begin_so() {
        let policy =
            HostCookies::new(["app_*"]).unwrap().prefix(super::super::CookiePrefix::HostHttp);
        assert_eq!(
            rewritten(
                &policy,
                &[
                    "__Host-Http-app_a=1; app_b=evil; __Host-Http-app_b=2; __Host-Http-app_a=3; APP_c=evil; app=1"
                ]
            ),
            ["app_a=1; app_b=2; app=1"],
        );
    }
}
