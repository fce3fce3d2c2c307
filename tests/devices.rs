//! The commands for connected devices, on a simulated phone: devices, pair, encryption, ready, schedule.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

#[path = "support/phone.rs"]
mod phone;
mod support;

use std::time::Duration;

use corer_simulated_device::{Faults, Passcode, Person, Setup, Trust};
use phone::{Desk, UDID};
use support::{Answer, Corer, PASSWORD};

#[test]
fn devices_are_listed_with_what_they_say() {
    let desk = Desk::new(Setup { has_wifi: true, password: Some(PASSWORD.into()), ..Setup::default() });
    let table = desk.run(&["devices"]).ends_with(0).stdout;
    assert!(table.contains("iPhone15,2") && table.contains("USB") && table.contains("Wi-Fi"), "{table}");
    let json = desk.run(&["devices", "--json"]).ends_with(0).json();
    assert_eq!(json["devices"].as_array().unwrap().len(), 2);
    let device = &json["devices"][0];
    assert_eq!((device["udid"].as_str(), device["connection"].as_str()), (Some(UDID), Some("USB")));
    assert_eq!((device["paired"].as_bool(), device["encrypted"].as_bool()), (Some(true), Some(true)));
    assert!(device["battery"].as_i64().is_some() && device["used"].as_u64().is_some());
}

#[test]
fn the_daemon_is_found_in_every_spelling_and_its_absence_is_said() {
    let desk = Desk::new(Setup::default());
    let socket = desk.phone.socket().to_str().unwrap().to_owned();
    for address in [desk.phone.address(), socket.clone(), format!("UNIX:{socket}")] {
        Answer::of(desk.command(&["devices"]).env("USBMUXD_SOCKET_ADDRESS", address)).ends_with(0);
    }
    let absent = Answer::of(desk.command(&["devices"]).env("USBMUXD_SOCKET_ADDRESS", "/nowhere/usbmuxd")).ends_with(10);
    assert!(absent.stderr.contains("/nowhere/usbmuxd"), "{}", absent.stderr);
    desk.phone.unplug();
    desk.run(&["devices"]).ends_with(10);
    assert!(desk.run(&["backup"]).ends_with(10).stderr.contains("No device is connected"));
}

#[test]
fn a_device_is_named_in_several_ways() {
    let desk = Desk::new(Setup::default());
    for name in [UDID, "0000812000", "mira's iphone"] {
        desk.run(&["encryption", "status", "-d", name]).ends_with(0);
    }
    assert!(desk.run(&["encryption", "status", "-d", "Anna"]).ends_with(10).stderr.contains("Anna"));
}

#[test]
fn pairing_waits_for_the_tap() {
    let person = Person { trust: Trust::After(2), ..Person::default() };
    let desk = Desk::new(Setup { is_paired: false, person, ..Setup::default() });
    assert!(desk.run(&["backup", "--to", desk.root()]).ends_with(13).stderr.contains("corer pair"));
    assert_eq!(desk.run(&["devices", "--json"]).json()["devices"][0]["paired"], false);
    let paired = desk.run(&["pair", "--json"]).ends_with(0);
    assert!(paired.stderr.contains("Tap \"Trust\""), "{}", paired.stderr);
    assert_eq!(paired.json()["new"], true);
    assert_eq!(desk.run(&["pair", "--json"]).ends_with(0).json()["new"], false);
    desk.run(&["encryption", "status"]).ends_with(0);
}

#[test]
fn a_refusal_is_final_and_a_locked_phone_is_waited_for() {
    let refusing = Person { trust: Trust::Never, ..Person::default() };
    let desk = Desk::new(Setup { is_paired: false, person: refusing, ..Setup::default() });
    assert!(desk.run(&["pair"]).ends_with(13).stderr.contains("Don't Trust"));
    let locked = Person { trust: Trust::LockedFor(1), ..Person::default() };
    let desk = Desk::new(Setup { is_paired: false, person: locked, ..Setup::default() });
    assert!(desk.run(&["pair"]).ends_with(0).stderr.contains("Unlock the device"));
}

#[test]
fn a_record_goes_to_another_computer() {
    let desk = Desk::new(Setup::default());
    let file = desk.backups.path().join("record.plist");
    let path = file.to_str().unwrap();
    desk.run(&["pair", "--export", path]).ends_with(0);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    desk.run(&["pair", "--import", path, "--udid", UDID]).ends_with(0);
    desk.run(&["encryption", "status"]).ends_with(0);
    desk.run(&["pair", "--import", path, "--udid", "../../x"]).ends_with(2);
    std::fs::write(&file, "nonsense").unwrap();
    desk.run(&["pair", "--import", path, "--udid", UDID]).ends_with(15);
}

