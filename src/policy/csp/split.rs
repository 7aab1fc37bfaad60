//! Splits a policy with nonces into one that never changes and one with the nonces.
//!
//! HTTP/2 sends a header that it has sent before as one byte, and every other header in full. A
//! policy with a nonce is another header in each response. In two lines, only the second one is.
//!
//! A browser enforces both lines. They mean together what the policy means, since each load is
//! decided by one of them, as the policy decides it, and allowed by the other one:
//!
//! - The second line has the directives with a nonce, and the directives that fall back to one of
//!   these: without their own directive, the second line would decide their loads too.
//! - The first line has all other directives. Where a load that the second line decides would fall
//!   back to one of them, mostly to `default-src`, the first line has a directive that allows it.
//! - Reports are sent by the line that decides, so both lines have `report-uri` and `report-to`.

use std::iter::once;

use http::HeaderValue;

use super::{
    draft::Draft,
    parts::{Part, Parts},
    source_directive::SourceDirective,
    template::Template,
    value::ContentSecurityPolicy,
    word::Word,
};
use crate::{
    error::ParseError,
    policy::{
        csp::grammar::{
            scanner::too_long,
            tables::{NAME, NONCE},
        },
        header::to_value,
    },
};

/// The sources of a directive that allows every URL: the schemes that a page can load from (Fetch,
/// "fetch scheme"), and `filesystem:` of Chromium. `*` is for the schemes of the network.
const EVERY_URL: [&str; 5] = ["*", "about:", "blob:", "data:", "filesystem:"];

/// Schemes that these sources allow.
const ALLOWED_SCHEMES: [&str; 8] =
    ["http", "https", "ws", "wss", "about", "blob", "data", "filesystem"];

const REPORTS: [&str; 2] = ["report-uri", "report-to"];

/// Holds the two lines of a policy, for a response whose nonce was read.
#[derive(Clone, Debug)]
pub(crate) struct Split {
    /// The line that is the same in each response.
    pub(crate) first: HeaderValue,
    /// The line with the nonces.
    pub(crate) second: Template,
}

impl Split {
    /// Splits a policy, without the directive `removed`.
    ///
    /// # Errors
    ///
    /// Returns an error for a policy without nonces, for a nonce in `default-src`, and for a first
    /// line that is empty or longer than 8192 bytes.
    pub(crate) fn new(parts: &Parts, removed: Option<&str>) -> Result<Self, ParseError> {
        let moved = moved(parts)?;
        let opened = opened(parts, &moved);
        let mut lists = Vec::new();
        for part in &moved {
            let directive = SourceDirective::named(&part.name).filter(|one| opened.contains(one));
            lists.push((part, directive.map(|directive| everything(directive, &moved))));
        }
        let (mut first, mut second) = (Draft::new(parts), Draft::new(parts));
        for (part, list) in &lists {
            match list {
                Some(list) => first.set(&part.name, part.list, list),
                None => first.remove(&part.name),
            }
        }
        let is_moved = |part: &Part| moved.iter().any(|moved| moved.name == part.name);
        let staying = parts.get().iter().filter(|part| !is_moved(part) && !is_report(part));
        if !staying.clone().any(|part| removed != Some(&*part.name)) {
            return Err(without_first());
        }
        staying.for_each(|part| second.remove(&part.name));
        removed.iter().for_each(|name| first.remove(name));
        let second = second.template().ok_or_else(without_nonce)?;
        match first.is_too_long() {
            true => Err(too_long()),
            false => Ok(Self { first: to_value(first.render(None).into()), second }),
        }
    }
}

/// Returns `true` for a directive of both lines.
fn is_report(part: &Part) -> bool {
    REPORTS.contains(&&*part.name)
}

impl ContentSecurityPolicy {
    /// Returns the two lines of the policy: see [`Split::new`].
    pub(crate) fn split(&self) -> Result<Split, ParseError> {
        Split::new(&Parts::new(self), None)
    }
}

