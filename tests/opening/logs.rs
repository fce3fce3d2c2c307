//! Rows of the last days lie in the write-ahead log of a database alone. A log that is listed and cannot be read is told,
//! whatever the database, whatever became of it, wherever it lies; the rows of the database itself still come out.
//!
//! What is right is known from what was done to the log, and from SQL.
#![cfg(unix)]

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::support::{Corer, PASSWORD, sample};
use corer::backup::locate::{Located, locate};
use corer_schemas::{EntryKind, Presence, Source};
use rusqlite::Connection;
use sample_backups::record::file_id;
use sample_backups::{BackupBuilder, Era, wal};
use zip::write::SimpleFileOptions;

/// A database of a kind, and how to take a row out of it.
struct Case {
    command: &'static str,
    domain: &'static str,
    path: &'static str,
    delete: &'static str,
    /// Whether the row counts among those found.
    counts: bool,
}

const CASES: &[Case] = &[
    Case {
        command: "messages",
        domain: "HomeDomain",
        path: "Library/SMS/sms.db",
        delete: "DELETE FROM message WHERE ROWID = (SELECT max(m.ROWID) FROM message m JOIN chat_message_join j
            ON j.message_id = m.ROWID WHERE m.associated_message_guid IS NULL AND m.text IS NOT NULL)",
        counts: true,
    },
    Case {
        command: "contacts",
        domain: "HomeDomain",
        path: "Library/AddressBook/AddressBook.sqlitedb",
        delete: "DELETE FROM ABPerson WHERE ROWID = (SELECT max(ROWID) FROM ABPerson)",
        counts: true,
    },
    Case {
        command: "contacts",
        domain: "HomeDomain",
        path: "Library/AddressBook/AddressBookImages.sqlitedb",
        delete: "DELETE FROM ABFullSizeImage; DELETE FROM ABThumbnailImage",
        counts: false,
    },
    Case {
        command: "calls",
        domain: "HomeDomain",
        path: "Library/CallHistoryDB/CallHistory.storedata",
        delete: "DELETE FROM ZCALLRECORD WHERE Z_PK = (SELECT max(Z_PK) FROM ZCALLRECORD)",
        counts: true,
    },
    Case {
        command: "voicemail",
        domain: "HomeDomain",
        path: "Library/Voicemail/voicemail.db",
        delete: "DELETE FROM voicemail WHERE ROWID = (SELECT max(ROWID) FROM voicemail)",
        // Its sound is still there, and found without it.
        counts: false,
    },
    Case {
        command: "photos",
        domain: "CameraRollDomain",
        path: "Media/PhotoData/Photos.sqlite",
        delete: "DELETE FROM ZASSET WHERE Z_PK = (SELECT max(Z_PK) FROM ZASSET)",
        counts: true,
    },
];

/// What became of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Whole,
    /// None of these is a loss.
    Empty,
    Stale,
    UncommittedTail,
    /// These are.
    Missing,
    Pipe,
    Link,
    Folder,
    CutInHeader,
    CutInFrame,
    Noise,
    MiddleDamaged,
    Forbidden,
}

const FATES: &[Fate] = &[
    Fate::Empty,
    Fate::Stale,
    Fate::UncommittedTail,
    Fate::Missing,
    Fate::Pipe,
    Fate::Link,
    Fate::Folder,
    Fate::CutInHeader,
    Fate::CutInFrame,
    Fate::Noise,
    Fate::MiddleDamaged,
    Fate::Forbidden,
];

impl Fate {
    fn is_loss(self) -> bool {
        !matches!(self, Self::Whole | Self::Empty | Self::Stale | Self::UncommittedTail)
    }

    fn keeps_all_rows(self) -> bool {
        matches!(self, Self::Whole | Self::UncommittedTail)
    }

    /// The bytes of the log, where bytes are what is wrong with it.
    fn bytes(self, log: &[u8]) -> Vec<u8> {
        let mut log = log.to_vec();
        match self {
            Self::Empty => log.clear(),
            Self::Stale => log = restarted(&log),
            // A frame of this round that was written and never made to count.
            Self::UncommittedTail => {
                let salts = log[16..24].to_vec();
                log.extend(
                    [&[0, 0, 0, 1, 0, 0, 0, 0], salts.as_slice(), &[0x11; 8], &vec![0x22; page_size(&log)]].concat(),
                );
            }
            Self::CutInHeader => log.truncate(17),
            Self::CutInFrame => log.truncate(32 + 24 + 100),
            Self::Noise => log.iter_mut().enumerate().for_each(|(at, byte)| *byte = (at * 31 % 251) as u8),
            Self::MiddleDamaged => log[32 + 24 + 9] ^= 0x40,
            _ => {}
        }
        log
    }
}

