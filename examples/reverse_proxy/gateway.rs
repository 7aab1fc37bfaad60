//! Forwards a request to the upstream, and returns its response.

use std::{convert::Infallible, net::IpAddr, time::Duration};

use http_body_util::{BodyExt, Either, combinators::UnsyncBoxBody};
use hyper::{
    HeaderMap, Method, Request, Response, StatusCode, Uri, Version,
    body::{Bytes, Incoming},
    header::{self, HeaderName, HeaderValue},
    http::uri::{Authority, Scheme},
    upgrade::{self, OnUpgrade},
};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioIo,
};
use tower_hardening::{Origin, connection::Host};

use crate::{
    headers::{self, join_cookies, options, remove_hop_by_hop},
    refusal::{Body, METHODS, Refusal},
    serving::{
        body::{Pace, Paced},
        seat::{Held, Seat},
        seats,
        slots::{Slot, Slots},
    },
    tunnel,
};

/// Represents the request body that is sent to the upstream, without trailers.
type Outgoing = UnsyncBoxBody<Bytes, hyper::Error>;

/// The headers in which the upstream describes itself. They are removed.
const ABOUT_THE_UPSTREAM: [HeaderName; 2] =
    [header::SERVER, HeaderName::from_static("x-powered-by")];

/// The time that the upstream has for a response's head, without the time in which the client sends the body.
const LONGEST_WORK: Duration = Duration::from_secs(60);

/// The time in which one end of a WebSocket has to send something, a ping for example.
const LONGEST_SILENCE: Duration = Duration::from_secs(120);

#[derive(Clone)]
pub(crate) struct Gateway {
    pub(crate) client: Client<HttpConnector, Outgoing>,
    pub(crate) upstream: Authority,
    pub(crate) site: Origin,
    pub(crate) more_headers: Vec<HeaderName>,
    pub(crate) sockets: Slots<IpAddr>,
}

impl Gateway {
    /// Returns the upstream's response, or the gateway's own if it rejects the request.
    pub(crate) async fn forward(
        self,
        peer: IpAddr,
        request: Request<Paced>,
    ) -> Result<Response<Body>, Infallible> {
        Ok(self.answer(peer, request).await.unwrap_or_else(Refusal::into_response))
    }

    async fn answer(
        &self,
        peer: IpAddr,
        mut request: Request<Paced>,
    ) -> Result<Response<Body>, Refusal> {
        self.check(&request)?;
        let extensions = request.extensions();
        let (pace, seat) = (extensions.get::<Pace>().cloned(), extensions.get::<Seat>().cloned());
        let (Some(pace), Some(seat)) = (pace, seat) else {
            return Err(Refusal(StatusCode::INTERNAL_SERVER_ERROR, "there is no connection\n"));
        };
        let protocol = websocket(request.method(), request.headers());
        let client = match &protocol {
            Some(_) => Some(self.upgrade(peer, &mut request, &seat)?),
            None => None,
        };
        let request = self
            .outgoing(peer, request, protocol.as_ref())
            .ok_or(Refusal(StatusCode::BAD_REQUEST, "this asks for no path\n"))?;
        let response = self.ask(peer, request, &pace).await?;
        Ok(incoming(response, client))
    }

    /// Rejects methods that are not passed on, and other hosts.
    fn check(&self, request: &Request<Paced>) -> Result<(), Refusal> {
        if !METHODS.contains(request.method()) {
            return Err(Refusal(StatusCode::METHOD_NOT_ALLOWED, "not with this method\n"));
        }
        // The upstream receives the site's name, so it could not reject another host.
        if !Host::from_request(request).is_some_and(|named| named.is_of(&self.site)) {
            return Err(Refusal(StatusCode::MISDIRECTED_REQUEST, "this is another host\n"));
        }
        Ok(())
    }

    /// Takes a slot for the WebSocket of a client.
    fn upgrade(
        &self,
        peer: IpAddr,
        request: &mut Request<Paced>,
        seat: &Seat,
    ) -> Result<Upgrade, Refusal> {
        match self.sockets.take(seats::network(peer)) {
            Ok(slot) => Ok(Upgrade { on: upgrade::on(request), slot, held: seat.hold() }),
            Err(full) => {
                tracing::warn!(%peer, ?full, "a WebSocket is refused: too many are open");
                let words = "too many WebSockets are open\n";
                Err(Refusal(StatusCode::SERVICE_UNAVAILABLE, words))
            }
        }
    }

