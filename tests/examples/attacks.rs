//! Tests clients that occupy resources, and another client that is still served.

use std::{
    net::SocketAddr,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use http::{Request, StatusCode, Version};
use http_body_util::{Full, StreamBody};
use hyper::body::{Bytes, Frame};
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    task::JoinSet,
    time::{sleep, timeout},
};

use crate::client::{ask, ask_on, get, text};
use crate::pleroma::{ephemeral, form, upload};
use crate::process::{Directory, Server, example};

/// The time that a person waits, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(6);

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Returns the example with so many file descriptors.
fn limited(name: &str, files: u32, arguments: &[&str]) -> Server {
    let mut command = Command::new("sh");
    command
        .args(["-c", &format!("ulimit -n {files}; exec \"$0\" \"$@\"")])
        .arg(example(name).get_program())
        .args(arguments)
        .stdin(Stdio::null());
    Server::start(&mut command)
}

/// Both programs with few file descriptors: the second in front of another server.
fn both(files: u32) -> [(Server, &'static str, Option<Server>); 2] {
    let upstream = Server::start(example("minimal").arg("127.0.0.1:0"));
    let address = upstream.address.to_string();
    let gateway = ["127.0.0.1:0", &address, "https://example.tld"];
    let pleroma = ["--ephemeral", "--listen", "127.0.0.1:0"];
    [
        (limited("pleroma", files, &pleroma), "pleroma", None),
        (limited("reverse_proxy", files, &gateway), "reverse_proxy", Some(upstream)),
    ]
}

/// Opens connections, and sends these bytes on each, and no more.
async fn crowd(address: SocketAddr, count: usize, bytes: &str) -> Vec<TcpStream> {
    let mut crowd = Vec::new();
    for _ in 0..count {
        let mut stream = TcpStream::connect(address).await.unwrap();
        // The newest displace the oldest, which may be closed by now.
        let _ = stream.write_all(bytes.as_bytes()).await;
        crowd.push(stream);
    }
    crowd
}

/// Asserts that another client gets the page.
async fn assert_served(address: SocketAddr, context: &str) {
    let mut request = get("/");
    request.headers_mut().insert("host", "example.tld".parse().unwrap());
    let response = timeout(PATIENCE, ask(address, Version::HTTP_11, request)).await;
    let response = response.unwrap_or_else(|_| panic!("nobody is served: {context}"));
    assert_eq!(response.status(), StatusCode::OK, "{context}: {}", text(&response));
}

/// Returns the time after which the connection is closed.
async fn closed(mut stream: TcpStream) -> Duration {
    let start = Instant::now();
    let mut answer = Vec::new();
    let end = timeout(Duration::from_secs(60), stream.read_to_end(&mut answer)).await;
    assert!(end.is_ok(), "it stays open: {}", String::from_utf8_lossy(&answer));
    start.elapsed()
}

#[tokio::test]
async fn half_sent_heads_and_silence_do_not_shut_others_out() {
    let said = [
        "",
        "GET / HTTP/1.1\r\nHost: example.tld\r\nX-A: ",
        "PRI * HTTP/2.0\r\n\r\nSM",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0",
        "POST /api/v1/sign_in HTTP/1.1\r\nHost: example.tld\r\nContent-Type: \
         application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nname=a",
    ];
    for (server, name, _upstream) in both(64) {
        let mut crowds = Vec::new();
        for bytes in said {
            crowds.extend(crowd(server.address, 60, bytes).await);
            for _ in 0..3 {
                assert_served(server.address, &format!("{name} {bytes:?}")).await;
            }
        }
    }
}

#[tokio::test]
async fn a_half_sent_request_is_closed_after_seconds() {
    let server = ephemeral();
    let post = "POST /api/v1/sign_in HTTP/1.1\r\nHost: example.tld\r\nContent-Type: \
                application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nname=a";
    let mut closing = Vec::new();
    for bytes in ["", "GET / HTTP/1.1\r\nHost: a", "PRI * HTTP/2.0", post] {
        let stream = crowd(server.address, 1, bytes).await.remove(0);
        closing.push(tokio::spawn(closed(stream)));
    }
    // A head that never ends, although bytes of it keep coming, is as late.
    let mut dripping = crowd(server.address, 1, "GET / HTTP/1.1\r\n").await.remove(0);
    let start = Instant::now();
    while dripping.write_all(b"X: y\r\n").await.is_ok() {
        assert!(start.elapsed() < Duration::from_secs(40), "the head has no limit in time");
        sleep(Duration::from_millis(500)).await;
    }
    for closed in closing {
        let after = closed.await.unwrap();
        assert!(after < Duration::from_secs(30), "{after:?}");
    }
}

#[tokio::test]
async fn half_sent_sign_ins_do_not_keep_others_from_signing_in() {
    let server = ephemeral();
    server.register("alice").await;
    let half = "POST /api/v1/sign_in HTTP/1.1\r\nHost: example.tld\r\nContent-Type: \
                application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nname=a";
    let _crowd = crowd(server.address, 100, half).await;
    let start = Instant::now();
    for _ in 0..3 {
        let request = form("/api/v1/sign_in", "", "name=alice&password=correct+horse");
        assert_eq!(server.ask(request).await.status(), StatusCode::NO_CONTENT);
    }
    assert!(start.elapsed() < Duration::from_secs(9), "{:?}", start.elapsed());
}

/// Asks for a WebSocket from the address, and gives the status with the connection.
async fn socket(server: &Server, from: &str) -> (u16, TcpStream) {
    let client = TcpSocket::new_v4().unwrap();
    client.bind(format!("{from}:0").parse().unwrap()).unwrap();
    let mut stream = client.connect(server.address).await.unwrap();
    let request = "GET /api/v1/streaming HTTP/1.1\r\nHost: example.tld\r\nConnection: upgrade\r\n\
                   Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
                   Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut status = [0; "HTTP/1.1 101".len()];
    stream.read_exact(&mut status).await.unwrap();
    (std::str::from_utf8(&status[9..]).unwrap().parse().unwrap(), stream)
}

#[tokio::test]
async fn idle_sockets_of_one_address_do_not_occupy_those_of_others_and_end_without_a_pong() {
    let server = ephemeral();
    let (mut open, mut refused) = (Vec::new(), 0);
    for _ in 0..200 {
        match socket(&server, "127.0.0.1").await {
            (101, stream) => open.push(stream),
            (429, _) => refused += 1,
            (status, _) => panic!("{status}"),
        }
    }
    assert_eq!((open.len(), refused), (32, 168));
    assert_served(server.address, "sockets").await;
    assert_eq!(socket(&server, "127.0.0.2").await.0, 101);
    // The pings are not answered.
    let after = closed(open.remove(0)).await;
    assert!(after < Duration::from_secs(40), "{after:?}");
    drop(open);
    let said = server.stop(Duration::from_secs(10)).stderr;
    assert!(said.contains("a WebSocket is refused"), "{said}");
}

/// The pongs would otherwise be kept in memory without end.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn pings_of_a_socket_that_reads_nothing_take_no_memory() {
    let server = ephemeral();
    let (status, mut stream) = socket(&server, "127.0.0.1").await;
    assert_eq!(status, 101);
    // A masked ping of 125 bytes.
    let pings = [&[0x89, 0xfd, 0, 0, 0, 0][..], &[b'a'; 125]].concat().repeat(1000);
    let before = memory(&server);
    for _ in 0..500 {
        let sent = timeout(PATIENCE, stream.write_all(&pings)).await;
        if !sent.is_ok_and(|sent| sent.is_ok()) {
            break;
        }
    }
    let grown = memory(&server).saturating_sub(before);
    assert!(grown < 16 * 1024, "{grown} KiB more than {before}");
    assert_served(server.address, "pings").await;
}

