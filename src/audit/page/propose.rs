//! Proposes the tightest policy that lets pages work.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    check::Page,
    lines::Lines,
    page_use::Use,
    proposal::{Proposal, shortened},
    remedy::directive_for,
    source::source_for,
};
use crate::{
    error::ParseError,
    policy::csp::{ContentSecurityPolicy, Destination, Source},
};

/// The most hashes of one directive. A list of more is hard to keep up to date, and long.
const MOST_HASHES: usize = 20;

/// Proposes the tightest policy that lets pages work: the origins from which they load, hashes of
/// their inline scripts, styles and handlers, and a nonce where an element has one.
///
/// A policy of `'unsafe-inline'` for scripts is never proposed. Code that no hash or nonce can allow
/// has to move to a file, and [`Proposal::moves`] lists it. Loads that scripts make are not visible.
///
/// # Errors
///
/// Returns an error if the policy is longer than a header can be.
///
/// ```
/// use tower_hardening::audit::{Page, propose};
///
/// let page = Page::new("<script src=/a.js></script><img src=https://cdn.example/a.png>");
/// let proposal = propose([&page])?;
/// assert_eq!(
///     proposal.to_string(),
///     "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
///      img-src https://cdn.example; script-src 'self'",
/// );
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
pub fn propose<'a>(pages: impl IntoIterator<Item = &'a Page>) -> Result<Proposal, ParseError> {
    let mut needs = Needs::default();
    for page in pages {
        let lines = Lines::new(page.html());
        let (uses, scripts) = page.without_policies().uses(&lines);
        needs.scripts += scripts;
        for one in &uses {
            needs.add(one, page, lines.position(one.at).0);
        }
    }
    needs.proposal()
}

/// Holds the sources that pages need, by directive.
#[derive(Debug, Default)]
struct Needs {
    sources: BTreeMap<&'static str, BTreeSet<String>>,
    moves: Vec<String>,
    scripts: usize,
}

impl Needs {
    fn add(&mut self, one: &Use, page: &Page, line: usize) {
        match one.kind {
            "javascript-url" => self.moves.push(format!(
                "line {line}: replace the link to {} by a <button> with a listener in a script",
                shortened(&one.text)
            )),
            "inline-script" | "import-map" | "speculation-rules" => {
                self.inline("script-src", one);
            }
            "inline-style" => self.inline("style-src", one),
            "event-handler" => {
                self.insert("script-src-attr", Source::sha256(&one.text).to_string());
            }
            "style-attribute" => {
                self.insert("style-src-attr", Source::sha256(&one.text).to_string());
            }
            _ => self.fetch(one, page, line),
        }
    }

    fn fetch(&mut self, one: &Use, page: &Page, line: usize) {
        let Some(url) = one.load.url() else { return };
        // A prefetch is allowed if any directive allows its URL.
        let directive = match one.load.destination() {
            Some(Destination::Prefetch) => "connect-src",
            _ => directive_for(one),
        };
        let has_nonce = self.nonce(one).is_some() && matches!(one.kind, "script" | "style");
        match self.nonce(one).filter(|_| has_nonce) {
            Some(nonce) => self.insert(directive, nonce),
            None => match source_for(url, page.url()) {
                source if source.parse::<Source>().is_ok() => self.insert(directive, source),
                source => self.moves.push(format!("line {line}: no policy can contain {source}")),
            },
        }
    }

    fn inline(&mut self, directive: &'static str, one: &Use) {
        let hash = || Source::sha256(&one.text).to_string();
        let source = self.nonce(one).unwrap_or_else(hash);
        self.insert(directive, source);
    }

    /// Returns the placeholder for the nonce that an element has.
    fn nonce(&self, one: &Use) -> Option<String> {
        let has_nonce = cfg!(feature = "nonce") && one.load.has_nonce();
        has_nonce.then(|| "'nonce-{}'".to_owned())
    }

    fn insert(&mut self, directive: &'static str, source: String) {
        self.sources.entry(directive).or_default().insert(source);
    }

    fn proposal(mut self) -> Result<Proposal, ParseError> {
        for directive in ["script-src", "script-src-attr", "style-src", "style-src-attr"] {
            self.limit_hashes(directive);
        }
        let mut policy = ContentSecurityPolicy::NONE;
        for (directive, sources) in &self.sources {
            let sources: Vec<&str> = sources.iter().map(String::as_str).collect();
            policy = policy.set_text(directive, &sources.join(" "))?;
        }
        let mut notes = vec![
            "no other page can frame these pages; name those that may in frame-ancestors"
                .to_owned(),
        ];
        if self.scripts > 0 {
            notes.push(format!(
                "the pages run scripts ({} in all), whose loads are not part of this policy",
                self.scripts
            ));
        }
        Ok(Proposal { policy, moves: self.moves, notes })
    }

    /// Replaces a long list of hashes, or completes a list for attributes.
    fn limit_hashes(&mut self, directive: &'static str) {
        let Some(sources) = self.sources.get_mut(directive) else { return };
        let hashes = sources.iter().filter(|source| source.starts_with("'sha")).count();
        let is_attribute = directive.ends_with("-attr");
        if hashes <= MOST_HASHES {
            if is_attribute {
                sources.insert("'unsafe-hashes'".to_owned());
            }
            return;
        }
        sources.retain(|source| !source.starts_with("'sha"));
        let element = directive.trim_end_matches("-src");
        match directive {
            "script-src-attr" => self.moves.push(format!(
                "{hashes} event handlers: move their code to a script, and add it with addEventListener"
            )),
            "style-src-attr" => {
                sources.insert("'unsafe-inline'".to_owned());
            }
            _ if cfg!(feature = "nonce") => {
                sources.insert("'nonce-{}'".to_owned());
                self.moves.push(format!("{hashes} inline <{element}>: give each the response's nonce"));
            }
            _ => self.moves.push(format!("{hashes} inline <{element}>: move each to a file")),
        }
        if self.sources.get(directive).is_some_and(BTreeSet::is_empty) {
            self.sources.remove(directive);
        }
    }
}
