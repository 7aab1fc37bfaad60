//! Tests the assertions and their messages.

use axum::{Router, body::Body, routing::get};
use http::{HeaderMap, Request, Response};
use tower::ServiceExt;
use tower_hardening::{
    FrameOptions, Hardening, HardeningLayer, ReferrerPolicy, assert_csp, assert_grade,
    assert_hardened, assert_header, assert_no_header, header::RemoveHeaders,
};

use super::headers;

/// Returns the message of an assertion that fails.
fn message(assertion: impl FnOnce() + std::panic::UnwindSafe) -> String {
    let panic = std::panic::catch_unwind(assertion).unwrap_err();
    *panic.downcast::<String>().unwrap()
}

#[tokio::test]
async fn a_response_of_axum_is_asserted_on() {
    let app: Router =
        Router::new().route("/", get(async || "hello")).layer(HardeningLayer::default());
    let response = app.oneshot(Request::new(Body::empty())).await.unwrap();
    assert_hardened!(response);
    assert_hardened!(response, Hardening::recommended());
    assert_grade!(&response, "A+");
    assert_grade!(response, tower_hardening::audit::Grade::A);
    assert_header!(response, FrameOptions::SAMEORIGIN);
    assert_no_header!(response, "Server");
    assert_csp!(response, "img-src", "'self' data: https:");
}

#[test]
fn a_head_and_bare_headers_are_asserted_on() {
    let hardened: HeaderMap = Hardening::recommended().headers().into_iter().collect();
    assert_hardened!(hardened);
    let mut response = Response::new(());
    *response.headers_mut() = hardened;
    let (head, ()) = response.into_parts();
    assert_hardened!(head);
    assert_grade!(head.headers, "a+",);
}

#[test]
fn a_weak_response_fails_with_each_remedy() {
    let text = message(|| assert_hardened!(headers(&["x-frame-options: DENY"])));
    assert!(
        text.starts_with("the response is not hardened:\nerror[csp-not-implemented]"),
        "{text}"
    );
    assert!(text.contains("in Rust: .with(ContentTypeOptions::NOSNIFF)"), "{text}");
    assert!(
        text.contains("in the settings: headers.x-content-type-options = \"nosniff\""),
        "{text}"
    );
    assert!(!text.contains("note["), "{text}");
    let text = message(|| assert_grade!(headers(&[]), "B+"));
    assert!(
        text.starts_with("expected the grade B+ or better, found grade D, score 30\n"),
        "{text}"
    );
    let text = message(|| assert_grade!(headers(&[]), "E"));
    assert!(
        text.starts_with("grade, byte 0: 'E' is not a grade; write one of 'A+', 'A'"),
        "{text}"
    );
}

#[test]
fn a_difference_fails_with_what_was_configured_and_received() {
    let policies = || Hardening::recommended().with(RemoveHeaders::server());
    let changed = || {
        let mut headers: HeaderMap = policies().headers().into_iter().collect();
        headers.remove("referrer-policy");
        headers.insert("x-frame-options", "DENY".parse().unwrap());
        headers.insert("server", "nginx".parse().unwrap());
        headers
    };
    assert_eq!(
        message(|| assert_hardened!(changed(), policies())),
        "the response does not have the headers of the policies:\n\
         referrer-policy: configured 'strict-origin-when-cross-origin', and not received\n\
         server: received 'nginx', and not configured\n\
         x-frame-options: configured 'SAMEORIGIN', received 'DENY'\n\
         add HardeningLayer::new(policies) as the outermost layer, and look for a handler or proxy that changes them",
    );
    assert_eq!(
        message(|| assert_header!(changed(), FrameOptions::SAMEORIGIN)),
        "x-frame-options: expected 'SAMEORIGIN', found 'DENY'; look for a handler or an inner layer that sets the header",
    );
    assert_eq!(
        message(|| assert_header!(changed(), ReferrerPolicy::NO_REFERRER)),
        "referrer-policy: expected 'no-referrer', found no such header; add the policy with Hardening::with, or its layer",
    );
    assert_eq!(
        message(|| assert_no_header!(changed(), "Server")),
        "Server: expected no such header, found 'nginx'; remove it with RemoveHeaders or Hardening::without",
    );
    assert_eq!(
        message(|| assert_csp!(changed(), "object-src", "'self'")),
        "content-security-policy, object-src: expected \"'self'\", found \"'none'\"; write csp.set_text(\"object-src\", \"'self'\")",
    );
    let text = message(|| assert_csp!(headers(&[]), "img-src", "data:"));
    assert!(text.contains("found no policy; "), "{text}");
}
