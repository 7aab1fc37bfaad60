//! Implements `Content-Security-Policy`, which limits the loads and scripts of
//! a page.

mod addition;
mod address;
#[cfg(feature = "ambient")]
mod ambient;
mod build;
mod csp_override;
mod directive;
mod disposition;
mod draft;
mod draft_line;
mod edit;
mod evaluate;
mod grammar;
mod hash;
mod lint;
mod meta;
#[cfg(feature = "nonce")]
mod nonce;
#[cfg(feature = "nonce")]
mod nonce_carriers;
#[cfg(feature = "nonce")]
mod nonce_handle;
#[cfg(feature = "nonce")]
mod nonce_state;
mod parts;
mod print;
#[cfg(feature = "nonce")]
mod random;
mod received;
mod source;
mod source_directive;
mod split;
mod template;
mod value;
mod values;
mod word;

#[cfg(feature = "ambient")]
pub(crate) use ambient::within;
#[cfg(feature = "settings")]
pub(crate) use grammar::tables::is_unquoted_keyword;
#[cfg(feature = "settings")]
pub(crate) use lint::{is_top_level, shared_domain};
#[cfg(feature = "nonce")]
pub use nonce::{Nonce, NonceError};
#[cfg(feature = "nonce")]
pub(crate) use nonce_carriers::Carriers;
#[cfg(feature = "nonce")]
pub(crate) use nonce_handle::NonceHandle;
#[cfg(feature = "nonce")]
pub(crate) use nonce_state::Text as NonceText;

pub use addition::Addition;
pub use csp_override::CspOverride;
pub use directive::Directive;
#[cfg(feature = "settings")]
pub(crate) use directive::directive_names;
pub(crate) use disposition::Disposition;
pub(crate) use draft::Draft;
pub use evaluate::{
    Destination, EngineDifference, EvaluatedPolicy, Evaluation, Evaluator, Load, PolicyDecision,
};
pub(in crate::policy) use grammar::{scanner::is_endpoint, source::is_origin};
pub(crate) use parts::Parts;
pub use received::ReceivedPolicy;
pub use source::{FrameAncestor, Source};
pub use source_directive::SourceDirective;
pub(crate) use split::Split;
pub(crate) use template::Template;
pub use value::ContentSecurityPolicy;
pub use values::{EndpointName, SandboxToken, TrustedTypesPolicy, WebRtc};
