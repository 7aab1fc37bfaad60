//! Sets `Origin-Agent-Cluster`, which separates an origin from its sub-domains.

use super::keyword::keyword_policy;

keyword_policy! {
    /// Asks browsers to separate an origin from others of the same site, with
    /// `Origin-Agent-Cluster`
    /// ([HTML](https://html.spec.whatwg.org/multipage/browsers.html#origin-keyed-agent-clusters)).
    ///
    /// Chrome 90 and Firefox 138 and later read the header, over https only. The first page of an
    /// origin decides for as long as a window of the site is open.
    ///
    /// ```
    /// use tower_hardening::header::OriginAgentCluster;
    ///
    /// assert_eq!(OriginAgentCluster::ORIGIN_KEYED.to_string(), "?1");
    /// ```
    pub struct OriginAgentCluster("origin-agent-cluster", existing: IfNotPresent, lines: Single, browsers: "Chromium, Firefox", parse: exact) {
        /// Separates the origin: `document.domain` cannot be set, and memory is not shared with
        /// sub-domains.
        ORIGIN_KEYED = "?1",
        /// Keeps origins of one site together, also in browsers that separate them by default.
        SITE_KEYED = "?0",
    }
}
