//! Tests the example that grades sites.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener},
    process::Command,
    thread,
};

use serde_json::Value;

use crate::process::{Directory, Finished, Server, example, run};
use crate::tls::pem;

#[path = "../../examples/audit/reference.rs"]
mod reference;

/// Serves this text on every connection.
fn serve(response: &'static str) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = [0; 4096];
            let _ = stream.read(&mut request);
            if response.is_empty() {
                thread::park();
            }
            let _ = stream.write_all(response.as_bytes());
        }
    });
    address
}

fn audit(arguments: &[&str]) -> Finished {
    run(&mut command(arguments))
}

fn command(arguments: &[&str]) -> Command {
    let mut command = example("audit");
    command.args(arguments);
    command
}

const BARE: &str = "HTTP/1.1 200 OK\r\nServer: old/1.0\r\nContent-Length: 0\r\n\r\n";

#[test]
fn a_bare_page_is_a_table_without_colours_in_a_pipe() {
    let url = format!("http://{}/", serve(BARE));
    let finished = audit(&[&url]);
    assert_eq!(finished.status.code(), Some(0), "{finished:?}");
    assert!(
        finished.stdout.starts_with(&format!("F  {url}  score 10, status 200\n")),
        "{finished:?}"
    );
    for text in ["[redirection-missing]", "[describes-server]", "in Rust: .with(", "-25"] {
        assert!(finished.stdout.contains(text), "{text}: {}", finished.stdout);
    }
    assert!(!finished.stdout.contains('\u{1b}'));
}

#[test]
fn a_head_that_browsers_read_is_read() {
    let many: String = (0..200).map(|number| format!("x-{number}: 1\r\n")).collect();
    for lines in ["x-frame-options : DENY\r\n", "x-a: 1,\r\n  2\r\n", "nameless\r\n", &many] {
        let text = format!("HTTP/1.1 200 OK\r\n{lines}Content-Length: 0\r\n\r\n");
        let finished = audit(&[&format!("http://{}/", serve(text.leak()))]);
        assert_eq!(finished.status.code(), Some(0), "{finished:?}");
        let is_framed = !finished.stdout.contains("[x-frame-options-not-implemented]");
        assert_eq!(is_framed, lines.starts_with("x-frame-options"), "{finished:?}");
    }
}

#[test]
fn json_has_the_documented_keys() {
    let url = format!("http://{}/", serve(BARE));
    let finished = audit(&["--json", &url, &url]);
    assert_eq!(finished.stdout.lines().count(), 2, "{finished:?}");
    let report: Value = serde_json::from_str(finished.stdout.lines().next().unwrap()).unwrap();
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&report), ["findings", "grade", "score", "status", "url"]);
    assert_eq!((&report["grade"], &report["status"]), (&"F".into(), &200.into()));
    let expected = ["api", "directive", "header", "id", "offset", "settings", "severity", "why"];
    assert_eq!(keys(&report["findings"][0]), expected);
}

#[test]
fn the_exit_status_tells_a_worse_grade() {
    let url = format!("http://{}/", serve(BARE));
    for (grade, status) in [("F", 0), ("D-", 1), ("A+", 1), ("E", 2)] {
        let finished = audit(&["--min-grade", grade, &url]);
        assert_eq!(finished.status.code(), Some(status), "{grade}: {finished:?}");
    }
}

#[test]
fn an_address_that_cannot_be_audited_is_an_error_in_words() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let waiting = serve("");
    let (silent, text, bare) = (serve(""), serve("hello\r\n\r\n"), serve(BARE));
    for (url, expected) in [
        (format!("http://{closed}/"), "the connection was refused; check that the server runs"),
        (format!("http://{silent}/"), "no response within 1 s; try --timeout 3"),
        (format!("http://{text}/"), "the head of the response cannot be read: "),
        (format!("https://{bare}/"), "there is no TLS: "),
        ("https://name.invalid/".to_owned(), "the name 'name.invalid' has no address: "),
        ("ftp://a.example".to_owned(), "its scheme is not http or https; write https://"),
        ("http://".to_owned(), "is not an address: "),
        ("http://127.0.0.1:99999/".to_owned(), "its port is not a number up to 65535; write"),
        ("http://a@[::1]:65536/".to_owned(), "its port is not a number up to 65535; write"),
        ("münchen.de".to_owned(), "a name outside ASCII is written as browsers send it"),
        ("https://münchen.de/".to_owned(), "a name outside ASCII is written as browsers send it"),
        (format!("{closed}/x?u=http://y"), "/x?u=http://y: the connection was refused"),
        (format!("https://{waiting}/"), "try --timeout 3, or http:// if the port has no TLS"),
    ] {
        let finished = audit(&["--timeout", "1", &url]);
        assert_eq!(finished.status.code(), Some(2), "{url}: {finished:?}");
        assert!(
            finished.stderr.starts_with("audit: ") && finished.stderr.contains(expected),
            "{finished:?}"
        );
        assert_eq!(finished.stdout, "");
    }
}

