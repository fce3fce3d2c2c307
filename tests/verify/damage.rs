//! What `corer verify` and `corer files get` say of damage, tried in every place.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::support::{Corer, PASSWORD};
use corer::backup::LockedBackup;
use corer::backup::bytes::ReadAt;
use corer::backup::tree::{Child, FileTree, Folder};
use corer::backup::verify::{BackupPart, Level, Verification, Watch, verify};
use sample_backups::crypto::{hex, sha1};
use sample_backups::{BackupBuilder, Digest, Era};
use tempfile::TempDir;

fn check(backup: &Path, level: Level) -> Verification {
    let locked = LockedBackup::open(Arc::new(Folder::new(backup))).unwrap();
    let backup = locked.unlock(PASSWORD.as_bytes()).unwrap();
    verify(&backup, locked.facts(), level, &Watch { advance: &|_| (), is_interrupted: &|| false })
}

fn payload(backup: &Path, domain: &str, path: &str) -> PathBuf {
    let name = hex(&sha1(format!("{domain}-{path}").as_bytes()));
    backup.join(&name[..2]).join(name)
}

fn begun(seed: &str) -> (TempDir, BackupBuilder) {
    (tempfile::tempdir().unwrap(), BackupBuilder::new(Era::Ios18, seed))
}

/// What a damage does to an encrypted payload, and whether it must be told: `None` where chance decides (one of 256
/// damaged blocks looks like an end).
type Damage = (String, Vec<u8>, Option<bool>);

fn damages(stored: &[u8], size: usize) -> Vec<Damage> {
    let blocks = stored.len() / 16;
    let mut damages = Vec::new();
    for block in 0..blocks {
        // The block before the last changes the last one, too.
        let told = if block + 2 >= blocks { None } else { Some(false) };
        let mut zeroed = stored.to_vec();
        zeroed[block * 16..block * 16 + 16].fill(0);
        damages.push((format!("block {block} zeroed"), zeroed, told));
        let mut flipped = stored.to_vec();
        flipped[block * 16..block * 16 + 16].iter_mut().for_each(|byte| *byte ^= 0x5A);
        damages.push((format!("block {block} flipped"), flipped, told));
    }
    let mut end = stored.to_vec();
    let start = end.len() - 8;
    end[start..].fill(0xEE);
    damages.push(("the last 8 bytes overwritten".to_owned(), end, None));
    damages.push(("all zeroed".to_owned(), vec![0; stored.len()], None));
    for cut in 1..=16 {
        // Nothing is lost with a block of padding alone, nor of an empty file.
        let is_padding = cut == 16 && size.is_multiple_of(16);
        damages.push((format!("{cut} cut"), stored[..stored.len() - cut].to_vec(), Some(!is_padding)));
        let extended = [stored, &vec![0; cut]].concat();
        damages.push((format!("{cut} more"), extended, if cut == 16 { None } else { Some(true) }));
    }
    damages
}

#[test]
fn every_damaged_end_of_an_encrypted_payload_is_told() {
    let sizes: Vec<usize> = (0..=64).chain([255, 256, 257, 4095, 4096, 4097]).collect();
    let (folder, mut builder) = begun("ends of payloads");
    builder.encrypt(PASSWORD, Some(1));
    let content = |size: usize| (0..size).map(|at| b'a' + (at * 7 % 26) as u8).collect::<Vec<u8>>();
    let longest = sizes.iter().map(|size| size / 16 * 2 + 40).max().unwrap();
    for size in &sizes {
        for number in 0..(size / 16 + 1) * 2 + 34 {
            builder.file("HomeDomain", &format!("{size}/{number}"), content(*size));
        }
    }
    let backup = folder.path().join("backup");
    builder.write(&backup).unwrap();
    assert!(check(&backup, Level::Full).is_complete(), "before");
    let mut expected: BTreeMap<String, Option<bool>> = BTreeMap::new();
    let mut plain = BTreeMap::new();
    for size in &sizes {
        for number in 0..longest {
            let path = format!("{size}/{number}");
            let place = payload(&backup, "HomeDomain", &path);
            let Ok(stored) = std::fs::read(&place) else { break };
            let (what, bytes, told) = damages(&stored, *size).swap_remove(number);
            plain.insert(path.clone(), (what, bytes.len() / 16 * 16));
            std::fs::write(place, bytes).unwrap();
            expected.insert(path, told);
        }
    }
    let found = check(&backup, Level::Full);
    let damaged: Vec<&String> = found
        .damage
        .iter()
        .map(|finding| match &finding.part {
            BackupPart::File { path, .. } => path,
            other => panic!("{other:?}"),
        })
        .collect();
    let (mut by_chance, mut untold) = (0, 0);
    for (path, told) in &expected {
        let is_told = damaged.contains(&path);
        match told {
            Some(told) => assert_eq!(is_told, *told, "{path}: {}", plain[path].0),
            None => {
                by_chance += 1;
                untold += usize::from(!is_told);
            }
        }
    }
    assert!(expected.len() > 4000 && by_chance > 400, "{} tried, {by_chance} by chance", expected.len());
    assert!(untold * 64 < by_chance, "{untold} of {by_chance} look like an end");
    takes_out_every_byte(folder.path(), &backup, &damaged, &plain);
}

