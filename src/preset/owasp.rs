//! Defines the preset of the OWASP Secure Headers Project.

use std::time::Duration;

use crate::policy::{
    csp::ContentSecurityPolicy,
    hardening::Hardening,
    header::{
        ContentTypeOptions, CrossOriginOpenerPolicy, CrossOriginResourcePolicy, DnsPrefetchControl,
        FrameOptions, PermissionsPolicy, PermittedCrossDomainPolicies, ReferrerPolicy,
        StrictTransportSecurity,
    },
};

const CSP: ContentSecurityPolicy = ContentSecurityPolicy::from_static(
    "default-src 'self'; form-action 'self'; base-uri 'self'; object-src 'none'; \
     frame-ancestors 'none'; upgrade-insecure-requests",
);

const FEATURES: PermissionsPolicy = PermissionsPolicy::from_static(
    "accelerometer=(), autoplay=(), camera=(), cross-origin-isolated=(), display-capture=(), \
     encrypted-media=(), fullscreen=(), geolocation=(), gyroscope=(), keyboard-map=(), \
     magnetometer=(), microphone=(), midi=(), payment=(), picture-in-picture=(), \
     publickey-credentials-get=(), screen-wake-lock=(), sync-xhr=(self), usb=(), \
     web-share=(), xr-spatial-tracking=(), clipboard-read=(), clipboard-write=(), gamepad=(), \
     hid=(), idle-detection=(), interest-cohort=(), serial=(), unload=()",
);

const STS: StrictTransportSecurity =
    StrictTransportSecurity::new(Duration::from_secs(63_072_000)).include_subdomains();

impl Hardening {
    /// Returns the headers that the
    /// [OWASP Secure Headers Project](https://owasp.org/www-project-secure-headers/) recommends,
    /// with its values.
    ///
    /// Three of its headers are not sent, since they are not for every response of a site:
    ///
    /// - `Cross-Origin-Embedder-Policy: require-corp` blocks images and frames of other sites. Add
    ///   [`CrossOriginEmbedderPolicy`](crate::header::CrossOriginEmbedderPolicy) for cross-origin
    ///   isolation.
    /// - `Clear-Site-Data` deletes the session of every visitor. Put a
    ///   [`ClearSiteDataLayer`](crate::header::ClearSiteDataLayer) around the sign-out.
    /// - `Cache-Control: no-store` makes every visit load every file again. Put a
    ///   [`CacheControlLayer`](crate::header::CacheControlLayer) around the pages of one user.
    ///
    /// For what the project recommends to remove, add
    /// [`RemoveHeaders::owasp`](crate::header::RemoveHeaders::owasp).
    ///
    /// # Requirements for pages
    ///
    /// Files come from the page's own origin, over https. A page opened over http by name does not
    /// load its files. A form stays on that origin, too: browsers block the redirect of its answer
    /// to another one, and the preset leaves out the lint `csp-form-action-redirect`. Other sites neither frame a page nor load a file. A sign-in or payment in a pop-up
    /// window of another origin cannot report back. Every sub-domain is served over https.
    /// [`requirements`](Self::requirements) lists these, and [`lints`](Self::lints) says which
    /// features of `Permissions-Policy` are retired.
    ///
    /// ```
    /// use axum::Router;
    /// use tower_hardening::{Hardening, HardeningLayer, header::RemoveHeaders};
    ///
    /// let hardening = Hardening::owasp().with(RemoveHeaders::owasp());
    /// let app: Router = Router::new().layer(HardeningLayer::new(hardening));
    /// ```
    pub fn owasp() -> Self {
        Self::empty()
            .with(CrossOriginOpenerPolicy::SAME_ORIGIN)
            .with(CrossOriginResourcePolicy::SAME_ORIGIN)
            .with(FEATURES)
            .with(ReferrerPolicy::NO_REFERRER)
            .with(STS)
            .with(ContentTypeOptions::NOSNIFF)
            .with(DnsPrefetchControl::OFF)
            .with(FrameOptions::DENY)
            .with(PermittedCrossDomainPolicies::NONE)
            .with(CSP)
            .into_preset(&["csp-form-action-redirect", "opener-policy-pop-ups"])
    }
}
