//! Defines how to handle a cookie whose scope its prefix does not allow.

use std::{fmt, str::FromStr};

use crate::error::{ParseError, did_you_mean};

/// Sets how to handle a guarded cookie with a `Domain`, or with a `Path` other
/// than `/`. `__Host-` allows neither: see
/// [`HostCookies::domain_attribute`](crate::HostCookies::domain_attribute).
///
/// If a cookie has both, the later of the two choices in this list applies.
///
/// ```
/// use tower_hardening::{HostCookies, cookie::ScopeAction};
///
/// let cookies = HostCookies::new(["session"])?.domain_attribute(ScopeAction::Drop);
/// assert_eq!("drop".parse(), Ok(ScopeAction::Drop));
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
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
    /// sibling domain can plant it. A line that deletes the cookie without a `Path` deletes it
    /// under both prefixes.
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
            Self::Rewrite => "rewrite",
            Self::DowngradeToSecure => "downgrade",
            Self::PassThrough => "pass-through",
            Self::Drop => "drop",
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
            if let Some((old, new)) = RENAMED.iter().find(|(old, _)| *old == text) {
                let problem = format!("'{old}' has a new name; write '{new}'");
                return ParseError::new("scope action", 0, problem);
            }
            let all = "write 'rewrite', 'downgrade', 'pass-through' or 'drop'";
            let remedy = did_you_mean(text, &Self::ALL.map(Self::as_str), all);
            ParseError::new("scope action", 0, format!("'{text}' is not a scope action{remedy}"))
        })
    }
}

/// Words of settings files before 0.1.0.
const RENAMED: [(&str, &str); 4] = [
    ("mend", "rewrite"),
    ("keep-as-secure", "downgrade"),
    ("leave", "pass-through"),
    ("refuse", "drop"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_word_is_an_error_that_names_the_new_one() {
        for (old, new) in RENAMED {
            let error = old.parse::<ScopeAction>().unwrap_err().to_string();
            assert_eq!(
                error,
                format!("scope action, byte 0: '{old}' has a new name; write '{new}'")
            );
            assert!(new.parse::<ScopeAction>().is_ok());
        }
    }
}
