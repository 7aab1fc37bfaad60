//! Finds settings that allow more than their author may expect, or that look like a mistake.

use ipnet::IpNet;

use super::{Settings, file::File};
use crate::request::Origin;

/// Holds a lint's id, the key, and the problem.
type Weakened = (&'static str, String, String);

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

/// Returns the settings that weaken a protection.
pub(super) fn weakened(settings: &Settings) -> Vec<Weakened> {
    let mut found = Vec::new();
    let file = &settings.file;
    if file.guards_cookies() && !file.cookies.reject_duplicates {
        let problem = "in a browser without cookie prefixes a sibling domain can set a second session cookie; remove 'reject_duplicates = false'";
        let key = "cookies.reject_duplicates".to_owned();
        found.push(("cookies-duplicates-accepted", key, problem.to_owned()));
    }
    if file.url.port.is_some() {
        found.extend(port(&settings.site, "url.port".to_owned()));
    }
    for (index, (site, _)) in settings.sites.hosts().enumerate() {
        found.extend(port(site, format!("site[{index}].port")));
    }
    hosts(file, &mut found);
    networks(&file.proxy.trusted, &mut found);
    found
}

/// Reports the default port of the other scheme.
fn port(site: &Origin, key: String) -> Option<Weakened> {
    let (port, other) = match site.is_secure() {
        true => (80, "http"),
        false => (443, "https"),
    };
    let is_mistaken = site.port() == Some(port);
    is_mistaken.then(|| {
        let problem = format!(
            "{port} is the port of {other}, and browsers then open '{site}'; remove it, or change the scheme"
        );
        ("port-of-other-scheme", key, problem)
    })
}

/// Reports hosts of strangers, and paths of a redirect that is off.
fn hosts(file: &File, found: &mut Vec<Weakened>) {
    for (index, host) in file.hosts.allowed.iter().enumerate() {
        let Some(domain) = host.strip_prefix("*.") else { continue };
        let domain = domain.to_ascii_lowercase();
        if !domain.contains('.') && !PRIVATE.contains(&domain.as_str()) {
            let problem = format!(
                "'{host}' allows hosts that anybody can register, so that DNS rebinding reaches the server; write '*.example.{domain}' with your own domain"
            );
            found.push(("hosts-of-anybody", format!("hosts.allowed[{index}]"), problem));
        }
    }
    if !file.hosts.https_redirect && !file.hosts.redirect_exempt_paths.is_empty() {
        let problem = "this key does nothing, since hosts.https_redirect is false; write 'true'";
        let key = "hosts.redirect_exempt_paths".to_owned();
        found.push(("redirect-off", key, problem.to_owned()));
    }
}

/// Reports a trusted network that another one contains.
fn networks(trusted: &[String], found: &mut Vec<Weakened>) {
    let read = |text: &String| {
        let network = text.parse::<IpNet>();
        network.or_else(|_| text.parse().map(|address: std::net::IpAddr| address.into()))
    };
    let indexed = trusted.iter().enumerate();
    let mut networks: Vec<(IpNet, usize)> =
        indexed.filter_map(|(index, text)| Some((read(text).ok()?, index))).collect();
    // A network comes right before those that it contains.
    networks
        .sort_unstable_by_key(|(network, index)| (network.network(), network.prefix_len(), *index));
    let mut outer: Option<IpNet> = None;
    for (network, index) in networks {
        match outer.filter(|outer| outer.contains(&network)) {
            Some(outer) if outer != network => {
                let problem = format!("'{}' adds nothing to '{outer}'; remove one", trusted[index]);
                found.push(("proxy-network-covered", format!("proxy.trusted[{index}]"), problem));
            }
            Some(_) => {}
            None => outer = Some(network),
        }
    }
}
