//! What the commands of one kind of data share: why there is none of it, what an export of everything gives them, and what
//! the report says beside the records.

use std::collections::HashMap;
use std::path::Path;

use corer::backup::hurt::Hurt;
use corer_exporters::output::KindReport;
use corer_exporters::output::report::{About, Item, Missing};
use corer_schemas::people::Directory;
use corer_schemas::{Absence, Kind, Skipped, Source, SourceError};
use jiff::tz::TimeZone;

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::input::session::Session;
use crate::cli::input::whom::Whom;
use crate::cli::run::output::sentence;

/// Says that a kind of data could not be opened. Where the backup holds none of it, nothing matched.
pub fn unopened(error: SourceError, kind: &Kind, session: &Session) -> Failure {
    let why = sentence(&error.to_string());
    let is_left_out = session.leaves_out(kind);
    let kind = kind.plural;
    let failure = match error {
        SourceError::Missing { .. } if is_left_out => return left_out(kind),
        SourceError::Missing { .. } => {
            Failure::new(Exit::NothingMatched, format!("There are no {kind} in this backup."))
        }
        SourceError::Absent { why: Absence::InCloud, .. } => {
            Failure::new(Exit::NothingMatched, format!("The {kind} are not in this backup."))
        }
        SourceError::Foreign { why, .. } if session.source().is_one_database() => {
            return Failure::new(
                Exit::Unsupported,
                format!("{} is no database of {kind}.", session.called().display()),
            )
            .because(sentence(&why));
        }
        _ => Failure::failed(format!("The {kind} cannot be read.")),
    };
    session.or_lost(failure.because(why))
}

/// Says that a device saves a kind only in encrypted backups, and this is none.
fn left_out(kind: &str) -> Failure {
    Failure::new(Exit::NothingMatched, format!("There are no {kind} in this backup."))
        .because(format!("A device saves {kind} only in encrypted backups, and this one is not."))
        .hint("Switch on \"Encrypt local backup\" in Finder, iTunes or Apple Devices, and make a new backup.")
}

/// Nobody of a name was found: with damage to the address book, they may have been among those who are lost.
pub fn or_unknown(directory: &Directory, failure: Failure) -> Failure {
    let is_damaged = !directory.skipped().is_empty() || directory.absence() == Some(Absence::Lost);
    if failure.exit() != Exit::NothingMatched || !is_damaged {
        return failure;
    }
    failure
        .ending_with(Exit::Incomplete)
        .hint("The address book could not be read whole; a number or address finds what a name does not.")
}

/// What an export of everything gives to each kind.
pub struct Whole<'s> {
    /// Where the data is.
    pub source: &'s dyn Source,
    /// Who a handle is.
    pub directory: &'s Directory,
    /// What of the names could not be read that no reader sees.
    pub names_unread: Vec<Skipped>,
    /// What the run is about.
    pub about: About,
    /// The zone of all times.
    pub zone: TimeZone,
    /// How many threads to use.
    pub threads: usize,
    /// The folder of an earlier run that is brought up to date.
    pub updated: Option<&'s Path>,
}

/// What belongs into the report beside the records: how the backup is read, rows that could not be read, and what
/// names are missing for want of an address book.
pub struct Beside<'s> {
    session: &'s Session,
    notes: Vec<String>,
    skipped: Vec<Skipped>,
    /// The address book, where it is not there.
    pub names: Option<Missing>,
}

impl<'s> Beside<'s> {
    /// What the backup itself has to say, and what a reader had to skip.
    pub fn new(session: &'s Session, skipped: Vec<Skipped>) -> Self {
        let notes = session.notes().iter().map(|note| format!("{}: {}", note.item, note.why)).collect();
        Self { session, notes, skipped, names: None }
    }

    /// Adds something that a person should know.
    pub fn with_note(mut self, note: String) -> Self {
        self.notes.push(note);
        self
    }

    /// Adds whom the selection means.
    pub fn with_whom(mut self, whom: Option<&Whom>) -> Self {
        self.notes.extend(whom.into_iter().flat_map(Whom::notes).cloned());
        self
    }

    /// Adds what became of the address book, for kinds that take names from it.
    pub fn with_names(mut self, directory: &Directory) -> Self {
        self.skipped.extend_from_slice(directory.skipped());
        self.names = directory.absence().map(|why| Missing {
            item: "the address book, which has the names".to_owned(),
            why: why.to_string(),
            expected: why == Absence::Lost,
        });
        self
    }

    /// Adds all of it to a report, and the logs of databases that could not be read until now.
    pub fn add_to(self, report: &mut KindReport) {
        report.notes.extend(self.notes);
        for unread in self.session.take_unread().into_iter().map(item) {
            if !report.skipped.contains(&unread) {
                report.skipped.push(unread);
            }
        }
        report.skipped.extend(self.skipped.into_iter().map(item));
        report.missing.extend(self.names);
        tell_hurt(self.session.take_hurt(), report);
    }
}

/// Names files that were written though they are not whole. One that is named already gets a second reason, but for its
/// length: whoever named it has counted.
pub fn tell_hurt(hurt: Vec<Hurt>, report: &mut KindReport) {
    if hurt.is_empty() {
        return;
    }
    let named: HashMap<String, usize> =
        report.skipped.iter().enumerate().map(|(at, item)| (item.item.clone(), at)).collect();
    for Hurt { what, is_short } in hurt {
        let path = what.item.split_once('/').map_or(&*what.item, |(_, path)| path);
        let at = named.get(path).or_else(|| named.get(&what.item));
        match at.and_then(|at| report.skipped.get_mut(*at)) {
            Some(_) if is_short => {}
            Some(known) => known.why = format!("{}; {}", known.why, what.why),
            None => report.skipped.push(item(what)),
        }
    }
}

/// What a reader had to skip, as the report lists it.
pub fn item(Skipped { item, why }: Skipped) -> Item {
    Item { item, why }
}
