//! Checks the settings that `/proc/self/status` reports directly.

use procfs::process::Status as ProcessStatus;

use super::verdict::Verdict;

// linux/capability.h
const CAP_SYS_RAWIO: u32 = 17;
const CAP_SYS_ADMIN: u32 = 21;
const CAP_MKNOD: u32 = 27;

/// The capabilities that `PrivateDevices=true` removes from the bounding set.
pub(super) const OF_DEVICES: [(u32, &str); 2] =
    [(CAP_MKNOD, "CAP_MKNOD"), (CAP_SYS_RAWIO, "CAP_SYS_RAWIO")];

pub(super) fn no_new_privileges(status: &ProcessStatus) -> Verdict {
    match status.nonewprivs {
        Some(1) => Verdict::yes("NoNewPrivs is 1 in /proc/self/status"),
        Some(0) => Verdict::no("NoNewPrivs is 0 in /proc/self/status"),
        Some(other) => Verdict::unknown(format!("NoNewPrivs is {other} in /proc/self/status")),
        None => Verdict::unknown("/proc/self/status has no NoNewPrivs"),
    }
}

pub(super) fn without_sys_admin(status: &ProcessStatus) -> Verdict {
    match bounds(status, CAP_SYS_ADMIN) {
        Some(false) => Verdict::yes("CAP_SYS_ADMIN is not in the bounding set"),
        Some(true) => Verdict::no("CAP_SYS_ADMIN is in the bounding set"),
        None => Verdict::unknown("/proc/self/status has no CapBnd"),
    }
}

/// Returns `true` if the bounding set has the capability.
pub(super) fn bounds(status: &ProcessStatus, capability: u32) -> Option<bool> {
    status.capbnd.map(|set| set >> capability & 1 == 1)
}
