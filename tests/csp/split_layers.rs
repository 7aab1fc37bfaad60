//! Tests a policy in two lines under nested layers, overrides and hooks, and without its nonce.

use std::convert::Infallible;

use http::{HeaderValue, Request, Response, StatusCode, header};
use tower::{Layer, Service, layer::util::Stack};
use tower_hardening::{
    ContentSecurityPolicy, CspLayer, Hardening, HardeningLayer, Nonce,
    connection::{ConnectionInfo, Scheme},
    csp::{Addition, CspOverride, Source, SourceDirective},
};

use super::service::{Handler, ask, call, empty};

pub(crate) const GUIDE: ContentSecurityPolicy = ContentSecurityPolicy::from_static(
    "default-src 'none'; frame-ancestors 'none'; img-src 'self' data: https:; \
     script-src 'self' 'nonce-{}'; upgrade-insecure-requests",
);
pub(crate) const FIRST: &str = "default-src 'none'; frame-ancestors 'none'; img-src 'self' data: https:; \
     script-src * about: blob: data: filesystem: 'unsafe-inline' 'unsafe-eval'; upgrade-insecure-requests";
pub(crate) const UNREAD: &str = "default-src 'none'; frame-ancestors 'none'; img-src 'self' data: https:; \
     script-src 'self'; upgrade-insecure-requests";

pub(crate) const ENFORCED: &str = "content-security-policy";
pub(crate) const REPORT_ONLY: &str = "content-security-policy-report-only";

pub(crate) fn layer() -> CspLayer {
    CspLayer::new(GUIDE).nonce_in_second_line().unwrap()
}

pub(crate) fn all() -> HardeningLayer {
    HardeningLayer::new(Hardening::empty().with(GUIDE).nonce_in_second_line().unwrap())
}

/// Responds with the nonce as the body.
pub(crate) fn page(request: Request<()>) -> Response<String> {
    let nonce = Nonce::from_extensions(request.extensions()).unwrap();
    Response::new(nonce.get().unwrap().to_owned())
}

/// Returns the lines of a header; the nonce in the body is replaced by `N`.
pub(crate) fn lines(response: &Response<String>, name: &str) -> Vec<String> {
    let lines = response.headers().get_all(name).iter();
    lines.map(|line| line.to_str().unwrap().replace(response.body(), "N")).collect()
}

#[test]
fn a_response_whose_nonce_was_not_read_has_one_line() {
    for response in [empty(&layer()), empty(&all())] {
        let values: Vec<_> = response.headers().get_all(ENFORCED).iter().collect();
        assert_eq!(values, [UNREAD]);
    }
}

#[test]
fn a_304_has_neither_line() {
    let unmodified = |request| {
        let mut response = page(request);
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response
    };
    for response in [ask(&layer(), unmodified), ask(&all(), unmodified)] {
        assert!(!response.headers().contains_key(ENFORCED));
    }
}

#[test]
fn a_policy_that_a_handler_or_a_hook_changes_is_in_one_line() {
    let host = || Source::host("https://a.example").unwrap();
    let change = move |request| {
        let mut response = page(request);
        let more = CspOverride::new().extend(SourceDirective::SCRIPT_SRC, [host()]).unwrap();
        response.extensions_mut().insert(more);
        response
    };
    let more = move || [Addition::source(SourceDirective::IMG_SRC, host())];
    let scripts =
        UNREAD.replace("script-src 'self'", "script-src 'self' 'nonce-N' https://a.example");
    let images = UNREAD
        .replace("script-src 'self'", "script-src 'self' 'nonce-N'")
        .replace("https:;", "https: https://a.example;");
    for (response, expected) in [
        (ask(&layer(), change), &scripts),
        (ask(&all(), change), &scripts),
        (ask(&layer().with_sources(move |_| more()), page), &images),
        (ask(&all().with_sources(move |_| more()), page), &images),
    ] {
        assert_eq!(lines(&response, ENFORCED), [expected.as_str()]);
    }
    let off = |request| {
        let mut response = page(request);
        response.extensions_mut().insert(CspOverride::new().disable("a test"));
        response
    };
    for response in [ask(&layer(), off), ask(&all(), off)] {
        assert!(!response.headers().contains_key(ENFORCED));
    }
}

#[test]
fn over_http_the_first_line_has_no_upgrade() {
    fn over_http<S>(layer: impl Layer<Handler, Service = S>) -> Response<String>
    where
        S: Service<Request<()>, Response = Response<String>, Error = Infallible>,
    {
        let mut request = Request::new(());
        request.extensions_mut().insert(ConnectionInfo::new(Scheme::Http));
        call(&mut layer.layer(Handler::new(page)), request)
    }
    let expected = FIRST.replace("; upgrade-insecure-requests", "");
    for response in [over_http(layer()), over_http(all())] {
        assert_eq!(lines(&response, ENFORCED), [&*expected, "script-src 'self' 'nonce-N'"]);
    }
    // A first line would have nothing but the upgrade.
    let upgrade = "script-src 'nonce-{}'; upgrade-insecure-requests".parse().unwrap();
    let response = over_http(CspLayer::new(upgrade).nonce_in_second_line().unwrap());
    assert_eq!(lines(&response, ENFORCED), ["script-src 'nonce-N'"]);
}

