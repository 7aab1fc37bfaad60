//! Sets `Cross-Origin-Resource-Policy`, which limits the sites that may load a file.

use super::keyword::keyword_policy;

keyword_policy! {
    /// Limits the sites that may load a file into their pages, with `Cross-Origin-Resource-Policy`
    /// ([Fetch](https://fetch.spec.whatwg.org/#cross-origin-resource-policy-header)).
    ///
    /// Chrome 73, Edge 79, Firefox 74 and Safari 12 and later read the header. It applies to loads
    /// without CORS, such as images and scripts. `same-origin` on images, avatars, fonts or media
    /// breaks the sites that show them: give such routes a layer of their own.
    ///
    /// Browsers compare the exact bytes, so another letter case is an error here.
    ///
    /// ```
    /// use tower_hardening::header::CrossOriginResourcePolicy;
    ///
    /// const POLICY: CrossOriginResourcePolicy = CrossOriginResourcePolicy::SAME_SITE;
    /// assert_eq!(POLICY.to_string(), "same-site");
    /// assert!("Same-Site".parse::<CrossOriginResourcePolicy>().is_err());
    /// ```
    pub struct CrossOriginResourcePolicy("cross-origin-resource-policy", existing: IfNotPresent, lines: Single, browsers: "all", parse: exact) {
        /// Allows pages of the same origin.
        SAME_ORIGIN = "same-origin",
        /// Allows pages of the same site: its sub-domains, over https if the file is.
        SAME_SITE = "same-site",
        /// Allows every page, also those with a `Cross-Origin-Embedder-Policy`.
        CROSS_ORIGIN = "cross-origin",
    }
}
