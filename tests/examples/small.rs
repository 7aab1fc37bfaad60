//! Tests the examples that consist of one file.

use http::{Response, StatusCode, Version};
use hyper::body::Bytes;
use tower_hardening::{
    FrameOptions, Hardening, assert_grade, assert_hardened, assert_header, assert_no_header,
};

use crate::client::{VERSIONS, ask, assert_headers, get, text, values};
use crate::guide::GUIDE;
use crate::process::{Server, example};

fn start(name: &str) -> Server {
    Server::start(example(name).arg("127.0.0.1:0"))
}

async fn get_by(server: &Server, version: Version, path: &str) -> Response<Bytes> {
    ask(server.address, version, get(path)).await
}

#[tokio::test]
async fn minimal_says_hello_and_has_the_nine_headers_everywhere() {
    let server = start("minimal");
    for version in VERSIONS {
        let hello = get_by(&server, version, "/").await;
        assert_eq!((hello.status(), text(&hello)), (StatusCode::OK, "hello"));
        assert_headers(hello.headers(), &GUIDE, "/");
        assert_grade!(hello, "A+");
        assert_header!(hello, FrameOptions::DENY);
        assert_no_header!(hello, "server");
        let nothing = get_by(&server, version, "/nothing").await;
        assert_eq!(nothing.status(), StatusCode::NOT_FOUND);
        assert_headers(nothing.headers(), &GUIDE, "/nothing");
        assert_hardened!(nothing, Hardening::pleroma(&"https://example.tld".parse().unwrap()));
    }
}

const UNKNOWN: &str = "No proxy says how this request came";

/// Asserts that the command works as it stands: it has the port of this server.
#[track_caller]
fn assert_tells_how_to_ask(answer: &str, address: std::net::SocketAddr) {
    assert!(answer.starts_with(UNKNOWN) && answer.contains("\ncurl -i "), "{answer}");
    assert!(answer.ends_with(&format!(" http://{address}/\n")), "{answer}");
}

#[tokio::test]
async fn proxy_trusts_its_proxy_and_answers_for_its_hosts() {
    let server = start("proxy");
    let onion = "abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrstuvwx.onion";
    for version in VERSIONS {
        for (host, proto, status, said) in [
            ("example.tld", "https", 200, "Https from 192.0.2.7"),
            ("example.tld", "", 200, UNKNOWN),
            ("example.tld", "http", 301, "https://example.tld/"),
            ("www.example.tld", "http", 301, "https://www.example.tld/"),
            ("www.example.tld", "https", 301, "https://example.tld/"),
            (onion, "http", 200, "Http from 192.0.2.7"),
            ("evil.example", "https", 421, ""),
            // A browser on this machine, without the proxy.
            ("localhost:3000", "", 200, UNKNOWN),
            ("127.0.0.1:3000", "", 200, UNKNOWN),
        ] {
            let mut request = get("/");
            request.headers_mut().insert("host", host.parse().unwrap());
            request.headers_mut().insert("x-forwarded-for", "192.0.2.7".parse().unwrap());
            request.headers_mut().insert("x-forwarded-proto", proto.parse().unwrap());
            let response = ask(server.address, version, request).await;
            assert_eq!(response.status(), status, "{host} {proto}");
            let location = values(response.headers(), "location");
            let answer = location.first().copied().unwrap_or_else(|| text(&response));
            if said == UNKNOWN {
                assert_tells_how_to_ask(answer, server.address);
            } else {
                assert_eq!(answer, said);
            }
            let sts = values(response.headers(), "strict-transport-security");
            let is_told = proto != "http" && !host.ends_with(":3000");
            assert_eq!(sts.len(), usize::from(is_told), "{host} {proto}");
            let [policy] = values(response.headers(), "content-security-policy")[..] else {
                panic!("{response:?}");
            };
            assert_eq!(policy.contains(&format!("ws://{onion}")), host == onion);
        }
    }
}

/// FOUND K10: nobody has to look for the command of an example.
#[test]
fn the_readme_has_a_row_with_the_command_of_each_example() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    for entry in std::fs::read_dir(root.join("examples")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        if path.is_dir() && !path.join("main.rs").is_file() {
            continue;
        }
        let row = readme.lines().find(|line| line.starts_with(&format!("| [`{name}`](examples/")));
        let row = row.unwrap_or_else(|| panic!("no row for {name}"));
        assert!(row.contains(&format!("| `cargo run --example {name}")), "{row}");
    }
}

/// FOUND K10: the URL that is printed has a page, and its links lead somewhere.
#[tokio::test]
async fn nonce_links_to_its_pages_at_the_url_that_it_prints() {
    let server = start("nonce");
    let links = get_by(&server, Version::HTTP_11, "/").await;
    assert_eq!(links.status(), StatusCode::OK);
    for path in ["/askama", "/maud"] {
        assert!(text(&links).contains(&format!("href=\"{path}\"")), "{path}");
        let page = get_by(&server, Version::HTTP_11, path).await;
        assert_eq!(page.status(), StatusCode::OK);
        assert!(text(&page).contains("<script nonce=\""), "{path}");
    }
}

