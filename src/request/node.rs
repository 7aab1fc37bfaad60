//! Parses the node from which a proxy received a request.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Represents one node on the path of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Node {
    Address(IpAddr),
    /// The proxy does not know the node, or hides it.
    Hidden,
    Malformed,
}

impl Node {
    /// Parses `node [ ":" port ]` of RFC 7239 section 6.
    pub(super) fn parse(text: &[u8]) -> Self {
        let Ok(text) = std::str::from_utf8(text) else { return Self::Malformed };
        let split = match text.strip_prefix('[') {
            Some(rest) => rest.find(']').map(|end| end + 2),
            None => text.find(':'),
        };
        let (node, port) = text.split_at_checked(split.unwrap_or(text.len())).unwrap_or_default();
        if !port.is_empty() && !port.strip_prefix(':').is_some_and(is_port) {
            return Self::Malformed;
        }
        let inside = node.strip_prefix('[').and_then(|node| node.strip_suffix(']'));
        let address = match inside {
            Some(inside) => inside.parse::<Ipv6Addr>().ok().map(IpAddr::from),
            None => node.parse::<Ipv4Addr>().ok().map(IpAddr::from),
        };
        match address {
            Some(address) => Self::Address(address.to_canonical()),
            None if node.eq_ignore_ascii_case("unknown") || is_obfuscated(node) => Self::Hidden,
            None => Self::Malformed,
        }
    }

    /// Parses a node, or an IPv6 address without brackets, as
    /// `X-Forwarded-For` has it.
    pub(super) fn parse_bare(text: &[u8]) -> Self {
        let bare = std::str::from_utf8(text).ok().and_then(|text| text.parse::<IpAddr>().ok());
        bare.map_or_else(|| Self::parse(text), |address| Self::Address(address.to_canonical()))
    }

    pub(super) fn address(self) -> Option<IpAddr> {
        match self {
            Self::Address(address) => Some(address),
            Self::Hidden | Self::Malformed => None,
        }
    }
}

fn is_port(text: &str) -> bool {
    let digits = matches!(text.len(), 1..=5) && text.bytes().all(|byte| byte.is_ascii_digit());
    digits || is_obfuscated(text)
}

fn is_obfuscated(text: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    text.strip_prefix('_').is_some_and(|rest| !rest.is_empty() && rest.bytes().all(letter))
}
