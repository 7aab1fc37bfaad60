//! Reading what others wrote, the way browsers read it.

use std::borrow::Cow;

use super::{ContentSecurityPolicy, Directive, print};

impl ContentSecurityPolicy {
    /// Reads policies that others wrote as browsers do (CSP3 section 2.2.1 and 2.2.2): a comma
    /// starts another policy, the first of two namesakes counts, and a directive that is not ASCII
    /// is dropped alone. For one's own policies there is `FromStr`, which tells what is wrong.
    ///
    /// Unknown directives and sources are kept. A policy without directives is none. Of several
    /// header lines each is read by itself.
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
        list.split(|byte| *byte == b',').filter_map(one).collect()
    }
}

fn one(policy: &[u8]) -> Option<ContentSecurityPolicy> {
    let mut seen = std::collections::HashSet::new();
    let directives = policy.split(|byte| *byte == b';').filter_map(|directive| {
        // One byte is one code point here, and a control character spoils its directive.
        let text = std::str::from_utf8(directive).ok().filter(|text| text.is_ascii())?;
        let text = text.trim_ascii();
        let spoilt = |byte: u8| byte.is_ascii_control() && !byte.is_ascii_whitespace();
        let mut words = text.split_ascii_whitespace();
        let name = words.next()?;
        (seen.insert(name.to_ascii_lowercase()) && !text.bytes().any(spoilt))
            .then(|| Directive { name, value: &text[name.len()..] })
    });
    let text = print(directives);
    (!text.is_empty()).then_some(ContentSecurityPolicy { text: Cow::Owned(text) })
}
