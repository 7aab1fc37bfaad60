//! Tests how directives are replaced, extended and removed.

use tower_hardening::{
    ContentSecurityPolicy, Origin, ParseError,
    csp::{
        CspOverride, EndpointName, FrameAncestor, SandboxToken, Source, SourceDirective,
        TrustedTypesPolicy, WebRtc,
    },
};

use super::sources::{CONSTANTS, DIRECTIVES};

fn policy(text: &str) -> ContentSecurityPolicy {
    text.parse().unwrap()
}

fn host(text: &str) -> Source {
    Source::host(text).unwrap()
}

fn extended(text: &str, directive: SourceDirective) -> String {
    policy(text).extend(directive, [host("x.example")]).unwrap().to_string()
}

#[test]
fn adv_017_an_extended_directive_starts_from_its_nearest_fallback() {
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
            // All farther directives are present too, and no nearer one.
            let further = chain[index..].iter().map(|name| format!("{name} {}", value(name)));
            let base = further.collect::<Vec<_>>().join("; ");
            let expected = format!("{base}; {} {} x.example", directive.name(), value(from));
            assert_eq!(extended(&base, directive), expected);
        }
    }
}

#[test]
fn adv_017_extending_an_absent_list_without_a_fallback_narrows_nothing() {
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
fn an_existing_directive_is_extended_in_place() {
    for (base, expected) in [
        ("img-src a; default-src b", "img-src a x.example; default-src b"),
        ("img-src 'none'; default-src b", "img-src x.example; default-src b"),
        ("img-src 'NONE'; default-src b", "img-src x.example; default-src b"),
        ("default-src 'none'", "default-src 'none'; img-src x.example"),
        ("img-src x.example", "img-src x.example"),
        ("img-src *", "img-src * x.example"),
    ] {
        assert_eq!(extended(base, SourceDirective::IMG_SRC), expected);
    }
    let same = policy("default-src 'none'").extend(SourceDirective::IMG_SRC, []).unwrap();
    assert!(!same.to_string().contains("img-src *"), "{same}");
}

#[test]
fn inherited_keywords_are_added_only_to_directives_in_which_they_have_an_effect() {
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
    // The strict parser accepts every result.
    for directive in DIRECTIVES {
        let text = extended(base, directive);
        assert!(text.parse::<ContentSecurityPolicy>().is_ok(), "{text}");
    }
}

#[test]
fn a_source_without_effect_in_its_directive_is_rejected_as_in_text() {
    let none = ContentSecurityPolicy::NONE;
    for directive in DIRECTIVES {
        for source in CONSTANTS {
            let built = none.clone().set(directive, [Source::SELF, source.clone()]);
            let extended = none.clone().extend(directive, [source.clone()]);
            let written = format!("{} 'self' {source}", directive.name());
            let read = written.parse::<ContentSecurityPolicy>();
            assert_eq!(built.is_ok(), read.is_ok(), "{written}");
            assert_eq!(extended.is_ok(), read.is_ok(), "{written}");
            if let (Err(built), Err(read)) = (&built, read) {
                let named = read.problem().replace("this directive", directive.name());
                assert_eq!(built.problem(), named);
                assert_eq!(built.offset(), directive.name().len() + 1);
            }
        }
    }
    let error = none.clone().img_src([Source::SELF, Source::NONCE]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "content-security-policy, byte 8: 'nonce-{}' has no effect in img-src; write it in script-src or style-src",
    );
    let hash = Source::from_digest(&[7; 32]).unwrap();
    let error = none.connect_src([hash.clone()]).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "content-security-policy, byte 12: {hash} has no effect in connect-src; write it in script-src or style-src"
        ),
    );
}

#[test]
fn a_nonce_without_a_directive_is_rejected() {
    let policy = ContentSecurityPolicy::from_static("img-src 'self'");
    let error = policy.clone().extend(SourceDirective::SCRIPT_SRC_ELEM, [Source::NONCE]);
    assert_eq!(
        error.unwrap_err().to_string(),
        "content-security-policy, byte 0: 'nonce-{}' cannot be added, since the policy has neither \
         script-src-elem nor a directive that script-src-elem falls back to; set script-src-elem itself",
    );
    assert!(policy.clone().script_src_elem([Source::NONCE]).unwrap().has_nonce());
    // Everything is allowed already, so a host changes nothing.
    assert_eq!(policy.clone().extend(SourceDirective::SCRIPT_SRC, [host("a")]), Ok(policy));
}

