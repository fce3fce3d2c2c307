//! `corer contacts`: the address book, printed or written as cards, tables, pages and data.

mod export;
mod preview;

use clap::{Args, ValueEnum};
use corer_exporters::contacts::{Book, Layout, Version};
use corer_exporters::output::Checksums;
use corer_exporters::output::report::{About, Filter, Missing};
use corer_schemas::contacts::{AddressBook, Contact, DATABASE, Group, Linking, Merged, Photos, unique};
use corer_schemas::{Absence, Selection};

use super::args::{OutputArgs, SourceArgs, ZoneArgs};
use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;
use super::help;
use super::kind::{self, Beside};
use super::session::Session;
use super::zone::Zone;

/// Show or export contacts
///
/// Prints to the terminal; with -o writes files: cards that any phone or address book imports (vcf), a table (csv), an
/// address book to read and print (html) and JSON Lines for programs (jsonl), with the pictures beside them. A name that
/// ends in .vcf, .csv, .html or .jsonl makes that one file.
#[derive(Debug, Args)]
#[command(after_long_help = ending())]
pub struct ContactsArgs {
    /// Formats to write, with commas between them: vcf, csv, html, jsonl [default: all]
    #[arg(short, long, value_name = "LIST", value_enum, value_delimiter = ',', hide_possible_values = true)]
    #[arg(requires = "output")]
    pub format: Vec<Format>,

    /// The version of the cards: 3.0, which everything imports, or 4.0
    #[arg(long, value_name = "VERSION", value_enum, default_value_t, hide_possible_values = true)]
    pub vcard: CardVersion,

    /// Write each card into a file of its own
    #[arg(long, requires = "output")]
    pub split: bool,

    /// Columns of the table: people, or what google, outlook or imazing use
    #[arg(long, value_name = "LAYOUT", value_enum, default_value_t, hide_possible_values = true)]
    pub layout: TableLayout,

    #[command(flatten)]
    pub choice: ChoiceArgs,

    #[command(flatten)]
    pub zone: ZoneArgs,

    #[command(flatten)]
    pub output: OutputArgs,

    #[command(flatten)]
    pub source: SourceArgs,
}

/// Which contacts, and what counts as one.
#[derive(Debug, Args)]
#[command(next_help_heading = "Selection")]
pub struct ChoiceArgs {
    /// Only this person: a name, number or address; may be repeated
    #[arg(long, value_name = "PERSON")]
    pub with: Vec<String>,

    /// Only contacts in this group; may be repeated
    #[arg(long, value_name = "GROUP")]
    pub group: Vec<String>,

    /// Only contacts from this account, such as iCloud; may be repeated
    #[arg(long, value_name = "ACCOUNT")]
    pub account: Vec<String>,

    /// Keep cards apart that the device shows as one
    #[arg(long, conflicts_with = "unique")]
    pub no_link: bool,

    /// Merge contacts that are the same person, and say which
    ///
    /// The same number or address and a name that fits, or the same full name with nothing of its own. Two birthdays, or a
    /// name that could be either of two people, keep them apart. Nothing is lost: what two say differently is kept.
    #[arg(long)]
    pub unique: bool,
}

impl ChoiceArgs {
    /// What narrowed the choice, as typed.
    fn filters(&self) -> Vec<Filter> {
        let one = |name: &str, value: &String| Filter { name: name.to_owned(), value: value.clone() };
        let with = self.with.iter().map(|value| one("with", value));
        let group = self.group.iter().map(|value| one("group", value));
        let account = self.account.iter().map(|value| one("account", value));
        with.chain(group).chain(account).collect()
    }

    /// Whether a contact is asked for.
    fn includes(&self, contact: &Contact) -> bool {
        let holds = |asked: &[String], names: Vec<&str>| {
            let selection = Selection { with: asked.to_vec(), ..Selection::default() };
            selection.includes_person(names)
        };
        let accounts =
            contact.accounts.iter().flat_map(|account| [Some(account.name.as_str()), account.user.as_deref()]);
        holds(&self.with, contact.found_by().iter().map(String::as_str).collect())
            && holds(&self.group, contact.groups.iter().map(String::as_str).collect())
            && holds(&self.account, accounts.flatten().collect())
    }
}

