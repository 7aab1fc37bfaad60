//! Tests each source, keyword and pair of directives of the specification that has no effect, or
//! that undoes another one, with its lints; next to each the nearest one that has an effect.

use tower_hardening::csp::ReceivedPolicy;

/// Returns the lints of the policy, without those of directives that it lacks.
fn ids(text: &str) -> Vec<&'static str> {
    let lints = ReceivedPolicy::lint_list(text.as_bytes());
    lints.iter().map(|lint| lint.id()).filter(|id| !id.ends_with("-missing")).collect()
}

fn check(rows: &[(&str, &[&str])]) {
    for (policy, expected) in rows {
        assert_eq!(ids(policy), *expected, "{policy}");
    }
}

const SCHEME: &[&str] = &["csp-scheme-without-effect"];
const REDUNDANT: &[&str] = &["csp-source-redundant"];
const DOTS: &[&str] = &["csp-path-dots"];
const BLOCKS: &[&str] = &["csp-sandbox-blocks"];

#[test]
fn a_path_that_no_address_has_is_reported() {
    check(&[
        ("img-src https://a.example/../x", DOTS),
        ("img-src https://a.example/./", DOTS),
        ("img-src a.example/x/%2e%2E/y", DOTS),
        ("img-src a.example/%2E", DOTS),
        ("img-src a.example/x/.%2e", DOTS),
        ("script-src 'self' a.example/x/..", DOTS),
        ("img-src a.example/.well-known/x", &[]),
        ("img-src a.example/x..y/...", &[]),
        ("img-src a.example/%2f", &[]),
        ("img-src https://a.example/*", &["csp-path-star"]),
        ("base-uri https://a.example/x", &["csp-base-path"]),
        ("base-uri https://a.example/", &[]),
        ("frame-ancestors https://a.example/x", &["csp-ancestor-path"]),
        ("frame-ancestors https://a.example/", &[]),
    ]);
}

#[test]
fn a_directive_that_only_script_uses_is_reported_where_no_script_runs() {
    let blocks: &[&str] = &["csp-script-blocks"];
    check(&[
        ("script-src 'none'; worker-src 'self'", blocks),
        ("default-src 'none'; worker-src blob:", blocks),
        ("default-src 'none'; require-trusted-types-for 'script'", blocks),
        ("script-src 'none'; webrtc 'block'", blocks),
        ("script-src-elem 'none'; script-src-attr 'none'; worker-src 'self'", blocks),
        ("script-src 'none'; worker-src 'none'", &[]),
        ("default-src 'none'; connect-src 'self'", &[]),
        (
            "default-src 'none'; trusted-types 'none'; script-src 'self'; require-trusted-types-for 'script'",
            &[],
        ),
        ("script-src 'none'; script-src-elem 'self'; worker-src 'self'", &[]),
        (
            "script-src 'none'; script-src-attr 'unsafe-hashes' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='; worker-src 'self'",
            &[],
        ),
        ("worker-src 'self'", &[]),
    ]);
}

#[test]
fn a_value_that_changes_nothing_is_reported() {
    let repeated: &[&str] = &["csp-source-repeated"];
    check(&[
        (
            "style-src 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' 'sha256-47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU='",
            repeated,
        ),
        (
            "style-src 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' 'sha256-57DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU='",
            &[],
        ),
        ("script-src 'self'; require-trusted-types-for 'script' 'script'", repeated),
        ("webrtc 'allow'", &["csp-webrtc-allow"]),
        ("img-src a.example:0", &["csp-port-without-effect"]),
        ("img-src http: a.example", &["csp-insecure-source", "csp-source-redundant"]),
        ("img-src https: a.example", &[]),
        ("img-src 0.0.0.0", &["csp-localhost-source"]),
        ("report-uri /r#csp", &["csp-report-fragment"]),
    ]);
}