#[test]
fn a_redirect_is_followed_and_judged() {
    let bare = serve(BARE);
    let text =
        format!("HTTP/1.1 301 x\r\nLocation: http://{bare}/next\r\nContent-Length: 0\r\n\r\n");
    let url = format!("http://{}/", serve(text.leak()));
    let finished = audit(&[&url]);
    assert!(finished.stdout.contains(&format!("http://{bare}/next")), "{finished:?}");
    assert!(finished.stdout.contains("[redirection-not-to-https]"), "{finished:?}");
}

#[test]
fn the_address_of_a_redirect_is_resolved_as_in_browsers() {
    let base = http::Uri::from_static("https://a.example:8443/b/c/d?q");
    for (location, expected) in [
        ("?x=1", "https://a.example:8443/b/c/d?x=1"),
        ("", "https://a.example:8443/b/c/d?q"),
        ("#end", "https://a.example:8443/b/c/d?q"),
        ("../bare", "https://a.example:8443/b/bare"),
        ("./", "https://a.example:8443/b/c/"),
        ("../../../g", "https://a.example:8443/g"),
        ("/x/../y/.", "https://a.example:8443/y/"),
        ("/x/%2E%2e/y", "https://a.example:8443/y"),
        ("g?u=http://h/..", "https://a.example:8443/b/c/g?u=http://h/.."),
        ("g:h/x", ""),
        ("//h.example/x", "https://h.example/x"),
        ("HTTP://h.example", "http://h.example/"),
        ("http://h.example?x", "http://h.example/?x"),
        (" /ü und ä ", "https://a.example:8443/%C3%BC%20und%20%C3%A4"),
        ("ftp://x.example/", ""),
        ("mailto:a@x.example", ""),
        ("http://", ""),
    ] {
        let found = reference::resolve(&base, location.as_bytes());
        assert_eq!(
            found.map(|found| found.to_string()).unwrap_or_default(),
            expected,
            "{location}"
        );
    }
}

#[test]
fn a_site_over_https_is_graded_and_its_certificate_checked() {
    let Some(pem) = pem() else { return };
    let server = Server::start(&mut pem.command());
    let url = format!("https://localhost:{}/", server.address.port());
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
    // The example sends no Strict-Transport-Security to localhost, which costs 20 points.
    let arguments = ["--min-grade", "B+", "--http-port", &closed, &url];
    let trusted = run(command(&arguments).env("SSL_CERT_FILE", pem.certificate()));
    assert_eq!(trusted.status.code(), Some(0), "{trusted:?}");
    assert!(trusted.stdout.starts_with("B+  https://localhost:"), "{trusted:?}");

    let other = crate::tls::pem().unwrap();
    let finished = run(command(&arguments).env("SSL_CERT_FILE", other.certificate()));
    assert_eq!(finished.status.code(), Some(2), "{finished:?}");
    let words = "browsers reject the certificate: no trusted authority issued it; send ";
    assert!(finished.stderr.contains(words), "{finished:?}");

    let url = format!("https://127.0.0.1:{}/", server.address.port());
    let finished = run(command(&[&url]).env("SSL_CERT_FILE", pem.certificate()));
    let words = "it is not for the name '127.0.0.1'; get one";
    assert!(finished.stderr.contains(words), "{finished:?}");
}

#[test]
fn headers_that_browsers_ignore_over_http_are_not_expected() {
    let directory = Directory::new();
    let file = directory.path().join("hardening.toml");
    let line = "headers.strict-transport-security = \"max-age=31536000\"";
    std::fs::write(&file, format!("profile = \"empty\"\n{line}\n")).unwrap();
    let url = format!("http://{}/", serve("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
    let finished = run(command(&["--json", &url, "--expect"]).arg(&file));
    assert_eq!(finished.status.code(), Some(0), "{finished:?}");
    let report: Value = serde_json::from_str(&finished.stdout).unwrap();
    assert_eq!(report["differences"], serde_json::json!([]));
}

#[test]
fn expected_headers_are_compared_with_those_of_a_settings_file() {
    let directory = Directory::new();
    let file = directory.path().join("hardening.toml");
    let Some(pem) = pem() else { return };
    let server = Server::start(&mut pem.command());
    let url = format!("https://localhost:{}/", server.address.port());
    for (text, status, difference) in [
        // The example sends no Strict-Transport-Security to localhost.
        ("http_security.sts = false", 0, ""),
        (
            "",
            1,
            "differs  strict-transport-security: configured 'max-age=31536000; includeSubDomains', and not received",
        ),
        ("headers.referrer-policy = \"nowhere\"", 2, "hardening.toml: "),
        (
            "headers.x-frame-options = \"SAMEORIGIN\"",
            1,
            "differs  x-frame-options: configured 'SAMEORIGIN', received 'DENY'",
        ),
    ] {
        std::fs::write(&file, text).unwrap();
        let mut command = command(&["--http-port", "1", &url, "--expect"]);
        let finished = run(command.arg(&file).env("SSL_CERT_FILE", pem.certificate()));
        let output = format!("{}{}", finished.stdout, finished.stderr);
        assert_eq!(finished.status.code(), Some(status), "{text}: {finished:?}");
        assert!(output.contains(difference), "{text}: {output}");
    }
}