/// `files get` writes what there is, and ends with 3.
fn takes_out_every_byte(folder: &Path, backup: &Path, damaged: &[&String], plain: &BTreeMap<String, (String, usize)>) {
    let out = folder.join("out");
    let args = ["files", "get", "-b", backup.to_str().unwrap(), "-o", out.to_str().unwrap()];
    Corer::new().unlock(&args).ends_with(3);
    let report: serde_json::Value = serde_json::from_slice(&std::fs::read(out.join("report.json")).unwrap()).unwrap();
    let skipped = report["kinds"][0]["skipped"].as_array().unwrap().len();
    assert_eq!(skipped, damaged.len());
    for path in damaged {
        let written = std::fs::metadata(out.join("HomeDomain").join(path)).unwrap().len() as usize;
        assert_eq!(written, plain[*path].1, "{path}: {}", plain[*path].0);
    }
}

#[test]
fn a_payload_without_padding_is_whole_where_its_size_or_its_pages_say_so() {
    let (folder, mut builder) = begun("unpadded");
    builder.encrypt(PASSWORD, Some(1));
    let database = sample_backups::database::build("CREATE TABLE t(x)", |connection| {
        connection.execute_batch("INSERT INTO t VALUES (randomblob(9000)), (randomblob(100))")?;
        Ok(())
    })
    .unwrap();
    let mut broken = database.clone();
    let last_page = broken.len() - 4000;
    broken[last_page..last_page + 600].fill(0xFF);
    let unpadded = sample_backups::StoredForm::Unpadded;
    let mut file = |path: &str, bytes: &[u8], size: i64| {
        let stored = unpadded.clone();
        builder.odd_file("HomeDomain", path, bytes, |record| {
            record.stored = stored;
            record.size = Some(size);
        });
    };
    file("exact", &[b'x'; 64], 64);
    file("longer", &[b'x'; 64], 48);
    file("odd size", &[b'x'; 64], 57);
    file("live.db", &database, 512);
    file("broken.db", &broken, 512);
    file("longer.db", &[&database[..], &[b'x'; 64]].concat(), 512);
    let backup = folder.path().join("backup");
    builder.write(&backup).unwrap();
    let found = check(&backup, Level::Full);
    let items = |list: &[corer::backup::verify::Finding]| list.iter().map(|one| one.item.clone()).collect::<Vec<_>>();
    assert_eq!(items(&found.notes), ["HomeDomain/exact", "HomeDomain/live.db"], "{found:#?}");
    let damaged = ["broken.db", "longer", "longer.db", "odd size"].map(|name| format!("HomeDomain/{name}"));
    assert_eq!(items(&found.damage), damaged, "{found:#?}");
}

/// A backup of files with digests, plain, and what is done to their content afterwards.
fn with_digests(files: &[(&str, &[u8], Digest)], change: &[(&str, &[u8])]) -> (TempDir, Verification) {
    let (folder, mut builder) = begun("digests");
    for (path, bytes, digest) in files {
        builder.odd_file("AppDomain-a", path, *bytes, |record| record.digest = *digest);
    }
    let backup = folder.path().join("backup");
    builder.write(&backup).unwrap();
    for (path, bytes) in change {
        std::fs::write(payload(&backup, "AppDomain-a", path), bytes).unwrap();
    }
    let found = check(&backup, Level::Full);
    (folder, found)
}

