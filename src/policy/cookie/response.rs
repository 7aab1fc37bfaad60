//! Rewrites the application's `Set-Cookie` lines so that browsers accept them
//! under the prefix.

use http::{HeaderMap, HeaderValue, header};

use super::{
    attribute::{Kind, Scope},
    extensions::Crossing,
    guard::HostCookies,
    lines, lint,
    lookalike::begins_guarded,
    name::carried_prefix,
    prefix::{CookiePrefix, SameSite},
    scope_action::ScopeAction,
    set_cookie::{More, SetCookie},
};
use crate::{
    lint::Lint,
    policy::room::{accept, make_room},
    syntax::ascii::{begins, trim},
    trace,
};

/// Collects the work that remains once every line has been rewritten.
#[derive(Default)]
pub(super) struct After {
    /// Some lines are not sent and have been emptied.
    refused: bool,
    /// Additional lines to send.
    expired: Vec<HeaderValue>,
    /// The guarded cookies that the application set under their wire names, as
    /// bits.
    wired: u64,
}

impl After {
    #[inline]
    pub(super) fn finish(self, headers: &mut HeaderMap) {
        if self.refused {
            lines::drop_empty(headers, &header::SET_COOKIE);
        }
        if !self.expired.is_empty() {
            // A full map has no room even for one more line of a name that it has.
            make_room(headers, self.expired.len());
            for line in self.expired {
                accept(headers.try_append(&header::SET_COOKIE, line));
            }
        }
    }
}

/// Rewrites a `Set-Cookie` line; a line that needs no change keeps its bytes.
pub(super) fn rewrite(
    policy: &HostCookies,
    crossing: Crossing,
    line: &mut HeaderValue,
    after: &mut After,
) {
    let cookie = SetCookie::parse(line.as_bytes());
    match cookie.fate(policy) {
        Outcome::Stays => {}
        Outcome::Refused(why) => {
            trace::cookie_refused(line.as_bytes(), why);
            after.refused = true;
            *line = HeaderValue::from_static("");
        }
        // The wire name was also set, so an inner layer that migrates expires the plain one here.
        Outcome::Guarded { index, carried: 0, .. }
            if after.wired & (1 << index) != 0 && Scope::of(cookie.attributes).is_deletion() => {}
        Outcome::Guarded { index, carried, sent } => {
            if carried > 0 && !policy.guarded[index].is_open() {
                after.wired |= 1 << index;
            }
            if policy.migration.is_some() {
                after.expired.extend(policy.expiries(&cookie, index, crossing));
            }
            if policy.keeps_as_secure() {
                after.expired.extend(policy.downgraded_expiry(&cookie, carried));
            }
            trace::cookie_weak(line.as_bytes(), || lint::of_line(policy, &cookie, &sent, carried));
            lines::replace(line, sent);
        }
        Outcome::Secured(sent) => lines::replace(line, sent),
    }
}

/// Returns what is weak about a line once it is guarded; an empty list for
/// other cookies.
pub(super) fn lints(policy: &HostCookies, line: &[u8]) -> Vec<Lint> {
    let cookie = SetCookie::parse(line);
    match cookie.fate(policy) {
        Outcome::Guarded { carried, sent, .. } => lint::of_line(policy, &cookie, &sent, carried),
        _ => Vec::new(),
    }
}

/// Says how to handle one line.
enum Outcome {
    Stays,
    /// The line is not sent, for this reason.
    Refused(&'static str),
    /// The guarded cookie with this index, whose name already had this many
    /// bytes of prefix.
    Guarded {
        index: usize,
        carried: usize,
        sent: Vec<u8>,
    },
    /// A cookie that is not guarded, with the defaults for such cookies.
    Secured(Vec<u8>),
}

impl SetCookie<'_> {
    fn fate(&self, policy: &HostCookies) -> Outcome {
        if self.name.is_empty() {
            let refused = policy.reject_ambiguous || begins_guarded(trim(self.value));
            let why =
                "some parsers read a cookie without a name as a guarded one, and it is dropped";
            return if refused { Outcome::Refused(why) } else { Outcome::Stays };
        }
        match self.guarded_by(policy) {
            Some((index, carried)) => self.conforming(policy, index, carried),
            None => self.secured(policy),
        }
    }

