//! Tests against mounts and states captured under Debian's systemd and
//! elsewhere.

use std::{
    io,
    path::{Path, PathBuf},
};

use procfs::{
    FromRead,
    process::{MountInfos, Status as ProcessStatus},
};

use super::{
    Finding,
    Setting::{self, PrivateDevices, PrivateTmp, ProtectHome, ProtectSystem},
    Status::{self, No, Unknown, Yes},
    mounts::Mounts,
    surroundings::Surroundings,
    verdict::Files,
};

macro_rules! captured {
    ($name:literal) => {
        include_str!(concat!("../captured/", $name))
    };
}

mod private_devices;
mod private_tmp;
mod protect_home;
mod protect_system;

/// Holds the files outside `/proc`. Any value that a test does not set is as on Debian.
#[derive(Clone)]
struct Machine {
    links: &'static [(&'static str, &'static str)],
    absent: &'static [&'static str],
    names: &'static [&'static str],
    devices: Option<&'static [&'static str]>,
}

const DEBIAN: Machine = Machine {
    links: &[],
    absent: &["/efi"],
    names: &[".X11-unix"],
    devices: Some(&["null", "zero", "full", "random", "urandom", "tty"]),
};

impl Files for Machine {
    fn resolve(&self, path: &str) -> io::Result<Option<PathBuf>> {
        let link = self.links.iter().find(|(link, _)| *link == path);
        Ok((!self.absent.contains(&path)).then(|| link.map_or(path, |(_, target)| target).into()))
    }

    fn names(&self, _: &Path) -> io::Result<Vec<String>> {
        Ok(self.names.iter().map(|name| (*name).to_owned()).collect())
    }

    fn devices(&self) -> io::Result<Vec<PathBuf>> {
        let devices = self.devices.ok_or(io::ErrorKind::PermissionDenied)?;
        Ok(devices.iter().map(PathBuf::from).collect())
    }
}

fn findings(machine: &Machine, status: &str, mountinfo: &str) -> Vec<Finding> {
    let surroundings = Surroundings {
        status: ProcessStatus::from_read(status.as_bytes()).map_err(|error| error.to_string()),
        mounts: match MountInfos::from_read(mountinfo.as_bytes()) {
            Ok(mounts) => Ok(Mounts::new(mounts)),
            Err(error) => Err(error.to_string()),
        },
        files: Box::new(machine.clone()),
    };
    surroundings.findings()
}

/// Returns the result for one setting that depends on the mounts only.
fn of(setting: Setting, machine: &Machine, mountinfo: &str) -> (Status, String) {
    let findings = findings(machine, captured!("six.status"), mountinfo);
    let finding = findings.into_iter().find(|finding| finding.setting() == setting).unwrap();
    (finding.status(), finding.evidence().to_owned())
}

#[track_caller]
fn assert_is(setting: Setting, machine: &Machine, mountinfo: &str, answer: Status, evidence: &str) {
    assert_eq!(of(setting, machine, mountinfo), (answer, evidence.to_owned()));
}

fn lines(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(Finding::to_string).collect()
}

#[test]
fn the_guide_s_six_are_in_force_under_the_guide_s_unit() {
    let found = findings(&DEBIAN, captured!("six.status"), captured!("six.mountinfo"));
    let private = "systemd-private-24b9d3d76917410cbdc80610fbd198eb-run-u13.service";
    assert_eq!(
        lines(&found),
        [
            format!(
                "PrivateTmp=true: yes, /tmp is /{private}-GBQyBT/tmp; \
                 /var/tmp is /var/tmp/{private}-sn2lYQ/tmp"
            ),
            "ProtectHome=true: yes, /home is inaccessible; /root is inaccessible; \
             /run/user is inaccessible"
                .to_owned(),
            "ProtectSystem=full: yes, /usr is read-only; /boot is read-only; /etc is read-only"
                .to_owned(),
            "PrivateDevices=true: yes, /dev is a tmpfs that has pseudo devices only".to_owned(),
            "NoNewPrivileges=true: yes, NoNewPrivs is 1 in /proc/self/status".to_owned(),
            "CapabilityBoundingSet=~CAP_SYS_ADMIN: yes, CAP_SYS_ADMIN is not in the bounding set"
                .to_owned(),
        ]
    );
}

