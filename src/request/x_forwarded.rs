//! Reads `X-Forwarded-For`, `-Proto` and `-Host`, which have no specification.

use http::HeaderMap;

use super::node::Node;

/// Returns the nodes of all `X-Forwarded-For` lines, starting nearest the
/// client.
pub(super) fn nodes(headers: &HeaderMap) -> Vec<Node> {
    list(headers, "x-forwarded-for").into_iter().map(Node::parse_bare).collect()
}

/// Returns the members of a list in all lines of a header, without empty ones.
pub(super) fn list<'a>(headers: &'a HeaderMap, name: &str) -> Vec<&'a [u8]> {
    let mut members = Vec::new();
    for line in headers.get_all(name) {
        for member in line.as_bytes().split(|byte| *byte == b',') {
            let member = member.trim_ascii();
            if !member.is_empty() {
                members.push(member);
            }
        }
    }
    members
}

/// Returns the value that the trusted proxies wrote into a list. The
/// `X-Forwarded-For` list has `nodes` nodes, and the outermost trusted proxy is `depth` nodes from
/// its end. Returns an error if the values contradict each other.
///
/// Each proxy appends its value, so the value of the outermost proxy is `depth` from the end. But
/// many proxies that append to `X-Forwarded-For` overwrite the other headers: then the value is the
/// last one, if all agree.
pub(super) fn word<'a>(
    list: &[&'a [u8]],
    nodes: usize,
    depth: usize,
) -> Result<Option<&'a [u8]>, Contradiction> {
    let written = &list[list.len().saturating_sub(depth)..];
    let Some((first, others)) = written.split_first() else { return Ok(None) };
    let appended = list.len() >= nodes.max(depth);
    let agree = || others.iter().all(|other| other.eq_ignore_ascii_case(first));
    if appended || agree() { Ok(Some(first)) } else { Err(Contradiction) }
}

/// The error for trusted proxies that contradict each other.
pub(super) struct Contradiction;
