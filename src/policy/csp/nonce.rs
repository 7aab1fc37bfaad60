//! Provides a nonce for one response, drawn when it is first read.

use std::{fmt, sync::Arc};

use http::Extensions;

use super::{
    nonce_carriers::Carriers,
    nonce_state::{Aligned, Shared, State, Text},
};
use crate::{error::ParseError, trace};

/// Marks the inline scripts and styles of one response.
///
/// A layer whose policy contains `'nonce-{}'` puts a nonce into the request's extensions. The
/// random bytes are drawn when the nonce is first [read](Self::get). If no code reads the nonce,
/// the response is sent without a nonce. All layers around one handler share the nonce of a
/// response. Read it in the handler: once one of these layers has received the response's head,
/// reading a nonce for the first time is an error, because that layer's header does not contain it.
///
/// ```
/// use tower_hardening::Nonce;
///
/// async fn home(request: http::Request<String>) -> Result<String, tower_hardening::NonceError> {
///     let (parts, _) = request.into_parts();
///     let Some(nonce) = Nonce::from_extensions(&parts.extensions) else { return Ok(String::new()) };
///     Ok(format!("<script nonce=\"{}\" src=\"/app.js\"></script>", nonce.get()?))
/// }
/// ```
///
/// A template can write the nonce directly, through `Display`.
///
/// Each thread draws random bytes for several nonces at a time. A process that forks after it read a
/// nonce shares up to 27 nonces with its child, so fork before the first request.
#[derive(Clone)]
pub struct Nonce {
    pub(super) shared: Arc<Shared>,
    /// The headers of the layers that the request passed.
    pub(super) carriers: Carriers,
}

impl Nonce {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { shared, carriers: Carriers::default() }
    }

    /// Returns the response's nonce, or `None` if its policy has none.
    ///
    /// If an inner layer's policy has no nonce and replaces those of all outer layers, its handlers
    /// have no nonce: no header would contain it.
    pub fn from_extensions(extensions: &Extensions) -> Option<&Self> {
        extensions.get()
    }

    /// Creates a nonce from a text that other trusted code made, such as the outer part of an
    /// application. Put it into the request's extensions before the request reaches the layers:
    /// they use it instead of drawing one.
    ///
    /// The text is 18 random bytes in base64 or base64url, 24 characters. Never take it from a
    /// request's header or body: a client that chooses a nonce can write scripts. Make a new one for each
    /// request; layers do not use it for a second response.
    ///
    /// ```
    /// use tower_hardening::Nonce;
    ///
    /// let nonce = Nonce::from_value("MTIzNDU2Nzg5MDEyMzQ1Njc4")?;
    /// let mut request = http::Request::new(());
    /// request.extensions_mut().insert(nonce);
    /// assert!(Nonce::from_value("short").is_err());
    /// # Ok::<(), tower_hardening::ParseError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error for a text of another length or with other characters.
    pub fn from_value(text: &str) -> Result<Self, ParseError> {
        let is_base64 =
            |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_');
        match Text::try_from(text.as_bytes()) {
            Ok(text) if text.iter().all(is_base64) => {
                let state = State::Drawn(Aligned(text)).into();
                let is_from_outside = true.into();
                Ok(Self::new(Arc::new(Shared { state, is_from_outside, ..Shared::default() })))
            }
            // The text may be a secret: it is not in the error.
            _ => {
                let problem = "this is not 24 characters of base64; encode 18 random bytes";
                Err(ParseError::new("nonce", 0, problem))
            }
        }
    }

    /// Returns the nonce's text, drawing the random bytes at the first call.
    ///
    /// The text is 24 characters of base64url, which are safe in a quoted attribute.
    ///
    /// # Errors
    ///
    /// Returns [`NonceError::TooLate`] if the response's head is already complete, as in a streamed
    /// body or between two layers, and [`NonceError::Rng`] if the operating system returns no
    /// random bytes.
    pub fn get(&self) -> Result<&str, NonceError> {
        match self.shared.read() {
            State::Drawn(Aligned(text)) => Ok(as_str(text)),
            State::Failed => {
                trace::nonce_not_drawn();
                Err(NonceError::Rng)
            }
            State::Closed => {
                trace::nonce_too_late();
                Err(NonceError::TooLate)
            }
        }
    }

    /// Reads the text; returns `None` if [`get`](Self::get) returns an error.
    pub(crate) fn drawn(&self) -> Option<&Text> {
        self.get().ok().and_then(|_| self.shared.text())
    }
}

#[cfg(test)]
impl Nonce {
    /// Creates a nonce for which the random generator failed.
    pub(crate) fn failed() -> Self {
        Self::new(Arc::new(Shared { state: State::Failed.into(), ..Shared::default() }))
    }
}

/// Replaces a nonce that cannot be read.
///
/// No header contains this text, so no script runs because of it.
const UNAVAILABLE: &str = "unavailable";

fn as_str(text: &Text) -> &str {
    std::str::from_utf8(text).expect("base64url is ASCII")
}

impl fmt::Display for Nonce {
    /// Writes the nonce's text, which is safe in an attribute, quoted or not.
    ///
    /// If [`get`](Self::get) returns an error, this writes `unavailable`, which no header
    /// contains: scripts with it do not run, and an event (feature `tracing`) gives the reason. A
    /// template does not panic.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.get().unwrap_or(UNAVAILABLE))
    }
}

impl fmt::Debug for Nonce {
    /// Hides the text, because more people can read logs than pages.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Nonce(..)")
    }
}

/// Reports that a [`Nonce`] cannot be read.
///
/// ```
/// use tower_hardening::{Nonce, NonceError};
///
/// fn script(nonce: &Nonce) -> Result<String, NonceError> {
///     Ok(format!("<script nonce=\"{}\" src=\"/app.js\"></script>", nonce.get()?))
/// }
///
/// assert!(NonceError::TooLate.to_string().ends_with("read it in the handler"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NonceError {
    /// The response's head was complete, so no header contains the nonce.
    TooLate,
    /// The operating system returned no random bytes.
    Rng,
}

impl fmt::Display for NonceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLate => {
                "nonce: the response's head was complete before the nonce was read; read it in the handler"
            }
            Self::Rng => "nonce: the operating system returned no random bytes",
        })
    }
}

impl std::error::Error for NonceError {}
