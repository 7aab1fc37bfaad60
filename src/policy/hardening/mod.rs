//! Combines all policies of a service in one value.

mod lint;
mod requirement;
mod value;

pub use requirement::Requirement;
pub use value::Hardening;
#[cfg(any(test, feature = "settings"))]
pub(crate) use value::Policy;
