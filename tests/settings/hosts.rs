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

/// Returns the messages of the lints of `hosts.allowed` and of the sites' hosts.
fn told(text: &str) -> Vec<String> {
    let ids = ["hosts-allowed-own", "hosts-allowed-covered", "hosts-of-anybody", "host-of-anybody"];
    let lints = read(text).lints();
    let told = lints.iter().filter(|lint| ids.contains(&lint.id()));
    told.map(|lint| lint.message().to_owned()).collect()
}

#[test]
fn an_allowed_host_that_adds_nothing_has_a_lint() {
    for (list, index, host, wider) in [
        ("'*.a.example', 'x.a.example'", 1, "x.a.example", "*.a.example"),
        ("'x.y.a.example:81', '*.a.example'", 0, "x.y.a.example:81", "*.a.example"),
        ("'*.b.a.example', '*.a.example'", 0, "*.b.a.example", "*.a.example"),
        ("'a.example.', 'a.example'", 1, "a.example", "a.example."),
        ("'a.example:81', 'A.example'", 0, "a.example:81", "A.example"),
        ("'*.a.example:81', 'x.a.example:81'", 1, "x.a.example:81", "*.a.example:81"),
        ("'[::1]', '[0:0::1]'", 1, "[0:0::1]", "[::1]"),
    ] {
        let lint = format!("hosts.allowed[{index}]: '{host}' adds nothing to '{wider}'; remove it");
        assert_eq!(told(&format!("hosts.allowed = [{list}]")), [lint], "{list}");
    }
    for list in [
        "'*.a.example', 'a.example'",
        "'*.a.example:81', 'x.a.example'",
        "'*.a.example', 'xa.example'",
        "'a.example:81', 'a.example:82'",
    ] {
        assert_eq!(told(&format!("hosts.allowed = [{list}]")), [""; 0], "{list}");
    }
}

#[test]
fn an_allowed_host_that_is_answered_anyway_has_a_lint() {
    let text = "hosts.allowed = ['a.example', 'b.example:81', 'm.example', 'p.example', 'c.example']\n\
                url.host = 'a.example'\nupload.base_url = 'https://m.example/x'\n\
                media_proxy = { enabled = true, base_url = 'https://p.example' }\n\
                [[site]]\nscheme = 'https'\nhost = 'b.example'";
    let told_of = [
        "hosts.allowed[0]: 'a.example' is always answered, as the host of url.host; remove it",
        "hosts.allowed[1]: 'b.example:81' is always answered, as the host of site[0].host; remove it",
        "hosts.allowed[2]: 'm.example' is always answered, as the host of upload.base_url; remove it",
        "hosts.allowed[3]: 'p.example' is always answered, as the host of media_proxy.base_url; remove it",
    ];
    assert_eq!(told(text), told_of);
    // Without this entry every host is answered.
    assert_eq!(told("url.host = 'a.example'\nhosts.allowed = ['a.example']"), [""; 0]);
}

#[tokio::test]
async fn the_hosts_of_files_are_allowed_and_are_redirected_to_themselves() {
    let settings = read(
        "url.host = 'a.example'\nupload.base_url = 'https://m.example/x'\n\
         media_proxy = { enabled = true, base_url = 'http://p.onion' }\n\
         hosts = { allowed = ['c.example'], https_redirect = true }",
    );
    let hosts = AllowedHosts::new(["a.example", "m.example", "p.onion", "c.example"]).unwrap();
    assert_eq!(settings.allowed_hosts(), Some(hosts));
    let moved = (StatusCode::MOVED_PERMANENTLY, "https://m.example/x".to_owned());
    assert_eq!(answer(&settings, "http://m.example/x").await, moved);
    assert_eq!(answer(&settings, "http://p.onion/x").await, (StatusCode::OK, String::new()));
}

#[test]
fn a_domain_below_which_anybody_gets_a_host_has_a_lint_in_a_list_and_as_a_site() {
    for domain in
        ["com", "io", "co.uk", "com.au", "duckdns.org", "github.io", "nip.io", "amazonaws.com"]
    {
        let list = told(&format!("hosts.allowed = ['x.example', '*.{domain}']"));
        let start =
            format!("hosts.allowed[1]: '*.{domain}' allows hosts that anybody can register");
        assert!(list.len() == 1 && list[0].starts_with(&start), "{list:?}");
        let site = told(&format!("url.host = '{domain}'"));
        let start = format!("url.host: '{domain}' is a domain ");
        assert!(site.len() == 1 && site[0].starts_with(&start), "{site:?}");
    }
    for own in ["a.com", "a.duckdns.org", "a.lan", "lan", "localhost", "a.onion"] {
        assert_eq!(told(&format!("hosts.allowed = ['*.{own}']")), [""; 0], "{own}");
        assert_eq!(told(&format!("url.host = '{own}'")), [""; 0], "{own}");
    }
    // A single name may be that of a machine.
    assert_eq!(told("url.host = 'server'"), [""; 0]);
}
