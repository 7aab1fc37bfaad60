//! Tests faults that were found in use: each test states the correct value.

use tower_hardening::{
    ContentSecurityPolicy, CspLayer, Lint, Severity,
    csp::{ReceivedPolicy, Source},
};

use super::{browser::line, service::empty};

const BASE: &str =
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Returns the lints of a directive in an otherwise clean policy.
fn lints(directive: &str) -> Vec<Lint> {
    let name = directive.split(' ').next().unwrap();
    let rest = BASE.parse::<ContentSecurityPolicy>().unwrap().remove(name).unwrap();
    let policy = format!("{rest}; {directive}");
    ReceivedPolicy::parse_list(policy.as_bytes()).remove(0).lints()
}

fn ids(directive: &str) -> Vec<&'static str> {
    lints(directive).iter().map(Lint::id).collect()
}

fn sent(policy: &str) -> String {
    line(empty(&CspLayer::new(policy.parse().unwrap())).headers()).to_owned()
}

fn error(policy: &str) -> String {
    policy.parse::<ContentSecurityPolicy>().unwrap_err().to_string()
}

#[test]
fn browsers_match_an_ipv4_literal_and_nothing_says_otherwise() {
    assert_eq!(ids("connect-src ws://192.168.1.10:4000"), ["csp-insecure-source"]);
    assert_eq!(ids("connect-src wss://192.168.1.10:4000"), [] as [&str; 0]);
    for never in ["10.1", "0x7f.0.0.1", "*.0.0.1", "https://1.2.3.4.5"] {
        assert_eq!(ids(&format!("img-src {never}")), ["csp-ip-source"], "{never}");
    }
}

#[test]
fn a_star_after_a_scheme_is_valid_and_linted_without_a_wider_remedy() {
    for (directive, id) in [
        ("img-src https://*", "csp-anywhere"),
        ("frame-ancestors moz-extension://*", "csp-anywhere"),
        ("frame-ancestors https://*", "csp-frame-ancestors-anywhere"),
        ("form-action https://*", "csp-form-action-anywhere"),
        ("connect-src https://*", "csp-connect-anywhere"),
        ("script-src https://*", "csp-script-anywhere"),
    ] {
        assert_eq!(sent(directive), directive);
        assert_eq!(ids(directive), [id]);
        assert!(!lints(directive)[0].message().contains("https:,"), "{directive}");
    }
}

#[test]
fn a_sandbox_that_submits_no_form_needs_no_form_action() {
    for policy in
        ["sandbox allow-top-navigation; default-src 'none'", "sandbox; default-src 'none'"]
    {
        let policy: ContentSecurityPolicy = policy.parse().unwrap();
        assert_eq!(policy.lints(), []);
    }
    let policy: ContentSecurityPolicy = "sandbox allow-forms; default-src 'none'".parse().unwrap();
    let ids: Vec<&str> = policy.lints().iter().map(Lint::id).collect();
    assert_eq!(ids, ["csp-form-action-missing", "csp-frame-ancestors-missing"]);
}

#[test]
fn a_path_narrows_a_host_that_serves_bypasses() {
    for narrow in [
        "https://cdn.jsdelivr.net/npm/mathjax@3.2.2/",
        "https://www.google.com/recaptcha/api.js",
        "https://ajax.googleapis.com/ajax/libs/jquery/3.7.1/jquery.min.js",
        "https://unpkg.com/htmx.org@1.9.12/",
    ] {
        assert_eq!(ids(&format!("script-src {narrow}")), [] as [&str; 0], "{narrow}");
    }
    for wide in [
        "https://cdn.jsdelivr.net",
        "https://cdn.jsdelivr.net/",
        "https://cdn.jsdelivr.net/npm/",
        "https://cdn.jsdelivr.net/npm/angular@1.8.3/",
        "https://www.google.com/recaptcha/",
        "www.google.com:443",
        "https://ajax.googleapis.com/ajax/libs/angularjs/",
    ] {
        assert_eq!(ids(&format!("script-src {wide}")), ["csp-bypass-host"], "{wide}");
    }
}

#[test]
fn the_same_script_at_another_host_is_flagged_there_too() {
    for host in ["www.google.com", "www.recaptcha.net", "recaptcha.net"] {
        let directive = format!("script-src https://{host}/recaptcha/about/js/main.min.js");
        assert_eq!(ids(&directive), ["csp-bypass-host"], "{host}");
    }
}

