//! Recognises requests of a developer's own machine, and relaxes the content policy for them.

use super::connection_info::connection;
use crate::{
    policy::csp::{Addition, Source, SourceDirective},
    request::{ConnectionInfo, Host, RequestParts, Scheme},
};

/// The sources that servers with hot reload need: a WebSocket, `eval`, and style sheets in the page.
pub(super) const SOURCES: [Addition; 3] = [
    Addition::source(SourceDirective::CONNECT_SRC, Source::WS),
    Addition::source(SourceDirective::SCRIPT_SRC, Source::UNSAFE_EVAL),
    Addition::source(SourceDirective::STYLE_SRC, Source::UNSAFE_INLINE),
];

/// The headers of a proxy, which forwards requests of another peer.
const FORWARDING: [&str; 13] = [
    "cdn-loop",
    "client-ip",
    "fastly-client-ip",
    "forwarded",
    "forwarded-for",
    "front-end-https",
    "true-client-ip",
    "via",
    "x-amzn-trace-id",
    "x-client-ip",
    "x-cluster-client-ip",
    "x-envoy-external-address",
    "x-real-ip",
];

/// The beginnings of further headers of proxies.
const FORWARDING_PREFIXES: [&str; 5] =
    ["cf-", "cloudfront-", "x-azure-", "x-forwarded", "x-original-"];

/// Returns `true` for a request from this machine to this machine, in clear text and through no
/// proxy.
///
/// Everything that the request says can only make this `false`, except `Host`: it must be loopback,
/// and so must the peer, which the server itself knows.
pub(super) fn is_local(request: &impl RequestParts) -> bool {
    is_from_loopback(request)
        && !is_https(request)
        && names_loopback(request)
        && !request.headers().keys().any(|name| is_forwarding(name.as_str()))
}

fn is_forwarding(name: &str) -> bool {
    FORWARDING.contains(&name) || FORWARDING_PREFIXES.iter().any(|start| name.starts_with(start))
}

/// Returns `true` if the host that a layer found is loopback, and that of the message too.
fn names_loopback(request: &impl RequestParts) -> bool {
    let is_loopback = |host: &Host| {
        host.is_localhost() || host.address().is_some_and(|address| address.is_loopback())
    };
    Host::named(request).is_some_and(|host| is_loopback(&host))
        && Host::on_the_wire(request).is_some_and(|host| is_loopback(&host))
}

fn is_from_loopback(request: &impl RequestParts) -> bool {
    let extensions = request.extensions();
    let decided = ConnectionInfo::from_extensions(extensions).map(ConnectionInfo::peer);
    // A layer may have found that the peer is unknown.
    let peers = [decided, Some(connection(extensions).peer()).filter(Option::is_some)];
    let mut peers = peers.into_iter().flatten().peekable();
    let is_loopback = |peer: Option<std::net::IpAddr>| {
        peer.is_some_and(|address| address.to_canonical().is_loopback())
    };
    peers.peek().is_some() && peers.all(is_loopback)
}

fn is_https(request: &impl RequestParts) -> bool {
    let extensions = request.extensions();
    Scheme::from_extensions(extensions) == Scheme::Https
        || connection(extensions).scheme() == Scheme::Https
        || request.uri().scheme_str() == Some("https")
}
