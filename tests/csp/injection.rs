//! Tests untrusted strings: every method reads one item from a string, or returns an error.

use proptest::{collection::vec, prelude::*, sample::select};
use tower_hardening::{
    ContentSecurityPolicy, CspLayer, Hardening, HardeningLayer,
    csp::{
        Addition, EndpointName, FrameAncestor, RequestHead, Source, SourceDirective,
        TrustedTypesPolicy,
    },
};

use super::{
    browser::{self, Read},
    service::empty,
    sources::DIRECTIVES,
};

const BASE: ContentSecurityPolicy = ContentSecurityPolicy::from_static(
    "default-src b.example; base-uri b.example; form-action b.example; upgrade-insecure-requests",
);

fn base() -> Read {
    browser::read([BASE.to_string().as_bytes()]).remove(0)
}

/// Returns the policy that a browser sees: both layers send it, enforced or report-only.
fn seen(policy: &ContentSecurityPolicy) -> Read {
    let both = Hardening::empty().with(policy.clone()).with_report_only(policy.clone());
    let [enforced, watched] = browser::policies(&empty(&HardeningLayer::new(both)));
    let [alone, _] = browser::policies(&empty(&CspLayer::new(policy.clone())));
    let [_, alone_watched] = browser::policies(&empty(&CspLayer::report_only(policy.clone())));
    assert!(enforced == watched && enforced == alone && enforced == alone_watched, "{policy}");
    let [seen] = &enforced[..] else { panic!("{enforced:?}") };
    seen.clone()
}

/// Asserts that a policy is the base with one directive of these values.
fn assert_added(policy: &ContentSecurityPolicy, name: &str, values: &[&str]) {
    let mut expected = base();
    let values = values.iter().map(|value| (*value).to_owned()).collect();
    match expected.iter_mut().find(|(other, _)| other == name) {
        Some(directive) => directive.1 = values,
        None => expected.push((name.to_owned(), values)),
    }
    assert_eq!(seen(policy), expected, "{policy}");
}

/// Passes the text to every method, and returns the number of methods that accept it.
fn enter(text: &str) -> usize {
    let mut entered = 0;
    // A host is never a keyword, a nonce, a hash or the empty list.
    assert!(
        Source::host(text).is_ok_and(|host| !host.as_str().starts_with('\''))
            || Source::host(text).is_err()
    );
    let sources = [Source::host(text), Source::scheme(text), text.parse()];
    for source in sources.into_iter().flatten() {
        entered += 1;
        for directive in DIRECTIVES {
            match BASE.set(directive, [source.clone()]) {
                Ok(policy) => assert_added(&policy, directive.name(), &[source.as_str()]),
                // A keyword or a hash has no effect there.
                Err(_) => assert!(source.as_str().starts_with('\''), "{text:?}"),
            }
        }
    }
    if let Ok(ancestor) = FrameAncestor::host(text) {
        entered += 1;
        assert_added(&BASE.frame_ancestors([ancestor]).unwrap(), "frame-ancestors", &[text]);
    }
    if let Ok(policy) = BASE.report_uri(text) {
        entered += 1;
        assert_added(&policy, "report-uri", &[text]);
    }
    if let Ok(endpoint) = text.parse::<EndpointName>() {
        entered += 1;
        assert_added(&BASE.report_to(endpoint).unwrap(), "report-to", &[text]);
    }
    if let Ok(name) = text.parse::<TrustedTypesPolicy>() {
        entered += 1;
        assert_added(&BASE.trusted_types([name]).unwrap(), "trusted-types", &[text]);
    }
    if let Ok(policy) = BASE.dangerous_directive("x-custom", text) {
        entered += 1;
        let values: Vec<&str> = text.split_ascii_whitespace().collect();
        assert_added(&policy, "x-custom", &values);
    }
    if let Ok(policy) = BASE.dangerous_directive(text, "a b") {
        entered += 1;
        assert_added(&policy, text, &["a", "b"]);
    }
    hooked(text);
    entered
}

