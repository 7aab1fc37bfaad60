//! Tests the environment, which overrides the settings file.

use crate::client::{get, values};
use crate::guide::GUIDE;
use crate::pleroma::pleroma;
use crate::process::{Directory, Finished, Server, example, run};

/// Returns the output of `--check` under the environment.
fn check(variables: &[(&str, &str)]) -> Finished {
    let finished = run(example("pleroma").arg("--check").envs(variables.iter().copied()));
    assert_eq!(finished.status.code(), Some(0), "{}", finished.stderr);
    finished
}

/// Returns the last line that `--check` prints.
fn policy(variables: &[(&str, &str)]) -> String {
    check(variables).stdout.lines().last().unwrap().to_owned()
}

#[tokio::test]
async fn the_address_is_the_environment_s() {
    let server = Server::start(
        example("pleroma")
            .arg("--ephemeral")
            .env("HARDENING__HTTP__PORT", "0")
            .env("HARDENING__HTTP__IP", "127.0.0.2"),
    );
    assert_eq!(server.address.ip().to_string(), "127.0.0.2");
    assert_ne!(server.address.port(), 4000);
    assert_eq!(server.ask(get("/")).await.status(), 200);
}

#[tokio::test]
async fn the_environment_is_over_the_file_and_listen_over_both() {
    let directory = Directory::new();
    let config =
        directory.file("settings.toml", "[http]\nport = 1\n[url]\nhost = \"file.example\"");
    let mut command = pleroma();
    command.arg("--ephemeral").arg("--config").arg(config);
    let server = Server::start(
        command.env("HARDENING__URL__HOST", "social.example").env("HARDENING__HTTP__PORT", "2"),
    );
    let response = server.ask(get("/")).await;
    let policy = values(response.headers(), "content-security-policy");
    assert_eq!(policy, [GUIDE[8].1.replace("example.tld", "social.example")]);
}

#[test]
fn the_site_is_the_environment_s() {
    let guide = format!("content-security-policy: {}", GUIDE[8].1);
    assert_eq!(
        policy(&[("HARDENING__URL__HOST", "social.example")]),
        guide.replace("example.tld", "social.example"),
    );
    let port = [("HARDENING__URL__PORT", "8443")];
    assert_eq!(policy(&port), guide.replace("example.tld", "example.tld:8443"));
    let plain = check(&[("HARDENING__URL__SCHEME", "http")]).stdout;
    assert!(!plain.contains("strict-transport-security") && !plain.contains("upgrade-insecure"));
}

#[test]
fn every_kind_of_value_can_be_set() {
    let profile = check(&[("HARDENING__PROFILE", "strict")]).stdout;
    assert!(profile.contains("cross-origin-opener-policy: same-origin\n"));
    let switch = check(&[("HARDENING__HTTP_SECURITY__STS", "false")]).stdout;
    assert_eq!(switch.lines().count(), 7);
    let number = check(&[("HARDENING__HTTP_SECURITY__STS_MAX_AGE", "60")]).stdout;
    assert!(number.contains("strict-transport-security: max-age=60; includeSubDomains\n"));
    let text = check(&[("HARDENING__HTTP_SECURITY__REFERRER_POLICY", "no-referrer")]).stdout;
    assert!(text.contains("referrer-policy: no-referrer\n"));
}

#[test]
fn a_list_is_set_by_commas() {
    let proxied = |whitelist| {
        policy(&[
            ("HARDENING__PROFILE", "pleroma-2.7"),
            ("HARDENING__MEDIA_PROXY__ENABLED", "true"),
            ("HARDENING__MEDIA_PROXY__WHITELIST", whitelist),
        ])
    };
    let two = proxied("https://a.example,https://b.example");
    assert!(two.contains("; media-src 'self' https://a.example https://b.example; "), "{two}");
    assert_eq!(proxied(" https://a.example , https://b.example,"), two);
    let one = proxied("https://a.example");
    assert!(one.contains("; media-src 'self' https://a.example; "), "{one}");
}

/// Asserts that the variable is rejected with these words, and that the server does not start.
#[track_caller]
fn assert_refused(name: &str, value: &str, expected: &str) {
    let finished = run(pleroma().arg("--ephemeral").env(name, value));
    assert_eq!(finished.stderr, format!("error: environment, {expected}\n"));
    assert_eq!((finished.stdout.as_str(), finished.status.code()), ("", Some(2)));
}

