//! Tests the limits on the storage of one account and of all accounts: FOUND K5.

use std::time::Duration;

use http::{Response, StatusCode};
use hyper::body::Bytes;
use rusqlite::Connection;

use crate::client::{assert_headers, text};
use crate::guide::GUIDE;
use crate::pleroma::{form, pleroma, upload};
use crate::process::{Directory, Server, run};

const MIB: usize = 1024 * 1024;

fn start(directory: &Directory) -> Server {
    let limits = ["--upload-limit", "1", "--account-limit", "2", "--storage-limit", "3"];
    Server::start(pleroma().arg("--data").arg(directory.path()).args(limits))
}

async fn send(server: &Server, cookie: &str, bytes: usize) -> Response<Bytes> {
    server.ask(upload(cookie, "a.bin", "application/octet-stream", &vec![1; bytes])).await
}

#[tokio::test]
async fn an_account_and_all_accounts_keep_no_more_than_their_limits() {
    let directory = Directory::new();
    let server = start(&directory);
    let (alice, bob) = (server.register("alice").await, server.register("bob").await);
    for _ in 0..2 {
        assert_eq!(send(&server, &alice, MIB).await.status(), StatusCode::CREATED);
    }
    let own =
        "this account is full: its posts and files take at most 2 MiB; delete some to make room";
    let full = send(&server, &alice, 1).await;
    assert_eq!((full.status(), text(&full)), (StatusCode::INSUFFICIENT_STORAGE, own));
    assert_headers(full.headers(), &GUIDE, "507");
    assert_eq!(server.post(&alice, "hello").await, StatusCode::INSUFFICIENT_STORAGE);

    assert_eq!(server.post(&bob, "hello").await, StatusCode::CREATED);
    assert_eq!(send(&server, &bob, MIB / 2).await.status(), StatusCode::CREATED);
    let full = send(&server, &bob, MIB).await;
    let all = "this server is full; ask the person who runs it";
    assert_eq!((full.status(), text(&full)), (StatusCode::INSUFFICIENT_STORAGE, all));
    // Nothing of what was refused is left.
    let files = std::fs::read_dir(directory.path().join("media")).unwrap();
    assert_eq!(files.count(), 3);

    let said = server.stop(Duration::from_secs(10)).stderr;
    assert_eq!(said.matches("refused: its account is full").count(), 2, "{said}");
    assert_eq!(said.matches("refused: all storage is used").count(), 1, "{said}");
}

#[tokio::test]
async fn a_database_of_before_the_limits_is_counted_at_the_start() {
    let directory = Directory::new();
    let server = start(&directory);
    let alice = server.register("alice").await;
    for _ in 0..2 {
        assert_eq!(send(&server, &alice, MIB).await.status(), StatusCode::CREATED);
    }
    drop(server);
    let database = Connection::open(directory.path().join("pleroma.sqlite")).unwrap();
    let before = "ALTER TABLE account DROP COLUMN used; ALTER TABLE upload DROP COLUMN size; ALTER TABLE upload DROP COLUMN created;
                  ALTER TABLE status DROP COLUMN description;";
    database.execute_batch(before).unwrap();
    drop(database);
    let server = start(&directory);
    assert_eq!(send(&server, &alice, 1).await.status(), StatusCode::INSUFFICIENT_STORAGE);
}

#[tokio::test]
async fn uploads_at_the_same_time_share_the_room_that_is_left() {
    let directory = Directory::new();
    let server = start(&directory);
    let alice = server.register("alice").await;
    assert_eq!(send(&server, &alice, MIB).await.status(), StatusCode::CREATED);
    let (one, other) =
        tokio::join!(send(&server, &alice, MIB * 2 / 3), send(&server, &alice, MIB * 2 / 3),);
    let mut statuses = [one.status().as_u16(), other.status().as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 507]);
}

#[test]
fn limits_under_which_no_file_could_be_kept_are_an_error() {
    for name in ["account", "storage"] {
        let finished = run(pleroma().args(["--ephemeral", &format!("--{name}-limit"), "8"]));
        let expected = format!(
            "error: --{name}-limit 8: is less than --upload-limit, which is 16; write a number from 16\n"
        );
        assert_eq!((finished.stderr, finished.status.code()), (expected, Some(2)));
    }
}

#[tokio::test]
async fn a_post_has_a_text_or_a_file_or_both() {
    let directory = Directory::new();
    let server = start(&directory);
    let cookie = server.register("alice").await;
    let file = server.upload(&cookie, "image/png", b"\x89PNG\r\n\x1a\n").await;
    let name = file["name"].as_str().unwrap();
    let post = async |body: String| server.ask(form("/api/v1/statuses", &cookie, &body)).await;
    assert_eq!(post("status=+".to_owned()).await.status(), StatusCode::BAD_REQUEST);
    let described = post(format!("status=&media={name}&description=a+red+square")).await;
    assert_eq!(described.status(), StatusCode::CREATED);
    let status: serde_json::Value = serde_json::from_slice(described.body()).unwrap();
    assert_eq!(status["content"], "");
    assert_eq!(status["media"]["description"], "a red square");
    assert_eq!(status["media"]["filename"], "a file.html");
    let long = "a".repeat(501);
    let refused = post(format!("status=&media={name}&description={long}")).await;
    assert_eq!(text(&refused), "a description has at most 500 characters");
}

/// An upload without a post counts, for a day at most: then it makes room when room is needed.
#[tokio::test]
async fn uploads_that_no_post_has_had_for_a_day_make_room_while_the_server_runs() {
    let directory = Directory::new();
    let server = start(&directory);
    let alice = server.register("alice").await;
    let name = async || {
        let response = send(&server, &alice, MIB * 5 / 8).await;
        assert_eq!(response.status(), StatusCode::CREATED);
        let upload: serde_json::Value = serde_json::from_slice(response.body()).unwrap();
        upload["name"].as_str().unwrap().to_owned()
    };
    let posted = name().await;
    let body = format!("status=look&media={posted}");
    let post = server.ask(form("/api/v1/statuses", &alice, &body)).await;
    assert_eq!(post.status(), StatusCode::CREATED);
    let (old, fresh) = (name().await, name().await);
    assert_eq!(send(&server, &alice, MIB / 2).await.status(), StatusCode::INSUFFICIENT_STORAGE);

    let age = |name: &str| {
        let database = Connection::open(directory.path().join("pleroma.sqlite")).unwrap();
        let set = "UPDATE upload SET created = unixepoch() - 2 * 24 * 60 * 60 WHERE name = ?1";
        assert_eq!(database.execute(set, [name]).unwrap(), 1);
    };
    age(&posted);
    assert_eq!(send(&server, &alice, MIB / 2).await.status(), StatusCode::INSUFFICIENT_STORAGE);
    age(&old);
    assert_eq!(send(&server, &alice, MIB / 2).await.status(), StatusCode::CREATED);
    let is_file = |name: &str| directory.path().join("media").join(name).is_file();
    assert_eq!([&posted, &old, &fresh].map(|name| is_file(name)), [true, false, true]);
    let gone = format!("status=late&media={old}");
    let late = server.ask(form("/api/v1/statuses", &alice, &gone)).await;
    assert_eq!(text(&late), "this account has no such upload");
}
