//! Rows of each generation with and without sound, and what hostile values become. The tables are those of
//! `shared/data/ddl/CloudRecordings-macOS-2023.sql` and, of older versions, what is left of them without the columns that came
//! later.

use std::fs;
use std::path::Path;

use super::*;
use crate::database::integer;
use crate::recordings::{FOLDERS, Phrase, Transcript};
use crate::testing::{Files, going_on};

const NEW: &str = "CREATE TABLE ZCLOUDRECORDING (Z_PK INTEGER PRIMARY KEY, Z_ENT INTEGER, Z_OPT INTEGER, ZFLAGS INTEGER,
     ZSHAREDFLAGS INTEGER, ZFOLDER INTEGER, ZDATE TIMESTAMP, ZDURATION FLOAT, ZEVICTIONDATE TIMESTAMP, ZLOCALDURATION FLOAT,
     ZCUSTOMLABEL VARCHAR, ZCUSTOMLABELFORSORTING VARCHAR, ZENCRYPTEDTITLE VARCHAR, ZPATH VARCHAR, ZUNIQUEID VARCHAR,
     ZAUDIODIGEST BLOB, ZAUDIOFUTURE BLOB, ZAUDIOFUTUREUUIDS BLOB);
     CREATE TABLE ZFOLDER (Z_PK INTEGER PRIMARY KEY, ZENCRYPTEDNAME VARCHAR, ZUUID VARCHAR);";

const MIDDLE: &str =
    "CREATE TABLE ZCLOUDRECORDING (Z_PK INTEGER PRIMARY KEY, ZDATE TIMESTAMP, ZDURATION FLOAT, ZEVICTIONDATE TIMESTAMP,
     ZCUSTOMLABEL VARCHAR, ZPATH VARCHAR, ZUNIQUEID VARCHAR);";

const OLD: &str = "CREATE TABLE ZRECORDING (Z_PK INTEGER PRIMARY KEY, ZDATE TIMESTAMP, ZDURATION FLOAT, ZCUSTOMLABEL VARCHAR, ZPATH VARCHAR);";

fn read(files: &Files, filter: &Filter) -> Reading<Recording> {
    let mut records = Vec::new();
    let skipped = Recordings::open(files).unwrap().each(filter, &mut going_on(|it| records.push(it)));
    Reading { records, skipped }
}

fn with_file(files: Files, (domain, path): (&str, &str), bytes: &[u8]) -> Files {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, bytes).unwrap();
    files.with_file((domain, path), file).keeping(folder)
}

fn with_sound(files: Files, age: usize, name: &str, bytes: &[u8]) -> Files {
    let (domain, folder) = FOLDERS[age];
    with_file(files, (domain, &format!("{folder}/{name}")), bytes)
}

fn atom(name: &[u8], content: &[u8]) -> Vec<u8> {
    [&u32::try_from(content.len() + 8).unwrap().to_be_bytes(), name, content].concat()
}

/// A sound with words.
fn spoken(json: &str) -> Vec<u8> {
    let track = atom(b"trak", &atom(b"udta", &atom(b"tsrp", json.as_bytes())));
    [atom(b"ftyp", b"M4A \0\0\0\0"), atom(b"moov", &track)].concat()
}

