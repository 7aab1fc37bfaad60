//! Reads a `Set-Cookie` line that another program sent, as browsers read it.

use std::hash::Hash;

use super::{
    attribute::Kind,
    prefix::{PREFIXES, SameSite},
    scope::Scope,
    set_cookie::SetCookie,
};

/// Holds a cookie that another program sets.
#[derive(Clone, Copy)]
pub(crate) struct ReceivedCookie<'a> {
    pub(crate) name: &'a [u8],
    domain: Option<&'a [u8]>,
    /// The path; `None` for the root, and if the line names no path.
    path: Option<&'a [u8]>,
    pub(crate) is_secure: bool,
    pub(crate) is_http_only: bool,
    /// The effective value; `None` if it is absent or if browsers do not know it.
    pub(crate) same_site: Option<SameSite>,
    /// `true` if browsers do not know the value of `SameSite`.
    pub(crate) has_unknown_same_site: bool,
    /// `true` if the line deletes the cookie.
    pub(crate) is_deletion: bool,
    /// `true` if browsers ignore the line, since its prefix requires other attributes (RFC 6265bis
    /// section 5.7).
    pub(crate) breaks_prefix: bool,
}

impl<'a> ReceivedCookie<'a> {
    pub(crate) fn parse(line: &'a [u8]) -> Self {
        let set = SetCookie::parse(line);
        let scope = Scope::of(set.attributes);
        let same_site = scope.get(Kind::SameSite);
        Self {
            name: set.name,
            domain: scope.get(Kind::Domain).map(|attribute| attribute.value()),
            path: scope
                .get(Kind::Path)
                .map(|attribute| attribute.value())
                .filter(|path| *path != b"/"),
            is_secure: scope.has(Kind::Secure),
            is_http_only: scope.has(Kind::HttpOnly),
            same_site: same_site.and_then(|attribute| SameSite::of(attribute.value())),
            has_unknown_same_site: scope.has_unknown_same_site,
            is_deletion: scope.is_deletion(),
            breaks_prefix: breaks_prefix(set.name, &scope),
        }
    }

    /// Returns the name, the domain and the path. A later line with the same ones replaces the cookie.
    pub(crate) fn identity(&self) -> impl Eq + Hash + use<'a> {
        (self.name, self.domain, self.path)
    }

    /// Returns the name as an application writes it, without a prefix.
    pub(crate) fn plain_name(&self) -> &'a [u8] {
        let mut plain = PREFIXES.iter().filter_map(|prefix| {
            let (start, rest) = self.name.split_at_checked(prefix.len())?;
            start.eq_ignore_ascii_case(prefix.as_bytes()).then_some(rest)
        });
        plain.next().unwrap_or(self.name)
    }

    /// Returns `true` if the lower-case name contains one of these words.
    pub(crate) fn is_named_like(&self, words: &[&str]) -> bool {
        let name = self.name.to_ascii_lowercase();
        words.iter().any(|word| name.windows(word.len()).any(|part| part == word.as_bytes()))
    }
}

fn breaks_prefix(name: &[u8], scope: &Scope<'_>) -> bool {
    let begins = |prefix: &str| {
        name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes()))
    };
    let is_host = begins("__Host-");
    let is_http = begins("__Http-") || begins("__Host-Http-");
    let is_prefixed = is_host || is_http || begins("__Secure-");
    (is_prefixed && !scope.has(Kind::Secure))
        || (is_http && !scope.has(Kind::HttpOnly))
        || (is_host && (scope.has(Kind::Domain) || !scope.has_root_path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_breaks_the_rules_of_its_prefix_is_found() {
        for line in [
            "__Host-a=1; Path=/",
            "__host-a=1; Secure; Path=/x",
            "__Host-a=1; Secure; Path=/; Domain=a.example",
            "__Secure-a=1",
            "__Http-a=1; Secure",
        ] {
            assert!(ReceivedCookie::parse(line.as_bytes()).breaks_prefix, "{line}");
        }
        for line in ["__Host-a=1; secure; path=/", "a=1", "__Http-a=1; Secure; HttpOnly", ""] {
            assert!(!ReceivedCookie::parse(line.as_bytes()).breaks_prefix, "{line}");
        }
    }
}
