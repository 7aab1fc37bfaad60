//! Tests uploads on a host of their own.

use http::{StatusCode, Version, header};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::client::{VERSIONS, ask, assert_headers, get, text, values};
use crate::guide::GUIDE;
use crate::pleroma::with_settings;
use crate::process::Server;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
const SITE: &str = "example.tld";

async fn status(server: &Server, version: Version, host: &str, path: &str) -> StatusCode {
    let mut request = get(path);
    request.headers_mut().insert(header::HOST, host.parse().unwrap());
    let response = ask(server.address, version, request).await;
    if response.status() == StatusCode::NOT_FOUND {
        assert_eq!(text(&response), "there is nothing here");
        assert_headers(response.headers(), &GUIDE[..8], path);
    }
    response.status()
}

async fn uploaded(server: &Server) -> Value {
    let cookie = server.register("alice").await;
    server.upload(&cookie, "image/png", PNG).await
}

#[tokio::test]
async fn each_host_answers_for_itself_alone() {
    let server = with_settings("[upload]\nbase_url = \"https://media.example/files\"");
    let attachment = uploaded(&server).await;
    let name = attachment["name"].as_str().unwrap();
    assert_eq!(attachment["url"], format!("https://media.example/files/{name}"));
    let file = format!("/files/{name}");

    for version in VERSIONS {
        for host in ["media.example", "MEDIA.example", "media.example.", "media.example.:443"] {
            assert_eq!(status(&server, version, host, &file).await, StatusCode::OK, "{host}");
        }
        for path in ["/", "/static/instance.css", "/api/v1/timeline", &*format!("/media/{name}")] {
            let status = status(&server, version, "media.example", path).await;
            assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        }
        for host in [SITE, "example.tld.", "example.tld:8443"] {
            assert_eq!(status(&server, version, host, "/").await, StatusCode::OK, "{host}");
            for (path, expected) in [
                (&*file, StatusCode::NOT_FOUND),
                (&*format!("/media/{name}"), StatusCode::TEMPORARY_REDIRECT),
                ("/media", StatusCode::NOT_FOUND),
                ("/mediax/a", StatusCode::NOT_FOUND),
            ] {
                assert_eq!(status(&server, version, host, path).await, expected, "{host} {path}");
            }
        }
    }
}

/// Returns the target to which the site redirects the path.
async fn moved(server: &Server, path: &str) -> Option<String> {
    let response = server.ask(get(path)).await;
    assert_headers(response.headers(), &GUIDE[..8], path);
    let to = response.headers().get(header::LOCATION)?.to_str().unwrap().to_owned();
    assert_eq!(response.status(), StatusCode::TEMPORARY_REDIRECT);
    Some(to)
}

#[tokio::test]
async fn the_site_sends_media_to_their_host_and_nowhere_else() {
    let both = "[upload]\nbase_url = \"https://media.example/files/\"\n\
                [media_proxy]\nenabled = true\nbase_url = \"https://proxy.example:8443\"";
    let uploads = "[upload]\nbase_url = \"https://media.example/files/\"";
    let proxy = "[media_proxy]\nbase_url = \"https://proxy.example:8443\"";
    let shared = "[media_proxy]\nbase_url = \"https://example.tld\"";
    let (file, proxied) = ("https://media.example/files", "https://proxy.example:8443/proxy");
    for (settings, file, proxied) in [
        (both, Some(file), Some(proxied)),
        (uploads, Some(file), Some("https://media.example/proxy")),
        (proxy, None, Some(proxied)),
        (shared, None, None),
        ("", None, None),
    ] {
        let server = with_settings(settings);
        for rest in
            ["/a.png", "/a.png?b=c&d", "/a%2Fb", "/media/a", "//evil.example", "/..//a", "/@b"]
        {
            let to = |base: Option<&str>| base.map(|base| format!("{base}{rest}"));
            assert_eq!(moved(&server, &format!("/media{rest}")).await, to(file), "{settings}");
            assert_eq!(moved(&server, &format!("/proxy{rest}")).await, to(proxied), "{settings}");
        }
    }
}

/// FOUND K10: `Location` has the bytes that a URL has.
#[tokio::test]
async fn characters_that_a_url_cannot_have_are_percent_encoded_in_location() {
    let server = with_settings("[media_proxy]\nbase_url = \"https://proxy.example\"");
    for (path, encoded) in [
        ("/proxy/\u{e9}", "/proxy/%C3%A9"),
        ("/proxy/\u{1f600}?\u{e9}=\u{fc}", "/proxy/%F0%9F%98%80?%C3%A9=%C3%BC"),
        ("/proxy/a%20\"b\"", "/proxy/a%20%22b%22"),
        ("/proxy/%C3%A9", "/proxy/%C3%A9"),
    ] {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: {SITE}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        let answer = String::from_utf8(answer).unwrap();
        let expected = format!("\r\nlocation: https://proxy.example{encoded}\r\n");
        assert!(answer.contains(&expected), "{path}: {answer}");
    }
}

