//! Guarded cookies as they are named on the wire.

use super::{CookiePrefix, HostCookies, name::Pattern};

/// A guarded cookie on the wire.
pub(super) struct Wire<'a> {
    /// Which one, by number.
    pub(super) index: usize,
    pub(super) pattern: &'a Pattern,
    /// How long its prefix is.
    pub(super) prefix: usize,
    /// Whether that is a weaker one than the policy's.
    pub(super) is_weaker: bool,
}

impl HostCookies {
    /// The cookie that this is on the wire, to the byte.
    #[inline]
    pub(super) fn on_wire(&self, name: &[u8]) -> Option<Wire<'_>> {
        // All prefixes begin so, and few other names.
        if name.starts_with(b"__") { self.prefixed(name) } else { None }
    }

    #[inline]
    fn prefixed(&self, name: &[u8]) -> Option<Wire<'_>> {
        let mut patterns = self.guarded.iter().enumerate();
        if let Some((index, pattern)) = patterns.find(|(_, pattern)| pattern.is_wire(name)) {
            let prefix = self.prefix.as_str().len();
            return Some(Wire { index, pattern, prefix, is_weaker: false });
        }
        let prefix = CookiePrefix::Secure.as_str();
        let plain = name.strip_prefix(prefix.as_bytes()).filter(|_| self.keeps_as_secure())?;
        let index = self.guarded_name(plain)?;
        let pattern = &self.guarded[index];
        Some(Wire { index, pattern, prefix: prefix.len(), is_weaker: true })
    }
}
