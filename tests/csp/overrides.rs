//! A handler changes the policy of one response.

use std::sync::Arc;

use axum::{Extension, Router, routing::get as route};
use http::{Request, Response, StatusCode, header};
use proptest::{prelude::*, sample::subsequence};
use tower::{Layer, Service, layer::util::Stack};
use tower_hardening::{
    ContentSecurityPolicy, CspLayer, Hardening, HardeningLayer, Nonce, ReferrerPolicy,
    csp::{CspOverride, FrameAncestor, Source, SourceDirective},
};

use super::{
    browser::{self, line},
    service::{Handler, ask, call, logged},
    sockets::{get, serve},
};

const BASE: ContentSecurityPolicy =
    ContentSecurityPolicy::from_static("default-src 'self'; frame-ancestors 'none'");
const OTHER: ContentSecurityPolicy = ContentSecurityPolicy::from_static("img-src a.example");

fn host(text: &str) -> Source {
    Source::host(text).unwrap()
}

fn all(policy: ContentSecurityPolicy) -> HardeningLayer {
    HardeningLayer::new(Hardening::empty().with(policy).with(ReferrerPolicy::SAME_ORIGIN))
}

/// Returns the enforced policy's lines, after checking that both layers send the same.
fn under(change: &CspOverride) -> Vec<String> {
    let answer = |change: CspOverride| {
        move |_| {
            let mut response = Response::new(String::new());
            response.extensions_mut().insert(change.clone());
            response
        }
    };
    let lines = |response: Response<String>| -> Vec<String> {
        let lines = response.headers().get_all(header::CONTENT_SECURITY_POLICY).iter();
        lines.map(|line| line.to_str().unwrap().to_owned()).collect()
    };
    let one = lines(ask(&CspLayer::new(BASE), answer(change.clone())));
    let composite = ask(&all(BASE), answer(change.clone()));
    assert_eq!(composite.headers()["referrer-policy"], "same-origin");
    assert_eq!(lines(composite), one);
    one
}

#[test]
fn a_handler_replaces_extends_removes_and_disables() {
    let new = CspOverride::new;
    for (change, expected) in [
        (new(), "default-src 'self'; frame-ancestors 'none'"),
        (new().replace(OTHER), "img-src a.example"),
        (
            new().extend(SourceDirective::IMG_SRC, [host("x.example")]).unwrap(),
            "default-src 'self'; frame-ancestors 'none'; img-src 'self' x.example",
        ),
        (new().remove("frame-ancestors").unwrap(), "default-src 'self'"),
        (
            new().replace(OTHER).extend(SourceDirective::IMG_SRC, [host("x.example")]).unwrap(),
            "img-src a.example x.example",
        ),
    ] {
        assert_eq!(under(&change), [expected]);
    }
    assert!(under(&new().disable("a reason")).is_empty());
    // A policy without directives is not sent.
    assert!(under(&new().replace(OTHER).remove("img-src").unwrap()).is_empty());
}

#[test]
fn only_a_change_to_a_list_of_ancestors_removes_frame_options() {
    let change = CspOverride::new().replace(
        ContentSecurityPolicy::NONE
            .frame_ancestors([FrameAncestor::host("https://partner.example").unwrap()])
            .unwrap(),
    );
    for (change, ancestors, frame_options) in [
        (change, Some("https://partner.example"), None),
        (CspOverride::new().remove("frame-ancestors").unwrap(), None, Some("DENY")),
    ] {
        let response = ask(&all(BASE), move |_| {
            let mut response = Response::new(String::new());
            response.extensions_mut().insert(change.clone());
            response
        });
        let sent = response.headers().get(header::X_FRAME_OPTIONS);
        assert_eq!(sent.map(|value| value.to_str().unwrap()), frame_options);
        let line = line(response.headers());
        let sent = line.split("; ").find_map(|one| one.strip_prefix("frame-ancestors "));
        assert_eq!(sent, ancestors);
    }
}

#[test]
fn a_304_repeats_the_policy_of_its_page() {
    let not_modified = |change: Option<CspOverride>| {
        move |_| {
            let mut response = Response::new(String::new());
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            change.clone().into_iter().for_each(|change| {
                response.extensions_mut().insert(change);
            });
            response
        }
    };
    for layer in [all(BASE), HardeningLayer::new(Hardening::empty().with(BASE))] {
        let response = ask(&layer, not_modified(Some(CspOverride::new().replace(OTHER))));
        assert_eq!(line(response.headers()), OTHER.to_string());
        assert_eq!(line(ask(&layer, not_modified(None)).headers()), BASE.to_string());
    }
}

#[test]
fn disabling_says_why() {
    let change = CspOverride::new().disable("an old editor").replace(OTHER);
    let (lines, log) = logged(|| under(&change));
    assert!(lines.is_empty());
    assert_eq!(log.matches("disabled for a response").count(), 2, "{log}");
    assert!(log.contains("an old editor"), "{log}");
}

