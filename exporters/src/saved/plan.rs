//! What becomes of everything that is remembered, once it is known what a backup holds.

use std::collections::{HashMap, HashSet};
use std::io;
use std::ops::ControlFlow;

use corer_schemas::identity::{Identified, RecordId};
use serde_json::value::RawValue;

use super::error::SavedError;
use super::head::{Head, Taken};
use super::line::{Essence, RecordLine, belongings_of};
use super::memory::{Known, Memory};
use super::record::IdentifiedFeed;
use super::stand_in::REPEATED;

/// What becomes of everything that is remembered. Made before anything is written.
#[derive(Debug)]
pub struct Plan {
    /// What the new memory begins with.
    pub(super) head: Head,
    /// The number of the backup that is taken in.
    pub(super) backup: usize,
    /// The newest backup before it, where this one is older.
    pub(super) newer: Option<usize>,
    /// How many records of the backup are asked for.
    pub(super) found: u64,
    /// Which of those that are remembered are among them, by their place.
    present: Vec<bool>,
    /// Which are remembered under another key of a record of the backup, of which they are part now.
    absorbed: Vec<bool>,
    /// Which stood by themselves and are part of a record of the backup.
    contained: Vec<bool>,
    /// Which are in the backup and not asked for.
    outside: Vec<bool>,
    /// What the backup has without what it belongs to, where that is remembered: there it stays.
    pub(super) adrift: HashMap<RecordId, Box<RawValue>, foldhash::fast::RandomState>,
    /// The places of those.
    adrift_places: HashSet<usize, foldhash::fast::RandomState>,
    /// Whether not all records of the backup are asked for.
    is_narrow: bool,
    /// What is remembered, as an older backup has it, where that has another version or files.
    pub(super) older: HashMap<RecordId, RecordLine, foldhash::fast::RandomState>,
    /// Whether what the backup lacks is forgotten.
    pub(super) forgets: bool,
    /// What comes of it.
    pub outcome: Outcome,
}

/// What an update comes to, in numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Records that are remembered and that this backup lacks or has outside of the choice.
    pub lacking: u64,
    /// Versions that are remembered and that this backup lacks.
    pub versions: u64,
    /// Records of which this backup has less than is remembered: a file or a reaction is not there.
    pub parts: u64,
    /// Whether the backup is older than the newest one that was taken in before.
    pub is_older: bool,
    /// Whether the backup could be read to its end.
    pub is_complete: bool,
}

impl Plan {
    /// Goes through the records that are asked for, and where the choice is narrow, through all. What is remembered and will be
    /// needed is looked up: a memory that is damaged is told before anything is written.
    ///
    /// # Errors
    /// When what is remembered makes no sense.
    pub fn new<R: Identified>(
        memory: Option<&Memory>,
        head: Head,
        backup: Taken,
        chosen: &dyn IdentifiedFeed<R>,
        all: Option<&dyn IdentifiedFeed<R>>,
    ) -> Result<Self, SavedError> {
        let mut head = Head { backups: memory.map_or_else(Vec::new, |memory| memory.head.backups.clone()), ..head };
        let newest = head.newest().filter(|newest| {
            // One that does not say when it was made is not taken for newer than one that does.
            let newest = head.backups.get(*newest);
            newest.is_some_and(|newest| newest.made > backup.made && !newest.is_same(&backup))
        });
        let is_complete = backup.complete;
        let number = head.take_in(backup);
        let mut own = Self {
            head,
            backup: number,
            newer: newest,
            found: 0,
            present: Vec::new(),
            absorbed: Vec::new(),
            contained: Vec::new(),
            outside: Vec::new(),
            adrift: HashMap::default(),
            adrift_places: HashSet::default(),
            is_narrow: all.is_some(),
            older: HashMap::default(),
            forgets: false,
            outcome: Outcome { is_older: newest.is_some(), is_complete, ..Outcome::default() },
        };
        if let Some(memory) = memory.filter(|memory| !memory.is_empty()) {
            own.look(memory, chosen, all)?;
        }
        Ok(own)
    }

