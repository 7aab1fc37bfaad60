//! Knows the names of headers, and records those that are not sent.

use crate::{
    error::near,
    policy::{csp::ContentSecurityPolicy, header::for_each_header},
};

/// The number of headers above which servers and proxies refuse a response.
pub(super) const MOST: usize = 500;

/// The distance up to which a name is a misspelling of another, in letters.
const CLOSE: usize = 2;

/// A header or a source of the file that is not sent, or whose name browsers do not know.
#[derive(Clone, Debug)]
pub(super) struct LeftOut {
    pub(super) key: String,
    pub(super) id: &'static str,
    pub(super) problem: String,
}

/// Returns the headers that have a type, in lower case.
pub(super) fn known_headers() -> impl Iterator<Item = &'static str> {
    let mut typed = vec![ContentSecurityPolicy::HEADER, ContentSecurityPolicy::REPORT_ONLY];
    macro_rules! row {
        ([$place:path] $($module:ident::$policy:ident => $layer:ident = $sample:literal,)+) => {
            $(typed.extend([
                crate::policy::header::$policy::HEADER,
                crate::policy::header::$policy::REPORT_ONLY,
            ]);)+
        };
    }
    for_each_header!(row);
    // A policy without a report-only twin has an empty name there.
    typed.into_iter().filter(|typed| !typed.is_empty())
}

/// Returns the header that was probably meant by one without a type.
pub(super) fn meant(name: &str) -> Option<&'static str> {
    if known_headers().any(|known| known == name) {
        return None;
    }
    known_headers().find(|known| {
        near(name.as_bytes(), known.as_bytes()).is_some_and(|distance| distance <= CLOSE)
    })
}
