//! Creates hashes of inline scripts and styles.

use super::source::Source;
use crate::{
    error::ParseError,
    policy::csp::grammar::tables::{ALGORITHMS, NAME},
    syntax::base64::encode,
};

impl Source {
    /// Creates the hash of an inline script or style from the digest of its
    /// text. The digest has 32 bytes for SHA-256, 48 for SHA-384, and 64 for SHA-512.
    ///
    /// # Errors
    ///
    /// Returns an error for a digest of any other length.
    pub fn from_digest(digest: &[u8]) -> Result<Self, ParseError> {
        let algorithm = ALGORITHMS.iter().find(|(_, length)| *length == digest.len());
        let Some((algorithm, _)) = algorithm else {
            let problem = format!(
                "a digest of {} bytes does not belong to SHA-256, SHA-384 or SHA-512; pass 32, 48 or 64 bytes",
                digest.len()
            );
            return Err(ParseError::new(NAME, 0, problem));
        };
        Ok(Self::hash(format!("'{algorithm}-{}'", encode(digest))))
    }

    /// Creates the SHA-256 hash of an inline script or style, from its text
    /// between the tags, in UTF-8.
    ///
    /// Line ends are normalised as in the HTML parser: every CR LF and CR becomes one LF.
    ///
    /// ```
    /// use tower_hardening::csp::Source;
    ///
    /// let hash = "'sha256-jzgBGA4UWFFmpOBq0JpdsySukE1FrEN5bUpoK8Z29fY='";
    /// assert_eq!(Source::sha256("doSubmit()").to_string(), hash);
    /// assert_eq!(Source::sha256(b"doSubmit()").to_string(), hash);
    /// ```
    #[cfg(feature = "sha2")]
    pub fn sha256(text: impl AsRef<[u8]>) -> Self {
        Self::hashed::<sha2::Sha256>(text.as_ref())
    }

    /// Creates the SHA-384 hash of an inline script or style: see
    /// [`sha256`](Self::sha256).
    #[cfg(feature = "sha2")]
    pub fn sha384(text: impl AsRef<[u8]>) -> Self {
        Self::hashed::<sha2::Sha384>(text.as_ref())
    }

    /// Creates the SHA-512 hash of an inline script or style: see
    /// [`sha256`](Self::sha256).
    #[cfg(feature = "sha2")]
    pub fn sha512(text: impl AsRef<[u8]>) -> Self {
        Self::hashed::<sha2::Sha512>(text.as_ref())
    }

    /// Returns the SHA-384 of the bytes of a file, without quotes. Its line ends count.
    #[cfg(feature = "html")]
    pub(crate) fn sha384_of_bytes(bytes: &[u8]) -> String {
        format!("sha384-{}", encode(&<sha2::Sha384 as sha2::Digest>::digest(bytes)))
    }

    #[cfg(feature = "sha2")]
    fn hashed<D: sha2::Digest>(text: &[u8]) -> Self {
        let mut digest = D::new();
        let mut lines = text.split(|byte| *byte == b'\r');
        digest.update(lines.next().unwrap_or_default());
        for line in lines {
            digest.update(b"\n");
            digest.update(line.strip_prefix(b"\n").unwrap_or(line));
        }
        Self::from_digest(&digest.finalize()).expect("a digest of 32, 48 or 64 bytes")
    }
}
