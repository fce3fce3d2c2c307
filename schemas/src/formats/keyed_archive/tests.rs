use std::sync::LazyLock;

use proptest::prelude::*;

use super::super::bplist::Text;
use super::super::plist::Value;
use super::super::raw_plist::{array, ascii, data, dictionary, integer, list, uid};
use super::super::typedstream::{Attribute, AttributedString};
use super::*;

/// An archive of one object: the class `Box` with a number, data, a string behind a reference, an array and itself.
fn sound() -> Vec<u8> {
    let objects = [
        dictionary(&[(1, 2), (3, 4), (5, 6), (7, 8)]), // 0
        ascii("$version"),
        integer(100_000),
        ascii("$archiver"),
        ascii("NSKeyedArchiver"),
        ascii("$top"),
        dictionary(&[(9, 10)]),
        ascii("$objects"),
        array(&[11, 12, 13, 14, 15, 16, 17]), // 8
        ascii("root"),
        uid(1),
        ascii("$null"),                                                                      // $0
        dictionary(&[(18, 19), (20, 21), (22, 23), (24, 25), (26, 10), (27, 28), (29, 30)]), // $1
        dictionary(&[(31, 32), (29, 33)]),                                                   // $2
        ascii("hello"),                                                                      // $3
        dictionary(&[(34, 35), (29, 33)]),                                                   // $4
        dictionary(&[(36, 37)]),                                                             // $5
        dictionary(&[(36, 38)]),                                                             // $6
        ascii("Size"),
        integer(-5),
        ascii("Key"),
        uid(2),
        ascii("Name"),
        uid(3),
        ascii("List"),
        uid(4),
        ascii("Self"),
        ascii("None"),
        uid(0),
        ascii("$class"),
        uid(5),
        ascii("NS.data"),
        data(b"secret"),
        uid(6),
        ascii("NS.objects"),
        array(&[23, 10, 19]),
        ascii("$classname"),
        ascii("Box"),
        ascii("NSMutableData"),
    ];
    list(&objects, 0)
}

#[test]
fn the_root_object_gives_its_fields_in_one_pass() {
    let bytes = sound();
    let root = RootObject::new(&bytes).unwrap();
    assert!(root.class_name().unwrap().is_some_and(|name| name == *"Box"));
    let fields: Vec<_> = root.fields().map(Result::unwrap).map(|(name, field)| (name.to_str(), field)).collect();
    assert_eq!(fields[0], ("Size".into(), Field::Integer(-5)));
    assert_eq!(fields[1], ("Key".into(), Field::Data(b"secret")));
    assert_eq!(fields[2], ("Name".into(), Field::Text(Text::Ascii(b"hello"))));
    assert_eq!(fields[3], ("List".into(), Field::Other));
    assert_eq!(fields[5], ("None".into(), Field::Null));
    assert_eq!(root.field("Size"), Ok(Some(Field::Integer(-5))));
    assert_eq!(root.field("Absent"), Ok(None));
}

#[test]
fn an_archive_is_followed_lazily() {
    let bytes = sound();
    let archive = Archive::new(&bytes).unwrap();
    let root = archive.root().unwrap();
    assert_eq!(root.class_name().as_deref(), Some("Box"));
    assert_eq!(root.field("Key").unwrap().unwrap().data(), Some(&b"secret"[..]));
    assert_eq!(root.path(&["Self", "Self", "Name"]).unwrap().unwrap().text().as_deref(), Some("hello"));
    assert!(root.field("None").unwrap().is_none());
    let list = root.field("List").unwrap().unwrap();
    assert_eq!(list.members().count(), 3);
    assert_eq!(list.members().nth(2).unwrap().unwrap().integer(), Some(-5));
}

#[test]
fn a_copy_breaks_circles_and_says_classes() {
    let bytes = sound();
    let value = Archive::new(&bytes).unwrap().root().unwrap().to_value().unwrap();
    let fields = value.as_dictionary().unwrap();
    assert_eq!(fields.get("$class").unwrap().as_str(), Some("Box"));
    assert_eq!(fields.get("Self").unwrap().as_str(), Some("$null"));
    let list = fields.get("List").unwrap().as_array().unwrap();
    assert_eq!(list, [Value::String("hello".into()), Value::String("$null".into()), Value::Integer(-5)]);
}

