//! What is given and is something else than it seems is told as that, by every command: docs/exit-codes.md.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::support::{Corer, copy_of, sample};
use rusqlite::Connection;
use tempfile::TempDir;

/// Each kind, and where its database lies.
const KINDS: [(&str, &str); 5] = [
    ("messages", "HomeDomain/Library/SMS/sms.db"),
    ("contacts", "HomeDomain/Library/AddressBook/AddressBook.sqlitedb"),
    ("calls", "HomeDomain/Library/CallHistoryDB/CallHistory.storedata"),
    ("voicemail", "HomeDomain/Library/Voicemail/voicemail.db"),
    ("photos", "CameraRollDomain/Media/PhotoData/Photos.sqlite"),
];

/// What does not go by what a single database is.
const OTHERS: [&[&str]; 5] =
    [&["info"], &["files", "ls"], &["verify"], &["files", "get", "-o", "out"], &["export", "-o", "out"]];

const SEVEN_ZIP: &[u8] = b"7z\xbc\xaf\x27\x1c\x00\x04 and the rest";
const RAR: &[u8] = b"Rar!\x1a\x07\x01\x00 and the rest";
const GZIP: &[u8] = b"\x1f\x8b\x08\x00\x00\x00\x00\x00";

fn text() -> Vec<u8> {
    b"Not a database, whatever it is called.\n".repeat(40)
}

fn tar() -> Vec<u8> {
    let mut bytes = vec![0; 1024];
    bytes[..5].copy_from_slice(b"a.txt");
    bytes[257..262].copy_from_slice(b"ustar");
    bytes
}

fn zip() -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive.start_file("a.txt", zip::write::SimpleFileOptions::default()).unwrap();
    archive.write_all(b"a").unwrap();
    archive.finish().unwrap().into_inner()
}

/// A sound database of something else.
fn foreign() -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("x");
    Connection::open(&file).unwrap().execute_batch("CREATE TABLE recipe (a); INSERT INTO recipe VALUES (1)").unwrap();
    fs::read(file).unwrap()
}

/// What is no database, and a database of something else.
fn wrong() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("text", text()),
        ("two letters", b"SQ".to_vec()),
        ("zeros", vec![0; 8192]),
        ("nothing", Vec::new()),
        ("another database", foreign()),
        ("zip", zip()),
        ("tar", tar()),
        ("gzip", GZIP.to_vec()),
        ("7z", SEVEN_ZIP.to_vec()),
        ("rar", RAR.to_vec()),
    ]
}

fn put(folder: &Path, path: &str, bytes: &[u8]) -> PathBuf {
    let file = folder.join(path);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, bytes).unwrap();
    file
}

#[test]
fn what_stands_in_the_place_of_a_database_is_named_and_ends_with_15() {
    let corer = Corer::new();
    for (what, bytes) in wrong() {
        for (kind, path) in KINDS {
            for place in ["", "private/var/"] {
                let tree = tempfile::tempdir().unwrap();
                let path = match place {
                    "" => path.to_owned(),
                    var => format!("{var}mobile/{}", path.split_once('/').unwrap().1),
                };
                put(tree.path(), &path, &bytes);
                let answer = corer.run(&[kind, "-b", tree.path().to_str().unwrap()]);
                assert_eq!(answer.code, 15, "{what} {path}: {answer:?}");
                let name = path.rsplit('/').next().unwrap();
                assert!(answer.stderr.contains(name) && answer.stderr.contains("is no database of"), "{answer:?}");
            }
        }
    }
}

#[test]
fn what_begins_as_a_database_and_is_cut_is_damaged() {
    let corer = Corer::new();
    for (kind, path) in KINDS {
        let tree = tempfile::tempdir().unwrap();
        put(tree.path(), path, b"SQLite format 3\0");
        let answer = corer.run(&[kind, "-b", tree.path().to_str().unwrap()]).ends_with(1);
        assert!(answer.stderr.contains("cannot be read"), "{answer:?}");
    }
}

#[test]
fn a_single_file_is_what_it_is_whatever_it_is_called() {
    let corer = Corer::new();
    let folder = tempfile::tempdir().unwrap();
    let run = |args: &[&str], file: &Path| {
        let mut command = corer.command(&[args, &["-b", file.to_str().unwrap()]].concat());
        crate::support::Answer::of(command.current_dir(corer.home.path()))
    };
    for (what, bytes) in wrong() {
        for name in ["sms.db", "x.zip", "x.7z"] {
            let file = put(folder.path(), name, &bytes);
            let commands = KINDS.iter().map(|(kind, _)| vec![*kind]).chain(OTHERS.iter().map(|args| args.to_vec()));
            for args in commands {
                let answer = run(&args, &file);
                assert_eq!(answer.code, 15, "{what} as {name}: {args:?} {answer:?}");
                let is_packed = matches!(what, "tar" | "gzip" | "7z" | "rar");
                assert_eq!(answer.stderr.contains("unpack it first"), is_packed, "{what} as {name}: {answer:?}");
                assert!(answer.stderr.contains(name), "{answer:?}");
            }
            assert!(!corer.home.path().join("out").exists(), "{what} as {name}");
            let answer = corer.run(&["list", file.to_str().unwrap()]).ends_with(10);
            assert!(!answer.stderr.contains("archive cannot be read"), "{what} as {name}: {answer:?}");
        }
    }
}