#[tokio::test]
async fn tenants_says_that_a_source_is_left_out() {
    let server = start("tenants");
    let mut request = get("/");
    request.headers_mut().insert("host", "rogue.example".parse().unwrap());
    let response = server.ask(request).await;
    assert!(!values(response.headers(), "content-security-policy")[0].contains("rogue"));
    let said = server.stop(std::time::Duration::from_secs(10)).stderr;
    assert!(said.starts_with("rogue.example: content-security-policy, byte 25: "), "{said}");
}

/// A browser names the port in `Host`.
#[tokio::test]
async fn tenants_knows_a_tenant_at_any_port() {
    let server = start("tenants");
    for host in ["red.example", "red.example:3000", "RED.example:80"] {
        for path in ["/", "/all"] {
            let mut request = get(path);
            request.headers_mut().insert("host", host.parse().unwrap());
            let response = server.ask(request).await;
            let policy = values(response.headers(), "content-security-policy")[0];
            assert!(
                policy.contains("; img-src 'self' https://cdn.red.example"),
                "{host}: {policy}"
            );
        }
    }
}

#[tokio::test]
async fn a_tenant_has_policies_of_its_own() {
    let server = start("tenants");
    for (host, ancestors) in
        [("red.example", "https://red.example"), ("blue.example", "'self'"), ("x", "'self'")]
    {
        let mut request = get("/whole");
        request.headers_mut().insert("host", host.parse().unwrap());
        let response = server.ask(request).await;
        let policy = values(response.headers(), "content-security-policy")[0];
        assert!(policy.ends_with(&format!("frame-ancestors {ancestors}")), "{host}: {policy}");
    }
}

#[tokio::test]
async fn session_sets_the_same_site_that_it_says() {
    let server = start("session");
    let request = http::Request::post("/in/alice").body(http_body_util::Full::default()).unwrap();
    let response = server.ask(request).await;
    let [cookie] = values(response.headers(), "set-cookie")[..] else { panic!("{response:?}") };
    assert!(cookie.starts_with("__Host-session="), "{cookie}");
    assert!(cookie.split("; ").any(|attribute| attribute == "SameSite=Lax"), "{cookie}");
}

#[tokio::test]
async fn hyper_answers_json_under_the_policy_for_an_api() {
    let server = start("hyper");
    let expected = [
        ("content-type", "application/json"),
        (
            "content-security-policy",
            "default-src 'none'; form-action 'none'; frame-ancestors 'none'",
        ),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("strict-transport-security", "max-age=31536000; includeSubDomains"),
        ("cross-origin-resource-policy", "same-origin"),
        // The equivalent of frame-ancestors, for browsers that do not support it.
        ("x-frame-options", "DENY"),
    ];
    for version in VERSIONS {
        let response = get_by(&server, version, "/some/path").await;
        assert_eq!(text(&response), r#"{"path":"/some/path"}"#);
        assert_headers(response.headers(), &expected, "/some/path");
        for (name, _) in GUIDE.iter().filter(|(name, _)| !expected.iter().any(|e| e.0 == *name)) {
            assert_eq!(values(response.headers(), name), [""; 0], "{name}");
        }
    }
}

const LAYERS: [(&str, &str); 12] = [
    ("content-security-policy", "default-src 'self'; frame-ancestors 'none'"),
    ("content-security-policy-report-only", "default-src 'none'; report-uri /csp"),
    ("strict-transport-security", "max-age=600"),
    ("referrer-policy", "no-referrer"),
    ("x-frame-options", "DENY"),
    ("x-content-type-options", "nosniff"),
    ("permissions-policy", "camera=()"),
    ("x-robots-tag", "noindex"),
    ("expect-ct", "max-age=600"),
    ("x-xss-protection", "0"),
    ("x-download-options", "noopen"),
    ("x-permitted-cross-domain-policies", "none"),
];

#[tokio::test]
async fn layers_each_send_their_header() {
    let server = start("layers");
    for version in VERSIONS {
        let hello = get_by(&server, version, "/").await;
        assert_eq!((hello.status(), text(&hello)), (StatusCode::OK, "hello"));
        assert_headers(hello.headers(), &LAYERS, "/");
        let cookies = values(hello.headers(), "set-cookie");
        assert_eq!(cookies.len(), 1);
        let mut cookie: Vec<&str> = cookies[0].split("; ").collect();
        cookie.sort_unstable();
        assert_eq!(cookie, ["HttpOnly", "Path=/", "Secure", "__Host-session=1"]);
        let nothing = get_by(&server, version, "/nothing").await;
        assert_eq!(nothing.status(), StatusCode::NOT_FOUND);
        assert_headers(nothing.headers(), &LAYERS, "/nothing");
    }
}

#[tokio::test]
async fn layers_leave_the_page_that_may_be_framed_its_own_policy() {
    let server = start("layers");
    for version in VERSIONS {
        let framed = get_by(&server, version, "/embed").await;
        assert_eq!(text(&framed), "framed");
        let own = "default-src 'none'; frame-ancestors https://a.example";
        assert_headers(framed.headers(), &[("content-security-policy", own)], "/embed");
        assert_headers(framed.headers(), &LAYERS[1..], "/embed");
        assert_eq!(values(framed.headers(), "set-cookie"), [""; 0]);
    }
}
