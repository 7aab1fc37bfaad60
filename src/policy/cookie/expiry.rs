//! Accepts plain cookies during a migration, and expires them.

use std::time::SystemTime;

use http::HeaderValue;

use super::{
    attribute::Kind, extensions::Crossing, guard::HostCookies, name_set::NameSet,
    prefix::CookiePrefix, scope::Scope, scope_action::ScopeAction, set_cookie::SetCookie,
};

impl HostCookies {
    /// Returns `true` if plain names are still accepted.
    #[inline]
    pub(super) fn is_migrating(&self) -> bool {
        self.migration.as_ref().is_some_and(|migration| SystemTime::now() < migration.until)
    }

    /// Returns the names that are still accepted without their prefix.
    #[inline]
    pub(super) fn migrating(&self) -> NameSet {
        if self.is_migrating() { self.exact_names() } else { NameSet::EMPTY }
    }

    /// Returns lines that expire the plain cookie of the same name as a guarded one, while
    /// migrating. `cookie` sets or deletes the guarded one.
    ///
    /// A browser deletes a cookie of the same name, domain and path (RFC 6265bis section 5.7). The
    /// lines name each place where a browser may have the plain one: this host alone, each legacy
    /// domain and the domain of the line; the root, the path of the line, and no path, for which a
    /// browser takes the default path of the request (RFC 6265 section 5.1.4).
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
        if !crossing.legacy.contains(index) && !scope.is_deletion() {
            return Vec::new();
        }
        let partitions: &[&[u8]] =
            if scope.has(Kind::Partitioned) { &[b"", PARTITIONED] } else { &[b""] };
        let mut lines = Vec::new();
        for domain in domains(&scope, &migration.domains) {
            for path in paths(&scope) {
                for partition in partitions {
                    let name = pattern.name().as_bytes();
                    lines.extend(expiry(name, &[&path, &domain], partition));
                }
            }
        }
        lines
    }

    /// Returns the line that deletes the cookie that was sent as `__Secure-…`,
    /// if `cookie` deletes it without a `Path`, and therefore elsewhere than it was set.
    ///
    /// A `Path` that made the cookie a `__Secure-` one is the default path of the request, as the
    /// application has it. A `Path` that was rewritten is the root.
    pub(super) fn downgraded_expiry(
        &self,
        cookie: &SetCookie<'_>,
        carried: usize,
    ) -> Option<HeaderValue> {
        let scope = Scope::of(cookie.attributes);
        if !scope.is_deletion() || scope.has(Kind::Path) {
            return None;
        }
        let name = [CookiePrefix::Secure.as_str().as_bytes(), &cookie.name[carried..]].concat();
        let partition: &[u8] = if scope.has(Kind::Partitioned) { PARTITIONED } else { b"; Secure" };
        match self.conflict(&scope) {
            ScopeAction::Rewrite => expiry(&name, &[], partition),
            ScopeAction::DowngradeToSecure => {
                let domain = scope.get(Kind::Domain).map(|domain| domain.value());
                let domain = domain.filter(|_| self.domain_attribute != ScopeAction::Rewrite);
                let domain = domain.map(|domain| [b"; Domain=", domain].concat());
                expiry(&name, &[b"; Path=/", &domain.unwrap_or_default()], partition)
            }
            ScopeAction::PassThrough | ScopeAction::Drop => None,
        }
    }
}

const PARTITIONED: &[u8] = b"; Secure; Partitioned";

/// Returns the line that expires a cookie of this scope.
fn expiry(name: &[u8], scope: &[&[u8]], partition: &[u8]) -> Option<HeaderValue> {
    let epoch = b"; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT";
    let line = [name, b"=", &scope.concat(), epoch, partition].concat();
    HeaderValue::try_from(line).ok()
}

/// Returns the `Domain` attributes of the plain cookies: none first.
fn domains(scope: &Scope<'_>, legacy: &[String]) -> Vec<Vec<u8>> {
    let mut domains: Vec<Vec<u8>> = vec![Vec::new()];
    let own = scope.get(Kind::Domain).map(|domain| {
        let domain = domain.value();
        domain.strip_prefix(b".").unwrap_or(domain).to_ascii_lowercase()
    });
    let own = own.filter(|own| !legacy.iter().any(|legacy| legacy.as_bytes() == own));
    let all = legacy.iter().map(|legacy| legacy.as_bytes().to_vec()).chain(own);
    domains.extend(all.map(|domain| [b"; Domain=", &domain[..]].concat()));
    domains
}

/// Returns the `Path` attributes of the plain cookies: that of the line, the
/// root, and none.
fn paths(scope: &Scope<'_>) -> Vec<Vec<u8>> {
    let own = scope.get(Kind::Path).map(|path| path.value());
    let own = own.filter(|path| path.starts_with(b"/") && *path != b"/");
    let mut paths: Vec<Vec<u8>> =
        own.into_iter().chain([&b"/"[..]]).map(|path| [b"; Path=", path].concat()).collect();
    paths.push(Vec::new());
    paths
}
