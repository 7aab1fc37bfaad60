//! Trims, compares and searches the bytes of header values.

/// Strips surrounding spaces and tabs, as browsers do. A header value has no
/// other byte as low as these.
#[inline]
pub(crate) fn trim(bytes: &[u8]) -> &[u8] {
    trim_end(trim_start(bytes))
}

/// Strips leading spaces and tabs: usually one at most.
#[inline]
pub(crate) fn trim_start(bytes: &[u8]) -> &[u8] {
    match bytes {
        [0..=b' ', 0..=b' ', ..] => trim_all_start(bytes),
        [0..=b' ', rest @ ..] => rest,
        _ => bytes,
    }
}

/// Strips trailing spaces and tabs: usually none.
#[inline]
pub(crate) fn trim_end(bytes: &[u8]) -> &[u8] {
    match bytes {
        [.., 0..=b' '] => trim_all_end(bytes),
        _ => bytes,
    }
}

#[cold]
fn trim_all_start(mut bytes: &[u8]) -> &[u8] {
    while let [0..=b' ', rest @ ..] = bytes {
        bytes = rest;
    }
    bytes
}

#[cold]
fn trim_all_end(mut bytes: &[u8]) -> &[u8] {
    while let [rest @ .., 0..=b' '] = bytes {
        bytes = rest;
    }
    bytes
}

/// Returns `true` if `bytes` begin with `prefix`, ignoring ASCII case as
/// browsers do.
#[inline]
pub(crate) fn begins(bytes: &[u8], prefix: &str) -> bool {
    bytes.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes()))
}

/// Returns the offset of the first occurrence of a byte. Compares eight bytes
/// at a time, since lines are long and this search is most of the work.
#[inline]
pub(crate) fn find(bytes: &[u8], wanted: u8) -> Option<usize> {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    let among = |eight: &[u8; 8]| {
        // A byte that is zero now borrows from the one above it; no other ASCII byte does.
        let differs = u64::from_le_bytes(*eight) ^ (ONES * u64::from(wanted));
        let zeros = differs.wrapping_sub(ONES) & !differs & (ONES << 7);
        (zeros != 0).then_some(zeros.trailing_zeros() as usize / 8)
    };
    let mut at = 0;
    while let Some(eight) = bytes.get(at..at + 8).and_then(<[u8]>::first_chunk) {
        if let Some(among) = among(eight) {
            return Some(at + among);
        }
        at += 8;
    }
    match bytes.last_chunk() {
        // Some of these bytes have been compared already, without a match.
        Some(eight) => among(eight).map(|at| bytes.len() - eight.len() + at),
        None => bytes.iter().position(|byte| *byte == wanted),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_several_bytes_is_found_at_any_position() {
        let others = [0x00, 0x01, b':', b'<', 0x3B ^ 0x80, 0x7F, 0x80, 0xFF];
        for length in 0..40 {
            for at in 0..length {
                for other in others {
                    let mut bytes = vec![other; length];
                    assert_eq!(find(&bytes, b';'), None);
                    bytes[at..].fill(b';');
                    assert_eq!(find(&bytes, b';'), Some(at), "{bytes:?}");
                    bytes[at + 1..].fill(other);
                    assert_eq!(find(&bytes, b';'), Some(at), "{bytes:?}");
                }
            }
        }
    }
}
