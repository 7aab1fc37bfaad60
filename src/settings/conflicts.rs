//! Finds two keys that set the same: one of `[headers]` or `[csp]`, and one of Pleroma's own.

use std::collections::BTreeMap;

use super::{
    change::Change,
    directives::spelling,
    error::{Fault, key_of},
    file::File,
    profile::Profile,
    sent::Sent,
    sources::Words,
    tree::Node,
};
use crate::{
    policy::csp::{ContentSecurityPolicy, Source, SourceDirective},
    request::HttpUrl,
};

type Names = &'static [&'static str];

/// Holds a key of the file, and the headers or the directives of the content policy that it sets.
pub(super) struct Claim {
    pub(super) key: Names,
    pub(super) headers: Names,
    pub(super) directives: Names,
    /// The sources that it adds to the directives; empty if it sets all of their value.
    sources: Vec<String>,
}

impl Claim {
    pub(super) fn name(&self) -> String {
        self.key.join(".")
    }
}

/// The keys that set whole values, each with its headers and directives.
const WHOLE: [(Names, Names, Names); 5] = [
    (&["http_security", "sts"], &["strict-transport-security", "expect-ct"], &[]),
    (&["http_security", "sts_max_age"], &["strict-transport-security"], &[]),
    (&["http_security", "ct_max_age"], &["expect-ct"], &[]),
    (&["http_security", "referrer_policy"], &["referrer-policy"], &[]),
    (
        &["http_security", "report_uri"],
        &["reporting-endpoints", "report-to"],
        &["report-uri", "report-to"],
    ),
];

/// The directives of media. The release also has `connect-src`.
const MEDIA: Names = &["img-src", "media-src"];
const RELEASE: Names = &["img-src", "media-src", "connect-src"];
const CAPTCHA: Names =
    &["img-src", "media-src", "script-src", "frame-src", "style-src", "connect-src"];

/// Returns what Pleroma's own keys set in this file.
pub(super) fn claims(file: &File, tree: &Node) -> Vec<Claim> {
    let whole = WHOLE.into_iter().filter(|(key, ..)| tree.is_set(key));
    let mut claims: Vec<Claim> = whole
        .map(|(key, headers, directives)| Claim { key, headers, directives, sources: Vec::new() })
        .collect();
    if file.http_security.allow_unsafe_eval {
        claims.push(Claim {
            key: &["http_security", "allow_unsafe_eval"],
            headers: &[],
            directives: &["script-src"],
            sources: vec![Source::WASM_UNSAFE_EVAL.to_string()],
        });
    }
    claims.extend(origins(file).into_iter().filter(|claim| !claim.sources.is_empty()));
    claims
}

/// Returns the keys that add origins to directives.
fn origins(file: &File) -> [Claim; 5] {
    let (media, captcha) = match file.profile {
        Profile::Pleroma27 => (RELEASE, RELEASE),
        _ => (MEDIA, CAPTCHA),
    };
    let adds = |key, directives, sources| Claim { key, headers: &[], directives, sources };
    let origin = |url: &Option<HttpUrl>| url.iter().map(|url| url.origin().to_string()).collect();
    let (base, listed) = match &file.media_proxy {
        proxy if proxy.enabled => {
            let listed = proxy.whitelist.iter().map(|entry| entry.source.to_string());
            (origin(&proxy.base_url), listed.collect())
        }
        _ => (Vec::new(), Vec::new()),
    };
    [
        adds(&["media_proxy", "base_url"], media, base),
        adds(&["media_proxy", "whitelist"], media, listed),
        adds(&["upload", "base_url"], media, origin(&file.upload.base_url)),
        adds(&["s3", "public_endpoint"], media, origin(&file.s3.public_endpoint)),
        adds(&["captcha", "endpoint"], captcha, origin(&file.captcha.endpoint)),
    ]
}

/// Returns the path of a key that sets what another one sets too, and the problem.
pub(super) fn find(file: &File, tree: &Node) -> Option<Fault> {
    let claims = claims(file, tree);
    off(file)
        .or_else(|| headers(file, &claims))
        .or_else(|| directives(&file.csp, &claims))
        .or_else(|| without_policy(file))
}

/// Finds a key that sends a header although no header is sent.
fn off(file: &File) -> Option<Fault> {
    if file.http_security.enabled {
        return None;
    }
    let root = tables(&[], &file.headers, &file.csp, &file.csp_report_only);
    let sites = file.site.iter().enumerate().flat_map(|(index, site)| {
        tables(&["site", &index.to_string()], &site.headers, &site.csp, &site.csp_report_only)
    });
    let additional = (!file.additional_csp.is_empty()).then(|| vec!["additional_csp".to_owned()]);
    let path = root.into_iter().chain(additional).chain(sites).next()?;
    let problem =
        "http_security.enabled is false, so that no header is sent; remove one of the two";
    Some((path, problem.to_owned()))
}

