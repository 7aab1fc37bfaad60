//! Reports weaknesses of settings.

use std::{fmt::Display, iter};

use super::{
    Settings,
    compile::{StsRefusal, sts_refusal, takes_reports},
    file::File,
    ignored::ignored,
    site_lints::site_lints,
    sites::Proxy,
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
        let mut found = Found(Vec::new());
        found.cookies(self);
        found.strict_transport_security(self);
        found.reports(&self.file);
        found.shared_hosts(self);
        found.proxy(&self.file.proxy);
        for (id, key, problem) in ignored(self) {
            found.warn(id, key, problem);
        }
        for header in &self.left_out {
            found.warn(header.id, &header.key, &header.problem);
        }
        found.sites(self);
        let mut lints = found.0;
        lints.extend(self.sites.default_host().lints());
        lints.extend(site_lints(self, &lints));
        lints
    }
}

const PLANTED: &str = "a sibling domain or anybody on the network can plant the session cookie; remove 'secure_cookie_flag = false'";

/// Collects the warnings about keys of the file.
struct Found(Vec<Lint>);

impl Found {
    fn warn(&mut self, id: &'static str, key: impl Display, problem: impl Display) {
        self.0.push(Lint::new(Severity::Warning, id, format!("{key}: {problem}")));
    }

    fn cookies(&mut self, settings: &Settings) {
        let Settings { file, site, .. } = settings;
        if !file.http_security.enabled {
            let problem = "no security header is sent; remove 'enabled = false'";
            self.warn("http-security-off", "http_security.enabled", problem);
        }
        if !file.secure_cookie_flag() {
            self.warn("secure-cookie-flag-off", "secure_cookie_flag", PLANTED);
        }
        if file.guards_cookies() && file.cookie_names().is_empty() {
            let problem = "the list is empty, so that no cookie is guarded; write the names of the session cookies";
            self.warn("cookies-none-guarded", "cookies.names", problem);
        }
        if file.guards_cookies() && !site.is_secure() && !is_trusted_on_http(site) {
            let problem = "browsers refuse the session cookie, since the site is on http; set url.scheme to 'https'";
            self.warn("host-cookie-without-https", "secure_cookie_flag", problem);
        }
    }

    fn strict_transport_security(&mut self, settings: &Settings) {
        let Settings { file, site, .. } = settings;
        if file.http_security.enabled && !file.http_security.sts && site.is_secure() {
            let problem =
                "an attacker on the network can keep a browser on http; remove 'sts = false'";
            self.warn("sts-off", "http_security.sts", problem);
        }
        if let Some(refusal) = unsent_sts(file, site) {
            let why = refusal.told("url");
            let problem = format!("this header and expect-ct are not sent, {why}");
            self.warn(refusal.id, "http_security.sts", problem);
        }
    }

    fn reports(&mut self, file: &File) {
        let report_uri = file.http_security.report_uri.as_ref();
        if report_uri.is_some_and(|uri| !takes_reports(uri.origin())) {
            let problem = "reports are sent unencrypted, and browsers ignore such an endpoint, so that report-uri is sent without report-to; write 'https://…'";
            self.warn("report-uri-insecure", "http_security.report_uri", problem);
        }
    }

    /// Reports files of users on a host of the site.
    fn shared_hosts(&mut self, settings: &Settings) {
        let Settings { file, site, sites, .. } = settings;
        let hosts = || iter::once(site).chain(sites.hosts().map(|(site, _)| site));
        let is_own = |base: &HttpUrl| hosts().any(|site| site.host() == base.origin().host());
        let upload = file.upload.base_url.as_ref();
        let proxied = file.media_proxy.base_url.as_ref();
        for (key, base) in [("upload.base_url", upload), ("media_proxy.base_url", proxied)] {
            if let Some(base) = base.filter(|base| is_own(base)) {
                let host = base.origin().host();
                let problem = format!(
                    "'{host}' is the site's own host, where an unfiltered file becomes a page of the site; use another domain"
                );
                self.warn("media-shares-host", key, problem);
            }
        }
        if file.media_proxy.enabled && proxied.is_none() {
            let problem = "not set, so that proxied files are on the site's own host, where an unfiltered file becomes a page of the site; write a URL on another domain";
            self.warn("media-shares-host", "media_proxy.base_url", problem);
        }
        let pdf = file.media.allow.iter().position(|kind| kind.0 == MediaType::Pdf);
        if let Some(index) = pdf.filter(|_| upload.is_none_or(is_own)) {
            let problem = "a PDF is shown without a sandbox, and uploads are on the site's own host; set upload.base_url to a URL on another domain";
            self.warn("pdf-shares-host", format_args!("media.allow[{index}]"), problem);
        }
    }

    fn proxy(&mut self, proxy: &Proxy) {
        let keys =
            [("header", proxy.header.is_some()), ("scheme_header", proxy.scheme_header.is_some())];
        for (key, _) in keys.into_iter().filter(|(_, is_set)| *is_set && proxy.trusted.is_empty()) {
            let problem =
                "no forwarding header is read, since no proxy is trusted; add 'trusted = …'";
            self.warn("proxy-not-trusted", format_args!("proxy.{key}"), problem);
        }
    }

    fn sites(&mut self, settings: &Settings) {
        let Settings { file, sites, .. } = settings;
        for (index, (site, hardening)) in sites.hosts().enumerate() {
            let is_guarded = hardening.host_cookies().is_some();
            let is_wanted = file.guards_cookies() && !file.cookie_names().is_empty();
            if is_wanted && !is_guarded && site.is_secure() {
                let key = format!("site[{index}].secure_cookie_flag");
                self.warn("secure-cookie-flag-off", key, PLANTED);
            }
            if let Some(refusal) = unsent_sts(file, site) {
                let table = format!("site[{index}]");
                let why = refusal.told(&table);
                let problem =
                    format!("strict-transport-security and expect-ct are not sent, {why}");
                self.warn(refusal.id, table, problem);
            }
            if is_guarded && !site.is_secure() && !is_trusted_on_http(site) {
                let problem =
                    "browsers refuse the session cookie, since the site is on http; write 'https'";
                let key = format!("site[{index}].scheme");
                self.warn("host-cookie-without-https", key, problem);
            }
        }
    }
}

/// Returns the lint of a site that asks for `Strict-Transport-Security` and cannot have it.
fn unsent_sts(file: &File, site: &Origin) -> Option<StsRefusal> {
    sts_refusal(site).filter(|_| file.http_security.sts && !is_hidden(site))
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
