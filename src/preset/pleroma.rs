//! Pleroma's guide "Hardening your instance", and what the server itself sends.

use super::{ROOM, for_site, sources_of};
use crate::{
    ContentSecurityPolicy, ContentTypeOptions, DownloadOptions, ExpectCt, FrameOptions, Hardening,
    HostCookies, Origin, PermissionsPolicy, PermittedCrossDomainPolicies, ReferrerPolicy, Source,
    SourceDirective, StrictTransportSecurity, XssProtection,
};

/// The guide's policy, less what depends on the site.
const GUIDE: ContentSecurityPolicy = ContentSecurityPolicy::from_static(
    "default-src 'none'; base-uri 'self'; frame-ancestors 'none'; \
     img-src 'self' data: blob: https:; media-src 'self' https:; \
     style-src 'self' 'unsafe-inline'; font-src 'self'; script-src 'self'; \
     connect-src 'self'; manifest-src 'self'",
);

impl Hardening {
    /// The guide "Hardening your instance" of Pleroma: its nine headers, and `pleroma_key` as a
    /// `__Host-` cookie.
    ///
    /// `upgrade-insecure-requests`, `Strict-Transport-Security` and `Expect-CT` are for sites on
    /// https alone.
    ///
    /// ```
    /// use tower_hardening::{Hardening, Origin};
    ///
    /// let site: Origin = "https://example.tld".parse()?;
    /// let csp = Hardening::pleroma(&site).csp().unwrap().to_string();
    /// assert!(csp.ends_with(
    ///     "connect-src 'self' wss://example.tld; manifest-src 'self'; upgrade-insecure-requests"
    /// ));
    /// # Ok::<(), tower_hardening::ParseError>(())
    /// ```
    pub fn pleroma(site: &Origin) -> Self {
        secure(common(), for_site(GUIDE, site).expect(ROOM), site)
    }

    /// The headers that release 2.7 of Pleroma sends with its media proxy off, and with `sts` on as the guide
    /// recommends: like [`pleroma`](Self::pleroma), but connections may go to every https host,
    /// and `Permissions-Policy` is there. Next to `https:` the site's own origin adds nothing, as in
    /// the release, and no lint says so.
    pub fn pleroma_2_7(site: &Origin) -> Self {
        let own = sources_of(site).into_iter().flatten();
        let connect = [Source::BLOB].into_iter().chain(own).chain([Source::HTTPS]);
        let csp = GUIDE.extend(SourceDirective::CONNECT_SRC, connect);
        let csp = csp.and_then(|csp| for_site(csp, site)).expect(ROOM);
        secure(common(), csp, site)
            .with(PermissionsPolicy::PLEROMA)
            .into_preset(&["csp-source-redundant"])
    }
}

fn common() -> Hardening {
    let session = HostCookies::new(["pleroma_key"]).expect("the name is a token");
    Hardening::empty()
        .with(XssProtection::BLOCK)
        .with(PermittedCrossDomainPolicies::NONE)
        .with(FrameOptions::DENY)
        .with(ContentTypeOptions::NOSNIFF)
        .with(DownloadOptions::NOOPEN)
        .with(ReferrerPolicy::SAME_ORIGIN)
        .with(session)
}

fn secure(hardening: Hardening, csp: ContentSecurityPolicy, site: &Origin) -> Hardening {
    let hardening = hardening.with(csp).into_preset(&[]);
    if !site.takes_sts() {
        return hardening;
    }
    hardening.with(StrictTransportSecurity::PLEROMA).with(ExpectCt::PLEROMA)
}