#[test]
fn a_report_only_policy_and_an_appended_policy_are_split_too() {
    let style = ContentSecurityPolicy::from_static("default-src 'self'; style-src 'nonce-{}'");
    let first = "default-src 'self'; style-src * about: blob: data: filesystem: 'unsafe-inline'";
    let second = "style-src 'nonce-N'";
    let watched = || CspLayer::report_only(style.clone()).nonce_in_second_line().unwrap();
    let all = Hardening::empty().with(GUIDE).with_report_only(style.clone());
    let all = all.with_additional_csp(style.clone()).nonce_in_second_line().unwrap();
    for response in [
        ask(&HardeningLayer::new(all), page),
        ask(&Stack::new(Stack::new(layer(), watched()), appended(&style)), page),
    ] {
        let enforced = [FIRST, "script-src 'self' 'nonce-N'", first, second];
        assert_eq!(lines(&response, ENFORCED), enforced);
        assert_eq!(lines(&response, REPORT_ONLY), [first, second]);
    }
}

fn appended(policy: &ContentSecurityPolicy) -> CspLayer {
    CspLayer::new(policy.clone()).nonce_in_second_line().unwrap().appending()
}

#[test]
fn appended_policies_with_the_same_first_line_both_have_a_second() {
    let [one, two] = ["a.example", "b.example"]
        .map(|host| format!("default-src 'self'; script-src {host} 'nonce-{{}}'").parse().unwrap());
    let response = ask(&Stack::new(appended(&one), appended(&two)), page);
    let first = "default-src 'self'; script-src * about: blob: data: filesystem: 'unsafe-inline' 'unsafe-eval'";
    let seconds = ["script-src a.example 'nonce-N'", "script-src b.example 'nonce-N'"];
    assert_eq!(lines(&response, ENFORCED), [first, seconds[0], seconds[1]]);
    // Sent once where both are equal.
    let response = ask(&Stack::new(appended(&one), appended(&one)), page);
    assert_eq!(lines(&response, ENFORCED), [first, seconds[0]]);
    let main = CspLayer::new(one.clone()).nonce_in_second_line().unwrap();
    for stack in [Stack::new(appended(&one), main.clone()), Stack::new(main, appended(&one))] {
        assert_eq!(lines(&ask(&stack, page), ENFORCED), [first, seconds[0]]);
    }
}

#[test]
fn of_nested_layers_both_lines_of_one_policy_are_sent() {
    let other = ContentSecurityPolicy::from_static("script-src b.example 'nonce-{}'");
    let ours = [FIRST, "script-src 'self' 'nonce-N'"];
    let others = ["script-src b.example 'nonce-N'"];
    // The innermost policy wins, or one that overrides.
    for response in [
        ask(&Stack::new(layer(), CspLayer::new(other.clone())), page),
        ask(&Stack::new(all(), HardeningLayer::new(Hardening::empty().with(other.clone()))), page),
        ask(&Stack::new(CspLayer::new(other.clone()), layer().overriding()), page),
        ask(&Stack::new(CspLayer::new(other.clone()), all().overriding()), page),
        ask(&Stack::new(layer(), layer()), page),
        ask(&Stack::new(all(), all()), page),
        ask(&Stack::new(all(), layer().overriding()), page),
    ] {
        assert_eq!(lines(&response, ENFORCED), ours);
    }
    for response in [
        ask(&Stack::new(CspLayer::new(other.clone()), layer()), page),
        ask(&Stack::new(CspLayer::new(other.clone()), all()), page),
        ask(&Stack::new(layer(), CspLayer::new(other.clone()).overriding()), page),
    ] {
        assert_eq!(lines(&response, ENFORCED), others);
    }
}

#[test]
fn the_application_s_own_policy_stays_alone() {
    let own = |request| {
        let mut response = page(request);
        response.headers_mut().insert(ENFORCED, HeaderValue::from_static("img-src own"));
        response
    };
    for response in [ask(&layer(), own), ask(&all(), own)] {
        assert_eq!(lines(&response, ENFORCED), ["img-src own"]);
    }
}

#[test]
fn a_passive_file_has_the_one_line_that_allows_nothing() {
    let text = |request| {
        let mut response = page(request);
        let plain = HeaderValue::from_static("text/plain");
        response.headers_mut().insert(header::CONTENT_TYPE, plain);
        response
    };
    let response = ask(&layer().only_documents(), text);
    assert_eq!(lines(&response, ENFORCED), ["default-src 'none'; frame-ancestors 'none'; sandbox"]);
}

#[test]
fn a_list_of_ancestors_in_the_first_line_still_excludes_frame_options() {
    let listed = ContentSecurityPolicy::from_static(
        "frame-ancestors https://a.example; script-src 'nonce-{}'",
    );
    let inner = CspLayer::new(listed).nonce_in_second_line().unwrap();
    let response = ask(&Stack::new(inner, HardeningLayer::default()), page);
    assert_eq!(
        lines(&response, ENFORCED),
        ["frame-ancestors https://a.example", "script-src 'nonce-N'"]
    );
    assert!(!response.headers().contains_key(header::X_FRAME_OPTIONS));
}

#[test]
fn a_response_with_as_many_headers_as_fit_has_both_policies() {
    let full = |request| {
        let mut response = page(request);
        for index in 0.. {
            let name = header::HeaderName::try_from(format!("x-{index}")).unwrap();
            if response.headers_mut().try_insert(name, HeaderValue::from_static("")).is_err() {
                break;
            }
        }
        response
    };
    for response in [ask(&layer(), full), ask(&all(), full)] {
        // Near its limit a map can refuse a second line.
        let policies = lines(&response, ENFORCED).join(", ");
        assert_eq!(policies, format!("{FIRST}, script-src 'self' 'nonce-N'"));
    }
}
