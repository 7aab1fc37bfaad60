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

/// Returns the scheme's word that the outermost trusted proxy wrote into a
/// list. The `X-Forwarded-For` list has `nodes` nodes, and that proxy wrote the node that is
/// `depth` nodes from its end. Returns an error if the words contradict each other.
///
/// If each proxy appends to both lists, they are equally long, and the word is `depth` from the
/// end. If proxies append to one list and overwrite the other, the lists differ, and no word
/// can be assigned to a proxy: then all words have to agree, as a single word does.
pub(super) fn scheme_word<'a>(
    list: &[&'a [u8]],
    nodes: usize,
    depth: usize,
) -> Result<Option<&'a [u8]>, Contradiction> {
    let Some((last, others)) = list.split_last() else { return Ok(None) };
    if others.iter().all(|other| other.eq_ignore_ascii_case(last)) {
        return Ok(Some(last));
    }
    let written = list.len().checked_sub(depth).filter(|_| list.len() == nodes);
    written.and_then(|at| list.get(at)).map(|word| Some(*word)).ok_or(Contradiction)
}

/// Returns the host that the outermost trusted proxy wrote into a list.
///
/// Unlike [`scheme_word`], it accepts a list that is longer than that of `X-Forwarded-For`: the
/// host is the same for every proxy, and some proxies append to a host that the client sent.
pub(super) fn host_word<'a>(
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

/// Reports that trusted proxies contradict each other.
pub(super) struct Contradiction;
