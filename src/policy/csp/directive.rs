//! The directives of CSP Level 3, the sort of value that each takes, and where it falls back to.

use super::{
    Directive, check::NONCE, check_source::source_fault, fault::NAME, known::is_nonce_or_hash,
    source::Source,
};
use crate::ParseError;

/// What a directive's value is made of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Sources; the byte says which keywords count there (see [`KEYWORDS`]).
    Sources(u8),
    /// `'none'`, or schemes, hosts and `'self'`.
    Ancestors,
    /// Sandbox tokens, or nothing.
    Sandbox,
    /// URI references.
    Uris,
    /// One endpoint name.
    Endpoint,
    /// Policy names, `*`, `'allow-duplicates'`, `'none'`, or nothing.
    TrustedTypes,
    /// `'script'`.
    TrustedTypesFor,
    /// `'allow'` or `'block'`.
    Webrtc,
    /// Nothing.
    Empty,
    /// No browser reads the directive any more.
    Dead,
}

const DEFAULT: u8 = 1;
const SCRIPT: u8 = 2;
const SCRIPT_ELEM: u8 = 4;
const SCRIPT_ATTR: u8 = 8;
const STYLE: u8 = 16;
const CONNECT: u8 = 32;
const PLAIN: u8 = 64;
const STYLE_ATTR: u8 = 128;

const SCRIPTS: u8 = DEFAULT | SCRIPT | SCRIPT_ELEM | SCRIPT_ATTR;

/// Where hashes and `'unsafe-inline'` count.
pub(super) const INLINE: u8 = SCRIPTS | STYLE | STYLE_ATTR;

/// Where nonces count: attributes have none.
pub(super) const NONCES: u8 = DEFAULT | SCRIPT | SCRIPT_ELEM | STYLE;

/// Every directive that the strict reader knows.
pub(super) const DIRECTIVES: &[(&str, Kind)] = &[
    ("default-src", Kind::Sources(DEFAULT)),
    ("script-src", Kind::Sources(SCRIPT)),
    ("script-src-elem", Kind::Sources(SCRIPT_ELEM)),
    ("script-src-attr", Kind::Sources(SCRIPT_ATTR)),
    ("style-src", Kind::Sources(STYLE)),
    ("style-src-elem", Kind::Sources(STYLE)),
    ("style-src-attr", Kind::Sources(STYLE_ATTR)),
    ("img-src", Kind::Sources(PLAIN)),
    ("font-src", Kind::Sources(PLAIN)),
    ("media-src", Kind::Sources(PLAIN)),
    ("connect-src", Kind::Sources(CONNECT)),
    ("manifest-src", Kind::Sources(PLAIN)),
    ("object-src", Kind::Sources(PLAIN)),
    ("frame-src", Kind::Sources(PLAIN)),
    ("child-src", Kind::Sources(PLAIN)),
    ("worker-src", Kind::Sources(PLAIN)),
    ("fenced-frame-src", Kind::Sources(PLAIN)),
    ("base-uri", Kind::Sources(PLAIN)),
    ("form-action", Kind::Sources(PLAIN)),
    ("frame-ancestors", Kind::Ancestors),
    ("sandbox", Kind::Sandbox),
    ("upgrade-insecure-requests", Kind::Empty),
    ("report-uri", Kind::Uris),
    ("report-to", Kind::Endpoint),
    ("require-trusted-types-for", Kind::TrustedTypesFor),
    ("trusted-types", Kind::TrustedTypes),
    ("webrtc", Kind::Webrtc),
    ("block-all-mixed-content", Kind::Empty),
    ("prefetch-src", Kind::Sources(PLAIN)),
    ("navigate-to", Kind::Dead),
    ("plugin-types", Kind::Dead),
    ("referrer", Kind::Dead),
    ("reflected-xss", Kind::Dead),
    ("require-sri-for", Kind::Dead),
];

/// Every keyword of a source list, and the directives where it has an effect.
pub(super) const KEYWORDS: &[(&str, u8)] = &[
    ("'self'", u8::MAX),
    ("'unsafe-inline'", INLINE),
    ("'unsafe-eval'", DEFAULT | SCRIPT),
    ("'wasm-unsafe-eval'", DEFAULT | SCRIPT),
    ("'trusted-types-eval'", DEFAULT | SCRIPT),
    ("'strict-dynamic'", SCRIPTS),
    ("'unsafe-hashes'", INLINE),
    ("'report-sample'", INLINE),
    ("'report-sha256'", SCRIPTS),
    ("'report-sha384'", SCRIPTS),
    ("'report-sha512'", SCRIPTS),
    ("'inline-speculation-rules'", DEFAULT | SCRIPT | SCRIPT_ELEM),
    ("'unsafe-webtransport-hashes'", DEFAULT | CONNECT),
];

/// Every token of `sandbox`.
pub(super) const SANDBOX_TOKENS: &[&str] = &[
    "allow-downloads",
    "allow-forms",
    "allow-modals",
    "allow-orientation-lock",
    "allow-pointer-lock",
    "allow-popups",
    "allow-popups-to-escape-sandbox",
    "allow-presentation",
    "allow-same-origin",
    "allow-scripts",
    "allow-storage-access-by-user-activation",
    "allow-top-navigation",
    "allow-top-navigation-by-user-activation",
    "allow-top-navigation-to-custom-protocols",
];

