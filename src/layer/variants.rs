//! Fixed headers for each case of what is withheld, made beforehand.

use http::{HeaderMap, HeaderName};

use super::{
    fixed::{FixedHeaders, FixedLine},
    withheld::{Withheld, is_for_https, withhold},
};
use crate::policy::Existing;

/// Fixed headers, and what is left of them where something is withheld.
#[derive(Clone, Debug)]
pub(super) struct Variants {
    all: FixedHeaders,
    /// For [`Withheld::Sts`] and for [`Withheld::StsAndUpgrade`], where they differ from all.
    fewer: Option<Box<[FixedHeaders; 2]>>,
    withheld: Vec<(HeaderName, Existing)>,
}

impl Variants {
    pub(super) fn new(list: impl Fn(Withheld) -> Vec<FixedLine>) -> Self {
        let [all, sts, upgrade] =
            [Withheld::Nothing, Withheld::Sts, Withheld::StsAndUpgrade].map(list);
        let withheld = all.iter().filter(|line| is_for_https(&line.name));
        let withheld = withheld.map(|line| (line.name.clone(), line.existing)).collect();
        let fewer = (all != upgrade).then(|| Box::new([sts, upgrade].map(FixedHeaders::new)));
        Self { all: FixedHeaders::new(all), fewer, withheld }
    }

    #[inline(always)]
    pub(super) fn apply(&self, withheld: Withheld, headers: &mut HeaderMap) {
        match withheld {
            Withheld::Nothing => self.all.apply(headers),
            _ => self.apply_fewer(withheld, headers),
        }
    }

    /// By itself, so that what most responses take stays small enough to be inlined.
    #[inline(never)]
    fn apply_fewer(&self, withheld: Withheld, headers: &mut HeaderMap) {
        let Some([sts, upgrade]) = self.fewer.as_deref() else { return self.all.apply(headers) };
        for (name, existing) in &self.withheld {
            withhold(headers, name, *existing);
        }
        if withheld == Withheld::Sts { sts } else { upgrade }.apply(headers);
    }
}
