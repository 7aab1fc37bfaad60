//! Reads headers that another program sent, as browsers read them.
//!
//! The types here cannot enter a layer. An application reads its own policies with the `FromStr` of
//! their types, which rejects what browsers ignore.

use std::time::Duration;

use super::{frame_options::FrameOptions, referrer_policy::ReferrerPolicy};
use crate::{
    error::ParseError,
    syntax::directives::{Directive, directives},
};

/// Represents a `Strict-Transport-Security` header that another program sent, as browsers read it
/// ([RFC 6797 section 6.1](https://www.rfc-editor.org/rfc/rfc6797#section-6.1)).
///
/// ```
/// use tower_hardening::{StrictTransportSecurity, header::ReceivedStrictTransportSecurity};
///
/// let text = "max-age=300; includeSubDomain; preload";
/// let received = ReceivedStrictTransportSecurity::parse(text)?;
/// assert!(received.is_preload() && !received.includes_subdomains());
/// assert_eq!(received.ignored(), ["includesubdomain"]);
/// assert!(text.parse::<StrictTransportSecurity>().is_err());
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedStrictTransportSecurity {
    max_age: u64,
    include_subdomains: bool,
    preload: bool,
    ignored: Vec<String>,
}

impl ReceivedStrictTransportSecurity {
    /// Reads the first line of the header, which is the only one that browsers
    /// use. A number too large becomes the maximum.
    ///
    /// # Errors
    ///
    /// Returns an error for a line that browsers ignore: its syntax is invalid, a directive occurs
    /// twice, or `max-age` is absent.
    pub fn parse(line: &str) -> Result<Self, ParseError> {
        const NAME: &str = "strict-transport-security";

        let mut list = directives(NAME, line, b';')?;
        let max_age = seconds(&mut list, NAME)?;
        let include_subdomains = take(&mut list, "includesubdomains");
        // Chromium ignores a line in which this directive has a value.
        include_subdomains.iter().try_for_each(|directive| directive.bare(NAME))?;
        let include_subdomains = include_subdomains.is_some();
        let preload = take(&mut list, "preload").is_some();
        Ok(Self { max_age, include_subdomains, preload, ignored: names(list) })
    }

    /// Returns the duration, in seconds. Zero means that a browser forgets the
    /// host.
    pub fn max_age(&self) -> Duration {
        Duration::from_secs(self.max_age)
    }

    /// Returns `true` if subdomains are included.
    pub fn includes_subdomains(&self) -> bool {
        self.include_subdomains
    }

    /// Returns `true` if the header requests preloading. Browsers ignore the
    /// directive; the maintainers of their lists read it.
    pub fn is_preload(&self) -> bool {
        self.preload
    }

    /// Returns the directives that browsers ignore, in lower case.
    pub fn ignored(&self) -> &[String] {
        &self.ignored
    }
}

/// Represents an `Expect-CT` header that another program sent ([RFC 9163 section
/// 2.1](https://www.rfc-editor.org/rfc/rfc9163#section-2.1)). No browser of today reads it.
///
/// ```
/// use tower_hardening::header::ReceivedExpectCt;
///
/// let received = ReceivedExpectCt::parse("max-age=300, enforce, enforced")?;
/// assert!(received.is_enforced());
/// assert_eq!(received.ignored(), ["enforced"]);
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedExpectCt {
    max_age: u64,
    enforce: bool,
    report_uri: Option<String>,
    ignored: Vec<String>,
}

impl ReceivedExpectCt {
    /// Reads the header. Join several lines with a comma.
    ///
    /// # Errors
    ///
    /// Returns an error for a header whose syntax is invalid, in which a directive occurs twice, or
    /// without `max-age`.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        const NAME: &str = "expect-ct";

        let mut list = directives(NAME, text, b',')?;
        let max_age = seconds(&mut list, NAME)?;
        let enforce = take(&mut list, "enforce").is_some();
        let report_uri = take(&mut list, "report-uri").and_then(|one| one.value);
        let report_uri = report_uri.map(|(uri, _)| uri);
        Ok(Self { max_age, enforce, report_uri, ignored: names(list) })
    }

    /// Returns the duration, in seconds.
    pub fn max_age(&self) -> Duration {
        Duration::from_secs(self.max_age)
    }

    /// Returns `true` if connections without logged certificates fail.
    pub fn is_enforced(&self) -> bool {
        self.enforce
    }

    /// Returns the address of reports, unchecked.
    pub fn report_uri(&self) -> Option<&str> {
        self.report_uri.as_deref()
    }

    /// Returns the directives that browsers ignored, in lower case.
    pub fn ignored(&self) -> &[String] {
        &self.ignored
    }
}

