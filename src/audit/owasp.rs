//! Compares a response with the values of the OWASP Secure Headers Project.

use http::HeaderMap;

use super::{finding::AuditFinding, fix::Fix, received::joined};
use crate::{
    lint::Severity,
    policy::{RemoveHeaders, header::ReceivedStrictTransportSecurity},
};

const PROJECT: &str = "https://owasp.org/www-project-secure-headers/";

/// The lowest `max-age` of the project, in seconds.
const TWO_YEARS: u64 = 63_072_000;

/// Holds a header that the project recommends to send.
struct Row {
    id: &'static str,
    header: &'static str,
    constant: &'static str,
    value: &'static str,
    is_met: fn(&str) -> bool,
}

/// The project's data of 2026-07-19, without headers that are not for every response:
/// `Clear-Site-Data`, `Cache-Control` and `Cross-Origin-Embedder-Policy`. The Observatory's rules
/// and the lints cover `Content-Security-Policy` and `X-Content-Type-Options`.
const ROWS: &[Row] = &[
    Row {
        id: "owasp-cross-origin-opener-policy",
        header: "cross-origin-opener-policy",
        constant: "CrossOriginOpenerPolicy::SAME_ORIGIN",
        value: "same-origin",
        is_met: |value| value.split(';').next().is_some_and(|token| token.trim() == "same-origin"),
    },
    Row {
        id: "owasp-cross-origin-resource-policy",
        header: "cross-origin-resource-policy",
        constant: "CrossOriginResourcePolicy::SAME_ORIGIN",
        value: "same-origin",
        is_met: |value| value == "same-origin",
    },
    Row {
        id: "owasp-permissions-policy",
        header: "permissions-policy",
        constant: "PermissionsPolicy::from_static(\"camera=(), geolocation=(), microphone=()\")",
        value: "camera=(), geolocation=(), microphone=()",
        is_met: |value| !value.is_empty(),
    },
    Row {
        id: "owasp-referrer-policy",
        header: "referrer-policy",
        constant: "ReferrerPolicy::NO_REFERRER",
        value: "no-referrer",
        is_met: |value| value == "no-referrer",
    },
    Row {
        id: "owasp-strict-transport-security",
        header: "strict-transport-security",
        constant: "StrictTransportSecurity::new(Duration::from_secs(63_072_000)).include_subdomains()",
        value: "max-age=63072000; includeSubDomains",
        is_met: |value| {
            ReceivedStrictTransportSecurity::parse(value).is_ok_and(|policy| {
                policy.max_age().as_secs() >= TWO_YEARS && policy.includes_subdomains()
            })
        },
    },
    Row {
        id: "owasp-x-dns-prefetch-control",
        header: "x-dns-prefetch-control",
        constant: "DnsPrefetchControl::OFF",
        value: "off",
        is_met: |value| value == "off",
    },
    Row {
        id: "owasp-x-frame-options",
        header: "x-frame-options",
        constant: "FrameOptions::DENY",
        value: "DENY",
        is_met: |value| value == "deny",
    },
    Row {
        id: "owasp-x-permitted-cross-domain-policies",
        header: "x-permitted-cross-domain-policies",
        constant: "PermittedCrossDomainPolicies::NONE",
        value: "none",
        is_met: |value| value == "none",
    },
];

/// Returns the recommendations that the response does not follow.
pub(super) fn of(headers: &HeaderMap) -> Vec<AuditFinding> {
    let mut findings: Vec<AuditFinding> =
        ROWS.iter().filter_map(|row| row.finding(headers)).collect();
    findings.extend(headers.keys().filter_map(|name| {
        let name = *RemoveHeaders::OWASP.iter().find(|known| **known == name.as_str())?;
        Some(describing(name, &joined(headers, name)?))
    }));
    findings
}

impl Row {
    fn finding(&self, headers: &HeaderMap) -> Option<AuditFinding> {
        let found = joined(headers, self.header).map(|text| text.trim().to_ascii_lowercase());
        let why = match &found {
            Some(value) if (self.is_met)(value) => return None,
            Some(_) => format!("OWASP recommends another value; write '{}'", self.value),
            None => format!("OWASP recommends the header; write '{}'", self.value),
        };
        let fix = Fix::value(self.header, self.constant, self.value);
        let finding = AuditFinding::new(self.id, Severity::Note, self.header, why, fix);
        Some(finding.by_rule_of(PROJECT))
    }
}

/// Reports a header that tells strangers which software the server runs.
fn describing(name: &'static str, value: &str) -> AuditFinding {
    let has_version = value.bytes().any(|byte| byte.is_ascii_digit());
    let severity = if has_version { Severity::Warning } else { Severity::Note };
    let why = match has_version {
        true => "the header tells strangers the version of the software; remove it",
        false => "the header reveals the server's software; remove it",
    };
    let finding = AuditFinding::new("describes-server", severity, name, why, Fix::remove(name));
    finding.by_rule_of(PROJECT)
}