/// Returns the directives of the second line.
fn moved(parts: &Parts) -> Result<Vec<&Part>, ParseError> {
    let mut moved: Vec<&Part> = parts.get().iter().filter(|part| part.has_nonce).collect();
    if moved.is_empty() {
        return Err(without_nonce());
    }
    if let Some(default) = moved.iter().find(|part| part.name == "default-src") {
        let problem = format!(
            "default-src has {NONCE}, and a second line with default-src would have to repeat the policy; write the nonce in script-src or style-src"
        );
        return Err(ParseError::new(NAME, default.text.start, problem));
    }
    // Until each load that a directive of the second line decides is decided by the same one in the
    // whole policy.
    while let Some(next) = loads().find_map(|load| {
        let (decides, in_second) =
            (decides(load, parts.get())?, decides(load, moved.iter().copied())?);
        (decides.name != in_second.name).then_some(decides)
    }) {
        moved.push(next);
    }
    Ok(moved)
}

/// Returns the directives of the second line that the first line has with a list that allows
/// everything, since their loads would fall back to another of its directives.
fn opened(parts: &Parts, moved: &[&Part]) -> Vec<SourceDirective> {
    let is_moved = |part: &Part| moved.iter().any(|moved| moved.name == part.name);
    let mut opened: Vec<SourceDirective> = Vec::new();
    let mut candidates: Vec<_> =
        moved.iter().filter_map(|part| SourceDirective::named(&part.name)).collect();
    // A directive that falls back to an opened one is open too, so these come first.
    candidates.sort_by_key(|directive| directive.fallback().len());
    for candidate in candidates {
        let is_closed = loads().any(|load| {
            let is_own = decides(load, parts.get()).is_some_and(|one| one.name == candidate.name());
            let first = names(load).find_map(|name| {
                let is_open = opened.iter().any(|one| one.name() == name);
                let stays = parts.get().iter().any(|part| part.name == name && !is_moved(part));
                (is_open || stays).then_some(is_open)
            });
            is_own && first == Some(false)
        });
        if is_closed {
            opened.push(candidate);
        }
    }
    opened
}

/// Returns a list that allows every load that a directive of the second line allows.
fn everything(directive: SourceDirective, moved: &[&Part]) -> Vec<Word> {
    let urls = EVERY_URL.iter().map(|url| Word::source((*url).into()));
    let words = moved.iter().flat_map(|part| part.words.iter());
    let others = words.filter(|word| has_other_scheme(word)).cloned();
    let keywords = ["'unsafe-inline'", "'unsafe-eval'"].map(Word::keyword);
    let mut list: Vec<Word> = Vec::new();
    for word in urls.chain(others).chain(keywords) {
        if directive.has_effect(word.sort()) && !list.contains(&word) {
            list.push(word);
        }
    }
    list
}

/// Returns `true` for a source with a scheme that [`EVERY_URL`] does not allow.
fn has_other_scheme(word: &Word) -> bool {
    let Some((scheme, rest)) = word.as_str().split_once(':') else { return false };
    let is_scheme = rest.is_empty() || rest.starts_with("//");
    is_scheme && !ALLOWED_SCHEMES.iter().any(|allowed| allowed.eq_ignore_ascii_case(scheme))
}

/// Returns the directives that decide loads; `script-src` decides `eval`.
fn loads() -> impl Iterator<Item = SourceDirective> {
    let all = SourceDirective::ALL.iter().copied();
    all.filter(|one| one.is_fetch() && *one != SourceDirective::DEFAULT_SRC)
}

/// Returns the directive of a list that decides a load.
fn decides<'a>(
    load: SourceDirective,
    list: impl IntoIterator<Item = &'a Part> + Clone,
) -> Option<&'a Part> {
    names(load).find_map(|name| list.clone().into_iter().find(|part| part.name == name))
}

fn names(load: SourceDirective) -> impl Iterator<Item = &'static str> {
    once(load.name()).chain(load.fallback().iter().copied())
}

fn without_first() -> ParseError {
    let problem = "every directive has a nonce or falls back to one that has, so a first line would be empty; send the policy in one line";
    ParseError::new(NAME, 0, problem)
}

fn without_nonce() -> ParseError {
    let problem = format!(
        "no directive has {NONCE}, so a second line would be empty; add it to script-src, or send the policy in one line"
    );
    ParseError::new(NAME, 0, problem)
}
