//! Runs a gateway for one site and one upstream, which adds the policies to any server in any language.
//!
//! Run `cargo run --example reverse_proxy -- 127.0.0.1:3000 127.0.0.1:8000 https://example.tld`. It listens at the
//! first address for the site, and forwards to the second. Bodies and WebSockets stream both ways. A request for
//! another host gets a 421; try `curl -H 'Host: example.tld' http://127.0.0.1:3000/`.
//!
//! The gateway forwards listed methods and headers only, and no trailers of a request. More request headers can
//! follow the site on the command line. No client can occupy the resources of others: see `serving`.

use std::{
    convert::Infallible,
    future::ready,
    io,
    net::{IpAddr, SocketAddr},
    process::ExitCode,
    time::Duration,
};

use http_body_util::{BodyExt, Either, Full, combinators::UnsyncBoxBody};
use hyper::{
    HeaderMap, Method, Request, Response, StatusCode, Uri, Version,
    body::{Bytes, Incoming},
    header::{self, HeaderName, HeaderValue},
    http::uri::{Authority, Scheme},
    upgrade::{self, OnUpgrade},
};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::{TokioExecutor, TokioIo, TokioTimer},
};
use tokio::{net::TcpListener, sync::watch, time::timeout};
use tower::ServiceBuilder;
use tower_hardening::{Hardening, HardeningLayer, Origin, connection::Host};
use tracing_subscriber::filter::LevelFilter;

use self::{
    args::Args,
    headers::{join_cookies, options, remove_hop_by_hop},
    serving::{
        body::{Pace, Paced},
        seats::{self, Held, Seat, Seats},
        signal,
        slots::{Slot, Slots},
    },
};

#[path = "reverse_proxy/args.rs"]
mod args;
#[path = "reverse_proxy/headers.rs"]
mod headers;
#[path = "serving/mod.rs"]
mod serving;
#[path = "reverse_proxy/tunnel.rs"]
mod tunnel;

/// Represents the upstream's own bytes, or a rejection by the gateway.
type Body = Either<UnsyncBoxBody<Bytes, hyper::Error>, Full<Bytes>>;

/// Represents the request body that is sent to the upstream, without trailers.
type Outgoing = UnsyncBoxBody<Bytes, hyper::Error>;

/// The methods that are passed on. With TRACE a page could read cookies that are hidden from it.
const METHODS: [Method; 7] = [
    Method::GET,
    Method::HEAD,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
    Method::OPTIONS,
];

/// The headers in which the upstream describes itself. They are removed.
const ABOUT_THE_UPSTREAM: [HeaderName; 2] =
    [header::SERVER, HeaderName::from_static("x-powered-by")];

/// The maximum number of connections, if the limit on open files allows it. A request needs a connection to the
/// upstream.
const MOST_CONNECTIONS: usize = 4096;
const FILES_OF_A_REQUEST: usize = 1;

/// The maximum number of WebSockets of one client. All clients together may have half of the connections.
const MOST_SOCKETS_EACH: usize = 64;

/// The time that the upstream has for a response's head, without the time in which the client sends the body.
const LONGEST_WORK: Duration = Duration::from_secs(60);

/// The time in which one end of a WebSocket has to send something, a ping for example.
const LONGEST_SILENCE: Duration = Duration::from_secs(120);

/// The time that requests in progress have to end.
const GRACE: Duration = Duration::from_secs(10);

#[derive(Clone)]
struct Gateway {
    client: Client<HttpConnector, Outgoing>,
    upstream: Authority,
    site: Origin,
    more_headers: Vec<HeaderName>,
    sockets: Slots<IpAddr>,
}

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt().with_writer(io::stderr).with_max_level(LevelFilter::WARN).init();
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

