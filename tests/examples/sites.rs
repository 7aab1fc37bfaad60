//! Tests a hidden service next to the site, and a proxy in front of both.

use std::time::{Duration, Instant};

use http::{HeaderMap, Request, StatusCode, header};
use http_body_util::Full;
use hyper::body::Bytes;

use crate::client::{VERSIONS, ask, assert_headers, get, values};
use crate::guide::GUIDE;
use crate::pleroma::{cookie, form, with_settings};
use crate::process::{Directory, Server, example, run};

const ONION: &str = "abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrstuvwx.onion";

fn onion_next_to_the_site(more: &str) -> String {
    format!("[[site]]\nscheme = \"http\"\nhost = \"{ONION}\"\n{more}")
}

/// Returns the content policy of the hidden service.
fn onion_policy() -> String {
    let (_, guide) = GUIDE.iter().find(|(name, _)| *name == "content-security-policy").unwrap();
    let policy = guide.replace("wss://example.tld", &format!("ws://{ONION}"));
    policy.replace("; upgrade-insecure-requests", "")
}

fn at(host: &str, mut request: Request<Full<Bytes>>) -> Request<Full<Bytes>> {
    request.headers_mut().insert(header::HOST, host.parse().unwrap());
    request
}

async fn headers(server: &Server, host: &str, line: Option<(&'static str, &str)>) -> HeaderMap {
    let mut request = at(host, get("/"));
    if let Some((name, value)) = line {
        request.headers_mut().insert(name, value.parse().unwrap());
    }
    server.ask(request).await.headers().clone()
}

#[tokio::test]
async fn the_hidden_service_and_the_site_get_what_fits_them() {
    let server = with_settings(&onion_next_to_the_site(""));
    for version in VERSIONS {
        let onion = ask(server.address, version, at(ONION, get("/"))).await;
        assert_headers(onion.headers(), &[("content-security-policy", &onion_policy())], ONION);
        for name in ["strict-transport-security", "expect-ct"] {
            assert!(!onion.headers().contains_key(name));
        }
        for host in ["example.tld", "other.example", &format!("{ONION}.evil.example")] {
            let site = ask(server.address, version, at(host, get("/"))).await;
            assert_headers(site.headers(), &GUIDE, host);
        }
    }
}

#[tokio::test]
async fn an_account_of_the_hidden_service_stays_signed_in() {
    let server = with_settings(&onion_next_to_the_site(""));
    let mut register = at(ONION, form("/api/v1/accounts", "", "name=alice&password=correct+horse"));
    let origin = format!("http://{ONION}");
    register.headers_mut().insert(header::ORIGIN, origin.parse().unwrap());
    let response = server.ask(register).await;
    assert_eq!(response.status(), StatusCode::CREATED);
    let cookie = cookie(&response);
    assert!(cookie.starts_with("__Host-pleroma_key="), "{cookie}");
    let mut post = at(ONION, form("/api/v1/statuses", &cookie, "status=hello"));
    post.headers_mut().insert(header::ORIGIN, origin.parse().unwrap());
    assert_eq!(server.ask(post).await.status(), StatusCode::CREATED);
    // Even where a proxy rewrites `Host`: the origin is one of the sites'.
    let mut post = form("/api/v1/statuses", &cookie, "status=hello");
    post.headers_mut().insert(header::ORIGIN, origin.parse().unwrap());
    assert_eq!(server.ask(post).await.status(), StatusCode::CREATED);
    let mut post = form("/api/v1/statuses", &cookie, "status=hello");
    post.headers_mut().insert(header::ORIGIN, "http://evil.onion".parse().unwrap());
    assert_eq!(server.ask(post).await.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn adv_052_the_word_of_a_proxy_counts_where_it_is_trusted() {
    let trusting = with_settings("[proxy]\ntrusted = [\"127.0.0.0/8\"]");
    let others = with_settings("[proxy]\ntrusted = [\"192.0.2.1\"]");
    let nobody = with_settings("");
    let proto = |value| Some(("x-forwarded-proto", value));
    for (line, over_http) in [
        (None, false),
        (proto("https"), false),
        (proto("http"), true),
        (proto("https, http"), false),
        (proto("http, https"), false),
        (proto("gopher"), false),
        (Some(("forwarded", "proto=http")), false),
    ] {
        for (server, over_http) in [(&trusting, over_http), (&others, false), (&nobody, false)] {
            let sent = headers(server, "example.tld", line).await;
            let [policy] = values(&sent, "content-security-policy")[..] else { panic!("{sent:?}") };
            assert_eq!(policy.contains("upgrade-insecure-requests"), !over_http, "{line:?}");
            let sts = sent.contains_key("strict-transport-security");
            assert_eq!((sts, sent.contains_key("expect-ct")), (!over_http, !over_http), "{line:?}");
        }
    }
}

#[test]
fn a_check_prints_what_each_site_sends() {
    let directory = Directory::new();
    let config = directory.file("settings.toml", &onion_next_to_the_site(""));
    let finished = run(example("pleroma").arg("--check").arg("--config").arg(config));
    let (site, onion) = finished.stdout.split_once("\n\n").unwrap();
    assert_eq!(site.lines().count(), GUIDE.len());
    let mut onion = onion.lines();
    assert_eq!(onion.next(), Some(&*format!("# http://{ONION}")));
    assert!(
        onion.clone().any(|line| line == format!("content-security-policy: {}", onion_policy()))
    );
    assert_eq!(onion.count(), GUIDE.len() - 2);
}

/// The work of a check grows with the number of sites, not with its square.
#[test]
fn a_check_of_four_hundred_sites_takes_seconds() {
    let site = |number| format!("[[site]]\nscheme = \"https\"\nhost = \"site{number}.example\"\n");
    let directory = Directory::new();
    let settings: String = (0..400).map(site).collect();
    let config = directory.file("settings.toml", &settings);
    let start = Instant::now();
    let finished = run(example("pleroma").arg("--check").arg("--config").arg(config));
    assert_eq!(finished.stdout.matches("\n# https://site").count(), 400, "{}", finished.stderr);
    assert!(start.elapsed() < Duration::from_secs(15), "{:?}", start.elapsed());
}
