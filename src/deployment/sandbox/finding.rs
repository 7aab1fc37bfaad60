//! Defines the guide's settings of systemd, and the result of checking one.

use std::{borrow::Cow, fmt};

/// Names a setting of the guide's systemd unit. `Display` prints its line in the unit.
///
/// ```
/// use tower_hardening::deployment::Setting;
///
/// for setting in Setting::ALL {
///     println!("{setting}"); // PrivateTmp=true
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Setting {
    /// `PrivateTmp=true`: the process does not share `/tmp` and `/var/tmp`
    /// with other processes.
    PrivateTmp,
    /// `ProtectHome=true`: `/home`, `/root` and `/run/user` are inaccessible.
    ProtectHome,
    /// `ProtectSystem=full`: `/usr`, `/boot`, `/efi` and `/etc` are read-only.
    /// `strict` includes this.
    ProtectSystem,
    /// `PrivateDevices=true`: `/dev` has pseudo devices only, and the process
    /// cannot create others.
    PrivateDevices,
    /// `NoNewPrivileges=true`: a started program never gains privileges, by
    /// set-uid or otherwise.
    NoNewPrivileges,
    /// `CapabilityBoundingSet=~CAP_SYS_ADMIN`: the process can never gain
    /// `CAP_SYS_ADMIN`.
    CapabilityBoundingSet,
}

/// Answers the question whether a [`Setting`] is in force.
///
/// *Yes* describes the state of the process, independent of its cause: a container can have the
/// same effect as the setting.
///
/// ```
/// use tower_hardening::deployment::{Status, sandbox};
///
/// let missing = sandbox().into_iter().filter(|finding| finding.status() == Status::No);
/// missing.for_each(|finding| eprintln!("add {} to the unit", finding.setting()));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Status {
    /// Every effect of the setting was observed.
    Yes,
    /// At least one effect of the setting is missing.
    No,
    /// The available information does not decide the answer.
    Unknown,
}

/// Reports the result of the check of one [`Setting`].
///
/// `Display` prints one line: `NoNewPrivileges=true: yes, NoNewPrivs is 1 in /proc/self/status`.
///
/// ```
/// use tower_hardening::deployment::sandbox;
///
/// for finding in sandbox() {
///     println!("{}: {} ({})", finding.setting(), finding.status(), finding.evidence());
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub(super) setting: Setting,
    pub(super) status: Status,
    pub(super) evidence: Cow<'static, str>,
}

impl Setting {
    /// All six settings, in the guide's order.
    pub const ALL: [Self; 6] = [
        Self::PrivateTmp,
        Self::ProtectHome,
        Self::ProtectSystem,
        Self::PrivateDevices,
        Self::NoNewPrivileges,
        Self::CapabilityBoundingSet,
    ];

    /// Returns the key in the unit, such as `PrivateTmp`.
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
    /// Returns the setting that was checked.
    pub fn setting(&self) -> Setting {
        self.setting
    }

    /// Returns the answer: whether the setting is in force.
    pub fn status(&self) -> Status {
        self.status
    }

    /// Returns the evidence for the answer.
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

impl fmt::Display for Status {
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
        write!(f, "{}: {}, {}", self.setting, self.status, self.evidence)
    }
}
