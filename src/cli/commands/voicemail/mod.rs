//! `corer voicemail`: what callers left, printed or written as a page that plays it, a table and data.

mod job;

use std::collections::BTreeSet;

use clap::Args;
use corer_exporters::output::Checksums;
use corer_schemas::Selection;
use corer_schemas::people::Directory;
use corer_schemas::voicemail::{DATABASE, KIND, Voicemails};

use job::VoicemailJob;
pub use job::whole;

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::help;
use crate::cli::input::args::{OutputArgs, SelectArgs, SourceArgs, ZoneArgs};
use crate::cli::input::session::Session;
use crate::cli::input::whom::{self, Whom};
use crate::cli::input::zone::Zone;
use crate::cli::run::drive::{How, carry_out};
use crate::cli::run::formats::{self, Format};
use crate::cli::run::kind::{self, Beside};
use crate::cli::terminal::console::Console;

/// The formats that are one file.
const ONE_FILE: &[&str] = &["csv", "jsonl"];

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

/// Shows or exports voicemail.
///
/// # Errors
/// When the backup cannot be opened or holds no voicemail, when nothing matched, or the output cannot be written.
pub fn run(args: &VoicemailArgs, console: &Console) -> Result<Exit, Failure> {
    let zone = Zone::resolve(args.zone.tz.as_deref(), console)?;
    let selection = args.select.resolve(&zone)?;
    let session = Session::open(&args.source, Some(DATABASE.1), console)?;
    let output = args.output.resolve(Checksums::Written, ONE_FILE, &session.place)?;
    let directory = Directory::read(session.source());
    let voicemails =
        Voicemails::open(session.source(), &directory).map_err(|error| kind::unopened(error, &KIND, &session))?;
    let mut about = session.about(&zone.name());
    about.filters = args.select.filters();
    let job = VoicemailJob {
        source: session.source(),
        found: voicemails.read(&selection),
        about,
        zone: zone.time_zone().clone(),
        formats: formats::written(&args.format),
    };
    let whom = Whom::of(&selection, &directory, || callers(&voicemails));
    whom.iter().for_each(|whom| whom.say(console));
    if job.found.records.is_empty() && job.found.skipped.is_empty() {
        let failure = session.or_lost(job.failure());
        return Err(whom::or_unknown(whom, &directory, failure));
    }
    let how = How { output, args: &args.output, formats: formats::extensions(&args.format), one_file: ONE_FILE };
    let beside = Beside::new(&session, Vec::new()).with_names(&directory).with_whom(whom.as_ref());
    carry_out(&job, how, beside, console)
}

/// The numbers of everybody who left something.
fn callers(voicemails: &Voicemails<'_>) -> BTreeSet<String> {
    let all = voicemails.read(&Selection::default()).records;
    all.into_iter().flat_map(|voicemail| [voicemail.sender, voicemail.callback]).flatten().collect()
}
