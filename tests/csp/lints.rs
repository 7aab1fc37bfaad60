//! Every lint: a policy that has it, and a similar policy that does not.

use std::{collections::BTreeSet, fs, path::Path};

use tower_hardening::{
    ContentSecurityPolicy, Hardening, Lint, Origin, Severity,
    csp::{EndpointName, ReceivedPolicy},
    header::ReportingEndpoints,
};

/// Returns the lints of the policy, read as browsers read it.
fn ids(text: &str) -> Vec<&'static str> {
    let [policy] = &ReceivedPolicy::parse_list(text.as_bytes())[..] else { panic!("{text}") };
    policy.lints().iter().map(Lint::id).collect()
}

const NONE: &str =
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Each id, a directive that has it in an otherwise clean policy, and one that does not.
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
    ("csp-connect-anywhere", "connect-src ws:", "connect-src data:"),
    ("csp-directive-deprecated", "plugin-types a/b", "object-src 'none'"),
    ("csp-directive-deprecated", "Block-All-Mixed-Content", "upgrade-insecure-requests"),
    ("csp-directive-empty", "img-src", "img-src 'none'"),
    ("csp-directive-unknown", "scrpt-src 'self'", "script-src 'self'"),
    ("csp-eval-without-effect", "script-src-elem 'unsafe-eval'", "script-src 'wasm-unsafe-eval'"),
    (
        "csp-eval-without-effect",
        "script-src-attr 'trusted-types-eval'",
        "default-src 'trusted-types-eval'",
    ),
    ("csp-eval-without-effect", "img-src 'unsafe-eval'", "img-src 'self'"),
    ("csp-host-without-effect", "script-src-attr a.example", "script-src-elem a.example"),
    ("csp-host-without-effect", "Style-Src-Attr https:", "style-src-attr 'unsafe-inline'"),
    (
        "csp-hosts-dead",
        "script-src 'sha256-RFWPLDbv2BY+rCkDzsE+0fr8ylGr2R2faWMhq4lfEQc=' 'strict-dynamic' https:",
        "script-src 'nonce-{}' 'strict-dynamic' https:",
    ),
    ("csp-insecure-source", "img-src http://a.example", "img-src https://a.example"),
    ("csp-insecure-source", "connect-src ws://a.example", "connect-src wss://a.example"),
    ("csp-ip-source", "img-src 10.1", "img-src 10.0.0.1"),
    ("csp-ip-source", "img-src 0x7f.1", "connect-src ws://192.168.1.10:4000"),
    ("csp-ip-source", "img-src https://[::1]", "img-src 127.0.0.1"),
    ("csp-keyword-old", "script-src 'unsafe-dynamic'", "script-src 'strict-dynamic'"),
    ("csp-keyword-old", "style-src 'Unsafe-Hashed-Attributes'", "style-src 'unsafe-hashes'"),
    ("csp-keyword-old", "form-action 'unsafe-allow-redirects'", "form-action 'self'"),
    ("csp-keyword-without-effect", "img-src 'strict-dynamic'", "script-src 'strict-dynamic'"),
    ("csp-keyword-without-effect", "frame-ancestors 'unsafe-inline'", "frame-ancestors 'self'"),
    (
        "csp-keyword-without-effect",
        "style-src-elem 'unsafe-hashes' 'sha256-RFWPLDbv2BY+rCkDzsE+0fr8ylGr2R2faWMhq4lfEQc='",
        "style-src-attr 'unsafe-hashes' 'sha256-RFWPLDbv2BY+rCkDzsE+0fr8ylGr2R2faWMhq4lfEQc='",
    ),
    (
        "csp-keyword-without-effect",
        "script-src-attr 'inline-speculation-rules'",
        "script-src-elem 'inline-speculation-rules'",
    ),
    ("csp-keyword-unquoted", "img-src self", "img-src 'self'"),
    ("csp-keyword-unquoted", "script-src Nonce-abc", "script-src 'nonce-{}'"),
    ("csp-keyword-unquoted", "script-src sha256-abc", "script-src selfish"),
    ("csp-localhost-source", "img-src http://localhost:80", "img-src localhost.example"),
    ("csp-nonce-fixed", "script-src 'nonce-abc'", "script-src 'nonce-{}'"),
    ("csp-nonce-without-effect", "img-src 'nonce-{}'", "style-src-elem 'nonce-{}'"),
    ("csp-nonce-without-effect", "font-src 'sha256-abc='", "default-src 'sha256-abc='"),
    ("csp-nonce-without-effect", "script-src-attr 'nonce-{}'", "script-src-elem 'nonce-{}'"),
    (
        "csp-nonce-without-effect",
        "frame-ancestors 'nonce-{}'",
        "style-src-attr 'sha256-jzgBGA4UWFFmpOBq0JpdsySukE1FrEN5bUpoK8Z29fY='",
    ),
    ("csp-none-beside-others", "frame-ancestors 'none' a.example", "frame-ancestors 'none'"),
    ("csp-none-beside-others", "img-src 'NONE' 'self'", "img-src 'none'"),
    (
        "csp-report-insecure",
        "report-uri http://a.example/csp",
        "report-uri /csp https://a.example/csp",
    ),
    ("csp-report-to-alone", "report-to csp", "report-to csp; report-uri /csp"),
    (
        "csp-sandbox-redundant",
        "sandbox allow-top-navigation allow-top-navigation-by-user-activation",
        "sandbox allow-top-navigation-by-user-activation",
    ),
    ("csp-scheme-dotted", "img-src a.example:", "img-src a.example:443"),
    ("csp-scheme-dotted", "font-src A.b:", "font-src https://a.example/x:"),
    ("csp-semicolon-missing", "script-src 'self' img-src", "script-src 'self'; img-src 'self'"),
    ("csp-sandbox-weak", "sandbox allow-scripts Allow-Same-Origin", "sandbox allow-scripts"),
    ("csp-script-anywhere", "script-src *", "script-src *.a.example"),
    ("csp-script-anywhere", "object-src https://*:443", "img-src *"),
    ("csp-script-anywhere", "script-src-elem *:443", "script-src 'nonce-{}' 'strict-dynamic' *"),
    ("csp-script-anywhere", "base-uri *", "base-uri 'self'"),
    ("csp-script-scheme", "base-uri https:", "base-uri https://a.example"),
    ("csp-script-scheme", "script-src http:", "script-src https://a.example"),
    (
        "csp-script-scheme",
        "default-src data:; script-src-elem 'self'",
        "default-src 'self'; img-src data:",
    ),
    ("csp-script-scheme", "script-src data:", "img-src data:"),
    ("csp-script-scheme", "object-src data:", "object-src blob:"),
    ("csp-script-scheme", "script-src blob:", "script-src 'nonce-{}' 'strict-dynamic' https:"),
    ("csp-object-blob", "object-src blob:", "object-src 'none'"),
    ("csp-script-unsafe-eval", "script-src 'unsafe-eval'", "script-src 'wasm-unsafe-eval'"),
    (
        "csp-script-unsafe-inline",
        "script-src 'Unsafe-Inline'",
        "script-src 'unsafe-inline' 'nonce-{}'",
    ),
    (
        "csp-script-unsafe-inline",
        "script-src-attr 'unsafe-inline'",
        "script-src-attr 'unsafe-hashes'",
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
    ("csp-value-invalid", "script-src 'unsafe-inlin'", "script-src 'unsafe-eval'"),
    (
        "csp-value-invalid",
        "script-src 'sha256-abc='",
        "script-src 'sha256-jzgBGA4UWFFmpOBq0JpdsySukE1FrEN5bUpoK8Z29fY='",
    ),
    ("csp-value-invalid", "img-src a.*.example", "img-src *.a.example"),
    ("csp-value-invalid", "img-src https://a.example/?x", "img-src https://a.example/"),
    ("csp-value-invalid", "sandbox allow-everything", "sandbox allow-scripts"),
    ("csp-value-invalid", "report-to", "report-uri /csp; report-to csp"),
    ("csp-value-invalid", "webrtc allow", "webrtc 'allow'"),
    ("csp-value-invalid", "require-trusted-types-for script", "require-trusted-types-for 'script'"),
    ("csp-value-invalid", "upgrade-insecure-requests 1", "upgrade-insecure-requests"),
    ("csp-unsafe-inline-dead", "script-src 'unsafe-inline' 'nonce-{}'", "script-src 'nonce-{}'"),
    ("csp-anywhere", "img-src https://*", "img-src https:"),
    ("csp-anywhere", "style-src *", "style-src *.a.example"),
    ("csp-anywhere", "frame-ancestors moz-extension://*", "frame-ancestors moz-extension://abc"),
    (
        "csp-bypass-host",
        "script-src https://www.recaptcha.net",
        "script-src https://www.recaptcha.net/recaptcha/api.js",
    ),
    (
        "csp-bypass-host",
        "script-src https://www.google.com/recaptcha/",
        "script-src https://www.google.com/recaptcha/api.js",
    ),
    (
        "csp-bypass-host",
        "script-src cdn.jsdelivr.net",
        "script-src https://cdn.jsdelivr.net/npm/mathjax@3.2.2/",
    ),
    (
        "csp-bypass-host",
        "script-src cdn.jsdelivr.net/npm/angular@1.4.0/",
        "script-src cdn.jsdelivr.net/npm/angularfire@7/",
    ),
    ("csp-bypass-host", "script-src *.amazonaws.com", "script-src bucket.s3.amazonaws.com"),
    (
        "csp-bypass-host",
        "script-src *.s3.eu-west-1.amazonaws.com",
        "script-src bucket.s3.eu-west-1.amazonaws.com",
    ),
    (
        "csp-bypass-host",
        "script-src s3-eu-west-1.amazonaws.com",
        "script-src s3-eu-west-1.amazonaws.com/own/",
    ),
    (
        "csp-bypass-host",
        "script-src *.nyc3.digitaloceanspaces.com",
        "script-src bucket.nyc3.digitaloceanspaces.com",
    ),
    (
        "csp-bypass-host",
        "script-src *.blob.core.windows.net",
        "script-src account.blob.core.windows.net",
    ),
    ("csp-bypass-host", "script-src *.cloudfront.net", "script-src d111111abcdef8.cloudfront.net"),
    ("csp-bypass-host", "script-src *.youtube.com", "script-src www.youtube.com/iframe_api"),
    ("csp-bypass-host", "script-src *.io *.github.io", "script-src a.github.io"),
    ("csp-bypass-host", "script-src s3.amazonaws.com", "script-src s3.amazonaws.com/own-bucket/"),
    ("csp-child-src-workers", "child-src blob:", "child-src blob:; worker-src blob:"),
    ("csp-child-src-workers", "child-src 'self'", "child-src 'none'"),
    (
        "csp-directive-shadowed",
        "child-src 'self'; frame-src 'self'; worker-src 'self'",
        "child-src 'self'; frame-src 'self'",
    ),
    (
        "csp-directive-shadowed",
        "style-src 'self'; style-src-elem a; style-src-attr 'none'",
        "style-src 'self'; style-src-elem a",
    ),
    ("csp-form-action-anywhere", "form-action *", "form-action *.a.example"),
    ("csp-form-action-anywhere", "form-action 'self' https:", "form-action mailto:"),
    ("csp-frame-ancestors-anywhere", "frame-ancestors https:", "frame-ancestors https://a.example"),
    ("csp-frame-ancestors-anywhere", "frame-ancestors http://*:*", "frame-ancestors app-x:"),
    (
        "csp-hash-without-unsafe-hashes",
        concat!("style-src-attr ", "'sha256-jzgBGA4UWFFmpOBq0JpdsySukE1FrEN5bUpoK8Z29fY='"),
        concat!(
            "style-src-attr 'unsafe-hashes' ",
            "'sha256-jzgBGA4UWFFmpOBq0JpdsySukE1FrEN5bUpoK8Z29fY='"
        ),
    ),
    ("csp-host-dot", "img-src a.example.", "img-src a.example"),
    ("csp-host-is-scheme", "img-src https://https/x", "img-src https://https.example"),
    ("csp-host-without-effect", "script-src-attr 'self'", "script-src-attr 'none'"),
    ("csp-localhost-source", "img-src 127.0.0.1:8080", "img-src 10.0.0.1"),
    ("csp-port-without-effect", "img-src a.example:0", "img-src a.example:10"),
    ("csp-path-star", "img-src https://a.example/*", "img-src https://a.example/"),
    ("csp-report-fragment", "report-uri /r#csp", "report-uri /r?csp"),
    (
        "csp-report-hash-mute",
        "script-src 'report-sha256'",
        "script-src 'report-sha256'; report-to csp",
    ),
    (
        "csp-sandbox-blocks",
        "script-src 'self'; sandbox allow-forms",
        "script-src 'self'; sandbox allow-scripts",
    ),
    ("csp-sandbox-blocks", "form-action 'self'; sandbox", "form-action 'none'; sandbox"),
    (
        "csp-sandbox-redundant",
        "sandbox allow-popups allow-top-navigation-to-custom-protocols",
        "sandbox allow-top-navigation-to-custom-protocols",
    ),
    (
        "csp-sandbox-without-effect",
        "sandbox allow-popups-to-escape-sandbox",
        "sandbox allow-popups allow-popups-to-escape-sandbox",
    ),
    ("csp-sandbox-without-effect", "sandbox allow-modals", "sandbox allow-modals allow-scripts"),
    ("csp-scheme-without-effect", "img-src mediastream:", "img-src data:"),
    ("csp-scheme-without-effect", "script-src javascript:", "script-src 'self'"),
    ("csp-scheme-without-effect", "frame-ancestors data:", "frame-ancestors app-x:"),
    ("csp-scheme-without-effect", "base-uri data:", "base-uri 'self'"),
    (
        "csp-scheme-without-effect",
        "fenced-frame-src http://a.example",
        "fenced-frame-src https://a.example",
    ),
    ("csp-script-anywhere", "script-src *.com", "script-src *.a.com"),
    ("csp-script-anywhere", "script-src *.co.uk", "script-src *.a.co.uk"),
    ("csp-base-path", "base-uri https://a.example/x/", "base-uri https://a.example/"),
    (
        "csp-directive-redundant",
        "script-src-elem 'self'; script-src 'self'",
        "script-src-elem 'self'; script-src a",
    ),
    ("csp-path-dots", "img-src a.example/x/../y", "img-src a.example/x/...y"),
    (
        "csp-report-sample-mute",
        "script-src 'report-sample'",
        "script-src 'report-sample'; report-uri /csp",
    ),
    ("csp-report-without-effect", "report-uri ws://a.example/", "report-uri //a.example/a:b"),
    ("csp-shared-host", "connect-src *.amazonaws.com", "connect-src b.s3.amazonaws.com"),
    ("csp-source-redundant", "img-src https: https://a.example", "img-src https: a.example"),
    ("csp-source-redundant", "img-src *.a.example b.a.example", "img-src *.a.example a.example"),
    ("csp-source-redundant", "img-src * 'self'", "img-src * data:"),
    (
        "csp-source-redundant",
        "img-src https://a.example https://a.example:443",
        "img-src https://a.example a.example:443",
    ),
    (
        "csp-source-redundant",
        "img-src a.example/x/ a.example/x/y",
        "img-src a.example/x/ a.example/y/",
    ),
    (
        "csp-source-redundant",
        "script-src 'unsafe-eval' 'wasm-unsafe-eval'",
        "script-src 'wasm-unsafe-eval'",
    ),
    (
        "csp-source-redundant",
        "trusted-types * a; require-trusted-types-for 'script'",
        "trusted-types a; require-trusted-types-for 'script'",
    ),
    ("csp-source-repeated", "img-src a.example A.example", "img-src a.example/x a.example/X"),
    ("csp-source-repeated", "sandbox allow-forms Allow-Forms", "sandbox allow-forms allow-popups"),
    ("csp-source-repeated", "frame-ancestors 'self' 'SELF'", "frame-ancestors 'self'"),
    (
        "csp-source-shadowed",
        "default-src 'unsafe-inline'; script-src 'self'; style-src 'self'",
        "default-src 'unsafe-inline'; script-src 'self'",
    ),
    (
        "csp-source-shadowed",
        "default-src 'unsafe-eval'; script-src 'self'",
        "default-src 'unsafe-eval'; style-src 'self'",
    ),
    (
        "csp-source-shadowed",
        "script-src a.example; script-src-elem 'self'; worker-src 'self'",
        "script-src a.example; script-src-elem 'self'",
    ),
    (
        "csp-speculation-rules-ignored",
        "script-src 'nonce-{}' 'inline-speculation-rules'",
        "script-src 'inline-speculation-rules'",
    ),
    ("csp-trusted-types-any", "trusted-types * 'allow-duplicates'", "trusted-types *"),
    (
        "csp-trusted-types-eval-alone",
        "script-src 'trusted-types-eval'",
        "script-src 'trusted-types-eval'; require-trusted-types-for 'script'",
    ),
    (
        "csp-trusted-types-none",
        "trusted-types 'allow-duplicates'",
        "trusted-types a 'allow-duplicates'",
    ),
    (
        "csp-unsafe-hashes-alone",
        "script-src 'unsafe-hashes'",
        concat!(
            "script-src 'unsafe-hashes' ",
            "'sha256-jzgBGA4UWFFmpOBq0JpdsySukE1FrEN5bUpoK8Z29fY='"
        ),
    ),
    ("csp-unsafe-inline-dead", "style-src 'unsafe-inline' 'nonce-{}'", "style-src 'unsafe-inline'"),
    ("csp-value-invalid", "img-src https://https://cdn.example", "img-src https://cdn.example"),
    ("csp-value-invalid", "script-src a.example/[x]", "script-src a.example/(x)"),
    ("csp-value-invalid", "script-src https://a.example//x", "script-src https://a.example/x//y"),
    ("csp-webrtc-allow", "webrtc 'allow'", "webrtc 'block'"),
    ("csp-websocket-without-effect", "img-src wss://a.example", "connect-src wss://a.example"),
];

