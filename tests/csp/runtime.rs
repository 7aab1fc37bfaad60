//! Tests sources that a hook adds for one response.

use http::{Request, Response, header};
use tower::Layer;
use tower_hardening::{
    ContentSecurityPolicy, CspLayer, Hardening, HardeningLayer, Nonce,
    csp::{Addition, CspOverride, FrameAncestor, RequestHead, Source, SourceDirective},
};

use super::{
    browser::line,
    service::{Handler, ask, call, empty, logged},
};

const BASE: ContentSecurityPolicy =
    ContentSecurityPolicy::from_static("default-src 'self'; script-src b.example 'nonce-{}'");
const UNREAD: &str = "default-src 'self'; script-src b.example";

type Sources = Vec<Addition>;

/// Returns the policy's line under both layers, and the log of each.
fn with(sources: &Sources) -> (String, String) {
    let hook = |sources: Sources| move |_: &RequestHead<'_>| sources.clone();
    let one = CspLayer::new(BASE).with_sources(hook(sources.clone()));
    let all =
        HardeningLayer::new(Hardening::empty().with(BASE)).with_sources(hook(sources.clone()));
    let (one, log) = logged(|| empty(&one));
    let (all, second) = logged(|| empty(&all));
    assert_eq!(line(one.headers()), line(all.headers()));
    assert_eq!(log.lines().count(), second.lines().count());
    (line(one.headers()).to_owned(), log)
}

fn one(directive: SourceDirective, text: &str) -> Sources {
    vec![Addition::source(directive, text.parse().unwrap())]
}

#[test]
fn adv_004_adv_010_adv_012_text_that_is_not_one_host_makes_no_addition() {
    for text in [
        "a.example *",
        "a.example; script-src *",
        "a.example, script-src *",
        "",
        " ",
        "a.example\n",
        "'self'",
        "'unsafe-inline'",
        "'UNSAFE-EVAL'",
        "'none'",
        "'nonce-{}'",
        "'nonce-abc'",
        "'sha256-jzgBGA4UWFFmpOBq0JpdsySukE1FrEN5bUpoK8Z29fY='",
        "'strict-dynamic'",
        "self",
        "unsafe-inline",
        "none",
        "\u{e9}.example",
        "a.example?x",
        "a\u{2003}b",
    ] {
        assert!(Source::host(text).is_err(), "{text:?}");
    }
}

#[test]
fn adv_004_no_wildcard_of_all_hosts_comes_from_a_hook() {
    for text in ["*", "*:*", "*:443", "https://*", "https://*:443", "wss://*:*/"] {
        let (line, log) = with(&one(SourceDirective::SCRIPT_SRC, text));
        assert_eq!((&*line, log.lines().count()), (UNREAD, 1), "{text:?}");
        assert!(log.contains("WARN") && log.contains("every host"), "{log}");
        let (line, _) = with(&vec![Addition::frame_ancestor(text.parse().unwrap())]);
        assert_eq!(line, UNREAD);
    }
    // A hook may return a scheme.
    let (line, _) = with(&one(SourceDirective::SCRIPT_SRC, "blob:"));
    assert_eq!(line, format!("{UNREAD} blob:"));
}

#[test]
fn a_source_without_effect_is_left_out_with_an_event_and_the_policy_is_sent() {
    for source in [Source::NONCE, Source::UNSAFE_INLINE, Source::STRICT_DYNAMIC] {
        let addition = Addition::source(SourceDirective::IMG_SRC, source);
        let (line, log) = with(&vec![addition]);
        assert_eq!((&*line, log.lines().count()), (UNREAD, 1), "{log}");
        assert!(log.contains("WARN") && log.contains("has no effect"), "{log}");
    }
}

