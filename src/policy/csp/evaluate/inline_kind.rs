//! Lists the kinds of code and style that a page itself contains.

/// Represents a kind of inline code or style (CSP3 section 6.8.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum InlineKind {
    Script,
    SpeculationRules,
    EventHandler,
    JavascriptUrl,
    Style,
    StyleAttribute,
}

impl InlineKind {
    /// Returns the directive that limits this kind.
    pub(super) fn effective_directive(self) -> &'static str {
        match self {
            Self::Script | Self::SpeculationRules | Self::JavascriptUrl => "script-src-elem",
            Self::EventHandler => "script-src-attr",
            Self::Style => "style-src-elem",
            Self::StyleAttribute => "style-src-attr",
        }
    }

    /// Returns `true` for the content of an element, which a nonce or a hash can allow alone.
    pub(super) fn is_element(self) -> bool {
        matches!(self, Self::Script | Self::SpeculationRules | Self::Style)
    }

    pub(super) fn is_script(self) -> bool {
        !matches!(self, Self::Style | Self::StyleAttribute)
    }
}
