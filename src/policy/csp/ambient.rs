//! Holds the nonce of the request that a thread works on.

use std::{cell::Cell, mem};

use super::nonce::Nonce;

thread_local! {
    static CURRENT: Cell<Option<Nonce>> = const { Cell::new(None) };
}

impl Nonce {
    /// Returns the nonce of the request that this code works on, or `None` outside of a scope.
    ///
    /// It is for templates and helpers that get no arguments. An
    /// [`AmbientNonceLayer`](crate::csp::AmbientNonceLayer) makes a scope of each request, and
    /// [`scope`](Self::scope) and [`sync_scope`](Self::sync_scope) make one by hand. A spawned task or
    /// thread, a streamed body and a destructor are outside of it. Needs the feature `ambient`.
    ///
    /// ```
    /// use tower_hardening::Nonce;
    ///
    /// fn nonce() -> String {
    ///     Nonce::current().map(|nonce| nonce.to_string()).unwrap_or_default()
    /// }
    ///
    /// assert_eq!(nonce(), "");
    /// let outer = Nonce::from_value("MTIzNDU2Nzg5MDEyMzQ1Njc4")?;
    /// assert_eq!(outer.sync_scope(nonce), "MTIzNDU2Nzg5MDEyMzQ1Njc4");
    /// # Ok::<(), tower_hardening::ParseError>(())
    /// ```
    pub fn current() -> Option<Self> {
        let read = |current: &Cell<Option<Self>>| {
            let nonce = current.take();
            current.set(nonce.clone());
            nonce
        };
        CURRENT.try_with(read).unwrap_or_default()
    }

    /// Runs a function during which this nonce is the [`current`](Self::current) one, as in
    /// `spawn_blocking`.
    pub fn sync_scope<T>(&self, work: impl FnOnce() -> T) -> T {
        within(&mut Some(self.clone()), work)
    }
}

/// Runs a function during which a nonce, or none, is the current one. The nonce is moved, not
/// copied, and is in its place again afterwards, also if the function panics.
pub(crate) fn within<T>(nonce: &mut Option<Nonce>, work: impl FnOnce() -> T) -> T {
    struct Restore<'a>(&'a mut Option<Nonce>);

    impl Drop for Restore<'_> {
        fn drop(&mut self) {
            swap(self.0);
        }
    }

    swap(nonce);
    let _restore = Restore(nonce);
    work()
}

/// Exchanges a nonce and the current one. A thread that ends has none.
fn swap(nonce: &mut Option<Nonce>) {
    let exchange = |current: &Cell<Option<Nonce>>| {
        let before = current.take();
        current.set(mem::replace(nonce, before));
    };
    CURRENT.try_with(exchange).unwrap_or_default();
}
