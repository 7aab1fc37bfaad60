//! Lists the requirements of policies on the pages and the site that they protect.

use std::fmt;

use super::value::Hardening;
use crate::policy::csp::{ContentSecurityPolicy, Directive};

/// Describes what policies require of the pages, or of the site, that they protect.
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
    /// Returns an identifier that does not change between releases.
    pub fn id(&self) -> &'static str {
        self.id
    }

    /// Returns the effect on a page that does not meet the requirement.
    pub fn what(&self) -> &'static str {
        self.what
    }

    /// Returns the change that meets the requirement.
    pub fn how(&self) -> &'static str {
        self.how
    }
}

impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; {}", self.id, self.what, self.how)
    }
}

/// Declares the requirements, each with its condition. For example
/// `requirements! { is_asked, "an-id", "what browsers do", "what to write"; }`.
macro_rules! requirements {
    ($($asked:expr, $id:literal, $what:literal, $how:literal;)+) => {
        const ALL: &[(fn(&Hardening) -> bool, Requirement)] =
            &[$(($asked, Requirement { id: $id, what: $what, how: $how }),)+];
    };
}

requirements! {
    |all| any(all, |csp| scripts(csp).is_some_and(|list| has(list, is_nonce))), "script-nonce",
        "a page that reads its nonce runs only scripts that carry it, and what they load",
        "take Nonce in the handler, and write nonce=\"{nonce}\" on every <script>";
    |all| any(all, |csp| scripts(csp).is_some_and(|list| !has(list, is_inline))), "inline-script",
        "script that is written in a page does not run",
        "move it to a file of the site";
    |all| any(all, |csp| handlers(csp).is_some_and(|list| !runs_handlers(list))), "inline-handler",
        "attributes like onclick and links to javascript: do not run",
        "call addEventListener in a script";
    |all| any(all, |csp| scripts(csp).is_some_and(|list| !has(list, is_place_or_nonce))),
        "script-origin",
        "scripts of other origins do not run",
        "serve them from the site, or add their hosts to script-src";
    |all| any(all, |csp| styles(csp).is_some_and(|list| !has(list, is_inline))), "inline-style",
        "style elements and style attributes have no effect",
        "move them to a style sheet of the site";
    |all| any(all, |csp| styles(csp).is_some_and(|list| has(list, is_nonce))), "style-nonce",
        "style elements have no effect without the nonce, and style attributes have none",
        "write nonce=\"{nonce}\" on every <style>, and move attributes to a style sheet";
    |all| any(all, blocks_resources), "resource-origin",
        "styles, fonts, images, media, frames and connections of other origins are blocked unless the policy names them",
        "serve them from the site, or add their hosts to the directive of their kind";
    |all| any(all, |csp| frames(csp).is_some_and(is_none)), "frames",
        "a page shows no frames, not even those of the site itself",
        "add frame-src with the origins of the frames";
    |all| any(all, |csp| plug_ins(csp).is_some_and(is_none)), "plug-ins",
        "object and embed elements show nothing",
        "link to the file, or show it in an img, audio or video element";
    Hardening::keeps_forms, "form-action",
        "a form is not sent to another origin, and in Chromium its response does not redirect to one",
        "add that origin to form-action";
    |all| any(all, |csp| ancestors(csp).is_some_and(|list| !has(list, is_place))), "frame-ancestors",
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
    /// Returns the requirements of the policies on the pages and on the site.
    ///
    /// Browsers enforce them silently: a page that does not meet one looks broken, with at most a
    /// message in the browser's console. Read the list before changing the preset, and show it to
    /// operators.
    pub fn requirements(&self) -> Vec<Requirement> {
        ALL.iter().filter(|(asked, _)| asked(self)).map(|(_, requirement)| *requirement).collect()
    }
}

/// Returns `true` if one of the enforced policies meets the condition.
///
/// Browsers enforce each of them.
fn any(all: &Hardening, asks: fn(&ContentSecurityPolicy) -> bool) -> bool {
    all.enforced().into_iter().any(asks)
}

fn scripts(csp: &ContentSecurityPolicy) -> Option<Directive<'_>> {
    nearest(csp, &["script-src-elem", "script-src", "default-src"])
}

fn handlers(csp: &ContentSecurityPolicy) -> Option<Directive<'_>> {
    nearest(csp, &["script-src-attr", "script-src", "default-src"])
}

fn styles(csp: &ContentSecurityPolicy) -> Option<Directive<'_>> {
    nearest(csp, &["style-src-elem", "style-src", "default-src"])
}

fn frames(csp: &ContentSecurityPolicy) -> Option<Directive<'_>> {
    nearest(csp, &["frame-src", "child-src", "default-src"])
}

fn plug_ins(csp: &ContentSecurityPolicy) -> Option<Directive<'_>> {
    nearest(csp, &["object-src", "default-src"])
}

fn ancestors(csp: &ContentSecurityPolicy) -> Option<Directive<'_>> {
    csp.get("frame-ancestors")
}

/// Returns `true` if resources of one kind must be of the page's own origin.
fn blocks_resources(csp: &ContentSecurityPolicy) -> bool {
    let others = ["font-src", "img-src", "media-src", "connect-src"]
        .map(|name| nearest(csp, &[name, "default-src"]));
    let mut all = others.into_iter().chain([styles(csp), frames(csp)]).flatten();
    all.any(|list| !has(list, is_other_origin))
}

/// Returns the first of these directives that is present, which is the one that browsers use.
fn nearest<'a>(csp: &'a ContentSecurityPolicy, names: &[&str]) -> Option<Directive<'a>> {
    names.iter().find_map(|name| csp.get(name))
}

fn has(list: Directive<'_>, wanted: impl Fn(&str) -> bool) -> bool {
    list.values().any(|value| wanted(&value.to_ascii_lowercase()))
}

/// Returns `true` for a host or a scheme.
fn is_place(value: &str) -> bool {
    !value.starts_with('\'')
}

/// Returns `true` for a source of files at another origin, but not for a WebSocket.
fn is_other_origin(value: &str) -> bool {
    const OWN: [&str; 6] = ["data:", "blob:", "filesystem:", "mediastream:", "ws:", "wss:"];
    is_place(value) && !OWN.iter().any(|scheme| value.starts_with(scheme))
}

fn is_none(list: Directive<'_>) -> bool {
    list.values().all(|value| value.eq_ignore_ascii_case("'none'"))
}

/// Returns `true` if event handler attributes run.
///
/// Browsers ignore `'unsafe-inline'` next to a nonce, a hash or `'strict-dynamic'`.
fn runs_handlers(list: Directive<'_>) -> bool {
    let ignores =
        |value: &str| is_nonce(value) || value.starts_with("'sha") || value == "'strict-dynamic'";
    has(list, |value| value == "'unsafe-hashes'")
        || (has(list, |value| value == "'unsafe-inline'") && !has(list, ignores))
}

fn is_place_or_nonce(value: &str) -> bool {
    is_place(value) || is_nonce(value)
}

fn is_nonce(value: &str) -> bool {
    value.starts_with("'nonce-")
}

/// Returns `true` for a source that allows inline script or style.
fn is_inline(value: &str) -> bool {
    value == "'unsafe-inline'" || value.starts_with("'sha") || is_nonce(value)
}
