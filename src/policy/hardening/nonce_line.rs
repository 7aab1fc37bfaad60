//! Sends the nonce of a policy in a line of its own.

use super::value::{Hardening, NonceLine};
use crate::{error::ParseError, policy::csp::ContentSecurityPolicy};

impl Hardening {
    /// Sends each policy that has a nonce in two lines. Only the second line contains the nonce.
    ///
    /// This is [`CspLayer::nonce_in_second_line`](crate::CspLayer::nonce_in_second_line), for the
    /// enforced policies and the report-only policy. Call it last: a policy that is set afterwards
    /// and cannot be split is sent in one line.
    ///
    /// ```
    /// use tower_hardening::{ContentSecurityPolicy, Hardening};
    ///
    /// const CSP: ContentSecurityPolicy =
    ///     ContentSecurityPolicy::from_static("default-src 'none'; script-src 'self' 'nonce-{}'");
    /// assert!(Hardening::empty().with(CSP).nonce_in_second_line().is_ok());
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if no policy has a nonce, and the errors of
    /// [`CspLayer::nonce_in_second_line`](crate::CspLayer::nonce_in_second_line).
    pub fn nonce_in_second_line(mut self) -> Result<Self, ParseError> {
        let all = self.csp.iter().chain(&self.additional_csp).chain(&self.csp_report_only);
        let with_nonce: Vec<_> = all.filter(|policy| policy.has_nonce()).collect();
        if with_nonce.is_empty() {
            ContentSecurityPolicy::EMPTY.split()?;
        }
        for policy in with_nonce {
            policy.split()?;
        }
        self.nonce_line = NonceLine::Second;
        Ok(self)
    }
}
