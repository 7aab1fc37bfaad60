//! What holds for every policy.

use proptest::{collection::vec, prelude::*, sample::select};
use tower_hardening::*;

use super::{
    browser::{self, Read},
    oracle,
    sources::policy,
};

fn directives(policy: &ContentSecurityPolicy) -> Read {
    let values = |values: &mut dyn Iterator<Item = &str>| values.map(Into::into).collect();
    policy
        .directives()
        .map(|one| (one.name().to_ascii_lowercase(), values(&mut one.values())))
        .collect()
}

fn hash(policy: &ContentSecurityPolicy) -> u64 {
    use std::hash::BuildHasher;
    let fixed = std::hash::BuildHasherDefault::<std::hash::DefaultHasher>::default();
    fixed.hash_one(policy)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn print_and_parse_are_inverse(policy in policy()) {
        let text = policy.to_string();
        let read = ContentSecurityPolicy::parse(text.as_bytes());
        prop_assert_eq!(read.is_empty(), policy.is_empty());
        for read in &read {
            prop_assert_eq!(read, &policy);
            prop_assert_eq!(hash(read), hash(&policy));
            prop_assert_eq!(read.to_string(), &*text);
            prop_assert_eq!(read.has_nonce(), policy.has_nonce());
        }
        prop_assert!(read.len() <= 1);
        // What the strict reader takes it prints the same.
        if let Ok(strict) = text.parse::<ContentSecurityPolicy>() {
            prop_assert_eq!(strict.to_string(), text);
            prop_assert_eq!(strict, policy);
        }
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
        // Printing writes a nonce in lower case.
        let lower = |text: &str| text.replace("'NONCE-{}'", "'nonce-{}'");
        prop_assert_eq!(lower(&format!("{seen:?}")), lower(&format!("{configured:?}")));
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
        let read: Vec<Read> = ContentSecurityPolicy::parse(text.as_bytes()).iter().map(directives).collect();
        prop_assert_eq!(&read, &browser::read([text.as_bytes()]));
        prop_assert_eq!(&read, &oracle::read(&text));
    }

    #[test]
    fn whatever_a_header_holds_is_read_by_the_algorithm_to_the_letter(
        pieces in vec(prop_oneof![
            vec(prop_oneof![Just(b'\t'), b' '..=b'~', 0x80..=0xFF_u8], 0..8),
            select(&["img-src", "IMG-SRC 'self'", ";", ",", " ", "'none'"][..]).prop_map(|text| text.as_bytes().to_vec()),
        ], 0..12),
    ) {
        let bytes = pieces.concat();
        prop_assert!(http::HeaderValue::from_bytes(&bytes).is_ok());
        let read: Vec<Read> = ContentSecurityPolicy::parse(&bytes).iter().map(directives).collect();
        prop_assert_eq!(read, browser::read([&*bytes]));
    }

    #[test]
    fn what_no_header_holds_spoils_its_own_directive_and_no_other(
        pieces in vec(select(&["a", "img-src ", ";", " ", "\x01", "\x7F", "\0", "'self'"][..]), 0..16),
    ) {
        let text = pieces.concat();
        let read: Vec<Read> = ContentSecurityPolicy::parse(text.as_bytes()).iter().map(directives).collect();
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
        for policy in ContentSecurityPolicy::parse(&bytes) {
            let _ = policy.lints();
            prop_assert_eq!(ContentSecurityPolicy::parse(policy.to_string().as_bytes()), [policy]);
        }
        let strict = text.parse::<ContentSecurityPolicy>();
        let errors = [
            strict.err(),
            text.parse::<Source>().err(),
            Source::host(&text).err(),
            Ancestor::host(&text).err(),
        ];
        for error in errors.into_iter().flatten() {
            prop_assert!(error.offset() <= text.len() && text.is_char_boundary(error.offset()));
            prop_assert!(error.to_string().bytes().all(|byte| byte >= b' '), "{error}");
        }
    }
}
