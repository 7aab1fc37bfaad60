//! Creates a certificate authority for the tests, and serves https with its certificates.

use std::{fs, net::SocketAddr, path::Path, sync::Arc};

use http::{Request, Response, Version, header};
use http_body::Body;
use http_body_util::BodyExt;
use hyper::{
    body::Bytes,
    client::conn::{http1, http2},
};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::{
    ClientConfig, RootCertStore, SupportedProtocolVersion,
    crypto::ring,
    pki_types::ServerName,
    version::{TLS12, TLS13},
};
use tokio::net::TcpStream;
use tokio_rustls::{TlsConnector, client::TlsStream};

/// Signs certificates that live as long as a test.
pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub(crate) fn new() -> Self {
        let mut params = CertificateParams::new([]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    /// Writes a certificate for the name and its key, as ACME clients name them.
    pub(crate) fn issue(&self, name: &str, directory: &Path) {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new([name.to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &self.0).unwrap();
        fs::create_dir_all(directory).unwrap();
        fs::write(directory.join("fullchain.pem"), certificate.pem()).unwrap();
        fs::write(directory.join("privkey.pem"), key.serialize_pem()).unwrap();
    }

    /// Returns a connection that trusts this authority only.
    pub(crate) async fn connect(
        &self,
        address: SocketAddr,
        name: &str,
        protocol: &str,
        versions: &[&'static SupportedProtocolVersion],
    ) -> std::io::Result<TlsStream<TcpStream>> {
        let mut roots = RootCertStore::empty();
        roots.add(self.0.der().clone()).unwrap();
        let mut config = ClientConfig::builder_with_provider(ring::default_provider().into())
            .with_protocol_versions(versions)
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = vec![protocol.into()];
        let stream = TcpStream::connect(address).await?;
        let name = ServerName::try_from(name.to_owned()).unwrap();
        TlsConnector::from(Arc::new(config)).connect(name, stream).await
    }

    /// Sends a request to the host of its address over https.
    pub(crate) async fn ask<B>(
        &self,
        address: SocketAddr,
        version: Version,
        host: &str,
        request: Request<B>,
    ) -> Response<Bytes>
    where
        B: Body<Data = Bytes, Error: Into<Box<dyn std::error::Error + Send + Sync>>>,
        B: Send + Unpin + 'static,
    {
        let http_2 = version == Version::HTTP_2;
        let protocol = if http_2 { "h2" } else { "http/1.1" };
        let stream = self.connect(address, host, protocol, &[&TLS12, &TLS13]).await.unwrap();
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(protocol.as_bytes()));
        let stream = TokioIo::new(stream);
        let (mut parts, body) = request.into_parts();
        let response = if http_2 {
            parts.uri = format!("https://{host}{}", parts.uri).parse().unwrap();
            let (mut sender, connection) =
                http2::handshake(TokioExecutor::new(), stream).await.unwrap();
            tokio::spawn(connection);
            sender.send_request(Request::from_parts(parts, body)).await
        } else {
            parts.headers.entry(header::HOST).or_insert(host.parse().unwrap());
            let (mut sender, connection) = http1::handshake(stream).await.unwrap();
            tokio::spawn(connection);
            sender.send_request(Request::from_parts(parts, body)).await
        };
        let (parts, body) = response.unwrap().into_parts();
        Response::from_parts(parts, body.collect().await.unwrap().to_bytes())
    }
}
