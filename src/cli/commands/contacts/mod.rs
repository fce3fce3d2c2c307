//! `corer contacts`: the address book, printed or written as cards, tables, pages and data.

mod job;
mod preview;
mod select;

use std::mem::take;

use clap::Args;
use corer_exporters::contacts::{Format, Layout, Options, Version};
use corer_exporters::formats::written;
use corer_exporters::output::SafePath;
use corer_exporters::output::report::AppliedFilter;
use corer_schemas::Kind;
use corer_schemas::contacts::{AddressBook, Filter, KIND, Photos};

use job::ContactsJob;
use select::{ContactSelectArgs, matched_people};

use crate::cli::failure::Failure;
use crate::cli::help;
use crate::cli::input::zone::Zone;
use crate::cli::run::command::{KindArgs, OpenContext, OpenError, Opened};
use crate::cli::run::output::Output;

/// Show or export contacts
///
/// Prints to the terminal; with -o writes files: cards that any phone or address book imports (vcf), a table (csv), an
/// address book to read and print (html) and JSON Lines for programs (jsonl), with the pictures beside them. A name that
/// ends in .vcf, .csv, .html or .jsonl makes that one file.
#[derive(Debug, Args)]
#[command(after_long_help = after_help())]
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
    pub select: ContactSelectArgs,
}

fn after_help() -> String {
    help::after_help(
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
    const REMEMBERS: bool = true;

    type Format = Format;
    type Query = Filter;
    type Job<'s> = ContactsJob<'s>;

    fn formats(&self) -> &[Format] {
        &self.format
    }

    fn filters(&self) -> Vec<AppliedFilter> {
        self.select.filters()
    }

    fn resolve(&self, _zone: &Zone) -> Result<Filter, Failure> {
        Ok(self.select.resolve())
    }

    fn refuse(&self, output: &Output) -> Result<(), Failure> {
        if self.split && (output.is_stdout() || output.is_single()) {
            return Err(Failure::usage("A file for each card needs a folder, and this is one file.")
                .hint("Name a folder, or an archive: corer contacts --split -o FOLDER"));
        }
        Ok(())
    }

    fn open<'s>(&self, filter: Filter, at: OpenContext<'s>) -> Result<Opened<ContactsJob<'s>>, OpenError> {
        let mut book = AddressBook::read(at.source())?;
        let (groups, skipped) = (take(&mut book.groups), take(&mut book.skipped));
        let mut all = self.select.contacts(book);
        let whom = matched_people(&filter.with, &all.contacts);
        let photos = Photos::open(at.source());
        all.contacts.iter_mut().for_each(|contact| contact.pictures = photos.of_contact(&contact.cards));
        let unchosen = (filter != Filter::default()).then(|| all.contacts.clone());
        filter.narrow(&mut all);
        let (source, backup) = (at.source(), at.session.taken());
        let options = Options {
            about: at.about,
            zone: at.zone,
            base: SafePath::root(),
            formats: written(&self.format),
            version: self.vcard,
            is_split: self.split,
            layout: self.layout,
        };
        let job = ContactsJob { source, backup, all, unchosen, groups, skipped, photos, options };
        Ok(Opened { whom: whom.into_iter().collect(), ..Opened::new(job) })
    }
}
