//! The strict grammar of a policy, checked the same way when compiling and when running.
//!
//! `tables` has the words of the specification, `syntax_error` what is wrong with a text,
//! `source` the grammar of one source, `scanner` that of a whole policy and `message` the error
//! texts. Each uses only those that stand before it in this list.

pub(super) mod message;
pub(super) mod scanner;
pub(super) mod source;
pub(super) mod syntax_error;
pub(super) mod tables;
