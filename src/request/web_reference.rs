//! Resolves the references of a page, as browsers resolve them.

use super::{
    path_segments::normal_path,
    web_url::{WebUrl, cleaned, is_special, split_query, split_scheme},
};

impl WebUrl {
    /// Reads a reference that is relative to this URL.
    pub(crate) fn join(&self, reference: &str) -> Option<Self> {
        let text = cleaned(reference);
        match split_scheme(&text) {
            Some((scheme, rest)) if scheme != self.scheme || !is_special(&scheme) => {
                Self::after_scheme(scheme, rest)
            }
            Some((scheme, rest)) if rest.starts_with(['/', '\\']) => {
                Self::after_scheme(scheme, rest)
            }
            Some((_, rest)) => self.relative(rest),
            None => self.relative(&text),
        }
    }

    fn relative(&self, reference: &str) -> Option<Self> {
        if self.host.is_none() && !self.path.starts_with('/') {
            // A page such as 'about:blank' has no place to which a reference is relative.
            return reference.starts_with('#').then(|| self.clone());
        }
        let reference = if is_special(&self.scheme) {
            let (path, query) = split_query(reference);
            format!("{}{query}", path.replace('\\', "/"))
        } else {
            reference.to_owned()
        };
        if let Some(rest) = reference.strip_prefix("//") {
            return Self::with_authority(self.scheme.clone(), rest);
        }
        let (path, query) = split_query(&reference);
        let (path, query) = match (path, query) {
            ("", "") => (self.path.clone(), self.query.clone()),
            ("", query) => (self.path.clone(), query.to_owned()),
            (path, query) if path.starts_with('/') => (normal_path(path), query.to_owned()),
            (path, query) => {
                let folder = self.path.rfind('/').map_or("/", |end| &self.path[..=end]);
                (normal_path(&format!("{folder}{path}")), query.to_owned())
            }
        };
        Some(self.with_path(path, query))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_relative_to_the_page() {
        let page = WebUrl::parse("https://own.example/docs/page.html?old").unwrap();
        for (reference, expected) in [
            ("a.js", "https://own.example/docs/a.js"),
            ("../a.js?v=1", "https://own.example/a.js?v=1"),
            ("/a.js", "https://own.example/a.js"),
            ("//cdn.example/a.js", "https://cdn.example/a.js"),
            ("\\\\cdn.example\\a.js", "https://cdn.example/a.js"),
            ("https:a.js", "https://own.example/docs/a.js"),
            ("?new", "https://own.example/docs/page.html?new"),
            ("#top", "https://own.example/docs/page.html?old"),
            ("", "https://own.example/docs/page.html?old"),
            ("http://other.example", "http://other.example/"),
            ("data:,", "data:,"),
        ] {
            let url = page.join(reference).unwrap();
            assert_eq!(url.to_string(), expected, "{reference:?}");
        }
        assert_eq!(WebUrl::parse("about:blank").unwrap().join("a.js"), None);
    }
}