#[test]
fn digests_are_never_put_to_a_vote() {
    use Digest::{Odd, Sha1, Sha256, Wrong};
    let junk: &[u8] = b"no form at all";
    let spoilt: &[u8] = b"XX form at all";
    let json: &[u8] = b"{\"a\": [1, 2, 3]}";
    let damaged = |found: &Verification| (found.damage.len(), found.unchecked.len(), found.notes.len());

    // One that fits is enough, however many do not.
    let names: Vec<String> = (0..40).map(|number| format!("{number:02}")).collect();
    let files: Vec<(&str, &[u8], Digest)> = names.iter().map(|name| (name.as_str(), junk, Sha1)).collect();
    let spoilt_ones: Vec<(&str, &[u8])> = names.iter().skip(1).map(|name| (name.as_str(), spoilt)).collect();
    assert_eq!(damaged(&with_digests(&files, &spoilt_ones).1), (39, 0, 0));
    // None fits, and nothing can be parsed: not checked, and not complete.
    let (_folder, found) = with_digests(&files[..1], &[("00", spoilt)]);
    assert_eq!(damaged(&found), (0, 1, 0));
    assert!(!found.is_complete());
    // An empty file fits any kind, and shows none.
    assert_eq!(damaged(&with_digests(&[("a", b"", Sha1), ("b", junk, Wrong)], &[]).1), (0, 1, 0));
    // None fits, and a file is in order: the kind is unknown.
    let (_folder, found) = with_digests(&[("a", json, Wrong), ("b", junk, Wrong)], &[]);
    assert_eq!(damaged(&found), (0, 0, 1));
    assert!(found.notes[0].why().contains("unknown kind"), "{found:?}");
    // None fits, and files are damaged otherwise: each counts once.
    let (_folder, found) =
        with_digests(&[("a", junk, Sha1), ("b", junk, Sha1)], &[("a", &junk[..5]), ("b", &junk[..6])]);
    assert_eq!(damaged(&found), (2, 0, 0));
    assert_eq!(found.damage[0].reasons.len(), 2, "the length and the digest: {found:?}");
    // Each algorithm stands for itself.
    let mixed: [(&str, &[u8], Digest); 4] =
        [("a", junk, Sha256), ("b", junk, Sha256), ("c", json, Wrong), ("d", json, Wrong)];
    assert_eq!(damaged(&with_digests(&mixed, &[("a", spoilt)]).1), (1, 0, 1));
    // Of a length that allows no comparison, whatever the files hold.
    let (_folder, found) = with_digests(&[("a", json, Odd), ("b", junk, Odd)], &[]);
    assert_eq!(damaged(&found), (0, 0, 1));
    assert!(found.notes[0].why().contains("2 are of an unknown kind"), "{found:?}");
    assert_eq!(damaged(&with_digests(&[("b", junk, Odd)], &[]).1), (0, 0, 1));
}

#[test]
fn a_backup_that_was_not_finished_is_damaged_at_every_level() {
    for name in ["interrupted", "interrupted-moving", "interrupted-first"] {
        for level in [&["--quick"][..], &[], &["--deep"]] {
            let answer =
                Corer::new().run(&[&["verify", "--json", "-b", &crate::support::sample(name)], level].concat());
            let json = answer.ends_with(5).json();
            let items: Vec<_> =
                json["damage"].as_array().unwrap().iter().map(|one| one["item"].as_str().unwrap()).collect();
            assert!(items.contains(&"Status.plist"), "{name} {level:?}: {json}");
        }
    }
}

#[test]
#[cfg(target_os = "linux")]
fn without_file_handles_nothing_is_damaged_and_nothing_is_whole() {
    let corer = Corer::new();
    let backup = crate::support::sample("ios18");
    let program = env!("CARGO_BIN_EXE_corer");
    let mut codes = Vec::new();
    for handles in 4..12 {
        for level in ["--quick", "-v", "--deep"] {
            let line = format!("ulimit -n {handles}; exec '{program}' verify {level} -j1 --no-input -b '{backup}'");
            let mut command = std::process::Command::new("sh");
            let output = command.args(["-c", &line]).env("HOME", corer.home.path()).output().unwrap();
            codes.push(output.status.code().unwrap_or(-1));
            assert_ne!(codes.last(), Some(&5), "{handles} {level}: {}", String::from_utf8_lossy(&output.stdout));
        }
    }
    assert!(codes.contains(&3), "{codes:?}");
}

