//! poem 3: an endpoint around `HardeningLayer::begin` and `Exchange::finish`.

use std::mem;

use poem::{
    Endpoint, IntoResponse, Request, Response, Result, Route, Server, get, handler,
    listener::TcpAcceptor,
    web::{Data, Html},
};
use tokio::net::TcpListener;
use tower_hardening::{Hardening, HardeningLayer, HostCookies, Nonce};

/// Applies the policies to an endpoint and to the errors that it returns.
struct Hardened<E> {
    endpoint: E,
    layer: HardeningLayer,
}

impl<E: Endpoint> Endpoint for Hardened<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> Result<Response> {
        let (mut head, ()) = http::Request::new(()).into_parts();
        head.method = request.method().clone();
        head.uri = request.uri().clone();
        mem::swap(&mut head.headers, request.headers_mut());
        mem::swap(&mut head.extensions, request.extensions_mut());
        let exchange = self.layer.begin(&mut head);
        mem::swap(&mut head.headers, request.headers_mut());
        mem::swap(&mut head.extensions, request.extensions_mut());
        let response = match self.endpoint.call(request).await {
            Ok(output) => output.into_response(),
            Err(error) => error.into_response(),
        };
        let (mut head, body) = http::Response::from(response).into_parts();
        exchange.finish(&mut head);
        Ok(http::Response::from_parts(head, body).into())
    }
}

#[handler]
fn page(nonce: Data<&Nonce>, request: &Request) -> Response {
    let cookies = request.header("cookie").unwrap_or_default();
    let nonce = *nonce;
    let page = format!("<p>{cookies}</p><script nonce=\"{nonce}\">document.title = 'run'</script>");
    Html(page).with_header("set-cookie", "sid=new; HttpOnly").into_response()
}

async fn serve(
    listener: TcpListener,
) -> std::result::Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let policies =
        Hardening::strict(&"https://example.tld".parse()?).with(HostCookies::new(["sid"])?);
    let layer = HardeningLayer::new(policies);
    let app = Hardened { endpoint: Route::new().at("/", get(page)), layer };
    let acceptor = TcpAcceptor::from_tokio(listener)?;
    Ok(Server::new_with_acceptor(acceptor).run(app).await?)
}

#[tokio::test]
async fn poem_sends_every_header_and_cookie_of_the_policies() {
    crate::check::holds(serve).await;
}
