//! Tests inline code, `eval` and Trusted Types.

use tower_hardening::csp::{Load, Source};

use super::{NONCE, assert_answer, held_to};

#[test]
fn inline_code_needs_unsafe_inline_a_nonce_or_a_hash() {
    let hash = Source::sha256("run()").to_string();
    let script = Load::inline_script("run()");
    let nonce = script.clone().with_nonce(NONCE);
    for (list, load, answer) in [
        ("'self'", &script, "blocked by script-src".to_owned()),
        ("'unsafe-inline'", &script, "allowed by script-src 'unsafe-inline'".to_owned()),
        ("'Unsafe-Inline' 'nonce-a'", &script, "blocked by script-src 'nonce-a'".to_owned()),
        (
            "'unsafe-inline' 'strict-dynamic'",
            &script,
            "blocked by script-src 'strict-dynamic'".to_owned(),
        ),
        (&format!("'nonce-{NONCE}'"), &nonce, format!("allowed by script-src 'nonce-{NONCE}'")),
        ("'nonce-MTIzNDU2Nzg5MDEyMzQ1Njc5'", &nonce, "blocked by script-src".to_owned()),
        (&hash, &script, format!("allowed by script-src {hash}")),
        (&hash, &Load::inline_script("run() "), "blocked by script-src".to_owned()),
    ] {
        assert_answer(&format!("script-src {list}"), load, &answer);
    }
    let given = Load::inline_script("").with_hash(Source::sha512("run()"));
    let sha512 = Source::sha512("run()").to_string().replace('+', "-").replace('/', "_");
    let allowed = format!("allowed by script-src {sha512}");
    assert_answer(&format!("script-src {sha512}"), &given, &allowed);
}

#[test]
fn an_attribute_needs_unsafe_hashes_next_to_its_hash() {
    let hash = Source::sha384("color: red");
    let style = Load::style_attribute("color: red");
    assert_answer(&format!("style-src {hash}"), &style, "blocked by style-src");
    let allowed = format!("allowed by style-src {hash}");
    assert_answer(&format!("style-src 'unsafe-hashes' {hash}"), &style, &allowed);
    // A nonce allows elements only.
    let handler = Load::event_handler("run()").with_nonce("abc");
    assert_answer("script-src 'nonce-abc'", &handler, "blocked by script-src");
    assert_answer("script-src-attr 'none'; script-src *", &handler, "blocked by script-src-attr");
    assert_answer("script-src 'unsafe-inline'", &style, "allowed, since no directive limits it");
}

#[test]
fn a_javascript_url_needs_unsafe_inline_or_its_hash() {
    let url = "javascript:run()";
    let hash = Source::sha256(url);
    let load = Load::javascript_url(url);
    assert_answer("script-src 'self'", &load, "blocked by script-src");
    assert_answer("script-src 'unsafe-inline'", &load, "allowed by script-src 'unsafe-inline'");
    let allowed = format!("allowed by script-src {hash}");
    assert_answer(&format!("script-src 'unsafe-hashes' {hash}"), &load, &allowed);
    assert_answer(
        "script-src 'unsafe-inline'; require-trusted-types-for 'script'",
        &load,
        "blocked by require-trusted-types-for 'script'",
    );
}

#[test]
fn speculation_rules_have_a_keyword_of_their_own() {
    let rules = Load::speculation_rules("{}");
    let list = "script-src 'inline-speculation-rules'";
    assert_answer(list, &rules, "allowed by script-src 'inline-speculation-rules'");
    assert_answer(list, &Load::inline_script("{}"), "blocked by script-src");
    assert_answer(&format!("{list} 'nonce-a'"), &rules, "blocked by script-src 'nonce-a'");
}

#[test]
fn eval_and_web_assembly_need_their_keywords() {
    for (policy, eval, wasm) in [
        ("script-src 'self'", false, false),
        ("script-src 'unsafe-eval'", true, true),
        ("default-src 'wasm-unsafe-eval'", false, true),
        ("script-src-elem 'unsafe-eval'; script-src 'none'", false, false),
        ("img-src 'none'", true, true),
    ] {
        assert_eq!(held_to(policy).allows(&Load::eval()).is_allowed(), eval, "{policy}");
        assert_eq!(held_to(policy).allows(&Load::web_assembly()).is_allowed(), wasm, "{policy}");
    }
    let trusted = Load::eval_of_trusted_script();
    let list = "script-src 'trusted-types-eval'";
    assert_answer(list, &trusted, "blocked by script-src");
    let required = format!("{list}; require-trusted-types-for 'script'");
    assert_answer(&required, &trusted, "allowed by script-src 'trusted-types-eval'");
    assert_answer(&required, &Load::eval(), "blocked by require-trusted-types-for 'script'");
}

#[test]
fn trusted_types_limit_sinks_and_names() {
    let sink = Load::trusted_types_sink();
    assert_answer(
        "require-trusted-types-for 'script'",
        &sink,
        "blocked by require-trusted-types-for 'script'",
    );
    assert_answer("trusted-types a", &sink, "allowed, since no directive limits it");
    let (new, used) = (Load::trusted_types_policy("a"), Load::repeated_trusted_types_policy("a"));
    assert_answer("trusted-types a b", &new, "allowed by trusted-types a");
    assert_answer("trusted-types *", &new, "allowed by trusted-types *");
    assert_answer("trusted-types A", &new, "blocked by trusted-types");
    assert_answer("trusted-types 'none'", &new, "blocked by trusted-types");
    assert_answer("trusted-types", &new, "blocked by trusted-types");
    assert_answer("trusted-types a", &used, "blocked by trusted-types");
    assert_answer("trusted-types a 'allow-duplicates'", &used, "allowed by trusted-types a");
}
