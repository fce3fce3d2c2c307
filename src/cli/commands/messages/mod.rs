//! `corer messages`: conversations, printed or written as pages and data.

mod choice;
mod conversations;
mod export;
mod list;
mod preview;
mod reader;
mod single;
mod whole;

use std::collections::BTreeSet;

use clap::{Args, ValueEnum};
use corer_exporters::messages::jsonl::Streamed;
use corer_exporters::output::Checksums;
use corer_exporters::output::report::About;
use corer_schemas::Selection;
use corer_schemas::contacts::Photos;
use corer_schemas::messages::{Chat, DATABASE, KIND, Messages};
use corer_schemas::people::Directory;
use corer_schemas::skipped::Reading;

use choice::ChoiceArgs;
use reader::Chosen;
pub use whole::whole;

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::help;
use crate::cli::input::args::{OutputArgs, SelectArgs, SourceArgs, WorkArgs, ZoneArgs};
use crate::cli::input::session::Session;
use crate::cli::input::whom::{self, Whom};
use crate::cli::input::zone::Zone;
use crate::cli::run::kind::{self, Beside};
use crate::cli::terminal::console::Console;

/// Show or export messages
///
/// Prints to the terminal; with -o writes files: pages to read in a browser (html), a table (csv) and JSON Lines for
/// programs (jsonl), with the attachments beside them. A name that ends in .jsonl makes that one file, without
/// attachments. The selection means the same in both.
#[derive(Debug, Args)]
#[command(after_long_help = ending())]
pub struct MessagesArgs {
    /// Formats to write, with commas between them: html, csv, jsonl, txt [default: html,csv,jsonl]
    #[arg(short, long, value_name = "LIST", value_enum, value_delimiter = ',', hide_possible_values = true)]
    #[arg(requires = "output")]
    pub format: Vec<Format>,

    #[command(flatten)]
    pub shape: ShapeArgs,

    /// List the conversations and how much is in each, instead of what was said
    #[arg(long, conflicts_with = "output", help_heading = "Selection")]
    pub list: bool,

    #[command(flatten)]
    pub select: SelectArgs,

    #[command(flatten)]
    pub choice: ChoiceArgs,

    #[command(flatten)]
    pub zone: ZoneArgs,

    #[command(flatten)]
    pub work: WorkArgs,

    #[command(flatten)]
    pub output: OutputArgs,

    #[command(flatten)]
    pub source: SourceArgs,
}

/// A format of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Web pages
    Html,
    /// JSON Lines
    Jsonl,
    /// One table
    Csv,
    /// Plain text
    Txt,
}

/// How files look.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Output")]
pub struct ShapeArgs {
    /// What becomes of attachments: copy, link (to where they lie in the backup) or none
    #[arg(long, value_name = "HOW", value_enum, default_value_t, hide_possible_values = true, requires = "output")]
    pub attachments: Attached,

    /// Make pictures that browsers show of those that they do not, beside them: web
    #[arg(long, value_name = "FOR", value_enum, hide_possible_values = true, requires = "output")]
    pub convert: Option<ConvertFor>,

    /// Leave out the index that finds words in all conversations
    #[arg(long, requires = "output")]
    pub no_search: bool,

    /// Write csv as another program does: imazing, or an older form of it (imazing-12, -13, -14)
    #[arg(long, value_name = "LAYOUT", value_enum, hide_possible_values = true, requires = "output")]
    pub layout: Option<CsvLayout>,

    /// Call the owner of the device by this name
    #[arg(long, value_name = "NAME")]
    pub me: Option<String>,
}

/// What becomes of attachments.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Attached {
    /// Their content is saved
    #[default]
    Copy,
    /// Pages point to where it lies
    Link,
    /// They are named and no more
    None,
}

/// For what pictures are converted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ConvertFor {
    /// For browsers: JPEG, and PNG where a picture is not opaque
    Web,
}

/// A layout of tables that other programs read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CsvLayout {
    /// 15 columns
    Imazing,
    /// 14 columns, without the time of editing
    #[value(name = "imazing-14")]
    Imazing14,
    /// 13 columns, with reactions
    #[value(name = "imazing-13")]
    Imazing13,
    /// 12 columns
    #[value(name = "imazing-12")]
    Imazing12,
}

fn ending() -> String {
    help::ending(
        &[
            ("corer messages --list", "which conversations there are"),
            ("corer messages --with Anna -o anna/", "pages, data and attachments"),
            ("corer messages --since 2024-01-01 -f html -o 2024.zip", "one year, one file"),
        ],
        help::TAKING,
    )
}

