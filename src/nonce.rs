//! A nonce for one response: random bytes that exist only once somebody reads them.

use std::{
    fmt,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
};

use http::{Extensions, request::Parts};

use crate::{base64, event};

/// Bytes of randomness in a nonce (CSP3 section 7.1 asks for 16 at least).
const RANDOM_BYTES: usize = 18;

/// A nonce in base64url, which needs no padding for 18 bytes.
pub(crate) type Text = [u8; RANDOM_BYTES / 3 * 4];

/// A nonce for one response.
///
/// A layer whose policy has `'nonce-{}'` in it puts one into the request's extensions. The random
/// bytes are drawn when it is first [read](Self::get); a response whose nonce nobody read is sent
/// without one. All layers around one handler share it, for one response: it can be read until the
/// outermost of them has the response's head.
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
///
/// A template may write it as it is, by `Display`.
#[derive(Clone)]
pub struct Nonce(Arc<Shared>);

#[derive(Default)]
struct Shared {
    state: OnceLock<State>,
    /// Whether the response that it was for has its head.
    is_spent: AtomicBool,
}

enum State {
    Drawn(Text),
    /// The random generator failed.
    Failed,
    /// The response's head was made before anybody read it.
    Closed,
}

impl Nonce {
    /// The nonce of the response to this request, if its policy has one.
    pub fn of(parts: &Parts) -> Option<&Self> {
        parts.extensions.get()
    }

    /// The nonce's text: 24 characters of base64url, which are safe in a quoted attribute.
    ///
    /// An error when the response's head, and so its header, was made before, as in a body that is
    /// streamed; or when the operating system has no random bytes.
    pub fn get(&self) -> Result<&str, NonceError> {
        match self.0.state.get_or_init(draw) {
            State::Drawn(text) => Ok(as_str(text)),
            State::Failed => {
                event::nonce_not_drawn();
                Err(NonceError::Generator)
            }
            State::Closed => {
                event::nonce_too_late();
                Err(NonceError::TooLate)
            }
        }
    }

    /// Ends reading.
    fn close(&self) {
        // Where the request is gone, nobody is left to read it.
        if Arc::strong_count(&self.0) > 1 {
            self.0.state.get_or_init(|| State::Closed);
            self.0.is_spent.store(true, Ordering::Release);
        }
    }

    /// The text, which is read by this; none where [`get`](Self::get) is an error.
    pub(crate) fn drawn(&self) -> Option<&Text> {
        self.get().ok().and_then(|_| self.text())
    }

    /// The text, if it was read.
    fn text(&self) -> Option<&Text> {
        match self.0.state.get()? {
            State::Drawn(text) => Some(text),
            State::Failed | State::Closed => None,
        }
    }
}

#[cfg(test)]
impl Nonce {
    /// One that there were no random bytes for.
    pub(crate) fn failed() -> Self {
        Self(Arc::new(Shared { state: State::Failed.into(), ..Shared::default() }))
    }
}

/// A layer's hold on the nonce of a request.
#[derive(Debug)]
pub(crate) struct Hold {
    nonce: Nonce,
    /// Whether the layer made it, and so sees the response last.
    outermost: bool,
}

impl Hold {
    /// Takes hold of the nonce that a layer further out made, or of a new one: that of a response
    /// before, which came along with a copy of its request, is not for another.
    pub(crate) fn on(extensions: &mut Extensions) -> Self {
        let mut outermost = false;
        let mut new = || {
            outermost = true;
            Nonce(Arc::default())
        };
        let nonce = extensions.get_or_insert_with(&mut new);
        if nonce.0.is_spent.load(Ordering::Acquire) {
            *nonce = new();
        }
        Self { nonce: nonce.clone(), outermost }
    }

    /// Ends reading, in the outermost layer.
    pub(crate) fn close(&self) {
        if self.outermost {
            self.nonce.close();
        }
    }

    /// The text, if it was read.
    pub(crate) fn text(&self) -> Option<&Text> {
        self.nonce.text()
    }

    /// Whether a layer further out sees the response, until which the nonce may be read.
    pub(crate) fn is_open(&self) -> bool {
        !self.outermost
    }
}

/// What is written where there is no nonce: no header has it, so that no script runs by it.
const UNAVAILABLE: &str = "unavailable";

fn as_str(text: &Text) -> &str {
    std::str::from_utf8(text).expect("base64url is ASCII")
}

fn draw() -> State {
    let mut random = [0; RANDOM_BYTES];
    match getrandom::fill(&mut random) {
        Ok(()) => State::Drawn(base64url(&random)),
        Err(_) => State::Failed,
    }
}

fn base64url(bytes: &[u8; RANDOM_BYTES]) -> Text {
    let mut text = [0; size_of::<Text>()];
    for (three, four) in bytes.chunks_exact(3).zip(text.chunks_exact_mut(4)) {
        four.copy_from_slice(&base64::group([three[0], three[1], three[2]], base64::URL_SAFE));
    }
    text
}

impl fmt::Display for Nonce {
    /// The nonce's text, safe in an attribute, quoted or not.
    ///
    /// Where [`get`](Self::get) is an error it is `unavailable`, which no header carries: scripts
    /// with it do not run, and an event (feature `tracing`) says why. A template does not panic.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.get().unwrap_or(UNAVAILABLE))
    }
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
        let nonce = Nonce(Arc::default());
        let read = nonce.get().unwrap().to_owned();
        let hold = Hold { nonce: nonce.clone(), outermost: true };
        hold.close();
        assert_eq!(hold.text().map(as_str), Some(read.as_str()));
        assert_eq!(nonce.get(), Ok(&*read));
        let late = Nonce(Arc::default());
        let inner = Hold { nonce: late.clone(), outermost: false };
        inner.close();
        assert_eq!((inner.text(), inner.is_open()), (None, true));
        Hold { nonce: late.clone(), outermost: true }.close();
        assert_eq!(late.get(), Err(NonceError::TooLate));
        assert_eq!(late.to_string(), "unavailable");
        assert_eq!(format!("{late:?}"), "Nonce(..)");
    }
}
