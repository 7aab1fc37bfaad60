//! Finds networks of trusted proxies that contain clients on the internet.

use std::net::IpAddr;

use ipnet::IpNet;

/// Networks from which no client on the internet sends requests ([RFC
/// 6890](https://www.rfc-editor.org/rfc/rfc6890), [RFC
/// 4291](https://www.rfc-editor.org/rfc/rfc4291#section-2.4)). A set that contains all other
/// addresses trusts every client.
pub(super) const NOT_PUBLIC: [&str; 18] = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/3",
    "::/3",
    "2001:db8::/32",
    "3fff::/20",
    "4000::/2",
    "8000::/1",
];

/// Networks of private addresses. A network that is too wide by mistake also contains public ones.
const PRIVATE: [&str; 8] = [
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "fc00::/7",
    "fe80::/10",
];

/// Networks of IPv6 that contain every address of IPv4
/// ([RFC 6052](https://www.rfc-editor.org/rfc/rfc6052#section-2.1),
/// [RFC 3056](https://www.rfc-editor.org/rfc/rfc3056),
/// [RFC 4380](https://www.rfc-editor.org/rfc/rfc4380)).
const EMBEDDED: [&str; 4] = ["64:ff9b::/96", "64:ff9b:1::/96", "2001::/32", "2002::/16"];

/// The length of the shortest prefix of a network with public addresses, for
/// IPv4 and IPv6. The networks of real proxies are smaller by far.
const WIDEST: [u8; 2] = [8, 16];

pub(super) const REMEDY: &str = "write the network of the proxies, like '10.0.0.0/8'";

/// Describes the problem of a network that trusts clients on the internet.
pub(super) fn too_wide(network: &IpNet) -> Option<String> {
    let problem = match embedded(network) {
        Some(v4) => problem_of(&v4),
        None => problem_of(network),
    };
    problem.map(|problem| format!("'{network}' {problem}"))
}

fn problem_of(network: &IpNet) -> Option<String> {
    let within = |outer: &&str| outer.parse().is_ok_and(|outer: IpNet| outer.contains(network));
    let beyond = |inner: &&str| inner.parse().is_ok_and(|inner: IpNet| network.contains(&inner));
    if network.addr().is_unspecified() && network.prefix_len() == network.max_prefix_len() {
        return Some(format!("is not the address of a peer; {REMEDY}"));
    }
    if EMBEDDED.iter().any(&beyond) {
        return Some(format!("trusts every IPv4 address in a form of IPv6; {REMEDY}"));
    }
    if NOT_PUBLIC.iter().any(within) {
        return None;
    }
    if let Some(private) = PRIVATE.iter().find(|inner| beyond(inner)) {
        return Some(format!(
            "trusts public addresses next to the private network '{private}'; write the network of the proxies, like '{private}'"
        ));
    }
    let [v4, v6] = WIDEST;
    let widest = if network.addr().is_ipv4() { v4 } else { v6 };
    let is_wide = network.prefix_len() < widest;
    is_wide.then(|| format!("trusts a large part of the internet; {REMEDY}"))
}

/// Returns the IPv4 network that a NAT64 network represents.
fn embedded(network: &IpNet) -> Option<IpNet> {
    let IpNet::V6(v6) = network else { return None };
    let prefix = v6.prefix_len().checked_sub(96).filter(|prefix| *prefix > 0)?;
    let [.., a, b, c, d] = v6.network().octets();
    let is_nat64 = matches!(v6.network().segments(), [0x64, 0xff9b, 0 | 1, 0, 0, 0, ..]);
    IpNet::new(IpAddr::from([a, b, c, d]), prefix).ok().filter(|_| is_nat64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_that_contains_strangers_is_refused() {
        let wide = "trusts a large part of the internet";
        let form = "trusts every IPv4 address in a form of IPv6";
        let mixed = "trusts public addresses next to the private network";
        for (text, problem) in [
            ("0.0.0.0/1", "trusts public addresses next to the private network '10.0.0.0/8'"),
            ("128.0.0.0/1", mixed),
            ("64.0.0.0/2", mixed),
            ("16.0.0.0/4", wide),
            ("32.0.0.0/3", wide),
            ("2000::/4", form),
            ("2600::/8", wide),
            ("2400::/12", wide),
            ("64:ff9b::/96", form),
            ("64:ff9b::/64", form),
            ("64:ff9b:1::/48", form),
            ("64:ff9b::/97", mixed),
            ("64:ff9b::172.0.0.0/104", mixed),
            ("2002::/16", form),
            ("::/3", form),
            ("10.0.0.0/7", "next to the private network '10.0.0.0/8'"),
            (
                "172.0.0.0/8",
                "next to the private network '172.16.0.0/12'; write the network of the proxies, like '172.16.0.0/12'",
            ),
            ("172.16.0.0/11", mixed),
            ("192.0.0.0/8", "next to the private network '192.168.0.0/16'"),
            ("192.168.0.0/15", mixed),
            ("100.0.0.0/8", mixed),
            ("0.0.0.0/32", "is not the address of a peer"),
            ("::/128", "is not the address of a peer"),
        ] {
            let network: IpNet = text.parse().unwrap();
            let found = too_wide(&network).unwrap();
            assert!(found.starts_with(&format!("'{network}' ")), "{found}");
            assert!(found.contains(problem), "{found}");
        }
    }
}
