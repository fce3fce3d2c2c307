//! The photos that were asked for, as they are shown and written.

use std::cell::OnceCell;
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use corer_exporters::convert::Converter;
use corer_exporters::output::report::MissingItem;
use corer_exporters::output::{ExportError, KindReport};
use corer_exporters::photos::{
    self, EarlierRun, FilePlan, Format, Options, RECORDS, Totals, export, missing, stream, table,
};
use corer_schemas::Source;
use corer_schemas::photos::Library;
use serde_json::Value;

use super::companions::CompanionArgs;
use super::preview;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::run::command::{Destination, Job, OnProgress, WriteContext, WritePlan};
use crate::cli::terminal::console::Answer;
use crate::cli::terminal::human;
use crate::cli::terminal::progress::Unit;
use crate::cli::terminal::progress_source::ProgressSource;

/// Photos, chosen.
pub struct PhotosJob<'s> {
    /// Where their files are.
    pub source: &'s dyn Source,
    /// The photos.
    pub library: Library,
    /// Whether some of them could not be read.
    pub has_skipped: bool,
    /// What is written beside them.
    pub beside: CompanionArgs,
    /// How they are written.
    pub options: Options,
    /// What an earlier run wrote where they are written, once it has been read.
    pub known: OnceCell<EarlierRun>,
}

impl PhotosJob<'_> {
    fn options(&self, to: &Destination) -> Options {
        Options { base: to.base.clone(), ..self.options.clone() }
    }

    /// How many files would be written, and how many bytes.
    fn size(&self, to: &Destination) -> (u64, u64) {
        FilePlan::new(&self.library, &self.options(to), self.known(to)).size()
    }

    /// What an earlier run wrote there.
    fn known(&self, to: &Destination) -> &EarlierRun {
        let read = || to.updated.as_ref().map(|folder| EarlierRun::read(&folder.join(RECORDS))).unwrap_or_default();
        self.known.get_or_init(read)
    }

    /// The report of what was shown or told in one file.
    fn report(&self) -> KindReport {
        let mut report = KindReport::new("photos");
        report.found = self.library.assets.len() as u64;
        report.exported = report.found;
        report.missing = self.library.assets.iter().flat_map(missing).collect::<Vec<MissingItem>>();
        report
    }
}

impl Job for PhotosJob<'_> {
    type Format = Format;

    fn total(&self) -> Option<u64> {
        Some(self.library.assets.len() as u64)
    }

    fn is_empty(&self) -> bool {
        self.library.assets.is_empty() && self.library.unindexed.is_empty() && !self.has_skipped
    }

    fn has_more_than_records(&self) -> bool {
        true
    }

    fn nothing_matched(&self) -> Failure {
        Failure::new(Exit::NothingMatched, "No photo matches.").hint("To see what there is: corer photos")
    }

    fn show(&self, answer: &mut Answer, _for_programs: bool) -> Result<KindReport, Failure> {
        preview::show(&self.library, &self.options.zone, answer)?;
        Ok(KindReport { notes: Totals::of(&self.library).notes(&self.library), ..self.report() })
    }

    fn stream(
        &self,
        format: Format,
        to: &mut (dyn Write + Send),
        on_progress: &OnProgress<'_>,
    ) -> io::Result<KindReport> {
        let Options { about, zone, .. } = &self.options;
        match format {
            Format::Csv => _ = table(&self.library, zone, to)?,
            Format::Jsonl => stream(&self.library, about, zone, to)?,
        }
        _ = on_progress(self.library.assets.len() as u64);
        Ok(self.report())
    }

    fn work(&self, to: &Destination) -> (Unit, Option<u64>) {
        (Unit::Bytes, Some(self.size(to).1))
    }

    fn write(&self, to: &WriteContext<'_>) -> Result<KindReport, ExportError> {
        let options = self.options(&to.place);
        let source = ProgressSource {
            inner: self.source,
            is_by_kernel: to.place.takes_kernel_copies,
            progress: Arc::clone(&to.progress),
        };
        let kept = AtomicU64::new(0);
        let on_progress = |done: photos::Progress| {
            to.progress.advance(done.kept.saturating_sub(kept.fetch_max(done.kept, Ordering::Relaxed)));
            to.keep_going()
        };
        let converter = Converter::default();
        let made = self.beside.companions(&converter, &options);
        let gallery = made.gallery();
        let job = photos::ExportJob {
            source: &source,
            again: self.source,
            library: &self.library,
            options: &options,
            known: self.known(&to.place),
            companions: &made.all(gallery.as_ref()),
        };
        export(job, to.tree, &on_progress)
    }

    fn plan(&self, to: &Destination) -> WritePlan {
        let (files, bytes) = self.size(to);
        let totals = Totals { files, bytes, ..Totals::of(&self.library) };
        let items = human::count(totals.assets, "item", "items");
        let words = format!("{items} as {} ({})", human::count(files, "file", "files"), human::size(bytes));
        let more = match serde_json::to_value(totals) {
            Ok(Value::Object(more)) => more,
            _ => Default::default(),
        };
        WritePlan { records: self.total(), words: Some(words), more }
    }
}
