//! Replacing, extending and removing directives.

use tower_hardening::*;

use super::sources::{CONSTANTS, DIRECTIVES};

fn policy(text: &str) -> ContentSecurityPolicy {
    ContentSecurityPolicy::parse(text.as_bytes()).pop().unwrap()
}

fn host(text: &str) -> Source {
    Source::host(text).unwrap()
}

fn extended(text: &str, directive: SourceDirective) -> String {
    policy(text).extend(directive, [host("x.example")]).to_string()
}

#[test]
fn adv_017_what_is_extended_starts_from_the_nearest_of_its_chain() {
    // CSP3 section 6.8.3, nearest first.
    let chains: [(SourceDirective, &[&str]); 19] = [
        (SourceDirective::DEFAULT_SRC, &[]),
        (SourceDirective::SCRIPT_SRC, &["default-src"]),
        (SourceDirective::SCRIPT_SRC_ELEM, &["script-src", "default-src"]),
        (SourceDirective::SCRIPT_SRC_ATTR, &["script-src", "default-src"]),
        (SourceDirective::STYLE_SRC, &["default-src"]),
        (SourceDirective::STYLE_SRC_ELEM, &["style-src", "default-src"]),
        (SourceDirective::STYLE_SRC_ATTR, &["style-src", "default-src"]),
        (SourceDirective::IMG_SRC, &["default-src"]),
        (SourceDirective::FONT_SRC, &["default-src"]),
        (SourceDirective::MEDIA_SRC, &["default-src"]),
        (SourceDirective::CONNECT_SRC, &["default-src"]),
        (SourceDirective::MANIFEST_SRC, &["default-src"]),
        (SourceDirective::OBJECT_SRC, &["default-src"]),
        (SourceDirective::CHILD_SRC, &["default-src"]),
        (SourceDirective::FRAME_SRC, &["child-src", "default-src"]),
        (SourceDirective::FENCED_FRAME_SRC, &["frame-src", "child-src", "default-src"]),
        (SourceDirective::WORKER_SRC, &["child-src", "script-src", "default-src"]),
        (SourceDirective::BASE_URI, &[]),
        (SourceDirective::FORM_ACTION, &[]),
    ];
    let every = "default-src a; script-src b; style-src c; child-src d; frame-src e";
    let value = |name: &str| {
        every.split("; ").find_map(|one| one.strip_prefix(&format!("{name} "))).unwrap()
    };
    for (directive, chain) in chains {
        assert_eq!(directive.fallback(), chain);
        for (index, from) in chain.iter().enumerate() {
            // All that stand further off are there as well, none that is nearer.
            let further = chain[index..].iter().map(|name| format!("{name} {}", value(name)));
            let base = further.collect::<Vec<_>>().join("; ");
            let expected = format!("{base}; {} {} x.example", directive.name(), value(from));
            assert_eq!(extended(&base, directive), expected);
        }
    }
}

#[test]
fn adv_017_what_allows_everything_is_not_narrowed() {
    let base = "frame-ancestors 'none'";
    for directive in DIRECTIVES {
        let own = [SourceDirective::BASE_URI, SourceDirective::FORM_ACTION].contains(&directive);
        if own {
            // Without a fallback it starts from itself, and never from default-src.
            let expected = format!("default-src a; {} x.example", directive.name());
            assert_eq!(extended("default-src a", directive), expected);
        } else {
            assert_eq!(extended(base, directive), base);
        }
    }
}

#[test]
fn what_is_there_is_extended_in_its_place() {
    for (base, expected) in [
        ("img-src a; default-src b", "img-src a x.example; default-src b"),
        ("img-src 'none'; default-src b", "img-src x.example; default-src b"),
        ("img-src 'NONE'; default-src b", "img-src x.example; default-src b"),
        ("img-src; default-src b", "img-src x.example; default-src b"),
        ("default-src 'none'", "default-src 'none'; img-src x.example"),
        ("img-src x.example", "img-src x.example"),
        ("img-src *", "img-src * x.example"),
    ] {
        assert_eq!(extended(base, SourceDirective::IMG_SRC), expected);
    }
    let same = policy("default-src 'none'").extend(SourceDirective::IMG_SRC, []);
    assert!(!same.to_string().contains("img-src *"), "{same}");
}

