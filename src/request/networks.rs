//! Holds the networks of trusted proxies as sorted ranges of addresses.

use std::net::IpAddr;

use ipnet::IpNet;

use super::network_width::{NOT_PUBLIC, REMEDY, too_wide};
use crate::error::ParseError;

/// Holds a set of networks. A look-up takes logarithmic time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Networks {
    v4: Ranges,
    v6: Ranges,
}

/// Disjoint ranges, sorted, each with its first and its last address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Ranges(Vec<(u128, u128)>);

impl Networks {
    /// Parses networks (`10.0.0.0/8`) and addresses (`::1`).
    ///
    /// Returns an error for text that is neither, for a network with bits behind its prefix
    /// (`10.0.0.1/8`), for networks that contain every public
    /// address of IPv4 or of IPv6, alone or together, and for one that contains a large part of
    /// them, or public addresses next to a private network.
    pub(super) fn parse<N: AsRef<str>>(
        texts: impl IntoIterator<Item = N>,
    ) -> Result<Self, ParseError> {
        let mut networks = Vec::new();
        for text in texts {
            let text = text.as_ref();
            let network = read(text)?;
            if network.prefix_len() <= 3 && everybody(&[network]).is_some() {
                return Err(error(format!("'{text}' trusts every address; {REMEDY}")));
            }
            networks.push(network);
        }
        if let Some(family) = everybody(&networks) {
            let problem = "the networks together trust every address of";
            return Err(error(format!("{problem} {family}; {REMEDY}")));
        }
        match networks.iter().find_map(too_wide) {
            Some(problem) => Err(error(problem)),
            None => Ok(networks.into_iter().collect()),
        }
    }

    /// Returns `true` if one of the networks contains this address. An IPv4
    /// address is in IPv4 networks only.
    pub(super) fn contain(&self, address: IpAddr) -> bool {
        match address {
            IpAddr::V4(_) => self.v4.contain(number(address)),
            IpAddr::V6(_) => self.v6.contain(number(address)),
        }
    }
}

impl FromIterator<IpNet> for Networks {
    fn from_iter<I: IntoIterator<Item = IpNet>>(networks: I) -> Self {
        let range = |net: IpNet| (number(net.network()), number(net.broadcast()));
        let (v4, v6): (Vec<IpNet>, Vec<IpNet>) =
            networks.into_iter().partition(|network| network.addr().is_ipv4());
        let [v4, v6] = [v4, v6].map(|list| Ranges::new(list.into_iter().map(range).collect()));
        Self { v4, v6 }
    }
}

impl Ranges {
    /// Sorts the ranges, and merges those that overlap or touch.
    fn new(mut ranges: Vec<(u128, u128)>) -> Self {
        ranges.sort_unstable();
        ranges.dedup_by(|next, range| {
            let touches = next.0 <= range.1.saturating_add(1);
            if touches {
                range.1 = range.1.max(next.1);
            }
            touches
        });
        Self(ranges)
    }

    fn contain(&self, address: u128) -> bool {
        let after = self.0.partition_point(|(first, _)| *first <= address);
        self.0[..after].last().is_some_and(|(_, last)| address <= *last)
    }
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u32::from(address).into(),
        IpAddr::V6(address) => address.into(),
    }
}

/// Returns the name of the protocol if the networks contain every public address
/// of it.
fn everybody(networks: &[IpNet]) -> Option<&'static str> {
    let others = NOT_PUBLIC.iter().filter_map(|network| network.parse().ok());
    let all: Networks = networks.iter().copied().chain(others).collect();
    match (all.v4.0.as_slice(), all.v6.0.as_slice()) {
        ([(0, last)], _) if *last == u32::MAX.into() => Some("IPv4"),
        (_, [(0, u128::MAX)]) => Some("IPv6"),
        _ => None,
    }
}

/// Parses a network or an address. An IPv4 network in the form of IPv6 is
/// converted to its IPv4 form, since peers are compared in that form too.
fn read(text: &str) -> Result<IpNet, ParseError> {
    let network = text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
    let network = network.map_err(|_| {
        error(format!("'{text}' is not a network; write one like '10.0.0.0/8' or '192.0.2.1'"))
    })?;
    if network.addr() != network.network() {
        let (meant, alone) = (network.trunc(), network.addr());
        return Err(error(format!(
            "'{text}' is an address inside the network '{meant}'; write '{meant}' for the network, or '{alone}' for one proxy"
        )));
    }
    let IpAddr::V4(address) = network.addr().to_canonical() else { return Ok(network) };
    let prefix = network.prefix_len().checked_sub(96);
    Ok(prefix.and_then(|prefix| IpNet::new(address.into(), prefix).ok()).unwrap_or(network))
}

