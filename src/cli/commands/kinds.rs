//! The kinds of data that corer takes out, for whoever wants them all. A new kind is one more line.

use corer_schemas::{self as schemas, Kind, SourceError};

use crate::cli::commands::calls;
use crate::cli::commands::contacts;
use crate::cli::commands::messages;
use crate::cli::commands::photos;
use crate::cli::commands::voicemail;
use crate::cli::run::drive::Records;
use crate::cli::run::kind::Whole;

/// Opens all records of one kind.
type Open = for<'s> fn(&Whole<'s>) -> Result<Box<dyn Records + 's>, SourceError>;

/// The command of a kind.
pub struct KindCommand {
    /// The kind.
    pub kind: &'static Kind,
    /// The page or file of its folder to begin with.
    pub start: &'static str,
    /// Opens all of its records.
    pub open: Open,
}

const fn command(kind: &'static Kind, start: &'static str, open: Open) -> KindCommand {
    KindCommand { kind, start, open }
}

/// The commands of all kinds that corer reads, in the order in which an export of everything tells them.
pub static COMMANDS: &[KindCommand] = &[
    command(&schemas::messages::KIND, "index.html", messages::whole),
    command(&schemas::contacts::KIND, "contacts.html", contacts::whole),
    command(&schemas::calls::KIND, "calls.html", calls::whole),
    command(&schemas::voicemail::KIND, "voicemail.html", voicemail::whole),
    command(&schemas::photos::KIND, "index.html", photos::whole),
];

/// The command of this name.
pub fn of(name: &str) -> Option<&'static KindCommand> {
    COMMANDS.iter().find(|command| command.kind.name == name)
}
