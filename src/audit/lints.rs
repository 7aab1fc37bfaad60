//! Finds the lints of a response's policies.

use std::collections::{HashMap, HashSet};

use http::HeaderMap;

use super::{
    finding::AuditFinding,
    fix::{Csp, Fix},
    observation::Observation,
    received::{joined, lines, shown},
};
use crate::{
    error::ParseError,
    lint::{Lint, Severity},
    policy::{
        cookie::ReceivedCookie,
        csp::{ContentSecurityPolicy, ReceivedPolicy},
        hardening::Hardening,
        header::for_each_policy,
    },
};

/// The shortest nonce, in characters of base64: 128 bits.
const SHORTEST_NONCE: usize = 22;

/// Headers about storing and finding files, and an obsolete one.
const UNREAD: [&str; 3] = ["cache-control", "expect-ct", "x-robots-tag"];

/// Lints about the work of a page, not its protection, and about a nonce that several responses
/// share.
const UNUSED: [&str; 3] = ["csp-form-action-redirect", "csp-nonce-fixed", "opener-policy-pop-ups"];

/// Headers without a type that have lints.
const UNTYPED: [&str; 4] = [
    "access-control-allow-credentials",
    "access-control-allow-headers",
    "access-control-allow-methods",
    "access-control-allow-origin",
];

/// Returns the lints of the response's headers, alone and in combination.
pub(super) fn of(observation: &Observation<'_>) -> Vec<AuditFinding> {
    let headers = observation.headers;
    let (mut hardening, mut findings) = read(headers);
    let csp = enforced(headers);
    let way = match &csp {
        Some(csp) => {
            hardening = hardening.with(csp.clone());
            Csp::Edited
        }
        None => Csp::Replaced,
    };
    let lints = of_policies(headers);
    let known: HashSet<&str> = lints.iter().map(Lint::id).collect();
    let is_new = |lint: &Lint| !known.contains(lint.id()) && !UNUSED.contains(&lint.id());
    let others: Vec<Lint> = hardening.lints().into_iter().filter(is_new).collect();
    let all = lints.iter().chain(&others);
    findings.extend(all.map(|lint| {
        let finding = AuditFinding::from_lint(lint, Fix::of_lint(lint, way));
        finding.documented()
    }));
    findings.extend(of_prefixes(headers));
    findings
}

/// Reads every header that has a type. A header that browsers reject is a finding.
fn read(headers: &HeaderMap) -> (Hardening, Vec<AuditFinding>) {
    let (mut hardening, mut findings) = (Hardening::empty(), Vec::new());
    macro_rules! read_each {
        ([$place:path] $($module:ident::$policy:ident => $layer:ident = $name:literal: $sample:literal,)+) => {
            $(add(&mut hardening, &mut findings, headers, $name);)+
        };
    }
    for_each_policy!(read_each);
    for name in UNTYPED {
        add(&mut hardening, &mut findings, headers, name);
    }
    (hardening, findings)
}

fn add(
    hardening: &mut Hardening,
    findings: &mut Vec<AuditFinding>,
    headers: &HeaderMap,
    name: &'static str,
) {
    let Some(text) = joined(headers, name).filter(|_| !UNREAD.contains(&name)) else { return };
    match hardening.clone().with_line(name, &text) {
        Ok(more) => *hardening = more,
        Err(error) => findings.push(invalid(name, &error)),
    }
}

fn invalid(name: &'static str, error: &ParseError) -> AuditFinding {
    let fix = match UNTYPED.contains(&name) {
        true => Fix::remove(name),
        false => Fix::of_header(name),
    };
    let problem = error.problem().to_owned();
    let finding = AuditFinding::new("header-invalid", Severity::Warning, name, problem, fix);
    finding.at(Some(error.offset())).documented()
}

/// Returns the policy of the response, if it has one that the strict parser accepts. A nonce of
/// one response is a placeholder for the nonces of all.
fn enforced(headers: &HeaderMap) -> Option<ContentSecurityPolicy> {
    let mut all = headers.get_all("content-security-policy").iter();
    let line = all.next().filter(|_| all.next().is_none())?;
    let text = line.to_str().ok()?;
    let words = text.split(' ').map(|word| {
        let is_nonce = word.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("'nonce-"));
        match is_nonce {
            true if word.ends_with(';') => "'nonce-{}';",
            true => "'nonce-{}'",
            false => word,
        }
    });
    words.collect::<Vec<_>>().join(" ").parse().ok()
}

/// Returns the lints of the enforced policies. A directive that one policy lacks can be in another.
fn of_policies(headers: &HeaderMap) -> Vec<Lint> {
    let lines = headers.get_all("content-security-policy").iter();
    let each: Vec<Vec<Lint>> =
        lines.map(|line| ReceivedPolicy::lint_list(line.as_bytes())).collect();
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for lints in &each {
        let ids: HashSet<&str> = lints.iter().map(Lint::id).collect();
        ids.into_iter().for_each(|id| *counts.entry(id).or_default() += 1);
    }
    let is_in_all = |id: &str| counts.get(id) == Some(&each.len());
    let mut lints = each.concat();
    let has_short_nonce =
        self::lines(headers, "content-security-policy").any(|line| has_short_nonce(&line));
    lints.retain(|lint| match lint.id() {
        "csp-nonce-fixed" => has_short_nonce,
        id => !id.ends_with("-missing") || is_in_all(id),
    });
    lints
}

/// Returns `true` if a nonce is too short to be random.
fn has_short_nonce(line: &str) -> bool {
    let nonces = line.split("'nonce-").skip(1).map(|rest| rest.split('\'').next());
    nonces.flatten().any(|nonce| nonce.trim_end_matches('=').len() < SHORTEST_NONCE)
}

/// Returns the cookies that browsers ignore, since their prefix requires other attributes.
fn of_prefixes(headers: &HeaderMap) -> impl Iterator<Item = AuditFinding> {
    let lines = headers.get_all("set-cookie").iter();
    let cookies = lines.map(|line| ReceivedCookie::parse(line.as_bytes()));
    cookies.filter(|cookie| cookie.breaks_prefix).map(|cookie| {
        let why = "browsers ignore the cookie: a prefix requires Secure, '__Host-' also Path=/ without Domain, and '__Http-' also HttpOnly; add them";
        let fix = Fix::cookie(&cookie);
        let id = "cookie-prefix-broken";
        let finding = AuditFinding::new(id, Severity::Error, "set-cookie", why, fix);
        finding.in_directive(Some(shown(cookie.name).into_owned())).documented()
    })
}
