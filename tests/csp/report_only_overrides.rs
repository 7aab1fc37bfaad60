//! A handler or a route changes the report-only policy of one response.

use http::{HeaderMap, Request, Response, StatusCode, header};
use tower::{Layer, layer::util::Stack};
use tower_hardening::{
    ContentSecurityPolicy, CspLayer, Hardening, HardeningLayer, Nonce,
    csp::{CspOverride, CspOverrideLayer, Source, SourceDirective},
};

use super::service::{Handler, ask, call};

const ENFORCED: ContentSecurityPolicy = ContentSecurityPolicy::from_static("default-src 'self'");
const WATCHED: ContentSecurityPolicy =
    ContentSecurityPolicy::from_static("default-src 'none'; report-uri /csp");

fn layers() -> [HardeningLayer; 2] {
    let all = || Hardening::empty().with(ENFORCED).with_report_only(WATCHED);
    [HardeningLayer::new(all()), HardeningLayer::new(all()).overriding()]
}

/// Returns the enforced and the report-only policy of a response.
fn both(headers: &HeaderMap) -> [Option<&str>; 2] {
    let names = [header::CONTENT_SECURITY_POLICY, header::CONTENT_SECURITY_POLICY_REPORT_ONLY];
    names.map(|name| {
        let lines = headers.get_all(&name).iter().count();
        assert!(lines <= 1, "{headers:?}");
        headers.get(&name).map(|line| line.to_str().unwrap())
    })
}

fn with(change: CspOverride) -> impl Fn(Request<()>) -> Response<String> + Clone {
    move |_| {
        let mut response = Response::new(String::new());
        response.extensions_mut().insert(change.clone());
        response
    }
}

#[test]
fn a_handler_replaces_extends_removes_and_disables_the_report_only_policy_alone() {
    let new = CspOverride::new;
    let images = [Source::host("x.example").unwrap()];
    let cases = [
        (new().replace_report_only(ENFORCED), Some("default-src 'self'")),
        (
            new().extend_report_only(SourceDirective::IMG_SRC, images).unwrap(),
            Some("default-src 'none'; report-uri /csp; img-src x.example"),
        ),
        (new().remove_report_only("REPORT-URI").unwrap(), Some("default-src 'none'")),
        (new().disable_report_only("a thousand violations"), None),
        // A change of the enforced policy does not change this one.
        (new().extend(SourceDirective::IMG_SRC, []).unwrap(), Some(WATCHED_TEXT)),
    ];
    for (change, expected) in cases {
        for layer in layers() {
            let response = ask(&layer, with(change.clone()));
            assert_eq!(both(response.headers()), [Some("default-src 'self'"), expected]);
        }
        let alone = HardeningLayer::new(Hardening::empty().with_report_only(WATCHED));
        assert_eq!(both(ask(&alone, with(change.clone())).headers()), [None, expected]);
        let single = CspLayer::report_only(WATCHED);
        assert_eq!(both(ask(&single, with(change)).headers()), [None, expected]);
    }
}

const WATCHED_TEXT: &str = "default-src 'none'; report-uri /csp";

#[test]
fn an_override_of_both_policies_changes_both_and_adds_neither() {
    let change = CspOverride::new().disable("another team").replace_report_only(ENFORCED);
    for layer in layers() {
        let response = ask(&layer, with(change.clone()));
        assert_eq!(both(response.headers()), [None, Some("default-src 'self'")]);
    }
    let enforced = HardeningLayer::new(Hardening::empty().with(ENFORCED));
    let change = CspOverride::new().replace_report_only(WATCHED);
    let response = ask(&enforced, with(change));
    assert_eq!(both(response.headers()), [Some("default-src 'self'"), None]);
}

#[test]
fn a_route_s_change_of_one_policy_stays_where_the_handler_changes_the_other() {
    let route = CspOverrideLayer::new(CspOverride::new().disable_report_only("another team"));
    let handler = CspOverride::new().replace(ContentSecurityPolicy::from_static("img-src 'none'"));
    for layer in layers() {
        let stack = Stack::new(route.clone(), layer);
        let response = ask(&stack, with(handler.clone()));
        assert_eq!(both(response.headers()), [Some("img-src 'none'"), None]);
        // The handler decides last about the same policy.
        let own = CspOverride::new().replace_report_only(ENFORCED);
        let response = ask(&stack, with(own));
        let expected = Some("default-src 'self'");
        assert_eq!(both(response.headers()), [expected, expected]);
    }
}

#[test]
fn a_report_only_policy_with_a_nonce_keeps_it_in_an_override() {
    let policy = ContentSecurityPolicy::from_static("script-src 'nonce-{}'");
    let all = Hardening::empty().with(ENFORCED).with_report_only(policy);
    let images = [Source::host("x.example").unwrap()];
    let change = CspOverride::new().extend_report_only(SourceDirective::SCRIPT_SRC, images);
    let change = change.unwrap();
    let mut service = HardeningLayer::new(all).layer(Handler::new(move |request: Request<()>| {
        let nonce = Nonce::from_extensions(request.extensions()).unwrap();
        let mut response = Response::new(nonce.get().unwrap().to_owned());
        response.extensions_mut().insert(change.clone());
        response
    }));
    let response = call(&mut service, Request::new(()));
    let expected = format!("script-src 'nonce-{}' x.example", response.body());
    assert_eq!(both(response.headers()), [Some("default-src 'self'"), Some(&expected)]);
    assert_eq!(response.headers()["cache-control"], "private");
}

#[test]
fn a_report_only_override_of_a_304_is_as_that_of_its_page() {
    for layer in layers() {
        let answer = |status: StatusCode| {
            move |_| {
                let mut response = Response::new(String::new());
                *response.status_mut() = status;
                let change = CspOverride::new().replace_report_only(ENFORCED);
                response.extensions_mut().insert(change);
                response
            }
        };
        let page = ask(&layer, answer(StatusCode::OK));
        let unmodified = ask(&layer, answer(StatusCode::NOT_MODIFIED));
        assert_eq!(both(page.headers()), both(unmodified.headers()));
        assert_eq!(both(page.headers())[1], Some("default-src 'self'"));
    }
}
