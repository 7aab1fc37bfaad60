//! Defines the directives that accept sources.

use std::{fmt, str::FromStr};

use super::word::{Sort, Word};
use crate::{
    error::{ParseError, did_you_mean, shown},
    policy::csp::grammar::{
        quoted::{NO_EFFECT, NO_EFFECT_INLINE},
        tables::{DIRECTIVES, Kind, NAME, NONCE, Row, directive},
    },
};

/// Names a directive that accepts sources, for [`set`] and [`extend`].
///
/// [`set`]: crate::ContentSecurityPolicy::set
/// [`extend`]: crate::ContentSecurityPolicy::extend
///
/// ```
/// use tower_hardening::csp::SourceDirective;
///
/// assert_eq!("img-src".parse(), Ok(SourceDirective::IMG_SRC));
/// assert_eq!(SourceDirective::SCRIPT_SRC_ELEM.fallback(), ["script-src", "default-src"]);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SourceDirective(u8);

/// Declares the constants.
///
/// For example `source_directives! { IMG_SRC = "img-src", }`.
macro_rules! source_directives {
    ($($constant:ident = $name:literal,)+) => {
        impl SourceDirective {
            $(
                #[doc = concat!("`", $name, "`")]
                pub const $constant: Self = Self::of($name);
            )+

            /// Every directive that accepts sources.
            pub const ALL: &[Self] = &[$(Self::$constant),+];
        }
    };
}

source_directives! {
    DEFAULT_SRC = "default-src",
    SCRIPT_SRC = "script-src",
    SCRIPT_SRC_ELEM = "script-src-elem",
    SCRIPT_SRC_ATTR = "script-src-attr",
    STYLE_SRC = "style-src",
    STYLE_SRC_ELEM = "style-src-elem",
    STYLE_SRC_ATTR = "style-src-attr",
    IMG_SRC = "img-src",
    FONT_SRC = "font-src",
    MEDIA_SRC = "media-src",
    CONNECT_SRC = "connect-src",
    MANIFEST_SRC = "manifest-src",
    OBJECT_SRC = "object-src",
    CHILD_SRC = "child-src",
    FRAME_SRC = "frame-src",
    FENCED_FRAME_SRC = "fenced-frame-src",
    WORKER_SRC = "worker-src",
    BASE_URI = "base-uri",
    FORM_ACTION = "form-action",
}

impl SourceDirective {
    const fn of(name: &str) -> Self {
        match directive(name.as_bytes(), 0, name.len()) {
            Some(index) => Self(index as u8),
            None => panic!("not a directive"),
        }
    }

    fn row(self) -> &'static Row {
        &DIRECTIVES[usize::from(self.0)]
    }

    /// Returns the directive's name.
    pub const fn name(&self) -> &'static str {
        DIRECTIVES[self.0 as usize].name
    }

    /// Returns the directives that a browser uses if this one is absent,
    /// nearest first (CSP3 section 6.8.3). `base-uri` and `form-action` have none.
    pub const fn fallback(&self) -> &'static [&'static str] {
        DIRECTIVES[self.0 as usize].fallback
    }

    /// Returns `true` if the directive limits fetches. If such a directive is
    /// absent, together with all of its fallbacks, every fetch is allowed.
    pub(super) fn is_fetch(self) -> bool {
        !matches!(self.name(), "base-uri" | "form-action")
    }

    /// Returns the error for the first source that has no effect here.
    pub(super) fn check<'a>(
        self,
        sources: impl IntoIterator<Item = &'a Word>,
    ) -> Result<(), ParseError> {
        match sources.into_iter().find(|source| !self.has_effect(source.sort())) {
            None => Ok(()),
            Some(source) => Err(self.no_effect(source)),
        }
    }

    pub(super) fn no_effect(self, source: &Word) -> ParseError {
        let problem = match source.sort().is_nonce_or_hash() {
            true => NO_EFFECT_INLINE,
            false => NO_EFFECT,
        };
        let problem = problem.replace("this directive", self.name());
        ParseError::new(NAME, self.name().len() + 1, format!("{} {problem}", source.as_str()))
    }

    /// Returns the error for a nonce that cannot be added, since the directive
    /// is absent.
    pub(super) fn absent(self) -> ParseError {
        let problem = format!(
            "{NONCE} cannot be added, since the policy has neither {0} nor a directive that {0} falls back to; set {0} itself",
            self.name()
        );
        ParseError::new(NAME, 0, problem)
    }

    /// Returns the sources of another directive that have an effect here.
    ///
    /// If a nonce or a hash is not inherited, a source that it turned off is not inherited either,
    /// since the source would become active. `'strict-dynamic'` turns off sources of script only,
    /// and has an effect only there.
    pub(super) fn inherited<'a>(self, values: &[&'a Word]) -> Vec<&'a Word> {
        let has_effect = |word: &&&'a Word| self.has_effect(word.sort());
        let orphaned =
            values.iter().any(|word| word.sort().is_nonce_or_hash() && !has_effect(&word));
        let inherited = values.iter().filter(has_effect).copied();
        inherited.filter(|word| !(orphaned && word.is_ignored_next_to_nonce())).collect()
    }

    /// Returns `true` if a source of this sort has an effect here. Hosts and
    /// schemes always have one.
    pub(super) fn has_effect(self, sort: Sort) -> bool {
        matches!(self.row().kind, Kind::Sources(group) if sort.has_effect(group))
    }

    /// Returns the directive with this name, in any letter case.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|directive| directive.name().eq_ignore_ascii_case(name))
    }
}

impl fmt::Debug for SourceDirective {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SourceDirective({})", self.name())
    }
}

impl fmt::Display for SourceDirective {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for SourceDirective {
    type Err = ParseError;

    /// Parses a directive's name, in any letter case.
    fn from_str(name: &str) -> Result<Self, ParseError> {
        Self::named(name).ok_or_else(|| {
            let names: Vec<&str> = Self::ALL.iter().map(Self::name).collect();
            let remedy = did_you_mean(name, &names, "write one like 'img-src'");
            let problem =
                format!("'{}' is not a directive that takes sources{remedy}", shown(name));
            ParseError::new(NAME, 0, problem)
        })
    }
}
