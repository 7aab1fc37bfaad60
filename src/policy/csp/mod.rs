//! `Content-Security-Policy`: what a page may load, run, and be framed by.

use std::{
    borrow::Cow,
    hash::{Hash, Hasher},
    str::FromStr,
};

use crate::{Lint, ParseError, event};

mod build;
mod change;
mod check;
mod check_source;
mod directive;
mod edit;
mod fault;
mod hash;
mod known;
mod lint;
mod lint_text;
mod lint_value;
mod parse;
mod source;
mod template;
mod values;

pub use change::CspOverride;
pub use directive::SourceDirective;
use directive::{is_silenced, is_strict_dynamic};
pub use source::{Ancestor, Source};
pub(crate) use template::Template;
pub use values::{EndpointName, SandboxToken, TrustedTypesPolicy, Webrtc};

/// `Content-Security-Policy`: what a page may load, run, and be framed by
/// ([CSP Level 3](https://www.w3.org/TR/CSP3/)).
///
/// Read from text, it is held to what a careful author would write: known directives, each once,
/// keywords in their quotes, ASCII, no comma. `'nonce-{}'` stands for a nonce that is new in every
/// response (feature `nonce`). Equality is that of directives and values, whatever the white space.
///
/// ```
/// use tower_hardening::{ContentSecurityPolicy, Source, SourceDirective};
///
/// // Checked when compiling.
/// const EMBED: ContentSecurityPolicy =
///     ContentSecurityPolicy::from_static("default-src 'self'; frame-ancestors https://a.example");
/// // The same at run time, with an error that teaches.
/// let error = "default-src self".parse::<ContentSecurityPolicy>().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "content-security-policy, byte 12: 'self' would be a host of that name; \
///      write it in single quotes",
/// );
/// // Edited: what is extended starts from what it falls back to.
/// let policy = EMBED.extend(SourceDirective::IMG_SRC, [Source::DATA])?;
/// assert_eq!(
///     policy.to_string(),
///     "default-src 'self'; frame-ancestors https://a.example; img-src 'self' data:",
/// );
/// // What would do nothing is refused, and so is a policy longer than 8192 bytes.
/// let error = policy.img_src([Source::UNSAFE_EVAL]).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "content-security-policy, byte 8: 'unsafe-eval' has no effect in img-src; remove it",
/// );
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
#[derive(Clone, Debug)]
pub struct ContentSecurityPolicy {
    /// Free of faults; as it was written in a literal, else as it is printed.
    text: Cow<'static, str>,
}

impl ContentSecurityPolicy {
    /// Nothing is loaded, framed or sent anywhere: where to start from.
    pub const NONE: Self = Self::from_static(
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );

    /// From a literal; `FromStr` is its twin for text that comes at run time.
    ///
    /// # Panics
    ///
    /// On a text that `FromStr` refuses: in a `const`, when compiling.
    ///
    /// ```compile_fail
    /// # use tower_hardening::ContentSecurityPolicy;
    /// const POLICY: ContentSecurityPolicy =
    ///     ContentSecurityPolicy::from_static("script-src 'nonce-r4nd0m'");
    /// ```
    pub const fn from_static(text: &'static str) -> Self {
        match check::policy_fault(text.as_bytes()) {
            None => Self { text: Cow::Borrowed(text) },
            Some(fault) => fault.panic(text),
        }
    }

