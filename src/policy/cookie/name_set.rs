//! Holds a set of guarded names, by their index in the policy.

/// The maximum number of guarded names.
pub(super) const MOST: usize = 63;

/// Holds a set of guarded names: one bit for each index below [`MOST`].
///
/// The bit above them belongs to no name, so that [`NO_SET`](Self::NO_SET) differs from every set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct NameSet(u64);

impl NameSet {
    pub(super) const EMPTY: Self = Self(0);

    /// Marks that there is no set.
    pub(super) const NO_SET: Self = Self(1 << MOST);

    #[inline]
    pub(super) fn contains(self, index: usize) -> bool {
        self.0 & (1 << index) != 0
    }

    #[inline]
    pub(super) fn is_empty(self) -> bool {
        self == Self::EMPTY
    }

    /// Adds a name. Returns `true` if the set did not have it.
    #[inline]
    pub(super) fn insert(&mut self, index: usize) -> bool {
        let before = *self;
        self.0 |= 1 << index;
        before != *self
    }
}

impl FromIterator<usize> for NameSet {
    fn from_iter<T: IntoIterator<Item = usize>>(indices: T) -> Self {
        let mut set = Self::EMPTY;
        for index in indices {
            set.insert(index);
        }
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_has_the_names_that_were_inserted() {
        let mut set = NameSet::EMPTY;
        assert!(set.is_empty() && set.insert(0) && set.insert(MOST - 1) && !set.insert(0));
        let inserted: Vec<usize> = (0..MOST).filter(|index| set.contains(*index)).collect();
        assert_eq!(inserted, [0, MOST - 1]);
    }

    #[test]
    fn no_set_of_names_is_the_mark() {
        let all: NameSet = (0..MOST).collect();
        assert_eq!(all.0 & NameSet::NO_SET.0, 0);
        assert!((0..MOST).all(|index| !NameSet::NO_SET.contains(index)));
    }
}
