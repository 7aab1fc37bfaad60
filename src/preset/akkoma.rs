//! Defines the preset for an Akkoma site.

use std::time::Duration;

use super::{NO_COHORTS, ROOM, fediverse::fediverse, sources_of};
use crate::{
    policy::{
        csp::{ContentSecurityPolicy, SourceDirective},
        hardening::Hardening,
        header::StrictTransportSecurity,
    },
    request::Origin,
};

const CSP: ContentSecurityPolicy = ContentSecurityPolicy::from_static(
    "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; \
     img-src 'self' data: blob: https:; media-src 'self' https:; style-src 'self' 'nonce-{}'; \
     script-src 'self' 'nonce-{}'; font-src 'self'; connect-src 'self'; manifest-src 'self'",
);

const STS: StrictTransportSecurity =
    StrictTransportSecurity::new(Duration::from_secs(63_072_000)).preload();

impl Hardening {
    /// Returns the headers that the server Akkoma sends. Needs the feature `nonce`.
    ///
    /// **Warning:** where uploads share the site's host, a file that a user uploads is of the same
    /// origin as the pages, and `'self'` allows it. Serve uploads from another domain, as Akkoma
    /// itself demands, or put a [`MediaLayer`](crate::media::MediaLayer) around them.
    ///
    /// **Warning:** `Strict-Transport-Security` has `preload`, as that server sends it. It allows
    /// anyone to submit the domain to the browsers' list, after which every sub-domain needs https
    /// for months. Replace it by another [`StrictTransportSecurity`] if that is not wanted.
    ///
    /// A page writes its [`Nonce`](crate::Nonce) on every inline `<style>` and `<script>`.
    /// `upgrade-insecure-requests` and `Strict-Transport-Security` are set only for sites on https.
    /// [`lints`](Self::lints) lists what is missing, obsolete or weak: `form-action`, `preload`, and a
    /// retired feature.
    ///
    /// ```
    /// use tower_hardening::{Hardening, Origin};
    ///
    /// let site: Origin = "https://example.tld".parse()?;
    /// let csp = Hardening::akkoma(&site).csp().unwrap().to_string();
    /// assert!(csp.contains("connect-src 'self' https://example.tld wss://example.tld"));
    /// # Ok::<(), tower_hardening::ParseError>(())
    /// ```
    pub fn akkoma(site: &Origin) -> Self {
        let own = sources_of(site).into_iter().flatten();
        let csp = CSP.extend(SourceDirective::CONNECT_SRC, own).expect(ROOM);
        let csp = match site.is_secure() {
            true => csp.upgrade_insecure_requests().expect(ROOM),
            false => csp,
        };
        let hardening = fediverse().with(NO_COHORTS).with(csp).into_preset(&[]);
        if site.takes_sts() { hardening.with(STS) } else { hardening }
    }
}
