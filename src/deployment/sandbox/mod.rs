//! Reports which of the guide's six systemd settings are active for this
//! process.

mod finding;
#[cfg(target_os = "linux")]
mod mounts;
#[cfg(target_os = "linux")]
mod private_devices;
#[cfg(target_os = "linux")]
mod private_tmp;
#[cfg(target_os = "linux")]
mod protect_home;
#[cfg(target_os = "linux")]
mod protect_system;
#[cfg(target_os = "linux")]
mod status;
#[cfg(target_os = "linux")]
mod surroundings;
#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests;
#[cfg(target_os = "linux")]
mod verdict;

pub use finding::{Finding, Setting, Status};

/// Checks the guide's six settings for this process, in the guide's order.
///
/// Reads `/proc/self/status` and `/proc/self/mountinfo`, and lists `/dev`. Lists `/tmp` and
/// `/var/tmp` if the mounts alone do not decide the answer. It changes nothing and needs no
/// privilege. A setting that these sources do not decide is [unknown](Status::Unknown), and so is
/// every setting on systems other than Linux. A setting that is in force at the start stays in
/// force, so one call is enough.
///
/// - *PrivateTmp*: on `/tmp` and `/var/tmp` a directory `systemd-private-…/tmp` is mounted, or the
///   two halves of one tmpfs. Another tmpfs is *no* if it contains the private directories of other
///   services, or is also mounted elsewhere. Otherwise it is *unknown*.
/// - *ProtectHome*: systemd's inaccessible directory is mounted on each of the three directories
///   that exist. A tmpfs, which `ProtectHome=tmpfs` mounts, is *unknown*, because its content is
///   not known.
/// - *ProtectSystem*: each of the four directories that exist is on a read-only mount. A writable
///   mount below one, as `ReadWritePaths=` creates, is *unknown*, and so is an automount.
/// - *PrivateDevices*: `/dev` is a tmpfs with pseudo devices only, and neither `CAP_MKNOD` nor
///   `CAP_SYS_RAWIO` is in the bounding set.
/// - *NoNewPrivileges*, *CapabilityBoundingSet*: the kernel reports the state.
///
/// See [systemd.exec](https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html),
/// "Sandboxing".
pub fn sandbox() -> Vec<Finding> {
    #[cfg(target_os = "linux")]
    {
        surroundings::Surroundings::of_this_process().findings()
    }
    #[cfg(not(target_os = "linux"))]
    {
        let unknown = |setting| Finding {
            setting,
            status: Status::Unknown,
            evidence: "only Linux tells".into(),
        };
        Setting::ALL.map(unknown).into()
    }
}
