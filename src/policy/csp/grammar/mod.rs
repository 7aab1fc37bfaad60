//! Implements the strict grammar of a policy, for compile time and run time
//! alike.
//!
//! `groups` has the groups of directives, `tables` the words of the specification, `syntax_error` the description of an error,
//! `quoted` and `source` the grammar of one source, `scanner` that of a whole policy and `message` the error
//! texts. Each module uses only modules that precede it in this list.

pub(super) mod groups;
pub(super) mod message;
pub(super) mod quoted;
pub(super) mod scanner;
pub(super) mod source;
pub(super) mod syntax_error;
pub(super) mod tables;
