//! Tests files of the example: their permissions, and the files that remain after a failure.
#![cfg(unix)]

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, SystemTime},
};

use http::StatusCode;
use tokio::{io::AsyncWriteExt, net::TcpStream, time::sleep};

use crate::client::{get, text};
use crate::pleroma::{form, pleroma, upload};
use crate::process::{Directory, Server, example, run};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

fn start(data: &Path) -> Server {
    Server::start(pleroma().arg("--data").arg(data))
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// Returns every file and directory below.
fn below(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| {
            let more = if path.is_dir() { below(&path) } else { Vec::new() };
            more.into_iter().chain([path])
        })
        .collect()
}

fn uploads(data: &Path) -> Vec<PathBuf> {
    below(&data.join("media"))
}

#[tokio::test]
async fn data_in_a_directory_that_was_there_before_are_the_owner_s_alone() {
    let directory = Directory::new();
    for is_old in [false, true] {
        let data = directory.path().join(if is_old { "old" } else { "new" });
        fs::create_dir(&data).unwrap();
        fs::set_permissions(&data, fs::Permissions::from_mode(0o755)).unwrap();
        if is_old {
            // An instance of an earlier version, whose files everyone can read.
            drop(start(&data));
            for path in below(&data) {
                let mode = if path.is_dir() { 0o755 } else { 0o644 };
                fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
            }
            fs::set_permissions(&data, fs::Permissions::from_mode(0o755)).unwrap();
        }
        let server = start(&data);
        let cookie = server.register("alice").await;
        server.upload(&cookie, "image/png", PNG).await;
        let all = below(&data);
        assert!(all.len() >= 3, "{all:?}");
        for path in all.into_iter().chain([data]) {
            let expected = if path.is_dir() { 0o700 } else { 0o600 };
            assert_eq!(mode(&path), expected, "{}", path.display());
        }
    }
}

/// A directory that others also use keeps its mode; new files in it are for their owner only.
#[tokio::test]
async fn a_directory_with_files_of_others_keeps_its_mode() {
    let directory = Directory::new();
    directory.file("notes.txt", "");
    fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let _server = start(directory.path());
    assert_eq!(mode(directory.path()), 0o755);
    assert_eq!(mode(&directory.path().join("pleroma.sqlite")), 0o600);
    assert_eq!(mode(&directory.path().join("media")), 0o700);
}

/// Returns a server of whose files none can have more than 512 KiB; in units of 512 or of 1024
/// bytes, as the shell has it.
fn start_small(directory: &Path) -> Server {
    let mut command = Command::new("sh");
    command
        .args(["-c", "trap '' XFSZ; ulimit -f 1024; exec \"$0\" \"$@\""])
        .arg(example("pleroma").get_program())
        .args(["--listen", "127.0.0.1:0", "--data"])
        .arg(directory)
        .stdin(Stdio::null());
    Server::start(&mut command)
}

#[tokio::test]
async fn a_disk_that_is_full_leaves_no_part_of_an_upload() {
    let directory = Directory::new();
    let server = start_small(directory.path());
    let cookie = server.register("alice").await;
    let large = upload(&cookie, "a.png", "image/png", &vec![0; 3 * 1024 * 1024]);
    let response = server.ask(large).await;
    assert_eq!(response.status(), StatusCode::INSUFFICIENT_STORAGE);
    assert_eq!(text(&response), "there is no room for this file");
    assert_eq!(uploads(directory.path()), [""; 0].map(PathBuf::from));
    server.upload(&cookie, "image/png", PNG).await;
    assert_eq!(server.post(&cookie, "hello").await, StatusCode::CREATED);
    assert_eq!(uploads(directory.path()).len(), 1);
}

/// No acknowledged post is lost, and a refused one is told of in words.
#[tokio::test]
async fn a_database_that_cannot_grow_refuses_in_words_and_loses_nothing() {
    let directory = Directory::new();
    let server = start_small(directory.path());
    let cookie = server.register("alice").await;
    let (mut kept, mut refused) = (0, 0);
    while refused < 3 && kept < 2000 {
        let body = format!("status=post+{kept}+{}", "a".repeat(450));
        let response = server.ask(form("/api/v1/statuses", &cookie, &body)).await;
        if response.status() == StatusCode::CREATED {
            kept += 1;
        } else {
            assert_eq!(response.status(), StatusCode::INSUFFICIENT_STORAGE);
            assert_eq!(text(&response), "this server is full; ask the person who runs it");
            refused += 1;
        }
    }
    assert_eq!(refused, 3, "{kept}");
    let body = "name=bob&password=correct+horse";
    let bob = server.ask(form("/api/v1/accounts", "", body)).await;
    assert_eq!(bob.status(), StatusCode::INSUFFICIENT_STORAGE);
    assert_eq!(server.ask(get("/")).await.status(), StatusCode::OK);
    drop(server);
    // Nothing is half there.
    let database = rusqlite::Connection::open(directory.path().join("pleroma.sqlite")).unwrap();
    let count = |sql| database.query_row(sql, [], |row| row.get::<_, i32>(0)).unwrap();
    assert_eq!(count("SELECT count(*) FROM status"), kept);
    assert_eq!(count("SELECT count(*) FROM account"), 1);
}

#[tokio::test]
async fn an_upload_that_is_broken_off_leaves_nothing() {
    let directory = Directory::new();
    let server = start(directory.path());
    let cookie = server.register("alice").await;
    let head = format!(
        "POST /api/v1/media HTTP/1.1\r\nHost: example.tld\r\nCookie: {cookie}\r\n\
         Content-Type: multipart/form-data; boundary=XX\r\nContent-Length: 1000000\r\n\r\n\
         --XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n"
    );
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&[7; 500_000]).await.unwrap();
    sleep(Duration::from_millis(300)).await;
    drop(stream);
    sleep(Duration::from_millis(300)).await;
    assert_eq!(uploads(directory.path()).len(), 0);
}

