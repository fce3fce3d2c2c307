//! A list of records that is read as one with what is remembered of it.

use std::cell::{Cell, RefCell};
use std::io;
use std::ops::ControlFlow;

use corer_schemas::Skipped;
use corer_schemas::identity::Identified;
use corer_schemas::records::Feed;

use super::error::SavedError;
use super::merge::{EachKept, Merge};
use super::record::{IdentifiedList, Kept};
use super::writer::Writer;

/// The records of a backup and those that are remembered, which are written down as they are handed on.
pub struct Merged<'m, R> {
    merge: Merge<'m>,
    chosen: &'m dyn Feed<R>,
    writer: Writer,
    failed: RefCell<Option<SavedError>>,
    is_read: Cell<bool>,
}

impl<'m, R: Identified> Merged<'m, R> {
    /// The records of `chosen`, and those that are remembered. `writer` takes the new memory.
    pub(super) fn new(merge: Merge<'m>, chosen: &'m dyn Feed<R>, writer: Writer) -> Self {
        Self { merge, chosen, writer, failed: RefCell::new(None), is_read: Cell::new(false) }
    }

    /// What was written down, once all records have been handed on.
    ///
    /// # Errors
    /// When what is remembered could not be read, or the new memory could not be written.
    pub fn into_writer(self) -> Result<Writer, SavedError> {
        match self.failed.into_inner() {
            Some(error) => Err(error),
            None => Ok(self.writer),
        }
    }

    /// Whether the records end because something failed: what was made of them must not be kept.
    pub fn has_failed(&self) -> bool {
        self.failed.borrow().is_some()
    }

    fn merge(&self, each: &mut EachKept<'_, R>) -> Result<Vec<Skipped>, SavedError> {
        if self.is_read.replace(true) {
            return Err(io::Error::other("the records were asked for twice").into());
        }
        let mut section = self.writer.section(0);
        let waiting = self.merge.waiting(&[]);
        let end = self.merge.run(&IdentifiedList(self.chosen), waiting, &mut section, each)?;
        if !end.is_stopped && self.merge.memory.is_some() && end.delivered < self.merge.plan.found {
            // What was there a moment ago and is no more is neither here nor kept: a disk that was unplugged.
            return Err(SavedError::Changed);
        }
        section.finish()?;
        Ok(end.skipped)
    }
}

impl<R: Identified> Feed<Kept<R>> for Merged<'_, R> {
    fn each(&self, each: &mut dyn FnMut(Kept<R>) -> ControlFlow<()>) -> Vec<Skipped> {
        self.merge(each).unwrap_or_else(|error| {
            *self.failed.borrow_mut() = Some(error);
            Vec::new()
        })
    }
}
