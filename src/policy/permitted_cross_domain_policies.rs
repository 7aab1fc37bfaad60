//! `X-Permitted-Cross-Domain-Policies`: Flash's and Acrobat's cross-domain files.

use std::str::FromStr;

use super::closed::closed_policy;
use crate::ParseError;

closed_policy! {
    /// `X-Permitted-Cross-Domain-Policies`: which `crossdomain.xml` files Flash and Acrobat heed.
    ///
    /// No browser of today reads it. The Pleroma guide sends `none`.
    pub struct PermittedCrossDomainPolicies("x-permitted-cross-domain-policies", Keep, Single) {
        /// No policy file counts.
        NONE = "none",
        /// Only the one at the root of the site.
        MASTER_ONLY = "master-only",
        /// Only those served as `text/x-cross-domain-policy`.
        BY_CONTENT_TYPE = "by-content-type",
        /// Only those called `crossdomain.xml` (FTP).
        BY_FTP_FILENAME = "by-ftp-filename",
        /// Every one.
        ALL = "all",
        /// This response is no policy file.
        NONE_THIS_RESPONSE = "none-this-response",
    }
}

impl FromStr for PermittedCrossDomainPolicies {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::spelt(text).ok_or_else(|| Self::unknown(0, text, "a value of this header"))
    }
}
