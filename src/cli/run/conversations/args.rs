//! What every command of conversations takes.

use std::sync::Arc;

use clap::{Args, ValueEnum};
use corer_exporters::formats::written;
use corer_exporters::messages::{Attachments, Format, Formats, Layout, Options};
use corer_exporters::output::SafePath;
use corer_exporters::output::report::AppliedFilter;
use corer_schemas::Kind;
use corer_schemas::messages::Filter as MessagesFilter;

use super::select::ChatSelectArgs;
use crate::cli::failure::Failure;
use crate::cli::input::args::{SelectArgs, WorkArgs};
use crate::cli::input::session::Session;
use crate::cli::input::zone::Zone;
use crate::cli::run::command::OpenContext;
use crate::cli::run::output::Output;

/// What every command of conversations takes.
#[derive(Debug, Args)]
pub struct ConversationArgs {
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
    pub common: SelectArgs,

    #[command(flatten)]
    pub select: ChatSelectArgs,

    #[command(flatten)]
    pub work: WorkArgs,
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

    /// Write csv as another program does: imazing, or an older form of it (imazing-12, -13, -14); or txt of WhatsApp chats as
    /// WhatsApp itself exports them: whatsapp, or with the dates of another country (whatsapp-us, -de, -fr, -nl)
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

impl ConversationArgs {
    /// What narrows the choice, as typed.
    pub fn filters(&self) -> Vec<AppliedFilter> {
        self.common.filters().into_iter().chain(self.select.filters()).collect()
    }

    /// What was asked for.
    ///
    /// # Errors
    /// A usage failure where it makes no sense.
    pub fn resolve(&self, kind: &Kind, zone: &Zone) -> Result<MessagesFilter, Failure> {
        if self.shape.layout.is_some_and(|layout| !layout.suits(kind.name)) {
            let why =
                format!("The layout that WhatsApp itself exports is for its own chats, and not for {}.", kind.plural);
            return Err(Failure::usage(why)
                .hint("To write text: -f txt")
                .hint("To write WhatsApp's chats so: corer whatsapp -f txt --layout whatsapp"));
        }
        if let Some(layout) = self.shape.layout.filter(|_| !self.format.is_empty()) {
            let (of, name) = if layout.is_text() { (Format::Txt, "txt") } else { (Format::Csv, "csv") };
            if !self.format.contains(&of) {
                return Err(Failure::usage(format!("--layout is about {name}, which is not among the formats."))
                    .hint(format!("Add it: -f {name}")));
            }
        }
        Ok(self.select.resolve(self.common.resolve(zone)?))
    }

    /// The layouts of other programs are a file for each conversation.
    ///
    /// # Errors
    /// A usage failure where all is to be one file.
    pub fn refuse(&self, output: &Output) -> Result<(), Failure> {
        if self.shape.layout.is_none() || !(output.is_single() || output.is_stdout()) {
            return Ok(());
        }
        let why = "The layouts of other programs are a file for each conversation, and need a folder.";
        Err(Failure::usage(why).hint("Name a folder: -o FOLDER").hint("Or leave --layout out for one table"))
    }

    /// A page can point only to a file that lies there as it is. Said before anything is written: pages without their photos
    /// would be found out years later.
    ///
    /// # Errors
    /// A usage failure where links are asked for and there is nothing to link to.
    pub fn check(&self, kind: &Kind, session: &Session) -> Result<(), Failure> {
        let mut places = kind.contents.iter().flat_map(|content| content.places);
        let lies_open = |(domain, path): &(&str, &str)| match session.source().entry(domain, path) {
            Ok(database) => session.source().place(&database).is_some(),
            // A database by itself has its attachments, if any, beside it.
            Err(_) => true,
        };
        if self.shape.attachments != Attachments::Link || places.any(lies_open) {
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

    /// How the conversations are written.
    pub fn options(&self, kind: &'static Kind, at: &OpenContext<'_>, owner: Option<String>) -> Options {
        let formats = written(&self.format);
        let wants = |format| formats.contains(&format);
        // A layout of tables takes the place of our own table.
        let is_text = self.shape.layout.is_some_and(Layout::is_text);
        let layout =
            self.shape.layout.filter(|_| is_text || wants(Format::Csv)).map(|layout| layout.of_kind(kind.name));
        Options {
            kind: kind.name,
            title: kind.title,
            about: at.about.clone(),
            zone: at.zone.clone(),
            base: SafePath::root(),
            formats: Formats {
                html: wants(Format::Html),
                jsonl: wants(Format::Jsonl),
                csv: wants(Format::Csv) && (layout.is_none() || is_text),
                layout,
                txt: wants(Format::Txt) && !is_text,
            },
            attachments: self.shape.attachments,
            convert: self.shape.convert.is_some(),
            converter: Arc::default(),
            search: !self.shape.no_search,
            owner,
            jobs: at.threads,
        }
    }
}
