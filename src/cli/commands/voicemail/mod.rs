//! `corer voicemail`: what callers left, printed or written as a page that plays it, a table and data.

mod job;

use std::collections::BTreeSet;

use clap::Args;
use corer_exporters::formats::written;
use corer_exporters::output::SafePath;
use corer_exporters::output::report::Filter;
use corer_exporters::voicemail::{Format, Options};
use corer_schemas::voicemail::{KIND, Voicemails};
use corer_schemas::{Kind, Selection};

use job::VoicemailJob;

use crate::cli::failure::Failure;
use crate::cli::help;
use crate::cli::input::args::{OutputArgs, SelectArgs, SourceArgs, ZoneArgs};
use crate::cli::input::whom::Whom;
use crate::cli::input::zone::Zone;
use crate::cli::run::command::{At, Common, KindArgs, OpenError, Opened};

/// Show or export voicemail
///
/// Prints callers and transcripts to the terminal; with -o writes files: the sounds as they are (AMR) and as WAV, which
/// every player takes, with a page that plays them (html), a table for spreadsheets (csv) and JSON Lines for programs
/// (jsonl). A name that ends in .csv or .jsonl makes that one file, without the sounds.
#[derive(Debug, Args)]
#[command(after_long_help = ending())]
pub struct VoicemailArgs {
    /// Formats to write beside the sounds, with commas between them: html, csv, jsonl [default: html,csv]
    #[arg(short, long, value_name = "LIST", value_enum, value_delimiter = ',', hide_possible_values = true)]
    #[arg(requires = "output")]
    pub format: Vec<Format>,

    #[command(flatten)]
    pub select: SelectArgs,

    #[command(flatten)]
    pub zone: ZoneArgs,

    #[command(flatten)]
    pub output: OutputArgs,

    #[command(flatten)]
    pub source: SourceArgs,
}

fn ending() -> String {
    help::ending(
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

    type Format = Format;
    type Wish = Selection;
    type Job<'s> = VoicemailJob<'s>;

    fn common(&self) -> Common<'_, Format> {
        Common { source: &self.source, output: &self.output, zone: &self.zone, work: None, formats: &self.format }
    }

    fn filters(&self) -> Vec<Filter> {
        self.select.filters()
    }

    fn resolve(&self, zone: &Zone) -> Result<Selection, Failure> {
        self.select.resolve(zone)
    }

    fn open<'s>(&self, selection: Selection, at: At<'s>) -> Result<Opened<VoicemailJob<'s>>, OpenError> {
        let voicemails = Voicemails::open(at.source(), at.directory)?;
        let whom = Whom::of(&selection, at.directory, || callers(&voicemails));
        let job = VoicemailJob {
            source: at.source(),
            found: voicemails.read(&selection),
            options: Options { about: at.about, zone: at.zone, base: SafePath::root(), formats: written(&self.format) },
        };
        Ok(Opened { whom: whom.into_iter().collect(), ..Opened::new(job) })
    }
}

/// The numbers of everybody who left something.
fn callers(voicemails: &Voicemails<'_>) -> BTreeSet<String> {
    let all = voicemails.read(&Selection::default()).records;
    all.into_iter().flat_map(|voicemail| [voicemail.sender, voicemail.callback]).flatten().collect()
}
