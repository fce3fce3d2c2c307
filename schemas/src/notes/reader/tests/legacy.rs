//! Notes of before iOS 9.

use std::fs;

use super::*;

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
