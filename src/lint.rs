//! Remarks on policies that are valid and yet weak, obsolete or without effect.

use std::{borrow::Cow, fmt};

/// A remark on a policy that is valid and yet weak, obsolete or without effect.
///
/// `Display` is one line: the severity, the [`id`](Self::id), the header, the byte if it is known, and
/// the message.
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
    /// The length of the header in the message.
    header: usize,
    directive: Option<Cow<'static, str>>,
    offset: Option<usize>,
    message: Cow<'static, str>,
}

/// The importance of a [`Lint`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Severity {
    /// Worth knowing; nothing has to be done.
    Note,
    /// Weaker than it should be.
    Warning,
    /// Contradicts itself, has no effect, or protects nothing.
    Error,
}

impl Lint {
    /// A remark whose message begins with the header, or another subject such as a key of the settings
    /// file, and ": ".
    pub(crate) fn new(
        severity: Severity,
        id: &'static str,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        let message = message.into();
        let header = message.find(": ").unwrap_or(message.len());
        Self { id, severity, header, directive: None, offset: None, message }
    }

    /// The same remark, on one directive of the header.
    pub(crate) fn in_directive(self, directive: impl Into<Cow<'static, str>>) -> Self {
        Self { directive: Some(directive.into()), ..self }
    }

    /// The same remark, on the text that begins at this byte.
    pub(crate) fn at(self, offset: usize) -> Self {
        Self { offset: Some(offset), ..self }
    }

    /// A name that stays the same from release to release.
    pub fn id(&self) -> &'static str {
        self.id
    }

    /// The importance of the remark.
    pub fn severity(&self) -> Severity {
        self.severity
    }

    /// The header, in lower case; for settings, the key.
    pub fn header(&self) -> &str {
        &self.message[..self.header]
    }

    /// The directive, in lower case, if the remark is about one.
    pub fn directive(&self) -> Option<&str> {
        self.directive.as_deref()
    }

    /// The place in the header's text, in bytes, if the remark is about one.
    pub fn offset(&self) -> Option<usize> {
        self.offset
    }

    /// One line: the header, the problem and what to do about it.
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
