//! Models how browsers read header lines, from the specification (CSP3 section 2.2).

use http::{HeaderMap, Response, header};

/// Represents a policy in a browser: names in lower case, values unchanged.
pub(crate) type Read = Vec<(String, Vec<String>)>;

fn is_white_space(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | b'\x0C' | b'\r' | b' ')
}

/// Parses one serialised policy (CSP3 section 2.2.1).
fn policy(bytes: &[u8]) -> Read {
    let mut read = Read::new();
    for token in bytes.split(|byte| *byte == b';') {
        let mut words = token.split(|byte| is_white_space(*byte)).filter(|word| !word.is_empty());
        let Some(name) = words.next().filter(|_| token.is_ascii()) else { continue };
        let name = String::from_utf8(name.to_ascii_lowercase()).unwrap();
        if read.iter().all(|(other, _)| *other != name) {
            read.push((
                name,
                words.map(|word| String::from_utf8(word.to_vec()).unwrap()).collect(),
            ));
        }
    }
    read
}

/// Parses the lines of one header (CSP3 section 2.2.2).
pub(crate) fn read<'a>(lines: impl IntoIterator<Item = &'a [u8]>) -> Vec<Read> {
    let lines = lines.into_iter().flat_map(|line| line.split(|byte| *byte == b','));
    lines.map(policy).filter(|policy| !policy.is_empty()).collect()
}

/// Returns the enforced policies of a response, and its report-only policies.
pub(crate) fn policies<B>(response: &Response<B>) -> [Vec<Read>; 2] {
    [header::CONTENT_SECURITY_POLICY, header::CONTENT_SECURITY_POLICY_REPORT_ONLY].map(|name| {
        let lines = response.headers().get_all(name).iter().map(|line| line.as_bytes());
        read(lines)
    })
}

/// Returns the only line of the enforced policy.
pub(crate) fn line(headers: &HeaderMap) -> &str {
    let mut lines = headers.get_all(header::CONTENT_SECURITY_POLICY).iter();
    let line = lines.next().expect("a policy");
    assert!(lines.next().is_none(), "{headers:?}");
    line.to_str().unwrap()
}
