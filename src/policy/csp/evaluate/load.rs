//! Describes what a page does: loads, inline code, navigations.

use super::{destination::Destination, hashes::Text, inline_kind::InlineKind};
use crate::{
    error::{ParseError, shown},
    policy::csp::source::Source,
    request::{Origin, WebUrl},
};

/// Describes one thing that a page does and that a policy can block: a load, inline code, a form, a
/// frame around the page.
///
/// Ask an [`Evaluator`](crate::csp::Evaluator) whether a policy allows it.
///
/// ```
/// use tower_hardening::csp::{Destination, Load};
///
/// let image = Load::fetch(Destination::Image, "https://cdn.example/logo.png")?;
/// let script = Load::inline_script("start()").with_nonce("MTIzNDU2Nzg5MDEyMzQ1Njc4");
/// let form = Load::form_action("https://own.example/pay")?.redirected_to("https://bank.example/")?;
/// // A URL is absolute.
/// assert!(Load::fetch(Destination::Image, "/logo.png").is_err());
/// # let _ = (image, script, form);
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Load {
    pub(super) kind: Kind,
    pub(super) nonce: String,
    pub(super) integrity: String,
    pub(super) text: Text,
    pub(super) insertion: Insertion,
    pub(super) redirects: Vec<WebUrl>,
}

/// Represents the kind of a load.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Fetch(Destination, WebUrl),
    Inline(InlineKind),
    Eval(EvalText),
    WebAssembly,
    Base(WebUrl),
    FormAction(WebUrl),
    FramedBy(Vec<WebUrl>),
    TrustedTypesPolicy(String, PolicyName),
    TrustedTypesSink,
}

/// Represents the way in which a `<script>` got into the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Insertion {
    Parser,
    Script,
}

/// Represents the type of the argument of `eval`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EvalText {
    Plain,
    Trusted,
}

/// Represents the use of a name of Trusted Types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PolicyName {
    New,
    Used,
}

impl Load {
    /// Creates the load of a URL.
    ///
    /// # Errors
    ///
    /// Returns an error for a text that is not an absolute URL.
    pub fn fetch(destination: Destination, url: &str) -> Result<Self, ParseError> {
        Ok(Self::new(Kind::Fetch(destination, read(url)?)))
    }

    /// Creates a `<script>` with code, also an import map. The text is the code between the tags.
    pub fn inline_script(text: &str) -> Self {
        Self::inline(InlineKind::Script, text)
    }

    /// Creates a `<script type="speculationrules">`.
    pub fn speculation_rules(text: &str) -> Self {
        Self::inline(InlineKind::SpeculationRules, text)
    }

    /// Creates an event handler in an attribute, such as `onclick`.
    pub fn event_handler(text: &str) -> Self {
        Self::inline(InlineKind::EventHandler, text)
    }

    /// Creates a navigation to a `javascript:` URL. The text is the whole URL, which is also what a
    /// hash in a policy is of.
    pub fn javascript_url(url: &str) -> Self {
        Self::inline(InlineKind::JavascriptUrl, url)
    }

    /// Creates a `<style>`.
    pub fn inline_style(text: &str) -> Self {
        Self::inline(InlineKind::Style, text)
    }

    /// Creates a `style` attribute.
    pub fn style_attribute(text: &str) -> Self {
        Self::inline(InlineKind::StyleAttribute, text)
    }

    /// Creates a call of `eval`, `new Function` or `setTimeout` with a plain string.
    pub fn eval() -> Self {
        Self::new(Kind::Eval(EvalText::Plain))
    }

    /// Creates a call of `eval` with a `TrustedScript`, which a policy of Trusted Types made.
    pub fn eval_of_trusted_script() -> Self {
        Self::new(Kind::Eval(EvalText::Trusted))
    }

    /// Creates the compilation of WebAssembly.
    pub fn web_assembly() -> Self {
        Self::new(Kind::WebAssembly)
    }

    /// Creates a `<base>` with this URL.
    ///
    /// # Errors
    ///
    /// Returns an error for a text that is not an absolute URL.
    pub fn base(url: &str) -> Result<Self, ParseError> {
        Ok(Self::new(Kind::Base(read(url)?)))
    }

    /// Creates the submission of a form to this URL.
    ///
    /// # Errors
    ///
    /// Returns an error for a text that is not an absolute URL.
    pub fn form_action(url: &str) -> Result<Self, ParseError> {
        Ok(Self::new(Kind::FormAction(read(url)?)))
    }

    /// Creates the display of the page in a frame. The ancestors are the parent page, its parent, and
    /// so on.
    pub fn framed_by(ancestors: impl IntoIterator<Item = Origin>) -> Self {
        Self::new(Kind::FramedBy(ancestors.into_iter().map(|origin| (&origin).into()).collect()))
    }

    /// Creates a policy of Trusted Types with this name: `trustedTypes.createPolicy(name, …)`.
    pub fn trusted_types_policy(name: &str) -> Self {
        Self::new(Kind::TrustedTypesPolicy(name.to_owned(), PolicyName::New))
    }

    /// Creates a second policy of Trusted Types with a name that the page uses already.
    pub fn repeated_trusted_types_policy(name: &str) -> Self {
        Self::new(Kind::TrustedTypesPolicy(name.to_owned(), PolicyName::Used))
    }

    /// Creates the assignment of a plain string to a sink such as `innerHTML`.
    pub fn trusted_types_sink() -> Self {
        Self::new(Kind::TrustedTypesSink)
    }

    /// Sets the `nonce` attribute of the element.
    pub fn with_nonce(mut self, nonce: &str) -> Self {
        nonce.clone_into(&mut self.nonce);
        self
    }

    /// Sets the `integrity` attribute of a script.
    pub fn with_integrity(mut self, integrity: &str) -> Self {
        integrity.clone_into(&mut self.integrity);
        self
    }

    /// Adds a hash of the inline code or style. With feature `sha2` the hashes are computed from the
    /// text, and this method is not needed.
    pub fn with_hash(mut self, hash: Source) -> Self {
        self.text.add(hash);
        self
    }

    /// Makes the load one of a `<script>` that another script adds with the DOM. `'strict-dynamic'`
    /// allows it.
    pub fn inserted_by_script(mut self) -> Self {
        self.insertion = Insertion::Script;
        self
    }

    /// Adds a redirect of a load or of a form. Each URL of the chain is checked.
    ///
    /// # Errors
    ///
    /// Returns an error for a text that is not an absolute URL.
    pub fn redirected_to(mut self, url: &str) -> Result<Self, ParseError> {
        self.redirects.push(read(url)?);
        Ok(self)
    }

    fn inline(kind: InlineKind, text: &str) -> Self {
        Self { text: Text::new(text), ..Self::new(Kind::Inline(kind)) }
    }

    pub(super) fn new(kind: Kind) -> Self {
        let insertion = match kind {
            Kind::Fetch(Destination::Script, _) => Insertion::Parser,
            _ => Insertion::Script,
        };
        let (nonce, integrity) = (String::new(), String::new());
        Self { kind, nonce, integrity, text: Text::default(), insertion, redirects: Vec::new() }
    }
}

fn read(url: &str) -> Result<WebUrl, ParseError> {
    WebUrl::parse(url).ok_or_else(|| {
        let problem = format!(
            "'{}' is not an absolute URL; write one like 'https://example.tld/a.js'",
            shown(url)
        );
        ParseError::new("load", 0, problem)
    })
}
