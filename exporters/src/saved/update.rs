//! Bringing the folder of a kind up to date, from the look at what it remembers to the writing down of what it remembers now.

use std::collections::{BTreeMap, HashSet};
use std::io;
use std::path::Path;
use std::sync::Arc;

use corer_schemas::identity::{Identified, Identities, RecordId};
use corer_schemas::records::Feed;
use corer_schemas::{Kind, Skipped};

use super::asked::{Asked, Mode, Subject};
use super::consent::{agree, forgets, losses};
use super::error::SavedError;
use super::head::{Head, Taken};
use super::line::{Copies, RecordLine};
use super::memory::{FILE, Memory};
use super::merge::Merge;
use super::merged::Merged;
use super::plan::{Outcome, Plan};
use super::stand_in::{REPEATED, StandIns, WithStandIns, is_there};
use super::writer::{self, Writer};
use crate::output::ledger::Ledger;
use crate::output::report::SkippedItem;
use crate::output::{ExportError, KindReport, OutputError, SafePath, Tree, hex};
use crate::write::FileSource;

/// The folder of a kind that is being brought up to date or made.
pub struct Update<'t> {
    tree: &'t Tree,
    base: SafePath,
    memory: Option<Memory>,
    ledger: Arc<Ledger>,
    stand_ins: StandIns,
    plan: Plan,
    outcome: Outcome,
}

impl<'t> Update<'t> {
    /// Looks at what the folder `base` remembers and what is to become of it. Nothing but the mark that a first run has begun is
    /// written. `None` for an archive, which remembers nothing.
    ///
    /// # Errors
    /// [`ExportError::Saved`] when the folder must not be written.
    pub fn begin<R: Identified>(
        subject: &Subject<'_, R>,
        asked: &Asked<'_>,
        tree: &'t Tree,
        base: &SafePath,
    ) -> Result<Option<Self>, ExportError> {
        let (Some(folder), Some(root)) = (tree.on_disk(base), tree.on_disk(&SafePath::root())) else { return Ok(None) };
        let head = Head::new(asked.corer_version, subject.kind.name, asked.choice.clone());
        let mut memory = match Memory::read(&folder, || tree.temp_file())? {
            None if !matches!(asked.mode, Mode::New) => adopt(subject, &head, &folder, tree, base, asked.mode)?,
            memory => memory,
        };
        let is_first = memory.is_none();
        if let Some(memory) = &memory {
            agree(&memory.head, subject.kind, asked)?;
        }
        let plan = Plan::new(memory.as_ref(), head.clone(), asked.backup.clone(), subject.chosen, subject.all)?;
        let outcome = plan.outcome;
        let forgets = forgets(asked.mode, || losses(subject, memory.as_ref(), &plan))?;
        // What a person asks to have written anew is written anew.
        let adopts = forgets || memory.as_ref().is_some_and(|memory| memory.head.adopts);
        let known = memory.as_mut().map(|memory| std::mem::take(&mut memory.files)).unwrap_or_default();
        let ledger = Ledger::open(&root, base, known, adopts).map_err(|error| tree.failed(base, error))?;
        let plan = if forgets { plan.forgetting(head) } else { plan };
        let ledger = Arc::new(ledger);
        if let Some(memory) = &mut memory {
            follow_moves(&mut memory.copies, &ledger, &folder);
        }
        let remembered = memory.as_ref().map(|memory| memory.copies.clone()).unwrap_or_default();
        let stand_ins = StandIns::new(Some(folder), base.clone(), Arc::clone(&ledger), remembered);
        let own = Self { tree, base: base.clone(), memory, ledger, stand_ins, plan, outcome };
        if is_first {
            own.mark_begun()?;
        }
        tree.keep_ledger(&own.ledger);
        Ok(Some(own))
    }

    /// Whether the folder of a kind may be brought up to date as is asked, as far as that shows without the backup.
    ///
    /// # Errors
    /// [`ExportError::Saved`] when it must not.
    pub fn check(kind: &'static Kind, asked: &Asked<'_>, tree: &Tree, base: &SafePath) -> Result<(), ExportError> {
        let Some(folder) = tree.on_disk(base) else { return Ok(()) };
        let memory = Memory::read(&folder, || tree.temp_file())?;
        Ok(memory.map_or(Ok(()), |memory| agree(&memory.head, kind, asked))?)
    }

