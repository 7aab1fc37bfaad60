//! Sends requests to a service behind layers.

use std::{convert::Infallible, future::ready};

use http::{Request, Response};
use tower::{Layer, Service, util::BoxCloneSyncService};

use crate::now::now;

pub(crate) type Inner = BoxCloneSyncService<Request<()>, Response<()>, Infallible>;

/// Returns the response of a service inside a layer; `answer` is the service.
pub(crate) fn ask_for<L, S, B>(
    layer: &L,
    request: Request<()>,
    answer: impl Fn(&Request<()>, &mut Response<()>) + Clone + Send + Sync + 'static,
) -> Response<()>
where
    L: Layer<Inner, Service = S>,
    S: Service<Request<()>, Response = Response<B>, Error = Infallible>,
{
    let inner = tower::service_fn(move |request: Request<()>| {
        let mut response = Response::new(());
        answer(&request, &mut response);
        ready(Ok(response))
    });
    let mut service = layer.layer(BoxCloneSyncService::new(inner));
    now(service.call(request)).unwrap().map(|_| ())
}

/// Returns the same for a service that does nothing.
pub(crate) fn ask<L, S, B>(layer: &L, request: Request<()>) -> Response<()>
where
    L: Layer<Inner, Service = S>,
    S: Service<Request<()>, Response = Response<B>, Error = Infallible>,
{
    ask_for(layer, request, |_, _| ())
}

/// Returns a request with these header lines.
pub(crate) fn request<'a>(lines: impl IntoIterator<Item = (&'a str, &'a str)>) -> Request<()> {
    let builder = Request::builder();
    lines
        .into_iter()
        .fold(builder, |builder, (name, value)| builder.header(name, value))
        .body(())
        .unwrap()
}
