//! Summarises the attributes of a `Set-Cookie` line.

use std::time::SystemTime;

use super::{
    attribute::{Attribute, Attributes, Kind, Kinds},
    prefix::SameSite,
};

/// Summarises the attributes of a line.
pub(super) struct Scope<'a> {
    attributes: Attributes<'a>,
    /// The known kinds that are present; a `SameSite` with an unknown value is
    /// not counted.
    kinds: Kinds,
    /// `true` if a known attribute occurs more than once, or is void.
    pub(super) is_irregular: bool,
    /// `true` if the path is `/`.
    pub(super) has_root_path: bool,
    /// `true` if browsers do not know the effective `SameSite` value, and
    /// treat it as missing (RFC 6265bis section 5.6.7).
    pub(super) has_unknown_same_site: bool,
}

impl<'a> Scope<'a> {
    pub(super) fn of(attributes: Attributes<'a>) -> Self {
        let (mut kinds, mut is_irregular, mut has_root_path) = (Kinds::default(), false, false);
        let mut has_unknown_same_site = false;
        for attribute in attributes {
            if attribute.kind == Kind::Other {
                continue;
            }
            let is_void = attribute.is_void();
            is_irregular |= is_void || kinds.has(attribute.kind);
            if !is_void {
                kinds.insert(attribute.kind);
                if attribute.kind == Kind::Path {
                    has_root_path = attribute.value() == b"/";
                } else if attribute.kind == Kind::SameSite {
                    is_irregular |= has_unknown_same_site;
                    has_unknown_same_site = SameSite::of(attribute.value()).is_none();
                    if has_unknown_same_site {
                        kinds.remove(attribute.kind);
                    }
                }
            }
        }
        Self { attributes, kinds, is_irregular, has_root_path, has_unknown_same_site }
    }

    pub(super) fn has(&self, kind: Kind) -> bool {
        self.kinds.has(kind)
    }

    /// Returns the effective attribute of this kind.
    pub(super) fn get(&self, kind: Kind) -> Option<Attribute<'a>> {
        let valid = |attribute: &Attribute<'_>| attribute.kind == kind && !attribute.is_void();
        let later = |before, next: Attribute<'a>| if next.beats(&before) { next } else { before };
        self.attributes.filter(valid).reduce(later)
    }

    /// Returns a filter that selects effective attributes and rejects
    /// duplicates; unknown attributes are never duplicates.
    pub(super) fn counting(&self) -> impl Fn(&Attribute<'a>) -> bool {
        let effective = self.is_irregular.then(|| Kind::KNOWN.map(|kind| self.get(kind)));
        move |attribute| match effective.as_ref().and_then(|all| all.get(attribute.kind as usize)) {
            Some(known) => known.is_some_and(|known| known.is_at_place_of(attribute)),
            None => true,
        }
    }

    /// Returns the remaining lifetime in seconds, if one is given; `Max-Age`
    /// overrides `Expires`.
    pub(super) fn lifetime(&self) -> Option<i64> {
        let time = |kind| self.get(kind)?.time();
        time(Kind::MaxAge).or_else(|| {
            let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).ok()?;
            Some(time(Kind::Expires)? - i64::try_from(now.as_secs()).ok()?)
        })
    }

    pub(super) fn is_deletion(&self) -> bool {
        self.lifetime().is_some_and(|seconds| seconds <= 0)
    }
}
