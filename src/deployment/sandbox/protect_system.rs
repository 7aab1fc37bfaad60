//! Checks `ProtectSystem=`: the system directories that are on read-only
//! mounts.

use std::path::Path;

use super::{
    mounts::{Mounts, Place, is_read_only},
    verdict::{Files, Verdict},
};

pub(super) fn protect_system(mounts: &Mounts, files: &dyn Files) -> Verdict {
    Verdict::on_all(&["/usr", "/boot", "/efi", "/etc"], files, |path| check(path, mounts))
}

fn check(path: &Path, mounts: &Mounts) -> Verdict {
    let at = path.display();
    let Some(Place::Mount(mount) | Place::DirectoryOf(mount)) = mounts.at(path) else {
        return Verdict::unknown("mountinfo has no root");
    };
    // systemd skips automounts that were never accessed, and this check does too.
    if mount.fs_type == "autofs" {
        return Verdict::unknown(format!("{at} is an automount, whose target is unknown"));
    }
    if !is_read_only(mount) {
        let holding = mount.mount_point.display();
        return Verdict::no(format!("{at} is on the mount at {holding}, which is writable"));
    }
    let writable = mounts.below(path).into_iter().find(|mount| !is_read_only(mount));
    match writable {
        Some(below) => {
            let below = below.mount_point.display();
            Verdict::unknown(format!("{at} is read-only, but the mount at {below} is writable"))
        }
        None => Verdict::yes(format!("{at} is read-only")),
    }
}
