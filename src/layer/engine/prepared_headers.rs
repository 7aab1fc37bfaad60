//! Prepares headers before the first request, and adds them at the least cost.
//!
//! A `HeaderMap` hashes every name that is inserted. A clone of a prepared map already contains the
//! hashes. For a response with few headers it is therefore cheaper to clone a prepared map and to
//! move the response's own headers into the clone than to insert the policy's headers.
//!
//! - A name that is in both maps gets the response's value. If the policy overrides, its own value
//!   is put back.
//! - A clone has no room to grow, and growing costs as much as four inserts. A prepared map
//!   therefore has places for the headers that most responses have. An unused place is removed.
//! - Moving works for few names without repetition: `insert` would lose all lines but one.
//!
//! Otherwise the policy's headers are inserted. `append` costs less than `entry`, and reports
//! whether the name was already present, so a line is appended first. A response that already has
//! one of the names usually comes from another layer with the same names; for the remaining lines,
//! `entry` costs less.

use std::{borrow::Cow, mem};

use http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{self, Entry},
};

use crate::policy::{
    header::{InsertMode, to_value},
    room::{accept, make_room},
};

/// Limits the number of response headers for which cloning is cheaper.
const FEW: usize = 5;

/// Lists the headers that have a place in a prepared map.
///
/// Most responses have the first two.
static PLACES: [HeaderName; ALL] =
    [header::CONTENT_TYPE, header::CONTENT_LENGTH, header::CACHE_CONTROL, header::SET_COOKIE];
const USUAL: usize = 2;
const ALL: usize = 4;

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
    alone: PreparedMap,
    /// For a response with one to `few` headers, except three.
    usual: PreparedMap,
    /// For a response with three headers.
    wider: PreparedMap,
}

/// Contains the prepared headers, and places for the response's own headers.
///
/// The map is cloned for each response.
#[derive(Clone, Debug)]
struct PreparedMap {
    map: HeaderMap,
    /// Set for each of [`PLACES`] in the map that is not a prepared header.
    places: [bool; ALL],
}

impl PreparedMap {
    fn new(list: &[PreparedHeader], places: usize) -> Self {
        // `insert` reserves room before it knows whether it needs any.
        let room = if places > 0 { FEW } else { 0 };
        let mut map = HeaderMap::with_capacity(list.len() + room);
        for line in list {
            map.insert(&line.name, line.value.clone());
        }
        let mut prepared = Self { map, places: [false; ALL] };
        for (name, has_place) in PLACES.iter().zip(&mut prepared.places).take(places) {
            if let Entry::Vacant(entry) = prepared.map.entry(name) {
                entry.insert(HeaderValue::from_static(""));
                *has_place = true;
            }
        }
        prepared
    }

    /// Moves the headers into a clone of this map, which replaces `headers`.
    fn move_in(&self, headers: &mut HeaderMap, overriding: &[HeaderName]) {
        let own = mem::replace(headers, self.map.clone());
        let mut empty = self.places;
        for (name, value) in own {
            // No name is repeated, so every value has one.
            let Some(name) = name else { continue };
            // This cannot fail: so few headers are far below the limit of a map.
            let Some(prepared) = headers.insert(&name, value) else { continue };
            match PLACES.iter().position(|place| *place == name) {
                Some(place) if empty[place] => empty[place] = false,
                _ if overriding.contains(&name) => {
                    headers.insert(&name, prepared);
                }
                _ => {}
            }
        }
        for (name, _) in PLACES.iter().zip(empty).filter(|(_, empty)| *empty) {
            headers.remove(name);
        }
    }
}

impl PreparedHeaders {
    pub(in crate::layer) fn new(list: Vec<PreparedHeader>) -> Self {
        let overriding = list.iter().filter(|line| line.existing == InsertMode::Override);
        let overriding = overriding.map(|line| line.name.clone()).collect();
        let [alone, usual, wider] = [0, USUAL, ALL].map(|places| PreparedMap::new(&list, places));
        Self { few: FEW.min(list.len()), list, overriding, alone, usual, wider }
    }

    /// Adds the headers to those of a response.
    #[inline(always)]
    pub(in crate::layer) fn apply(&self, headers: &mut HeaderMap) {
        let own = headers.keys_len();
        if own > self.few || own != headers.len() {
            self.insert(headers);
        } else if own == USUAL + 1 {
            self.wider.move_in(headers, &self.overriding);
        } else if own > 0 {
            self.usual.move_in(headers, &self.overriding);
        } else if !self.list.is_empty() {
            *headers = self.alone.map.clone();
        }
    }

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
    }
}