#[test]
fn a_blob_in_object_src_is_a_note() {
    let lints = lints("object-src blob:");
    assert_eq!(lints.iter().map(Lint::severity).collect::<Vec<_>>(), [Severity::Note]);
}

#[test]
fn the_lint_of_unsafe_inline_without_a_nonce_names_the_source_that_turns_it_off() {
    let lints = lints("script-src 'strict-dynamic' 'unsafe-inline'");
    let dead = lints.iter().find(|lint| lint.id() == "csp-unsafe-inline-ignored").unwrap();
    assert!(dead.message().contains("next to 'strict-dynamic'"), "{dead}");
    assert!(!dead.message().contains("nonce"), "{dead}");
}

#[test]
fn a_repeated_scheme_is_linted() {
    for source in ["https://https://cdn.example", "https://https//cdn.example", "http://HTTPS://a"]
    {
        let expected = format!(
            "content-security-policy, byte 8: '{source}' has two schemes; write one, as in https://cdn.example"
        );
        assert_eq!(error(&format!("img-src {source}")), expected);
        let lints = lints(&format!("img-src {source}"));
        let told = lints.iter().filter(|lint| lint.message().contains("has two schemes"));
        assert_eq!(told.count(), 1, "{lints:?}");
    }
}

#[test]
fn a_host_that_begins_like_a_nonce_or_a_hash_is_a_host() {
    for host in
        ["https://nonce-cdn.example.com", "nonce-cdn.example.com", "sha256-cdn.example:443/js/"]
    {
        assert_eq!(sent(&format!("img-src {host}")), format!("img-src {host}"));
        assert_eq!(ids(&format!("img-src {host}")), [] as [&str; 0]);
        assert_eq!(Source::host(host).unwrap().as_str(), host);
    }
    for lost in ["nonce-r4nd0m", "sha256-jzgBGA4UWFFmpOBq0JpdsySukE1FrEN5bUpoK8Z29fY=", "nonce-{}"]
    {
        assert!(error(&format!("script-src {lost}")).contains("unquoted keyword"), "{lost}");
    }
}

#[test]
fn a_policy_over_several_lines_is_one_policy() {
    let policy = "\n  default-src 'self';\n  img-src\r\n    'self'\n\tdata: ;\x0C\n  upgrade-insecure-requests\n";
    let one = "default-src 'self'; img-src 'self' data:; upgrade-insecure-requests";
    assert_eq!(sent(policy), one);
    const LITERAL: ContentSecurityPolicy = ContentSecurityPolicy::from_static(
        "default-src 'self';
         img-src 'self' data:;
         upgrade-insecure-requests",
    );
    assert_eq!(LITERAL, one.parse().unwrap());
    // White space outside HTML's definition does not separate sources.
    for other in ["img-src a\u{b}b", "img-src a\u{a0}b", "img-src a\u{85}b"] {
        assert!(other.parse::<ContentSecurityPolicy>().is_err(), "{other:?}");
    }
}

#[test]
fn keywords_and_sandbox_tokens_are_printed_in_lower_case_and_are_equal() {
    for (written, printed) in [
        ("default-src 'SELF'", "default-src 'self'"),
        ("default-src 'None'", "default-src 'none'"),
        ("script-src 'Unsafe-Inline' 'NONCE-{}'", "script-src 'unsafe-inline' 'nonce-{}'"),
        ("sandbox ALLOW-Scripts", "sandbox allow-scripts"),
        ("frame-ancestors 'SELF'", "frame-ancestors 'self'"),
        ("trusted-types a 'ALLOW-duplicates'", "trusted-types a 'allow-duplicates'"),
        ("require-trusted-types-for 'SCRIPT'", "require-trusted-types-for 'script'"),
        ("webrtc 'BLOCK'", "webrtc 'block'"),
    ] {
        let policy: ContentSecurityPolicy = written.parse().unwrap();
        assert_eq!(policy.to_string(), printed);
        assert_eq!(policy, printed.parse().unwrap());
        assert!(
            policy.directives().flat_map(|one| one.values()).all(|value| printed.contains(value))
        );
    }
    // Case matters in a path, in a name of a policy, and in a digest.
    for kept in ["img-src a.example/Path/", "trusted-types Default"] {
        assert_eq!(sent(kept), kept);
    }
}

