//! Maps the application's cookie names to `__Host-` names on the wire and
//! back.

use std::{borrow::Cow, time::SystemTime};

use super::{
    extensions::RenamedByOuter,
    migration::Migration,
    name::{Pattern, check_token, overlap},
    name_set::{MOST, NameSet},
    prefix::{CookiePrefix, SameSite},
    scope_action::ScopeAction,
};
use crate::{error::ParseError, request::Origin, trace};

/// Configures which cookies are sent with the `__Host-` prefix, and the
/// defaults for all others
/// ([RFC 6265bis](https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#section-4.1.3.2)).
///
/// A browser accepts a `__Host-` cookie only over https, from the host itself and for all of its
/// paths, so that neither a sibling domain nor a network attacker can plant one. This protects
/// nothing while the server still accepts the unprefixed name. The application therefore reads and
/// sets the plain name, the wire has the prefixed name, and plain names and look-alikes that arrive
/// on the wire are dropped.
///
/// The value and the attributes keep their bytes and their order, except for a `Domain` and for a
/// `Path` other than `/`; the application reads back the value that it set. Other cookies also keep
/// their bytes. The policy drops a cookie from a request, with an event (feature `tracing`), if
///
/// - some reader takes its name for a guarded one, it is a guarded name under another prefix, or
///   its name begins with `$`;
/// - some reader finds a guarded name inside it, as in `theme=dark session=evil`: after a blank,
///   a comma, a quote, a backslash, a bracket, a brace or a non-ASCII byte, and before an `=`;
///   after a blank or a comma also without an `=`, since some readers take that for an empty value,
///   so that `note=my session ended` is dropped where `session` is guarded;
/// - it has a quote without a closing one at its end, which hides the cookies that follow from
///   some readers;
/// - it has a non-ASCII byte or an odd number of quotes while the request has a guarded cookie,
///   which makes some readers lose the guarded cookie.
///
/// ```
/// use tower_hardening::{HostCookies, cookie::SameSite};
///
/// let cookies = HostCookies::new(["session", "remember_*"])?.http_only().same_site(SameSite::Lax);
/// let error = HostCookies::new(["__Host-session"]).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "host cookies, byte 0: '__Host-session' has a prefix already; \
///      write the name that the application uses, 'session'",
/// );
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
///
#[doc = include_str!("threats.md")]
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct HostCookies {
    pub(super) guarded: Vec<Pattern>,
    pub(super) prefix: CookiePrefix,
    pub(super) same_site: Option<SameSite>,
    pub(super) http_only: bool,
    pub(super) domain_attribute: ScopeAction,
    pub(super) path_attribute: ScopeAction,
    pub(super) reject_ambiguous: bool,
    pub(super) allow_nested_layers: bool,
    pub(super) accept_over_http: bool,
    pub(super) others: Option<Others>,
    pub(super) migration: Option<Migration>,
    pub(super) plain_on_localhost: bool,
}

/// Holds the defaults for cookies that are not guarded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Others {
    /// The cookies that get `Secure` alone.
    pub(super) except: Vec<Cow<'static, str>>,
}

