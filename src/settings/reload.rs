//! Replaces the settings of a running service.

use std::{
    error::Error,
    fmt,
    net::SocketAddr,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use super::{
    ReloadHandle, Reloading, Settings,
    error::{Place, SettingsError},
    reload_error::ReloadError,
};
use crate::{
    lint::{Lint, Severity},
    policy::Current,
    trace,
};

const EMPTY: &str = "is empty, and the settings stay as they are; write them, and reload again";

impl<T> ReloadHandle<T> {
    /// Builds the first value.
    ///
    /// # Errors
    ///
    /// Returns the error of `build`.
    pub fn new(
        settings: &Settings,
        build: impl Fn(&Settings) -> Result<T, Box<dyn Error + Send + Sync>> + Send + Sync + 'static,
    ) -> Result<Self, ReloadError> {
        let current = Current::new(build(settings).map_err(ReloadError::new)?);
        let (build, listen) = (Box::new(build), settings.listen());
        let shared = Reloading { current, build, listen, reloading: Mutex::new(()) };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// Returns the value that is in force, as a layer or to load it for each request.
    pub fn current(&self) -> Current<T> {
        self.shared.current.clone()
    }

    /// Reads the settings file with [`Settings::load`], and replaces the value.
    ///
    /// An empty file is an error, since a program that writes it in place empties it first.
    ///
    /// The call reads a file and waits for other reloads. In an async function, use a thread for
    /// blocking calls.
    ///
    /// # Errors
    ///
    /// The same as for [`reload`](Self::reload).
    pub fn load(&self, path: impl AsRef<Path>) -> Result<Vec<Lint>, ReloadError> {
        let path = path.as_ref();
        self.reload(|| match std::fs::metadata(path) {
            Ok(file) if file.len() == 0 => {
                Err(SettingsError::new(Place::File, "", EMPTY).in_file(path))
            }
            _ => Settings::load(path),
        })
    }

    /// Calls a function that reads the settings, and replaces the value.
    ///
    /// Returns the lints of the new settings. The lint `reload-listen` reports an address that the
    /// reload does not change.
    ///
    /// # Errors
    ///
    /// Returns an error if the settings are invalid, or if the value cannot be built from them. The
    /// current value stays in force.
    pub fn reload(
        &self,
        read: impl FnOnce() -> Result<Settings, SettingsError>,
    ) -> Result<Vec<Lint>, ReloadError> {
        // A panic of `build` leaves the current value as it was.
        let _alone = self.shared.reloading.lock().unwrap_or_else(PoisonError::into_inner);
        match read().map_err(Into::into).and_then(|settings| self.replace(&settings)) {
            Ok(lints) => {
                trace::settings_reloaded();
                Ok(lints)
            }
            Err(cause) => {
                trace::reload_failed(&cause);
                Err(ReloadError::new(cause))
            }
        }
    }

    fn replace(&self, settings: &Settings) -> Result<Vec<Lint>, Box<dyn Error + Send + Sync>> {
        let value = (self.shared.build)(settings)?;
        self.shared.current.store(value);
        let mut lints = settings.lints();
        lints.extend(unchanged(self.shared.listen, settings.listen()));
        Ok(lints)
    }
}

/// Reports an address that differs from the one that the server is bound to.
fn unchanged(bound: SocketAddr, wanted: SocketAddr) -> Option<Lint> {
    (bound != wanted).then(|| {
        let problem = format!(
            "http: a reload does not change the address to listen on from {bound} to {wanted}; restart the server"
        );
        Lint::new(Severity::Warning, "reload-listen", problem)
    })
}

/// Clones replace the same value.
impl<T> Clone for ReloadHandle<T> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared) }
    }
}

impl<T> fmt::Debug for ReloadHandle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReloadHandle").field("listen", &self.shared.listen).finish_non_exhaustive()
    }
}
