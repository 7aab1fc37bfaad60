//! Defines the result of one check with its evidence, and the files that a check may read.

use super::finding::Status;
use std::{
    borrow::Cow,
    io,
    path::{Path, PathBuf},
};

/// Represents an answer and its evidence.
pub(super) struct Verdict(pub(super) Status, pub(super) Cow<'static, str>);

/// Represents the facts that the two files of `/proc` do not contain.
pub(super) trait Files {
    /// Returns the path without symbolic links, or `None` if there is no such
    /// file.
    fn resolve(&self, path: &str) -> io::Result<Option<PathBuf>>;

    /// Returns the names in a directory.
    fn names(&self, directory: &Path) -> io::Result<Vec<String>>;

    /// Returns the device nodes below `/dev` on its own mount, as paths
    /// relative to `/dev`.
    fn devices(&self) -> io::Result<Vec<PathBuf>>;
}

impl Verdict {
    pub(super) fn yes(evidence: impl Into<Cow<'static, str>>) -> Self {
        Self(Status::Yes, evidence.into())
    }

    pub(super) fn no(evidence: impl Into<Cow<'static, str>>) -> Self {
        Self(Status::No, evidence.into())
    }

    pub(super) fn unknown(evidence: impl Into<Cow<'static, str>>) -> Self {
        Self(Status::Unknown, evidence.into())
    }

    /// Returns yes if every existing path passes, and no if one does not.
    /// Paths that do not exist are ignored.
    pub(super) fn on_all(paths: &[&str], files: &dyn Files, check: impl Fn(&Path) -> Self) -> Self {
        let mut verdicts: Vec<Self> = Vec::new();
        let mut checked: Vec<PathBuf> = Vec::new();
        for path in paths {
            match files.resolve(path) {
                Ok(Some(path)) if checked.contains(&path) => {}
                Ok(Some(path)) => {
                    verdicts.push(check(&path));
                    checked.push(path);
                }
                Ok(None) => {}
                Err(error) => verdicts.push(Self::unknown(format!("{path}: {error}"))),
            }
        }
        for decisive in [Status::No, Status::Unknown, Status::Yes] {
            let evidence: Vec<&str> = verdicts
                .iter()
                .filter(|verdict| verdict.0 == decisive)
                .map(|verdict| &*verdict.1)
                .collect();
            if !evidence.is_empty() {
                return Self(decisive, evidence.join("; ").into());
            }
        }
        Self::unknown(format!("there is no {}", paths.join(", no ")))
    }
}
