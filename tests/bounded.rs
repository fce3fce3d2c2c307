//! Small inputs that would fill all memory if names were kept as often as they are referred to, or built from their parts.
//!
//! What is measured is the most memory that any of the runs had, not how long they took.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

mod support;

use std::fs;
use std::path::Path;

use nix::sys::resource::{UsageWho, getrusage};
use rusqlite::Connection;
use sample_backups::{BackupBuilder, Era};
use support::{Answer, Corer, changed, copy_of, sample};

/// The most memory of a run, in KiB. The program itself takes about 20 MB.
const MOST_MEMORY: i64 = 256 << 10;

/// CPU time of one run, in seconds: a bound for what would never end, not a measure.
const SECONDS: u32 = 60;

const ENDS: [i32; 6] = [0, 1, 3, 4, 10, 15];

/// Runs every command that reads, and checks how it ended and what it took.
fn run(input: &Path, what: &str) -> Vec<Answer> {
    let commands: [&[&str]; 7] = [
        &["info"],
        &["list"],
        &["files", "ls"],
        &["files", "get", "-o", "out"],
        &["verify", "--deep"],
        &["export", "-o", "out"],
        &["contacts", "--json"],
    ];
    let answers = commands.iter().map(|words| {
        let corer = Corer::new();
        let work = tempfile::tempdir().unwrap();
        let mut shell = assert_cmd::Command::new("sh");
        shell.args(["-c", &format!("ulimit -t {SECONDS}; exec \"$@\""), "sh"]).arg(env!("CARGO_BIN_EXE_corer"));
        shell.args(*words);
        match words[0] {
            "list" => shell.arg(input),
            _ => shell.arg("-b").arg(input),
        };
        shell.arg("--no-input").env("HOME", corer.home.path()).env("TZ", "UTC").current_dir(work.path());
        let answer = Answer::of(&mut shell);
        assert!(ENDS.contains(&answer.code) || words[0] == "verify", "{what}, {words:?}: {}", answer.code);
        let peak = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap().max_rss();
        assert!(peak < MOST_MEMORY, "{what}, {words:?}: {peak} KiB");
        answer
    });
    answers.collect()
}

/// An archive of stored, empty entries of these names.
fn archive(names: &[Vec<u8>]) -> Vec<u8> {
    let fields = |name: &[u8]| {
        let mut fields = [[0; 4], [0, 0, 0x21, 0x58], [0; 4], [0; 4], [0; 4]].concat();
        fields.extend((name.len() as u16).to_le_bytes());
        fields.extend([0, 0]);
        fields
    };
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for name in names {
        let at = (out.len() as u32).to_le_bytes();
        out.extend([b"PK\x03\x04\x14\x00", fields(name).as_slice(), name].concat());
        directory.extend([b"PK\x01\x02\x14\x03\x14\x00", fields(name).as_slice(), &[0; 10], &at, name].concat());
    }
    let (start, count) = (out.len() as u32, (names.len() as u16).to_le_bytes());
    let size = (directory.len() as u32).to_le_bytes();
    out.extend(
        [&directory, b"PK\x05\x06\0\0\0\0".as_slice(), &count, &count, &size, &start.to_le_bytes(), &[0; 2]].concat(),
    );
    out
}

/// A small copy of a sample without one of its databases.
fn builder() -> BackupBuilder {
    let mut builder = BackupBuilder::new(Era::Ios18, "bounded");
    builder.plain_rounds(1_000).without_apps();
    builder.file("HomeDomain", "Documents/good.txt", "good\n");
    builder
}

const NUMBERS: &str = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)";

#[test]
fn names_cost_what_they_are_long() {
    let work = tempfile::tempdir().unwrap();

    let zip = work.path().join("slashes.zip");
    let name = |seed: u8, step: usize| -> Vec<u8> {
        let letters = |at: usize| b'a' + ((at + usize::from(seed)) % 23) as u8;
        (0..64_000).map(|at| if at % step == step - 1 { b'/' } else { letters(at) }).collect()
    };
    let names = [name(1, 2), name(2, 2), b"HomeDomain/good.txt".to_vec(), name(3, 3), vec![b'/'; 64_000]];
    fs::write(&zip, archive(&names)).unwrap();
    let answers = run(&zip, "names of slashes");
    assert_eq!(answers[3].code, 3, "what is left out is told: {answers:?}");

    // As deep and as long as names may be, each of its own from the first folder on.
    let zip = work.path().join("deep.zip");
    let deep = |seed: usize| -> Vec<u8> {
        format!("HomeDomain/{seed}{}", "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".repeat(60)).into()
    };
    fs::write(&zip, archive(&(0..100).map(deep).collect::<Vec<_>>())).unwrap();
    run(&zip, "deep names");

    let backup = copy_of(&sample("ios18"));
    let manifest = Connection::open(backup.path().join("Manifest.db")).unwrap();
    let rows = "INSERT INTO Files (fileID, domain, flags) SELECT printf('%040x', i), 'HomeDomain', 1 FROM n";
    manifest
        .execute_batch(&format!(
            "DROP TABLE Files; CREATE TABLE Files (fileID TEXT, domain TEXT, flags INTEGER, file BLOB,
             relativePath TEXT GENERATED ALWAYS AS (hex(zeroblob(3000000)) || fileID)); {NUMBERS} {rows}"
        ))
        .unwrap();
    run(backup.path(), "a path that is computed");
    let long = "x".repeat(4_000);
    manifest
        .execute_batch(&format!(
            "DROP TABLE Files; CREATE TABLE Files (fileID TEXT, domain TEXT, flags INTEGER, file BLOB);
             {NUMBERS} {rows}; ALTER TABLE Files ADD COLUMN relativePath TEXT DEFAULT '{long}'"
        ))
        .unwrap();
    run(backup.path(), "a path that is a default");
}

#[test]
fn a_name_that_many_rows_refer_to_is_cut() {
    let work = tempfile::tempdir().unwrap();
    let long = "hex(zeroblob(32000))";

    let mut backup = builder();
    let sql = format!(
        "UPDATE handle SET id = {long} WHERE ROWID = 1;
         {NUMBERS} INSERT INTO chat (ROWID, guid, style, chat_identifier) SELECT 100000 + i, 'c' || i, 43, 'c' || i FROM n;
         {NUMBERS} INSERT INTO chat_handle_join (chat_id, handle_id) SELECT 100000 + i, 1 FROM n;"
    );
    backup.file("HomeDomain", "Library/SMS/sms.db", changed("Library/SMS/sms.db", &sql));
    backup.write(&work.path().join("participants")).unwrap();
    run(&work.path().join("participants"), "an address in 10,000 conversations");

    let mut backup = builder();
    let book = "Library/AddressBook/AddressBook.sqlitedb";
    let sql = format!(
        "INSERT INTO ABMultiValueLabel (ROWID, value) VALUES (9999, {long});
         {NUMBERS} INSERT INTO ABMultiValue (record_id, property, label, value, guid)
         SELECT (SELECT min(ROWID) FROM ABPerson), 3, 9999, '+1415555' || i, 'g' || i FROM n;"
    );
    backup.file("HomeDomain", book, changed(book, &sql));
    backup.write(&work.path().join("labels")).unwrap();
    run(&work.path().join("labels"), "a label of 10,000 numbers");
}
