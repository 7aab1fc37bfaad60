//! Holds the nonce of a request for one layer.

use std::sync::{Arc, atomic::Ordering};

use http::Extensions;

use super::{
    nonce::Nonce,
    nonce_state::{Shared, Text},
};

/// Holds the nonce of a request for a layer.
#[derive(Debug)]
pub(crate) struct NonceHandle {
    nonce: Nonce,
    /// Set if this layer created the nonce, and so sees the response last.
    outermost: bool,
}

impl NonceHandle {
    /// Takes the nonce that an outer layer created, or creates one.
    ///
    /// A nonce of an earlier response, which came with a copy of its request, is replaced: it must
    /// not be used for a second response.
    pub(crate) fn on(extensions: &mut Extensions) -> Self {
        let mut outermost = false;
        let mut new = || {
            outermost = true;
            Nonce(Arc::default())
        };
        let nonce = extensions.get_or_insert_with(&mut new);
        if nonce.0.response_sent.load(Ordering::Acquire) {
            *nonce = new();
        } else if nonce.0.is_from_outside.swap(false, Ordering::AcqRel) {
            outermost = true;
        } else if nonce.0.state.get().is_some() {
            *nonce = Nonce(Shared::for_attempt(&nonce.0).clone());
        }
        Self { nonce: nonce.clone(), outermost }
    }

    /// Ends reading: the header of this layer is made from what was read until now.
    #[inline]
    pub(crate) fn close(&self) {
        match self.outermost {
            true => Shared::finish(&self.nonce.0),
            false => self.nonce.0.close(),
        }
    }

    /// Returns the text, if it was read.
    #[inline]
    pub(crate) fn text(&self) -> Option<&Text> {
        Shared::last(&self.nonce.0).text()
    }

    /// Returns `true` if this layer sees the response last.
    pub(crate) fn is_outermost(&self) -> bool {
        self.outermost
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::csp::NonceError;

    #[test]
    fn the_header_gets_the_nonce_that_was_read_and_later_reads_fail() {
        let nonce = Nonce(Arc::default());
        let read = nonce.get().unwrap().to_owned();
        let hold = NonceHandle { nonce: nonce.clone(), outermost: true };
        hold.close();
        assert_eq!(hold.text().map(|text| &text[..]), Some(read.as_bytes()));
        assert_eq!(nonce.get(), Ok(&*read));
        let late = Nonce(Arc::default());
        NonceHandle { nonce: late.clone(), outermost: false }.close();
        assert_eq!(late.get(), Err(NonceError::TooLate));
        assert_eq!(late.to_string(), "unavailable");
        assert_eq!(format!("{late:?}"), "Nonce(..)");
    }
}
