//! Tests ranges of uploads, on the disk and in memory (RFC 9110 section 14).

use http::{Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Bytes;

use crate::client::{get, values};
use crate::pleroma::{ephemeral, pleroma};
use crate::process::{Directory, Server};

/// Returns a picture of 100 bytes.
fn picture() -> Vec<u8> {
    [&b"\x89PNG\r\n\x1a\n"[..], &[b'.'; 92]].concat()
}

/// Runs a test with files on the disk, and with files in memory.
async fn with_both(test: impl AsyncFn(&Server, &str, &str)) {
    let directory = Directory::new();
    let disk = Server::start(pleroma().arg("--data").arg(directory.path()));
    for (server, kind) in [(disk, "disk"), (ephemeral(), "memory")] {
        let cookie = server.register("alice").await;
        let upload = server.upload(&cookie, "image/png", &picture()).await;
        test(&server, upload["url"].as_str().unwrap(), kind).await;
    }
}

async fn ask(server: &Server, url: &str, lines: &[(&'static str, &str)]) -> Response<Bytes> {
    let mut request = get(url);
    for (name, value) in lines {
        request.headers_mut().append(*name, value.parse().unwrap());
    }
    server.ask(request).await
}

fn is_whole(response: &Response<Bytes>) -> bool {
    let has_range = !values(response.headers(), "content-range").is_empty();
    response.status() == StatusCode::OK && !has_range && response.body().len() == 100
}

#[tokio::test]
async fn a_range_is_the_part_of_the_file_that_it_names_as_far_as_there_is_one() {
    with_both(async |server, url, kind| {
        for (range, part, length) in [
            ("bytes=0-9", "0-9", 10),
            ("bytes=-5", "95-99", 5),
            ("bytes=99-", "99-99", 1),
            ("bytes=0-", "0-99", 100),
            ("bytes=90-200", "90-99", 10),
            ("bytes=0-99999999999999999999999", "0-99", 100),
            // More than there is at the end is all of it.
            ("bytes=-100", "0-99", 100),
            ("bytes=-9999", "0-99", 100),
            ("bytes=-99999999999999999999999", "0-99", 100),
            // The unit has no letter case, and a list may have empty members.
            ("BYTES=0-1", "0-1", 2),
            ("bytes=,0-1, ,", "0-1", 2),
        ] {
            let response = ask(server, url, &[("range", range)]).await;
            assert_eq!(response.status(), StatusCode::PARTIAL_CONTENT, "{kind}: {range}");
            let expected = format!("bytes {part}/100");
            assert_eq!(values(response.headers(), "content-range"), [expected], "{kind}: {range}");
            assert_eq!(response.body().len(), length, "{kind}: {range}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_range_beyond_the_end_is_refused_with_the_length() {
    with_both(async |server, url, kind| {
        for range in ["bytes=100-", "bytes=100-200", "bytes=99999999999999999999999-", "bytes=-0"] {
            let response = ask(server, url, &[("range", range)]).await;
            assert_eq!(response.status(), StatusCode::RANGE_NOT_SATISFIABLE, "{kind}: {range}");
            assert_eq!(values(response.headers(), "content-range"), ["bytes */100"], "{kind}");
            assert!(response.body().is_empty(), "{kind}: {range}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_malformed_range_another_unit_and_several_parts_are_ignored() {
    with_both(async |server, url, kind| {
        for range in [
            "bytes=5-2",
            "bytes=0-0,2-3",
            "bytes=0-5,3-8",
            "bytes=0-0,200-300",
            "bytes=-1,-2",
            "items=0-1",
            "bytes",
            "bytes=",
            "bytes=-",
            "bytes=a-b",
            "bytes=0-1;q=1",
            "bytes=+0-1",
            "bytes=--5",
            "bytes=0x0-1",
            "0-5",
            "bytes 0-5",
            "bytes = 0-1",
            "bytes=0 - 1",
            "",
        ] {
            let response = ask(server, url, &[("range", range)]).await;
            assert!(is_whole(&response), "{kind}: {range}: {response:?}");
        }
        let two = ask(server, url, &[("range", "bytes=0-1"), ("range", "bytes=2-3")]).await;
        assert!(is_whole(&two), "{kind}: {two:?}");
    })
    .await;
}

/// The part of another version must not be joined to what the client has.
#[tokio::test]
async fn a_range_of_another_version_is_the_whole_file() {
    with_both(async |server, url, kind| {
        let whole = ask(server, url, &[]).await;
        for known in [
            "\"other\"",
            "W/\"other\"",
            "Sat, 01 Jan 2000 00:00:00 GMT",
            "Fri, 31 Dec 2038 23:59:59 GMT",
            "nonsense",
        ] {
            let response = ask(server, url, &[("range", "bytes=0-9"), ("if-range", known)]).await;
            assert!(is_whole(&response), "{kind}: {known}: {response:?}");
        }
        for name in ["etag", "last-modified"] {
            for known in values(whole.headers(), name) {
                let lines = [("range", "bytes=0-9"), ("if-range", known)];
                let response = ask(server, url, &lines).await;
                assert_eq!(response.status(), StatusCode::PARTIAL_CONTENT, "{kind}: {known}");
                let weak = format!("W/{known}");
                let lines = [("range", "bytes=0-9"), ("if-range", &*weak)];
                assert!(is_whole(&ask(server, url, &lines).await), "{kind}: {weak}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_range_of_an_asset_is_ignored_unless_it_is_plain() {
    let server = ephemeral();
    let url = "/static/instance.css";
    let length = ask(&server, url, &[]).await.body().len();
    for (range, expected) in [
        ("bytes=0-1", 2),
        ("bytes=1-", length - 1),
        ("bytes=0-99999999999999999999999", length),
        ("bytes=-5", length),
        ("bytes=5-2", length),
        ("bytes=0-0,2-3", length),
        ("nonsense", length),
    ] {
        let response = ask(&server, url, &[("range", range)]).await;
        assert!(response.status().is_success(), "{range}: {response:?}");
        assert_eq!(response.body().len(), expected, "{range}");
    }
    let lines = [("range", "bytes=0-1"), ("if-range", "\"other\"")];
    assert_eq!(ask(&server, url, &lines).await.body().len(), length);
}

/// RFC 9110 section 14.2: only GET has ranges.
#[tokio::test]
async fn a_range_of_a_head_request_is_ignored() {
    with_both(async |server, url, kind| {
        for (path, length) in [(url, Some("100")), ("/static/instance.css", None)] {
            for range in ["bytes=0-9", "bytes=-5", "bytes=100000-"] {
                let request = Request::head(path).header("range", range);
                let response = server.ask(request.body(Full::default()).unwrap()).await;
                assert_eq!(response.status(), StatusCode::OK, "{kind}: {path}: {range}");
                let headers = response.headers();
                assert_eq!(values(headers, "content-range"), [""; 0], "{kind}: {path}: {range}");
                let whole = length.is_none_or(|whole| values(headers, "content-length") == [whole]);
                assert!(whole, "{kind}: {path}: {range}: {response:?}");
            }
        }
    })
    .await;
}
