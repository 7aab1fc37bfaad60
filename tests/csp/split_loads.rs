//! Generates policies with nonces, and loads of pages.

use content_security_policy::{Destination, Initiator, InlineCheckType, ParserMetadata};
use proptest::{
    prelude::*,
    sample::{select, subsequence},
};
use tower_hardening::ContentSecurityPolicy;

pub(crate) const NONCE: &str = "MTIzNDU2Nzg5MDEyMzQ1Njc4";

/// The script and the style of the hash below.
const HASHED: &str = "doSomething()";
const HASH: &str = "sha256-bnQkgwAfjTxnZSlFxZe1ogJadBHLnRuuL54WC+v+tMY=";

const URLS: [&str; 14] = [
    "https://own.example/a.js",
    "http://own.example/a.js",
    "https://own.example:8443/a.js",
    "https://cdn.example/lib/a.js",
    "https://cdn.example/other.js",
    "http://cdn.example/lib/a.js",
    "https://a.cdn.example/a.js",
    "https://evil.example/a.js",
    "data:text/javascript,1",
    "blob:https://own.example/0b5a",
    "about:blank",
    "filesystem:https://own.example/a.js",
    "wss://own.example/socket",
    "app://local/a.js",
];

const PLACES: [&str; 10] = [
    "'self'",
    "https:",
    "http://own.example",
    "data:",
    "blob:",
    "app:",
    "cdn.example",
    "https://cdn.example/lib/",
    "*.cdn.example",
    "*",
];

const SCRIPTS: [&str; 6] = [
    "'unsafe-inline'",
    "'unsafe-eval'",
    "'wasm-unsafe-eval'",
    "'trusted-types-eval'",
    "'strict-dynamic'",
    "'unsafe-hashes'",
];

/// Directives of sources, with the keywords that they take.
const DIRECTIVES: [(&str, &[&str]); 19] = [
    ("default-src", &["'unsafe-inline'", "'unsafe-eval'", "'strict-dynamic'", "'report-sample'"]),
    ("script-src", &SCRIPTS),
    ("script-src-elem", &["'unsafe-inline'", "'strict-dynamic'", "'report-sample'"]),
    ("script-src-attr", &["'unsafe-inline'", "'unsafe-hashes'"]),
    ("style-src", &["'unsafe-inline'", "'unsafe-hashes'", "'report-sample'"]),
    ("style-src-elem", &["'unsafe-inline'"]),
    ("style-src-attr", &["'unsafe-inline'", "'unsafe-hashes'"]),
    ("img-src", &[]),
    ("font-src", &[]),
    ("media-src", &[]),
    ("connect-src", &[]),
    ("manifest-src", &[]),
    ("object-src", &[]),
    ("child-src", &[]),
    ("frame-src", &[]),
    ("fenced-frame-src", &[]),
    ("worker-src", &[]),
    ("base-uri", &[]),
    ("form-action", &[]),
];

const OTHERS: [&str; 9] = [
    "frame-ancestors 'none'",
    "frame-ancestors https://cdn.example",
    "sandbox allow-scripts",
    "upgrade-insecure-requests",
    "report-uri https://reports.example/csp",
    "report-to csp-endpoint",
    "require-trusted-types-for 'script'",
    "trusted-types one",
    "trusted-types 'none'",
];

/// Generates one directive with its sources.
fn directive(index: usize) -> impl Strategy<Value = String> {
    let (name, keywords) = DIRECTIVES[index];
    let takes_hash = !keywords.is_empty();
    let words = (
        subsequence(PLACES.to_vec(), 0..4),
        subsequence(keywords.to_vec(), 0..=keywords.len()),
        prop::bool::weighted(0.2),
    );
    words.prop_map(move |(places, keywords, hash)| {
        let mut words = [places, keywords].concat().join(" ");
        if hash && takes_hash {
            words = format!("{words} '{HASH}'");
        }
        if words.is_empty() { format!("{name} 'none'") } else { format!("{name} {words}") }
    })
}

