//! Tests the log: the access log, and the filter.

use std::{process::Command, time::Duration};

use crate::client::{VERSIONS, ask, get};
use crate::pleroma::{cookie, form, pleroma};
use crate::process::{Server, run};

async fn said(command: &mut Command) -> String {
    let server = Server::start(command.arg("--ephemeral"));
    server.ask(get("/nothing?secret=1")).await;
    server.stop(Duration::from_secs(10)).stderr
}

#[tokio::test]
async fn rust_log_and_log_enable_an_access_log() {
    let line = "INFO access: client=127.0.0.1 method=GET path=\"/nothing\" status=404 time=";
    for (variable, option, is_logged) in [
        (None, None, false),
        (Some("info"), None, true),
        (Some("access=info"), None, true),
        (Some("access=off,info"), None, false),
        (None, Some("info"), true),
        (Some("off"), Some("warn,access=info"), true),
        (Some("info"), Some("warn"), false),
    ] {
        let mut command = pleroma();
        command.env_remove("RUST_LOG").env("NO_COLOR", "1");
        if let Some(variable) = variable {
            command.env("RUST_LOG", variable);
        }
        if let Some(option) = option {
            command.args(["--log", option]);
        }
        let said = said(&mut command).await;
        assert_eq!(said.contains(line), is_logged, "{variable:?} {option:?}: {said}");
        assert!(!said.contains("secret"), "{said}");
    }
}

/// At the most verbose level, of every crate, and over both protocols.
#[tokio::test]
async fn no_secret_is_in_any_line_of_the_log() {
    let server = Server::start(pleroma().args(["--ephemeral", "--log", "trace"]));
    let mut secrets = vec!["correct+horse".to_owned(), "correct horse".into(), "s3cr3t".into()];
    for version in VERSIONS {
        let name = if version == VERSIONS[0] { "alice" } else { "bob" };
        let body = format!("name={name}&password=correct+horse");
        let made = ask(server.address, version, form("/api/v1/accounts", "", &body)).await;
        let cookie = cookie(&made);
        for request in [
            form("/api/v1/statuses?q=s3cr3t", &cookie, "status=hello"),
            form("/api/v1/sign_in", "", &body),
            form("/api/v1/sign_in", "", &format!("name={name}&password=s3cr3t+guess")),
            form("/api/v1/sign_in", &format!("{cookie}; {cookie}"), "broken=s3cr3t"),
        ] {
            ask(server.address, version, request).await;
        }
        let (_, value) = cookie.split_once('=').unwrap();
        secrets.push(value.to_owned());
        // The signature comes first, and then the session's id.
        secrets.push(value[value.len() - 32..].to_owned());
    }
    let said = server.stop(Duration::from_secs(10)).stderr;
    assert!(said.contains("TRACE"), "{said}");
    for secret in secrets {
        let line = said.lines().find(|line| line.contains(&secret));
        assert_eq!(line, None, "{secret}");
    }
}

#[test]
fn an_invalid_filter_is_an_error() {
    let finished = run(pleroma().arg("--ephemeral").env("RUST_LOG", "wran"));
    let expected = "error: RUST_LOG: 'wran' is not a level; write one of off, error, warn, info, debug, trace, or a target \
                    with one: 'access=info'\n";
    assert_eq!((finished.stderr.as_str(), finished.stdout.as_str()), (expected, ""));
    assert_eq!(finished.status.code(), Some(2));
    let finished = run(pleroma().args(["--ephemeral", "--log", "access=verbose"]));
    assert!(finished.stderr.contains("'verbose' is not a level"), "{}", finished.stderr);
    assert_eq!(finished.status.code(), Some(2));
}

/// Nothing would be logged, in silence.
#[test]
fn a_misspelt_target_of_the_log_is_an_error_with_the_target_that_was_meant() {
    for (target, meant) in [
        ("acces", "access"),
        ("acccess", "access"),
        ("axcess", "access"),
        ("tower_hardning", "tower_hardening"),
        ("tower-hardening", "tower_hardening"),
        ("pleromas", "pleroma"),
    ] {
        let filter = format!("warn,{target}=info");
        let finished = run(pleroma().args(["--ephemeral", "--check", "--log", &filter]));
        let expected = format!("nothing is logged as '{target}'; did you mean '{meant}'?");
        assert!(finished.stderr.contains(&expected), "{}", finished.stderr);
        assert_eq!(finished.status.code(), Some(2));
    }
    for filter in ["access=info", "pleroma::media=debug", "hyper=trace,h2=off", "axum=info"] {
        let finished = run(pleroma().args(["--ephemeral", "--check", "--log", filter]));
        assert_eq!(finished.status.code(), Some(0), "{}", finished.stderr);
    }
}
