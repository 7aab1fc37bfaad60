//! Rewrites the application's `Set-Cookie` lines so that browsers accept them
//! under the prefix.

use http::{HeaderMap, HeaderValue, header};

use super::{
    extensions::Crossing, guard::HostCookies, lines, lint, name_set::NameSet, outcome::Outcome,
    scope::Scope, set_cookie::SetCookie,
};
use crate::{
    lint::Lint,
    policy::room::{accept, make_room},
    trace,
};

/// Collects the work that remains once every line has been rewritten.
#[derive(Default)]
pub(super) struct After {
    /// Some lines are not sent and have been emptied.
    refused: bool,
    /// Additional lines to send.
    expired: Vec<HeaderValue>,
    /// The guarded cookies that the application set under their wire names.
    wired: NameSet,
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
    match cookie.outcome(policy) {
        Outcome::Stays => {}
        Outcome::Refused(why) => {
            trace::cookie_refused(line.as_bytes(), why);
            after.refused = true;
            *line = HeaderValue::from_static("");
        }
        // The wire name was also set, so an inner layer that migrates expires the plain one here.
        Outcome::Guarded { index, carried: 0, .. }
            if after.wired.contains(index) && Scope::of(cookie.attributes).is_deletion() => {}
        Outcome::Guarded { index, carried, sent } => {
            if carried > 0 && !policy.guarded[index].is_open() {
                after.wired.insert(index);
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

/// Returns the weaknesses of a line after it is guarded; an empty list for other cookies.
pub(super) fn lints(policy: &HostCookies, line: &[u8]) -> Vec<Lint> {
    let cookie = SetCookie::parse(line);
    match cookie.outcome(policy) {
        Outcome::Guarded { carried, sent, .. } => lint::of_line(policy, &cookie, &sent, carried),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::cookie::{
        prefix::{CookiePrefix, SameSite},
        scope_action::ScopeAction,
    };

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
