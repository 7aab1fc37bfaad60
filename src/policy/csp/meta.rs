//! Writes a policy as a `<meta>` element, for pages whose server sends no headers.

use super::value::ContentSecurityPolicy;
use crate::error::ParseError;

/// The directives that browsers ignore in a `<meta>` element (CSP Level 3, section 3.3, and the
/// Reporting API, which needs a header).
pub(super) const IGNORED: [&str; 4] = ["frame-ancestors", "report-to", "report-uri", "sandbox"];

impl ContentSecurityPolicy {
    /// Returns the policy as a `<meta>` element, for static pages.
    ///
    /// Put it first into the `<head>`: it does not apply to what precedes it. Send a header instead
    /// where that is possible.
    ///
    /// ```
    /// use tower_hardening::ContentSecurityPolicy;
    ///
    /// let policy = ContentSecurityPolicy::from_static("default-src 'self'; img-src *");
    /// assert_eq!(
    ///     policy.to_meta()?,
    ///     r#"<meta http-equiv="Content-Security-Policy" content="default-src 'self'; img-src *">"#,
    /// );
    /// # Ok::<(), tower_hardening::ParseError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error for `frame-ancestors`, `report-to`, `report-uri` and `sandbox`, which
    /// browsers ignore in this element, and for a nonce, which is new in every response.
    pub fn to_meta(&self) -> Result<String, ParseError> {
        let error = |problem| Err(ParseError::new(Self::HEADER, 0, problem));
        if let Some(ignored) = IGNORED.into_iter().find(|name| self.get(name).is_some()) {
            return error(format!(
                "browsers ignore '{ignored}' in a <meta> element; remove it, and send it in a header"
            ));
        }
        if self.has_nonce() {
            let problem =
                "a page that is a file has no nonce of its own; write a hash of each script";
            return error(problem.to_owned());
        }
        let text = self.to_string();
        let text = text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
        Ok(format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{text}\">"))
    }
}
