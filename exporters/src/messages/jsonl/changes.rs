//! What became of a message afterwards: it was edited or deleted.

use corer_schemas::messages::{Deleted, DeletedPart, Edit, Version};
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::clock::exact;

#[derive(Serialize)]
pub(super) struct EditRecord<'a> {
    part: u32,
    versions: Vec<VersionRecord<'a>>,
}

#[derive(Serialize)]
struct VersionRecord<'a> {
    date: Option<String>,
    text: &'a str,
}

#[derive(Serialize)]
pub(super) struct DeletedRecord<'a> {
    date: Option<String>,
    is_whole: bool,
    parts: Vec<DeletedPartRecord<'a>>,
}

#[derive(Serialize)]
struct DeletedPartRecord<'a> {
    index: u32,
    date: Option<String>,
    text: Option<&'a str>,
}

impl<'a> EditRecord<'a> {
    pub(super) fn new(edit: &'a Edit, zone: &TimeZone) -> Self {
        let version = |version: &'a Version| VersionRecord { date: exact(version.date, zone), text: &version.text };
        Self { part: edit.part, versions: edit.versions.iter().map(version).collect() }
    }
}

impl<'a> DeletedRecord<'a> {
    pub(super) fn new(deleted: &'a Deleted, zone: &TimeZone) -> Self {
        let part = |part: &'a DeletedPart| DeletedPartRecord {
            index: part.index,
            date: exact(part.date, zone),
            text: part.text.as_deref(),
        };
        Self {
            date: exact(deleted.date, zone),
            is_whole: deleted.is_whole,
            parts: deleted.parts.iter().map(part).collect(),
        }
    }
}