/// Represents a `Referrer-Policy` header that another program sent, as browsers read it ([Referrer
/// Policy section 8.1](https://www.w3.org/TR/referrer-policy/#parse-referrer-policy-from-header)).
///
/// ```
/// use tower_hardening::header::ReceivedReferrerPolicy;
///
/// let received = ReceivedReferrerPolicy::parse("no-referrer, strict-orign");
/// assert_eq!(received.policy(), Some("no-referrer"));
/// assert_eq!(received.ignored(), ["strict-orign"]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedReferrerPolicy {
    policy: Option<&'static str>,
    ignored: Vec<String>,
}

impl ReceivedReferrerPolicy {
    /// Reads the header. Join several lines with a comma.
    pub fn parse(text: &str) -> Self {
        let mut received = Self { policy: None, ignored: Vec::new() };
        for token in text.split(',').map(|part| part.trim_matches([' ', '\t'])) {
            match ReferrerPolicy::word(token) {
                Some(known) => received.policy = Some(known),
                None if token.is_empty() => {}
                None => received.ignored.push(token.to_owned()),
            }
        }
        let is_token = |token: &String| token.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-');
        if !received.ignored.iter().all(is_token) {
            // A member that is not a token makes the header invalid as a whole.
            received.policy = None;
        }
        received
    }

    /// Returns the policy that applies: the last one that browsers know.
    /// Without one, browsers use their default.
    pub fn policy(&self) -> Option<&'static str> {
        self.policy
    }

    /// Returns the members of the list that browsers do not know.
    pub fn ignored(&self) -> &[String] {
        &self.ignored
    }
}

/// Represents an `X-Frame-Options` header that another program sent, as browsers read it
/// ([HTML](https://html.spec.whatwg.org/multipage/document-lifecycle.html#the-x-frame-options-header)).
///
/// ```
/// use tower_hardening::header::ReceivedFrameOptions;
///
/// let read = ReceivedFrameOptions::parse;
/// assert_eq!(read("SAMEORIGIN, sameorigin"), ReceivedFrameOptions::SameOrigin);
/// assert_eq!(read("SAMEORIGIN, DENY"), ReceivedFrameOptions::Deny);
/// assert_eq!(read("ALLOW-FROM https://a.example"), ReceivedFrameOptions::Unprotected);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReceivedFrameOptions {
    /// No page may frame this one. Contradictory values have this effect too.
    Deny,
    /// Only pages of the same origin may frame this one.
    SameOrigin,
    /// Every page may frame this one. Values that browsers do not know, such
    /// as `ALLOW-FROM`, have this effect.
    Unprotected,
}

impl ReceivedFrameOptions {
    /// Reads the header. Join several lines with a comma.
    pub fn parse(text: &str) -> Self {
        let mut values: Vec<String> = text
            .split(',')
            .map(|part| part.trim_matches([' ', '\t']).to_ascii_lowercase())
            .collect();
        values.sort_unstable();
        values.dedup();
        let known = ["allowall", "deny", "sameorigin"];
        match &values[..] {
            [one] if is(FrameOptions::DENY.as_str(), one) => Self::Deny,
            [one] if is(FrameOptions::SAMEORIGIN.as_str(), one) => Self::SameOrigin,
            [_, _, ..] if values.iter().any(|value| known.contains(&value.as_str())) => Self::Deny,
            _ => Self::Unprotected,
        }
    }
}

/// Represents an `X-Content-Type-Options` header that another program sent, as browsers read it
/// ([Fetch](https://fetch.spec.whatwg.org/#determine-nosniff)).
///
/// ```
/// use tower_hardening::header::ReceivedContentTypeOptions;
///
/// assert!(ReceivedContentTypeOptions::parse("nosniff, none").is_nosniff());
/// assert!(!ReceivedContentTypeOptions::parse("none").is_nosniff());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReceivedContentTypeOptions {
    nosniff: bool,
}

impl ReceivedContentTypeOptions {
    /// Reads the header: only the first value of a list counts. Join several
    /// lines with a comma.
    pub fn parse(text: &str) -> Self {
        let first = text.split(',').next().unwrap_or_default();
        Self { nosniff: is("nosniff", first.trim_matches([' ', '\t'])) }
    }

    /// Returns `true` if browsers trust the declared content type.
    pub fn is_nosniff(&self) -> bool {
        self.nosniff
    }
}

fn is(word: &str, text: &str) -> bool {
    word.eq_ignore_ascii_case(text)
}

fn take(list: &mut Vec<Directive>, name: &str) -> Option<Directive> {
    let index = list.iter().position(|directive| directive.name == name)?;
    Some(list.remove(index))
}

fn seconds(list: &mut Vec<Directive>, header: &'static str) -> Result<u64, ParseError> {
    match take(list, "max-age") {
        Some(directive) => directive.seconds(header),
        None => Err(ParseError::new(header, 0, "there is no max-age; write max-age=31536000")),
    }
}

fn names(list: Vec<Directive>) -> Vec<String> {
    list.into_iter().map(|directive| directive.name).collect()
}
