//! Tests laws that every policy obeys.

use proptest::{collection::vec, prelude::*, sample::select};
use tower_hardening::{
    ContentSecurityPolicy, CspLayer,
    csp::{FrameAncestor, ReceivedPolicy, SandboxToken, Source, SourceDirective},
    header::HeaderPolicy,
};

use super::{
    browser::{self, Read},
    oracle,
    service::empty,
    sources::{known_policy, policy, source},
};

fn directives(policy: &ContentSecurityPolicy) -> Read {
    let values = |values: &mut dyn Iterator<Item = &str>| values.map(Into::into).collect();
    policy.directives().map(|one| (one.name().into(), values(&mut one.values()))).collect()
}

fn received(bytes: &[u8]) -> Vec<Read> {
    let values = |values: &mut dyn Iterator<Item = &str>| values.map(Into::into).collect();
    let policies = ReceivedPolicy::parse_list(bytes);
    let directives = |policy: &ReceivedPolicy| {
        policy.directives().map(|one| (one.name().into(), values(&mut one.values()))).collect()
    };
    policies.iter().map(directives).collect()
}

fn hash(policy: &ContentSecurityPolicy) -> u64 {
    use std::hash::BuildHasher;
    let fixed = std::hash::BuildHasherDefault::<std::hash::DefaultHasher>::default();
    fixed.hash_one(policy)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn every_policy_that_can_be_built_is_read_back_from_its_text(policy in known_policy()) {
        let text = policy.to_string();
        if policy.is_empty() {
            // This policy alone has no text, and no layer sends it.
            prop_assert_eq!(&text, "");
            prop_assert!(text.parse::<ContentSecurityPolicy>().is_err());
            prop_assert_eq!(policy, ContentSecurityPolicy::EMPTY);
        } else {
            let read: ContentSecurityPolicy = text.parse().unwrap();
            prop_assert_eq!(&read, &policy);
            prop_assert_eq!(hash(&read), hash(&policy));
            prop_assert_eq!(read.to_string(), &*text);
            prop_assert_eq!(read.has_nonce(), policy.has_nonce());
            prop_assert_eq!(directives(&read), directives(&policy));
        }
    }

    #[test]
    fn a_layer_sends_exactly_what_is_printed(policy in policy()) {
        let policy = match policy.has_nonce() {
            true => policy.directives().fold(policy.clone(), |policy, one| match one.values().any(|value| value == "'nonce-{}'") {
                true => policy.remove(one.name()).unwrap(),
                false => policy,
            }),
            false => policy,
        };
        let lines: Vec<String> = empty(&CspLayer::new(policy.clone()))
            .headers()
            .values()
            .map(|value| value.to_str().unwrap().to_owned())
            .collect();
        let expected = Some(policy.to_string()).filter(|text| !text.is_empty());
        prop_assert_eq!(lines, Vec::from_iter(expected));
    }

    #[test]
    fn a_received_policy_is_read_back_from_its_text(policy in policy()) {
        let text = policy.to_string();
        let read = ReceivedPolicy::parse_list(text.as_bytes());
        prop_assert_eq!(read.is_empty(), policy.is_empty());
        for received in &read {
            prop_assert_eq!(received.to_string(), &*text);
            prop_assert_eq!(&ReceivedPolicy::parse_list(received.to_string().as_bytes())[0], received);
            let own = ContentSecurityPolicy::try_from(received.clone());
            prop_assert_eq!(own, text.parse::<ContentSecurityPolicy>());
        }
        prop_assert!(read.len() <= 1);
    }

    #[test]
    fn a_source_is_read_back_from_its_text(source in source()) {
        prop_assert_eq!(source.to_string().parse(), Ok(source));
    }

    #[test]
    fn printing_is_one_line_of_visible_ascii(policy in policy()) {
        let text = policy.to_string();
        prop_assert!(text.bytes().all(|byte| matches!(byte, b' '..=b'~')), "{text:?}");
        prop_assert!(!text.contains("  ") && !text.contains(',') && text.trim() == text, "{text:?}");
        prop_assert!(!text.ends_with(';') && !text.contains(";;") && !text.contains(" ;"), "{text:?}");
        prop_assert!(policy.value() == text);
        prop_assert_eq!(policy.text(), text);
    }

    #[test]
    fn a_browser_sees_the_directives_that_were_configured(policy in policy()) {
        let seen = browser::read([policy.to_string().as_bytes()]);
        let configured: Read = directives(&policy);
        let configured: Vec<Read> = Some(configured).filter(|read| !read.is_empty()).into_iter().collect();
        prop_assert_eq!(seen, configured);
    }

    #[test]
    fn the_oracle_reads_the_directives_and_sources_that_were_printed(policy in policy()) {
        let text = policy.to_string();
        prop_assert_eq!(oracle::read(&text), browser::read([text.as_bytes()]));
    }

    #[test]
    fn every_text_is_read_as_the_algorithm_and_the_oracle_read_it(
        pieces in vec(prop_oneof![
            "[a-z' ;,\t\n-]{0,6}",
            "(script-src|IMG-SRC|sandbox|'self'|'NONE'|\\*|;|,| |\u{e9}|\u{a0})",
        ], 0..12),
    ) {
        let text: String = pieces.concat();
        let read = received(text.as_bytes());
        prop_assert_eq!(&read, &browser::read([text.as_bytes()]));
        prop_assert_eq!(&read, &oracle::read(&text));
    }

    #[test]
    fn every_header_is_read_exactly_by_the_algorithm_of_the_specification(
        pieces in vec(prop_oneof![
            vec(prop_oneof![Just(b'\t'), b' '..=b'~', 0x80..=0xFF_u8], 0..8),
            select(&["img-src", "IMG-SRC 'self'", ";", ",", " ", "'none'"][..]).prop_map(|text| text.as_bytes().to_vec()),
        ], 0..12),
    ) {
        let bytes = pieces.concat();
        prop_assert!(http::HeaderValue::from_bytes(&bytes).is_ok());
        let read = received(&bytes);
        prop_assert_eq!(read, browser::read([&*bytes]));
    }

    #[test]
    fn a_byte_that_no_header_contains_voids_its_own_directive_only(
        pieces in vec(select(&["a", "img-src ", ";", " ", "\x01", "\x7F", "\0", "'self'"][..]), 0..16),
    ) {
        let text = pieces.concat();
        let read = received(text.as_bytes());
        let control = |text: &str| text.bytes().any(|byte| byte.is_ascii_control());
        let mut expected = browser::read([text.as_bytes()]);
        for policy in &mut expected {
            policy.retain(|(name, values)| !control(name) && !values.iter().any(|value| control(value)));
        }
        expected.retain(|policy| !policy.is_empty());
        prop_assert_eq!(read, expected);
    }

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in vec(any::<u8>(), 0..64), text in ".{0,40}") {
        for policy in ReceivedPolicy::parse_list(&bytes) {
            prop_assert!(policy.lints().iter().all(|lint| lint.offset().is_none_or(|at| at < bytes.len())));
            prop_assert_eq!(ReceivedPolicy::parse_list(policy.to_string().as_bytes()), [policy.clone()]);
            let error = ContentSecurityPolicy::try_from(policy).err();
            prop_assert!(error.is_none_or(|error| error.offset() <= bytes.len()));
        }
        let strict = text.parse::<ContentSecurityPolicy>();
        let errors = [
            strict.err(),
            text.parse::<Source>().err(),
            Source::host(&text).err(),
            FrameAncestor::host(&text).err(),
            text.parse::<FrameAncestor>().err(),
            text.parse::<SourceDirective>().err(),
            text.parse::<SandboxToken>().err(),
        ];
        for error in errors.into_iter().flatten() {
            prop_assert!(error.offset() <= text.len() && text.is_char_boundary(error.offset()));
            prop_assert!(error.to_string().bytes().all(|byte| byte >= b' '), "{error}");
        }
    }
}
