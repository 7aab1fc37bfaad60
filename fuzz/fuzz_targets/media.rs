//! What other servers answer, behind a media proxy: no headers of theirs make a page of it.
//!
//! The input is a status in two bytes, then lines: the path, and from there on a content type and a disposition in turn.
#![no_main]

use std::{
    convert::Infallible,
    future::{Ready, ready},
    pin::pin,
    task::{Context, Poll, Waker},
};

use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, Uri, header};
use libfuzzer_sys::fuzz_target;
use tower_hardening::{ContentDisposition, Media, MediaLayer};
use tower_layer::Layer;
use tower_service::Service;

struct Answer(StatusCode, HeaderMap);

impl Service<Request<()>> for Answer {
    type Response = Response<()>;
    type Error = Infallible;
    type Future = Ready<Result<Response<()>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<()>) -> Self::Future {
        let mut response = Response::new(());
        *response.status_mut() = self.0;
        *response.headers_mut() = self.1.clone();
        ready(Ok(response))
    }
}

fn through(path: &Uri, status: StatusCode, headers: HeaderMap) -> HeaderMap {
    let mut service = MediaLayer::new(Media::proxied()).layer(Answer(status, headers));
    let mut request = Request::new(());
    *request.uri_mut() = path.clone();
    match pin!(service.call(request)).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Ok(response)) => response.into_parts().0.headers,
        Poll::Ready(Err(never)) => match never {},
        Poll::Pending => unreachable!("a ready service became pending"),
    }
}

fuzz_target!(|input: &[u8]| {
    let Some((status, input)) = input.split_first_chunk::<2>() else { return };
    let status = StatusCode::from_u16(200 + u16::from_be_bytes(*status) % 400).unwrap();
    let mut lines = input.split(|byte| *byte == b'\n');
    let Ok(path) = Uri::try_from(lines.next().unwrap_or_default()) else { return };
    let mut headers = HeaderMap::new();
    for (index, line) in lines.enumerate() {
        let Ok(value) = HeaderValue::from_bytes(line) else { return };
        let names = [header::CONTENT_TYPE, header::CONTENT_DISPOSITION];
        headers.append(&names[index % 2], value);
    }
    let sent = through(&path, status, headers);
    assert_eq!(sent["content-security-policy"], "default-src 'none'; sandbox");
    assert!(sent.get_all(header::CONTENT_TYPE).iter().count() <= 1);
    let shown = sent.get(header::CONTENT_TYPE).is_none_or(|value| {
        let text = value.to_str().unwrap().to_ascii_lowercase();
        let essence = text.split(';').next().unwrap().trim();
        let media = ["image/", "audio/", "video/"].iter().any(|kind| essence.starts_with(kind));
        let words = essence == "text/plain" && status.as_u16() >= 400;
        let xml = essence.ends_with("xml") && essence != "image/svg+xml";
        let saved = ["application/octet-stream", "multipart/byteranges"].contains(&essence);
        assert!(!xml && (media || words || saved), "{text}");
        !saved
    });
    // What is said of the name reads and prints the same, and what is no picture is saved.
    let disposition = sent.get(header::CONTENT_DISPOSITION);
    let said =
        disposition.map(|value| value.to_str().unwrap().parse::<ContentDisposition>().unwrap());
    assert_eq!(said.as_ref().map(ContentDisposition::value).as_ref(), disposition);
    assert!(shown || said.is_some_and(|said| said.is_attachment()));
    assert_eq!(through(&path, status, sent.clone()), sent);
});
