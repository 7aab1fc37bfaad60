//! Tests media through nginx: the example behind the shipped mediaproxy.nginx.conf.

use http::{Method, Request, Response, StatusCode, Version, header};
use http_body_util::Full;
use hyper::body::Bytes;
use serde_json::Value;
use tokio::io::AsyncWriteExt;

use crate::client::{VERSIONS, ask, assert_headers, get, text, values};
use crate::echo;
use crate::pleroma::upload;
use crate::shipped::{Gateway, Instance, MEDIA, SITE};

const LOCKED: &str = "default-src 'none'; sandbox";
const RASTER: &str = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox";
const SVG: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
const PLAYED: &str =
    "default-src 'none'; media-src 'self'; style-src 'unsafe-inline'; sandbox allow-same-origin";

/// Returns a file of more than one slice, whose bytes differ between slices.
fn film() -> Vec<u8> {
    let bytes = (0..1_500_000u32).flat_map(|index| index.to_be_bytes()[1..].to_vec());
    b"\0\0\0\x18ftypisom".iter().copied().chain(bytes).take(1_500_000).collect()
}

impl Instance {
    /// Uploads the file, and returns its path on the media host.
    async fn upload(&self, file: &[u8]) -> String {
        let cookie = self.register("alice").await;
        let response = self.ask(VERSIONS[0], upload(&cookie, "a.mp4", "video/mp4", file)).await;
        assert_eq!(response.status(), StatusCode::CREATED);
        let attachment: Value = serde_json::from_slice(response.body()).unwrap();
        let url = attachment["url"].as_str().unwrap();
        url.strip_prefix(&format!("https://{MEDIA}")).unwrap().to_owned()
    }

    async fn media(&self, request: Request<Full<Bytes>>) -> Response<Bytes> {
        self.gateway.ask(VERSIONS[1], MEDIA, request).await
    }
}

fn range(path: &str, range: &str) -> Request<Full<Bytes>> {
    let mut request = get(path);
    request.headers_mut().insert(header::RANGE, range.parse().unwrap());
    request
}

#[track_caller]
fn assert_media(response: &Response<Bytes>) {
    let expected = [
        ("content-security-policy", PLAYED),
        ("content-type", "video/mp4"),
        ("x-content-type-options", "nosniff"),
        ("cross-origin-resource-policy", "cross-origin"),
        ("cross-origin-opener-policy", "unsafe-none"),
        ("strict-transport-security", "max-age=31536000; includeSubDomains"),
    ];
    assert_headers(response.headers(), &expected, "media");
    for name in response.headers().keys().filter(|name| *name != header::VARY) {
        assert_eq!(response.headers().get_all(name).iter().count(), 1, "{name}");
    }
}

#[tokio::test]
async fn a_range_across_slices_is_those_bytes_under_the_policy_of_media() {
    let Some(instance) = Instance::start() else { return };
    let film = film();
    let path = instance.upload(&film).await;
    for (asked, from, to) in [
        ("bytes=0-3", 0, 3),
        ("bytes=1048570-1048580", 1_048_570, 1_048_580),
        ("bytes=1499990-", 1_499_990, 1_499_999),
        ("bytes=-1", 1_499_999, 1_499_999),
        ("bytes=2-1400000", 2, 1_400_000),
    ] {
        // The first response is from the instance, the second from the cache.
        for _ in 0..2 {
            let part = instance.media(range(&path, asked)).await;
            assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT, "{asked}");
            assert_eq!(part.body()[..], film[from..=to], "{asked}");
            let sent = format!("bytes {from}-{to}/{}", film.len());
            assert_headers(part.headers(), &[("content-range", &sent)], asked);
            assert_media(&part);
        }
    }
    let whole = instance.media(get(&path)).await;
    assert_eq!((whole.status(), &whole.body()[..]), (StatusCode::OK, &film[..]));
    assert_media(&whole);
    let beyond = instance.media(range(&path, "bytes=1500000-")).await;
    assert_eq!(beyond.status(), StatusCode::RANGE_NOT_SATISFIABLE);
    assert_eq!(values(beyond.headers(), "content-security-policy"), [PLAYED]);
    assert!(!beyond.body().contains(&b'<'), "{beyond:?}");
}

