//! Tests for the read-only directories of the system.

use super::*;

const SETTING: Setting = ProtectSystem;

#[test]
fn yes_leaves_etc_writable() {
    let evidence = "/etc is on the mount at /, which is writable";
    assert_is(SETTING, &DEBIAN, captured!("system_yes.mountinfo"), No, evidence);
}

#[test]
fn boot_and_efi_count_where_they_exist() {
    let mountinfo = captured!("system_full.mountinfo");
    let efi = Machine { absent: &[], ..DEBIAN };
    let evidence = "/efi is on the mount at /, which is writable";
    assert_is(SETTING, &efi, mountinfo, No, evidence);
    let bare = Machine { absent: &["/boot", "/efi"], ..DEBIAN };
    assert_is(SETTING, &bare, mountinfo, Yes, "/usr is read-only; /etc is read-only");
}

#[test]
fn a_writable_mount_below_leaves_it_open() {
    let below = "/etc is read-only, but the mount at /etc/systemd is writable";
    assert_is(SETTING, &DEBIAN, captured!("exception.mountinfo"), Unknown, below);
    let below = "/etc is read-only, but the mount at /etc/resolv.conf is writable";
    assert_is(SETTING, &DEBIAN, captured!("docker_read_only.mountinfo"), Unknown, below);
}

#[test]
fn a_mount_under_another_does_not_count() {
    let over = "900 309 0:40 /etc /etc rw - overlay overlay rw\n\
                901 900 0:40 /etc /etc ro - overlay overlay rw\n";
    let mountinfo = captured!("control.mountinfo").replace("100 80 ", "309 80 ") + over;
    let etc = Machine { absent: &["/usr", "/boot", "/efi"], ..DEBIAN };
    assert_is(SETTING, &etc, &mountinfo, Yes, "/etc is read-only");
}

#[test]
fn a_read_only_file_system_is_read_only_however_it_is_mounted() {
    let mountinfo = "1 0 8:1 / / rw,relatime - squashfs /dev/sda1 ro\n";
    let evidence = "/usr is read-only; /boot is read-only; /etc is read-only";
    assert_is(SETTING, &DEBIAN, mountinfo, Yes, evidence);
}

/// `boot.automount`, as systemd creates it for an EFI partition.
/// `ProtectSystem=` skips it.
#[test]
fn an_automount_has_an_unknown_target() {
    let root = "1 0 8:1 / / ro,relatime - ext4 /dev/sda1 rw\n";
    let automount = "2 1 0:30 / /boot rw,relatime - autofs systemd-1 rw,fd=60\n";
    let evidence = "/boot is an automount, whose target is unknown";
    let mountinfo = format!("{root}{automount}");
    assert_is(SETTING, &DEBIAN, &mountinfo, Unknown, evidence);
    let mounted = format!("{mountinfo}3 2 8:2 / /boot ro,relatime - vfat /dev/sda2 rw\n");
    let evidence = "/usr is read-only; /boot is read-only; /etc is read-only";
    assert_is(SETTING, &DEBIAN, &mounted, Yes, evidence);
}
