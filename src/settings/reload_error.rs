//! Reports that new settings were rejected.

use std::{error::Error, fmt};

use super::error::SettingsError;

/// Represents the reason that a reload failed. The previous settings stay in force.
///
/// ```
/// use tower_hardening::settings::{ReloadHandle, Settings};
///
/// let handle = ReloadHandle::new(&"".parse()?, |settings| Ok(settings.listen()))?;
/// let error = handle.reload(|| Settings::from_toml("[http]\nprot = 80")).unwrap_err();
/// assert_eq!(error.to_string(), "settings, line 2, http.prot: unknown key; did you mean 'port'?");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct ReloadError {
    cause: Box<dyn Error + Send + Sync>,
}

impl ReloadError {
    pub(super) fn new(cause: Box<dyn Error + Send + Sync>) -> Self {
        Self { cause }
    }

    /// Returns the error in the settings, unless the value could not be built.
    pub fn settings_error(&self) -> Option<&SettingsError> {
        self.cause.downcast_ref()
    }
}

impl fmt::Display for ReloadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.cause.fmt(f)
    }
}

impl Error for ReloadError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.source()
    }
}
