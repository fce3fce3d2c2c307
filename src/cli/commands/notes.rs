//! `corer notes`: notes, printed or written as Markdown, pages, text and data.

use clap::Args;
use corer_exporters::notes::{Format, NotesExporter};
use corer_exporters::output::report::AppliedFilter;
use corer_schemas::Kind;
use corer_schemas::notes::{Filter, KIND, Notes, OtherFolder};

use crate::cli::failure::Failure;
use crate::cli::help;
use crate::cli::input::args::SelectArgs;
use crate::cli::input::password::notes::{NotePasswordArgs, all, ask, given};
use crate::cli::input::zone::Zone;
use crate::cli::run::command::{KindArgs, OpenContext, OpenError, Opened};
use crate::cli::run::records::RecordsJob;
use crate::cli::terminal::printable::Printable;

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
    /// Only notes in this folder, or in folders in it: a name, or a path such as Travel/Lisbon or iCloud/Travel; may be repeated
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
        let given = given(&self.password)?;
        let (has_passwords, of_backup) = (!given.is_empty(), at.session.password.as_ref());
        let mut notes = Notes::open(at.source(), at.directory, all(&given, of_backup))?;
        if let Some(console) = at.asks.filter(|_| !has_passwords) {
            notes = ask(notes, of_backup, console)?;
        }
        let mut others = other_folders(&notes.other_folders());
        let invitations = notes.strange_invitations();
        if !invitations.is_empty() {
            let titles = Printable(invitations.join(", "));
            others.push(format!("Invitations to notes or folders that are not in the backup: {titles}."));
        }
        let is_closed = has_passwords && notes.wants_password().is_some();
        let mut opened = RecordsJob::open(&KIND, notes, filter, NotesExporter, &self.format, at);
        opened.notes.extend(others);
        if is_closed {
            opened.warnings.push("Some locked notes do not open with the passwords that were given.".to_owned());
        }
        Ok(opened)
    }
}

/// What is said of folders that no note is in: no file shows that they were there.
fn other_folders(others: &[OtherFolder]) -> Vec<String> {
    let name = |other: &OtherFolder| {
        let path = Printable(other.path.join("/"));
        match &other.query {
            Some(query) => format!("{path} ({})", Printable(query)),
            None => path.to_string(),
        }
    };
    let named =
        |is_smart| -> Vec<String> { others.iter().filter(|other| other.is_smart == is_smart).map(name).collect() };
    let say = |words: &str, names: Vec<String>| (!names.is_empty()).then(|| format!("{words}: {}.", names.join(", ")));
    let smart = "Smart folders, which collect notes that are in other folders";
    say("Empty folders", named(false)).into_iter().chain(say(smart, named(true))).collect()
}
