//! Prepares headers before the first request, and adds them at the least cost.
//!
//! A `HeaderMap` hashes every name that is inserted. A clone of a prepared map already contains the
//! hashes. For a response with few headers it is therefore cheaper to clone a prepared map and to
//! move the response's own headers into the clone than to insert the policy's headers.
//!
//! - A name that is in both maps gets the response's value, unless the policy overrides.
//! - A clone has no room to grow, and growing costs as much as four inserts. A prepared map
//!   therefore has places for the headers that most responses have. They are the first entries, so
//!   that comparing names finds them at less cost than a hash. An unused place is removed.
//! - Moving works for few names without repetition: `insert` would lose all lines but one.
//!
//! Otherwise the policy's headers are inserted. `append` costs less than `entry`, and reports
//! whether the name was already present, so a line is appended first. A response that already has
//! one of the names usually comes from another layer with the same names; for the remaining lines,
//! `entry` costs less.

use std::borrow::Cow;

use http::{HeaderMap, HeaderName, HeaderValue, header::Entry};

use super::prepared_map::{ALL, FEW, OwnValue, PreparedMap, USUAL};
use crate::policy::{
    header::{InsertMode, to_value},
    room::{accept, make_room},
};

/// Holds a header with the same value on every response.
#[derive(Clone, Debug)]
pub(in crate::layer) struct PreparedHeader {
    pub(in crate::layer) name: HeaderName,
    pub(in crate::layer) value: HeaderValue,
    pub(in crate::layer) existing: InsertMode,
}

impl PreparedHeader {
    pub(in crate::layer) fn new(
        name: HeaderName,
        text: Cow<'static, str>,
        existing: InsertMode,
    ) -> Self {
        Self { name, value: to_value(text), existing }
    }

    /// Adds the header to a response; `existing` is never `Append`.
    #[inline]
    pub(in crate::layer) fn put(&self, existing: InsertMode, headers: &mut HeaderMap) {
        put(&self.name, self.value.clone(), existing, headers);
    }
}

/// Adds a header, or replaces or keeps the response's existing lines.
///
/// Returns `true` if the response contains the new line afterwards.
#[inline]
pub(in crate::layer) fn put(
    name: &HeaderName,
    value: HeaderValue,
    existing: InsertMode,
    headers: &mut HeaderMap,
) -> bool {
    make_room(headers, 1);
    match headers.try_append(name, value) {
        Ok(false) => true,
        Ok(true) => resolve_duplicate(name, existing, headers),
        Err(_) => false,
    }
}

/// Removes the line that was appended to others, or removes the others.
#[cold]
fn resolve_duplicate(name: &HeaderName, existing: InsertMode, headers: &mut HeaderMap) -> bool {
    let mut own: Vec<HeaderValue> = headers.get_all(name).iter().cloned().collect();
    let appended = own.pop();
    let replaces = existing == InsertMode::Override;
    let lines = if replaces { appended.into_iter().collect() } else { own };
    headers.remove(name);
    for line in lines {
        accept(headers.try_append(name, line));
    }
    replaces
}

/// Holds several prepared headers with distinct names.
#[derive(Clone, Debug)]
pub(in crate::layer) struct PreparedHeaders {
    list: Vec<PreparedHeader>,
    /// The names of the headers that override.
    overriding: Vec<HeaderName>,
    /// The list is inserted into responses with more headers than this.
    few: usize,
    /// For a response without headers.
    for_empty: PreparedMap,
    /// For a response with one to `few` headers, except three.
    usual: PreparedMap,
    /// For a response with three headers.
    wider: PreparedMap,
}

impl PreparedHeaders {
    pub(in crate::layer) fn new(list: Vec<PreparedHeader>) -> Self {
        let overriding = list.iter().filter(|line| line.existing == InsertMode::Override);
        let overriding = overriding.map(|line| line.name.clone()).collect();
        let lines = list.iter().map(|line| (&line.name, &line.value));
        let [for_empty, usual, wider] =
            [0, USUAL, ALL].map(|places| PreparedMap::new(lines.clone(), places));
        Self { few: FEW.min(list.len()), list, overriding, for_empty, usual, wider }
    }

    /// Adds the headers to those of a response.
    #[inline(always)]
    pub(in crate::layer) fn apply(&self, headers: &mut HeaderMap) {
        match self.map_for(headers) {
            Some(map) if headers.is_empty() => *headers = map.clone_map(),
            Some(map) => map.move_in(headers, &self.overriding, &mut []),
            None => self.insert(headers),
        }
    }