/// Generates a policy that can be split.
pub(crate) fn policy() -> impl Strategy<Value = ContentSecurityPolicy> {
    let with_nonce = ["script-src", "script-src-elem", "style-src", "style-src-elem"];
    let directives: Vec<_> = (0..DIRECTIVES.len()).map(directive).collect();
    let names: Vec<_> = DIRECTIVES.iter().map(|(name, _)| *name).collect();
    let with_default = prop::bool::weighted(0.8);
    let others = subsequence(OTHERS.to_vec(), 0..4);
    let names = (subsequence(names, 1..9), subsequence(with_nonce.to_vec(), 1..3), with_default);
    (directives, names, others).prop_map(
        |(directives, (names, with_nonce, with_default), others)| {
            let mut lines: Vec<String> = Vec::new();
            for line in &directives {
                let name = line.split(' ').next().unwrap();
                let is_sent =
                    if name == "default-src" { with_default } else { names.contains(&name) };
                if with_nonce.contains(&name) {
                    lines.push(format!("{} 'nonce-{{}}'", line.replace(" 'none'", "")));
                } else if is_sent {
                    lines.push(line.clone());
                }
            }
            for other in others {
                let name = other.split(' ').next().unwrap();
                if !lines.iter().any(|line| line.split(' ').next() == Some(name)) {
                    lines.push(other.to_owned());
                }
            }
            // Without this, a first line could be empty.
            lines.push("webrtc 'allow'".to_owned());
            lines.join("; ").parse().unwrap()
        },
    )
}

/// Represents something that a page does.
#[derive(Clone, Debug)]
pub(crate) enum Load {
    Fetch(Fetch),
    Inline { kind: InlineCheckType, nonce: Option<&'static str>, source: &'static str },
    Eval,
    Wasm,
    ScriptLink,
    Base(&'static str),
    Form(&'static str),
    FrameIn(&'static str),
    TrustedTypes(&'static str),
    Sink,
    Sandbox,
}

impl Load {
    pub(crate) fn is_of_app(&self) -> bool {
        matches!(self, Self::Fetch(fetch) if fetch.url.starts_with("app:"))
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Fetch {
    pub(crate) destination: Destination,
    pub(crate) initiator: Initiator,
    pub(crate) url: &'static str,
    pub(crate) redirected: Option<&'static str>,
    pub(crate) nonce: &'static str,
    pub(crate) integrity: &'static str,
    pub(crate) parser: ParserMetadata,
}

/// The kinds of loads; `fetch` is a call by script. Those with most rules are more frequent.
const DESTINATIONS: &str = "fetch audio audioworklet embed font frame iframe image json manifest \
     object paintworklet script script script serviceworker sharedworker style style style track \
     video worker worker xslt";

fn fetch() -> impl Strategy<Value = Load> {
    let destination = select(DESTINATIONS.split(' ').collect::<Vec<_>>());
    let destination = destination.prop_map(|name| name.parse().unwrap_or(Destination::None));
    let parser = select(vec![
        ParserMetadata::ParserInserted,
        ParserMetadata::NotParserInserted,
        ParserMetadata::None,
    ]);
    let initiator =
        select(vec![Initiator::None, Initiator::None, Initiator::Fetch, Initiator::Prefetch]);
    let nonce = select(vec!["", "", NONCE, "MTIzNDU2Nzg5MDEyMzQ1Njc5"]);
    let integrity = select(vec!["", "", HASH, "sha256-AAAA"]);
    let redirected = prop::option::weighted(0.2, select(URLS[..9].to_vec()));
    (destination, initiator, select(URLS.to_vec()), redirected, nonce, integrity, parser).prop_map(
        |(destination, initiator, url, redirected, nonce, integrity, parser)| {
            let fetch = Fetch { destination, initiator, url, redirected, nonce, integrity, parser };
            Load::Fetch(match url.split(':').next() {
                // Pages open a WebSocket, and load nothing else by it.
                Some("wss") => Fetch { destination: Destination::None, ..fetch },
                _ => fetch,
            })
        },
    )
}

pub(crate) fn load() -> impl Strategy<Value = Load> {
    use InlineCheckType::*;
    let kind = select(vec![Script, ScriptAttribute, Style, StyleAttribute, Navigation]);
    let nonce = select(vec![None, Some(NONCE), Some("MTIzNDU2Nzg5MDEyMzQ1Njc5")]);
    let inline = (kind, nonce, select(vec![HASHED, "other()"]))
        .prop_map(|(kind, nonce, source)| Load::Inline { kind, nonce, source });
    let url = || select(URLS.to_vec());
    prop_oneof![
        12 => fetch(),
        8 => inline,
        1 => Just(Load::Eval),
        1 => Just(Load::Wasm),
        1 => Just(Load::ScriptLink),
        1 => url().prop_map(Load::Base),
        1 => url().prop_map(Load::Form),
        1 => url().prop_map(Load::FrameIn),
        1 => select(vec!["one", "two"]).prop_map(Load::TrustedTypes),
        1 => Just(Load::Sink),
        1 => Just(Load::Sandbox),
    ]
}
