//! Tests removal of posts and files, by which a full account makes room.

use std::time::Duration;

use futures_util::StreamExt;
use http::{Request, Response, StatusCode, header};
use http_body_util::Full;
use hyper::body::Bytes;
use tokio::time::timeout;

use crate::client::{assert_headers, get, text};
use crate::guide::GUIDE;
use crate::pleroma::{ephemeral, form, pleroma, upload};
use crate::process::{Directory, Server};

const MIB: usize = 1024 * 1024;

async fn delete(server: &Server, cookie: &str, path: &str) -> Response<Bytes> {
    let request = Request::delete(path).header(header::COOKIE, cookie);
    server.ask(request.body(Full::default()).unwrap()).await
}

fn json(response: &Response<Bytes>) -> serde_json::Value {
    assert!(response.status().is_success(), "{}", text(response));
    serde_json::from_slice(response.body()).unwrap()
}

/// Posts the upload, and gives the path under which the post can be removed.
async fn post(server: &Server, cookie: &str, upload: &serde_json::Value) -> String {
    let body = format!("status=a&media={}", upload["name"].as_str().unwrap());
    let response = server.ask(form("/api/v1/statuses", cookie, &body)).await;
    format!("/api/v1/statuses/{}", json(&response)["id"])
}

#[tokio::test]
async fn a_full_account_makes_room_by_deleting() {
    let directory = Directory::new();
    let limits = ["--upload-limit", "1", "--account-limit", "2"];
    let server = Server::start(pleroma().arg("--data").arg(directory.path()).args(limits));
    let cookie = server.register("alice").await;
    let big = vec![1; 3 * MIB / 4];
    let send = || server.ask(upload(&cookie, "a.bin", "application/octet-stream", &big));
    let files = || std::fs::read_dir(directory.path().join("media")).unwrap().count();
    for _ in 0..4 {
        let (first, second) = (json(&send().await), json(&send().await));
        let path = post(&server, &cookie, &first).await;
        let full = send().await;
        assert_eq!(full.status(), StatusCode::INSUFFICIENT_STORAGE);
        assert!(text(&full).ends_with("; delete some to make room"), "{}", text(&full));

        assert_eq!(delete(&server, &cookie, &path).await.status(), StatusCode::NO_CONTENT);
        let url = first["url"].as_str().unwrap();
        assert_eq!(server.ask(get(url)).await.status(), StatusCode::NOT_FOUND);
        assert_eq!((server.timeline().await.len(), files()), (0, 1));
        let unposted = format!("/api/v1/media/{}", second["name"].as_str().unwrap());
        assert_eq!(delete(&server, &cookie, &unposted).await.status(), StatusCode::NO_CONTENT);
        assert_eq!(files(), 0);
    }
}

#[tokio::test]
async fn nobody_removes_what_another_account_made() {
    let server = ephemeral();
    let (alice, mallory) = (server.register("alice").await, server.register("mallory").await);
    let image = server.upload(&alice, "image/png", b"\x89PNG\r\n\x1a\n").await;
    let loose = format!("/api/v1/media/{}", image["name"].as_str().unwrap());
    assert_eq!(delete(&server, &mallory, &loose).await.status(), StatusCode::NOT_FOUND);
    let path = post(&server, &alice, &image).await;
    for (cookie, path, status) in [
        (&*mallory, &*path, StatusCode::NOT_FOUND),
        (&mallory, &loose, StatusCode::NOT_FOUND),
        ("", &path, StatusCode::UNAUTHORIZED),
        ("", &loose, StatusCode::UNAUTHORIZED),
        (&alice, "/api/v1/statuses/999", StatusCode::NOT_FOUND),
        (&alice, "/api/v1/statuses/1%20OR%201", StatusCode::NOT_FOUND),
        (&alice, "/api/v1/media/..%2Fpleroma.sqlite", StatusCode::NOT_FOUND),
        // The post has it.
        (&alice, &loose, StatusCode::CONFLICT),
    ] {
        let response = delete(&server, cookie, path).await;
        assert_eq!(response.status(), status, "{path}: {}", text(&response));
        assert_headers(response.headers(), &GUIDE, path);
    }
    let request = Request::delete(&path).header(header::COOKIE, &alice);
    let request = request.header("sec-fetch-site", "cross-site").body(Full::default()).unwrap();
    assert_eq!(server.ask(request).await.status(), StatusCode::FORBIDDEN);
    assert_eq!(server.timeline().await, ["a"]);
}

#[tokio::test]
async fn a_file_of_two_posts_stays_until_the_second_is_removed() {
    let server = ephemeral();
    let alice = server.register("alice").await;
    let image = server.upload(&alice, "image/png", b"\x89PNG\r\n\x1a\n").await;
    let posts = [post(&server, &alice, &image).await, post(&server, &alice, &image).await];
    for (path, status) in posts.iter().zip([StatusCode::OK, StatusCode::NOT_FOUND]) {
        assert_eq!(delete(&server, &alice, path).await.status(), StatusCode::NO_CONTENT);
        assert_eq!(server.ask(get(image["url"].as_str().unwrap())).await.status(), status);
    }
}

#[tokio::test]
async fn every_socket_hears_of_a_removal() {
    let server = ephemeral();
    let alice = server.register("alice").await;
    let url = format!("ws://{}/api/v1/streaming", server.address);
    let (mut socket, _) = tokio_tungstenite::connect_async(url).await.unwrap();
    assert_eq!(server.post(&alice, "a").await, StatusCode::CREATED);
    assert_eq!(delete(&server, &alice, "/api/v1/statuses/1").await.status(), 204);
    let mut heard = Vec::new();
    while heard.len() < 2 {
        let message = timeout(Duration::from_secs(10), socket.next()).await.unwrap().unwrap();
        let message = message.unwrap();
        heard.extend(message.is_text().then(|| message.into_text().unwrap().to_string()));
    }
    assert_eq!(heard[1], "{\"removed\":1}");
}

/// Old posts can be found, so that they can be removed.
#[tokio::test]
async fn the_timeline_goes_back_to_the_first_post() {
    let server = ephemeral();
    let alice = server.register("alice").await;
    for post in 1..=45 {
        assert_eq!(server.post(&alice, &post.to_string()).await, StatusCode::CREATED);
    }
    let newest = server.timeline().await;
    assert_eq!((newest.len(), &*newest[0], &*newest[39]), (40, "45", "6"));
    let older = json(&server.ask(get("/api/v1/timeline?before=6")).await);
    let older: Vec<_> = older.as_array().unwrap().iter().map(|post| &post["content"]).collect();
    assert_eq!(older, ["5", "4", "3", "2", "1"]);
    let wrong = server.ask(get("/api/v1/timeline?before=x")).await;
    assert_eq!(
        (wrong.status(), text(&wrong)),
        (400.try_into().unwrap(), "'before' is the number of a status")
    );
}
