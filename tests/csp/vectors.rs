//! Tests the vectors of browsers, of a well-known parser and of the standard, for policies and
//! sources.

use http::HeaderValue;
use serde_json::Value;
use tower_hardening::{
    ContentSecurityPolicy, Lint,
    csp::{FrameAncestor, ReceivedPolicy, Source},
};

use super::browser::{self, Read};

fn cases(set: &str) -> Vec<Value> {
    let file: Value = serde_json::from_str(include_str!("../vectors/csp.json")).unwrap();
    file[set]["vectors"].as_array().unwrap().clone()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// Converts the code points of the vectors, up to U+00FF, to bytes.
fn latin_1(text: &str) -> Vec<u8> {
    text.chars().map(|character| u8::try_from(u32::from(character)).unwrap()).collect()
}

fn directives(policy: &ReceivedPolicy) -> Read {
    let own = |values: &mut dyn Iterator<Item = &str>| values.map(Into::into).collect();
    policy.directives().map(|one| (one.name().into(), own(&mut one.values()))).collect()
}

fn strict(text: &str) -> Result<ContentSecurityPolicy, String> {
    text.parse().map_err(|error: tower_hardening::ParseError| error.to_string())
}

fn ids(policy: &ReceivedPolicy) -> Vec<&'static str> {
    policy.lints().iter().map(Lint::id).collect()
}

#[test]
fn a_policy_is_read_and_printed_as_a_parser_that_keeps_text_does() {
    for case in cases("csp_roundtrip") {
        let input = text(&case["input"]);
        // That parser keeps the second of two equal names and the letter case; browsers do neither.
        let expected = browser::read([text(&case["output"]).as_bytes()]);
        let read = ReceivedPolicy::parse_list(input.as_bytes());
        assert_eq!(read.iter().map(directives).collect::<Vec<_>>(), expected, "{input:?}");

        // The strict parser accepts the policies for which it reports no error, and rejects the others.
        // Intended differences: a keyword without effect and the empty policy are rejected; a repeated
        // source, report-uri and old directives are not.
        let also_refused = input.is_empty()
            || input.contains("unsafe-allow-redirects")
            || input.starts_with("navigate-to '");
        let harmless = |finding: &Value| {
            let message = text(&finding["message"]);
            let known = ["Duplicate source", "Duplicate host", "Duplicate sandbox", "deprecated"];
            known.iter().any(|part| message.contains(part))
        };
        let clean = case["findings"].as_array().unwrap().iter().all(harmless);
        assert_eq!(strict(input).is_ok(), clean && !also_refused, "{input:?}");
    }
}

#[test]
fn the_directives_of_a_policy_are_those_that_chromium_keeps() {
    for case in cases("csp_directives_chromium") {
        let policy = text(&case["policy"]);
        let mut kept = ReceivedPolicy::parse_list(&latin_1(policy));
        let read = kept.pop().map(|policy| (directives(&policy), ids(&policy)));
        let (mut read, ids) = read.unwrap_or_default();
        assert!(kept.is_empty());
        let complaints: Vec<&str> =
            case["complaints"].as_array().unwrap().iter().map(text).collect();
        for complaint in &complaints {
            match complaint.split_once(':') {
                // The lenient parser keeps it, and a lint says that no browser knows it.
                Some(("unknown" | "removed", name)) => {
                    read.retain(|(read, _)| read != name);
                    assert!(ids.contains(&"csp-directive-unknown"), "{policy:?}");
                }
                _ if *complaint == "none-ignored" => {
                    assert!(ids.contains(&"csp-none-with-others"), "{policy:?}");
                }
                _ => {}
            }
        }
        let expected: Read = serde_json::from_value(case["kept"].clone()).unwrap();
        assert_eq!(read, expected, "{policy:?}");
        // 'report-sample' next to 'none' has no effect, and is rejected.
        let clean = complaints.is_empty() && !policy.contains("'none' 'report-sample'");
        assert_eq!(strict(policy).is_ok(), clean, "{policy:?}");
    }
}

#[test]
fn a_comma_and_a_line_each_start_a_policy() {
    for case in cases("csp_header_lists") {
        let lines = case["headers"].as_array().unwrap();
        let policies: Vec<String> = lines
            .iter()
            .flat_map(|line| ReceivedPolicy::parse_list(text(line).as_bytes()))
            .map(|policy| policy.to_string())
            .collect();
        assert_eq!(Value::from(policies), case["policies"]);
    }
}

