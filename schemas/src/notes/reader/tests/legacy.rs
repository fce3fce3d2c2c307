//! Notes of before iOS 9.

use std::fs;

use super::*;
use crate::notes::Place;

#[test]
fn old_notes_are_read_too() {
    let Some(folder) = shared_data("ddl") else { return };
    for version in ["6.1.6", "9.3.5", "10.3.3", "11.2"] {
        let mut sql = fs::read_to_string(folder.join(format!("notes.sqlite-legacy-iOS{version}.sql"))).unwrap();
        sql += "INSERT INTO ZACCOUNT (Z_PK, ZNAME) VALUES (1, 'Mail'); INSERT INTO ZSTORE (Z_PK, ZNAME, ZACCOUNT) VALUES (2, 'Notes', 1);
            INSERT INTO ZNOTEBODY (Z_PK, ZCONTENT) VALUES (3, 'Shopping<div>milk &amp; <b>eggs</b></div>');
            INSERT INTO ZNOTE (Z_PK, ZTITLE, ZBODY, ZSTORE, ZCREATIONDATE, ZGUID) VALUES (4, 'Shopping', 3, 2, 300000000, 'G');";
        for place in [LEGACY, DATABASE] {
            struct One(Files);
            impl Source for One {
                fn entries(&self, domain: &str, prefix: &str) -> Result<Vec<crate::Entry>, SourceError> {
                    self.0.entries(domain, prefix)
                }
                fn entry(&self, domain: &str, path: &str) -> Result<crate::Entry, SourceError> {
                    self.0.entry(domain, path)
                }
                fn attributes(&self, entry: &crate::Entry) -> Result<Vec<(String, Vec<u8>)>, SourceError> {
                    self.0.attributes(entry)
                }
                fn open(&self, entry: &crate::Entry) -> Result<crate::Opened, SourceError> {
                    self.0.open(entry)
                }
                fn database(
                    &self,
                    domain: &str,
                    path: &str,
                ) -> Result<std::sync::Arc<dyn crate::Database>, SourceError> {
                    self.0.database(domain, path)
                }
                fn is_one_database(&self) -> bool {
                    true
                }
            }
            let files = Files::new().with_database(place, &sql);
            let (notes, skipped) = if place == LEGACY { all(&files) } else { all(&One(files)) };
            assert_eq!(skipped, [], "{version}");
            assert_eq!(notes[0].text(), "Shopping\nmilk & eggs\n");
            assert_eq!(
                (notes[0].folder.as_slice(), notes[0].account.as_deref()),
                (&["Notes".to_owned()][..], Some("Mail"))
            );
        }
    }
}

#[test]
fn a_picture_is_never_taken_for_another_of_the_same_name() {
    let Some(folder) = shared_data("ddl") else { return };
    let mut sql = fs::read_to_string(folder.join("notes.sqlite-legacy-iOS11.2.sql")).unwrap();
    sql += "INSERT INTO ZNOTEBODY (Z_PK, ZCONTENT) VALUES (3, 'x<img src=\"cid:AA@note\">');
        INSERT INTO ZNOTE (Z_PK, ZTITLE, ZBODY, ZCREATIONDATE) VALUES (4, 'One', 3, 300000000), (5, 'Two', 3, 300000001);
        INSERT INTO ZNOTEATTACHMENT (Z_PK, ZNOTE, ZCONTENTID, ZFILENAME, ZMIMETYPE) VALUES
        (1, 4, 'AA@note', 'image.jpg', 'image/jpeg'), (2, 5, 'BB@note', 'image.jpg', 'image/jpeg'), (3, 5, 'CC', 'alone.jpg', 'image/jpeg');";
    let files = tempfile::tempdir().unwrap();
    let source = |paths: &[&str]| {
        let mut source = Files::new().with_database(LEGACY, &sql);
        for path in paths {
            let file = files.path().join(path.replace('/', "-"));
            fs::write(&file, path).unwrap();
            source = source.with_file((LEGACY.0, path), &file);
        }
        source
    };
    let places = |paths: &[&str]| -> Vec<Option<String>> {
        let (notes, _) = all(&source(paths));
        let files = notes.iter().flat_map(|note| &note.attachments).flat_map(|own| &own.files);
        let place = |file: &crate::notes::NoteFile| match &file.place {
            Place::Stored(entry) => Some(entry.path.clone()),
            Place::Missing { .. } => None,
        };
        files.map(place).collect()
    };
    let (one, two) = ("Library/Notes/AA/image.jpg", "Library/Notes/BB/image.jpg");
    let alone = "Library/Notes/x/alone.jpg";
    let found = |path: &str| Some(path.to_owned());
    assert_eq!(places(&[one, two, alone]), [found(one), found(two), found(alone)]);
    // One file for two rows, and two files whose places say nothing.
    assert_eq!(places(&["Library/Notes/image.jpg"]), [None, None, None]);
    assert_eq!(places(&["Library/Notes/x/image.jpg", "Library/Notes/y/image.jpg"]), [None, None, None]);
}
