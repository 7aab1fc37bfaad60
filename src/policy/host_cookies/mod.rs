//! `__Host-` cookies: the application's own names inside, the guarded ones on the wire.

use std::{borrow::Cow, time::SystemTime};

use http::{HeaderMap, HeaderValue, Request, header};

use crate::{Lint, ParseError, event, head::RequestParts};

mod attribute;
mod bytes;
mod conflict;
mod date;
mod lines;
mod lint;
mod lookalike;
mod marks;
mod migration;
mod name;
mod pieces;
mod planted;
mod prefix;
mod rare;
mod reader;
mod reason;
mod request;
mod response;
mod segment;
mod set_cookie;
mod wire;

pub use conflict::ScopeConflict;
pub use marks::{Crossing, DuplicateCookies};
pub use migration::LegacyCookies;
pub use prefix::{CookiePrefix, SameSite};

use migration::Migration;
use name::{Pattern, check_token, overlap};

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
/// The value and the attributes keep their bytes and their order, but for a `Domain` and for a
/// `Path` other than `/`, and what comes back is what was set. Other cookies keep their bytes too. A
/// request loses one, with an event (feature `tracing`), if
///
/// - some reader takes its name for a guarded one, it is a guarded name under another prefix, or its
///   name begins with `$`;
/// - some reader finds a guarded name inside of it, as in `theme=dark session=evil`: behind a blank,
///   a comma, a quote, a backslash, a bracket, a brace or a byte beyond ASCII, and before an `=`;
///   behind a blank or a comma also without an `=`, since some readers take that for an empty value,
///   so that `note=my session ended` is dropped where `session` is guarded;
/// - it has a quote without a closing one at its end, which hides the cookies that follow from some
///   readers;
/// - it has a byte beyond ASCII or an odd number of quotes while the request has a guarded cookie,
///   which some readers lose by it.
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
    on_domain: ScopeConflict,
    on_path: ScopeConflict,
    strict: bool,
    for_inner_layers: bool,
    keep_over_http: bool,
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
            on_domain: ScopeConflict::Mend,
            on_path: ScopeConflict::Mend,
            strict: false,
            for_inner_layers: false,
            keep_over_http: false,
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

    /// What becomes of a guarded cookie that the application gives a `Domain`, under a prefix that
    /// allows none.
    pub fn on_domain(self, on_domain: ScopeConflict) -> Self {
        Self { on_domain, ..self }
    }

    /// What becomes of a guarded cookie that the application gives a `Path` other than `/`, under a
    /// prefix that allows no other.
    pub fn on_path(self, on_path: ScopeConflict) -> Self {
        Self { on_path, ..self }
    }

    /// Drops from requests every cookie that two readers could read in two ways, guarded or not: all
    /// but a `cookie-pair` of [RFC 6265](https://www.rfc-editor.org/rfc/rfc6265#section-4.1.1), which
    /// is a token, `=`, and a value of cookie-octets that may stand in quotes. Cookies that are named
    /// like an attribute, such as `path`, are dropped as well. From responses, drops lines without a
    /// name.
    ///
    /// By default nobody plants a guarded cookie, but some readers lose it: Python's `http.cookies` and
    /// bottle ignore all cookies for a blank in one of them or for one without a name, and Ruby's `CGI`
    /// raises an error for a name that is not a token. Behind this method they read it in every case.
    pub fn strict(self) -> Self {
        Self { strict: true, ..self }
    }

    /// Hands guarded cookies on where the request is known to have come over http as well
    /// ([`EffectiveRequest`](crate::EffectiveRequest)). No browser sends one so, but to localhost, an
    /// address of the machine itself, or a `.onion` or `.i2p` name: there they are kept in any case.
    /// Plain names are dropped over http like anywhere else.
    pub fn keep_over_http(self) -> Self {
        Self { keep_over_http: true, ..self }
    }

    /// Leaves word in the request's extensions of what it has renamed, so that a layer inside of this
    /// one that guards the same cookies under the same prefix hands them on; else it takes their
    /// plain names for planted ones. One layer is enough, and needs no allocation for this.
    pub fn for_inner_layers(self) -> Self {
        Self { for_inner_layers: true, ..self }
    }

    /// Gives every other cookie of the application `Secure`, and, but for those
    /// [excepted](Self::except), `HttpOnly` and `SameSite=Lax` where they say nothing else.
    pub fn secure_others(mut self) -> Self {
        self.others.get_or_insert_default();
        self
    }

    /// Cookies, by exact name, that [`secure_others`](Self::secure_others) gives `Secure` alone.
    ///
    /// A name that is no token is an error.
    pub fn except<N: Into<Cow<'static, str>>>(
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
        let origin = origin.map_err(|error| error.within("host cookies", 0))?;
        if origin.address().is_some() {
            let problem =
                format!("'{domain}' is an address, which no cookie has for a Domain; write a name");
            return Err(ParseError::new("host cookies", 0, problem));
        }
        let host = origin.host().to_owned();
        let until = SystemTime::UNIX_EPOCH;
        self.migration.get_or_insert(Migration { until, domains: Vec::new() }).domains.push(host);
        Ok(self)
    }

    /// Renames nothing for requests whose `Host` is the machine itself (`localhost`, `127.0.0.1`,
    /// `[::1]`), for developing over plain http with browsers that want https for guarded cookies.
    ///
    /// Whoever can send such a `Host` to the server is believed under plain names, and a proxy may
    /// write it into every request, as nginx does for `proxy_pass http://localhost`: never for a
    /// server that others reach. Behind an [`IngressLayer`](crate::IngressLayer) the request has to be
    /// known to have come so, and over http. Says so in the log (feature `tracing`) and in the lints.
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

    /// The name on the wire of a cookie of the application; `None` if it is not guarded.
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

    /// Hands the application the plain names, and drops what only looks like them.
    #[inline]
    pub fn on_request<B>(&self, request: &mut Request<B>) -> Crossing {
        self.on_request_head(request)
    }

    #[inline]
    pub(crate) fn on_request_head(&self, request: &mut impl RequestParts) -> Crossing {
        if self.plain_on_localhost && request::is_local(request) {
            return Crossing::PLAIN;
        }
        if !lines::any(request.headers(), &header::COOKIE) {
            return Crossing::default();
        }
        request::rewrite(self, request)
    }

    /// Renames the application's cookies for the wire and makes their lines conform.
    #[inline]
    pub fn on_response(&self, crossing: Crossing, headers: &mut HeaderMap) {
        if crossing != Crossing::PLAIN && lines::any(headers, &header::SET_COOKIE) {
            let mut after = response::After::default();
            lines::each(headers, &header::SET_COOKIE, |line| {
                response::rewrite(self, crossing, line, &mut after);
            });
            after.finish(headers);
        }
    }

    /// What is weak about a `Set-Cookie` line of the application once it is guarded, for tests:
    /// `SameSite=None`, no `HttpOnly`, more than 400 days, too long to be stored, and the like.
    ///
    /// Each is also an event when such a line is sent (feature `tracing`).
    pub fn lints_of(&self, set_cookie: &HeaderValue) -> Vec<Lint> {
        response::lints(self, set_cookie.as_bytes())
    }

    /// Which guarded cookie the application means by `name`, by number.
    #[inline]
    fn guarded_name(&self, name: &[u8]) -> Option<usize> {
        self.guarded.iter().position(|pattern| pattern.is_plain(name))
    }

    /// The names without a `*`, by bit.
    fn exact_names(&self) -> u64 {
        let names = self.guarded.iter().enumerate().filter(|(_, pattern)| !pattern.is_open());
        names.fold(0, |bits, (index, _)| bits | 1 << index)
    }

    pub(crate) fn lints(&self) -> Vec<Lint> {
        lint::of_policy(self)
    }
}
