//! Lists the disagreements between the evaluator and the engine of Servo.

use super::cases::{Act, Case};

/// Holds a kind of disagreement: the clause that decides it, and the cases to which it applies.
pub(super) struct Row {
    pub(super) clause: &'static str,
    pub(super) applies: fn(&str, &Case, &str) -> bool,
}

/// The evaluator follows the clause, and the crate does not.
pub(super) const DISAGREEMENTS: &[Row] = &[
    Row {
        clause: "CSP3 6.7.2.8 step 4.2.2: 'self' matches an upgrade of the page between default ports",
        applies: |policy, case, page| {
            has(policy, "'self'")
                && page.starts_with("http:")
                && urls(case).any(|url| url.starts_with("https://own.example/"))
        },
    },
    Row {
        clause: "CSP3 6.7.2.10 step 1: a host that is not a domain does not match",
        applies: |_, case, _| urls(case).any(|url| url.contains("://1") || url.contains("://[")),
    },
    Row {
        clause: "CSP3 6.7.2.8 step 1.1: '*' matches HTTP(S) schemes, and ftp is not one",
        applies: |_, case, _| urls(case).any(|url| url.starts_with("ftp:")),
    },
    Row {
        clause: "RFC 5234 2.3: 'nonce-' in the grammar matches any letter case",
        applies: |policy, _, _| policy.contains("'NONCE-"),
    },
    Row {
        clause: "CSP3 2.3.1, base64-value: at most two '='",
        applies: |policy, _, _| policy.contains("===="),
    },
    Row {
        clause: "CSP3 6.7.3.2 step 2.2: 'strict-dynamic' is compared in any letter case",
        applies: |policy, case, _| {
            policy.contains("'Strict-Dynamic'") && matches!(case.act, Act::Inline(_))
        },
    },
    Row {
        clause: "CSP3 4.1.2, does resource hint violate policy: some directive has to allow the URL",
        applies: |_, case, _| matches!(case.act, Act::Fetch { destination: "prefetch", .. }),
    },
    Row {
        clause: "Trusted Types, trusted-types-sink-group: \"'script'\" in the grammar matches any letter case",
        applies: |policy, case, _| {
            policy.contains("'SCRIPT'")
                && matches!(case.act, Act::Sink | Act::Inline("url") | Act::Eval)
        },
    },
];

fn has(policy: &str, word: &str) -> bool {
    policy.to_ascii_lowercase().contains(word)
}

fn urls(case: &Case) -> impl Iterator<Item = &'static str> {
    let (url, redirect) = match case.act {
        Act::Fetch { url, redirect, .. } => (Some(url), redirect),
        Act::Base(url) | Act::Form(url) | Act::FramedBy(url) => (Some(url), None),
        _ => (None, None),
    };
    url.into_iter().chain(redirect)
}
