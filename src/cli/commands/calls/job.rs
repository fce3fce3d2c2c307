//! The calls that were asked for, as they are shown and written.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::io::{self, Write};
use std::ops::ControlFlow;

use corer_exporters::calls::{Format, History, Options, export, single, text};
use corer_exporters::output::{ExportError, KindReport};
use corer_schemas::Skipped;
use corer_schemas::calls::{Call, Calls, Choice};

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::input::whom::HINT;
use crate::cli::run::command::{Job, Place, Plan, Told, Writing};
use crate::cli::run::extras::item;
use crate::cli::terminal::console::Answer;
use crate::cli::terminal::printable::Printable;

/// Calls and a choice of them.
pub struct CallsJob<'s> {
    /// The calls of the device.
    pub calls: Calls<'s>,
    /// The choice.
    pub choice: Choice,
    /// How they are written.
    pub options: Options,
}

impl CallsJob<'_> {
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
}

/// The calls of a job, counted as they are read.
struct Counted<'c> {
    job: &'c CallsJob<'c>,
    told: &'c Told<'c>,
}

impl History for CallsJob<'_> {
    fn calls(&self, each: &mut dyn FnMut(Call) -> ControlFlow<()>) -> Vec<Skipped> {
        self.calls.each(&self.choice, each)
    }
}

impl History for Counted<'_> {
    fn calls(&self, each: &mut dyn FnMut(Call) -> ControlFlow<()>) -> Vec<Skipped> {
        let done = Cell::new(0);
        self.job.calls(&mut |call| {
            done.set(done.get() + 1);
            (self.told)(done.get());
            each(call)
        })
    }
}

impl Job for CallsJob<'_> {
    type Format = Format;

    fn total(&self) -> Option<u64> {
        if self.choice == Choice::default() { self.calls.count().ok() } else { None }
    }

    fn is_empty(&self) -> bool {
        if self.total().is_some_and(|calls| calls > 0) {
            return false;
        }
        let mut any = false;
        // What cannot be read counts, as it belongs into the report.
        let skipped = self.calls.each(&self.choice, &mut |_| {
            any = true;
            ControlFlow::Break(())
        });
        !any && skipped.is_empty()
    }

    fn nothing_matched(&self) -> Failure {
        let failure = Failure::new(Exit::NothingMatched, "No call matches.");
        match self.choice.selection.with.is_empty() {
            true => failure,
            false => failure.hint(HINT),
        }
    }

    fn show(&self, answer: &mut Answer, _for_programs: bool) -> Result<KindReport, Failure> {
        let mut kind = KindReport::new("calls");
        let mut shown = Ok(());
        let skipped = self.calls.each(&self.choice, &mut |call| {
            shown = answer.line(Printable(text::line(&call, &self.options.zone)));
            kind.exported += 1;
            if shown.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        shown?;
        kind.found = kind.exported + skipped.len() as u64;
        kind.skipped = skipped.into_iter().map(item).collect();
        Ok(kind)
    }

    fn stream(&self, format: Format, to: &mut (dyn Write + Send), told: &Told<'_>) -> io::Result<KindReport> {
        single(&Counted { job: self, told }, format, &self.options, to)
    }

    fn write(&self, to: &Writing<'_>) -> Result<KindReport, ExportError> {
        let options = Options { base: to.place.base.clone(), ..self.options.clone() };
        export(self, &options, to.tree, &|done| to.reach(done))
    }

    fn plan(&self, _to: &Place) -> Plan {
        Plan::of(self.total())
    }
}
