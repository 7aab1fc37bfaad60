//! Holds the state of a nonce that all its clones share.

use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicBool, Ordering},
};

use super::random::{self, RANDOM_BYTES};

/// Holds a nonce: 24 characters of base64url, which need no padding.
pub(crate) type Text = [u8; RANDOM_BYTES];

/// Holds the state that the clones of a nonce share.
#[derive(Default)]
pub(super) struct Shared {
    pub(super) state: OnceLock<State>,
    /// Set when the head of the nonce's response is complete.
    pub(super) response_sent: AtomicBool,
    /// Set for a nonce from outside, until the outermost layer takes it.
    pub(super) is_from_outside: AtomicBool,
    /// The nonce of the next attempt, if the request is tried again between two layers.
    ///
    /// It is only set after this nonce was closed without being read. The outer layers send the
    /// nonce of the last attempt.
    pub(super) next: OnceLock<Arc<Self>>,
}

pub(super) enum State {
    Drawn(Aligned),
    /// The random generator failed.
    Failed,
    /// The response's head was complete before the nonce was read.
    Closed,
}

/// Holds a text at an address that lets `from_utf8` read eight bytes at a time.
#[repr(align(8))]
pub(super) struct Aligned(pub(super) Text);

impl Shared {
    /// Draws the nonce, unless it was drawn or closed before.
    pub(super) fn read(&self) -> &State {
        self.state.get_or_init(draw)
    }

    /// Returns the text, if it was read.
    pub(super) fn text(&self) -> Option<&Text> {
        match self.state.get()? {
            State::Drawn(Aligned(text)) => Some(text),
            State::Failed | State::Closed => None,
        }
    }

    /// Ends reading: from now on, a nonce that was not read returns an error.
    pub(super) fn close(&self) {
        self.state.get_or_init(|| State::Closed);
    }

    /// Ends reading, and the use of the nonce for responses.
    pub(super) fn finish(this: &Arc<Self>) {
        // If the request was dropped, no code can read the nonce any more.
        if Arc::strong_count(this) > 1 {
            this.close();
            this.response_sent.store(true, Ordering::Release);
        }
        if let Some(next) = this.next.get() {
            Self::finish(next);
        }
    }

    /// Returns the nonce of the last attempt.
    pub(super) fn last(this: &Arc<Self>) -> &Arc<Self> {
        let mut last = this;
        while let Some(next) = last.next.get() {
            last = next;
        }
        last
    }

    /// Returns the nonce for another attempt: this one, unless it was closed without being read.
    pub(super) fn for_attempt(this: &Arc<Self>) -> &Arc<Self> {
        let last = Self::last(this);
        match last.state.get() {
            Some(State::Closed) => last.next.get_or_init(Arc::default),
            _ => last,
        }
    }
}

fn draw() -> State {
    random::draw().map_or(State::Failed, |bytes| State::Drawn(Aligned(bytes.map(character))))
}

/// Returns the character of base64url (RFC 4648 section 5) for the low six bits of a byte.
///
/// This is arithmetic and not a table, so that the compiler handles 16 bytes at a time, and that the
/// time does not depend on the bytes.
fn character(byte: u8) -> u8 {
    let bits = byte & 63;
    let letter = bits + b'A' + if bits >= 26 { b'a' - b'Z' - 1 } else { 0 };
    let digit = letter - if bits >= 52 { b'z' + 1 - b'0' } else { 0 };
    let minus = digit - if bits >= 62 { b'9' + 1 - b'-' } else { 0 };
    minus + if bits == 63 { b'_' - b'-' - 1 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_bits_of_a_byte_are_a_character_of_base64url() {
        let characters: Vec<u8> = (0..=255).map(character).collect();
        let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        assert!(characters.chunks(64).all(|four| four == alphabet));
    }
}
