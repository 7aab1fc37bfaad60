//! Holds a value that can be replaced while requests use it.

use std::sync::Arc;

use arc_swap::ArcSwap;

/// Represents a value that a [`ReloadHandle`](crate::settings::ReloadHandle) replaces.
///
/// If the value is a layer of this crate, `Current` is a layer too. Each request uses the value that
/// was current when the request began, until its response is complete. Reading the value takes no
/// lock.
///
/// ```
/// use axum::Router;
/// use tower_hardening::{hosts::VirtualHostsLayer, settings::{ReloadHandle, Settings}};
///
/// let settings: Settings = "profile = 'recommended'".parse()?;
/// let build = |settings: &Settings| Ok(VirtualHostsLayer::new(settings.virtual_hosts()));
/// let app: Router = Router::new().layer(ReloadHandle::new(&settings, build)?.current());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[must_use]
pub struct Current<T> {
    shared: Arc<ArcSwap<T>>,
}

impl<T> Current<T> {
    pub(crate) fn new(value: T) -> Self {
        Self { shared: Arc::new(ArcSwap::from_pointee(value)) }
    }

    /// Returns the current value.
    ///
    /// Call this once for each request: a second call may return the next value.
    pub fn load(&self) -> Arc<T> {
        self.shared.load_full()
    }

    /// Returns a clone of the current value.
    pub(crate) fn cloned(&self) -> T
    where
        T: Clone,
    {
        T::clone(&self.shared.load())
    }

    /// Replaces the value. Requests that have begun keep the value that they have.
    pub(crate) fn store(&self, value: T) {
        self.shared.store(Arc::new(value));
    }
}

/// Clones share the value.
impl<T> Clone for Current<T> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared) }
    }
}
