//! Benchmarks of this crate and of others: see docs/performance.md.

pub mod allocated;
pub mod callgrind;
pub mod case;
pub mod claim;
mod collisions;
pub mod contender;
pub mod deployed;
pub mod entered;
pub mod figures_file;
pub mod gate;
pub mod guide;
pub mod heap;
pub mod many;
pub mod ours;
#[cfg(feature = "report")]
pub mod peers;
#[cfg(feature = "report")]
pub mod report;
pub mod routes;
pub mod service;
pub mod tenants;
#[cfg(feature = "report")]
pub mod time;
pub mod traffic;
