//! Combines all policies of a service in one value.

mod equal;
mod into_preset;
#[cfg(any(feature = "audit", feature = "settings"))]
mod line;
mod lint;
mod lint_across;
mod lint_report_only;
mod nonce_line;
mod requirement;
mod sent;
mod value;

#[cfg(feature = "settings")]
pub(crate) use line::Line;
pub use requirement::Requirement;
pub use value::Hardening;
pub(crate) use value::NonceLine;
