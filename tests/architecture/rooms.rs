//! Imports point one way: from a higher room to a lower one, and never in a circle.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use super::graph::{Crate, Module};

/// For each room the rooms that its files may import from, its own aside.
const BELOW: &[(&str, &[&str])] = &[
    ("error", &[]),
    ("lint", &[]),
    ("trace", &["error", "lint"]),
    ("syntax", &["error", "lint", "trace"]),
    ("request", &["error", "lint", "trace", "syntax"]),
    ("policy", &["error", "lint", "trace", "syntax", "request"]),
    ("preset", &["error", "lint", "trace", "syntax", "request", "policy"]),
    ("layer", &["error", "lint", "trace", "syntax", "request", "policy", "preset"]),
    ("settings", &["error", "lint", "trace", "syntax", "request", "policy", "preset"]),
    ("audit", &["error", "lint", "trace", "syntax", "request", "policy", "preset"]),
    ("report", &["error", "lint", "trace", "syntax", "request", "policy", "preset", "audit"]),
    ("deployment", &[]),
];

#[test]
fn every_import_points_to_a_lower_room() {
    let house = Crate::read();
    let below: BTreeMap<&str, &[&str]> = BELOW.iter().copied().collect();
    for room in house.rooms() {
        assert!(below.contains_key(room), "src/{room} is not in the list of rooms");
    }
    for module in house.modules() {
        for named in house.names(module) {
            let (from, to) = (module[0].as_str(), named[0].as_str());
            assert!(
                from == to || below[from].contains(&to),
                "{} imports from {}: {from} may not know {to}",
                house.file(module),
                house.file(&named),
            );
        }
    }
}

#[test]
fn no_file_imports_through_the_root_of_the_crate() {
    let house = Crate::read();
    let rooms = house.rooms();
    for module in house.modules() {
        for path in house.absolute(module) {
            let is_room = path.get(1).is_some_and(|room| rooms.contains(room.as_str()));
            assert!(is_room, "{}: import {path:?} from the room that owns it", house.file(module));
        }
    }
}

#[test]
fn no_circle_goes_through_files() {
    let house = Crate::read();
    let mut left: BTreeMap<&Module, BTreeSet<Module>> =
        house.modules().map(|module| (module, house.names(module))).collect();
    // Take away what names nothing that is left, or is named by nothing, until circles remain.
    loop {
        let named: BTreeSet<Module> = left.values().flatten().cloned().collect();
        let before = left.len();
        let keys: BTreeSet<Module> = left.keys().map(|module| (*module).clone()).collect();
        left.retain(|module, names| named.contains(*module) && !names.is_disjoint(&keys));
        if left.len() == before {
            break;
        }
    }
    let circle: Vec<String> = left
        .iter()
        .flat_map(|(module, names)| {
            let names = names.iter().filter(|name| left.contains_key(name));
            names.map(|name| format!("{} -> {}", house.file(module), house.file(name)))
        })
        .collect();
    assert!(circle.is_empty(), "a circle of files:\n{}", circle.join("\n"));
}

/// Returns the kind and path of every public type, trait and alias in the snapshot of the API.
pub(crate) fn public_types() -> BTreeSet<String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/public-api/public-api.txt");
    let api = fs::read_to_string(path).unwrap();
    let mut types = BTreeSet::new();
    for line in api.lines() {
        let line = line.strip_prefix("#[non_exhaustive] ").unwrap_or(line);
        let kinds = ["pub struct ", "pub enum ", "pub trait ", "pub type ", "pub union "];
        let Some(rest) = kinds.iter().find_map(|kind| line.strip_prefix(kind)) else { continue };
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != ':');
        let path = rest[..end.unwrap_or(rest.len())].trim_end_matches(':');
        // An associated type has the name of its owner before it.
        let owner = path.rsplit("::").nth(1).unwrap_or_default();
        if !owner.starts_with(char::is_uppercase) {
            types.insert(path.to_owned());
        }
    }
    types
}

#[test]
fn the_root_is_the_paved_road() {
    let types = public_types();
    let root: Vec<&String> = types.iter().filter(|path| path.matches("::").count() == 1).collect();
    assert!(root.len() <= 30, "{} types at the root: {root:?}", root.len());
    assert!(root.iter().any(|path| *path == "tower_hardening::HardeningLayer"), "{root:?}");
}

#[test]
fn every_public_type_has_one_path() {
    let mut seen = BTreeSet::new();
    for path in public_types() {
        let name = path.rsplit("::").next().unwrap().to_owned();
        assert!(seen.insert(name), "{path} has another path, or a namesake");
    }
}
