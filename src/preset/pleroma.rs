//! Defines the presets for Pleroma's guide "Hardening your instance" and for
//! Pleroma.

use super::{GUIDE_EXPECT_CT, GUIDE_STS, NO_COHORTS};
use super::{ROOM, for_site, sources_of};
use crate::{
    policy::{
        cookie::HostCookies,
        csp::{ContentSecurityPolicy, Source, SourceDirective},
        hardening::Hardening,
        header::{
            ContentTypeOptions, DownloadOptions, FrameOptions, PermittedCrossDomainPolicies,
            ReferrerPolicy, XssProtection,
        },
    },
    request::Origin,
};

/// The guide's policy, without the parts that depend on the site.
const GUIDE: ContentSecurityPolicy = ContentSecurityPolicy::from_static(
    "default-src 'none'; base-uri 'self'; frame-ancestors 'none'; \
     img-src 'self' data: blob: https:; media-src 'self' https:; \
     style-src 'self' 'unsafe-inline'; font-src 'self'; script-src 'self'; \
     connect-src 'self'; manifest-src 'self'",
);

impl Hardening {
    /// Returns the policies of Pleroma's guide "Hardening your instance".
    /// These are its nine headers, and `pleroma_key` as a `__Host-` cookie.
    ///
    /// `upgrade-insecure-requests`, `Strict-Transport-Security` and `Expect-CT` are set only for
    /// sites on https.
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

    /// Returns the headers that release 2.7 of Pleroma sends. Its media proxy
    /// is off, and `sts` is on as the guide recommends. The headers are like those of
    /// [`pleroma`](Self::pleroma), but connections may go to every https host, and
    /// `Permissions-Policy` is set. The site's own origin is redundant next to `https:`, as in the
    /// release, and no lint reports it.
    pub fn pleroma_2_7(site: &Origin) -> Self {
        let own = sources_of(site).into_iter().flatten();
        let connect = [Source::BLOB].into_iter().chain(own).chain([Source::HTTPS]);
        let csp = GUIDE.extend(SourceDirective::CONNECT_SRC, connect);
        let csp = csp.and_then(|csp| for_site(csp, site)).expect(ROOM);
        secure(common(), csp, site).with(NO_COHORTS).into_preset(&["csp-source-redundant"])
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
    hardening.with(GUIDE_STS).with(GUIDE_EXPECT_CT)
}
