//! Locked notes, and what is attached to them.

use std::io::Read as _;

use super::*;
use crate::notes::{FileRole, Place};

#[test]
fn locked_notes_open_with_their_password_and_never_disappear() {
    const NEO: &[u8] = include_bytes!("../../lock/sealed/neo.bplist");
    const DEVICE: &[u8] = include_bytes!("../../lock/sealed/device.bplist");
    let Some(mut sql) = tables("iOS17.3") else { return };
    sql += "INSERT INTO Z_PRIMARYKEY VALUES (12, 'ICNote', 0, 0);";
    for (pk, data) in [(1, NEO), (2, DEVICE), (3, b"damaged")] {
        sql += &format!(
            "INSERT INTO ZICCLOUDSYNCINGOBJECT (Z_PK, Z_ENT, ZIDENTIFIER, ZTITLE1, ZISPASSWORDPROTECTED) VALUES ({pk}, 12, 'L{pk}', 'Locked {pk}', 1);
             INSERT INTO ZICNOTEDATA (Z_PK, ZNOTE, ZDATA) VALUES ({pk}, {pk}, {});",
            literal(data)
        );
    }
    let source = Files::new().with_database(DATABASE, &sql);
    let (closed, _) = all(&source);
    let why = |note: &Note| match &note.body {
        Body::Missing { why, .. } => why.clone(),
        Body::Text(_) => note.text(),
    };
    assert_eq!(closed.len(), 3);
    assert!(why(&closed[0]).contains("password of notes is needed") && why(&closed[1]).contains("passcode"));
    let (open, _) = read(&source, &["Zoë’s 🔑"], &Filter::default());
    assert_eq!(why(&open[0]), "Secret\nThe key is under the mat 🗝\n");
    assert!(open[0].lock.as_ref().unwrap().is_open && !open[1].lock.as_ref().unwrap().is_open);
    assert!(matches!(open[2].body, Body::Missing { .. }));
    let (wrong, _) = read(&source, &["no"], &Filter::default());
    assert!(why(&wrong[0]).contains("none of the passwords"));
}

/// The password that `make.py` locks with.
const PASSWORD: &str = "Zoë’s 🔑";

/// Two locked notes with a picture each, made by `make.py`, which shares nothing with the code.
fn with_pictures(folder: &std::path::Path) -> Option<Files> {
    let sql = tables("iOS17.3")? + include_str!("../../lock/sealed/store.sql");
    let mut source = Files::new().with_database(DATABASE, &sql);
    let pictures: [(&str, &[u8]); 2] = [
        ("Accounts/A/Media/M-1/M-1", include_bytes!("../../lock/sealed/older.picture")),
        ("Accounts/A/Media/M-2/1_G/M-2", include_bytes!("../../lock/sealed/newer.picture")),
    ];
    for (number, (path, bytes)) in pictures.into_iter().enumerate() {
        let file = folder.join(number.to_string());
        fs::write(&file, bytes).unwrap();
        source = source.with_file((DATABASE.0, path), &file);
    }
    Some(source)
}

#[test]
fn files_of_locked_notes_open_with_them() {
    let folder = tempfile::tempdir().unwrap();
    let Some(source) = with_pictures(folder.path()) else { return };
    let (notes, skipped) = read(&source, &["wrong", PASSWORD], &Filter::default());
    assert_eq!((notes.len(), skipped), (2, vec![]));
    let wanted = [("Map of the house", "house.jpg", "older"), ("Plan", "plan.jpg", "newer")];
    for (note, (title, name, way)) in notes.iter().zip(wanted) {
        let [picture] = note.attachments.as_slice() else { panic!("{note:?}") };
        let [file] = picture.files.as_slice() else { panic!("{picture:?}") };
        assert_eq!((picture.title.as_deref(), file.name.as_str(), file.role), (Some(title), name, FileRole::Original));
        let Place::Stored(entry) = &file.place else { panic!("{file:?}") };
        let mut plain = String::new();
        let opened = file.lock.as_ref().unwrap().open(source.open(entry).unwrap()).unwrap();
        assert_eq!(opened.reader.take(100).read_to_string(&mut plain).unwrap() as u64, opened.len.unwrap());
        assert_eq!(plain, format!("the picture of the {way} way"));
        // Another file, or half of one, opens nothing.
        let lock = file.lock.as_ref().unwrap();
        let other =
            crate::Opened { reader: Box::new(std::io::Cursor::new(b"bplist00".to_vec())), plain: None, len: None };
        let half = crate::Opened { reader: Box::new(std::io::Cursor::new(vec![1, 2, 3])), plain: None, len: None };
        assert!(lock.open(other).is_err() && lock.open(half).is_err());
        // No key is ever written or shown.
        assert!(
            !serde_json::to_string(note).unwrap().contains("lock\":{\"own") && format!("{lock:?}") == "FileLock { .. }"
        );
    }
}

#[test]
fn files_of_closed_notes_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let Some(source) = with_pictures(folder.path()) else { return };
    for passwords in [&[][..], &["wrong"]] {
        let (notes, _) = read(&source, passwords, &Filter::default());
        for note in &notes {
            let place = &note.attachments[0].files[0].place;
            assert!(
                matches!(place, Place::Missing { why, expected: false } if why == "it is locked with its note"),
                "{place:?}"
            );
        }
    }
}
