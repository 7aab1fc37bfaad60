//! Keeps the state that few requests need: names that are repeated, unprefixed, or sent with and
//! without a prefix.

use std::collections::BTreeSet;

use http::{Extensions, HeaderMap, HeaderValue, header};

use super::{
    extensions::{Crossing, DuplicateCookies, RenamedByOuter},
    guard::HostCookies,
    migration::LegacyCookies,
    name_set::NameSet,
    segment::segments,
};

/// Holds the state of a request that only few requests or few policies need.
#[derive(Default)]
pub(super) struct Rare {
    /// The plain names of prefixed cookies, where they decide about other
    /// cookies.
    pub(super) both_names: BothNames,
    /// The guarded names that migrate.
    pub(super) migrating: NameSet,
    /// The migrating names that came without their prefix.
    pub(super) carried: NameSet,
    /// The migrating names that came without their prefix and are passed on.
    pub(super) accepted: NameSet,
    /// The cookies that an outer layer has renamed.
    pub(super) renamed_by_outer: Option<RenamedByOuter>,
    /// The names found so far that match a pattern with a `*`.
    pub(super) seen: BTreeSet<Vec<u8>>,
    pub(super) duplicates: BTreeSet<String>,
    /// The renamed cookies, recorded for inner layers.
    pub(super) renamed: BTreeSet<Vec<u8>>,
}

/// Holds the plain names of cookies under the policy's prefix, and under a
/// weaker one.
#[derive(Default)]
pub(super) struct BothNames {
    pub(super) strong: BTreeSet<Vec<u8>>,
    pub(super) weak: BTreeSet<Vec<u8>>,
}

impl BothNames {
    pub(super) fn of(policy: &HostCookies, headers: &HeaderMap) -> Self {
        let mut both_names = Self::default();
        let lines = headers.get_all(header::COOKIE).iter().map(HeaderValue::as_bytes);
        let names = lines.flat_map(segments).filter_map(|segment| Some(segment.pair()?.0));
        for name in names {
            if let Some(wire) = policy.on_wire(name) {
                let both_names =
                    if wire.is_weaker { &mut both_names.weak } else { &mut both_names.strong };
                both_names.insert(name[wire.prefix..].to_vec());
            }
        }
        both_names
    }
}

impl Rare {
    pub(super) fn finish(self, policy: &HostCookies, extensions: &mut Extensions) -> Crossing {
        if !self.accepted.is_empty() {
            let names = policy.guarded.iter().enumerate();
            let names = names.filter(|(index, _)| self.accepted.contains(*index));
            let mut names: BTreeSet<_> =
                names.map(|(_, pattern)| pattern.name().to_owned()).collect();
            // An outer layer may have found others.
            names.extend(extensions.remove().into_iter().flat_map(|LegacyCookies(names)| names));
            extensions.insert(LegacyCookies(names));
        }
        if !self.duplicates.is_empty() {
            let mut names = self.duplicates;
            let outer = extensions.remove();
            names.extend(outer.into_iter().flat_map(|DuplicateCookies(names)| names));
            extensions.insert(DuplicateCookies(names));
        }
        if !self.renamed.is_empty() {
            let (prefix, mut names) = (policy.prefix, self.renamed);
            names.extend(
                self.renamed_by_outer
                    .into_iter()
                    .flat_map(|renamed_by_outer| renamed_by_outer.names),
            );
            extensions.insert(RenamedByOuter { prefix, names });
        }
        Crossing { legacy: self.carried }
    }
}