/// A folder of which the system does not give one file.
struct Withheld {
    folder: Folder,
    name: String,
    code: i32,
}

impl Withheld {
    fn check(&self, path: &str) -> std::io::Result<()> {
        match path.ends_with(&self.name) {
            true => Err(std::io::Error::from_raw_os_error(self.code)),
            false => Ok(()),
        }
    }
}

impl FileTree for Withheld {
    fn open(&self, path: &str) -> std::io::Result<Arc<dyn ReadAt>> {
        self.check(path)?;
        self.folder.open(path)
    }

    fn size_of(&self, path: &str) -> Option<u64> {
        self.check(path).ok().and_then(|()| self.folder.size_of(path))
    }

    fn look_for(&self, path: &str) -> std::io::Result<Option<u64>> {
        self.check(path)?;
        self.folder.look_for(path)
    }

    fn list(&self, folder: &str) -> std::io::Result<Vec<Child>> {
        self.folder.list(folder)
    }

    fn location(&self) -> &Path {
        self.folder.location()
    }
}

#[test]
#[cfg(target_os = "linux")]
fn what_the_system_withholds_is_not_checked_and_what_the_disk_lost_is_damaged() {
    let backup = crate::support::sample("ios18");
    let payload = hex(&sha1(b"HomeDomain-Library/SMS/sms.db"));
    let (denied, no_handles, none_left, no_memory, stale, input_output) = (13, 24, 23, 12, 116, 5);
    for name in [payload.as_str(), "Info.plist", "Status.plist"] {
        for code in [denied, no_handles, none_left, no_memory, stale, input_output] {
            for level in [Level::Quick, Level::Full, Level::Deep] {
                let tree = Withheld { folder: Folder::new(&backup), name: name.to_owned(), code };
                let locked = LockedBackup::open(Arc::new(tree)).unwrap();
                let opened = locked.open_plain().unwrap();
                let watch = Watch { advance: &|_| (), is_interrupted: &|| false };
                let found = verify(&opened, locked.facts(), level, &watch);
                let is_lost = code == input_output;
                // Nothing depends on the facts about the device.
                let damage = usize::from(is_lost && name != "Info.plist");
                let counts = (found.damage.len(), found.unchecked.len());
                assert_eq!(counts, (damage, usize::from(!is_lost)), "{name} {code} {level:?}: {found:#?}");
            }
        }
    }
}

/// The cases from outside of the repository: what ends how, at the default level.
#[test]
fn cases_that_were_taken_for_whole_are_not() {
    for (case, code, count) in [
        ("open-enc-payload-zeroed", 5, 1),
        ("open-enc-payload-last-block-damaged", 5, 1),
        ("open-manifest-index-damaged", 5, 1),
        ("open-digest-majority-damaged", 3, 0),
        ("open-one-file-counted-twice", 5, 1),
    ] {
        let Some(case) = crate::support::shared(&format!("../cases/{case}")) else { return };
        let mut folders = std::fs::read_dir(case).unwrap().map(|entry| entry.unwrap().path());
        let backup = folders.find(|path| path.is_dir()).unwrap();
        let run = |args: &[&str]| {
            let args = [args, &["-b", backup.to_str().unwrap()]].concat();
            crate::support::Answer::of(Corer::new().command(&args).env("CORER_PASSWORD", "secret"))
        };
        let json = run(&["verify", "--json"]).ends_with(code).json();
        assert_eq!(json["damage"].as_array().unwrap().len(), count, "{json}");
        assert_eq!(json["whole"], false);
        if backup.join("Manifest.db").exists() && json["damage"][0]["kind"] == "manifest" {
            run(&["verify", "--quick"]).ends_with(5);
            run(&["verify", "--deep"]).ends_with(5);
        }
        if json["damage"][0]["kind"] == "file" {
            let out = tempfile::tempdir().unwrap();
            let is_length = !json["damage"][0]["why"].as_str().unwrap().starts_with("its content");
            run(&["files", "get", "-o", out.path().join("out").to_str().unwrap()]).ends_with(if is_length {
                3
            } else {
                0
            });
        }
    }
}
