//! `corer contacts`: the address book, printed or written as cards, tables, pages and data.

mod job;
mod preview;

use std::mem::take;

use clap::Args;
use corer_exporters::contacts::{Format, Layout, Options, Version};
use corer_exporters::formats::written;
use corer_exporters::output::SafePath;
use corer_exporters::output::report::Filter;
use corer_schemas::Kind;
use corer_schemas::contacts::{AddressBook, Contact, Filter as ContactsFilter, KIND, Linking, Photos, Unique, unique};
use corer_schemas::handles::Asked;

use job::ContactsJob;

use crate::cli::failure::Failure;
use crate::cli::help;

use crate::cli::input::whom::Whom;
use crate::cli::input::zone::Zone;
use crate::cli::run::command::{At, KindArgs, OpenError, Opened};
use crate::cli::run::output::Output;

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
    pub vcard: Version,

    /// Write each card into a file of its own
    #[arg(long, requires = "output")]
    pub split: bool,

    /// Columns of the table: people, or what google, outlook or imazing use
    #[arg(long, value_name = "LAYOUT", value_enum, default_value_t, hide_possible_values = true)]
    pub layout: Layout,

    #[command(flatten)]
    pub choice: ChoiceArgs,
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
        let with = self.with.iter().map(|value| Filter::new("with", value));
        let group = self.group.iter().map(|value| Filter::new("group", value));
        let account = self.account.iter().map(|value| Filter::new("account", value));
        with.chain(group).chain(account).collect()
    }

    /// What was asked for.
    fn resolve(&self) -> ContactsFilter {
        ContactsFilter { with: self.with.clone(), groups: self.group.clone(), accounts: self.account.clone() }
    }

    /// The contacts of an address book, before any choice.
    fn contacts(&self, book: AddressBook) -> Unique {
        let contacts = book.contacts(if self.no_link { Linking::Apart } else { Linking::Together });
        match self.unique {
            true => unique(contacts),
            false => Unique { contacts, merged: Vec::new(), alike: Vec::new() },
        }
    }
}

/// Whom of some contacts `--with` means.
fn whom(typed: &[String], contacts: &[Contact]) -> Option<Whom> {
    let mut whom = Whom::nobody("--with");
    let found_by: Vec<(&Contact, Vec<String>)> =
        contacts.iter().filter(|_| !typed.is_empty()).map(|contact| (contact, contact.found_by())).collect();
    for asked in typed.iter().map(|typed| Asked::new(typed)) {
        let is_meant = |names: &[String]| names.iter().any(|name| asked.means(name));
        let meant = found_by.iter().filter(|(_, names)| is_meant(names)).filter_map(|(contact, _)| contact.title());
        whom.add(&asked, meant.collect(), found_by.iter().flat_map(|(_, names)| names).map(String::as_str));
    }
    (!typed.is_empty()).then_some(whom)
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

impl KindArgs for ContactsArgs {
    const KIND: &'static Kind = &KIND;
    const START: &'static str = "contacts.html";
    const TAKES_NAMES: bool = false;

    type Format = Format;
    type Wish = ContactsFilter;
    type Job<'s> = ContactsJob;

    fn formats(&self) -> &[Format] {
        &self.format
    }

    fn filters(&self) -> Vec<Filter> {
        self.choice.filters()
    }

    fn resolve(&self, _zone: &Zone) -> Result<ContactsFilter, Failure> {
        Ok(self.choice.resolve())
    }

    fn refuse(&self, output: &Output) -> Result<(), Failure> {
        if self.split && (output.is_stdout() || output.is_single()) {
            return Err(Failure::usage("A file for each card needs a folder, and this is one file.")
                .hint("Name a folder, or an archive: corer contacts --split -o FOLDER"));
        }
        Ok(())
    }

    fn open<'s>(&self, filter: ContactsFilter, at: At<'s>) -> Result<Opened<ContactsJob>, OpenError> {
        let mut book = AddressBook::read(at.source())?;
        let (groups, skipped) = (take(&mut book.groups), take(&mut book.skipped));
        let mut all = self.choice.contacts(book);
        let whom = whom(&filter.with, &all.contacts);
        filter.narrow(&mut all);
        let photos = Photos::open(at.source());
        let options = Options {
            about: at.about,
            zone: at.zone,
            base: SafePath::root(),
            formats: written(&self.format),
            version: self.vcard,
            is_split: self.split,
            layout: self.layout,
        };
        let job = ContactsJob { all, groups, skipped, photos, options };
        Ok(Opened { whom: whom.into_iter().collect(), ..Opened::new(job) })
    }
}