#[tokio::test]
async fn files_left_by_a_kill_are_removed_at_the_next_start() {
    let directory = Directory::new();
    let media = directory.path().join("media");
    let server = start(directory.path());
    let cookie = server.register("alice").await;
    let posted = server.upload(&cookie, "image/png", PNG).await;
    let body = format!("status=look&media={}", posted["name"].as_str().unwrap());
    let response = server.ask(form("/api/v1/statuses", &cookie, &body)).await;
    assert_eq!(response.status(), StatusCode::CREATED);
    let fresh = server.upload(&cookie, "image/png", PNG).await;
    let old = server.upload(&cookie, "image/png", PNG).await;
    drop(server);

    let name = |of: &serde_json::Value| of["name"].as_str().unwrap().to_owned();
    let days_ago = SystemTime::now() - Duration::from_secs(3 * 24 * 60 * 60);
    for of in [&posted, &old] {
        let file = fs::File::options().write(true).open(media.join(name(of))).unwrap();
        file.set_modified(days_ago).unwrap();
    }
    let random = "0123456789abcdef0123456789abcdef";
    fs::write(media.join(format!("{random}.png")), "a file without a row").unwrap();
    fs::write(media.join(format!("{random}.jpg.part")), "a part of a file").unwrap();
    fs::write(media.join("readme.txt"), "somebody else's").unwrap();

    let server = start(directory.path());
    let mut kept: Vec<String> = uploads(directory.path())
        .iter()
        .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    kept.sort_unstable();
    let mut expected = [name(&posted), name(&fresh), "readme.txt".to_owned()];
    expected.sort_unstable();
    assert_eq!(kept, expected);
    let url = |of: &serde_json::Value| of["url"].as_str().unwrap().to_owned();
    assert_eq!(server.ask(get(&url(&posted))).await.status(), StatusCode::OK);
    assert_eq!(server.ask(get(&url(&old))).await.status(), StatusCode::NOT_FOUND);
    let said = server.stop(Duration::from_secs(10)).stderr;
    assert!(said.contains("uploads were left over"), "{said}");
}

/// Asserts that the example does not start, that `--check` fails too, and that both print this.
#[track_caller]
fn assert_refused(arguments: &[&Path], expected: &str) {
    for more in [&[][..], &["--check"]] {
        let finished = run(pleroma().args(arguments).args(more));
        let first = format!("error: {expected}");
        assert!(finished.stderr.starts_with(&first), "{}", finished.stderr);
        assert_eq!((finished.stdout.as_str(), finished.status.code()), ("", Some(2)));
    }
}

#[test]
fn a_file_of_another_program_is_an_error_that_names_the_path() {
    let directory = Directory::new();
    let database = directory.path().join("pleroma.sqlite");
    let path = database.display();
    let data = [Path::new("--data"), directory.path()];

    let other = rusqlite::Connection::open(&database).unwrap();
    other.execute_batch("CREATE TABLE contact (name TEXT); CREATE TABLE mail (body TEXT)").unwrap();
    drop(other);
    let tables = "is the database of another program, with the tables contact, mail; ";
    assert_refused(&data, &format!("{path}: {tables}"));
    let other = rusqlite::Connection::open(&database).unwrap();
    let count = "SELECT count(*) FROM sqlite_schema";
    assert_eq!(other.query_row(count, [], |row| row.get::<_, u32>(0)).unwrap(), 2, "changed");
    drop(other);

    let remedy = "; restore it from a backup, or write another --data\n";
    fs::write(&database, "this is a text, and no database at all. ".repeat(50)).unwrap();
    assert_refused(&data, &format!("{path}: file is not a database{remedy}"));

    fs::remove_file(&database).unwrap();
    drop(start(directory.path()));
    let ours = rusqlite::Connection::open(&database).unwrap();
    ours.execute_batch("PRAGMA journal_mode = DELETE").unwrap();
    drop(ours);
    let whole = fs::read(&database).unwrap();
    let mut broken = whole.clone();
    let second_half = broken.len() / 2;
    broken[second_half..].fill(7);
    fs::write(&database, &broken).unwrap();
    let finished = run(pleroma().args(data));
    assert!(finished.stderr.starts_with(&format!("error: {path}: ")), "{}", finished.stderr);
    assert!(finished.stderr.ends_with(remedy), "{}", finished.stderr);
    fs::write(&database, &whole).unwrap();
    let ours = rusqlite::Connection::open(&database).unwrap();
    ours.execute("UPDATE secret SET value = x'00'", []).unwrap();
    drop(ours);
    let finished = run(pleroma().args(data));
    let expected = format!("error: {path}: the signing key: ");
    assert!(finished.stderr.starts_with(&expected), "{}", finished.stderr);
    assert!(finished.stderr.ends_with(remedy), "{}", finished.stderr);
    fs::remove_file(&database).unwrap();

    fs::remove_dir(directory.path().join("media")).unwrap();
    let media = directory.file("media", "");
    assert_refused(&data, &format!("{}: is a file; ", media.display()));
    assert_refused(&[Path::new("--data"), &media], &format!("{}: is a file; ", media.display()));

    let nothing = Path::new("/nonexistent");
    let assets = [Path::new("--ephemeral"), Path::new("--assets"), nothing];
    assert_refused(&assets, "/nonexistent: has no 'instance.js'; ");
}