#[test]
fn a_frame_ancestor_is_added_to_those_of_the_policy_and_inherits_nothing() {
    let partner = || Addition::frame_ancestor(FrameAncestor::host("partner.example").unwrap());
    let (line, _) = with(&vec![partner(), partner()]);
    assert_eq!(line, format!("{UNREAD}; frame-ancestors partner.example"));
    for (policy, sent) in [
        ("frame-ancestors 'none'", "frame-ancestors partner.example"),
        ("frame-ancestors 'self'; img-src a", "frame-ancestors 'self' partner.example; img-src a"),
    ] {
        let layer = CspLayer::new(policy.parse().unwrap());
        let response = empty(&layer.with_sources(move |_| [partner()]));
        assert_eq!(super::browser::line(response.headers()), sent);
    }
}

#[test]
fn a_keyword_that_the_program_names_is_added() {
    let inline = Addition::source(SourceDirective::STYLE_SRC, Source::UNSAFE_INLINE);
    let (line, log) = with(&vec![inline]);
    assert_eq!((line, &*log), (format!("{UNREAD}; style-src 'self' 'unsafe-inline'"), ""));
}

#[test]
fn a_nonce_from_a_hook_is_left_out_if_the_policy_has_none() {
    let base = ContentSecurityPolicy::from_static("default-src 'self'");
    let hook = |_: &RequestHead<'_>| [Addition::source(SourceDirective::SCRIPT_SRC, Source::NONCE)];
    let (response, log) = logged(|| empty(&CspLayer::new(base).with_sources(hook)));
    assert_eq!(line(response.headers()), "default-src 'self'; script-src 'self'");
    assert!(log.contains("the layer's policy has none"), "{log}");
}

#[test]
fn sources_of_several_directives_are_added_in_order() {
    let mut sources = one(SourceDirective::IMG_SRC, "https://cdn.example:8443");
    sources.extend(one(SourceDirective::IMG_SRC, "*"));
    sources.extend(one(SourceDirective::SCRIPT_SRC, "https://js.example"));
    sources.extend(one(SourceDirective::IMG_SRC, "blob:"));
    let (line, log) = with(&sources);
    assert_eq!(
        line,
        "default-src 'self'; script-src b.example https://js.example; \
         img-src 'self' https://cdn.example:8443 blob:",
    );
    assert_eq!(log.lines().count(), 1);
}

#[test]
fn a_hook_is_called_once_for_all_policies_of_a_response() {
    let asked = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let count = asked.clone();
    let plain = ContentSecurityPolicy::from_static("default-src 'self'");
    let all = Hardening::empty().with_additional_csp(plain.clone()).with_report_only(plain);
    let layer = HardeningLayer::new(all).with_sources(move |_: &RequestHead<'_>| {
        count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        one(SourceDirective::IMG_SRC, "cdn.example")
    });
    let response = empty(&layer);
    for name in ["content-security-policy", "content-security-policy-report-only"] {
        assert_eq!(response.headers()[name], "default-src 'self'; img-src 'self' cdn.example");
    }
    assert_eq!(asked.load(std::sync::atomic::Ordering::Relaxed), 1);
}

#[test]
fn adv_105_many_sources_are_added_as_if_one_by_one() {
    let long = |index: usize| format!("{}.example", "a".repeat(index * 37 % 900));
    let directives = [
        SourceDirective::SCRIPT_SRC,
        SourceDirective::SCRIPT_SRC_ELEM,
        SourceDirective::IMG_SRC,
        SourceDirective::IMG_SRC,
    ];
    for count in [0, 1, 2, 3, 7, 40] {
        let sources: Vec<(SourceDirective, String)> =
            (1..=count).map(|index| (directives[index / 3 % 4], long(index))).collect();
        let additions = sources
            .iter()
            .map(|(directive, text)| Addition::source(*directive, Source::host(text).unwrap()))
            .collect();
        let mut policy: ContentSecurityPolicy = UNREAD.parse().unwrap();
        let mut dropped = 0;
        for (directive, text) in &sources {
            // With the nonce, a little less fits.
            let nonce = policy.clone().extend(SourceDirective::SCRIPT_SRC, [Source::NONCE]);
            let source = Source::host(text).unwrap();
            let fits = nonce.unwrap().extend(*directive, [source.clone()]).is_ok();
            match policy.clone().extend(*directive, [source]) {
                Ok(extended) if fits => policy = extended,
                _ => dropped += 1,
            }
        }
        let (line, log) = with(&additions);
        assert_eq!((&*line, log.lines().count()), (&*policy.to_string(), dropped), "{count}");
        assert_eq!(dropped > 5, count == 40);
    }
}