    /// Returns the index of the guarded cookie, and the length of the prefix
    /// that it already has. A cookie under another prefix is not guarded: a name never gets two
    /// prefixes.
    fn guarded_by(&self, policy: &HostCookies) -> Option<(usize, usize)> {
        let prefix = policy.prefix.as_str();
        let carried = match carried_prefix(self.name) {
            None => 0,
            Some(_) if begins(self.name, prefix) => prefix.len(),
            Some(_) => return None,
        };
        Some((policy.guarded_name(&self.name[carried..])?, carried))
    }

    /// Returns the line under the prefix, unless the policy leaves or refuses
    /// its scope.
    fn conforming(&self, policy: &HostCookies, index: usize, carried: usize) -> Outcome {
        let scope = Scope::of(self.attributes);
        let mut prefix = policy.prefix;
        let mut more = More {
            no_domain: prefix.is_host(),
            root_path: prefix.is_host(),
            // `__Host-` before a name in `Http-` makes the longer prefix.
            http_only: policy.http_only
                || prefix.is_http()
                || (prefix.is_host() && begins(&self.name[carried..], "Http-")),
            same_site: policy.same_site,
        };
        match policy.conflict(&scope) {
            ScopeAction::Rewrite => {}
            ScopeAction::DowngradeToSecure => {
                prefix = CookiePrefix::Secure;
                more.no_domain = policy.domain_attribute == ScopeAction::Rewrite;
                more.root_path =
                    policy.path_attribute == ScopeAction::Rewrite && scope.has(Kind::Path);
            }
            ScopeAction::PassThrough => return Outcome::Stays,
            ScopeAction::Drop => {
                return Outcome::Refused(
                    "the prefix allows neither a Domain nor a Path other than '/', and the cookie is dropped",
                );
            }
        }
        let sent = self.conform(&scope, prefix.as_str(), carried, &more);
        Outcome::Guarded { index, carried, sent }
    }

    /// Returns the line with the defaults for cookies that are not guarded, if
    /// some are missing.
    fn secured(&self, policy: &HostCookies) -> Outcome {
        let Some(others) = &policy.others else { return Outcome::Stays };
        // A guarded cookie under a weaker prefix already has the policy's attributes and needs no
        // more.
        let excepted = others.except.iter().any(|name| name.as_bytes() == self.name)
            || policy.on_wire(self.name).is_some();
        let prefix = carried_prefix(self.name);
        let is_host = prefix.is_some_and(CookiePrefix::is_host);
        let more = More {
            no_domain: is_host,
            root_path: is_host,
            http_only: !excepted || prefix.is_some_and(CookiePrefix::is_http),
            same_site: (!excepted).then_some(SameSite::Lax),
        };
        let scope = Scope::of(self.attributes);
        if more.is_met(&scope) {
            return Outcome::Stays;
        }
        Outcome::Secured(self.conform(&scope, "", 0, &more))
    }
}

impl HostCookies {
    /// Returns how to handle a cookie with this scope.
    pub(super) fn conflict(&self, scope: &Scope<'_>) -> ScopeAction {
        if !self.prefix.is_host() {
            return ScopeAction::Rewrite;
        }
        let domain =
            if scope.has(Kind::Domain) { self.domain_attribute } else { ScopeAction::Rewrite };
        if scope.has(Kind::Path) && !scope.has_root_path {
            return domain.max(self.path_attribute);
        }
        domain
    }

