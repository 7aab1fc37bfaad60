//! Sets `Document-Isolation-Policy`, which isolates a single page.

use super::token::token_policy;

token_policy! {
    /// Isolates a page from other origins, whatever opened or frames it, with
    /// `Document-Isolation-Policy`
    /// ([WICG](https://wicg.github.io/document-isolation-policy/)).
    ///
    /// Chrome 137, on Android 146, and later read the header, over https only; Firefox and Safari
    /// do not. The page is cross-origin isolated without a `Cross-Origin-Opener-Policy`, and its
    /// frames need no policy of their own.
    ///
    /// ```
    /// use tower_hardening::header::DocumentIsolationPolicy;
    ///
    /// const POLICY: DocumentIsolationPolicy = DocumentIsolationPolicy::ISOLATE_AND_CREDENTIALLESS;
    /// assert_eq!(POLICY.to_string(), "isolate-and-credentialless");
    /// ```
    pub struct DocumentIsolationPolicy(
        "document-isolation-policy", browsers: "Chromium",
        report_only: "document-isolation-policy-report-only"
    ) {
        /// Blocks files of other origins that do not allow it by CORS or
        /// `Cross-Origin-Resource-Policy`.
        ISOLATE_AND_REQUIRE_CORP = "isolate-and-require-corp",
        /// Loads files of other origins without cookies, unless they allow it by CORS.
        ISOLATE_AND_CREDENTIALLESS = "isolate-and-credentialless",
        /// Isolates nothing. This is the browsers' default without the header.
        NONE = "none",
    }
}
