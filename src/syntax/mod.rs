//! Text without meaning: scanners, lists of directives, structured fields, dates. No header is known here.

pub(crate) mod ascii;
pub(crate) mod base64;
pub(crate) mod content_type;
pub(crate) mod date;
pub(crate) mod directives;
pub(crate) mod scan;
pub(crate) mod structured;
