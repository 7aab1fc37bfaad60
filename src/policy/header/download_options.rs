//! Sets `X-Download-Options`, which removes "Open" from Internet Explorer's
//! dialogue.

use std::str::FromStr;

use super::keyword::closed_policy;
use crate::error::ParseError;

closed_policy! {
    /// Sets the obsolete `X-Download-Options`, which only Internet Explorer 8
    /// to 11 read.
    ///
    /// Its only value prevents a download from being opened in the context of the site. The Pleroma
    /// guide sends it; the modern presets do not.
    pub struct DownloadOptions("x-download-options", IfNotPresent, Single) {
        /// Removes "Open" from the download dialogue. This is the only value.
        NOOPEN = "noopen",
    }
}

impl FromStr for DownloadOptions {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::spelt(text).ok_or_else(|| Self::unknown(0, text, "a value of this header"))
    }
}
