//! Tests the kinds of findings that are the same, and the reason for each difference.

use tower_hardening::Lint;

use super::Finding;

/// A kind of finding of CSP Evaluator, and a lint that says the same.
pub(crate) const SAME: &[(&str, &str)] = &[
    ("DEPRECATED_DIRECTIVE", "csp-directive-deprecated"),
    ("IGNORED", "csp-hosts-ignored"),
    ("IGNORED", "csp-unsafe-inline-ignored"),
    ("INVALID_KEYWORD", "csp-keyword-unquoted"),
    ("INVALID_KEYWORD", "csp-value-invalid"),
    ("IP_SOURCE", "csp-ip-source"),
    ("IP_SOURCE", "csp-localhost-source"),
    ("MISSING_DIRECTIVES", "csp-base-uri-missing"),
    ("MISSING_DIRECTIVES", "csp-object-src-missing"),
    ("MISSING_DIRECTIVES", "csp-script-src-missing"),
    ("MISSING_SEMICOLON", "csp-semicolon-missing"),
    ("NONCE_CHARSET", "csp-nonce-fixed"),
    ("NONCE_LENGTH", "csp-nonce-fixed"),
    ("PLAIN_URL_SCHEMES", "csp-script-scheme"),
    ("PLAIN_WILDCARD", "csp-script-anywhere"),
    ("SCRIPT_ALLOWLIST_BYPASS", "csp-bypass-host"),
    ("SCRIPT_UNSAFE_EVAL", "csp-script-unsafe-eval"),
    ("SCRIPT_UNSAFE_INLINE", "csp-script-unsafe-inline"),
    ("SRC_HTTP", "csp-insecure-source"),
    ("SRC_HTTP", "csp-report-insecure"),
    ("STRICT_DYNAMIC_NOT_STANDALONE", "csp-strict-dynamic-without-nonce"),
    ("UNKNOWN_DIRECTIVE", "csp-directive-unknown"),
];

/// Findings that have no lint.
pub(crate) struct OnlyTheirs {
    pub(crate) kind: &'static str,
    pub(crate) applies: fn(&str, &Finding) -> bool,
    pub(crate) reason: &'static str,
}

pub(crate) const ONLY_THEIRS: &[OnlyTheirs] = &[
    OnlyTheirs {
        kind: "REQUIRE_TRUSTED_TYPES_FOR_SCRIPTS",
        applies: |policy, _| !policy.contains("require-trusted-types-for 'script'"),
        reason: "Trusted Types are advice for every page, and break most pages that exist; a lint is about the policy as it is",
    },
    OnlyTheirs {
        kind: "STRICT_DYNAMIC",
        applies: |policy, _| !policy.contains("'strict-dynamic'"),
        reason: "a list of hosts is a choice; a host in it that an attacker can use has a lint of its own",
    },
    OnlyTheirs {
        kind: "SCRIPT_ALLOWLIST_BYPASS",
        applies: |_, finding| finding.value == "'self'",
        reason: "whether the own origin serves uploads or callbacks is not in the policy, and nearly every policy has 'self'",
    },
    OnlyTheirs {
        kind: "SCRIPT_ALLOWLIST_BYPASS",
        applies: |_, finding| finding.says.starts_with("No bypass found"),
        reason: "no bypass is known for the source, and so nothing has to be done",
    },
    OnlyTheirs {
        kind: "UNSAFE_INLINE_FALLBACK",
        applies: |policy, _| !policy.contains("'unsafe-inline'"),
        reason: "every browser in use knows nonces and hashes, so that the fallback protects nobody",
    },
    OnlyTheirs {
        kind: "ALLOWLIST_FALLBACK",
        applies: |policy, _| policy.contains("'strict-dynamic'"),
        reason: "every browser in use knows 'strict-dynamic'",
    },
    OnlyTheirs {
        kind: "IGNORED",
        applies: |policy, finding| finding.value == "'self'" && policy.contains("'nonce-"),
        reason: "'self' next to a nonce and 'strict-dynamic' is what a response falls back to whose nonce was not read",
    },
    OnlyTheirs {
        kind: "OBJECT_ALLOWLIST_BYPASS",
        applies: |_, _| true,
        reason: "no browser has Flash any more; wildcards and schemes in object-src have lints of their own",
    },
    OnlyTheirs {
        kind: "SCRIPT_UNSAFE_HASHES",
        applies: |policy, _| policy.contains("'sha256-"),
        reason: "handlers that are allowed by their hash run nothing that an attacker wrote",
    },
    OnlyTheirs {
        kind: "MISSING_DIRECTIVES",
        applies: |policy, _| policy.ends_with("object-src"),
        reason: "an empty object-src allows nothing (CSP3 section 6.7.2.7); csp-directive-empty tells of it",
    },
    OnlyTheirs {
        kind: "MISSING_DIRECTIVES",
        applies: |policy, finding| policy.contains("sandbox;") && finding.directive != "base-uri",
        reason: "a sandbox runs no script and no plug-in",
    },
    OnlyTheirs {
        kind: "IP_SOURCE",
        applies: |_, finding| finding.value == "192.168.1.10",
        reason: "browsers do match an IPv4 literal",
    },
    OnlyTheirs {
        kind: "INVALID_KEYWORD",
        applies: |_, finding| finding.value.starts_with("'nonce-"),
        reason: "csp-nonce-fixed tells of the nonce, whatever its characters",
    },
    OnlyTheirs {
        kind: "INVALID_KEYWORD",
        applies: |_, finding| finding.directive == "reflected-xss",
        reason: "csp-directive-deprecated tells of the directive, whatever its value",
    },
];
/// Lints of a kind that CSP Evaluator knows, and that it does not report here.
pub(crate) struct Ours {
    pub(crate) id: &'static str,
    pub(crate) applies: fn(&str, &Lint) -> bool,
    pub(crate) reason: &'static str,
}

