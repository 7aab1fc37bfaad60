//! `__Host-` cookies: the application's own names inside, the guarded ones on the wire.

use std::{borrow::Cow, time::SystemTime};

use http::{HeaderMap, HeaderName, HeaderValue, Request, header};

use crate::{Lint, ParseError, Severity, event};

mod date;
mod lookalike;
mod name;
mod pieces;
mod prefix;
mod request;
mod response;
mod set_cookie;

pub use prefix::{CookiePrefix, SameSite};

use name::{Pattern, overlap};

/// So many names are guarded at most: each has a bit in what a request leaves for its response.
const MOST: usize = 63;

/// Which cookies go as `__Host-…` on the wire, and what the application's other cookies get
/// ([RFC 6265bis](https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#section-4.1.3.2)).
///
/// A browser takes such a cookie only over https, from the host itself and for the whole of it, so
/// that no sibling domain and nobody on the network can plant one. That is worth nothing while
/// the plain name is still believed: so the application reads and sets the plain name, the wire
/// has the prefixed one, and the plain name and its look-alikes from the wire are dropped.
///
/// ```
/// use tower_hardening::{HostCookies, SameSite};
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
    guarded: Vec<Pattern>,
    prefix: CookiePrefix,
    same_site: Option<SameSite>,
    http_only: bool,
    refuse_conflicts: bool,
    strict: bool,
    others: Option<Others>,
    migration: Option<Migration>,
    plain_on_localhost: bool,
}

/// What cookies that are not guarded get.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Others {
    /// These get `Secure` alone.
    except: Vec<Cow<'static, str>>,
}

/// From plain names to guarded ones.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Migration {
    until: SystemTime,
    domains: Vec<String>,
}

/// What a request leaves for its response.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Crossing {
    /// Which guarded cookies came under their plain names, believed or not, by bit, while migrating.
    legacy: u64,
}

impl Crossing {
    /// Nothing is renamed: see [`HostCookies::dangerous_plain_on_localhost`].
    const PLAIN: Self = Self { legacy: 1 << MOST };
}

/// In a request's extensions: guarded cookies that were believed under their plain names, since
/// [`HostCookies::migrate_until`] allows it. Whoever reads one should make a new session for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegacyCookies(Vec<String>);

impl LegacyCookies {
    /// Whether the cookie of this plain name came unguarded.
    pub fn contains(&self, name: &str) -> bool {
        self.0.iter().any(|legacy| legacy == name)
    }
}

