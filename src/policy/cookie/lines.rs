//! Changes headers of several lines in place.

use http::{HeaderMap, HeaderName, HeaderValue};

/// The number of names up to which a linear search is cheaper than hashing one
/// name.
const FEW: usize = 4;

/// Returns `true` if there is a line of that name.
#[inline]
pub(super) fn any(headers: &HeaderMap, name: &HeaderName) -> bool {
    match headers.keys_len() {
        ..=FEW => headers.keys().any(|other| other == name),
        _ => headers.contains_key(name),
    }
}

/// Applies a change to every line of a header, in order.
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

/// Replaces the bytes of a line by others. All of them come from header
/// values. Keeps the line's sensitivity flag.
pub(super) fn replace(line: &mut HeaderValue, bytes: Vec<u8>) {
    if let Ok(mut value) = HeaderValue::try_from(bytes) {
        value.set_sensitive(line.is_sensitive());
        *line = value;
    }
}

/// Removes the lines that [`each`] has left empty, and the header if no line
/// remains.
pub(super) fn drop_empty(headers: &mut HeaderMap, name: &HeaderName) {
    let lines = headers.get_all(name).iter();
    let kept: Vec<HeaderValue> = lines.filter(|line| !line.is_empty()).cloned().collect();
    headers.remove(name);
    for line in kept {
        headers.append(name, line);
    }
}
