//! Tests nested layers: the composite and its parts in any order.

use std::convert::Infallible;

use http::{Request, Response, StatusCode, header};
use tower::{Layer, Service, layer::util::Stack};
use tower_hardening::{
    ContentSecurityPolicy, CspLayer, Hardening, HardeningLayer, Nonce, NonceError, csp::CspOverride,
};

use super::{
    browser::{self, line},
    now::now,
    service::{Handler, ask, call, empty, logged},
};

const BASE: ContentSecurityPolicy =
    ContentSecurityPolicy::from_static("default-src 'self'; frame-ancestors 'none'");
const OTHER: ContentSecurityPolicy = ContentSecurityPolicy::from_static("img-src a.example");
const NONCE: ContentSecurityPolicy = ContentSecurityPolicy::from_static("script-src 'nonce-{}'");
const STYLE: ContentSecurityPolicy =
    ContentSecurityPolicy::from_static("style-src 'self' 'nonce-{}'");

/// Returns the lines of both headers, sorted.
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
fn an_appended_policy_can_be_inside_or_outside_the_policy_that_it_is_added_to() {
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
fn the_application_s_own_policy_stays_next_to_an_appended_policy() {
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
    // The application's own line is not taken for an appended one, even if both are equal.
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
        // The third layer keeps the second layer's policy, although an appended line is equal.
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
fn the_application_s_own_line_gets_no_nonce_even_if_it_equals_ours() {
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
}

/// Calls `middle` between two layers, with the response and the request's nonce.
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
fn a_nonce_first_read_between_two_layers_is_an_error_and_in_no_header() {
    let read = |nonce: Option<Nonce>, response: Response<String>| {
        let nonce = nonce.unwrap();
        assert_eq!(nonce.get(), Err(NonceError::TooLate));
        response.map(|_| nonce.to_string())
    };
    let all = |hardening: Hardening| HardeningLayer::new(hardening);
    for outer in [CspLayer::new(NONCE), CspLayer::report_only(NONCE), CspLayer::new(STYLE)] {
        for response in [
            between(outer.clone(), read, CspLayer::new(STYLE)),
            between(outer.clone(), read, CspLayer::new(STYLE).appending()),
            between(outer.clone(), read, all(Hardening::empty().with(STYLE))),
            between(outer.clone(), read, all(Hardening::empty().with_additional_csp(STYLE))),
        ] {
            assert_eq!(response.body(), "unavailable");
            let headers = format!("{:?}", response.headers());
            assert!(!headers.contains("nonce-"), "{headers}");
            assert!(!response.headers().contains_key(header::CACHE_CONTROL));
        }
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
    // The inner layer has made no head: the service inside failed.
    let broken = tower::service_fn(|_: Request<()>| std::future::ready(Err("broken")));
    let inside = std::sync::Mutex::new(CspLayer::new(STYLE).layer(broken));
    let response = ask(&CspLayer::new(NONCE), move |request: Request<()>| {
        let nonce = request.extensions().get::<Nonce>().unwrap().clone();
        let answer: Result<Response<String>, _> = now(inside.lock().unwrap().call(request));
        assert_eq!(answer.unwrap_err(), "broken");
        let mut response = Response::new(nonce.get().unwrap().to_owned());
        *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        response
    });
    assert_eq!(line(response.headers()), format!("script-src 'nonce-{}'", response.body()));
}

#[test]
fn a_second_attempt_between_two_layers_has_a_nonce_that_both_layers_send() {
    let attempts = std::sync::atomic::AtomicUsize::new(0);
    let handler = Handler::new(move |request: Request<()>| {
        // The first two attempts fail before they read the nonce.
        match attempts.fetch_add(1, std::sync::atomic::Ordering::Relaxed) {
            0 | 1 => Response::default(),
            _ => page(request),
        }
    });
    let all = HardeningLayer::new(Hardening::empty().with(STYLE));
    let service = std::sync::Mutex::new(all.layer(handler));
    let kept = std::sync::Arc::new(std::sync::Mutex::new(None));
    let keep = kept.clone();
    let response = ask(&CspLayer::report_only(NONCE), move |request: Request<()>| {
        *keep.lock().unwrap() = request.extensions().get::<Nonce>().cloned();
        let attempt = || call(&mut *service.lock().unwrap(), request.clone());
        attempt();
        attempt();
        attempt()
    });
    assert_eq!(response.body().len(), 24);
    assert_eq!(line(response.headers()), format!("style-src 'self' 'nonce-{}'", response.body()));
    let watched = &response.headers()["content-security-policy-report-only"];
    assert_eq!(watched, &format!("script-src 'nonce-{}'", response.body()));
    assert_eq!(response.headers()[header::CACHE_CONTROL], "private");
    // The nonce of the first attempt was not read in its handler.
    assert_eq!(kept.lock().unwrap().take().unwrap().get(), Err(NonceError::TooLate));
}

#[test]
fn an_unread_nonce_is_in_no_line_of_nested_layers_and_closed_after_the_outermost() {
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
fn an_override_adds_no_nonce_to_a_policy_without_nonces() {
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
fn a_retry_inside_the_outermost_layer_has_the_same_nonce() {
    let service = std::sync::Mutex::new(CspLayer::new(STYLE).layer(Handler::new(page)));
    let response = ask(&CspLayer::new(NONCE), move |request: Request<()>| {
        let first = call(&mut *service.lock().unwrap(), request.clone());
        let second = call(&mut *service.lock().unwrap(), request);
        assert_eq!(first.body(), second.body());
        second
    });
    assert_eq!(line(response.headers()), format!("style-src 'self' 'nonce-{}'", response.body()));
}