#[test]
fn no_fixed_nonce_is_accepted_and_each_is_linted() {
    for case in cases("csp_nonce_source") {
        let source = text(&case["source"]);
        assert!(source.parse::<Source>().is_err(), "{source}");
        assert!(Source::host(source).is_err(), "{source}");
        let policy = format!("script-src {source}");
        assert!(strict(&policy).is_err(), "{source}");
        let [policy] = &ReceivedPolicy::parse_list(policy.as_bytes())[..] else { panic!() };
        assert!(case["nonce"].is_null() || ids(policy).contains(&"csp-nonce-fixed"), "{source}");
        assert!(ContentSecurityPolicy::try_from(policy.clone()).is_err(), "{source}");
    }
}

#[test]
fn a_hash_is_of_a_known_function_and_as_long_as_its_digests() {
    // Each is shorter than a digest, so none can match: rejected, although the grammar allows them.
    for case in cases("csp_hash_source") {
        let source = text(&case["source"]);
        assert!(source.parse::<Source>().is_err(), "{source}");
        assert!(strict(&format!("script-src {source}")).is_err(), "{source}");
    }
    for length in 0..=65 {
        let source = Source::from_digest(&vec![0xFB; length]);
        assert_eq!(source.is_ok(), matches!(length, 32 | 48 | 64), "{length}");
        let Ok(source) = source else { continue };
        let written = source.to_string();
        assert_eq!(written.parse::<Source>(), Ok(source));
        let [algorithm, other] = match length {
            32 => ["sha256", "sha384"],
            48 => ["sha384", "sha512"],
            _ => ["sha512", "sha256"],
        };
        assert!(written.starts_with(&format!("'{algorithm}-+/v7")), "{written}");
        assert!(written.replace(algorithm, other).parse::<Source>().is_err(), "{written}");
    }
}

#[test]
fn a_control_character_voids_its_own_directive_only() {
    for case in cases("csp_invalid_bytes") {
        let byte = u8::from_str_radix(text(&case["appended_byte"]), 16).unwrap();
        let mut bytes = text(&case["policy"]).as_bytes().to_vec();
        bytes.push(byte);
        let policies = ReceivedPolicy::parse_list(&bytes);
        let allows = |policy: &ReceivedPolicy| {
            let ancestors = policy.get("frame-ancestors");
            ancestors.is_none_or(|ancestors| ancestors.values().any(|value| value == "'self'"))
        };
        // A NUL is not tested: no header may contain one.
        let framed = policies.iter().all(allows) && byte != 0;
        assert_eq!(framed, case["may_be_framed_by_own_origin"], "{case}");
        assert!(strict(std::str::from_utf8(&bytes).unwrap()).is_err(), "{case}");
        assert!(HeaderValue::from_bytes(&bytes).is_err(), "{case}");
    }
}

#[test]
fn white_space_is_that_of_ascii() {
    for case in cases("csp_whitespace") {
        let policy = text(&case["policy"]);
        let policies = ReceivedPolicy::parse_list(&latin_1(policy));
        let loads = policies.iter().all(|policy| policy.get("img-src").is_none());
        // A byte that is not ASCII drops the directive, in the algorithm and here.
        let expected = case["image_loads"].as_bool().unwrap_or(true);
        assert_eq!(loads, expected, "{policy:?}");
        let accepted =
            policy.bytes().all(|byte| matches!(byte, b' '..=b'~') || byte.is_ascii_whitespace());
        assert_eq!(strict(policy).is_ok(), accepted && !policy.is_empty(), "{policy:?}");
    }
}

#[test]
fn ancestors_are_those_that_chromium_keeps() {
    for case in cases("csp_frame_ancestors_parse") {
        let value = text(&case["value"]);
        let sources = case["sources"].as_array().unwrap();
        let kept = !sources.is_empty() || case["star"] == true || value == "'none'";
        // Intended difference: a path never matches an origin.
        let path = sources.iter().any(|source| source["path"] != "");
        let expected = kept && !path;
        assert_eq!(strict(&format!("frame-ancestors {value}")).is_ok(), expected, "{value:?}");
        let one = expected && !value.contains('\t') && value != "'none'";
        let scheme =
            sources.first().is_some_and(|source| source["host"] == "") && !value.contains('*');
        assert_eq!(FrameAncestor::host(value).is_ok(), one && !scheme, "{value:?}");
    }
}