/// Lints of a whole policy.
const WHOLE: &[(&str, &str, &str)] = &[
    (
        "csp-base-uri-missing",
        "default-src 'self'; form-action 'none'",
        "default-src 'self'; base-uri 'self'",
    ),
    ("csp-base-uri-missing", "script-src 'nonce-{}'", "default-src 'none'"),
    ("csp-form-action-missing", "default-src 'none'", "form-action 'self'"),
    ("csp-form-action-missing", "sandbox allow-forms", "default-src 'none'; sandbox"),
    (
        "csp-form-action-missing",
        "sandbox allow-forms allow-top-navigation; default-src 'none'",
        "sandbox allow-top-navigation; default-src 'none'",
    ),
    ("csp-frame-ancestors-missing", "default-src 'none'", "frame-ancestors *"),
    ("csp-object-src-missing", "script-src 'self'", "default-src 'self'"),
    (
        "csp-sandbox-needless",
        "sandbox allow-scripts; default-src 'none'",
        "sandbox allow-scripts; default-src 'self'",
    ),
    (
        "csp-script-blocks",
        "default-src 'none'; worker-src 'self'",
        "default-src 'none'; script-src 'self'; worker-src 'self'",
    ),
    ("csp-script-src-missing", "object-src 'none'", "script-src 'none'"),
    ("csp-script-src-missing", "script-src-elem 'none'; img-src *", "default-src *"),
];

