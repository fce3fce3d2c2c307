mod legacy;
mod locked;

use std::collections::BTreeMap;
use std::fs;

use proptest::prelude::*;
use rusqlite::Connection;

use super::super::made::{attached, body, literal, plain};
use super::*;
use crate::notes::model::{AttachmentKind, Body, Scheme, State};
use crate::testing::{Files, copy_database, going_on, shared_data};

fn read(source: &dyn Source, passwords: &[&str], filter: &Filter) -> (Vec<Note>, Vec<Skipped>) {
    let directory = Directory::default();
    let passwords = NotePasswords::new(passwords.iter().map(|password| password.as_bytes()));
    let mut notes = Vec::new();
    let reader = Notes::open(source, &directory, passwords).unwrap();
    let skipped = reader.each(filter, &mut going_on(|note| notes.push(note)));
    (notes, skipped)
}

fn all(source: &dyn Source) -> (Vec<Note>, Vec<Skipped>) {
    read(source, &[], &Filter::default())
}

#[test]
fn notes_of_a_real_device_are_what_sql_says() {
    let Some(folder) = shared_data("ios15.3.1/AppDomainGroup-group.com.apple.notes") else { return };
    let copy = copy_database(&folder.join("NoteStore.sqlite"));
    let connection = Connection::open(copy.path().join("NoteStore.sqlite")).unwrap();
    connection.pragma_update(None, "journal_mode", "DELETE").unwrap();
    let source = Files::new().with_file(DATABASE, copy.path().join("NoteStore.sqlite"));
    let (notes, skipped) = all(&source);
    assert_eq!(skipped, []);
    let sql = "SELECT n.ZTITLE1, n.ZIDENTIFIER, f.ZTITLE2, a.ZNAME, n.ZCREATIONDATE3, n.ZMODIFICATIONDATE1, n.ZISPASSWORDPROTECTED,
        n.ZPASSWORDHINT FROM ZICCLOUDSYNCINGOBJECT n
        LEFT JOIN ZICCLOUDSYNCINGOBJECT f ON f.Z_PK = n.ZFOLDER LEFT JOIN ZICCLOUDSYNCINGOBJECT a ON a.Z_PK = n.ZACCOUNT4
        WHERE n.Z_ENT = (SELECT Z_ENT FROM Z_PRIMARYKEY WHERE Z_NAME = 'ICNote') ORDER BY n.ZCREATIONDATE3";
    let mut statement = connection.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| {
        let text = |column| row.get::<_, Option<String>>(column);
        let moment = |column| Ok::<_, rusqlite::Error>(AppleTime::from_seconds(row.get(column)?));
        Ok((text(0)?, text(1)?, text(2)?, text(3)?, moment(4)?, moment(5)?, row.get::<_, bool>(6)?, text(7)?))
    });
    let wanted: Vec<_> = rows.unwrap().map(Result::unwrap).collect();
    let found: Vec<_> = notes
        .iter()
        .map(|note| {
            let lock = note.lock.as_ref();
            let hint = lock.and_then(|lock| lock.hint.clone());
            let folder = note.folder.last().cloned();
            let (title, identifier, account) = (note.title.clone(), note.identifier.clone(), note.account.clone());
            (title, identifier, folder, account, note.created, note.modified, lock.is_some(), hint)
        })
        .collect();
    assert_eq!((found.len(), &found), (7, &wanted));
    let locked: Vec<_> = notes.iter().filter_map(|note| note.lock.as_ref()).collect();
    assert!(locked.len() == 4 && locked.iter().all(|lock| lock.scheme == Scheme::Classic && !lock.is_open));
    for note in notes.iter().filter(|note| note.lock.is_none()) {
        // Lists show each gap of a text as one space.
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let text = words(&note.text());
        let (title, snippet) = (words(note.title.as_deref().unwrap()), words(note.snippet.as_deref().unwrap()));
        assert!(text.starts_with(&title) && text.contains(&snippet), "{title:?} {snippet:?} {text:?}");
    }
    let shared = notes.iter().find(|note| note.title.as_deref() == Some("iOS 15 Note")).unwrap();
    assert!(!shared.shared_with.is_empty());
}

/// The tables of a version, as shared data has them.
fn tables(version: &str) -> Option<String> {
    let folder = shared_data("ddl")?;
    let sql = fs::read_to_string(folder.join(format!("NoteStore-{version}.sql"))).unwrap();
    Some(if sql.contains("CREATE TABLE ZICNOTEDATA") { sql } else { return None })
}

