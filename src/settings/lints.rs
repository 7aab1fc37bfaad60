//! What is weak about settings.

use super::Settings;
use crate::{FixedHeader, HttpUrl, Lint, Severity};

pub(super) fn lints(settings: &Settings) -> Vec<Lint> {
    let Settings { file, site, .. } = settings;
    let mut lints = Vec::new();
    let mut warn = |id, message: String| lints.push(Lint::new(Severity::Warning, id, message));
    if !file.http_security.enabled {
        let problem = "no security header is sent; remove 'enabled = false'";
        warn("http-security-off", format!("http_security.enabled: {problem}"));
    }
    if !file.secure_cookie_flag.0 {
        let problem = "a sibling domain or anybody on the network can plant the session cookie; remove 'secure_cookie_flag = false'";
        warn("secure-cookie-flag-off", format!("secure_cookie_flag: {problem}"));
    }
    if file.http_security.sts && !site.is_secure() {
        let problem =
            "not sent, nor is expect-ct, since the site is on http; set url.scheme to 'https'";
        warn("sts-without-https", format!("http_security.sts: {problem}"));
    }
    let bases = [
        ("upload.base_url", &file.upload.base_url),
        ("media_proxy.base_url", &file.media_proxy.base_url),
    ];
    for (key, base) in bases {
        let host = base.as_ref().map(HttpUrl::origin).map(|origin| origin.host());
        if host == Some(site.host()) {
            let problem = format!(
                "'{}' is the site's own host, where a file that slips through is a page of the site; use another domain",
                site.host()
            );
            warn("media-shares-host", format!("{key}: {problem}"));
        }
    }
    for name in file.frontend_headers.keys().filter(|name| FixedHeader::is_built_in(name)) {
        let problem = "not sent, since the policy has this header; remove it";
        warn("frontend-header-built-in", format!("frontend_headers.{name}: {problem}"));
    }
    lints.extend(settings.hardening().lints());
    lints
}
