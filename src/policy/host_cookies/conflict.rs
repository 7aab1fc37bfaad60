//! What becomes of a cookie whose scope its prefix does not allow.

use std::{fmt, str::FromStr};

use crate::{ParseError, error::did_you_mean};

/// What becomes of a guarded cookie that the application gives a `Domain`, or a `Path` other than
/// `/`, of which `__Host-` allows neither: see [`HostCookies::on_domain`](super::HostCookies::on_domain).
///
/// Where a cookie has both, the later of the two in this list counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ScopeConflict {
    /// The `Domain` goes, and the `Path` becomes `/`: the first narrows the scope, the second widens
    /// it to the whole host.
    #[default]
    Mend,
    /// The cookie goes as `__Secure-…`, which allows both. The application reads it from there where
    /// the request has none under the stronger prefix; a sibling domain can plant it.
    KeepAsSecure,
    /// The line goes out as it is. The application does not read it back: its name is a plain one.
    Leave,
    /// The line is not sent, which is worth an event.
    Refuse,
}

impl ScopeConflict {
    const ALL: [Self; 4] = [Self::Mend, Self::KeepAsSecure, Self::Leave, Self::Refuse];

    /// As the settings file has it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mend => "mend",
            Self::KeepAsSecure => "keep-as-secure",
            Self::Leave => "leave",
            Self::Refuse => "refuse",
        }
    }
}

impl fmt::Display for ScopeConflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ScopeConflict {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::ALL.into_iter().find(|choice| choice.as_str() == text).ok_or_else(|| {
            let all = "write 'mend', 'keep-as-secure', 'leave' or 'refuse'";
            let remedy = did_you_mean(text, &Self::ALL.map(Self::as_str), all);
            ParseError::new("scope conflict", 0, format!("'{text}' is not a choice{remedy}"))
        })
    }
}
