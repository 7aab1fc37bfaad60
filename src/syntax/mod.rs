//! Scans text without knowledge of any header: lists of directives, structured fields, dates.

pub(crate) mod ascii;
pub(crate) mod base64;
pub(crate) mod content_type;
pub(crate) mod date;
pub(crate) mod directives;
pub(crate) mod json;
pub(crate) mod percent;
pub(crate) mod scan;
pub(crate) mod structured;
