//! Only the headers of the policy are changed.

use std::convert::Infallible;

use http::{Extensions, Method, Request, Response, StatusCode, Version};
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use tower::{Layer, ServiceExt, service_fn};

use crate::{
    guide::{self, assert_bare, assert_covered},
    server,
    wire::{Wire, soon},
};

#[derive(Clone, Debug, PartialEq)]
struct Foreign(&'static str);

const VERSIONS: [Version; 5] =
    [Version::HTTP_09, Version::HTTP_10, Version::HTTP_11, Version::HTTP_2, Version::HTTP_3];

/// Returns the parts of the layer's response.
async fn pass(status: StatusCode, version: Version) -> http::response::Parts {
    let service = service_fn(move |request: Request<Box<u8>>| {
        let mut response = Response::new(request.into_body());
        *response.status_mut() = status;
        *response.version_mut() = version;
        response.extensions_mut().insert(Foreign("response"));
        std::future::ready(Ok::<_, Infallible>(response))
    });
    let body = Box::new(7);
    let place: *const u8 = &*body;
    let response = guide::layer().layer(service).oneshot(Request::new(body)).await.unwrap();
    let (parts, body) = response.into_parts();
    assert!(std::ptr::eq(&*body, place), "the body is another");
    parts
}

#[tokio::test]
async fn adv_044_status_version_extensions_and_body_of_a_response_stay() {
    for status in 100..=999 {
        let status = StatusCode::from_u16(status).unwrap();
        for version in VERSIONS {
            let parts = pass(status, version).await;
            assert_eq!(parts.status, status);
            assert_eq!(parts.version, version);
            assert_eq!(parts.extensions.len(), 1);
            assert_eq!(parts.extensions.get(), Some(&Foreign("response")));
            match status.is_informational() {
                true => assert_bare(&parts.headers, status.as_str()),
                false => assert_covered(&parts.headers, status.as_str()),
            }
        }
    }
}

#[tokio::test]
async fn adv_044_a_request_arrives_as_it_was_sent() {
    for version in VERSIONS {
        let mut request = Request::new(Box::new(7));
        *request.method_mut() = Method::from_bytes(b"BREW").unwrap();
        *request.uri_mut() = "https://user@example.tld:1/a%2Fb?q=%20#".parse().unwrap();
        *request.version_mut() = version;
        *request.headers_mut() = server::headers([
            ("cookie", &b"a=1;b=2;  c=\"3\"; e=4"[..]),
            ("x-frame-options", b"own"),
            ("cookie", b"d"),
        ]);
        request.extensions_mut().insert(Foreign("request"));
        let sent = request.clone().into_parts().0;
        let place: *const u8 = &**request.body();

        let service =
            service_fn(|request| std::future::ready(Ok::<_, Infallible>(Response::new(request))));
        let layered = guide::layer().layer(service);
        let response: Response<Request<Box<u8>>> = layered.oneshot(request).await.unwrap();
        let (seen, body) = response.into_body().into_parts();
        assert!(std::ptr::eq(&*body, place), "the body is another");
        assert_eq!(seen.method, sent.method);
        assert_eq!(seen.uri, sent.uri);
        assert_eq!(seen.version, version);
        assert_eq!(seen.headers, sent.headers);
        assert_eq!(foreign(&seen.extensions), (1, Some(&Foreign("request"))));
    }
}

fn foreign(extensions: &Extensions) -> (usize, Option<&Foreign>) {
    (extensions.len(), extensions.get())
}

#[tokio::test]
async fn adv_044_every_byte_of_a_body_goes_there_and_back() {
    let service = guide::layer().layer(service_fn(async |request: Request<Incoming>| {
        Ok::<_, Infallible>(Response::new(request.into_body()))
    }));
    let server = server::plain(service).await;
    let sent: Bytes = (0..300_000_u32).map(|index| (index % 251) as u8).collect();
    for wire in Wire::BOTH {
        let request = Request::post("/").body(Full::new(sent.clone())).unwrap();
        let response = wire.send(server, request).await;
        assert_covered(response.headers(), &format!("{wire:?}"));
        let body = soon(response.into_body().collect()).await.unwrap().to_bytes();
        assert!(body == sent, "{wire:?}");
    }
}