fn error(problem: String) -> ParseError {
    ParseError::new("trusted proxies", 0, problem)
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, Ipv6Addr};

    use proptest::{collection::vec, prelude::*};

    use super::*;

    /// Networks that overlap and touch, and addresses in and near them.
    fn network() -> impl Strategy<Value = IpNet> {
        let v4 = (0_u32..64, 24_u8..=32).prop_map(|(last, prefix)| {
            IpNet::new(Ipv4Addr::from(0xC000_0200 + last).into(), prefix).unwrap()
        });
        let v6 = (0_u128..64, 120_u8..=128).prop_map(|(last, prefix)| {
            IpNet::new(Ipv6Addr::from((0xFD00_u128 << 112) + last).into(), prefix).unwrap()
        });
        prop_oneof![v4, v6]
    }

    proptest! {
        #[test]
        fn a_look_up_finds_what_a_search_of_the_list_finds(list in vec(network(), 0..12)) {
            let networks: Networks = list.iter().copied().collect();
            for last in 0..512_u16 {
                let v4 = Ipv4Addr::from(0xC000_0100 + u32::from(last)).into();
                let v6 = Ipv6Addr::from((0xFD00_u128 << 112) + u128::from(last)).into();
                for address in [v4, v6] {
                    let found = list.iter().any(|network| network.contains(&address));
                    prop_assert_eq!(networks.contain(address), found, "{}", address);
                }
            }
        }
    }

    #[test]
    fn every_network_that_is_not_public_can_be_read() {
        for text in NOT_PUBLIC {
            assert_eq!(
                text.parse::<IpNet>().map(|network| network.to_string()),
                Ok(text.to_owned())
            );
        }
        assert_eq!(everybody(&[]), None);
    }

    #[test]
    fn a_network_with_bits_behind_its_prefix_is_refused_with_the_network_that_was_meant() {
        for (text, meant, alone) in [
            ("10.0.0.1/8", "10.0.0.0/8", "10.0.0.1"),
            ("192.0.2.129/25", "192.0.2.128/25", "192.0.2.129"),
            ("127.0.0.1/8", "127.0.0.0/8", "127.0.0.1"),
            ("1.2.3.4/0", "0.0.0.0/0", "1.2.3.4"),
            ("2001:db8::1/32", "2001:db8::/32", "2001:db8::1"),
            ("::1/127", "::/127", "::1"),
            ("::ffff:10.0.0.1/104", "::ffff:10.0.0.0/104", "::ffff:10.0.0.1"),
        ] {
            let expected = format!(
                "'{text}' is an address inside the network '{meant}'; write '{meant}' for the network, or '{alone}' for one proxy"
            );
            assert_eq!(Networks::parse([text]).unwrap_err().problem(), expected);
        }
        for text in ["10.0.0.1/32", "10.0.0.0/8", "::1/128", "fe80::/10", "10.0.0.1"] {
            assert!(Networks::parse([text]).is_ok(), "{text}");
        }
    }

    #[test]
    fn a_set_that_contains_everybody_is_refused() {
        let problem = |texts: &[&str]| {
            Networks::parse(texts).map(drop).map_err(|error| error.problem().to_owned())
        };
        for (texts, protocol) in [
            (&["0.0.0.0/1", "128.0.0.0/1"][..], "IPv4"),
            (&["128.0.0.0/1", "10.0.0.0/8", "64.0.0.0/2", "0.0.0.0/2"], "IPv4"),
            (&["::ffff:0:0/97", "128.0.0.0/1"], "IPv4"),
            // The loopback network and the private networks are left out.
            (
                &[
                    "0.0.0.0/4",
                    "16.0.0.0/4",
                    "32.0.0.0/3",
                    "64.0.0.0/3",
                    "96.0.0.0/4",
                    "112.0.0.0/5",
                    "120.0.0.0/6",
                    "124.0.0.0/7",
                    "126.0.0.0/8",
                    "128.0.0.0/2",
                    "192.0.0.0/3",
                ],
                "IPv4",
            ),
            (&["::/3", "2000::/4", "3000::/4", "4000::/2", "8000::/1"], "IPv6"),
            (&["2000::/4", "3000::/4"], "IPv6"),
            (&["10.0.0.0/8", "2000::/4", "3000::/5", "3800::/5"], "IPv6"),
        ] {
            let expected =
                format!("the networks together trust every address of {protocol}; {REMEDY}");
            assert_eq!(problem(texts), Err(expected), "{texts:?}");
        }
        for text in ["0.0.0.0/0", "::/0", "::ffff:0:0/96", "::/1", "2000::/3"] {
            let expected = format!("'{text}' trusts every address; {REMEDY}");
            assert_eq!(problem(&[text]), Err(expected));
        }
        for texts in [
            &["127.0.0.0/8", "::1"][..],
            &["100.64.0.0/10", "169.254.0.0/16", "fe80::/10"],
            &["192.0.2.0/24", "203.0.113.7", "104.16.0.0/13", "172.64.0.0/13", "2400:cb00::/32"],
            &["64:ff9b::10.0.0.0/104", "64:ff9b::192.0.2.1", "::ffff:10.0.0.0/104"],
            &["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "::1", "fc00::/7"],
        ] {
            assert_eq!(problem(texts), Ok(()), "{texts:?}");
        }
    }
}
