//! Lints hosts that a policy for script should not allow as a whole.

use super::bypass_hosts::{ANGULAR, CALLBACKS, SHARED, SHARED_DOMAINS};
use crate::policy::csp::address::Address;

/// Represents the reason for which a source lets an attacker's script run.
pub(super) enum Bypass {
    /// The address runs text from an attacker.
    Gadget(String),
    /// Anyone can publish files at the address.
    Shared(String),
    /// The source allows every domain below a top-level domain.
    TopLevel,
}

impl Bypass {
    /// Returns the reason for a source of script, if there is one.
    pub(super) fn of(source: &Address<'_>) -> Option<Self> {
        if source.host.is_empty() || source.is_any_host() {
            return None;
        }
        let domain = source.host.strip_prefix("*.");
        if domain.is_some_and(is_top_level) {
            return Some(Self::TopLevel);
        }
        // A single user's file has a longer path than the shared prefix of all users' files.
        let is_open = |(host, path): &&(&str, &str)| {
            source.allows_host(host) && source.allows(host, &format!("{path}any/any"))
        };
        if let Some((host, path)) = SHARED.iter().find(is_open) {
            return Some(Self::Shared(format!("{host}{}", path.trim_end_matches('/'))));
        }
        if let Some(shared) = domain.and_then(shared_domain) {
            return Some(Self::Shared(format!("a sub-domain of {shared}")));
        }
        if is_storage(source.host) && source.path.trim_end_matches('/').is_empty() {
            return Some(Self::Shared(source.host.to_owned()));
        }
        let known = |(host, path): &&(&str, &str)| source.allows(host, path);
        let gadget = ANGULAR.iter().chain(CALLBACKS).find(known);
        if let Some((host, path)) = gadget {
            return Some(Self::Gadget(format!("{host}{path}")));
        }
        is_angular(source.path).then(|| Self::Gadget(format!("{}{}", source.host, source.path)))
    }
}

/// Returns the domain below which anyone can get a sub-domain, for a wildcard
/// over this domain.
pub(crate) fn shared_domain(domain: &str) -> Option<&str> {
    let is_shared = |shared: &&&str| {
        **shared == domain || shared.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'))
    };
    let shared = SHARED_DOMAINS.iter().find(is_shared).copied();
    shared.or_else(|| is_storage(domain).then_some(domain))
}

/// Returns `true` for the name of a storage service in one region, at which
/// anyone can publish files: `s3.eu-west-1.amazonaws.com`.
fn is_storage(host: &str) -> bool {
    let below = |domain| host.strip_suffix(domain);
    below(".amazonaws.com").is_some_and(|name| matches!(name.split(['.', '-']).next(), Some("s3")))
        || below(".core.windows.net").is_some_and(|name| name == "blob" || name.ends_with("web"))
        || below(".digitaloceanspaces.com").is_some_and(|name| !name.contains('.'))
}

/// Returns `true` if anyone can register a domain below this domain: `com`,
/// `co.uk`.
pub(crate) fn is_top_level(domain: &str) -> bool {
    const SECOND: [&str; 8] = ["ac", "co", "com", "edu", "gov", "net", "or", "org"];
    match domain.trim_end_matches('.').split_once('.') {
        None => domain != "localhost",
        Some((second, first)) => first.len() == 2 && SECOND.contains(&second),
    }
}

/// Returns `true` if the path is a usual path of AngularJS 1 on a content
/// delivery network.
fn is_angular(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    ["angularjs", "/angular@1", "/angular.js/", "/angular/1."]
        .iter()
        .any(|part| path.contains(part))
}
