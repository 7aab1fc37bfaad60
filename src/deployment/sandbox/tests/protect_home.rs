//! Tests for the mounts on the directories of users.

use super::*;

const SETTING: Setting = ProtectHome;

#[test]
fn a_tmpfs_may_hold_anything() {
    let evidence = "/home is a tmpfs with unknown content; /root is a tmpfs with unknown \
         content; /run/user is a tmpfs with unknown content";
    assert_is(SETTING, &DEBIAN, captured!("home_tmpfs.mountinfo"), Unknown, evidence);
}

#[test]
fn a_separate_mount_is_not_a_protection() {
    let homes = Machine { absent: &["/root", "/run/user"], ..DEBIAN };
    let volume = "/home is the ext4 directory /srv/homes";
    assert_is(SETTING, &homes, captured!("docker.mountinfo"), No, volume);
    assert_is(SETTING, &homes, captured!("host.mountinfo"), No, "/home is the ext4 directory /");
    let read_only = "/home is the overlay directory /home";
    assert_is(SETTING, &homes, captured!("home_ro.mountinfo"), No, read_only);
}

#[test]
fn one_accessible_directory_is_not_a_protection() {
    let mountinfo = captured!("home_yes.mountinfo").replace(" /root ", " /elsewhere ");
    assert_is(SETTING, &DEBIAN, &mountinfo, No, "/root is a directory of the mount at /");
}

#[test]
fn directories_that_do_not_exist_need_no_protection() {
    let home = Machine { absent: &["/root", "/run/user"], ..DEBIAN };
    let mountinfo = captured!("home_yes.mountinfo");
    assert_is(SETTING, &home, mountinfo, Yes, "/home is inaccessible");
    let nothing = Machine { absent: &["/home", "/root", "/run/user"], ..DEBIAN };
    let evidence = "there is no /home, no /root, no /run/user";
    assert_is(SETTING, &nothing, mountinfo, Unknown, evidence);
}

#[test]
fn a_link_is_followed_to_the_mount() {
    let linked = Machine { links: &[("/home", "/var/home of all")], ..DEBIAN };
    let mountinfo = captured!("home_yes.mountinfo");
    assert_eq!(of(SETTING, &linked, mountinfo).0, No);
    let mountinfo = mountinfo.replace(" /home ", r" /var/home\040of\040all ");
    assert_eq!(of(SETTING, &linked, &mountinfo).0, Yes);
}

#[test]
fn systemd_s_own_directory_counts_as_its_container_s() {
    let mountinfo = captured!("home_yes.mountinfo");
    let own = mountinfo.replace("/host/inaccessible", "/systemd/inaccessible");
    assert_eq!(of(SETTING, &DEBIAN, &own).0, Yes);
    let other = mountinfo.replace("/host/inaccessible", "/home/inaccessible");
    assert_eq!(of(SETTING, &DEBIAN, &other).0, Unknown);
}
