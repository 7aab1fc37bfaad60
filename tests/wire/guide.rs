//! What the guide says, written out once more by hand.

use http::HeaderMap;
use tower_hardening::{Hardening, HardeningLayer};

/// The nine headers, byte for byte.
pub(crate) const GUIDE: [(&str, &str); 9] = include!("../golden/guide.rs");

/// Those that say the same whatever the application says; it has the last word on the others.
pub(crate) const REPLACED: [&str; 2] = ["x-content-type-options", "strict-transport-security"];

pub(crate) fn layer() -> HardeningLayer {
    HardeningLayer::new(hardening())
}

pub(crate) fn hardening() -> Hardening {
    Hardening::pleroma(&"https://example.tld".parse().unwrap())
}

/// The values of a header, one for each line.
pub(crate) fn lines<'a>(headers: &'a HeaderMap, name: &str) -> Vec<&'a [u8]> {
    headers.get_all(name).iter().map(|value| value.as_bytes()).collect()
}

/// Every header of the guide is there, once.
#[track_caller]
pub(crate) fn assert_covered(headers: &HeaderMap, case: &str) {
    assert_covered_but(headers, &[], case);
}

/// The same, less some names.
#[track_caller]
pub(crate) fn assert_covered_but(headers: &HeaderMap, but: &[&str], case: &str) {
    for (name, value) in GUIDE {
        if !but.contains(&name) {
            assert_eq!(lines(headers, name), [value.as_bytes()], "{name} of {case}");
        }
    }
}

/// No header of the guide is there.
#[track_caller]
pub(crate) fn assert_bare(headers: &HeaderMap, case: &str) {
    for (name, _) in GUIDE {
        assert!(!headers.contains_key(name), "{name} of {case}");
    }
}