/// Whether a nonce or a hash beside it keeps a keyword from having an effect.
pub(super) fn is_silenced(value: &str) -> bool {
    ["'unsafe-inline'", "'inline-speculation-rules'"]
        .iter()
        .any(|dead| dead.eq_ignore_ascii_case(value))
}

pub(super) fn is_strict_dynamic(value: &str) -> bool {
    value.eq_ignore_ascii_case("'strict-dynamic'")
}

/// A directive that takes sources, for [`replace`] and [`extend`].
///
/// [`replace`]: super::ContentSecurityPolicy::replace
/// [`extend`]: super::ContentSecurityPolicy::extend
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SourceDirective {
    name: &'static str,
    fallback: &'static [&'static str],
}

/// Declares the constants. For example `source_directives! { IMG_SRC = "img-src" => ["default-src"], }`.
macro_rules! source_directives {
    ($($constant:ident = $name:literal => $fallback:expr,)+) => {
        impl SourceDirective {
            $(
                #[doc = concat!("`", $name, "`")]
                pub const $constant: Self = Self { name: $name, fallback: &$fallback };
            )+

            const ALL: &[Self] = &[$(Self::$constant),+];
        }
    };
}

source_directives! {
    DEFAULT_SRC = "default-src" => [],
    SCRIPT_SRC = "script-src" => ["default-src"],
    SCRIPT_SRC_ELEM = "script-src-elem" => ["script-src", "default-src"],
    SCRIPT_SRC_ATTR = "script-src-attr" => ["script-src", "default-src"],
    STYLE_SRC = "style-src" => ["default-src"],
    STYLE_SRC_ELEM = "style-src-elem" => ["style-src", "default-src"],
    STYLE_SRC_ATTR = "style-src-attr" => ["style-src", "default-src"],
    IMG_SRC = "img-src" => ["default-src"],
    FONT_SRC = "font-src" => ["default-src"],
    MEDIA_SRC = "media-src" => ["default-src"],
    CONNECT_SRC = "connect-src" => ["default-src"],
    MANIFEST_SRC = "manifest-src" => ["default-src"],
    OBJECT_SRC = "object-src" => ["default-src"],
    CHILD_SRC = "child-src" => ["default-src"],
    FRAME_SRC = "frame-src" => ["child-src", "default-src"],
    FENCED_FRAME_SRC = "fenced-frame-src" => ["frame-src", "child-src", "default-src"],
    WORKER_SRC = "worker-src" => ["child-src", "script-src", "default-src"],
    BASE_URI = "base-uri" => [],
    FORM_ACTION = "form-action" => [],
}

impl SourceDirective {
    /// The directive's name.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Whether it says what may be fetched: absent, with all it falls back to, it allows all.
    pub(super) fn is_fetch(&self) -> bool {
        !matches!(self.name, "base-uri" | "form-action")
    }

    /// An error for a source that has no effect here.
    pub(super) fn check(self, sources: &[Source]) -> Result<(), ParseError> {
        let (start, keywords) = (self.name.len() + 1, self.keywords());
        for source in sources {
            let text = format!("{} {source}", self.name);
            if let Some(fault) = source_fault(text.as_bytes(), start, text.len(), keywords) {
                return Err(fault.error_in(&text, self.name));
            }
        }
        Ok(())
    }

    /// The error of a nonce that is to be added to a directive that is not there.
    pub(super) fn absent(self) -> ParseError {
        let problem = format!(
            "{NONCE} has nothing to be added to, since neither {0} nor what stands in for it is there; set {0} itself",
            self.name
        );
        ParseError::new(NAME, 0, problem)
    }

    /// Of what another directive says, what has an effect here.
    ///
    /// What a nonce or a hash silenced goes with it, lest it come alive; `'strict-dynamic'` silences
    /// nothing but script, and goes nowhere without it.
    pub(super) fn inherited(self, other: Directive<'_>) -> Vec<&str> {
        let mut values: Vec<&str> = other.values().collect();
        let orphaned = values.iter().any(|value| is_nonce_or_hash(value) && !self.counts(value));
        let counts = |value: &str| self.counts(value) && !value.eq_ignore_ascii_case("'none'");
        values.retain(|value| counts(value) && !(orphaned && is_silenced(value)));
        values
    }

    /// Whether a keyword, a nonce or a hash has an effect here; hosts and schemes do everywhere.
    pub(super) fn counts(self, source: &str) -> bool {
        let lower = source.to_ascii_lowercase();
        let keyword = KEYWORDS.iter().find(|(keyword, _)| *keyword == lower);
        match keyword {
            Some((_, counts)) => counts & self.keywords() != 0,
            None if lower.starts_with("'nonce-") => NONCES & self.keywords() != 0,
            None if lower.starts_with("'sha") => INLINE & self.keywords() != 0,
            None => true,
        }
    }

    /// Which [`KEYWORDS`] count here.
    fn keywords(self) -> u8 {
        match DIRECTIVES.iter().find(|(name, _)| *name == self.name) {
            Some((_, Kind::Sources(keywords))) => *keywords,
            _ => PLAIN,
        }
    }

    /// The directive of that name.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|directive| directive.name.eq_ignore_ascii_case(name))
    }

    /// The directives that a browser goes by where this one is absent, nearest first
    /// (CSP3 section 6.8.3). `base-uri` and `form-action` have none.
    pub const fn fallback(&self) -> &'static [&'static str] {
        self.fallback
    }
}
