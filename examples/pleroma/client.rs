//! The client of a request: the address for limits.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Once;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::{Extensions, request::Parts};
use tower_hardening::connection::ConnectionInfo;

use crate::serving::seats;

/// Represents the client's address, as a trusted proxy or else the connection has it. Of IPv6 it is
/// the network of 64 bits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Client(pub(crate) IpAddr);

impl Client {
    pub(crate) fn of(extensions: &Extensions) -> Self {
        let effective = ConnectionInfo::from_extensions(extensions).and_then(ConnectionInfo::peer);
        let peer = || extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        let address = effective.or_else(peer).unwrap_or_else(|| Ipv4Addr::UNSPECIFIED.into());
        Self(seats::network(address))
    }
}

impl<S: Sync> FromRequestParts<S> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.extensions))
    }
}

/// Says once that all clients of a proxy count as one: it tells their addresses, and is not trusted.
pub(crate) fn warn_of_untrusted_proxy() {
    static SAID: Once = Once::new();
    SAID.call_once(|| {
        tracing::warn!(
            "a request from this machine has X-Forwarded-For, which nobody is trusted to send: limits count all clients of \
             the proxy as one; set 'trusted = [\"127.0.0.1\"]' below [proxy]"
        );
    });
}