#[test]
fn a_weak_policy_has_its_lint_and_a_similar_policy_does_not() {
    assert_eq!(ids(NONE), [] as [&str; 0]);
    for (id, with, without) in CASES {
        let policy = |directive: &str| {
            let name = directive.split(' ').next().unwrap();
            let rest =
                ContentSecurityPolicy::NONE.remove(name).unwrap_or(ContentSecurityPolicy::NONE);
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
    // Policies of other programs are still read.
    assert!(ids(&policy(8193)).contains(&"csp-too-long"));
    assert!(!ids(&policy(8192)).contains(&"csp-too-long"));
}

#[test]
fn directives_that_browsers_skip_are_linted() {
    let audit = |text: &[u8]| -> Vec<String> {
        let lints = ReceivedPolicy::lint_list(text);
        assert!(lints.iter().all(|lint| lint.severity() == Severity::Error), "{lints:?}");
        lints.iter().map(Lint::to_string).collect()
    };
    let clean = ContentSecurityPolicy::NONE.to_string();
    assert_eq!(audit(clean.as_bytes()), [] as [&str; 0]);
    assert_eq!(audit(b"; , ;;"), [] as [&str; 0]);
    for (more, message) in [
        (
            "Default-Src *",
            "error[csp-directive-duplicate]: content-security-policy, byte 81: browsers ignore 'Default-Src', \
             which is a duplicate directive; merge the two",
        ),
        (
            "img-src 'self' m\u{fc}nchen.example",
            "error[csp-not-ascii]: content-security-policy, byte 81: browsers ignore 'img-src', which has a byte \
             that is not ASCII; write a host in its 'xn--' form",
        ),
        (
            "img\u{2013}src 'self'",
            "error[csp-not-ascii]: content-security-policy, byte 81: browsers ignore 'img\\xe2\\x80\\x93src', \
             which has a byte that is not ASCII; write a host in its 'xn--' form",
        ),
        (
            "img-src a\u{1}",
            "error[csp-control-character]: content-security-policy, byte 81: browsers ignore 'img-src', which \
             has a control character; write spaces between sources",
        ),
    ] {
        assert_eq!(audit(format!("{clean}; {more}").as_bytes()), [message]);
        // This also applies to the second policy of a list, with the position in the list.
        let message = message.replace("byte 81", "byte 162");
        assert_eq!(audit(format!("{clean}, {clean}; {more}").as_bytes()), [message]);
    }
    // This also applies to a policy without any other directive.
    assert_eq!(audit(b"img-src\xfc, img-src \xfc").len(), 2);
    // The lints of the rest follow those of the directives that are ignored, policy by policy.
    let list = format!("{clean}; x; base-uri *, {clean}; script-src *; form-action *");
    let weak = ReceivedPolicy::lint_list(list.as_bytes());
    let ids: Vec<&str> = weak.iter().map(Lint::id).collect();
    assert_eq!(
        ids,
        [
            "csp-directive-duplicate",
            "csp-directive-unknown",
            "csp-directive-duplicate",
            "csp-script-anywhere",
        ]
    );
}

#[test]
fn hosts_are_dead_next_to_strict_dynamic_only_where_the_nonce_cannot_go_unread() {
    let is_told = |sources: &str| {
        let text = format!("script-src {sources} 'strict-dynamic'");
        let lints = ReceivedPolicy::lint_list(text.as_bytes());
        lints.iter().any(|lint| lint.id() == "csp-hosts-dead")
    };
    // A response whose nonce was not read is sent with the host, and without 'strict-dynamic'.
    assert!(!is_told("https://a.example 'nonce-{}'"));
    let hash = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='";
    assert!(is_told(&format!("https://a.example 'nonce-{{}}' {hash}")));
    assert!(is_told(&format!("https://a.example {hash}")));
    assert!(is_told("https://a.example 'nonce-abcdefgh'"));
    assert!(is_told("https://a.example"));
}

#[test]
fn a_repeated_policy_or_directive_is_told_once() {
    let clean = ContentSecurityPolicy::NONE.to_string();
    let told = |list: &str| {
        let lints = ReceivedPolicy::lint_list(list.as_bytes());
        lints.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let length = clean.len() + 1;
    assert_eq!(
        told(&format!("{clean}, {clean},{clean} ")),
        [format!(
            "note[csp-policy-repeated]: content-security-policy, byte {length}: the header repeats a policy, which adds nothing; remove it"
        )]
    );
    assert_eq!(told(&format!("{clean},, ,")), [""; 0]);
    let repeated = format!("{clean}; img-src *; img-src *; img-src *");
    let ids: Vec<_> = ReceivedPolicy::lint_list(repeated.as_bytes()).iter().map(Lint::id).collect();
    assert_eq!(ids, ["csp-directive-duplicate", "csp-anywhere"]);
}

#[test]
fn an_endpoint_must_be_defined_under_its_own_name() {
    let with = |endpoints: Option<&str>| -> Vec<&'static str> {
        let policy = ContentSecurityPolicy::NONE.report_uri("/csp").unwrap();
        let policy = policy.report_to(EndpointName::from_static("csp")).unwrap();
        let mut hardening = Hardening::empty().with(policy);
        if let Some(value) = endpoints {
            hardening = hardening.with(value.parse::<ReportingEndpoints>().unwrap());
        }
        hardening.lints().iter().map(Lint::id).collect()
    };
    for defined in ["csp=\"/csp\"", "a=\"/a?b=c\", csp=\"/csp\""] {
        assert_eq!(with(Some(defined)), [] as [&str; 0], "{defined}");
    }
    for other in [None, Some("csp-endpoint=\"/csp\""), Some("a=\"/a?csp=b\"")] {
        assert_eq!(with(other), ["csp-endpoint-missing"], "{other:?}");
    }
}

#[test]
fn a_report_only_policy_without_reports_or_with_ineffective_directives_is_linted() {
    let with = |policy: &str| -> Vec<&'static str> {
        let policy: ContentSecurityPolicy = policy.parse().unwrap();
        Hardening::empty().with_report_only(policy).lints().iter().map(Lint::id).collect()
    };
    assert_eq!(with("img-src 'self'"), ["csp-report-only-mute"]);
    assert_eq!(with("img-src 'self'; report-uri /csp"), [] as [&str; 0]);
    assert_eq!(with("sandbox; report-uri /csp"), ["csp-report-only-dead"]);
    assert_eq!(with("upgrade-insecure-requests; report-uri /csp"), ["csp-report-only-dead"]);
    assert_eq!(
        with("img-src 'self'; report-to csp"),
        ["csp-report-to-alone", "csp-endpoint-missing"]
    );
}

#[test]
fn a_report_only_policy_has_the_lints_of_an_enforced_one_under_its_own_name() {
    let lints = |policy: &str| {
        let policy: ContentSecurityPolicy = policy.parse().unwrap();
        Hardening::empty().with_report_only(policy).lints()
    };
    for (policy, id) in [
        ("script-src *; report-uri /csp", "csp-script-anywhere"),
        ("script-src 'unsafe-inline'; report-uri /csp", "csp-script-unsafe-inline"),
        ("img-src a.example/../x; report-uri /csp", "csp-path-dots"),
        ("connect-src https:; report-uri /csp", "csp-connect-anywhere"),
        ("script-src 'strict-dynamic'; report-uri /csp", "csp-strict-dynamic-alone"),
        ("img-src 'self'; report-uri http://a.example/", "csp-report-insecure"),
        ("plugin-types a/b; report-uri /csp", "csp-directive-deprecated"),
    ] {
        let all = lints(policy);
        assert_eq!(all.iter().map(Lint::id).collect::<Vec<_>>(), [id], "{policy}");
        assert_eq!(all[0].header(), "content-security-policy-report-only");
        assert!(all[0].offset().is_some(), "{}", all[0]);
    }
}

#[test]
fn every_report_only_header_without_an_endpoint_is_told() {
    use tower_hardening::header::{
        CrossOriginEmbedderPolicy, CrossOriginOpenerPolicy, DocumentPolicy, IntegrityPolicy,
        PermissionsPolicy,
    };
    let mute = |hardening: &Hardening| -> Vec<String> {
        let lints = hardening.lints();
        let mute = lints.iter().filter(|lint| lint.id() == "report-only-mute");
        mute.map(|lint| lint.header().to_owned()).collect()
    };
    let opener: CrossOriginOpenerPolicy = "same-origin".parse().unwrap();
    let embedder: CrossOriginEmbedderPolicy = "require-corp".parse().unwrap();
    let integrity: IntegrityPolicy = "blocked-destinations=(script)".parse().unwrap();
    let permissions: PermissionsPolicy = "camera=()".parse().unwrap();
    let document: DocumentPolicy = "document-write=?0".parse().unwrap();
    let all = Hardening::empty()
        .with_report_only(opener)
        .with_report_only(embedder)
        .with_report_only(integrity)
        .with_report_only(permissions)
        .with_report_only(document);
    let (both, default) = (
        [
            "cross-origin-opener-policy-report-only",
            "cross-origin-embedder-policy-report-only",
            "integrity-policy-report-only",
        ],
        ["permissions-policy-report-only", "document-policy-report-only"],
    );
    assert_eq!(mute(&all), [&both[..], &default[..]].concat());
    // Two of them report to the endpoint of this name without naming it.
    let endpoints: ReportingEndpoints = "default=\"/reports\"".parse().unwrap();
    assert_eq!(mute(&all.with(endpoints)), both);
    let opener: CrossOriginOpenerPolicy = "same-origin; report-to=\"a\"".parse().unwrap();
    let integrity: IntegrityPolicy =
        "blocked-destinations=(script), endpoints=(a)".parse().unwrap();
    let named = Hardening::empty().with_report_only(opener).with_report_only(integrity);
    assert_eq!(mute(&named), [""; 0]);
    let missing = named.lints();
    assert_eq!(missing.iter().filter(|lint| lint.id() == "endpoint-missing").count(), 2);
}

#[test]
fn a_directive_that_one_enforced_policy_has_is_not_missing_in_another() {
    let ids = |policies: [&str; 2]| -> Vec<&'static str> {
        let [main, also]: [ContentSecurityPolicy; 2] =
            policies.map(|policy| policy.parse().unwrap());
        let hardening = Hardening::empty().with(main).with_additional_csp(also);
        hardening.lints().iter().map(Lint::id).collect()
    };
    let images = "img-src a.example";
    assert_eq!(ids([NONE, images]), [] as [&str; 0]);
    assert_eq!(ids([images, NONE]), [] as [&str; 0]);
    assert_eq!(ids([NONE, "script-src 'unsafe-inline'"]), ["csp-script-unsafe-inline"]);
    let all = ids([images, "script-src 'self'"]);
    assert_eq!(all.iter().filter(|id| **id == "csp-form-action-missing").count(), 2, "{all:?}");
    assert!(!all.contains(&"csp-script-src-missing"), "{all:?}");
}