/// Returns the keys of tables below a path.
fn tables(
    above: &[&str],
    headers: &BTreeMap<String, Option<Sent>>,
    csp: &BTreeMap<String, Option<Change>>,
    trial: &BTreeMap<String, Option<Change>>,
) -> Vec<Vec<String>> {
    let path = |table: &str, key: &String| {
        let above = above.iter().map(|step| (*step).to_owned());
        above.chain([table.to_owned(), key.clone()]).collect()
    };
    let headers = headers.keys().map(|key| path("headers", key));
    let csp = csp.keys().map(|key| path("csp", key));
    headers.chain(csp).chain(trial.keys().map(|key| path("csp_report_only", key))).collect()
}

fn headers(file: &File, claims: &[Claim]) -> Option<Fault> {
    for name in file.headers.iter().filter_map(|(name, sent)| sent.as_ref().map(|_| name)) {
        let lower = name.to_ascii_lowercase();
        let path = || vec!["headers".to_owned(), name.clone()];
        let extra = file.frontend_headers.keys().find(|extra| extra.eq_ignore_ascii_case(name));
        if let Some(extra) = extra {
            let problem =
                format!("frontend_headers.{extra} sets this header too; remove one of the two");
            return Some((path(), problem));
        }
        let policy = lower == ContentSecurityPolicy::HEADER;
        let both = claims.iter().find(|claim| {
            claim.headers.contains(&lower.as_str()) || policy && !claim.directives.is_empty()
        });
        if let Some(claim) = both {
            let problem = format!("{} sets this header too; remove one of the two", claim.name());
            return Some((path(), problem));
        }
    }
    None
}

fn directives(changes: &BTreeMap<String, Option<Change>>, claims: &[Claim]) -> Option<Fault> {
    for (name, change) in changes.iter().filter_map(|(name, one)| Some((name, one.as_ref()?))) {
        let lower = name.to_ascii_lowercase();
        for claim in claims.iter().filter(|claim| claim.directives.contains(&lower.as_str())) {
            if let Some(verb) = both(change, claim) {
                let verb = verb.map(str::to_owned);
                let path = ["csp".to_owned(), name.clone()].into_iter().chain(verb).collect();
                let remedy = match SourceDirective::named(&lower) {
                    Some(_) if !claim.sources.is_empty() => {
                        "remove one of the two, or write other sources as 'add'"
                    }
                    _ => "remove one of the two",
                };
                let problem = format!("{} sets this directive too; {remedy}", claim.name());
                return Some((path, problem));
            }
        }
    }
    None
}

/// Returns the edit that sets what the claim sets too; an inner `None` is the whole change.
fn both(change: &Change, claim: &Claim) -> Option<Option<&'static str>> {
    let edit = match change {
        Change::Off => return Some(None),
        Change::Edit(edit) => edit,
    };
    let claimed = |words: &&Words| {
        let is_claimed =
            |word: &String| claim.sources.iter().any(|source| spelling(source) == spelling(word));
        claim.sources.is_empty() || words.0.iter().any(is_claimed)
    };
    match edit {
        edit if edit.set.is_some() => Some(Some("set")),
        edit if edit.add.as_ref().is_some_and(|words| claimed(&words)) => Some(Some("add")),
        edit if edit.remove.as_ref().is_some_and(|words| claimed(&words)) => Some(Some("remove")),
        _ => None,
    }
}

/// Finds an edit of a policy that `[headers]`, at the root or of the same site, removes.
fn without_policy(file: &File) -> Option<Fault> {
    let root = removed_policy(&[], &file.headers, &file.csp, &file.csp_report_only);
    let mut sites = file.site.iter().enumerate();
    root.or_else(|| {
        sites.find_map(|(index, site)| {
            let above = ["site".to_owned(), index.to_string()];
            removed_policy(&above, &site.headers, &site.csp, &site.csp_report_only)
        })
    })
}

fn removed_policy(
    above: &[String],
    headers: &BTreeMap<String, Option<Sent>>,
    csp: &BTreeMap<String, Option<Change>>,
    csp_report_only: &BTreeMap<String, Option<Change>>,
) -> Option<Fault> {
    for (table, name, changes) in [
        ("csp", ContentSecurityPolicy::HEADER, csp),
        ("csp_report_only", ContentSecurityPolicy::REPORT_ONLY, csp_report_only),
    ] {
        let is_off = |(key, sent): (&String, &Option<Sent>)| {
            *sent == Some(Sent::Off) && key.eq_ignore_ascii_case(name)
        };
        if let (true, Some(directive)) = (headers.iter().any(is_off), changes.keys().next()) {
            let off = key_of(&[above, &["headers".to_owned(), name.to_owned()]].concat());
            let problem = format!(
                "{off} is false, so that there is no policy to edit; remove one of the two"
            );
            let below = [table.to_owned(), directive.clone()];
            return Some(([above, &below].concat(), problem));
        }
    }
    None
}
