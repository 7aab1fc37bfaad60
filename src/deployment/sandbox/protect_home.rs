//! Checks `ProtectHome=`: the mounts on the directories of users.

use std::path::Path;

use super::{
    mounts::{Mounts, Place},
    verdict::{Files, Verdict},
};

pub(super) fn protect_home(mounts: &Mounts, files: &dyn Files) -> Verdict {
    Verdict::on_all(&["/home", "/root", "/run/user"], files, |path| check(path, mounts))
}

fn check(path: &Path, mounts: &Mounts) -> Verdict {
    let at = path.display();
    match mounts.at(path) {
        None => Verdict::unknown("mountinfo has no root"),
        Some(Place::DirectoryOf(mount)) => {
            let holding = mount.mount_point.display();
            Verdict::no(format!("{at} is a directory of the mount at {holding}"))
        }
        Some(Place::Mount(mount)) => match mount.fs_type.as_str() {
            "tmpfs" if is_inaccessible(Path::new(&mount.root)) => {
                Verdict::yes(format!("{at} is inaccessible"))
            }
            "tmpfs" => Verdict::unknown(format!("{at} is a tmpfs with unknown content")),
            kind => Verdict::no(format!("{at} is the {kind} directory {}", mount.root)),
        },
    }
}

/// Recognises the directory without permissions that systemd keeps for this purpose. It can belong to
/// the systemd of the service or to that of its container.
fn is_inaccessible(root: &Path) -> bool {
    ["systemd/inaccessible/dir", "host/inaccessible/dir"].iter().any(|kept| root.ends_with(kept))
}
