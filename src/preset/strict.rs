//! Defines the strict preset: policies for pages written for them, scripts by
//! nonce.

use std::time::Duration;

use super::{ROOM, for_site};
use crate::{
    policy::{
        csp::ContentSecurityPolicy,
        hardening::Hardening,
        header::{
            ContentTypeOptions, CrossOriginOpenerPolicy, CrossOriginResourcePolicy, FrameOptions,
            OriginAgentCluster, PermissionsPolicy, ReferrerPolicy, StrictTransportSecurity,
        },
    },
    request::Origin,
};

const CSP: ContentSecurityPolicy = ContentSecurityPolicy::from_static(
    "default-src 'none'; script-src 'self' 'nonce-{}' 'strict-dynamic'; style-src 'self'; \
     img-src 'self' data:; font-src 'self'; media-src 'self'; connect-src 'self'; \
     manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
);

impl Hardening {
    /// Returns the strictest policies under which pages written for them work.
    /// It sets no obsolete header. Needs the feature `nonce`.
    ///
    /// | response | `script-src` |
    /// |---|---|
    /// | the handler read its [`Nonce`](crate::Nonce) | `'self' 'nonce-…' 'strict-dynamic'`: scripts with the nonce, and the scripts that they load |
    /// | the handler did not read it: files, redirects, error pages | `'self'`: scripts of the page's own origin |
    ///
    /// # Requirements for pages
    ///
    /// - A page that reads its nonce writes it on every `<script>`, also on one with `src`. Such a
    ///   script may load others by `createElement`, from any host; `document.write` does not work.
    /// - Pages have no attribute like `onclick`, no link to `javascript:`, no `<style>`, and no
    ///   `style` attribute. Call `addEventListener`, and write style sheets.
    /// - Styles, fonts, images, media and connections are of the page's own origin. There are no
    ///   frames and no plug-ins.
    /// - Forms are sent to the page's own origin, and their responses do not redirect elsewhere:
    ///   Chromium also applies `form-action` to redirects. For an OAuth consent at another origin,
    ///   add that origin to `form-action`.
    /// - Sign-ins and payments do not use a pop-up window of another origin:
    ///   `Cross-Origin-Opener-Policy: same-origin` separates the page from that window. Redirect
    ///   instead, or send `same-origin-allow-popups`.
    /// - Pages are not framed, and other sites do not load files of the site
    ///   (`Cross-Origin-Resource-Policy`). For the files that other sites may load, add a layer of
    ///   [`media`](Self::media).
    /// - Every sub-domain is served over https, if the site itself is on https.
    ///
    /// [`requirements`](Self::requirements) lists these; [`lints`](Self::lints) is empty.
    ///
    /// ```
    /// use axum::{Extension, Router, response::Html, routing::get};
    /// use tower_hardening::{Hardening, HardeningLayer, Nonce, Origin};
    ///
    /// let site: Origin = "https://example.tld".parse()?;
    /// let page = async |Extension(nonce): Extension<Nonce>| {
    ///     Html(format!("<script nonce=\"{nonce}\" src=\"/app.js\"></script>"))
    /// };
    /// let app: Router = Router::new()
    ///     .route("/", get(page))
    ///     .layer(HardeningLayer::new(Hardening::strict(&site)));
    /// # Ok::<(), tower_hardening::ParseError>(())
    /// ```
    pub fn strict(site: &Origin) -> Self {
        let hardening = Self::empty()
            .with(FrameOptions::DENY)
            .with(ContentTypeOptions::NOSNIFF)
            .with(ReferrerPolicy::STRICT_ORIGIN_WHEN_CROSS_ORIGIN)
            .with(PermissionsPolicy::from_static(
                "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
            ))
            .with(CrossOriginOpenerPolicy::SAME_ORIGIN)
            .with(CrossOriginResourcePolicy::SAME_ORIGIN)
            .with(OriginAgentCluster::ORIGIN_KEYED)
            .with(for_site(CSP, site).expect(ROOM))
            .into_preset(&["csp-form-action-redirect", "opener-policy-pop-ups"]);
        if !site.takes_sts() {
            return hardening;
        }
        hardening.with(
            StrictTransportSecurity::new(Duration::from_secs(63_072_000)).include_subdomains(),
        )
    }
}