#[test]
fn every_lint_in_the_source_code_is_tested_here() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/policy/csp");
    let lints = fs::read_dir(folder.join("lint")).unwrap().map(|file| file.unwrap().path());
    let mut written = BTreeSet::new();
    for path in lints.chain([folder.join("received.rs")]) {
        let text = fs::read_to_string(path).unwrap();
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        let words = code.flat_map(|line| line.split('"'));
        written.extend(words.filter(|word| word.starts_with("csp-")).map(str::to_owned));
    }
    let others = [
        "csp-long",
        "csp-too-long",
        "csp-not-ascii",
        "csp-control-character",
        "csp-directive-duplicate",
        "csp-policy-repeated",
    ];
    let tested = CASES.iter().chain(WHOLE).map(|(id, ..)| *id).chain(others);
    assert_eq!(written, tested.map(str::to_owned).collect());
}

#[test]
fn every_lint_about_a_word_has_its_directive_and_its_byte() {
    for (id, with, _) in CASES {
        let [policy] = &ReceivedPolicy::parse_list(with.as_bytes())[..] else { panic!("{with}") };
        let lints = policy.lints();
        let lint = lints.iter().find(|lint| lint.id() == *id).unwrap();
        let name = with.split(' ').next().unwrap().to_ascii_lowercase();
        assert_eq!(lint.directive(), Some(&*name), "{lint}");
        // The position is the first byte of the directive or of one of its words.
        let at = lint.offset().unwrap();
        assert!(with.is_char_boundary(at) && !with[at..].starts_with(' '), "{lint}");
        let list = format!("img-src 'self', {with}");
        let second = ReceivedPolicy::parse_list(list.as_bytes()).remove(1).lints();
        let second = second.iter().find(|lint| lint.id() == *id).unwrap();
        assert_eq!(second.offset(), Some(at + "img-src 'self', ".len()));
    }
    let policy: ContentSecurityPolicy =
        "default-src 'none';\n img-src\n  http://a.example".parse().unwrap();
    let lints = policy.lints();
    let lint = lints.iter().find(|lint| lint.id() == "csp-insecure-source").unwrap();
    assert_eq!(lint.offset(), Some(31));
}

#[test]
fn every_lint_names_the_header_and_the_remedy() {
    for (_, with, _) in CASES.iter().chain(WHOLE) {
        for lint in ReceivedPolicy::parse_list(with.as_bytes())[0].lints() {
            let message = lint.message();
            assert_eq!(lint.header(), "content-security-policy");
            assert!(message.starts_with("content-security-policy: "), "{message}");
            let place = lint.offset().map_or(String::new(), |offset| format!(", byte {offset}"));
            let shown = message.replacen(": ", &format!("{place}: "), 1);
            assert_eq!(lint.to_string(), format!("{}[{}]: {shown}", lint.severity(), lint.id()));
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
                "; did you mean ",
            ];
            let known = remedies.iter().any(|remedy| message.contains(remedy));
            // Notes about support for old browsers need no remedy.
            assert!(known || lint.severity() == Severity::Note, "{message}");
            assert!(!message.ends_with('.') && message.is_ascii(), "{message}");
        }
    }
}

#[test]
fn the_guide_has_two_lints_and_the_other_presets_have_none() {
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
        let lints = ReceivedPolicy::parse_list(text.as_bytes()).remove(0).lints();
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
    let serious = ReceivedPolicy::parse_list(strict.as_bytes()).remove(0).lints();
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
