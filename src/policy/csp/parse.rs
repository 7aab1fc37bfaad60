//! Reading what others wrote, the way browsers read it.

use std::{borrow::Cow, collections::BTreeSet};

use super::{ContentSecurityPolicy, Directive, print};

impl ContentSecurityPolicy {
    /// Reads policies that others wrote as browsers do (CSP3 section 2.2.1 and 2.2.2): a comma
    /// starts another policy, the first of two namesakes counts, and a directive that is not ASCII
    /// is dropped alone. For one's own policies there is `FromStr`, which tells what is wrong.
    ///
    /// Unknown directives and sources are kept. A policy without directives is none. Of several
    /// header lines each is read by itself. What no header's value may hold (RFC 9110 section 5.5:
    /// control characters but for the tab) is white space where it is that in a page, and else spoils
    /// the directive that it stands in, as in browsers.
    ///
    /// A layer sends what was read as it is, but for a fixed nonce, which anybody can copy: that is
    /// left out, with an event (feature `tracing`). [`lints`](Self::lints) tells of it.
    ///
    /// ```
    /// use tower_hardening::ContentSecurityPolicy;
    ///
    /// let [first, second] = &ContentSecurityPolicy::parse(b"IMG-SRC *; img-src 'none', x")[..] else {
    ///     panic!("two policies");
    /// };
    /// assert_eq!((first.to_string(), second.to_string()), ("img-src *".into(), "x".into()));
    /// ```
    pub fn parse(list: &[u8]) -> Vec<Self> {
        list.split(|byte| *byte == b',').filter_map(|policy| read(policy, &mut |_| {})).collect()
    }
}

/// A directive that browsers skip.
pub(super) enum Skipped<'a> {
    /// It is not ASCII.
    NotAscii(&'a [u8]),
    /// It has a byte that no header may hold.
    Control(&'a str),
    /// One of its name stands before it.
    Second(&'a str),
}

/// One policy, if it has a directive.
pub(super) fn read<'a>(
    policy: &'a [u8],
    skip: &mut dyn FnMut(Skipped<'a>),
) -> Option<ContentSecurityPolicy> {
    let mut seen = BTreeSet::new();
    let mut directives = Vec::new();
    for directive in policy.split(|byte| *byte == b';') {
        // One byte is one code point here.
        let Some(text) = std::str::from_utf8(directive).ok().filter(|text| text.is_ascii()) else {
            skip(Skipped::NotAscii(directive.trim_ascii()));
            continue;
        };
        let text = text.trim_ascii();
        let Some(name) = text.split_ascii_whitespace().next() else { continue };
        if !seen.insert(name.to_ascii_lowercase()) {
            skip(Skipped::Second(name));
        } else if text.bytes().any(|byte| byte.is_ascii_control() && !byte.is_ascii_whitespace()) {
            skip(Skipped::Control(name));
        } else {
            directives.push(Directive { name, value: &text[name.len()..] });
        }
    }
    let text = print(&directives);
    (!text.is_empty()).then_some(ContentSecurityPolicy { text: Cow::Owned(text) })
}
