//! The driver: each event in every format that is asked for.

use std::io::{self, Write};
use std::ops::ControlFlow;

use corer_schemas::AppleTime;
use corer_schemas::calendars::Event;
use corer_schemas::records::Feed;
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::html::{Pages, Written as WrittenFiles};
use super::ics::Calendars;
use super::labels::{calendar_name, remembered};
use super::table::Table;
use super::totals::Tally;
use super::{ALL, Context, FOLDER, Format, RECORDS, TABLE, jsonl, text};
use crate::output::{ExportError, KindReport, OutFile, OutputError, SafePath, Tree, UniqueNames};
use crate::saved::Kept;
use crate::write::{Exporter, FileSource};

/// What a file of all events is called inside.
const NAME: &str = "Calendars";

/// Writes calendars.
#[derive(Debug, Clone, Copy, Default)]
pub struct CalendarsExporter {
    /// When the backup was made, in seconds since 1970: series without an end are drawn to a year after it.
    pub made: Option<i64>,
    /// How many suggestions are left out.
    pub suggestions_left_out: u64,
}

impl Exporter for CalendarsExporter {
    type Record = Event;
    type Format = Format;

    fn lines(&self, event: &Event, zone: &TimeZone) -> Vec<String> {
        text::lines(event, zone)
    }