    /// The directives, in order.
    pub fn directives(&self) -> impl Iterator<Item = Directive<'_>> {
        self.text.split(';').filter_map(|text| {
            let text = text.trim_ascii();
            let end = text.find([' ', '\t']).unwrap_or(text.len());
            let (name, value) = text.split_at(end);
            (!name.is_empty()).then_some(Directive { name, value })
        })
    }

    /// The directive of that name, in lower case.
    pub fn get(&self, name: &str) -> Option<Directive<'_>> {
        self.directives().find(|directive| directive.is(name))
    }

    /// Whether there is no directive left: such a policy is not sent.
    pub fn is_empty(&self) -> bool {
        self.directives().next().is_none()
    }

    /// Whether a source of it is a nonce.
    pub fn has_nonce(&self) -> bool {
        self.directives().any(|directive| directive.has_nonce())
    }

    /// Returns the policy of a response whose nonce was not read.
    ///
    /// Next to a nonce or a hash browsers ignore `'unsafe-inline'`, and without either
    /// `'strict-dynamic'` blocks every script. So both leave a list along with its last nonce,
    /// unless a hash stays. An empty list is `'none'`.
    pub(crate) fn without_nonce(&self) -> Self {
        let mut policy = self.clone();
        for directive in self.directives() {
            let mut values: Vec<&str> = directive.values().collect();
            let had_nonce = values.iter().any(|value| check::is_nonce(value));
            if !had_nonce || SourceDirective::named(directive.name).is_none() {
                continue;
            }
            values.retain(|value| !check::is_nonce(value));
            if !values.iter().any(|value| known::is_nonce_or_hash(value)) {
                values.retain(|value| !is_silenced(value) && !is_strict_dynamic(value));
            }
            policy = policy.set(directive.name, &values);
        }
        policy
    }

    /// The policy as it may be sent: a nonce that somebody wrote is known to all, and goes.
    pub(crate) fn without_fixed_nonces(&self) -> Self {
        let policy = self.without_values(&|directive, value| {
            let nonce = value.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("'nonce-"));
            nonce && !(check::is_nonce(value) && directive.has_nonce())
        });
        if policy != *self {
            event::fixed_nonce();
        }
        policy
    }

    /// Without some sources, and what they silenced.
    fn without_values(&self, goes: &dyn Fn(Directive<'_>, &str) -> bool) -> Self {
        let mut policy = self.clone();
        for directive in self.directives() {
            let mut values: Vec<&str> = directive.values().collect();
            let going = values.iter().any(|value| goes(directive, value));
            if going && SourceDirective::named(directive.name).is_some() {
                values.retain(|value| !goes(directive, value) && !is_silenced(value));
                policy = policy.set(directive.name, &values);
            }
        }
        policy
    }

    /// How long the header is at most, in bytes: with its nonces filled in.
    fn sent_length(&self) -> usize {
        check::sent_length(self.text.as_bytes())
    }

    /// What is legal here, and yet weak, dead or contradictory: each with a stable id, how much it
    /// matters, and what to do about it. For text of which browsers may skip a part there is
    /// [`audit`](Self::audit).
    pub fn lints(&self) -> Vec<Lint> {
        lint::lints(self)
    }

    /// What a browser goes by for that directive: itself, or the nearest that stands in for it.
    fn effective(&self, directive: SourceDirective) -> Option<Directive<'_>> {
        let others = || directive.fallback().iter().find_map(|name| self.get(name));
        self.get(directive.name()).or_else(others)
    }

    fn list(&self) -> Vec<Directive<'_>> {
        self.directives().collect()
    }

    fn text(&self) -> Cow<'static, str> {
        let printed = print(&self.list());
        match &self.text {
            Cow::Borrowed(text) if *text == printed => Cow::Borrowed(text),
            _ => Cow::Owned(printed),
        }
    }
}

/// Whether the bytes are a scheme, a host and perhaps a port, as other headers name origins too.
pub(super) const fn is_origin(text: &[u8], start: usize, end: usize) -> bool {
    let mut at = start;
    while at < end && text[at] != b':' {
        at += 1;
    }
    let scheme = at > start && at + 3 < end && text[at + 1] == b'/' && text[at + 2] == b'/';
    scheme && text[end - 1] != b'/' && check_source::ancestor_fault(text, start, end).is_none()
}

/// CSP3 section 2.2's serialisation: one line, lower-case names, single spaces.
fn print(directives: &[Directive<'_>]) -> String {
    let mut text = String::new();
    for directive in directives {
        if !text.is_empty() {
            text.push_str("; ");
        }
        text.push_str(&directive.name.to_ascii_lowercase());
        for value in directive.values() {
            text.push(' ');
            text.push_str(if check::is_nonce(value) { check::NONCE } else { value });
        }
    }
    text
}

text_policy!(ContentSecurityPolicy, "content-security-policy", Keep, Single, lints);

impl FromStr for ContentSecurityPolicy {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        if let Some(fault) = check::policy_fault(text.as_bytes()) {
            return Err(fault.error(text));
        }
        let policy = Self { text: Cow::Owned(text.to_owned()) };
        Ok(Self { text: Cow::Owned(print(&policy.list())) })
    }
}

impl PartialEq for ContentSecurityPolicy {
    fn eq(&self, other: &Self) -> bool {
        print(&self.list()) == print(&other.list())
    }
}

impl Eq for ContentSecurityPolicy {}

impl Hash for ContentSecurityPolicy {
    fn hash<H: Hasher>(&self, state: &mut H) {
        print(&self.list()).hash(state);
    }
}

/// One directive of a [`ContentSecurityPolicy`].
#[derive(Clone, Copy, Debug)]
pub struct Directive<'a> {
    name: &'a str,
    value: &'a str,
}

impl<'a> Directive<'a> {
    /// Its name, as it was written.
    pub fn name(&self) -> &'a str {
        self.name
    }

    /// Its values, in order.
    pub fn values(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.value.split_ascii_whitespace()
    }

    /// Whether a source of it is a nonce, where nonces count.
    fn has_nonce(&self) -> bool {
        SourceDirective::named(self.name).is_some_and(|directive| directive.counts(check::NONCE))
            && self.values().any(check::is_nonce)
    }

    fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }
}
