//! AWS Lambda: `lambda_http` runs an axum router with the layer.

use axum::{
    Router,
    http::HeaderMap,
    response::{Html, IntoResponse},
    routing::get,
};
use tower_hardening::{Hardening, HardeningLayer, HostCookies, Nonce};

async fn page(nonce: Nonce, headers: HeaderMap) -> impl IntoResponse {
    let cookies = headers.get("cookie").map_or("", |value| value.to_str().unwrap_or_default());
    let page = format!("<p>{cookies}</p><script nonce=\"{nonce}\">document.title = 'run'</script>");
    ([("set-cookie", "sid=new; HttpOnly")], Html(page))
}

#[tokio::main]
async fn main() -> Result<(), lambda_http::Error> {
    let policies =
        Hardening::strict(&"https://example.tld".parse()?).with(HostCookies::new(["sid"])?);
    let app = Router::new().route("/", get(page)).layer(HardeningLayer::new(policies));
    lambda_http::run(app).await
}
