//! Finds settings that allow more than their author may expect, or that look like a mistake.

use ipnet::IpNet;

use super::{Settings, file::File};
use crate::request::Origin;

/// Holds a lint's id, the key, and the problem.
type Weakened = (&'static str, String, String);

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
    found.extend(redirects(file));
    found.extend(removals(settings));
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

/// Reports paths of a redirect that is off.
fn redirects(file: &File) -> Option<Weakened> {
    let is_set = !file.hosts.https_redirect && !file.hosts.redirect_exempt_paths.is_empty();
    is_set.then(|| {
        let problem = "this key does nothing, since hosts.https_redirect is false; write 'true'";
        ("redirect-off", "hosts.redirect_exempt_paths".to_owned(), problem.to_owned())
    })
}

/// Reports names to remove that the policies add again.
fn removals(settings: &Settings) -> Vec<Weakened> {
    let sent = settings.sites.default_host().headers();
    let lint = |(index, name): (usize, &String)| {
        let (name, _) = sent.iter().find(|(sent, _)| sent.as_str().eq_ignore_ascii_case(name))?;
        let problem = format!(
            "this removes the application's '{name}' alone, and the policies still send theirs; to send none write 'headers.{name} = false'"
        );
        Some(("remove-header-sent", format!("remove_headers[{index}]"), problem))
    };
    settings.file.remove_headers.0.iter().enumerate().filter_map(lint).collect()
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
