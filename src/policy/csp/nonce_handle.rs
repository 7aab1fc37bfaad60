//! Holds the nonce of a request for one layer.

use std::sync::{Arc, atomic::Ordering};

use http::Extensions;

use super::{
    nonce::Nonce,
    nonce_carriers::Carriers,
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
    ///
    /// `carrier` is the header that is to contain the nonce. Returns `None` if an outer layer
    /// replaces that header.
    pub(crate) fn on(extensions: &mut Extensions, carrier: Carriers) -> Option<Self> {
        if carrier.is_overridden(extensions) {
            return None;
        }
        let mut outermost = false;
        let mut new = || {
            outermost = true;
            Nonce::new(Arc::default())
        };
        let nonce = extensions.get_or_insert_with(&mut new);
        if nonce.shared.response_sent.load(Ordering::Acquire) {
            *nonce = new();
        } else if nonce.shared.is_from_outside.swap(false, Ordering::AcqRel) {
            outermost = true;
        } else if nonce.shared.state.get().is_some() {
            nonce.shared = Shared::for_attempt(&nonce.shared).clone();
        }
        nonce.carriers.add(carrier);
        Some(Self { nonce: nonce.clone(), outermost })
    }

    /// Adds a header that is to contain the nonce of the request.
    pub(crate) fn add_carrier(extensions: &mut Extensions, carrier: Carriers) {
        if carrier.is_overridden(extensions) {
            return;
        }
        if let Some(nonce) = extensions.get_mut::<Nonce>() {
            nonce.carriers.add(carrier);
        }
    }

    /// Removes the nonce from a request if an inner policy replaces every header that is to contain
    /// the nonce.
    pub(crate) fn hide(extensions: &mut Extensions, replaced: Carriers) {
        let Some(nonce) = extensions.get_mut::<Nonce>() else { return };
        if nonce.carriers.remove(replaced) {
            extensions.remove::<Nonce>();
        }
    }

    /// Ends reading: the header of this layer is made from what was read until now.
    #[inline]
    pub(crate) fn close(&self) {
        match self.outermost {
            true => Shared::finish(&self.nonce.shared),
            false => self.nonce.shared.close(),
        }
    }

    /// Returns the text, if it was read.
    #[inline]
    pub(crate) fn text(&self) -> Option<&Text> {
        Shared::last(&self.nonce.shared).text()
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
        let nonce = Nonce::new(Arc::default());
        let read = nonce.get().unwrap().to_owned();
        let hold = NonceHandle { nonce: nonce.clone(), outermost: true };
        hold.close();
        assert_eq!(hold.text().map(|text| &text[..]), Some(read.as_bytes()));
        assert_eq!(nonce.get(), Ok(&*read));
        let late = Nonce::new(Arc::default());
        NonceHandle { nonce: late.clone(), outermost: false }.close();
        assert_eq!(late.get(), Err(NonceError::TooLate));
        assert_eq!(late.to_string(), "unavailable");
        assert_eq!(format!("{late:?}"), "Nonce(..)");
    }
}
