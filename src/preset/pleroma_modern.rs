//! Defines the preset for a Pleroma site with today's values.

use super::{GUIDE_STS, ROOM, fediverse::fediverse, for_site};
use crate::{
    policy::{cookie::HostCookies, csp::ContentSecurityPolicy, hardening::Hardening},
    request::Origin,
};

const CSP: ContentSecurityPolicy = ContentSecurityPolicy::from_static(
    "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; \
     img-src 'self' data: blob: https:; media-src 'self' https:; style-src 'self' 'nonce-{}'; \
     font-src 'self'; script-src 'self'; connect-src 'self'; manifest-src 'self'",
);

impl Hardening {
    /// Returns the policies of [`pleroma`](Self::pleroma) with today's values. Needs the feature
    /// `nonce`.
    ///
    /// - `X-XSS-Protection: 0`, since the filter that the guide turns on could be attacked.
    /// - No `Expect-CT` and no `X-Download-Options`, which no current browser reads.
    /// - `form-action 'self'` and `base-uri 'none'`, which `default-src` does not cover.
    /// - Inline styles by nonce, instead of `'unsafe-inline'`.
    ///
    /// # Requirements for pages
    ///
    /// A page writes its [`Nonce`](crate::Nonce) on every `<style>`, and has no `style` attribute.
    /// Forms are sent to the page's own origin, and their responses do not redirect elsewhere. The
    /// rest is as for [`pleroma`](Self::pleroma); [`requirements`](Self::requirements) lists all of
    /// it.
    ///
    /// ```
    /// use tower_hardening::{Hardening, Origin};
    ///
    /// let site: Origin = "https://example.tld".parse()?;
    /// let csp = Hardening::pleroma_modern(&site).csp().unwrap().to_string();
    /// assert!(csp.contains("style-src 'self' 'nonce-{}'"));
    /// # Ok::<(), tower_hardening::ParseError>(())
    /// ```
    pub fn pleroma_modern(site: &Origin) -> Self {
        let session = HostCookies::new(["pleroma_key"]).expect("the name is a token");
        let hardening = fediverse()
            .with(session)
            .with(for_site(CSP, site).expect(ROOM))
            .into_preset(&["csp-form-action-redirect"]);
        if site.takes_sts() { hardening.with(GUIDE_STS) } else { hardening }
    }
}
