//! What an export remembers and what a backup holds, as one list in which every record stands once.
//!
//! A record that the backup has replaces what is remembered of it; where it is another version, the earlier one is kept beside
//! it. A record that the backup lacks stays, with a mark. A backup that is older than the newest one taken in only adds, and one
//! that could not be read to its end marks nothing.

use std::cell::RefCell;
use std::ops::ControlFlow;

use corer_schemas::identity::{Identified, Identities, RecordId};
use corer_schemas::records::Feed;
use corer_schemas::{AppleTime, Entry, Presence, Skipped};

use super::error::SavedError;
use super::line::{Essence, RecordLine, VersionLine};
use super::memory::{FOLDER, Known, Memory};
use super::plan::Plan;
use super::record::Kept;
use super::stand_in::StandIns;
use super::writer::Writer;

/// The records of a backup and those that are remembered, which are written down as they are handed on.
pub struct Merged<'m, R> {
    plan: &'m Plan,
    memory: Option<&'m Memory>,
    chosen: &'m dyn Feed<R>,
    stand_ins: &'m StandIns,
    writer: RefCell<Writer>,
    failed: RefCell<Option<SavedError>>,
}

impl<'m, R: Identified> Merged<'m, R> {
    /// As `plan` says. `writer` takes the new memory.
    pub fn new(
        plan: &'m Plan,
        memory: Option<&'m Memory>,
        chosen: &'m dyn Feed<R>,
        stand_ins: &'m StandIns,
        writer: Writer,
    ) -> Self {
        Self { plan, memory, chosen, stand_ins, writer: RefCell::new(writer), failed: RefCell::new(None) }
    }

    /// What was written down, once all records have been handed on.
    ///
    /// # Errors
    /// When what is remembered could not be read, or the new memory could not be written.
    pub fn into_writer(self) -> Result<Writer, SavedError> {
        match self.failed.into_inner() {
            Some(error) => Err(error),
            None => Ok(self.writer.into_inner()),
        }
    }

    fn go_on(&self, result: Result<ControlFlow<()>, SavedError>) -> ControlFlow<()> {
        result.unwrap_or_else(|error| {
            *self.failed.borrow_mut() = Some(error);
            ControlFlow::Break(())
        })
    }

