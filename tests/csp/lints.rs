//! Every lint: a policy that deserves it, and one nearby that does not.

use std::{collections::BTreeSet, fs, path::Path};

use tower_hardening::*;

/// What the policy, read as browsers read it, deserves.
fn ids(text: &str) -> Vec<&'static str> {
    let [policy] = &ContentSecurityPolicy::parse(text.as_bytes())[..] else { panic!("{text}") };
    policy.lints().iter().map(Lint::id).collect()
}

const NONE: &str =
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Each id, a directive that has it in an otherwise clean policy, and one that has not.
const CASES: &[(&str, &str, &str)] = &[
    ("csp-ancestor-path", "frame-ancestors a.example/x", "frame-ancestors a.example/"),
    (
        "csp-bypass-host",
        "script-src https://cdn.jsdelivr.net/npm/",
        "script-src https://cdn.example",
    ),
    (
        "csp-bypass-host",
        "script-src *.googleapis.com",
        "script-src 'nonce-{}' 'strict-dynamic' *.googleapis.com",
    ),
    ("csp-bypass-host", "script-src-elem UNPKG.com:443", "img-src unpkg.com"),
    ("csp-connect-anywhere", "connect-src 'self' wss:", "connect-src 'self' wss://a.example"),
    ("csp-connect-anywhere", "connect-src HTTPS:", "img-src https:"),
    ("csp-connect-anywhere", "connect-src *", "connect-src *.a.example"),
    ("csp-directive-deprecated", "plugin-types a/b", "object-src 'none'"),
    ("csp-directive-deprecated", "Block-All-Mixed-Content", "upgrade-insecure-requests"),
    ("csp-directive-empty", "img-src", "img-src 'none'"),
    ("csp-directive-unknown", "scrpt-src 'self'", "script-src 'self'"),
    ("csp-eval-without-effect", "script-src-elem 'unsafe-eval'", "script-src 'wasm-unsafe-eval'"),
    (
        "csp-hosts-dead",
        "script-src 'nonce-{}' 'strict-dynamic' https:",
        "script-src 'nonce-{}' 'strict-dynamic'",
    ),
    ("csp-insecure-source", "img-src http://a.example", "img-src https://a.example"),
    ("csp-insecure-source", "connect-src ws://a.example", "connect-src wss://a.example"),
    ("csp-ip-source", "img-src 10.0.0.1", "img-src a10.example"),
    ("csp-ip-source", "img-src https://[::1]", "img-src 127.0.0.1"),
    ("csp-keyword-unquoted", "img-src self", "img-src 'self'"),
    ("csp-keyword-unquoted", "script-src Nonce-abc", "script-src 'nonce-{}'"),
    ("csp-keyword-unquoted", "script-src sha256-abc", "script-src selfish"),
    ("csp-localhost-source", "img-src http://localhost:80", "img-src localhost.example"),
    ("csp-nonce-fixed", "script-src 'nonce-abc'", "script-src 'nonce-{}'"),
    ("csp-nonce-without-effect", "img-src 'nonce-{}'", "style-src-elem 'nonce-{}'"),
    ("csp-nonce-without-effect", "font-src 'sha256-abc='", "default-src 'sha256-abc='"),
    ("csp-none-beside-others", "img-src 'NONE' 'self'", "img-src 'none'"),
    (
        "csp-report-insecure",
        "report-uri http://a.example/csp",
        "report-uri /csp https://a.example/csp",
    ),
    ("csp-sandbox-weak", "sandbox allow-scripts Allow-Same-Origin", "sandbox allow-scripts"),
    ("csp-script-anywhere", "script-src *", "script-src *.a.example"),
    ("csp-script-anywhere", "object-src https://*:443", "img-src *"),
    ("csp-script-anywhere", "script-src-elem *:443", "script-src 'nonce-{}' 'strict-dynamic' *"),
    ("csp-script-scheme", "script-src data:", "img-src data:"),
    ("csp-script-scheme", "object-src blob:", "script-src 'nonce-{}' 'strict-dynamic' https:"),
    ("csp-script-unsafe-eval", "script-src 'unsafe-eval'", "script-src 'wasm-unsafe-eval'"),
    (
        "csp-script-unsafe-inline",
        "script-src 'Unsafe-Inline'",
        "script-src 'unsafe-inline' 'nonce-{}'",
    ),
    ("csp-script-unsafe-inline", "script-src-elem 'unsafe-inline'", "style-src 'unsafe-inline'"),
    (
        "csp-strict-dynamic-alone",
        "script-src 'strict-dynamic'",
        "script-src 'strict-dynamic' 'sha256-abc='",
    ),
    (
        "csp-style-unsafe-inline",
        "style-src 'unsafe-inline'",
        "style-src 'unsafe-inline' 'nonce-{}'",
    ),
    ("csp-style-unsafe-inline", "style-src-elem 'unsafe-inline'", "style-src-attr 'unsafe-inline'"),
    (
        "csp-trusted-types-unused",
        "trusted-types a",
        "trusted-types a; require-trusted-types-for 'script'",
    ),
    ("csp-unsafe-inline-dead", "script-src 'unsafe-inline' 'nonce-{}'", "script-src 'nonce-{}'"),
];

