//! Records facts about a request's cookies, in its extensions and for its
//! response.

use std::collections::BTreeSet;

use super::{name_set::NameSet, prefix::CookiePrefix};

/// Carries state from a request to its response.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(unnameable_types, reason = "an associated type of the sealed trait `Rule`")]
pub struct Crossing {
    /// The guarded cookies that came under their plain names while migrating,
    /// accepted or not.
    pub(super) legacy: NameSet,
}

impl Crossing {
    /// Marks an exchange in which nothing is renamed: see
    /// [`HostCookies::dangerous_plain_on_localhost`](crate::HostCookies::dangerous_plain_on_localhost).
    pub(super) const PLAIN: Self = Self { legacy: NameSet::NO_SET };
}

/// Lists guarded cookies that came more than once, in a request's extensions.
/// The application reads the first cookie of each name.
///
/// A browser sends two cookies of one name at most, one of them partitioned. If the application
/// sets no partitioned cookies, a [`RejectDuplicateCookiesLayer`](crate::cookie::RejectDuplicateCookiesLayer) may answer
/// such a request with 400.
///
/// ```
/// use axum::extract::Request;
/// use tower_hardening::cookie::DuplicateCookies;
///
/// async fn account(request: Request) -> &'static str {
///     match request.extensions().get::<DuplicateCookies>() {
///         Some(duplicates) if duplicates.names().any(|name| name == "session") => "sign in again",
///         _ => "welcome",
///     }
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DuplicateCookies(pub(super) BTreeSet<String>);

impl DuplicateCookies {
    /// Returns the names, as the application knows them.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

/// Lists plain names that an outer layer substituted for guarded ones, in a
/// request's extensions.
#[derive(Clone, Debug)]
pub(super) struct RenamedByOuter {
    pub(super) prefix: CookiePrefix,
    pub(super) names: BTreeSet<Vec<u8>>,
}
