//! Finds the client of a request: the address to which limits apply.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Once;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::{Extensions, request::Parts};
use tower_hardening::connection::ConnectionInfo;

use crate::serving::seats;

/// Represents the client's address, which comes from a trusted proxy or else from the connection. An IPv6 client is its
/// network of 64 bits.
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

/// Emits one event if a proxy that is not trusted reports addresses: all its clients count as one.
pub(crate) fn warn_of_untrusted_proxy() {
    static SAID: Once = Once::new();
    SAID.call_once(|| {
        tracing::warn!(
            "a request from this machine has X-Forwarded-For, which nobody is trusted to send: limits count all clients of \
             the proxy as one; set 'trusted = [\"127.0.0.1\"]' below [proxy]"
        );
    });
}
