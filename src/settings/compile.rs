//! Compiles settings into policies.

use std::time::Duration;

use super::{
    file::{Cookies, File, Seconds, Text},
    media::{self, Fault},
};
use crate::{
    error::ParseError,
    policy::{
        cookie::HostCookies,
        csp::{ContentSecurityPolicy, EndpointName, Source, SourceDirective},
        hardening::Hardening,
        header::{ExpectCt, ReportTo, ReportingEndpoints, StrictTransportSecurity},
    },
    request::{HttpUrl, Origin},
};

/// The name of the endpoint that browsers report to.
const ENDPOINT: &str = "csp-endpoint";

/// The time for which a browser may keep the endpoint: Pleroma's 126 days.
const ENDPOINT_MAX_AGE: Duration = Duration::from_secs(10_886_400);

/// Returns the policies of the profile, as Pleroma's own keys change them.
pub(super) fn hardening(
    file: &File,
    site: &Origin,
    cookies: Option<HostCookies>,
) -> Result<Hardening, Fault> {
    let preset = file.profile.policies(site);
    let preset =
        preset.map_err(|problem| (&["profile"][..], ParseError::new("settings", 0, problem)))?;
    let mut hardening = match file.http_security.enabled {
        true => headers(file, site, preset)?,
        false => Hardening::empty(),
    };
    hardening.host_cookies = cookies;
    Ok(hardening)
}

/// Represents the reason not to send `Strict-Transport-Security` for a site.
pub(super) struct StsRefusal {
    /// The lint's id.
    pub(super) id: &'static str,
    why: &'static str,
    /// The key of the site's table to change, and its right value.
    key: &'static str,
    value: &'static str,
}

impl StsRefusal {
    /// Returns the rest of a message, for a site whose keys are in this table: `url`, `site[0]`.
    pub(super) fn told(&self, table: &str) -> String {
        format!("{}; set {table}.{} to {}", self.why, self.key, self.value)
    }
}

/// Returns the reason not to send `Strict-Transport-Security` for a site
/// ([RFC 6797](https://www.rfc-editor.org/rfc/rfc6797), sections 7.2 and 8.1.1). Returns `None` if
/// the site may send it.
pub(super) fn sts_refusal(site: &Origin) -> Option<StsRefusal> {
    if !site.is_secure() {
        let why = "since the site is on http";
        return Some(StsRefusal { id: "sts-without-https", why, key: "scheme", value: "'https'" });
    }
    let why = "since browsers ignore it for an IP address, and apply it to every port of localhost";
    let refusal = StsRefusal { id: "sts-for-address", why, key: "host", value: "a domain" };
    (!site.takes_sts()).then_some(refusal)
}

fn headers(file: &File, site: &Origin, mut hardening: Hardening) -> Result<Hardening, Fault> {
    let security = &file.http_security;
    if let Some(csp) = hardening.csp.take() {
        hardening = hardening.with(content(file, site, csp)?);
    }
    if !security.sts || sts_refusal(site).is_some() {
        hardening = hardening
            .without(&http::header::STRICT_TRANSPORT_SECURITY)
            .without(&http::HeaderName::from_static("expect-ct"));
    } else {
        if let Some(Seconds(age)) = security.sts_max_age {
            hardening = with_age(hardening, age);
        }
        match security.ct_max_age {
            Some(Seconds(age)) if file.profile.sends_expect_ct() => {
                hardening = hardening.with(ExpectCt::enforce(age));
            }
            _ => {}
        }
    }
    if let Some(Text(policy)) = security.referrer_policy {
        hardening = hardening.with(policy);
    }
    let reports = security.report_uri.iter().filter(|uri| takes_reports(uri.origin()));
    for uri in reports {
        hardening = with_endpoint(hardening, uri)
            .map_err(|error| (&["http_security", "report_uri"][..], error))?;
    }
    Ok(hardening)
}

/// Sets the time for which browsers use https only. The profile says whether sub-domains are
/// included; a domain on the browsers' list has at least a year.
fn with_age(hardening: Hardening, age: Duration) -> Hardening {
    const YEAR: Duration = Duration::from_secs(31_536_000);

    let text = hardening.text_of("strict-transport-security").to_ascii_lowercase();
    let mut sts = StrictTransportSecurity::new(age);
    if text.contains("includesubdomains") {
        sts = sts.include_subdomains();
    }
    if text.contains("preload") && age >= YEAR {
        sts = sts.preload();
    }
    hardening.with(sts)
}

