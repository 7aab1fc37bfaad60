//! Tests several hosts, and the proxies in front of them.

use http::Request;
use tower_hardening::{
    Hardening, Origin,
    connection::{Scheme, Transport},
    settings::Settings,
};

use crate::headers;

const ONION: &str = "abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrstuvwx.onion";

fn settings(text: &str) -> Settings {
    Settings::from_toml(text).unwrap()
}

#[test]
fn a_hidden_service_next_to_the_site_has_its_own_policies() {
    let settings = settings(&format!(
        "[url]\nhost = \"social.example\"\n[[site]]\nscheme = \"http\"\nhost = \"{ONION}\"\n\
         [[site]]\nscheme = \"https\"\nhost = \"Other.example\"\nport = 8443\nsecure_cookie_flag = false"
    ));
    let sites = settings.virtual_hosts();
    assert_eq!(sites.default_host(), &settings.hardening());
    let (origins, policies): (Vec<&Origin>, Vec<&Hardening>) = sites.hosts().unzip();
    assert_eq!(origins[0].to_string(), format!("http://{ONION}"));
    assert_eq!(origins[1].to_string(), "https://other.example:8443");

    let onion = headers(policies[0]);
    assert!(!onion.contains_key("strict-transport-security") && !onion.contains_key("expect-ct"));
    let policy = &onion["content-security-policy"];
    assert!(policy.contains(&format!("connect-src 'self' ws://{ONION};")), "{policy}");
    assert!(!policy.contains("upgrade-insecure-requests") && !policy.contains("wss:"), "{policy}");
    assert!(policies[0].host_cookies().unwrap().prefixed_names().eq(["__Host-pleroma_key"]));

    let other = headers(policies[1]);
    assert!(other.contains_key("strict-transport-security"));
    assert!(other["content-security-policy"].contains("wss://other.example:8443;"));
    assert_eq!(policies[1].host_cookies(), None);
    let main = headers(sites.default_host());
    assert!(main["content-security-policy"].contains("wss://social.example;"));

    // A header that a hidden service cannot have causes no warning, for an additional site either.
    let ids = |settings: &Settings| -> Vec<&str> {
        settings.lints().iter().map(|lint| lint.id()).collect()
    };
    // The other site's plain cookie does.
    assert_eq!(
        ids(&settings),
        [&["secure-cookie-flag-off"], &ids(&Settings::default())[..]].concat()
    );
    let alone = format!("[url]\nscheme = \"http\"\nhost = \"{ONION}\"");
    let alone = Settings::from_toml(&alone).unwrap();
    assert!(ids(&alone).iter().all(|id| !id.starts_with("sts-") && !id.starts_with("host-cookie")));
}

#[test]
fn every_profile_and_the_headers_of_the_frontend_are_for_every_site() {
    for profile in ["guide", "pleroma-2.7", "strict"] {
        let settings = settings(&format!(
            "profile = \"{profile}\"\n[frontend_headers]\nx-a = \"b\"\n\
             [[site]]\nscheme = \"http\"\nhost = \"{ONION}\"\n"
        ));
        let sites = settings.virtual_hosts();
        let onion = headers(sites.for_host(&ONION.parse().unwrap()));
        assert_eq!(onion["x-a"], "b");
        assert!(onion["content-security-policy"].contains(&format!("ws://{ONION}")), "{profile}");
        assert!(!onion.contains_key("strict-transport-security"), "{profile}");
    }
    let off = "[http_security]\nenabled = false\n[[site]]\nscheme = \"http\"\nhost = \"a.onion\"";
    assert!(headers(settings(off).virtual_hosts().hosts().next().unwrap().1).is_empty());
}

