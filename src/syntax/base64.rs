//! Encodes bytes as base64 (RFC 4648).

/// The alphabet of section 4.
const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Encodes bytes of any number, padded.
pub(crate) fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let byte = |index: usize| three.get(index).copied().unwrap_or(0);
        let four = group([byte(0), byte(1), byte(2)]);
        let padded = |(index, digit)| if index <= three.len() { char::from(digit) } else { '=' };
        text.extend(four.into_iter().enumerate().map(padded));
    }
    text
}

/// Encodes three bytes.
fn group(bytes: [u8; 3]) -> [u8; 4] {
    let bits = u32::from_be_bytes([0, bytes[0], bytes[1], bytes[2]]);
    [18, 12, 6, 0].map(|shift| STANDARD[(bits >> shift) as usize & 63])
}
