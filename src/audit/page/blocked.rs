//! Describes a part of a page that a policy blocks.

use std::fmt;

/// Describes one load, script, style or form of a page that a policy blocks, with the smallest change
/// that allows it.
///
/// ```
/// use tower_hardening::{ContentSecurityPolicy, audit};
///
/// let policy = ContentSecurityPolicy::from_static("script-src 'self'");
/// let page = audit::page("<p>\n <a href='javascript:history.back()'>back</a>", &policy);
/// let blocked = &page.blocked()[0];
/// assert_eq!((blocked.line(), blocked.column()), (2, Some(2)));
/// assert_eq!((blocked.kind(), blocked.directive()), ("javascript-url", "script-src"));
/// assert_eq!(blocked.url(), Some("javascript:history.back()"));
/// assert!(blocked.remedy().starts_with("replace the link by a <button>"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocked {
    pub(super) line: usize,
    pub(super) column: Option<usize>,
    pub(super) kind: &'static str,
    pub(super) url: Option<String>,
    pub(super) directive: String,
    pub(super) source: Option<String>,
    pub(super) remedy: String,
    pub(super) cost: &'static str,
    pub(super) change: Option<(String, String)>,
}

impl Blocked {
    /// Returns the line of the tag, from 1.
    pub fn line(&self) -> usize {
        self.line
    }

    /// Returns the column of the tag in characters, from 1, if it is known.
    pub fn column(&self) -> Option<usize> {
        self.column
    }

    /// Returns the kind: `script`, `inline-script`, `import-map`, `speculation-rules`,
    /// `event-handler`, `javascript-url`, `style`, `inline-style`, `style-attribute`, `image`, `icon`,
    /// `font`, `media`, `track`, `frame`, `object`, `embed`, `manifest`, `prefetch`, `preload`,
    /// `ping`, `form` or `base`.
    pub fn kind(&self) -> &'static str {
        self.kind
    }

    /// Returns the absolute URL, if there is one.
    pub fn url(&self) -> Option<&str> {
        self.url.as_deref()
    }

    /// Returns the directive that blocks.
    pub fn directive(&self) -> &str {
        &self.directive
    }

    /// Returns the source that turns off one that would allow the load, if there is one.
    pub fn source(&self) -> Option<&str> {
        self.source.as_deref()
    }

    /// Returns the smallest change that allows it.
    pub fn remedy(&self) -> &str {
        &self.remedy
    }

    /// Returns the cost of the change in safety.
    pub fn cost(&self) -> &str {
        self.cost
    }

    /// Returns the directive and the sources to add, if a change of the policy is a remedy.
    ///
    /// A directive that the policy lacks starts from the sources of the one that it falls back to, as
    /// in [`ContentSecurityPolicy::extend`](crate::ContentSecurityPolicy::extend).
    pub fn change(&self) -> Option<(&str, &str)> {
        self.change.as_ref().map(|(directive, sources)| (directive.as_str(), sources.as_str()))
    }
}

impl fmt::Display for Blocked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.line)?;
        if let Some(column) = self.column {
            write!(f, ", column {column}")?;
        }
        write!(f, ": {} blocks {}", self.directive, self.kind)?;
        if let Some(url) = &self.url {
            write!(f, " {url}")?;
        }
        write!(f, "; {} ({})", self.remedy, self.cost)
    }
}
