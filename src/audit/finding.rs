//! Describes one weakness of a response.

use std::{borrow::Cow, fmt};

use super::fix::Fix;
use crate::lint::{Lint, Severity};

/// Describes one weakness of a response, and the line that fixes it.
///
/// `Display` writes three lines: the weakness, the fix in Rust, and the fix in the settings file.
///
/// ```
/// use http::{HeaderMap, StatusCode};
/// use tower_hardening::audit::Observation;
///
/// let headers = HeaderMap::new();
/// let audit = Observation::new(StatusCode::OK, &headers).audit();
/// let missing = audit.finding("x-content-type-options-not-implemented").unwrap();
/// assert_eq!((missing.header(), missing.points()), ("x-content-type-options", -5));
/// assert_eq!(missing.api(), ".with(ContentTypeOptions::NOSNIFF)");
/// assert_eq!(missing.settings(), "headers.x-content-type-options = \"nosniff\"");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditFinding {
    id: &'static str,
    severity: Severity,
    header: Cow<'static, str>,
    directive: Option<String>,
    offset: Option<usize>,
    why: Cow<'static, str>,
    source: Cow<'static, str>,
    points: i32,
    fix: Fix,
}

impl AuditFinding {
    pub(super) fn new(
        id: &'static str,
        severity: Severity,
        header: impl Into<Cow<'static, str>>,
        why: impl Into<Cow<'static, str>>,
        fix: Fix,
    ) -> Self {
        Self {
            id,
            severity,
            header: header.into(),
            directive: None,
            offset: None,
            why: why.into(),
            source: Cow::Borrowed(""),
            points: 0,
            fix,
        }
    }

    /// Converts a lint.
    pub(super) fn from_lint(lint: &Lint, fix: Fix) -> Self {
        let why = lint.message().get(lint.header().len()..).unwrap_or_default();
        let why = why.trim_start_matches([':', ' ']).to_owned();
        let finding = Self::new(lint.id(), lint.severity(), lint.header().to_owned(), why, fix);
        finding.in_directive(lint.directive().map(str::to_owned)).at(lint.offset())
    }

    pub(super) fn in_directive(self, directive: Option<String>) -> Self {
        Self { directive, ..self }
    }

    pub(super) fn at(self, offset: Option<usize>) -> Self {
        Self { offset, ..self }
    }

    pub(super) fn by_rule_of(self, source: &'static str) -> Self {
        Self { source: source.into(), ..self }
    }

    /// Names the documentation of the header as the source.
    pub(super) fn documented(self) -> Self {
        let source = format!(
            "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/{}",
            self.header
        );
        Self { source: source.into(), ..self }
    }

    pub(super) fn with_points(self, points: i32) -> Self {
        Self { points, ..self }
    }

    /// Returns an identifier that does not change between releases.
    ///
    /// A rule of the Observatory has the Observatory's own identifier.
    pub fn id(&self) -> &'static str {
        self.id
    }

    /// Returns the importance of the finding.
    pub fn severity(&self) -> Severity {
        self.severity
    }

    /// Returns the header, in lower case.
    pub fn header(&self) -> &str {
        &self.header
    }

    /// Returns the directive, or the name of the cookie, if the finding is about one.
    pub fn directive(&self) -> Option<&str> {
        self.directive.as_deref()
    }

    /// Returns the position in the header's line, in bytes, if it is known.
    pub fn offset(&self) -> Option<usize> {
        self.offset
    }

    /// Returns the problem, in one line.
    pub fn why(&self) -> &str {
        &self.why
    }

    /// Returns the address of the rule.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Returns the points that the Observatory takes off; zero if the finding is not its rule.
    pub fn points(&self) -> i32 {
        self.points
    }

    /// Returns the call that fixes the response, for a value of [`Hardening`](crate::Hardening).
    ///
    /// `csp` is its [`ContentSecurityPolicy`](crate::ContentSecurityPolicy).
    pub fn api(&self) -> &str {
        self.fix.api()
    }

    /// Returns the line of the settings file that fixes the response.
    pub fn settings(&self) -> &str {
        self.fix.settings()
    }
}

impl fmt::Display for AuditFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}]: {}", self.severity, self.id, self.header)?;
        if let Some(directive) = &self.directive {
            write!(f, ", {directive}")?;
        }
        if let Some(offset) = self.offset {
            write!(f, ", byte {offset}")?;
        }
        writeln!(f, ": {}", self.why)?;
        writeln!(f, "    in Rust: {}", self.api())?;
        write!(f, "    in the settings: {}", self.settings())
    }
}