    fn export(
        &self,
        events: &dyn Feed<Kept<Event>>,
        _: &dyn FileSource,
        context: &Context,
        tree: &Tree,
        progress: &dyn Fn(u64) -> ControlFlow<()>,
    ) -> Result<KindReport, ExportError> {
        let mut written = Written::begin(*self, context, tree)?;
        let mut failed = None;
        let skipped = events.each(&mut |event| {
            let result = match progress(written.tally.totals.events) {
                ControlFlow::Break(()) => Err(ExportError::Interrupted),
                ControlFlow::Continue(()) => written.event(event).map_err(ExportError::from),
            };
            match result {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    failed = Some(error);
                    ControlFlow::Break(())
                }
            }
        });
        if let Some(error) = failed {
            return Err(error);
        }
        written.tally.finish(&skipped);
        Ok(written.finish()?)
    }

    /// Pages are no stream.
    fn stream(
        &self,
        events: &dyn Feed<Kept<Event>>,
        format: Format,
        context: &Context,
        to: &mut (dyn Write + Send),
    ) -> io::Result<KindReport> {
        let mut tally = Tally::new(self.suggestions_left_out);
        let mut stream = match format {
            Format::Csv => Stream::Table(Box::new(Table::begin(to, &context.zone)?)),
            Format::Ics => Stream::Calendar(Box::default(), to),
            Format::Jsonl | Format::Html => {
                jsonl::header(to, &context.about)?;
                Stream::Records(to)
            }
        };
        let mut result = Ok(());
        let skipped = events.each(&mut |event| {
            tally.add(&event);
            result = match &mut stream {
                Stream::Table(table) => table.event(&event),
                Stream::Records(to) => jsonl::event(&mut **to, &event, &context.zone),
                Stream::Calendar(calendars, _) => {
                    let added = calendars.add(&event, &remembered(&event, &context.zone));
                    added.unwrap_or_else(|why| tally.not_in_a_calendar(&event, why));
                    Ok(())
                }
            };
            if result.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        result?;
        tally.finish(&skipped);
        match stream {
            Stream::Table(table) => _ = table.finish()?,
            Stream::Records(to) => jsonl::completion(to, tally.totals)?,
            Stream::Calendar(calendars, to) => calendars.all().write(to, NAME, &context.about.corer_version)?,
        }
        Ok(tally.into_report())
    }
}

/// The one stream that events go to.
enum Stream<'t> {
    Table(Box<Table<&'t mut (dyn Write + Send)>>),
    Records(&'t mut (dyn Write + Send)),
    Calendar(Box<Calendars>, &'t mut (dyn Write + Send)),
}

/// The files of an export that are being written.
struct Written<'t> {
    exporter: CalendarsExporter,
    context: &'t Context,
    tree: &'t Tree,
    calendars: Option<Calendars>,
    table: Option<Table<OutFile<'t>>>,
    records: Option<OutFile<'t>>,
    pages: Option<Pages>,
    tally: Tally,
}

impl<'t> Written<'t> {
    fn begin(exporter: CalendarsExporter, context: &'t Context, tree: &'t Tree) -> Result<Self, OutputError> {
        let wants = |format| context.formats.contains(&format);
        let mut own = Self {
            exporter,
            context,
            tree,
            calendars: wants(Format::Ics).then(Calendars::default),
            table: None,
            records: None,
            pages: wants(Format::Html).then(Pages::default),
            tally: Tally::new(exporter.suggestions_left_out),
        };
        if wants(Format::Csv) {
            let file = tree.file(&context.base.join(TABLE), None)?;
            own.table = Some(Table::begin(file, &context.zone).map_err(|error| own.failed(TABLE, error))?);
        }
        if wants(Format::Jsonl) {
            let mut file = tree.file(&context.base.join(RECORDS), None)?;
            jsonl::header(&mut file, &context.about).map_err(|error| own.failed(RECORDS, error))?;
            own.records = Some(file);
        }
        Ok(own)
    }

    fn failed(&self, name: &str, error: io::Error) -> OutputError {
        self.tree.failed(&self.context.base.join(name), error)
    }

    fn event(&mut self, event: Kept<Event>) -> Result<(), OutputError> {
        let (context, tree) = (self.context, self.tree);
        let failed = |name: &str, error| tree.failed(&context.base.join(name), error);
        self.tally.add(&event);
        if let Some(calendars) = &mut self.calendars {
            let added = calendars.add(&event, &remembered(&event, &context.zone));
            added.unwrap_or_else(|why| self.tally.not_in_a_calendar(&event, why));
        }
        if let Some(table) = &mut self.table {
            table.event(&event).map_err(|error| failed(TABLE, error))?;
        }
        if let Some(file) = &mut self.records {
            jsonl::event(file, &event, &context.zone).map_err(|error| failed(RECORDS, error))?;
        }
        if let Some(pages) = &mut self.pages {
            pages.add(event);
        }
        Ok(())
    }

    fn finish(self) -> Result<KindReport, OutputError> {
        let files = match &self.calendars {
            Some(calendars) => self.write_calendars(calendars)?,
            None => WrittenFiles::default(),
        };
        let (context, tree) = (self.context, self.tree);
        let failed = |name: &str, error| tree.failed(&context.base.join(name), error);
        if let Some(table) = self.table {
            table.finish().map_err(|error| failed(TABLE, error))?.finish()?;
        }
        if let Some(mut file) = self.records {
            jsonl::completion(&mut file, self.tally.totals).map_err(|error| failed(RECORDS, error))?;
            file.finish()?;
        }
        if let Some(pages) = self.pages {
            let last = last_drawn(self.exporter.made, &context.zone);
            let write = |name: &str, page: &str| tree.write(&context.base.join(name), page.as_bytes()).map(|_| ());
            pages.write(last, &files, self.tally.totals, self.tally.gaps(), context, &write)?;
        }
        Ok(self.tally.into_report())
    }

    /// Writes the file of all and that of each calendar, and says where those lie, as seen from the pages.
    fn write_calendars(&self, calendars: &Calendars) -> Result<WrittenFiles, OutputError> {
        let version = &self.context.about.corer_version;
        let write = |path: &SafePath, file: &super::ics::File<'_>, name: &str| {
            let place = self.context.base.then(path);
            let mut out = self.tree.file(&place, None)?;
            file.write(&mut out, name, version).map_err(|error| self.tree.failed(&place, error))?;
            out.finish().map(|_| ())
        };
        write(&SafePath::new(ALL), &calendars.all(), NAME)?;
        let (mut names, folder) = (UniqueNames::new(), SafePath::new(FOLDER));
        let mut files = WrittenFiles::default();
        for file in calendars.each() {
            let name = calendar_name(file.calendar);
            let id = file.calendar.map(|calendar| calendar.id);
            let path =
                names.fresh_in(&folder, &format!("{name}.ics"), &id.map_or_else(String::new, |id| id.to_string()));
            write(&path, &file, name)?;
            files.insert(id, path);
        }
        Ok(files)
    }
}

/// Until when series without an end are drawn.
fn last_drawn(made: Option<i64>, zone: &TimeZone) -> Option<Date> {
    let made = made.and_then(AppleTime::from_unix_seconds)?.timestamp()?;
    zone.to_datetime(made).date().checked_add(1.year()).ok()
}
