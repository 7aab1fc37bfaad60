//! Reports weaknesses of settings.

use std::iter;

use super::{
    Settings,
    compile::{sts_refusal, takes_reports},
    ignored::ignored,
};
use crate::{
    lint::{Lint, Severity},
    policy::MediaType,
    request::{HttpUrl, Origin},
};

impl Settings {
    /// Returns the weaknesses of the settings and of the policies that they
    /// define.
    pub fn lints(&self) -> Vec<Lint> {
        lints(self)
    }
}

fn lints(settings: &Settings) -> Vec<Lint> {
    let Settings { file, site, sites, left_out, .. } = settings;
    let hosts = || iter::once(site).chain(sites.hosts().map(|(site, _)| site));
    let mut lints = Vec::new();
    let mut warn = |id, message: String| lints.push(Lint::new(Severity::Warning, id, message));
    if !file.http_security.enabled {
        let problem = "no security header is sent; remove 'enabled = false'";
        warn("http-security-off", format!("http_security.enabled: {problem}"));
    }
    if !file.secure_cookie_flag() {
        let problem = "a sibling domain or anybody on the network can plant the session cookie; remove 'secure_cookie_flag = false'";
        warn("secure-cookie-flag-off", format!("secure_cookie_flag: {problem}"));
    }
    if file.guards_cookies() && file.cookie_names().is_empty() {
        let problem = "the list is empty, so that no cookie is guarded; write the names of the session cookies";
        warn("cookies-none-guarded", format!("cookies.names: {problem}"));
    }
    if file.guards_cookies() && !site.is_secure() && !is_trusted_on_http(site) {
        let problem = "browsers refuse the session cookie, since the site is on http; set url.scheme to 'https'";
        warn("host-cookie-without-https", format!("secure_cookie_flag: {problem}"));
    }
    if file.http_security.enabled && !file.http_security.sts && site.is_secure() {
        let problem = "an attacker on the network can keep a browser on http; remove 'sts = false'";
        warn("sts-off", format!("http_security.sts: {problem}"));
    }
    let refusal = sts_refusal(site).filter(|_| file.http_security.sts && !is_hidden(site));
    if let Some((id, why)) = refusal {
        warn(id, format!("http_security.sts: this header and expect-ct are not sent, {why}"));
    }
    let report_uri = file.http_security.report_uri.as_ref();
    if report_uri.is_some_and(|uri| !takes_reports(uri.origin())) {
        let problem = "reports are sent unencrypted, and browsers ignore such an endpoint, so that report-uri is sent without report-to; write 'https://…'";
        warn("report-uri-insecure", format!("http_security.report_uri: {problem}"));
    }
    let bases = [
        ("upload.base_url", &file.upload.base_url),
        ("media_proxy.base_url", &file.media_proxy.base_url),
    ];
    for (key, base) in bases {
        let host = base.as_ref().map(HttpUrl::origin).map(|origin| origin.host());
        let shared = hosts().find(|site| host == Some(site.host()));
        if let Some(site) = shared {
            let problem = format!(
                "'{}' is the site's own host, where an unfiltered file becomes a page of the site; use another domain",
                site.host()
            );
            warn("media-shares-host", format!("{key}: {problem}"));
        }
    }
    let pdf = file.media.allow.iter().position(|kind| kind.0 == MediaType::Pdf);
    let base = file.upload.base_url.as_ref().map(|base| base.origin().host());
    if let Some(index) =
        pdf.filter(|_| base.is_none_or(|base| hosts().any(|site| site.host() == base)))
    {
        let problem = "a PDF is shown without a sandbox, and uploads are on the site's own host; set upload.base_url to a URL on another domain";
        warn("pdf-shares-host", format!("media.allow[{index}]: {problem}"));
    }
    let proxy = &file.proxy;
    for (key, is_set) in
        [("header", proxy.header.is_some()), ("scheme_header", proxy.scheme_header.is_some())]
    {
        if !is_set || !proxy.trusted.is_empty() {
            continue;
        }
        let problem = "no forwarding header is read, since no proxy is trusted; add 'trusted = …'";
        warn("proxy-not-trusted", format!("proxy.{key}: {problem}"));
    }
    for (id, key, problem) in ignored(settings) {
        warn(id, format!("{key}: {problem}"));
    }
    for header in left_out {
        warn(header.id, format!("{}: {}", header.key, header.problem));
    }
    for (index, (site, hardening)) in sites.hosts().enumerate() {
        let guarded = hardening.host_cookies().is_some();
        let wanted = file.guards_cookies() && !file.cookie_names().is_empty();
        if wanted && !guarded && site.is_secure() {
            let problem = "a sibling domain or anybody on the network can plant the session cookie; remove 'secure_cookie_flag = false'";
            warn("secure-cookie-flag-off", format!("site[{index}].secure_cookie_flag: {problem}"));
        }
        let refusal = sts_refusal(site).filter(|_| file.http_security.sts && !is_hidden(site));
        if let Some((id, why)) = refusal {
            let problem = format!("strict-transport-security and expect-ct are not sent, {why}");
            warn(id, format!("site[{index}]: {problem}"));
        }
        if guarded && !site.is_secure() && !is_trusted_on_http(site) {
            let problem =
                "browsers refuse the session cookie, since the site is on http; write 'https'";
            warn("host-cookie-without-https", format!("site[{index}].scheme: {problem}"));
        }
    }
    lints.extend(sites.default_host().lints());
    lints
}

/// Returns `true` if `Secure` cookies work over http, or if the network under
/// http is encrypted.
fn is_trusted_on_http(site: &Origin) -> bool {
    let loopback = site.address().is_some_and(|address| address.is_loopback());
    loopback || is_hidden(site) || site.is_localhost()
}

/// Returns `true` if the site is in a network that has its own encryption.
fn is_hidden(site: &Origin) -> bool {
    [".onion", ".i2p"].iter().any(|network| site.host().ends_with(network))
}
