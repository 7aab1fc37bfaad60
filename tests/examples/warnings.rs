//! Tests the warnings at the start.

use std::time::Duration;

use crate::client::{assert_headers, get, values};
use crate::guide::GUIDE;
use crate::pleroma::{ephemeral, with_settings};
use crate::process::{Finished, Server, example};

fn stop(server: Server) -> Finished {
    server.stop(Duration::from_secs(10))
}

/// Returns the lines of the boxes on standard error.
fn shouted(finished: &Finished) -> Vec<&str> {
    let lines = finished.stderr.lines();
    lines.filter_map(|line| Some(line.strip_prefix("==  ")?.strip_suffix("  ==")?.trim())).collect()
}

#[tokio::test]
async fn the_start_says_what_is_on_and_warns_of_nothing() {
    let server = ephemeral();
    let address = server.address;
    server.ask(get("/")).await;
    let finished = stop(server);
    let mut lines = finished.stdout.lines();
    assert_eq!(lines.next(), Some(&*format!("open http://{address}")));
    let expected = [
        ("site", "https://example.tld, with 9 headers and the cookie __Host-pleroma_key"),
        ("data", "in memory"),
        ("uploads", "/media on the site's own host, up to 16 MiB"),
    ];
    for (name, value) in expected {
        assert_eq!(lines.next(), Some(&*format!("  {name:<8}  {value}")));
    }
    let sandbox = lines.next().unwrap();
    let (on, of) = sandbox.split_once(" of the guide's 6 settings are in force; ").unwrap();
    assert!(on.strip_prefix("  sandbox   ").unwrap().parse::<u8>().unwrap() <= 6, "{sandbox}");
    assert_eq!((of, lines.next()), ("--check lists them", None));
    assert_eq!(shouted(&finished), [""; 0]);
}

#[test]
fn the_start_says_what_strict_asks_of_pages() {
    let said = stop(with_settings("profile = \"strict\"")).stdout;
    let asked: Vec<&str> = said.lines().filter_map(|line| line.strip_prefix("asks: ")).collect();
    let site = "https://example.tld".parse().unwrap();
    let required = tower_hardening::Hardening::strict(&site).requirements();
    let required: Vec<String> = required.iter().map(ToString::to_string).collect();
    assert_eq!(asked, required);
}

#[test]
fn the_start_says_that_safari_keeps_no_secure_cookie_over_http_and_the_ways_out() {
    for (settings, told) in [
        ("", true),
        ("secure_cookie_flag = false", false),
        ("[cookies]\nplain_on_localhost = true", false),
    ] {
        let said = stop(with_settings(settings)).stderr;
        let line = said.lines().find(|line| line.contains("Safari"));
        assert_eq!(line.is_some(), told, "{settings}: {said}");
        for way in line.map_or(&[][..], |_| &["--tls-cert", "'plain_on_localhost = true'"]) {
            assert!(line.unwrap().contains(way), "{said}");
        }
    }
}

#[test]
fn uploads_on_the_site_s_own_host_are_warned_of() {
    let unset = "warning: uploads are on the site's own host: 'upload.base_url' is not set; set it to a URL on another domain\n";
    let shared = "warning[media-shares-host]: upload.base_url: 'example.tld' is the site's own host, where an unfiltered file becomes a page of the site; use another domain\n";
    for (settings, expected) in [
        ("", Some(unset)),
        ("[upload]\nbase_url = \"https://example.tld:8443/files\"", Some(shared)),
        ("[upload]\nbase_url = \"https://media.example/files\"", None),
    ] {
        let said = stop(with_settings(settings)).stderr;
        for warning in [unset, shared] {
            assert_eq!(said.contains(warning), expected == Some(warning), "{settings}: {said}");
        }
    }
}

#[tokio::test]
async fn an_address_that_others_reach_is_warned_of() {
    let mut server =
        Server::start(example("pleroma").args(["--ephemeral", "--listen", "0.0.0.0:0"]));
    let port = server.address.port();
    server.address.set_ip([127, 0, 0, 1].into());
    assert_headers(server.ask(get("/")).await.headers(), &GUIDE, "/");
    let finished = stop(server);
    let expected = [
        "REACHABLE FROM OUTSIDE THIS MACHINE",
        &format!("This listens on http://0.0.0.0:{port}, not on loopback."),
        "The guide wants 127.0.0.1, with a TLS proxy in front.",
    ];
    assert_eq!(shouted(&finished), expected);
}

#[tokio::test]
async fn headers_that_are_off_are_warned_of_and_not_sent() {
    let server = with_settings("[http_security]\nenabled = false");
    for path in ["/", "/nothing", "/static/icon.svg"] {
        let response = server.ask(get(path)).await;
        for (name, _) in GUIDE {
            assert_eq!(values(response.headers(), name), [""; 0], "{path}: {name}");
        }
    }
    assert!(server.register("alice").await.starts_with("__Host-pleroma_key="));
    let finished = stop(server);
    let expected = [
        "NO SECURITY HEADERS",
        "http_security is off: responses are sent without the policies.",
        "Remove `enabled = false` below [http_security] to turn it on.",
    ];
    assert_eq!(shouted(&finished), expected);
    assert!(finished.stderr.starts_with("warning[http-security-off]: "), "{}", finished.stderr);
    assert!(
        finished.stdout.contains(", with 0 headers and the cookie __Host-"),
        "{}",
        finished.stdout
    );
}

#[test]
fn the_start_names_the_session_cookie_as_it_is_sent() {
    for (settings, name, warned) in [
        ("", "__Host-pleroma_key", false),
        ("[cookies]\nprefix = \"__Secure-\"", "__Secure-pleroma_key", false),
        ("[cookies]\nnames = [\"pleroma_*\"]", "__Host-pleroma_key", false),
        ("[cookies]\nnames = [\"other\"]", "pleroma_key", true),
        ("[cookies]\nnames = []", "pleroma_key", true),
        ("secure_cookie_flag = false", "pleroma_key", false),
    ] {
        let said = stop(with_settings(settings));
        let end = format!(" and the cookie {name}\n");
        assert!(said.stdout.contains(&end), "{settings}: {}", said.stdout);
        assert_eq!(said.stdout.matches("cookie").count(), 1, "{settings}");
        let warning = "warning: the session cookie is not guarded: 'cookies.names' has no 'pleroma_key'; add it\n";
        assert_eq!(said.stderr.contains(warning), warned, "{settings}: {}", said.stderr);
    }
}

/// The cause of the plain name is another setting there, which has its own warning.
#[test]
fn a_cookie_that_is_plain_on_localhost_is_not_said_to_have_no_name() {
    let localhost = "[url]\nscheme = \"http\"\nhost = \"localhost\"\n[cookies]\n";
    for (cookies, is_warned_of) in [
        ("plain_on_localhost = true", false),
        ("plain_on_localhost = true\nnames = [\"pleroma_*\"]", false),
        ("plain_on_localhost = true\nnames = [\"other\"]", true),
    ] {
        let said = stop(with_settings(&format!("{localhost}{cookies}")));
        assert!(said.stdout.contains(" and the cookie pleroma_key\n"), "{}", said.stdout);
        let is_told = said.stderr.contains("'cookies.names' has no 'pleroma_key'");
        assert_eq!(is_told, is_warned_of, "{cookies}: {}", said.stderr);
        assert!(said.stderr.contains("[cookies-plain-on-localhost]"), "{}", said.stderr);
    }
}
