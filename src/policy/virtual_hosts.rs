//! Serves several sites from one process, each with its own policies.

use crate::{
    policy::hardening::Hardening,
    request::{Host, Origin, Scheme, SiteMap},
};

/// Holds the policies of several sites that one process serves, such as a
/// domain on https and a hidden service over http.
///
/// The host and port that a request names select the policies, among the sites configured here; a
/// request that names none of them gets those of the main site. Nothing else in a request affects
/// the choice, and no part of a request is copied into a policy. A request takes the same time for
/// every number of sites.
///
/// ```
/// use tower_hardening::{Hardening, Origin, hosts::VirtualHosts};
///
/// let site: Origin = "https://example.tld".parse()?;
/// let onion: Origin = "http://abcdefghijklmnop.onion".parse()?;
/// let sites = VirtualHosts::new(Hardening::pleroma(&site)).with(&onion, Hardening::pleroma(&onion));
///
/// let csp = |host: &str| Ok::<_, tower_hardening::ParseError>(sites.for_host(&host.parse()?).csp().unwrap().to_string());
/// assert!(csp("abcdefghijklmnop.onion")?.contains("connect-src 'self' ws://abcdefghijklmnop.onion;"));
/// assert!(!csp("abcdefghijklmnop.onion")?.contains("upgrade-insecure-requests"));
/// assert!(csp("example.tld")?.contains("wss://example.tld"));
/// assert!(csp("evil.example")?.contains("wss://example.tld"));
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct VirtualHosts {
    default_host: Hardening,
    hosts: SiteMap<Hardening>,
}

impl VirtualHosts {
    /// Creates a set with the policies of the main site, for requests that
    /// name no other site.
    pub fn new(default_host: Hardening) -> Self {
        Self { default_host, hosts: SiteMap::new() }
    }

    /// Adds another site, and replaces an earlier entry for the same site.
    pub fn with(mut self, site: &Origin, hardening: Hardening) -> Self {
        self.hosts.insert(site, hardening);
        self
    }

    /// Returns the main site's policies.
    pub fn default_host(&self) -> &Hardening {
        &self.default_host
    }

    /// Returns the other sites and their policies.
    pub fn hosts(&self) -> impl Iterator<Item = (&Origin, &Hardening)> {
        self.hosts.iter()
    }

    /// Separates the main site's policies from those of the other sites.
    pub(crate) fn into_parts(self) -> (Hardening, SiteMap<Hardening>) {
        (self.default_host, self.hosts)
    }

    /// Returns the policies for requests that name this host.
    pub fn for_host(&self, host: &Host) -> &Hardening {
        self.hosts.find(host, Scheme::Unknown).unwrap_or(&self.default_host)
    }
}
