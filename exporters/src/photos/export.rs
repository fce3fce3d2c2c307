//! The driver: every asset's files into their places, by several threads, then the records.

use std::io;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, Ordering};

use corer_schemas::photos::{Asset, AssetFile, Library, Role};
use corer_schemas::{Absence, Entry, Source};

use super::Options;
use super::companion::{AllAssets, Companion, Placed, PlacedFile};
use super::completeness::{Shortage, lacks_end, shortage};
use super::copying::{Copied, EarlierContent, FileCopy};
use super::earlier_run::{EarlierAsset, EarlierRun};
use super::plan::{FilePlan, PlannedAsset, PlannedFile};
use super::record::{self, AssetPlacement, FilePlacement};
use super::table;
use super::totals::{FoundPart, Totals, missing_beside, recorded, some_of};
use crate::output::report::{MissingItem, SkippedItem};
use crate::output::{ExportError, KindReport, OutFile, SafePath, Tree};
use crate::write::workers::WorkQueue;

/// The file of records.
pub const RECORDS: &str = "photos.jsonl";
/// The table.
const TABLE: &str = "photos.csv";

/// How far an export is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Assets that are done.
    pub assets: u64,
    /// Bytes that an earlier run wrote and that stay.
    pub kept: u64,
}

/// Where everything comes from and goes to.
#[derive(Clone, Copy)]
pub struct ExportJob<'a> {
    /// Where files are.
    pub source: &'a dyn Source,
    /// The same, for companions: what they read once more is not counted as progress.
    pub again: &'a dyn Source,
    /// What is exported.
    pub library: &'a Library,
    /// How.
    pub options: &'a Options,
    /// What an earlier run wrote into the same folder.
    pub known: &'a EarlierRun,
    /// What is written beside the files.
    pub companions: &'a [&'a dyn Companion],
}

/// Exports a library into a tree. `progress` is called from several threads and can stop the export.
///
/// # Errors
/// [`ExportError::Output`] when the tree cannot be written. What cannot be *read* is no error: it is in the report.
pub fn export(
    job: ExportJob<'_>,
    tree: &Tree,
    progress: &(dyn Fn(Progress) -> ControlFlow<()> + Sync),
) -> Result<KindReport, ExportError> {
    let plan = FilePlan::new(job.library, job.options, job.known);
    let run = ExportRun {
        job,
        tree,
        progress,
        work: WorkQueue::of(plan.assets.len() + plan.unindexed.len()),
        done: AtomicU64::new(0),
        kept: AtomicU64::new(0),
    };
    let mut outcomes = run.place_all(&plan)?;
    let mut report = KindReport::new("photos");
    let placed: Vec<Placed<'_>> =
        plan.assets.iter().zip(&outcomes).map(|(planned, outcome)| run.placed(planned, outcome)).collect();
    let Records { lines, totals } = run.write_records(&plan, &outcomes)?;
    let records = lines.sha256().unwrap_or_default();
    let everything = AllAssets { placed: &placed, records, jobs: job.options.jobs };
    for companion in job.companions {
        companion.finish(&everything, tree, &mut report)?;
    }
    drop(placed);
    // The last of all: an update goes by it.
    lines.finish()?;
    report.found = job.library.assets.len() as u64;
    report.exported =
        outcomes.iter().take(plan.assets.len()).filter(|outcome| !outcome.files.is_empty()).count() as u64;
    for outcome in &mut outcomes {
        report.skipped.append(&mut outcome.skipped);
    }
    let missing = plan
        .assets
        .iter()
        .zip(&outcomes)
        .flat_map(|(planned, outcome)| missing_beside(planned.asset, &|file| outcome.found(file)));
    report.missing = missing.chain(absent_loose(job.library)).collect();
    let of_companions = std::mem::replace(&mut report.notes, totals.notes(job.library));
    let lengths: Vec<String> = outcomes.iter_mut().flat_map(|outcome| std::mem::take(&mut outcome.shorter)).collect();
    report.notes.extend(some_of("Shorter than the library recorded", lengths));
    let empty: Vec<String> = outcomes.iter_mut().flat_map(|outcome| std::mem::take(&mut outcome.empty)).collect();
    report.notes.extend(some_of("Empty, as they were on the device", empty));
    report.notes.extend(of_companions);
    Ok(report)
}

