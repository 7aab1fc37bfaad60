//! What a request is told of its cookies, by its extensions and for its response.

use std::collections::BTreeSet;

use super::{CookiePrefix, HostCookies, MOST};

/// What a request leaves for its response.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Crossing {
    /// Which guarded cookies came under their plain names, believed or not, by bit, while migrating.
    pub(super) legacy: u64,
}

impl Crossing {
    /// Nothing is renamed: see [`HostCookies::dangerous_plain_on_localhost`].
    pub(super) const PLAIN: Self = Self { legacy: 1 << MOST };
}

/// In a request's extensions: guarded cookies of which there were several under one name. The
/// application reads the first.
///
/// A browser sends two at most, one of them partitioned: where the application sets none of those,
/// a [`DuplicateCookieLayer`](crate::DuplicateCookieLayer) may answer such a request with 400.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DuplicateCookies(pub(super) BTreeSet<String>);

impl DuplicateCookies {
    /// The names, as the application knows them.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

/// In a request's extensions: plain names that an outer layer put in the place of guarded ones.
#[derive(Clone, Debug)]
pub(super) struct Vouched {
    pub(super) prefix: CookiePrefix,
    pub(super) names: BTreeSet<Vec<u8>>,
}

impl HostCookies {
    /// Whether what the outer layer renamed was guarded as it is here.
    pub(super) fn trusts(&self, vouched: &Vouched) -> bool {
        vouched.prefix == self.prefix
    }
}
