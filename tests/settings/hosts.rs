//! Tests the keys of `[hosts]`.

use http::{Request, Response, StatusCode};
use tower::{Layer, ServiceExt, service_fn};
use tower_hardening::{
    connection::ConnectionInfoLayer,
    hosts::{AllowedHosts, HttpsRedirectLayer},
    settings::Settings,
};

use crate::any_site::{read, refused};

#[test]
fn the_allowed_hosts_are_those_of_the_list_and_of_the_sites() {
    assert_eq!(Settings::default().allowed_hosts(), None);
    let settings = read(
        "[url]\nhost = \"a.example\"\n[hosts]\nallowed = [\"*.b.example\", \"c.example:8080\"]\n\
         [[site]]\nscheme = \"http\"\nhost = \"a.onion\"",
    );
    let hosts = ["a.example", "a.onion", "*.b.example", "c.example:8080"];
    assert_eq!(settings.allowed_hosts(), Some(AllowedHosts::new(hosts).unwrap()));
    // Nobody asked for the guide's host.
    let without_site = read("profile = \"api\"\n[hosts]\nallowed = [\"b.example\"]");
    assert_eq!(without_site.allowed_hosts(), Some(AllowedHosts::new(["b.example"]).unwrap()));
}

/// Returns the status and the target of a request over http.
async fn answer(settings: &Settings, url: &str) -> (StatusCode, String) {
    let page =
        service_fn(async |_: Request<()>| Ok::<_, std::convert::Infallible>(Response::new(())));
    let redirect = HttpsRedirectLayer::new(settings.https_redirect().unwrap()).layer(page);
    let service = ConnectionInfoLayer::assume_http().layer(redirect);
    let response = service.oneshot(Request::get(url).body(()).unwrap()).await.unwrap();
    let target = response.headers().get("location").map(|target| target.to_str().unwrap());
    (response.status(), target.unwrap_or_default().to_owned())
}

#[tokio::test]
async fn the_redirect_leads_to_the_sites_on_https_and_exempts_the_others() {
    assert_eq!(Settings::default().https_redirect(), None);
    let settings = read(
        "[url]\nhost = \"a.example\"\n\
         [hosts]\nhttps_redirect = true\nredirect_exempt_paths = [\"/health\"]\n\
         [[site]]\nscheme = \"http\"\nhost = \"a.onion\"\n[[site]]\nscheme = \"https\"\nhost = \"b.example\"",
    );
    for (url, status, target) in [
        ("http://a.example/x", StatusCode::MOVED_PERMANENTLY, "https://a.example/x"),
        ("http://b.example/x", StatusCode::MOVED_PERMANENTLY, "https://b.example/x"),
        ("http://other.example/x", StatusCode::MOVED_PERMANENTLY, "https://a.example/x"),
        ("http://a.example/health", StatusCode::OK, ""),
        ("http://a.onion/x", StatusCode::OK, ""),
    ] {
        assert_eq!(answer(&settings, url).await, (status, target.to_owned()), "{url}");
    }
}

#[test]
fn a_bad_key_is_an_error_with_the_line_and_the_remedy() {
    for (text, message) in [
        (
            "[hosts]\nallowed = [\"a.example\", \"*\"]",
            "hosts.allowed[1]: '*' matches every host; write the names of the hosts",
        ),
        (
            "[hosts]\nhttps_redirect = true",
            "hosts.https_redirect: redirects need the site; write 'host = \"…\"' with its domain below [url]",
        ),
        (
            "[hosts]\nhttps_redirect = true\n[url]\nscheme = \"http\"\nhost = \"a.example\"",
            "hosts.https_redirect: 'http://a.example' is on http; write 'https://a.example'",
        ),
        (
            "[hosts]\nhttps_redirects = true",
            "hosts.https_redirects: unknown key; did you mean 'https_redirect'?",
        ),
    ] {
        assert_eq!(refused(text), format!("settings, line 2, {message}"));
    }
    let exempt = "[hosts]\nhttps_redirect = true\nredirect_exempt_paths = [\"health\"]\n[url]\nhost = \"a.example\"";
    assert_eq!(
        refused(exempt),
        "settings, line 3, hosts.redirect_exempt_paths[0]: 'health' is not a plain path; write one like '/health'"
    );
}