/// The records, all of them written and without their name yet.
struct Records<'t> {
    lines: OutFile<'t>,
    totals: Totals,
}

/// What all threads share.
struct ExportRun<'a> {
    job: ExportJob<'a>,
    tree: &'a Tree,
    progress: &'a (dyn Fn(Progress) -> ControlFlow<()> + Sync),
    /// One piece for each asset, then one for each file without one.
    work: WorkQueue,
    done: AtomicU64,
    kept: AtomicU64,
}

/// What became of one asset, or of one file that belongs to none.
#[derive(Default)]
struct Outcome<'a> {
    files: Vec<PlacedFile<'a>>,
    /// Those of them of which a part is lost.
    cut: Vec<&'a AssetFile>,
    unreadable: Vec<&'a AssetFile>,
    skipped: Vec<SkippedItem>,
    /// Files that are shorter than the library recorded, and complete.
    shorter: Vec<String>,
    /// Files that were empty on the device.
    empty: Vec<String>,
}

impl Outcome<'_> {
    /// How much of a file was found.
    fn found(&self, file: &AssetFile) -> FoundPart {
        let is_it = |other: &&AssetFile| std::ptr::eq(*other, file);
        let placed = self.files.iter().find(|placed| is_it(&placed.file));
        match placed {
            _ if self.unreadable.iter().any(is_it) => FoundPart::Unreadable,
            Some(PlacedFile { bytes: 0, .. }) => FoundPart::Empty,
            Some(_) if self.cut.iter().any(is_it) => FoundPart::Part,
            Some(_) => FoundPart::Whole,
            None => recorded(file),
        }
    }

    /// Notes what could not be read of a file.
    fn skip(&mut self, entry: &Entry, why: Option<String>) {
        self.skipped.extend(why.map(|why| SkippedItem { item: entry.path.clone(), why }));
    }

    /// Adds what companions could not read: of a file that was named before, beside what was said of it.
    fn skip_more(&mut self, skipped: Vec<SkippedItem>) {
        for item in skipped {
            match self.skipped.iter_mut().find(|known| known.item == item.item) {
                Some(known) => known.why = format!("{}; {}", known.why, item.why),
                None => self.skipped.push(item),
            }
        }
    }
}

impl<'a> ExportRun<'a> {
    /// Places everything. Gives what became of each asset in the order of the library, then of each file without one.
    fn place_all<'p>(&self, plan: &'p FilePlan<'a>) -> Result<Vec<Outcome<'a>>, ExportError>
    where
        'a: 'p,
    {
        let jobs = plan.assets.len() + plan.unindexed.len();
        let ended = self.work.share(self.job.options.jobs, |_| self.work(plan))?;
        let mut outcomes: Vec<Outcome<'a>> = std::iter::repeat_with(Outcome::default).take(jobs).collect();
        for (at, outcome) in ended.into_iter().flatten() {
            if let Some(place) = outcomes.get_mut(at) {
                *place = outcome;
            }
        }
        Ok(outcomes)
    }

    /// What one thread does: the next one, until there is none.
    fn work(&self, plan: &FilePlan<'a>) -> Result<Vec<(usize, Outcome<'a>)>, ExportError> {
        let mut outcomes = Vec::new();
        while let Some(at) = self.work.next() {
            self.check()?;
            let outcome = match (plan.assets.get(at), plan.unindexed.get(at.wrapping_sub(plan.assets.len()))) {
                (Some(planned), _) => self.place(planned)?,
                (None, Some((entry, path))) => self.place_loose(entry, path)?,
                (None, None) => break,
            };
            outcomes.push((at, outcome));
            self.done.fetch_add(1, Ordering::Relaxed);
        }
        Ok(outcomes)
    }

