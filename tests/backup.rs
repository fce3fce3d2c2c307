//! `corer backup` on a simulated phone: complete, incremental, encrypted; and with everything that goes wrong.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

#[path = "support/phone.rs"]
mod phone;
mod support;

use std::fs;
use std::time::Duration;

use corer_simulated_device::{Content, Cut, Faults, Hostile, Passcode, Person, Setup, Stage};
use phone::{Desk, UDID, payloads};
use support::{Answer, PASSWORD};

fn encrypted() -> Setup {
    Setup { password: Some(PASSWORD.into()), ..Setup::default() }
}

/// A phone whose first backup is made.
fn backed_up(setup: Setup) -> Desk {
    let desk = Desk::new(setup);
    desk.back_up(&[]).ends_with(0);
    desk
}

#[test]
fn a_first_backup_is_whole_and_for_the_owner_alone() {
    let desk = Desk::new(Setup::default());
    let json = desk.back_up(&["--json"]).ends_with(0).json();
    assert_eq!((json["made"].as_bool(), json["full"].as_bool()), (Some(true), Some(true)));
    desk.verify().ends_with(0);
    assert!(desk.strangers().is_empty());
    let course = desk.phone.log().courses().pop().unwrap();
    assert!(course.had_sync_lock && course.had_escrow_bag && course.said_goodbye);
    assert!(desk.phone.log().violations().is_empty(), "{:?}", desk.phone.log().violations());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(desk.backup()).unwrap().permissions().mode() & 0o777, 0o700);
    }
    let info = desk.corer.run(&["info", "--json", "-b", desk.backup().to_str().unwrap()]).ends_with(0).json();
    assert_eq!((info["udid"].as_str(), info["device"].as_str()), (Some(UDID), Some("Mira’s iPhone")));
}

#[test]
fn a_second_backup_takes_what_changed() {
    let desk = backed_up(encrypted());
    {
        let mut phone = desk.phone.phone();
        phone.files.write("HomeDomain", "Documents/new.txt", "new");
        phone.files.write("HomeDomain", "Library/SMS/Drafts/changed", "one");
    }
    desk.back_up(&[]).ends_with(0);
    {
        let mut phone = desk.phone.phone();
        phone.files.write("HomeDomain", "Library/SMS/Drafts/changed", "two");
        assert!(phone.files.delete("HomeDomain", "Documents/new.txt"));
    }
    let json = desk.back_up(&["--json"]).ends_with(0).json();
    assert_eq!(json["full"], false);
    assert_eq!(desk.cat("HomeDomain/Library/SMS/Drafts/changed"), "two");
    assert_eq!(desk.cat("HomeDomain/Documents/new.txt"), "");
    desk.verify().ends_with(0);
    // The same as a full backup of the same state.
    let other = tempfile::tempdir().unwrap();
    desk.run(&["backup", "--to", other.path().to_str().unwrap()]).ends_with(0);
    let names = |folder| payloads(folder).into_keys().collect::<Vec<_>>();
    assert_eq!(names(&desk.backup()), names(&other.path().join(UDID)));
}

#[test]
fn backup_and_messages_in_one_breath() {
    let desk = Desk::new(encrypted());
    Answer::of(&mut desk.command(&["backup"])).ends_with(0);
    let out = desk.backups.path().join("out");
    desk.corer.unlock(&["messages", "-o", out.to_str().unwrap()]).ends_with(0);
    assert!(out.join("index.html").is_file());
    let list = desk.corer.run(&["list", "--json"]).ends_with(0).json();
    assert_eq!(list["backups"][0]["udid"], UDID);
}

#[test]
fn a_young_backup_is_enough() {
    let desk = backed_up(Setup::default());
    let json = desk.back_up(&["--if-older-than", "7d", "--json"]).ends_with(0).json();
    assert_eq!(json["made"], false);
    desk.back_up(&["--if-older-than", "0h"]).ends_with(0);
    let status = desk.run(&["schedule", "status", "--json"]).json();
    let outcomes: Vec<_> = status["runs"].as_array().unwrap().iter().map(|run| run["outcome"].clone()).collect();
    assert_eq!(outcomes, ["made", "not_due", "made"]);
}

