//! Names the line that fixes a weakness, in Rust and in the settings file.

use std::borrow::Cow;

use crate::{
    lint::Lint,
    policy::cookie::{HostCookies, ReceivedCookie},
};

/// The policy that replaces a missing or unreadable one.
const CSP: &str = "default-src 'self'; base-uri 'self'; object-src 'none'; form-action 'self'; frame-ancestors 'self'";

/// Good values of headers: the name, the constant of our API, and the text.
const VALUES: &[(&str, &str, &str)] = &[
    ("cross-origin-embedder-policy", "CrossOriginEmbedderPolicy::REQUIRE_CORP", "require-corp"),
    (
        "cross-origin-opener-policy",
        "CrossOriginOpenerPolicy::SAME_ORIGIN_ALLOW_POPUPS",
        "same-origin-allow-popups",
    ),
    ("cross-origin-resource-policy", "CrossOriginResourcePolicy::SAME_ORIGIN", "same-origin"),
    (
        "permissions-policy",
        "PermissionsPolicy::from_static(\"camera=(), geolocation=(), microphone=()\")",
        "camera=(), geolocation=(), microphone=()",
    ),
    (
        "referrer-policy",
        "ReferrerPolicy::STRICT_ORIGIN_WHEN_CROSS_ORIGIN",
        "strict-origin-when-cross-origin",
    ),
    (
        "strict-transport-security",
        "StrictTransportSecurity::new(Duration::from_secs(31_536_000))",
        "max-age=31536000",
    ),
    ("x-content-type-options", "ContentTypeOptions::NOSNIFF", "nosniff"),
    ("x-dns-prefetch-control", "DnsPrefetchControl::OFF", "off"),
    ("x-download-options", "DownloadOptions::NOOPEN", "noopen"),
    ("x-frame-options", "FrameOptions::SAMEORIGIN", "SAMEORIGIN"),
    ("x-permitted-cross-domain-policies", "PermittedCrossDomainPolicies::NONE", "none"),
    ("x-xss-protection", "XssProtection::OFF", "0"),
];

/// Good sources of the directives for which `'self'` is not the best.
const SOURCES: &[(&str, &str)] =
    &[("object-src", "'none'"), ("script-src-attr", "'none'"), ("style-src-attr", "'none'")];

/// Lints that another header than their own fixes.
const OTHERS: &[(&str, &str, &str, &str)] = &[
    (
        "embedder-policy-without-opener-policy",
        "cross-origin-opener-policy",
        "CrossOriginOpenerPolicy::SAME_ORIGIN",
        "same-origin",
    ),
    (
        "embedder-policy-without-resource-policy",
        "cross-origin-resource-policy",
        "CrossOriginResourcePolicy::SAME_SITE",
        "same-site",
    ),
];

/// Holds the line that fixes a weakness.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fix {
    api: Cow<'static, str>,
    settings: Cow<'static, str>,
}

impl Fix {
    pub(super) fn new(
        api: impl Into<Cow<'static, str>>,
        settings: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { api: api.into(), settings: settings.into() }
    }

    pub(super) fn api(&self) -> &str {
        &self.api
    }

    pub(super) fn settings(&self) -> &str {
        &self.settings
    }

    /// Sends a good value of the header, or, if there is none for every site, does not send it.
    pub(super) fn of_header(name: &str) -> Self {
        if name == "content-security-policy" {
            let api = format!(".with(ContentSecurityPolicy::from_static(\"{CSP}\"))");
            return Self::new(api, format!("headers.{name} = \"{CSP}\""));
        }
        match VALUES.iter().find(|(known, ..)| *known == name) {
            Some((_, constant, text)) => Self::value(name, constant, text),
            None => Self::without(name),
        }
    }

    /// Sends one value of a header.
    pub(super) fn value(name: &str, constant: &str, text: &str) -> Self {
        Self::new(format!(".with({constant})"), format!("headers.{name} = \"{text}\""))
    }

    /// Does not send the header.
    fn without(name: &str) -> Self {
        let api = format!(".without(&HeaderName::from_static(\"{name}\"))");
        Self::new(api, format!("headers.{name} = false"))
    }

    /// Removes the header of the application.
    pub(super) fn remove(name: &str) -> Self {
        let api = format!(".with(RemoveHeaders::new([\"{name}\"])?)");
        Self::new(api, format!("remove_headers = [\"{name}\"]"))
    }

