//! From plain names to guarded ones, until a day.

use std::{collections::BTreeSet, time::SystemTime};

use http::HeaderValue;

use super::{
    Crossing, HostCookies,
    attribute::{Kind, Scope},
    set_cookie::SetCookie,
};

/// How long plain names are believed, and where else their cookies are expired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Migration {
    pub(super) until: SystemTime,
    pub(super) domains: Vec<String>,
}

/// In a request's extensions: guarded cookies that were believed under their plain names, since
/// [`HostCookies::migrate_until`] allows it. Whoever reads one should make a new session for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegacyCookies(pub(super) BTreeSet<String>);

impl LegacyCookies {
    /// Whether the cookie of this plain name came unguarded.
    pub fn contains(&self, name: &str) -> bool {
        self.0.contains(name)
    }
}

impl HostCookies {
    /// Whether plain names are still believed.
    #[inline]
    pub(super) fn is_migrating(&self) -> bool {
        self.migration.as_ref().is_some_and(|migration| SystemTime::now() < migration.until)
    }

    /// The names that are, by bit.
    #[inline]
    pub(super) fn migrating(&self) -> u64 {
        if self.is_migrating() { self.exact_names() } else { 0 }
    }

    /// While migrating, lines that expire the plain cookie of which the guarded twin is set or
    /// deleted here: of this host alone, and of each old domain.
    pub(super) fn expiries(
        &self,
        cookie: &SetCookie<'_>,
        index: usize,
        crossing: Crossing,
    ) -> Vec<HeaderValue> {
        let pattern = &self.guarded[index];
        let migration = self.migration.as_ref().filter(|_| !pattern.is_open());
        let Some(migration) = migration.filter(|_| self.is_migrating()) else {
            return Vec::new();
        };
        let scope = Scope::of(cookie.attributes);
        if crossing.legacy & (1 << index) == 0 && !scope.is_deletion() {
            return Vec::new();
        }
        let path = scope.get(Kind::Path).map(|path| path.value());
        let path = path.filter(|path| path.starts_with(b"/")).unwrap_or(b"/");
        let start = [pattern.name().as_bytes(), b"=; Path=", path].concat();
        let partition: &[u8] =
            if scope.has(Kind::Partitioned) { b"; Secure; Partitioned" } else { b"" };
        let domains = migration.domains.iter().map(|domain| format!("; Domain={domain}"));
        let lines = std::iter::once(String::new()).chain(domains).map(|domain| {
            let domain = domain.as_bytes();
            let epoch = b"; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT";
            HeaderValue::try_from([&start[..], domain, epoch, partition].concat())
        });
        lines.flatten().collect()
    }
}