#[test]
fn shared_arrays_do_not_expand() {
    let levels = 40u8;
    let mut objects = vec![
        dictionary(&[(1, 2), (3, 4)]),
        ascii("$top"),
        dictionary(&[(5, 6)]),
        ascii("$objects"),
        array(&(7..7 + u16::from(levels)).collect::<Vec<_>>()),
        ascii("root"),
        uid(0),
    ];
    // The UID objects follow the 40 objects of the archive.
    let first_uid = 7 + u16::from(levels);
    (1..=levels).for_each(|next| {
        let next = first_uid + u16::from(next) - 1;
        objects.push(array(&[next, next]));
    });
    (1..=levels).for_each(|next| objects.push(uid(next.min(levels - 1))));
    let bytes = list(&objects, 0);
    assert_eq!(Archive::new(&bytes).unwrap().root().unwrap().to_value(), Err(Malformed::Endless));
}

#[test]
fn what_is_no_archive_is_said_to_be_none() {
    assert_eq!(RootObject::new(b"").err(), Some(Malformed::NotBinary));
    assert_eq!(RootObject::new(&list(&[ascii("a")], 0)).err(), Some(Malformed::NotAnArchive));
    assert_eq!(RootObject::new(&list(&[dictionary(&[])], 0)).err(), Some(Malformed::NotAnArchive));
}

#[test]
fn the_records_of_a_real_manifest_are_peeked() {
    let Some(folder) = crate::testing::shared_data("manifest-ios14.3") else { return };
    let copy = crate::testing::copy_database(&folder.join("Manifest.db"));
    let database = rusqlite::Connection::open(copy.path().join("Manifest.db")).unwrap();
    let mut statement = database.prepare("SELECT file FROM Files").unwrap();
    let blobs: Vec<Vec<u8>> = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let (mut sizes, mut names) = (0, 0);
    for blob in &blobs {
        let root = RootObject::new(blob).unwrap();
        assert!(root.class_name().unwrap().is_some_and(|name| name == *"MBFile"));
        for field in root.fields() {
            let (name, field) = field.unwrap();
            sizes += usize::from(name == *"Size" && matches!(field, Field::Integer(_)));
            names += usize::from(name == *"RelativePath" && matches!(field, Field::Text(_)));
        }
    }
    assert_eq!((blobs.len(), sizes, names), (3721, 3721, 3721));
}

/// The archives inside of captured message texts; nothing when there are none at hand.
fn captured() -> Vec<Vec<u8>> {
    let Some(folder) = crate::testing::shared_data("typedstream") else { return vec![] };
    let mut found = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let file = file.unwrap().path();
        // Who took the words out of this one broke its references.
        if file.ends_with("URLMessage") {
            continue;
        }
        let Ok(string) = AttributedString::read(&std::fs::read(file).unwrap()) else { continue };
        for (_, value) in string.runs.iter().flat_map(|run| string.attributes(run)) {
            if let Attribute::Data(bytes) = value {
                found.push(bytes.clone());
            }
        }
    }
    assert!(found.len() >= 20, "{} archives", found.len());
    found
}

#[test]
fn the_archives_inside_of_real_messages_are_read() {
    for bytes in captured() {
        let archive = Archive::new(&bytes).unwrap();
        let result = archive.top("dd-result").unwrap().unwrap();
        assert_eq!(result.class_name().as_deref(), Some("DDScannerResult"));
        assert!(result.field("T").unwrap().unwrap().text().is_some());
        assert!(result.to_value().is_ok());
    }
}

/// Reads whatever can be read.
fn read_all(bytes: &[u8]) {
    if let Ok(root) = RootObject::new(bytes) {
        root.fields().for_each(drop);
        let _ = root.class_name();
    }
    if let Ok(archive) = Archive::new(bytes) {
        for object in [archive.root(), archive.top("dd-result").and_then(|top| top.ok_or(Malformed::NotAnArchive))] {
            let _ = object.map(|object| object.to_value());
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..512)) {
        read_all(&bytes);
        read_all(&[b"bplist00".as_slice(), &bytes].concat());
    }

    #[test]
    fn any_damage_is_survived(
        which in any::<prop::sample::Index>(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
        length in any::<prop::sample::Index>(),
    ) {
        static CAPTURED: LazyLock<Vec<Vec<u8>>> = LazyLock::new(captured);
        let mut bytes = CAPTURED.get(which.index(CAPTURED.len() + 1)).cloned().unwrap_or_else(sound);
        for (at, byte) in &changes {
            let at = at.index(bytes.len());
            bytes[at] = *byte;
        }
        read_all(&bytes);
        bytes.truncate(length.index(bytes.len()));
        read_all(&bytes);
    }
}
