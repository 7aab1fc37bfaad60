//! A nonce for one response: random bytes that exist only once somebody reads them.

use std::{
    fmt,
    sync::{Arc, OnceLock},
};

use http::request::Parts;

use crate::event;

/// Bytes of randomness in a nonce (CSP3 section 7.1 asks for 16 at least).
const RANDOM_BYTES: usize = 18;

/// Their length in base64url, which needs no padding for 18 bytes.
const TEXT_BYTES: usize = RANDOM_BYTES / 3 * 4;

/// A nonce for one response.
///
/// A layer whose policy has `'nonce-{}'` in it puts one into the request's extensions. The random
/// bytes are drawn when it is first [read](Self::get); a response whose nonce nobody read is sent
/// without one. All layers around one handler share it, for one response: a service inside that is
/// asked again with the same request, to try once more, finds it spent.
///
/// ```
/// use tower_hardening::Nonce;
///
/// async fn home(request: http::Request<String>) -> Result<String, tower_hardening::NonceError> {
///     let (parts, _) = request.into_parts();
///     let Some(nonce) = Nonce::of(&parts) else { return Ok(String::new()) };
///     Ok(format!("<script nonce=\"{}\" src=\"/app.js\"></script>", nonce.get()?))
/// }
/// ```
#[derive(Clone)]
pub struct Nonce(Arc<OnceLock<State>>);

enum State {
    Drawn([u8; TEXT_BYTES]),
    /// The random generator failed.
    Failed,
    /// The response's head was made before anybody read it.
    Closed,
}

impl Nonce {
    pub(crate) fn new() -> Self {
        Self(Arc::default())
    }

    /// The nonce of the response to this request, if its policy has one.
    pub fn of(parts: &Parts) -> Option<&Self> {
        parts.extensions.get()
    }

    /// The nonce's text: 24 characters of base64url, which are safe in a quoted attribute.
    ///
    /// An error when the response's head, and so its header, was made before, as in a body that is
    /// streamed; or when the operating system has no random bytes.
    pub fn get(&self) -> Result<&str, NonceError> {
        match self.0.get_or_init(draw) {
            State::Drawn(text) => Ok(as_str(text)),
            State::Failed => Err(NonceError::Generator),
            State::Closed => {
                event::nonce_too_late();
                Err(NonceError::TooLate)
            }
        }
    }

    /// Ends reading for the first time; the text, if it was read.
    pub(crate) fn close(&self) -> Option<&str> {
        match self.0.get_or_init(|| State::Closed) {
            State::Drawn(text) => Some(as_str(text)),
            State::Failed | State::Closed => None,
        }
    }
}

fn as_str(text: &[u8; TEXT_BYTES]) -> &str {
    std::str::from_utf8(text).expect("base64url is ASCII")
}

fn draw() -> State {
    let mut random = [0; RANDOM_BYTES];
    match getrandom::fill(&mut random) {
        Ok(()) => State::Drawn(base64url(&random)),
        Err(_) => State::Failed,
    }
}

/// RFC 4648 section 5.
fn base64url(bytes: &[u8; RANDOM_BYTES]) -> [u8; TEXT_BYTES] {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = [0; TEXT_BYTES];
    for (three, four) in bytes.chunks_exact(3).zip(text.chunks_exact_mut(4)) {
        let bits = u32::from_be_bytes([0, three[0], three[1], three[2]]);
        for (index, character) in four.iter_mut().enumerate() {
            *character = ALPHABET[(bits >> (18 - 6 * index)) as usize & 63];
        }
    }
    text
}

impl fmt::Debug for Nonce {
    /// Without the text: logs are read by more people than pages.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Nonce(..)")
    }
}

/// Why there is no nonce to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NonceError {
    /// The response's head was made before: no header carries the nonce.
    TooLate,
    /// The operating system gave no random bytes.
    Generator,
}

impl fmt::Display for NonceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLate => {
                "nonce: the response's head was made before it was read; read it in the handler"
            }
            Self::Generator => "nonce: the operating system gave no random bytes",
        })
    }
}

impl std::error::Error for NonceError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64url_is_that_of_the_rfc() {
        let bytes = *b"\xfb\xff\xbffoobarfoobarfoo";
        assert_eq!(&base64url(&bytes), b"-_-_Zm9vYmFyZm9vYmFyZm9v");
    }

    #[test]
    fn what_is_read_is_what_the_header_gets_and_nothing_is_read_afterwards() {
        let nonce = Nonce::new();
        let read = nonce.get().unwrap().to_owned();
        assert_eq!(nonce.close(), Some(read.as_str()));
        let late = Nonce::new();
        assert_eq!(late.close(), None);
        assert_eq!(late.get(), Err(NonceError::TooLate));
        let failed = Nonce(Arc::new(OnceLock::from(State::Failed)));
        assert_eq!((failed.get(), failed.close()), (Err(NonceError::Generator), None));
        assert_eq!(format!("{late:?}"), "Nonce(..)");
    }
}
