//! Hashes of inline scripts and styles.

use super::source::Source;
use crate::ParseError;

/// Hash functions that browsers know, with the length of a digest in bytes.
const ALGORITHMS: [(&str, usize); 3] = [("sha256", 32), ("sha384", 48), ("sha512", 64)];

impl Source {
    /// The hash of an inline script or style, from the digest of its text: 32 bytes are of SHA-256,
    /// 48 of SHA-384, 64 of SHA-512.
    pub fn digest(digest: &[u8]) -> Result<Self, ParseError> {
        let algorithm = ALGORITHMS.iter().find(|(_, length)| *length == digest.len());
        let Some((algorithm, _)) = algorithm else {
            let problem = format!(
                "a digest of {} bytes is of no known function; pass 32, 48 or 64",
                digest.len()
            );
            return Err(ParseError::new(super::fault::NAME, 0, problem));
        };
        Ok(Self::owned(format!("'{algorithm}-{}'", base64(digest))))
    }

    /// The SHA-256 hash of an inline script or style, from its text between the tags or from that in
    /// bytes, in UTF-8.
    ///
    /// Newlines are taken as the HTML parser hands them on: every CR LF and CR is one LF.
    ///
    /// ```
    /// use tower_hardening::Source;
    ///
    /// let hash = "'sha256-jzgBGA4UWFFmpOBq0JpdsySukE1FrEN5bUpoK8Z29fY='";
    /// assert_eq!(Source::sha256("doSubmit()").to_string(), hash);
    /// assert_eq!(Source::sha256(b"doSubmit()").to_string(), hash);
    /// ```
    #[cfg(feature = "sha2")]
    pub fn sha256(text: impl AsRef<[u8]>) -> Self {
        Self::hash::<sha2::Sha256>(text.as_ref())
    }

    /// The SHA-384 hash of an inline script or style: see [`sha256`](Self::sha256).
    #[cfg(feature = "sha2")]
    pub fn sha384(text: impl AsRef<[u8]>) -> Self {
        Self::hash::<sha2::Sha384>(text.as_ref())
    }

    /// The SHA-512 hash of an inline script or style: see [`sha256`](Self::sha256).
    #[cfg(feature = "sha2")]
    pub fn sha512(text: impl AsRef<[u8]>) -> Self {
        Self::hash::<sha2::Sha512>(text.as_ref())
    }

    #[cfg(feature = "sha2")]
    fn hash<D: sha2::Digest>(text: &[u8]) -> Self {
        let mut digest = D::new();
        let mut lines = text.split(|byte| *byte == b'\r');
        digest.update(lines.next().unwrap_or_default());
        for line in lines {
            digest.update(b"\n");
            digest.update(line.strip_prefix(b"\n").unwrap_or(line));
        }
        Self::digest(&digest.finalize()).expect("a digest of 32, 48 or 64 bytes")
    }
}

/// RFC 4648 section 4, padded: what browsers compare a digest with.
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let byte = |index: usize| u32::from(three.get(index).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for index in 0..4 {
            let digit = ALPHABET[(bits >> (18 - 6 * index)) as usize & 63];
            text.push(if index <= three.len() { digit as char } else { '=' });
        }
    }
    text
}