pub(crate) const OURS: &[Ours] = &[
    Ours {
        id: "csp-base-uri-missing",
        applies: |policy, _| !policy.contains("'nonce-"),
        reason: "an injected <base> redirects links and, with hashes or hosts, scripts with relative addresses, too",
    },
    Ours {
        id: "csp-nonce-fixed",
        applies: |policy, _| policy.contains("'nonce-"),
        reason: "a nonce in a text is the same in every response; CSP Evaluator reads one response, and asks for length alone",
    },
    Ours {
        id: "csp-insecure-source",
        applies: |_, lint| {
            ["'http:'", "'ws:'"].iter().any(|scheme| lint.message().contains(scheme))
        },
        reason: "a scheme without a host is not encrypted either",
    },
    Ours {
        id: "csp-script-scheme",
        applies: |_, lint| lint.message().starts_with("content-security-policy: 'blob:'"),
        reason: "a page's script can make any text a blob, which script-src blob: runs",
    },
    Ours {
        id: "csp-directive-deprecated",
        applies: |_, lint| {
            ["plugin-types", "block-all-mixed-content"]
                .contains(&lint.directive().unwrap_or_default())
        },
        reason: "browsers gave up these directives as well",
    },
    Ours {
        id: "csp-localhost-source",
        applies: |_, lint| lint.message().contains("localhost"),
        reason: "the name localhost is the visitor's machine as 127.0.0.1 is",
    },
];

/// Lints of a kind that CSP Evaluator does not know.
pub(crate) const ONLY_OURS: &[(&str, &str)] = &[
    ("csp-anywhere", "CSP Evaluator looks at script alone"),
    ("csp-connect-anywhere", "CSP Evaluator looks at script alone"),
    ("csp-directive-empty", "CSP Evaluator tells of an empty object-src alone"),
    ("csp-form-action-missing", "CSP Evaluator does not look at forms"),
    ("csp-frame-ancestors-missing", "CSP Evaluator does not look at framing"),
    ("csp-none-with-others", "CSP Evaluator takes 'none' for the whole list"),
    ("csp-object-blob", "CSP Evaluator tells of data: alone"),
    ("csp-script-blocks", "CSP Evaluator does not ask whether any script runs"),
    ("csp-scheme-without-effect", "CSP Evaluator does not compare schemes with directives"),
    ("csp-source-redundant", "CSP Evaluator does not compare sources"),
    ("csp-source-shadowed", "CSP Evaluator does not compare directives"),
    ("csp-style-unsafe-inline", "CSP Evaluator looks at script alone"),
];
