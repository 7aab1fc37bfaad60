//! Forwards the requests of a site to a server at port 8001.

use anyhow::{Context, Result};
use axum::{
    body::Body,
    extract::Request,
    http::{StatusCode, Uri},
    response::{IntoResponse, Response},
};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};

pub(crate) async fn forward(request: Request) -> Response {
    match try_forward(request).await {
        Ok(response) => response,
        Err(error) => (StatusCode::BAD_GATEWAY, format!("{error:#}")).into_response(),
    }
}

async fn try_forward(request: Request) -> Result<Response> {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path_and_query().context("no path")?;
    let uri: Uri = format!("http://127.0.0.1:8001{path}").parse()?;
    let mut forwarded = Request::builder().method(parts.method).uri(uri).body(body)?;
    forwarded.headers_mut().extend(parts.headers);
    let client = Client::builder(TokioExecutor::new()).build_http::<Body>();
    Ok(client.request(forwarded).await?.map(Body::new))
}
