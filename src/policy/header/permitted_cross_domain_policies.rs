//! Sets `X-Permitted-Cross-Domain-Policies` for Flash and Acrobat.

use super::keyword::keyword_policy;
use crate::lint::{Lint, Severity};

keyword_policy! {
    /// Selects the `crossdomain.xml` files that Flash and Acrobat obey, with
    /// `X-Permitted-Cross-Domain-Policies`.
    ///
    /// No current browser reads the header. The Pleroma guide sends `none`.
    ///
    /// ```
    /// use tower_hardening::header::PermittedCrossDomainPolicies;
    ///
    /// assert_eq!(PermittedCrossDomainPolicies::NONE.to_string(), "none");
    /// assert_eq!("all".parse(), Ok(PermittedCrossDomainPolicies::ALL));
    /// ```
    pub struct PermittedCrossDomainPolicies("x-permitted-cross-domain-policies", existing: IfNotPresent, lines: Single, browsers: "Flash, Acrobat", lints: lints) {
        /// Allows no policy file.
        NONE = "none",
        /// Allows only the policy file at the root of the site.
        MASTER_ONLY = "master-only",
        /// Allows only policy files served as `text/x-cross-domain-policy`.
        BY_CONTENT_TYPE = "by-content-type",
        /// Allows only policy files called `crossdomain.xml` (FTP).
        BY_FTP_FILENAME = "by-ftp-filename",
        /// Allows every policy file.
        ALL = "all",
        /// Declares that this response is not a policy file.
        NONE_THIS_RESPONSE = "none-this-response",
    }
}

impl PermittedCrossDomainPolicies {
    fn lints(&self) -> Vec<Lint> {
        let problem = "x-permitted-cross-domain-policies: with 'all' an uploaded policy file lets documents of other sites read this one in old plug-ins; write 'none'";
        let lint = Lint::new(Severity::Warning, "cross-domain-policies-all", problem);
        if *self == Self::ALL { vec![lint] } else { Vec::new() }
    }
}
