//! Tests for the mounts on `/tmp` and `/var/tmp`.

use super::*;

const SETTING: Setting = PrivateTmp;
const ONE: Machine = Machine { links: &[("/var/tmp", "/tmp")], ..DEBIAN };

#[test]
fn a_tmpfs_of_the_machine_is_recognised_by_its_content() {
    let services = &["x", "systemd-private-0-systemd-logind.service-0WaZtk"];
    assert_is(
        SETTING,
        &Machine { names: services, ..ONE },
        captured!("host.mountinfo"),
        No,
        "/tmp is a tmpfs that services share, with systemd-private-0-systemd-logind.service-0WaZtk",
    );
    let may = "/tmp is a tmpfs that others may share";
    assert_is(SETTING, &ONE, captured!("host.mountinfo"), Unknown, may);
    assert_is(SETTING, &ONE, captured!("temporary.mountinfo"), Unknown, may);
    assert_is(SETTING, &ONE, captured!("docker_read_only.mountinfo"), Unknown, may);
}

#[test]
fn a_tmpfs_that_came_from_outside_is_shared_with_it() {
    let elsewhere = "/tmp is a tmpfs that is mounted elsewhere too";
    assert_is(SETTING, &ONE, captured!("home_yes.mountinfo"), No, elsewhere);
}

#[test]
fn both_directories_count() {
    let directory = "/var/tmp is a directory of the mount at /";
    assert_is(SETTING, &DEBIAN, captured!("temporary.mountinfo"), No, directory);
    let one = captured!("private_tmp.mountinfo").replace(" /var/tmp ", " /var/elsewhere ");
    assert_is(SETTING, &DEBIAN, &one, No, directory);
}

#[test]
fn a_disconnected_one_is_private() {
    let halves = "/tmp and /var/tmp are the two halves of a tmpfs made for them";
    let mountinfo = captured!("disconnected.mountinfo");
    assert_is(SETTING, &DEBIAN, mountinfo, Yes, halves);
    let two = mountinfo.replace("0:57 /var-tmp", "0:58 /var-tmp");
    assert_eq!(of(SETTING, &DEBIAN, &two).0, Unknown);
}

#[test]
fn a_removed_directory_is_still_private() {
    let mountinfo = captured!("private_tmp.mountinfo").replace("/tmp /tmp ", "/tmp//deleted /tmp ");
    assert!(mountinfo.contains("//deleted"));
    assert_eq!(of(SETTING, &DEBIAN, &mountinfo).0, Yes);
}

#[test]
fn an_empty_directory_replaces_one_that_could_not_be_made() {
    let mountinfo = captured!("private_tmp.mountinfo");
    let empty: String = mountinfo
        .lines()
        .map(|line| match line.split_once("/systemd-private-") {
            Some((head, _)) => {
                let id = head.split(' ').next().unwrap();
                let (parent, at) = if id == "343" { ("310", "/tmp") } else { ("309", "/var/tmp") };
                format!(
                    "{id} {parent} 0:47 /systemd/empty {at} ro,nosuid shared:9 - tmpfs tmpfs rw\n"
                )
            }
            None => format!("{line}\n"),
        })
        .collect();
    let evidence = "/tmp is systemd's empty directory; /var/tmp is systemd's empty directory";
    assert_is(SETTING, &DEBIAN, &empty, Yes, evidence);
    assert_eq!(of(SETTING, &DEBIAN, &empty.replace(" ro,nosuid", " rw,nosuid")).0, Unknown);
}

#[test]
fn a_directory_of_that_name_elsewhere_does_not_count() {
    let volume = "41 27 254:1 /srv/systemd-private-x/tmp/deeper /tmp rw - ext4 /dev/vda1 rw\n";
    let mountinfo: String = captured!("host.mountinfo")
        .lines()
        .filter(|line| !line.contains(" /tmp "))
        .flat_map(|line| [line, "\n"])
        .chain([volume])
        .collect();
    let evidence = "/tmp is the ext4 directory /srv/systemd-private-x/tmp/deeper";
    assert_is(SETTING, &ONE, &mountinfo, No, evidence);
}
