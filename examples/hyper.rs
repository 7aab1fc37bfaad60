//! Serves a function with hyper, without a framework, under the policy for an API.
//!
//! Run `cargo run --example hyper`, then request `http://127.0.0.1:3000/` over HTTP/1 or HTTP/2.

use std::{convert::Infallible, time::Duration};

use http_body_util::Full;
use hyper::{Request, Response, body::Bytes, body::Incoming};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto::Builder,
    service::TowerToHyperService,
};
use tokio::time::sleep;
use tower::ServiceBuilder;
use tower_hardening::{Hardening, HardeningLayer};

async fn answer(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let body = format!("{{\"path\":{:?}}}", request.uri().path());
    let mut response = Response::new(Full::from(body));
    response.headers_mut().insert("content-type", "application/json".parse().expect("a literal"));
    Ok(response)
}

#[tokio::main]
async fn main() -> Result<Infallible, Box<dyn std::error::Error>> {
    let service =
        ServiceBuilder::new().layer(HardeningLayer::new(Hardening::api())).service_fn(answer);

    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:3000".into());
    let bound = tokio::net::TcpListener::bind(&address).await;
    let listener = bound.map_err(|error| format!("{address}: {error}; pass another address"))?;
    println!("listening on http://{}", listener.local_addr()?);
    loop {
        let (stream, _) = match listener.accept().await {
            Ok(accepted) => accepted,
            // The process has no file descriptor left. Wait until some connections end.
            Err(error) => {
                eprintln!("accept: {error}");
                sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let service = TowerToHyperService::new(service.clone());
        tokio::spawn(async move {
            let mut builder = Builder::new(TokioExecutor::new());
            // With a timer, hyper closes a connection that has not sent a whole head after 30 seconds.
            builder.http1().timer(TokioTimer::new());
            if let Err(error) = builder.serve_connection(TokioIo::new(stream), service).await {
                eprintln!("connection: {error}");
            }
        });
    }
}
