//! Applies the variables of the environment to the tree of a file.

use std::collections::BTreeMap;

use super::{
    directives::spelling,
    error::{Place, SettingsError, variable},
    sources::Words,
    tree::{Kind, Node},
};

/// Applies the variables, by the paths of their keys. A variable replaces the file's value, except
/// that the edits of a directive come after those of the file: `add` and `remove` keep the file's, and
/// `set` replaces them.
///
/// # Errors
///
/// Returns an error for an `add` or a `remove` of a directive that the file removes.
pub(super) fn apply(
    tree: &mut Node,
    values: &BTreeMap<String, String>,
) -> Result<(), SettingsError> {
    let is_set = |key: &&String| key.ends_with(".set");
    let first = values.keys().filter(is_set);
    for key in first.chain(values.keys().filter(|key| !is_set(key))) {
        let (path, value) = (key.split('.').collect::<Vec<_>>(), &values[key]);
        match path[..] {
            ["csp" | "csp_report_only", _, verb] => edit(tree, &path, verb, value)
                .map_err(|problem| SettingsError::new(Place::Environment, key.clone(), problem))?,
            _ => tree.set(&path, value.clone()),
        }
    }
    Ok(())
}

/// Applies an edit of a directive.
fn edit(tree: &mut Node, path: &[&str], verb: &str, value: &str) -> Result<(), String> {
    let directive = &path[..path.len() - 1];
    let words: Vec<&str> = Words::split(value).collect();
    match (verb, at(tree, directive).map(|node| &mut node.kind)) {
        ("set", Some(Kind::Table(edits))) if !words.is_empty() => {
            edits.retain(|verb, _| !["add", "remove"].contains(&verb.as_str()));
        }
        ("add", Some(Kind::Table(edits))) => {
            if let Some(Node { kind: Kind::List(removed), .. }) = edits.get_mut("remove") {
                removed.retain(|node| {
                    let is_added =
                        |text: &str| words.iter().any(|word| spelling(word) == spelling(text));
                    !matches!(&node.kind, Kind::Text(text) if is_added(text))
                });
            }
        }
        ("add" | "remove", Some(Kind::Switch(false))) if !words.is_empty() => {
            let key = directive.join(".");
            let set = variable(&[directive, &["set"]].concat().join("."));
            return Err(format!(
                "{key} is false in the file, so that there is no directive to edit; write {set} with all its sources, or remove one of the two"
            ));
        }
        _ => {}
    }
    match at(tree, path).map(|node| &mut node.kind) {
        Some(Kind::List(list)) if verb != "set" && !words.is_empty() => {
            let text = |word: &&str| Kind::Text((*word).to_owned());
            let node = |word| Node { place: Place::Environment, kind: text(&word) };
            list.extend(words.into_iter().map(node));
        }
        _ => tree.set(path, value.to_owned()),
    }
    Ok(())
}

/// Returns the value at the end of a path. The letter case of directives has no meaning.
fn at<'a>(node: &'a mut Node, path: &[&str]) -> Option<&'a mut Node> {
    let Some((first, rest)) = path.split_first() else { return Some(node) };
    let Kind::Table(table) = &mut node.kind else { return None };
    let (_, node) = table.iter_mut().find(|(key, _)| key.eq_ignore_ascii_case(first))?;
    at(node, rest)
}