#[test]
fn adv_105_a_policy_with_its_nonces_has_at_most_8192_bytes() {
    let hosts = |count: usize| (0..count).map(|index| host(&format!("h{index:04}.example")));
    let none = ContentSecurityPolicy::NONE;
    let error = none.clone().img_src(hosts(700)).unwrap_err();
    assert_eq!(
        error.problem(),
        "the policy is longer than 8192 bytes, which proxies and servers reject; shorten it",
    );
    assert_eq!(error.offset(), 8192);
    assert!(none.clone().extend(SourceDirective::IMG_SRC, hosts(700)).is_err());
    // The limit is exact, for every kind of text that exceeds it.
    let full = |room: usize| {
        let text = none.to_string();
        let pad = 8192 - room - text.len() - "; report-uri ".len();
        none.clone().report_uri(&"x".repeat(pad)).unwrap()
    };
    let edits: [fn(ContentSecurityPolicy) -> Result<ContentSecurityPolicy, ParseError>; 10] = [
        |policy| policy.upgrade_insecure_requests(),
        |policy| policy.sandbox([]),
        |policy| policy.require_trusted_types_for_script(),
        |policy| policy.trusted_types([]),
        |policy| policy.webrtc(WebRtc::Block),
        |policy| policy.report_to(EndpointName::from_static("csp")),
        |policy| policy.dangerous_directive("x-y", ""),
        |policy| {
            policy.frame_ancestors([FrameAncestor::SELF, FrameAncestor::host("abcde").unwrap()])
        },
        |policy| policy.extend(SourceDirective::DEFAULT_SRC, [Source::UNSAFE_INLINE]),
        |policy| policy.script_src([Source::NONCE]),
    ];
    for edit in edits {
        let edited = edit(none.clone()).unwrap().to_string().replace("{}", &"-".repeat(24));
        let added = edited.len() - none.to_string().len();
        assert!(edit(full(added)).is_ok(), "{edited}");
        assert!(edit(full(added - 1)).is_err(), "{edited}");
    }
    // A literal and a parsed text are measured as they are sent.
    let nonce = |pad: usize| format!("script-src 'nonce-{{}}'; report-uri {}", "x".repeat(pad));
    let pad = 8192 - nonce(0).len() - 22;
    assert!(nonce(pad).parse::<ContentSecurityPolicy>().is_ok());
    let error = nonce(pad + 1).parse::<ContentSecurityPolicy>().unwrap_err();
    assert_eq!(error.offset(), nonce(pad + 1).len());
    let literal: &'static str = nonce(pad + 1).leak();
    assert!(std::panic::catch_unwind(|| ContentSecurityPolicy::from_static(literal)).is_err());
}

