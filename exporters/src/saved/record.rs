//! Records as an export remembers them.

use std::ops::{ControlFlow, Deref};

use corer_schemas::Skipped;
use corer_schemas::identity::{Identified, Identities, RecordId};
use corer_schemas::records::Feed;

/// A record, and what the export remembers of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept<R> {
    /// The record, as the newest backup has it that holds it.
    pub record: R,
    /// Whether the newest backup has it.
    pub standing: Standing,
    /// What it was before, the oldest first.
    pub versions: Vec<Version<R>>,
    /// The device, by its UDID, where the export is of several.
    pub device: Option<String>,
}

/// Whether the newest backup has a record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Standing {
    /// It has, or it could not be read to its end.
    #[default]
    Present,
    /// It has not. More the data do not say.
    Missing(Lacking),
    /// It has, but the record is no longer among those that are asked for.
    Outside(Lacking),
}

/// The first backup that lacked a record, of those after which it did not come back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lacking {
    /// When the backup was made, in seconds since 1970.
    pub made: Option<i64>,
}

/// What a record was in an earlier backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version<R> {
    /// When that backup was made, in seconds since 1970.
    pub made: Option<i64>,
    /// The record in it.
    pub record: R,
}

impl<R> Kept<R> {
    /// A record that is there, and of which nothing is remembered.
    pub fn present(record: R) -> Self {
        Self { record, standing: Standing::Present, versions: Vec::new(), device: None }
    }

    /// Whether there is nothing to say of it but what it is.
    pub fn is_plain(&self) -> bool {
        self.is_present() && self.versions.is_empty() && self.device.is_none()
    }

    /// Whether the newest backup has it among those that are asked for.
    pub fn is_present(&self) -> bool {
        self.standing == Standing::Present
    }
}

impl<R> Deref for Kept<R> {
    type Target = R;

    fn deref(&self) -> &R {
        &self.record
    }
}

/// The records of a backup, each with its identifier.
pub trait IdentifiedFeed<R> {
    /// Hands on each until it is told to stop, and gives those that could not be read.
    fn each(&self, each: &mut dyn FnMut(RecordId, R) -> ControlFlow<()>) -> Vec<Skipped>;
}

/// A list, over all of which equal records are counted.
pub struct IdentifiedList<'f, R>(pub &'f dyn Feed<R>);

impl<R: Identified> IdentifiedFeed<R> for IdentifiedList<'_, R> {
    fn each(&self, each: &mut dyn FnMut(RecordId, R) -> ControlFlow<()>) -> Vec<Skipped> {
        let mut identities = Identities::default();
        self.0.each(&mut |record| each(identities.of(&record), record))
    }
}

/// The records of a backup, of which nothing is remembered.
pub struct Present<'f, R>(pub &'f dyn Feed<R>);

impl<R> Feed<Kept<R>> for Present<'_, R> {
    fn each(&self, each: &mut dyn FnMut(Kept<R>) -> ControlFlow<()>) -> Vec<Skipped> {
        self.0.each(&mut |record| each(Kept::present(record)))
    }
}
