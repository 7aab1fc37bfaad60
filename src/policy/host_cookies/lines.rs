//! Headers of several lines, changed in place.

use http::{HeaderMap, HeaderName, HeaderValue};

/// To look at so many names costs less than to hash one.
const FEW: usize = 4;

/// Whether there is a line of that name.
#[inline]
pub(super) fn any(headers: &HeaderMap, name: &HeaderName) -> bool {
    match headers.keys_len() {
        ..=FEW => headers.keys().any(|other| other == name),
        _ => headers.contains_key(name),
    }
}

/// Does something to every line of a header, in order.
#[inline]
pub(super) fn each(
    headers: &mut HeaderMap,
    name: &HeaderName,
    mut change: impl FnMut(&mut HeaderValue),
) {
    let has_repeated = headers.len() > headers.keys_len();
    if has_repeated || headers.keys_len() <= FEW {
        headers.iter_mut().filter(|(other, _)| *other == name).for_each(|(_, line)| change(line));
    } else if let Some(line) = headers.get_mut(name) {
        change(line);
    }
}

/// Puts other bytes, all of them from header values, in a line's place; its sensitivity stays.
pub(super) fn replace(line: &mut HeaderValue, bytes: Vec<u8>) {
    if let Ok(mut value) = HeaderValue::try_from(bytes) {
        value.set_sensitive(line.is_sensitive());
        *line = value;
    }
}

/// Takes out the lines that [`each`] has left empty, and the header with the last of them.
pub(super) fn drop_empty(headers: &mut HeaderMap, name: &HeaderName) {
    let lines = headers.get_all(name).iter();
    let kept: Vec<HeaderValue> = lines.filter(|line| !line.is_empty()).cloned().collect();
    headers.remove(name);
    for line in kept {
        headers.append(name, line);
    }
}