#[test]
fn a_scheme_that_a_directive_cannot_allow_is_reported() {
    check(&[
        ("img-src ftp:", SCHEME),
        ("img-src file:", SCHEME),
        ("script-src ftp://a.example", SCHEME),
        ("connect-src about:", SCHEME),
        ("style-src javascript:", SCHEME),
        ("frame-src javascript:", SCHEME),
        ("frame-src about:", SCHEME),
        ("media-src mediastream:", SCHEME),
        ("connect-src mailto:", SCHEME),
        // Chromium checks frames that open another program.
        ("frame-src mailto:", &[]),
        ("default-src 'self' tel:", &[]),
        ("frame-src app-x:", &[]),
        ("form-action data:", SCHEME),
        ("form-action javascript:", SCHEME),
        ("form-action blob:", SCHEME),
        ("form-action mailto:", &[]),
        ("form-action app-x:", &[]),
        ("frame-ancestors data:", SCHEME),
        ("frame-ancestors file:", SCHEME),
        ("frame-ancestors ftp://a.example", SCHEME),
        ("frame-ancestors mailto:", SCHEME),
        ("base-uri data:", SCHEME),
        ("base-uri blob:", SCHEME),
        ("base-uri javascript:", SCHEME),
        ("img-src blob://a.example", SCHEME),
        ("img-src data://x", SCHEME),
        ("img-src data:*", &["csp-host-is-scheme"]),
        ("img-src https:443", &["csp-host-is-scheme"]),
        ("img-src data: blob: filesystem:", &[]),
        (
            "fenced-frame-src http://a.example",
            &["csp-insecure-source", "csp-scheme-without-effect"],
        ),
    ]);
}

#[test]
fn a_websocket_source_outside_connect_src_has_one_lint() {
    let websocket = &["csp-websocket-without-effect"][..];
    check(&[
        ("img-src wss:", websocket),
        ("form-action wss:", websocket),
        ("frame-ancestors wss:", websocket),
        ("base-uri wss://a.example", websocket),
        ("connect-src wss://a.example", &[]),
        ("connect-src wss:", &["csp-connect-anywhere"]),
    ]);
}

#[test]
fn a_source_that_another_one_contains_is_reported() {
    check(&[
        ("img-src https: https://a.example", REDUNDANT),
        ("img-src https://a.example https:", REDUNDANT),
        ("connect-src wss://*.a.example wss://b.a.example", REDUNDANT),
        (
            "connect-src ws://a.example wss://a.example",
            &["csp-insecure-source", "csp-source-redundant"],
        ),
        (
            "img-src http://a.example https://a.example",
            &["csp-insecure-source", "csp-source-redundant"],
        ),
        ("img-src http: https:", &["csp-insecure-source", "csp-source-redundant"]),
        ("img-src a.example https://a.example:443", REDUNDANT),
        ("img-src a.example:443 a.example:00443", REDUNDANT),
        ("img-src a.example:* a.example:8443", REDUNDANT),
        ("img-src a.example/x/ a.example/x/y", REDUNDANT),
        ("img-src * 'self'", &["csp-anywhere", "csp-source-redundant"]),
        // A page on http loads the second over http.
        ("img-src https: a.example", &[]),
        ("img-src https://a.example a.example:443", &[]),
        ("img-src *.a.example a.example", &[]),
        ("img-src 'self' data: blob:", &[]),
        ("img-src * data:", &["csp-anywhere"]),
        // Browsers do not agree on whether a source of WebSockets allows other requests.
        ("connect-src wss://a.example https://a.example", &[]),
    ]);
}

#[test]
fn a_wildcard_over_hosts_that_anybody_can_get_is_reported_in_every_directive() {
    check(&[
        ("img-src *.com", &["csp-anywhere"]),
        ("style-src *.co.uk", &["csp-anywhere"]),
        ("connect-src *.com", &["csp-connect-anywhere"]),
        ("form-action https://*.net", &["csp-form-action-anywhere"]),
        ("frame-ancestors *.org", &["csp-frame-ancestors-anywhere"]),
        ("script-src *.io", &["csp-script-anywhere"]),
        ("object-src *.dev", &["csp-script-anywhere"]),
        ("base-uri *.dev", &["csp-script-anywhere"]),
        ("connect-src *.github.io", &["csp-shared-host"]),
        ("form-action *.herokuapp.com", &["csp-shared-host"]),
        ("frame-ancestors https://*.vercel.app", &["csp-shared-host"]),
        ("style-src *.amazonaws.com", &["csp-shared-host"]),
        ("frame-src *.s3.eu-west-1.amazonaws.com", &["csp-shared-host"]),
        // Pictures of others are harmless.
        ("img-src *.github.io", &[]),
        ("connect-src me.github.io", &[]),
        ("connect-src *.a.example", &[]),
        ("connect-src *.localhost", &["csp-localhost-source"]),
    ]);
}

