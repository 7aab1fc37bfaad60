//! Asserts that policies block nothing in a page.

use super::check::Page;
use crate::policy::csp::EvaluatedPolicy;

/// Asserts that a policy blocks nothing in a page: the HTML that a template wrote. A third argument is
/// the URL of the page.
///
/// ```
/// use tower_hardening::{ContentSecurityPolicy, assert_page_works};
///
/// let policy = ContentSecurityPolicy::from_static("default-src 'self'");
/// assert_page_works!("<img src=/logo.png>", &policy);
/// assert_page_works!("<img src=//a.example/logo.png>", &policy, "https://a.example/");
/// ```
#[macro_export]
macro_rules! assert_page_works {
    ($html:expr, $policy:expr $(,)?) => {
        $crate::audit::panic_on_error!($crate::audit::check_page(
            &$html,
            $policy,
            "https://page.invalid/"
        ))
    };
    ($html:expr, $policy:expr, $url:expr $(,)?) => {
        $crate::audit::panic_on_error!($crate::audit::check_page(&$html, $policy, $url))
    };
}

/// Returns an error with everything that a policy blocks in a page.
#[doc(hidden)]
pub fn check_page(
    html: impl AsRef<[u8]>,
    policy: impl Into<EvaluatedPolicy>,
    url: &str,
) -> Result<(), String> {
    let page = Page::new(html).at(url).map_err(|error| error.to_string())?;
    let audit = page.enforcing(policy).audit();
    if audit.works() {
        Ok(())
    } else {
        Err(format!("the policy blocks parts of the page:\n{audit}"))
    }
}