/// nginx answers conditional requests from its cache, and a browser keeps the headers of a 304.
#[tokio::test]
async fn a_head_and_a_304_have_the_policy_of_the_film() {
    let Some(instance) = Instance::start() else { return };
    let path = instance.upload(&film()).await;
    let mut head = get(&path);
    *head.method_mut() = Method::HEAD;
    let head = instance.media(head).await;
    assert_eq!((head.status(), head.body().len()), (StatusCode::OK, 0));
    assert_media(&head);
    let mut again = get(&path);
    let modified = head.headers()[header::LAST_MODIFIED].clone();
    again.headers_mut().insert(header::IF_MODIFIED_SINCE, modified);
    let again = instance.media(again).await;
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(values(again.headers(), "content-security-policy"), [PLAYED]);
}

/// The content type of another upstream's file, and the policy that the file gets.
const BY_TYPE: [(&str, &str); 13] = [
    ("image/png", RASTER),
    ("IMAGE/PNG", RASTER),
    ("image/avif", RASTER),
    ("image/svg+xml;charset=utf-8", SVG),
    ("video/webm ; codecs=vp9", PLAYED),
    ("audio/ogg; codecs=opus", PLAYED),
    ("video/mp2t", PLAYED),
    ("video/x-ms-asf", LOCKED),
    ("audio/mpegurl", LOCKED),
    ("image/x-eps", LOCKED),
    ("image/pngx", LOCKED),
    ("text/html", LOCKED),
    ("application/pdf", LOCKED),
];

#[tokio::test]
async fn nginx_adds_the_policy_by_type_if_the_upstream_sends_none() {
    let upstream = echo::serve(|mut stream| async move {
        let head = echo::head(&mut stream).await;
        let index = head.split(['/', ' ']).nth(3).unwrap().parse::<usize>().unwrap();
        let (content_type, _) = BY_TYPE[index];
        let lines = format!("Content-Type: {content_type}\r\nConnection: close\r\n");
        let answer = format!("HTTP/1.1 200 OK\r\n{lines}Content-Length: 1\r\n\r\na");
        let _ = stream.write_all(answer.as_bytes()).await;
    });
    let Some(gateway) = Gateway::start(upstream.await) else { return };
    for (index, (content_type, policy)) in BY_TYPE.into_iter().enumerate() {
        let sent = gateway.ask(VERSIONS[1], MEDIA, get(&format!("/media/{index}"))).await;
        assert_eq!(sent.status(), StatusCode::OK);
        let expected = [
            ("content-security-policy", policy),
            ("x-content-type-options", "nosniff"),
            ("cross-origin-resource-policy", "cross-origin"),
        ];
        assert_headers(sent.headers(), &expected, content_type);
    }
    // An error of nginx itself.
    let nothing = gateway.ask(VERSIONS[1], MEDIA, get("/")).await;
    assert_eq!(nothing.status(), StatusCode::NOT_FOUND);
    let expected = [("content-security-policy", LOCKED), ("x-content-type-options", "nosniff")];
    assert_headers(nothing.headers(), &expected, "404");
}

#[tokio::test]
async fn a_cached_file_needs_no_instance_and_sets_no_cookie() {
    let Some(instance) = Instance::start() else { return };
    let film = film();
    let path = instance.upload(&film).await;
    assert_eq!(instance.media(get(&path)).await.status(), StatusCode::OK);
    let Instance { gateway, server, .. } = instance;
    drop(server);
    for cookie in ["", "__Host-pleroma_key=a", "b=c"] {
        let mut request = get(&path);
        request.headers_mut().insert(header::COOKIE, cookie.parse().unwrap());
        let hit = gateway.ask(VERSIONS[1], MEDIA, request).await;
        assert_eq!((hit.status(), &hit.body()[..]), (StatusCode::OK, &film[..]));
        assert_eq!(values(hit.headers(), "set-cookie"), [""; 0]);
        assert_media(&hit);
    }
    let miss = gateway.ask(VERSIONS[1], MEDIA, get("/media/other")).await;
    assert_eq!(miss.status(), StatusCode::BAD_GATEWAY);
    assert_eq!(text(&miss), "the server is down; try again in a moment\n");
    assert_eq!(values(miss.headers(), "content-security-policy"), [LOCKED]);
}