#[test]
fn a_bad_variable_is_refused_by_its_name() {
    assert_refused(
        "HARDENING__HTTP__PORT",
        "abc",
        "HARDENING__HTTP__PORT: found the text 'abc'; write a number from 0 to 65535",
    );
    assert_refused(
        "HARDENING__HTTP__PORT",
        "",
        "HARDENING__HTTP__PORT: found the text ''; write a number from 0 to 65535",
    );
    assert_refused(
        "hardening__http__prot",
        "1",
        "HARDENING__HTTP__PROT: unknown key; did you mean 'port'?",
    );
    assert_refused(
        "HARDENING__PROFILE",
        "strickt",
        "HARDENING__PROFILE: unknown value 'strickt'; did you mean 'strict'?",
    );
    assert_refused(
        "HARDENING__MEDIA_PROXY__WHITELIST",
        "https://a.example, *",
        "HARDENING__MEDIA_PROXY__WHITELIST: '*' allows every host; write hosts, like 'https://cdn.example'",
    );
    assert_refused(
        "HARDENING__HTTP",
        "1",
        "HARDENING__HTTP: found the text '1'; write one variable for each key of the table",
    );
    assert_refused(
        "HARDENING__URL__HOST",
        "example tld",
        "HARDENING__URL__HOST: ' ' is not allowed in a host; write letters, digits, '-' and '.'",
    );
    assert_refused(
        "HARDENING__COOKIES__SECURE_OTHER_COOKIES_EXCEPT",
        "theme",
        "HARDENING__COOKIES__SECURE_OTHER_COOKIES_EXCEPT: does nothing without secure_other_cookies; write 'secure_other_cookies = true'",
    );
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_not_text_is_rejected_by_its_name() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt};

    let value = OsStr::from_bytes(b"\xff");
    let finished = run(pleroma().arg("--ephemeral").env("HARDENING__URL__HOST", value));
    let expected = "error: environment, HARDENING__URL__HOST: is not UTF-8; write ASCII\n";
    assert_eq!(finished.stderr, expected);
}

#[cfg(unix)]
#[test]
fn a_variable_whose_name_is_not_text_is_rejected() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt};

    let name = OsStr::from_bytes(b"HARDENING__URL__H\xffST");
    let finished = run(pleroma().arg("--ephemeral").env(name, "a.example"));
    let problem = "the name of this variable is not UTF-8; write ASCII";
    let expected = format!("error: environment, HARDENING__URL__H\u{fffd}ST: {problem}\n");
    assert_eq!(finished.stderr, expected);
}

#[test]
fn a_fault_of_the_file_keeps_its_line_under_an_environment() {
    let directory = Directory::new();
    let config = directory.file("settings.toml", "[frontend_headers]\nx-xss-protection = \"7\"");
    let mut command = pleroma();
    command.arg("--config").arg(&config).env("HARDENING__PROFILE", "strict");
    let expected = format!(
        "error: {}, line 2, frontend_headers.x-xss-protection: '7' is not a value of this header; did you mean '0'?\n",
        config.display()
    );
    assert_eq!(run(&mut command).stderr, expected);
}

#[test]
fn any_text_can_be_the_value_of_a_header() {
    for value in ["1", "0", "true", "FALSE", "1.50", "1e3", "a, b"] {
        let printed = check(&[("HARDENING__FRONTEND_HEADERS__X-A", value)]).stdout;
        assert!(printed.contains(&format!("x-a: {value}\n")), "{printed}");
    }
}

#[test]
fn a_host_of_digits_is_a_text() {
    assert!(policy(&[("HARDENING__URL__HOST", "1")]).contains("wss://0.0.0.1;"));
}

#[test]
fn the_letter_case_of_a_header_does_not_count() {
    let directory = Directory::new();
    let config = directory.file("settings.toml", "[frontend_headers]\nX-A = \"file\"");
    let mut command = example("pleroma");
    command.arg("--check").arg("--config").arg(config);
    let finished = run(command.env("HARDENING__FRONTEND_HEADERS__X-A", "variable"));
    assert!(finished.stdout.contains("x-a: variable\n"), "{finished:?}");
}

#[test]
fn an_empty_variable_empties_a_list_and_unsets_a_key() {
    let directory = Directory::new();
    let file = "profile = \"pleroma-2.7\"\n[url]\nport = 8443\n[media_proxy]\nenabled = true\nwhitelist = [\"https://a.example\"]\n[upload]\nbase_url = \"https://m.example\"\n[frontend_headers]\nx-a = \"b\"";
    let config = directory.file("settings.toml", file);
    let mut command = example("pleroma");
    command.arg("--check").arg("--config").arg(config);
    for name in ["URL__PORT", "MEDIA_PROXY__WHITELIST", "UPLOAD__BASE_URL", "FRONTEND_HEADERS__X-A"]
    {
        command.env(format!("HARDENING__{name}"), "");
    }
    let printed = run(&mut command).stdout;
    assert!(printed.contains("; media-src 'self'; "), "{printed}");
    for gone in ["8443", "a.example", "m.example", "x-a:"] {
        assert!(!printed.contains(gone), "{printed}");
    }
}
