//! What an export remembers and what a backup holds, as one list in which every record stands once.
//!
//! A record that the backup has replaces what is remembered of it; where it is another version, the earlier one is kept beside
//! it. A record that the backup lacks stays, with a mark. A backup that is older than the newest one taken in only adds, and one
//! that could not be read to its end marks nothing.

use std::cell::{Cell, RefCell};
use std::ops::ControlFlow;

use corer_schemas::identity::{Identified, Identities, RecordId};
use corer_schemas::records::Feed;
use corer_schemas::{AppleTime, Entry, Skipped};

use super::error::SavedError;
use super::line::{Essence, RecordLine, VersionLine};
use super::memory::{Known, Memory};
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
    /// How many records of the backup were handed on.
    delivered: Cell<usize>,
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
        Self {
            plan,
            memory,
            chosen,
            stand_ins,
            writer: RefCell::new(writer),
            failed: RefCell::new(None),
            delivered: Cell::new(0),
        }
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

    /// Whether the records end because something failed: what was made of them must not be kept.
    pub fn has_failed(&self) -> bool {
        self.failed.borrow().is_some()
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
        let of_older = self.add_older::<R>(memory, known, id, &mut line)?;
        if self.plan.marks() {
            match self.plan.outside.contains(&id) {
                true => (line.missing, line.outside) = (None, line.outside.or(Some(self.plan.backup))),
                false => (line.missing, line.outside) = (line.missing.or(Some(self.plan.backup)), None),
            }
        }
        let mut kept: Kept<R> = memory.kept(known, &self.plan.head, &line)?;
        kept.device = self.device(line.backup);
        for (number, entry) in kept.record.entries() {
            match memory.copies.get(&(id, number)) {
                Some(file) => self.stand_ins.stand_in(id, number, entry, file),
                // The older backup, which is at hand, has it.
                None if of_older.contains(&number) => self.stand_ins.own(id, number, entry, None),
                None => self.stand_ins.nothing(entry),
            }
        }
        self.writer.borrow_mut().record(&line)?;
        Ok(each(kept))
    }

    /// Adds what an older backup has of a record that is remembered: another version, and files of which the export has none.
    /// Gives the numbers of those.
    fn add_older<O: Identified>(
        &self,
        memory: &Memory,
        known: &Known,
        id: RecordId,
        line: &mut RecordLine,
    ) -> Result<Vec<usize>, SavedError> {
        let Some(older) = self.plan.older.get(&id) else { return Ok(Vec::new()) };
        let mut record: O = memory.kept::<O>(known, &self.plan.head, line)?.record;
        let mut theirs: O = memory.kept::<O>(known, &self.plan.head, older)?.record;
        record.inherit(&theirs);
        let mut of_older = Vec::new();
        for (number, entry) in record.entries() {
            let their = theirs.entries().into_iter().find(|(other, _)| *other == number);
            if let Some((_, their)) = their.filter(|_| !memory.copies.contains_key(&(id, number))) {
                // What has the same path in the older backup may belong to another record.
                entry.clone_from(their);
                of_older.push(number);
            }
        }
        line.record = RecordLine::of(id, &record, line.backup)?.record;
        if self.plan.is_version(memory, known, older)? {
            line.versions.push(VersionLine {
                backup: older.backup,
                essence: older.essence,
                record: older.record.clone(),
            });
            line.versions.sort_by_key(|version| (self.plan.head.made(version.backup), version.backup));
        }
        Ok(of_older)
    }

    /// Hands on a record of the backup.
    fn take(
        &self,
        id: RecordId,
        mut record: R,
        each: &mut dyn FnMut(Kept<R>) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, SavedError> {
        let before = self.memory.map(|memory| (memory, self.before(memory, id, &record))).unzip();
        let (memory, before) = (before.0, before.1.unwrap_or_default());
        self.lend(&before, id, &mut record)?;
        let mut line = RecordLine::of(id, &record, self.plan.backup)?;
        let mut kept = Kept { device: self.device(self.plan.backup), ..Kept::present(record) };
        if let (Some(memory), Some((_, known))) = (memory, before.first()) {
            if !self.plan.forgets && !memory.head.adopts {
                line.versions = self.versions(memory, &before, line.essence)?;
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

    /// What is remembered of a record of the backup: itself, and what is part of it now.
    fn before(&self, memory: &'m Memory, id: RecordId, record: &R) -> Vec<(RecordId, &'m Known)> {
        let ids = std::iter::once(id).chain(self.plan.parts(memory, record));
        ids.filter_map(|id| Some((id, memory.known(id)?))).collect()
    }

    /// Where a file of the record cannot be read any more or is no longer there, what an earlier run wrote of it stands in.
    fn lend(&self, before: &[(RecordId, &Known)], id: RecordId, record: &mut R) -> Result<(), SavedError> {
        let copy = |of: RecordId, number| self.memory.and_then(|memory| memory.copies.get(&(of, number)));
        for (number, entry) in record.entries() {
            let placed = before.iter().find_map(|(of, _)| copy(*of, number));
            self.stand_ins.own(id, number, entry, placed.map(String::as_str));
        }
        for (of, known) in before {
            let Some(memory) = self.memory else { continue };
            if memory.copies.range((*of, 0)..=(*of, usize::MAX)).next().is_none() {
                continue;
            }
            let mut earlier: R = memory.kept::<R>(known, &self.plan.head, &memory.line(known)?)?.record;
            let there: Vec<usize> = record.entries().into_iter().map(|(number, _)| number).collect();
            self.note_unchanged(record, &mut earlier);
            for (number, entry) in earlier.entries() {
                match copy(*of, number) {
                    Some(file) if !there.contains(&number) => self.stand_ins.stand_in(id, number, entry, file),
                    _ => self.stand_ins.nothing(entry),
                }
            }
            record.inherit(&earlier);
        }
        Ok(())
    }

    /// Says which files of a record are as they were.
    fn note_unchanged(&self, record: &mut R, earlier: &mut R) {
        let own = record.entries();
        for (number, entry) in earlier.entries() {
            let is_same = |own: &Entry| (own.modified, own.size_hint) == (entry.modified, entry.size_hint);
            if let Some((_, own)) = own.iter().find(|(own, entry)| *own == number && is_same(entry)) {
                self.stand_ins.note_unchanged(own);
            }
        }
    }

    /// The earlier versions of a record that is another one now: those that are remembered, and what it was until now.
    fn versions(
        &self,
        memory: &Memory,
        before: &[(RecordId, &Known)],
        now: Essence,
    ) -> Result<Vec<VersionLine>, SavedError> {
        let mut all = Vec::new();
        for (_, known) in before {
            if known.versions > 0 || known.essence != now {
                let RecordLine { versions, backup, essence, record, .. } = memory.line(known)?;
                all.extend(versions);
                all.extend((essence != now).then_some(VersionLine { backup, essence, record }));
            }
        }
        if before.len() > 1 {
            all.sort_by_key(|version| (self.plan.head.made(version.backup), version.backup));
        }
        Ok(all)
    }

    /// The device of a backup, where the export is of several.
    fn device(&self, backup: usize) -> Option<String> {
        let head = &self.plan.head;
        (head.devices().len() > 1).then(|| head.backups.get(backup).and_then(|taken| taken.device.clone())).flatten()
    }
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
            self.delivered.set(self.delivered.get() + 1);
            let flow = self.go_on(result);
            is_stopped = flow.is_break();
            flow
        });
        if !is_stopped && self.memory.is_some() && self.delivered.get() < self.plan.chosen.len() {
            // What was there a moment ago and is no more is neither here nor kept: a disk that was unplugged.
            _ = self.go_on(Err(SavedError::Changed));
            is_stopped = true;
        }
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
            let is_of_the_backup = self.plan.newer.is_none() && self.plan.holds(&id);
            if is_of_the_backup || self.plan.forgets {
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