/// Shows or exports the conversations.
///
/// # Errors
/// When the backup cannot be opened or holds no messages, when nothing matched, or the output cannot be written.
pub fn run(args: &MessagesArgs, console: &Console) -> Result<Exit, Failure> {
    let zone = Zone::resolve(args.zone.tz.as_deref(), console)?;
    let mut selection = args.select.resolve(&zone)?;
    selection.messages = args.choice.resolve();
    let session = Session::open(&args.source, Some(DATABASE.1), console)?;
    refuse_links(args, &session)?;
    let output = args.output.resolve(Checksums::Written, &["jsonl"], &session.place)?;
    let directory = Directory::read(session.source());
    let messages = Messages::open(session.source(), &directory)
        .map_err(|error| kind::unopened(error, &KIND, &session))?
        .grouped(args.choice.grouping())
        .with_lonely(conversations::may_mean_lonely(&args.choice.chat));
    let Reading { records, skipped } =
        messages.chats(&selection).map_err(|error| kind::unopened(error, &KIND, &session))?;
    let groups: BTreeSet<String> =
        records.iter().filter(|chat| chat.is_group).filter_map(|chat| chat.display_name.clone()).collect();
    let whom = Whom::of(&selection, &directory, || messages.addresses().unwrap_or_default());
    let whom = whom.map(|whom| whom.with_groups(&groups));
    whom.iter().for_each(|whom| whom.say(console));
    let is_nothing = records.is_empty();
    let conversations::Meant { chats, notes } = match conversations::choose(&args.choice.chat, records) {
        // What could not be read may have been asked for; where nobody is meant, that is what there is to say.
        Err(_) if is_nothing || !skipped.is_empty() => conversations::Meant::default(),
        meant => meant.map_err(|failure| session.or_lost(failure))?,
    };
    notes.iter().for_each(|note| console.note(note));
    let mut about = session.about(&zone.name());
    about.filters = args.select.filters();
    about.filters.extend(args.choice.filters());
    let owner = args.shape.me.clone().or_else(|| messages.owner().name);
    let photos = Photos::open(session.source());
    let chosen = Chosen {
        messages: &messages,
        source: session.source(),
        selection: &selection,
        directory: &directory,
        photos: &photos,
    };
    if skipped.is_empty() && !chosen.has_any(&chats) {
        let failure = session.or_lost(nothing_matched(&selection));
        let Some(whom) = whom else { return Err(failure) };
        let finds = |name: &str| {
            let selection = Selection { with: vec![name.to_owned()], ..selection.clone() };
            let chats = messages.chats(&selection).map(|found| found.records).unwrap_or_default();
            Chosen { selection: &selection, ..chosen }.has_any(&chats)
        };
        return Err(kind::or_unknown(&directory, whom.suggest_what(failure, &finds)));
    }
    let job = Job { chosen, chats, about, zone, owner };
    let beside = Beside::new(&session, skipped).with_names(&directory).with_whom(whom.as_ref());
    let beside = notes.into_iter().fold(beside, Beside::with_note);
    if args.list {
        return list::run(&job, beside, args.output.strict, console);
    }
    match output {
        Some(output) => export::run(args, job, output, beside, console),
        None => preview::run(&job, beside, args.output.strict, console),
    }
}

/// A page can point only to a file that lies there as it is. Said before anything is written: pages without their photos
/// would be found out years later.
fn refuse_links(args: &MessagesArgs, session: &Session) -> Result<(), Failure> {
    let (domain, path) = DATABASE;
    let lies_open = || match session.source().entry(domain, path) {
        Ok(database) => session.source().place(&database).is_some(),
        // A database by itself has its attachments, if any, beside it.
        Err(_) => true,
    };
    if args.shape.attachments != Attached::Link || lies_open() {
        return Ok(());
    }
    let why = match session.is_encrypted {
        true => "in an encrypted backup they cannot be opened",
        false => "in an archive they cannot be opened",
    };
    Err(Failure::usage(format!("--attachments link points to the files in the backup, and {why}."))
        .hint("To save them beside the pages, leave --attachments out.")
        .hint("To name them and no more: --attachments none"))
}

/// What is to be shown or written.
struct Job<'s> {
    chosen: Chosen<'s>,
    chats: Vec<Chat>,
    about: About,
    zone: Zone,
    /// The name of whose device it is, where it is known.
    owner: Option<String>,
}

impl Job<'_> {
    /// What a stream of records is about.
    fn streamed(&self) -> Streamed<'_> {
        Streamed { about: &self.about, zone: self.zone.time_zone(), owner: self.owner.as_deref() }
    }

    /// How many messages there will be, if all are asked for; of a choice it shows only at the end.
    fn total(&self) -> Option<u64> {
        self.about.filters.is_empty().then(|| self.chosen.messages.count().ok())?.map(|counts| counts.messages)
    }
}

fn nothing_matched(selection: &Selection) -> Failure {
    let failure = Failure::new(Exit::NothingMatched, "No conversation matches.");
    match selection.with.is_empty() {
        true => failure,
        false => failure.hint(whom::HINT),
    }
}