/// Returns the memory that the process has, in KiB.
#[cfg(target_os = "linux")]
fn memory(server: &Server) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[tokio::test]
async fn sockets_do_not_take_all_connections() {
    let server = limited("pleroma", 64, &["--ephemeral", "--listen", "127.0.0.1:0"]);
    let (mut open, mut refused) = (Vec::new(), 0);
    for address in 1..5 {
        for _ in 0..20 {
            let (status, stream) = socket(&server, &format!("127.0.0.{address}")).await;
            if status == 101 {
                open.push(stream);
            } else {
                refused += 1;
            }
        }
    }
    assert!(refused > 0 && !open.is_empty(), "{refused} {}", open.len());
    assert_served(server.address, "sockets").await;
}

/// Returns an upload that is announced, and does not come. It has its slot: the server asks for the
/// body (100 Continue) when the handler reads it, which comes after the slot.
async fn held_upload(server: &Server, cookie: &str) -> TcpStream {
    let head = format!(
        "POST /api/v1/media HTTP/1.1\r\nHost: example.tld\r\nCookie: {cookie}\r\nExpect: 100-continue\r\n\
         Content-Type: multipart/form-data; boundary=XX\r\nContent-Length: 1000000\r\n\r\n"
    );
    let mut stream = crowd(server.address, 1, &head).await.remove(0);
    let mut status = [0; "HTTP/1.1 100".len()];
    timeout(PATIENCE, stream.read_exact(&mut status)).await.expect("no answer").unwrap();
    assert_eq!(std::str::from_utf8(&status), Ok("HTTP/1.1 100"));
    stream
}

