//! Tests https, by a certificate that is made for the test.

use std::{
    env, fs,
    io::{Read, Write},
    net::TcpStream,
    path::PathBuf,
    process::{Command, Stdio},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use http::Request;
use http_body_util::Full;
use hyper::{body::Bytes, client::conn::http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned,
    crypto::ring,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};
use tokio_rustls::TlsConnector;

use crate::guide::GUIDE;
use crate::pleroma::pleroma;
use crate::process::{Directory, Server, run};

/// Holds a certificate for `localhost` that signs itself, and its key.
pub(crate) struct Pem {
    directory: Directory,
    certificate: PathBuf,
    key: PathBuf,
}

/// `None` on a machine without openssl, with a line that says so. In CI this is a failure.
pub(crate) fn pem() -> Option<Pem> {
    let directory = Directory::new();
    let (certificate, key) =
        (directory.path().join("certificate.pem"), directory.path().join("key.pem"));
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"])
        .args(["-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"])
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .arg("-out")
        .arg(&certificate)
        .arg("-keyout")
        .arg(&key)
        .stderr(Stdio::null())
        .status();
    match made {
        Ok(status) => assert!(status.success(), "openssl: {status}"),
        Err(error) => {
            assert!(env::var("CI").as_deref() != Ok("true"), "openssl: {error}");
            eprintln!("skipped: there is no openssl to make a certificate with");
            return None;
        }
    }
    Some(Pem { directory, certificate, key })
}

impl Pem {
    pub(crate) fn certificate(&self) -> &std::path::Path {
        &self.certificate
    }

    /// Returns the example with them.
    pub(crate) fn command(&self) -> Command {
        let mut command = pleroma();
        command.arg("--ephemeral").arg("--tls-cert").arg(&self.certificate);
        command.arg("--tls-key").arg(&self.key);
        command
    }

    fn serve(&self) -> Server {
        Server::start(&mut self.command())
    }

    /// Returns a connection that trusts this certificate and no other.
    fn connect(&self, server: &Server, protocol: &str) -> StreamOwned<ClientConnection, TcpStream> {
        let connection = ClientConnection::new(self.trust(protocol), name()).unwrap();
        StreamOwned::new(connection, TcpStream::connect(server.address).unwrap())
    }

    async fn connect_async(
        &self,
        server: &Server,
        protocol: &str,
    ) -> tokio_rustls::client::TlsStream<tokio::net::TcpStream> {
        let stream = tokio::net::TcpStream::connect(server.address).await.unwrap();
        TlsConnector::from(self.trust(protocol)).connect(name(), stream).await.unwrap()
    }

    fn trust(&self, protocol: &str) -> Arc<ClientConfig> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(&self.certificate).unwrap()).unwrap();
        let mut config = ClientConfig::builder_with_provider(ring::default_provider().into())
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = vec![protocol.into()];
        Arc::new(config)
    }
}

/// Returns the name in the certificate.
fn name() -> ServerName<'static> {
    ServerName::try_from("localhost").unwrap()
}

#[test]
fn with_a_certificate_it_serves_https_with_the_nine_headers() {
    let Some(pem) = pem() else { return };
    let server = pem.serve();
    for (path, status) in [("/", "200 OK"), ("/nothing", "404 Not Found")] {
        let mut stream = pem.connect(&server, "http/1.1");
        write!(stream, "GET {path} HTTP/1.1\r\nHost: example.tld\r\nConnection: close\r\n\r\n")
            .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, _) = answer.split_once("\r\n\r\n").unwrap();
        let mut lines = head.lines();
        assert_eq!(lines.next(), Some(&*format!("HTTP/1.1 {status}")));
        let lines: Vec<&str> = lines.collect();
        for (name, value) in GUIDE {
            let line = format!("{name}: {value}");
            assert_eq!(lines.iter().filter(|found| **found == line).count(), 1, "{line}");
        }
    }
    let finished = server.stop(Duration::from_secs(10));
    assert!(finished.stdout.starts_with("open https://127.0.0.1:"), "{}", finished.stdout);
    assert_eq!(finished.status.code(), Some(0));
}

#[test]
fn a_hangup_replaces_the_certificate_and_an_unusable_one_replaces_nothing() {
    let (Some(old), Some(new)) = (pem(), pem()) else { return };
    let server = old.serve();
    let answers = |pem: &Pem| {
        let mut stream = pem.connect(&server, "http/1.1");
        let asked = stream.write_all(b"HEAD /nothing HTTP/1.1\r\nHost: example.tld\r\n\r\n");
        asked.and_then(|()| stream.read_exact(&mut [0; 12])).is_ok()
    };
    let directory = Directory::new();
    let certificate = directory.path().join("original.pem");
    fs::copy(&old.certificate, &certificate).unwrap();
    let original = Pem { directory, key: old.key.clone(), certificate };
    assert!(answers(&original) && !answers(&new));
    // The key of one with the certificate of the other.
    fs::copy(&new.key, &old.key).unwrap();
    server.hang_up();
    thread::sleep(Duration::from_millis(300));
    assert!(answers(&original) && !answers(&new));

    fs::copy(&new.certificate, &old.certificate).unwrap();
    server.hang_up();
    let start = Instant::now();
    while !answers(&new) {
        assert!(start.elapsed() < Duration::from_secs(30), "the certificate stays");
        thread::sleep(Duration::from_millis(5));
    }
    let log = server.stop(Duration::from_secs(10)).stderr;
    assert!(log.contains("certificate.pem") && log.contains("the reload failed"), "{log}");
}