    /// Refuses what [`begin`](Self::begin) would refuse, and asks what it would ask. Nothing is written.
    ///
    /// # Errors
    /// [`ExportError::Saved`] when the folder must not be written.
    pub fn look<R: Identified>(
        subject: &Subject<'_, R>,
        asked: &Asked<'_>,
        tree: &Tree,
        base: &SafePath,
    ) -> Result<(), ExportError> {
        let Some(folder) = tree.on_disk(base) else { return Ok(()) };
        let Some(memory) = Memory::read(&folder, || tree.temp_file())? else { return Ok(()) };
        let head = Head::new(asked.corer_version, subject.kind.name, asked.choice.clone());
        let plan = Plan::new(Some(&memory), head, asked.backup.clone(), subject.chosen, subject.all)?;
        forgets(asked.mode, || losses(subject, Some(&memory), &plan))?;
        Ok(())
    }

    /// Leaves the folder of a kind of which the backup has nothing as it is, and lists its files. Gives how many records are
    /// remembered; `None` where nothing is.
    ///
    /// # Errors
    /// [`ExportError::Saved`] when what is remembered cannot be read.
    pub fn leave(tree: &Tree, base: &SafePath) -> Result<Option<u64>, ExportError> {
        let Some(folder) = tree.on_disk(base) else { return Ok(None) };
        let Some(memory) = Memory::read(&folder, || tree.temp_file())? else { return Ok(None) };
        let ledger = Ledger::open(&folder, &SafePath::root(), memory.files.clone(), false);
        let ledger = ledger.map_err(|error| tree.failed(base, error))?;
        for (file, sum) in ledger.unchanged() {
            tree.list(&base.then(&SafePath::new(&file)), sum);
        }
        Ok(Some(memory.len() as u64))
    }

    /// The records of the backup and those that are remembered, each once.
    ///
    /// # Errors
    /// When there is no room for what is to be remembered.
    pub fn merged<'m, R: Identified>(&'m self, chosen: &'m dyn Feed<R>) -> Result<Merged<'m, R>, OutputError> {
        let writer = self.writer().map_err(|error| self.tree.failed(&self.base, error))?;
        Ok(Merged::new(self.merge(), chosen, writer))
    }

    /// What takes the new memory.
    ///
    /// # Errors
    /// When there is no room for it.
    pub(crate) fn writer(&self) -> io::Result<Writer> {
        Ok(Writer::new(self.tree.temp_file()?))
    }

    /// What is remembered, and what becomes of it.
    pub(crate) fn merge(&self) -> Merge<'_> {
        Merge { plan: &self.plan, memory: self.memory.as_ref(), stand_ins: &self.stand_ins }
    }

    /// The files of the records.
    pub fn files<'m>(&'m self, source: &'m dyn FileSource) -> WithStandIns<'m> {
        WithStandIns { source, stand_ins: &self.stand_ins }
    }

    /// Whether an earlier run put something else at a place, from the folder of the kind, than a content of this sum.
    pub(crate) fn is_of_another(&self, path: &SafePath, sha256: &[u8; 32]) -> bool {
        let sum = self.ledger.known(path.as_str()).and_then(|facts| facts.sha256.as_deref());
        !self.plan.forgets && sum.is_some_and(|sum| sum != hex(sha256))
    }

    /// Removes what is no longer there under its old name, and writes down what is remembered. Says what a person should know.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(self, mut writer: Writer, is_complete: bool) -> Result<Vec<String>, ExportError> {
        let mut copies = self.stand_ins.placed();
        if let Some(memory) = &self.memory {
            // What this run could not place stays where it is, for as long as its record is remembered.
            let keeps = |id| memory.places(id).any(|place| self.plan.keeps(place));
            let is_kept = |of: RecordId, number| {
                !self.plan.forgets && keeps(of) && number < REPEATED && !self.stand_ins.is_let_go(of, number)
            };
            for ((of, number), file) in memory.copies.iter().filter(|((of, number), _)| is_kept(*of, *number)) {
                copies.entry((*of, *number)).or_insert_with(|| self.stand_ins.place(file));
            }
        }
        let placed: HashSet<&str> = copies.values().map(String::as_str).collect();
        for path in self.ledger.stale(|own| placed.contains(own)) {
            self.tree.remove(&path)?;
        }
        for file in copies.values() {
            if let Some(sum) = self.ledger.note_kept(file) {
                self.tree.list(&self.base.then(&SafePath::new(file)), sum);
            }
        }
        copies.into_iter().for_each(|((of, number), file)| writer.copy(of, number, file));
        let is_complete = is_complete && self.stand_ins.unreadable().is_empty();
        let path = self.own(FILE);
        let failed = |error| self.tree.failed(&path, error);
        let mut file = self.tree.file(&path, None)?;
        writer.finish(&self.plan.head(is_complete), &self.ledger.files(), &mut file).map_err(failed)?;
        file.finish()?;
        if self.ledger.has_journal() {
            // The journal may go once what it speaks of is on the disk.
            self.tree.sync()?;
            self.ledger.close().map_err(failed)?;
        }
        Ok(self.notes())
    }

    /// Whether the backup is older than one that was taken in before, so that what is remembered is newer.
    pub fn is_older(&self) -> bool {
        self.outcome.is_older
    }

    /// The same, and what a report says of it. `exported` is what was written.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn report(self, writer: Writer, exported: KindReport) -> Result<KindReport, ExportError> {
        let mut report = exported;
        let unreadable = self.unreadable().into_iter();
        report.skipped.extend(unreadable.map(|Skipped { item, why, .. }| SkippedItem { item, why }));
        let is_complete = report.skipped.is_empty();
        report.notes.extend(self.finish(writer, is_complete)?);
        report.remembers = true;
        Ok(report)
    }

    /// What of the backup could not be read, and stands in the export from an earlier one.
    pub fn unreadable(&self) -> Vec<Skipped> {
        self.stand_ins.unreadable()
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        let outcome = self.outcome;
        if self.memory.is_some() && !self.plan.forgets && outcome.lacking > 0 && !outcome.is_older {
            let (is, they) = if outcome.lacking == 1 { ("is", "it stays") } else { ("are", "they stay") };
            let where_not = match outcome.is_complete {
                true => "not in this backup, or not among what was chosen",
                false => "not among what could be read of this backup and was chosen",
            };
            notes.push(format!("{} of them {is} {where_not}: {they}.", outcome.lacking));
        }
        if self.memory.is_some() && outcome.is_older {
            let made = self.plan.head.made(self.plan.backup);
            let why = match made {
                Some(_) => "This backup is older than one that was taken in before",
                None => "This source does not say when it was made, and others did",
            };
            notes.push(format!("{why}: it only added to the export."));
        }
        if self.memory.is_some() && !outcome.is_complete {
            let words = "Nothing was marked as missing, because this backup could not be read completely.";
            notes.push(words.to_owned());
        }
        if self.memory.is_some() && self.plan.is_of_no_device() {
            notes.push("This source does not say which device it is of; it was taken for the same one.".to_owned());
        }
        for file in self.ledger.left_alone() {
            notes.push(format!("{file} was changed or put there by somebody else; it was left as it is."));
        }
        notes
    }

    /// Says in the folder that an export has begun, before anything else is written into it.
    fn mark_begun(&self) -> Result<(), ExportError> {
        let mut head = self.plan.head(false);
        head.finished = false;
        let mut text = Vec::new();
        let path = self.own(FILE);
        writer::line(&mut text, "head", &head).map_err(|error| self.tree.failed(&path, error))?;
        self.tree.write(&path, &text)?;
        Ok(())
    }

    fn own(&self, name: &str) -> SafePath {
        self.base.own_folder().join(name)
    }
}

