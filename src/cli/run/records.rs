//! The records of a kind that stand by themselves, in everything that a command does with them. A kind needs no more than a reader
//! ([`Records`]) and a writer ([`Exporter`]).

use std::cell::Cell;
use std::io::{self, Write};
use std::ops::ControlFlow;

use corer_exporters::formats::written;
use corer_exporters::output::{ExportError, KindReport, SafePath};
use corer_exporters::saved::{IdentifiedFeed, IdentifiedList, Present, Subject, Taken, Update};
use corer_exporters::write::{Context, Exporter};
use corer_schemas::identity::Identified;
use corer_schemas::records::{Chosen, Feed};
use corer_schemas::{Kind, Records, Skipped, Source};

use super::command::{Destination, Job, OnProgress, OpenContext, Opened, WriteContext, WritePlan};
use super::extras::item;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::input::matched_people::{HINT, MatchedPeople};
use crate::cli::terminal::console::Answer;
use crate::cli::terminal::printable::Printable;

/// Records that are chosen, and how they are written.
pub struct RecordsJob<'s, R: Records, X: Exporter> {
    kind: &'static Kind,
    source: &'s dyn Source,
    records: R,
    filter: R::Filter,
    exporter: X,
    context: Context<X::Format>,
    backup: Taken,
}

impl<'s, R: Records, X: Exporter<Record = R::Record>> RecordsJob<'s, R, X> {
    /// Chooses from `records`. `formats` are those that were asked for.
    pub fn open(
        kind: &'static Kind,
        records: R,
        filter: R::Filter,
        exporter: X,
        formats: &[X::Format],
        at: OpenContext<'s>,
    ) -> Opened<Self> {
        let whom = MatchedPeople::of(filter.as_ref(), at.directory, || records.addresses());
        let source = at.source();
        let context = Context { about: at.about, zone: at.zone, base: SafePath::root(), formats: written(formats) };
        let backup = at.session.taken();
        let job = Self { kind, source, records, filter, exporter, context, backup };
        Opened { whom: whom.into_iter().collect(), ..Opened::new(job) }
    }

    fn chosen(&self) -> Chosen<'_, R> {
        Chosen { records: &self.records, filter: &self.filter }
    }
}

impl<R: Records<Record: Identified>, X: Exporter<Record = R::Record>> RecordsJob<'_, R, X> {
    /// Does something with what there is to be remembered.
    fn with_subject<T>(&self, with: impl FnOnce(&Subject<'_, R::Record>) -> T) -> T {
        let everything = R::Filter::default();
        let all = Chosen { records: &self.records, filter: &everything };
        let all = IdentifiedList(&all);
        let is_narrow = !self.context.about.filters.is_empty();
        with(&Subject {
            kind: self.kind,
            chosen: &IdentifiedList(&self.chosen()),
            all: is_narrow.then_some(&all as &dyn IdentifiedFeed<R::Record>),
            describe: &|record| self.exporter.lines(record, &self.context.zone).into_iter().next().unwrap_or_default(),
            adopt: &|folder| self.exporter.adopt(folder),
        })
    }

    /// Looks at what the folder remembers. `None` where nothing is remembered.
    fn update<'t>(&self, to: &WriteContext<'t>) -> Result<Option<Update<'t>>, ExportError> {
        self.with_subject(|subject| to.update(subject, &self.context.about.corer_version, &self.backup))
    }
}

impl<R: Records<Record: Identified>, X: Exporter<Record = R::Record>> Job for RecordsJob<'_, R, X> {
    type Format = X::Format;

    fn total(&self) -> Option<u64> {
        self.records.count(&self.filter)
    }

    fn is_empty(&self) -> bool {
        if self.total().is_some_and(|records| records > 0) {
            return false;
        }
        let mut any = false;
        // What cannot be read counts, as it belongs into the report.
        let skipped = self.chosen().each(&mut |_| {
            any = true;
            ControlFlow::Break(())
        });
        !any && skipped.is_empty()
    }

    fn nothing_matched(&self) -> Failure {
        if self.context.about.filters.is_empty() {
            return Failure::new(Exit::NothingMatched, format!("There are no {} in this backup.", self.kind.plural));
        }
        let failure = Failure::new(Exit::NothingMatched, format!("No {} matches.", self.kind.nouns.0));
        if self.filter.as_ref().with.is_empty() { failure } else { failure.hint(HINT) }
    }

    fn show(&self, answer: &mut Answer, _for_programs: bool) -> Result<KindReport, Failure> {
        let mut report = KindReport::new(self.kind.name);
        let mut shown = Ok(());
        let skipped = self.chosen().each(&mut |record| {
            let mut lines = self.exporter.lines(&record, &self.context.zone).into_iter();
            shown = lines.try_for_each(|line| answer.line(Printable(line)));
            report.exported += 1;
            if shown.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        shown?;
        report.found = report.exported + Skipped::records(&skipped);
        report.skipped = skipped.into_iter().map(item).collect();
        Ok(report)
    }

    fn stream(
        &self,
        format: X::Format,
        to: &mut (dyn Write + Send),
        on_progress: &OnProgress<'_>,
    ) -> io::Result<KindReport> {
        let counted = CountedFeed { records: self.chosen(), on_progress };
        self.exporter.stream(&Present(&counted), format, &self.context, to)
    }

    fn write(&self, to: &WriteContext<'_>) -> Result<KindReport, ExportError> {
        let context = Context { base: to.place.base.clone(), ..self.context.clone() };
        let reach = |done| to.reach(done);
        let chosen = self.chosen();
        let Some(update) = self.update(to)? else {
            return self.exporter.export(&Present(&chosen), &self.source, &context, to.tree, &reach);
        };
        let merged = update.merged(&chosen)?;
        let files = update.files(&self.source);
        // What was made of records that ended too early is not kept.
        let reach = |done| if merged.has_failed() { ControlFlow::Break(()) } else { reach(done) };
        let exported = self.exporter.export(&merged, &files, &context, to.tree, &reach);
        let writer = merged.into_writer()?;
        update.report(writer, exported?)
    }

    fn look(&self, to: &WriteContext<'_>) -> Result<(), ExportError> {
        self.with_subject(|subject| to.look(subject, &self.context.about.corer_version, &self.backup))
    }

    fn plan(&self, _to: &Destination) -> WritePlan {
        WritePlan::of(self.total())
    }
}

/// Records that are counted as they are read.
struct CountedFeed<'c, R: Records> {
    records: Chosen<'c, R>,
    on_progress: &'c OnProgress<'c>,
}

impl<R: Records> Feed<R::Record> for CountedFeed<'_, R> {
    fn each(&self, each: &mut dyn FnMut(R::Record) -> ControlFlow<()>) -> Vec<Skipped> {
        let done = Cell::new(0);
        self.records.each(&mut |record| {
            done.set(done.get() + 1);
            (self.on_progress)(done.get())?;
            each(record)
        })
    }
}
