//! Layers within layers: the composite and its parts in any order.

use std::convert::Infallible;

use http::{Request, Response, StatusCode, header};
use tower::{Layer, Service, layer::util::Stack};
use tower_hardening::{
    ContentSecurityPolicy, CspLayer, Hardening, HardeningLayer, Nonce, NonceError, csp::CspOverride,
};

use super::{
    browser::{self, line},
    service::{Handler, ask, call, empty, logged},
};

const BASE: ContentSecurityPolicy =
    ContentSecurityPolicy::from_static("default-src 'self'; frame-ancestors 'none'");
const OTHER: ContentSecurityPolicy = ContentSecurityPolicy::from_static("img-src a.example");
const NONCE: ContentSecurityPolicy = ContentSecurityPolicy::from_static("script-src 'nonce-{}'");
const STYLE: ContentSecurityPolicy =
    ContentSecurityPolicy::from_static("style-src 'self' 'nonce-{}'");

/// What the two headers say, whatever the order of their lines.
fn policies(response: &Response<String>) -> [Vec<browser::Read>; 2] {
    browser::policies(response).map(|mut policies| {
        policies.sort();
        policies
    })
}

fn page(request: Request<()>) -> Response<String> {
    let (parts, ()) = request.into_parts();
    Response::new(
        Nonce::from_extensions(&parts.extensions)
            .map_or("none", |nonce| nonce.get().unwrap())
            .to_owned(),
    )
}

#[test]
fn an_appended_policy_stands_inside_or_outside_of_the_one_it_is_added_to() {
    let composite = HardeningLayer::new(Hardening::empty().with(BASE).with_additional_csp(OTHER));
    let expected = policies(&empty(&composite));
    assert_eq!([expected[0].len(), expected[1].len()], [2, 0]);
    let (base, other) = (CspLayer::new(BASE), CspLayer::new(OTHER).appending());
    assert_eq!(policies(&empty(&Stack::new(other.clone(), base.clone()))), expected);
    assert_eq!(policies(&empty(&Stack::new(base.clone(), other.clone()))), expected);
    let all = HardeningLayer::new(Hardening::empty().with(BASE));
    assert_eq!(policies(&empty(&Stack::new(other.clone(), all.clone()))), expected);
    assert_eq!(policies(&empty(&Stack::new(all.clone(), other.clone()))), expected);
    let also = HardeningLayer::new(Hardening::empty().with_additional_csp(OTHER));
    assert_eq!(policies(&empty(&Stack::new(also.clone(), all.clone()))), expected);
    assert_eq!(policies(&empty(&Stack::new(all.clone(), also))), expected);
    // With a change by the handler, which is to the main policy alone.
    let change = |_| {
        let mut response = Response::new(String::new());
        response.extensions_mut().insert(CspOverride::new().replace(NONCE));
        response
    };
    let expected = policies(&ask(&composite, change));
    assert_eq!(policies(&ask(&Stack::new(other.clone(), base.clone()), change)), expected);
    assert_eq!(policies(&ask(&Stack::new(base, other.clone()), change)), expected);
    assert_eq!(policies(&ask(&Stack::new(other, all), change)), expected);
}

#[test]
fn the_application_s_own_policy_stays_beside_what_is_appended() {
    let own = |_| {
        let mut response = Response::new(String::new());
        let policy = "img-src own".parse().unwrap();
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
        response
    };
    let (base, other) = (CspLayer::new(BASE), CspLayer::new(OTHER).appending());
    let expected = policies(&ask(&other, own));
    assert_eq!(expected[0].len(), 2);
    assert_eq!(policies(&ask(&Stack::new(other.clone(), base.clone()), own)), expected);
    assert_eq!(policies(&ask(&Stack::new(base, other), own)), expected);
    // What the application says itself is not taken for an appended line, though it is the same.
    let same = CspLayer::new("img-src own".parse().unwrap()).appending();
    let response = ask(&Stack::new(same, CspLayer::new(BASE)), own);
    assert_eq!(line(response.headers()), "img-src own");
}

#[test]
fn an_appended_policy_that_is_the_main_one_too_is_sent_once_and_wins() {
    let appended = CspLayer::new(BASE).appending();
    for response in [
        empty(&Stack::new(appended.clone(), CspLayer::new(BASE))),
        empty(&Stack::new(CspLayer::new(BASE), appended.clone())),
        empty(&HardeningLayer::new(Hardening::empty().with(BASE).with_additional_csp(BASE))),
        // The third leaves the second's policy, though an appended line says the same.
        empty(&Stack::new(appended, Stack::new(CspLayer::new(BASE), CspLayer::new(OTHER)))),
    ] {
        assert_eq!(line(response.headers()), BASE.to_string());
    }
}