#[test]
fn a_missed_run_says_why() {
    let desk = Desk::new(Setup::default());
    desk.phone.unplug();
    desk.back_up(&[]).ends_with(10);
    let status = desk.run(&["schedule", "status"]).ends_with(0).stdout;
    assert!(status.contains("missed: No device is connected"), "{status}");
}

#[test]
fn the_passcode_is_waited_for() {
    let person = Person { passcode: Passcode::After(Duration::from_millis(600)), ..Person::default() };
    let desk = Desk::new(Setup { person, ..Setup::default() });
    let done = desk.back_up(&[]).ends_with(0);
    assert!(done.stderr.contains("Type the passcode on Mira’s iPhone now"), "{}", done.stderr);
    desk.phone.phone().person.passcode = Passcode::Refused(Duration::from_millis(100));
    let refused = desk.back_up(&[]).ends_with(13);
    assert!(refused.stderr.contains("passcode"), "{}", refused.stderr);
    desk.verify().ends_with(0);
}

#[test]
fn a_locked_phone_is_backed_up_with_the_escrow_bag() {
    let person = Person { is_locked: true, ..Person::default() };
    let desk = Desk::new(Setup { person, ..Setup::default() });
    desk.back_up(&[]).ends_with(0);
    desk.verify().ends_with(0);
}

#[test]
fn another_program_is_waited_for_and_then_respected() {
    let desk = Desk::new(Setup { faults: Faults { busy_lock: 3, ..Faults::default() }, ..Setup::default() });
    desk.back_up(&[]).ends_with(0);
    desk.phone.phone().faults.busy_lock = 1_000;
    assert!(desk.back_up(&[]).ends_with(11).stderr.contains("Finder"));
}

#[test]
fn what_the_phone_cannot_read_is_named() {
    let unreadable = [("HomeDomain".to_owned(), "Documents/odd".to_owned())];
    let desk = Desk::new(Setup::default());
    desk.phone.phone().files.write("HomeDomain", "Documents/odd", vec![7; 200_000]);
    desk.phone.phone().faults.unreadable = unreadable.into();
    let done = desk.back_up(&[]).ends_with(3);
    assert!(done.stderr.contains("could not read 1 file"), "{}", done.stderr);
}

#[test]
fn what_every_phone_keeps_to_itself_is_no_gap() {
    let (domain, path) = ("HomeDomain", "Library/Application Support/FileProvider/backup/backup_manifest.db");
    let desk = Desk::new(Setup::default());
    desk.phone.phone().files.write(domain, path, vec![7; 20_000]);
    desk.phone.phone().faults.unreadable = [(domain.to_owned(), path.to_owned())].into();
    let done = desk.back_up(&["--json"]).ends_with(0);
    assert_eq!(done.json()["refused"][0]["usual"], true);
    assert!(!done.stderr.contains("could not read"), "{}", done.stderr);
}

/// The earlier backup and what came of a run that went wrong.
fn goes_wrong(faults: Faults, code: i32) -> (Desk, Answer) {
    let desk = backed_up(encrypted());
    let before = support::picture(&desk.backup());
    desk.phone.phone().files.write("HomeDomain", "Documents/new.txt", vec![1; 300_000]);
    desk.phone.phone().faults = faults;
    let answer = desk.back_up(&[]).ends_with(code);
    assert!(support::picture(&desk.backup()) == before, "the earlier backup changed: {answer:?}");
    (desk, answer)
}

