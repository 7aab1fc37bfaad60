//! Computes hashes of the inline scripts and styles of static pages.

use std::{
    collections::BTreeSet,
    fmt, fs, io,
    path::{Path, PathBuf},
};

use super::{check::Page, lines::Lines};
use crate::{
    error::ParseError,
    policy::csp::{ContentSecurityPolicy, Source, SourceDirective},
};

/// Holds the hashes of the inline scripts and styles of pages, for sites that are files: a nonce needs
/// a server.
///
/// The order of the hashes does not depend on the order of the pages.
///
/// ```
/// use tower_hardening::{ContentSecurityPolicy, audit::InlineHashes, csp::Source};
///
/// let hashes = InlineHashes::of_page("<script>\r\nstart()</script><style>p {}</style>");
/// assert_eq!(hashes.script_src().collect::<Vec<_>>(), [Source::sha256("\nstart()")]);
/// let policy = hashes.add_to(ContentSecurityPolicy::from_static("default-src 'self'"))?;
/// assert!(policy.to_meta()?.contains("script-src 'self' 'sha256-"));
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct InlineHashes {
    scripts: BTreeSet<String>,
    styles: BTreeSet<String>,
    files: BTreeSet<PathBuf>,
}

impl InlineHashes {
    /// Computes the hashes of one page.
    pub fn of_page(html: impl AsRef<[u8]>) -> Self {
        let mut hashes = Self::default();
        hashes.add_page(html.as_ref());
        hashes
    }

    /// Computes the hashes of every `.html` and `.htm` file in a directory and below it, such as the
    /// `dist` directory of a single-page application.
    ///
    /// # Errors
    ///
    /// Returns the error of a directory or a file that cannot be read, with its path.
    pub fn of_directory(directory: impl AsRef<Path>) -> io::Result<Self> {
        let mut hashes = Self::default();
        hashes.add_directory(directory.as_ref())?;
        Ok(hashes)
    }

    /// Returns the hashes for `script-src`.
    pub fn script_src(&self) -> impl Iterator<Item = Source> {
        self.scripts.iter().filter_map(|hash| hash.parse().ok())
    }

    /// Returns the hashes for `style-src`.
    pub fn style_src(&self) -> impl Iterator<Item = Source> {
        self.styles.iter().filter_map(|hash| hash.parse().ok())
    }

    /// Adds the hashes to `script-src` and `style-src` of a policy.
    ///
    /// # Errors
    ///
    /// Returns an error if the policy becomes longer than a header can be.
    pub fn add_to(
        &self,
        policy: ContentSecurityPolicy,
    ) -> Result<ContentSecurityPolicy, ParseError> {
        let mut policy = policy;
        if !self.scripts.is_empty() {
            policy = policy.extend(SourceDirective::SCRIPT_SRC, self.script_src())?;
        }
        if !self.styles.is_empty() {
            policy = policy.extend(SourceDirective::STYLE_SRC, self.style_src())?;
        }
        Ok(policy)
    }

    /// Returns the lines that a build script prints: `cargo::rerun-if-changed` for each directory and
    /// page that was read, and the variables `CSP_SCRIPT_HASHES` and `CSP_STYLE_HASHES`, which the
    /// program reads with `env!`.
    ///
    /// ```
    /// use tower_hardening::audit::InlineHashes;
    ///
    /// // In build.rs: println!("{}", InlineHashes::of_directory("dist")?.build_script());
    /// let lines = InlineHashes::of_page("<p>text").build_script();
    /// assert_eq!(lines, "cargo::rustc-env=CSP_SCRIPT_HASHES=\ncargo::rustc-env=CSP_STYLE_HASHES=\n");
    /// ```
    pub fn build_script(&self) -> String {
        let join = |hashes: &BTreeSet<String>| {
            hashes.iter().map(String::as_str).collect::<Vec<_>>().join(" ")
        };
        let files = self.files.iter();
        let mut lines: String =
            files.map(|file| format!("cargo::rerun-if-changed={}\n", file.display())).collect();
        for (name, hashes) in [("SCRIPT", &self.scripts), ("STYLE", &self.styles)] {
            lines += &format!("cargo::rustc-env=CSP_{name}_HASHES={}\n", join(hashes));
        }
        lines
    }

    fn add_page(&mut self, html: &[u8]) {
        let (uses, _) = Page::new(html).uses(&Lines::new(html));
        for one in uses {
            match one.kind {
                "inline-script" | "import-map" | "speculation-rules" => {
                    self.scripts.insert(Source::sha256(&one.text).to_string());
                }
                "inline-style" => {
                    self.styles.insert(Source::sha256(&one.text).to_string());
                }
                _ => {}
            }
        }
    }

    fn add_directory(&mut self, directory: &Path) -> io::Result<()> {
        self.files.insert(directory.to_owned());
        let within = |error: io::Error| {
            io::Error::new(error.kind(), format!("{}: {error}", directory.display()))
        };
        for entry in fs::read_dir(directory).map_err(within)? {
            let path = entry.map_err(within)?.path();
            let is_page = path.extension().is_some_and(|end| {
                end.eq_ignore_ascii_case("html") || end.eq_ignore_ascii_case("htm")
            });
            if path.is_dir() {
                self.add_directory(&path)?;
            } else if is_page {
                let page = fs::read(&path).map_err(within)?;
                self.add_page(&page);
                self.files.insert(path);
            }
        }
        Ok(())
    }
}

impl fmt::Display for InlineHashes {
    /// Writes `script-src …; style-src …`, without an empty directive.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for (name, hashes) in [("script-src", &self.scripts), ("style-src", &self.styles)] {
            if !hashes.is_empty() {
                write!(f, "{separator}{name}")?;
                hashes.iter().try_for_each(|hash| write!(f, " {hash}"))?;
                separator = "; ";
            }
        }
        Ok(())
    }
}

/// Returns the value of an `integrity` attribute for a file: its SHA-384.
///
/// ```
/// use tower_hardening::audit::integrity;
///
/// assert!(integrity(b"start()\r\n").starts_with("sha384-"));
/// assert_ne!(integrity(b"start()\r\n"), integrity(b"start()\n"));
/// ```
pub fn integrity(file: impl AsRef<[u8]>) -> String {
    Source::sha384_of_bytes(file.as_ref())
}
