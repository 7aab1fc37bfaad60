//! What browsers skip of a policy's text, besides what is weak about the rest.

use super::{
    ContentSecurityPolicy,
    parse::{Skipped, read},
};
use crate::{Lint, Severity};

impl ContentSecurityPolicy {
    /// What is weak about policies that others wrote, as [`parse`](Self::parse) reads them: the
    /// [`lints`](Self::lints) of each, and what browsers skip, such as a second directive of a name.
    ///
    /// ```
    /// use tower_hardening::ContentSecurityPolicy;
    ///
    /// let lints = ContentSecurityPolicy::audit("script-src 'self' m\u{fc}nchen.example".as_bytes());
    /// assert_eq!(
    ///     lints[0].to_string(),
    ///     "error[csp-not-ascii]: content-security-policy: browsers skip 'script-src', which has a \
    ///      byte that is not ASCII; write a host in its 'xn--' form",
    /// );
    /// ```
    pub fn audit(list: &[u8]) -> Vec<Lint> {
        let mut lints = Vec::new();
        for policy in list.split(|byte| *byte == b',') {
            if let Some(read) = read(policy, &mut |skipped| lints.push(skipped.lint())) {
                lints.extend(read.lints());
            }
        }
        lints
    }
}

impl Skipped<'_> {
    fn lint(self) -> Lint {
        let (id, name, why) = match self {
            Self::NotAscii(text) => {
                let name = text.split(u8::is_ascii_whitespace).next().unwrap_or_default();
                let why = "which has a byte that is not ASCII; write a host in its 'xn--' form";
                ("csp-not-ascii", name, why)
            }
            Self::Control(name) => {
                let why = "which has a control character; write spaces between sources";
                ("csp-control-character", name.as_bytes(), why)
            }
            Self::Second(name) => {
                let why = "which stands there a second time; merge the two";
                ("csp-directive-duplicate", name.as_bytes(), why)
            }
        };
        let message =
            format!("content-security-policy: browsers skip '{}', {why}", name.escape_ascii());
        Lint::new(Severity::Error, id, message)
    }
}