#[test]
fn policies_are_parsed_exactly_as_the_algorithm_says() {
    for case in cases("csp_parse") {
        let expected: Vec<Read> = serde_json::from_value(case[1].clone()).unwrap();
        let bytes = text(&case[0]).as_bytes();
        let read: Vec<Read> = ReceivedPolicy::parse_list(bytes).iter().map(directives).collect();
        assert_eq!(read, expected, "{case}");
        assert_eq!(browser::read([bytes]), expected, "{case}");
    }
}

#[test]
fn a_source_is_accepted_exactly_if_the_grammar_has_it() {
    // Legal, but not what an author means: a fixed nonce protects nothing, and a ':' without a port
    // makes a scheme.
    let refused = |text: &str| text.starts_with("'nonce-") || text == "example.com:";
    for case in cases("csp_source_valid") {
        let source = text(&case[0]);
        let expected = case[1] == true && !refused(source);
        assert_eq!(source.parse::<Source>().is_ok(), expected, "{source:?}");
        // In a policy, a space separates two sources, and some keywords have no effect in script-src.
        if source.contains(' ') || source.contains("webtransport") {
            continue;
        }
        let read = strict(&format!("script-src {source}"));
        assert_eq!(read.is_ok(), expected, "{source:?}: {read:?}");
    }
}

#[test]
fn a_hash_of_a_text_is_the_one_that_browsers_compute() {
    for case in cases("csp_hash") {
        let expression = text(&case["expression"]);
        let written = expression.to_ascii_lowercase();
        let own = match written.get(1..7) {
            Some("sha384") => Source::sha384(text(&case["text"])),
            Some("sha512") => Source::sha512(text(&case["text"])),
            _ => Source::sha256(text(&case["text"])),
        };
        let same = own.to_string() == expression.replace("SHA", "sha");
        assert_eq!(same, case["matches"], "{case}");
        let whole = case["why"] != "unpadded";
        assert_eq!(expression.parse::<Source>().is_ok(), whole, "{case}");
    }
}

#[test]
fn newlines_are_hashed_as_the_html_parser_normalises_them() {
    let functions: [fn(&str) -> Source; 3] =
        [|text| Source::sha256(text), |text| Source::sha384(text), |text| Source::sha512(text)];
    for hash in functions {
        let lines = ["a\nb\n\nc\n", "a\r\nb\r\n\r\nc\r\n", "a\rb\r\rc\r"].map(hash);
        assert!(lines.iter().all(|line| *line == lines[0]));
        assert_ne!(hash("a\n\rb"), hash("a\nb"));
        assert_eq!(hash("a\n\rb"), hash("a\n\nb"));
        assert_eq!(hash("\r"), hash("\n"));
        assert_ne!(hash(" a"), hash("a"));
    }
}

#[test]
fn a_text_and_its_bytes_have_one_hash_in_each_function() {
    // FIPS 180-4's own examples, of "abc".
    let text = "abc";
    for (source, digest) in [
        (Source::sha256(text), "'sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0='"),
        (
            Source::sha384(text),
            "'sha384-ywB1P0WjXou1oD1pmsZQBycsMqsO3tFjGotgWkP/W+2AhgcroefMI1i67KE0yCWn'",
        ),
        (
            Source::sha512(text),
            "'sha512-3a81oZNherrMQXNJriBBMRLm+k6JqX6iCp7u5ktV05ohkpkqJ0/BqDa6PCOj/uu9RU1EI2Q86A4qmslPpUyknw=='",
        ),
    ] {
        assert_eq!(source.to_string(), digest);
        assert_eq!(digest.parse(), Ok(source));
    }
    assert_eq!(Source::sha384(text.as_bytes()), Source::sha384(text));
    // Bytes that are not UTF-8 are hashed unchanged.
    assert_ne!(Source::sha256([0xFF, b'\r']), Source::sha256([0xFF]));
}
