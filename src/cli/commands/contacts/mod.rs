//! `corer contacts`: the address book, printed or written as cards, tables, pages and data.

mod job;
mod preview;

use std::collections::HashSet;
use std::mem::take;

use clap::{Args, ValueEnum};
use corer_exporters::contacts::{self, Layout, Version};
use corer_exporters::output::Checksums;
use corer_exporters::output::report::Filter;
use corer_schemas::contacts::{AddressBook, Contact, DATABASE, KIND, Linking, Photos, Unique, unique};
use corer_schemas::people::Asked;
use corer_schemas::selection::includes;

use job::ContactsJob;
pub use job::whole;

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::help;
use crate::cli::input::args::{OutputArgs, SourceArgs, ZoneArgs};
use crate::cli::input::session::Session;
use crate::cli::input::whom::Whom;
use crate::cli::input::zone::Zone;
use crate::cli::run::drive::{How, carry_out};
use crate::cli::run::kind::{self, Beside};
use crate::cli::run::output::Output;
use crate::cli::terminal::console::Console;

/// The formats that are one file.
const ONE_FILE: &[&str] = &["vcf", "csv", "html", "jsonl"];

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
    ///
    /// The beginnings of words are enough, whatever their case and accents; `--with '=Anna Berg'` means exactly that.
    #[arg(long, value_name = "PERSON", allow_hyphen_values = true)]
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
    /// The same mobile number or mail address and a name that fits, or the same full name with nothing of its own. Firms,
    /// jobs, postal addresses, suffixes, extensions or birthdays that differ, or a name that could be either of two people,
    /// keep them apart; the report lists who may be the same. Nothing is lost: what two say differently is kept.
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

    /// Whom of some contacts the choice means.
    fn whom(&self, contacts: &[Contact]) -> Option<Whom> {
        let mut whom = Whom::nobody("--with");
        let found_by: Vec<(&Contact, Vec<String>)> =
            contacts.iter().filter(|_| !self.with.is_empty()).map(|contact| (contact, contact.found_by())).collect();
        for asked in self.with.iter().map(|typed| Asked::new(typed)) {
            let is_meant = |names: &[String]| names.iter().any(|name| asked.means(name));
            let meant = found_by.iter().filter(|(_, names)| is_meant(names)).filter_map(|(contact, _)| contact.title());
            whom.add(&asked, meant.collect(), found_by.iter().flat_map(|(_, names)| names).map(String::as_str));
        }
        (!self.with.is_empty()).then_some(whom)
    }

    /// The contacts of an address book that are asked for, in order, those of them that were made of several, those
    /// that may be the same, and whom the choice means.
    fn contacts(&self, book: AddressBook) -> (Unique, Option<Whom>) {
        let contacts = book.contacts(if self.no_link { Linking::Apart } else { Linking::Together });
        let mut all = match self.unique {
            true => unique(contacts),
            false => Unique { contacts, merged: Vec::new(), alike: Vec::new() },
        };
        let whom = self.whom(&all.contacts);
        if !self.filters().is_empty() {
            all.contacts.retain(|contact| self.includes(contact));
        }
        let chosen: HashSet<i64> = all.contacts.iter().map(|contact| contact.id).collect();
        all.merged.retain(|merged| merged.of.iter().any(|(_, id)| chosen.contains(id)));
        all.alike.retain(|alike| chosen.contains(&alike.one.1) || chosen.contains(&alike.other.1));
        Contact::sort(&mut all.contacts);
        (all, whom)
    }

    /// Whether a contact is asked for.
    fn includes(&self, contact: &Contact) -> bool {
        let holds = |asked: &[String], names: Vec<&str>| {
            let asked: Vec<Asked> = asked.iter().map(|typed| Asked::new(typed)).collect();
            includes(&asked, names)
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

impl Format {
    fn extension(self) -> &'static str {
        match self {
            Self::Vcf => "vcf",
            Self::Csv => "csv",
            Self::Html => "html",
            Self::Jsonl => "jsonl",
        }
    }

    fn written(self) -> contacts::Format {
        match self {
            Self::Vcf => contacts::Format::Vcard,
            Self::Csv => contacts::Format::Csv,
            Self::Html => contacts::Format::Html,
            Self::Jsonl => contacts::Format::Jsonl,
        }
    }
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
        help::TAKING,
    )
}

/// Shows or exports the contacts.
///
/// # Errors
/// When the backup cannot be opened or holds no contacts, when nothing matched, or the output cannot be written.
pub fn run(args: &ContactsArgs, console: &Console) -> Result<Exit, Failure> {
    let zone = Zone::resolve(args.zone.tz.as_deref(), console)?;
    let session = Session::open(&args.source, Some(DATABASE.1), console)?;
    let output = args.output.resolve(Checksums::Written, ONE_FILE, &session.place)?;
    let formats = args.one_file_each(output.as_ref(), console)?;
    let mut book = AddressBook::read(session.source()).map_err(|error| kind::unopened(error, &KIND, &session))?;
    let (groups, skipped) = (take(&mut book.groups), take(&mut book.skipped));
    let (Unique { contacts, merged, alike }, whom) = args.choice.contacts(book);
    whom.iter().for_each(|whom| whom.say(console));
    let mut about = session.about(&zone.name());
    about.filters = args.choice.filters();
    let job = ContactsJob {
        contacts,
        groups,
        merged,
        alike,
        skipped,
        photos: Photos::open(session.source()),
        about,
        zone: zone.time_zone().clone(),
        formats: args.formats(),
        version: args.vcard.into(),
        is_split: args.split,
        layout: args.layout.into(),
    };
    if job.contacts.is_empty() && job.skipped.is_empty() {
        let failure = session.or_lost(job.failure());
        return Err(whom.iter().fold(failure, |failure, whom| whom.suggest(failure)));
    }
    let how = How { output, args: &args.output, formats, one_file: ONE_FILE };
    carry_out(&job, how, Beside::new(&session, Vec::new()).with_whom(whom.as_ref()), console)
}

impl ContactsArgs {
    /// The formats that were asked for, by their extensions: cards, where a stream for people has none.
    ///
    /// # Errors
    /// When a file for each card is to go into one.
    fn one_file_each(&self, output: Option<&Output>, console: &Console) -> Result<Vec<&'static str>, Failure> {
        let is_stdout = output.is_some_and(Output::is_stdout);
        if self.split && output.is_some_and(|output| output.is_stdout() || output.is_single()) {
            return Err(Failure::usage("A file for each card needs a folder, and this is one file.")
                .hint("Name a folder, or an archive: corer contacts --split -o FOLDER"));
        }
        if self.format.is_empty() && is_stdout && !console.is_json() {
            return Ok(vec![Format::Vcf.extension()]);
        }
        Ok(self.format.iter().map(|format| format.extension()).collect())
    }

    fn formats(&self) -> Vec<contacts::Format> {
        if self.format.is_empty() {
            return job::DEFAULT.to_vec();
        }
        self.format.iter().map(|format| format.written()).collect()
    }
}
