//! Which of the guide's six systemd settings are in force for this process.

use std::{borrow::Cow, fmt};

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

/// A setting of the guide's systemd unit; `Display` is its line in the unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Setting {
    /// `PrivateTmp=true`: `/tmp` and `/var/tmp` are not those of other processes.
    PrivateTmp,
    /// `ProtectHome=true`: `/home`, `/root` and `/run/user` are inaccessible.
    ProtectHome,
    /// `ProtectSystem=full`: `/usr`, `/boot`, `/efi` and `/etc` are read-only; `strict` does that too.
    ProtectSystem,
    /// `PrivateDevices=true`: `/dev` has pseudo devices only, and no others can be made.
    PrivateDevices,
    /// `NoNewPrivileges=true`: no program that is started gains privileges, by set-uid or otherwise.
    NoNewPrivileges,
    /// `CapabilityBoundingSet=~CAP_SYS_ADMIN`: `CAP_SYS_ADMIN` can never be gained.
    CapabilityBoundingSet,
}

/// Whether a [`Setting`] is in force.
///
/// *Yes* is what the process has, whoever gave it: a container may do what the setting does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Answer {
    /// All that the setting does is seen to be done.
    Yes,
    /// Something that the setting does is seen not to be done.
    No,
    /// What can be seen does not decide it.
    Unknown,
}

/// What was found out of one [`Setting`].
///
/// `Display` is one line: `NoNewPrivileges=true: yes, NoNewPrivs is 1 in /proc/self/status`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    setting: Setting,
    answer: Answer,
    evidence: Cow<'static, str>,
}

/// Which of the guide's six settings are in force for this process, in the guide's order.
///
/// Reads `/proc/self/status` and `/proc/self/mountinfo`, lists `/dev`, and lists `/tmp` and
/// `/var/tmp` where the mounts alone do not decide; it changes nothing and needs no privilege. A
/// setting that these do not decide is [unknown](Answer::Unknown), as is each on systems other
/// than Linux. What is in force at the start stays in force: calling it once is enough.
///
/// - *PrivateTmp*: on `/tmp` and `/var/tmp` a directory `systemd-private-…/tmp` is mounted, or
///   the two halves of one tmpfs. Another tmpfs is *no* where it holds the private directories
///   of other services, or is mounted elsewhere too; else it is *unknown*.
/// - *ProtectHome*: systemd's inaccessible directory is mounted on each of the three that exists.
///   A tmpfs, which `ProtectHome=tmpfs` mounts, is *unknown*: what it holds is not known.
/// - *ProtectSystem*: each of the four that exists is on a read-only mount. A writable mount
///   below one, as `ReadWritePaths=` makes, is *unknown*, and so is an automount.
/// - *PrivateDevices*: `/dev` is a tmpfs with pseudo devices only, and neither `CAP_MKNOD` nor
///   `CAP_SYS_RAWIO` is in the bounding set.
/// - *NoNewPrivileges*, *CapabilityBoundingSet*: the kernel says it.
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
            answer: Answer::Unknown,
            evidence: "only Linux tells".into(),
        };
        Setting::ALL.map(unknown).into()
    }
}

impl Setting {
    /// All of them, in the guide's order.
    pub const ALL: [Self; 6] = [
        Self::PrivateTmp,
        Self::ProtectHome,
        Self::ProtectSystem,
        Self::PrivateDevices,
        Self::NoNewPrivileges,
        Self::CapabilityBoundingSet,
    ];

    /// The key in the unit, such as `PrivateTmp`.
    pub fn name(self) -> &'static str {
        self.line().0
    }

    fn line(self) -> (&'static str, &'static str) {
        match self {
            Self::PrivateTmp => ("PrivateTmp", "true"),
            Self::ProtectHome => ("ProtectHome", "true"),
            Self::ProtectSystem => ("ProtectSystem", "full"),
            Self::PrivateDevices => ("PrivateDevices", "true"),
            Self::NoNewPrivileges => ("NoNewPrivileges", "true"),
            Self::CapabilityBoundingSet => ("CapabilityBoundingSet", "~CAP_SYS_ADMIN"),
        }
    }
}

impl Finding {
    /// The setting that it is about.
    pub fn setting(&self) -> Setting {
        self.setting
    }

    /// Whether it is in force.
    pub fn answer(&self) -> Answer {
        self.answer
    }

    /// What the answer rests on.
    pub fn evidence(&self) -> &str {
        &self.evidence
    }
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (key, value) = self.line();
        write!(f, "{key}={value}")
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Unknown => "unknown",
        })
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}, {}", self.setting, self.answer, self.evidence)
    }
}
