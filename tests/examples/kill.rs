//! Tests kills in the middle of uploads and posts: what was acknowledged stays, and nothing else
//! does.
#![cfg(unix)]

use std::{
    collections::BTreeSet,
    fs,
    net::SocketAddr,
    path::Path,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use http::StatusCode;
use rusqlite::Connection;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::sleep,
};

use crate::client::get;
use crate::pleroma::{multipart, pleroma};
use crate::process::{Directory, Server};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// The size of a file that takes some time to write.
const LARGE: usize = 4 * 1024 * 1024;

/// Everything that the server acknowledged: the texts of posts, and the names of uploads.
#[derive(Default)]
struct Acknowledged {
    posts: Vec<String>,
    uploads: Vec<String>,
}

/// Sends a request, and returns the body of a 201; nothing if the server is gone.
async fn created(address: SocketAddr, head: &str, body: &[u8]) -> Option<String> {
    let mut stream = TcpStream::connect(address).await.ok()?;
    let head = format!(
        "{head}\r\nHost: example.tld\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(&[head.as_bytes(), body].concat()).await.ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.ok()?;
    let answer = String::from_utf8(answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    head.starts_with("HTTP/1.1 201").then(|| body.to_owned())
}

/// Uploads files and posts them until the server is gone.
async fn work(address: SocketAddr, cookie: String, label: String, known: Arc<Mutex<Acknowledged>>) {
    let large = [PNG, &vec![7; LARGE]].concat();
    for count in 0.. {
        let head = format!(
            "POST /api/v1/media HTTP/1.1\r\nCookie: {cookie}\r\nContent-Type: multipart/form-data; boundary=XX"
        );
        let form = multipart("a.png", "image/png", &large);
        let Some(upload) = created(address, &head, &form).await else { return };
        let upload: serde_json::Value = serde_json::from_str(&upload).unwrap();
        let name = upload["name"].as_str().unwrap().to_owned();
        known.lock().unwrap().uploads.push(name.clone());
        let text = format!("{label}-{count}");
        let head = format!(
            "POST /api/v1/statuses HTTP/1.1\r\nCookie: {cookie}\r\nContent-Type: application/x-www-form-urlencoded"
        );
        let body = format!("status={text}&media={name}");
        let Some(_) = created(address, &head, body.as_bytes()).await else { return };
        known.lock().unwrap().posts.push(text);
    }
}

/// Asserts that files and rows are the same, and that what is counted is what is there.
fn assert_whole(data: &Path, known: &Acknowledged) {
    let files: BTreeSet<String> = fs::read_dir(data.join("media"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let database = Connection::open(data.join("pleroma.sqlite")).unwrap();
    let texts = |sql: &str| -> BTreeSet<String> {
        let mut statement = database.prepare(sql).unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    assert_eq!(files, texts("SELECT name FROM upload"), "files and rows differ");
    for name in &known.uploads {
        assert!(files.contains(name), "the upload {name} is lost");
        let size = fs::metadata(data.join("media").join(name)).unwrap().len();
        assert_eq!(size, (PNG.len() + LARGE) as u64);
    }
    let posts = texts("SELECT content FROM status");
    for post in &known.posts {
        assert!(posts.contains(post), "the post {post} is lost");
    }
    let number = |sql: &str| database.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    let counted = number("SELECT sum(used) FROM account");
    let kept = number("SELECT coalesce(sum(size), 0) FROM upload");
    let around = number("SELECT coalesce(sum(length(content) + 200), 0) FROM status");
    assert_eq!(counted, kept + around, "what is counted is not what is there");
}

/// Waits until one more post is acknowledged.
async fn wait_for_a_post(known: &Mutex<Acknowledged>) {
    let count = || known.lock().unwrap().posts.len();
    let (before, start) = (count(), Instant::now());
    while count() == before {
        assert!(start.elapsed() < Duration::from_secs(60), "nothing is acknowledged");
        sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_during_uploads_leaves_nothing_behind_and_loses_no_acknowledged_post() {
    let directory = Directory::new();
    let start = || Server::start(pleroma().arg("--data").arg(directory.path()));
    let known = Arc::new(Mutex::new(Acknowledged::default()));
    let mut server = start();
    let cookie = server.register("alice").await;
    for round in 0..6 {
        let workers: Vec<_> = (0..2)
            .map(|worker| {
                let label = format!("{round}-{worker}");
                tokio::spawn(work(server.address, cookie.clone(), label, Arc::clone(&known)))
            })
            .collect();
        wait_for_a_post(&known).await;
        // The middle of an upload, of a write, or of a transaction.
        sleep(Duration::from_millis(37 * round)).await;
        assert!(workers.iter().all(|worker| !worker.is_finished()), "an upload failed");
        // SIGKILL.
        drop(server);
        for worker in workers {
            worker.await.unwrap();
        }
        server = start();
        assert_whole(directory.path(), &known.lock().unwrap());
    }
    let last = format!("/media/{}", known.lock().unwrap().uploads.last().unwrap());
    assert_eq!(server.ask(get(&last)).await.status(), StatusCode::OK);
    assert_eq!(server.post(&cookie, "still+here").await, StatusCode::CREATED);
}
