//! Plain cookies that are believed for a while, and how they expire.

use super::{
    attribute::{Kind, Scope},
    extensions::Crossing,
    guard::HostCookies,
    set_cookie::SetCookie,
};
use http::HeaderValue;
use std::time::SystemTime;

impl HostCookies {
    /// Returns `true` if plain names are still accepted.
    #[inline]
    pub(super) fn is_migrating(&self) -> bool {
        self.migration.as_ref().is_some_and(|migration| SystemTime::now() < migration.until)
    }

    /// Returns the names that are still accepted without their prefix, as
    /// bits.
    #[inline]
    pub(super) fn migrating(&self) -> u64 {
        if self.is_migrating() { self.exact_names() } else { 0 }
    }

    /// Returns lines that expire the plain twin of a guarded cookie, while
    /// migrating. `cookie` sets or deletes the guarded one; the lines expire the plain one for this
    /// host alone, and for each old domain.
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
