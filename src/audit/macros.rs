//! Defines the macros of the feature `test-util`.

/// Asserts that an audit of a response finds no warning and no error, or that the response has
/// exactly the security headers of a [`Hardening`](crate::Hardening).
///
/// Takes a response of axum, hyper or `http`, its head, or a `HeaderMap`.
///
/// ```
/// use http::HeaderMap;
/// use tower_hardening::{Hardening, assert_hardened};
///
/// let policies = Hardening::recommended();
/// let response: HeaderMap = policies.headers().into_iter().collect();
/// assert_hardened!(response);
/// assert_hardened!(response, policies);
/// ```
#[macro_export]
macro_rules! assert_hardened {
    ($response:expr $(,)?) => {
        $crate::audit::panic_on_error!($crate::audit::check_hardened(&$response))
    };
    ($response:expr, $policies:expr $(,)?) => {
        $crate::audit::panic_on_error!($crate::audit::check_policies(&$response, &$policies))
    };
}

/// Asserts that a response has this [`Grade`](crate::audit::Grade) or a better one.
///
/// ```
/// use http::HeaderMap;
/// use tower_hardening::{Hardening, assert_grade};
///
/// let response: HeaderMap = Hardening::recommended().headers().into_iter().collect();
/// assert_grade!(response, "A+");
/// ```
#[macro_export]
macro_rules! assert_grade {
    ($response:expr, $least:expr $(,)?) => {
        $crate::audit::panic_on_error!($crate::audit::check_grade(&$response, $least))
    };
}

/// Asserts that a response has the header of a policy, once and with its value.
///
/// ```
/// use http::HeaderMap;
/// use tower_hardening::{FrameOptions, Hardening, assert_header};
///
/// let response: HeaderMap = Hardening::recommended().headers().into_iter().collect();
/// assert_header!(response, FrameOptions::SAMEORIGIN);
/// ```
#[macro_export]
macro_rules! assert_header {
    ($response:expr, $policy:expr $(,)?) => {
        $crate::audit::panic_on_error!($crate::audit::check_header(&$response, &$policy))
    };
}

/// Asserts that a response does not have a header.
///
/// ```
/// use http::HeaderMap;
/// use tower_hardening::{Hardening, assert_no_header};
///
/// let response: HeaderMap = Hardening::recommended().headers().into_iter().collect();
/// assert_no_header!(response, "Server");
/// ```
#[macro_export]
macro_rules! assert_no_header {
    ($response:expr, $name:expr $(,)?) => {
        $crate::audit::panic_on_error!($crate::audit::check_no_header(&$response, $name))
    };
}

/// Asserts that a content policy of a response has these sources for a directive.
///
/// ```
/// use http::HeaderMap;
/// use tower_hardening::{Hardening, assert_csp};
///
/// let response: HeaderMap = Hardening::recommended().headers().into_iter().collect();
/// assert_csp!(response, "object-src", "'none'");
/// ```
#[macro_export]
macro_rules! assert_csp {
    ($response:expr, $directive:expr, $sources:expr $(,)?) => {
        $crate::audit::panic_on_error!($crate::audit::check_csp(&$response, $directive, $sources))
    };
}

/// Panics with the message of an error, at the place of the assertion.
#[doc(hidden)]
#[macro_export]
macro_rules! __panic_on_error {
    ($result:expr) => {
        if let ::core::result::Result::Err(message) = $result {
            ::core::panic!("{message}");
        }
    };
}

#[doc(hidden)]
pub use __panic_on_error as panic_on_error;
