//! `corer verify`.

use crate::support::{Corer, copy_of, sample, shared};
use rusqlite::Connection;
use sample_backups::{BackupBuilder, Era};

/// How `--quick`, the default and `--deep` end for a backup with one more file, and the finding of the last, with its list.
fn ends_with_file(is_encrypted: bool, domain: &str, path: &str, content: &[u8]) -> ([i32; 3], String) {
    let folder = tempfile::tempdir().unwrap();
    let backup = folder.path().join("backup");
    let mut builder = BackupBuilder::new(Era::Ios18, "one more file");
    if is_encrypted {
        builder.encrypt("mira-1961", Some(1));
    }
    builder.file(domain, path, content.to_vec());
    builder.write(&backup).unwrap();
    let corer = Corer::new();
    let verify =
        |level: &[&str]| corer.unlock(&[&["verify", "--json", "-b", backup.to_str().unwrap()], level].concat());
    let answers = [verify(&["--quick"]), verify(&[]), verify(&["--deep"])];
    let said = answers[2].json();
    let said = ["damage", "notes"].map(|list| format!("{list}: {}", said[list])).join("\n");
    (answers.map(|answer| answer.code), said)
}

/// Bytes that are nothing.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 7_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8 | 1
    };
    (0..length).map(|_| next()).collect()
}

#[test]
fn garbage_in_the_place_of_a_database_is_damage() {
    let garbage = [vec![0; 20_000], noise(8_192), b"no".to_vec()];
    let places = [
        ("HomeDomain", "Library/SMS/sms.db"),
        ("HomeDomain", "Library/AddressBook/AddressBook.sqlitedb"),
        ("HomeDomain", "Library/CallHistoryDB/CallHistory.storedata"),
        ("AppDomainGroup-group.com.apple.notes", "NoteStore.sqlite"),
        ("HomeDomain", "Library/Anything/Else.SQLITE"),
    ];
    for content in &garbage {
        for (domain, path) in places {
            let (codes, said) = ends_with_file(false, domain, path, content);
            assert_eq!(codes, [0, 5, 5], "{path} {said}");
            assert!(said.contains("it is no database") && said.contains(path), "{said}");
        }
        let (codes, said) = ends_with_file(true, places[0].0, places[0].1, content);
        assert_eq!(codes, [0, 5, 5], "{said}");
    }
}

#[test]
fn what_only_an_app_can_read_is_noted_and_an_empty_file_is_an_empty_database() {
    // Some apps encrypt their databases as a whole; none makes one of zeros.
    let app = ("AppDomain-org.example", "Documents/store.db");
    let (codes, said) = ends_with_file(false, app.0, app.1, &noise(4096));
    assert_eq!(codes, [0, 0, 0], "{said}");
    assert!(said.contains("damage: []") && said.contains("it is no database"), "{said}");
    assert_eq!(ends_with_file(false, app.0, app.1, &[0; 4096]).0, [0, 5, 5]);
    assert_eq!(ends_with_file(false, "HomeDomain", "Library/SMS/sms.db", b"").0, [0, 0, 0]);
    assert_eq!(ends_with_file(false, "HomeDomain", "Library/db", &noise(4096)).0, [0, 0, 0]);
}

#[test]
fn garbage_in_the_place_of_a_movie_is_damage() {
    for name in ["IMG_1.MOV", "IMG_1.MP4", "IMG_1.m4v"] {
        let path = format!("Media/DCIM/100APPLE/{name}");
        for content in [vec![0; 5000], noise(5000), b"no".to_vec()] {
            let (codes, said) = ends_with_file(false, "CameraRollDomain", &path, &content);
            assert_eq!(codes, [0, 0, 5], "{name} {said}");
            assert!(said.contains("it does not begin as a movie"), "{said}");
        }
        // Others' names may be wrong.
        let other = [b"\x1a\x45\xdf\xa3".to_vec(), noise(500)].concat();
        assert_eq!(ends_with_file(false, "CameraRollDomain", &path, &other).0, [0, 0, 0]);
        assert_eq!(ends_with_file(false, "AppDomain-org.example", &path, &[0; 5000]).0, [0, 0, 0]);
    }
}

