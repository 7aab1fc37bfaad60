//! `X-Forwarded-For`, `X-Forwarded-Proto` and `X-Forwarded-Host`, which nobody specified.

use http::HeaderMap;

use super::node::Node;

/// The nodes of all `X-Forwarded-For` lines, nearest the client first.
pub(super) fn nodes(headers: &HeaderMap) -> Vec<Node> {
    list(headers, "x-forwarded-for").into_iter().map(Node::parse_bare).collect()
}

/// The members of a list in all lines of a header, empty ones skipped.
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

/// What trusted proxies wrote into a list beside `nodes` nodes, the outermost of them `depth` nodes
/// away; an error where they contradict each other.
///
/// Each proxy appends its word, so that the outermost one's is `depth` from the end. But many that
/// append to `X-Forwarded-For` overwrite the others: then it is the last, if all agree.
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

/// Proxies that are all trusted do not say the same.
pub(super) struct Contradiction;