#[test]
fn adv_105_growth_beyond_8192_bytes_drops_the_addition_and_not_the_policy() {
    let long = format!("{}.example", "a".repeat(60));
    let image =
        |text: String| Addition::source(SourceDirective::IMG_SRC, Source::host(&text).unwrap());
    let sources: Sources = (0..200).map(|index| image(format!("h{index}.{long}"))).collect();
    let (line, log) = with(&sources);
    assert!(line.starts_with(UNREAD) && (8050..=8192).contains(&line.len()), "{}", line.len());
    let kept = line.matches(&long).count();
    assert!(kept > 100 && kept < 125);
    assert_eq!(log.matches("longer than 8192 bytes").count(), 200 - kept);
    // A shorter source still fits.
    let mut sources = sources;
    sources.push(image("z.c".to_owned()));
    assert!(with(&sources).0.ends_with(" z.c") || line.len() > 8188);
    // A source that alone is too long leaves the policy unchanged.
    let (line, _) = with(&one(SourceDirective::IMG_SRC, &"a".repeat(9000)));
    assert_eq!(line, UNREAD);
}

#[test]
fn adv_105_a_change_by_the_handler_has_the_same_limit() {
    let response = ask(&CspLayer::new(BASE), |_| {
        let hosts = (0..2000).map(|index| Source::host(&format!("h{index}.example")).unwrap());
        let mut response = Response::new(String::new());
        response
            .extensions_mut()
            .insert(CspOverride::new().extend(SourceDirective::IMG_SRC, hosts).unwrap());
        response
    });
    let line = line(response.headers());
    assert!(line.starts_with(UNREAD) && (8050..=8192).contains(&line.len()), "{}", line.len());
}

