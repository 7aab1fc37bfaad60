//! Sets `X-DNS-Prefetch-Control`, which controls early look-ups of host names.

use super::keyword::keyword_policy;

keyword_policy! {
    /// Controls whether browsers look up the hosts of links before they are followed, with
    /// `X-DNS-Prefetch-Control`
    /// ([MDN](https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/X-DNS-Prefetch-Control)).
    ///
    /// Chrome 1 and Firefox 2 and later read the header, which no standard has; Safari does not.
    /// Look-ups tell the resolver which links a page contains.
    ///
    /// ```
    /// use tower_hardening::header::DnsPrefetchControl;
    ///
    /// assert_eq!(DnsPrefetchControl::OFF.to_string(), "off");
    /// ```
    pub struct DnsPrefetchControl("x-dns-prefetch-control", existing: IfNotPresent, lines: Single, browsers: "Chromium, Firefox") {
        /// Browsers look up no hosts ahead of time.
        OFF = "off",
        /// Browsers look up hosts ahead of time, also for pages over https.
        ON = "on",
    }
}
