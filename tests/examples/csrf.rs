//! Tests the example against requests of other sites.

use http::Request;
use http_body_util::Full;

use crate::{
    client::values,
    process::{Server, example},
};

#[tokio::test]
async fn csrf_rejects_what_another_site_sends_or_loads_under_every_header() {
    let server = Server::start(example("csrf").arg("127.0.0.1:0"));
    for (method, path, headers, status) in [
        ("GET", "/", &[][..], 200),
        ("POST", "/transfer", &[("sec-fetch-site", "same-origin")], 200),
        ("POST", "/transfer", &[("origin", "http://example.tld")], 200),
        // The inner layer rejects a form of a browser without Fetch Metadata.
        ("POST", "/transfer", &[("origin", "https://evil.example")], 403),
        ("POST", "/transfer", &[("sec-fetch-site", "cross-site")], 403),
        ("POST", "/transfer", &[("sec-fetch-site", "same-site")], 403),
        // It changes nothing: only the outer layer rejects it.
        ("GET", "/", &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors")], 403),
        ("GET", "/", &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")], 200),
        ("POST", "/hook", &[("sec-fetch-site", "cross-site")], 200),
    ] {
        let request = Request::builder().method(method).uri(path);
        let request =
            headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let response = server.ask(request.body(Full::default()).unwrap()).await;
        assert_eq!(response.status(), status, "{method} {path} {headers:?}");
        assert_eq!(values(response.headers(), "x-frame-options"), ["SAMEORIGIN"]);
        assert_eq!(values(response.headers(), "content-security-policy").len(), 1);
    }
}
