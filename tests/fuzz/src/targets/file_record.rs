//! The record of a file in `Manifest.db`: what is always asked, and what seldom is.

use corer::backup::manifest::facts::Facts;
use corer::backup::manifest::{FileId, RecordKind, mbfile};

pub fn run(bytes: &[u8]) {
    let mut facts = Facts::bare(FileId::of("HomeDomain", "a"), RecordKind::Placeholder);
    let _ = (mbfile::read(bytes, &mut facts), mbfile::details(bytes));
}
