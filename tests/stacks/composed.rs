//! The layers of tower and of tower-http, around and inside: steering, buffers, boxes, and every order.

use std::{convert::Infallible, time::Duration};

use axum::{Router, body::Body, routing::get};
use http::{HeaderMap, Method, Request, Response, StatusCode, header};
use tower::{
    BoxError, Layer, ServiceExt, buffer::BufferLayer, service_fn, steer::Steer,
    util::BoxCloneSyncService,
};
use tower_hardening::{Hardening, HardeningLayer};
use tower_http::{
    catch_panic::CatchPanicLayer, compression::CompressionLayer, cors::CorsLayer,
    timeout::TimeoutLayer, trace::TraceLayer,
};

use crate::check::assert_sent;

/// Longer than what a compression leaves as it is.
const PAGE: &str = "a page of more than thirty-two bytes, which is compressed";

/// Names a layer whose place in the stack varies.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Place {
    Hardening,
    Trace,
    Cors,
    Compression,
    CatchPanic,
    Timeout,
}

use Place::{CatchPanic, Compression, Cors, Timeout, Trace};

impl Place {
    fn around(self, app: Router) -> Router {
        match self {
            Self::Hardening => app.layer(HardeningLayer::new(Hardening::recommended())),
            Trace => app.layer(TraceLayer::new_for_http()),
            Cors => app.layer(CorsLayer::permissive()),
            Compression => app.layer(CompressionLayer::new()),
            CatchPanic => app.layer(CatchPanicLayer::new()),
            Timeout => {
                let limit = Duration::from_secs(9);
                app.layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, limit))
            }
        }
    }
}

fn request(method: Method, path: &str) -> Request<Body> {
    Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, "example.tld")
        .header(header::ORIGIN, "https://other.example")
        .header(header::ACCESS_CONTROL_REQUEST_METHOD, "PUT")
        .header(header::ACCEPT_ENCODING, "gzip")
        .body(Body::empty())
        .unwrap()
}

#[track_caller]
fn assert_hardened(headers: &HeaderMap) {
    assert_sent(headers, &Hardening::recommended().headers());
}

/// Returns every order of the layers.
fn orders(layers: &[Place]) -> Vec<Vec<Place>> {
    let Some((first, rest)) = layers.split_first() else { return vec![Vec::new()] };
    let insert = |order: Vec<Place>| {
        (0..=order.len()).map(move |at| [&order[..at], &[*first], &order[at..]].concat())
    };
    orders(rest).into_iter().flat_map(insert).collect()
}

/// Asserts that the layer covers all that comes from inside of it, and only that.
#[track_caller]
fn assert_covers(order: &[Place], other: Place, response: &Response<Body>) {
    let place = |layer| order.iter().position(|other| *other == layer).unwrap();
    match place(Place::Hardening) > place(other) {
        true => assert_hardened(response.headers()),
        false => assert!(!response.headers().contains_key("x-content-type-options"), "{order:?}"),
    }
}

#[tokio::test]
async fn every_order_of_the_layers_of_tower_http_keeps_every_header() {
    std::panic::set_hook(Box::new(|info| {
        if info.payload_as_str() != Some("on purpose") {
            eprintln!("{info}");
        }
    }));
    let orders = orders(&[Place::Hardening, Trace, Cors, Compression, CatchPanic, Timeout]);
    assert_eq!(orders.len(), 720);
    for order in &orders {
        let site = Router::new()
            .route("/", get(async || PAGE))
            .route("/panic", get(async || -> String { panic!("on purpose") }));
        let app = order.iter().fold(site, |app, layer| layer.around(app));
        let ask = async |method, path| app.clone().oneshot(request(method, path)).await.unwrap();

        let page = ask(Method::GET, "/").await;
        assert_hardened(page.headers());
        assert_eq!(page.headers()[header::ACCESS_CONTROL_ALLOW_ORIGIN], "*");
        assert_eq!(page.headers()[header::CONTENT_ENCODING], "gzip");
        assert_hardened(ask(Method::GET, "/missing").await.headers());
        assert_covers(order, CatchPanic, &ask(Method::GET, "/panic").await);
        assert_covers(order, Cors, &ask(Method::OPTIONS, "/").await);
    }
}

/// Answers with the path.
async fn answer<E>(request: Request<Body>) -> Result<Response<Body>, E> {
    Ok(Response::new(Body::from(request.uri().path().to_owned())))
}

type Site = BoxCloneSyncService<Request<Body>, Response<Body>, Infallible>;

#[tokio::test]
async fn a_steer_chooses_between_services_with_policies_of_their_own() {
    let with = |policies| -> Site {
        let layer = HardeningLayer::new(policies);
        BoxCloneSyncService::new(layer.layer(service_fn(answer::<Infallible>)))
    };
    let pick = |request: &Request<Body>, _: &[Site]| usize::from(request.uri().path() == "/api");
    let mut steer = Steer::new([with(Hardening::recommended()), with(Hardening::api())], pick);
    let page =
        steer.ready().await.unwrap().clone().oneshot(request(Method::GET, "/")).await.unwrap();
    assert_hardened(page.headers());
    let api = steer.oneshot(request(Method::GET, "/api")).await.unwrap();
    assert_sent(api.headers(), &Hardening::api().headers());
}

#[tokio::test]
async fn a_buffer_inside_or_outside_changes_no_header() {
    let inner = service_fn(answer::<BoxError>);
    let layer = HardeningLayer::new(Hardening::recommended());
    let inside = layer.layer(BufferLayer::new(8).layer(inner));
    let outside = BufferLayer::new(8).layer(layer.layer(inner));
    assert_hardened(inside.oneshot(request(Method::GET, "/")).await.unwrap().headers());
    assert_hardened(outside.oneshot(request(Method::GET, "/")).await.unwrap().headers());
}
