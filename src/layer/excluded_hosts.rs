//! Lists the hosts that never get `Strict-Transport-Security`.

use super::withheld::Withheld;
use crate::request::{Host, RequestParts};

/// Lists the names of hosts, sorted. Usually there are none.
#[derive(Clone, Debug, Default)]
pub(super) struct ExcludedHosts(Vec<String>);

impl ExcludedHosts {
    /// Adds these hosts. Their ports do not matter, since browsers apply the header to every port.
    pub(super) fn add(&mut self, hosts: impl IntoIterator<Item = Host>) {
        self.0.extend(hosts.into_iter().map(|host| host.name().to_owned()));
        self.0.sort_unstable();
        self.0.dedup();
    }

    /// Withholds the headers for https if the request names one of these hosts.
    #[inline]
    pub(super) fn withhold(&self, withheld: Withheld, request: &impl RequestParts) -> Withheld {
        match withheld {
            Withheld::Nothing if !self.0.is_empty() && self.are_named(request) => Withheld::Sts,
            _ => withheld,
        }
    }

    fn are_named(&self, request: &impl RequestParts) -> bool {
        let is_excluded =
            |name: &str| self.0.binary_search_by(|known| known.as_str().cmp(name)).is_ok();
        Host::named(request).is_some_and(|host| is_excluded(host.name()))
    }
}
