//! Tests new settings on SIGHUP.

use std::{
    net::SocketAddr,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use http::{HeaderMap, Request, header};
use http_body_util::{BodyExt, Empty};
use hyper::{body::Bytes, client::conn::http1};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpStream, task::JoinSet, time::sleep};

use crate::client::get;
use crate::pleroma::pleroma;
use crate::process::{Directory, Server};

const OLD: &str = "profile = 'guide'";
const NEW: &str = "profile = 'recommended'\n[frontend_headers]\nx-generation = 'new'";
const PATIENCE: Duration = Duration::from_secs(30);

fn start(config: &Path) -> Server {
    Server::start(pleroma().arg("--ephemeral").arg("--config").arg(config))
}

async fn headers(server: &Server) -> HeaderMap {
    let mut headers = server.ask(get("/nothing")).await.headers().clone();
    headers.remove(header::DATE);
    headers
}

/// Waits until responses have these headers.
async fn wait_for(server: &Server, expected: &HeaderMap) {
    let start = Instant::now();
    while headers(server).await != *expected {
        assert!(start.elapsed() < PATIENCE, "the reload has no effect");
        sleep(Duration::from_millis(2)).await;
    }
}

/// Sends requests on one connection, and counts them.
async fn client(address: SocketAddr, expected: [HeaderMap; 2], over: Arc<AtomicBool>) -> usize {
    let stream = TokioIo::new(TcpStream::connect(address).await.unwrap());
    let (mut sender, connection) = http1::handshake::<_, Empty<Bytes>>(stream).await.unwrap();
    tokio::spawn(connection);
    let mut count = 0;
    while !over.load(Ordering::Relaxed) {
        let request = Request::get("/nothing").header(header::HOST, "example.tld");
        let response = sender.send_request(request.body(Empty::new()).unwrap()).await.unwrap();
        assert_eq!(response.status(), 404);
        let mut headers = response.headers().clone();
        headers.remove(header::DATE);
        assert!(expected.contains(&headers), "half of each: {headers:?}");
        response.into_body().collect().await.unwrap();
        count += 1;
    }
    count
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_hangups_under_load_fail_no_request_and_mix_no_response() {
    let directory = Directory::new();
    let config = directory.file("settings.toml", NEW);
    let new = headers(&start(&config)).await;
    directory.file("settings.toml", OLD);
    let server = start(&config);
    let old = headers(&server).await;
    assert_ne!(old, new);

    let over = Arc::new(AtomicBool::new(false));
    let mut clients = JoinSet::new();
    for _ in 0..4 {
        clients.spawn(client(server.address, [old.clone(), new.clone()], over.clone()));
    }
    for reload in 1..=100 {
        let (text, expected) = [(OLD, &old), (NEW, &new)][reload % 2];
        directory.file("settings.toml", text);
        server.hang_up();
        wait_for(&server, expected).await;
    }
    over.store(true, Ordering::Relaxed);
    assert!(clients.join_all().await.into_iter().sum::<usize>() > 400);
    assert_eq!(server.stop(Duration::from_secs(10)).status.code(), Some(0));
}

#[tokio::test]
async fn an_invalid_file_changes_nothing_and_the_log_says_why() {
    let directory = Directory::new();
    let config = directory.file("settings.toml", OLD);
    let server = start(&config);
    let old = headers(&server).await;
    directory.file("settings.toml", "profile = 'gide'");
    server.hang_up();
    let why = "settings.toml, line 1, profile: unknown value 'gide'; did you mean 'guide'?";
    let line = server.wait_for_error(why);
    assert!(line.contains("the previous settings stay in force"), "{line}");
    assert_eq!(headers(&server).await, old);

    // The next valid file has an effect, and its address has none.
    directory.file("settings.toml", &format!("{NEW}\n[http]\nport = 1"));
    server.hang_up();
    let start = Instant::now();
    while headers(&server).await == old {
        assert!(start.elapsed() < PATIENCE, "the reload has no effect");
        sleep(Duration::from_millis(2)).await;
    }
    let log = server.stop(Duration::from_secs(10)).stderr;
    assert!(log.contains("a reload does not change the address to listen on"), "{log}");
}

#[tokio::test]
async fn a_removed_file_changes_nothing_and_of_two_quick_hangups_the_last_file_counts() {
    let directory = Directory::new();
    let config = directory.file("settings.toml", NEW);
    let new = headers(&start(&config)).await;
    directory.file("settings.toml", OLD);
    let server = start(&config);
    let old = headers(&server).await;
    std::fs::remove_file(&config).unwrap();
    server.hang_up();
    let line = server.wait_for_error("settings.toml: cannot be read");
    assert!(line.contains("the previous settings stay in force"), "{line}");
    assert_eq!(headers(&server).await, old);

    directory.file("settings.toml", "profile = 'gide'");
    server.hang_up();
    directory.file("settings.toml", NEW);
    server.hang_up();
    wait_for(&server, &new).await;
    assert_eq!(server.stop(Duration::from_secs(10)).status.code(), Some(0));
}
