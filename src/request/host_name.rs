//! Reads hosts by one rule: a name, or the address that browsers read.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The longest name in DNS, in bytes.
const LONGEST: usize = 253;
/// The longest label in DNS, in bytes.
const LONGEST_LABEL: usize = 63;

/// Classifies the bytes of a name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Letter,
    /// A digit, `-` or `_`.
    InLabel,
    Dot,
    Other,
}

/// The class of each byte: one look-up costs less than comparisons with ranges.
static CLASSES: [Class; 256] = {
    let mut classes = [Class::Other; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' => Class::Letter,
            b'0'..=b'9' | b'-' | b'_' => Class::InLabel,
            b'.' => Class::Dot,
            _ => Class::Other,
        };
        byte += 1;
    }
    classes
};

/// Holds a host as browsers read it
/// ([URL](https://url.spec.whatwg.org/#host-parsing)): a name in lower case, or an address. A text
/// that ends in a number is an IPv4 address or an error, never a name.
///
/// [`Origin`](crate::Origin) and [`Host`](crate::connection::Host) both hold this type, so that they always
/// agree.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct HostName {
    text: String,
    address: Option<IpAddr>,
}

impl HostName {
    /// Reads a host of letters, digits, `-`, `_` and `.`, or an IPv6 address
    /// in brackets. The caller rejects other characters. An error holds its offset and a
    /// description.
    pub(super) fn read(text: &str) -> Result<Self, (usize, String)> {
        if let Some(inside) = text.strip_prefix('[') {
            let address = inside.strip_suffix(']').and_then(|text| text.parse::<Ipv6Addr>().ok());
            let Some(address) = address else {
                let found = text.escape_debug();
                let remedy = "write one like '[2001:db8::1]'";
                return Err((0, format!("'{found}' is not an IPv6 address; {remedy}")));
            };
            return Ok(Self { text: format!("[{address}]"), address: Some(address.into()) });
        }
        if let Some(offset) = empty_label(text) {
            let problem = match text.strip_suffix('.').filter(|name| empty_label(name).is_none()) {
                Some(name) => format!("the host '{text}' ends in a dot; write '{name}'"),
                None => {
                    format!("the host '{text}' has an empty label; write one like 'example.tld'")
                }
            };
            return Err((offset, problem));
        }
        if text.len() > LONGEST || text.split('.').any(|label| label.len() > LONGEST_LABEL) {
            let problem = "the host is longer than DNS allows; write at most 253 bytes, and at most 63 between two dots";
            return Err((0, problem.to_owned()));
        }
        let text = text.to_ascii_lowercase();
        if !ends_in_number(&text) {
            return Ok(Self { text, address: None });
        }
        let Some(address) = ipv4(&text) else {
            let problem = format!("'{text}' is not an IPv4 address; write one like '192.0.2.1'");
            return Err((0, problem));
        };
        Ok(Self { text: address.to_string(), address: Some(address.into()) })
    }

    /// Reads a name as almost every request has it, in one pass. Returns
    /// `None` for any other text, which [`read`](Self::read) accepts or rejects: an address, and a
    /// name whose last label does not begin with a letter.
    pub(super) fn read_name(text: &str) -> Option<Self> {
        let mut label = 0;
        let mut begins_with_letter = false;
        for byte in text.bytes() {
            match CLASSES[usize::from(byte)] {
                Class::Dot if label > 0 => label = 0,
                class @ (Class::Letter | Class::InLabel) if label < LONGEST_LABEL => {
                    begins_with_letter =
                        if label == 0 { class == Class::Letter } else { begins_with_letter };
                    label += 1;
                }
                _ => return None,
            }
        }
        let is_name = label > 0 && begins_with_letter && text.len() <= LONGEST;
        is_name.then(|| Self { text: text.to_ascii_lowercase(), address: None })
    }

    /// Returns the name in lower case, or the address in its canonical form,
    /// with an IPv6 address in brackets.
    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    pub(super) fn address(&self) -> Option<IpAddr> {
        self.address
    }

    /// Returns `true` for `localhost` and the names below it
    /// ([RFC 6761](https://www.rfc-editor.org/rfc/rfc6761#section-6.3)).
    pub(super) fn is_localhost(&self) -> bool {
        let above = self.text.strip_suffix("localhost");
        above.is_some_and(|above| above.is_empty() || above.ends_with('.'))
    }

    /// Returns `true` if `Strict-Transport-Security` may be sent for the host: for a name only
    /// ([RFC 6797](https://www.rfc-editor.org/rfc/rfc6797#section-8.1.1)), and not for localhost,
    /// where it would bind every port of the machine.
    pub(super) fn takes_sts(&self) -> bool {
        self.address.is_none() && !self.is_localhost()
    }
}

fn empty_label(host: &str) -> Option<usize> {
    let mut offset = 0;
    for label in host.split('.') {
        if label.is_empty() {
            return Some(offset);
        }
        offset += label.len() + 1;
    }
    None
}