    fn look<R: Identified>(
        &mut self,
        memory: &Memory,
        chosen: &dyn IdentifiedFeed<R>,
        all: Option<&dyn IdentifiedFeed<R>>,
    ) -> Result<(), SavedError> {
        let mut failed: Option<SavedError> = None;
        let (mut present, mut outside) = (vec![false; memory.len()], vec![false; memory.len()]);
        let (mut absorbed, mut held) = (vec![false; memory.len()], vec![false; memory.len()]);
        let skipped = chosen.each(&mut |id, mut record| {
            self.found += 1;
            memory.places(id).for_each(|place| set(&mut present, place));
            others(memory, &record).for_each(|place| set(&mut absorbed, place));
            contained(memory, &record).for_each(|place| set(&mut held, place));
            let noted = self
                .note_adrift(memory, id, &record)
                .and_then(|()| self.note_less(memory, id, &mut record))
                .and_then(|()| self.note_older(memory, id, &mut record));
            match noted {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    failed = Some(error);
                    ControlFlow::Break(())
                }
            }
        });
        failed.take().map_or(Ok(()), Err)?;
        self.outcome.is_complete &= skipped.is_empty();
        if self.newer.is_some() {
            absorbed.fill(false);
        }
        absorbed.iter_mut().zip(&present).for_each(|(is_absorbed, is_present)| *is_absorbed &= !is_present);
        (self.present, self.absorbed, self.contained) = (present, absorbed, held);
        if (0..memory.len()).any(|place| !self.is_present(place))
            && let Some(all) = all
        {
            let skipped = all.each(&mut |id, record| {
                memory.places(id).for_each(|place| set(&mut outside, place));
                others(memory, &record).chain(contained(memory, &record)).for_each(|place| set(&mut outside, place));
                let is_asked_for = memory.places(id).any(|place| self.is_present(place));
                match if is_asked_for { Ok(()) } else { self.note_adrift(memory, id, &record) } {
                    Ok(()) => ControlFlow::Continue(()),
                    Err(error) => {
                        failed = Some(error);
                        ControlFlow::Break(())
                    }
                }
            });
            failed.map_or(Ok(()), Err)?;
            self.outcome.is_complete &= skipped.is_empty();
        }
        self.outside = outside;
        // Anew, they would lose what they belong to.
        self.outcome.parts += self.adrift.len() as u64;
        for (place, known) in memory.records().iter().enumerate() {
            let is_kept = !self.is_present(place);
            // What two conversations have is one.
            let is_first = memory.places(known.id).next() == Some(place);
            self.outcome.lacking += u64::from(is_kept && is_first);
            self.outcome.versions += if is_first { u64::from(known.versions) } else { 0 };
            if is_kept || known.versions > 0 {
                memory.kept::<R>(known, &memory.head, &memory.line(known)?)?;
            }
        }
        Ok(())
    }

    /// Notes a record where it is remembered as part of what the backup no longer says it belongs to.
    fn note_adrift<R: Identified>(&mut self, memory: &Memory, id: RecordId, record: &R) -> Result<(), SavedError> {
        let Some(known) = memory.known(id).filter(|_| record.is_adrift() && self.newer.is_none()) else {
            return Ok(());
        };
        let earlier: R = memory.kept::<R>(known, &memory.head, &memory.line(known)?)?.record;
        if !earlier.is_adrift() {
            let mut record = record.clone();
            record.settle(&earlier);
            self.adrift_places.extend(memory.places(id));
            self.adrift.insert(id, serde_json::value::to_raw_value(&record).map_err(io::Error::from)?);
        }
        Ok(())
    }

    /// Counts what is remembered of a record and what this backup has otherwise or has not.
    fn note_less<R: Identified>(&mut self, memory: &Memory, id: RecordId, record: &mut R) -> Result<(), SavedError> {
        let Some(known) = memory.known(id).filter(|_| !memory.head.adopts) else { return Ok(()) };
        self.outcome.versions += u64::from(known.essence != Essence::of(&record.essence()));
        let has_less = lacks_files(memory, id, record) || lacks_belongings(memory, known, record)?;
        let has_less = has_less || lacks_more(memory, known, record)?;
        self.outcome.parts += u64::from(has_less);
        Ok(())
    }

    /// Notes what an older backup has of a record that is remembered, where that may say more.
    fn note_older<R: Identified>(&mut self, memory: &Memory, id: RecordId, record: &mut R) -> Result<(), SavedError> {
        let Some(known) = memory.known(id).filter(|_| self.newer.is_some()) else { return Ok(()) };
        let has_files = record.entries().into_iter().any(|(number, _)| !memory.copies.contains_key(&(id, number)));
        let line = RecordLine::of(id, &*record, self.backup);
        let has_more = line.belongings.is_some() && line.belongings != known.belongings;
        if has_files || has_more || self.is_version(memory, known, line.essence)? {
            let line = line.into_raw()?;
            self.older.insert(id, line);
        }
        Ok(())
    }

    /// The places of what stood by itself and is part of this record of the backup.
    pub(super) fn held(&self, memory: &Memory, record: &impl Identified) -> Vec<usize> {
        contained(memory, record).filter(|place| self.is_part(*place)).collect()
    }

    /// The places of what is remembered and part of this record of the backup.
    pub(super) fn parts(&self, memory: &Memory, record: &impl Identified) -> Vec<usize> {
        let is_absorbed = |place: &usize| self.absorbed.get(*place).copied().unwrap_or_default();
        others(memory, record).filter(is_absorbed).collect()
    }

    /// Whether what an older backup has of a record is no version that is remembered.
    pub(super) fn is_version(&self, memory: &Memory, known: &Known, older: Essence) -> Result<bool, SavedError> {
        if older == known.essence || memory.head.adopts {
            return Ok(false);
        }
        let remembered = memory.line(known)?.versions;
        Ok(!remembered.iter().any(|version| version.essence == older))
    }

    /// Forgets what the backup lacks.
    pub(super) fn forgetting(mut self, head: Head) -> Self {
        let taken = self.head.backups.get(self.backup).cloned().unwrap_or_default();
        self.head = head;
        self.backup = self.head.take_in(taken);
        Self {
            newer: None,
            older: HashMap::default(),
            outside: Vec::new(),
            adrift: HashMap::default(),
            adrift_places: HashSet::default(),
            forgets: true,
            ..self
        }
    }

    /// What is remembered and not among what is asked for in this backup.
    pub(super) fn lacking<'m>(&self, memory: &'m Memory) -> impl Iterator<Item = &'m Known> {
        let places = memory.records().iter().enumerate();
        places.filter(|(place, _)| !self.is_present(*place)).map(|(_, known)| known)
    }

    /// Whether the record at a place is among what is asked for in this backup, by itself or as part of another.
    pub(super) fn is_present(&self, place: usize) -> bool {
        let is_set = |places: &[bool]| places.get(place).copied().unwrap_or_default();
        is_set(&self.present) || is_set(&self.absorbed) || is_set(&self.contained)
    }

    /// Whether the record at a place has become part of another one, which has its files now.
    pub(super) fn is_part(&self, place: usize) -> bool {
        let is_set = |places: &[bool]| places.get(place).copied().unwrap_or_default();
        is_set(&self.contained) && !is_set(&self.present)
    }

    /// Whether the record at a place is in this backup, and not among what is asked for.
    pub(super) fn is_outside(&self, place: usize) -> bool {
        !self.is_present(place) && self.outside.get(place).copied().unwrap_or_default()
    }

    /// Whether the record at a place comes where it is remembered, and not where the backup has it.
    pub(super) fn is_waiting(&self, place: usize) -> bool {
        let is_of_the_backup = self.newer.is_none() && self.is_present(place) && !self.is_adrift(place);
        !is_of_the_backup && !self.is_part(place) && !self.forgets
    }

    /// Whether the backup has the record at a place without what it belongs to.
    fn is_adrift(&self, place: usize) -> bool {
        self.adrift_places.contains(&place)
    }

    /// Whether a record that only an older backup has is missing in the newest, as far as that says: among what was not asked for
    /// it may still be.
    pub(super) fn lacked_by_newer(&self) -> Option<usize> {
        let is_complete = |newer: &usize| self.head.backups.get(*newer).is_some_and(|taken| taken.complete);
        self.newer.filter(|newer| !self.is_narrow && is_complete(newer))
    }

    /// Whether the record at a place is remembered longer.
    pub(super) fn keeps(&self, place: usize) -> bool {
        !self.is_part(place) && (!self.forgets || self.is_present(place))
    }

    /// Whether the backup does not say whose it is, where others did.
    pub(super) fn is_of_no_device(&self) -> bool {
        let is_silent = self.head.backups.get(self.backup).is_some_and(|taken| taken.device.is_none());
        is_silent && !self.head.devices().is_empty()
    }

    /// Whether this backup says what is missing: it does not where it is older, and where it was not read to its end.
    pub(super) fn marks(&self) -> bool {
        self.outcome.is_complete && self.newer.is_none()
    }

    /// The head of the new memory. `is_complete`: whether the backup could be read to its end, also while it was exported.
    pub(super) fn head(&self, is_complete: bool) -> Head {
        let mut head = Head { finished: true, ..self.head.clone() };
        if let Some(taken) = head.backups.get_mut(self.backup) {
            taken.complete = is_complete && self.outcome.is_complete;
        }
        head
    }
}

