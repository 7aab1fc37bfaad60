//! Turns policies into a preset.

use super::value::{Framing, Hardening};

impl Hardening {
    /// Turns the value into a preset, as the presets of this crate are made.
    ///
    /// [`lints`](Self::lints) omits the lints with these ids, which the preset's documentation
    /// explains. The preset's `X-Frame-Options` follows a `frame-ancestors` that replaces its own.
    ///
    /// ```
    /// use tower_hardening::{ContentSecurityPolicy, Hardening};
    ///
    /// const CSP: ContentSecurityPolicy =
    ///     ContentSecurityPolicy::from_static("default-src 'self'; style-src 'unsafe-inline'");
    ///
    /// /// The policies of all our sites. Their pages have inline styles.
    /// fn ours() -> Hardening {
    ///     Hardening::recommended().with(CSP).into_preset(&["csp-style-unsafe-inline"])
    /// }
    ///
    /// assert!(ours().lints().iter().all(|lint| lint.id() != "csp-style-unsafe-inline"));
    /// ```
    pub fn into_preset(self, explained: &'static [&'static str]) -> Self {
        Self { framing: Framing::Ancestors, explained, ..self }
    }
}