/// Those of a whole policy.
const WHOLE: &[(&str, &str, &str)] = &[
    (
        "csp-base-uri-missing",
        "default-src 'self'; form-action 'none'",
        "default-src 'self'; base-uri 'self'",
    ),
    ("csp-base-uri-missing", "script-src 'nonce-{}'", "default-src 'none'"),
    ("csp-form-action-missing", "default-src 'none'", "form-action 'self'"),
    ("csp-form-action-missing", "sandbox allow-forms", "default-src 'none'; sandbox"),
    ("csp-frame-ancestors-missing", "default-src 'none'", "frame-ancestors *"),
    ("csp-object-src-missing", "script-src 'self'", "default-src 'self'"),
    ("csp-script-src-missing", "object-src 'none'", "script-src 'none'"),
    ("csp-script-src-missing", "script-src-elem 'none'; img-src *", "default-src *"),
];

#[test]
fn a_policy_that_deserves_a_lint_has_it_and_its_neighbour_has_not() {
    assert_eq!(ids(NONE), [] as [&str; 0]);
    for (id, with, without) in CASES {
        let policy = |directive: &str| {
            let name = directive.split(' ').next().unwrap();
            let rest = ContentSecurityPolicy::NONE.remove(name);
            format!("{rest}; {directive}")
        };
        assert!(ids(&policy(with)).contains(id), "{id}: {with}");
        assert!(!ids(&policy(without)).contains(id), "{id}: {without}");
    }
    for (id, with, without) in WHOLE {
        assert!(ids(with).contains(id), "{id}: {with}");
        assert!(!ids(without).contains(id), "{id}: {without}");
    }
}

#[test]
fn adv_105_a_header_over_3072_bytes_is_long_and_over_8192_an_error() {
    let policy = |bytes: usize| format!("img-src {}", "a".repeat(bytes - "img-src ".len()));
    assert!(!ids(&policy(3072)).contains(&"csp-long"));
    assert!(ids(&policy(3073)).contains(&"csp-long"));
    assert!(policy(8192).parse::<ContentSecurityPolicy>().is_ok());
    assert!(policy(8193).parse::<ContentSecurityPolicy>().is_err());
}

#[test]
fn every_lint_of_the_source_is_among_these() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/policy/csp");
    let mut written = BTreeSet::new();
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.file_name().unwrap().to_str().unwrap().starts_with("lint") {
            let text = fs::read_to_string(path).unwrap();
            let ids = text.split('"').filter(|word| word.starts_with("csp-"));
            written.extend(ids.map(str::to_owned));
        }
    }
    let tested = CASES.iter().chain(WHOLE).map(|(id, ..)| *id).chain(["csp-long"]);
    assert_eq!(written, tested.map(str::to_owned).collect());
}

