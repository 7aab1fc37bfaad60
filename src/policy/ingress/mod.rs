//! How requests get in, and so what they are.

use http::Request;

use super::{EffectiveRequest, Host, Scheme};
use crate::head::RequestParts;

mod connection;
mod forwarded;
mod node;
mod trusted_proxies;
mod x_forwarded;

pub use connection::Connection;
pub use trusted_proxies::{ForwardingHeaders, TrustedProxies};

/// How requests get in: what decides whether one came over https, which host it names and where it
/// came from.
///
/// The scheme in a request's own target is the client's word, and is not heeded.
///
/// ```
/// use tower_hardening::{Connection, ForwardingHeaders, Ingress, Scheme, TrustedProxies};
///
/// let proxies = TrustedProxies::unix_socket(ForwardingHeaders::XForwarded);
/// let request = http::Request::builder()
///     .header("host", "example.tld")
///     .header("x-forwarded-for", "192.0.2.7")
///     .header("x-forwarded-proto", "https")
///     .body(())?;
/// let known = Ingress::behind(proxies).examine(&request, Connection::from_unix_socket());
/// assert_eq!(known.scheme(), Scheme::Https);
/// assert_eq!(known.peer(), Some([192, 0, 2, 7].into()));
/// assert_eq!(known.host().unwrap().name(), "example.tld");
/// # Ok::<(), http::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Ingress(Way);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Way {
    Always(Scheme),
    Connection,
    Behind(TrustedProxies),
}

impl Ingress {
    /// Every request came over https: nothing but TLS leads here.
    pub fn https() -> Self {
        Self(Way::Always(Scheme::Https))
    }

    /// Every request came over http: a hidden service, or developing.
    pub fn http() -> Self {
        Self(Way::Always(Scheme::Http))
    }

    /// As the [`Connection`] says that the server put into the request's extensions; unknown
    /// without one.
    pub fn connection() -> Self {
        Self(Way::Connection)
    }

    /// As these proxies say; as the [`Connection`] says for a request that came from somewhere
    /// else, whatever its headers are.
    pub fn behind(proxies: TrustedProxies) -> Self {
        Self(Way::Behind(proxies))
    }

    /// What a request is that came over this connection. Headers that are malformed or do not fit
    /// together make the scheme unknown; nothing makes an error.
    pub fn examine<B>(&self, request: &Request<B>, connection: Connection) -> EffectiveRequest {
        self.decide(request, connection)
    }

    pub(crate) fn decide(
        &self,
        request: &impl RequestParts,
        connection: Connection,
    ) -> EffectiveRequest {
        let direct = EffectiveRequest {
            scheme: connection.scheme(),
            host: Host::on_the_wire(request),
            peer: connection.peer(),
        };
        match &self.0 {
            Way::Always(scheme) => EffectiveRequest { scheme: *scheme, ..direct },
            Way::Behind(proxies) if proxies.trust(connection) => {
                proxies.vouch(request.headers(), direct)
            }
            Way::Connection | Way::Behind(_) => direct,
        }
    }
}
