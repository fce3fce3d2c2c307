//! What an export remembers and what a backup holds, as one list in which every record stands once.
//!
//! A record that the backup has replaces what is remembered of it; where it is another version, the earlier one is kept beside
//! it. A record that the backup lacks stays, with a mark. A backup that is older than the newest one taken in only adds, and one
//! that could not be read to its end marks nothing.

use std::collections::HashSet;
use std::ops::{ControlFlow, Range};

use corer_schemas::identity::{Identified, RecordId};
use corer_schemas::{AppleTime, Entry, Skipped};
use serde::de::DeserializeOwned;

use super::error::SavedError;
use super::line::{Essence, RecordLine, VersionLine, belongings_of};
use super::memory::{Known, Memory};
use super::plan::Plan;
use super::record::{IdentifiedFeed, Kept};
use super::stand_in::StandIns;
use super::waiting::Waiting;
use super::writer::Section;

/// What is remembered, and what becomes of it.
#[derive(Clone, Copy)]
pub(crate) struct Merge<'m> {
    pub(super) plan: &'m Plan,
    pub(super) memory: Option<&'m Memory>,
    pub(super) stand_ins: &'m StandIns,
}

/// Takes records as they come out of a [`Merge`].
pub(crate) type EachKept<'e, R> = dyn FnMut(Kept<R>) -> ControlFlow<()> + 'e;

/// How a merge ended.
pub(crate) struct MergeEnd {
    /// What of the backup could not be read.
    pub(crate) skipped: Vec<Skipped>,
    /// How many records of the backup came.
    pub(crate) delivered: u64,
    /// Whether whoever took the records wanted no more.
    pub(crate) is_stopped: bool,
}