    /// Adds the headers to those of a response, some of them with other values.
    pub(in crate::layer) fn apply_with(
        &self,
        values: &mut [OwnValue<'_>],
        headers: &mut HeaderMap,
    ) {
        match self.map_for(headers) {
            Some(map) => map.move_in(headers, &self.overriding, values),
            None => self.insert_with(values, headers),
        }
    }

    /// Returns the map to clone for a response with these headers, or `None` if inserting the policy's
    /// headers costs less.
    #[inline(always)]
    fn map_for(&self, headers: &HeaderMap) -> Option<&PreparedMap> {
        let own = headers.keys_len();
        if own > self.few || own != headers.len() {
            None
        } else if own == USUAL + 1 {
            Some(&self.wider)
        } else if own > 0 {
            Some(&self.usual)
        } else {
            Some(&self.for_empty)
        }
    }

    /// Inserts the headers, some of them with other values.
    #[inline(never)]
    fn insert_with(&self, values: &mut [OwnValue<'_>], headers: &mut HeaderMap) {
        let is_kept =
            |name: &HeaderName| headers.contains_key(name) && !self.overriding.contains(name);
        values.iter_mut().for_each(|own| drop(own.take_if(|(name, _)| is_kept(name))));
        self.insert(headers);
        for (name, value) in values.iter_mut().filter_map(Option::take) {
            if let Some(prepared) = headers.get_mut(name) {
                *prepared = value;
            }
        }
    }

    #[inline(never)]
    fn insert(&self, headers: &mut HeaderMap) {
        make_room(headers, self.list.len());
        accept(headers.try_reserve(self.list.len()));
        let mut lines = self.list.iter();
        for line in lines.by_ref() {
            // The name is passed by value. This is the only such call, so the compiler inlines it.
            match headers.try_append(line.name.clone(), line.value.clone()) {
                Ok(false) => {}
                Ok(true) => {
                    resolve_duplicate(&line.name, line.existing, headers);
                    break;
                }
                Err(_) => return,
            }
        }
        for line in lines {
            match headers.try_entry(&line.name) {
                Ok(Entry::Vacant(entry)) => accept(entry.try_insert(line.value.clone())),
                Ok(Entry::Occupied(mut entry)) if line.existing == InsertMode::Override => {
                    entry.insert(line.value.clone());
                }
                Ok(Entry::Occupied(_)) | Err(_) => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*, sample::select};

    use super::*;

    /// Generates names of policies, of common headers, and of others.
    fn name() -> impl Strategy<Value = HeaderName> {
        let policies = ["x-frame-options", "expect-ct", "referrer-policy", "x-a", "x-b"];
        let placed = ["content-type", "content-length", "cache-control", "set-cookie"];
        let others = ["vary", "etag", "server"];
        select([&policies[..], &placed, &others].concat()).prop_map(HeaderName::from_static)
    }

    fn list() -> impl Strategy<Value = Vec<PreparedHeader>> {
        let existing = select(vec![InsertMode::IfNotPresent, InsertMode::Override]);
        // Includes equal values, empty values, and values that look like placeholders.
        let text = select(vec!["DENY", "none", "", "1"]);
        let line = (name(), text, existing)
            .prop_map(|(name, text, existing)| PreparedHeader::new(name, text.into(), existing));
        vec(line, 0..12).prop_map(|mut list| {
            let mut seen = Vec::new();
            list.retain(|line| {
                let new = !seen.contains(&line.name);
                seen.push(line.name.clone());
                new
            });
            list
        })
    }

    fn response() -> impl Strategy<Value = HeaderMap> {
        let value = select(vec!["a", "DENY", "", "1", "2"]).prop_map(HeaderValue::from_static);
        vec((name(), value), 0..12).prop_map(|lines| {
            let mut headers = HeaderMap::new();
            for (name, value) in lines {
                headers.append(name, value);
            }
            headers
        })
    }

    proptest! {
        #[test]
        fn the_outcome_is_that_of_plain_inserts(list in list(), response in response()) {
            let mut inserted = response.clone();
            for line in &list {
                if line.existing == InsertMode::Override || !inserted.contains_key(&line.name) {
                    inserted.insert(&line.name, line.value.clone());
                }
            }
            let mut applied = response;
            PreparedHeaders::new(list).apply(&mut applied);
            // Compare the number of entries too: no empty place may be left.
            prop_assert_eq!(applied.iter().count(), inserted.iter().count());
            prop_assert_eq!(applied, inserted);
        }

        #[test]
        fn own_values_are_sent_where_the_prepared_values_would_be(
            list in list(),
            response in response(),
            own in vec((name(), "[a-z]{3}"), 2),
        ) {
            let values: Vec<_> = own
                .into_iter()
                .map(|(name, text)| (name, HeaderValue::try_from(text).unwrap()))
                .collect();
            let changed = list.iter().cloned().map(|mut line| {
                let own = values.iter().find(|(name, _)| *name == line.name);
                line.value = own.map_or(line.value, |(_, value)| value.clone());
                line
            });
            let mut expected = response.clone();
            PreparedHeaders::new(changed.collect()).apply(&mut expected);
            let mut applied = response;
            let first_wins = values[0].0 == values[1].0;
            let second = Some(&values[1]).filter(|_| !first_wins);
            let mut own = [Some(&values[0]), second]
                .map(|own| own.map(|(name, value)| (name, value.clone())));
            PreparedHeaders::new(list).apply_with(&mut own, &mut applied);
            prop_assert_eq!(applied, expected);
        }
    }
}