#[test]
fn a_keyword_a_nonce_or_a_hash_in_a_directive_that_ignores_it_is_reported() {
    let keyword = &["csp-keyword-without-effect"][..];
    let nonce = &["csp-nonce-without-effect"][..];
    let eval = &["csp-eval-without-effect"][..];
    for name in [
        "img-src",
        "font-src",
        "media-src",
        "frame-src",
        "worker-src",
        "manifest-src",
        "base-uri",
        "form-action",
        "frame-ancestors",
        "connect-src",
        "object-src",
    ] {
        for (source, expected) in [
            ("'nonce-{}'", nonce),
            ("'sha256-jzgBGA4UWFFmpOBq0JpdsySukE1FrEN5bUpoK8Z29fY='", nonce),
            ("'unsafe-eval'", eval),
            ("'wasm-unsafe-eval'", eval),
            ("'unsafe-inline'", keyword),
            ("'strict-dynamic'", keyword),
            ("'unsafe-hashes'", keyword),
            ("'report-sample'", keyword),
            ("'report-sha256'", keyword),
            ("'inline-speculation-rules'", keyword),
        ] {
            let told = ids(&format!("{name} {source}; report-uri /csp; report-to csp"));
            assert!(expected.iter().all(|id| told.contains(id)), "{name} {source}: {told:?}");
        }
    }
    check(&[
        ("style-src 'strict-dynamic'", keyword),
        ("style-src 'unsafe-eval'", eval),
        ("script-src-elem 'unsafe-eval'", &["csp-eval-without-effect", "csp-script-unsafe-eval"]),
        ("script-src-attr 'nonce-{}'", nonce),
        ("img-src 'unsafe-webtransport-hashes'", keyword),
        ("connect-src 'unsafe-webtransport-hashes'", &[]),
        ("script-src 'report-sample' 'self'", &["csp-report-sample-mute"]),
        ("style-src 'report-sample' 'self'; report-uri /csp", &[]),
        ("style-src 'unsafe-hashes' 'self'", &["csp-unsafe-hashes-without-hash"]),
        ("script-src 'unsafe-hashes' 'nonce-{}'", &["csp-unsafe-hashes-without-hash"]),
        ("script-src 'none' 'report-sample'; report-uri /csp", &["csp-none-with-others"]),
        ("script-src-attr a.example", &["csp-host-without-effect"]),
        (
            "script-src 'unsafe-eval' 'wasm-unsafe-eval'",
            &["csp-source-redundant", "csp-script-unsafe-eval"],
        ),
    ]);
}

#[test]
fn a_directive_that_a_sandbox_overrules_is_reported() {
    check(&[
        ("sandbox; script-src 'self'", BLOCKS),
        ("sandbox; script-src-elem 'self'", BLOCKS),
        (
            "sandbox; script-src-attr 'unsafe-hashes' 'sha256-jzgBGA4UWFFmpOBq0JpdsySukE1FrEN5bUpoK8Z29fY='",
            BLOCKS,
        ),
        ("sandbox; worker-src 'self'", BLOCKS),
        ("sandbox; require-trusted-types-for 'script'", BLOCKS),
        ("sandbox; form-action 'self'", BLOCKS),
        ("sandbox allow-scripts; worker-src 'self'", BLOCKS),
        ("sandbox allow-scripts; worker-src blob:", &[]),
        ("sandbox allow-scripts; script-src 'self'", &[]),
        ("sandbox; img-src 'self'; style-src 'self'; frame-src 'self'", &[]),
        ("sandbox; script-src 'none'; worker-src 'none'; form-action 'none'", &[]),
        ("sandbox allow-scripts; default-src 'none'", &["csp-sandbox-needless"]),
        ("sandbox allow-scripts; default-src 'none'; script-src-elem 'self'", &[]),
        ("sandbox allow-forms; form-action 'none'", &[]),
        ("sandbox allow-forms; form-action 'self'", &[]),
        ("sandbox allow-scripts allow-same-origin", &["csp-sandbox-weak"]),
        (
            "sandbox allow-top-navigation allow-top-navigation-by-user-activation",
            &["csp-sandbox-redundant"],
        ),
        (
            "sandbox allow-top-navigation allow-top-navigation-to-custom-protocols",
            &["csp-sandbox-redundant"],
        ),
        (
            "sandbox allow-popups allow-top-navigation-to-custom-protocols",
            &["csp-sandbox-redundant"],
        ),
        (
            "sandbox allow-top-navigation-by-user-activation allow-top-navigation-to-custom-protocols",
            &[],
        ),
        ("sandbox allow-popups-to-escape-sandbox", &["csp-sandbox-without-effect"]),
        ("sandbox allow-modals", &["csp-sandbox-without-effect"]),
        ("sandbox allow-downloads", &[]),
    ]);
}