    /// Hands on what is remembered alone, up to a moment.
    fn remembered(
        &self,
        waiting: &mut Remembered<'_>,
        until: Option<&R>,
        each: &mut dyn FnMut(Kept<R>) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, SavedError> {
        while let Some((id, known)) = waiting.next_before(until.map(Identified::moment)) {
            if self.keep(waiting.memory, id, known, each)?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Hands on a record that is remembered, as it is, with the mark that it has or gets.
    fn keep(
        &self,
        memory: &Memory,
        id: RecordId,
        known: &Known,
        each: &mut dyn FnMut(Kept<R>) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, SavedError> {
        let mut line = memory.line(known)?;
        if let Some(older) = self.plan.older.get(&id) {
            line.versions.push(older.clone());
            line.versions.sort_by_key(|version| (self.plan.head.made(version.backup), version.backup));
        }
        if self.plan.marks() {
            match self.plan.outside.contains(&id) {
                true => (line.missing, line.outside) = (None, line.outside.or(Some(self.plan.backup))),
                false => (line.missing, line.outside) = (line.missing.or(Some(self.plan.backup)), None),
            }
        }
        let mut kept: Kept<R> = memory.kept(known, &self.plan.head, &line)?;
        kept.device = self.device(line.backup);
        let mut writer = self.writer.borrow_mut();
        for entry in kept.record.entries() {
            let copy = (line.backup, entry.domain.clone(), entry.path.clone());
            match memory.copies.get(&copy) {
                Some(file) => {
                    self.stand_ins.stand_in(entry, file);
                    writer.copy(copy, file.clone());
                }
                None => self.stand_ins.nothing(entry),
            }
        }
        writer.record(&line)?;
        drop(writer);
        Ok(each(kept))
    }

    /// Hands on a record of the backup.
    fn take(
        &self,
        id: RecordId,
        mut record: R,
        each: &mut dyn FnMut(Kept<R>) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, SavedError> {
        let known = self.memory.and_then(|memory| Some((memory, memory.known(id)?)));
        if let Some((memory, known)) = known {
            self.lend(memory, known, &mut record)?;
        }
        let mut line = RecordLine::of(id, &record, self.plan.backup)?;
        let mut kept = Kept { device: self.device(self.plan.backup), ..Kept::present(record) };
        if let Some((memory, known)) = known {
            if known.versions > 0 || known.essence != line.essence {
                line.versions = versions(memory, known, line.essence)?;
                kept.versions = memory.versions(known, &self.plan.head, &line.versions)?;
            }
        } else if let Some(newer) = self.plan.newer
            && self.plan.head.backups.get(newer).is_some_and(|taken| taken.complete)
        {
            line.missing = Some(newer);
            kept.standing = self.plan.head.standing(&line);
        }
        self.writer.borrow_mut().record(&line)?;
        Ok(each(kept))
    }

    /// Where a file of the record cannot be read any more or is no longer there, what an earlier run wrote of it stands in.
    fn lend(&self, memory: &Memory, known: &Known, record: &mut R) -> Result<(), SavedError> {
        if memory.copies.is_empty() {
            return Ok(());
        }
        let line = memory.line(known)?;
        let mut earlier: R = memory.kept::<R>(known, &self.plan.head, &line)?.record;
        let copy = |entry: &Entry| memory.copies.get(&(line.backup, entry.domain.clone(), entry.path.clone()));
        for (entry, earlier) in record.entries().into_iter().zip(earlier.entries()) {
            if let Some(file) = copy(earlier) {
                self.stand_ins.lend(entry, file);
            }
        }
        let mut has_copies = false;
        for entry in earlier.entries() {
            match copy(entry).cloned() {
                Some(file) => {
                    has_copies = true;
                    self.stand_ins.stand_in(entry, &file);
                }
                None => self.stand_ins.nothing(entry),
            }
        }
        if has_copies {
            record.inherit(&earlier);
        }
        let inherited =
            record.entries().into_iter().filter(|entry| entry.domain == FOLDER && entry.presence == Presence::Present);
        for entry in inherited {
            let copy = (self.plan.backup, entry.domain.clone(), entry.path.clone());
            self.writer.borrow_mut().copy(copy, entry.path.clone());
        }
        Ok(())
    }

    /// The device of a backup, where the export is of several.
    fn device(&self, backup: usize) -> Option<String> {
        let head = &self.plan.head;
        (head.devices().len() > 1).then(|| head.backups.get(backup).and_then(|taken| taken.device.clone())).flatten()
    }
}

/// The earlier versions of a record that has changed: those that are remembered, and what it was until now.
fn versions(memory: &Memory, known: &Known, now: Essence) -> Result<Vec<VersionLine>, SavedError> {
    let RecordLine { mut versions, backup, record, .. } = memory.line(known)?;
    if known.essence != now {
        versions.push(VersionLine { backup, record });
    }
    Ok(versions)
}

impl<R: Identified> Feed<Kept<R>> for Merged<'_, R> {
    fn each(&self, each: &mut dyn FnMut(Kept<R>) -> ControlFlow<()>) -> Vec<Skipped> {
        let mut identities = Identities::default();
        let mut waiting = self.memory.map(|memory| Remembered { memory, plan: self.plan, at: 0 });
        let mut is_stopped = false;
        let skipped = self.chosen.each(&mut |record| {
            let id = identities.of(&record);
            let before = waiting.as_mut().map(|waiting| self.remembered(waiting, Some(&record), each));
            let result = match before.transpose() {
                Ok(Some(ControlFlow::Break(()))) => Ok(ControlFlow::Break(())),
                Ok(_) if self.plan.newer.is_some() && self.memory.is_some_and(|memory| memory.known(id).is_some()) => {
                    Ok(ControlFlow::Continue(()))
                }
                Ok(_) => self.take(id, record, each),
                Err(error) => Err(error),
            };
            let flow = self.go_on(result);
            is_stopped = flow.is_break();
            flow
        });
        if let (Some(waiting), false) = (&mut waiting, is_stopped) {
            let result = self.remembered(waiting, None, each);
            _ = self.go_on(result);
        }
        skipped
    }
}

/// What is remembered and not in the backup, in the order of time.
struct Remembered<'m> {
    memory: &'m Memory,
    plan: &'m Plan,
    at: usize,
}

impl<'m> Remembered<'m> {
    /// The next, if it is from before a moment.
    fn next_before(&mut self, until: Option<Option<AppleTime>>) -> Option<(RecordId, &'m Known)> {
        loop {
            let id = *self.memory.order().get(self.at)?;
            let known = self.memory.known(id)?;
            if self.plan.newer.is_none() && self.plan.chosen.contains(&id) {
                self.at += 1;
                continue;
            }
            if until.is_some_and(|until| known.moment >= until) {
                return None;
            }
            self.at += 1;
            return Some((id, known));
        }
    }
}
