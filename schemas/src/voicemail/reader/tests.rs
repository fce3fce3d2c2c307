//! Rows with and without sound, sounds with and without rows, and what hostile values become.

use super::*;
use crate::testing::{Files, going_on, shared_data};

const TABLES: &str =
    "CREATE TABLE voicemail (ROWID INTEGER PRIMARY KEY, remote_uid, date, sender, callback_num, duration, \
     expiration, trashed_date, flags, receiver, label);
     CREATE TABLE deleted (ROWID INTEGER PRIMARY KEY, date, sender, duration, flags);
     CREATE TABLE map (ROWID INTEGER PRIMARY KEY, account, label);";

fn read(files: &Files, selection: &Selection) -> Reading<Voicemail> {
    let nobody = Directory::default();
    let mut records = Vec::new();
    let skipped = Voicemails::open(files, &nobody).unwrap().each(selection, &mut going_on(|it| records.push(it)));
    Reading { records, skipped }
}

fn with_sound(files: Files, name: &str) -> Files {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(name);
    std::fs::write(&file, "#!AMR\n").unwrap();
    files.with_file(("HomeDomain", &format!("Library/Voicemail/{name}")), file).keeping(folder)
}

#[test]
fn rows_and_sounds_find_each_other() {
    let sql = format!(
        "{TABLES} INSERT INTO voicemail VALUES
         (1, 7, 1000000000, '+1', '+1', 12, 1100000000, 0, 67, '+9', 'sim'), (2, 8, 1000000100, NULL, '+2', 3, 0, 400000000, 75, NULL, 'other');
         INSERT INTO deleted VALUES (1, 900000000, '+3', 4, 11); INSERT INTO map VALUES (1, 'sim', 'Primary')"
    );
    let files =
        ["1.amr", "5.amr", "Greeting.amr"].into_iter().fold(Files::new().with_database(DATABASE, &sql), with_sound);
    let Reading { records, skipped } = read(&files, &Selection::default());
    assert_eq!(skipped, []);
    let seen: Vec<_> = records.iter().map(|v| (v.id, v.state, matches!(v.sound, Sound::Stored(_)))).collect();
    assert_eq!(
        seen,
        [
            (None, State::Unlisted, true),
            (None, State::Unlisted, true),
            (Some(1), State::Deleted, false),
            (Some(1), State::Kept, true),
            (Some(2), State::Trashed, false)
        ]
    );
    let first = &records[3];
    assert_eq!(
        (first.line.as_deref(), first.receiver.as_deref(), &first.callback),
        (Some("Primary"), Some("+9"), &None)
    );
    assert_eq!(records[4].callback.as_deref(), Some("+2"));
    assert_eq!(records[4].line.as_deref(), Some("other"));
    assert!(records.iter().any(|voicemail| voicemail.line.as_deref() == Some("Greeting")));
}

#[test]
fn hostile_rows_are_told() {
    let sql = format!(
        "{TABLES} INSERT INTO voicemail (ROWID, date, sender, duration, trashed_date, flags) VALUES
         (1, -5, x'2b31ff', -1, -9, 'x'), (2, 9223372036854775807, 7, 1e300, 1e300, 1), (-3, 0, '', 'long', NULL, NULL)"
    );
    let Reading { records, skipped } = read(&Files::new().with_database(DATABASE, &sql), &Selection::default());
    assert_eq!((records.len(), skipped.len()), (3, 0));
    let odd = |id: i64| records.iter().find(|v| v.id == Some(id)).unwrap().odd.join(", ");
    assert_eq!(odd(1), "date -5, duration -1");
    assert_eq!(odd(2), format!("date {}, duration 1{}", i64::MAX, "0".repeat(300)));
    assert_eq!(odd(-3), "");
    assert_eq!(records.iter().find(|v| v.id == Some(1)).unwrap().sender.as_deref(), Some("+1\u{fffd}"));
}

#[test]
fn sounds_without_a_database_are_still_there() {
    let files = with_sound(Files::new(), "3.amr");
    let Reading { records, skipped } = read(&files, &Selection::default());
    assert_eq!((records.len(), skipped.len()), (1, 1));
    assert!(matches!(Voicemails::open(&Files::new(), &Directory::default()), Err(SourceError::Missing { .. })));
}

#[test]
fn an_empty_database_of_ios_15_opens() {
    let Some(folder) = shared_data("ios15.3.1") else { return };
    let files = Files::new().with_file(DATABASE, folder.join("HomeDomain").join(DATABASE.1));
    assert_eq!(read(&files, &Selection::default()), Reading::default());
}