#[test]
fn adv_018_a_nonce_for_an_absent_directive_brings_its_fallback_along() {
    for (base, expected) in [
        ("default-src 'self'", "default-src 'self'; script-src 'self' 'nonce-{}'"),
        ("default-src 'none'", "default-src 'none'; script-src 'nonce-{}'"),
        ("script-src a", "script-src a 'nonce-{}'"),
    ] {
        let policy = policy(base).extend(SourceDirective::SCRIPT_SRC, [Source::NONCE]).unwrap();
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
    let policy = ContentSecurityPolicy::NONE
        .img_src(sources.iter().chain(&sources).map(|text| host(text)))
        .unwrap();
    let written = policy.get("img-src").unwrap();
    assert_eq!(written.values().collect::<Vec<_>>(), sources);
    let policy = policy.extend(SourceDirective::IMG_SRC, [Source::ANY, host("a.example")]).unwrap();
    assert_eq!(policy.get("img-src").unwrap().values().count(), sources.len() + 1);
}

#[test]
fn adv_020_an_empty_list_prints_none() {
    let none = ContentSecurityPolicy::NONE;
    assert!(none.clone().sandbox([]).unwrap().to_string().ends_with("; sandbox"));
    assert!(none.clone().img_src([]).unwrap().to_string().ends_with("; img-src 'none'"));
    assert!(
        none.clone().trusted_types([]).unwrap().to_string().ends_with("; trusted-types 'none'")
    );
    assert!(
        none.clone().frame_ancestors([]).unwrap().to_string().contains("frame-ancestors 'none'")
    );
    let required = none.require_trusted_types_for_script().unwrap().to_string();
    assert!(required.ends_with("; require-trusted-types-for 'script'"));
    for text in ["img-src", "frame-ancestors", "require-trusted-types-for", "report-to", "webrtc"] {
        assert!(text.parse::<ContentSecurityPolicy>().is_err(), "{text}");
    }
    assert_eq!("sandbox".parse::<ContentSecurityPolicy>().unwrap().to_string(), "sandbox");
}

#[test]
fn adv_021_a_directive_without_value_is_there_or_not() {
    let policy = ContentSecurityPolicy::NONE.upgrade_insecure_requests().unwrap();
    assert!(policy.to_string().ends_with("; upgrade-insecure-requests"));
    assert_eq!(policy.clone().upgrade_insecure_requests().unwrap(), policy);
    assert_eq!(policy.remove("upgrade-insecure-requests").unwrap(), ContentSecurityPolicy::NONE);
}

#[test]
fn adv_022_none_is_the_only_member() {
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
    let policy =
        ContentSecurityPolicy::NONE.extend(SourceDirective::DEFAULT_SRC, [Source::SELF]).unwrap();
    assert_eq!(policy.get("default-src").unwrap().values().collect::<Vec<_>>(), ["'self'"]);
}

#[test]
fn a_misspelt_directive_cannot_be_removed_in_silence() {
    for (name, problem) in [
        ("img-scr", "'img-scr' is not a directive; did you mean 'img-src'?"),
        ("img_src", "'img_src' is not a directive; did you mean 'img-src'?"),
        ("frame-ancestor", "'frame-ancestor' is not a directive; did you mean 'frame-ancestors'?"),
        ("", "the name is empty; write one like default-src"),
    ] {
        let error = ContentSecurityPolicy::NONE.remove(name).unwrap_err();
        assert!(error.problem().contains(problem), "{name}: {error}");
        assert_eq!(CspOverride::new().remove(name).unwrap_err(), error);
    }
    // A directive that this crate does not know has its own name.
    let custom = ContentSecurityPolicy::NONE.dangerous_directive("new-thing", "x").unwrap();
    assert_eq!(custom.remove("new-thing").unwrap(), ContentSecurityPolicy::NONE);
    assert!(CspOverride::new().remove("new-thing").is_ok());
}

#[test]
fn removal_removes_one_directive_in_any_letter_case() {
    let policy = policy("Img-Src a; default-src c");
    assert_eq!(policy.clone().remove("IMG-src").unwrap().to_string(), "default-src c");
    assert_eq!(policy.clone().remove("font-src").unwrap(), policy);
    assert!(policy.remove("img-src").unwrap().remove("default-src").unwrap().is_empty());
}

#[test]
fn an_origin_keeps_its_port_and_has_a_websocket_source() {
    for (site, plain, socket) in [
        ("https://a.example", "https://a.example", "wss://a.example"),
        ("https://a.example:8443", "https://a.example:8443", "wss://a.example:8443"),
        ("http://a.example:8080", "http://a.example:8080", "ws://a.example:8080"),
    ] {
        let site: Origin = site.parse().unwrap();
        assert_eq!(Source::try_from(&site).unwrap().to_string(), plain);
        assert_eq!(FrameAncestor::try_from(&site).unwrap().to_string(), plain);
        assert_eq!(Source::websocket(&site).unwrap().to_string(), socket);
    }
}

#[test]
fn an_origin_that_is_an_ipv6_address_is_not_a_source() {
    let site: Origin = "https://[2001:db8::1]:8443".parse().unwrap();
    let problem = "is an IPv6 address, which a policy cannot contain; write a host name";
    let error = |scheme: &str| format!("'{scheme}://[2001:db8::1]:8443' {problem}");
    assert_eq!(Source::try_from(&site).unwrap_err().problem(), error("https"));
    assert_eq!(FrameAncestor::try_from(&site).unwrap_err().problem(), error("https"));
    assert_eq!(Source::websocket(&site).unwrap_err().problem(), error("wss"));
}

#[test]
fn an_ancestor_is_a_scheme_a_host_or_the_own_origin() {
    let ancestors = [
        FrameAncestor::SELF,
        FrameAncestor::scheme("https").unwrap(),
        FrameAncestor::scheme("app-x:").unwrap(),
        FrameAncestor::host("*.a.example:*").unwrap(),
    ];
    let policy = ContentSecurityPolicy::EMPTY.frame_ancestors(ancestors).unwrap();
    assert_eq!(policy.to_string(), "frame-ancestors 'self' https: app-x: *.a.example:*");
    for text in [
        "'nonce-{}'",
        "'unsafe-inline'",
        "'sha256-jzgBGA4UWFFmpOBq0JpdsySukE1FrEN5bUpoK8Z29fY='",
        "a b",
        "",
    ] {
        assert!(
            FrameAncestor::scheme(text).is_err() && FrameAncestor::host(text).is_err(),
            "{text:?}"
        );
    }
}

#[test]
fn every_method_sets_the_directive_of_its_name() {
    let a = || [host("a")];
    let policy = ContentSecurityPolicy::EMPTY
        .default_src(a())
        .unwrap()
        .script_src(a())
        .unwrap()
        .script_src_elem(a())
        .unwrap()
        .script_src_attr(a())
        .unwrap()
        .style_src(a())
        .unwrap()
        .style_src_elem(a())
        .unwrap()
        .style_src_attr(a())
        .unwrap()
        .img_src(a())
        .unwrap()
        .font_src(a())
        .unwrap()
        .media_src(a())
        .unwrap()
        .connect_src(a())
        .unwrap()
        .manifest_src(a())
        .unwrap()
        .object_src(a())
        .unwrap()
        .child_src(a())
        .unwrap()
        .frame_src(a())
        .unwrap()
        .fenced_frame_src(a())
        .unwrap()
        .worker_src(a())
        .unwrap()
        .base_uri(a())
        .unwrap()
        .form_action(a())
        .unwrap();
    let expected: Vec<String> = DIRECTIVES.iter().map(|one| format!("{} a", one.name())).collect();
    assert_eq!(policy.to_string(), expected.join("; "));
    let tokens = [SandboxToken::ALLOW_FORMS, SandboxToken::ALLOW_POPUPS];
    let policy = ContentSecurityPolicy::NONE
        .remove("base-uri")
        .unwrap()
        .remove("form-action")
        .unwrap()
        .remove("frame-ancestors")
        .unwrap()
        .frame_ancestors([FrameAncestor::SELF, FrameAncestor::host("a.example:*").unwrap()])
        .unwrap()
        .sandbox(tokens)
        .unwrap()
        .webrtc(WebRtc::Block)
        .unwrap()
        .trusted_types([TrustedTypesPolicy::ANY, TrustedTypesPolicy::ALLOW_DUPLICATES])
        .unwrap()
        .report_uri("/csp")
        .unwrap()
        .report_to(EndpointName::from_static("csp"))
        .unwrap()
        .dangerous_directive("x-new", "a  b")
        .unwrap();
    assert_eq!(
        policy.to_string(),
        "default-src 'none'; frame-ancestors 'self' a.example:*; sandbox allow-forms allow-popups; \
         webrtc 'block'; trusted-types * 'allow-duplicates'; report-uri /csp; report-to csp; x-new a b",
    );
    assert_eq!(
        policy.webrtc(WebRtc::Allow).unwrap().get("webrtc").unwrap().values().collect::<Vec<_>>(),
        ["'allow'"]
    );
}
