//! Sets `X-Download-Options`, which removes "Open" from Internet Explorer's
//! dialogue.

use super::keyword::keyword_policy;
keyword_policy! {
    /// Sets the obsolete `X-Download-Options`, which only Internet Explorer 8
    /// to 11 read.
    ///
    /// Its only value prevents a download from being opened in the context of the site. The Pleroma
    /// guide sends it; the modern presets do not.
    ///
    /// ```
    /// use tower_hardening::header::DownloadOptions;
    ///
    /// assert_eq!(DownloadOptions::NOOPEN.to_string(), "noopen");
    /// ```
    pub struct DownloadOptions("x-download-options", existing: IfNotPresent, lines: Single, browsers: "Internet Explorer") {
        /// Removes "Open" from the download dialogue. This is the only value.
        NOOPEN = "noopen",
    }
}
