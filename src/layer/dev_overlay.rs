//! Recognises requests of a developer's own machine, and relaxes the content policy for them.

use http::HeaderName;

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
const FORWARDING: [HeaderName; 6] = [
    HeaderName::from_static("forwarded"),
    HeaderName::from_static("via"),
    HeaderName::from_static("x-forwarded-for"),
    HeaderName::from_static("x-forwarded-host"),
    HeaderName::from_static("x-forwarded-proto"),
    HeaderName::from_static("x-real-ip"),
];

/// Returns `true` for a request from this machine to this machine, in clear text and through no
/// proxy.
///
/// Everything that the request says can only make this `false`, except `Host`: it must be loopback,
/// and so must the peer, which the server itself knows.
pub(super) fn is_local(request: &impl RequestParts) -> bool {
    is_from_loopback(request)
        && !is_https(request)
        && !FORWARDING.iter().any(|name| request.headers().contains_key(name))
        && Host::named(request).is_some_and(|host| {
            host.is_localhost() || host.address().is_some_and(|address| address.is_loopback())
        })
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
