//! axum 0.7: the same layer; the nonce comes from the request's extensions.

use axum_07::{
    Router,
    extract::Request,
    response::{Html, IntoResponse},
    routing::get,
};
use tokio::net::TcpListener;
use tower_hardening::{Hardening, HardeningLayer, HostCookies, Nonce};

async fn page(request: Request) -> impl IntoResponse {
    let nonce =
        Nonce::from_extensions(request.extensions()).map(Nonce::to_string).unwrap_or_default();
    let cookies =
        request.headers().get("cookie").map_or("", |value| value.to_str().unwrap_or_default());
    let page = format!("<p>{cookies}</p><script nonce=\"{nonce}\">document.title = 'run'</script>");
    ([("set-cookie", "sid=new; HttpOnly")], Html(page))
}

async fn serve(listener: TcpListener) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let policies =
        Hardening::strict(&"https://example.tld".parse()?).with(HostCookies::new(["sid"])?);
    let app = Router::new().route("/", get(page)).layer(HardeningLayer::new(policies));
    Ok(axum_07::serve(listener, app).await?)
}

#[tokio::test]
async fn axum_0_7_sends_every_header_and_cookie_of_the_policies() {
    crate::check::holds(serve).await;
}
