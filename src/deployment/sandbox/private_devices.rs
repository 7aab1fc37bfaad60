//! `PrivateDevices=`: which devices there are, and whether others could be made.

use std::path::Path;

use procfs::process::Status;

use super::{
    mounts::{Mounts, Place},
    status::{OF_DEVICES, bounds},
    surroundings::{Files, Verdict},
};

/// Devices that are no hardware: those that `PrivateDevices=` leaves, and a container's console.
const PSEUDO: [&str; 8] = ["null", "zero", "full", "random", "urandom", "tty", "ptmx", "console"];

pub(super) fn private_devices(mounts: &Mounts, status: &Status, files: &dyn Files) -> Verdict {
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

/// The first device that is not known for a pseudo device.
fn hardware(mounts: &Mounts, files: &dyn Files) -> Result<Option<String>, String> {
    let dev = Path::new("/dev");
    let nodes = files.devices().map_err(|error| format!("/dev cannot be listed: {error}"))?;
    // A node of the machine's, or all of them, can be mounted below.
    let mounted = mounts.below(dev).into_iter().filter(|mount| mount.fs_type == "devtmpfs");
    let mounted = mounted.filter_map(|mount| mount.mount_point.strip_prefix(dev).ok());
    let mut all = nodes.iter().map(|node| node.as_path()).chain(mounted);
    let is_pseudo = |node: &Path| PSEUDO.iter().any(|name| node == Path::new(name));
    Ok(all.find(|node| !is_pseudo(node)).map(|node| node.display().to_string()))
}