    /// Sends the request, and waits for the head of the response.
    async fn ask(
        &self,
        peer: IpAddr,
        request: Request<Outgoing>,
        pace: &Pace,
    ) -> Result<Response<Incoming>, Refusal> {
        let response = tokio::select! {
            response = self.client.request(request) => response,
            () = pace.too_slow() => {
                tracing::info!(%peer, "a request is given up: its body comes too slowly");
                let words = "the request came too slowly\n";
                return Err(Refusal(StatusCode::REQUEST_TIMEOUT, words));
            }
            () = pace.worked_for(LONGEST_WORK) => {
                tracing::warn!("the upstream takes too long");
                return Err(Refusal(StatusCode::GATEWAY_TIMEOUT, "the upstream takes too long\n"));
            }
        };
        response.map_err(|error| {
            tracing::warn!(?error, "the upstream does not answer");
            Refusal(StatusCode::BAD_GATEWAY, "the upstream does not answer\n")
        })
    }

    /// Returns the request for the upstream. The client's description of itself is replaced.
    fn outgoing(
        &self,
        peer: IpAddr,
        request: Request<Paced>,
        protocol: Option<&HeaderValue>,
    ) -> Option<Request<Outgoing>> {
        let (head, body) = request.into_parts();
        let uri = Uri::builder().scheme(Scheme::HTTP).authority(self.upstream.clone());
        let path = head.uri.path_and_query()?.clone();
        // An asterisk represents the whole server (RFC 9112 section 3.2.4).
        if !path.as_str().starts_with('/') && head.method != Method::OPTIONS {
            return None;
        }
        let uri = uri.path_and_query(path).build().ok()?;
        let mut received = head.headers;
        // Do this first: a client may name any header in `Connection`.
        remove_hop_by_hop(&mut received);
        let mut outgoing = headers::passed_on(received, &self.more_headers);
        join_cookies(&mut outgoing);
        let site = self.site.authority();
        for (name, value) in [
            (header::HOST, site.as_str()),
            (header::VIA, "1.1 tower-hardening"),
            (HeaderName::from_static("x-forwarded-for"), &peer.to_canonical().to_string()),
            (HeaderName::from_static("x-forwarded-proto"), self.site.scheme()),
            (HeaderName::from_static("x-forwarded-host"), &site),
        ] {
            outgoing.insert(name, value.parse().ok()?);
        }
        if let Some(protocol) = protocol {
            ask_for_upgrade(&mut outgoing, protocol.clone());
        }
        let mut request = Request::new(headers::without_trailers(body, |_| false).boxed_unsync());
        (*request.method_mut(), *request.uri_mut(), *request.headers_mut()) =
            (head.method, uri, outgoing);
        Some(request)
    }
}

/// Holds the client's end of a WebSocket, with its slot and its seat.
struct Upgrade {
    on: OnUpgrade,
    slot: Slot<IpAddr>,
    held: Held,
}

/// Returns the upstream's response for the client.
fn incoming(mut response: Response<Incoming>, client: Option<Upgrade>) -> Response<Body> {
    let protocol = response.headers().get(header::UPGRADE).cloned();
    let switched = response.status() == StatusCode::SWITCHING_PROTOCOLS;
    let upstream = switched.then(|| upgrade::on(&mut response));
    // The version also belongs to a single connection.
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
        _ => {
            let words = "the upstream switched protocols without a request\n";
            return Refusal(StatusCode::BAD_GATEWAY, words).into_response();
        }
    }
    response.map(|body| {
        let is_passed = |name: &HeaderName| headers::TRAILERS.contains(name);
        Either::Left(headers::without_trailers(body, is_passed).boxed_unsync())
    })
}

/// Passes bytes in both directions, until one end closes or both are silent.
async fn tunnel(client: Upgrade, upstream: OnUpgrade) {
    let Upgrade { on, slot, held } = client;
    let joined = async {
        let (client, upstream) = tokio::try_join!(on, upstream)?;
        tunnel::tunnel(TokioIo::new(client), TokioIo::new(upstream), LONGEST_SILENCE).await?;
        Ok::<_, Box<dyn std::error::Error + Send + Sync>>(())
    };
    if let Err(error) = joined.await {
        tracing::debug!(error, "a WebSocket ends");
    }
    drop((slot, held));
}

/// Returns the protocol, if it is a WebSocket. Others, such as h2c, would bypass the gateway.
fn websocket(method: &Method, headers: &HeaderMap) -> Option<HeaderValue> {
    let protocol = headers.get(header::UPGRADE)?;
    let asked = method == Method::GET
        && options(headers).any(|option| option.eq_ignore_ascii_case("upgrade"));
    (asked && protocol.as_bytes().eq_ignore_ascii_case(b"websocket")).then(|| protocol.clone())
}

fn ask_for_upgrade(headers: &mut HeaderMap, protocol: HeaderValue) {
    headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
    headers.insert(header::UPGRADE, protocol);
}
