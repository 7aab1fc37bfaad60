//! Reports valid policies that are weak, obsolete or without effect.

use std::{borrow::Cow, fmt};

/// Reports a policy that is valid but weak, obsolete or without effect.
///
/// `Display` writes one line: the severity, the [`id`](Self::id), the header, the byte if it is
/// known, and the message.
///
/// ```
/// use tower_hardening::{ContentSecurityPolicy, Severity};
///
/// let policy = ContentSecurityPolicy::NONE.set_text("connect-src", "'self' https:")?;
/// let lint = &policy.lints()[0];
/// assert_eq!((lint.id(), lint.severity()), ("csp-connect-anywhere", Severity::Warning));
/// assert_eq!((lint.header(), lint.directive()), ("content-security-policy", Some("connect-src")));
/// assert_eq!(&policy.to_string()[lint.offset().unwrap()..], "https:");
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lint {
    id: &'static str,
    severity: Severity,
    /// Stores the length of the header in the message.
    header: usize,
    directive: Option<Cow<'static, str>>,
    offset: Option<usize>,
    message: Cow<'static, str>,
}

/// Ranks the importance of a [`Lint`].
///
/// ```
/// use tower_hardening::{ReferrerPolicy, Severity, header::HeaderPolicy};
///
/// let lints = ReferrerPolicy::UNSAFE_URL.lints();
/// assert!(lints.iter().any(|lint| lint.severity() >= Severity::Warning));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Severity {
    /// The remark is for information; no change is needed.
    Note,
    /// The policy is weaker than it should be.
    Warning,
    /// The policy contradicts itself, has no effect, or protects nothing.
    Error,
}

impl Lint {
    /// Creates a remark.
    ///
    /// The message begins with the header, or another subject such as a key of the settings file,
    /// and ": ".
    pub(crate) fn new(
        severity: Severity,
        id: &'static str,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        let message = message.into();
        let header = message.find(": ").unwrap_or(message.len());
        Self { id, severity, header, directive: None, offset: None, message }
    }

    /// Sets the directive that the remark is about.
    pub(crate) fn in_directive(self, directive: impl Into<Cow<'static, str>>) -> Self {
        Self { directive: Some(directive.into()), ..self }
    }

    /// Sets the byte where the text that the remark is about begins.
    pub(crate) fn at(self, offset: usize) -> Self {
        Self { offset: Some(offset), ..self }
    }

    /// Replaces the header, for a policy that is sent under another name.
    pub(crate) fn for_header(self, name: &str) -> Self {
        let message = format!("{name}{}", &self.message[self.header..]);
        Self { header: name.len(), message: message.into(), ..self }
    }

    /// Returns an identifier that does not change between releases.
    pub fn id(&self) -> &'static str {
        self.id
    }

    /// Returns the importance of the remark.
    pub fn severity(&self) -> Severity {
        self.severity
    }

    /// Returns the header, in lower case; for settings, the key.
    pub fn header(&self) -> &str {
        &self.message[..self.header]
    }

    /// Returns the directive, in lower case, if the remark is about one.
    pub fn directive(&self) -> Option<&str> {
        self.directive.as_deref()
    }

    /// Returns the position in the header's text, in bytes, if it is known.
    pub fn offset(&self) -> Option<usize> {
        self.offset
    }

    /// Returns one line: the header, the problem and how to fix it.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Lint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}]: ", self.severity, self.id)?;
        let (header, problem) = self.message.split_at(self.header);
        match self.offset {
            Some(offset) => write!(f, "{header}, byte {offset}{problem}"),
            None => f.write_str(&self.message),
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}