#[test]
fn rows_sounds_folders_and_words_find_each_other() {
    let sql = format!(
        "{NEW} INSERT INTO ZFOLDER VALUES (3, 'Läuse', 'F');
         INSERT INTO ZCLOUDRECORDING (Z_PK, ZSHAREDFLAGS, ZFOLDER, ZDATE, ZDURATION, ZEVICTIONDATE, ZLOCALDURATION, ZCUSTOMLABEL, ZENCRYPTEDTITLE, ZPATH, ZUNIQUEID)
         VALUES (1, 3, 3, 700000000.5, 12, NULL, 11.5, '2023-03-08T20:26:40Z', 'Cliff Road', 'a.m4a', 'A'),
                (2, NULL, NULL, 600000000, 5, 690000000, NULL, '2020-01-06T10:40:00Z', NULL, 'b.qta', 'B'),
                (3, 2, NULL, 650000000, 9, NULL, NULL, 'Only a label', NULL, NULL, 'C')"
    );
    let json = r#"{"locale":{"identifier":"en_US"},"attributedString":{"runs":["Hi",0],"attributeTable":[{"timeRange":[0,1]}]}}"#;
    let files = Files::new().with_database(DATABASES[0], &sql);
    let files = with_sound(files, 0, "a.m4a", &spoken(json));
    let files = with_sound(files, 0, "b.qta", b"");
    let files = with_sound(files, 0, "lost.m4a", b"");
    let files = with_sound(files, 0, "a.waveform", b"");
    let Reading { records, skipped } = read(&files, &Filter::default());
    assert_eq!(skipped, []);
    let seen: Vec<_> = records.iter().map(|it| (it.id, it.state, matches!(it.sound, Sound::Stored(_)))).collect();
    let expected = [
        (None, State::Unlisted, true),
        (Some(2), State::Deleted, true),
        (Some(3), State::Kept, false),
        (Some(1), State::Kept, true),
    ];
    assert_eq!(seen, expected);
    let [unlisted, deleted, in_cloud, whole] = &records[..] else { panic!("{records:?}") };
    assert_eq!(unlisted.file.as_deref(), Some("lost.m4a"));
    assert_eq!((deleted.title.as_deref(), deleted.favorite), (None, Some(false)));
    assert_eq!((in_cloud.title.as_deref(), in_cloud.favorite), (Some("Only a label"), Some(false)));
    assert!(matches!(&in_cloud.sound, Sound::Missing { why, expected: false } if why.contains("iCloud")));
    assert_eq!((whole.title.as_deref(), whole.folder.as_deref()), (Some("Cliff Road"), Some("Läuse")));
    assert_eq!((whole.duration, whole.favorite), (Some(11.5), Some(true)));
    assert_eq!(whole.date.unwrap().timestamp().unwrap().to_string(), "2023-03-08T20:26:40.5Z");
    let phrases = vec![Phrase { text: "Hi".to_owned(), time: Some((0.0, 1.0)) }];
    assert_eq!(whole.transcript, Some(Transcript { language: Some("en_US".to_owned()), phrases }));
}

