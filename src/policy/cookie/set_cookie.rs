//! Parses a `Set-Cookie` line as browsers do, and rewrites it with added
//! attributes.

use super::{
    attribute::{Attributes, Kind, ROOT},
    prefix::SameSite,
    scope::Scope,
};
use crate::syntax::ascii::{find, trim, trim_start};

/// Holds one line, parsed as browsers parse it (RFC 6265bis section 5.6).
pub(super) struct SetCookie<'a> {
    pub(super) name: &'a [u8],
    /// The value with the white space around it.
    pub(super) value: &'a [u8],
    pub(super) attributes: Attributes<'a>,
    /// The line from the name on.
    text: &'a [u8],
}

/// Lists the requirements on a line in addition to `Secure`.
pub(super) struct More {
    pub(super) no_domain: bool,
    pub(super) root_path: bool,
    pub(super) http_only: bool,
    pub(super) same_site: Option<SameSite>,
}

impl<'a> SetCookie<'a> {
    #[inline]
    pub(super) fn parse(line: &'a [u8]) -> Self {
        let text = trim_start(line);
        let end = find(text, b';').unwrap_or(text.len());
        let (pair, attributes) = text.split_at(end);
        let (name, value) = match find(pair, b'=') {
            Some(equals) => (trim(&pair[..equals]), &pair[equals + 1..]),
            None => (&b""[..], pair),
        };
        Self { name, value, attributes: Attributes::new(attributes), text }
    }

    /// Returns the line under another prefix. The name may already have
    /// `carried` bytes of it. Attributes keep their order and their bytes, except for forbidden
    /// ones, which are removed; of duplicate attributes only the effective one is kept.
    pub(super) fn conform(
        &self,
        scope: &Scope<'_>,
        prefix: &'static str,
        carried: usize,
        more: &More,
    ) -> Vec<u8> {
        // The length is measured first: a header takes over a full vector without another
        // allocation.
        let mut length = 0;
        self.put(scope, prefix, carried, more, |piece| length += piece.len());
        let mut line = Vec::with_capacity(length);
        self.put(scope, prefix, carried, more, |piece| line.extend_from_slice(piece));
        line
    }

    #[inline]
    fn put(
        &self,
        scope: &Scope<'_>,
        prefix: &'static str,
        carried: usize,
        more: &More,
        mut put: impl FnMut(&[u8]),
    ) {
        put(prefix.as_bytes());
        let has_path = if more.allows(scope) {
            put(&self.text[carried..]);
            scope.has(Kind::Path)
        } else {
            put(&self.text[carried..self.text.len() - self.attributes.text().len()]);
            self.put_allowed(scope, more, &mut put)
        };
        if more.root_path && !has_path {
            put(ROOT);
        }
        if !scope.has(Kind::Secure) {
            put(b"; Secure");
        }
        if more.http_only && !scope.has(Kind::HttpOnly) {
            put(b"; HttpOnly");
        }
        if let Some(value) = more.same_site.filter(|_| !scope.has(Kind::SameSite)) {
            put(b"; SameSite=");
            put(value.as_str().as_bytes());
        }
    }

    /// Puts the attributes that the requirements allow. Returns `true` if one of them is a path.
    #[inline]
    fn put_allowed(&self, scope: &Scope<'_>, more: &More, mut put: impl FnMut(&[u8])) -> bool {
        let counts = scope.counting();
        let mut has_path = false;
        for attribute in self.attributes {
            match attribute.kind {
                Kind::Domain if more.no_domain || attribute.value().is_empty() => {}
                Kind::Path if more.root_path => {
                    put(if std::mem::replace(&mut has_path, true) { b"" } else { ROOT });
                }
                Kind::SameSite if more.replaces_same_site(scope) => {}
                _ if attribute.is_too_long() || counts(&attribute) => put(attribute.text),
                _ => {}
            }
        }
        has_path
    }
}

impl More {
    /// Returns `true` if all existing attributes can stay as they are.
    fn allows(&self, scope: &Scope<'_>) -> bool {
        let other_path = scope.has(Kind::Path) && !scope.has_root_path;
        let refused = (self.no_domain && scope.has(Kind::Domain))
            || (self.root_path && other_path)
            || self.replaces_same_site(scope);
        !(scope.is_irregular || refused)
    }

    /// Returns `true` if the policy's `SameSite` replaces one that browsers do
    /// not know.
    fn replaces_same_site(&self, scope: &Scope<'_>) -> bool {
        scope.has_unknown_same_site && self.same_site.is_some()
    }

    /// Returns `true` if a line with this scope already meets all
    /// requirements.
    pub(super) fn is_met(&self, scope: &Scope<'_>) -> bool {
        scope.has(Kind::Secure)
            && !(self.no_domain && scope.has(Kind::Domain))
            && (!self.root_path || scope.has_root_path)
            && (!self.http_only || scope.has(Kind::HttpOnly))
            && (self.same_site.is_none() || scope.has(Kind::SameSite))
    }
}