    /// Stops if that was asked for.
    fn check(&self) -> Result<(), ExportError> {
        let progress = Progress { assets: self.done.load(Ordering::Relaxed), kept: self.kept.load(Ordering::Relaxed) };
        let stop = self.work.is_stopped() || (self.progress)(progress).is_break();
        if stop { Err(ExportError::Interrupted) } else { Ok(()) }
    }

    fn place(&self, planned: &PlannedAsset<'a>) -> Result<Outcome<'a>, ExportError> {
        let mut outcome = Outcome::default();
        let known = self.job.known.asset(&planned.asset.uuid);
        let taken = planned.asset.date.and_then(|date| date.timestamp()).map(|taken| taken.as_second());
        for file in &planned.files {
            self.place_file(planned.asset, file, known, taken, &mut outcome)?;
        }
        if !self.job.companions.is_empty() {
            let mut skipped = Vec::new();
            let placed = self.placed(planned, &outcome);
            for companion in self.job.companions {
                companion.placed(&placed, self.tree, &mut skipped)?;
            }
            outcome.skip_more(skipped);
        }
        Ok(outcome)
    }

    /// An asset as companions see it.
    fn placed<'o>(&self, planned: &'o PlannedAsset<'a>, outcome: &'o Outcome<'a>) -> Placed<'o>
    where
        'a: 'o,
    {
        Placed {
            source: self.job.again,
            library: self.job.library,
            asset: planned.asset,
            files: &outcome.files,
            stem: &planned.stem,
        }
    }

    fn place_file(
        &self,
        asset: &Asset,
        planned: &PlannedFile<'a>,
        known: Option<&EarlierAsset>,
        taken: Option<i64>,
        outcome: &mut Outcome<'a>,
    ) -> Result<(), ExportError> {
        let Some(entry) = planned.file.entry() else { return Ok(()) };
        let copy = FileCopy { entry, path: self.below_base(&planned.path), modified: taken.or(entry.modified) };
        let before = match known {
            Some(known) => known.before(planned.file, &planned.path),
            None => EarlierContent::Unknown,
        };
        match self.put(&copy, before)? {
            Ok(copied) => {
                self.look(asset, planned.file, entry, &copied, outcome);
                let Copied { bytes, is_new, content, .. } = copied;
                for again in &planned.again {
                    self.repeat(&copy, self.below_base(again), bytes)?;
                }
                outcome.files.push(PlacedFile { file: planned.file, path: copy.path, content, bytes, is_new });
            }
            Err(why) => {
                outcome.unreadable.push(planned.file);
                outcome.skip(entry, Some(why));
            }
        }
        Ok(())
    }

    /// Notes what is lost of a file that is in its place.
    fn look(&self, asset: &Asset, file: &'a AssetFile, entry: &Entry, copied: &Copied, outcome: &mut Outcome<'a>) {
        let Copied { bytes, content, damage, .. } = copied;
        let alone = self.job.library.is_files_alone;
        let shortage = if damage.is_none() { shortage(self.job.again, asset, file, *bytes, alone) } else { None };
        let is_cut = match &shortage {
            Some(Shortage::Cut(_)) => true,
            Some(Shortage::Shorter(_) | Shortage::Empty) => false,
            // Of what stands for an original that is lost, the end tells where no length does.
            None => {
                damage.is_some() || asset.file(Role::Original).is_none() && lacks_end(self.job.again, file, *content)
            }
        };
        outcome.cut.extend(is_cut.then_some(file));
        match shortage {
            Some(Shortage::Cut(why)) => outcome.skip(entry, Some(why)),
            Some(Shortage::Shorter(what)) => outcome.shorter.push(what),
            Some(Shortage::Empty) => outcome.empty.push(entry.path.clone()),
            None => outcome.skip(entry, damage.clone()),
        }
    }

    fn place_loose(&self, entry: &Entry, path: &SafePath) -> Result<Outcome<'a>, ExportError> {
        let copy = FileCopy { entry, path: self.below_base(path), modified: entry.modified };
        let mut outcome = Outcome::default();
        let put = self.put(&copy, EarlierContent::Unknown)?;
        outcome.skip(entry, put.map_or_else(Some, |copied| copied.damage));
        Ok(outcome)
    }

