//! Moves the headers of a response into a clone of a map that is prepared before the first request.

use std::mem;

use http::{HeaderMap, HeaderName, HeaderValue, header};

/// Limits the number of response headers for which cloning is cheaper.
pub(super) const FEW: usize = 5;

/// Lists the headers that have a place in a prepared map.
///
/// Most responses have the first two.
static PLACES: [HeaderName; ALL] =
    [header::CONTENT_TYPE, header::CONTENT_LENGTH, header::CACHE_CONTROL, header::SET_COOKIE];
pub(super) const USUAL: usize = 2;
pub(super) const ALL: usize = 4;

/// Holds a value of one response, which replaces that of the prepared header with this name.
pub(in crate::layer) type OwnValue<'a> = Option<(&'a HeaderName, HeaderValue)>;

/// Contains the prepared headers, and places for the response's own headers.
///
/// The map is cloned for each response.
#[derive(Clone, Debug)]
pub(super) struct PreparedMap {
    map: HeaderMap,
    /// Set for each of [`PLACES`] in the map that is not a prepared header.
    places: [bool; ALL],
}

impl PreparedMap {
    pub(super) fn new<'a>(
        lines: impl Iterator<Item = (&'a HeaderName, &'a HeaderValue)> + Clone,
        places: usize,
    ) -> Self {
        let mut prepared = Self { map: HeaderMap::new(), places: [false; ALL] };
        let is_prepared = |place| lines.clone().any(|(name, _)| name == place);
        for (name, has_place) in PLACES.iter().zip(&mut prepared.places).take(places) {
            *has_place = !is_prepared(name);
        }
        // `insert` reserves room before it knows whether it needs any.
        let room = if places > 0 { FEW } else { 0 };
        prepared.map.reserve(lines.clone().count() + room);
        for (name, _) in PLACES.iter().zip(prepared.places).filter(|(_, has_place)| *has_place) {
            prepared.map.insert(name, HeaderValue::from_static(""));
        }
        for (name, value) in lines {
            prepared.map.insert(name, value.clone());
        }
        prepared
    }

    /// Returns a clone of this map, for a response without headers.
    #[inline(always)]
    pub(super) fn clone_map(&self) -> HeaderMap {
        self.map.clone()
    }

    /// Replaces the headers with a clone of this map that has these values, and moves them into it.
    #[inline(always)]
    pub(super) fn move_in(
        &self,
        headers: &mut HeaderMap,
        overriding: &[HeaderName],
        values: &mut [OwnValue<'_>],
    ) {
        let mut own = mem::replace(headers, self.map.clone());
        for (name, value) in values.iter_mut().filter_map(Option::take) {
            set(headers, name, value);
        }
        if !own.is_empty() {
            self.move_own(&mut own, headers, overriding);
        }
    }

    fn move_own(&self, own: &mut HeaderMap, headers: &mut HeaderMap, overriding: &[HeaderName]) {
        let mut empty = self.places;
        for (name, value) in own {
            let value = mem::replace(value, HeaderValue::from_static(""));
            match PLACES.iter().position(|place| place == name) {
                Some(place) if empty[place] => {
                    set(headers, name, value);
                    empty[place] = false;
                }
                _ if overriding.contains(name) => {}
                // This cannot fail: so few headers are far below the limit of a map.
                _ => drop(headers.insert(name, value)),
            }
        }
        for (name, _) in PLACES.iter().zip(empty).filter(|(_, empty)| *empty) {
            headers.remove(name);
        }
    }
}

/// Sets the value of a header among the first of the map.
#[inline]
fn set(headers: &mut HeaderMap, name: &HeaderName, value: HeaderValue) {
    if let Some((_, current)) = headers.iter_mut().find(|(other, _)| *other == name) {
        *current = value;
    }
}
