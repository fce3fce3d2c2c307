//! Hosts that others wrote take the simulated device for a real one: idevicebackup2 and its sisters of libimobiledevice,
//! and pymobiledevice3. `tests/conformance/peers device` installs them; without them these tests say so and pass.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

mod support;

use std::path::Path;
use std::time::Duration;

use corer_simulated_device::{Content, Course, Cut, Faults, Passcode, Person, Running, Setup, Simulator, Stage, Trust};
use support::{Answer, PASSWORD, Peer, UDID, assert_same, content, have_peers, tool};

fn start(setup: Setup) -> Running {
    Simulator::start(Setup { stands_still: true, ..setup }).unwrap()
}

/// The latest backup, which broke no rule but what is known of the peer.
#[track_caller]
fn graded(device: &Running) -> Course {
    let violations = device.log().violations();
    assert!(violations.is_empty(), "{violations:?}");
    device.log().courses().pop().unwrap()
}

fn change(device: &Running) {
    let mut phone = device.phone();
    phone.files.write("HomeDomain", "Documents/new.txt", "new");
    phone.files.write("HomeDomain", "Documents/empty.txt", "");
    phone.files.write("HomeDomain", "Library/SpringBoard/IconState.plist", "changed");
    assert!(phone.files.delete("AppDomain-org.example.tidewatch", "Documents/.hidden"));
}

#[test]
fn the_device_is_found_by_every_spelling_of_the_address() {
    if !have_peers() {
        return;
    }
    let device = start(Setup { has_wifi: true, ..Setup::default() });
    let found = Answer::of(tool("idevice_id", &device).arg("-l")).succeeds();
    assert_eq!(found.words.trim(), UDID);
    let by_port = Answer::of(tool("idevice_id", &device).arg("-l").env("USBMUXD_SOCKET_ADDRESS", device.address()));
    assert_eq!(by_port.succeeds().words.trim(), UDID);
    device.unplug();
    assert!(!Answer::of(tool("idevice_id", &device).arg("-l")).words.contains(UDID));
    device.plug();
    let values = Answer::of(&mut tool("ideviceinfo", &device)).succeeds().words;
    for line in ["ProductType: iPhone15,2", "ProductVersion: 18.1", "DeviceName: Mira\u{2019}s iPhone"] {
        assert!(values.contains(line), "{values}");
    }
    let battery = Answer::of(tool("ideviceinfo", &device).args(["-q", "com.apple.mobile.battery"])).succeeds();
    assert!(battery.words.contains("BatteryCurrentCapacity: 81"), "{battery:?}");
    assert!(device.log().violations().is_empty());
}

#[test]
fn a_host_pairs_when_the_person_says_so() {
    if !have_peers() {
        return;
    }
    let person = Person { trust: Trust::After(1), ..Person::default() };
    let device = start(Setup { is_paired: false, person, ..Setup::default() });
    let first = Answer::of(tool("idevicepair", &device).arg("pair")).fails();
    assert!(first.words.contains("trust dialog"), "{first:?}");
    Answer::of(tool("idevicepair", &device).arg("pair")).succeeds();
    Answer::of(tool("idevicepair", &device).arg("validate")).succeeds();
    let values = Answer::of(&mut tool("ideviceinfo", &device)).succeeds();
    // Only in a session.
    assert!(values.words.contains("PhoneNumber"), "{values:?}");
    assert!(device.log().violations().is_empty(), "{:?}", device.log().violations());
    device.phone().person.trust = Trust::Never;
    Answer::of(tool("idevicepair", &device).arg("unpair")).succeeds();
    let refused = Answer::of(tool("idevicepair", &device).arg("pair")).fails();
    assert!(refused.words.contains("denied"), "{refused:?}");
}

/// Full, then changes, then incremental; and an incremental backup is the same as a full one of the same state.
fn full_and_incremental(peer: Peer, password: Option<&str>) {
    let work = tempfile::tempdir().unwrap();
    let (grown, fresh) = (work.path().join("grown"), work.path().join("fresh"));
    let device = start(Setup { password: password.map(str::to_owned), ..Setup::default() });
    peer.backup(&device, &grown, true).succeeds();
    let full = graded(&device);
    assert!(full.is_full && full.had_sync_lock && full.had_escrow_bag && full.had_info_plist && full.said_goodbye);
    assert!(full.files > 40, "{full:?}");
    assert_eq!(full.ended, Some(0));
    assert!(!grown.join(UDID).join("Snapshot").exists());

    change(&device);
    peer.backup(&device, &grown, false).succeeds();
    let incremental = graded(&device);
    assert!(!incremental.is_full);
    assert_eq!(incremental.files, 3, "{incremental:?}");

    peer.backup(&device, &fresh, true).succeeds();
    assert!(graded(&device).is_full);
    assert_same(&content(&grown), &content(&fresh));
}

