//! Tests every lint: a policy that has it, and a similar policy that does not.

use std::{collections::BTreeSet, fs, path::Path};

use tower_hardening::{
    ContentSecurityPolicy, Hardening, Lint, Origin, Severity, csp::ReceivedPolicy,
};

use super::lint_cases::{CASES, WHOLE};

/// Returns the lints of the policy, read as browsers read it.
fn ids(text: &str) -> Vec<&'static str> {
    let [policy] = &ReceivedPolicy::parse_list(text.as_bytes())[..] else { panic!("{text}") };
    policy.lints().iter().map(Lint::id).collect()
}

const NONE: &str =
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

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
        lints.iter().any(|lint| lint.id() == "csp-hosts-ignored")
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
fn a_repeated_policy_or_directive_is_reported_once() {
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