/// A format of contacts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Cards
    #[value(alias = "vcard")]
    Vcf,
    /// A table
    Csv,
    /// A page
    Html,
    /// JSON Lines
    Jsonl,
}

/// The version of cards.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum CardVersion {
    /// 3.0
    #[default]
    #[value(name = "3.0", alias = "3")]
    Three,
    /// 4.0
    #[value(name = "4.0", alias = "4")]
    Four,
}

/// Who the table is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum TableLayout {
    /// People
    #[default]
    People,
    /// Google Contacts
    Google,
    /// Outlook
    Outlook,
    /// Programs that read what iMazing writes
    Imazing,
}

impl From<CardVersion> for Version {
    fn from(version: CardVersion) -> Self {
        match version {
            CardVersion::Three => Self::Three,
            CardVersion::Four => Self::Four,
        }
    }
}

impl From<TableLayout> for Layout {
    fn from(layout: TableLayout) -> Self {
        match layout {
            TableLayout::People => Self::People,
            TableLayout::Google => Self::Google,
            TableLayout::Outlook => Self::Outlook,
            TableLayout::Imazing => Self::Imazing,
        }
    }
}

fn ending() -> String {
    help::ending(
        &[
            ("corer contacts --with Anna", "read them here"),
            ("corer contacts -o contacts.vcf", "one file that any phone imports"),
            ("corer contacts --unique -o people/", "every format, duplicates merged, pictures beside"),
        ],
        &[
            Exit::Incomplete,
            Exit::NothingMatched,
            Exit::NotFound,
            Exit::Busy,
            Exit::Password,
            Exit::NoSpace,
            Exit::Unsupported,
        ],
    )
}

/// Shows or exports the contacts.
///
/// # Errors
/// When the backup cannot be opened or holds no contacts, when nothing matched, or the output cannot be written.
pub fn run(args: &ContactsArgs, console: &Console) -> Result<Exit, Failure> {
    let zone = Zone::resolve(args.zone.tz.as_deref(), console)?;
    let session = Session::open(&args.source, Some(DATABASE.1), console)?;
    let output = args.output.resolve(Checksums::Written, &["vcf", "csv", "html", "jsonl"], &session.place)?;
    let book = AddressBook::read(session.source()).map_err(|error| kind::unopened(error, "contacts", &session))?;
    let mut about = session.about(&zone.name());
    about.filters = args.choice.filters();
    let skipped = book.skipped.clone();
    let groups = book.groups.clone();
    let linking = if args.choice.no_link { Linking::Apart } else { Linking::Together };
    let mut contacts = book.contacts(linking);
    let mut merged = Vec::new();
    if args.choice.unique {
        (contacts, merged) = unique(contacts);
    }
    contacts.retain(|contact| args.choice.includes(contact));
    merged.retain(|merged| contacts.iter().any(|contact| merged.of.iter().any(|(_, id)| *id == contact.id)));
    Contact::sort(&mut contacts);
    if contacts.is_empty() && skipped.is_empty() {
        return Err(session.or_lost(nothing_matched(args)));
    }
    let photos = Photos::open(session.source());
    let mut beside = Beside::new(&session, [skipped, photos.skipped().to_vec()].concat());
    beside.names = photos.absence().map(without_pictures);
    let job = Job { contacts, groups, merged, photos, about, zone };
    match output {
        Some(output) => export::run(args, &job, &output, beside, console),
        None => preview::run(args, &job, beside, console),
    }
}

/// What is to be shown or written.
struct Job {
    contacts: Vec<Contact>,
    groups: Vec<Group>,
    merged: Vec<Merged>,
    photos: Photos,
    about: About,
    zone: Zone,
}

impl Job {
    fn book(&self) -> Book<'_> {
        Book { contacts: &self.contacts, groups: &self.groups, pictures: &self.photos, merged: &self.merged }
    }
}

fn nothing_matched(args: &ContactsArgs) -> Failure {
    let failure = Failure::new(Exit::NothingMatched, "No contact matches.");
    match args.choice.filters().is_empty() {
        true => Failure::new(Exit::NothingMatched, "There are no contacts in this backup."),
        false => failure
            .hint("--with takes a part of a name, a number or an address; --group and --account a part of theirs."),
    }
}

fn without_pictures(why: Absence) -> Missing {
    Missing { item: "the pictures of contacts".to_owned(), why: why.to_string(), expected: why == Absence::Lost }
}