/// The columns of the table of everything.
fn columns_of(connection: &Connection) -> Vec<String> {
    let mut statement = connection.prepare("SELECT name FROM pragma_table_info('ZICCLOUDSYNCINGOBJECT')").unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

/// Where a version has what.
struct Version {
    name: &'static str,
    created: &'static str,
    account: &'static str,
    identifier_of_inline: &'static str,
    mergeable: &'static str,
}

const VERSIONS: [Version; 7] = [
    Version {
        name: "iOS9.3.5",
        created: "ZCREATIONDATE",
        account: "ZACCOUNT2",
        identifier_of_inline: "",
        mergeable: "ZMERGEABLEDATA",
    },
    Version {
        name: "iOS10.3.3",
        created: "ZCREATIONDATE",
        account: "ZACCOUNT2",
        identifier_of_inline: "",
        mergeable: "ZMERGEABLEDATA",
    },
    Version {
        name: "iOS11.2",
        created: "ZCREATIONDATE1",
        account: "ZACCOUNT2",
        identifier_of_inline: "",
        mergeable: "ZMERGEABLEDATA",
    },
    Version {
        name: "iOS15.3.1",
        created: "ZCREATIONDATE3",
        account: "ZACCOUNT4",
        identifier_of_inline: "ZTYPEUTI1",
        mergeable: "ZMERGEABLEDATA1",
    },
    Version {
        name: "iOS16.1.1",
        created: "ZCREATIONDATE3",
        account: "ZACCOUNT7",
        identifier_of_inline: "ZTYPEUTI1",
        mergeable: "ZMERGEABLEDATA1",
    },
    Version {
        name: "iOS16.3",
        created: "ZCREATIONDATE3",
        account: "ZACCOUNT7",
        identifier_of_inline: "ZTYPEUTI1",
        mergeable: "ZMERGEABLEDATA1",
    },
    Version {
        name: "iOS17.3",
        created: "ZCREATIONDATE3",
        account: "ZACCOUNT7",
        identifier_of_inline: "ZTYPEUTI1",
        mergeable: "ZMERGEABLEDATA1",
    },
];

/// A store of a version with two notes, one of which was deleted, a nest of folders, a table, a picture, a tag and something new.
fn life(version: &Version, table: &[u8]) -> Option<String> {
    let mut sql = tables(version.name)?;
    let text = "Trip\nsee \u{fffc}\u{fffc}\u{fffc}\u{fffc}\n";
    let runs = [
        plain(9),
        attached(1, "T-1", "com.apple.notes.table"),
        attached(1, "P-1", "public.jpeg"),
        attached(1, "H-1", "com.apple.notes.inlinetextattachment.hashtag"),
        attached(1, "N-1", "org.example.new"),
    ];
    let names = ["ICAccount", "ICFolder", "ICNote", "ICAttachment", "ICInlineAttachment", "ICMedia"];
    for (number, name) in names.iter().enumerate() {
        sql += &format!("INSERT INTO Z_PRIMARYKEY VALUES ({}, '{name}', 0, 0);", number + 40);
    }
    let probe = Connection::open_in_memory().unwrap();
    probe.execute_batch(&sql).unwrap();
    let known = columns_of(&probe);
    let mut object = |pk: i64, entity: usize, columns: &[(&str, String)]| {
        let columns: Vec<_> = columns.iter().filter(|(name, _)| known.iter().any(|known| known == name)).collect();
        let names: String = columns.iter().map(|(name, _)| format!(", {name}")).collect();
        let values: String = columns.iter().map(|(_, value)| format!(", {value}")).collect();
        sql += &format!("INSERT INTO ZICCLOUDSYNCINGOBJECT (Z_PK, Z_ENT{names}) VALUES ({pk}, {entity}{values});");
    };
    let quoted = |text: &str| format!("'{text}'");
    object(1, 40, &[("ZNAME", quoted("iCloud")), ("ZIDENTIFIER", quoted("ACC"))]);
    object(2, 41, &[("ZTITLE2", quoted("Travel")), ("ZIDENTIFIER", quoted("F-1")), ("ZOWNER", "1".into())]);
    object(3, 41, &[("ZTITLE2", quoted("Lisbon")), ("ZIDENTIFIER", quoted("F-2")), ("ZPARENT", "2".into())]);
    object(
        4,
        41,
        &[
            ("ZTITLE2", quoted("Recently Deleted")),
            ("ZIDENTIFIER", quoted("TrashFolder-CloudKit")),
            ("ZFOLDERTYPE", "1".into()),
        ],
    );
    object(
        10,
        42,
        &[
            ("ZTITLE1", quoted("Trip")),
            ("ZIDENTIFIER", quoted("N-10")),
            (version.created, "500000000.5".into()),
            ("ZMODIFICATIONDATE1", "500000100".into()),
            ("ZFOLDER", "3".into()),
            (version.account, "1".into()),
            ("ZISPINNED", "1".into()),
        ],
    );
    object(
        11,
        42,
        &[
            ("ZTITLE1", quoted("Gone")),
            ("ZIDENTIFIER", quoted("N-11")),
            (version.created, "400000000".into()),
            ("ZFOLDER", "4".into()),
        ],
    );
    let inline = if version.identifier_of_inline.is_empty() { "ZTYPEUTI" } else { version.identifier_of_inline };
    let note = if version.identifier_of_inline.is_empty() { "ZNOTE" } else { "ZNOTE1" };
    object(
        20,
        43,
        &[
            ("ZTYPEUTI", quoted("com.apple.notes.table")),
            ("ZIDENTIFIER", quoted("T-1")),
            ("ZNOTE", "10".into()),
            (version.mergeable, literal(table)),
        ],
    );
    object(
        21,
        43,
        &[
            ("ZTYPEUTI", quoted("public.jpeg")),
            ("ZIDENTIFIER", quoted("P-1")),
            ("ZNOTE", "10".into()),
            ("ZMEDIA", "30".into()),
        ],
    );
    object(
        22,
        44,
        &[
            (inline, quoted("com.apple.notes.inlinetextattachment.hashtag")),
            ("ZIDENTIFIER", quoted("H-1")),
            (note, "10".into()),
            ("ZALTTEXT", quoted("#sea")),
        ],
    );
    object(
        23,
        43,
        &[
            ("ZTYPEUTI", quoted("org.example.new")),
            ("ZIDENTIFIER", quoted("N-1")),
            ("ZNOTE", "10".into()),
            ("ZTITLE", quoted("What?")),
        ],
    );
    object(30, 45, &[("ZFILENAME", quoted("beach.jpg")), ("ZIDENTIFIER", quoted("M-1"))]);
    sql += &format!("INSERT INTO ZICNOTEDATA (Z_PK, ZNOTE, ZDATA) VALUES (5, 10, {});", literal(&body(text, &runs)));
    for (table, folder, note) in [("Z_12NOTES", "Z_12FOLDERS", "Z_9NOTES"), ("Z_11NOTES", "Z_11FOLDERS", "Z_8NOTES")] {
        if sql.contains(&format!("CREATE TABLE {table} ")) {
            sql += &format!("INSERT INTO {table} ({folder}, {note}) VALUES (3, 10), (4, 11);");
        }
    }
    Some(sql)
}

#[test]
fn stores_of_every_version_give_the_same_notes() {
    let Some(blobs) = shared_data("notes-blobs/exported_blobs") else { return };
    let table = fs::read(blobs.join("table_gzipped.bin")).unwrap();
    for version in &VERSIONS {
        let Some(sql) = life(version, &table) else { panic!("{}", version.name) };
        let picture = blobs.join("url_gzipped.bin");
        let media = (DATABASE.0, "Accounts/ACC/Media/M-1/1_G/beach.jpg");
        let source = Files::new().with_database(DATABASE, &sql).with_file(media, &picture);
        let (notes, skipped) = all(&source);
        assert_eq!(skipped, [], "{}", version.name);
        let [gone, trip] = notes.as_slice() else { panic!("{} {notes:?}", version.name) };
        assert_eq!((gone.state, trip.state), (State::RecentlyDeleted, State::Kept), "{}", version.name);
        assert!(matches!(gone.body, Body::Missing { expected: false, .. }));
        assert_eq!(
            (trip.folder.as_slice(), trip.account.as_deref()),
            (&["Travel".to_owned(), "Lisbon".to_owned()][..], Some("iCloud"))
        );
        assert_eq!(trip.created, AppleTime::from_seconds(500_000_000.5), "{}", version.name);
        assert_eq!(trip.text(), "Trip\nsee \u{fffc}\u{fffc}\u{fffc}\u{fffc}\n");
        let kinds: Vec<_> = trip.attachments.iter().map(|attachment| attachment.kind).collect();
        assert_eq!(
            kinds,
            [AttachmentKind::Table, AttachmentKind::Image, AttachmentKind::Hashtag, AttachmentKind::Unknown]
        );
        assert_eq!(trip.attachments[0].table.as_ref().unwrap().rows.len(), 2, "{}", version.name);
        let file = trip.attachments[1].main_file().unwrap();
        assert!(
            file.name == "beach.jpg"
                && matches!(&file.place, crate::notes::Place::Stored(entry) if entry.path == media.1)
        );
        if !version.identifier_of_inline.is_empty() {
            assert_eq!(trip.tags, ["sea"], "{}", version.name);
        }
        let raw = &trip.attachments[3].raw;
        assert_eq!((raw["ZTITLE"].as_str(), raw["ZTYPEUTI"].as_str()), ("What?", "org.example.new"));
    }
}

#[test]
fn a_file_that_names_its_attachment_is_found() {
    let Some(mut sql) = life(&VERSIONS[6], b"") else { return };
    sql += "UPDATE ZICCLOUDSYNCINGOBJECT SET ZMEDIA = NULL WHERE Z_PK = 21; UPDATE ZICCLOUDSYNCINGOBJECT SET ZATTACHMENT1 = 21 WHERE Z_PK = 30";
    let (notes, _) = all(&Files::new().with_database(DATABASE, &sql));
    assert_eq!(notes[1].attachments[1].files[0].name, "beach.jpg");
}

#[test]
fn recordings_have_the_words_that_were_said() {
    let Some(mut sql) = life(&VERSIONS[6], b"") else { return };
    let words = literal(&crate::notes::transcript::tests::two_words());
    sql += &format!(
        "UPDATE ZICCLOUDSYNCINGOBJECT SET ZTYPEUTI = 'com.apple.m4a-audio', ZMERGEABLEDATA1 = {words} WHERE Z_PK = 21"
    );
    let (notes, skipped) = all(&Files::new().with_database(DATABASE, &sql));
    let sound = notes[1].attachments.iter().find(|own| own.kind == AttachmentKind::Audio).unwrap();
    assert_eq!((sound.recognised.as_deref(), skipped), (Some("good morning"), vec![]));
}

#[test]
fn notes_are_shared_by_their_folders_and_invitations_too() {
    let Some(blobs) = shared_data("notes-blobs/exported_blobs") else { return };
    let share = literal(&fs::read(blobs.join("ZSERVERSHAREDATA.bin")).unwrap());
    let Some(sql) = life(&VERSIONS[6], b"") else { return };
    let people = |more: &str| {
        let source = Files::new().with_database(DATABASE, &(sql.clone() + more));
        let directory = Directory::default();
        let notes = Notes::open(&source, &directory, NotePasswords::default()).unwrap();
        let strange = notes.strange_invitations();
        let mut shared = Vec::new();
        let skipped = notes.each(&Filter::default(), &mut going_on(|note: Note| shared.push(note.shared_with.len())));
        assert_eq!(skipped, []);
        (shared, strange)
    };
    assert_eq!(people(""), (vec![0, 0], vec![]));
    let column = "ZSERVERSHAREDATA";
    // The note itself, the folder around its folder, and an invitation to that.
    for row in [10, 2] {
        let own = format!("UPDATE ZICCLOUDSYNCINGOBJECT SET {column} = {share} WHERE Z_PK = {row};");
        assert_eq!(people(&own).0, [0, 2], "{row}");
        assert_eq!(
            people(&format!("{own} INSERT INTO ZICINVITATION (ZROOTOBJECT, {column}) VALUES (3, {share});")).0,
            [0, 2]
        );
    }
    let invited = format!(
        "INSERT INTO ZICINVITATION (ZROOTOBJECT, ZTITLE, {column}, ZSHAREURL) VALUES (10, 'Trip', {share}, 'a'), (99, 'Gone', {share}, 'b'), (NULL, 'New', NULL, 'c');"
    );
    assert_eq!(people(&invited), (vec![0, 2], vec!["Gone".to_owned(), "New".to_owned()]));
}

#[test]
fn only_what_is_asked_for_comes() {
    let Some(sql) = life(&VERSIONS[6], b"") else { return };
    let source = Files::new().with_database(DATABASE, &sql);
    let titles = |filter: Filter| -> Vec<String> {
        read(&source, &[], &filter).0.into_iter().filter_map(|note| note.title).collect()
    };
    let folders = |name: &str| titles(Filter { folders: vec![name.into()], ..Filter::default() });
    assert_eq!(
        (folders("travel"), folders("TRAVEL/lisbon"), folders("x")),
        (vec!["Trip".into()], vec!["Trip".into()], vec![])
    );
    // With the account, and of a folder on the way.
    for path in ["iCloud/Travel", "icloud", "lisbon", "Travel/", "iCloud/Travel/Lisbon"] {
        assert_eq!(folders(path), ["Trip"], "{path}");
    }
    assert_eq!((folders("iCloud/Lisbon"), folders("Trav"), folders("")), (vec![], vec![], vec![]));
    assert_eq!(titles(Filter { tags: vec!["#SEA".into()], ..Filter::default() }), ["Trip"]);
    assert_eq!(titles(Filter { words: vec!["see trip".into()], ..Filter::default() }), ["Trip"]);
    assert_eq!(titles(Filter { words: vec!["nowhere".into()], ..Filter::default() }), Vec::<String>::new());
    let since = AppleTime::from_seconds(500_000_050.0);
    assert_eq!(
        titles(Filter { common: crate::Selection { since, ..crate::Selection::default() }, ..Filter::default() }),
        ["Trip"]
    );
}

#[test]
fn what_is_no_store_is_told() {
    let directory = Directory::default();
    let open = |files: &Files| Notes::open(files, &directory, NotePasswords::default()).map(|_| ()).unwrap_err();
    assert!(matches!(open(&Files::new()), SourceError::Missing { .. }));
    assert!(matches!(open(&Files::new().with_database(DATABASE, "CREATE TABLE t (a)")), SourceError::Foreign { .. }));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Columns that a newer or older version lacks or adds, and numbers of kinds that moved, cost no note.
    #[test]
    fn schemas_that_nobody_knows_give_every_note(drop in proptest::collection::vec(0_usize..400, 0..30), shift in 100_i64..150, names in any::<bool>()) {
        let Some(sql) = life(&VERSIONS[5], b"") else { return Ok(()) };
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(&sql).unwrap();
        connection.execute_batch(&format!(
            "UPDATE ZICCLOUDSYNCINGOBJECT SET Z_ENT = Z_ENT + {shift}; UPDATE Z_PRIMARYKEY SET Z_ENT = Z_ENT + {shift} WHERE Z_ENT >= 40;
             ALTER TABLE ZICCLOUDSYNCINGOBJECT ADD COLUMN ZTITLE99 TEXT; ALTER TABLE ZICCLOUDSYNCINGOBJECT ADD COLUMN ZNEVERSEEN BLOB DEFAULT 'x';
             UPDATE ZICCLOUDSYNCINGOBJECT SET ZNOTEDATA = 1 WHERE Z_PK IN (10, 11)"
        )).unwrap();
        if names {
            connection.execute_batch("DELETE FROM Z_PRIMARYKEY").unwrap();
        }
        let keep = ["Z_PK", "Z_ENT", "ZIDENTIFIER", "ZNOTEDATA"];
        let columns = columns_of(&connection);
        let dropped: BTreeMap<usize, &String> = drop.iter().filter_map(|at| Some((*at, columns.get(*at)?))).collect();
        for column in dropped.values().filter(|column| !keep.contains(&column.as_str())) {
            let _ = connection.execute_batch(&format!("ALTER TABLE ZICCLOUDSYNCINGOBJECT DROP COLUMN {column}"));
        }
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("NoteStore.sqlite");
        connection.execute("VACUUM INTO ?1", [file.to_str().unwrap()]).unwrap();
        let source = Files::new().with_file(DATABASE, &file);
        let (notes, _) = all(&source);
        let mut identifiers: Vec<_> = notes.iter().filter_map(|note| note.identifier.clone()).collect();
        identifiers.sort();
        prop_assert_eq!(identifiers, ["N-10", "N-11"]);
        prop_assert!(notes.iter().any(|note| note.text().starts_with("Trip\n")));
    }
}
