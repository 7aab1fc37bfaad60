//! actix-web 4: a middleware around `HardeningLayer::begin` and `Exchange::finish`, which converts between the header
//! types of actix-web and of `http`.

use actix_web::{
    App, Error, HttpMessage, HttpRequest, HttpResponse, HttpServer,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    error::InternalError,
    http::{StatusCode, header},
    middleware::{Next, from_fn},
    web,
};
use http::{HeaderMap, HeaderName, HeaderValue};
use tokio::net::TcpListener;
use tower_hardening::{Hardening, HardeningLayer, HostCookies, Nonce, service::Exchange};

/// Applies the policies to a request and to its response, which may be an error.
async fn harden(
    layer: web::Data<HardeningLayer>,
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let (mut head, ()) = http::Request::new(()).into_parts();
    head.method = request.method().as_str().parse().unwrap_or_default();
    head.uri = request.uri().to_string().parse().unwrap_or_default();
    head.headers = to_http(request.headers());
    let exchange = layer.begin(&mut head);
    *request.headers_mut() = to_actix(&head.headers);
    if let Some(nonce) = Nonce::from_extensions(&head.extensions) {
        request.extensions_mut().insert(nonce.clone());
    }
    match next.call(request).await {
        Ok(mut response) => {
            finish(exchange, response.status(), response.headers_mut());
            Ok(response)
        }
        Err(error) => {
            let mut response = error.error_response();
            finish(exchange, response.status(), response.headers_mut());
            Err(InternalError::from_response(error, response).into())
        }
    }
}

fn finish(exchange: Exchange, status: StatusCode, headers: &mut header::HeaderMap) {
    let (mut head, ()) = http::Response::new(()).into_parts();
    head.status = http::StatusCode::from_u16(status.as_u16()).unwrap_or_default();
    head.headers = to_http(headers);
    exchange.finish(&mut head);
    *headers = to_actix(&head.headers);
}

fn to_http(headers: &header::HeaderMap) -> HeaderMap {
    let convert = |(name, value): (&header::HeaderName, &header::HeaderValue)| {
        let name = HeaderName::from_bytes(name.as_str().as_bytes()).ok()?;
        Some((name, HeaderValue::from_bytes(value.as_bytes()).ok()?))
    };
    let mut converted = HeaderMap::new();
    for (name, value) in headers.iter().filter_map(convert) {
        converted.append(name, value);
    }
    converted
}

fn to_actix(headers: &HeaderMap) -> header::HeaderMap {
    let mut converted = header::HeaderMap::new();
    for (name, value) in headers {
        let name = header::HeaderName::from_bytes(name.as_str().as_bytes());
        let value = header::HeaderValue::from_bytes(value.as_bytes());
        if let (Ok(name), Ok(value)) = (name, value) {
            converted.append(name, value);
        }
    }
    converted
}

async fn page(nonce: web::ReqData<Nonce>, request: HttpRequest) -> HttpResponse {
    let nonce = nonce.into_inner();
    let cookies =
        request.headers().get("cookie").map_or("", |value| value.to_str().unwrap_or_default());
    let page = format!("<p>{cookies}</p><script nonce=\"{nonce}\">document.title = 'run'</script>");
    HttpResponse::Ok()
        .content_type("text/html")
        .append_header(("set-cookie", "sid=new; HttpOnly"))
        .body(page)
}

async fn serve(listener: TcpListener) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let policies =
        Hardening::strict(&"https://example.tld".parse()?).with(HostCookies::new(["sid"])?);
    let layer = HardeningLayer::new(policies);
    let app = move || {
        App::new()
            .app_data(web::Data::new(layer.clone()))
            .route("/", web::get().to(page))
            .wrap(from_fn(harden))
    };
    let server = HttpServer::new(app).workers(1).listen(listener.into_std()?)?.run();
    Ok(server.await?)
}

#[tokio::test]
async fn actix_web_sends_every_header_and_cookie_of_the_policies() {
    crate::check::holds(serve).await;
}