    /// Puts one file into its place, and counts what was there already.
    fn put(&self, copy: &FileCopy<'_>, before: EarlierContent) -> Result<Result<Copied, String>, ExportError> {
        let put = copy.put(self.job.source, self.tree, before)?;
        match &put {
            Ok(copied) if !copied.is_new => _ = self.kept.fetch_add(copied.bytes, Ordering::Relaxed),
            Ok(_) => {}
            // Who stops a copy half-way makes it fail.
            Err(_) => self.check()?,
        }
        Ok(put)
    }

    /// Puts a file into a further album: sharing its bytes where the disk can.
    fn repeat(&self, copy: &FileCopy<'_>, again: SafePath, bytes: u64) -> Result<(), ExportError> {
        if self.tree.is_current(&again, bytes, copy.modified) {
            return Ok(self.tree.keep(&again, self.job.source.place(copy.entry).is_some())?);
        }
        if self.tree.repeat(&copy.path, &again)? {
            return Ok(());
        }
        let once_more = FileCopy { entry: copy.entry, path: again, modified: copy.modified };
        // What is wrong with it has been said once.
        once_more.put(self.job.source, self.tree, EarlierContent::Unknown).map(|_| ())
    }

    fn below_base(&self, path: &SafePath) -> SafePath {
        self.job.options.base.then(path)
    }

    fn write_records(&self, plan: &FilePlan<'a>, outcomes: &[Outcome<'a>]) -> Result<Records<'a>, ExportError> {
        let ExportJob { library, options, .. } = self.job;
        let base = options.base.as_str();
        let positions = record::positions(library);
        let (records, table) = (self.below_base(&SafePath::new(RECORDS)), self.below_base(&SafePath::new(TABLE)));
        let failed = |path: &SafePath| {
            let path = path.clone();
            move |e: io::Error| self.tree.failed(&path, e)
        };
        let mut lines = self.tree.file(&records, None)?.with_sha256();
        let mut csv = table::begin(self.tree.file(&table, None)?).map_err(failed(&table))?;
        record::header(&mut lines, &options.about).map_err(failed(&records))?;
        let mut totals = Totals::of(library);
        for (planned, outcome) in plan.assets.iter().zip(outcomes) {
            let placements = placements(planned, outcome, base);
            totals.files += placements.files.len() as u64;
            totals.bytes += placements.files.iter().map(|placement| placement.bytes).sum::<u64>();
            table::row(&mut csv, planned.asset, library, &placements, &options.zone).map_err(failed(&table))?;
            let one = record::record(planned.asset, library, &positions, &placements, &options.zone);
            record::asset(&mut lines, one).map_err(failed(&records))?;
        }
        record::completion(&mut lines, totals).map_err(failed(&records))?;
        csv.finish().map_err(failed(&table))?.finish()?;
        Ok(Records { lines, totals })
    }
}

fn placements<'o>(planned: &'o PlannedAsset<'_>, outcome: &'o Outcome<'_>, base: &str) -> AssetPlacement<'o> {
    let relative =
        |path: &'o SafePath| path.as_str().strip_prefix(base).unwrap_or(path.as_str()).trim_start_matches('/');
    let placement = |placed: &'o PlacedFile<'_>| FilePlacement {
        file: placed.file,
        path: relative(&placed.path),
        bytes: placed.bytes,
        content: placed.content,
    };
    AssetPlacement {
        stem: (!outcome.files.is_empty()).then(|| planned.stem.as_str()),
        files: outcome.files.iter().map(placement).collect(),
        unreadable: outcome.unreadable.clone(),
    }
}

/// Files without a row that the backup records and does not hold.
fn absent_loose(library: &Library) -> impl Iterator<Item = MissingItem> {
    library.unindexed.iter().filter_map(|entry| match entry.presence {
        corer_schemas::Presence::Present => None,
        corer_schemas::Presence::Absent(why) => {
            Some(MissingItem { item: entry.path.clone(), why: why.to_string(), expected: why != Absence::InCloud })
        }
    })
}
