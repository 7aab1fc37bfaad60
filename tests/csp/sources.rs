//! Values for proptest: sources of every sort, and edits of every sort.

use proptest::{collection::vec, option, prelude::*, sample::select};
use tower_hardening::*;

pub(crate) const DIRECTIVES: [SourceDirective; 19] = [
    SourceDirective::DEFAULT_SRC,
    SourceDirective::SCRIPT_SRC,
    SourceDirective::SCRIPT_SRC_ELEM,
    SourceDirective::SCRIPT_SRC_ATTR,
    SourceDirective::STYLE_SRC,
    SourceDirective::STYLE_SRC_ELEM,
    SourceDirective::STYLE_SRC_ATTR,
    SourceDirective::IMG_SRC,
    SourceDirective::FONT_SRC,
    SourceDirective::MEDIA_SRC,
    SourceDirective::CONNECT_SRC,
    SourceDirective::MANIFEST_SRC,
    SourceDirective::OBJECT_SRC,
    SourceDirective::CHILD_SRC,
    SourceDirective::FRAME_SRC,
    SourceDirective::FENCED_FRAME_SRC,
    SourceDirective::WORKER_SRC,
    SourceDirective::BASE_URI,
    SourceDirective::FORM_ACTION,
];

pub(crate) const CONSTANTS: [Source; 19] = [
    Source::SELF,
    Source::UNSAFE_INLINE,
    Source::UNSAFE_EVAL,
    Source::WASM_UNSAFE_EVAL,
    Source::STRICT_DYNAMIC,
    Source::UNSAFE_HASHES,
    Source::REPORT_SAMPLE,
    Source::TRUSTED_TYPES_EVAL,
    Source::REPORT_SHA256,
    Source::REPORT_SHA384,
    Source::REPORT_SHA512,
    Source::INLINE_SPECULATION_RULES,
    Source::UNSAFE_WEBTRANSPORT_HASHES,
    Source::DATA,
    Source::BLOB,
    Source::HTTPS,
    Source::WSS,
    Source::ANY,
    Source::NONCE,
];

const HOSTS: [&str; 9] = [
    "a.example",
    "https://a.example",
    "*.a.example",
    "https://*:8443",
    "*:443",
    "wss://a.example:*",
    "A.Example/Path/",
    "a.example/%3B%2C",
    "localhost:8080",
];

pub(crate) fn source() -> impl Strategy<Value = Source> {
    let digest = select(vec![32_usize, 48, 64]).prop_flat_map(|length| vec(any::<u8>(), length));
    prop_oneof![
        3 => select(CONSTANTS.to_vec()),
        2 => select(HOSTS.to_vec()).prop_map(|host| Source::host(host).unwrap()),
        1 => "[a-z][a-z0-9-]{0,8}".prop_filter_map("a scheme", |text| Source::scheme(&text).ok()),
        1 => digest.prop_map(|digest| Source::digest(&digest).unwrap()),
        1 => "[ -~]{0,20}".prop_map(Source::sha256),
    ]
}

/// One thing that is done to a policy.
#[derive(Clone, Debug)]
pub(crate) enum Edit {
    Replace(SourceDirective, Vec<Source>),
    Extend(SourceDirective, Vec<Source>),
    Remove(SourceDirective),
    Ancestors(Vec<Ancestor>),
    Sandbox(Vec<SandboxToken>),
    Upgrade,
    RequireTrustedTypes,
    TrustedTypes(Vec<TrustedTypesPolicy>),
    Webrtc(Webrtc),
    ReportTo(EndpointName),
    ReportUri(String),
    Custom(String, String),
}

