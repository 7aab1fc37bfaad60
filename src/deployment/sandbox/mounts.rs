//! Reads the mounts that are visible to a process, by their paths.

use std::path::{Path, PathBuf};

use procfs::process::{MountInfo, MountInfos, MountOptFields};

/// Represents the mounts of a mount namespace, read from `/proc/self/mountinfo`.
pub(super) struct Mounts(MountInfos);

impl Mounts {
    pub(super) fn new(mounts: MountInfos) -> Self {
        Self(mounts)
    }

    /// Returns the mount or directory that is visible at the path. Other
    /// mounts may lie under it.
    pub(super) fn at(&self, path: &Path) -> Option<Place<'_>> {
        let path = escaped(path)?;
        let mount = self.holding(&path)?;
        let exact = mount.mount_point == path;
        Some(if exact { Place::Mount(mount) } else { Place::DirectoryOf(mount) })
    }

    /// Returns the mounts that are visible below the path.
    pub(super) fn below(&self, path: &Path) -> Vec<&MountInfo> {
        let Some(path) = escaped(path) else { return Vec::new() };
        let is_below = |mount: &&MountInfo| {
            let point = &mount.mount_point;
            *point != path
                && point.starts_with(&path)
                && self.holding(point).is_some_and(|seen| same(seen, mount))
        };
        self.0.iter().filter(is_below).collect()
    }

    /// Returns the mount that contains the file at this path.
    fn holding(&self, escaped: &Path) -> Option<&MountInfo> {
        let mut mount = self.root()?;
        let mut prefixes: Vec<&Path> = escaped.ancestors().collect();
        prefixes.reverse();
        for prefix in prefixes {
            // Each mount has one parent, so a stack of mounts is at most as high as the list is
            // long.
            for _ in 0..self.0.0.len() {
                match self.child(mount, prefix) {
                    Some(over) => mount = over,
                    None => break,
                }
            }
        }
        Some(mount)
    }

    /// Returns the lowest mount at `/`. Its parent is itself, or is not
    /// visible to the process.
    fn root(&self) -> Option<&MountInfo> {
        self.0.iter().find(|mount| {
            mount.mount_point == Path::new("/")
                && !self.0.iter().any(|other| other.mnt_id == mount.pid && !same(other, mount))
        })
    }

    fn child(&self, parent: &MountInfo, mount_point: &Path) -> Option<&MountInfo> {
        self.0.iter().find(|mount| {
            mount.pid == parent.mnt_id && !same(mount, parent) && mount.mount_point == mount_point
        })
    }
}

/// Represents the content of a path: a mount, or a directory of one.
pub(super) enum Place<'a> {
    Mount(&'a MountInfo),
    DirectoryOf(&'a MountInfo),
}

/// Returns `true` if the mount is read-only.
pub(super) fn is_read_only(mount: &MountInfo) -> bool {
    mount.mount_options.contains_key("ro") || mount.super_options.contains_key("ro")
}

/// Returns `true` if the mount is a copy of a mount in another mount
/// namespace.
pub(super) fn is_elsewhere_too(mount: &MountInfo) -> bool {
    mount.opt_fields.iter().any(|field| matches!(field, MountOptFields::Master(_)))
}

fn same(one: &MountInfo, other: &MountInfo) -> bool {
    one.mnt_id == other.mnt_id
}

/// The characters that mountinfo writes as octal numbers. The backslash is
/// replaced first.
const ESCAPES: [(&str, &str); 4] =
    [("\\", r"\134"), (" ", r"\040"), ("\t", r"\011"), ("\n", r"\012")];

fn escaped(path: &Path) -> Option<PathBuf> {
    let path = path.to_str()?.to_owned();
    Some(ESCAPES.iter().fold(path, |path, (plain, octal)| path.replace(plain, octal)).into())
}
