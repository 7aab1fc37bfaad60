//! Finds the site that a request names, among any number of sites.

use std::collections::HashMap;

use super::{connection_info::Scheme, host::Host, origin::Origin};

/// Maps sites to values, and keeps the order in which the sites were added.
///
/// A look-up takes the same time for every number of sites. A client cannot choose hosts that make
/// it slower, since the hashes have a random key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SiteMap<T> {
    sites: Vec<(Origin, T)>,
    /// The sites of each host name, sorted by port and scheme.
    by_name: HashMap<String, Vec<Place>>,
}

/// Holds the place of a site in the list of all sites.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    port: u16,
    secure: bool,
    index: usize,
}

impl Place {
    fn key(&self) -> (u16, bool) {
        (self.port, self.secure)
    }
}

impl<T> SiteMap<T> {
    pub(crate) fn new() -> Self {
        Self { sites: Vec::new(), by_name: HashMap::new() }
    }

    /// Adds a site, or replaces the value of this site.
    pub(crate) fn insert(&mut self, site: &Origin, value: T) {
        if !self.by_name.contains_key(site.host()) {
            self.by_name.insert(site.host().to_owned(), Vec::new());
        }
        let Some(places) = self.by_name.get_mut(site.host()) else { return };
        let place = Place {
            port: site.effective_port(),
            secure: site.is_secure(),
            index: self.sites.len(),
        };
        match places.binary_search_by_key(&place.key(), Place::key) {
            Ok(at) => self.sites[places[at].index].1 = value,
            Err(at) => {
                places.insert(at, place);
                self.sites.push((site.clone(), value));
            }
        }
    }

    /// Returns the value for the site with this host. If a site on http and
    /// one on https have it, the scheme decides, or the order if the scheme is unknown.
    pub(crate) fn find(&self, host: &Host, scheme: Scheme) -> Option<&T> {
        let places = self.by_name.get(host.name())?;
        let index = |secure| {
            let port = host.port().unwrap_or_else(|| Origin::default_port(secure));
            let at = places.binary_search_by_key(&(port, secure), Place::key).ok()?;
            Some(places[at].index)
        };
        let index = match (index(false), index(true)) {
            (Some(http), Some(https)) => match scheme {
                Scheme::Http => http,
                Scheme::Https => https,
                Scheme::Unknown => http.min(https),
            },
            (http, https) => http.or(https)?,
        };
        self.sites.get(index).map(|(_, value)| value)
    }

    /// Returns the sites in the order in which they were added.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Origin, &T)> {
        self.sites.iter().map(|(site, value)| (site, value))
    }

    /// Returns `true` if there are no sites.
    pub(crate) fn is_empty(&self) -> bool {
        self.sites.is_empty()
    }

    /// Changes every value.
    pub(crate) fn map<U>(self, mut change: impl FnMut(T) -> U) -> SiteMap<U> {
        let sites = self.sites.into_iter().map(|(site, value)| (site, change(value)));
        SiteMap { sites: sites.collect(), by_name: self.by_name }
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, option, prelude::*, sample::select};

    use super::*;

    /// Defines a look-up: returns the first site that has the host, and the scheme if one
    /// of them has it.
    fn linear<'a>(sites: &'a [(Origin, usize)], host: &Host, scheme: Scheme) -> Option<&'a usize> {
        let named = || sites.iter().filter(|(site, _)| host.is_of(site));
        let agrees = |site: &Origin| match scheme {
            Scheme::Https => site.is_secure(),
            Scheme::Http => !site.is_secure(),
            Scheme::Unknown => true,
        };
        let found = named().find(|(site, _)| agrees(site)).or_else(|| named().next());
        found.map(|(_, value)| value)
    }

    fn site() -> impl Strategy<Value = Origin> {
        let name = select(vec!["a.example", "B.example", "127.1", "[2001:DB8::1]"]);
        let port = option::of(select(vec![80, 443, 8080]));
        (select(vec!["http", "https"]), name, port)
            .prop_map(|(scheme, name, port)| Origin::new(scheme, name, port).unwrap())
    }

    fn host() -> impl Strategy<Value = Host> {
        let names =
            ["a.example", "A.Example.", "b.EXAMPLE", "127.0.0.1", "[2001:db8::1]", "c.example"];
        let ports = ["", ":80", ":443", ":8080", ":81"];
        (select(names.to_vec()), select(ports.to_vec()))
            .prop_map(|(name, port)| format!("{name}{port}").parse().unwrap())
    }

    proptest! {
        #[test]
        fn a_look_up_finds_what_a_search_of_the_list_finds(sites in vec(site(), 0..12), host in host()) {
            let mut map = SiteMap::new();
            let mut list: Vec<(Origin, usize)> = Vec::new();
            for (value, site) in sites.into_iter().enumerate() {
                map.insert(&site, value);
                match list.iter_mut().find(|(other, _)| *other == site) {
                    Some((_, old)) => *old = value,
                    None => list.push((site, value)),
                }
            }
            for scheme in [Scheme::Http, Scheme::Https, Scheme::Unknown] {
                prop_assert_eq!(map.find(&host, scheme), linear(&list, &host, scheme));
            }
            prop_assert!(map.iter().eq(list.iter().map(|(site, value)| (site, value))));
            prop_assert_eq!(map.is_empty(), list.is_empty());
        }
    }
}