#[test]
fn a_cable_that_is_pulled_at_any_stage_leaves_the_earlier_backup() {
    let stages = Stage::ALL.map(Cut::Stage);
    for cut in stages.into_iter().chain([Cut::Bytes(100_000), Cut::Files(1), Cut::Message(2)]) {
        let comes_back = Some(Duration::from_millis(10));
        let (desk, answer) = goes_wrong(Faults { cut: Some(cut), comes_back, ..Faults::default() }, 1);
        assert!(answer.stderr.contains("broke off"), "{cut:?}: {}", answer.stderr);
        std::thread::sleep(Duration::from_millis(50));
        desk.back_up(&[]).ends_with(0);
        desk.verify().ends_with(0);
    }
}

#[test]
fn errors_of_the_phone_have_words_and_codes() {
    for (number, code) in [(104, 13), (100, 1), (208, 13), (3, 13), (105, 14), (102, 13), (77, 1)] {
        let fails = Some((Stage::Moving, number, "So it is".to_owned()));
        let (_, answer) = goes_wrong(Faults { fails, ..Faults::default() }, code);
        assert!(answer.stderr.contains(&format!("({number})")), "{}", answer.stderr);
    }
}

#[test]
fn lists_that_the_phone_cannot_read_are_made_anew() {
    for number in [11, 103, 205] {
        let desk = backed_up(encrypted());
        desk.phone.phone().faults.fails = Some((Stage::Moving, number, "So it is".to_owned()));
        let answer = desk.back_up(&["--json"]).ends_with(0);
        assert!(answer.stderr.contains(&format!("error {number}")), "{answer:?}");
        assert_eq!(answer.json()["full"], true);
        desk.phone.phone().faults.fails = None;
        desk.verify().ends_with(0);
    }
}

#[test]
fn no_room_is_said_and_costs_nothing() {
    let (_, answer) = goes_wrong(Faults { needs_space: 1 << 60, ..Faults::default() }, 14);
    assert!(answer.stderr.contains("room"), "{}", answer.stderr);
}

#[test]
fn a_payload_that_went_missing_means_a_full_backup() {
    for setup in [Setup::default(), encrypted()] {
        let desk = backed_up(setup);
        let payload = desk.backup().join("3d/3d0d7e5fb2ce288813306e4d4636395e047a3d28");
        fs::remove_file(&payload).unwrap();
        let again = desk.back_up(&["--json"]).ends_with(0);
        assert!(again.stderr.contains("not whole"), "{}", again.stderr);
        assert_eq!(again.json()["full"], true);
        assert!(payload.is_file());
        desk.verify().ends_with(0);
    }
}

/// What can be wrong with a list of files.
const HURTS: [fn(Vec<u8>) -> Vec<u8>; 6] = [
    |_| Vec::new(),
    |_| b"no database at all".to_vec(),
    |bytes| bytes[..bytes.len() / 2 + 8].to_vec(),
    |bytes| bytes.iter().map(|byte| byte ^ 0x5a).collect(),
    |bytes| [&bytes[..16], &vec![0xee; bytes.len() - 16]].concat(),
    |bytes| bytes[..bytes.len() / 2 / 4096 * 4096].to_vec(),
];

#[test]
fn a_damaged_list_of_files_means_a_full_backup() {
    for (setup, is_locked) in [(Setup::default as fn() -> Setup, false), (encrypted as fn() -> Setup, true)] {
        for (number, hurt) in HURTS.into_iter().enumerate() {
            for forgets in [false, true] {
                let desk = backed_up(setup());
                let manifest = desk.backup().join("Manifest.db");
                fs::write(&manifest, hurt(fs::read(&manifest).unwrap())).unwrap();
                if forgets {
                    let _ = fs::remove_file(desk.backups.path().join(format!(".corer-{UDID}/inventory.json")));
                }
                let again = desk.back_up(&["--json"]);
                assert_eq!(again.code, 0, "{number} {is_locked}: {again:?}");
                assert!(again.stderr.contains("this one takes everything"), "{number} {is_locked}: {again:?}");
                assert_eq!(again.json()["full"], true, "{number} {is_locked}");
                desk.verify().ends_with(0);
                let next = desk.back_up(&["--json"]).ends_with(0);
                assert_eq!(next.json()["full"], false, "{number} {is_locked}");
            }
        }
    }
}