/// Returns `true` if the last label makes browsers read the host as an IPv4
/// address or reject it ([URL](https://url.spec.whatwg.org/#ends-in-a-number-checker)).
pub(super) fn ends_in_number(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or_default();
    let hexadecimal = last.strip_prefix("0x").or_else(|| last.strip_prefix("0X"));
    last.bytes().all(|byte| byte.is_ascii_digit())
        || hexadecimal.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Parses an address of one to four parts, each decimal, octal or hexadecimal;
/// the last part fills the remaining bytes
/// ([URL](https://url.spec.whatwg.org/#concept-ipv4-parser)).
fn ipv4(host: &str) -> Option<Ipv4Addr> {
    let mut address = 0;
    let mut bits_left = 32_u32;
    let mut parts = host.split('.').peekable();
    while let Some(part) = parts.next() {
        let part = number(part)?;
        let bits = if parts.peek().is_some() { 8 } else { bits_left };
        if u64::from(part) >= 1 << bits {
            return None;
        }
        bits_left = bits_left.checked_sub(bits)?;
        address |= part << bits_left;
    }
    Some(address.into())
}

fn number(part: &str) -> Option<u32> {
    let (digits, radix) = match part.strip_prefix("0x") {
        Some(digits) => (digits, 16),
        None if part.len() > 1 && part.starts_with('0') => (&part[1..], 8),
        None => (part, 10),
    };
    match digits {
        "" => (radix == 16).then_some(0),
        // A sign is not a digit.
        _ if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) => None,
        _ => u32::from_str_radix(digits, radix).ok(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_host_that_ends_in_a_number_is_the_address_that_browsers_read() {
        for (text, address) in [
            ("0", "0.0.0.0"),
            ("0x", "0.0.0.0"),
            ("127.1", "127.0.0.1"),
            ("127.0.1", "127.0.0.1"),
            ("0x7f.1", "127.0.0.1"),
            ("0X7F.0.0.1", "127.0.0.1"),
            ("0177.0.0.01", "127.0.0.1"),
            ("256", "0.0.1.0"),
            ("2130706433", "127.0.0.1"),
            ("0x7f000001", "127.0.0.1"),
            ("192.0x00.0002.1", "192.0.2.1"),
            ("1.65535", "1.0.255.255"),
            ("4294967295", "255.255.255.255"),
            ("0xffffffff", "255.255.255.255"),
            ("[::1]", "[::1]"),
            ("[0:0::0:1]", "[::1]"),
            ("[2001:DB8::A]", "[2001:db8::a]"),
        ] {
            let host = HostName::read(text).unwrap();
            assert_eq!(host.as_str(), address, "{text}");
            assert!(host.address().is_some() && !host.takes_sts(), "{text}");
            assert_eq!(HostName::read(address), Ok(host));
        }
    }

    #[test]
    fn a_host_that_ends_in_a_number_and_is_not_an_address_is_an_error() {
        for text in [
            "1.2.3.4.5",
            "256.1.1.1",
            "1.2.3.256",
            "1.2.65536",
            "1.16777216",
            "4294967296",
            "0x100000000",
            "99999999999999999999",
            "08",
            "1.2.3.09",
            "0x1.0xg.1",
            "a.1",
            "a.0x1",
            "example.0x",
            "1.2.-.4",
        ] {
            assert!(HostName::read(text).is_err(), "{text}");
        }
        for text in ["[", "[]", "[::1", "[::g]", "[1.2.3.4]", "[::1%eth0]", "[[::1]]"] {
            assert!(HostName::read(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_name_that_is_read_in_one_pass_is_read_alike(
            text in prop_oneof!["[a-zA-Z0-9._-]{0,12}", "[a-z]{60,66}(\\.[a-z]{60,66}){0,4}", "\\PC{0,4}"],
        ) {
            if let Some(name) = HostName::read_name(&text) {
                prop_assert_eq!(HostName::read(&text), Ok(name));
            }
        }
    }

    #[test]
    fn almost_every_name_is_read_in_one_pass() {
        for text in ["example.tld", "Example.TLD", "a", "1.2.example", "_a.b-c.x1", "localhost"] {
            assert_eq!(HostName::read_name(text), HostName::read(text).ok(), "{text}");
            assert!(HostName::read_name(text).is_some(), "{text}");
        }
        for text in
            ["", ".", "a.", "a..b", ".a", "127.0.0.1", "a.1", "[::1]", "a b", "a:1", "é.tld"]
        {
            assert_eq!(HostName::read_name(text), None, "{text}");
        }
    }

    #[test]
    fn strict_transport_security_is_for_names_that_are_not_localhost() {
        for (text, takes) in [
            ("example.tld", true),
            ("1.2.3.4.example", true),
            ("0x7f.example", true),
            ("notlocalhost", true),
            ("localhost.example", true),
            ("localhost", false),
            ("LOCALHOST", false),
            ("a.localhost", false),
            ("192.0.2.1", false),
            ("127.1", false),
            ("[2001:db8::1]", false),
        ] {
            assert_eq!(HostName::read(text).unwrap().takes_sts(), takes, "{text}");
        }
    }
}