fn page_size(log: &[u8]) -> usize {
    u32::from_be_bytes(log[8..12].try_into().unwrap()) as usize
}

/// The log as it is when a new round was begun and nothing written in it yet: a sound header, whose first salt is one higher
/// and whose second is another.
fn restarted(log: &[u8]) -> Vec<u8> {
    let mut log = log.to_vec();
    let first = u32::from_be_bytes(log[16..20].try_into().unwrap());
    log[16..20].copy_from_slice(&(first + 1).to_be_bytes());
    log[20] ^= 0xff;
    let (mut first, mut second) = (0_u32, 0_u32);
    for pair in log[..24].chunks(8) {
        let word = |at: usize| u32::from_le_bytes(pair[at..at + 4].try_into().unwrap());
        first = first.wrapping_add(word(0)).wrapping_add(second);
        second = second.wrapping_add(word(4)).wrapping_add(first);
    }
    log[24..28].copy_from_slice(&first.to_be_bytes());
    log[28..32].copy_from_slice(&second.to_be_bytes());
    log
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Plain,
    Encrypted,
    Old,
    Domains,
    Zip,
    Dump,
    Single,
}

const PLACES: &[Place] =
    &[Place::Plain, Place::Encrypted, Place::Old, Place::Domains, Place::Zip, Place::Dump, Place::Single];

impl Place {
    /// Whether this can happen there: what is not listed is not missing, an archive holds no pipes.
    fn allows(self, fate: Fate) -> bool {
        let is_backup = matches!(self, Self::Plain | Self::Encrypted | Self::Old);
        match fate {
            Fate::Missing => is_backup,
            Fate::Pipe | Fate::Forbidden => self != Self::Zip,
            _ => true,
        }
    }
}

type Life = Vec<(String, String, Vec<u8>)>;

/// All files of a sample that has every kind of data.
fn life() -> Life {
    let Located::Backup(locked) = locate(Path::new(&sample("ios18-encrypted")), None).unwrap() else { panic!() };
    let backup = locked.unlock(PASSWORD.as_bytes()).unwrap();
    let mut files = Vec::new();
    for domain in ["HomeDomain", "CameraRollDomain", "MediaDomain"] {
        for entry in backup.entries(domain, "").unwrap() {
            if entry.kind == EntryKind::File && entry.presence == Presence::Present && !entry.path.ends_with("-shm") {
                let mut bytes = Vec::new();
                backup.open(&entry).unwrap().reader.read_to_end(&mut bytes).unwrap();
                files.push((entry.domain, entry.path, bytes));
            }
        }
    }
    files
}

/// The database as SQLite sees it with its log, and the same with a row less.
fn split(life: &Life, case: &Case) -> (Vec<u8>, Vec<u8>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    for (domain, name, bytes) in life {
        let suffix = (domain == case.domain).then(|| name.strip_prefix(case.path)).flatten();
        if let Some(suffix @ ("" | "-wal")) = suffix {
            fs::write(folder.path().join(format!("x.db{suffix}")), bytes).unwrap();
        }
    }
    let change = |sql: &str| {
        let database = Connection::open(&path).unwrap();
        database.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(())).unwrap();
        database.execute_batch(sql).unwrap();
        drop(database);
        let mut bytes = fs::read(&path).unwrap();
        wal::mark(&mut bytes);
        bytes
    };
    let triggers = {
        let database = Connection::open(&path).unwrap();
        let mut statement = database.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'").unwrap();
        let names = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
        names.map(|name| format!("DROP TRIGGER \"{}\";", name.unwrap())).collect::<String>()
    };
    let new = change(&triggers);
    let old = change(case.delete);
    assert!(old != new, "{}: something is deleted", case.path);
    (old, new)
}

