//! Sets `X-Content-Type-Options`, which stops browsers from guessing content
//! types.

use super::keyword::keyword_policy;

keyword_policy! {
    /// Makes a browser trust the `Content-Type`, with `X-Content-Type-Options`
    /// ([Fetch](https://fetch.spec.whatwg.org/#x-content-type-options-header)).
    ///
    /// A browser then refuses a script without a JavaScript type and a style sheet without
    /// `text/css`. A layer of this policy replaces the header of the response.
    ///
    /// ```
    /// use tower_hardening::ContentTypeOptions;
    ///
    /// assert_eq!(ContentTypeOptions::NOSNIFF.to_string(), "nosniff");
    /// assert_eq!("NoSniff".parse(), Ok(ContentTypeOptions::NOSNIFF));
    /// ```
    pub struct ContentTypeOptions("x-content-type-options", existing: Override, lines: Single, browsers: "all") {
        /// Trusts the declared type. This is the only value.
        NOSNIFF = "nosniff",
    }
}