#[test]
fn a_report_only_policy_is_appended_to_its_own_kind() {
    let more = CspLayer::report_only(OTHER).appending();
    for stack in [
        empty(&Stack::new(more.clone(), CspLayer::report_only(BASE))),
        empty(&Stack::new(CspLayer::report_only(BASE), more.clone())),
    ] {
        let [enforced, watched] = policies(&stack);
        assert_eq!([enforced.len(), watched.len()], [0, 2]);
    }
    let [enforced, watched] = policies(&empty(&Stack::new(more, CspLayer::new(BASE))));
    assert_eq!([enforced.len(), watched.len()], [1, 1]);
}

#[test]
fn the_application_s_own_line_is_not_filled_in_though_it_reads_like_ours() {
    let with_line = |mut response: Response<String>| {
        let policy = "style-src 'self'".parse().unwrap();
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
        response
    };
    let own = move |request| with_line(page(request));
    let (one, all) = (CspLayer::new(STYLE), HardeningLayer::new(Hardening::empty().with(STYLE)));
    for response in [
        ask(&one, own),
        ask(&all, own),
        ask(&Stack::new(one.clone(), one.clone()), own),
        ask(&Stack::new(all.clone(), all), own),
    ] {
        assert_eq!(response.body().len(), 24);
        assert_eq!(line(response.headers()), "style-src 'self'");
    }
    // Read between the two layers, once the inner one is done.
    let inside = one.layer(Handler::new(move |_| with_line(Response::default())));
    let inside = std::sync::Mutex::new(inside);
    let between = move |request: Request<()>| {
        let nonce = request.extensions().get::<Nonce>().unwrap().clone();
        let response = call(&mut *inside.lock().unwrap(), request);
        response.map(|_| nonce.to_string())
    };
    let response = ask(&one, between);
    assert_eq!(response.body().len(), 24);
    assert_eq!(line(response.headers()), "style-src 'self'");
}

#[test]
fn what_a_gateway_replaces_is_not_filled_in_later() {
    // The gateway's own policy reads as the inner one does without its nonce.
    let gateway = ContentSecurityPolicy::from_static("style-src 'self'");
    let response = between(
        CspLayer::report_only(NONCE),
        |nonce, response| {
            let over = CspLayer::new(ContentSecurityPolicy::from_static("style-src 'self'"));
            let kept = std::sync::Mutex::new(Some(response));
            let replaced = ask(&over.overriding(), move |_| kept.lock().unwrap().take().unwrap());
            replaced.map(|_| nonce.unwrap().get().unwrap().to_owned())
        },
        CspLayer::new(STYLE),
    );
    assert_eq!(line(response.headers()), gateway.to_string());
    assert!(!response.body().is_empty());
}

/// Between two layers: what `middle` makes of a response, with the request's nonce at hand.
fn between<L, S>(
    outer: CspLayer,
    middle: impl Fn(Option<Nonce>, Response<String>) -> Response<String> + Send + Sync + 'static,
    inner: L,
) -> Response<String>
where
    L: Layer<Handler, Service = S>,
    S: Service<Request<()>, Response = Response<String>, Error = Infallible> + Send + 'static,
{
    let service = std::sync::Mutex::new(inner.layer(Handler::new(|_| Response::default())));
    ask(&outer, move |request: Request<()>| {
        let nonce = request.extensions().get::<Nonce>().cloned();
        let response = call(&mut *service.lock().unwrap(), request);
        middle(nonce, response)
    })
}

#[test]
fn a_nonce_first_read_between_two_layers_is_in_no_line_of_the_inner_one() {
    let outer = || CspLayer::report_only(NONCE);
    let read = |nonce: Option<Nonce>, response: Response<String>| {
        response.map(|_| nonce.unwrap().get().unwrap().to_owned())
    };
    for response in [
        between(outer(), read, CspLayer::new(STYLE)),
        between(outer(), read, CspLayer::new(STYLE).appending()),
        between(outer(), read, HardeningLayer::new(Hardening::empty().with(STYLE))),
        between(outer(), read, HardeningLayer::new(Hardening::empty().with_additional_csp(STYLE))),
    ] {
        assert_eq!(line(response.headers()), "style-src 'self'");
        let watched = &response.headers()["content-security-policy-report-only"];
        assert_eq!(watched, &format!("script-src 'nonce-{}'", response.body()));
        assert_eq!(response.headers()[header::CACHE_CONTROL], "private");
    }
}

