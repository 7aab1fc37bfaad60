//! `X-Download-Options`: no "open" in Internet Explorer's download dialogue.

use std::str::FromStr;

use super::closed::closed_policy;
use crate::ParseError;

closed_policy! {
    /// `X-Download-Options`: obsolete; only Internet Explorer 8 to 11 ever read it.
    ///
    /// Its one value keeps a download from being opened in the context of the site. The Pleroma
    /// guide sends it; the modern presets do not.
    pub struct DownloadOptions("x-download-options", Keep, Single) {
        /// The one value there is.
        NOOPEN = "noopen",
    }
}

impl FromStr for DownloadOptions {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::spelt(text).ok_or_else(|| Self::unknown(0, text, "a value of this header"))
    }
}
