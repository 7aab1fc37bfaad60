//! Holds the state of a nonce that all its clones share.

use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicBool, Ordering},
};

use super::random::{self, RANDOM_BYTES};
use crate::syntax::base64;

/// Holds a nonce in base64url, which needs no padding for 18 bytes.
pub(crate) type Text = [u8; RANDOM_BYTES / 3 * 4];

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
    random::draw().map_or(State::Failed, |bytes| State::Drawn(Aligned(base64url(&bytes))))
}

fn base64url(bytes: &[u8; RANDOM_BYTES]) -> Text {
    let mut text = [0; size_of::<Text>()];
    for (three, four) in bytes.chunks_exact(3).zip(text.chunks_exact_mut(4)) {
        four.copy_from_slice(&base64::group([three[0], three[1], three[2]], base64::URL_SAFE));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64url_is_that_of_the_rfc() {
        let bytes = *b"\xfb\xff\xbffoobarfoobarfoo";
        assert_eq!(&base64url(&bytes), b"-_-_Zm9vYmFyZm9vYmFyZm9v");
    }
}
