//! Putting fixed headers on a response, the way that costs least.
//!
//! A `HeaderMap` hashes every name that is inserted. A clone of a map that was made beforehand
//! brings its hashes along, so for a response with few headers it is cheaper to take a clone of
//! the policy's map and move the response's own headers into it than to insert the policy's. Three
//! things follow:
//!
//! - A name that both have keeps the response's value by that; `insert` hands back the policy's, which
//!   is put back where it is to replace the other.
//! - A clone has no room to grow, and growing costs as much as four inserts. So the map has the headers
//!   that such responses have, with values that stand for theirs; what is not overwritten is removed.
//! - The response's own names must be few, and none of them repeated: `insert` would lose the others.
//!
//! Else the policy's are inserted. `append` costs less than `entry`, and tells whether the name was
//! there: so a line is appended, and in the rare case it is taken back, or the others are.

use std::{borrow::Cow, mem, ptr};

use http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::policy::{Existing, to_value};

/// Above this number of headers on the response, as many of the policy's cost less to insert.
const FEW: usize = 5;

/// What has a place in a map that is to be cloned: the usual ones, which most responses have, or all.
const PLACES: [HeaderName; ALL] =
    [header::CONTENT_TYPE, header::CONTENT_LENGTH, header::CACHE_CONTROL, header::SET_COOKIE];
const USUAL: usize = 2;
const ALL: usize = 4;

/// Values of places that are empty; told from all others by where they are.
static EMPTY: [[u8; 1]; ALL] = [*b"1", *b"2", *b"3", *b"4"];

/// A value that is made once, and the text that another one like it is made of.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct FixedValue {
    text: Cow<'static, str>,
    value: HeaderValue,
}

impl FixedValue {
    pub(super) fn new(text: Cow<'static, str>) -> Self {
        Self { value: to_value(text.clone()), text }
    }

    /// A value with the same text, of which this one is not a clone.
    pub(super) fn another(&self) -> Self {
        Self::new(self.text.clone())
    }

    #[inline]
    pub(super) fn to_header(&self) -> HeaderValue {
        self.value.clone()
    }

    /// Whether a header's value is a clone of this one, and not another with the same text.
    pub(super) fn is_cloned_in(&self, value: &HeaderValue) -> bool {
        ptr::eq(self.value.as_bytes(), value.as_bytes())
    }
}

/// A header with the same value on every response.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct FixedLine {
    pub(super) name: HeaderName,
    pub(super) value: FixedValue,
    pub(super) existing: Existing,
}

impl FixedLine {
    pub(super) fn new(name: HeaderName, text: Cow<'static, str>, existing: Existing) -> Self {
        Self { name, value: FixedValue::new(text), existing }
    }

    /// A line for which `existing` says what is to happen; it is never one that is added beside others.
    #[inline]
    pub(super) fn put(&self, existing: Existing, headers: &mut HeaderMap) {
        put(&self.name, self.value.to_header(), existing, headers);
    }
}

/// Puts a line on a response that has none of its name, and else replaces those or leaves them.
/// Whether it is there then.
#[inline]
pub(super) fn put(
    name: &HeaderName,
    value: HeaderValue,
    existing: Existing,
    headers: &mut HeaderMap,
) -> bool {
    match headers.try_append(name.clone(), value) {
        Ok(false) => true,
        Ok(true) => settle(name, existing, headers),
        Err(_) => false,
    }
}

/// Makes up for a line that was appended to others.
#[cold]
fn settle(name: &HeaderName, existing: Existing, headers: &mut HeaderMap) -> bool {
    let mut own: Vec<HeaderValue> = headers.get_all(name).iter().cloned().collect();
    let appended = own.pop();
    let replaces = existing == Existing::Replace;
    let lines = if replaces { appended.into_iter().collect() } else { own };
    headers.remove(name);
    for line in lines {
        drop(headers.try_append(name, line));
    }
    replaces
}

/// Several of them, with one name each.
#[derive(Clone, Debug)]
pub(super) struct FixedHeaders {
    list: Vec<FixedLine>,
    /// Above this number of headers on the response they are inserted.
    few: usize,
    /// For a response without headers.
    alone: Template,
    /// For one that has what most have.
    usual: Template,
    /// For one that has one more, which is one of two as a rule.
    wider: Template,
}