#[test]
fn what_is_called_an_archive_and_is_none_is_none_in_a_list() {
    let corer = Corer::new();
    let folder = tempfile::tempdir().unwrap();
    fs::rename(copy_of(&sample("ios5")).keep(), folder.path().join("backup")).unwrap();
    let list = || corer.run(&["list", folder.path().to_str().unwrap()]);
    for name in ["a.zip", "b.7z", "c.tar", "d.tar.gz", "e.rar", "f.ZIP", "g.dmg"] {
        put(folder.path(), name, &text());
        put(folder.path(), &format!("empty-{name}"), b"");
    }
    let answer = list().ends_with(0);
    assert!(!answer.stderr.contains("archive"), "{answer:?}");
    // Those that are, are told; whether a backup is in them, nobody can say.
    for (name, bytes) in [("a.7z", SEVEN_ZIP.to_vec()), ("b.zip", RAR.to_vec()), ("c.tar", tar())] {
        put(folder.path(), name, &bytes);
    }
    let answer = list().ends_with(0);
    for said in ["a.7z: it is an archive (7z)", "b.zip: it is an archive (rar)", "c.tar: it is an archive (tar)"] {
        assert!(answer.stderr.to_lowercase().contains(said), "{said}: {answer:?}");
    }
    // One that is a zip and broken is a place where nobody could look.
    put(folder.path(), "broken.zip", b"PK\x03\x04 and nothing");
    let answer = list().ends_with(3);
    assert!(answer.stderr.contains("archive cannot be read"), "{answer:?}");
}

/// A copy of a sample without some of its files.
fn without(name: &str, gone: &[&str]) -> TempDir {
    let copy = copy_of(&sample(name));
    gone.iter().for_each(|gone| fs::remove_file(copy.path().join(gone)).unwrap());
    copy
}

#[test]
fn the_manifest_that_is_missing_has_its_own_name() {
    let corer = Corer::new();
    let lists = ["Info.plist", "Status.plist", "Manifest.plist"];
    for (sample, manifest, other) in [
        ("ios5", "Manifest.mbdb", "Manifest.db"),
        ("ios9", "Manifest.mbdb", "Manifest.db"),
        ("ios18", "Manifest.db", "Manifest.mbdb"),
    ] {
        for kept in [&lists[..], &lists[..1], &lists[1..2], &lists[2..]] {
            let gone: Vec<&str> = lists.iter().filter(|list| !kept.contains(list)).copied().collect();
            let backup = without(sample, &[&gone[..], &[manifest]].concat());
            let typed = backup.path().to_str().unwrap();
            let commands = KINDS.iter().map(|(kind, _)| vec![*kind]).chain(OTHERS.iter().map(|args| args.to_vec()));
            let answers = commands.map(|args| corer.run(&[&args[..], &["-b", typed]].concat()).ends_with(15));
            for answer in answers.chain([corer.run(&["list", typed]).ends_with(10)]) {
                assert!(answer.stderr.contains(&format!("without its manifest: {manifest} is missing")), "{answer:?}");
                assert!(!answer.stderr.contains(other), "{kept:?} {answer:?}");
            }
            // A level above.
            let above = tempfile::tempdir().unwrap();
            fs::rename(backup.keep(), above.path().join("one")).unwrap();
            let answer = corer.run(&["info", "-b", above.path().to_str().unwrap()]).ends_with(15);
            assert!(answer.stderr.contains(&format!("{manifest} is missing")), "{answer:?}");
        }
    }
    // Where nobody can know, both are named.
    let backup = tempfile::tempdir().unwrap();
    put(backup.path(), "Manifest.plist", &text());
    let answer = corer.run(&["info", "-b", backup.path().to_str().unwrap()]).ends_with(15);
    assert!(answer.stderr.contains("Manifest.db") && answer.stderr.contains("Manifest.mbdb"), "{answer:?}");
}

#[test]
fn no_password_is_asked_for_that_could_open_nothing() {
    let corer = Corer::new();
    for bytes in [text(), Vec::new(), zip()] {
        let folder = tempfile::tempdir().unwrap();
        put(folder.path(), "Manifest.db", &bytes);
        let typed = folder.path().to_str().unwrap();
        for (kind, _) in KINDS {
            let answer = corer.run(&[kind, "-b", typed]).ends_with(1);
            assert!(answer.stderr.contains("keys in it are missing"), "{answer:?}");
        }
        corer.run(&["verify", "-b", typed]).ends_with(5);
    }
}

#[test]
fn nothing_in_a_folder_is_no_backup_and_info_may_be_missing() {
    let corer = Corer::new();
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("a/b")).unwrap();
    let typed = folder.path().to_str().unwrap();
    let commands = KINDS.iter().map(|(kind, _)| vec![*kind]).chain(OTHERS.iter().map(|args| args.to_vec()));
    commands.for_each(|args| _ = corer.run(&[&args[..], &["-b", typed]].concat()).ends_with(15));
    corer.run(&["list", typed]).ends_with(10);
    for name in ["ios5", "ios18"] {
        let backup = without(name, &["Info.plist"]);
        let typed = backup.path().to_str().unwrap();
        for args in [&["info"][..], &["messages"], &["contacts"], &["verify"], &["files", "ls"]] {
            corer.run(&[args, &["-b", typed]].concat()).ends_with(0);
        }
        corer.run(&["list", typed]).ends_with(0);
    }
}