/// Generates the parts of a change, in any order.
const PARTS: [fn(CspOverride) -> CspOverride; 6] = [
    |change| change.replace(OTHER),
    |change| change.extend(SourceDirective::IMG_SRC, [host("x.example")]).unwrap(),
    |change| change.extend(SourceDirective::BASE_URI, [Source::SELF]).unwrap(),
    |change| change.remove("frame-ancestors").unwrap(),
    |change| change.remove("form-action").unwrap(),
    |change| change.extend(SourceDirective::FORM_ACTION, [Source::SELF]).unwrap(),
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(128) })]

    #[test]
    fn adv_016_the_order_of_changes_does_not_matter(
        (said, mixed) in subsequence((0..6_usize).collect::<Vec<_>>(), 0..=6)
            .prop_flat_map(|parts| (Just(parts.clone()), Just(parts).prop_shuffle())),
    ) {
        let change = |parts: &[usize]| parts.iter().fold(CspOverride::new(), |change, part| PARTS[*part](change));
        let lines = |parts: &[usize]| {
            let mut read = browser::read(under(&change(parts)).iter().map(|line| line.as_bytes()));
            read.iter_mut().for_each(|policy| policy.sort());
            read
        };
        prop_assert_eq!(lines(&said), lines(&mixed));
    }
}

#[tokio::test]
async fn a_route_has_a_policy_of_its_own() {
    let embed = CspOverride::new()
        .remove("frame-ancestors")
        .unwrap()
        .extend(SourceDirective::IMG_SRC, [host("x.example")])
        .unwrap();
    let changed = async move || (Extension(embed), "embed");
    for app in [
        Router::new()
            .route("/", route(async || "home"))
            .route("/embed", route(changed.clone()))
            .layer(all(BASE)),
        Router::new()
            .route("/", route(async || "home"))
            .route("/embed", route(changed))
            .layer(CspLayer::new(BASE)),
    ] {
        let to =
            serve(app.clone().route("/own", route(async || "own").layer(CspLayer::new(OTHER))))
                .await;
        let (_, head, _) = get(to, "/", &[]).await;
        assert_eq!(line(&head), BASE.to_string());
        let (_, head, _) = get(to, "/embed", &[]).await;
        assert_eq!(line(&head), "default-src 'self'; img-src 'self' x.example");
        let (_, head, _) = get(to, "/own", &[]).await;
        assert_eq!(line(&head), OTHER.to_string());
    }
    // An inner layer wins for its route, inside the composite.
    let routes = Router::new().route("/", route(async || "x").layer(CspLayer::new(OTHER)));
    let (_, head, _) = get(serve(routes.layer(all(BASE))).await, "/", &[]).await;
    assert_eq!(line(&head), OTHER.to_string());
}

#[test]
fn nothing_in_a_request_causes_a_change() {
    let mut service = all(BASE).layer(Handler::new(|request: Request<()>| {
        // An override that a careless layer leaves in the request's extensions has no effect either.
        assert!(request.extensions().get::<CspOverride>().is_some());
        Response::default()
    }));
    let mut request = Request::new(());
    request.extensions_mut().insert(CspOverride::new().disable("never"));
    for name in
        ["content-security-policy", "x-content-security-policy", "csp-override", "sec-required-csp"]
    {
        request.headers_mut().insert(name, "img-src *".parse().unwrap());
    }
    assert_eq!(line(call(&mut service, request).headers()), BASE.to_string());
}

#[test]
fn an_override_applies_to_an_overriding_layer_and_not_to_an_appended_policy() {
    let off = |_| {
        let mut response = Response::new(String::new());
        response.extensions_mut().insert(CspOverride::new().disable("no"));
        response
    };
    let other = |_| {
        let mut response = Response::new(String::new());
        response
            .headers_mut()
            .insert(header::CONTENT_SECURITY_POLICY, "img-src own".parse().unwrap());
        response.extensions_mut().insert(CspOverride::new().replace(OTHER));
        response
    };
    let (one, composite) = (CspLayer::new(BASE).overriding(), all(BASE).overriding());
    assert!(!ask(&one, off).headers().contains_key(header::CONTENT_SECURITY_POLICY));
    assert!(!ask(&composite, off).headers().contains_key(header::CONTENT_SECURITY_POLICY));
    assert_eq!(line(ask(&one, other).headers()), OTHER.to_string());
    assert_eq!(line(ask(&composite, other).headers()), OTHER.to_string());
    assert_eq!(line(ask(&CspLayer::new(BASE).appending(), off).headers()), BASE.to_string());
    let also = HardeningLayer::new(
        Hardening::empty().with(BASE).with_additional_csp(OTHER).with_report_only(OTHER),
    );
    let response = ask(&also, off);
    assert_eq!(line(response.headers()), OTHER.to_string());
    assert_eq!(response.headers()["content-security-policy-report-only"], OTHER.to_string());
}

