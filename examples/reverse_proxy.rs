//! The policy in front of any server, in any language: a gateway for one site and one upstream.
//!
//! `cargo run --example reverse_proxy -- 127.0.0.1:3000 127.0.0.1:8000 https://example.tld` listens at the
//! first address for the site, and asks the second. Bodies stream both ways, and so do WebSockets. Who names
//! another host gets a 421: `curl -H 'Host: example.tld' http://127.0.0.1:3000/`.

use std::{convert::Infallible, net::IpAddr, time::Duration};

use http_body_util::{Either, Full};
use hyper::{
    HeaderMap, Method, Request, Response, StatusCode, Uri, Version,
    body::{Bytes, Incoming},
    header::{self, HeaderName, HeaderValue},
    http::uri::{Authority, Scheme},
    upgrade::{self, OnUpgrade},
};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
    service::TowerToHyperService,
};
use tokio::time::sleep;
use tower::ServiceBuilder;
use tower_hardening::{Hardening, HardeningLayer, Host, Origin};

/// The upstream's own bytes, or a refusal of the gateway's.
type Body = Either<Incoming, Full<Bytes>>;

/// What is between two neighbours and no further (RFC 9110 sections 7.6.1 and 11.7), besides what `Connection` names.
const HOP_BY_HOP: [HeaderName; 8] = [
    header::CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    header::PROXY_AUTHENTICATE,
    header::PROXY_AUTHORIZATION,
    header::TE,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

/// What the upstream says about itself, which is nobody's business.
const ABOUT_THE_UPSTREAM: [HeaderName; 2] =
    [header::SERVER, HeaderName::from_static("x-powered-by")];

#[derive(Clone)]
struct Gateway {
    client: Client<HttpConnector, Incoming>,
    upstream: Authority,
    site: Origin,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let mut arg = |default: &str| args.next().unwrap_or(default.into());
    let (address, upstream, site) =
        (arg("127.0.0.1:3000"), arg("127.0.0.1:8000"), arg("https://example.tld"));
    let gateway = Gateway {
        client: Client::builder(TokioExecutor::new()).build_http(),
        upstream: upstream.parse()?,
        site: site.parse()?,
    };
    // The upstream may be anything: what it says of these headers is replaced.
    let hardening = HardeningLayer::new(Hardening::pleroma(&gateway.site)).overriding();

    let listener = tokio::net::TcpListener::bind(address).await?;
    println!("listening on http://{}", listener.local_addr()?);
    loop {
        let (stream, peer) = match listener.accept().await {
            Ok(accepted) => accepted,
            // There are as many connections as files may be open: some of them end.
            Err(error) => {
                eprintln!("accept: {error}");
                sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let gateway = gateway.clone();
        let forward = move |request| gateway.clone().forward(peer.ip(), request);
        let service = ServiceBuilder::new().layer(hardening.clone()).service_fn(forward);
        tokio::spawn(async move {
            let builder = Builder::new(TokioExecutor::new());
            let service = TowerToHyperService::new(service);
            let connection =
                builder.serve_connection_with_upgrades(TokioIo::new(stream), service).await;
            if let Err(error) = connection {
                eprintln!("connection: {error}");
            }
        });
    }
}

impl Gateway {
    async fn forward(
        self,
        peer: IpAddr,
        mut request: Request<Incoming>,
    ) -> Result<Response<Body>, Infallible> {
        if request.method() == Method::CONNECT {
            return Ok(refusal(StatusCode::METHOD_NOT_ALLOWED, "this is no tunnel\n"));
        }
        // The upstream is told the site's name, and could not refuse another.
        if !Host::of(&request).is_some_and(|named| named.is_of(&self.site)) {
            return Ok(refusal(StatusCode::MISDIRECTED_REQUEST, "this is another host\n"));
        }
        let protocol = websocket(request.headers());
        let client = protocol.as_ref().map(|_| upgrade::on(&mut request));
        let Some(request) = self.outgoing(peer, request, protocol.as_ref()) else {
            return Ok(refusal(StatusCode::BAD_REQUEST, "this asks for no path\n"));
        };
        match self.client.request(request).await {
            Ok(response) => Ok(incoming(response, client)),
            Err(error) => {
                eprintln!("upstream: {error}");
                Ok(refusal(StatusCode::BAD_GATEWAY, "the upstream does not answer\n"))
            }
        }
    }

    /// The request as the upstream gets it. What the client says of itself is replaced, not passed on.
    fn outgoing(
        &self,
        peer: IpAddr,
        request: Request<Incoming>,
        protocol: Option<&HeaderValue>,
    ) -> Option<Request<Incoming>> {
        let (mut parts, body) = request.into_parts();
        let uri = Uri::builder().scheme(Scheme::HTTP).authority(self.upstream.clone());
        parts.uri = uri.path_and_query(parts.uri.path_and_query()?.clone()).build().ok()?;
        parts.version = Version::HTTP_11;
        let headers = &mut parts.headers;
        // Before the forwarded headers are set: a client may name them in `Connection`.
        remove_hop_by_hop(headers);
        remove_forwarded(headers);
        join_cookies(headers);
        let site = self.site.authority();
        for (name, value) in [
            (header::HOST, site.as_str()),
            (header::VIA, "1.1 tower-hardening"),
            (HeaderName::from_static("x-forwarded-for"), &peer.to_canonical().to_string()),
            (HeaderName::from_static("x-forwarded-proto"), self.site.scheme()),
            (HeaderName::from_static("x-forwarded-host"), &site),
        ] {
            headers.insert(name, value.parse().ok()?);
        }
        if let Some(protocol) = protocol {
            ask_for_upgrade(headers, protocol.clone());
        }
        Some(Request::from_parts(parts, body))
    }
}

/// The upstream's response as the client gets it.
fn incoming(mut response: Response<Incoming>, client: Option<OnUpgrade>) -> Response<Body> {
    let protocol = response.headers().get(header::UPGRADE).cloned();
    let switched = response.status() == StatusCode::SWITCHING_PROTOCOLS;
    let upstream = switched.then(|| upgrade::on(&mut response));
    // The version is between neighbours as well.
    *response.version_mut() = Version::HTTP_11;
    let headers = response.headers_mut();
    remove_hop_by_hop(headers);
    ABOUT_THE_UPSTREAM.iter().for_each(|name| drop(headers.remove(name)));
    match (upstream, client, protocol) {
        (None, ..) => {}
        (Some(upstream), Some(client), Some(protocol)) => {
            ask_for_upgrade(headers, protocol);
            tokio::spawn(tunnel(client, upstream));
        }
        _ => return refusal(StatusCode::BAD_GATEWAY, "the upstream switched unasked\n"),
    }
    response.map(Either::Left)
}

/// Passes bytes on, both ways, until both ends are done.
async fn tunnel(client: OnUpgrade, upstream: OnUpgrade) {
    let joined = async {
        let (client, upstream) = tokio::try_join!(client, upstream)?;
        let (mut client, mut upstream) = (TokioIo::new(client), TokioIo::new(upstream));
        tokio::io::copy_bidirectional(&mut client, &mut upstream).await?;
        Ok::<_, Box<dyn std::error::Error + Send + Sync>>(())
    };
    if let Err(error) = joined.await {
        eprintln!("upgrade: {error}");
    }
}

/// The protocol, if it is the one to upgrade to: others, such as h2c, would open a way past the gateway.
fn websocket(headers: &HeaderMap) -> Option<HeaderValue> {
    let protocol = headers.get(header::UPGRADE)?;
    let asked = options(headers).any(|option| option.eq_ignore_ascii_case("upgrade"));
    (asked && protocol.as_bytes().eq_ignore_ascii_case(b"websocket")).then(|| protocol.clone())
}

fn ask_for_upgrade(headers: &mut HeaderMap, protocol: HeaderValue) {
    headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
    headers.insert(header::UPGRADE, protocol);
}

/// The options of `Connection`: names of what goes no further.
fn options(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let lines = headers.get_all(header::CONNECTION).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).map(str::trim)
}

fn remove_hop_by_hop(headers: &mut HeaderMap) {
    // Chunks are as long as they are; a length beside them would frame the body anew (RFC 9112 section 6.3).
    if headers.contains_key(header::TRANSFER_ENCODING) {
        headers.remove(header::CONTENT_LENGTH);
    }
    let named: Vec<HeaderName> = options(headers).filter_map(|name| name.parse().ok()).collect();
    named.iter().chain(&HOP_BY_HOP).for_each(|name| drop(headers.remove(name)));
}

/// What other gateways say of the client: this one is the first that is trusted. `Proxy` becomes `HTTP_PROXY` in CGI,
/// where `X_Forwarded_For` is the same as `X-Forwarded-For`.
fn remove_forwarded(headers: &mut HeaderMap) {
    let said: Vec<HeaderName> = headers
        .keys()
        .filter(|name| {
            let name = name.as_str().replace('_', "-");
            name.starts_with("x-forwarded-")
                || matches!(
                    &*name,
                    "forwarded" | "front-end-https" | "proxy" | "x-real-ip" | "x-url-scheme"
                )
        })
        .cloned()
        .collect();
    said.iter().for_each(|name| drop(headers.remove(name)));
}

/// HTTP/2 may have a line for each cookie, HTTP/1.1 has one for all (RFC 9113 section 8.2.3).
fn join_cookies(headers: &mut HeaderMap) {
    let lines: Vec<_> = headers.get_all(header::COOKIE).iter().map(HeaderValue::as_bytes).collect();
    if lines.len() > 1 {
        if let Ok(line) = HeaderValue::from_bytes(&lines.join(&b"; "[..])) {
            headers.insert(header::COOKIE, line);
        }
    }
}

fn refusal(status: StatusCode, why: &'static str) -> Response<Body> {
    let mut response = Response::new(Either::Right(Full::from(why)));
    *response.status_mut() = status;
    let text = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, text);
    response
}
