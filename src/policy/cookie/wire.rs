//! Recognises guarded cookies by their names on the wire.

use super::{guard::HostCookies, name::Pattern, prefix::CookiePrefix};

/// Identifies a guarded cookie on the wire.
pub(super) struct PrefixedName<'a> {
    /// The index of its pattern.
    pub(super) index: usize,
    pub(super) pattern: &'a Pattern,
    /// The length of its prefix.
    pub(super) prefix: usize,
    /// `true` if its prefix is weaker than the policy's.
    pub(super) is_weaker: bool,
}

impl HostCookies {
    /// Returns the guarded cookie with this exact name on the wire, if there
    /// is one.
    #[inline]
    pub(super) fn on_wire(&self, name: &[u8]) -> Option<PrefixedName<'_>> {
        // All prefixes begin with `__`, and few other names do.
        if name.starts_with(b"__") { self.prefixed(name) } else { None }
    }

    #[inline]
    fn prefixed(&self, name: &[u8]) -> Option<PrefixedName<'_>> {
        let mut patterns = self.guarded.iter().enumerate();
        if let Some((index, pattern)) = patterns.find(|(_, pattern)| pattern.is_wire(name)) {
            let prefix = self.prefix.as_str().len();
            return Some(PrefixedName { index, pattern, prefix, is_weaker: false });
        }
        let prefix = CookiePrefix::Secure.as_str();
        let plain = name.strip_prefix(prefix.as_bytes()).filter(|_| self.keeps_as_secure())?;
        let index = self.guarded_name(plain)?;
        let pattern = &self.guarded[index];
        Some(PrefixedName { index, pattern, prefix: prefix.len(), is_weaker: true })
    }
}
