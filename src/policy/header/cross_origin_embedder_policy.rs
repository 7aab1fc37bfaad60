//! Sets `Cross-Origin-Embedder-Policy`, which limits the files of other origins in a page.

use super::token::token_policy;

token_policy! {
    /// Limits the files of other origins that a page loads, with `Cross-Origin-Embedder-Policy`
    /// ([HTML](https://html.spec.whatwg.org/multipage/browsers.html#coep)).
    ///
    /// Chrome 83, Firefox 79 and Safari 15.2 and later read the header, over https only. A page
    /// needs it, with [`CrossOriginOpenerPolicy::SAME_ORIGIN`](crate::header::CrossOriginOpenerPolicy::SAME_ORIGIN),
    /// for cross-origin isolation, as `SharedArrayBuffer` requires. No preset sends it: it blocks
    /// images and frames of other sites.
    ///
    /// ```
    /// use tower_hardening::header::CrossOriginEmbedderPolicy;
    ///
    /// const POLICY: CrossOriginEmbedderPolicy = CrossOriginEmbedderPolicy::REQUIRE_CORP;
    /// assert_eq!(POLICY.to_string(), "require-corp");
    /// ```
    pub struct CrossOriginEmbedderPolicy(
        "cross-origin-embedder-policy", browsers: "all",
        report_only: "cross-origin-embedder-policy-report-only"
    ) {
        /// Blocks files of other origins that do not allow it by CORS or
        /// `Cross-Origin-Resource-Policy`. A frame also needs a policy of its own.
        REQUIRE_CORP = "require-corp",
        /// Loads files of other origins without cookies, unless they allow it by CORS.
        /// Chrome 96 and Firefox 119; Safari treats it as [`UNSAFE_NONE`](Self::UNSAFE_NONE).
        CREDENTIALLESS = "credentialless",
        /// Limits nothing. This is the browsers' default without the header.
        UNSAFE_NONE = "unsafe-none",
    }
}