async fn run() -> Result<(), String> {
    let Args { address, upstream, site, more_headers } = Args::read(std::env::args().skip(1))?;
    let seats = Seats::within_limits(MOST_CONNECTIONS, FILES_OF_A_REQUEST);
    let most_sockets = seats.most() / 2;
    let client = Client::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(Duration::from_secs(15))
        // Idle connections to the upstream also need files.
        .pool_max_idle_per_host(seats.most() / 4)
        .build_http();
    let sockets = Slots::new(MOST_SOCKETS_EACH.min(most_sockets), most_sockets);
    let gateway = Gateway { client, upstream, site, more_headers, sockets };
    // The upstream is not trusted: its values of these headers are replaced.
    let hardening = HardeningLayer::new(Hardening::pleroma(&gateway.site)).overriding();

    let not_bound = |error| format!("{address}: cannot be listened on: {error}");
    let listener = TcpListener::bind(address).await.map_err(not_bound)?;
    let stop_signal = signal::stop().map_err(|error| format!("signals: {error}"))?;
    println!("listening on http://{}", listener.local_addr().map_err(not_bound)?);
    println!("  forwards {} to http://{}", gateway.site, gateway.upstream);
    let make = move |peer: SocketAddr| {
        let gateway = gateway.clone();
        let forward = move |request| gateway.clone().forward(peer.ip(), request);
        ServiceBuilder::new().layer(hardening.clone()).service_fn(forward)
    };
    let (stopping, stop) = watch::channel(false);
    let serving = serving::serve(listener, seats, |stream| ready(Ok(stream)), make, stop);
    tokio::pin!(serving);
    tokio::select! {
        () = &mut serving => {}
        () = stop_signal => {
            stopping.send_replace(true);
            let _in_time = timeout(GRACE, serving).await;
        }
    }
    Ok(())
}

impl Gateway {
    async fn forward(
        self,
        peer: IpAddr,
        mut request: Request<Paced>,
    ) -> Result<Response<Body>, Infallible> {
        if !METHODS.contains(request.method()) {
            let mut refusal = refusal(StatusCode::METHOD_NOT_ALLOWED, "not with this method\n");
            let methods = METHODS.each_ref().map(Method::as_str).join(", ");
            refusal.headers_mut().extend(methods.parse().map(|methods| (header::ALLOW, methods)));
            return Ok(refusal);
        }
        // The upstream receives the site's name, so it could not reject another host.
        if !Host::from_request(&request).is_some_and(|named| named.is_of(&self.site)) {
            return Ok(refusal(StatusCode::MISDIRECTED_REQUEST, "this is another host\n"));
        }
        let extensions = request.extensions();
        let (pace, seat) = (extensions.get::<Pace>().cloned(), extensions.get::<Seat>().cloned());
        let (Some(pace), Some(seat)) = (pace, seat) else {
            return Ok(refusal(StatusCode::INTERNAL_SERVER_ERROR, "there is no connection\n"));
        };
        let protocol = websocket(request.method(), request.headers());
        let client = match &protocol {
            None => None,
            Some(_) => match self.sockets.take(seats::network(peer)) {
                Ok(slot) => {
                    Some(Upgrade { on: upgrade::on(&mut request), slot, held: seat.hold() })
                }
                Err(full) => {
                    tracing::warn!(%peer, ?full, "a WebSocket is refused: too many are open");
                    let words = "too many WebSockets are open\n";
                    return Ok(refusal(StatusCode::SERVICE_UNAVAILABLE, words));
                }
            },
        };
        let Some(request) = self.outgoing(peer, request, protocol.as_ref()) else {
            return Ok(refusal(StatusCode::BAD_REQUEST, "this asks for no path\n"));
        };
        let response = tokio::select! {
            response = self.client.request(request) => response,
            () = pace.too_slow() => {
                tracing::info!(%peer, "a request is given up: its body comes too slowly");
                let words = "the request came too slowly\n";
                return Ok(refusal(StatusCode::REQUEST_TIMEOUT, words));
            }
            () = pace.worked_for(LONGEST_WORK) => {
                tracing::warn!("the upstream takes too long");
                return Ok(refusal(StatusCode::GATEWAY_TIMEOUT, "the upstream takes too long\n"));
            }
        };
        match response {
            Ok(response) => Ok(incoming(response, client)),
            Err(error) => {
                tracing::warn!(?error, "the upstream does not answer");
                Ok(refusal(StatusCode::BAD_GATEWAY, "the upstream does not answer\n"))
            }
        }
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
            return refusal(
                StatusCode::BAD_GATEWAY,
                "the upstream switched protocols without a request\n",
            );
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

fn refusal(status: StatusCode, why: &'static str) -> Response<Body> {
    let mut response = Response::new(Either::Right(Full::from(why)));
    *response.status_mut() = status;
    let text = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, text);
    response
}
