//! Combines all policies of a service in one value.

mod equal;
#[cfg(feature = "settings")]
mod line;
mod lint;
mod lint_across;
mod lint_report_only;
mod requirement;
mod value;

pub use requirement::Requirement;
pub use value::Hardening;