impl Edit {
    pub(crate) fn apply(self, policy: ContentSecurityPolicy) -> ContentSecurityPolicy {
        let before = policy.clone();
        let edited = match self {
            Self::Replace(directive, sources) => policy.replace(directive, sources),
            Self::Extend(directive, sources) => policy.extend(directive, sources),
            Self::Remove(directive) => Ok(policy.remove(directive.name())),
            Self::Ancestors(ancestors) => policy.frame_ancestors(ancestors),
            Self::Sandbox(tokens) => policy.sandbox(tokens),
            Self::Upgrade => policy.upgrade_insecure_requests(),
            Self::RequireTrustedTypes => policy.require_trusted_types_for_script(),
            Self::TrustedTypes(policies) => policy.trusted_types(policies),
            Self::Webrtc(webrtc) => policy.webrtc(webrtc),
            Self::ReportTo(endpoint) => policy.report_to(endpoint),
            Self::ReportUri(uri) => policy.report_uri(&uri),
            Self::Custom(name, value) => policy.dangerous_directive(&name, &value),
        };
        // A quote begins no URI, a nonce is for known directives, and some sources do nothing there.
        edited.unwrap_or(before)
    }
}

pub(crate) fn edit() -> impl Strategy<Value = Edit> {
    let directive = || select(DIRECTIVES.to_vec());
    let sources = || vec(source(), 0..5);
    let ancestor = select(vec!["a.example", "https://*.a.example", "b.example:*", "c.example/"]);
    let ancestor =
        prop_oneof![Just(Ancestor::SELF), ancestor.prop_map(|host| Ancestor::host(host).unwrap()),];
    let token = select(vec![SandboxToken::ALLOW_FORMS, SandboxToken::ALLOW_SCRIPTS]);
    let name = prop_oneof![
        Just(TrustedTypesPolicy::ANY),
        Just(TrustedTypesPolicy::ALLOW_DUPLICATES),
        "[A-Za-z0-9#=_/@.%-]{1,8}".prop_map(|name| name.parse().unwrap()),
    ];
    let name = name.boxed();
    prop_oneof![
        4 => (directive(), sources()).prop_map(|(name, sources)| Edit::Replace(name, sources)),
        4 => (directive(), sources()).prop_map(|(name, sources)| Edit::Extend(name, sources)),
        1 => directive().prop_map(Edit::Remove),
        1 => vec(ancestor, 0..3).prop_map(Edit::Ancestors),
        1 => vec(token, 0..3).prop_map(Edit::Sandbox),
        1 => Just(Edit::Upgrade),
        1 => Just(Edit::RequireTrustedTypes),
        1 => vec(name, 0..3).prop_map(Edit::TrustedTypes),
        1 => select(vec![Webrtc::Allow, Webrtc::Block]).prop_map(Edit::Webrtc),
        1 => "[a-z][a-z0-9_.*-]{0,5}".prop_map(|name| Edit::ReportTo(name.parse().unwrap())),
        1 => "[!-+./-:<-~-]{1,12}".prop_map(Edit::ReportUri),
        1 => ("x-[a-z0-9-]{0,5}", "[ -+./-:<-~-]{0,12}")
            .prop_map(|(name, value)| Edit::Custom(name, value)),
    ]
}

const LITERALS: [ContentSecurityPolicy; 4] = [
    ContentSecurityPolicy::NONE,
    ContentSecurityPolicy::from_static("default-src\t'SELF'; ; Script-Src 'NONCE-{}'  a.example;"),
    ContentSecurityPolicy::from_static("sandbox; webrtc 'block'; trusted-types"),
    ContentSecurityPolicy::from_static(
        "default-src 'self' 'unsafe-inline' 'nonce-{}'; upgrade-insecure-requests",
    ),
];

/// A policy of every constructor, with every sort of edit.
pub(crate) fn policy() -> impl Strategy<Value = ContentSecurityPolicy> {
    let site: Origin = "https://a.example:8443".parse().unwrap();
    let presets = [Hardening::pleroma(&site), Hardening::strict(&site), Hardening::media()];
    let presets = presets.map(|preset| preset.csp().unwrap().clone());
    let start = select(LITERALS.into_iter().chain(presets).collect::<Vec<_>>());
    let printed = |policy: ContentSecurityPolicy| {
        ContentSecurityPolicy::parse(policy.to_string().as_bytes()).remove(0)
    };
    let start = prop_oneof![start.clone(), start.prop_map(printed)];
    (start, vec(edit(), 0..8), option::of(edit())).prop_map(|(start, edits, last)| {
        edits.into_iter().chain(last).fold(start, |policy, edit| edit.apply(policy))
    })
}