fn content(
    file: &File,
    site: &Origin,
    csp: ContentSecurityPolicy,
) -> Result<ContentSecurityPolicy, Fault> {
    let security = &file.http_security;
    let at = |path: &'static [&'static str]| move |error| (path, error);
    let csp = media::allow(file, site, csp)?;
    let csp = match site.is_secure() {
        true => csp,
        // Nothing to upgrade to.
        false => csp.remove("upgrade-insecure-requests").map_err(at(&["url", "scheme"]))?,
    };
    let mut csp = media::allow_captcha(file, csp).map_err(at(&["captcha", "endpoint"]))?;
    if security.allow_unsafe_eval {
        csp = csp
            .extend(SourceDirective::SCRIPT_SRC, [Source::WASM_UNSAFE_EVAL])
            .map_err(at(&["http_security", "allow_unsafe_eval"]))?;
    }
    let Some(uri) = &security.report_uri else { return Ok(csp) };
    csp.report_uri(&uri.to_string())
        .and_then(|csp| match takes_reports(uri.origin()) {
            true => csp.report_to(EndpointName::from_static(ENDPOINT)),
            false => Ok(csp),
        })
        .map_err(at(&["http_security", "report_uri"]))
}

/// Returns `true` if browsers accept an endpoint of this origin (Reporting API
/// section 3.3, "potentially trustworthy"). They skip all others, and a `report-to` that refers to
/// one makes them ignore `report-uri`.
pub(super) fn takes_reports(origin: &Origin) -> bool {
    origin.is_secure()
        || origin.is_localhost()
        || origin.address().is_some_and(|address| address.is_loopback())
}

/// Adds `Reporting-Endpoints`, which `report-to` refers to, and `Report-To`, which older versions of
/// Chrome use.
fn with_endpoint(hardening: Hardening, uri: &HttpUrl) -> Result<Hardening, ParseError> {
    let name = EndpointName::from_static(ENDPOINT);
    let uri = uri.to_string();
    let current = ReportingEndpoints::new(name.clone(), &uri)?;
    let legacy = ReportTo::new(name, ENDPOINT_MAX_AGE, &uri)?;
    Ok(hardening.with(current).with(legacy))
}

/// Returns the policy for cookies, or the invalid key and the problem.
pub(super) fn cookies(
    names: Vec<String>,
    file: &Cookies,
) -> Result<HostCookies, (&'static str, String)> {
    let problem = |key| move |error: ParseError| (key, error.problem().to_owned());
    let cookies = HostCookies::new(names).map_err(problem("names"))?;
    let mut cookies = switched(cookies, file)
        .prefix(file.prefix.0)
        .domain_attribute(file.domain_attribute.0)
        .path_attribute(file.path_attribute.0);
    if let Some(same_site) = file.same_site {
        cookies = cookies.same_site(same_site.0);
    }
    if !file.secure_other_cookies_except.is_empty() {
        if !file.secure_other_cookies {
            let remedy =
                "does nothing without secure_other_cookies; write 'secure_other_cookies = true'";
            return Err(("secure_other_cookies_except", remedy.to_owned()));
        }
        let names = file.secure_other_cookies_except.iter().cloned();
        cookies = cookies
            .secure_other_cookies_except(names)
            .map_err(problem("secure_other_cookies_except"))?;
    }
    for domain in &file.legacy_domains {
        cookies = cookies.legacy_domain(domain).map_err(problem("legacy_domains"))?;
    }
    match file.migrate_until {
        Some(date) => Ok(cookies.migrate_until(date.0)),
        None if file.legacy_domains.is_empty() => Ok(cookies),
        None => Err((
            "legacy_domains",
            "does nothing without a date in migrate_until; write one".into(),
        )),
    }
}

/// Applies the keys that are `true`.
fn switched(mut cookies: HostCookies, file: &Cookies) -> HostCookies {
    if file.http_only {
        cookies = cookies.http_only();
    }
    if file.reject_ambiguous {
        cookies = cookies.reject_ambiguous();
    }
    if file.accept_over_http {
        cookies = cookies.accept_over_http();
    }
    if file.allow_nested_layers {
        cookies = cookies.allow_nested_layers();
    }
    if file.secure_other_cookies {
        cookies = cookies.secure_other_cookies();
    }
    if file.plain_on_localhost {
        cookies = cookies.dangerous_plain_on_localhost();
    }
    cookies
}
