//! Sends one request, and reads the head of its response.

use std::{sync::Arc, time::Duration};

use http::{HeaderMap, Method, Request, StatusCode, Uri, header};
use http_body_util::Empty;
use hyper::{body::Bytes, client::conn::http1};
use hyper_util::rt::TokioIo;
use rustls::{ClientConfig, RootCertStore};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use crate::{connection, failure::Failure};

/// The origin of the preflight request, which no site allows by name.
pub(crate) const ORIGIN: &str = "https://audit.invalid";

/// The most headers that are read.
const MOST_HEADERS: usize = 1_000;

/// Sends requests.
pub(crate) struct Client {
    tls: TlsConnector,
    limit: Duration,
}

/// Holds the head of a response.
pub(crate) struct Head {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
}

impl Client {
    /// Trusts the certificates that this machine trusts.
    pub(crate) fn new(limit: Duration) -> Result<Self, Failure> {
        let found = rustls_native_certs::load_native_certs();
        let mut roots = RootCertStore::empty();
        let (added, _) = roots.add_parsable_certificates(found.certs);
        if added == 0 {
            let problem = found
                .errors
                .first()
                .map_or_else(|| "none is there".to_owned(), ToString::to_string);
            return Err(Failure::certificates(problem));
        }
        let config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
        Ok(Self { tls: TlsConnector::from(Arc::new(config)), limit })
    }

    /// Sends a GET request.
    pub(crate) async fn get(&self, url: &Uri) -> Result<Head, Failure> {
        let accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
        let request = Request::builder().header(header::ACCEPT, accept);
        self.send(url, request).await
    }

    /// Sends a CORS preflight request.
    pub(crate) async fn preflight(&self, url: &Uri) -> Result<Head, Failure> {
        let request = Request::builder().method(Method::OPTIONS).header(header::ORIGIN, ORIGIN);
        let request = request.header(header::ACCESS_CONTROL_REQUEST_METHOD, "GET");
        self.send(url, request).await
    }

    async fn send(&self, url: &Uri, request: http::request::Builder) -> Result<Head, Failure> {
        let sent = timeout(self.limit, self.exchange(url, request)).await;
        sent.unwrap_or_else(|_| Err(Failure::time_out(url, self.limit)))
    }

    /// Sends the request over a connection of its own. The body of the response is not read.
    async fn exchange(&self, url: &Uri, request: http::request::Builder) -> Result<Head, Failure> {
        let stream = connection::open(&self.tls, url).await?;
        let failed = |error: hyper::Error| Failure::head(url, &error);
        // Browsers accept such headers too.
        let handshake = http1::Builder::new()
            .max_headers(MOST_HEADERS)
            .allow_spaces_after_header_name_in_responses(true)
            .allow_obsolete_multiline_headers_in_responses(true)
            .ignore_invalid_headers_in_responses(true)
            .handshake(TokioIo::new(stream))
            .await;
        let (mut sender, connection) = handshake.map_err(failed)?;
        let connection = tokio::spawn(connection);
        let path = url.path_and_query().map_or("/", |path| path.as_str());
        let host = url.authority().map_or("", |authority| authority.as_str());
        let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
        let agent = concat!("tower-hardening-audit/", env!("CARGO_PKG_VERSION"));
        let request =
            request.uri(path).header(header::HOST, host).header(header::USER_AGENT, agent);
        let request =
            request.body(Empty::<Bytes>::new()).map_err(|error| Failure::at(url, error))?;
        let response = sender.send_request(request).await.map_err(failed);
        connection.abort();
        let (head, _) = response?.into_parts();
        Ok(Head { status: head.status, headers: head.headers })
    }
}
