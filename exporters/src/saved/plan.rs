//! What becomes of everything that is remembered, once it is known what a backup holds.

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;

use corer_schemas::identity::{Identified, Identities, RecordId};
use corer_schemas::records::Feed;

use super::error::SavedError;
use super::head::{Head, Taken};
use super::line::RecordLine;
use super::memory::{Known, Memory};

type Ids = HashSet<RecordId, foldhash::fast::RandomState>;

/// What becomes of everything that is remembered. Made before anything is written.
#[derive(Debug)]
pub struct Plan {
    /// What the new memory begins with.
    pub(super) head: Head,
    /// The number of the backup that is taken in.
    pub(super) backup: usize,
    /// The newest backup before it, where this one is older.
    pub(super) newer: Option<usize>,
    /// The records of the backup that are asked for.
    pub(super) chosen: Ids,
    /// What is remembered under another key of a record of the backup, of which it is part now.
    pub(super) absorbed: Ids,
    /// Those that are remembered, in the backup, and not asked for.
    pub(super) outside: Ids,
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
        chosen: &dyn Feed<R>,
        all: Option<&dyn Feed<R>>,
    ) -> Result<Self, SavedError> {
        let mut head = Head { backups: memory.map_or_else(Vec::new, |memory| memory.head.backups.clone()), ..head };
        let newest = head.newest().filter(|newest| {
            let newest = head.backups.get(*newest);
            newest.is_some_and(|newest| newest.made > backup.made && backup.made.is_some() && !newest.is_same(&backup))
        });
        let is_complete = backup.complete;
        let number = head.take_in(backup);
        let mut own = Self {
            head,
            backup: number,
            newer: newest,
            chosen: Ids::default(),
            absorbed: Ids::default(),
            outside: Ids::default(),
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
        chosen: &dyn Feed<R>,
        all: Option<&dyn Feed<R>>,
    ) -> Result<(), SavedError> {
        let mut identities = Identities::default();
        let mut failed = None;
        let skipped = chosen.each(&mut |mut record| {
            let id = identities.of(&record);
            self.chosen.insert(id);
            self.absorbed.extend(absorbed_by(memory, &record));
            match self.note_older(memory, id, &mut record) {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    failed = Some(error);
                    ControlFlow::Break(())
                }
            }
        });
        failed.map_or(Ok(()), Err)?;
        self.outcome.is_complete &= skipped.is_empty();
        if self.newer.is_some() {
            self.absorbed.clear();
        }
        self.absorbed.retain(|id| !self.chosen.contains(id));
        let is_lacking = |id: &RecordId| memory.known(*id).is_some() && !self.holds(id);
        if memory.order().iter().any(&is_lacking)
            && let Some(all) = all
        {
            let (mut outside, mut identities) = (Ids::default(), Identities::default());
            let skipped = all.each(&mut |record| {
                outside.extend(Some(identities.of(&record)).filter(is_lacking));
                ControlFlow::Continue(())
            });
            self.outcome.is_complete &= skipped.is_empty();
            self.outside = outside;
        }
        for id in memory.order() {
            let Some(known) = memory.known(*id) else { continue };
            let is_kept = !self.holds(id);
            self.outcome.lacking += u64::from(is_kept);
            self.outcome.versions += known.versions as u64;
            if is_kept || known.versions > 0 {
                memory.kept::<R>(known, &memory.head, &memory.line(known)?)?;
            }
        }
        Ok(())
    }

    /// Notes what an older backup has of a record that is remembered, where that may say more.
    fn note_older<R: Identified>(&mut self, memory: &Memory, id: RecordId, record: &mut R) -> Result<(), SavedError> {
        let Some(known) = memory.known(id).filter(|_| self.newer.is_some()) else { return Ok(()) };
        let has_files = record.entries().into_iter().any(|(number, _)| !memory.copies.contains_key(&(id, number)));
        let line = RecordLine::of(id, record, self.backup)?;
        if has_files || self.is_version(memory, known, &line)? {
            self.older.insert(id, line);
        }
        Ok(())
    }

    /// Whether a record that is remembered is among what is asked for in the backup.
    pub(super) fn holds(&self, id: &RecordId) -> bool {
        self.chosen.contains(id) || self.absorbed.contains(id)
    }

    /// What is remembered and part of this record of the backup.
    pub(super) fn parts(&self, memory: &Memory, record: &impl Identified) -> Vec<RecordId> {
        if self.absorbed.is_empty() {
            return Vec::new();
        }
        absorbed_by(memory, record).filter(|id| self.absorbed.contains(id)).collect()
    }

    /// Whether what an older backup has of a record is no version that is remembered.
    pub(super) fn is_version(&self, memory: &Memory, known: &Known, older: &RecordLine) -> Result<bool, SavedError> {
        if older.essence == known.essence || memory.head.adopts {
            return Ok(false);
        }
        let remembered = memory.line(known)?.versions;
        Ok(!remembered.iter().any(|version| version.essence == older.essence))
    }

    /// Forgets what the backup lacks.
    pub(super) fn forgetting(mut self, head: Head) -> Self {
        let taken = self.head.backups.get(self.backup).cloned().unwrap_or_default();
        self.head = head;
        self.backup = self.head.take_in(taken);
        Self { newer: None, older: HashMap::default(), outside: Ids::default(), forgets: true, ..self }
    }

    /// What is remembered and not among what is asked for in this backup.
    pub(super) fn lacking<'m>(&self, memory: &'m Memory) -> impl Iterator<Item = &'m Known> {
        memory.order().iter().filter(|id| !self.holds(id)).filter_map(|id| memory.known(*id))
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

/// What is remembered under other keys of a record.
fn absorbed_by(memory: &Memory, record: &impl Identified) -> impl Iterator<Item = RecordId> {
    let ids = record.other_keys().into_iter().map(|key| RecordId::new(&key, 0));
    ids.filter(|id| memory.known(*id).is_some())
}
