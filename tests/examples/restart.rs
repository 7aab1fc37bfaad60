//! Tests the data that are kept when the process ends.

use std::{fs, path::Path, process::Command, time::Duration};

use http::StatusCode;

use crate::client::get;
use crate::pleroma::{ephemeral, pleroma};
use crate::process::{Directory, Server, example};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

fn with_data(directory: &Path) -> Command {
    let mut command = pleroma();
    command.arg("--data").arg(directory);
    command
}

fn stop(server: Server) {
    let finished = server.stop(Duration::from_secs(10));
    assert_eq!(finished.status.code(), Some(0), "{finished:?}");
    // The lints of the guide's policy, and of uploads on the site's own host.
    let known = ["note[", "warning[csp-", "warning: uploads "];
    let known = |line: &&str| known.iter().any(|known| line.starts_with(known));
    assert_eq!(finished.stderr.lines().filter(|line| !known(line)).count(), 0, "{finished:?}");
}

#[tokio::test]
async fn sessions_statuses_and_uploads_survive_a_restart() {
    let directory = Directory::new();
    let data = directory.path().join("made/for/it");
    let server = Server::start(&mut with_data(&data));
    let cookie = server.register("alice").await;
    assert_eq!(server.post(&cookie, "kept").await, StatusCode::CREATED);
    let attachment = server.upload(&cookie, "image/png", PNG).await;
    let url = attachment["url"].as_str().unwrap();
    stop(server);

    let server = Server::start(&mut with_data(&data));
    assert_eq!(server.timeline().await, ["kept"]);
    assert_eq!(server.ask(get(url)).await.body(), PNG);
    assert_eq!(server.post(&cookie, "still+signed+in").await, StatusCode::CREATED);
    drop(server);

    let server = Server::start(&mut with_data(&data));
    assert_eq!(server.timeline().await, ["still signed in", "kept"], "killed, not stopped");
}

#[cfg(unix)]
#[tokio::test]
async fn without_options_the_data_are_its_owner_s_alone() {
    use std::os::unix::fs::PermissionsExt;

    let directory = Directory::new();
    let server = Server::start(pleroma().current_dir(directory.path()));
    assert_eq!(server.timeline().await, [""; 0]);
    stop(server);
    let data = directory.path().join("data/pleroma");
    assert!(data.join("pleroma.sqlite").is_file());
    assert_eq!(fs::metadata(data).unwrap().permissions().mode() & 0o777, 0o700);
}

#[tokio::test]
async fn nothing_survives_an_ephemeral_one() {
    let directory = Directory::new();
    let server = Server::start(pleroma().arg("--ephemeral").current_dir(directory.path()));
    let cookie = server.register("alice").await;
    assert_eq!(server.post(&cookie, "gone").await, StatusCode::CREATED);
    server.upload(&cookie, "image/png", PNG).await;
    stop(server);
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);

    let server = ephemeral();
    assert_eq!(server.timeline().await, [""; 0]);
    assert_eq!(server.post(&cookie, "hello").await, StatusCode::UNAUTHORIZED);
}

#[test]
fn ephemeral_data_are_in_no_directory() {
    let finished =
        crate::process::run(example("pleroma").args(["--ephemeral", "--data", "somewhere"]));
    assert_eq!(finished.status.code(), Some(2));
    assert_eq!(finished.stdout, "");
}
