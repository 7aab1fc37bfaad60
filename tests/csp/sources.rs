//! Generates values for proptest: sources of every sort, and edits of every sort.

use proptest::{collection::vec, prelude::*, sample::select};
use tower_hardening::{
    ContentSecurityPolicy, Hardening, Origin,
    csp::{
        EndpointName, FrameAncestor, SandboxToken, Source, SourceDirective, TrustedTypesPolicy,
        WebRtc,
    },
};

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
        1 => digest.prop_map(|digest| Source::from_digest(&digest).unwrap()),
        1 => "[ -~]{0,20}".prop_map(Source::sha256),
        1 => origin().prop_filter_map("a name", |origin| Source::try_from(&origin).ok()),
        1 => origin().prop_filter_map("a name", |origin| Source::websocket(&origin).ok()),
    ]
}

/// Generates origins of every kind. No policy can contain an IPv6 address.
fn origin() -> impl Strategy<Value = Origin> {
    let texts = ["https://a.example", "http://127.0.0.1:4000", "http://localhost", "https://[::1]"];
    select(texts.to_vec()).prop_map(|text| text.parse().unwrap())
}

/// Represents one edit of a policy.
#[derive(Clone, Debug)]
pub(crate) enum Edit {
    Set(SourceDirective, Vec<Source>),
    SetText(SourceDirective, String),
    Extend(SourceDirective, Vec<Source>),
    Remove(SourceDirective),
    Ancestors(Vec<FrameAncestor>),
    Sandbox(Vec<SandboxToken>),
    Upgrade,
    RequireTrustedTypes,
    TrustedTypes(Vec<TrustedTypesPolicy>),
    WebRtc(WebRtc),
    ReportTo(EndpointName),
    ReportUri(String),
    Custom(String, String),
}

impl Edit {
    pub(crate) fn apply(self, policy: ContentSecurityPolicy) -> ContentSecurityPolicy {
        let before = policy.clone();
        let edited = match self {
            Self::Set(directive, sources) => policy.set(directive, sources),
            Self::SetText(directive, text) => policy.set_text(directive.name(), &text),
            Self::Extend(directive, sources) => policy.extend(directive, sources),
            Self::Remove(directive) => policy.remove(directive.name()),
            Self::Ancestors(ancestors) => policy.frame_ancestors(ancestors),
            Self::Sandbox(tokens) => policy.sandbox(tokens),
            Self::Upgrade => policy.upgrade_insecure_requests(),
            Self::RequireTrustedTypes => policy.require_trusted_types_for_script(),
            Self::TrustedTypes(policies) => policy.trusted_types(policies),
            Self::WebRtc(webrtc) => policy.webrtc(webrtc),
            Self::ReportTo(endpoint) => policy.report_to(endpoint),
            Self::ReportUri(uri) => policy.report_uri(&uri),
            Self::Custom(name, value) => policy.dangerous_directive(&name, &value),
        };
        // A URI does not begin with a quote, a nonce is for known directives, and some sources have no effect.
        edited.unwrap_or(before)
    }
}

/// Generates an edit by one of the methods for known directives.
fn known_edit() -> impl Strategy<Value = Edit> {
    let directive = || select(DIRECTIVES.to_vec());
    let sources = || vec(source(), 0..5);
    let ancestor = select(vec!["a.example", "https://*.a.example", "b.example:*", "c.example/"]);
    let ancestor = prop_oneof![
        Just(FrameAncestor::SELF),
        ancestor.prop_map(|host| FrameAncestor::host(host).unwrap()),
    ];
    let token = select(vec![SandboxToken::ALLOW_FORMS, SandboxToken::ALLOW_SCRIPTS]);
    let name = prop_oneof![
        Just(TrustedTypesPolicy::ANY),
        Just(TrustedTypesPolicy::ALLOW_DUPLICATES),
        "[A-Za-z0-9#=_/@.%-]{1,8}".prop_map(|name| name.parse().unwrap()),
    ];
    let name = name.boxed();
    prop_oneof![
        4 => (directive(), sources()).prop_map(|(name, sources)| Edit::Set(name, sources)),
        4 => (directive(), sources()).prop_map(|(name, sources)| Edit::Extend(name, sources)),
        1 => directive().prop_map(Edit::Remove),
        1 => vec(ancestor, 0..3).prop_map(Edit::Ancestors),
        1 => vec(token, 0..3).prop_map(Edit::Sandbox),
        1 => Just(Edit::Upgrade),
        1 => Just(Edit::RequireTrustedTypes),
        1 => vec(name, 0..3).prop_map(Edit::TrustedTypes),
        1 => select(vec![WebRtc::Allow, WebRtc::Block]).prop_map(Edit::WebRtc),
        1 => "[a-z][a-z0-9_.*-]{0,5}".prop_map(|name| Edit::ReportTo(name.parse().unwrap())),
        1 => "[!-+./-:<-~-]{1,12}".prop_map(Edit::ReportUri),
        1 => (directive(), vec(source(), 1..4)).prop_map(|(name, sources)| {
            let sources: Vec<String> = sources.iter().map(Source::to_string).collect();
            Edit::SetText(name, sources.join("  "))
        }),
    ]
}

fn edit() -> impl Strategy<Value = Edit> {
    let custom = ("x-[a-z0-9-]{0,5}", "[ -+./-:<-~-]{0,12}");
    prop_oneof![
        16 => known_edit(),
        1 => custom.prop_map(|(name, value)| Edit::Custom(name, value)),
    ]
}

const LITERALS: [ContentSecurityPolicy; 5] = [
    ContentSecurityPolicy::NONE,
    ContentSecurityPolicy::EMPTY,
    ContentSecurityPolicy::from_static(
        "default-src\t'SELF'; ;\n Script-Src 'NONCE-{}'\r\n a.example a.example;",
    ),
    ContentSecurityPolicy::from_static("sandbox; webrtc 'block'; trusted-types"),
    ContentSecurityPolicy::from_static(
        "default-src 'self' 'unsafe-inline' 'nonce-{}'; upgrade-insecure-requests",
    ),
];

/// Generates a policy of any constructor, before it is edited.
fn start() -> impl Strategy<Value = ContentSecurityPolicy> {
    let site: Origin = "https://a.example:8443".parse().unwrap();
    let presets = [Hardening::pleroma(&site), Hardening::strict(&site), Hardening::media()];
    let presets = presets.map(|preset| preset.csp().unwrap().clone());
    let start = select(LITERALS.into_iter().chain(presets).collect::<Vec<_>>());
    let printed = |policy: ContentSecurityPolicy| policy.to_string().parse().unwrap_or(policy);
    prop_oneof![start.clone(), start.prop_map(printed)]
}

/// Generates a policy of any constructor, with any edits.
pub(crate) fn policy() -> impl Strategy<Value = ContentSecurityPolicy> {
    (start(), vec(edit(), 0..8))
        .prop_map(|(start, edits)| edits.into_iter().fold(start, |policy, edit| edit.apply(policy)))
}

/// Generates the same without `dangerous_directive`.
pub(crate) fn known_policy() -> impl Strategy<Value = ContentSecurityPolicy> {
    (start(), vec(known_edit(), 0..8))
        .prop_map(|(start, edits)| edits.into_iter().fold(start, |policy, edit| edit.apply(policy)))
}
