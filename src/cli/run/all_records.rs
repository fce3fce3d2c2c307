//! One kind among several: all of its records, for an export of everything and for counting.

use std::sync::Arc;

use corer_exporters::output::{KindReport, Tree};
use corer_exporters::saved::Update;

use super::absent;
use super::command::{Destination, Job, KindArgs, OpenContext, OpenError, Opened, WriteContext};
use super::extras::{ReportExtras, item};
use super::parsed_command::ParsedCommand;
use crate::cli::failure::Failure;
use crate::cli::input::zone::Zone;
use crate::cli::terminal::console::Console;
use crate::cli::terminal::progress::Unit;

/// Opens all records of a kind, as its command does when nothing but its name is typed.
fn open<C: KindArgs>(at: OpenContext<'_>) -> Result<Opened<C::Job<'_>>, OpenError> {
    let args = ParsedCommand::<C>::bare()?.own;
    let query = args.resolve(&Zone::of(at.zone.clone()))?;
    args.open(query, at)
}

/// How many records there are of a kind; `None` where there are none, and where nobody can say.
pub fn count<C: KindArgs>(at: OpenContext<'_>) -> Option<u64> {
    open::<C>(at).ok()?.job.total()
}

/// Writes all records of a kind into a folder of a tree.
///
/// # Errors
/// When the tree cannot be written, and when somebody asked to stop. What is not there is in the report.
pub fn write<C: KindArgs>(
    at: OpenContext<'_>,
    tree: &Tree,
    place: Destination,
    console: &Console,
) -> Result<KindReport, Failure> {
    let (session, directory, names_unread) = (at.session, at.directory, at.names_unread);
    let Opened { job, notes, warnings, skipped, .. } = match open::<C>(at) {
        Ok(opened) => opened,
        Err(OpenError::Source(error)) => {
            let report = absent::report(error, C::KIND, session);
            return if C::REMEMBERS { left_as_it_is(report, tree, &place) } else { Ok(report) };
        }
        Err(OpenError::Failure(failure)) => return Err(failure),
    };
    let (unit, work) = job.work(&place);
    let is_complete = skipped.is_empty() && session.is_complete();
    let progress = Arc::new(console.progress(C::KIND.title, unit, work));
    let mut report = job.write(&WriteContext { tree, place, progress, console, is_complete })?;
    report.skipped.extend(skipped.into_iter().map(item));
    let names_unread = if C::TAKES_NAMES { names_unread } else { &[] };
    report.skipped.extend(names_unread.iter().cloned().map(item));
    let extras = ReportExtras::new(session, Vec::new());
    let extras = if C::TAKES_NAMES { extras.with_names(directory) } else { extras };
    let extras = extras.with_files_of_no_record(C::KIND);
    extras.with_notes(notes).with_notes(warnings).add_to(&mut report);
    Ok(report)
}

/// Refuses to write all records of a kind where they must not be written, and asks where somebody may agree. Nothing is written.
///
/// # Errors
/// When the folder of the kind must not be written.
pub fn look<C: KindArgs>(
    at: OpenContext<'_>,
    tree: &Tree,
    place: Destination,
    console: &Console,
) -> Result<(), Failure> {
    let is_complete = at.session.is_complete();
    let Ok(Opened { job, .. }) = open::<C>(at) else { return Ok(()) };
    let progress = Arc::new(console.progress(C::KIND.title, Unit::Items, None));
    Ok(job.look(&WriteContext { tree, place, progress, console, is_complete })?)
}

/// What earlier backups gave of a kind stays, though this one has none of it that could be read.
fn left_as_it_is(mut report: KindReport, tree: &Tree, place: &Destination) -> Result<KindReport, Failure> {
    if let Some(records) = Update::leave(tree, &place.base)? {
        (report.found, report.exported, report.remembers) = (records, records, true);
        report
            .notes
            .push("None of it could be read from this backup: what earlier ones gave stays as it is.".to_owned());
    }
    Ok(report)
}
