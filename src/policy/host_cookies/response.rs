//! The application's `Set-Cookie` line becomes one that browsers accept under the prefix.

use super::{HostCookies, trim};

/// The line for the wire, or nothing when it is to stay as it is.
pub(super) fn rewrite(policy: &HostCookies, line: &[u8]) -> Option<Vec<u8>> {
    let mut parts = line.split(|byte| *byte == b';');
    let pair = parts.next()?;
    let equals = pair.iter().position(|byte| *byte == b'=')?;
    let (name, value) = (trim(&pair[..equals]), &pair[equals + 1..]);
    let names = policy
        .cookies
        .iter()
        .find(|names| names.plain.as_bytes() == name || names.wire.as_bytes() == name)?;

    let mut rewritten =
        Vec::with_capacity(line.len() + names.wire.len() + "; Path=/; Secure".len());
    rewritten.extend_from_slice(names.wire.as_bytes());
    rewritten.push(b'=');
    rewritten.extend_from_slice(value);
    let mut path = false;
    let mut secure = false;
    for attribute in parts {
        let name = attribute.split(|byte| *byte == b'=').next().map(trim).unwrap_or_default();
        if name.eq_ignore_ascii_case(b"Domain") {
            continue;
        }
        if name.eq_ignore_ascii_case(b"Path") {
            if !path {
                rewritten.extend_from_slice(b"; Path=/");
            }
            path = true;
            continue;
        }
        secure |= name.eq_ignore_ascii_case(b"Secure");
        rewritten.push(b';');
        rewritten.extend_from_slice(attribute);
    }
    if !path {
        rewritten.extend_from_slice(b"; Path=/");
    }
    if !secure {
        rewritten.extend_from_slice(b"; Secure");
    }
    Some(rewritten)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_conforms_and_foreign_ones_are_left() {
        let policy = HostCookies::new(["sid"]).unwrap();
        for (line, expected) in [
            ("sid=1", "__Host-sid=1; Path=/; Secure"),
            ("sid=1; Path=/", "__Host-sid=1; Path=/; Secure"),
            (
                "sid=1; path=/app; Path=/x; HttpOnly; SameSite=Lax",
                "__Host-sid=1; Path=/; HttpOnly; SameSite=Lax; Secure",
            ),
            (
                "sid=1; Domain=example.com; domain=; Secure; Priority=High; Partitioned",
                "__Host-sid=1; Secure; Priority=High; Partitioned; Path=/",
            ),
            ("sid=; Max-Age=0", "__Host-sid=; Max-Age=0; Path=/; Secure"),
            ("other=1; Domain=example.com", "other=1; Domain=example.com"),
            ("__Host-sid=1", "__Host-sid=1; Path=/; Secure"),
            ("__Secure-sid=1; Secure", "__Secure-sid=1; Secure"),
            ("sid", "sid"),
            ("SID=1", "SID=1"),
            ("a=sid=1; Secure", "a=sid=1; Secure"),
        ] {
            let rewritten = rewrite(&policy, line.as_bytes());
            let rewritten = rewritten.unwrap_or_else(|| line.as_bytes().to_vec());
            assert_eq!(String::from_utf8(rewritten).unwrap(), expected, "{line}");
        }
    }
}
