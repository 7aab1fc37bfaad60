//! Tests faults that others shipped: each test begins with the id of the one that it guards
//! against.

use http::{Method, Request, Response, StatusCode};
use tower::{Layer, ServiceExt, service_fn};
use tower_hardening::{
    Hardening, HardeningLayer,
    media::{Media, MediaLayer},
};

use crate::{
    answer, lines,
    policies::{LOCKED, SVG},
    uploaded,
};

#[test]
fn adv_048_an_upload_has_its_policies_and_its_name_and_no_script() {
    for content_type in ["text/html", "text/javascript", "image/svg+xml", "application/xhtml+xml"] {
        let sent = uploaded("/media/a.js", &[("content-type", content_type)]);
        let shown = content_type == "image/svg+xml";
        let policy = if shown { SVG } else { LOCKED };
        assert_eq!(lines(&sent, "content-security-policy"), [policy]);
        assert_eq!(lines(&sent, "x-content-type-options"), ["nosniff"]);
        assert_eq!(lines(&sent, "cross-origin-resource-policy"), ["cross-origin"]);
        let named = ["attachment; filename=\"a.js\""];
        let expected = if shown { &[][..] } else { &named };
        assert_eq!(lines(&sent, "content-disposition"), expected);
    }
}

/// A handler that passes the client's text on as headers.
#[test]
fn adv_086_nothing_in_a_request_switches_the_policy_off() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let echo = service_fn(|request: Request<()>| {
        let mut response = answer(StatusCode::OK, &[("content-type", "text/html")]);
        response.headers_mut().extend(request.headers().clone());
        std::future::ready(Ok::<_, std::convert::Infallible>(response))
    });
    let service = MediaLayer::new(Media::proxied()).layer(echo);
    for method in
        [Method::GET, Method::HEAD, Method::OPTIONS, Method::from_bytes(b"MEDIA").unwrap()]
    {
        for path in
            ["/", "*", "//", "/..", "/?media=off&csp=0", "/MEDIA/%2e%2e/a", "http://a.example"]
        {
            let request = Request::builder()
                .method(&method)
                .uri(path)
                .header("content-security-policy", "script-src *")
                .header("x-hardening", "off")
                .header("settled", "true")
                .body(())
                .unwrap();
            let sent: Response<_> = runtime.block_on(service.clone().oneshot(request)).unwrap();
            assert_eq!(lines(sent.headers(), "content-security-policy"), [LOCKED], "{path}");
            assert_eq!(lines(sent.headers(), "content-type"), ["application/octet-stream"]);
            assert!(!sent.headers().contains_key("x-hardening"));
        }
    }
}

/// The layer is on the route. A path that does not match the route has the site's own policy.
#[test]
fn adv_087_adv_089_the_policy_belongs_to_the_route_and_all_else_has_the_strict_base() {
    use axum::{Router, body::Body, routing::get};
    let site = "https://example.tld".parse().unwrap();
    let file = async || ([("content-type", "image/svg+xml")], "<svg/>");
    let app: Router = Router::new()
        .route("/media/{name}", get(file).layer(MediaLayer::new(Media::uploads())))
        .layer(HardeningLayer::new(Hardening::pleroma(&site)));
    let guide = Hardening::pleroma(&site).csp().unwrap().to_string();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    for (path, status, expected) in [
        ("/media/a.svg", StatusCode::OK, SVG),
        ("/media/%61.svg", StatusCode::OK, SVG),
        ("/MEDIA/a.svg", StatusCode::NOT_FOUND, &*guide),
        ("/%6Dedia/a.svg", StatusCode::NOT_FOUND, &guide),
        ("/media//a.svg", StatusCode::NOT_FOUND, &guide),
        ("/media/", StatusCode::NOT_FOUND, &guide),
        ("//media/a.svg", StatusCode::NOT_FOUND, &guide),
        ("/x/../media/a.svg", StatusCode::NOT_FOUND, &guide),
        ("/", StatusCode::NOT_FOUND, &guide),
    ] {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let sent = runtime.block_on(app.clone().oneshot(request)).unwrap();
        assert_eq!(sent.status(), status, "{path}");
        assert_eq!(lines(sent.headers(), "content-security-policy"), [expected], "{path}");
    }
}
