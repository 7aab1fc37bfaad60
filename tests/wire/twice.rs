//! A layer applied twice has the same effect as once.

use axum::{Router, routing::get};
use http::{HeaderMap, header};
use tower::ServiceBuilder;
use tower_hardening::{
    ContentSecurityPolicy, ContentTypeOptions, ContentTypeOptionsLayer, CspLayer, ExpectCt,
    ExpectCtLayer, FrameOptions, FrameOptionsLayer, HostCookieLayer, HostCookies, ReferrerLayer,
    ReferrerPolicy, StrictTransportSecurity, StsLayer,
    header::{
        DownloadOptions, DownloadOptionsLayer, PermittedCrossDomainPolicies,
        PermittedCrossDomainPoliciesLayer, XssProtection, XssProtectionLayer,
    },
};

use crate::{
    guide::{self, GUIDE, assert_covered},
    server,
    wire::Wire,
};

fn router() -> Router {
    let lines = [
        (header::SET_COOKIE, "pleroma_key=v; HttpOnly"),
        (header::VARY, "accept"),
        (header::DATE, "Thu, 01 Jan 1970 00:00:00 GMT"),
    ];
    Router::new().route("/", get(async move || (lines, "home")))
}

/// Returns a layer for each header of the guide, and for its cookie.
fn stacked(router: Router) -> Router {
    let csp = ContentSecurityPolicy::from_static(GUIDE[8].1);
    router.layer(
        ServiceBuilder::new()
            .layer(XssProtectionLayer::new(XssProtection::BLOCK))
            .layer(PermittedCrossDomainPoliciesLayer::new(PermittedCrossDomainPolicies::NONE))
            .layer(FrameOptionsLayer::new(FrameOptions::DENY))
            .layer(ContentTypeOptionsLayer::new(ContentTypeOptions::NOSNIFF))
            .layer(DownloadOptionsLayer::new(DownloadOptions::NOOPEN))
            .layer(ReferrerLayer::new(ReferrerPolicy::SAME_ORIGIN))
            .layer(StsLayer::new(
                StrictTransportSecurity::new(std::time::Duration::from_secs(31_536_000))
                    .include_subdomains(),
            ))
            .layer(ExpectCtLayer::new(ExpectCt::enforce(std::time::Duration::from_secs(2_592_000))))
            .layer(CspLayer::new(csp))
            .layer(HostCookieLayer::new(HostCookies::new(["pleroma_key"]).unwrap())),
    )
}

async fn answers(router: Router, path: &str) -> Vec<HeaderMap> {
    let server = server::axum(router).await;
    let mut answers = Vec::new();
    for wire in Wire::BOTH {
        answers.push(wire.get(server, path).await.headers().clone());
    }
    answers
}

#[tokio::test]
async fn adv_046_the_layer_twice_sends_what_it_sends_once() {
    let once = answers(router().layer(guide::layer()), "/").await;
    for headers in &once {
        assert_covered(headers, "once");
        let cookie = "__Host-pleroma_key=v; HttpOnly; Path=/; Secure";
        assert_eq!(guide::lines(headers, "set-cookie"), [cookie.as_bytes()]);
    }
    assert_eq!(answers(router().layer(guide::layer()).layer(guide::layer()), "/").await, once);
    let nested = Router::new().nest("/in", router().layer(guide::layer())).layer(guide::layer());
    assert_eq!(answers(nested, "/in").await, once);
}

#[tokio::test]
async fn the_layer_sends_what_its_layers_stacked_send() {
    let once = answers(router().layer(guide::layer()), "/").await;
    assert_eq!(answers(stacked(router()), "/").await, once);
    assert_eq!(answers(stacked(stacked(router())), "/").await, once);
    assert_eq!(answers(stacked(router()).layer(guide::layer()), "/").await, once);
}
