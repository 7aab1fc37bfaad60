//! Decides how to handle a `Set-Cookie` line of the application.

use super::{
    attribute::Kind,
    guard::HostCookies,
    lookalike::begins_guarded,
    name::carried_prefix,
    prefix::{CookiePrefix, SameSite},
    scope::Scope,
    scope_action::ScopeAction,
    set_cookie::{More, SetCookie},
};
use crate::syntax::ascii::{begins, trim};

/// Selects how to handle one line.
pub(super) enum Outcome {
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
    pub(super) fn outcome(&self, policy: &HostCookies) -> Outcome {
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