#[test]
fn every_lint_names_the_header_and_says_what_to_do() {
    for (_, with, _) in CASES.iter().chain(WHOLE) {
        for lint in ContentSecurityPolicy::parse(with.as_bytes())[0].lints() {
            let message = lint.message();
            assert!(message.starts_with("content-security-policy: "), "{message}");
            let remedies = [
                "; add ",
                "; use ",
                "; write ",
                "; remove ",
                "; name ",
                "; leave ",
                "; correct ",
                "; shorten ",
                "; for ",
                "; merge ",
            ];
            let known = remedies.iter().any(|remedy| message.contains(remedy));
            // Notes on what is kept for browsers of old need no remedy.
            assert!(known || lint.severity() == Severity::Note, "{message}");
            assert!(!message.ends_with('.') && message.is_ascii(), "{message}");
        }
    }
}

#[test]
fn the_guide_deserves_two_lints_and_the_other_presets_none() {
    let site: Origin = "https://example.tld".parse().unwrap();
    let csp = |hardening: &Hardening| -> Vec<&'static str> {
        hardening.csp().unwrap().lints().iter().map(Lint::id).collect()
    };
    let guide = ["csp-style-unsafe-inline", "csp-form-action-missing"];
    assert_eq!(csp(&Hardening::pleroma(&site)), guide);
    assert_eq!(csp(&Hardening::strict(&site)), [] as [&str; 0]);
    assert_eq!(Hardening::strict(&site).lints(), []);
    for preset in [Hardening::api(), Hardening::media()] {
        let serious = preset.csp().unwrap().lints();
        assert!(serious.iter().all(|lint| lint.severity() < Severity::Error), "{serious:?}");
    }
    assert_eq!(ContentSecurityPolicy::NONE.lints(), []);
}

#[test]
fn adv_033_a_nonce_without_base_uri_is_an_error_and_without_object_src_a_warning() {
    let severity = |text: &str, id: &str| {
        let lints = ContentSecurityPolicy::parse(text.as_bytes()).remove(0).lints();
        lints.iter().find(|lint| lint.id() == id).map(Lint::severity)
    };
    for script in ["'nonce-{}'", "'nonce-abc'", "'sha256-abc='"] {
        let script = format!("script-src {script}");
        assert_eq!(severity(&script, "csp-base-uri-missing"), Some(Severity::Error));
        assert_eq!(severity(&script, "csp-object-src-missing"), Some(Severity::Warning));
    }
    assert_eq!(severity("script-src 'self'", "csp-base-uri-missing"), Some(Severity::Warning));
    // The policy that the specification recommends (CSP3 section 8.5).
    let strict = "script-src 'nonce-{}' 'strict-dynamic' https: 'unsafe-inline'; object-src 'none'; base-uri 'none'";
    let serious = ContentSecurityPolicy::parse(strict.as_bytes()).remove(0).lints();
    assert!(serious.iter().all(|lint| lint.severity() < Severity::Error), "{serious:?}");
}

#[test]
fn adv_107_hosts_that_serve_bypasses_are_known() {
    for host in [
        "ajax.googleapis.com",
        "cdnjs.cloudflare.com",
        "cdn.jsdelivr.net",
        "unpkg.com",
        "www.google.com",
        "www.gstatic.com",
        "*.google.com",
    ] {
        assert!(ids(&format!("script-src {host}")).contains(&"csp-bypass-host"), "{host}");
        assert!(
            !ids(&format!("script-src 'none'; img-src {host}")).contains(&"csp-bypass-host"),
            "{host}"
        );
    }
    for host in ["notunpkg.com", "unpkg.com.example", "google.com.example"] {
        assert!(!ids(&format!("script-src {host}")).contains(&"csp-bypass-host"), "{host}");
    }
}
