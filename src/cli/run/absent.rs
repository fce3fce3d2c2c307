//! Why there is nothing of a kind: what the backup never held is no damage.

use corer_exporters::output::KindReport;
use corer_exporters::output::report::{MissingItem, SkippedItem};
use corer_schemas::people::Directory;
use corer_schemas::{Absence, Kind, SourceError};

use super::extras::{item, report_damaged};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::input::content::Content;
use crate::cli::input::session::Session;
use crate::cli::sentence::sentence;

/// Why a device left out a kind of a backup.
const LEFT_OUT: &str = "only in encrypted backups, and this one is not";

/// Says that a kind of data could not be opened. Where the backup holds none of it, nothing matched.
pub fn failure(error: SourceError, kind: &Kind, session: &Session) -> Failure {
    let why = sentence(&error.to_string());
    let plural = kind.plural;
    let failure = match error {
        SourceError::Missing { .. } if session.leaves_out(kind) => return left_out(kind),
        SourceError::Missing { .. } => {
            Failure::new(Exit::NothingMatched, format!("There are no {plural} in this backup."))
        }
        SourceError::Absent { why: Absence::InCloud, .. } => {
            Failure::new(Exit::NothingMatched, format!("The {plural} are not in this backup."))
        }
        SourceError::Foreign { what, why } if is_no_damage(session) => {
            // What it lacks may be in the log that could not be read.
            if let Some(lost) = session.take_unreadable().first() {
                let failure = Failure::failed(format!("The {plural} cannot be read."));
                return failure.because(format!("{}: {}.", lost.item, lost.why));
            }
            let called = match session.source().is_one_database() {
                true => session.called().display().to_string(),
                false => what,
            };
            return Failure::new(Exit::Unsupported, format!("{called} is no database of {plural}."))
                .because(sentence(&why));
        }
        _ => Failure::failed(format!("The {plural} cannot be read.")),
    };
    session.or_unreadable(failure.because(why))
}

/// Whether a database that lacks its tables is one of something else: of a backup, the manifest says that it had them.
fn is_no_damage(session: &Session) -> bool {
    matches!(session.content(), Content::Files(_))
}

fn left_out(kind: &Kind) -> Failure {
    Failure::new(Exit::NothingMatched, format!("There are no {} in this backup.", kind.plural))
        .because(format!("A device saves {} {LEFT_OUT}.", kind.plural))
        .hint("Switch on \"Encrypt local backup\" in Finder, iTunes or Apple Devices, and make a new backup.")
}

/// The report of a kind that could not be opened, in an export of several.
pub fn report(error: SourceError, kind: &Kind, session: &Session) -> KindReport {
    let mut report = KindReport::new(kind.name);
    let missing = |why: String, expected| MissingItem { item: kind.nouns.1.to_owned(), why, expected };
    match error {
        SourceError::Missing { .. } if session.leaves_out(kind) => {
            report.missing.push(missing(format!("a device saves them {LEFT_OUT}"), false));
        }
        SourceError::Missing { .. } => {
            report.missing.push(missing("there are none in this backup".to_owned(), session.has_lost_records()));
        }
        SourceError::Absent { why, .. } => report.missing.push(missing(why.to_string(), why == Absence::Lost)),
        error => report.skipped.push(SkippedItem { item: kind.nouns.1.to_owned(), why: error.to_string() }),
    }
    report.skipped.extend(session.take_unreadable().into_iter().map(item));
    report_damaged(session.take_damaged(), &mut report);
    report
}

/// Why there is nothing of a part of a kind on the start page of an export.
pub fn why_left_out() -> String {
    format!("a device saves this {LEFT_OUT}")
}

/// Nobody of a name was found: with damage to the address book, they may have been among those who are lost.
pub fn or_unknown(directory: &Directory, failure: Failure) -> Failure {
    let is_damaged = !directory.skipped().is_empty() || directory.absence() == Some(Absence::Lost);
    if failure.exit() != Exit::NothingMatched || !is_damaged {
        return failure;
    }
    failure
        .with_exit(Exit::Incomplete)
        .hint("The address book could not be read whole; a number or address finds what a name does not.")
}
