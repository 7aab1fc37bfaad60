//! warp 0.4: the layer wraps the service of a filter, with its rejections.

use http::HeaderMap;
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
    service::TowerToHyperService,
};
use tokio::net::TcpListener;
use tower::ServiceBuilder;
use tower_hardening::{Hardening, HardeningLayer, HostCookies, Nonce};
use warp::{Filter, Reply, reply};

fn page(nonce: Option<Nonce>, headers: HeaderMap) -> impl Reply {
    let nonce = nonce.map(|nonce| nonce.to_string()).unwrap_or_default();
    let cookies = headers.get("cookie").map_or("", |value| value.to_str().unwrap_or_default());
    let page = format!("<p>{cookies}</p><script nonce=\"{nonce}\">document.title = 'run'</script>");
    reply::with_header(reply::html(page), "set-cookie", "sid=new; HttpOnly")
}

async fn serve(listener: TcpListener) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let policies =
        Hardening::strict(&"https://example.tld".parse()?).with(HostCookies::new(["sid"])?);
    let routes = warp::path::end()
        .and(warp::ext::optional::<Nonce>())
        .and(warp::header::headers_cloned())
        .map(page);
    let service =
        ServiceBuilder::new().layer(HardeningLayer::new(policies)).service(warp::service(routes));
    loop {
        let (stream, _) = listener.accept().await?;
        let service = TowerToHyperService::new(service.clone());
        tokio::spawn(async move {
            Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service).await
        });
    }
}

#[tokio::test]
async fn warp_sends_every_header_and_cookie_of_the_policies() {
    crate::check::holds(serve).await;
}