#[tokio::test]
async fn an_account_has_two_uploads_at_a_time_and_others_have_theirs() {
    let server = ephemeral();
    let (mallory, alice) = (server.register("mallory").await, server.register("alice").await);
    let held = [held_upload(&server, &mallory).await, held_upload(&server, &mallory).await];
    let third = server.ask(upload(&mallory, "a.png", "image/png", PNG)).await;
    assert_eq!(third.status(), StatusCode::TOO_MANY_REQUESTS);
    server.upload(&alice, "image/png", PNG).await;
    drop(held);
    let start = Instant::now();
    while server.ask(upload(&mallory, "a.png", "image/png", PNG)).await.status()
        != StatusCode::CREATED
    {
        assert!(start.elapsed() < PATIENCE, "the slots stay taken");
    }
}

/// Many accounts of one address do not occupy the uploads of others.
#[tokio::test]
async fn an_address_has_four_uploads_at_a_time_and_others_have_theirs() {
    let server = ephemeral();
    let mut held = Vec::new();
    for account in 0..2 {
        let cookie = server.register(&format!("mallory_{account}")).await;
        held.push(held_upload(&server, &cookie).await);
        held.push(held_upload(&server, &cookie).await);
    }
    let alice = server.register("alice").await;
    let refused = server.ask(upload(&alice, "a.png", "image/png", PNG)).await;
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(text(&refused).contains("from this address"), "{}", text(&refused));
    let client = TcpSocket::new_v4().unwrap();
    client.bind("127.0.0.2:0".parse().unwrap()).unwrap();
    let stream = client.connect(server.address).await.unwrap();
    let kept = ask_on(stream, Version::HTTP_11, upload(&alice, "a.png", "image/png", PNG)).await;
    assert_eq!(kept.status(), StatusCode::CREATED);
}

/// Downloads that go on, so that none is silent. The address that has most of the connections loses one.
#[tokio::test]
async fn downloads_that_one_address_keeps_going_do_not_keep_others_out() {
    let data = Directory::new();
    let path = data.path().to_str().unwrap();
    let server = limited("pleroma", 64, &["--data", path, "--listen", "127.0.0.1:0"]);
    let cookie = server.register("alice").await;
    let large = [PNG, &vec![7; 14 * 1024 * 1024]].concat();
    let attachment = server.upload(&cookie, "image/png", &large).await;
    let request = format!(
        "GET {} HTTP/1.1\r\nHost: example.tld\r\n\r\n",
        attachment["url"].as_str().unwrap()
    );
    let mut readers = JoinSet::new();
    for _ in 0..40 {
        let (address, request) = (server.address, request.clone());
        readers.spawn(async move {
            loop {
                let client = TcpSocket::new_v4().unwrap();
                client.bind("127.0.0.2:0".parse().unwrap()).unwrap();
                let Ok(mut stream) = client.connect(address).await else { continue };
                let _ = stream.write_all(request.as_bytes()).await;
                let mut buffer = vec![0; 400_000];
                while stream.read(&mut buffer).await.is_ok_and(|length| length > 0) {
                    sleep(Duration::from_millis(100)).await;
                }
            }
        });
    }
    sleep(Duration::from_secs(1)).await;
    for _ in 0..3 {
        assert_served(server.address, "downloads").await;
    }
}

