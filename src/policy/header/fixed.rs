//! Marks the policies that have one value for every response.

use super::{policy::HeaderPolicy, static_header::StaticHeader, table::for_each_header};

/// Marks a policy that has one value for every response.
///
/// [`HeaderOverride`](crate::header::HeaderOverride) replaces these. A `ContentSecurityPolicy` is not
/// one of them: its nonce differs between responses, and
/// [`CspOverride`](crate::csp::CspOverride) replaces it. The trait is sealed.
///
/// ```
/// use tower_hardening::{FrameOptions, header::{FixedPolicy, HeaderOverride}};
///
/// fn only_here(policy: &impl FixedPolicy) -> HeaderOverride {
///     HeaderOverride::new().replace(policy)
/// }
/// let change = only_here(&FrameOptions::DENY);
/// ```
///
/// ```compile_fail,E0277
/// use tower_hardening::{ContentSecurityPolicy, header::HeaderOverride};
///
/// let change = HeaderOverride::new().replace(&ContentSecurityPolicy::NONE);
/// ```
pub trait FixedPolicy: HeaderPolicy {}

/// For example
/// `mark! { [tower_hardening] frame_options::FrameOptions => FrameOptionsLayer = "x-frame-options": "DENY", }`.
macro_rules! mark {
    ([$place:path] $($module:ident::$policy:ident => $layer:ident = $name:literal: $sample:literal,)+) => {
        $(impl FixedPolicy for super::$module::$policy {})+
    };
}

for_each_header!(mark);

impl FixedPolicy for StaticHeader {}
