//! Migrates from plain names to guarded ones until a set time.

use std::{collections::BTreeSet, time::SystemTime};

/// Holds the time until which plain names are accepted, and the other domains
/// whose plain cookies are expired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Migration {
    pub(super) until: SystemTime,
    pub(super) domains: Vec<String>,
}

/// Lists guarded cookies accepted under their plain names, in a request's
/// extensions. [`HostCookies::migrate_until`](crate::HostCookies::migrate_until) allows this. An application that reads such a cookie
/// should create a new session for it.
///
/// ```
/// use axum::extract::Request;
/// use tower_hardening::cookie::LegacyCookies;
///
/// async fn account(request: Request) -> &'static str {
///     match request.extensions().get::<LegacyCookies>() {
///         Some(legacy) if legacy.contains("session") => "create a new session",
///         _ => "use the session",
///     }
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegacyCookies(pub(super) BTreeSet<String>);

impl LegacyCookies {
    /// Returns `true` if the cookie of this plain name came without its
    /// prefix.
    pub fn contains(&self, name: &str) -> bool {
        self.0.contains(name)
    }
}
