//! Opens a connection, with TLS for an https address.

use std::io;

use http::Uri;
use rustls::pki_types::ServerName;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpStream, lookup_host},
};
use tokio_rustls::TlsConnector;

use crate::failure::Failure;

/// Represents a connection with or without TLS.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

pub(crate) async fn open(tls: &TlsConnector, url: &Uri) -> Result<Box<dyn Stream>, Failure> {
    let host = url.host().unwrap_or_default().trim_matches(['[', ']']);
    let is_https = url.scheme_str() == Some("https");
    let port = url.port_u16().unwrap_or(if is_https { 443 } else { 80 });
    let stream = connect(url, host, port).await?;
    if !is_https {
        return Ok(Box::new(stream));
    }
    let name = ServerName::try_from(host.to_owned()).map_err(|error| Failure::at(url, error))?;
    let stream = tls.connect(name, stream).await.map_err(|error| Failure::tls(url, &error))?;
    Ok(Box::new(stream))
}

/// Connects to the first address of the host that answers.
async fn connect(url: &Uri, host: &str, port: u16) -> Result<TcpStream, Failure> {
    let addresses = lookup_host((host, port)).await.map_err(|error| Failure::name(url, &error))?;
    let mut failed = Failure::name(url, &io::Error::from(io::ErrorKind::NotFound));
    for address in addresses {
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(error) => failed = Failure::connection(url, &error),
        }
    }
    Err(failed)
}
