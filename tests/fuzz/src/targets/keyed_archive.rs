//! Keyed archives: the object of the root and everything that it leads to.

use corer_schemas::formats::keyed_archive::{Archive, RootObject};

pub fn run(bytes: &[u8]) {
    if let Ok(archive) = Archive::new(bytes)
        && let Ok(root) = archive.root()
    {
        let _ = (root.class_name(), root.text(), root.date(), root.to_value());
        let _ = (root.members().count(), root.entries().count());
    }
    if let Ok(root) = RootObject::new(bytes) {
        let _ = (root.class_name(), root.fields().count());
    }
}
