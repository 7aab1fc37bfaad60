//! Checks `PrivateDevices=`: the existing devices, and the ability to create
//! more.

use std::path::Path;

use procfs::process::Status as ProcessStatus;

use super::{
    mounts::{Mounts, Place},
    status::{OF_DEVICES, bounds},
    verdict::{Files, Verdict},
};

/// Devices that are not hardware: those that `PrivateDevices=` keeps, and a
/// container's console.
const PSEUDO: [&str; 8] = ["null", "zero", "full", "random", "urandom", "tty", "ptmx", "console"];

/// The file systems that are mounted below `/dev`.
const BELOW: [&str; 4] = ["pts", "shm", "mqueue", "hugepages"];

pub(super) fn private_devices(
    mounts: &Mounts,
    status: &ProcessStatus,
    files: &dyn Files,
) -> Verdict {
    for (capability, name) in OF_DEVICES {
        match bounds(status, capability) {
            Some(false) => {}
            Some(true) => return Verdict::no(format!("{name} is in the bounding set")),
            None => return Verdict::unknown("/proc/self/status has no CapBnd"),
        }
    }
    let dev = Path::new("/dev");
    match mounts.at(dev) {
        None => Verdict::unknown("mountinfo has no root"),
        Some(Place::DirectoryOf(mount)) => {
            let holding = mount.mount_point.display();
            Verdict::no(format!("/dev is a directory of the mount at {holding}"))
        }
        Some(Place::Mount(mount)) => match mount.fs_type.as_str() {
            "tmpfs" => match hardware(mounts, files) {
                Ok(None) => Verdict::yes("/dev is a tmpfs that has pseudo devices only"),
                Ok(Some(name)) => Verdict::no(format!("/dev has the device {name}")),
                Err(error) => Verdict::unknown(error),
            },
            "devtmpfs" => Verdict::no("/dev is the devtmpfs of the machine"),
            kind => Verdict::unknown(format!("/dev is a {kind}")),
        },
    }
}

/// Returns the first device that is not a known pseudo device, or an error if
/// there may be one.
fn hardware(mounts: &Mounts, files: &dyn Files) -> Result<Option<String>, String> {
    let is_one_of = |names: &[&str], path: &Path| names.iter().any(|name| path == Path::new(name));
    let nodes = files.devices().map_err(|error| format!("/dev cannot be listed: {error}"))?;
    if let Some(node) = nodes.iter().find(|node| !is_one_of(&PSEUDO, node)) {
        return Ok(Some(node.display().to_string()));
    }
    // A single device node can be mounted, like any other file.
    let dev = Path::new("/dev");
    for mount in mounts.below(dev) {
        let path = mount.mount_point.strip_prefix(dev).unwrap_or(&mount.mount_point);
        if is_one_of(&PSEUDO, path) || is_one_of(&BELOW, path) {
            continue;
        }
        let path = path.display();
        match mount.fs_type.as_str() {
            "devtmpfs" => return Ok(Some(path.to_string())),
            kind => return Err(format!("a part of a {kind} is mounted at /dev/{path}")),
        }
    }
    Ok(None)
}
