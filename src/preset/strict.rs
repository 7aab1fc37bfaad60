//! Pages of today: what a browser of this year does best with.

use std::time::Duration;

use super::{ROOM, for_site};
use crate::{
    ContentSecurityPolicy, ContentTypeOptions, FixedHeader, FrameOptions, Hardening, Origin,
    PermissionsPolicy, ReferrerPolicy, StrictTransportSecurity,
};

/// Own files only; scripts by nonce where there is a generator for one.
const CSP: ContentSecurityPolicy = ContentSecurityPolicy::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     font-src 'self'; media-src 'self'; connect-src 'self'; manifest-src 'self'; \
     base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
);

impl Hardening {
    /// For pages of today: a strict policy for content, no obsolete header.
    ///
    /// With feature `nonce`, scripts run if they carry the response's `Nonce` and
    /// may load others; without it, those of the own origin do. Cross-origin windows and loads are
    /// cut off (`Cross-Origin-Opener-Policy`, `Cross-Origin-Resource-Policy`); media that other
    /// sites show want a layer of [`media`](Self::media) inside.
    pub fn strict(site: &Origin) -> Self {
        #[cfg(feature = "nonce")]
        let csp = CSP.script_src([crate::Source::NONCE, crate::Source::STRICT_DYNAMIC]);
        #[cfg(not(feature = "nonce"))]
        let csp = Ok(CSP);
        let csp = csp.and_then(|csp| for_site(csp, site)).expect(ROOM);
        let hardening = Self::empty()
            .with(FrameOptions::DENY)
            .with(ContentTypeOptions::NOSNIFF)
            .with(ReferrerPolicy::STRICT_ORIGIN_WHEN_CROSS_ORIGIN)
            .with(PermissionsPolicy::from_static(
                "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
            ))
            .with(FixedHeader::from_static("cross-origin-opener-policy", "same-origin"))
            .with(FixedHeader::from_static("cross-origin-resource-policy", "same-origin"))
            .with(FixedHeader::from_static("origin-agent-cluster", "?1"));
        let hardening = hardening.with(csp);
        if !site.takes_sts() {
            return hardening;
        }
        hardening.with(
            StrictTransportSecurity::max_age(Duration::from_secs(63_072_000)).include_subdomains(),
        )
    }
}
