//! Tests the evaluator with the vectors of browsers.

use serde_json::Value;
use tower_hardening::csp::{Destination::Image, Evaluator, Load};

use super::{enforcing, fetch, held_to, page};

fn cases(set: &str) -> Vec<Value> {
    let file: Value = serde_json::from_str(include_str!("../../vectors/csp.json")).unwrap();
    file[set]["vectors"].as_array().unwrap().clone()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// Reads the code points of a vector, up to U+00FF, as the bytes of a header.
fn held_to_latin_1(policy: &str) -> Evaluator {
    let bytes: Vec<u8> = policy.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    enforcing(Evaluator::new(page("https://own.example")), &bytes)
}

#[test]
fn the_vectors_of_white_space_load_the_image_or_not() {
    for case in cases("csp_whitespace") {
        let own = fetch(Image, "https://own.example/a.png");
        let answer = held_to_latin_1(text(&case["policy"])).allows(&own);
        assert_eq!(answer.is_allowed(), case["image_loads"].as_bool().unwrap_or(true), "{case}");
    }
}

#[test]
fn the_vectors_of_control_characters_frame_the_page_or_not() {
    for case in cases("csp_invalid_bytes") {
        let byte = u8::from_str_radix(text(&case["appended_byte"]), 16).unwrap();
        // A NUL is not tested: no header may contain one.
        if byte == 0 {
            continue;
        }
        let policy = format!("{}{}", text(&case["policy"]), char::from(byte));
        let framed = Load::framed_by([page("https://own.example")]);
        let answer = held_to_latin_1(&policy).allows(&framed);
        assert_eq!(answer.is_allowed(), case["may_be_framed_by_own_origin"], "{case}");
    }
}

#[test]
fn inline_scripts_match_the_vectors_of_nonces_and_hashes() {
    for case in cases("csp_nonce_source") {
        let evaluator = held_to(&format!("script-src {}", text(&case["source"])));
        for nonce in ["a", "a==", "cde=", "a===", "cde===", ""] {
            let answer = evaluator.allows(&Load::inline_script("").with_nonce(nonce));
            assert_eq!(
                answer.is_allowed(),
                case["nonce"].as_str() == Some(nonce),
                "{case}: {nonce}"
            );
        }
    }
    for case in cases("csp_hash") {
        let evaluator = held_to(&format!("script-src {}", text(&case["expression"])));
        let answer = evaluator.allows(&Load::inline_script(text(&case["text"])));
        assert_eq!(answer.is_allowed(), case["matches"], "{case}");
    }
}

/// Returns an origin that a source of the vectors allows, if one exists.
fn allowed_by(source: &Value) -> Option<String> {
    let host = match (text(&source["host"]), source["host_wildcard"] == true) {
        ("", _) => "any.example".to_owned(),
        (host, true) => format!("below.{host}"),
        (host, false) => host.to_owned(),
    };
    let port = source["port"].as_u64().map_or_else(String::new, |port| format!(":{port}"));
    let is_web = matches!(text(&source["scheme"]), "" | "https");
    // No page has port 0, or an origin that ends in a dot.
    (is_web && !host.ends_with('.') && port != ":0").then(|| format!("https://{host}{port}"))
}

#[test]
fn the_vectors_of_frame_ancestors_frame_the_page_or_not() {
    let mut matched = 0;
    for case in cases("csp_frame_ancestors_parse") {
        let evaluator = held_to(&format!("frame-ancestors {}", text(&case["value"])));
        let frames = |origin: &str| evaluator.allows(&Load::framed_by([page(origin)])).is_allowed();
        let sources = case["sources"].as_array().unwrap();
        for source in sources {
            let Some(origin) = allowed_by(source) else { continue };
            assert_eq!(frames(&origin), text(&source["path"]).is_empty(), "{case}: {origin}");
            matched += 1;
        }
        if sources.is_empty() {
            assert_eq!(frames("https://a.example"), case["star"] == true, "{case}");
        }
    }
    assert!(matched > 8, "{matched}");
}
