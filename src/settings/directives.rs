//! Applies `[csp.<directive>]` and `[csp_report_only.<directive>]`: edits of one directive.

use std::collections::{BTreeMap, HashSet};

use super::{
    change::Change, error::Fault, left_out::LeftOut, quotes::word_problem, sources::Words,
};
use crate::{
    error::{ParseError, did_you_mean},
    policy::csp::{ContentSecurityPolicy, Source, SourceDirective},
};

/// Selects how to handle a source that is removed and absent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Absent {
    /// It is an error: the source may be misspelt.
    Refuse,
    /// It is ignored: the policy of this host differs from that of the main site.
    Skip,
}

/// Applies a table to a policy. The path of an error begins below the table.
pub(super) fn apply(
    table: &str,
    changes: &BTreeMap<String, Option<Change>>,
    mut csp: ContentSecurityPolicy,
    absent: Absent,
    left_out: &mut Vec<LeftOut>,
) -> Result<ContentSecurityPolicy, Fault> {
    let mut seen = HashSet::new();
    for (key, change) in in_order(changes) {
        let name = key.to_ascii_lowercase();
        let fault = |error: ParseError| (vec![key.clone()], error.problem().to_owned());
        if !seen.insert(name.clone()) {
            let problem = "two spellings of one directive; remove one";
            return Err((vec![key.clone()], problem.to_owned()));
        }
        let _ = ContentSecurityPolicy::EMPTY.remove(&name).map_err(fault)?;
        let edit = match change {
            Change::Edit(edit) => edit,
            Change::Off => {
                csp = csp.remove(&name).map_err(fault)?;
                continue;
            }
        };
        if let Some(Words(words)) = &edit.set {
            csp = set(csp, &name, words).map_err(below(key, "set"))?;
        }
        if let Some(Words(words)) = &edit.add {
            let place = format!("{table}.{key}.add");
            left_out.extend(known(&csp, &name, words, &place, absent));
            csp = add(csp, &name, words).map_err(below(key, "add"))?;
            left_out.extend(ignored_add(&csp, &name, words, place));
        }
        if let Some(Words(words)) = &edit.remove {
            left_out.extend(ignored_remove(words, format!("{table}.{key}.remove")));
            csp = remove(csp, &name, words, absent).map_err(below(key, "remove"))?;
        }
    }
    Ok(csp)
}

/// Returns the changes in the order in which they are applied: a directive starts from its fallback,
/// so that the fallback is edited first.
fn in_order(changes: &BTreeMap<String, Option<Change>>) -> Vec<(&String, &Change)> {
    let mut all: Vec<_> =
        changes.iter().filter_map(|(key, one)| Some((key, one.as_ref()?))).collect();
    all.sort_by_key(|(key, _)| {
        SourceDirective::named(key).map_or(usize::MAX, |directive| directive.fallback().len())
    });
    all
}

/// Reports words that the directive has before they are added.
fn known(
    csp: &ContentSecurityPolicy,
    name: &str,
    words: &[String],
    key: &str,
    absent: Absent,
) -> Vec<LeftOut> {
    if absent == Absent::Skip {
        return Vec::new();
    }
    let held: HashSet<String> =
        csp.get(name).iter().flat_map(|held| held.values()).map(spelling).collect();
    let words = words.iter().enumerate().filter(|(_, word)| held.contains(&spelling(word)));
    let lint = |(index, word): (usize, &String)| LeftOut {
        key: format!("{key}[{index}]"),
        id: "csp-add-known",
        problem: format!("{name} has {word} already; remove it here"),
    };
    words.map(lint).collect()
}

/// Reports a list that adds nothing.
fn ignored_add(
    csp: &ContentSecurityPolicy,
    name: &str,
    words: &[String],
    key: String,
) -> Option<LeftOut> {
    if words.is_empty() {
        let problem = "the list is empty and adds nothing; remove it".to_owned();
        return Some(LeftOut { key, id: "csp-add-ignored", problem });
    }
    if csp.get(name).is_some() {
        return None;
    }
    let problem = format!(
        "adds nothing, since the policy has neither {name} nor a directive that it falls back to, so that every source is allowed; write 'set'"
    );
    Some(LeftOut { key, id: "csp-add-ignored", problem })
}

/// Reports a list that removes nothing.
fn ignored_remove(words: &[String], key: String) -> Option<LeftOut> {
    let problem = "the list is empty and removes nothing; remove it".to_owned();
    words.is_empty().then_some(LeftOut { key, id: "csp-remove-ignored", problem })
}