#[test]
fn inherited_keywords_go_where_they_have_an_effect() {
    let base = "default-src 'self' a 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval' 'nonce-{}' \
                'sha256-jzgBGA4UWFFmpOBq0JpdsySukE1FrEN5bUpoK8Z29fY=' 'strict-dynamic' https:";
    for directive in
        [SourceDirective::IMG_SRC, SourceDirective::CONNECT_SRC, SourceDirective::OBJECT_SRC]
    {
        let expected = format!("{base}; {} 'self' a https: x.example", directive.name());
        assert_eq!(extended(base, directive), expected);
    }
    let script = extended(base, SourceDirective::SCRIPT_SRC);
    assert!(script.ends_with(&format!("{} x.example", base.replace("default-src", "script-src"))));
    let style = extended(base, SourceDirective::STYLE_SRC);
    assert!(!style.split("style-src").nth(1).unwrap().contains("eval"), "{style}");
    // Every outcome is one that the strict reader takes.
    for directive in DIRECTIVES {
        let text = extended(base, directive);
        assert!(text.parse::<ContentSecurityPolicy>().is_ok(), "{text}");
    }
}

#[test]
fn sources_without_effect_are_left_out_of_what_is_built() {
    for directive in DIRECTIVES {
        for source in CONSTANTS {
            let policy = ContentSecurityPolicy::NONE.replace(directive, [source.clone()]);
            let text = policy.to_string();
            assert!(text.parse::<ContentSecurityPolicy>().is_ok(), "{text}");
            let written = format!("{} {source}", directive.name());
            let kept = written.parse::<ContentSecurityPolicy>().is_ok();
            assert_eq!(text.contains(&written), kept, "{written}: {text}");
        }
    }
}

#[test]
fn adv_018_a_nonce_for_an_absent_directive_brings_its_fallback_along() {
    for (base, expected) in [
        ("default-src 'self'", "default-src 'self'; script-src 'self' 'nonce-{}'"),
        ("default-src 'none'", "default-src 'none'; script-src 'nonce-{}'"),
        ("script-src a", "script-src a 'nonce-{}'"),
    ] {
        let policy = policy(base).extend(SourceDirective::SCRIPT_SRC, [Source::NONCE]);
        assert_eq!(policy.to_string(), expected);
        assert!(policy.has_nonce());
    }
}

#[test]
fn adv_019_only_sources_that_are_byte_for_byte_the_same_go() {
    let sources = [
        "a.example",
        "A.example",
        "https://a.example",
        "http://a.example",
        "a.example:443",
        "a.example:*",
        "*.a.example",
        "a.example/x",
        "a.example/",
    ];
    let policy =
        ContentSecurityPolicy::NONE.img_src(sources.iter().chain(&sources).map(|text| host(text)));
    let written = policy.get("img-src").unwrap();
    assert_eq!(written.values().collect::<Vec<_>>(), sources);
    let policy = policy.extend(SourceDirective::IMG_SRC, [Source::ANY, host("a.example")]);
    assert_eq!(policy.get("img-src").unwrap().values().count(), sources.len() + 1);
}

#[test]
fn adv_020_what_is_empty_is_strict_and_not_left_out() {
    let none = ContentSecurityPolicy::NONE;
    assert!(none.clone().sandbox([]).to_string().ends_with("; sandbox"));
    assert!(none.clone().img_src([]).to_string().ends_with("; img-src 'none'"));
    assert!(none.clone().trusted_types([]).to_string().ends_with("; trusted-types 'none'"));
    assert!(none.clone().frame_ancestors([]).to_string().contains("frame-ancestors 'none'"));
    let required = none.require_trusted_types_for_script().to_string();
    assert!(required.ends_with("; require-trusted-types-for 'script'"));
    for text in ["img-src", "frame-ancestors", "require-trusted-types-for", "report-to", "webrtc"] {
        assert!(text.parse::<ContentSecurityPolicy>().is_err(), "{text}");
    }
    assert_eq!("sandbox".parse::<ContentSecurityPolicy>().unwrap().to_string(), "sandbox");
}