/// A map that is to be cloned: fixed headers, and places for the response's own.
#[derive(Clone, Debug)]
struct Template {
    map: HeaderMap,
    /// Which of [`PLACES`] it has.
    places: [bool; ALL],
}

impl Template {
    fn new(list: &[FixedLine], places: usize) -> Self {
        // `insert` asks for room before it knows whether it needs any.
        let room = if places > 0 { FEW } else { 0 };
        let mut map = HeaderMap::with_capacity(list.len() + room);
        map.extend(list.iter().map(|line| (line.name.clone(), line.value.to_header())));
        let mut template = Self { map, places: [false; ALL] };
        let all = PLACES.into_iter().zip(&EMPTY).zip(&mut template.places);
        for ((name, empty), has) in all.take(places) {
            let empty = std::str::from_utf8(empty).expect("ASCII");
            *has = !template.map.contains_key(&name);
            template.map.entry(name).or_insert(HeaderValue::from_static(empty));
        }
        template
    }
}

impl FixedHeaders {
    pub(super) fn new(list: Vec<FixedLine>) -> Self {
        let [alone, usual, wider] = [0, USUAL, ALL].map(|places| Template::new(&list, places));
        Self { few: FEW.min(list.len()), list, alone, usual, wider }
    }

    #[inline(always)]
    pub(super) fn apply(&self, headers: &mut HeaderMap) {
        let own = headers.keys_len();
        if own > self.few || own != headers.len() {
            self.insert(headers);
        } else if own == USUAL + 1 {
            self.move_into_clone(&self.wider, headers);
        } else if own > 0 {
            self.move_into_clone(&self.usual, headers);
        } else if !self.list.is_empty() {
            *headers = self.alone.map.clone();
        }
    }

    fn move_into_clone(&self, template: &Template, headers: &mut HeaderMap) {
        let own = mem::replace(headers, template.map.clone());
        let mut unused = template.places;
        for (name, value) in own {
            // No name is repeated, so there is none without; so few are far from a map's limit.
            let Some(name) = name else { continue };
            let Some(before) = headers.insert(name, value) else { continue };
            match place_of(&before) {
                Some(place) => unused[place] = false,
                None => self.put_back(&before, headers),
            }
        }
        for (name, _) in PLACES.iter().zip(unused).filter(|(_, unused)| *unused) {
            headers.remove(name);
        }
    }

    /// Where a line with this value is to replace the response's own, it does.
    #[cold]
    fn put_back(&self, value: &HeaderValue, headers: &mut HeaderMap) {
        for line in self.list.iter().filter(|line| line.value.is_cloned_in(value)) {
            if line.existing == Existing::Replace {
                drop(headers.try_insert(&line.name, line.value.to_header()));
            }
        }
    }

    fn insert(&self, headers: &mut HeaderMap) {
        // Where there is no room for all, there may be for some.
        let _ = headers.try_reserve(self.list.len());
        for line in &self.list {
            line.put(line.existing, headers);
        }
    }
}

fn place_of(value: &HeaderValue) -> Option<usize> {
    EMPTY.iter().position(|empty| ptr::eq(empty.as_slice(), value.as_bytes()))
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*, sample::select};

    use super::*;

    /// Names of policies, of headers that most responses have, and of others.
    fn name() -> impl Strategy<Value = HeaderName> {
        let policies = ["x-frame-options", "expect-ct", "referrer-policy", "x-a", "x-b"];
        let placed = ["content-type", "content-length", "cache-control", "set-cookie"];
        let others = ["vary", "etag", "server"];
        select([&policies[..], &placed, &others].concat()).prop_map(HeaderName::from_static)
    }

    fn list() -> impl Strategy<Value = Vec<FixedLine>> {
        let existing = select(vec![Existing::Keep, Existing::Replace]);
        // Values that are the same, that are empty, and that look like those that stand for others.
        let text = select(vec!["DENY", "none", "", "1"]);
        let line = (name(), text, existing)
            .prop_map(|(name, text, existing)| FixedLine::new(name, text.into(), existing));
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
                if line.existing == Existing::Replace || !inserted.contains_key(&line.name) {
                    inserted.insert(&line.name, line.value.to_header());
                }
            }
            let mut applied = response;
            FixedHeaders::new(list).apply(&mut applied);
            // As many entries, too: nothing is left that is no header.
            prop_assert_eq!(applied.iter().count(), inserted.iter().count());
            prop_assert_eq!(applied, inserted);
        }
    }
}
