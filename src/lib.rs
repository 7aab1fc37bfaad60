//! Tower layers that put one hardening policy on any HTTP service.
//!
//! A policy is a value; a layer is a policy compiled; a service is a layer applied.
//!
//! ```
//! use tower_hardening::{ContentSecurityPolicy, CspLayer, Hardening, HardeningLayer, Origin};
//!
//! let site: Origin = "https://example.tld".parse()?;
//! let all = HardeningLayer::new(Hardening::pleroma(&site));
//! let one = CspLayer::new(ContentSecurityPolicy::from_static("default-src 'self'"));
//! # let _ = (all, one);
//! # Ok::<(), tower_hardening::ParseError>(())
//! ```
#![cfg_attr(docsrs, feature(doc_cfg))]

mod error;
mod lint;
#[cfg(feature = "nonce")]
mod nonce;

mod layer;
mod policy;
mod preset;
#[cfg(feature = "serde")]
mod settings;

pub use error::ParseError;
pub use layer::*;
pub use lint::{Lint, Severity};
#[cfg(feature = "nonce")]
pub use nonce::{Nonce, NonceError};
pub use policy::*;
#[cfg(feature = "serde")]
pub use settings::*;
