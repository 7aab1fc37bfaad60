//! Runs upstreams that answer with the request, byte for byte.

use std::net::SocketAddr;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy, split},
    net::{TcpListener, TcpStream},
};

/// Answers each request with its head as the body, and with these header lines.
pub(crate) async fn heads(lines: &'static str) -> SocketAddr {
    serve(move |mut stream: TcpStream| async move {
        let head = head(&mut stream).await;
        let answer = format!(
            "HTTP/1.1 200 OK\r\n{lines}Connection: close\r\nContent-Length: {}\r\n\r\n{head}",
            head.len()
        );
        let _ = stream.write_all(answer.as_bytes()).await;
    })
    .await
}

/// Answers at once, and sends each chunk of the request back as it comes.
pub(crate) async fn chunks() -> SocketAddr {
    serve(move |mut stream: TcpStream| async move {
        head(&mut stream).await;
        let (mut read, mut write) = split(stream);
        let answer = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        let _ = write.write_all(answer).await;
        // The framing of the request's body is also valid for the response.
        let _ = copy(&mut read, &mut write).await;
    })
    .await
}

/// Passes each connection to the function, until the test's runtime ends.
pub(crate) async fn serve<F>(answer: impl Fn(TcpStream) -> F + Send + 'static) -> SocketAddr
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer(stream));
        }
    });
    address
}

/// Reads up to the empty line.
pub(crate) async fn head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => break,
        }
    }
    String::from_utf8(head).unwrap()
}

/// Returns the values of a header in a head, in any letter case.
pub(crate) fn values<'a>(head: &'a str, name: &str) -> Vec<&'a str> {
    let lines = head.lines().skip(1).filter_map(|line| line.split_once(": "));
    lines.filter(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value).collect()
}
