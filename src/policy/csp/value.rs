//! Defines a `Content-Security-Policy` that the application itself writes.

use std::{
    borrow::Cow,
    hash::{Hash, Hasher},
    str::FromStr,
};

use super::{directive::Directive, lint, source_directive::SourceDirective};
use crate::policy::header::header_policy;
use crate::{
    error::ParseError,
    lint::Lint,
    policy::csp::grammar::{
        scanner::{policy_error, sent_length},
        tables::is_nonce,
    },
};

/// Represents a `Content-Security-Policy`: it limits what a page may load and run, and the pages
/// that may frame it ([CSP Level 3](https://www.w3.org/TR/CSP3/)).
///
/// A text is validated strictly: it has known directives, each once, keywords in their quotes,
/// ASCII only, and no comma. White space and line ends are separators. `'nonce-{}'` represents a
/// nonce that is new in every response (feature `nonce`). Policies are equal if they print the same
/// text. A policy that another program wrote is a [`ReceivedPolicy`](crate::csp::ReceivedPolicy).
///
/// The text of a policy is read back as an equal policy. There are two exceptions, because `FromStr`
/// rejects their text: [`EMPTY`](Self::EMPTY), and a policy with a
/// [`dangerous_directive`](Self::dangerous_directive). To serialize one of them (feature `serde`) is
/// an error.
///
/// ```
/// use tower_hardening::{ContentSecurityPolicy, csp::{Source, SourceDirective}};
///
/// // Checked when compiling.
/// const EMBED: ContentSecurityPolicy =
///     ContentSecurityPolicy::from_static("default-src 'self'; frame-ancestors https://a.example");
/// // Edited: a directive that is extended starts from the one that it falls back to.
/// let policy = EMBED.extend(SourceDirective::IMG_SRC, [Source::DATA])?;
/// assert_eq!(
///     policy.to_string(),
///     "default-src 'self'; frame-ancestors https://a.example; img-src 'self' data:",
/// );
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
///
/// An error names the text found, its position, and the remedy:
///
/// ```
/// use tower_hardening::{ContentSecurityPolicy, csp::Source};
///
/// let error = "default-src self".parse::<ContentSecurityPolicy>().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "content-security-policy, byte 12: 'self' is an unquoted keyword; write it in single quotes",
/// );
/// let error = ContentSecurityPolicy::NONE.img_src([Source::UNSAFE_EVAL]).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "content-security-policy, byte 8: 'unsafe-eval' has no effect in img-src; remove it",
/// );
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct ContentSecurityPolicy {
    /// The text, which is valid: as it was written, or as it is printed after an edit.
    pub(super) text: Cow<'static, str>,
}

impl ContentSecurityPolicy {
    /// A policy that allows nothing to be loaded, framed or sent, as a basis
    /// for edits.
    pub const NONE: Self = Self::from_static(
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );

    /// A policy without directives, as a basis for edits.
    ///
    /// It has no text and is not sent unless a directive is added. `FromStr` rejects an empty text,
    /// and to serialize this policy (feature `serde`) is an error.
    ///
    /// ```
    /// use tower_hardening::ContentSecurityPolicy;
    ///
    /// // A map of names to lists, as helmet and Django have it.
    /// let map = [("default-src", "'self'"), ("img-src", "'self' https://a.example")];
    /// let mut policy = ContentSecurityPolicy::EMPTY;
    /// for (name, value) in map {
    ///     policy = policy.set_text(name, value)?;
    /// }
    /// assert_eq!(policy.to_string(), "default-src 'self'; img-src 'self' https://a.example");
    /// # Ok::<(), tower_hardening::ParseError>(())
    /// ```
    pub const EMPTY: Self = Self { text: Cow::Borrowed("") };

    /// Parses a literal. For text at run time, use `FromStr`.
    ///
    /// # Panics
    ///
    /// Panics on a text that `FromStr` rejects. In a `const`, this is a compile-time error.
    ///
    /// ```compile_fail
    /// use tower_hardening::ContentSecurityPolicy;
    ///
    /// const POLICY: ContentSecurityPolicy =
    ///     ContentSecurityPolicy::from_static("script-src 'nonce-r4nd0m'");
    /// ```
    pub const fn from_static(text: &'static str) -> Self {
        match policy_error(text.as_bytes()) {
            None => Self { text: Cow::Borrowed(text) },
            Some(error) => error.panic(text),
        }
    }

    /// Returns the directives, in order.
    pub fn directives(&self) -> impl Iterator<Item = Directive<'_>> {
        Directive::split(&self.text)
    }

    /// Returns the directive with this name, in any letter case.
    pub fn get(&self, name: &str) -> Option<Directive<'_>> {
        self.directives().find(|directive| directive.is(name))
    }

    /// Returns `true` if the policy has no directive. Such a policy is not
    /// sent.
    pub fn is_empty(&self) -> bool {
        self.directives().next().is_none()
    }

    /// Returns `true` if a source of the policy is a nonce.
    pub fn has_nonce(&self) -> bool {
        let mut sources =
            self.directives().filter(|one| SourceDirective::named(one.name()).is_some());
        sources.any(|one| one.values().any(is_nonce))
    }

    /// Returns the parts of the policy that are legal but weak, without effect
    /// or contradictory. Each lint has a stable id, a severity, its position in the text, and a
    /// remedy.
    ///
    /// The position is a byte of the text from which the policy was parsed or, after an edit, of
    /// its `Display`.
    ///
    /// ```
    /// use tower_hardening::ContentSecurityPolicy;
    ///
    /// let policy = ContentSecurityPolicy::from_static(
    ///     "script-src 'self' 'unsafe-eval'; object-src 'none'; base-uri 'none'; \
    ///      form-action 'none'; frame-ancestors 'none'",
    /// );
    /// let lint = &policy.lints()[0];
    /// assert_eq!((lint.id(), lint.offset()), ("csp-script-unsafe-eval", Some(18)));
    /// ```
    pub fn lints(&self) -> Vec<Lint> {
        lint::lints(self.directives().collect(), sent_length(self.text.as_bytes()))
    }
}

header_policy!(ContentSecurityPolicy, "content-security-policy", existing: IfNotPresent, lines: Single, browsers: "all", lints: lints, report_only: "content-security-policy-report-only");

impl FromStr for ContentSecurityPolicy {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        match policy_error(text.as_bytes()) {
            None => Ok(Self { text: Cow::Owned(text.to_owned()) }),
            Some(error) => Err(error.error(text)),
        }
    }
}

impl PartialEq for ContentSecurityPolicy {
    fn eq(&self, other: &Self) -> bool {
        self.text() == other.text()
    }
}

impl Eq for ContentSecurityPolicy {}

impl Hash for ContentSecurityPolicy {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text().hash(state);
    }
}
