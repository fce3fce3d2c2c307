//! `corer messages`: conversations, printed or written as pages and data.

mod choice;
mod conversations;
mod job;
mod list;
mod reader;

use std::collections::BTreeSet;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use corer_exporters::formats::written;
use corer_exporters::messages::{Attachments, Format, Formats, Layout, Options};
use corer_exporters::output::SafePath;
use corer_exporters::output::report::Filter;
use corer_schemas::contacts::Photos;
use corer_schemas::messages::{Chat, DATABASE, KIND, Messages};
use corer_schemas::skipped::Reading;
use corer_schemas::{Kind, Selection};

use choice::ChoiceArgs;
use conversations::Meant;
use job::MessagesJob;

use crate::cli::failure::Failure;
use crate::cli::help;
use crate::cli::input::args::{OutputArgs, SelectArgs, SourceArgs, WorkArgs, ZoneArgs};
use crate::cli::input::session::Session;
use crate::cli::input::whom::Whom;
use crate::cli::input::zone::Zone;
use crate::cli::run::command::{At, Common, KindArgs, OpenError, Opened};

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

/// How files look.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Output")]
pub struct ShapeArgs {
    /// What becomes of attachments: copy, link (to where they lie in the backup) or none
    #[arg(long, value_name = "HOW", value_enum, default_value_t, hide_possible_values = true, requires = "output")]
    pub attachments: Attachments,

    /// Make pictures that browsers show of those that they do not, beside them: web
    #[arg(long, value_name = "FOR", value_enum, hide_possible_values = true, requires = "output")]
    pub convert: Option<ConvertFor>,

    /// Leave out the index that finds words in all conversations
    #[arg(long, requires = "output")]
    pub no_search: bool,

    /// Write csv as another program does: imazing, or an older form of it (imazing-12, -13, -14)
    #[arg(long, value_name = "LAYOUT", value_enum, hide_possible_values = true, requires = "output")]
    pub layout: Option<Layout>,

    /// Call the owner of the device by this name
    #[arg(long, value_name = "NAME")]
    pub me: Option<String>,
}

/// For what pictures are converted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ConvertFor {
    /// For browsers: JPEG, and PNG where a picture is not opaque
    Web,
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

impl KindArgs for MessagesArgs {
    const KIND: &'static Kind = &KIND;
    const START: &'static str = "index.html";
    const TAKES_NAMES: bool = true;

    type Format = Format;
    type Wish = Selection;
    type Job<'s> = MessagesJob<'s>;

    fn common(&self) -> Common<'_, Format> {
        Common {
            source: &self.source,
            output: &self.output,
            zone: &self.zone,
            work: Some(self.work),
            formats: &self.format,
        }
    }

    fn filters(&self) -> Vec<Filter> {
        self.select.filters().into_iter().chain(self.choice.filters()).collect()
    }

    fn resolve(&self, zone: &Zone) -> Result<Selection, Failure> {
        if self.shape.layout.is_some() && !self.format.is_empty() && !self.format.contains(&Format::Csv) {
            return Err(Failure::usage("--layout is about csv, which is not among the formats.").hint("Add it: -f csv"));
        }
        let selection = self.select.resolve(zone)?;
        Ok(Selection { messages: self.choice.resolve(), ..selection })
    }

    fn open<'s>(&self, selection: Selection, at: At<'s>) -> Result<Opened<MessagesJob<'s>>, OpenError> {
        self.refuse_links(at.session)?;
        let messages = Messages::open(at.source(), at.directory)?
            .grouped(self.choice.grouping())
            .with_lonely(conversations::may_mean_lonely(&self.choice.chat));
        let Reading { records, skipped } = messages.chats(&selection)?;
        let people = Whom::of(&selection, at.directory, || messages.addresses().unwrap_or_default());
        let people = people.map(|whom| whom.with_groups(&groups(&records)));
        let (is_nothing, mut unknown) = (records.is_empty(), None);
        let Meant { chats, notes } = conversations::choose(&self.choice.chat, records).unwrap_or_else(|failure| {
            // What could not be read may have been asked for; where nobody is meant, that is what there is to say.
            let is_elsewhere = !selection.with.is_empty() && self.is_any_chat(&messages);
            unknown = (!is_nothing && skipped.is_empty() && !is_elsewhere).then_some(failure);
            Meant::default()
        });
        let owner = self.shape.me.clone().or_else(|| messages.owner().name);
        let job = MessagesJob {
            photos: Photos::open(at.source()),
            source: at.source(),
            directory: at.directory,
            has_skipped: !skipped.is_empty(),
            is_list: self.list,
            is_narrowed: !self.filters().is_empty(),
            options: self.options(&at, owner),
            messages,
            selection,
            chats,
            unknown,
        };
        let meant = (!notes.is_empty()).then(|| Whom::said("--chat", notes));
        let whom = people.into_iter().chain(meant).collect();
        Ok(Opened { whom, skipped, ..Opened::new(job) })
    }
}

impl MessagesArgs {
    /// Whether there is such a conversation, whoever takes part.
    fn is_any_chat(&self, messages: &Messages<'_>) -> bool {
        let all = messages.chats(&Selection::default());
        all.is_ok_and(|all| conversations::choose(&self.choice.chat, all.records).is_ok())
    }

    fn options(&self, at: &At<'_>, owner: Option<String>) -> Options {
        let formats = written(&self.format);
        let wants = |format| formats.contains(&format);
        // A layout of tables takes the place of our own table.
        let layout = self.shape.layout.filter(|_| wants(Format::Csv));
        Options {
            about: at.about.clone(),
            zone: at.zone.clone(),
            base: SafePath::root(),
            formats: Formats {
                html: wants(Format::Html),
                jsonl: wants(Format::Jsonl),
                csv: wants(Format::Csv) && layout.is_none(),
                layout,
                txt: wants(Format::Txt),
            },
            attachments: self.shape.attachments,
            convert: self.shape.convert.is_some(),
            converter: Arc::default(),
            search: !self.shape.no_search,
            owner,
            jobs: at.threads,
        }
    }

    /// A page can point only to a file that lies there as it is. Said before anything is written: pages without their photos
    /// would be found out years later.
    fn refuse_links(&self, session: &Session) -> Result<(), Failure> {
        let (domain, path) = DATABASE;
        let lies_open = || match session.source().entry(domain, path) {
            Ok(database) => session.source().place(&database).is_some(),
            // A database by itself has its attachments, if any, beside it.
            Err(_) => true,
        };
        if self.shape.attachments != Attachments::Link || lies_open() {
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
}

/// The names of groups.
fn groups(chats: &[Chat]) -> BTreeSet<String> {
    chats.iter().filter(|chat| chat.is_group).filter_map(|chat| chat.display_name.clone()).collect()
}