#[test]
fn a_choice_goes_by_folder_mark_time_and_words() {
    let sql = format!(
        "{NEW} INSERT INTO ZFOLDER VALUES (1, 'Música', 'F');
         INSERT INTO ZCLOUDRECORDING (Z_PK, ZSHAREDFLAGS, ZFOLDER, ZDATE, ZEVICTIONDATE, ZENCRYPTEDTITLE, ZPATH)
         VALUES (1, 1, 1, 700000000, NULL, 'Practice', 'a.m4a'), (2, 0, NULL, 600000000, 690000000, 'Old', NULL)"
    );
    let files = with_sound(
        Files::new().with_database(DATABASES[0], &sql),
        0,
        "a.m4a",
        &spoken(r#"{"attributedString":"Für Élise"}"#),
    );
    let ids = |filter: Filter| read(&files, &filter).records.iter().filter_map(|it| it.id).collect::<Vec<_>>();
    let words = |words: &str| Filter { words: vec![words.to_owned()], ..Filter::default() };
    assert_eq!(ids(Filter::default()), [2, 1]);
    assert_eq!(ids(Filter { folders: vec!["musica".to_owned()], ..Filter::default() }), [1]);
    assert_eq!(ids(Filter { favorites: true, ..Filter::default() }), [1]);
    assert_eq!(ids(Filter { without_deleted: true, ..Filter::default() }), [1]);
    assert_eq!((ids(words("elise")), ids(words("OLD")), ids(words("nothing"))), (vec![1], vec![2], vec![]));
    let since = AppleTime::from_seconds(650_000_000.0);
    let common = crate::Selection { since, ..Default::default() };
    assert_eq!(ids(Filter { common, ..Filter::default() }), [1]);
}

#[test]
fn older_databases_give_their_rows_and_none_twice() {
    let old = format!(
        "{OLD} INSERT INTO ZRECORDING VALUES (1, 300000000, 7, 'Kitchen', '/var/mobile/Media/Recordings/20100705 052000.m4a'),
         (2, 310000000, 8, NULL, '/var/mobile/Media/Recordings/moved.m4a')"
    );
    let middle = format!(
        "{MIDDLE} INSERT INTO ZCLOUDRECORDING VALUES (9, 310000000, 8, NULL, 'New Recording', '/var/mobile/Media/Recordings/moved.m4a', 'M')"
    );
    let files = Files::new().with_database(DATABASES[2], &old).with_database(DATABASES[1], &middle);
    let files = with_sound(files, 1, "20100705 052000.m4a", b"");
    let Reading { records, skipped } = read(&with_sound(files, 1, "moved.m4a", b""), &Filter::default());
    assert_eq!(skipped, []);
    let seen: Vec<_> = records.iter().map(|it| (it.id, it.title.as_deref(), it.favorite)).collect();
    assert_eq!(seen, [(Some(1), Some("Kitchen"), None), (Some(9), Some("New Recording"), None)]);
    assert!(records.iter().all(|it| matches!(it.sound, Sound::Stored(_)) && it.state == State::Kept));
}

#[test]
fn an_edit_leaves_a_plan_and_parts() {
    let sql = format!("{NEW} INSERT INTO ZCLOUDRECORDING (Z_PK, ZDATE, ZPATH) VALUES (1, 700000000, 'a.m4a')");
    let plan = "<plist><dict><key>RCSavedRecordingTitle</key><string>Trimmed</string></dict></plist>";
    let files = with_sound(Files::new().with_database(DATABASES[0], &sql), 0, "a.m4a", b"");
    let files = with_sound(files, 0, "a.composition/manifest.plist", plan.as_bytes());
    let files = with_sound(files, 0, "a.composition/fragments/1.m4a", b"");
    let Reading { records, skipped } = read(&files, &Filter::default());
    assert_eq!((records.len(), skipped.len()), (1, 0));
    assert_eq!((records[0].title.as_deref(), records[0].edited, records[0].others.len()), (Some("Trimmed"), true, 1));
}

#[test]
fn hostile_values_are_told_and_every_row_is_there() {
    let sql = format!(
        "{NEW} INSERT INTO ZCLOUDRECORDING (Z_PK, ZFOLDER, ZDATE, ZDURATION, ZEVICTIONDATE, ZENCRYPTEDTITLE, ZPATH, ZUNIQUEID) VALUES
         (1, 99, 1e300, -5, 'x', x'ff', '../../../etc/passwd', 7), (2, NULL, 0, 'long', 0, '', '/', NULL),
         (3, NULL, NULL, NULL, NULL, NULL, 'bad.m4a', NULL), (4, NULL, NULL, NULL, NULL, NULL, 'bad.m4a', NULL)"
    );
    let files = Files::new().with_database(DATABASES[0], &sql);
    let broken = with_sound(files, 0, "bad.m4a", &spoken("{\"attributedString\":[[[["));
    let Reading { records, skipped } = read(&broken, &Filter::default());
    assert_eq!(records.len(), 4);
    assert_eq!(skipped.len(), 1);
    assert!(skipped[0].is_part && skipped[0].item.contains("bad.m4a"), "{skipped:?}");
    let first = records.iter().find(|it| it.id == Some(1)).unwrap();
    assert_eq!(first.odd, [format!("date 1{}", "0".repeat(300)), "duration -5".to_owned(), "folder 99".to_owned()]);
    assert_eq!((first.state, first.file.as_deref()), (State::Deleted, Some("passwd")));
}

#[test]
fn sounds_without_a_database_are_still_there() {
    let files = with_sound(Files::new(), 0, "a.m4a", b"");
    let Reading { records, .. } = read(&files, &Filter::default());
    assert_eq!(records.len(), 1);
    assert!(matches!(Recordings::open(&Files::new()), Err(SourceError::Missing { .. })));
    let other = Files::new().with_database(DATABASES[0], "CREATE TABLE ZRECORDING (name)");
    assert!(matches!(Recordings::open(&other), Err(SourceError::Foreign { .. })));
}

#[test]
fn a_cut_makes_another_recording_and_a_title_another_version() {
    let sql = |duration: f64, title: &str| {
        format!(
            "{NEW} INSERT INTO ZCLOUDRECORDING (Z_PK, ZDATE, ZDURATION, ZENCRYPTEDTITLE, ZUNIQUEID) VALUES (1, 7e8, {duration}, '{title}', 'A')"
        )
    };
    let one = |sql: String| read(&Files::new().with_database(DATABASES[0], &sql), &Filter::default()).records.remove(0);
    use crate::identity::Identified as _;
    let (own, named, cut) = (one(sql(12.0, "x")), one(sql(12.0, "y")), one(sql(6.0, "x")));
    assert_eq!(own.key(), named.key());
    assert_ne!(own.essence(), named.essence());
    assert_ne!(own.key(), cut.key());
}

#[test]
fn every_row_of_the_statement_with_a_source_is_read() {
    let Some(folder) = crate::testing::shared_data("ddl") else { return };
    let create = fs::read_to_string(Path::new(&folder).join("CloudRecordings-macOS-2023.sql")).unwrap();
    let rows: String = (1..=50)
        .map(|id| format!("INSERT INTO ZCLOUDRECORDING (Z_PK, ZDATE, ZPATH) VALUES ({id}, {id}000, '{id}.m4a');"))
        .collect();
    let files = Files::new().with_database(DATABASES[0], &format!("{create}\n{rows}"));
    let connection = files.database(DATABASES[0].0, DATABASES[0].1).unwrap().connect().unwrap();
    let count =
        connection.query_row("SELECT count(*) FROM ZCLOUDRECORDING", [], |row| Ok(integer(row, 0))).unwrap().unwrap();
    let Reading { records, skipped } = read(&files, &Filter::default());
    assert_eq!((records.len() as i64, skipped.len()), (count, 0));
}