/// Changes one byte in the middle of the largest payload.
fn flip_a_byte(backup: &std::path::Path) -> std::path::PathBuf {
    let payloads = crate::support::picture(backup).into_iter().filter_map(|(path, (bytes, _))| Some((path, bytes?)));
    let (path, mut bytes) = payloads
        .filter(|(path, _)| path.file_name().unwrap().len() == 40)
        .max_by_key(|(_, bytes)| bytes.len())
        .unwrap();
    bytes.pop();
    let path = backup.join(path);
    std::fs::write(&path, bytes).unwrap();
    path
}

#[test]
fn every_whole_sample_is_whole_at_every_level() {
    let corer = Corer::new();
    for name in ["ios5", "ios9", "ios9-encrypted", "ios10.1-encrypted", "ios18"] {
        for level in [&["--quick"][..], &[], &["--deep"]] {
            let answer = corer.unlock(&[&["verify", "-b", &sample(name)], level].concat());
            assert_eq!(answer.code, 0, "{name} {level:?}: {answer:?}");
        }
    }
}

#[test]
fn a_cut_payload_is_found_and_said_in_peoples_things() {
    let corer = Corer::new();
    for name in ["ios9-encrypted", "ios10.1-encrypted"] {
        let copy = copy_of(&sample(name));
        flip_a_byte(copy.path());
        let answer = corer.unlock(&["verify", "-b", copy.path().to_str().unwrap()]).ends_with(5);
        assert!(answer.stdout.contains("What is hurt:"), "{answer:?}");
        let json = corer.unlock(&["verify", "-b", copy.path().to_str().unwrap(), "--json"]).ends_with(5).json();
        assert_eq!(json["whole"], false);
        assert_eq!(json["damage"].as_array().unwrap().len(), 1, "{json}");
    }
}

#[test]
fn the_deep_check_writes_checksums_of_plain_content() {
    let corer = Corer::new();
    let [sums, out] = ["SUMS", "out"].map(|name| corer.home.path().join(name));
    let backup = sample("ios10.1-encrypted");
    let args = ["verify", "-b", &backup, "--deep", "-o", sums.to_str().unwrap()];
    corer.unlock(&args).ends_with(0);
    corer.unlock(&args).ends_with(2);
    corer.unlock(&[&args[..], &["--overwrite"]].concat()).ends_with(0);
    let backup = sample("ios10.1-encrypted");
    corer.unlock(&["files", "get", "-b", &backup, "-o", out.to_str().unwrap(), "--checksums"]).ends_with(0);
    let lines = |path: &std::path::Path| std::fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect();
    let (verified, taken): (Vec<String>, Vec<String>) = (lines(&sums), lines(&out.join("SHA256SUMS")));
    assert!(verified.len() > 20);
    for line in &verified {
        assert!(taken.contains(line), "{line}");
    }
}

#[test]
fn a_damaged_real_backup_ends_with_5() {
    let Some(backup) = shared("manifest-ios14.3") else { return };
    let json = Corer::new().run(&["verify", "-b", &backup, "--json"]).ends_with(5).json();
    assert!(json["damage"].as_array().unwrap().len() >= 1079);
    assert_eq!(json["files"], 1089);
}

#[test]
fn an_unencrypted_backup_is_told_what_it_never_held() {
    let answer = Corer::new().run(&["verify", "--quick", "-b", &sample("ios18")]).ends_with(0);
    assert!(answer.stdout.contains("only in encrypted backups: ") && answer.stdout.contains("Health"), "{answer:?}");
}

#[test]
fn a_manifest_that_makes_no_sense_is_damage_for_verify_alone() {
    let corer = Corer::new();
    let copy = copy_of(&sample("ios18"));
    std::fs::write(copy.path().join("Manifest.db"), b"SQLite format 3\0 and nothing else").unwrap();
    let backup = copy.path().to_str().unwrap();
    assert_eq!(corer.run(&["verify", "-b", backup]).code, 5);
    assert_eq!(corer.run(&["files", "ls", "-b", backup]).code, 1);
}

