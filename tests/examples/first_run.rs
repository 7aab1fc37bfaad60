//! Tests the first run in a browser: at an address or at localhost, over http.

use http::StatusCode;

use crate::client::{VERSIONS, ask, assert_headers, get, text, values};
use crate::guide::GUIDE;
use crate::pleroma::{ephemeral, with_settings};

#[tokio::test]
async fn at_loopback_and_at_an_address_nothing_sends_the_page_s_files_to_https() {
    let server = ephemeral();
    let port = server.address.port();
    for host in ["127.0.0.1", "localhost", "[::1]", "192.0.2.7", "app.localhost"] {
        for version in VERSIONS {
            let mut request = get("/");
            request.headers_mut().insert("host", format!("{host}:{port}").parse().unwrap());
            let page = ask(server.address, version, request).await;
            assert_eq!(page.status(), StatusCode::OK, "{host}");
            assert!(text(&page).contains("<form"), "{host}");
            let [policy] = values(page.headers(), "content-security-policy")[..] else {
                panic!("{page:?}");
            };
            let (_, guide) = GUIDE.last().unwrap();
            assert_eq!(format!("{policy}; upgrade-insecure-requests"), *guide, "{host}");
            for name in ["strict-transport-security", "expect-ct"] {
                assert!(!page.headers().contains_key(name), "{host}: {name}");
            }
            // All other headers are those of the guide.
            let others = GUIDE.iter().filter(|(name, _)| {
                !["strict-transport-security", "expect-ct", "content-security-policy"]
                    .contains(name)
            });
            assert_headers(page.headers(), &others.copied().collect::<Vec<_>>(), host);
        }
    }
}

#[tokio::test]
async fn a_plain_socket_is_clear_text_only_where_no_site_is_on_https() {
    let onion = "abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrstuvwx.onion";
    let http = "[url]\nscheme = \"http\"";
    for (settings, is_believed) in [
        // A TLS proxy may stand in front.
        ("", true),
        (&*format!("[[site]]\nscheme = \"http\"\nhost = \"{onion}\""), true),
        (&format!("{http}\n[[site]]\nscheme = \"https\"\nhost = \"other.example\""), true),
        // No browser sends a cookie with this prefix over http, so the cookie was planted.
        (http, false),
        (&format!("{http}\n[[site]]\nscheme = \"http\"\nhost = \"{onion}\""), false),
    ] {
        let server = with_settings(settings);
        let cookie = server.register("alice").await;
        let status = server.post(&cookie, "hello").await;
        assert_eq!(status != StatusCode::UNAUTHORIZED, is_believed, "{settings}: {status}");
    }
}
