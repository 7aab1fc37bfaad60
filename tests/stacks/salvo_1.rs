//! salvo 1: a handler around `HardeningLayer::begin` and `Exchange::finish`, as a hoop of the service, so that it
//! covers 404s.

use std::mem;

use salvo::{
    Depot, FlowCtrl, Request, Response, Router, Server, Service, async_trait,
    conn::tcp::TcpAcceptor, handler, writing::Text,
};
use tokio::net::TcpListener;
use tower_hardening::{Hardening, HardeningLayer, HostCookies, Nonce};

/// Applies the policies to every response of a service.
struct Hardened(HardeningLayer);

#[async_trait]
impl salvo::Handler for Hardened {
    async fn handle(
        &self,
        request: &mut Request,
        depot: &mut Depot,
        response: &mut Response,
        flow: &mut FlowCtrl,
    ) {
        let (mut head, ()) = http::Request::new(()).into_parts();
        head.method = request.method().clone();
        head.uri = request.uri().clone();
        mem::swap(&mut head.headers, request.headers_mut());
        mem::swap(&mut head.extensions, request.extensions_mut());
        let exchange = self.0.begin(&mut head);
        mem::swap(&mut head.headers, request.headers_mut());
        mem::swap(&mut head.extensions, request.extensions_mut());
        flow.call_next(request, depot, response).await;
        let (mut head, ()) = http::Response::new(()).into_parts();
        head.status = response.status_code.unwrap_or_default();
        mem::swap(&mut head.headers, response.headers_mut());
        mem::swap(&mut head.extensions, &mut response.extensions);
        exchange.finish(&mut head);
        mem::swap(&mut head.headers, response.headers_mut());
    }
}

#[handler]
async fn page(request: &mut Request, response: &mut Response) {
    let nonce =
        Nonce::from_extensions(request.extensions()).map(Nonce::to_string).unwrap_or_default();
    let cookies = request.header::<String>("cookie").unwrap_or_default();
    response.headers_mut().insert("set-cookie", "sid=new; HttpOnly".parse().expect("a literal"));
    response.render(Text::Html(format!(
        "<p>{cookies}</p><script nonce=\"{nonce}\">document.title = 'run'</script>"
    )));
}

async fn serve(listener: TcpListener) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let policies =
        Hardening::strict(&"https://example.tld".parse()?).with(HostCookies::new(["sid"])?);
    let app = Service::new(Router::new().get(page)).hoop(Hardened(HardeningLayer::new(policies)));
    Server::new(TcpAcceptor::try_from(listener)?).serve(app).await;
    Ok(())
}

#[tokio::test]
async fn salvo_sends_every_header_and_cookie_of_the_policies() {
    crate::check::holds(serve).await;
}