/// A page whose name leads to this machine is answered nothing: FOUND K10.
#[tokio::test]
async fn another_host_is_refused_in_words_with_the_nine_headers() {
    let server = with_settings("[upload]\nbase_url = \"https://media.example/files\"");
    for version in VERSIONS {
        for host in ["other.example", "media.example.attacker.example", "media.example:8443"] {
            let mut request = get("/");
            request.headers_mut().insert(header::HOST, host.parse().unwrap());
            let response = ask(server.address, version, request).await;
            assert_eq!(response.status(), StatusCode::MISDIRECTED_REQUEST, "{host}");
            assert_eq!(text(&response), "this host is not served here");
            assert_headers(response.headers(), &GUIDE[..8], host);
        }
        for host in ["[::1]:4000", "192.0.2.1", "app.localhost:4000", "EXAMPLE.tld:1"] {
            assert_eq!(status(&server, version, host, "/").await, StatusCode::OK, "{host}");
        }
    }
}

#[tokio::test]
async fn the_proxy_s_host_answers_nothing_of_the_site() {
    let server = with_settings("[media_proxy]\nbase_url = \"https://proxy.example\"");
    for path in ["/", "/static/instance.css", "/api/v1/timeline", "/proxy/a"] {
        let status = status(&server, VERSIONS[0], "proxy.example", path).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn an_upload_on_its_own_host_is_sandboxed() {
    let server = with_settings("[upload]\nbase_url = \"http://media.example:8080/\"");
    let attachment = uploaded(&server).await;
    let url = attachment["url"].as_str().unwrap();
    let path = url.strip_prefix("http://media.example:8080").unwrap();
    let mut request = get(path);
    request.headers_mut().insert(header::HOST, "media.example:8080".parse().unwrap());
    let response = server.ask(request).await;
    assert_eq!((response.status(), &response.body()[..]), (StatusCode::OK, PNG));
    let expected = [(
        "content-security-policy",
        "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox",
    )];
    assert_headers(response.headers(), &expected, path);

    let page = server.ask(get("/")).await;
    let policy = values(page.headers(), "content-security-policy");
    for directive in ["img-src 'self' data: blob: https:", "media-src 'self' https:"] {
        let expected = format!("; {directive} http://media.example:8080; ");
        assert!(policy[0].contains(&expected), "the page cannot show uploads: {policy:?}");
    }
}

/// Site and uploads on one host: neither takes the other offline, whatever the path.
#[tokio::test]
async fn the_site_s_own_host_serves_both() {
    for base in ["/files", "", "/static", "/api/v1", "/media"] {
        for port in ["", ":8443"] {
            let settings = format!("[upload]\nbase_url = \"https://example.tld{port}{base}\"");
            let server = with_settings(&settings);
            let attachment = uploaded(&server).await;
            let name = attachment["name"].as_str().unwrap();
            assert_eq!(attachment["url"], format!("https://example.tld{port}{base}/{name}"));
            for version in VERSIONS {
                for path in ["/", "/static/instance.css", "/api/v1/timeline"] {
                    assert_eq!(
                        status(&server, version, SITE, path).await,
                        StatusCode::OK,
                        "{path}"
                    );
                }
                for host in [SITE, "EXAMPLE.tld.", "example.tld:8443"] {
                    let status = status(&server, version, host, &format!("{base}/{name}")).await;
                    assert_eq!(status, StatusCode::OK, "{host} {base}");
                }
            }
            let nothing = status(&server, VERSIONS[0], SITE, "/nothing/here").await;
            assert_eq!(nothing, StatusCode::NOT_FOUND);
        }
    }
}

/// A base on the host of another site leaves that site where it is.
#[tokio::test]
async fn the_host_of_another_site_serves_both() {
    let server = with_settings(
        "[upload]\nbase_url = \"http://other.example/files\"\n\
         [[site]]\nscheme = \"http\"\nhost = \"other.example\"\nsecure_cookie_flag = false",
    );
    let attachment = uploaded(&server).await;
    let file = format!("/files/{}", attachment["name"].as_str().unwrap());
    for host in [SITE, "other.example"] {
        for path in ["/", &file] {
            let status = status(&server, VERSIONS[0], host, path).await;
            assert_eq!(status, StatusCode::OK, "{host} {path}");
        }
    }
}
