//! Opening backups of every kind as a library, without the command line.

mod common;

use std::path::Path;
use std::sync::Arc;

use corer::backup::tree::Folder;
use corer::backup::{Backup, BackupError, LockedBackup};
use corer_schemas::source::{EntryKind, Source, SourceError};

fn open(path: &Path) -> LockedBackup {
    LockedBackup::open(Arc::new(Folder::new(path))).unwrap()
}

fn kinds(backup: &Backup) -> [usize; 3] {
    [EntryKind::File, EntryKind::Directory, EntryKind::Symlink].map(|kind| {
        backup.catalog().records().filter(|record| record.kind() == corer::backup::manifest::RecordKind::Entry(kind)).count()
    })
}

#[test]
fn a_real_manifest_without_its_property_list_opens_as_plain() {
    let Some(path) = common::shared("manifest-ios14.3") else { return };
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
    let locked = open(&common::sample("ios18-encrypted"));
    assert!(locked.is_encrypted());
    assert!(matches!(locked.open_plain(), Err(BackupError::Locked)));
}
