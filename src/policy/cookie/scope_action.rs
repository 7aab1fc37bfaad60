//! Defines how to handle a cookie whose scope its prefix does not allow.

use std::{fmt, str::FromStr};

use crate::error::{ParseError, did_you_mean};

/// Sets how to handle a guarded cookie with a `Domain`, or with a `Path` other
/// than `/`. `__Host-` allows neither: see
/// [`HostCookies::domain_attribute`](crate::HostCookies::domain_attribute).
///
/// If a cookie has both, the later of the two choices in this list applies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ScopeAction {
    /// Removes the `Domain` and changes the `Path` to `/`. The first change
    /// narrows the scope; the second widens it to the whole host.
    #[default]
    Rewrite,
    /// Sends the cookie as `__Secure-…`, which allows both attributes.
    ///
    /// The application reads this cookie if the request has none under the stronger prefix; a
    /// sibling domain can plant it.
    DowngradeToSecure,
    /// Sends the line unchanged. The application cannot read the cookie back,
    /// because it has a plain name.
    PassThrough,
    /// Drops the line and emits an event.
    Drop,
}

impl ScopeAction {
    const ALL: [Self; 4] = [Self::Rewrite, Self::DowngradeToSecure, Self::PassThrough, Self::Drop];

    /// Returns the name used in the settings file.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rewrite => "mend",
            Self::DowngradeToSecure => "keep-as-secure",
            Self::PassThrough => "leave",
            Self::Drop => "refuse",
        }
    }
}

impl fmt::Display for ScopeAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ScopeAction {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::ALL.into_iter().find(|choice| choice.as_str() == text).ok_or_else(|| {
            let all = "write 'mend', 'keep-as-secure', 'leave' or 'refuse'";
            let remedy = did_you_mean(text, &Self::ALL.map(Self::as_str), all);
            ParseError::new("scope conflict", 0, format!("'{text}' is not a choice{remedy}"))
        })
    }
}