/// Asserts that the run-time methods add one host, or leave the policy unchanged.
fn hooked(text: &str) {
    let hook = |directive| {
        let host = Source::host(text).ok();
        let addition = host.map(|host| Addition::source(directive, host));
        move |_: &RequestHead<'_>| addition.clone()
    };
    for directive in [SourceDirective::DEFAULT_SRC, SourceDirective::IMG_SRC] {
        let all = Hardening::empty().with(BASE);
        for response in [
            empty(&CspLayer::new(BASE).with_sources(hook(directive))),
            empty(&HardeningLayer::new(all).with_sources(hook(directive))),
        ] {
            let [policies, _] = browser::policies(&response);
            let [read] = &policies[..] else { panic!("{policies:?}") };
            let mut widened = base();
            match directive.name() {
                "default-src" => widened[0].1.push(text.to_owned()),
                name => widened.push((name.to_owned(), vec!["b.example".into(), text.to_owned()])),
            }
            let one = Source::host(text).is_ok_and(|source| source != Source::ANY);
            assert!(*read == base() || (one && *read == widened), "{text:?}: {read:?}");
        }
    }
}

const HOSTILE: [&str; 24] = [
    ";",
    ",",
    " ",
    "\t",
    "\n",
    "\r\n",
    "\0",
    "\x0B",
    "\x0C",
    "\x7F",
    "\u{85}",
    "\u{a0}",
    "\u{2000}",
    "\u{3000}",
    "\u{e9}",
    "'",
    "\"",
    "*",
    "'unsafe-inline'",
    "'none'",
    "script-src *",
    "a.example",
    "https://a.example",
    "/",
];

#[test]
fn adv_001_adv_003_no_byte_gets_through_any_door() {
    for byte in 0..=255_u8 {
        let byte = char::from(byte);
        for text in
            [format!("{byte}"), format!("a.{byte}b"), format!("{byte}a"), format!("a{byte}")]
        {
            let entered = enter(&text);
            // The longest alphabet is that of a custom directive's value.
            assert!(matches!(byte, ' '..='~') || entered == 0, "{text:?}");
            let separator = matches!(byte, ';' | ',');
            assert!(!separator || entered == 0, "{text:?}");
        }
    }
}

#[test]
fn adv_002_adv_006_adv_007_known_injections_are_refused() {
    for text in [
        "https://a;script-src",
        "https://*;.;",
        "a.example,script-src *",
        "a.example 'unsafe-inline'",
        "a.example *",
        "a.example\u{2003}*",
        "'unsafe-inline'",
        "'UNSAFE-INLINE'",
        "'nonce-abc'",
        "'none'",
        "a.example\r\nset-cookie: x=1",
    ] {
        assert!(Source::host(text).is_err(), "{text:?}");
        let keyword = text.eq_ignore_ascii_case("'unsafe-inline'");
        assert_eq!(text.parse::<Source>().is_ok(), keyword, "{text:?}");
        assert!(FrameAncestor::host(text).is_err(), "{text:?}");
        hooked(text);
    }
    // A path has them percent-encoded.
    let path = Source::host("a.example/a%2Cb%3Bc").unwrap();
    assert_added(&BASE.img_src([path]).unwrap(), "img-src", &["a.example/a%2Cb%3Bc"]);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn every_text_is_one_item_or_an_error(pieces in vec(select(HOSTILE.to_vec()), 1..5)) {
        enter(&pieces.concat());
    }

    #[test]
    fn every_byte_string_is_one_item_or_an_error(bytes in vec(any::<u8>(), 0..12), text in ".{0,8}") {
        enter(&bytes.iter().map(|byte| char::from(*byte)).collect::<String>());
        enter(&text);
    }

    #[test]
    fn several_strings_are_as_many_sources(
        texts in vec(prop_oneof!["[a-z.*:/0-9-]{1,12}", select(HOSTILE.to_vec()).prop_map(Into::into)], 0..6),
    ) {
        let sources: Vec<Source> = texts.iter().flat_map(|text| Source::host(text)).collect();
        let mut expected: Vec<&str> = Vec::new();
        for source in &sources {
            if !expected.contains(&source.as_str()) {
                expected.push(source.as_str());
            }
        }
        let expected = if expected.is_empty() { vec!["'none'"] } else { expected };
        let policy = BASE.img_src(sources.clone()).unwrap();
        assert_added(&policy, "img-src", &expected);
    }

    #[test]
    fn a_policy_s_text_is_one_policy_or_an_error(pieces in vec(select(HOSTILE.to_vec()), 0..4)) {
        let text = format!("{BASE}; img-src {}", pieces.concat());
        if let Ok(policy) = text.parse::<ContentSecurityPolicy>() {
            let seen = seen(&policy);
            prop_assert_eq!(&seen[..4], &base()[..]);
            prop_assert_eq!(seen.len(), policy.directives().count());
            prop_assert!(!text.contains([',', '\0']));
        }
    }
}
