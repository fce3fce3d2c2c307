//! `corer voicemail`: what callers left, printed or written as a page that plays it, a table and data.

use clap::Args;
use corer_exporters::output::report::AppliedFilter;
use corer_exporters::voicemail::{Format, VoicemailExporter};
use corer_schemas::voicemail::{KIND, Voicemails};
use corer_schemas::{Kind, Selection};

use crate::cli::failure::Failure;
use crate::cli::help;
use crate::cli::input::args::SelectArgs;
use crate::cli::input::zone::Zone;
use crate::cli::run::command::{KindArgs, OpenContext, OpenError, Opened};
use crate::cli::run::records::RecordsJob;

/// Show or export voicemail
///
/// Prints callers and transcripts to the terminal; with -o writes files: the sounds as they are (AMR) and as WAV, which
/// every player takes, with a page that plays them (html), a table for spreadsheets (csv) and JSON Lines for programs
/// (jsonl). A name that ends in .csv or .jsonl makes that one file, without the sounds.
#[derive(Debug, Args)]
#[command(after_long_help = after_help())]
pub struct VoicemailArgs {
    /// Formats to write beside the sounds, with commas between them: html, csv, jsonl [default: html,csv]
    #[arg(short, long, value_name = "LIST", value_enum, value_delimiter = ',', hide_possible_values = true)]
    #[arg(requires = "output")]
    pub format: Vec<Format>,

    #[command(flatten)]
    pub select: SelectArgs,
}

fn after_help() -> String {
    help::after_help(
        &[
            ("corer voicemail", "read the transcripts here"),
            ("corer voicemail -o voicemail/", "sounds, a page that plays them, a table"),
            ("corer voicemail --with Mum -o mum.zip", "all from one person"),
        ],
        help::TAKING,
    )
}

impl KindArgs for VoicemailArgs {
    const KIND: &'static Kind = &KIND;
    const START: &'static str = "voicemail.html";
    const TAKES_NAMES: bool = true;
    const REMEMBERS: bool = true;

    type Format = Format;
    type Query = Selection;
    type Job<'s> = RecordsJob<'s, Voicemails<'s>, VoicemailExporter>;

    fn formats(&self) -> &[Format] {
        &self.format
    }

    fn filters(&self) -> Vec<AppliedFilter> {
        self.select.filters()
    }

    fn resolve(&self, zone: &Zone) -> Result<Selection, Failure> {
        self.select.resolve(zone)
    }

    fn open<'s>(&self, selection: Selection, at: OpenContext<'s>) -> Result<Opened<Self::Job<'s>>, OpenError> {
        let voicemails = Voicemails::open(at.source(), at.directory)?;
        Ok(RecordsJob::open(&KIND, voicemails, selection, VoicemailExporter, &self.format, at))
    }
}