#[test]
fn none_is_in_force_without_a_sandbox() {
    for (status, mountinfo) in [
        (captured!("control.status"), captured!("control.mountinfo")),
        (captured!("control.status"), captured!("host.mountinfo")),
    ] {
        for finding in findings(&DEBIAN, status, mountinfo) {
            assert_eq!(finding.status(), No, "{finding}");
        }
    }
}

#[test]
fn each_setting_alone_is_found_alone() {
    let all = [PrivateTmp, ProtectHome, ProtectSystem, PrivateDevices];
    for (mountinfo, in_force) in [
        (captured!("private_tmp.mountinfo"), &[PrivateTmp][..]),
        (captured!("home_yes.mountinfo"), &[ProtectHome]),
        (captured!("home_ro.mountinfo"), &[]),
        (captured!("system_yes.mountinfo"), &[]),
        (captured!("system_full.mountinfo"), &[ProtectSystem]),
        (captured!("system_strict.mountinfo"), &[ProtectSystem]),
        (captured!("devices.mountinfo"), &[PrivateDevices]),
        (captured!("dynamic.mountinfo"), &[PrivateTmp, ProtectSystem]),
    ] {
        // The nodes are those of a container. Its own /dev, which has the tunnel, is not private.
        let private = in_force.contains(&PrivateDevices);
        let tunnel = ["null", "net/tun"].as_slice();
        let machine =
            Machine { devices: if private { DEBIAN.devices } else { Some(tunnel) }, ..DEBIAN };
        for setting in all {
            let expected = if in_force.contains(&setting) { Yes } else { No };
            let (answer, evidence) = of(setting, &machine, mountinfo);
            assert_eq!(answer, expected, "{in_force:?}, {setting}: {evidence}");
        }
    }
}

#[test]
fn a_chroot_hides_the_relevant_mounts() {
    for setting in [PrivateTmp, ProtectHome, ProtectSystem] {
        let (answer, evidence) = of(setting, &DEBIAN, captured!("chroot.mountinfo"));
        assert_eq!(answer, Unknown, "{setting}");
        assert!(evidence.starts_with("mountinfo has no root"), "{evidence}");
    }
}

#[test]
fn the_result_is_unknown_without_proc_or_with_unreadable_files() {
    let texts = [
        ("", ""),
        ("not a status", "not a mount"),
        (captured!("control.status"), "\u{0}"),
        ("Name:\t\u{fffd}", captured!("host.mountinfo")),
    ];
    for (status, mountinfo) in texts {
        for finding in findings(&DEBIAN, status, mountinfo) {
            let readable = match finding.setting() {
                Setting::NoNewPrivileges | Setting::CapabilityBoundingSet => status,
                PrivateDevices => "",
                _ => mountinfo,
            };
            let expected = if readable.len() > 100 { No } else { Unknown };
            assert_eq!(finding.status(), expected, "{finding}");
        }
    }
}

#[test]
fn an_old_kernel_does_not_report_the_setting() {
    let old: String = captured!("six.status")
        .lines()
        .filter(|line| !line.starts_with("NoNewPrivs") && !line.starts_with("CapBnd"))
        .flat_map(|line| [line, "\n"])
        .collect();
    let found = lines(&findings(&DEBIAN, &old, captured!("six.mountinfo")));
    assert_eq!(
        found[3..],
        [
            "PrivateDevices=true: unknown, /proc/self/status has no CapBnd",
            "NoNewPrivileges=true: unknown, /proc/self/status has no NoNewPrivs",
            "CapabilityBoundingSet=~CAP_SYS_ADMIN: unknown, /proc/self/status has no CapBnd",
        ]
    );
}

#[test]
fn mounts_in_a_ring_end() {
    let ring =
        "1 0 8:1 / / rw - ext4 x rw\n2 1 8:1 / / rw - ext4 x rw\n1 2 8:1 / / rw - ext4 x rw\n";
    let (answer, _) = of(ProtectSystem, &DEBIAN, ring);
    assert_ne!(answer, Yes);
}

#[test]
fn this_process_gets_the_six_results_in_the_guide_s_order() {
    let found = super::sandbox();
    let settings: Vec<Setting> = found.iter().map(Finding::setting).collect();
    assert_eq!(settings, Setting::ALL);
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let expected = if status.contains("NoNewPrivs:\t1") { Yes } else { No };
    assert_eq!(found[4].status(), expected);
    for finding in found {
        assert!(!finding.evidence().is_empty() && !finding.evidence().contains('\n'), "{finding}");
    }
}