impl HostCookies {
    /// Guards the cookies with these names, as the application knows them.
    /// `name*` guards every name with that prefix.
    ///
    /// Returns an error for a name that is not a token (RFC 9110 section 5.6.2), that already has a
    /// prefix or nearly has one, or that is covered twice.
    pub fn new<N: Into<Cow<'static, str>>>(
        names: impl IntoIterator<Item = N>,
    ) -> Result<Self, ParseError> {
        let prefix = CookiePrefix::default();
        let mut guarded: Vec<Pattern> = Vec::new();
        for name in names {
            let pattern = Pattern::new(name.into(), prefix)?;
            if let Some(other) = guarded.iter().find(|other| other.overlaps(&pattern)) {
                return Err(overlap(other, &pattern));
            }
            if guarded.len() == MOST {
                let problem =
                    "there are more than 63 names; write the start that they share, like 'app_*'";
                return Err(ParseError::new("host cookies", 0, problem));
            }
            guarded.push(pattern);
        }
        Ok(Self {
            guarded,
            prefix,
            same_site: None,
            http_only: false,
            domain_attribute: ScopeAction::Rewrite,
            path_attribute: ScopeAction::Rewrite,
            reject_ambiguous: false,
            allow_nested_layers: false,
            accept_over_http: false,
            others: None,
            migration: None,
            plain_on_localhost: false,
        })
    }

    /// Uses a prefix other than `__Host-`.
    pub fn prefix(mut self, prefix: CookiePrefix) -> Self {
        self.prefix = prefix;
        self.guarded.iter_mut().for_each(|pattern| pattern.with_prefix(prefix));
        self
    }

    /// Adds this `SameSite` to guarded cookies that the application sets
    /// without one.
    pub fn same_site(self, same_site: SameSite) -> Self {
        Self { same_site: Some(same_site), ..self }
    }

    /// Adds `HttpOnly`, so that scripts cannot read the guarded cookies.
    pub fn http_only(self) -> Self {
        Self { http_only: true, ..self }
    }

    /// Sets how to handle a guarded cookie that the application sets with a
    /// `Domain`, under a prefix that does not allow one.
    pub fn domain_attribute(self, domain_attribute: ScopeAction) -> Self {
        Self { domain_attribute, ..self }
    }

    /// Sets how to handle a guarded cookie that the application sets with a
    /// `Path` other than `/`, under a prefix that allows only `/`.
    pub fn path_attribute(self, path_attribute: ScopeAction) -> Self {
        Self { path_attribute, ..self }
    }

    /// Drops every request cookie that two readers could read differently.
    ///
    /// This applies to guarded cookies and all others. It keeps only a `cookie-pair` of
    /// [RFC 6265](https://www.rfc-editor.org/rfc/rfc6265#section-4.1.1), which is a token, `=`, and
    /// an optionally quoted value of cookie-octets. It also drops cookies with the name of an
    /// attribute, such as `path`, and removes `Set-Cookie` lines without a cookie name from
    /// responses.
    ///
    /// By default nobody can plant a guarded cookie, but some readers lose it: Python's
    /// `http.cookies` and bottle ignore all cookies if one of them has a blank or has no name, and
    /// Ruby's `CGI` raises an error for a name that is not a token. With this method these readers
    /// always read the guarded cookie.
    pub fn reject_ambiguous(self) -> Self {
        Self { reject_ambiguous: true, ..self }
    }

    /// Passes guarded cookies on even if the request came over http.
    ///
    /// By default they are dropped from a request that is known to have come over http
    /// ([`ConnectionInfo`](crate::connection::ConnectionInfo)). Browsers send guarded cookies over http
    /// only to localhost, to an address of the machine itself, or to a `.onion` or `.i2p` name; for
    /// these hosts guarded cookies are always kept. Plain names are dropped over http as they are
    /// over https.
    pub fn accept_over_http(self) -> Self {
        Self { accept_over_http: true, ..self }
    }

    /// Records the renamed cookies in the request's extensions.
    ///
    /// An inner layer that guards the same cookies under the same prefix then passes them on;
    /// without the record, the inner layer takes their plain names for planted ones and drops them.
    /// If there is only one layer, it does not need this record, which costs an allocation.
    pub fn allow_nested_layers(self) -> Self {
        Self { allow_nested_layers: true, ..self }
    }

    /// Adds `Secure` to every other cookie of the application.
    ///
    /// Also adds `HttpOnly` and `SameSite=Lax` where the cookie does not set its own, except for
    /// [excepted](Self::secure_other_cookies_except) cookies.
    pub fn secure_other_cookies(mut self) -> Self {
        self.others.get_or_insert_default();
        self
    }

    /// Excepts cookies, by exact name, so that
    /// [`secure_other_cookies`](Self::secure_other_cookies) adds `Secure` alone to them.
    ///
    /// Returns an error for a name that is not a token.
    pub fn secure_other_cookies_except<N: Into<Cow<'static, str>>>(
        mut self,
        names: impl IntoIterator<Item = N>,
    ) -> Result<Self, ParseError> {
        let others = self.others.get_or_insert_default();
        for name in names.into_iter().map(Into::into) {
            check_token(&name)?;
            others.except.push(name);
        }
        Ok(self)
    }

    /// Accepts an unprefixed cookie until this time, to migrate existing
    /// cookies.
    ///
    /// An unprefixed cookie is accepted when the request has no prefixed cookie of the same name.
    /// The policy inserts [`LegacyCookies`](crate::cookie::LegacyCookies) into the request's extensions, and expires the plain
    /// cookie as soon as the guarded one is set or deleted: for the host, each
    /// [`legacy_domain`](Self::legacy_domain) and the `Domain` of the line, at the root, the `Path` of
    /// the line and the request's default path
    /// ([RFC 6265](https://www.rfc-editor.org/rfc/rfc6265#section-5.1.4)).
    ///
    /// While the migration lasts, a sibling domain can still plant a cookie: an application should
    /// create a new session for a cookie that came under its plain name. Names with a `*` are not
    /// migrated.
    pub fn migrate_until(mut self, until: SystemTime) -> Self {
        let domains = self.migration.take().map(|migration| migration.domains).unwrap_or_default();
        self.migration = Some(Migration { until, domains });
        self
    }

    /// While migrating, also expires the plain cookies of this `Domain`.
    pub fn legacy_domain(mut self, domain: &str) -> Result<Self, ParseError> {
        let domain = domain.trim_start_matches('.');
        let origin = Origin::new("https", domain, None);
        let origin = origin.map_err(|error| error.within("host cookies", 0))?;
        if origin.address().is_some() {
            let problem = format!(
                "'{domain}' is an address, which cannot be the Domain of a cookie; write a host name"
            );
            return Err(ParseError::new("host cookies", 0, problem));
        }
        let host = origin.host().to_owned();
        let until = SystemTime::UNIX_EPOCH;
        self.migration.get_or_insert(Migration { until, domains: Vec::new() }).domains.push(host);
        Ok(self)
    }

    /// Renames nothing for requests whose `Host` is the machine itself.
    ///
    /// These hosts are `localhost`, `127.0.0.1` and `[::1]`. Use this for development over plain
    /// http with browsers that require https for guarded cookies.
    ///
    /// Any client that can send such a `Host` to the server can plant cookies under plain names,
    /// and a proxy may write it into every request, as nginx does for
    /// `proxy_pass http://localhost`. Never use this for a server that others can reach. Behind an
    /// [`ConnectionInfoLayer`](crate::connection::ConnectionInfoLayer) the request has to be known to have come with such a
    /// host, and over http. This method logs a warning (feature `tracing`) and adds a lint.
    pub fn dangerous_plain_on_localhost(self) -> Self {
        trace::cookies_plain_on_localhost();
        Self { plain_on_localhost: true, ..self }
    }

    /// Returns the guarded names, as the application knows them, without their
    /// `*`.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.guarded.iter().map(Pattern::name)
    }

    /// Returns the guarded names with their prefix, as they appear on the
    /// wire.
    pub fn prefixed_names(&self) -> impl Iterator<Item = &str> {
        self.guarded.iter().map(Pattern::wire)
    }

    /// Returns the wire name of a cookie of the application; `None` if it is
    /// not guarded.
    ///
    /// ```
    /// use tower_hardening::HostCookies;
    ///
    /// let cookies = HostCookies::new(["session", "app_*"])?;
    /// assert_eq!(cookies.prefixed_name("app_a").as_deref(), Some("__Host-app_a"));
    /// assert_eq!(cookies.prefixed_name("theme"), None);
    /// # Ok::<(), tower_hardening::ParseError>(())
    /// ```
    pub fn prefixed_name(&self, name: &str) -> Option<String> {
        self.guarded_name(name.as_bytes()).map(|_| format!("{}{name}", self.prefix))
    }

    /// Returns the index of the guarded cookie that the application calls
    /// `name`.
    #[inline]
    pub(super) fn guarded_name(&self, name: &[u8]) -> Option<usize> {
        self.guarded.iter().position(|pattern| pattern.is_plain(name))
    }

    /// Returns the names without a `*`.
    pub(super) fn exact_names(&self) -> NameSet {
        let names = self.guarded.iter().enumerate().filter(|(_, pattern)| !pattern.is_open());
        names.map(|(index, _)| index).collect()
    }

    /// Returns `true` if the outer layer guards its renamed cookies under the
    /// same prefix as this policy.
    pub(super) fn trusts(&self, renamed: &RenamedByOuter) -> bool {
        renamed.prefix == self.prefix
    }
}
