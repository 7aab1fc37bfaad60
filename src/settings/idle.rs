//! Finds settings that never act where they are: sources for a policy that is not there, redirects of
//! requests whose scheme is unknown, and a policy for a site that the file does not name.

use super::{Settings, file::File};

/// Holds a lint's id, the key, and the problem.
type Idle = (&'static str, String, String);

/// Returns these settings.
pub(super) fn idle(settings: &Settings) -> Vec<Idle> {
    let mut found = Vec::new();
    sources(settings, &mut found);
    redirect(settings, &mut found);
    site(settings, &mut found);
    found
}

/// Reports keys that add to the policy of the profile, which has none: a policy of `[csp]` or
/// `[headers]` comes after them.
fn sources(settings: &Settings, found: &mut Vec<Idle>) {
    let Settings { file, site, tree, .. } = settings;
    let profile = file.profile.policies(site);
    if !file.http_security.enabled || profile.is_ok_and(|preset| preset.csp().is_some()) {
        return;
    }
    for (key, directive) in keys(file) {
        if tree.is_set(&key) {
            let problem = format!(
                "adds nothing, since the profile has no content-security-policy; write the source in csp.{directive}, or write another profile"
            );
            found.push(("csp-key-off", key.join("."), problem));
        }
    }
}

/// Returns the keys that add sources, each with a directive of theirs.
fn keys(file: &File) -> Vec<([&'static str; 2], &'static str)> {
    let mut keys = vec![
        (["captcha", "endpoint"], "script-src"),
        (["http_security", "allow_unsafe_eval"], "script-src"),
        (["http_security", "report_uri"], "report-uri"),
        (["s3", "public_endpoint"], "img-src"),
    ];
    // Another lint says it of a proxy that is off.
    if file.media_proxy.enabled {
        keys.push((["media_proxy", "whitelist"], "img-src"));
    }
    keys
}

fn redirect(settings: &Settings, found: &mut Vec<Idle>) {
    let file = &settings.file;
    if file.hosts.https_redirect && file.proxy.trusted.is_empty() {
        let problem = "redirects nothing behind a TLS proxy, since no proxy is trusted, so that the scheme of a request is unknown; add 'trusted = …' below [proxy], unless the server itself accepts https";
        found.push(("redirect-never", "hosts.https_redirect".to_owned(), problem.to_owned()));
    }
}

/// Reports the guide's `example.tld` in the policy of a file that describes how a site is reached.
fn site(settings: &Settings, found: &mut Vec<Idle>) {
    let Settings { file, site, tree, .. } = settings;
    let names_site = file.profile.names_site() && file.http_security.enabled;
    let is_reached = ["proxy", "upload"].iter().any(|table| tree.has(table));
    if names_site && is_reached && file.url.host.is_none() {
        let problem = format!(
            "not set, so that the policy names 'wss://{}'; write 'host = \"…\"' with the site's domain below [url]",
            site.host()
        );
        found.push(("url-not-set", "url.host".to_owned(), problem));
    }
}
