//! Opening backups of every kind as a library, without the command line.

use std::collections::BTreeMap;
use std::sync::Arc;

use corer::backup::bytes::read_all;
use corer::backup::manifest::Record;
use corer::backup::tree::Folder;
use corer::backup::{Backup, BackupError, LockedBackup};
use corer_schemas::source::{Absence, EntryKind, Source, SourceError};

fn open(path: &str) -> LockedBackup {
    LockedBackup::open(Arc::new(Folder::new(path))).unwrap()
}

fn kinds(backup: &Backup) -> [usize; 3] {
    [EntryKind::File, EntryKind::Directory, EntryKind::Symlink].map(|kind| {
        backup
            .catalog()
            .records()
            .filter(|record| record.kind() == corer::backup::manifest::RecordKind::Entry(kind))
            .count()
    })
}

#[test]
fn a_real_manifest_without_its_property_list_opens_as_plain() {
    let Some(path) = crate::support::shared("manifest-ios14.3") else { return };
    let backup = open(&path).open_plain().unwrap();
    assert_eq!(kinds(&backup), [1089, 2618, 14]);
    assert!(backup.notes().iter().any(|note| note.item == "Manifest.plist"));
    let sms = backup.database("HomeDomain", "Library/SMS/sms.db").unwrap().connect().unwrap();
    assert!(sms.query_row("SELECT count(*) FROM message", [], |row| row.get::<_, i64>(0)).is_ok());
    let lost = backup.entry("HomeDomain", "Library/AddressBook/AddressBook.sqlitedb").unwrap();
    assert!(matches!(backup.open(&lost), Err(SourceError::Absent { .. })));
}

#[test]
fn the_encrypted_sample_opens_with_its_password_alone() {
    let locked = open(&crate::support::sample("ios18-encrypted"));
    assert!(locked.is_encrypted());
    assert!(matches!(locked.open_plain(), Err(BackupError::Locked)));
}

/// Every file of a backup, decrypted.
fn contents(backup: &Backup) -> BTreeMap<String, Vec<u8>> {
    let read = |record: Record<'_>| {
        let content = backup.content(record).unwrap_or_else(|error| panic!("{}: {error}", record.name()));
        (record.name(), read_all(content.bytes.as_ref(), 1 << 30).unwrap())
    };
    backup.catalog().records().filter(Record::is_file).map(read).collect()
}

#[test]
fn an_encrypted_backup_gives_what_the_same_backup_in_clear_gives() {
    for (plain, encrypted, only_encrypted) in [("ios18", "ios18-encrypted", true), ("ios9", "ios9-encrypted", false)] {
        let plain = contents(&open(&crate::support::sample(plain)).open_plain().unwrap());
        let locked = open(&crate::support::sample(encrypted));
        let encrypted = contents(&locked.unlock(b"mira-1961").unwrap());
        assert!(plain.len() > 10);
        for (name, bytes) in &plain {
            assert!(encrypted.get(name) == Some(bytes), "{name} differs");
        }
        assert_eq!(encrypted.len() > plain.len(), only_encrypted);
    }
}

#[test]
fn every_kind_of_manifest_gives_messages() {
    for name in ["ios5", "ios9", "ios9-encrypted", "ios10.1-encrypted", "imazing/00008120-001C0FFEE0C0BE1E"] {
        let backup = open(&crate::support::sample(name)).unlock(b"mira-1961").unwrap();
        let sms = backup.database("HomeDomain", "Library/SMS/sms.db").unwrap().connect().unwrap();
        let messages: i64 = sms.query_row("SELECT count(*) FROM message", [], |row| row.get(0)).unwrap();
        assert!(messages > 0, "{name}");
    }
}

#[test]
fn a_password_may_be_typed_composed_or_decomposed() {
    let locked = open(&crate::support::sample("odd-encrypted"));
    for password in ["Havet 1961 – æøå", "Havet 1961 – æøa\u{30a}"] {
        assert!(locked.unlock(password.as_bytes()).is_ok(), "{password}");
    }
    assert!(locked.unlock("Havet 1961 – æøa".as_bytes()).is_err());
}

#[test]
fn odd_but_legal_records_all_open() {
    let backup = open(&crate::support::sample("odd-encrypted")).unlock("Havet 1961 – æøå".as_bytes()).unwrap();
    assert!(backup.catalog().problems().is_empty(), "{:?}", backup.catalog().problems());
    for record in backup.catalog().records().filter(Record::is_file) {
        match backup.content(record) {
            Err(SourceError::Absent { why: Absence::InCloud, .. }) => assert!(record.facts().is_dataless()),
            other => assert!(other.is_ok(), "{}: {}", record.name(), other.err().unwrap()),
        }
    }
}

#[test]
fn an_interrupted_backup_gives_the_one_before_until_files_are_moved() {
    let names = |name: &str| -> Vec<String> {
        let backup = open(&crate::support::sample(name)).open_plain().unwrap();
        assert!(backup.notes().iter().any(|note| note.item == "Status.plist"), "{name}");
        for record in backup.catalog().records().filter(Record::is_file) {
            assert!(backup.content(record).is_ok(), "{name}: {}", record.name());
        }
        backup.catalog().records().map(|record| record.name()).collect()
    };
    let before = names("interrupted");
    let after = names("interrupted-moving");
    assert!(before.len() > 10 && after.len() > 10);
}