/// Each stream of HTTP/2 may need a file as a connection does. Two connections ask for much at a time and read nothing.
#[tokio::test]
async fn streams_of_one_connection_do_not_take_the_files_of_others() {
    let data = Directory::new();
    let path = data.path().to_str().unwrap();
    let server = limited("pleroma", 64, &["--data", path, "--listen", "127.0.0.1:0"]);
    let cookie = server.register("alice").await;
    let large = [PNG, &vec![7; 1024 * 1024]].concat();
    let attachment = server.upload(&cookie, "image/png", &large).await;
    let url = format!("http://example.tld{}", attachment["url"].as_str().unwrap());
    let mut held = Vec::new();
    for _ in 0..2 {
        let stream = TokioIo::new(TcpStream::connect(server.address).await.unwrap());
        let (mut sender, connection) =
            http2::handshake(TokioExecutor::new(), stream).await.unwrap();
        tokio::spawn(connection);
        for _ in 0..60 {
            let request = Request::get(&url).body(Full::<Bytes>::default()).unwrap();
            let response = tokio::spawn(sender.send_request(request));
            held.push(tokio::spawn(async move {
                let response = response.await;
                sleep(Duration::from_secs(60)).await;
                drop(response);
            }));
        }
    }
    sleep(Duration::from_secs(1)).await;
    for _ in 0..3 {
        assert_served(server.address, "streams").await;
        let picture = timeout(PATIENCE, server.ask(get(attachment["url"].as_str().unwrap()))).await;
        assert_eq!(picture.expect("no picture").status(), StatusCode::OK);
    }
}

/// A body has the time that its size needs, which is longer than that of a form.
#[tokio::test]
async fn a_slow_upload_that_goes_on_is_taken() {
    let server = ephemeral();
    let cookie = server.register("alice").await;
    let form = crate::pleroma::multipart("a.png", "image/png", &[PNG, &vec![0; 600_000]].concat());
    let chunks: Vec<_> = form.chunks(50_000).map(Bytes::copy_from_slice).collect();
    let body = futures_util::stream::unfold(chunks.into_iter(), async |mut chunks| {
        sleep(Duration::from_millis(1100)).await;
        Some((Ok::<_, std::io::Error>(Frame::data(chunks.next()?)), chunks))
    });
    let request = Request::post("/api/v1/media")
        .header("content-type", "multipart/form-data; boundary=XX")
        .header("cookie", &cookie)
        .body(StreamBody::new(Box::pin(body)))
        .unwrap();
    let response = ask(server.address, Version::HTTP_11, request).await;
    assert_eq!(response.status(), StatusCode::CREATED);
}

/// A client that does not read its responses cannot keep others out either.
#[tokio::test]
async fn connections_that_are_kept_without_a_request_are_given_to_others() {
    for (server, name, _upstream) in both(64) {
        let mut kept = Vec::new();
        for _ in 0..60 {
            let mut stream = TcpStream::connect(server.address).await.unwrap();
            let request = "GET / HTTP/1.1\r\nHost: example.tld\r\n\r\n";
            let _ = stream.write_all(request.as_bytes()).await;
            kept.push(stream);
        }
        assert_served(server.address, name).await;
        let request: Request<Full<Bytes>> = get("/");
        let stream = TcpStream::connect(server.address).await.unwrap();
        let mut request = request;
        request.headers_mut().insert("host", "example.tld".parse().unwrap());
        let response = timeout(PATIENCE, ask_on(stream, Version::HTTP_2, request)).await;
        assert_eq!(response.expect(name).status(), StatusCode::OK);
    }
}

/// Clients that request much and read nothing cannot keep others out either.
#[tokio::test]
async fn clients_that_do_not_read_their_responses_lose_their_connections_to_others() {
    let data = Directory::new();
    let path = data.path().to_str().unwrap();
    let server = limited("pleroma", 64, &["--data", path, "--listen", "127.0.0.1:0"]);
    let cookie = server.register("alice").await;
    let large = [PNG, &vec![7; 12 * 1024 * 1024]].concat();
    let attachment = server.upload(&cookie, "image/png", &large).await;
    let url = attachment["url"].as_str().unwrap();
    let request = format!("GET {url} HTTP/1.1\r\nHost: example.tld\r\n\r\n");
    let _crowd = crowd(server.address, 40, &request).await;
    let mut person = get("/");
    person.headers_mut().insert("host", "example.tld".parse().unwrap());
    let response = ask(server.address, Version::HTTP_11, person);
    let response = timeout(Duration::from_secs(40), response).await;
    assert_eq!(response.expect("nobody is served").status(), StatusCode::OK);
}