#[test]
fn encryption_goes_on_changes_and_goes_off() {
    let desk = Desk::new(Setup::default());
    let new = |args: &[&str], new: &str| Answer::of(desk.command(args).env("CORER_NEW_PASSWORD", new));
    assert_eq!(desk.run(&["encryption", "status", "--json"]).ends_with(0).json()["encrypted"], false);
    desk.run(&["encryption", "on"]).ends_with(12);
    new(&["encryption", "on"], "erst").ends_with(0);
    assert_eq!(desk.phone.phone().password(), Some("erst"));
    new(&["encryption", "on"], "again").ends_with(1);
    let with = |args: &[&str], old: &str, new: &str| {
        Answer::of(desk.command(args).env("CORER_PASSWORD", old).env("CORER_NEW_PASSWORD", new))
    };
    with(&["encryption", "change"], "wrong", "zweit").ends_with(12);
    assert_eq!(desk.phone.phone().password(), Some("erst"));
    with(&["encryption", "change"], "erst", "zweit").ends_with(0);
    assert_eq!(desk.phone.phone().password(), Some("zweit"));
    with(&["encryption", "off"], "erst", "").ends_with(12);
    with(&["encryption", "off"], "zweit", "").ends_with(0);
    assert_eq!(desk.phone.phone().password(), None);
}

#[test]
fn a_change_that_nobody_confirms_needs_a_person() {
    let person = Person { password_change: Passcode::Refused(Duration::from_millis(50)), ..Person::default() };
    let desk = Desk::new(Setup { person, ..Setup::default() });
    Answer::of(desk.command(&["encryption", "on"]).env("CORER_NEW_PASSWORD", "x")).ends_with(13);
    assert!(!desk.phone.phone().will_encrypt());
}

#[test]
fn ready_says_what_to_do() {
    let desk = Desk::new(Setup::default());
    let ready = desk.run(&["ready", "--to", desk.root()]).ends_with(0).stdout;
    for line in
        ["reachable", "paired", "unlocked", "battery", "room", "corer encryption on", "alone", "iCloud", "photos"]
    {
        assert!(ready.contains(line), "{line} in {ready}");
    }
    desk.phone.phone().person.is_locked = true;
    let json = desk.run(&["ready", "--json", "--to", desk.root()]).ends_with(13).json();
    let check = |name: &str| json["checks"].as_array().unwrap().iter().find(|check| check["check"] == name).cloned();
    assert_eq!(check("unlocked").unwrap()["verdict"], "bad");
    assert_eq!(json["ready"], false);
    desk.phone.phone().person.is_locked = false;
    desk.phone.phone().faults.busy_lock = 1;
    desk.run(&["ready", "--to", desk.root()]).ends_with(11);
}

#[test]
fn a_schedule_is_shown_before_it_is_installed() {
    let corer = Corer::new();
    let plan = corer.run(&["schedule", "install", "--at", "7:30", "--to", "/backups", "--dry-run"]).ends_with(0).stdout;
    assert!(plan.contains("--if-older-than") && plan.contains("7d"), "{plan}");
    corer.run(&["schedule", "install", "--at", "half past seven"]).ends_with(2);
    let status = corer.run(&["schedule", "status", "--json"]).ends_with(0);
    assert_eq!(status.json()["installed"], false);
    assert!(status.stderr.contains("passcode"));
    corer.run(&["schedule", "remove"]).ends_with(10);
}

#[test]
fn a_stranger_that_speaks_in_clear_gets_nothing() {
    let faults = Faults { speaks_in_clear: true, ..Faults::default() };
    let desk = Desk::new(Setup { faults, ..Setup::default() });
    for command in [&["backup", "--to", desk.root()][..], &["encryption", "status"]] {
        assert!(desk.run(command).ends_with(1).stderr.contains("unencrypted"));
    }
    assert!(!desk.phone.log().entries().iter().any(|entry| entry.to_string().contains("StartService")));
}

/// systemd's own check of the units that `--dry-run` shows, where it is at hand.
#[cfg(target_os = "linux")]
#[test]
fn systemd_takes_the_units() {
    use std::process::Command;
    if Command::new("systemd-analyze").arg("--version").output().is_err() {
        return;
    }
    let corer = Corer::new();
    let folder = "/media/disk/a \"b\" $HOME 50 % \\x";
    let plan = corer.run(&["schedule", "install", "--to", folder, "--dry-run"]).ends_with(0).stdout;
    let units = tempfile::tempdir().unwrap();
    let mut files = Vec::new();
    for unit in plan.split("# ").skip(1) {
        let (name, text) = unit.split_once('\n').unwrap();
        let file = units.path().join(name.rsplit('/').next().unwrap());
        let text: Vec<&str> = text.lines().filter(|line| !line.starts_with("$ ")).collect();
        std::fs::write(&file, text.join("\n")).unwrap();
        files.push(file);
    }
    assert_eq!(files.len(), 2, "{plan}");
    let mut check = Command::new("systemd-analyze");
    check.args(["verify", "--user"]).args(&files).env("XDG_RUNTIME_DIR", units.path());
    let output = check.output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}
