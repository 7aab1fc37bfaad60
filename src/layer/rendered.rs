//! Renders a policy to header values.

use http::HeaderValue;

use crate::policy::{
    csp::{Draft, Split, Template},
    header::to_value,
};

/// Classifies which pages an enforced policy allows to frame a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Framing {
    /// Pages of a list of origins, or all pages.
    ByList,
    /// The pages that `X-Frame-Options` allows.
    AsElsewhere,
}

impl Framing {
    fn of(policy: &Draft<'_>) -> Self {
        match policy.frames_by_list() {
            true => Self::ByList,
            false => Self::AsElsewhere,
        }
    }
}

/// Holds a policy that is rendered before the first request, for all responses.
#[derive(Clone, Debug)]
pub(super) struct Rendered {
    /// The value without a nonce; `None` for a policy without directives.
    value: Option<HeaderValue>,
    /// The value with a gap for each nonce; `None` for a policy without nonces.
    template: Option<Template>,
    /// The two lines of a response whose nonce was read, in place of the template.
    split: Option<Split>,
    pub(super) framing: Framing,
}

/// Holds the value of a policy: one line, or two that mean the same together.
#[derive(Clone, Debug)]
pub(super) struct Lines {
    pub(super) first: HeaderValue,
    pub(super) second: Option<HeaderValue>,
}

/// Holds the policy of one response.
#[derive(Debug)]
pub(super) struct ResponsePolicy {
    /// `None` for a policy without directives, which is not sent.
    pub(super) value: Option<Lines>,
    /// Set if the policy has a nonce, read or not.
    pub(super) has_nonce: bool,
    pub(super) framing: Framing,
}

/// Compares the policy of one response with the policy of the layer.
#[derive(Debug)]
pub(super) enum OwnPolicy {
    /// It is the layer's policy.
    Unchanged,
    /// It was changed by the handler or by a hook.
    Changed(ResponsePolicy),
    /// The handler disabled it.
    Disabled,
}

impl Rendered {
    pub(super) fn new(draft: &Draft<'_>) -> Self {
        let text = draft.render(None);
        Self {
            value: (!text.is_empty()).then(|| to_value(text.into())),
            template: draft.template(),
            split: None,
            framing: Framing::of(draft),
        }
    }

    pub(super) fn has_nonce(&self) -> bool {
        self.template.is_some()
    }

    /// Returns the value for a response whose nonce was not read.
    pub(super) fn value(&self) -> Option<&HeaderValue> {
        self.value.as_ref()
    }

    /// Sends the nonce in a second line.
    pub(super) fn set_split(&mut self, split: Split) {
        self.split = Some(split);
    }

    /// Returns the value with this nonce, or `None` if the policy has no place for one.
    pub(super) fn value_with(&self, nonce: &[u8; Template::NONCE]) -> Option<Lines> {
        let filled = |template: &Template| template.fill(nonce).try_into().ok();
        match &self.split {
            None => Some(Lines::from(filled(self.template.as_ref()?)?)),
            Some(split) => {
                Some(Lines { first: split.first.clone(), second: Some(filled(&split.second)?) })
            }
        }
    }

    /// Returns the policy for one response, with the nonce that was read.
    pub(super) fn for_response(&self, nonce: Option<&[u8; Template::NONCE]>) -> ResponsePolicy {
        let filled = nonce.and_then(|nonce| self.value_with(nonce));
        ResponsePolicy {
            value: filled.or_else(|| self.value.clone().map(Lines::from)),
            has_nonce: self.has_nonce(),
            framing: self.framing,
        }
    }
}

impl From<HeaderValue> for Lines {
    fn from(first: HeaderValue) -> Self {
        Self { first, second: None }
    }
}

impl ResponsePolicy {
    /// Renders the policy that is only sent with one response, in one line.
    pub(super) fn new(draft: &Draft<'_>, nonce: Option<&[u8; Template::NONCE]>) -> Self {
        let text = draft.render(nonce);
        Self {
            value: (!text.is_empty()).then(|| to_value(text.into()).into()),
            has_nonce: draft.has_nonce(),
            framing: Framing::of(draft),
        }
    }
}
