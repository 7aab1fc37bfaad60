//! leptos 0.8 with leptos_axum: the nonce of the response is the one that leptos writes into its scripts.

use axum::{Router, http::HeaderValue, routing::get};
use http::{header, request::Parts};
use leptos::{nonce::use_nonce, prelude::*};
use leptos_axum::{ResponseOptions, render_app_to_stream_with_context};
use tokio::net::TcpListener;
use tower_hardening::{Hardening, HardeningLayer, HostCookies, Nonce};

/// Gives leptos the response's nonce in place of one that no header would have.
fn bridge_nonce() {
    let nonce =
        use_context::<Parts>().and_then(|head| Nonce::from_extensions(&head.extensions).cloned());
    if let Some(nonce) = nonce.as_ref().and_then(|nonce| nonce.get().ok()) {
        provide_context(leptos::nonce::Nonce::from_value(nonce));
    }
}

#[component]
fn Page() -> impl IntoView {
    let cookies = use_context::<Parts>().and_then(|head| head.headers.get(header::COOKIE).cloned());
    let cookies = cookies.and_then(|value| value.to_str().map(str::to_owned).ok());
    expect_context::<ResponseOptions>()
        .append_header(header::SET_COOKIE, HeaderValue::from_static("sid=new; HttpOnly"));
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head><title>"leptos"</title></head>
            <body>
                <p>{cookies}</p>
                <script nonce=use_nonce()>"document.title = 'run'"</script>
            </body>
        </html>
    }
}

async fn serve(listener: TcpListener) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let policies =
        Hardening::strict(&"https://example.tld".parse()?).with(HostCookies::new(["sid"])?);
    // The function `generate_route_list` of leptos_axum does this, too.
    drop(any_spawner::Executor::init_tokio());
    let app = Router::new()
        .route("/", get(render_app_to_stream_with_context(bridge_nonce, Page)))
        .layer(HardeningLayer::new(policies));
    Ok(axum::serve(listener, app).await?)
}

#[tokio::test]
async fn leptos_sends_every_header_and_cookie_of_the_policies() {
    crate::check::holds(serve).await;
}

#[tokio::test]
async fn no_script_of_a_leptos_page_has_another_nonce_than_the_header() {
    let address = crate::check::start(serve).await;
    let page = crate::check::get(address, "/", &[]).await;
    let policy = page.headers()["content-security-policy"].to_str().unwrap();
    let body = String::from_utf8(page.body().to_vec()).unwrap();
    let nonces: Vec<_> =
        body.split("nonce=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(!nonces.is_empty(), "{body}");
    for nonce in nonces {
        assert!(policy.contains(&format!("'nonce-{nonce}'")), "{nonce} is not in {policy}");
    }
    assert!(!body.contains("<script>"), "a script without a nonce: {body}");
}