impl<'m> Merge<'m> {
    /// Hands on the records of a feed and those that are remembered at `waiting`, each once and in the order of time, and writes
    /// them down in `section` as they go.
    ///
    /// # Errors
    /// When what is remembered cannot be read, or the new memory cannot be written.
    pub(crate) fn run<R: Identified>(
        self,
        feed: &dyn IdentifiedFeed<R>,
        waiting: Waiting,
        section: &mut Section<'_>,
        each: &mut EachKept<'_, R>,
    ) -> Result<MergeEnd, SavedError> {
        let mut waiting = waiting;
        let (mut delivered, mut ended) = (0, Ok(ControlFlow::Continue(())));
        let skipped = feed.each(&mut |id, record| {
            if self.stays(id, &record) {
                // It comes where it is remembered. What the look at the backup did not find does not make up for what it found.
                delivered += u64::from(self.plan.newer.is_some() || record.is_adrift());
                return ControlFlow::Continue(());
            }
            delivered += 1;
            ended = self.next(id, record, &mut waiting, section, each);
            if matches!(ended, Ok(ControlFlow::Continue(()))) {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        });
        if ended?.is_break() {
            return Ok(MergeEnd { skipped, delivered, is_stopped: true });
        }
        let is_stopped = self.remembered(&mut waiting, None, section, each)?.is_break();
        Ok(MergeEnd { skipped, delivered, is_stopped })
    }

    /// The places of what is remembered in some groups; of all, where it belongs to none.
    pub(crate) fn waiting(self, groups: &[usize]) -> Waiting {
        let Some(memory) = self.memory else { return Waiting::default() };
        let ranges: Vec<Range<usize>> = match memory.groups() {
            0 => std::iter::once(0..memory.len()).collect(),
            _ => groups.iter().map(|group| memory.in_group(*group)).collect(),
        };
        Waiting::new(memory, ranges)
    }

    /// How many groups are remembered.
    pub(crate) fn groups(self) -> usize {
        self.memory.map_or(0, Memory::groups)
    }

    /// What the records of a group belong to.
    ///
    /// # Errors
    /// When it cannot be read or makes no sense.
    pub(crate) fn group<G: DeserializeOwned>(self, group: usize) -> Result<Option<G>, SavedError> {
        self.memory.map_or(Ok(None), |memory| memory.group(group))
    }

    /// Whether any record of a group comes from memory.
    pub(crate) fn has_waiting(self, group: usize) -> bool {
        let mut places = self.memory.map_or(0..0, |memory| memory.in_group(group));
        places.any(|place| self.plan.is_waiting(place))
    }

    /// Whether the backup is older than one that was taken in before.
    pub(crate) fn is_older(self) -> bool {
        self.plan.newer.is_some()
    }

    /// Hands on a record of the backup, after what is remembered alone and was before it.
    fn next<R: Identified>(
        self,
        id: RecordId,
        record: R,
        waiting: &mut Waiting,
        section: &mut Section<'_>,
        each: &mut EachKept<'_, R>,
    ) -> Result<ControlFlow<()>, SavedError> {
        if self.remembered(waiting, Some(record.moment()), section, each)?.is_break() {
            return Ok(ControlFlow::Break(()));
        }
        let known = self.memory.and_then(|memory| Some((memory, memory.known(id)?)));
        self.take(id, record, known, section, each)
    }

    /// Whether a record of the backup comes from memory: the backup is an older one, or it came after the look at the backup.
    fn stays<R: Identified>(self, id: RecordId, record: &R) -> bool {
        let Some(memory) = self.memory else { return false };
        let is_adrift = record.is_adrift() && self.plan.adrift.contains_key(&id);
        is_adrift || self.is_held(memory, record) || memory.places(id).any(|place| self.plan.is_waiting(place))
    }

    /// Whether a record stands by itself in the backup, and is part of one that is remembered and that the backup lacks.
    fn is_held<R: Identified>(self, memory: &Memory, record: &R) -> bool {
        let whole = record.part_of().map(|key| RecordId::new(&key, 0));
        let place = whole.and_then(|id| memory.places(id).find(|place| self.plan.is_waiting(*place)));
        let Some(known) = place.and_then(|place| memory.at(place)) else { return false };
        let kept = memory.line(known).and_then(|line| memory.kept::<R>(known, &memory.head, &line));
        kept.is_ok_and(|kept| kept.record.contained_keys().contains(&record.key()))
    }

    /// Hands on what is remembered alone, up to a moment.
    fn remembered<R: Identified>(
        self,
        waiting: &mut Waiting,
        until: Option<Option<AppleTime>>,
        section: &mut Section<'_>,
        each: &mut EachKept<'_, R>,
    ) -> Result<ControlFlow<()>, SavedError> {
        let Some(memory) = self.memory else { return Ok(ControlFlow::Continue(())) };
        while let Some(place) = waiting.next_before(memory, self.plan, until) {
            let flow = match self.settled(memory, place)? {
                Some((known, record)) => self.take(known.id, record, Some((memory, known)), section, each)?,
                None => self.keep(memory, place, section, each)?,
            };
            if flow.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// A record of the backup that stands where it is remembered, because the backup does not say what it belongs to.
    fn settled<R: Identified>(self, memory: &'m Memory, place: usize) -> Result<Option<(&'m Known, R)>, SavedError> {
        let known = memory.at(place).filter(|_| !self.plan.adrift.is_empty());
        let Some((known, raw)) = known.and_then(|known| Some((known, self.plan.adrift.get(&known.id)?))) else {
            return Ok(None);
        };
        let record = serde_json::from_str(raw.get()).map_err(|error| memory.damaged(known.line, &error))?;
        Ok(Some((known, record)))
    }

    /// Hands on a record that is remembered, as it is, with the mark that it has or gets.
    fn keep<R: Identified>(
        self,
        memory: &Memory,
        place: usize,
        section: &mut Section<'_>,
        each: &mut EachKept<'_, R>,
    ) -> Result<ControlFlow<()>, SavedError> {
        let Some(known) = memory.at(place) else { return Ok(ControlFlow::Continue(())) };
        let id = known.id;
        let mut line = memory.line(known)?;
        let of_older = self.add_older::<R>(memory, known, &mut line)?;
        if self.plan.marks() {
            match self.plan.is_outside(place) {
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
        kept.record.forget_rows();
        kept.versions.iter_mut().for_each(|version| version.record.forget_rows());
        section.record(&line)?;
        Ok(each(kept))
    }

    /// Adds what an older backup has of a record that is remembered: another version, and files of which the export has none.
    /// Gives the numbers of those.
    fn add_older<R: Identified>(
        self,
        memory: &Memory,
        known: &Known,
        line: &mut RecordLine,
    ) -> Result<Vec<usize>, SavedError> {
        let id = known.id;
        let Some(older) = self.plan.older.get(&id) else { return Ok(Vec::new()) };
        let mut record: R = memory.kept::<R>(known, &self.plan.head, line)?.record;
        let mut theirs: R = memory.kept::<R>(known, &self.plan.head, older)?.record;
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
        let own = RecordLine::of(id, &record, line.backup).into_raw()?;
        (line.record, line.belongings) = (own.record, own.belongings);
        if self.plan.is_version(memory, known, older.essence)? {
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
    fn take<R: Identified>(
        self,
        id: RecordId,
        mut record: R,
        known: Option<(&'m Memory, &'m Known)>,
        section: &mut Section<'_>,
        each: &mut EachKept<'_, R>,
    ) -> Result<ControlFlow<()>, SavedError> {
        let before = self.before(known, &record);
        let mut lenders = before.clone();
        lenders.extend(self.held(&record));
        self.lend(id, &lenders, &mut record)?;
        let mut line = RecordLine::of(id, &record, self.plan.backup);
        let mut versions = Vec::new();
        if let (Some(memory), Some(known)) = (self.memory, before.first()) {
            if !self.plan.forgets && !memory.head.adopts {
                line.versions = self.earlier_versions(memory, &before, line.essence)?;
                versions = memory.versions::<R>(known, &self.plan.head, &line.versions)?;
                versions.iter_mut().for_each(|version| version.record.forget_rows());
            }
        } else {
            line.missing = self.plan.lacked_by_newer();
        }
        section.record(&line)?;
        let standing = self.plan.head.standing(line.missing, line.outside);
        if self.plan.newer.is_some() {
            record.forget_rows();
        }
        let device = self.device(self.plan.backup);
        Ok(each(Kept { record, standing, versions, device }))
    }

    /// What is remembered of a record of the backup: itself, and what is part of it now.
    fn before<R: Identified>(self, known: Option<(&'m Memory, &'m Known)>, record: &R) -> Vec<&'m Known> {
        let own = known.map(|(_, known)| known).into_iter();
        let parts = self.memory.into_iter().flat_map(|memory| {
            let places = self.plan.parts(memory, record);
            places.into_iter().filter_map(|place| memory.at(place))
        });
        own.chain(parts).collect()
    }

    /// What stood by itself, and is part of a record of the backup now.
    fn held<R: Identified>(self, record: &R) -> Vec<&'m Known> {
        let Some(memory) = self.memory else { return Vec::new() };
        self.plan.held(memory, record).into_iter().filter_map(|place| memory.at(place)).collect()
    }

    /// Where a file of the record cannot be read any more or is no longer there, what an earlier run wrote of it stands in.
    fn lend<R: Identified>(self, id: RecordId, before: &[&Known], record: &mut R) -> Result<(), SavedError> {
        let copy = |of: RecordId, number| self.memory.and_then(|memory| memory.copies.get(&(of, number)));
        for (number, entry) in record.entries() {
            let placed = before.iter().find_map(|known| copy(known.id, number));
            self.stand_ins.own(id, number, entry, placed.map(String::as_str));
        }
        let Some(memory) = self.memory.filter(|_| !self.plan.forgets) else { return Ok(()) };
        for known in before {
            let mut copies = memory.copies.range((known.id, 0)..=(known.id, usize::MAX));
            let has_lost_more = known.belongings.is_some() && known.belongings != belongings_of(record);
            if copies.next().is_none() && !has_lost_more && !record.lacks() {
                continue;
            }
            let mut earlier: R = memory.kept::<R>(known, &self.plan.head, &memory.line(known)?)?.record;
            let there: Vec<usize> = record.entries().into_iter().map(|(number, _)| number).collect();
            self.note_unchanged(record, &mut earlier);
            for (number, entry) in earlier.entries() {
                match copy(known.id, number) {
                    Some(file) if !there.contains(&number) => self.stand_ins.stand_in(id, number, entry, file),
                    _ => self.stand_ins.nothing(entry),
                }
            }
            record.inherit(&earlier);
        }
        Ok(())
    }

    /// Says which files of a record are as they were.
    fn note_unchanged<R: Identified>(self, record: &mut R, earlier: &mut R) {
        let own = record.entries();
        for (number, entry) in earlier.entries() {
            let is_same = |own: &Entry| (own.modified, own.size_hint) == (entry.modified, entry.size_hint);
            if let Some((_, own)) = own.iter().find(|(own, entry)| *own == number && is_same(entry)) {
                self.stand_ins.note_unchanged(own);
            }
        }
    }

    /// The earlier versions of a record that is another one now: those that are remembered, and what it was until now.
    fn earlier_versions(
        self,
        memory: &Memory,
        before: &[&Known],
        now: Essence,
    ) -> Result<Vec<VersionLine>, SavedError> {
        let mut all = Vec::new();
        for known in before {
            if known.versions > 0 || known.essence != now {
                let RecordLine { versions, backup, essence, record, .. } = memory.line(known)?;
                all.extend(versions);
                all.extend((essence != now).then_some(VersionLine { backup, essence, record }));
            }
        }
        if before.len() > 1 {
            all.sort_by_key(|version| (self.plan.head.made(version.backup), version.backup));
        }
        // What went back and forth was each of both, and not both many times.
        let mut seen = HashSet::from([now]);
        let mut newest_first: Vec<VersionLine> = all.into_iter().rev().filter(|own| seen.insert(own.essence)).collect();
        newest_first.reverse();
        Ok(newest_first)
    }

    /// The device of a backup, where the export is of several.
    fn device(self, backup: usize) -> Option<String> {
        let head = &self.plan.head;
        (head.devices().len() > 1).then(|| head.backups.get(backup).and_then(|taken| taken.device.clone())).flatten()
    }
}
