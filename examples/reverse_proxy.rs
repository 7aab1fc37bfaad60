//! Runs a gateway for one site and one upstream, which adds the policies to any server in any language.
//!
//! Run `cargo run --example reverse_proxy -- 127.0.0.1:3000 127.0.0.1:8000 https://example.tld`. It listens at the
//! first address for the site, and forwards to the second. Bodies and WebSockets stream both ways. A request for
//! another host gets a 421; try `curl -H 'Host: example.tld' http://127.0.0.1:3000/`.
//!
//! The gateway forwards listed methods and headers only, and no trailers of a request. More request headers can
//! follow the site on the command line. No client can occupy the resources of others: see `serving`.

use std::{future::ready, io, net::SocketAddr, process::ExitCode, time::Duration};

use hyper_util::{
    client::legacy::Client,
    rt::{TokioExecutor, TokioTimer},
};
use tokio::{net::TcpListener, sync::watch, time::timeout};
use tower::ServiceBuilder;
use tower_hardening::{Hardening, HardeningLayer};
use tracing_subscriber::filter::LevelFilter;

use self::{
    args::Args,
    gateway::Gateway,
    serving::{seats::Seats, signal, slots::Slots},
};

#[path = "reverse_proxy/args.rs"]
mod args;
#[path = "reverse_proxy/gateway.rs"]
mod gateway;
#[path = "reverse_proxy/headers.rs"]
mod headers;
#[path = "reverse_proxy/refusal.rs"]
mod refusal;
#[path = "serving/mod.rs"]
mod serving;
#[path = "reverse_proxy/tunnel.rs"]
mod tunnel;

/// The maximum number of connections, if the limit on open files allows it. A request needs a connection to the
/// upstream.
const MOST_CONNECTIONS: usize = 4096;
const FILES_OF_A_REQUEST: usize = 1;

/// The maximum number of WebSockets of one client. All clients together may have half of the connections.
const MOST_SOCKETS_EACH: usize = 64;

/// The time that requests in progress have to end.
const GRACE: Duration = Duration::from_secs(10);

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
