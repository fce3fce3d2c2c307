//! The calls that were asked for, as they are shown and written.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::ops::ControlFlow;

use corer_exporters::calls::{Format, History, Layout, Options, export, single, text};
use corer_exporters::output::report::About;
use corer_exporters::output::{ExportError, KindReport, SafePath, Tree};
use corer_schemas::calls::{Call, Calls, Choice, KIND};
use corer_schemas::{Kind, Skipped, SourceError};
use jiff::tz::TimeZone;

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::input::whom::HINT;
use crate::cli::run::drive::{Job, Records, Told};
use crate::cli::run::formats;
use crate::cli::run::kind::{Whole, item};
use crate::cli::terminal::console::Answer;
use crate::cli::terminal::printable::Printable;

/// Calls and a choice of them.
pub struct CallsJob<'s> {
    /// The calls of the device.
    pub calls: Calls<'s>,
    /// The choice.
    pub choice: Choice,
    /// What the run is about.
    pub about: About,
    /// The zone of all times.
    pub zone: TimeZone,
    /// What to write.
    pub formats: Vec<Format>,
    /// The layout of the table.
    pub layout: Layout,
}

/// All calls, for an export of everything.
///
/// # Errors
/// What opening them says.
pub fn whole<'s>(whole: &Whole<'s>) -> Result<Box<dyn Records + 's>, SourceError> {
    Ok(Box::new(CallsJob {
        calls: Calls::open(whole.source, whole.directory)?,
        choice: Choice::default(),
        about: whole.about.clone(),
        zone: whole.zone.clone(),
        formats: formats::DEFAULT.to_vec(),
        layout: Layout::People,
    }))
}

impl CallsJob<'_> {
    /// Whether there is anything to show or to write. Looked at before an output is begun; what cannot be read counts, as
    /// it belongs into the report.
    pub fn has_any(&self) -> bool {
        if self.total().is_some_and(|calls| calls > 0) {
            return true;
        }
        let mut any = false;
        let skipped = self.calls.each(&self.choice, &mut |_| {
            any = true;
            ControlFlow::Break(())
        });
        any || !skipped.is_empty()
    }

    /// Every number, address and name of those who took part in any call.
    pub fn people(&self) -> BTreeSet<String> {
        let mut people = BTreeSet::new();
        // What cannot be read is said with the calls themselves.
        let _ = self.calls.each(&Choice::default(), &mut |call| {
            people.extend(call.participants.into_iter().map(|person| person.address));
            ControlFlow::Continue(())
        });
        people
    }

    /// Says that no call matches.
    pub fn failure(&self) -> Failure {
        let failure = Failure::new(Exit::NothingMatched, "No call matches.");
        match self.choice.selection.with.is_empty() {
            true => failure,
            false => failure.hint(HINT),
        }
    }

    fn options(&self, base: SafePath) -> Options {
        Options {
            about: self.about.clone(),
            zone: self.zone.clone(),
            base,
            formats: self.formats.clone(),
            layout: self.layout,
        }
    }
}

impl History for CallsJob<'_> {
    fn calls(&self, each: &mut dyn FnMut(Call) -> ControlFlow<()>) -> Vec<Skipped> {
        self.calls.each(&self.choice, each)
    }
}

impl Records for CallsJob<'_> {
    fn total(&self) -> Option<u64> {
        if self.choice == Choice::default() { self.calls.count().ok() } else { None }
    }

    fn write(&self, base: &SafePath, tree: &Tree, told: &Told<'_>) -> Result<KindReport, ExportError> {
        export(self, &self.options(base.clone()), tree, told)
    }
}

impl Job for CallsJob<'_> {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn about(&self) -> &About {
        &self.about
    }

    fn show(&self, answer: &mut Answer) -> Result<KindReport, Failure> {
        let mut kind = KindReport::new("calls");
        let mut shown = Ok(());
        let skipped = self.calls.each(&self.choice, &mut |call| {
            shown = answer.line(Printable(text::line(&call, &self.zone)));
            kind.exported += 1;
            if shown.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        shown?;
        kind.found = kind.exported + skipped.len() as u64;
        kind.skipped = skipped.into_iter().map(item).collect();
        Ok(kind)
    }

    fn stream(&self, format: &str, to: &mut (dyn Write + Send)) -> io::Result<KindReport> {
        single(self, formats::of(format), &self.options(SafePath::root()), to)
    }

    fn nothing_matched(&self) -> Failure {
        self.failure()
    }
}