impl HostCookies {
    /// The cookies of these names, as the application knows them; `name*` is all that begin so.
    ///
    /// A name that is no token (RFC 9110 section 5.6.2), has a prefix already or nearly so, or is
    /// covered twice is an error.
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
                    "there are more than 63 names; write what they begin with, like 'app_*'";
                return Err(ParseError::new("host cookies", 0, problem));
            }
            guarded.push(pattern);
        }
        Ok(Self {
            guarded,
            prefix,
            same_site: None,
            http_only: false,
            refuse_conflicts: false,
            strict: false,
            others: None,
            migration: None,
            plain_on_localhost: false,
        })
    }

    /// Another prefix than `__Host-`.
    pub fn prefix(mut self, prefix: CookiePrefix) -> Self {
        self.prefix = prefix;
        self.guarded.iter_mut().for_each(|pattern| pattern.with_prefix(prefix));
        self
    }

    /// Adds this `SameSite` where the application gives none.
    pub fn same_site(self, same_site: SameSite) -> Self {
        Self { same_site: Some(same_site), ..self }
    }

    /// Adds `HttpOnly`: no script reads the cookies.
    pub fn http_only(self) -> Self {
        Self { http_only: true, ..self }
    }

    /// Does not send a cookie that has a `Domain`, or a `Path` other than `/`, instead of taking
    /// those off: the application meant another scope than the prefix allows.
    pub fn refuse_conflicts(self) -> Self {
        Self { refuse_conflicts: true, ..self }
    }

    /// Drops from requests whatever two parsers could read in two ways: cookies without a name,
    /// names that are no tokens, values with a lone `"` or a `\`. From responses, lines without a
    /// name.
    pub fn strict(self) -> Self {
        Self { strict: true, ..self }
    }

    /// Gives every other cookie of the application `Secure`, and, but for those
    /// [excepted](Self::except), `HttpOnly` and `SameSite=Lax` where they say nothing else.
    pub fn secure_others(mut self) -> Self {
        self.others.get_or_insert_default();
        self
    }

    /// Cookies, by exact name, that [`secure_others`](Self::secure_others) gives `Secure` alone.
    pub fn except<N: Into<Cow<'static, str>>>(
        mut self,
        names: impl IntoIterator<Item = N>,
    ) -> Self {
        let others = self.others.get_or_insert_default();
        others.except.extend(names.into_iter().map(Into::into));
        self
    }

    /// Until then, believes a plain name of which the request has no guarded twin, leaves
    /// [`LegacyCookies`] in the request's extensions, and expires the plain cookie as soon as the
    /// guarded one is set or deleted.
    ///
    /// As long as this lasts, a sibling domain can plant a cookie as before: an application should
    /// make a new session for one that came so. Names with a `*` do not take part.
    pub fn migrate_until(mut self, until: SystemTime) -> Self {
        let domains = self.migration.take().map(|migration| migration.domains).unwrap_or_default();
        self.migration = Some(Migration { until, domains });
        self
    }

    /// While migrating, expires the plain cookies of this `Domain` as well.
    pub fn old_domain(mut self, domain: &str) -> Result<Self, ParseError> {
        let domain = domain.trim_start_matches('.');
        let origin = crate::Origin::new("https", domain, None);
        let host = origin.map_err(|error| error.within("host cookies", 0))?.host().to_owned();
        let until = SystemTime::UNIX_EPOCH;
        self.migration.get_or_insert(Migration { until, domains: Vec::new() }).domains.push(host);
        Ok(self)
    }

    /// Renames nothing for requests whose `Host` is the machine itself (`localhost`, `127.0.0.1`,
    /// `[::1]`), for developing over plain http with browsers that want https for guarded cookies.
    ///
    /// Whoever can send such a `Host` to the server is believed under plain names: never for a
    /// server that others reach. Says so in the log (feature `tracing`) and in the lints.
    pub fn dangerous_plain_on_localhost(self) -> Self {
        event::cookies_plain_on_localhost();
        Self { plain_on_localhost: true, ..self }
    }

    /// The guarded names, as the application knows them, without their `*`.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.guarded.iter().map(Pattern::name)
    }

    /// The same names on the wire.
    pub fn wire_names(&self) -> impl Iterator<Item = &str> {
        self.guarded.iter().map(Pattern::wire)
    }

    /// Hands the application the plain names, and drops what only looks like them.
    #[inline]
    pub fn on_request<B>(&self, request: &mut Request<B>) -> Crossing {
        if self.plain_on_localhost && request::is_local(request) {
            return Crossing::PLAIN;
        }
        if request.headers().is_empty() {
            return Crossing::default();
        }
        request::rewrite(self, request)
    }

    /// Renames the application's cookies for the wire and makes their lines conform.
    #[inline]
    pub fn on_response(&self, crossing: Crossing, headers: &mut HeaderMap) {
        if headers.contains_key(header::SET_COOKIE) && crossing != Crossing::PLAIN {
            response::rewrite(self, crossing, headers);
        }
    }

    /// Whether plain names are still believed.
    fn is_migrating(&self) -> bool {
        self.migration.as_ref().is_some_and(|migration| SystemTime::now() < migration.until)
    }

    pub(crate) fn lints(&self) -> Vec<Lint> {
        let mut lints = Vec::new();
        let mut warn = |id, message| lints.push(Lint::new(Severity::Warning, id, message));
        if self.plain_on_localhost {
            warn(
                "cookies-plain-on-localhost",
                "host cookies: not guarded for requests to localhost; for developing only",
            );
        }
        if self.same_site == Some(SameSite::None) {
            warn(
                "cookies-same-site-none",
                "host cookies: SameSite=None sends the cookie with every request from every site; write Lax or Strict",
            );
        }
        if self.migration.is_some() {
            warn(
                "cookies-migrating",
                "host cookies: plain names are still believed, so that a sibling domain can plant one; end the migration soon",
            );
        }
        lints
    }
}

/// Does something to every line of a header, without making the map grow.
fn each_line(headers: &mut HeaderMap, name: HeaderName, mut each: impl FnMut(&mut HeaderValue)) {
    let mut lines = headers.get_all(&name).iter();
    if lines.next().is_none() {
        return;
    }
    let several = lines.next().is_some();
    if several {
        if let header::Entry::Occupied(mut lines) = headers.entry(name) {
            lines.iter_mut().for_each(each);
        }
    } else if let Some(line) = headers.get_mut(name) {
        each(line);
    }
}

/// Puts other bytes, all of them from header values, in a line's place; its sensitivity stays.
fn replace(line: &mut HeaderValue, bytes: Vec<u8>) {
    if let Ok(mut value) = HeaderValue::try_from(bytes) {
        value.set_sensitive(line.is_sensitive());
        *line = value;
    }
}