#[test]
fn a_directive_that_another_one_makes_superfluous_is_reported() {
    let workers = "csp-child-src-workers";
    check(&[
        ("child-src 'self'; frame-src 'self'", &["csp-directive-redundant", workers]),
        ("child-src 'self'; frame-src 'self' a.example", &[workers]),
        ("child-src 'self'; frame-src 'none'; worker-src 'none'", &["csp-directive-shadowed"]),
        ("frame-src 'self'; fenced-frame-src 'self'", &["csp-directive-redundant"]),
        (
            "script-src 'self' a.example; script-src-elem A.example 'self'",
            &["csp-directive-redundant"],
        ),
        (
            "style-src a 'unsafe-inline'; style-src-elem 'unsafe-inline' a",
            &[
                "csp-style-unsafe-inline",
                "csp-style-unsafe-inline",
                "csp-source-shadowed",
                "csp-directive-redundant",
            ],
        ),
        ("trusted-types a", &["csp-trusted-types-unused"]),
        ("trusted-types a; require-trusted-types-for 'script'", &[]),
        ("script-src 'trusted-types-eval'", &["csp-trusted-types-eval-without-requirement"]),
        ("upgrade-insecure-requests; img-src http://a.example", &["csp-insecure-source"]),
        ("upgrade-insecure-requests; block-all-mixed-content", &["csp-directive-deprecated"]),
        // Usual, and easier to read than the fallback.
        ("default-src 'self'; script-src 'self'; img-src 'self'", &[]),
        ("default-src 'none'; object-src 'none'; script-src 'none'", &[]),
        ("default-src 'none'; style-src 'self'; img-src 'self'", &[]),
    ]);
}

#[test]
fn a_directive_that_browsers_removed_or_never_had_is_reported_with_its_replacement() {
    for (policy, remedy) in [
        ("plugin-types a/b", "; write object-src 'none'"),
        (
            "block-all-mixed-content",
            "; remove it, since browsers upgrade or block mixed content anyway",
        ),
        ("navigate-to 'self'", "; remove it"),
        ("prefetch-src 'self'", "; write the sources in default-src"),
        ("referrer no-referrer", "; send a referrer-policy header"),
        ("reflected-xss block", "; remove it"),
        ("require-sri-for script", "; send an integrity-policy header"),
        ("disown-opener", "; send a cross-origin-opener-policy header"),
        ("xhr-src 'self'", "; write connect-src"),
        ("options inline-script", "; write 'unsafe-inline' or 'unsafe-eval' in script-src"),
        ("script-nonce abc", "; write a nonce in script-src"),
        ("allow 'self'", "; write default-src"),
        ("policy-uri /x", "; write the policy itself"),
        ("frame-ancestor 'none'", "; did you mean 'frame-ancestors'?"),
        ("defualt-src 'none'", "; did you mean 'default-src'?"),
        ("quality high", "; correct it or remove it"),
    ] {
        let lints = ReceivedPolicy::lint_list(policy.as_bytes());
        assert!(lints[0].message().ends_with(remedy), "{}", lints[0]);
    }
}

#[test]
fn a_source_that_is_upgraded_is_not_called_unencrypted() {
    let message = |policy: &str| {
        let lints = ReceivedPolicy::lint_list(policy.as_bytes());
        lints.iter().find(|lint| lint.id() == "csp-insecure-source").unwrap().message().to_owned()
    };
    let upgraded = "is loaded over https or wss, since the policy has upgrade-insecure-requests; write https or wss";
    assert!(message("img-src http://a.example; upgrade-insecure-requests").contains(upgraded));
    assert!(message("img-src http://a.example").contains("is not encrypted"));
    // Ancestors and the base are not requests.
    assert!(
        message("frame-ancestors http://a.example; upgrade-insecure-requests")
            .contains("is not encrypted")
    );
}
