//! Checks pages of HTML: what does a policy break?

#[cfg(feature = "test-util")]
mod assertion;
mod blocked;
mod check;
mod collector;
mod css;
mod handlers;
mod hashes;
mod lines;
mod loads;
mod markup;
mod navigations;
mod nesting;
mod page_use;
mod proposal;
mod propose;
mod reader;
mod remedy;
mod scripts;
mod source;
mod srcset;

#[cfg(feature = "test-util")]
#[doc(hidden)]
pub use assertion::check_page;
pub use blocked::Blocked;
pub use check::{Page, PageAudit, page};
pub use hashes::{InlineHashes, integrity};
pub use proposal::Proposal;
pub use propose::propose;