#[test]
fn adv_021_a_directive_without_value_is_there_or_not() {
    let policy = ContentSecurityPolicy::NONE.upgrade_insecure_requests();
    assert!(policy.to_string().ends_with("; upgrade-insecure-requests"));
    assert_eq!(policy.clone().upgrade_insecure_requests(), policy);
    assert_eq!(policy.remove("upgrade-insecure-requests"), ContentSecurityPolicy::NONE);
}

#[test]
fn adv_022_none_has_no_company() {
    for text in [
        "img-src 'none' a",
        "img-src a 'NONE'",
        "frame-ancestors 'self' 'none'",
        "img-src 'none' 'none'",
        "script-src 'none' 'report-sample'",
    ] {
        assert!(text.parse::<ContentSecurityPolicy>().is_err(), "{text}");
    }
    assert!(Source::host("'none'").is_err() && "'None'".parse::<Source>().is_err());
    let policy = ContentSecurityPolicy::NONE.extend(SourceDirective::DEFAULT_SRC, [Source::SELF]);
    assert_eq!(policy.get("default-src").unwrap().values().collect::<Vec<_>>(), ["'self'"]);
}

#[test]
fn removal_takes_one_directive_whatever_its_letter_case() {
    let policy = policy("Img-Src a; img-src b; default-src c");
    assert_eq!(policy.clone().remove("IMG-src").to_string(), "default-src c");
    assert_eq!(policy.clone().remove("img").to_string(), policy.to_string());
    assert!(policy.remove("img-src").remove("default-src").is_empty());
}

#[test]
fn an_origin_keeps_its_port_and_has_a_twin_for_websockets() {
    for (site, plain, socket) in [
        ("https://a.example", "https://a.example", "wss://a.example"),
        ("https://a.example:8443", "https://a.example:8443", "wss://a.example:8443"),
        ("http://a.example:8080", "http://a.example:8080", "ws://a.example:8080"),
    ] {
        let site: Origin = site.parse().unwrap();
        assert_eq!(Source::from(&site).to_string(), plain);
        assert_eq!(Ancestor::from(&site).to_string(), plain);
        assert_eq!(Source::websocket(&site).to_string(), socket);
    }
}

#[test]
fn every_method_sets_the_directive_of_its_name() {
    let a = || [host("a")];
    let policy = policy("x y")
        .default_src(a())
        .script_src(a())
        .script_src_elem(a())
        .script_src_attr(a())
        .style_src(a())
        .style_src_elem(a())
        .style_src_attr(a())
        .img_src(a())
        .font_src(a())
        .media_src(a())
        .connect_src(a())
        .manifest_src(a())
        .object_src(a())
        .child_src(a())
        .frame_src(a())
        .fenced_frame_src(a())
        .worker_src(a())
        .base_uri(a())
        .form_action(a());
    let expected: String = DIRECTIVES.iter().map(|one| format!("; {} a", one.name())).collect();
    assert_eq!(policy.to_string(), format!("x y{expected}"));
    let tokens = [SandboxToken::ALLOW_FORMS, SandboxToken::ALLOW_POPUPS];
    let policy = ContentSecurityPolicy::NONE
        .remove("base-uri")
        .remove("form-action")
        .remove("frame-ancestors")
        .frame_ancestors([Ancestor::SELF, Ancestor::host("a.example:*").unwrap()])
        .sandbox(tokens)
        .webrtc(Webrtc::Block)
        .trusted_types([TrustedTypesPolicy::ANY, TrustedTypesPolicy::ALLOW_DUPLICATES])
        .report_uri("/csp")
        .unwrap()
        .report_to(EndpointName::from_static("csp"))
        .dangerous_directive("x-new", "a  b")
        .unwrap();
    assert_eq!(
        policy.to_string(),
        "default-src 'none'; frame-ancestors 'self' a.example:*; sandbox allow-forms allow-popups; \
         webrtc 'block'; trusted-types * 'allow-duplicates'; report-uri /csp; report-to csp; x-new a b",
    );
    assert_eq!(
        policy.webrtc(Webrtc::Allow).get("webrtc").unwrap().values().collect::<Vec<_>>(),
        ["'allow'"]
    );
}
