//! Applies a policy for cookies to the head of a request and to the head of its response.

use http::{HeaderMap, Request, Response};
use tower_hardening::{Hardening, HardeningLayer, HostCookies, service::Exchange};

pub(crate) trait Apply {
    /// Applies the policy to a request.
    fn on_request(&self, request: &mut Request<()>) -> Exchange;

    /// Applies the policy to the headers of the response.
    fn on_response(&self, exchange: Exchange, headers: &mut HeaderMap);

    /// Applies the policy to a request without cookies.
    fn idle(&self) -> Exchange {
        self.on_request(&mut Request::new(()))
    }
}

impl Apply for HostCookies {
    fn on_request(&self, request: &mut Request<()>) -> Exchange {
        let (mut parts, ()) = std::mem::take(request).into_parts();
        let exchange = HardeningLayer::new(Hardening::empty().with(self.clone())).begin(&mut parts);
        *request = Request::from_parts(parts, ());
        exchange
    }

    fn on_response(&self, exchange: Exchange, headers: &mut HeaderMap) {
        let (mut parts, ()) = Response::new(()).into_parts();
        parts.headers = std::mem::take(headers);
        exchange.finish(&mut parts);
        *headers = parts.headers;
    }
}
