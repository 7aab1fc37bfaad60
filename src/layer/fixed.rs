//! Putting fixed headers on a response, the way that costs least.
//!
//! A `HeaderMap` hashes every name that is inserted. A clone of a map that was made beforehand
//! brings its hashes along, so for a response with few headers it is cheaper to take a clone of
//! the policy's map and move the response's headers over than to insert the policy's. `append`
//! tells on the way whether the map had the name; only then is there anything to put right. For a
//! response with many headers, or with a repeated one, inserting is cheaper and simpler.

use http::{HeaderMap, HeaderName, HeaderValue, header::Entry};

use crate::policy::Existing;

/// Above this number of headers on the response, the policy's are inserted.
const FEW: usize = 5;

/// Headers with the same value on every response.
#[derive(Clone, Debug)]
pub(super) struct FixedHeaders {
    list: Vec<(HeaderName, HeaderValue, Existing)>,
    /// All of `list`, to be cloned.
    map: HeaderMap,
    /// The same with room for the response's own.
    roomy: HeaderMap,
}

impl FixedHeaders {
    pub(super) fn new(list: Vec<(HeaderName, HeaderValue, Existing)>) -> Self {
        let map: HeaderMap =
            list.iter().map(|(name, value, _)| (name.clone(), value.clone())).collect();
        let mut roomy = HeaderMap::with_capacity(2 * list.len() + FEW);
        roomy.extend(map.iter().map(|(name, value)| (name.clone(), value.clone())));
        Self { list, map, roomy }
    }

    /// The same, replacing what the response says.
    pub(super) fn overriding(&self) -> Self {
        let list = self.list.iter().cloned();
        Self::new(list.map(|(name, value, _)| (name, value, Existing::Replace)).collect())
    }

    #[inline]
    pub(super) fn apply(&self, headers: &mut HeaderMap) {
        let own = headers.keys_len();
        if own <= FEW.min(self.list.len()) && own == headers.len() {
            self.move_into_clone(headers);
        } else {
            self.insert(headers);
        }
    }

    fn move_into_clone(&self, headers: &mut HeaderMap) {
        let map = if headers.is_empty() { &self.map } else { &self.roomy };
        let own = std::mem::replace(headers, map.clone());
        let mut clash = false;
        for (name, value) in own {
            // No name is repeated, so there is none without; so few are far from a map's limit.
            if let Some(name) = name {
                clash |= headers.append(name, value);
            }
        }
        if clash {
            self.settle(headers);
        }
    }

    /// Where a name is there twice, the policy's value stands before the response's own.
    #[cold]
    fn settle(&self, headers: &mut HeaderMap) {
        for (name, value, existing) in &self.list {
            let Some(own) = headers.get_all(name).iter().nth(1).cloned() else { continue };
            let kept = if *existing == Existing::Replace { value.clone() } else { own };
            headers.insert(name, kept);
        }
    }

    fn insert(&self, headers: &mut HeaderMap) {
        // Where there is no room for all, there may be for some.
        let _ = headers.try_reserve(self.list.len());
        for (name, value, existing) in &self.list {
            put(headers, name, || value.clone(), *existing);
        }
    }
}

/// Puts one header on a response; the value is made only where it is needed.
#[inline]
pub(super) fn put(
    headers: &mut HeaderMap,
    name: &HeaderName,
    value: impl FnOnce() -> HeaderValue,
    existing: Existing,
) {
    match existing {
        Existing::Replace => drop(headers.try_insert(name, value())),
        Existing::Keep => {
            if let Ok(Entry::Vacant(entry)) = headers.try_entry(name) {
                drop(entry.try_insert(value()));
            }
        }
        // Never for one of several fixed headers: only policies for content go beside others.
        Existing::Append => drop(headers.try_append(name, value())),
    }
}
