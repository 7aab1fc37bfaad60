//! Classifies a listening address by the machines that can reach it.

use std::{fmt, net::SocketAddr};

/// Describes the machines that can reach a listening address.
///
/// ```
/// use tower_hardening::deployment::Reach;
///
/// assert_eq!(Reach::of("127.0.0.1:4000".parse()?), Reach::Loopback);
/// assert_eq!(Reach::of("0.0.0.0:4000".parse()?), Reach::Network);
/// # Ok::<(), std::net::AddrParseError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reach {
    /// Only this machine reaches the address: the guide's `127.0.0.1`, with a
    /// TLS proxy in front.
    Loopback,
    /// Other machines reach the address too, as far as routers and firewalls
    /// allow it.
    Network,
}

impl Reach {
    /// Returns which machines reach the address; loopback is `127.0.0.0/8` and
    /// `::1`.
    ///
    /// An IPv4 address written as IPv6 (`::ffff:127.0.0.1`) is treated as the IPv4 address. The
    /// unspecified addresses `0.0.0.0` and `::` are treated as the network, since they represent every
    /// address of the machine.
    pub fn of(address: SocketAddr) -> Self {
        match address.ip().to_canonical().is_loopback() {
            true => Self::Loopback,
            false => Self::Network,
        }
    }
}

impl fmt::Display for Reach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Loopback => "loopback",
            Self::Network => "network",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_is_what_no_other_machine_reaches() {
        for (address, expected) in [
            ("127.0.0.1:4000", Reach::Loopback),
            ("127.255.255.254:1", Reach::Loopback),
            ("[::1]:4000", Reach::Loopback),
            ("[::ffff:127.0.0.1]:4000", Reach::Loopback),
            ("0.0.0.0:4000", Reach::Network),
            ("[::]:4000", Reach::Network),
            ("[::ffff:0.0.0.0]:4000", Reach::Network),
            // The deprecated IPv4-compatible form, which no system routes to loopback.
            ("[::127.0.0.1]:4000", Reach::Network),
            ("126.255.255.255:1", Reach::Network),
            ("128.0.0.1:1", Reach::Network),
            ("192.0.2.1:443", Reach::Network),
            ("[fe80::1]:443", Reach::Network),
        ] {
            assert_eq!(Reach::of(address.parse().unwrap()), expected, "{address}");
        }
    }
}
