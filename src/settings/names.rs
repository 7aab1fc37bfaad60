//! Reads the host of a site, and finds hosts that no site on the internet can have.

use std::num::NonZeroU16;

use super::{Settings, sites::Scheme};
use crate::{
    policy::csp::{is_top_level, shared_domain},
    request::{Host, HttpUrl, Origin},
};

/// Top-level names below which nobody can register a host on the internet.
const PRIVATE: [&str; 13] = [
    "corp",
    "example",
    "home",
    "i2p",
    "internal",
    "intranet",
    "invalid",
    "lan",
    "local",
    "localhost",
    "onion",
    "private",
    "test",
];

/// Top-level domains of more than two letters that a person may write in place of a domain.
const GENERIC: [&str; 15] = [
    "app", "biz", "cloud", "club", "com", "dev", "edu", "gov", "info", "net", "online", "org",
    "site", "social", "xyz",
];

/// Reads the site of a table with these keys, or returns the problem of its host.
pub(super) fn site(scheme: Scheme, host: &str, port: Option<NonZeroU16>) -> Result<Origin, String> {
    Origin::new(scheme.as_str(), host, port.map(Into::into))
        .map_err(|error| for_other_keys(host).unwrap_or_else(|| error.problem().to_owned()))
}

/// Describes a host that contains the values of other keys of its table.
fn for_other_keys(text: &str) -> Option<String> {
    if let Ok(url) = text.parse::<HttpUrl>() {
        let origin = url.origin();
        let (scheme, host) = (origin.scheme(), origin.host());
        let scheme = format!("'scheme = \"{scheme}\"'");
        let others = match origin.port() {
            Some(port) => format!(", {scheme} and 'port = {port}'"),
            None => format!(" and {scheme}"),
        };
        return Some(format!("'{text}' is a URL; write 'host = \"{host}\"'{others}"));
    }
    let host: Host = text.parse().ok()?;
    let port = host.port()?;
    Some(format!("'{text}' has a port; write 'host = \"{}\"' and 'port = {port}'", host.name()))
}

/// Returns `true` if anybody can get a host below this domain.
pub(super) fn is_of_anybody(domain: &str) -> bool {
    let domain = domain.to_ascii_lowercase();
    !PRIVATE.contains(&domain.as_str())
        && (is_top_level(&domain) || shared_domain(&domain).is_some())
}

/// Returns the sites, and the places of files, whose host is not that of a site.
pub(super) fn names(settings: &Settings) -> Vec<(&'static str, String, String)> {
    let main = std::iter::once(("url.host".to_owned(), &settings.site));
    let others = settings.sites.hosts().enumerate();
    let others = others.map(|(index, (site, _))| (format!("site[{index}].host"), site));
    let strange = |(key, site): (String, &Origin)| {
        let (id, problem) = strange(site.host())?;
        Some((id, key, problem))
    };
    let bases = [
        ("upload.base_url", &settings.file.upload.base_url),
        ("media_proxy.base_url", &settings.file.media_proxy.base_url),
        ("s3.public_endpoint", &settings.file.s3.public_endpoint),
        ("captcha.endpoint", &settings.file.captcha.endpoint),
    ];
    let bases = bases.iter().filter_map(|(key, base)| Some((*key, base.as_ref()?.origin())));
    let bases = bases.map(|(key, origin)| (key.to_owned(), origin));
    main.chain(others).chain(bases).filter_map(strange).collect()
}

/// Returns the lint of a host that no site has.
fn strange(host: &str) -> Option<(&'static str, String)> {
    let is_top = match host.split_once('.') {
        // A single name may be that of a machine in one's own network.
        None => GENERIC.contains(&host) || host.len() == 2,
        Some(_) => is_top_level(host),
    };
    if is_top {
        let problem = format!(
            "'{host}' is a domain below which anybody can register a host; write your own, like 'example.{host}'"
        );
        return Some(("host-of-anybody", problem));
    }
    if shared_domain(host).is_some_and(|shared| shared == host) {
        let problem = format!(
            "'{host}' is a domain of a service, at which anybody can get a host; write your own, like 'example.{host}'"
        );
        return Some(("host-of-anybody", problem));
    }
    let is_cut = |label: &str| label.starts_with('-') || label.ends_with('-');
    host.split('.').find(|label| is_cut(label)).map(|label| {
        let problem = format!(
            "'{label}' begins or ends with '-', so that no certificate can have it; write letters, digits, and '-' between them"
        );
        ("host-without-certificate", problem)
    })
}
