//! Lists the headers of the guide, independently of the crate.

use http::HeaderMap;
use tower_hardening::{Hardening, HardeningLayer};

/// The nine headers, byte for byte.
pub(crate) const GUIDE: [(&str, &str); 9] = include!("../golden/guide.rs");

/// The headers that replace the application's own; the application's other headers are kept.
pub(crate) const REPLACED: [&str; 2] = ["x-content-type-options", "strict-transport-security"];

pub(crate) fn layer() -> HardeningLayer {
    HardeningLayer::new(hardening())
}

pub(crate) fn hardening() -> Hardening {
    Hardening::pleroma(&"https://example.tld".parse().unwrap())
}

/// Returns the values of a header, one for each line.
pub(crate) fn lines<'a>(headers: &'a HeaderMap, name: &str) -> Vec<&'a [u8]> {
    headers.get_all(name).iter().map(|value| value.as_bytes()).collect()
}

/// Asserts that every header of the guide occurs once.
#[track_caller]
pub(crate) fn assert_covered(headers: &HeaderMap, case: &str) {
    assert_covered_but(headers, &[], case);
}

/// Asserts the same, without some names.
#[track_caller]
pub(crate) fn assert_covered_but(headers: &HeaderMap, but: &[&str], case: &str) {
    for (name, value) in GUIDE {
        if !but.contains(&name) {
            assert_eq!(lines(headers, name), [value.as_bytes()], "{name} of {case}");
        }
    }
}

/// Asserts that no header of the guide is present.
#[track_caller]
pub(crate) fn assert_bare(headers: &HeaderMap, case: &str) {
    for (name, _) in GUIDE {
        assert!(!headers.contains_key(name), "{name} of {case}");
    }
}
