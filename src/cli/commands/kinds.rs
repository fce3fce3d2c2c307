//! The commands of the kinds that corer reads. A new kind is one more line.

use corer_exporters::output::{KindReport, Tree};
use corer_schemas::Kind;

use super::{calendars, calls, contacts, messages, notes, photos, recordings, safari, voicemail, whatsapp};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::run::command::{Destination, KindArgs, OpenContext};
use crate::cli::run::parsed_command::ParsedCommand;
use crate::cli::run::{all_records, runner};
use crate::cli::terminal::console::Console;

/// The command of one kind, for whoever wants them all.
pub struct KindCommand {
    /// The kind.
    pub kind: &'static Kind,
    /// The page or file of its folder to begin with.
    pub start: &'static str,
    /// Whether an export of it remembers what it holds.
    pub remembers: bool,
    /// How many records there are of it.
    pub count: fn(OpenContext<'_>) -> Option<u64>,
    /// Refuses to write them where they must not be written, and asks where somebody may agree.
    pub look: fn(OpenContext<'_>, &Tree, Destination, &Console) -> Result<(), Failure>,
    /// Writes all of them into a folder of a tree.
    pub write: fn(OpenContext<'_>, &Tree, Destination, &Console) -> Result<KindReport, Failure>,
}

impl KindCommand {
    const fn of<C: KindArgs>() -> Self {
        Self {
            kind: C::KIND,
            start: C::START,
            remembers: C::REMEMBERS,
            count: all_records::count::<C>,
            look: all_records::look::<C>,
            write: all_records::write::<C>,
        }
    }
}

/// Makes of each line a command, its place among all of them, and the way from the one to the other.
macro_rules! kinds {
    ($($(#[$attribute:meta])* $name:ident($arguments:ty),)*) => {
        /// The command of a kind.
        #[derive(Debug, clap::Subcommand)]
        pub enum KindSubcommand {
            $($(#[$attribute])* $name(Box<ParsedCommand<$arguments>>),)*
        }

        impl KindSubcommand {
            /// Does what was asked for.
            ///
            /// # Errors
            /// As for [`runner::run`].
            pub fn run(&self, console: &Console) -> Result<Exit, Failure> {
                match self {
                    $(Self::$name(arguments) => runner::run(arguments, console),)*
                }
            }
        }

        /// All of them, in the order in which they are told.
        pub static COMMANDS: &[KindCommand] = &[$(KindCommand::of::<$arguments>(),)*];
    };
}

kinds! {
    #[command(alias = "message", alias = "sms", alias = "imessage", alias = "chats")]
    Messages(messages::MessagesArgs),
    #[command(name = "whatsapp", alias = "wa")]
    WhatsApp(whatsapp::WhatsAppArgs),
    #[command(alias = "contact", alias = "addressbook", alias = "people")]
    Contacts(contacts::ContactsArgs),
    #[command(alias = "call", alias = "call-history")]
    Calls(calls::CallsArgs),
    #[command(alias = "voicemails")]
    Voicemail(voicemail::VoicemailArgs),
    #[command(alias = "recording", alias = "memos", alias = "voice-memos")]
    Recordings(recordings::RecordingsArgs),
    #[command(alias = "note")]
    Notes(notes::NotesArgs),
    #[command(alias = "calendar", alias = "events", alias = "ical")]
    Calendars(calendars::CalendarsArgs),
    #[command(alias = "bookmarks", alias = "browser", alias = "browsing")]
    Safari(safari::SafariArgs),
    #[command(alias = "photo", alias = "pictures", alias = "videos")]
    Photos(photos::PhotosArgs),
}

/// The command of this name.
pub fn of(name: &str) -> Option<&'static KindCommand> {
    COMMANDS.iter().find(|command| command.kind.name == name)
}
