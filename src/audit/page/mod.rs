//! Checks pages of HTML: what does a policy break?

mod blocked;
mod check;
mod collector;
mod css;
mod handlers;
mod lines;
mod loads;
mod markup;
mod navigations;
mod nesting;
mod page_use;
mod reader;
mod remedy;
mod scripts;
mod source;
mod srcset;

pub use blocked::Blocked;
pub use check::{Page, PageAudit, page};