/// The places of what is remembered under other keys of a record.
fn others(memory: &Memory, record: &impl Identified) -> impl Iterator<Item = usize> {
    let ids = record.other_keys().into_iter().map(|key| RecordId::new(&key, 0));
    ids.flat_map(|id| memory.places(id).collect::<Vec<_>>())
}

/// The places of what is remembered by itself and is part of a record.
fn contained(memory: &Memory, record: &impl Identified) -> impl Iterator<Item = usize> {
    let ids = record.contained_keys().into_iter().map(|key| RecordId::new(&key, 0));
    ids.flat_map(|id| memory.places(id).collect::<Vec<_>>())
}

/// Whether an earlier run placed a file of a record that the backup has not.
fn lacks_files<R: Identified>(memory: &Memory, id: RecordId, record: &mut R) -> bool {
    let placed: Vec<usize> = memory.copies.range((id, 0)..(id, REPEATED)).map(|((_, number), _)| *number).collect();
    if placed.is_empty() {
        return false;
    }
    let there: Vec<usize> = record.entries().into_iter().map(|(number, _)| number).collect();
    placed.iter().any(|number| !there.contains(number))
}

/// Whether a record lacks what is remembered of it: a note that was open is locked.
fn lacks_more<R: Identified>(memory: &Memory, known: &Known, record: &R) -> Result<bool, SavedError> {
    let earlier = || memory.kept::<R>(known, &memory.head, &memory.line(known)?);
    Ok(record.lacks() && !earlier()?.record.lacks())
}

/// Whether something belonged to a record that is not there in the backup.
fn lacks_belongings<R: Identified>(memory: &Memory, known: &Known, record: &R) -> Result<bool, SavedError> {
    if known.belongings.is_none() || known.belongings == belongings_of(record) {
        return Ok(false);
    }
    let earlier: R = memory.kept::<R>(known, &memory.head, &memory.line(known)?)?.record;
    let mut both = record.clone();
    both.inherit(&earlier);
    Ok(both.belongings().len() > record.belongings().len())
}

fn set(places: &mut [bool], place: usize) {
    if let Some(is_set) = places.get_mut(place) {
        *is_set = true;
    }
}
