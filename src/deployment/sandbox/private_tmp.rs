//! Checks `PrivateTmp=`: the mounts on `/tmp` and `/var/tmp`.

use std::path::Path;

use procfs::process::MountInfo;

use super::{
    mounts::{Mounts, Place, is_elsewhere_too, is_read_only},
    verdict::{Files, Verdict},
};

pub(super) fn private_tmp(mounts: &Mounts, files: &dyn Files) -> Verdict {
    if are_halves_of_one_tmpfs(mounts) {
        return Verdict::yes("/tmp and /var/tmp are the two halves of a tmpfs made for them");
    }
    Verdict::on_all(&["/tmp", "/var/tmp"], files, |path| check(path, mounts, files))
}

fn check(path: &Path, mounts: &Mounts, files: &dyn Files) -> Verdict {
    let at = path.display();
    let mount = match mounts.at(path) {
        None => return Verdict::unknown("mountinfo has no root"),
        Some(Place::DirectoryOf(mount)) => {
            let holding = mount.mount_point.display();
            return Verdict::no(format!("{at} is a directory of the mount at {holding}"));
        }
        Some(Place::Mount(mount)) => mount,
    };
    // A removed directory stays mounted, and no other process can open it.
    let root = Path::new(mount.root.strip_suffix("//deleted").unwrap_or(&mount.root));
    if is_private_directory(root) {
        return Verdict::yes(format!("{at} is {}", mount.root));
    }
    // systemd mounts this if it cannot create a private directory.
    if root.ends_with("systemd/empty") && is_read_only(mount) {
        return Verdict::yes(format!("{at} is systemd's empty directory"));
    }
    if mount.fs_type != "tmpfs" {
        return Verdict::no(format!("{at} is the {} directory {}", mount.fs_type, mount.root));
    }
    // Only the machine's own directory contains the private directories of other services.
    let of_services = |name: &String| name.starts_with("systemd-private-");
    if let Some(name) = files.names(path).ok().and_then(|names| names.into_iter().find(of_services))
    {
        return Verdict::no(format!("{at} is a tmpfs that services share, with {name}"));
    }
    if is_elsewhere_too(mount) {
        return Verdict::no(format!("{at} is a tmpfs that is mounted elsewhere too"));
    }
    Verdict::unknown(format!("{at} is a tmpfs that others may share"))
}

/// Matches `systemd-private-<boot>-<unit>-<random>/tmp`.
fn is_private_directory(root: &Path) -> bool {
    let named = |directory: &Path| {
        let name = directory.file_name().and_then(|name| name.to_str());
        name.is_some_and(|name| name.starts_with("systemd-private-"))
    };
    root.ends_with("tmp") && root.parent().is_some_and(named)
}

/// Recognises `PrivateTmp=disconnected`, which exists since systemd 257.
fn are_halves_of_one_tmpfs(mounts: &Mounts) -> bool {
    let half = |path: &str, root: &str| -> Option<&MountInfo> {
        match mounts.at(Path::new(path))? {
            Place::Mount(mount) if mount.fs_type == "tmpfs" && mount.root == root => Some(mount),
            _ => None,
        }
    };
    match (half("/tmp", "/tmp"), half("/var/tmp", "/var-tmp")) {
        (Some(one), Some(other)) => one.majmin == other.majmin,
        _ => false,
    }
}
