//! Sets directives by typed methods, which accept only values valid for the
//! directive.

use super::{
    parts::List,
    source::{FrameAncestor, Source},
    source_directive::SourceDirective,
    value::ContentSecurityPolicy,
    values::{EndpointName, SandboxToken, TrustedTypesPolicy, WebRtc, check_uri},
    word::{Sort, Word},
};
use crate::{
    error::{ParseError, nearest, shown},
    policy::csp::grammar::{
        scanner::name_error,
        tables::{DEPRECATED, DIRECTIVES, NAME, NONE, row_of},
    },
};

/// Declares the methods that set a list of sources. For example
/// `source_methods! { img_src => IMG_SRC, }`.
macro_rules! source_methods {
    ($($method:ident => $directive:ident,)+) => {
        /// Sets the directive of this name to these sources; an empty list is
        /// `'none'`.
        ///
        /// # Errors
        ///
        /// Returns an error for a source that has no effect in the directive, and for a policy
        /// longer than 8192 bytes.
        impl ContentSecurityPolicy {
            $(
                #[doc = concat!("Sets `", stringify!($method), "`: see [`SourceDirective::", stringify!($directive), "`].")]
                pub fn $method(self, sources: impl IntoIterator<Item = Source>) -> Result<Self, ParseError> {
                    self.set(SourceDirective::$directive, sources)
                }
            )+
        }
    };
}

source_methods! {
    default_src => DEFAULT_SRC,
    script_src => SCRIPT_SRC,
    script_src_elem => SCRIPT_SRC_ELEM,
    script_src_attr => SCRIPT_SRC_ATTR,
    style_src => STYLE_SRC,
    style_src_elem => STYLE_SRC_ELEM,
    style_src_attr => STYLE_SRC_ATTR,
    img_src => IMG_SRC,
    font_src => FONT_SRC,
    media_src => MEDIA_SRC,
    connect_src => CONNECT_SRC,
    manifest_src => MANIFEST_SRC,
    object_src => OBJECT_SRC,
    child_src => CHILD_SRC,
    frame_src => FRAME_SRC,
    worker_src => WORKER_SRC,
    fenced_frame_src => FENCED_FRAME_SRC,
    base_uri => BASE_URI,
    form_action => FORM_ACTION,
}

/// These methods return an error for a policy longer than 8192 bytes.
impl ContentSecurityPolicy {
    /// Sets `frame-ancestors`; an empty list is `'none'`.
    pub fn frame_ancestors(
        self,
        ancestors: impl IntoIterator<Item = FrameAncestor>,
    ) -> Result<Self, ParseError> {
        let words = ancestors.into_iter().map(|ancestor| ancestor.word().clone());
        self.put("frame-ancestors", List::Ancestors, words)
    }

    /// Sets `sandbox` with these permissions; an empty list forbids
    /// everything.
    pub fn sandbox(
        self,
        tokens: impl IntoIterator<Item = SandboxToken>,
    ) -> Result<Self, ParseError> {
        self.put_words("sandbox", tokens.into_iter().map(|token| token.as_str()))
    }

    /// Sets `upgrade-insecure-requests`: a browser fetches http addresses over
    /// https.
    pub fn upgrade_insecure_requests(self) -> Result<Self, ParseError> {
        self.put_words("upgrade-insecure-requests", [])
    }

    /// Sets `require-trusted-types-for 'script'`. A page's script cannot pass
    /// plain text to functions that would run it.
    pub fn require_trusted_types_for_script(self) -> Result<Self, ParseError> {
        self.put_words("require-trusted-types-for", ["'script'"])
    }

    /// Sets `trusted-types`: the policies that a page's script may create. An
    /// empty list is `'none'`.
    pub fn trusted_types(
        self,
        policies: impl IntoIterator<Item = TrustedTypesPolicy>,
    ) -> Result<Self, ParseError> {
        let policies = Vec::from_iter(policies);
        match policies.is_empty() {
            true => self.put_words("trusted-types", [NONE]),
            false => {
                self.put_words("trusted-types", policies.iter().map(TrustedTypesPolicy::as_str))
            }
        }
    }

    /// Sets `webrtc`.
    pub fn webrtc(self, webrtc: WebRtc) -> Result<Self, ParseError> {
        self.put_words("webrtc", [webrtc.as_str()])
    }

    /// Sets `report-to`, which newer browsers use. A `Reporting-Endpoints`
    /// header of the same response must define the endpoint.
    pub fn report_to(self, endpoint: EndpointName) -> Result<Self, ParseError> {
        self.put_words("report-to", [endpoint.as_str()])
    }

    /// Sets `report-uri` to a URL or a path. The directive is deprecated, but
    /// older browsers support no other.
    ///
    /// # Errors
    ///
    /// Also returns an error for text with a byte that could end the directive.
    pub fn report_uri(self, uri: &str) -> Result<Self, ParseError> {
        check_uri(uri)?;
        self.put_words("report-uri", [uri])
    }

    /// Sets a directive that this crate does not know, to any value.
    ///
    /// Browsers ignore a directive that they do not know, and therefore a misspelt one. For this
    /// reason `FromStr` rejects the text of such a policy, and to serialize it (feature `serde`) is
    /// an error.
    ///
    /// # Errors
    ///
    /// Also returns an error for the name of a known or obsolete directive, and for a byte that
    /// could end the directive.
    pub fn dangerous_directive(self, name: &str, value: &str) -> Result<Self, ParseError> {
        check_name(name)?;
        let is_refused = |c: &char| !matches!(c, ' '..='~') || matches!(c, ';' | ',');
        if let Some((at, found)) = value.char_indices().find(|(_, c)| is_refused(c)) {
            let problem = format!(
                "{found:?} is not allowed in a value; write visible ASCII without ';' and ','"
            );
            return Err(ParseError::new(NAME, at, problem));
        }
        if let Some(at) = value.to_ascii_lowercase().find("'nonce-") {
            let problem = "a nonce has no effect in an unknown directive; remove it";
            return Err(ParseError::new(NAME, at, problem));
        }
        let words = value.split_ascii_whitespace();
        let words = words.map(|word| Word::new(word.to_owned().into(), Sort::Other));
        self.put_list(name, List::Other, &Vec::from_iter(words))
    }
}

/// Returns an error for a name that no directive of a policy can have, such as
/// a misspelt one.
pub(super) fn check_removable(name: &str) -> Result<(), ParseError> {
    let known: Vec<&str> = DIRECTIVES.iter().map(|row| row.name).collect();
    let is_custom = check_name(name).is_ok() && nearest(name, &known).is_none();
    match is_custom || row_of(name).is_some() {
        true => Ok(()),
        false => Err(name_error(name)),
    }
}

/// Returns an error for a name that an unknown directive cannot have.
fn check_name(name: &str) -> Result<(), ParseError> {
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let problem = if name.is_empty() || !name.bytes().all(is_letter) {
        format!(
            "'{}' is not a directive name; write lower-case letters, digits and '-'",
            shown(name)
        )
    } else if DEPRECATED.iter().any(|(deprecated, _)| *deprecated == name) {
        format!("'{name}' is obsolete, and browsers ignore it; remove it")
    } else if row_of(name).is_some() {
        format!("'{name}' has a method of its own; use that")
    } else {
        return Ok(());
    };
    Err(ParseError::new(NAME, 0, problem))
}
