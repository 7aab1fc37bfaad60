//! dioxus 0.7: the policies are sent, but dioxus writes its inline scripts without a nonce, so a policy without
//! 'unsafe-inline' blocks them: the page is shown, and does not become interactive.

use axum::{Router, routing::get};
use dioxus::prelude::*;
use dioxus_server::{FullstackState, ServeConfig};
use tokio::net::TcpListener;
use tower_hardening::{Hardening, HardeningLayer};

fn page() -> Element {
    rsx! { p { "hello" } }
}

async fn serve(listener: TcpListener) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let policies = Hardening::strict(&"https://example.tld".parse()?);
    let app: Router = Router::new()
        .route("/", get(FullstackState::render_handler))
        .with_state(FullstackState::new(ServeConfig::new(), page));
    Ok(axum::serve(listener, app.layer(HardeningLayer::new(policies))).await?)
}

#[tokio::test]
async fn the_scripts_of_dioxus_have_no_nonce() {
    let address = crate::check::start(serve).await;
    let page = crate::check::get(address, "/", &[]).await;
    let policies = Hardening::strict(&"https://example.tld".parse().unwrap());
    crate::check::assert_sent(page.headers(), &policies.headers());
    let body = String::from_utf8(page.body().to_vec()).unwrap();
    assert!(body.contains("<p>hello</p>") || body.contains("hello</p>"), "{body}");
    assert!(body.contains("<script>"), "dioxus no longer writes scripts without a nonce: {body}");
}