    /// Guards a cookie under its prefix, or under `__Host-`.
    pub(super) fn cookie(cookie: &ReceivedCookie<'_>) -> Self {
        let name = guardable(cookie);
        let (call, key) = match cookie.is_named_like(&["__host-http-"]) {
            true => (".prefix(CookiePrefix::HostHttp)", ", prefix = \"__Host-Http-\""),
            false => ("", ""),
        };
        let api = format!(
            ".with(HostCookies::new([\"{name}\"])?{call}.http_only().same_site(SameSite::Lax))"
        );
        let settings = format!(
            "cookies = {{ names = [\"{name}\"]{key}, http_only = true, same_site = \"Lax\" }}"
        );
        Self::new(api, settings)
    }

    /// Guards a cookie that has no `SameSite`. A script may read it, to send it in a header.
    pub(super) fn readable_cookie(cookie: &ReceivedCookie<'_>) -> Self {
        let name = guardable(cookie);
        Self::new(
            format!(".with(HostCookies::new([\"{name}\"])?.same_site(SameSite::Lax))"),
            format!("cookies = {{ names = [\"{name}\"], same_site = \"Lax\" }}"),
        )
    }

    /// Redirects requests over http.
    pub(super) fn redirect() -> Self {
        Self::new(
            "HttpsRedirectLayer::new(HttpsRedirect::to_site(&site)?)",
            "hosts.https_redirect = true",
        )
    }

    /// Redirects requests over http to the host that was asked.
    pub(super) fn redirect_to_same_host() -> Self {
        Self::new(
            "HttpsRedirectLayer::new(HttpsRedirect::allowing(AllowedHosts::new([\"www.example.tld\"])?))",
            "hosts.allowed = [\"www.example.tld\"]",
        )
    }

    /// Returns the fix of a lint.
    pub(super) fn of_lint(lint: &Lint, csp: Csp) -> Self {
        if let Some((_, header, constant, text)) = OTHERS.iter().find(|(id, ..)| *id == lint.id()) {
            return Self::value(header, constant, text);
        }
        match (lint.id(), lint.header()) {
            ("frame-options-disagree" | "frame-options-with-list", header) => Self::without(header),
            ("csp-endpoint-missing", _) => Self::directive("report-to", csp),
            (_, header) if header.starts_with("access-control-") => Self::remove(header),
            (id, "content-security-policy") => match (lint.directive(), missing(id)) {
                (Some(directive), _) | (None, Some(directive)) => Self::directive(directive, csp),
                (None, None) => Self::of_header("content-security-policy"),
            },
            (_, header) => Self::of_header(header),
        }
    }

    /// Replaces a directive of the policy, or the policy if it cannot be edited.
    fn directive(name: &str, csp: Csp) -> Self {
        if csp == Csp::Replaced || !name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-') {
            return Self::of_header("content-security-policy");
        }
        let has_sources = ["-src", "-src-attr", "-src-elem"].iter().any(|end| name.ends_with(end))
            || ["base-uri", "form-action", "frame-ancestors"].contains(&name);
        if !has_sources || name == "prefetch-src" {
            let api = format!(".with(csp.remove(\"{name}\")?)");
            return Self::new(api, format!("csp.{name} = false"));
        }
        let known = SOURCES.iter().find(|(known, _)| *known == name);
        let sources = known.map_or("'self'", |(_, sources)| sources);
        let api = format!(".with(csp.set_text(\"{name}\", \"{sources}\")?)");
        Self::new(api, format!("csp.{name} = {{ set = [\"{sources}\"] }}"))
    }
}

/// Returns a name for the application's cookie that `HostCookies` and other parsers accept. A
/// foreign server may use any bytes: the application has to rename such a cookie.
fn guardable(cookie: &ReceivedCookie<'_>) -> String {
    let is_accepted = |name: &String| HostCookies::new([name.clone()]).is_ok();
    let name = String::from_utf8_lossy(cookie.plain_name()).into_owned();
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' };
    let renamed = || Some(name.chars().map(plain).collect()).filter(is_accepted);
    let name = Some(name.clone()).filter(is_accepted).or_else(renamed);
    name.unwrap_or_else(|| "session".to_owned())
}

/// Selects the fix of the content policy of a response.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Csp {
    /// One policy that the strict parser accepts: its directives are edited.
    Edited,
    /// Several policies, or one that the strict parser rejects: it is replaced.
    Replaced,
}

/// Returns the directive of a lint such as `csp-base-uri-missing`.
fn missing(id: &str) -> Option<&str> {
    id.strip_prefix("csp-")?.strip_suffix("-missing")
}
