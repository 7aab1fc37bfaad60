//! Several sites in one process, each with policies of its own.

use super::{Hardening, Host, Origin, Scheme};

/// The policies of several sites that one process serves: a domain on https and a hidden service
/// over http, say.
///
/// Which ones a request gets goes by the host and port that it names, among those configured here;
/// whatever names none of them gets the default's. Nothing else of a request has a say, and nothing
/// of it gets into a policy.
///
/// ```
/// use tower_hardening::{Hardening, Origin, Sites};
///
/// let site: Origin = "https://example.tld".parse()?;
/// let onion: Origin = "http://abcdefghijklmnop.onion".parse()?;
/// let sites = Sites::new(Hardening::pleroma(&site)).with(&onion, Hardening::pleroma(&onion));
///
/// let csp = |host: &str| Ok::<_, tower_hardening::ParseError>(sites.of(&host.parse()?).csp().unwrap().to_string());
/// assert!(csp("abcdefghijklmnop.onion")?.contains("connect-src 'self' ws://abcdefghijklmnop.onion;"));
/// assert!(!csp("abcdefghijklmnop.onion")?.contains("upgrade-insecure-requests"));
/// assert!(csp("example.tld")?.contains("wss://example.tld"));
/// assert!(csp("evil.example")?.contains("wss://example.tld"));
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Sites {
    main: Hardening,
    others: Vec<(Origin, Hardening)>,
}

impl Sites {
    /// The policies of the main site, for whatever names no other one.
    pub fn new(main: Hardening) -> Self {
        Self { main, others: Vec::new() }
    }

    /// Adds another site, in the place of the same one.
    pub fn with(mut self, site: &Origin, hardening: Hardening) -> Self {
        match self.others.iter_mut().find(|(other, _)| other == site) {
            Some((_, other)) => *other = hardening,
            None => self.others.push((site.clone(), hardening)),
        }
        self
    }

    /// The main site's policies.
    pub fn main(&self) -> &Hardening {
        &self.main
    }

    /// The other sites and their policies.
    pub fn others(&self) -> impl Iterator<Item = (&Origin, &Hardening)> {
        self.others.iter().map(|(site, hardening)| (site, hardening))
    }

    /// The policies for requests that name this host.
    pub fn of(&self, host: &Host) -> &Hardening {
        find(&self.others, host, Scheme::Unknown).unwrap_or(&self.main)
    }
}

/// What belongs to the site that has this host. Where two have it, the scheme decides.
pub(crate) fn find<'a, T>(sites: &'a [(Origin, T)], host: &Host, scheme: Scheme) -> Option<&'a T> {
    let mut found = None;
    for (site, own) in sites {
        let agrees = match scheme {
            Scheme::Https => site.is_secure(),
            Scheme::Http => !site.is_secure(),
            Scheme::Unknown => true,
        };
        if host.is_of(site) {
            if agrees {
                return Some(own);
            }
            found = found.or(Some(own));
        }
    }
    found
}
