//! The environment, laid over the settings file.

use crate::client::{get, values};
use crate::guide::GUIDE;
use crate::pleroma::pleroma;
use crate::process::{Directory, Finished, Server, example, run};

/// What `--check` prints under the environment.
fn check(variables: &[(&str, &str)]) -> Finished {
    let finished = run(example("pleroma").arg("--check").envs(variables.iter().copied()));
    assert_eq!(finished.status.code(), Some(0), "{}", finished.stderr);
    finished
}

/// The last line that `--check` prints.
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
    let one = proxied("https://a.example");
    assert!(one.contains("; media-src 'self' https://a.example; "), "{one}");
}

/// That the variable is refused with these words, and nothing is served.
#[track_caller]
fn assert_refused(name: &str, value: &str, expected: &str) {
    let finished = run(pleroma().arg("--ephemeral").env(name, value));
    assert_eq!(finished.stderr, format!("error: environment, {expected}\n"));
    assert_eq!((finished.stdout.as_str(), finished.status.code()), ("", Some(2)));
}

#[test]
fn a_bad_variable_is_refused_with_its_key() {
    assert_refused(
        "HARDENING__HTTP__PORT",
        "abc",
        "http.port: found string \"abc\"; write a number from 0 to 65535",
    );
    assert_refused(
        "HARDENING__HTTP__PROT",
        "1",
        "http.prot: there is no such key; did you mean 'port'?",
    );
    assert_refused(
        "HARDENING__PROFILE",
        "strickt",
        "profile: there is no 'strickt'; did you mean 'strict'?",
    );
}

#[test]
fn a_number_can_be_the_value_of_a_header() {
    assert!(check(&[("HARDENING__FRONTEND_HEADERS__DNT", "1")]).stdout.contains("dnt: 1\n"));
}

#[test]
fn an_empty_variable_is_an_empty_list() {
    let off = check(&[("HARDENING__MEDIA_PROXY__WHITELIST", "")]);
    assert_eq!(off.status.code(), Some(0), "{off:?}");
}
