//! Sets `Cross-Origin-Opener-Policy`, which separates a page from windows of other origins.

use super::token::token_policy;

token_policy! {
    /// Separates a page from the windows of other origins that it opens or that open it, with
    /// `Cross-Origin-Opener-Policy`
    /// ([HTML](https://html.spec.whatwg.org/multipage/browsers.html#cross-origin-opener-policies)).
    ///
    /// Chrome 83, Firefox 79 and Safari 15.2 and later read the header, over https and for
    /// top-level pages only. Only Chromium sends reports.
    ///
    /// A page of another origin that is in a sandbox, or in a window with another value, loses its
    /// `window.opener`: sign-ins and payments in a pop-up window then do not return.
    ///
    /// ```
    /// use tower_hardening::{csp::EndpointName, header::CrossOriginOpenerPolicy};
    ///
    /// const POLICY: CrossOriginOpenerPolicy = CrossOriginOpenerPolicy::SAME_ORIGIN;
    /// assert_eq!(POLICY.to_string(), "same-origin");
    /// let reporting = POLICY.report_to(EndpointName::from_static("main"));
    /// assert_eq!(reporting.to_string(), r#"same-origin;report-to="main""#);
    /// // Browsers ignore a value in another letter case.
    /// assert!("Same-Origin".parse::<CrossOriginOpenerPolicy>().is_err());
    /// ```
    pub struct CrossOriginOpenerPolicy(
        "cross-origin-opener-policy", browsers: "all",
        report_only: "cross-origin-opener-policy-report-only"
    ) {
        /// Keeps only windows of the same origin with the same value. Together with a
        /// [`CrossOriginEmbedderPolicy`](crate::header::CrossOriginEmbedderPolicy) the page is
        /// cross-origin isolated.
        SAME_ORIGIN = "same-origin",
        /// Also keeps the windows that the page opens, such as a sign-in of another origin.
        SAME_ORIGIN_ALLOW_POPUPS = "same-origin-allow-popups",
        /// Separates the page from every page that opened it, and keeps the windows that it
        /// opens. Chrome 131 and Safari 18.4; Firefox treats it as
        /// [`UNSAFE_NONE`](Self::UNSAFE_NONE).
        NOOPENER_ALLOW_POPUPS = "noopener-allow-popups",
        /// Separates nothing. This is the browsers' default without the header.
        UNSAFE_NONE = "unsafe-none",
    }
}
