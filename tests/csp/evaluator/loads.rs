//! Tests which directive limits a load, and the special rules of some loads.

use tower_hardening::csp::{Destination::*, Load, Source};

use super::{assert_answer, fetch, held_to, page};

#[test]
fn each_load_is_limited_by_the_first_directive_of_its_chain() {
    for (destination, chain) in [
        (Connect, "connect-src default-src"),
        (Json, "connect-src default-src"),
        (Script, "script-src-elem script-src default-src"),
        (AudioWorklet, "script-src-elem script-src default-src"),
        (PaintWorklet, "script-src-elem script-src default-src"),
        (Xslt, "script-src-elem script-src default-src"),
        (Worker, "worker-src child-src script-src default-src"),
        (SharedWorker, "worker-src child-src script-src default-src"),
        (ServiceWorker, "worker-src child-src script-src default-src"),
        (Style, "style-src-elem style-src default-src"),
        (Image, "img-src default-src"),
        (Font, "font-src default-src"),
        (Audio, "media-src default-src"),
        (Video, "media-src default-src"),
        (Track, "media-src default-src"),
        (Manifest, "manifest-src default-src"),
        (Object, "object-src default-src"),
        (Embed, "object-src default-src"),
        (Frame, "frame-src child-src default-src"),
        (FencedFrame, "fenced-frame-src frame-src child-src default-src"),
        (Prefetch, "default-src"),
    ] {
        let load = fetch(destination, "https://own.example/x");
        let mut names: Vec<&str> = chain.split(' ').collect();
        while let Some(first) = names.first().copied() {
            // The directive decides alone: its fallbacks would allow the load.
            let rest = names[1..].iter().map(|name| format!("; {name} *")).collect::<String>();
            assert_answer(&format!("{first} 'none'{rest}"), &load, &format!("blocked by {first}"));
            names.remove(0);
        }
        assert_answer("base-uri 'none'", &load, "allowed, since no directive limits it");
    }
    let report = fetch(Report, "https://reports.example/");
    assert_answer("default-src 'none'", &report, "allowed, since no directive limits it");
}

#[test]
fn a_prefetch_is_allowed_if_any_directive_allows_its_url() {
    let load = fetch(Prefetch, "https://cdn.example/next");
    assert_answer(
        "default-src 'none'; img-src cdn.example",
        &load,
        "allowed by img-src cdn.example",
    );
    assert_answer("default-src 'none'; img-src 'self'", &load, "blocked by default-src");
    assert_answer("img-src 'self'", &load, "allowed, since no directive limits it");
}

#[test]
fn strict_dynamic_trusts_scripts_of_scripts_and_ignores_hosts() {
    let script = fetch(Script, "https://own.example/a.js");
    let list = "script-src 'self' https: 'nonce-a' 'strict-dynamic'";
    assert_answer(list, &script, "blocked by script-src 'strict-dynamic'");
    let inserted = script.clone().inserted_by_script();
    assert_answer(list, &inserted, "allowed by script-src 'strict-dynamic'");
    assert_answer(list, &script.clone().with_nonce("a"), "allowed by script-src 'nonce-a'");
    let worker = fetch(Worker, "https://own.example/a.js");
    assert_answer(list, &worker, "allowed by script-src 'strict-dynamic'");
    // `child-src` and `default-src` compare URLs for a worker.
    assert_answer("default-src 'strict-dynamic'", &worker, "blocked by default-src");
    assert_answer("child-src 'self'; script-src 'none'", &worker, "allowed by child-src 'self'");
}

#[test]
fn integrity_allows_a_script_if_the_policy_has_each_of_its_hashes() {
    let (one, two) = (Source::sha256("1").to_string(), Source::sha256("2").to_string());
    let value = |source: &str| source.trim_matches('\'').to_owned();
    let script = fetch(Script, "https://cdn.example/a.js");
    let list = format!("script-src {one}");
    let with = |integrity: &str| script.clone().with_integrity(integrity);
    assert_answer(&list, &script, "blocked by script-src");
    let allowed = format!("allowed by script-src {one}");
    assert_answer(&list, &with(&value(&one)), &allowed);
    assert_answer(&list, &with(&format!("md5-a {}?ct=x", value(&one))), &allowed);
    let both = format!("{} {}", value(&one), value(&two));
    assert_answer(&list, &with(&both), "blocked by script-src");
    let style = fetch(Style, "https://cdn.example/a.css").with_integrity(&value(&one));
    assert_answer(&format!("style-src {one}"), &style, "blocked by style-src");
}

#[test]
fn base_forms_and_frames_have_no_fallback() {
    let base = Load::base("https://cdn.example/").unwrap();
    assert_answer("default-src 'none'", &base, "allowed, since no directive limits it");
    assert_answer("base-uri 'self'", &base, "blocked by base-uri");
    let form = Load::form_action("https://own.example/pay").unwrap();
    assert_answer("default-src 'none'", &form, "allowed, since no directive limits it");
    assert_answer("form-action 'self'", &form, "allowed by form-action 'self'");
    let framed = |origins: &[&str]| Load::framed_by(origins.iter().map(|origin| page(origin)));
    let list = "frame-ancestors 'self' https://partner.example";
    assert_answer(
        list,
        &framed(&["https://partner.example"]),
        "allowed by frame-ancestors https://partner.example",
    );
    let nested = framed(&["https://partner.example", "https://evil.example"]);
    assert_answer(list, &nested, "blocked by frame-ancestors");
    assert_answer(list, &framed(&[]), "allowed, since no directive limits it");
}

#[test]
fn a_redirect_of_a_form_is_checked_by_csp3_and_not_by_firefox() {
    let form = Load::form_action("https://own.example/pay").unwrap();
    let form = form.redirected_to("https://bank.example/").unwrap();
    let answer = held_to("form-action 'self'").allows(&form);
    assert!(!answer.is_allowed());
    let [difference] = answer.differences() else { panic!("{answer}") };
    assert_eq!((difference.engines(), difference.is_allowed()), ("Firefox", true));
    assert!(held_to("form-action 'self' bank.example").allows(&form).differences().is_empty());
}
