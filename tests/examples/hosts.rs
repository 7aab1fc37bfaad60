//! The hosts that the example answers: a page of an attacker whose name leads to this machine names none of them.

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::pleroma::{ephemeral, pleroma};
use crate::process::{Directory, Server, run};

/// Returns the status of a request with these `Host` lines, and the response in lower case.
async fn ask(server: &Server, target: &str, hosts: &[&str]) -> (u16, String) {
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let lines: String = hosts.iter().map(|host| format!("Host: {host}\r\n")).collect();
    let request = format!("GET {target} HTTP/1.1\r\n{lines}Connection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    timeout(Duration::from_secs(20), stream.read_to_end(&mut answer)).await.unwrap().unwrap();
    let answer = String::from_utf8_lossy(&answer).to_lowercase();
    (answer["http/1.1 ".len()..][..3].parse().unwrap(), answer)
}

#[tokio::test]
async fn the_site_loopback_names_and_addresses_are_answered_in_every_spelling() {
    let server = ephemeral();
    for host in [
        "example.tld",
        "EXAMPLE.tld",
        "example.tld.",
        "example.tld:4000",
        "localhost",
        "a.localhost:80",
        "127.0.0.1:1",
        "10.0.0.1",
        "[::1]",
        "[2001:DB8::1]:4000",
    ] {
        assert_eq!(ask(&server, "/", &[host]).await.0, 200, "{host}");
    }
    for target in ["http://example.tld/", "https://EXAMPLE.tld./"] {
        let host = target.split('/').nth(2).unwrap();
        assert_eq!(ask(&server, target, &[host]).await.0, 200, "{target}");
    }
}

#[tokio::test]
async fn every_other_name_several_hosts_and_none_are_misdirected_with_the_headers() {
    let server = ephemeral();
    for hosts in [
        &["evil.example"][..],
        &["localhost.evil.example"],
        &["127.0.0.1.evil.example"],
        &["evil.example.tld"],
        &["evilexample.tld"],
        &["example.tld.evil.example"],
        &["example.tld:65536"],
        &["example.tld:"],
        &["example.tld@evil.example"],
        &["example.tld, evil.example"],
        &["2130706433"],
        &["0x7f.1"],
        &["[fe80::1%25eth0]"],
        &["[fe80::1%eth0]"],
        &["[::1"],
        &["example.tld", "evil.example"],
        &["example.tld", "example.tld"],
        &[""],
        &[],
    ] {
        let (status, answer) = ask(&server, "/", hosts).await;
        assert_eq!(status, 421, "{hosts:?}");
        assert!(answer.contains("\r\ncontent-security-policy: "), "{hosts:?}: {answer}");
        assert!(!answer.contains("set-cookie"), "{hosts:?}: {answer}");
    }
}

#[tokio::test]
async fn a_target_and_a_host_that_differ_are_misdirected() {
    let server = ephemeral();
    for (target, host) in [
        ("http://example.tld/", "evil.example"),
        ("http://evil.example/", "example.tld"),
        ("http://user@example.tld/", "example.tld"),
        ("http://evil.example/", "evil.example"),
    ] {
        assert_eq!(ask(&server, target, &[host]).await.0, 421, "{target} {host}");
    }
}

#[test]
fn a_name_of_this_machine_in_the_list_is_superfluous() {
    let directory = Directory::new();
    let list = "hosts.allowed = ['localhost:4000', '127.0.0.1', 'a.example']";
    let config = directory.file("settings.toml", list);
    let finished = run(pleroma().args(["--check", "--ephemeral", "--config"]).arg(config));
    let notes: Vec<&str> = finished
        .stderr
        .lines()
        .filter_map(|line| line.strip_prefix("note: hosts.allowed: "))
        .collect();
    let remedy = "is always answered; remove it";
    assert_eq!(notes, [format!("'localhost:4000' {remedy}"), format!("'127.0.0.1' {remedy}")]);
}