/// The files of a database while a transaction is not finished, with the first page of the main one as `spoil` makes it.
fn torn(spoil: fn(&mut [u8])) -> (Vec<u8>, Vec<u8>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    let database = Connection::open(&path).unwrap();
    let rows = "PRAGMA page_size = 4096; PRAGMA journal_mode = DELETE; PRAGMA cache_size = 2; CREATE TABLE t (a);
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) INSERT INTO t SELECT hex(randomblob(40)) FROM n;
        BEGIN; UPDATE t SET a = a || 'x'; WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
        INSERT INTO t SELECT hex(randomblob(40)) FROM n;";
    database.execute_batch(rows).unwrap();
    let mut main = std::fs::read(&path).unwrap();
    let journal = std::fs::read(folder.path().join("x.db-journal")).unwrap();
    spoil(&mut main[..4096]);
    (main, journal)
}

/// How each level of `verify` ends for a backup of these files.
fn levels(files: &[(&str, &[u8])]) -> [(i32, String); 3] {
    let folder = tempfile::tempdir().unwrap();
    let backup = folder.path().join("backup");
    let mut builder = BackupBuilder::new(Era::Ios18, "journal");
    for (path, bytes) in files {
        builder.file("HomeDomain", path, bytes.to_vec());
    }
    builder.write(&backup).unwrap();
    let corer = Corer::new();
    [&["--quick"][..], &[], &["--deep"]].map(|level| {
        let answer = corer.run(&[&["verify", "--json", "-b", backup.to_str().unwrap()], level].concat());
        (answer.code, answer.stdout)
    })
}

#[test]
fn a_database_is_whole_together_with_its_journal() {
    for spoil in
        [|page: &mut [u8]| page.fill(0), |page: &mut [u8]| page[..100].fill(0x55), |page: &mut [u8]| page[20] ^= 1]
    {
        let (main, journal) = torn(spoil);
        for path in ["Library/SMS/sms.db", "Library/Other/x.sqlite"] {
            let beside = format!("{path}-journal");
            for (code, said) in levels(&[(path, &main), (&beside, &journal)]) {
                assert_eq!(code, 0, "{said}");
            }
        }
    }
    // Without it, or with one that restores nothing, what was there is lost.
    let (main, journal) = torn(|page| page.fill(0));
    let path = "Library/SMS/sms.db";
    let beside = format!("{path}-journal");
    assert_eq!(levels(&[(path, &main)]).map(|(code, _)| code), [0, 5, 5]);
    let codes = levels(&[(path, &main), (&beside, &vec![0; journal.len()])]).map(|(code, _)| code);
    assert_eq!(codes, [0, 5, 5]);
}

#[test]
fn what_status_does_not_say_is_noted_and_not_known() {
    let corer = Corer::new();
    for (gone, said, state) in [
        (&["SnapshotState"][..], "whether the backup was finished", "unknown"),
        (&["IsFullBackup"], "whether the last backup took everything anew", "finished"),
        (
            &["SnapshotState", "IsFullBackup", "Version", "BackupState", "Date"],
            "whether the backup was finished",
            "unknown",
        ),
    ] {
        let copy = copy_of(&sample("ios18"));
        let file = copy.path().join("Status.plist");
        let mut status = plist::Value::from_file(&file).unwrap();
        gone.iter().for_each(|key| assert!(status.as_dictionary_mut().unwrap().remove(key).is_some(), "{key}"));
        status.to_file_binary(&file).unwrap();
        let backup = copy.path().to_str().unwrap();
        for level in [&["--quick"][..], &[], &["--deep"]] {
            let json = corer.run(&[&["verify", "--json", "-b", backup], level].concat()).ends_with(0).json();
            assert!(json["notes"].to_string().contains(said), "{json}");
        }
        let list = corer.run(&["list", "--json", backup]).ends_with(0).json();
        assert_eq!(list["backups"][0]["state"], state);
        assert_eq!(corer.run(&["info", "--json", "-b", backup]).ends_with(0).json()["state"], state);
    }
}
