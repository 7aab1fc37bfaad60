//! Tests uploads: clamped types, sandboxed, from memory and from the disk.

use http::{Request, Response, StatusCode, Version};
use http_body_util::StreamBody;
use hyper::body::{Bytes, Frame};

use crate::client::{VERSIONS, ask, assert_headers, get, text, values};
use crate::guide::{GUIDE, TOO_LARGE};
use crate::pleroma::{ephemeral, form, multipart, pleroma, upload, with_settings};
use crate::process::{Directory, Server};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n the rest of a picture";
const HTML: &[u8] = b"<!doctype html><script>alert(1)</script>";

const LOCKED: &str = "default-src 'none'; sandbox";
const RASTER: &str = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox";
const SVG: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
const PLAYED: &str =
    "default-src 'none'; media-src 'self'; style-src 'unsafe-inline'; sandbox allow-same-origin";
const PDF: &str = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'";

/// Represents the file, what the browser declares it to be, and the type, extension and policy that
/// it gets.
type File = (&'static [u8], &'static str, &'static str, &'static str, &'static str);

const FILES: [File; 12] = [
    (PNG, "image/png", "image/png", "png", RASTER),
    (PNG, "text/html", "image/png", "png", RASTER),
    (b"GIF89a<script>", "text/html", "image/gif", "gif", RASTER),
    (b"OggS...", "application/ogg", "audio/ogg", "ogg", PLAYED),
    (b"....ftypisom", "video/mp4", "video/mp4", "mp4", PLAYED),
    (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", "image/svg+xml", "svg", SVG),
    (HTML, "text/html", "application/octet-stream", "bin", LOCKED),
    (HTML, "image/png", "application/octet-stream", "bin", LOCKED),
    (b"alert(1)", "text/javascript", "application/octet-stream", "bin", LOCKED),
    (b"words", "text/plain", "application/octet-stream", "bin", LOCKED),
    (b"%PDF-1.7", "application/pdf", "application/octet-stream", "bin", LOCKED),
    (b"#EXTM3U", "audio/mpegurl", "application/octet-stream", "bin", LOCKED),
];

/// The same where the settings allow all that can be allowed.
const ALLOWED: [File; 8] = [
    (b"%PDF-1.7", "application/pdf", "application/pdf", "pdf", PDF),
    (b"words", "text/plain", "text/plain; charset=utf-8", "txt", RASTER),
    (HTML, "text/plain", "text/plain; charset=utf-8", "txt", RASTER),
    (b"WEBVTT\n", "text/plain", "text/vtt; charset=utf-8", "vtt", RASTER),
    (b"#EXTM3U", "audio/mpegurl", "application/vnd.apple.mpegurl", "m3u8", PLAYED),
    (HTML, "text/html", "application/octet-stream", "bin", LOCKED),
    (b"alert(1)", "text/javascript", "application/octet-stream", "bin", LOCKED),
    (b"a\0b", "text/plain", "application/octet-stream", "bin", LOCKED),
];

/// That each file comes back as it was, and under the policy of its type.
async fn assert_served(server: &Server, files: &[File]) {
    let cookie = server.register("alice").await;
    for &(file, declared, content_type, extension, policy) in files {
        let attachment = server.upload(&cookie, declared, file).await;
        let name = attachment["name"].as_str().unwrap();
        assert!(name.ends_with(&format!(".{extension}")), "{name}");
        assert_eq!(attachment["url"], format!("/media/{name}"));
        assert_eq!(attachment["content_type"], content_type);

        let response = server.ask(get(attachment["url"].as_str().unwrap())).await;
        assert_eq!((response.status(), &response.body()[..]), (StatusCode::OK, file));
        let media = [
            ("content-type", content_type),
            ("content-security-policy", policy),
            ("x-content-type-options", "nosniff"),
            ("cross-origin-resource-policy", "cross-origin"),
            ("cross-origin-opener-policy", "unsafe-none"),
            ("cache-control", "public, max-age=1209600"),
        ];
        assert_headers(response.headers(), &media, declared);
        assert_headers(response.headers(), &GUIDE[..8], declared);
        let disposition = values(response.headers(), "content-disposition");
        if extension == "bin" {
            let [disposition] = disposition[..] else { panic!("{response:?}") };
            assert!(
                disposition.starts_with("attachment; filename=\"a file.html\""),
                "{disposition}"
            );
        } else {
            assert_eq!(disposition, [""; 0]);
        }
    }
}

#[tokio::test]
async fn uploads_are_served_sandboxed_from_memory() {
    assert_served(&ephemeral(), &FILES).await;
    let all = "[media]\nallow = [\"pdf\", \"text\", \"webvtt\", \"hls\"]";
    assert_served(&with_settings(all), &ALLOWED).await;
}

#[tokio::test]
async fn uploads_are_served_sandboxed_from_the_disk() {
    let directory = Directory::new();
    let server = Server::start(pleroma().arg("--data").arg(directory.path()));
    assert_served(&server, &FILES).await;
}

/// FOUND K10: `--ephemeral` has ranges as well.
#[tokio::test]
async fn part_of_an_upload_can_be_asked_for_on_the_disk_and_in_memory() {
    let directory = Directory::new();
    part_of_an_upload(Server::start(pleroma().arg("--data").arg(directory.path()))).await;
    part_of_an_upload(ephemeral()).await;
}

async fn part_of_an_upload(server: Server) {
    let cookie = server.register("alice").await;
    let attachment = server.upload(&cookie, "image/png", PNG).await;
    let last = PNG.len() - 1;
    for (asked, is, part) in [
        ("bytes=1-3", "bytes 1-3", "PNG"),
        ("bytes=-7", &*format!("bytes {}-{last}", last - 6), "picture"),
        (&*format!("bytes={}-", last - 6), &*format!("bytes {}-{last}", last - 6), "picture"),
        (&*format!("bytes={}-9999", last - 6), &*format!("bytes {}-{last}", last - 6), "picture"),
    ] {
        let mut request = get(attachment["url"].as_str().unwrap());
        request.headers_mut().insert("range", asked.parse().unwrap());
        let response = server.ask(request).await;
        assert_eq!((response.status(), text(&response)), (StatusCode::PARTIAL_CONTENT, part));
        let expected = [
            ("content-type", "image/png"),
            ("content-range", &*format!("{is}/{}", PNG.len())),
            ("accept-ranges", "bytes"),
            ("content-security-policy", RASTER),
        ];
        assert_headers(response.headers(), &expected, asked);
    }
    let mut beyond = get(attachment["url"].as_str().unwrap());
    beyond.headers_mut().insert("range", "bytes=9999-".parse().unwrap());
    let beyond = server.ask(beyond).await;
    assert_eq!(beyond.status(), StatusCode::RANGE_NOT_SATISFIABLE);
    let expected = [("content-range", &*format!("bytes */{}", PNG.len()))];
    assert_headers(beyond.headers(), &expected, "beyond");
}

#[tokio::test]
async fn a_film_has_its_policy_however_it_is_asked_for() {
    let directory = Directory::new();
    let server = Server::start(pleroma().arg("--data").arg(directory.path()));
    let cookie = server.register("alice").await;
    let attachment = server.upload(&cookie, "video/mp4", b"....ftypisom").await;
    for (method, header, value, status) in [
        ("GET", "accept", "*/*", StatusCode::OK),
        ("HEAD", "accept", "*/*", StatusCode::OK),
        ("GET", "range", "bytes=0-", StatusCode::PARTIAL_CONTENT),
        ("HEAD", "range", "bytes=0-3", StatusCode::OK),
        ("GET", "range", "bytes=99-", StatusCode::RANGE_NOT_SATISFIABLE),
        ("GET", "if-modified-since", "Fri, 31 Dec 2038 23:59:59 GMT", StatusCode::NOT_MODIFIED),
    ] {
        let mut request = get(attachment["url"].as_str().unwrap());
        *request.method_mut() = method.parse().unwrap();
        request.headers_mut().insert(header, value.parse().unwrap());
        let response = server.ask(request).await;
        assert_eq!(response.status(), status, "{method} {header}");
        let expected = [("content-security-policy", PLAYED), ("content-type", "video/mp4")];
        assert_headers(response.headers(), &expected, value);
    }
}

/// A type that the settings no longer allow is an attachment again, under its old name.
#[tokio::test]
async fn an_upload_of_a_type_that_was_allowed_before_is_saved() {
    let directory = Directory::new();
    let start = |settings: &str| {
        let config = directory.file("settings.toml", settings);
        let data = directory.path().join("data");
        Server::start(pleroma().arg("--data").arg(data).arg("--config").arg(config))
    };
    let server = start("[media]\nallow = [\"pdf\"]");
    let cookie = server.register("alice").await;
    let attachment = server.upload(&cookie, "application/pdf", b"%PDF-1.7").await;
    drop(server);
    let response = start("").ask(get(attachment["url"].as_str().unwrap())).await;
    let expected =
        [("content-type", "application/octet-stream"), ("content-security-policy", LOCKED)];
    assert_headers(response.headers(), &expected, "pdf");
    let disposition = values(response.headers(), "content-disposition");
    assert!(disposition[0].starts_with("attachment; filename=\"a file.html\""), "{disposition:?}");
}

/// Nor is a fault of the moment for two weeks.
#[tokio::test]
async fn a_failed_response_is_not_stored_by_caches() {
    let directory = Directory::new();
    let server = Server::start(pleroma().arg("--data").arg(directory.path()));
    let cookie = server.register("alice").await;
    let attachment = server.upload(&cookie, "image/png", PNG).await;
    let (path, name) = (attachment["url"].as_str().unwrap(), attachment["name"].as_str().unwrap());
    let mut beyond = get(path);
    beyond.headers_mut().insert("range", "bytes=1000-".parse().unwrap());
    let beyond = server.ask(beyond).await;
    assert_eq!(beyond.status(), StatusCode::RANGE_NOT_SATISFIABLE);
    assert_eq!(values(beyond.headers(), "content-range"), [format!("bytes */{}", PNG.len())]);
    std::fs::remove_file(directory.path().join("media").join(name)).unwrap();
    let gone = server.ask(get(path)).await;
    assert_eq!((gone.status(), text(&gone)), (StatusCode::NOT_FOUND, "there is nothing here"));
    // A file where a directory was.
    std::fs::remove_dir(directory.path().join("media")).unwrap();
    directory.file("media", "");
    let broken = server.ask(get(path)).await;
    assert!(!broken.status().is_success(), "{broken:?}");
    for response in [beyond, gone, broken] {
        assert_eq!(values(response.headers(), "cache-control"), [""; 0], "{response:?}");
    }
}

#[tokio::test]
async fn a_status_shows_only_an_upload_of_its_own_account() {
    let server = ephemeral();
    let (alice, mallory) = (server.register("alice").await, server.register("mallory").await);
    let attachment = server.upload(&alice, "image/png", PNG).await;
    let body = format!("status=look&media={}", attachment["name"].as_str().unwrap());
    let stolen = server.ask(form("/api/v1/statuses", &mallory, &body)).await;
    assert_eq!(stolen.status(), StatusCode::BAD_REQUEST);
    let own = server.ask(form("/api/v1/statuses", &alice, &body)).await;
    assert_eq!(own.status(), StatusCode::CREATED);
    let status: serde_json::Value = serde_json::from_slice(own.body()).unwrap();
    assert_eq!(status["media"], attachment);
}

#[tokio::test]
async fn a_request_that_is_not_an_upload_is_refused_with_the_nine_headers() {
    let server = ephemeral();
    let cookie = server.register("alice").await;
    let mut broken = upload(&cookie, "a", "image/png", PNG);
    broken.headers_mut().insert("content-type", "multipart/form-data; boundary=Y".parse().unwrap());
    let cases = [
        (upload("", "a", "image/png", PNG), StatusCode::UNAUTHORIZED, "sign in first"),
        (upload(&cookie, "a", "image/png", b""), StatusCode::BAD_REQUEST, "the file is empty"),
        (broken, StatusCode::BAD_REQUEST, "the form is broken"),
        (
            form("/api/v1/media", &cookie, "file=1"),
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "send multipart/form-data",
        ),
    ];
    for (request, status, says) in cases {
        let response: Response<Bytes> = server.ask(request).await;
        assert_eq!((response.status(), text(&response)), (status, says));
        assert_headers(response.headers(), &GUIDE, says);
    }
}

#[tokio::test]
async fn the_limit_is_16_mib_or_what_the_command_line_says() {
    const MIB: usize = 1024 * 1024;
    let default = ephemeral();
    let chosen = Server::start(pleroma().args(["--ephemeral", "--upload-limit", "1"]));
    for (server, limit) in [(&default, 16), (&chosen, 1)] {
        let cookie = server.register("alice").await;
        let page = server.ask(get("/")).await;
        assert!(text(&page).contains(&format!("up to {limit} MiB</small>")), "{limit}");
        assert!(text(&page).contains(&format!("data-limit=\"{}\"", limit * MIB)), "{limit}");
        for (size, status) in
            [(limit * MIB, StatusCode::CREATED), (limit * MIB + 1, StatusCode::PAYLOAD_TOO_LARGE)]
        {
            let request = upload(&cookie, "a.png", "image/png", &vec![0; size]);
            let response = server.ask(request).await;
            assert_eq!(response.status(), status, "{size}");
            if status == StatusCode::PAYLOAD_TOO_LARGE {
                let words = format!("the file is too large: at most {limit} MiB can be uploaded");
                assert_eq!(text(&response), words);
            }
        }
    }
}

#[tokio::test]
async fn the_refusal_reaches_those_who_still_send() {
    let server = ephemeral();
    let cookie = server.register("alice").await;
    for version in VERSIONS {
        let request = upload(&cookie, "large.png", "image/png", &vec![0; 17 * 1024 * 1024]);
        let response = ask(server.address, version, request).await;
        assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
        assert_headers(response.headers(), &GUIDE, "413");
    }
}

#[tokio::test]
async fn an_upload_that_turns_out_too_large_is_refused_with_the_nine_headers() {
    let server = ephemeral();
    let cookie = server.register("alice").await;
    let form = multipart("large.png", "image/png", &[PNG, &vec![0; 17 * 1024 * 1024]].concat());
    let chunks: Vec<_> = form.chunks(64 * 1024).map(Bytes::copy_from_slice).collect();
    let chunks = chunks.into_iter().map(|chunk| Ok::<_, std::io::Error>(Frame::data(chunk)));
    let request = Request::post("/api/v1/media")
        .header("content-type", "multipart/form-data; boundary=XX")
        .header("cookie", &cookie)
        .body(StreamBody::new(futures_util::stream::iter(chunks)))
        .unwrap();
    let response = ask(server.address, Version::HTTP_2, request).await;
    assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(text(&response), TOO_LARGE);
    assert_headers(response.headers(), &GUIDE, "413");
}