    /// Returns `true` if some cookies are sent with `__Secure-` instead.
    #[inline]
    pub(super) fn keeps_as_secure(&self) -> bool {
        let choices = [self.domain_attribute, self.path_attribute];
        self.prefix.is_host() && choices.contains(&ScopeAction::DowngradeToSecure)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rewritten(policy: &HostCookies, line: &str) -> Vec<String> {
        let mut headers = HeaderMap::new();
        headers.append(header::SET_COOKIE, line.parse().unwrap());
        policy.on_response(Crossing::default(), &mut headers);
        let lines = headers.get_all(header::SET_COOKIE).iter();
        lines.map(|line| line.to_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn a_line_conforms_and_foreign_ones_are_left() {
        let policy = HostCookies::new(["sid"]).unwrap();
        for (line, expected) in [
            ("sid=1", "__Host-sid=1; Path=/; Secure"),
            ("sid=1; Path=/", "__Host-sid=1; Path=/; Secure"),
            (
                "sid=1; path=/app; Path=/x; HttpOnly; SameSite=Lax",
                "__Host-sid=1; Path=/; HttpOnly; SameSite=Lax; Secure",
            ),
            (
                "sid=1; Domain=example.com; domain=; Secure; Priority=High; Partitioned",
                "__Host-sid=1; Secure; Priority=High; Partitioned; Path=/",
            ),
            ("sid=; Max-Age=0", "__Host-sid=; Max-Age=0; Path=/; Secure"),
            ("other=1; Domain=example.com", "other=1; Domain=example.com"),
            ("__Host-sid=1", "__Host-sid=1; Path=/; Secure"),
            ("__HOST-sid=1", "__Host-sid=1; Path=/; Secure"),
            ("__Secure-sid=1; Secure", "__Secure-sid=1; Secure"),
            ("sid", "sid"),
            ("SID=1", "SID=1"),
            ("a=sid=1; Secure", "a=sid=1; Secure"),
        ] {
            assert_eq!(rewritten(&policy, line), [expected], "{line}");
        }
    }

    #[test]
    fn adv_076_attributes_are_looked_for_behind_the_first_semicolon_only() {
        let policy = HostCookies::new(["sid", "secure"]).unwrap().secure_other_cookies();
        for (line, expected) in [
            ("secure=1", "__Host-secure=1; Path=/; Secure"),
            ("sid=b, httponly", "__Host-sid=b, httponly; Path=/; Secure"),
            ("sid=\"; Secure", "__Host-sid=\"; Secure; Path=/"),
            ("httponly=secure", "httponly=secure; Secure; HttpOnly; SameSite=Lax"),
        ] {
            assert_eq!(rewritten(&policy, line), [expected], "{line}");
        }
    }

    #[test]
    fn adv_077_each_attribute_is_there_once_and_a_stricter_one_stays() {
        let policy = HostCookies::new(["sid"]).unwrap().same_site(SameSite::Lax).http_only();
        for (line, expected) in [
            ("sid=1; SameSite=Strict", "__Host-sid=1; SameSite=Strict; Path=/; Secure; HttpOnly"),
            (
                "sid=1; SameSite=None; secure; SameSite=Strict; Secure; httponly; HttpOnly",
                "__Host-sid=1; secure; SameSite=Strict; httponly; Path=/",
            ),
            (
                "sid=1; Max-Age=1; max-age=2",
                "__Host-sid=1; max-age=2; Path=/; Secure; HttpOnly; SameSite=Lax",
            ),
        ] {
            assert_eq!(rewritten(&policy, line), [expected], "{line}");
        }
    }

    #[test]
    fn other_prefixes_require_their_own_attributes() {
        let policy = |prefix| HostCookies::new(["sid"]).unwrap().prefix(prefix);
        let line = "sid=1; Domain=a.example; Path=/x";
        for (prefix, expected) in [
            (CookiePrefix::Secure, "__Secure-sid=1; Domain=a.example; Path=/x; Secure"),
            (CookiePrefix::Http, "__Http-sid=1; Domain=a.example; Path=/x; Secure; HttpOnly"),
            (CookiePrefix::HostHttp, "__Host-Http-sid=1; Path=/; Secure; HttpOnly"),
        ] {
            assert_eq!(rewritten(&policy(prefix), line), [expected]);
        }
    }

    #[test]
    fn a_rejected_line_is_not_sent() {
        let policy = HostCookies::new(["sid"]).unwrap();
        assert_eq!(rewritten(&policy, "=__Host-sid=evil"), [""; 0]);
        assert_eq!(rewritten(&policy, "__Secure-x"), [""; 0]);
        assert_eq!(rewritten(&policy, "plain"), ["plain"]);
        assert_eq!(rewritten(&policy.clone().reject_ambiguous(), "plain"), [""; 0]);
        let policy = policy.domain_attribute(ScopeAction::Drop).path_attribute(ScopeAction::Drop);
        assert_eq!(rewritten(&policy, "sid=1; Path=/app"), [""; 0]);
        assert_eq!(rewritten(&policy, "sid=1; Domain=a.example"), [""; 0]);
        assert_eq!(rewritten(&policy, "sid=1; Domain=; Path=/"), ["__Host-sid=1; Path=/; Secure"]);
    }
}