#[test]
fn a_nonce_that_the_handler_reads_is_in_the_lines_of_both_layers() {
    let outer = || CspLayer::report_only(NONCE);
    for response in [
        ask(&Stack::new(CspLayer::new(STYLE), outer()), page),
        ask(&Stack::new(CspLayer::new(STYLE).appending(), outer()), page),
        ask(&Stack::new(HardeningLayer::new(Hardening::empty().with(STYLE)), outer()), page),
        ask(
            &Stack::new(
                HardeningLayer::new(Hardening::empty().with_additional_csp(STYLE)),
                outer(),
            ),
            page,
        ),
    ] {
        let expected = format!("style-src 'self' 'nonce-{}'", response.body());
        assert_eq!(line(response.headers()), expected);
        let watched = &response.headers()["content-security-policy-report-only"];
        assert_eq!(watched, &format!("script-src 'nonce-{}'", response.body()));
        assert_eq!(response.headers()[header::CACHE_CONTROL], "private");
    }
}

#[test]
fn adv_028_an_error_page_between_two_layers_has_the_nonce_of_the_outer_one() {
    let response = between(
        CspLayer::new(NONCE),
        |nonce, _| {
            let mut response = Response::new(nonce.unwrap().get().unwrap().to_owned());
            *response.status_mut() = StatusCode::NOT_FOUND;
            response
        },
        CspLayer::new(STYLE),
    );
    assert_eq!(line(response.headers()), format!("script-src 'nonce-{}'", response.body()));
}

#[test]
fn a_nonce_that_nobody_read_is_in_no_line_of_nested_layers_and_closed_after_the_outermost() {
    let kept = std::sync::Arc::new(std::sync::Mutex::new(None));
    let keep = kept.clone();
    let response = between(
        CspLayer::report_only(NONCE),
        move |nonce, response| {
            *keep.lock().unwrap() = nonce;
            response
        },
        CspLayer::new(STYLE).appending(),
    );
    assert_eq!(line(response.headers()), "style-src 'self'");
    assert!(response.headers().get(header::CACHE_CONTROL).is_none());
    let nonce = kept.lock().unwrap().take().unwrap();
    assert_eq!(nonce.get(), Err(NonceError::TooLate));
}

#[test]
fn a_line_appended_inside_stays_next_to_the_outer_policy_with_and_without_its_nonce() {
    let layers = Stack::new(
        CspLayer::new(STYLE).appending(),
        Stack::new(CspLayer::new(BASE), CspLayer::report_only(NONCE)),
    );
    for (answer, expected) in [(page as fn(_) -> _, 2), (|_| Response::new("none".to_owned()), 2)] {
        let response = ask(&layers, answer);
        let [enforced, watched] = policies(&response);
        assert_eq!([enforced.len(), watched.len()], [expected, 1]);
        let read = format!("{enforced:?}{watched:?}").matches(response.body()).count();
        assert!(read >= 1, "{response:?}");
    }
}

#[test]
fn a_change_brings_no_nonce_where_the_policy_itself_has_none() {
    let change = |request| {
        let mut response = page(request);
        response.extensions_mut().insert(CspOverride::new().replace(NONCE));
        response
    };
    let (main, watched) = (CspLayer::new(BASE), CspLayer::report_only(STYLE));
    let all = HardeningLayer::new(Hardening::empty().with(BASE).with_report_only(STYLE));
    let (responses, log) = logged(|| {
        [
            ask(&all, change),
            ask(&Stack::new(main.clone(), watched.clone()), change),
            ask(&Stack::new(watched, main), change),
        ]
    });
    for response in responses {
        assert_eq!(line(response.headers()), "script-src 'none'");
        let expected = format!("style-src 'self' 'nonce-{}'", response.body());
        assert_eq!(response.headers()["content-security-policy-report-only"], expected);
    }
    assert_eq!(log.matches("an override has a nonce").count(), 3, "{log}");
}

#[test]
fn a_retry_inside_of_the_outermost_layer_has_the_same_nonce() {
    let service = std::sync::Mutex::new(CspLayer::new(STYLE).layer(Handler::new(page)));
    let response = ask(&CspLayer::new(NONCE), move |request: Request<()>| {
        let first = call(&mut *service.lock().unwrap(), request.clone());
        let second = call(&mut *service.lock().unwrap(), request);
        assert_eq!(first.body(), second.body());
        second
    });
    assert_eq!(line(response.headers()), format!("style-src 'self' 'nonce-{}'", response.body()));
}
