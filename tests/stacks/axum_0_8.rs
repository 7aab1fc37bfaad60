//! axum 0.8: the layer is the last of the router, and the nonce an argument of the handler.

use axum::{
    Router,
    http::HeaderMap,
    response::{Html, IntoResponse},
    routing::get,
};
use tokio::net::TcpListener;
use tower_hardening::{Hardening, HardeningLayer, HostCookies, Nonce};

async fn page(nonce: Nonce, headers: HeaderMap) -> impl IntoResponse {
    let cookies = headers.get("cookie").map_or("", |value| value.to_str().unwrap_or_default());
    let page = format!("<p>{cookies}</p><script nonce=\"{nonce}\">document.title = 'run'</script>");
    ([("set-cookie", "sid=new; HttpOnly")], Html(page))
}

async fn serve(listener: TcpListener) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let policies =
        Hardening::strict(&"https://example.tld".parse()?).with(HostCookies::new(["sid"])?);
    let app = Router::new().route("/", get(page)).layer(HardeningLayer::new(policies));
    Ok(axum::serve(listener, app).await?)
}

#[tokio::test]
async fn axum_0_8_sends_every_header_and_cookie_of_the_policies() {
    crate::check::holds(serve).await;
}
