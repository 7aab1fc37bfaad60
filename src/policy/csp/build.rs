//! One method for each directive: what cannot be meant cannot be written.

use super::{
    Ancestor, ContentSecurityPolicy, EndpointName, SandboxToken, Source, SourceDirective,
    TrustedTypesPolicy, Webrtc, check, fault::NAME, known::DEPRECATED, values::check_uri,
};
use crate::{ParseError, policy::directives::is_token};

/// Declares the methods that set a list of sources. For example
/// `source_methods! { img_src => IMG_SRC, }`.
macro_rules! source_methods {
    ($($method:ident => $directive:ident,)+) => {
        /// Each sets its directive, in the place of what it said; no source at all is `'none'`. What
        /// would do nothing is an error, as is a policy that is longer than 8192 bytes.
        impl ContentSecurityPolicy {
            $(
                #[doc = concat!("Sets `", stringify!($method), "`: see [`SourceDirective::", stringify!($directive), "`].")]
                pub fn $method(self, sources: impl IntoIterator<Item = Source>) -> Result<Self, ParseError> {
                    self.replace(SourceDirective::$directive, sources)
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

/// Each fails where the policy would be longer than 8192 bytes.
impl ContentSecurityPolicy {
    /// Sets `frame-ancestors`; none at all is `'none'`.
    pub fn frame_ancestors(
        self,
        ancestors: impl IntoIterator<Item = Ancestor>,
    ) -> Result<Self, ParseError> {
        let ancestors = Vec::from_iter(ancestors);
        let ancestors: Vec<&str> = ancestors.iter().map(Ancestor::as_str).collect();
        self.set("frame-ancestors", &ancestors).within_limit()
    }

    /// Sets `sandbox` with these permissions; with none at all everything is forbidden.
    pub fn sandbox(
        self,
        tokens: impl IntoIterator<Item = SandboxToken>,
    ) -> Result<Self, ParseError> {
        let tokens: Vec<&str> = tokens.into_iter().map(|token| token.as_str()).collect();
        self.put("sandbox", &tokens.join(" ")).within_limit()
    }

    /// Sets `upgrade-insecure-requests`: a browser asks for http addresses by https.
    pub fn upgrade_insecure_requests(self) -> Result<Self, ParseError> {
        self.put("upgrade-insecure-requests", "").within_limit()
    }

    /// Sets `require-trusted-types-for 'script'`: a page's script hands no plain text to what would
    /// run it.
    pub fn require_trusted_types_for_script(self) -> Result<Self, ParseError> {
        self.put("require-trusted-types-for", "'script'").within_limit()
    }

    /// Sets `trusted-types`: which policies a page's script may create; none at all is `'none'`.
    pub fn trusted_types(
        self,
        policies: impl IntoIterator<Item = TrustedTypesPolicy>,
    ) -> Result<Self, ParseError> {
        let policies = Vec::from_iter(policies);
        let policies: Vec<&str> = policies.iter().map(TrustedTypesPolicy::as_str).collect();
        self.set("trusted-types", &policies).within_limit()
    }

    /// Sets `webrtc`.
    pub fn webrtc(self, webrtc: Webrtc) -> Result<Self, ParseError> {
        self.put("webrtc", webrtc.as_str()).within_limit()
    }

    /// Sets `report-to`, which newer browsers look at: the endpoint must be defined by a
    /// `Reporting-Endpoints` header of the same response.
    pub fn report_to(self, endpoint: EndpointName) -> Result<Self, ParseError> {
        self.put("report-to", endpoint.as_str()).within_limit()
    }

    /// Sets `report-uri`, deprecated but all that older browsers look at: a URL or a path.
    ///
    /// An error where the text has a byte that could end it.
    pub fn report_uri(self, uri: &str) -> Result<Self, ParseError> {
        check_uri(uri)?;
        self.put("report-uri", uri).within_limit()
    }

    /// Sets a directive that this crate does not know, with whatever value; browsers do not tell
    /// when they do not know it either.
    ///
    /// An error where the name is a known one's, one that browsers gave up among them, or a byte
    /// could end the directive.
    pub fn dangerous_directive(self, name: &str, value: &str) -> Result<Self, ParseError> {
        let error = |offset, problem: String| Err(ParseError::new(NAME, offset, problem));
        let letters = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if name.is_empty() || !name.bytes().all(|byte| letters(byte) && is_token(byte)) {
            return error(
                0,
                format!(
                    "'{}' is no name of a directive; write lower-case letters, digits and '-'",
                    name.escape_debug()
                ),
            );
        }
        if DEPRECATED.contains(&name) {
            return error(0, format!("no browser reads {name} any more; leave it out"));
        }
        if check::is_known(name) {
            return error(0, format!("'{name}' has a method of its own; use that"));
        }
        let refused = |c: &char| !matches!(c, ' '..='~') || matches!(c, ';' | ',');
        if let Some((at, found)) = value.char_indices().find(|(_, c)| refused(c)) {
            return error(
                at,
                format!(
                    "{found:?} cannot stand in a value; write visible ASCII without ';' and ','"
                ),
            );
        }
        if value.to_ascii_lowercase().contains("'nonce-") {
            return error(
                0,
                "a nonce has no meaning in a directive that is not known; remove it".to_owned(),
            );
        }
        self.put(name, value).within_limit()
    }
}