/// Lays everything out, the log of one database as its fate was; gives what to read.
fn lay_out(place: Place, life: &Life, case: &Case, log: &[u8], fate: Fate, root: &Path) -> PathBuf {
    let wal_path = format!("{}-wal", case.path);
    let log = fate.bytes(log);
    match place {
        Place::Plain | Place::Encrypted | Place::Old => {
            let mut builder = BackupBuilder::new(if place == Place::Old { Era::Ios9 } else { Era::Ios18 }, "logs");
            if place == Place::Encrypted {
                builder.encrypt(PASSWORD, Some(1_000));
            }
            for (domain, path, bytes) in life {
                builder.file(domain, path, bytes.clone());
            }
            builder.file(case.domain, &wal_path, log);
            let folder = root.join("backup");
            builder.write(&folder).unwrap();
            let id = file_id(case.domain, &wal_path);
            let payload = if place == Place::Old { folder.join(&id) } else { folder.join(&id[..2]).join(&id) };
            spoil(&payload, fate);
            folder
        }
        Place::Domains => {
            write_below(root, life.iter().map(|(domain, path, bytes)| (format!("{domain}/{path}"), bytes)));
            let beside = root.join(case.domain).join(&wal_path);
            fs::write(&beside, log).unwrap();
            spoil(&beside, fate);
            root.to_owned()
        }
        Place::Dump => {
            let var = root.join("private/var");
            write_below(&var, life.iter().map(|(_, path, bytes)| (format!("mobile/{path}"), bytes)));
            let beside = var.join("mobile").join(&wal_path);
            fs::write(&beside, log).unwrap();
            spoil(&beside, fate);
            root.to_owned()
        }
        Place::Single => {
            let folder = case.path.rsplit_once('/').unwrap().0;
            let here = life.iter().filter_map(|(_, path, bytes)| {
                let name = path.strip_prefix(folder)?.strip_prefix('/')?;
                (!name.contains('/')).then(|| (name.to_owned(), bytes))
            });
            write_below(root, here);
            let name = case.path.rsplit_once('/').unwrap().1;
            let beside = root.join(format!("{name}-wal"));
            fs::write(&beside, log).unwrap();
            spoil(&beside, fate);
            root.join(name.replace("AddressBookImages", "AddressBook"))
        }
        Place::Zip => zipped(life, &format!("{}/{wal_path}", case.domain), &log, fate, root),
    }
}

/// A zip of everything, with a log as its fate was.
fn zipped(life: &Life, name: &str, log: &[u8], fate: Fate, root: &Path) -> PathBuf {
    let path = root.join("x.zip");
    let mut archive = zip::ZipWriter::new(fs::File::create(&path).unwrap());
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for (domain, path, bytes) in life {
        archive.start_file(format!("{domain}/{path}"), options).unwrap();
        archive.write_all(bytes).unwrap();
    }
    match fate {
        Fate::Link => archive.add_symlink(name, "/etc/passwd", options).unwrap(),
        Fate::Folder => archive.add_directory(name, options).unwrap(),
        _ => {
            archive.start_file(name, options).unwrap();
            archive.write_all(log).unwrap();
        }
    }
    archive.finish().unwrap();
    path
}

fn write_below<'a>(root: &Path, files: impl Iterator<Item = (String, &'a Vec<u8>)>) {
    for (path, bytes) in files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

/// Puts something else in the place of a file.
fn spoil(path: &Path, fate: Fate) {
    if matches!(fate, Fate::Missing | Fate::Pipe | Fate::Link | Fate::Folder) {
        fs::remove_file(path).unwrap();
    }
    match fate {
        Fate::Pipe => assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success()),
        Fate::Link => std::os::unix::fs::symlink("/etc/passwd", path).unwrap(),
        Fate::Folder => fs::create_dir(path).unwrap(),
        Fate::Forbidden => {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(path, fs::Permissions::from_mode(0o000)).unwrap();
        }
        _ => {}
    }
}

/// How many records were found, and whether the report names the log.
fn exported(command: &str, input: &Path, case: &Case, folder: &Path) -> (i32, u64, bool) {
    let corer = Corer::new();
    let out = folder.join("out");
    let formats: &[&str] = if command == "photos" { &[] } else { &["-f", "jsonl"] };
    let words = [command, "-b", input.to_str().unwrap(), "-o", out.to_str().unwrap()];
    let answer = corer.unlock(&[&words[..], formats].concat());
    let report = fs::read(out.join("report.json")).unwrap_or_else(|error| panic!("{error}: {answer:?}"));
    let report: serde_json::Value = serde_json::from_slice(&report).unwrap();
    let kind = &report["kinds"][0];
    let name = format!("{}-wal", case.path.rsplit_once('/').unwrap().1);
    let named = kind["skipped"].as_array().unwrap().iter();
    let named = named.filter(|item| item["item"].as_str().unwrap().ends_with(&name)).count();
    assert!(named <= 1, "said once: {report}");
    fs::remove_dir_all(out).unwrap();
    (answer.code, kind["found"].as_u64().unwrap(), named == 1)
}

/// Whether rights do not stop this user, who is root.
fn reads_everything() -> bool {
    let file = tempfile::NamedTempFile::new().unwrap();
    spoil(file.path(), Fate::Forbidden);
    fs::File::open(file.path()).is_ok()
}