#[test]
fn a_damaged_index_of_the_list_means_a_full_backup() {
    let desk = backed_up(Setup::default());
    let manifest = desk.backup().join("Manifest.db");
    let page: i64 = {
        let database = rusqlite::Connection::open(&manifest).unwrap();
        let indexes = "SELECT max(rootpage) FROM sqlite_master WHERE type = 'index'";
        database.query_row(indexes, [], |row| row.get(0)).unwrap()
    };
    let mut bytes = fs::read(&manifest).unwrap();
    let size = usize::from(u16::from_be_bytes([bytes[16], bytes[17]]));
    let start = (usize::try_from(page).unwrap() - 1) * size;
    bytes[start + size - 64..start + size].fill(b'x');
    fs::write(&manifest, bytes).unwrap();
    let again = desk.back_up(&["--json"]).ends_with(0);
    assert!(again.stderr.contains("this one takes everything"), "{again:?}");
    assert_eq!(again.json()["full"], true);
}

#[test]
fn the_earlier_backup_with_a_damaged_list_stays_until_the_new_one_is_whole() {
    let desk = backed_up(encrypted());
    let manifest = desk.backup().join("Manifest.db");
    fs::write(&manifest, "damaged").unwrap();
    let before = support::picture(&desk.backup());
    desk.phone.phone().faults =
        Faults { cut: Some(Cut::Files(1)), comes_back: Some(Duration::from_millis(10)), ..Faults::default() };
    desk.back_up(&[]).ends_with(1);
    assert!(support::picture(&desk.backup()) == before);
}

#[test]
fn leftovers_of_other_programs_do_not_poison_the_next_backup() {
    let desk = backed_up(encrypted());
    fs::create_dir_all(desk.backup().join("Snapshot/ab")).unwrap();
    fs::write(desk.backup().join("Snapshot/ab/x"), "x").unwrap();
    desk.back_up(&[]).ends_with(0);
    assert!(!desk.backup().join("Snapshot").exists());
    fs::write(desk.backup().join("Manifest.plist"), "").unwrap();
    let mended = desk.back_up(&[]).ends_with(0);
    assert!(mended.stderr.contains("Manifest.plist"), "{}", mended.stderr);
    desk.verify().ends_with(0);
}

#[test]
fn a_hostile_phone_reaches_nothing_outside() {
    let desk = backed_up(encrypted());
    let outside = ["../evil", "/tmp/corer-test-evil", &format!("{UDID}/../evil"), &format!("{UDID}/ab/../../../evil")]
        .map(str::to_owned);
    let paths = outside.iter().flat_map(|path| {
        let path = path.clone();
        [
            Hostile::Upload(path.clone()),
            Hostile::Create(path.clone()),
            Hostile::MoveTo(path.clone()),
            Hostile::MoveFrom(path.clone()),
            Hostile::CopyFrom(path.clone()),
            Hostile::CopyTo(path.clone()),
            Hostile::Remove(path.clone()),
            Hostile::Download(path.clone()),
            Hostile::List(path),
        ]
    });
    for hostile in paths {
        desk.phone.phone().faults.hostile = Some(hostile.clone());
        let answer = desk.back_up(&[]);
        assert!(matches!(answer.code, 0 | 1), "{hostile:?}: {answer:?}");
        let course = desk.phone.log().courses().pop().unwrap();
        assert!(course.answers.iter().any(|answer| answer.code != 0), "{hostile:?} was obeyed: {course:?}");
        assert!(desk.strangers().is_empty(), "{hostile:?}");
        assert!(!fs::exists("/tmp/corer-test-evil").unwrap(), "{hostile:?}");
    }
    desk.verify().ends_with(0);
}

