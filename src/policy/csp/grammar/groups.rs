//! Groups directives by the keywords that have an effect in them.

/// Holds a set of groups of directives.
///
/// Every directive of sources is in exactly one group, and every keyword, nonce and hash has an
/// effect in all directives of a group or in none. The set of a keyword is the groups in which it
/// has an effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::policy::csp) struct Groups(u8);

impl Groups {
    pub(super) const DEFAULT: Self = Self(1);
    pub(super) const SCRIPT: Self = Self(1 << 1);
    pub(super) const SCRIPT_ELEM: Self = Self(1 << 2);
    pub(super) const SCRIPT_ATTR: Self = Self(1 << 3);
    /// `style-src` and `style-src-elem`.
    pub(super) const STYLE: Self = Self(1 << 4);
    pub(super) const STYLE_ATTR: Self = Self(1 << 5);
    pub(super) const CONNECT: Self = Self(1 << 6);
    /// Directives in which `'self'` is the only keyword.
    pub(super) const PLAIN: Self = Self(1 << 7);

    pub(in crate::policy::csp) const ALL: Self = Self(u8::MAX);

    pub(super) const EVAL: Self = Self::DEFAULT.and(Self::SCRIPT);
    pub(super) const SCRIPTS: Self = Self::EVAL.and(Self::SCRIPT_ELEM).and(Self::SCRIPT_ATTR);

    /// Directives in which hashes and `'unsafe-inline'` have an effect.
    pub(in crate::policy::csp) const INLINE: Self =
        Self::SCRIPTS.and(Self::STYLE).and(Self::STYLE_ATTR);

    /// Directives in which nonces have an effect: attributes have none.
    pub(in crate::policy::csp) const NONCES: Self =
        Self::EVAL.and(Self::SCRIPT_ELEM).and(Self::STYLE);

    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Returns `true` if a group is in both sets.
    pub(in crate::policy::csp) const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

#[cfg(test)]
mod tests {
    use super::super::tables::{DIRECTIVES, KEYWORDS, Kind};

    #[test]
    fn a_directive_is_in_one_group_and_a_keyword_has_an_effect_in_one_at_least() {
        let groups = DIRECTIVES.iter().filter_map(|row| match row.kind {
            Kind::Sources(group) => Some((row.name, group.0.count_ones())),
            _ => None,
        });
        groups.for_each(|(name, groups)| assert_eq!(groups, 1, "{name}"));
        KEYWORDS.iter().for_each(|(keyword, groups)| assert_ne!(groups.0, 0, "{keyword}"));
    }
}
