//! Runs the example gateway as a process: readers get the lines that it forwards.

use std::{convert::Infallible, net::SocketAddr};

use http::{HeaderValue, Request, Response, header};
use http_body_util::{BodyExt, Empty, Full};
use hyper::{
    body::{Bytes, Incoming},
    client::conn::http1::{self, SendRequest},
    server,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::{
    net::{TcpListener, TcpStream},
    runtime::Runtime,
};

use crate::{
    case::{Case, Guarded},
    guard::Mode,
    line::Random,
    process::{Server, example},
    reader::{READERS, bytes, hex, installed},
    verdict::faults,
};

/// Requests for each reader.
const REQUESTS: usize = 200;

/// Starts a server that answers with the `Cookie` lines of the request, in hexadecimal digits.
async fn upstream() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let connection = server::conn::http1::Builder::new();
            tokio::spawn(connection.serve_connection(TokioIo::new(stream), service_fn(echo)));
        }
    });
    address
}

async fn echo(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let lines = request.headers().get_all(header::COOKIE).iter();
    let lines: Vec<String> = lines.map(|line| hex(line.as_bytes())).collect();
    Ok(Response::new(Full::from(lines.join(","))))
}

/// Sends a case through the gateway.
async fn forward(client: &mut SendRequest<Empty<Bytes>>, case: Case) -> Guarded {
    let mut request = Request::get("/").header(header::HOST, "example.tld");
    for line in &case.sent {
        request = request.header(header::COOKIE, HeaderValue::from_bytes(line).unwrap());
    }
    client.ready().await.unwrap();
    let response = client.send_request(request.body(Empty::new()).unwrap()).await.unwrap();
    assert!(response.status().is_success(), "{}", response.status());
    let body = response.into_body().collect().await.unwrap().to_bytes();
    let lines = std::str::from_utf8(&body).unwrap().split(',').filter(|line| !line.is_empty());
    Guarded::received(case, Mode::Default, lines.map(bytes).collect())
}

/// Sends the cases for every reader through the gateway.
async fn forward_all() -> Vec<Vec<Guarded>> {
    let upstream = upstream().await.to_string();
    let gateway = Server::start(example("reverse_proxy").args([
        "127.0.0.1:0",
        &upstream,
        "https://example.tld",
    ]));
    let stream = TcpStream::connect(gateway.address).await.unwrap();
    let (mut client, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    let mut all = Vec::new();
    for index in 0..READERS.len() {
        let mut random = Random::new(u64::MAX - index as u64);
        let mut forwarded = Vec::new();
        for _ in 0..REQUESTS {
            forwarded.push(forward(&mut client, random.case()).await);
        }
        all.push(forwarded);
    }
    all
}

#[test]
fn no_reader_behind_the_gateway_finds_the_guarded_name_in_another_cookie() {
    let Some(installed) = installed() else { return };
    let forwarded = Runtime::new().unwrap().block_on(forward_all());
    let readers = READERS.iter().zip(&forwarded);
    let faults: String = readers.map(|(reader, all)| faults(*reader, installed, all)).collect();
    assert!(faults.is_empty(), "{faults}");
}
