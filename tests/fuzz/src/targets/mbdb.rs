//! `Manifest.mbdb`: every record that is listed has its details.

use corer::backup::manifest::mbdb::Mbdb;

pub fn run(bytes: &[u8]) {
    let list = Mbdb::new(bytes.to_vec());
    let Ok(catalog) = list.catalog() else { return };
    for record in catalog.records() {
        assert!(list.details(record.file_id()).is_ok(), "{}", record.name());
    }
}