#[test]
fn a_phone_that_talks_nonsense_ends_the_run_and_nothing_else() {
    let desk = backed_up(encrypted());
    let before = support::picture(&desk.backup());
    let nonsense = [
        Hostile::HugeBlock,
        Hostile::HugeName,
        Hostile::HugeMessage,
        Hostile::WrongLength,
        Hostile::Garbage,
        Hostile::Deep,
        Hostile::Bomb,
        Hostile::NoMessage,
        Hostile::EndsInsideFile,
    ];
    for hostile in nonsense {
        desk.phone.phone().faults.hostile = Some(hostile.clone());
        let answer = desk.back_up(&[]);
        assert_eq!(answer.code, 1, "{hostile:?}: {answer:?}");
        assert!(!answer.stderr.contains("mistake in corer"), "{hostile:?}: {answer:?}");
        assert!(support::picture(&desk.backup()) == before, "{hostile:?}");
        // Some of these phones pull their own cable.
        desk.phone.plug();
    }
    for hostile in [Hostile::UnknownMessage, Hostile::WrongParts, Hostile::EndlessFiles(2_000)] {
        desk.phone.phone().faults.hostile = Some(hostile.clone());
        let answer = desk.back_up(&[]);
        assert!(matches!(answer.code, 0 | 1), "{hostile:?}: {answer:?}");
    }
    desk.back_up(&[]).ends_with(0);
    desk.verify().ends_with(0);
}

#[test]
fn one_run_at_a_time() {
    let faults = Faults { rest: Duration::from_millis(60), ..Faults::default() };
    let desk = Desk::new(Setup { faults, content: Content::Life, ..Setup::default() });
    std::thread::scope(|scope| {
        let first = scope.spawn(|| desk.back_up(&[]));
        std::thread::sleep(Duration::from_millis(400));
        let second = desk.back_up(&[]);
        assert!(matches!(second.code, 0 | 11), "{second:?}");
        first.join().unwrap().ends_with(0);
    });
    desk.verify().ends_with(0);
}

#[cfg(unix)]
#[test]
fn the_first_ctrl_c_is_answered_at_once() {
    use std::io::{BufRead, BufReader, Read};
    use std::process::{Command, Stdio};
    let faults = Faults { rest: Duration::from_millis(60), ..Faults::default() };
    let desk = Desk::new(Setup { faults, content: Content::Life, ..Setup::default() });
    let own = desk.command(&["backup", "--to", desk.root()]);
    let mut command = Command::new(own.get_program());
    command.args(own.get_args()).env("HOME", desk.corer.home.path()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.env("USBMUXD_SOCKET_ADDRESS", desk.phone.address()).spawn().unwrap();
    let mut said = BufReader::new(child.stderr.take().unwrap());
    let mut text = String::new();
    while !text.contains("takes everything") {
        assert!(said.read_line(&mut text).unwrap() > 0, "{text}");
    }
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    said.read_to_string(&mut text).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130), "{text}");
    assert!(text.contains("press Ctrl-C again"), "{text}");
    assert!(!desk.backup().exists());
}

#[cfg(unix)]
#[test]
fn a_limit_of_sizes_costs_nothing_of_the_earlier_backup() {
    let desk = Desk::new(Setup::default());
    let answer = support::limited(&desk.command(&["backup", "--to", desk.root()]), 64).ends_with(14);
    assert!(answer.stderr.contains("ulimit -f"), "{answer:?}");
    assert!(!desk.backup().exists());
    desk.back_up(&[]).ends_with(0);
    let before = support::picture(&desk.backup());
    desk.phone.phone().files.write("HomeDomain", "Documents/new.txt", vec![1; 300_000]);
    support::limited(&desk.command(&["backup", "--to", desk.root()]), 64).ends_with(14);
    assert!(support::picture(&desk.backup()) == before);
}