#[test]
fn a_repeated_source_is_sent_once_and_linted() {
    for (written, printed) in [
        ("img-src a.example a.example", "img-src a.example"),
        ("img-src 'self' a.example 'SELF' a.example", "img-src 'self' a.example"),
        ("frame-ancestors a.example a.example", "frame-ancestors a.example"),
        ("sandbox allow-forms allow-forms", "sandbox allow-forms"),
    ] {
        assert_eq!(sent(written), printed);
        let policy: ContentSecurityPolicy = written.parse().unwrap();
        assert!(policy.lints().iter().any(|lint| lint.id() == "csp-source-repeated"), "{written}");
        assert!(ids(written).contains(&"csp-source-repeated"), "{written}");
    }
}

#[test]
fn a_path_outside_of_the_grammar_is_rejected() {
    for (source, at) in [
        ("a.example/[x]", 18),
        ("a.example/a]", 19),
        ("https://a.example//x", 25),
        ("a.example/a\\b", 19),
        ("a.example/%zz", 18),
    ] {
        let policy = format!("img-src {source}");
        let error = policy.parse::<ContentSecurityPolicy>().unwrap_err();
        assert_eq!(error.offset(), at, "{error}");
        assert_eq!(ids(&policy), ["csp-value-invalid"], "{source}");
    }
    for path in ["a.example/a//b", "a.example/a:b@c", "a.example/a(b)*$&+=!~", "a.example/%3B%2C"] {
        assert_eq!(sent(&format!("img-src {path}")), format!("img-src {path}"));
    }
}

#[test]
fn a_source_without_effect_or_that_undoes_another_is_linted() {
    for (directive, text) in [
        ("img-src https://a.example/*", "'https://a.example/*'"),
        ("child-src blob:", "worker-src"),
        ("img-src https://https/x", "'https://https/x'"),
        ("form-action *", "'*'"),
        ("form-action https:", "'https:'"),
        ("frame-ancestors *", "'*'"),
        ("frame-ancestors https:", "'https:'"),
        ("script-src *.amazonaws.com", "'*.amazonaws.com'"),
        ("script-src *.cloudfront.net", "'*.cloudfront.net'"),
        ("script-src *.youtube.com", "'*.youtube.com'"),
        ("img-src a.example a.example", "'a.example'"),
        ("default-src 'unsafe-eval'; script-src 'self'", "'unsafe-eval'"),
        ("script-src 'self' 'unsafe-hashes'", "'unsafe-hashes'"),
        (
            "connect-src https://a.example https://*.example https://b.example",
            "'https://a.example'",
        ),
        ("sandbox allow-popups-to-escape-sandbox", "allow-popups"),
        ("script-src 'self'; sandbox allow-forms", "allow-scripts"),
    ] {
        let lints = lints(directive);
        assert!(lints.iter().any(|lint| lint.message().contains(text)), "{directive}: {lints:?}");
    }
}

#[test]
fn self_next_to_a_nonce_and_strict_dynamic_is_a_fallback_and_no_lint() {
    assert_eq!(ids("script-src 'self' 'nonce-{}' 'strict-dynamic'"), [] as [&str; 0]);
}

#[test]
fn the_policies_of_careful_authors_have_no_lint() {
    for directive in [
        "img-src 'self' data: blob: https:",
        "img-src 'self' data: https:; media-src 'self' https:",
        "font-src 'self' data: https://fonts.gstatic.com",
        "connect-src 'self' wss://example.tld",
        "script-src 'self'; script-src-attr 'none'",
        "script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:",
        "style-src 'self' https://fonts.googleapis.com",
        "frame-src https://www.youtube-nocookie.com; child-src 'none'",
        "script-src 'nonce-{}' 'strict-dynamic'; worker-src 'self'",
        "form-action 'self' https://login.example",
        "sandbox allow-forms allow-scripts; script-src 'self'",
        "img-src *.a.example a.example",
        "img-src a.example https://b.example:8443",
        "default-src 'self'; img-src 'self'; script-src 'self'",
    ] {
        assert_eq!(lints(directive), [], "{directive}");
    }
}
