//! Defines the recommended preset, which needs no argument.

use std::time::Duration;

use crate::policy::{
    csp::ContentSecurityPolicy,
    hardening::Hardening,
    header::{
        ContentTypeOptions, CrossOriginOpenerPolicy, FrameOptions, ReferrerPolicy,
        StrictTransportSecurity,
    },
};

const CSP: ContentSecurityPolicy = ContentSecurityPolicy::from_static(
    "default-src 'self'; base-uri 'self'; object-src 'none'; img-src 'self' data: https:; \
     font-src 'self' data:; script-src 'self'; script-src-attr 'none'; \
     style-src 'self' 'unsafe-inline'; form-action 'self'; frame-ancestors 'self'",
);

const STS: StrictTransportSecurity =
    StrictTransportSecurity::new(Duration::from_secs(365 * 24 * 60 * 60));

impl Hardening {
    /// Returns the recommended policies for most sites. They fit a
    /// server-rendered site, a directory of files and a single-page application, if the pages
    /// contain no inline script.
    ///
    /// | header | value |
    /// |---|---|
    /// | `content-security-policy` | `default-src 'self'; base-uri 'self'; object-src 'none'; img-src 'self' data: https:; font-src 'self' data:; script-src 'self'; script-src-attr 'none'; style-src 'self' 'unsafe-inline'; form-action 'self'; frame-ancestors 'self'` |
    /// | `strict-transport-security` | `max-age=31536000` |
    /// | `x-content-type-options` | `nosniff` |
    /// | `x-frame-options` | `SAMEORIGIN` |
    /// | `referrer-policy` | `strict-origin-when-cross-origin` |
    /// | `cross-origin-opener-policy` | `same-origin-allow-popups` |
    ///
    /// Other useful policies are not set, since they break some sites: sub-domains in
    /// [`StrictTransportSecurity`], [`HostCookies`](crate::HostCookies),
    /// `Cross-Origin-Resource-Policy`, `upgrade-insecure-requests`, or scripts by nonce as in
    /// `Hardening::strict`.
    ///
    /// # Requirements for pages
    ///
    /// - Pages have no inline script, no attribute like `onclick`, and no link to `javascript:`.
    ///   Move script to files of the site, and call `addEventListener` there.
    /// - Scripts, styles, fonts, media, frames and connections are of the page's own origin. Images
    ///   are of its own origin, of `data:` or of any https host. Add other sources by name, such as
    ///   `blob:` for the preview of an upload:
    ///   `csp.extend(SourceDirective::IMG_SRC, [Source::BLOB])`.
    /// - Pages have no `<object>` or `<embed>`. Link to a PDF, or show it in a frame.
    /// - Forms are sent to the page's own origin, and their responses do not redirect elsewhere:
    ///   Chromium also applies `form-action` to redirects. If a form leads to a sign-in or an OAuth
    ///   consent at another origin, add that origin to `form-action`.
    /// - Pages are framed by pages of their own origin only. A route that other origins may frame
    ///   needs its own [`CspLayer`](crate::CspLayer).
    ///
    /// [`requirements`](Self::requirements) lists these. [`lints`](Self::lints) has one note,
    /// `csp-style-unsafe-inline`: many libraries set styles in the page.
    ///
    /// ```
    /// use axum::{Router, routing::get};
    /// use tower_hardening::{Hardening, HardeningLayer};
    ///
    /// let app: Router = Router::new()
    ///     .route("/", get(async || "hello"))
    ///     .layer(HardeningLayer::new(Hardening::recommended()));
    /// ```
    pub fn recommended() -> Self {
        Self::empty()
            .with(STS)
            .with(ContentTypeOptions::NOSNIFF)
            .with(FrameOptions::SAMEORIGIN)
            .with(ReferrerPolicy::STRICT_ORIGIN_WHEN_CROSS_ORIGIN)
            .with(CrossOriginOpenerPolicy::SAME_ORIGIN_ALLOW_POPUPS)
            .with(CSP)
            .into_preset(&["csp-form-action-redirect"])
    }
}

impl Default for Hardening {
    /// Returns the [`recommended`](Self::recommended) policies.
    fn default() -> Self {
        Self::recommended()
    }
}
