//! Tests a flood of whole requests over HTTP/2 from one address, and a person at another address.

use std::{collections::VecDeque, net::SocketAddr, time::Duration};

use http::{StatusCode, Version};
use tokio::{
    io::AsyncWriteExt,
    net::{TcpSocket, TcpStream},
    task::JoinSet,
    time::{sleep, timeout},
};

use crate::client::{ask_on, get};
use crate::pleroma::ephemeral;

/// The time that a person waits, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(6);

/// The connections that each task of the flood keeps.
const KEPT: usize = 60;

async fn connect(address: SocketAddr, from: &str) -> TcpStream {
    let client = TcpSocket::new_v4().unwrap();
    client.bind(format!("{from}:0").parse().unwrap()).unwrap();
    client.connect(address).await.unwrap()
}

/// Returns the bytes of a connection with 64 requests, which is the limit of the server.
fn requests() -> Vec<u8> {
    let mut bytes = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0".to_vec();
    // GET and http, then the path and the authority as literals.
    let mut head = vec![0x82, 0x86];
    for (name, value) in [(0x04, "/api/v1/timeline"), (0x01, "example.tld")] {
        head.extend([name, value.len() as u8]);
        head.extend(value.as_bytes());
    }
    for stream in (1..128_u32).step_by(2) {
        // HEADERS that ends both the head and the request.
        bytes.extend([0, 0, head.len() as u8, 1, 5]);
        bytes.extend(stream.to_be_bytes());
        bytes.extend(&head);
    }
    bytes
}

/// Opens connections without end, and reads nothing.
async fn flood(address: SocketAddr) {
    let requests = requests();
    let mut kept = VecDeque::new();
    loop {
        let mut stream = connect(address, "127.0.0.2").await;
        let _ = stream.write_all(&requests).await;
        kept.push_back(stream);
        if kept.len() > KEPT {
            kept.pop_front();
        }
        // Requests of a connection that is closed too soon are not worked on.
        sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn whole_requests_over_http2_of_one_address_do_not_delay_those_of_another() {
    let server = ephemeral();
    let mut floods = JoinSet::new();
    for _ in 0..3 {
        floods.spawn(flood(server.address));
    }
    sleep(Duration::from_secs(2)).await;
    for _ in 0..3 {
        let person = async {
            let stream = connect(server.address, "127.0.0.1").await;
            ask_on(stream, Version::HTTP_11, get("/api/v1/timeline")).await
        };
        let response = timeout(PATIENCE, person).await.expect("nobody is served");
        assert_eq!(response.status(), StatusCode::OK);
    }
    assert!(floods.try_join_next().is_none(), "the flood ended");
}
