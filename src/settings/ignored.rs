//! Finds settings that have no effect, or another one than their name promises.

use std::time::SystemTime;

use super::{
    Settings, answered::answered, caches::caches, file::File, idle::idle, names::names,
    profile::Profile, repeats::repeats, weakened::weakened, widened::widened,
};
use crate::{
    policy::csp::{is_top_level, shared_domain},
    request::HttpUrl,
};

/// Represents a setting that has no effect: a lint's id, the key, and the problem.
pub(super) type Ignored = (&'static str, String, String);

/// Keys that change headers.
const SECURITY: [&str; 7] = [
    "sts",
    "sts_max_age",
    "ct_max_age",
    "referrer_policy",
    "report_uri",
    "allow_unsafe_eval",
    "nonce_in_second_line",
];

/// Returns the settings that have no effect.
pub(super) fn ignored(settings: &Settings) -> Vec<Ignored> {
    let mut found = Vec::new();
    variables(settings, &mut found);
    cookies(settings, &mut found);
    ages(&settings.file, &mut found);
    media(&settings.file, &mut found);
    redirects(settings, &mut found);
    for (key, problem) in caches(settings) {
        found.push(("cache-header-with-nonce", key, problem));
    }
    found.extend(weakened(settings));
    found.extend(names(settings));
    found.extend(answered(settings));
    for (key, problem) in repeats(&settings.file) {
        found.push(("setting-repeated", key, problem));
    }
    switched_off(settings, &mut found);
    found.extend(idle(settings));
    if !settings.file.http_security.enabled && !settings.file.frontend_headers.is_empty() {
        let problem = "not sent, since http_security.enabled is false; remove one of the two";
        found.push(("frontend-headers-off", "frontend_headers".to_owned(), problem.to_owned()));
    }
    found
}

fn variables(settings: &Settings, found: &mut Vec<Ignored>) {
    for variable in &settings.near_misses {
        let problem = format!("this variable sets nothing; did you mean '{}'?", variable.meant);
        found.push(("variable-ignored", variable.found.clone(), problem));
    }
}

fn cookies(settings: &Settings, found: &mut Vec<Ignored>) {
    let mut all = settings.sites.hosts().map(|(_, hardening)| hardening);
    let guards = settings.file.guards_cookies() || all.any(|one| one.host_cookies().is_some());
    if !guards && settings.tree.has("cookies") {
        let problem = "these keys do nothing, since secure_cookie_flag is false; remove it";
        found.push(("cookies-not-guarded", "cookies".to_owned(), problem.to_owned()));
    }
    if guards {
        legacy_domains(settings, found);
        let prefix = settings.file.cookies.prefix.0.as_str();
        let is_off =
            !settings.file.cookies.http_only && settings.tree.is_set(&["cookies", "http_only"]);
        if is_off && prefix.contains("Http-") {
            let problem = format!(
                "guarded cookies are HttpOnly despite 'false', since browsers refuse the prefix '{prefix}' without it; remove this key, or write another prefix"
            );
            found.push(("http-only-ignored", "cookies.http_only".to_owned(), problem));
        }
    }
    let until = settings.file.cookies.migrate_until;
    if until.is_some_and(|date| date.0 <= SystemTime::now()) {
        let problem = "the date is past, and plain names are no longer accepted; remove it";
        found.push(("migration-over", "cookies.migrate_until".to_owned(), problem.to_owned()));
    }
}

/// Reports keys of headers that are not sent.
fn switched_off(settings: &Settings, found: &mut Vec<Ignored>) {
    let is_set = |path: &[&str]| settings.tree.is_set(path);
    if !settings.file.http_security.enabled {
        for key in SECURITY.into_iter().filter(|key| is_set(&["http_security", key])) {
            let problem = "this key does nothing, since http_security.enabled is false; remove one of the two";
            let key = format!("http_security.{key}");
            found.push(("http-security-key-off", key, problem.to_owned()));
        }
    }
}

/// Reports domains whose cookies browsers do not let the site expire
/// ([RFC 6265](https://www.rfc-editor.org/rfc/rfc6265#section-5.1.3)).
fn legacy_domains(settings: &Settings, found: &mut Vec<Ignored>) {
    let hosts: Vec<&str> = std::iter::once(&settings.site)
        .chain(settings.sites.hosts().map(|(site, _)| site))
        .map(|site| site.host())
        .collect();
    for (index, written) in settings.file.cookies.legacy_domains.iter().enumerate() {
        let domain = written.trim_start_matches('.').to_ascii_lowercase();
        let covers = |host: &&str| {
            host.strip_suffix(domain.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        };
        let key = || format!("cookies.legacy_domains[{index}]");
        if !hosts.iter().any(covers) {
            let problem = format!(
                "browsers ignore cookies of '{written}' from the site's host '{}'; write that host or a domain above it",
                settings.site.host()
            );
            found.push(("legacy-domain-foreign", key(), problem));
        } else if is_shared(&domain) {
            let problem = format!(
                "browsers keep no cookie of '{written}', below which anybody gets a host; write the site's host or a domain above it"
            );
            found.push(("legacy-domain-foreign", key(), problem));
        }
    }
}

/// Returns `true` for a domain that belongs to no site: a top-level one, or one below which anybody gets
/// a host.
fn is_shared(domain: &str) -> bool {
    domain != "localhost" && (is_top_level(domain) || shared_domain(domain) == Some(domain))
}

fn ages(file: &File, found: &mut Vec<Ignored>) {
    let security = &file.http_security;
    let never_sends_expect_ct = !file.profile.sends_expect_ct();
    let without_sts = "not sent, since http_security.sts is false; remove one of the two";
    let without_expect_ct = "this profile never sends expect-ct, which no browser reads; remove it";
    for (age, key, problem) in [
        (security.sts_max_age, "sts_max_age", (!security.sts).then_some(without_sts)),
        (
            security.ct_max_age,
            "ct_max_age",
            match never_sends_expect_ct {
                true => Some(without_expect_ct),
                false => (!security.sts).then_some(without_sts),
            },
        ),
    ] {
        if let (Some(_), Some(problem)) = (age, problem) {
            found.push(("max-age-ignored", format!("http_security.{key}"), problem.to_owned()));
        }
    }
}

fn media(file: &File, found: &mut Vec<Ignored>) {
    let proxy = &file.media_proxy;
    found.extend(widened(file));
    if !proxy.enabled {
        let problem = "this key does nothing, since media_proxy.enabled is false; write 'true'";
        for (is_set, key) in [
            (proxy.base_url.is_some(), "base_url"),
            (!proxy.whitelist.is_empty(), "whitelist"),
            (proxy.redirect_on_failure, "redirect_on_failure"),
        ] {
            if is_set {
                let key = format!("media_proxy.{key}");
                found.push(("media-proxy-off", key, problem.to_owned()));
            }
        }
    }
    let is_redirected = proxy.enabled && proxy.redirect_on_failure;
    match file.profile {
        Profile::Pleroma27 => release(file, found),
        _ if is_redirected && !proxy.whitelist.is_empty() => {
            let problem = "this limits nothing, since media_proxy.redirect_on_failure sends browsers to any host; remove one of the two";
            let key = "media_proxy.whitelist".to_owned();
            found.push(("media-whitelist-unlisted", key, problem.to_owned()));
        }
        _ => {}
    }
}

/// Reports redirects to hosts that the policy does not allow.
fn redirects(settings: &Settings, found: &mut Vec<Ignored>) {
    let proxy = &settings.file.media_proxy;
    let Some(csp) = settings.sites.default_host().csp() else { return };
    let allows = |name: &str| {
        let directive = csp.get(name).or_else(|| csp.get("default-src"));
        directive.is_none_or(|directive| {
            directive.values().any(|source| matches!(source, "https:" | "http:" | "*"))
        })
    };
    if proxy.enabled && proxy.redirect_on_failure && !(allows("img-src") && allows("media-src")) {
        let problem = "browsers block the redirects, since the policy does not allow https: in img-src and media-src; add it to both, or remove this key";
        let key = "media_proxy.redirect_on_failure".to_owned();
        found.push(("media-redirect-blocked", key, problem.to_owned()));
    }
}

/// Reports what the release does not allow.
fn release(file: &File, found: &mut Vec<Ignored>) {
    let proxy = &file.media_proxy;
    let is_listed = proxy.enabled && !proxy.redirect_on_failure;
    if proxy.enabled && proxy.redirect_on_failure && !proxy.whitelist.is_empty() {
        let problem = "not listed, since the release allows https: with redirect_on_failure; remove one of the two";
        let key = "media_proxy.whitelist".to_owned();
        found.push(("media-whitelist-unlisted", key, problem.to_owned()));
    }
    let bases: [(_, &Option<HttpUrl>); 4] = [
        ("media_proxy.base_url", &proxy.base_url),
        ("upload.base_url", &file.upload.base_url),
        ("s3.public_endpoint", &file.s3.public_endpoint),
        ("captcha.endpoint", &file.captcha.endpoint),
    ];
    for (key, base) in bases {
        let plain = base.as_ref().filter(|base| !is_listed && !base.origin().is_secure());
        if let Some(base) = plain {
            let problem = format!(
                "'{base}' is not allowed, since the release allows https: alone while the media proxy is off; write an https URL"
            );
            found.push(("media-base-not-allowed", key.to_owned(), problem));
        }
    }
    if file.captcha.endpoint.is_some() {
        let problem = "the release allows images and requests of the captcha, and no script, style sheet or frame; for those use another profile";
        let key = "captcha.endpoint".to_owned();
        found.push(("captcha-images-alone", key, problem.to_owned()));
    }
}
