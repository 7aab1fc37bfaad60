//! Classifies bytes for readers of cookies that do not split at semicolons alone.

/// Classifies a byte, for readers that do not split at semicolons alone.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// A cookie-octet (RFC 6265 section 4.1.1) that ends nothing.
    Octet,
    /// A cookie-octet that ends nothing, and that some reader skips before a name.
    Skipped,
    /// A space or a tab.
    Blank,
    Comma,
    /// A quote of either kind, a backslash, a bracket, a brace or a non-ASCII
    /// byte.
    Other,
}

const CLASSES: [Class; 256] = {
    let mut classes = [Class::Other; 256];
    let mut byte = b'!';
    while byte < 0x7F {
        classes[byte as usize] = match byte {
            b'"' | b'\'' | b'\\' | b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' => {
                Class::Other
            }
            b',' => Class::Comma,
            b'$' | b':' | b'=' | b'?' | b'@' => Class::Skipped,
            _ => Class::Octet,
        };
        byte += 1;
    }
    classes[b' ' as usize] = Class::Blank;
    classes[b'\t' as usize] = Class::Blank;
    classes
};

impl Class {
    #[inline]
    pub(super) fn of(byte: u8) -> Self {
        CLASSES[byte as usize]
    }

    #[inline]
    pub(super) const fn separates(self) -> bool {
        matches!(self, Self::Blank | Self::Comma | Self::Other)
    }
}

/// Returns `true` if some reader ends the value early. Few values have such a
/// byte, so most values need no further check.
#[inline]
pub(super) fn has_separator(value: &[u8]) -> bool {
    value.iter().any(|byte| SEPARATORS[usize::from(*byte)])
}

const SEPARATORS: [bool; 256] = {
    let mut separators = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        separators[byte] = CLASSES[byte].separates();
        byte += 1;
    }
    separators
};