#[test]
fn an_invalid_site_is_an_error_that_names_its_place() {
    for (text, message) in [
        (
            "[[site]]\nscheme = \"http\"\nhost = \"a b\"",
            "settings, line 3, site[0].host: ' ' is not allowed in a host; write letters, digits, '-' and '.'",
        ),
        (
            "[[site]]\nscheme = \"http\"\nhost = \"a.onion\"\n[[site]]\nscheme = \"http\"\nhost = \"A.onion\"",
            "settings, line 6, site[1].host: duplicate host 'http://a.onion'; remove one",
        ),
        (
            "[[site]]\nscheme = \"http\"\nhost = \"example.tld\"",
            "settings, line 3, site[0].host: duplicate host 'https://example.tld'; remove one",
        ),
        (
            "\n[[site]]\nhost = \"a.onion\"",
            "settings, line 2, site[0]: the key 'scheme' is missing; write 'scheme = …'",
        ),
        (
            "[[site]]\nscheme = \"http\"",
            "settings, line 1, site[0]: the key 'host' is missing; write 'host = …'",
        ),
        (
            "[[site]]\nscheme = \"http\"\nhots = \"a.onion\"",
            "settings, line 3, site[0].hots: unknown key; did you mean 'host'?",
        ),
        (
            "[[site]]\nscheme = \"ftp\"\nhost = \"a.onion\"",
            "settings, line 2, site[0].scheme: unknown value 'ftp'; did you mean 'http'?",
        ),
        (
            "[site]\nhost = \"a.onion\"",
            "settings, line 1, site: found a table; write '[[site]]', and its keys below it",
        ),
        (
            "site = [\"a.onion\"]",
            "settings, line 1, site[0]: found the text 'a.onion'; write '[[site]]', and its keys below it",
        ),
        (
            "[proxy]\ntrusted = [\"127.0.0.1\", \"10.0.0.0/33\"]",
            "settings, line 2, proxy.trusted[1]: '10.0.0.0/33' is not a network; write one like '10.0.0.0/8' or '192.0.2.1'",
        ),
        (
            "[proxy]\ntrusted = [\"0.0.0.0/1\", \"unix\", \"128.0.0.0/1\"]",
            "settings, line 2, proxy.trusted: the networks together trust every address of IPv4; write the network of the proxies, like '10.0.0.0/8'",
        ),
        (
            "[proxy]\ntrusted = [\"0.0.0.0/0\"]",
            "settings, line 2, proxy.trusted[0]: '0.0.0.0/0' trusts every address; write the network of the proxies, like '10.0.0.0/8'",
        ),
        (
            "[proxy]\nheader = \"x-forwarded-proto\"",
            "settings, line 2, proxy.header: unknown value 'x-forwarded-proto'; write one of 'x-forwarded', 'forwarded'",
        ),
    ] {
        assert_eq!(Settings::from_toml(text).unwrap_err().to_string(), message);
    }
}

#[test]
fn weak_sites_are_warned_about() {
    let text = "[upload]\nbase_url = \"https://a.example/media\"\n\
                [[site]]\nscheme = \"http\"\nhost = \"a.example\"";
    let lints = settings(text).lints();
    let message = |id| lints.iter().find(|lint| lint.id() == id).unwrap().message();
    assert_eq!(
        message("host-cookie-without-https"),
        "site[0].scheme: browsers refuse the session cookie, since the site is on http; write 'https'"
    );
    assert_eq!(
        message("media-shares-host"),
        "upload.base_url: 'a.example' is the site's own host, where an unfiltered file becomes a page of the site; use another domain"
    );
    let off = format!("{text}\nsecure_cookie_flag = false");
    let lints = settings(&off).lints();
    assert!(lints.iter().all(|lint| lint.id() != "host-cookie-without-https"));
}

#[test]
fn headers_without_a_proxy_that_is_trusted_are_warned_about() {
    let lints = |text: &str| settings(text).lints();
    let unheeded =
        |text: &str| lints(text).into_iter().find(|lint| lint.id() == "proxy-not-trusted");
    assert_eq!(
        unheeded("[proxy]\nheader = \"forwarded\"").unwrap().message(),
        "proxy.header: no forwarding header is read, since no proxy is trusted; add 'trusted = …'"
    );
    assert_eq!(unheeded("[proxy]\nheader = \"forwarded\"\ntrusted = [\"unix\"]"), None);
    assert_eq!(unheeded("[proxy]\ntrusted = []"), None);
}

#[test]
fn adv_052_no_proxy_is_trusted_by_default() {
    let scheme = |settings: &Settings, peer: &str, line: (&str, &str)| {
        let request = Request::builder().header(line.0, line.1).body(()).unwrap();
        let connection = match peer {
            "unix" => Transport::from_unix_socket(),
            peer => Transport::from_peer(peer.parse().unwrap()),
        };
        settings.connection_source().unwrap().examine(&request, connection).scheme()
    };
    let x = ("x-forwarded-proto", "https");
    let forwarded = ("forwarded", "for=192.0.2.7;proto=https");
    assert_eq!(Settings::default().connection_source(), None);

    let loopback = settings("[proxy]\ntrusted = [\"127.0.0.0/8\", \"::1\"]");
    assert_eq!(scheme(&loopback, "127.0.0.9:1", x), Scheme::Https);
    assert_eq!(scheme(&loopback, "[::1]:1", x), Scheme::Https);
    for (peer, line) in [("192.0.2.7:1", x), ("unix", x), ("127.0.0.1:1", forwarded)] {
        assert_eq!(scheme(&loopback, peer, line), Scheme::Unknown);
    }
    let socket = settings("[proxy]\ntrusted = [\"unix\"]\nheader = \"forwarded\"");
    assert_eq!(scheme(&socket, "unix", forwarded), Scheme::Https);
    assert_eq!(scheme(&socket, "127.0.0.1:1", forwarded), Scheme::Unknown);
}
