//! `X-Content-Type-Options`: no guessing of content types.

use std::str::FromStr;

use super::closed::closed_policy;
use crate::ParseError;

closed_policy! {
    /// `X-Content-Type-Options`: a browser takes the `Content-Type` at its word
    /// ([Fetch](https://fetch.spec.whatwg.org/#x-content-type-options-header)).
    ///
    /// A browser then refuses a script without a JavaScript type and a style sheet without
    /// `text/css`. A layer of it replaces what the response says.
    pub struct ContentTypeOptions("x-content-type-options", Replace, First) {
        /// The one value there is.
        NOSNIFF = "nosniff",
    }
}

impl FromStr for ContentTypeOptions {
    type Err = ParseError;

    /// Reads as a browser does: of a list, the first value.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let first = text.split(',').next().unwrap_or_default();
        Self::spelt(first).ok_or_else(|| Self::unknown(0, first, "a value of this header"))
    }
}