#[test]
fn it_serves_http_2_over_tls() {
    let Some(pem) = pem() else { return };
    let server = pem.serve();
    let mut stream = pem.connect(&server, "h2");
    stream.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").unwrap();
    let mut frame = [0; 9];
    stream.read_exact(&mut frame).unwrap();
    assert_eq!(stream.conn.alpn_protocol(), Some(&b"h2"[..]));
    assert_eq!(frame[3], 4, "the first frame is SETTINGS");
}

/// FOUND K10: a rebound name is refused over TLS as well, with either protocol.
#[tokio::test]
async fn another_host_is_refused_over_tls() {
    let Some(pem) = pem() else { return };
    let server = pem.serve();
    for (host, status) in [
        ("example.tld", 200),
        ("localhost", 200),
        ("127.0.0.1", 200),
        ("[::1]:8443", 200),
        ("rebound.example", 421),
        ("localhost.rebound.example", 421),
    ] {
        let mut stream = pem.connect(&server, "http/1.1");
        write!(stream, "GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{host}: {answer}");

        let stream = TokioIo::new(pem.connect_async(&server, "h2").await);
        let (mut sender, connection) =
            http2::handshake(TokioExecutor::new(), stream).await.unwrap();
        tokio::spawn(connection);
        let request = Request::get(format!("https://{host}/")).body(Full::<Bytes>::default());
        let response = sender.send_request(request.unwrap()).await.unwrap();
        assert_eq!(response.status(), status, "{host}");
    }
}

/// Handshakes that are half sent wait no longer than heads, and others are served.
#[tokio::test]
async fn half_sent_handshakes_do_not_shut_others_out_and_end() {
    let Some(pem) = pem() else { return };
    let server = pem.serve();
    let hello = [0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3];
    let mut crowd = Vec::new();
    for _ in 0..100 {
        let mut stream = TcpStream::connect(server.address).unwrap();
        stream.write_all(&hello).unwrap();
        crowd.push(stream);
    }
    let mut person = pem.connect(&server, "http/1.1");
    write!(person, "GET / HTTP/1.1\r\nHost: example.tld\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    person.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    let start = Instant::now();
    let mut stream = crowd.remove(0);
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let _reset = stream.read_to_end(&mut Vec::new());
    assert!(start.elapsed() < Duration::from_secs(25), "{:?}", start.elapsed());
}

#[test]
fn it_does_not_serve_plain_http_on_the_same_port() {
    let Some(pem) = pem() else { return };
    let server = pem.serve();
    let mut stream = TcpStream::connect(server.address).unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    let _reset = stream.read_to_end(&mut answer);
    assert!(!answer.starts_with(b"HTTP"), "{answer:?}");
}

#[test]
fn a_certificate_without_its_key_is_a_usage_error() {
    for (one, other) in [("--tls-cert", "--tls-key"), ("--tls-key", "--tls-cert")] {
        let finished = run(pleroma().args(["--ephemeral", one, "file.pem"]));
        assert_eq!((finished.stdout.as_str(), finished.status.code()), ("", Some(2)));
        assert!(finished.stderr.contains(&format!("\n  {other} <FILE>\n")), "{}", finished.stderr);
    }
}

#[test]
fn files_that_are_not_certificates_are_rejected_by_name() {
    let Some(pem) = pem() else { return };
    let empty = pem.directory.file("empty.pem", "");
    let missing = pem.directory.path().join("missing.pem");
    let (chain, private) = (&pem.certificate, &pem.key);
    for (certificate, key, named, problem) in [
        (
            &empty,
            private,
            &empty,
            "has not a certificate as PEM; write the path of a certificate as --tls-cert",
        ),
        (&missing, private, &missing, "cannot be read: "),
        (private, private, private, "has not a certificate as PEM"),
        (
            chain,
            &empty,
            &empty,
            "has not a private key as PEM; write the path of a private key as --tls-key",
        ),
        (chain, &missing, &missing, "cannot be read: "),
        (chain, chain, chain, "has not a private key as PEM"),
    ] {
        for check in [&[][..], &["--check"]] {
            let mut command = pleroma();
            command.arg("--ephemeral").args(check).arg("--tls-cert").arg(certificate);
            let finished = run(command.arg("--tls-key").arg(key));
            assert_eq!((finished.stdout.as_str(), finished.status.code()), ("", Some(2)));
            let expected = format!("error: {}: {problem}", named.display());
            assert!(finished.stderr.starts_with(&expected), "{}", finished.stderr);
        }
    }
}
