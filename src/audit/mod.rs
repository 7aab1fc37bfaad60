//! Grades a response, explains its weaknesses and names the fix of each.
//!
//! The functions work on the response of any server: they read headers as browsers read them, and
//! use no network. The grade follows the scoring of the
//! [HTTP Observatory](https://developer.mozilla.org/en-US/observatory/docs/tests_and_scoring). The
//! findings also contain the lints of this crate and the values of the
//! [OWASP Secure Headers Project](https://owasp.org/www-project-secure-headers/).
//!
//! ```
//! use http::{HeaderMap, StatusCode};
//! use tower_hardening::{Hardening, audit::{Grade, Observation}};
//!
//! let bare = HeaderMap::new();
//! let audit = Observation::new(StatusCode::OK, &bare).audit();
//! assert_eq!(audit.grade(), Grade::D);
//! println!("{audit}"); // the grade, and each finding with its fix
//!
//! let hardened: HeaderMap = Hardening::recommended().headers().into_iter().collect();
//! assert_eq!(Observation::new(StatusCode::OK, &hardened).audit().grade(), Grade::APlus);
//! ```
//!
//! Three rules of the Observatory need more than one response: see
//! [`Observation::redirection`], [`Observation::preflight`] and [`Observation::preloaded`]. The body
//! is not read, so `<meta>` tags and Subresource Integrity are not part of the grade.

#[cfg(feature = "test-util")]
mod assert;
mod diff;
mod difference;
mod finding;
mod fix;
mod grade;
mod lints;
#[cfg(feature = "test-util")]
mod macros;
mod observation;
mod observatory;
mod owasp;
#[cfg(feature = "html")]
mod page;
mod received;
mod redirection;
mod report;
mod run;
mod scores;

#[cfg(feature = "test-util")]
pub use assert::AuditedHeaders;
#[cfg(feature = "test-util")]
#[doc(hidden)]
pub use assert::{
    check_csp, check_grade, check_hardened, check_header, check_no_header, check_policies,
};
pub use diff::diff;
pub use difference::HeaderDifference;
pub use finding::AuditFinding;
pub use grade::Grade;
#[cfg(feature = "test-util")]
#[doc(hidden)]
pub use macros::panic_on_error;
pub use observation::Observation;
#[cfg(all(feature = "html", feature = "test-util"))]
#[doc(hidden)]
pub use page::check_page;
#[cfg(feature = "html")]
pub use page::{Blocked, InlineHashes, Page, PageAudit, Proposal, integrity, page, propose};
pub use redirection::Redirection;
pub use report::Audit;