/// Finds the files that a run moved which was cut off before it could write that down.
fn follow_moves(copies: &mut Copies, ledger: &Ledger, folder: &Path) {
    for file in copies.values_mut() {
        if let Some(moved) = ledger.moved(file).filter(|moved| !is_there(folder, file) && is_there(folder, moved)) {
            *file = moved.to_owned();
        }
    }
}

/// Writes down what the folder of an older corer holds, as if it had been remembered, before anything else is written there.
/// `None` for an empty folder, and where nothing of it needs to be known.
fn adopt<R: Identified>(
    subject: &Subject<'_, R>,
    head: &Head,
    folder: &Path,
    tree: &Tree,
    base: &SafePath,
    mode: Mode<'_>,
) -> Result<Option<Memory>, ExportError> {
    if !crate::output::holds_something(folder).unwrap_or(false) {
        return Ok(None);
    }
    let Some(records) = (subject.adopt)(folder) else {
        return if matches!(mode, Mode::Update) { Err(SavedError::NothingKnown.into()) } else { Ok(None) };
    };
    let path = base.own_folder().join(FILE);
    let failed = |error| ExportError::from(tree.failed(&path, error));
    let mut head = Head { finished: true, adopts: true, ..head.clone() };
    let backup = head.take_in(Taken { complete: true, ..Taken::default() });
    let (mut writer, mut identities) = (Writer::new(tree.temp_file().map_err(failed)?), Identities::default());
    let (mut section, mut copies) = (writer.section(0), Copies::new());
    for mut record in records {
        let id = identities.of(&record);
        section.record(&RecordLine::of(id, &record, backup)).map_err(failed)?;
        // Their files are where the export has them.
        copies.extend(record.entries().into_iter().map(|(number, entry)| ((id, number), entry.path.clone())));
    }
    section.finish().map_err(failed)?;
    copies.into_iter().for_each(|((id, number), file)| writer.copy(id, number, file));
    let mut file = tree.file(&path, None)?;
    writer.finish(&head, &BTreeMap::new(), &mut file).map_err(failed)?;
    file.finish()?;
    Ok(Memory::read(folder, || tree.temp_file())?)
}
