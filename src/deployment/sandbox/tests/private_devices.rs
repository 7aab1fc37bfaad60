//! Tests for the mount and the content of `/dev`.

use super::*;

const SETTING: Setting = PrivateDevices;

#[test]
fn the_devices_of_the_machine_are_not_private() {
    let devtmpfs = "/dev is the devtmpfs of the machine";
    assert_is(SETTING, &DEBIAN, captured!("host.mountinfo"), No, devtmpfs);
    let disk = Machine { devices: Some(&["null", "sda"]), ..DEBIAN };
    let mountinfo = captured!("devices.mountinfo");
    assert_is(SETTING, &disk, mountinfo, No, "/dev has the device sda");
    let bound = mountinfo.to_owned() + "901 358 0:5 /sdb /dev/sdb rw - devtmpfs udev rw\n";
    assert_is(SETTING, &DEBIAN, &bound, No, "/dev has the device sdb");
    let bound = mountinfo.to_owned() + "901 358 0:5 /null /dev/null rw - devtmpfs udev rw\n";
    assert_eq!(of(SETTING, &DEBIAN, &bound).0, Yes);
    let bound = mountinfo.to_owned() + "901 358 0:45 /sdc /dev/sdc rw - tmpfs tmpfs rw\n";
    let evidence = "a part of a tmpfs is mounted at /dev/sdc";
    assert_is(SETTING, &DEBIAN, &bound, Unknown, evidence);
}

#[test]
fn devices_that_can_be_created_are_not_private() {
    for (set, name) in [("f4ccbfff", "CAP_MKNOD"), ("f4cebfff", "CAP_SYS_RAWIO")] {
        let bit = if name == "CAP_MKNOD" { "fcccbfff" } else { set };
        let status = captured!("six.status").replace("f4ccbfff", bit);
        let found = findings(&DEBIAN, &status, captured!("six.mountinfo"));
        let expected = format!("PrivateDevices=true: no, {name} is in the bounding set");
        assert_eq!(lines(&found)[3], expected);
    }
}

#[test]
fn a_directory_that_cannot_be_listed_is_unknown() {
    let hidden = Machine { devices: None, ..DEBIAN };
    let evidence = "/dev cannot be listed: permission denied";
    assert_is(SETTING, &hidden, captured!("devices.mountinfo"), Unknown, evidence);
}

#[test]
fn a_directory_of_the_root_is_not_private() {
    let directory = "/dev is a directory of the mount at /";
    assert_is(SETTING, &DEBIAN, "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n", No, directory);
}
