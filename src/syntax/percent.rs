//! Decodes percent-encoding.

/// Decodes percent-encoded bytes. A `%` without two hexadecimal digits is kept.
pub(crate) fn decoded(text: &str) -> Vec<u8> {
    let digit = |byte: Option<&u8>| byte.and_then(|byte| (*byte as char).to_digit(16));
    let mut bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    while let [first, rest @ ..] = bytes {
        (bytes, _) = match (first, digit(rest.first()), digit(rest.get(1))) {
            (b'%', Some(high), Some(low)) => (&rest[2..], decoded.push((high * 16 + low) as u8)),
            _ => (rest, decoded.push(*first)),
        };
    }
    decoded
}

#[cfg(test)]
mod tests {
    use super::decoded;

    #[test]
    fn a_percent_sign_without_two_digits_is_kept() {
        for (text, expected) in
            [("a%2Fb", "a/b"), ("%", "%"), ("%4", "%4"), ("%+4", "%+4"), ("%%41%zz", "%A%zz")]
        {
            assert_eq!(decoded(text), expected.as_bytes(), "{text}");
        }
    }
}
