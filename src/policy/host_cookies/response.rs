//! The application's `Set-Cookie` lines become ones that browsers accept under the prefix.

use std::borrow::Cow;

use http::{HeaderMap, HeaderValue, header};

use super::{
    Crossing, HostCookies, SameSite, each_line,
    lookalike::begins_guarded,
    name::{Pattern, begins, trim},
    prefix::PREFIXES,
    replace,
    set_cookie::{More, SetCookie},
};
use crate::event;

/// Browsers ignore a cookie whose name and value are longer together.
const LONGEST: usize = 4096;

/// Rewrites every `Set-Cookie` line; those with nothing to do keep their bytes.
pub(super) fn rewrite(policy: &HostCookies, crossing: Crossing, headers: &mut HeaderMap) {
    let mut refused = false;
    let mut expired = Vec::new();
    each_line(headers, header::SET_COOKIE, |line| {
        let cookie = SetCookie::parse(line.as_bytes());
        match cookie.verdict(policy) {
            Verdict::Keep => {}
            Verdict::Refuse(why) => {
                event::cookie_refused(line.as_bytes(), why);
                refused = true;
                *line = HeaderValue::from_static("");
            }
            Verdict::Guard(index) => {
                expired.extend(policy.expiries(&cookie, index, crossing));
                let rewritten = cookie.guarded(policy, &policy.guarded[index]);
                if policy.prefix.as_str().len() + cookie.name.len() + trim(cookie.value).len()
                    > LONGEST
                {
                    event::cookie_too_long(&rewritten);
                }
                replace(line, rewritten);
            }
            Verdict::Secure(except) => {
                if let Some(rewritten) = cookie.secured(except) {
                    replace(line, rewritten);
                }
            }
        }
    });
    if refused {
        drop_refused_lines(headers);
    }
    for line in expired {
        drop(headers.try_append(header::SET_COOKIE, line));
    }
}

fn drop_refused_lines(headers: &mut HeaderMap) {
    let lines = headers.get_all(header::SET_COOKIE).iter();
    let kept: Vec<HeaderValue> = lines.filter(|line| !line.is_empty()).cloned().collect();
    headers.remove(header::SET_COOKIE);
    for line in kept {
        headers.append(header::SET_COOKIE, line);
    }
}

/// What becomes of one line.
enum Verdict {
    Keep,
    /// Not sent, and why.
    Refuse(&'static str),
    /// The guarded cookie of that number.
    Guard(usize),
    /// Another cookie of the application; excepted, or not.
    Secure(bool),
}

impl<'a> SetCookie<'a> {
    fn verdict(&self, policy: &HostCookies) -> Verdict {
        if self.name.is_empty() {
            let refused = policy.strict || begins_guarded(trim(self.value));
            let why = "a cookie without a name can be taken for a guarded one";
            return if refused { Verdict::Refuse(why) } else { Verdict::Keep };
        }
        let wire = |pattern: &Pattern| {
            pattern.is_plain(self.name)
                || (begins(self.name, policy.prefix.as_str())
                    && pattern.is_plain(&self.name[policy.prefix.as_str().len()..]))
        };
        match (policy.guarded.iter().position(wire), &policy.others) {
            (Some(_), _) if policy.refuse_conflicts && self.conflicts(policy) => {
                Verdict::Refuse("the prefix allows no Domain, and no Path but '/'")
            }
            (Some(index), _) => Verdict::Guard(index),
            (None, Some(others)) => {
                Verdict::Secure(others.except.iter().any(|name| name.as_bytes() == self.name))
            }
            (None, None) => Verdict::Keep,
        }
    }

    fn conflicts(&self, policy: &HostCookies) -> bool {
        let scope = self.scope();
        policy.prefix.is_host()
            && (scope.domain.is_some() || scope.path.is_some_and(|path| path != b"/"))
    }

    /// The line under the prefix: each attribute once, and those that the prefix asks for.
    fn guarded(&self, policy: &HostCookies, pattern: &Pattern) -> Vec<u8> {
        let plain = match pattern.is_plain(self.name) {
            true => self.name,
            false => &self.name[policy.prefix.as_str().len()..],
        };
        let more = More {
            path: policy.prefix.is_host(),
            // `__Host-` before a name in `Http-` makes the longer prefix.
            http_only: policy.http_only
                || policy.prefix.is_http()
                || begins(pattern.wire().as_bytes(), "__Host-Http-")
                || (pattern.is_open() && begins(plain, "Http-")),
            same_site: policy.same_site,
        };
        self.conform(policy.prefix.as_str(), plain, &more)
    }

    /// The line with what every cookie should have, if that is not there.
    fn secured(&self, except: bool) -> Option<Vec<u8>> {
        let prefixed = PREFIXES.iter().find(|prefix| begins(self.name, prefix));
        let more = More {
            path: prefixed.is_some_and(|prefix| begins(prefix.as_bytes(), "__Host-")),
            http_only: !except || prefixed.is_some_and(|prefix| prefix.ends_with("Http-")),
            same_site: (!except).then_some(SameSite::Lax),
        };
        let scope = self.scope();
        let complete = scope.secure.is_some()
            && (!more.path || scope.path == Some(b"/") && scope.domain.is_none())
            && (!more.http_only || scope.http_only.is_some())
            && (more.same_site.is_none() || scope.same_site.is_some());
        (!complete).then(|| self.conform("", self.name, &more))
    }
}

impl HostCookies {
    /// While migrating, lines that expire the plain cookie of which the guarded twin is set or
    /// deleted here.
    fn expiries(
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
        let scope = cookie.scope();
        if crossing.legacy & (1 << index) == 0 && !scope.is_deletion() {
            return Vec::new();
        }
        let path = scope.path.filter(|path| path.starts_with(b"/")).unwrap_or(b"/");
        let path = String::from_utf8_lossy(path);
        let partitioned = if scope.partitioned.is_some() { "; Secure; Partitioned" } else { "" };
        let domains =
            migration.domains.iter().map(|domain| Cow::Owned(format!("; Domain={domain}")));
        let domains = std::iter::once(Cow::Borrowed("")).chain(domains);
        let lines = domains.filter_map(|domain| {
            let name = pattern.name();
            let epoch = "Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT";
            HeaderValue::try_from(format!("{name}=; Path={path}{domain}; {epoch}{partitioned}"))
                .ok()
        });
        lines.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::CookiePrefix;

    fn rewritten(policy: &HostCookies, line: &str) -> Vec<String> {
        let mut headers = HeaderMap::new();
        headers.append(header::SET_COOKIE, line.parse().unwrap());
        rewrite(policy, Crossing::default(), &mut headers);
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
        let policy = HostCookies::new(["sid", "secure"]).unwrap().secure_others();
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
    fn other_prefixes_ask_for_what_they_ask_for() {
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
    fn what_is_refused_is_not_sent() {
        let policy = HostCookies::new(["sid"]).unwrap();
        assert_eq!(rewritten(&policy, "=__Host-sid=evil"), [""; 0]);
        assert_eq!(rewritten(&policy, "__Secure-x"), [""; 0]);
        assert_eq!(rewritten(&policy, "plain"), ["plain"]);
        assert_eq!(rewritten(&policy.clone().strict(), "plain"), [""; 0]);
        let policy = policy.refuse_conflicts();
        assert_eq!(rewritten(&policy, "sid=1; Path=/app"), [""; 0]);
        assert_eq!(rewritten(&policy, "sid=1; Domain=a.example"), [""; 0]);
        assert_eq!(rewritten(&policy, "sid=1; Domain=; Path=/"), ["__Host-sid=1; Path=/; Secure"]);
    }
}
