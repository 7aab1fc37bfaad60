//! Defines the profiles: the policies that the keys of a file change.

use serde::Deserialize;

use crate::{policy::hardening::Hardening, request::Origin};

/// Represents the policies that the other keys start from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Profile {
    #[default]
    Guide,
    #[serde(rename = "pleroma-2.7")]
    Pleroma27,
    Recommended,
    /// Needs the feature `nonce`.
    Strict,
    Api,
    Owasp,
    /// Needs the feature `nonce`.
    PleromaModern,
    /// Needs the feature `nonce`.
    Akkoma,
    /// No policy at all.
    Empty,
}

impl Profile {
    /// Lists the profiles with their names.
    pub(super) const ALL: [(Self, &str); 9] = [
        (Self::Guide, "guide"),
        (Self::Pleroma27, "pleroma-2.7"),
        (Self::Recommended, "recommended"),
        (Self::Strict, "strict"),
        (Self::Api, "api"),
        (Self::Owasp, "owasp"),
        (Self::PleromaModern, "pleroma-modern"),
        (Self::Akkoma, "akkoma"),
        (Self::Empty, "empty"),
    ];

    /// Returns the name in a settings file.
    pub(super) fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(profile, _)| *profile == self).map_or("", |(_, name)| name)
    }

    /// Returns the policies for a site, or the problem of a profile that needs a feature.
    pub(super) fn policies(self, site: &Origin) -> Result<Hardening, &'static str> {
        match self {
            Self::Guide => Ok(Hardening::pleroma(site)),
            Self::Pleroma27 => Ok(Hardening::pleroma_2_7(site)),
            Self::Recommended => Ok(Hardening::recommended()),
            Self::Api => Ok(Hardening::api()),
            Self::Owasp => Ok(Hardening::owasp()),
            Self::Empty => Ok(Hardening::empty()),
            Self::Strict | Self::PleromaModern | Self::Akkoma => self.with_nonce(site),
        }
    }

    #[cfg(feature = "nonce")]
    fn with_nonce(self, site: &Origin) -> Result<Hardening, &'static str> {
        Ok(match self {
            Self::PleromaModern => Hardening::pleroma_modern(site),
            Self::Akkoma => Hardening::akkoma(site),
            _ => Hardening::strict(site),
        })
    }

    #[cfg(not(feature = "nonce"))]
    fn with_nonce(self, _: &Origin) -> Result<Hardening, &'static str> {
        Err(
            "this profile needs the feature 'nonce' of tower-hardening, which is off; enable it in Cargo.toml, or write 'recommended'",
        )
    }

    /// Returns `true` if the profile names the site and has no default for it. Files with an older
    /// profile are for the guide's `example.tld` until they are set.
    pub(super) fn needs_url(self) -> bool {
        matches!(self, Self::PleromaModern | Self::Akkoma)
    }

    /// Returns `true` if the policies of the profile name the site.
    pub(super) fn names_site(self) -> bool {
        !matches!(self, Self::Recommended | Self::Api | Self::Owasp | Self::Empty)
    }

    /// Returns the session cookies that are guarded if the file does not list any.
    pub(super) fn cookies(self) -> &'static [&'static str] {
        match self {
            Self::Api | Self::Owasp | Self::Empty => &[],
            _ => &["pleroma_key"],
        }
    }

    /// Returns `true` if the profile sends `Expect-CT`.
    pub(super) fn sends_expect_ct(self) -> bool {
        matches!(self, Self::Guide | Self::Pleroma27)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_profile_has_the_name_that_a_file_has_for_it() {
        for (profile, name) in Profile::ALL {
            let file = serde_json::from_str::<Profile>(&format!("\"{name}\"")).unwrap();
            assert_eq!((file, profile.as_str()), (profile, name));
        }
    }
}