#[test]
fn idevicebackup2_backs_up() {
    if have_peers() {
        full_and_incremental(Peer::Idevicebackup2, None);
        full_and_incremental(Peer::Idevicebackup2, Some(PASSWORD));
    }
}

#[test]
fn pymobiledevice3_backs_up() {
    if have_peers() {
        full_and_incremental(Peer::Pymobiledevice3, None);
        full_and_incremental(Peer::Pymobiledevice3, Some(PASSWORD));
    }
}

#[test]
fn both_peers_write_the_same_bytes() {
    if !have_peers() {
        return;
    }
    let work = tempfile::tempdir().unwrap();
    let device = start(Setup { password: Some(PASSWORD.into()), ..Setup::default() });
    let folders = Peer::ALL.map(|peer| {
        let folder = work.path().join(format!("{peer:?}"));
        peer.backup(&device, &folder, true).succeeds();
        content(&folder)
    });
    assert_same(&folders[0], &folders[1]);
}

#[test]
fn passwords_are_set_and_taken_away() {
    if !have_peers() {
        return;
    }
    let work = tempfile::tempdir().unwrap();
    for peer in Peer::ALL {
        let device = start(Setup { content: Content::Equal { files: 3, bytes: 100 }, ..Setup::default() });
        peer.backup(&device, work.path(), true).succeeds();
        peer.encryption(&device, true, PASSWORD, work.path()).succeeds();
        assert_eq!(device.phone().password(), Some(PASSWORD));
        peer.backup(&device, work.path(), false).succeeds();
        assert!(graded(&device).is_full, "a new keybag means a full backup");
        peer.encryption(&device, false, "wrong", work.path()).fails();
        assert_eq!(device.phone().password(), Some(PASSWORD));
        peer.encryption(&device, false, PASSWORD, work.path()).succeeds();
        assert_eq!(device.phone().password(), None);
    }
}

#[test]
fn a_cut_backup_is_made_anew() {
    if !have_peers() {
        return;
    }
    let work = tempfile::tempdir().unwrap();
    for (peer, cut) in [
        (Peer::Idevicebackup2, Cut::Bytes(100_000)),
        (Peer::Pymobiledevice3, Cut::Files(7)),
        (Peer::Pymobiledevice3, Cut::Stage(Stage::Uploading)),
    ] {
        let folder = work.path().join(format!("{peer:?} {cut:?}"));
        let faults = Faults { cut: Some(cut), ..Faults::default() };
        let device = start(Setup { faults, ..Setup::default() });
        peer.backup(&device, &folder, true).fails();
        assert_eq!(device.log().courses().pop().unwrap().ended, None);
        device.plug();
        peer.backup(&device, &folder, true).succeeds();
        assert_eq!(graded(&device).ended, Some(0));
    }
}

#[test]
fn the_device_says_what_is_wrong() {
    if !have_peers() {
        return;
    }
    let work = tempfile::tempdir().unwrap();
    let peer = Peer::Pymobiledevice3;
    let device = start(Setup::default());
    let ends_with = |code: i64| {
        let answer = peer.backup(&device, work.path(), true);
        assert_eq!(device.log().courses().pop().unwrap().ended, Some(code), "{answer:?}");
        assert!(answer.words.contains(&format!("MBErrorDomain/{code}")), "{answer:?}");
    };
    device.phone().faults.needs_space = 1 << 60;
    ends_with(105);
    device.phone().person.passcode = Passcode::Refused(Duration::from_millis(50));
    ends_with(208);
    device.phone().person.passcode = Passcode::After(Duration::from_millis(50));
    device.phone().faults.unreadable.insert(("HomeDomain".into(), "Library/SMS/sms.db".into()));
    device.phone().faults.unreadable_is_fatal = true;
    ends_with(104);
}

#[test]
fn a_busy_lock_is_waited_for() {
    if !have_peers() {
        return;
    }
    let work = tempfile::tempdir().unwrap();
    let device = start(Setup { faults: Faults { busy_lock: 2, ..Faults::default() }, ..Setup::default() });
    Peer::Idevicebackup2.backup(&device, work.path(), true).succeeds();
    assert!(graded(&device).had_sync_lock);
    assert_eq!(device.phone().faults.busy_lock, 0);
}

#[test]
fn a_locked_phone_lets_in_who_has_the_escrow_bag() {
    if !have_peers() {
        return;
    }
    let work = tempfile::tempdir().unwrap();
    let person = Person { is_locked: true, ..Person::default() };
    let device = start(Setup { person, ..Setup::default() });
    Peer::Idevicebackup2.backup(&device, work.path(), true).succeeds();
    assert!(graded(&device).had_escrow_bag);
    assert!(Path::new(&work.path().join(UDID).join("Manifest.db")).exists());
}
