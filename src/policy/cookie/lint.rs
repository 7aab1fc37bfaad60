//! Reports legal but weak settings of guarded cookies, in the policy and in
//! sent lines.

use super::{
    attribute::Kind, guard::HostCookies, prefix::SameSite, scope::Scope, segment::is_cookie_value,
    set_cookie::SetCookie,
};
use crate::{
    lint::{Lint, Severity},
    syntax::ascii::trim,
};

/// The longest name and value together, in bytes; browsers ignore longer
/// cookies (RFC 6265bis section 5.6).
const LONGEST: usize = 4096;

/// The longest lifetime that browsers grant, in seconds: 400 days (RFC 6265bis
/// section 5.5).
const LONGEST_LIFE: i64 = 400 * 24 * 60 * 60;

pub(super) fn of_policy(policy: &HostCookies) -> Vec<Lint> {
    let mut lints = Vec::new();
    let mut warn = |is_weak: bool, id, message| {
        lints.extend(is_weak.then(|| Lint::new(Severity::Warning, id, message)));
    };
    warn(
        policy.plain_on_localhost,
        "cookies-plain-on-localhost",
        "host cookies: not guarded for requests to localhost; use this for development only",
    );
    warn(
        policy.accept_over_http,
        "cookies-accept-over-http",
        "host cookies: a guarded cookie is accepted from a request over http, in which anybody on the network can plant it; use this for a browser that is on the same machine only",
    );
    warn(
        policy.same_site == Some(SameSite::None),
        "cookies-same-site-none",
        "host cookies: SameSite=None sends the cookie with every request from every site; write Lax or Strict",
    );
    warn(
        policy.is_migrating(),
        "cookies-migrating",
        "host cookies: plain names are still accepted, so that a sibling domain can plant one; end the migration soon",
    );
    warn(
        policy.keeps_as_secure(),
        "cookies-keep-as-secure",
        "host cookies: a '__Secure-' cookie is accepted if there is none under the stronger prefix, and a sibling domain can plant it; write 'rewrite'",
    );
    lints.extend(of_names(policy));
    if policy.same_site == Some(SameSite::Strict) {
        let message = "host cookies: SameSite=Strict is not sent when another site redirects back, as OAuth does; set the cookie that holds its state with SameSite=Lax";
        lints.push(Lint::new(Severity::Note, "cookies-same-site-strict", message));
    }
    lints
}

/// Returns the lints of the prefix, and of names that are in two lists.
fn of_names(policy: &HostCookies) -> Vec<Lint> {
    let mut lints = Vec::new();
    if !policy.prefix.is_host() {
        let message = format!(
            "host cookies: a sibling domain can set a '{}' cookie; write '__Host-', unless sub-domains share the cookie",
            policy.prefix
        );
        lints.push(Lint::new(Severity::Note, "cookies-prefix-for-domains", message));
    }
    let others = policy.others.iter().flat_map(|others| &others.except);
    for name in others.filter(|name| policy.guarded_name(name.as_bytes()).is_some()) {
        let message = format!(
            "host cookies: '{name}' is excepted from secure_other_cookies, and is guarded anyway; remove it from one of the two lists"
        );
        lints.push(Lint::new(Severity::Warning, "cookies-exception-guarded", message));
    }
    lints
}

/// Represents the severity, the identifier and the problem of a line.
type Remark = (Severity, &'static str, &'static str);

/// Returns the lints of a guarded cookie, from the line that the application
/// set, which had `carried` bytes of prefix, and from the line that is sent.
pub(super) fn of_line(
    policy: &HostCookies,
    set: &SetCookie<'_>,
    sent: &[u8],
    carried: usize,
) -> Vec<Lint> {
    let sent = SetCookie::parse(sent);
    let scope = Scope::of(sent.attributes);
    let mut remarks = vec![prefix(carried), length(&sent)];
    if !scope.is_deletion() {
        remarks.extend([
            value(policy, &sent),
            unknown_same_site(set),
            same_site(set, &scope),
            http_only(&scope),
            lifetime(&scope),
        ]);
    }
    let name = set.name.escape_ascii();
    let lint =
        |(severity, id, problem)| Lint::new(severity, id, format!("cookie '{name}': {problem}"));
    remarks.into_iter().flatten().map(lint).collect()
}

fn prefix(carried: usize) -> Option<Remark> {
    let problem = "the application sets the name with its prefix, which the policy adds; write the plain name";
    (carried > 0).then_some((Severity::Warning, "cookie-set-with-prefix", problem))
}

fn length(sent: &SetCookie<'_>) -> Option<Remark> {
    let problem = "name and value are longer than 4096 bytes, and browsers do not store it; keep the data on the server";
    let is_too_long = sent.name.len() + trim(sent.value).len() > LONGEST;
    is_too_long.then_some((Severity::Error, "cookie-too-long", problem))
}

fn value(policy: &HostCookies, sent: &SetCookie<'_>) -> Option<Remark> {
    if is_cookie_value(trim(sent.value)) {
        return None;
    }
    Some(if policy.reject_ambiguous {
        let problem = "its value is not a cookie-value of RFC 6265, and reject_ambiguous drops the cookie from requests; encode it";
        (Severity::Error, "cookie-value-dropped", problem)
    } else {
        let problem = "some parsers end its value at a blank, a comma or a quote, and read another cookie after that; encode it";
        (Severity::Note, "cookie-value-ambiguous", problem)
    })
}

fn unknown_same_site(set: &SetCookie<'_>) -> Option<Remark> {
    let problem =
        "browsers do not know its SameSite, and ignore the attribute; write Lax or Strict";
    let is_unknown = Scope::of(set.attributes).has_unknown_same_site;
    is_unknown.then_some((Severity::Warning, "cookie-same-site-unknown", problem))
}

fn same_site(set: &SetCookie<'_>, scope: &Scope<'_>) -> Option<Remark> {
    let attribute = scope.get(Kind::SameSite)?;
    match SameSite::of(attribute.value())? {
        SameSite::Strict if is_sign_in_state(set.name) => Some((
            Severity::Warning,
            "cookie-same-site-strict-state",
            "with SameSite=Strict browsers do not send it when another site redirects back after a sign-in; write Lax",
        )),
        SameSite::None => Some((
            Severity::Warning,
            "cookie-same-site-none",
            "SameSite=None sends it with every request from every site; write Lax or Strict",
        )),
        SameSite::Strict | SameSite::Lax => None,
    }
}

/// Returns `true` for a cookie that is read when the browser returns from a
/// sign-in at another origin.
fn is_sign_in_state(name: &[u8]) -> bool {
    let name = name.to_ascii_lowercase();
    let parts = ["state", "oauth", "oidc", "openid", "saml", "pkce", "verifier"];
    parts.iter().any(|part| name.windows(part.len()).any(|bytes| bytes == part.as_bytes()))
}

fn http_only(scope: &Scope<'_>) -> Option<Remark> {
    let problem = "every script of the page can read it; add HttpOnly";
    (!scope.has(Kind::HttpOnly)).then_some((Severity::Warning, "cookie-without-http-only", problem))
}

fn lifetime(scope: &Scope<'_>) -> Option<Remark> {
    let problem = "browsers keep it for 400 days at most; write Max-Age=34560000 or less";
    let is_long = scope.lifetime().is_some_and(|seconds| seconds > LONGEST_LIFE);
    is_long.then_some((Severity::Note, "cookie-outlives-browsers", problem))
}