/// One database in one place, through every fate.
fn check(life: &Life, case: &Case, place: Place) -> usize {
    let (old, new) = split(life, case);
    let page_size = match u16::from_be_bytes([new[16], new[17]]) {
        1 => 65_536,
        size => usize::from(size),
    };
    let log = wal::between(&old, &new, page_size);
    let mut life = life.clone();
    life.retain(|(domain, path, _)| domain != case.domain || *path != format!("{}-wal", case.path));
    life.iter_mut().filter(|file| file.0 == case.domain && file.1 == case.path).for_each(|file| file.2 = old.clone());
    let run = |fate: Fate| {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("in");
        fs::create_dir(&root).unwrap();
        let input = lay_out(place, &life, case, &log, fate, &root);
        let info = (place != Place::Single).then(|| Corer::new().unlock(&["info", "-b", input.to_str().unwrap()]));
        (exported(case.command, &input, case, folder.path()), info)
    };
    let ((code, all, is_named), _) = run(Fate::Whole);
    assert!(!is_named, "{} {place:?}", case.path);
    let is_root = reads_everything();
    let mut runs = 0;
    for fate in FATES.iter().copied().filter(|fate| place.allows(*fate) && !(is_root && *fate == Fate::Forbidden)) {
        let what = format!("{} {place:?} {fate:?}", case.path);
        let ((ended, found, is_named), info) = run(fate);
        assert_eq!(is_named, fate.is_loss(), "{what}");
        assert_eq!(ended, if fate.is_loss() { 3 } else { code }, "{what}");
        // Beside a single database nobody looks for sounds that no row names.
        let counts = case.counts || (case.command == "voicemail" && place == Place::Single);
        let expected = if fate.keeps_all_rows() || !counts { all } else { all - 1 };
        assert_eq!(found, expected, "{what}: the rows of the database itself");
        if let Some(info) = info {
            assert_eq!(info.stdout.contains("-wal: "), fate.is_loss(), "{what}: {info:?}");
            assert_eq!(info.code, if fate.is_loss() { 3 } else { 0 }, "{what}: {info:?}");
        }
        runs += 1;
    }
    runs
}

#[test]
fn a_log_that_cannot_be_read_is_told_for_every_database_in_every_place() {
    let life = life();
    let all: Vec<(&Case, Place)> =
        CASES.iter().flat_map(|case| PLACES.iter().map(move |place| (case, *place))).collect();
    let next = AtomicUsize::new(0);
    let runs = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some((case, place)) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
                    runs.fetch_add(check(&life, case, *place), Ordering::Relaxed);
                }
            });
        }
    });
    let least = CASES.len() * PLACES.len() * 8;
    assert!(runs.into_inner() >= least);
}

#[test]
fn the_log_of_the_manifest_itself_is_told_by_every_command() {
    let life = life();
    let folder = tempfile::tempdir().unwrap();
    let backup = folder.path().join("backup");
    let mut builder = BackupBuilder::new(Era::Ios18, "manifest log");
    for (domain, path, bytes) in &life {
        builder.file(domain, path, bytes.clone());
    }
    builder.write(&backup).unwrap();
    let beside = backup.join("Manifest.db-wal");
    let good = wal::between(&[0; 4096], &[1; 8192], 4096);
    for fate in [Fate::Empty, Fate::Stale, Fate::Pipe, Fate::Link, Fate::Folder, Fate::CutInHeader, Fate::Noise] {
        fs::write(&beside, fate.bytes(&good)).unwrap();
        spoil(&beside, fate);
        let corer = Corer::new();
        let code = if fate.is_loss() { 3 } else { 0 };
        let input = backup.to_str().unwrap();
        let info = corer.run(&["info", "-b", input]).ends_with(code);
        assert_eq!(info.stdout.contains("Manifest.db-wal: "), fate.is_loss(), "{fate:?} {info:?}");
        for command in ["messages", "contacts", "calls", "voicemail", "photos", "export", "files get"] {
            let out = folder.path().join("out");
            let words: Vec<&str> = command.split(' ').chain(["-b", input, "-o", out.to_str().unwrap()]).collect();
            corer.run(&words).ends_with(code);
            let report = fs::read_to_string(out.join("report.txt")).unwrap_or_default();
            let has_report = command != "files get";
            assert!(!has_report || report.contains("Manifest.db-wal") == fate.is_loss(), "{command} {fate:?} {report}");
            fs::remove_dir_all(out).unwrap();
        }
        match fate {
            Fate::Folder => fs::remove_dir(&beside).unwrap(),
            _ => fs::remove_file(&beside).unwrap(),
        }
    }
}
