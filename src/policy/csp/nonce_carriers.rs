//! Tells which headers are to contain the nonce of a request.

use http::Extensions;

use super::disposition::Disposition;
use crate::policy::header::InsertMode;

/// Lists the kinds of headers that are to contain a nonce.
///
/// The innermost policy wins, so an inner policy without a nonce can replace the header that an
/// outer layer wants to send, and an overriding layer the header of an inner layer. A handler that
/// read the nonce would write one that no header contains.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Carriers(u8);

/// Names the headers that an outer layer replaces, in the extensions of a request.
#[derive(Clone, Copy, Debug, Default)]
struct Overridden(Carriers);

impl Carriers {
    /// Returns the header of a layer with this mode.
    pub(crate) fn of(disposition: Disposition, mode: InsertMode) -> Self {
        Self(1 << (disposition as u8 * 3 + mode as u8))
    }

    /// Returns the outer headers that are not sent if an inner layer sends this one.
    pub(crate) fn yielding(disposition: Disposition) -> Self {
        Self::of(disposition, InsertMode::IfNotPresent)
    }

    /// Returns the outer headers that are not sent if a `MediaLayer` sends its own.
    pub(crate) fn yielding_to_media() -> Self {
        let overriding = Self::of(Disposition::Enforce, InsertMode::Override);
        Self(Self::yielding(Disposition::Enforce).0 | overriding.0)
    }

    /// Records in a request that an outer layer replaces the headers that inner layers send.
    pub(crate) fn override_inner(disposition: Disposition, extensions: &mut Extensions) {
        let overridden = extensions.get_or_insert_with(Overridden::default);
        for mode in [InsertMode::IfNotPresent, InsertMode::Override, InsertMode::Append] {
            overridden.0.add(Self::of(disposition, mode));
        }
    }

    /// Returns `true` if an outer layer replaces this header.
    pub(super) fn is_overridden(self, extensions: &Extensions) -> bool {
        let overridden = extensions.get::<Overridden>();
        overridden.is_some_and(|overridden| overridden.0.0 & self.0 == self.0)
    }

    pub(super) fn add(&mut self, carrier: Self) {
        self.0 |= carrier.0;
    }

    /// Removes these headers, and returns `true` if none is left of those that were there.
    ///
    /// A nonce from outside has none until a layer takes it: other code may send it.
    pub(super) fn remove(&mut self, replaced: Self) -> bool {
        let had = self.0;
        self.0 &= !replaced.0;
        had != 0 && self.0 == 0
    }
}
