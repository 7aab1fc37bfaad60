//! Requirements that policies place on the pages and the site that they are sent with.

use std::fmt;

use super::Hardening;
use crate::policy::{ContentSecurityPolicy, Directive};

/// A requirement that policies place on the pages, or on the site, that they are sent with.
///
/// `Display` is one line, `id: what; how`.
///
/// ```
/// use tower_hardening::Hardening;
///
/// let requirements = Hardening::recommended().requirements();
/// let inline = requirements.iter().find(|requirement| requirement.id() == "inline-script").unwrap();
/// assert_eq!(inline.what(), "script that is written in a page does not run");
/// assert_eq!(inline.how(), "move it to a file of the site");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Requirement {
    id: &'static str,
    what: &'static str,
    how: &'static str,
}

impl Requirement {
    /// Returns a name that stays the same from release to release.
    pub fn id(&self) -> &'static str {
        self.id
    }

    /// Returns what browsers do to a page that does not meet the requirement.
    pub fn what(&self) -> &'static str {
        self.what
    }

    /// Returns what to write, or to do, to meet it.
    pub fn how(&self) -> &'static str {
        self.how
    }
}

impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; {}", self.id, self.what, self.how)
    }
}

/// Declares what is asked, and when. For example
/// `requirements! { is_asked, "an-id", "what browsers do", "what to write"; }`.
macro_rules! requirements {
    ($($asked:expr, $id:literal, $what:literal, $how:literal;)+) => {
        const ALL: &[(fn(&Hardening) -> bool, Requirement)] =
            &[$(($asked, Requirement { id: $id, what: $what, how: $how }),)+];
    };
}

requirements! {
    |all| scripts(all).is_some_and(|list| has(list, is_nonce)), "script-nonce",
        "a page that reads its nonce runs only scripts that carry it, and what they load",
        "take Nonce in the handler, and write nonce=\"{nonce}\" on every <script>";
    |all| scripts(all).is_some_and(|list| !has(list, is_inline)), "inline-script",
        "script that is written in a page does not run",
        "move it to a file of the site";
    |all| handlers(all).is_some_and(|list| !has(list, |value| value == "'unsafe-inline'")),
        "inline-handler",
        "attributes like onclick and links to javascript: do not run",
        "call addEventListener in a script";
    |all| scripts(all).is_some_and(|list| !has(list, |one| is_place(one) || is_nonce(one))),
        "script-origin",
        "scripts of other origins do not run",
        "serve them from the site, or add their hosts to script-src";
    |all| styles(all).is_some_and(|list| !has(list, is_inline)), "inline-style",
        "style elements and style attributes have no effect",
        "move them to a style sheet of the site";
    Hardening::keeps_forms, "form-action",
        "a form is not sent to another origin, and in Chromium its answer does not redirect to one",
        "add that origin to form-action";
    |all| ancestors(all).is_some_and(|list| !has(list, is_place)), "frame-ancestors",
        "other sites cannot show the pages in frames",
        "put a CspLayer with their origins in frame-ancestors around the routes that they may frame";
    Hardening::cuts_pop_ups, "pop-ups",
        "a window of another origin cannot report back to the page that opened it",
        "sign in and pay by redirect, or send cross-origin-opener-policy: same-origin-allow-popups";
    |all| all.text_of("cross-origin-resource-policy") == "same-origin", "embedding",
        "other sites cannot load the site's images, scripts and styles",
        "put a layer of Hardening::media() around what they may load";
    |all| all.text_of("strict-transport-security").contains("includeSubDomains"), "sub-domains",
        "browsers reach every sub-domain over https alone",
        "serve all of them over https, or send the header without includeSubDomains";
}

impl Hardening {
    /// Returns what the policies require of the pages and of the site.
    ///
    /// Browsers enforce these silently: a page that does not meet one looks broken, with a message
    /// in the browser's console at most. So read the list before a change of preset, and print it
    /// where operators see it.
    pub fn requirements(&self) -> Vec<Requirement> {
        ALL.iter().filter(|(asked, _)| asked(self)).map(|(_, requirement)| *requirement).collect()
    }
}

fn scripts(all: &Hardening) -> Option<Directive<'_>> {
    nearest(all.csp()?, &["script-src-elem", "script-src", "default-src"])
}

fn handlers(all: &Hardening) -> Option<Directive<'_>> {
    nearest(all.csp()?, &["script-src-attr", "script-src", "default-src"])
}

fn styles(all: &Hardening) -> Option<Directive<'_>> {
    nearest(all.csp()?, &["style-src-elem", "style-src", "default-src"])
}

fn ancestors(all: &Hardening) -> Option<Directive<'_>> {
    all.csp()?.get("frame-ancestors")
}

/// The first of these directives that the policy has: the one that browsers use.
fn nearest<'a>(csp: &'a ContentSecurityPolicy, names: &[&str]) -> Option<Directive<'a>> {
    names.iter().find_map(|name| csp.get(name))
}

fn has(list: Directive<'_>, wanted: impl Fn(&str) -> bool) -> bool {
    list.values().any(|value| wanted(&value.to_ascii_lowercase()))
}

/// A host or a scheme.
fn is_place(value: &str) -> bool {
    !value.starts_with('\'')
}

fn is_nonce(value: &str) -> bool {
    value.starts_with("'nonce-")
}

/// Returns `true` for a source that lets script or style in a page take effect.
fn is_inline(value: &str) -> bool {
    value == "'unsafe-inline'" || value.starts_with("'sha") || is_nonce(value)
}