/// Names the keys below the table of an invalid word.
fn below(key: &str, verb: &'static str) -> impl FnOnce(WordFault) -> Fault {
    let path = [key.to_owned(), verb.to_owned()];
    move |(index, problem)| {
        let index = index.map(|index| index.to_string());
        (path.into_iter().chain(index).collect(), problem)
    }
}

/// Represents the index of an invalid word, if it is known, and the problem.
type WordFault = (Option<usize>, String);

fn set(
    csp: ContentSecurityPolicy,
    name: &str,
    words: &[String],
) -> Result<ContentSecurityPolicy, WordFault> {
    words.iter().enumerate().try_for_each(|(index, word)| check(name, index, word))?;
    let text = match words {
        [] if takes_none(name) => "'none'".to_owned(),
        words => words.join(" "),
    };
    csp.set_text(name, &text).map_err(|error| {
        let offset = error.offset().checked_sub(name.len() + 1);
        let index = offset.map(|offset| text[..offset.min(text.len())].matches(' ').count());
        (index.filter(|index| *index < words.len()), error.problem().to_owned())
    })
}

fn add(
    mut csp: ContentSecurityPolicy,
    name: &str,
    words: &[String],
) -> Result<ContentSecurityPolicy, WordFault> {
    let mut seen = HashSet::new();
    let Some(directive) = SourceDirective::named(name) else {
        let held = csp.get(name).map(|held| held.values().map(str::to_owned).collect::<Vec<_>>());
        let held = held.unwrap_or_default().into_iter().filter(|word| word != "'none'");
        let kept = Vec::from_iter(held);
        let new = words.iter().filter(|word| !kept.contains(word) && seen.insert(*word));
        let all = Vec::from_iter(kept.iter().chain(new).cloned());
        return set(csp, name, &all).map_err(|(index, problem)| {
            (index.and_then(|index| index.checked_sub(kept.len())), problem)
        });
    };
    for (index, word) in words.iter().enumerate() {
        check(name, index, word)?;
        // The list can be longer than a policy.
        if !seen.insert(word) {
            continue;
        }
        let fault = |error: ParseError| (Some(index), error.problem().to_owned());
        let source: Source = word.parse().map_err(fault)?;
        csp = csp.extend(directive, [source]).map_err(fault)?;
    }
    Ok(csp)
}

fn remove(
    csp: ContentSecurityPolicy,
    name: &str,
    words: &[String],
    absent: Absent,
) -> Result<ContentSecurityPolicy, WordFault> {
    if words.is_empty() {
        return Ok(csp);
    }
    let Some(directive) = csp.get(name) else {
        return match absent {
            Absent::Skip => Ok(csp),
            Absent::Refuse => Err((None, format!("the policy has no {name}; remove this key"))),
        };
    };
    let held: Vec<&str> = directive.values().collect();
    let spellings: HashSet<String> = held.iter().map(|held| spelling(held)).collect();
    for (index, word) in words.iter().enumerate() {
        check(name, index, word)?;
        if absent == Absent::Refuse && !spellings.contains(&spelling(word)) {
            let all = format!("{name} has {}", held.join(" "));
            let remedy = did_you_mean(word, &held, &all);
            return Err((Some(index), format!("{word} is not in {name}{remedy}")));
        }
    }
    let gone: HashSet<String> = words.iter().map(|word| spelling(word)).collect();
    let kept: Vec<String> = held
        .iter()
        .filter(|held| !gone.contains(&spelling(held)))
        .map(|held| (*held).to_owned())
        .collect();
    if kept.is_empty() && !takes_none(name) {
        return csp.remove(name).map_err(|error| (None, error.problem().to_owned()));
    }
    set(csp, name, &kept).map_err(|(_, problem)| (None, problem))
}

/// Rejects a text that is not a word of the directive.
fn check(name: &str, index: usize, word: &str) -> Result<(), WordFault> {
    word_problem(name, word).map_or(Ok(()), |problem| Err((Some(index), problem)))
}

/// Returns `true` if the empty list of the directive is written `'none'`.
fn takes_none(name: &str) -> bool {
    SourceDirective::named(name).is_some() || name == "frame-ancestors"
}

/// Returns a word as browsers compare it: hashes, nonces and paths by their letter case, keywords and
/// hosts without it.
pub(super) fn spelling(word: &str) -> String {
    if ["'sha", "'nonce-", "/"].iter().any(|start| word.starts_with(start)) {
        return word.to_owned();
    }
    let host = word.find("://").map_or(0, |at| at + "://".len());
    let path = word[host..].find('/').map_or(word.len(), |at| host + at);
    format!("{}{}", word[..path].to_ascii_lowercase(), &word[path..])
}