#[test]
fn a_handler_s_own_header_stays_for_every_override() {
    let own = |_| {
        let mut response = Response::new(String::new());
        response
            .headers_mut()
            .insert(header::CONTENT_SECURITY_POLICY, "img-src own".parse().unwrap());
        response.extensions_mut().insert(CspOverride::new().replace(OTHER));
        response
    };
    assert_eq!(line(ask(&CspLayer::new(BASE), own).headers()), "img-src own");
    assert_eq!(line(ask(&all(BASE), own).headers()), "img-src own");
}

#[test]
fn several_enforced_policies_and_a_report_only_policy_have_a_line_each() {
    let third = ContentSecurityPolicy::from_static("connect-src 'none'");
    let hardening = Hardening::empty()
        .with(BASE)
        .with_additional_csp(OTHER)
        .with_additional_csp(third.clone())
        .with_report_only(OTHER);
    let response = ask(&HardeningLayer::new(hardening), |_| Response::default());
    let lines = response.headers().get_all(header::CONTENT_SECURITY_POLICY);
    let lines: Vec<&str> = lines.iter().map(|line| line.to_str().unwrap()).collect();
    assert_eq!(lines, [BASE, OTHER, third].map(|policy| policy.to_string()));
    let watched = response.headers().get_all(header::CONTENT_SECURITY_POLICY_REPORT_ONLY);
    assert_eq!(watched.iter().collect::<Vec<_>>(), [&OTHER.to_string()]);
    // The stacked layers send the same.
    let stack = Stack::new(
        CspLayer::new(BASE),
        Stack::new(CspLayer::new(OTHER).appending(), CspLayer::report_only(OTHER)),
    );
    let response = ask(&stack, |_| Response::default());
    assert_eq!(browser::policies(&response).map(|policies| policies.len()), [2, 1]);
}

#[test]
fn adv_013_two_requests_at_once_never_see_each_other_s_policy() {
    fn hammer<S>(service: S)
    where
        S: Service<Request<()>, Response = Response<String>, Error = std::convert::Infallible>
            + Clone
            + Send,
    {
        let own = |index: usize| format!("x{index}.example");
        std::thread::scope(|scope| {
            for thread in 0..8_usize {
                let mut service = service.clone();
                scope.spawn(move || {
                    for turn in 0..500 {
                        let index = thread * 500 + turn;
                        let mut request = Request::new(());
                        request.extensions_mut().insert(index);
                        let response = call(&mut service, request);
                        let expected = match index % 4 {
                            0 => BASE.to_string(),
                            1 => format!("{BASE}; img-src 'self' {}", own(index)),
                            2 => format!("img-src {}", own(index)),
                            _ => "default-src 'self'".into(),
                        };
                        assert_eq!(line(response.headers()), expected);
                    }
                });
            }
        });
    }
    let handler = Handler::new(|request| {
        let index = *request.extensions().get::<usize>().unwrap();
        let source = host(&format!("x{index}.example"));
        let mut response = Response::new(String::new());
        let change = match index % 4 {
            0 => return response,
            1 => CspOverride::new().extend(SourceDirective::IMG_SRC, [source]).unwrap(),
            2 => CspOverride::new()
                .replace(ContentSecurityPolicy::NONE.img_src([source]).unwrap())
                .remove("default-src")
                .unwrap()
                .remove("base-uri")
                .unwrap()
                .remove("form-action")
                .unwrap()
                .remove("frame-ancestors")
                .unwrap(),
            _ => CspOverride::new().remove("frame-ancestors").unwrap(),
        };
        response.extensions_mut().insert(change);
        response
    });
    hammer(CspLayer::new(BASE).layer(handler.clone()));
    hammer(all(BASE).layer(handler));
}

#[test]
fn adv_015_a_change_is_to_whatever_the_base_is() {
    let change = CspOverride::new().extend(SourceDirective::IMG_SRC, [host("x.example")]);
    let change = Arc::new(change.unwrap());
    for base in [BASE, ContentSecurityPolicy::NONE] {
        let change = change.clone();
        let response = ask(&CspLayer::new(base.clone()), move |_| {
            let mut response = Response::new(String::new());
            response.extensions_mut().insert((*change).clone());
            response
        });
        let expected = base.extend(SourceDirective::IMG_SRC, [host("x.example")]).unwrap();
        assert_eq!(line(response.headers()), expected.to_string());
    }
}

#[test]
fn a_change_keeps_the_nonce_of_the_page() {
    let policy = ContentSecurityPolicy::from_static("script-src 'nonce-{}'");
    for layer in [all(policy.clone()), HardeningLayer::new(Hardening::empty().with(policy))] {
        let response = ask(&layer, |request: Request<()>| {
            let (parts, ()) = request.into_parts();
            let mut response = Response::new(
                Nonce::from_extensions(&parts.extensions).unwrap().get().unwrap().to_owned(),
            );
            let change =
                CspOverride::new().extend(SourceDirective::SCRIPT_SRC, [host("x.example")]);
            response.extensions_mut().insert(change.unwrap());
            response
        });
        assert_eq!(
            line(response.headers()),
            format!("script-src 'nonce-{}' x.example", response.body())
        );
        assert_eq!(response.headers()[header::CACHE_CONTROL], "private");
    }
}
