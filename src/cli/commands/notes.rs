//! `corer notes`: notes, printed or written as Markdown, pages, text and data.

use clap::Args;
use corer_exporters::notes::{Format, NotesExporter};
use corer_exporters::output::report::AppliedFilter;
use corer_schemas::Kind;
use corer_schemas::notes::{Filter, KIND, Notes};

use crate::cli::failure::Failure;
use crate::cli::help;
use crate::cli::input::args::SelectArgs;
use crate::cli::input::password::notes::{NotePasswordArgs, ask, given};
use crate::cli::input::zone::Zone;
use crate::cli::run::command::{KindArgs, OpenContext, OpenError, Opened};
use crate::cli::run::records::RecordsJob;

/// Show or export notes
///
/// Prints them to the terminal; with -o writes files: Markdown (one file a note in its folders, with front matter, and what is
/// attached beside), pages that look like the notes (html), plain text (txt), JSON Lines with every style for programs (jsonl).
/// Locked notes open with their password, which is not that of the backup. A name that ends in .jsonl makes that one file,
/// without what is attached.
#[derive(Debug, Args)]
#[command(after_long_help = after_help())]
pub struct NotesArgs {
    /// Formats to write, with commas between them: markdown, html, txt, jsonl [default: markdown]
    #[arg(short, long, value_name = "LIST", value_enum, value_delimiter = ',', hide_possible_values = true)]
    #[arg(requires = "output")]
    pub format: Vec<Format>,

    #[command(flatten)]
    pub select: SelectArgs,

    #[command(flatten)]
    pub which: NoteSelectArgs,

    #[command(flatten)]
    pub password: NotePasswordArgs,
}

/// Which notes, beside when they were changed and whom they are shared with.
#[derive(Debug, Args)]
#[command(next_help_heading = "Selection")]
pub struct NoteSelectArgs {
    /// Only notes in this folder, or in folders in it: a name, or a path such as Travel/Lisbon; may be repeated
    #[arg(long, value_name = "NAME")]
    pub folder: Vec<String>,

    /// Only notes with this hashtag; may be repeated
    #[arg(long, value_name = "TAG")]
    pub tag: Vec<String>,

    /// Only notes that have all of these words in their title, their text, their tables or what was recognised in pictures
    #[arg(long, value_name = "WORDS")]
    pub text: Vec<String>,
}

fn after_help() -> String {
    help::after_help(
        &[
            ("corer notes --text passport", "find it here"),
            ("corer notes -o notes/", "Markdown in folders, for Obsidian and git"),
            ("corer notes -f html -o notes.zip", "pages, in one archive"),
        ],
        help::TAKING,
    )
}

impl KindArgs for NotesArgs {
    const KIND: &'static Kind = &KIND;
    const START: &'static str = "index.html";
    const TAKES_NAMES: bool = true;
    const REMEMBERS: bool = true;

    type Format = Format;
    type Query = Filter;
    type Job<'s> = RecordsJob<'s, Notes<'s>, NotesExporter>;

    fn formats(&self) -> &[Format] {
        &self.format
    }

    fn filters(&self) -> Vec<AppliedFilter> {
        let which = [("folder", &self.which.folder), ("tag", &self.which.tag), ("text", &self.which.text)];
        let which = which
            .into_iter()
            .flat_map(|(name, values)| values.iter().map(move |value| AppliedFilter::new(name, value)));
        self.select.filters().into_iter().chain(which).collect()
    }

    fn resolve(&self, zone: &Zone) -> Result<Filter, Failure> {
        Ok(Filter {
            common: self.select.resolve(zone)?,
            folders: self.which.folder.clone(),
            tags: self.which.tag.clone(),
            words: self.which.text.clone(),
        })
    }

    fn open<'s>(&self, filter: Filter, at: OpenContext<'s>) -> Result<Opened<Self::Job<'s>>, OpenError> {
        let passwords = given(&self.password)?;
        let has_passwords = !passwords.is_empty();
        let mut notes = Notes::open(at.source(), at.directory, passwords)?;
        if let Some(console) = at.asks.filter(|_| !has_passwords) {
            notes = ask(notes, console)?;
        }
        let is_closed = has_passwords && notes.wants_password().is_some();
        let mut opened = RecordsJob::open(&KIND, notes, filter, NotesExporter, &self.format, at);
        if is_closed {
            opened.warnings.push("Some locked notes do not open with the passwords that were given.".to_owned());
        }
        Ok(opened)
    }
}
