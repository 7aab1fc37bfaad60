//! Finds entries of `hosts.allowed` that add nothing, or that allow hosts of strangers.

use std::collections::HashMap;

use super::{Settings, gates::own, names::is_of_anybody};
use crate::request::Host;

/// Holds the first entry with any port, and those with a port, as positions in the list.
#[derive(Default)]
struct Ports {
    any: Option<usize>,
    one: HashMap<u16, usize>,
}

/// Holds a name, or the names below one, and the port.
struct Entry {
    /// The name, with the `*.` of a pattern.
    name: String,
    port: Option<u16>,
}

impl Entry {
    fn read(text: &str) -> Option<Self> {
        let (star, host) = match text.strip_prefix("*.") {
            Some(domain) => ("*.", domain),
            None => ("", text),
        };
        let host: Host = host.parse().ok()?;
        Some(Self { name: format!("{star}{}", host.name()), port: host.port() })
    }
}

/// Returns the lint's id, the key and the problem of each entry without effect, and of those that
/// allow hosts of anybody.
pub(super) fn answered(settings: &Settings) -> Vec<(&'static str, String, String)> {
    let listed = &settings.file.hosts.allowed;
    let entries: Vec<(usize, Entry)> = listed
        .iter()
        .enumerate()
        .filter_map(|(index, text)| Some((index, Entry::read(text)?)))
        .collect();
    let known = by_name(&entries);
    let others = settings.sites.hosts().map(|(site, _)| site);
    let own: HashMap<&str, String> = own(&settings.file, &settings.site, others)
        .map(|(key, origin)| (origin.host(), key))
        .collect();
    // Without any entry every host is answered, so that the last one has an effect.
    let has_others = entries.iter().any(|(_, entry)| !own.contains_key(entry.name.as_str()));
    let told = |(index, entry): &(usize, Entry)| {
        let text = &listed[*index];
        let key = own.get(entry.name.as_str()).filter(|_| has_others);
        // An equal text has a lint of its own.
        let wider = covering(&known, entry, *index).map(|wider| &listed[wider]);
        let wider = wider.filter(|wider| !wider.eq_ignore_ascii_case(text));
        let (id, problem) = match (key, wider) {
            (Some(key), _) => {
                let problem = "is always answered, as the host of";
                ("hosts-allowed-own", format!("'{text}' {problem} {key}; remove it"))
            }
            (None, Some(wider)) => {
                ("hosts-allowed-covered", format!("'{text}' adds nothing to '{wider}'; remove it"))
            }
            (None, None) => ("hosts-of-anybody", of_anybody(entry, text)?),
        };
        Some((id, format!("hosts.allowed[{index}]"), problem))
    };
    entries.iter().filter_map(told).collect()
}

/// Returns the ports of each name.
fn by_name(entries: &[(usize, Entry)]) -> HashMap<&str, Ports> {
    let mut known: HashMap<&str, Ports> = HashMap::new();
    for (index, entry) in entries {
        let ports = known.entry(&entry.name).or_default();
        match entry.port {
            Some(port) => drop(ports.one.entry(port).or_insert(*index)),
            None => drop(ports.any.get_or_insert(*index)),
        }
    }
    known
}

/// Returns the problem of a pattern below which anybody can get a host.
fn of_anybody(entry: &Entry, text: &str) -> Option<String> {
    let domain = entry.name.strip_prefix("*.").filter(|name| is_of_anybody(name))?;
    Some(format!(
        "'{text}' allows hosts that anybody can register, so that DNS rebinding reaches the server; write '*.example.{domain}' with your own domain"
    ))
}

/// Returns the position of another entry that allows everything that this one does.
fn covering(known: &HashMap<&str, Ports>, entry: &Entry, index: usize) -> Option<usize> {
    let covers = |name: &str| {
        let ports = known.get(name)?;
        let same = entry.port.and_then(|port| ports.one.get(&port));
        ports.any.or_else(|| same.copied()).filter(|other| *other != index)
    };
    let domain = entry.name.strip_prefix("*.").unwrap_or(&entry.name);
    let above = std::iter::successors(Some(domain), |name| Some(name.split_once('.')?.1)).skip(1);
    covers(&entry.name)
        .or_else(|| above.map(|name| format!("*.{name}")).find_map(|name| covers(&name)))
}
