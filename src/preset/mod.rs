//! Defines complete sets of policies, built from the public API only.
//!
//! | | recommended | strict | Pleroma's guide | api | media |
//! |---|---|---|---|---|---|
//! | for | most sites | pages written for it | fidelity | JSON | uploaded files, from a service that sends nothing else |
//! | scripts | own files | those with a nonce; own files if the nonce is not read | own files | none | none |
//! | obsolete headers | none | none | yes, as the guide recommends | none | none |
//!
//! `owasp` sends what the OWASP Secure Headers Project recommends, `pleroma_modern` the guide's policy
//! with today's values, and `akkoma` what that server sends.
//!
//! A preset does not depend on the enabled features; `strict`, `pleroma_modern` and `akkoma` require
//! feature `nonce`.

#[cfg(feature = "nonce")]
mod akkoma;
mod api;
#[cfg(feature = "nonce")]
mod fediverse;
mod media;
mod owasp;
mod pleroma;
#[cfg(feature = "nonce")]
mod pleroma_modern;
mod recommended;
#[cfg(feature = "nonce")]
mod strict;

use std::time::Duration;

use crate::policy::header::{ExpectCt, PermissionsPolicy, StrictTransportSecurity};
use crate::{
    error::ParseError,
    policy::csp::{ContentSecurityPolicy, Source, SourceDirective},
    request::Origin,
};

/// Adapts a policy to a site. Adds the site's WebSockets and, if the site is
/// on https, `upgrade-insecure-requests`.
pub(super) fn for_site(
    csp: ContentSecurityPolicy,
    site: &Origin,
) -> Result<ContentSecurityPolicy, ParseError> {
    let websocket = sources_of(site).map(|[_, websocket]| websocket);
    let csp = csp.extend(SourceDirective::CONNECT_SRC, websocket)?;
    if site.is_secure() { csp.upgrade_insecure_requests() } else { Ok(csp) }
}

/// The reason that [`for_site`] does not fail with the policies of this
/// module.
pub(super) const ROOM: &str = "a host has 253 bytes at most, for which there is room";

/// Returns the site itself and its WebSockets, as sources. Returns `None` for
/// an IPv6 address, which no policy can name; `'self'` covers both for such a site.
pub(crate) fn sources_of(site: &Origin) -> Option<[Source; 2]> {
    Some([site.try_into().ok()?, Source::websocket(site).ok()?])
}

/// The guide's value: a year, sub-domains included.
const GUIDE_STS: StrictTransportSecurity =
    StrictTransportSecurity::new(Duration::from_secs(31_536_000)).include_subdomains();

/// The guide's value: thirty days, enforced.
const GUIDE_EXPECT_CT: ExpectCt = ExpectCt::enforce(Duration::from_secs(2_592_000));

/// No interest cohorts, a feature that was withdrawn in 2021.
const NO_COHORTS: PermissionsPolicy = PermissionsPolicy::from_static("interest-cohort=()");

#[cfg(all(test, feature = "settings", feature = "nonce"))]
mod tests {
    use crate::policy::hardening::Hardening;

    #[test]
    fn every_lint_that_a_preset_leaves_out_is_one_of_its_lints() {
        let site = "https://example.tld".parse().unwrap();
        for preset in [
            Hardening::recommended(),
            Hardening::strict(&site),
            Hardening::api(),
            Hardening::owasp(),
            Hardening::pleroma(&site),
            Hardening::pleroma_2_7(&site),
            Hardening::pleroma_modern(&site),
            Hardening::akkoma(&site),
        ] {
            let left_out = preset.explained();
            let all = preset.into_preset(&[]).lints();
            for id in left_out {
                assert!(all.iter().any(|lint| lint.id() == *id), "{id}: {all:?}");
            }
        }
    }
}
