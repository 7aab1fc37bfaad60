//! Tells quickly that a name is not in a list.

use std::fmt;

use http::HeaderName;

const WORDS: usize = 8;

/// Holds a bit for each name of a list, at a place that a few bytes of the name decide.
///
/// Most names of a response are in no list, and their bit is not set. A name with a set bit may be in
/// the list.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct NameFilter([u64; WORDS]);

impl NameFilter {
    pub(super) fn add(&mut self, name: &HeaderName) {
        let (word, bit) = place(name);
        self.0[word] |= bit;
    }

    /// Returns `false` if the list does not have this name.
    #[inline]
    pub(super) fn may_have(&self, name: &HeaderName) -> bool {
        let (word, bit) = place(name);
        self.0[word] & bit != 0
    }
}

/// Returns the place of a name's bit.
///
/// The factors keep the usual headers of a response apart from the names of OWASP.
#[inline]
fn place(name: &HeaderName) -> (usize, u64) {
    let bytes = name.as_str().as_bytes();
    let byte = |index: usize| bytes.get(index).map_or(0, |byte| usize::from(*byte));
    let sum = bytes.len() * 7 + byte(bytes.len() / 2) * 9 + byte(bytes.len() - 1) * 17;
    (sum / 64 % WORDS, 1 << (sum % 64))
}

impl fmt::Debug for NameFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NameFilter(..)")
    }
}

#[cfg(test)]
mod tests {
    use http::header;

    use super::*;
    use crate::policy::describing_headers::OWASP;

    #[test]
    fn every_name_that_was_added_may_be_in_the_list() {
        let names: Vec<HeaderName> =
            OWASP.iter().map(|name| HeaderName::from_static(name)).collect();
        let mut filter = NameFilter::default();
        names.iter().for_each(|name| filter.add(name));
        assert!(names.iter().all(|name| filter.may_have(name)));
    }

    #[test]
    fn the_usual_headers_of_a_response_are_not_in_the_list_of_owasp() {
        let mut filter = NameFilter::default();
        let names = OWASP.iter().map(|name| HeaderName::from_static(name));
        names.for_each(|name| filter.add(&name));
        for name in [
            header::CONTENT_TYPE,
            header::CONTENT_LENGTH,
            header::CACHE_CONTROL,
            header::ETAG,
            header::LAST_MODIFIED,
            header::SET_COOKIE,
            header::VARY,
        ] {
            assert!(!filter.may_have(&name), "{name}");
        }
    }
}