#[tokio::test]
async fn no_credentials_are_sent_and_no_header_of_the_server_is_passed_on() {
    let upstream = echo::heads(
        "Set-Cookie: planted=1\r\nX-Accel-Redirect: /media/other\r\nX-Accel-Expires: 0\r\n\
         Content-Type: image/png\r\n",
    )
    .await;
    let Some(gateway) = Gateway::start(upstream) else { return };
    for path in ["/media/a.png", "/proxy/SIG/URL/a.png"] {
        let mut request = get(path);
        for (name, value) in [
            ("cookie", "__Host-pleroma_key=a"),
            ("authorization", "Basic YTpi"),
            ("x-forwarded-for", "192.0.2.1"),
            ("x-forwarded-proto", "http"),
            ("forwarded", "proto=http"),
        ] {
            request.headers_mut().insert(name, value.parse().unwrap());
        }
        let response = gateway.ask(VERSIONS[1], MEDIA, request).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(values(response.headers(), "set-cookie"), [""; 0]);
        let head = text(&response);
        assert!(head.starts_with(&format!("GET {path} ")), "{head}");
        for (name, expected) in [
            ("host", &[MEDIA][..]),
            ("x-forwarded-for", &["127.0.0.1"]),
            ("x-forwarded-proto", &["https"]),
            ("x-forwarded-host", &[MEDIA]),
            ("range", &["bytes=0-1048575"]),
            ("cookie", &[]),
            ("authorization", &[]),
            ("forwarded", &[]),
        ] {
            assert_eq!(echo::values(head, name), expected, "{name}");
        }
    }
}

#[tokio::test]
async fn the_host_of_media_answers_nothing_else_and_the_site_s_nothing_of_it() {
    let Some(instance) = Instance::start() else { return };
    let path = instance.upload(&film()).await;
    for version in VERSIONS {
        for other in
            ["/", "/static/instance.css", "/api/v1/timeline", "/nothing", "/mediax/a", "/media"]
        {
            let response = instance.gateway.ask(version, MEDIA, get(other)).await;
            assert_eq!(response.status(), StatusCode::NOT_FOUND, "{other}");
        }
        for unknown in
            ["/media/nothing", "/proxy/a", "/media/../api/v1/timeline", "/media/..%2Fapi"]
        {
            let response = instance.gateway.ask(version, MEDIA, get(unknown)).await;
            assert_eq!(response.status(), StatusCode::NOT_FOUND, "{unknown}");
        }
        for moved in [&*path, "/proxy/SIG/URL/a.png"] {
            let response = instance.ask(version, get(moved)).await;
            assert_eq!(response.status(), StatusCode::TEMPORARY_REDIRECT);
            assert_eq!(values(response.headers(), "location"), [format!("https://{MEDIA}{moved}")]);
        }
    }
}

#[tokio::test]
async fn media_are_only_read_and_over_https_only() {
    let Some(instance) = Instance::start() else { return };
    for method in [Method::POST, Method::PUT, Method::DELETE] {
        let mut request = get("/media/a.png");
        *request.method_mut() = method;
        let response = instance.media(request).await;
        assert_eq!(response.status(), StatusCode::FORBIDDEN);
    }
    let mut request = get("/media/a.png");
    request.headers_mut().insert(header::HOST, MEDIA.parse().unwrap());
    let response = ask(instance.gateway.http, Version::HTTP_11, request).await;
    assert_eq!(response.status(), StatusCode::PERMANENT_REDIRECT);
    let to = format!("https://{MEDIA}/media/a.png");
    assert_eq!(values(response.headers(), "location"), [to]);
    assert_eq!(values(response.headers(), "strict-transport-security"), [""; 0]);
    assert_ne!(SITE, MEDIA);
}