#[test]
fn adv_105_the_header_as_sent_is_within_8192_bytes_nonce_and_all() {
    let policy = BASE.with_nonces();
    let sources: Sources = (0..900)
        .flat_map(|index| one(SourceDirective::IMG_SRC, &format!("h{index}.example")))
        .collect();
    let layer = CspLayer::new(policy).with_sources(move |_: &RequestHead<'_>| sources.clone());
    let response = ask(&layer, |request: Request<()>| {
        Response::new(
            Nonce::from_extensions(&request.into_parts().0.extensions)
                .unwrap()
                .get()
                .unwrap()
                .to_owned(),
        )
    });
    assert!(line(response.headers()).len() <= 8192, "{}", line(response.headers()).len());
}

/// Represents a policy with a nonce in every directive that accepts one.
trait WithNonces {
    fn with_nonces(self) -> Self;
}

impl WithNonces for ContentSecurityPolicy {
    fn with_nonces(self) -> Self {
        self.script_src_elem([Source::NONCE])
            .unwrap()
            .style_src([Source::NONCE])
            .unwrap()
            .style_src_elem([Source::NONCE])
            .unwrap()
    }
}

#[test]
fn the_hook_changes_the_enforced_policy_or_all_policies_if_there_is_none() {
    let hook = |_: &RequestHead<'_>| one(SourceDirective::IMG_SRC, "cdn.example");
    let lines = |hardening: Hardening| -> Vec<String> {
        let response = empty(&HardeningLayer::new(hardening).with_sources(hook));
        let headers = response.headers().iter();
        let csp = headers.filter(|(name, _)| name.as_str().starts_with("content-security-policy"));
        csp.map(|(_, line)| line.to_str().unwrap().to_owned()).collect()
    };
    let plain = ContentSecurityPolicy::from_static("default-src 'self'");
    let more = "default-src 'self'; img-src 'self' cdn.example";
    let new = Hardening::empty;
    assert_eq!(lines(new().with_additional_csp(plain.clone())), [more]);
    assert_eq!(lines(new().with_report_only(plain.clone())), [more]);
    let all = new().with(plain.clone()).with_additional_csp(ContentSecurityPolicy::NONE);
    let none = ContentSecurityPolicy::NONE.to_string();
    assert_eq!(lines(all), [more.to_owned(), none]);
}

#[test]
fn a_replacement_from_the_handler_has_no_sources_of_the_hook() {
    let hook = |_: &RequestHead<'_>| one(SourceDirective::IMG_SRC, "cdn.example");
    let replaced = |_| {
        let mut response = Response::new(String::new());
        let policy = ContentSecurityPolicy::from_static("img-src 'self'");
        response.extensions_mut().insert(CspOverride::new().replace(policy));
        response
    };
    let one = CspLayer::new(BASE).with_sources(hook);
    let all = HardeningLayer::new(Hardening::empty().with(BASE)).with_sources(hook);
    for response in [ask(&one, replaced), ask(&all, replaced)] {
        assert_eq!(line(response.headers()), "img-src 'self'");
    }
    // An override that extends the policy keeps the hook's sources.
    let extended = |_| {
        let mut response = Response::new(String::new());
        let more = CspOverride::new().extend(SourceDirective::IMG_SRC, [Source::DATA]);
        response.extensions_mut().insert(more.unwrap());
        response
    };
    let one = CspLayer::new(BASE).with_sources(hook);
    assert!(line(ask(&one, extended).headers()).ends_with("img-src 'self' cdn.example data:"));
}

#[test]
fn the_hook_sees_the_request_and_the_extensions_of_outer_layers() {
    #[derive(Clone)]
    struct Tenant(&'static str);
    let hook = |head: &RequestHead<'_>| {
        assert_eq!((head.method().as_str(), head.uri().path()), ("GET", "/x"));
        assert_eq!(head.headers()[header::HOST], "red.example");
        let tenant = head.extensions().get::<Tenant>().unwrap().0;
        one(SourceDirective::IMG_SRC, &format!("https://{tenant}.example"))
    };
    let mut request =
        Request::builder().uri("/x").header(header::HOST, "red.example").body(()).unwrap();
    request.extensions_mut().insert(Tenant("cdn"));
    let mut service =
        CspLayer::new(BASE).with_sources(hook).layer(Handler::new(|_| Response::default()));
    let response = call(&mut service, request);
    assert!(line(response.headers()).ends_with("img-src 'self' https://cdn.example"));
}

#[test]
fn adv_013_the_sources_of_one_request_are_not_those_of_the_next() {
    let hook = |head: &RequestHead<'_>| {
        let host = head.headers().get(header::HOST).map(|host| host.to_str().unwrap());
        host.map(|host| Addition::source(SourceDirective::IMG_SRC, Source::host(host).unwrap()))
    };
    let mut service = HardeningLayer::new(Hardening::empty().with(BASE))
        .with_sources(hook)
        .layer(Handler::new(|_| Response::default()));
    for turn in 0..50 {
        let mut request = Request::new(());
        let mut expected = UNREAD.to_owned();
        if turn % 2 == 0 {
            let host = format!("h{turn}.example");
            request.headers_mut().insert(header::HOST, host.parse().unwrap());
            expected += &format!("; img-src 'self' {host}");
        }
        assert_eq!(line(call(&mut service, request).headers()), expected);
    }
}

#[test]
fn a_header_that_makes_room_for_a_policy_is_an_error_event() {
    let layer = CspLayer::new(ContentSecurityPolicy::NONE);
    let full = |_| {
        let mut response = Response::<String>::default();
        for index in 0..24_576 {
            let name = http::HeaderName::try_from(format!("x-{index}")).unwrap();
            response.headers_mut().insert(name, http::HeaderValue::from_static(""));
        }
        response
    };
    let (response, log) = logged(|| ask(&layer, full));
    assert!(response.headers().contains_key("content-security-policy"));
    assert!(log.contains("ERROR") && log.contains("subject=x-24575"), "{log}");
    assert!(log.contains("this one is removed for a policy"), "{log}");
}
