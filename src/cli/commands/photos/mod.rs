//! `corer photos`: the photo library, shown or written as plain folders.

mod asked;
mod beside;
mod export;
mod preview;
mod watched;
mod whole;

use std::collections::BTreeSet;
use std::path::Path;

use clap::Args;
use corer_exporters::output::Checksums;
use corer_exporters::output::report::About;
use corer_exporters::photos::{Edited, Layout, TemplateError, TemplateFields};
use corer_schemas::SourceError;
use corer_schemas::photos::{Asset, DATABASE, Found, KIND, Library, read};

use asked::PhotoSelectArgs;
use beside::BesideArgs;
pub use whole::whole;

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::help;
use crate::cli::input::args::{OutputArgs, SelectArgs, SourceArgs, WorkArgs, ZoneArgs};
use crate::cli::input::session::Session;
use crate::cli::input::zone::Zone;
use crate::cli::run::kind::{self, Beside};
use crate::cli::run::output::sentence;
use crate::cli::state::unchanged::Question;
use crate::cli::terminal::console::Console;

/// Show or export photos and videos
///
/// Prints a list to the terminal; with -o writes every photo and video under the name that people know it by, in folders
/// by month: originals byte for byte, Live Photos with their movement, edited pictures beside their originals. What is
/// hidden or recently deleted stands in folders of its own. index.html shows them all, by month, album, person and place;
/// photos.csv and photos.jsonl tell everything that the library knows. The selection means the same in both.
#[derive(Debug, Args)]
#[command(after_long_help = ending())]
pub struct PhotosArgs {
    #[command(flatten)]
    pub select: SelectArgs,

    #[command(flatten)]
    pub asked: PhotoSelectArgs,

    #[command(flatten)]
    pub layout: LayoutArgs,

    #[command(flatten)]
    pub beside: BesideArgs,

    #[command(flatten)]
    pub zone: ZoneArgs,

    #[command(flatten)]
    pub work: WorkArgs,

    #[command(flatten)]
    pub output: OutputArgs,

    #[command(flatten)]
    pub source: SourceArgs,
}

/// Where files stand in the folder, and which.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Layout")]
pub struct LayoutArgs {
    /// Folders by year, month, day or album, flat, or a template such as '{year}/{country|elsewhere}'
    ///
    /// An album's folder stands in the folders that it has on the device; what is in several albums is written once and
    /// shares its bytes with the others. A template is a path with fields in it; the fields are listed at the end of this
    /// page. `{field|words}` stands for the words where nothing is known.
    #[arg(long, value_name = "LAYOUT", default_value = "month")]
    pub by: String,

    /// Name files by a template, without extension: '{date} {name}'
    #[arg(long, value_name = "TEMPLATE", default_value = "{name}", hide_default_value = true)]
    pub name: String,

    /// Which to write of edited photos: both, the edited one only, or none of the edits
    #[arg(long, value_name = "WHICH", value_enum, default_value_t)]
    pub edited: EditedChoice,

    /// Write .AAE files too: what edits consist of, for photo editors
    #[arg(long)]
    pub aae: bool,
}

/// Which of the original and the edited picture.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum EditedChoice {
    /// The original, and the edited picture beside it
    #[default]
    Both,
    /// The edited picture alone, where there is one
    Only,
    /// The original alone
    None,
}

impl LayoutArgs {
    fn resolve(&self) -> Result<Layout, Failure> {
        let layout = Layout::by(&self.by).and_then(|layout| layout.named(&self.name));
        let is_word = matches!(&*self.by, "year" | "month" | "day" | "album" | "flat");
        match layout {
            Ok(layout) if is_word || self.by.contains('{') => Ok(layout),
            Ok(_) => Err(Failure::usage(format!("There is no layout \"{}\".", self.by))
                .hint("Layouts are year, month, day, album, flat, or a template with fields in braces.")),
            Err(error @ TemplateError::Path(_)) => {
                Err(Failure::usage(sentence(&format!("the template is refused: {error}")))
                    .hint("A template is a path below the folder of the export, such as {year}/{country|elsewhere}."))
            }
            Err(error) => Err(Failure::usage(sentence(&format!("the template makes no sense: {error}")))
                .hint(format!("Fields are {TemplateFields}"))),
        }
    }

    fn edited(&self) -> Edited {
        match self.edited {
            EditedChoice::Both => Edited::Both,
            EditedChoice::Only => Edited::Only,
            EditedChoice::None => Edited::None,
        }
    }
}

fn ending() -> String {
    let examples = help::ending(
        &[
            ("corer photos -o photos/", "everything, in folders by month"),
            ("corer photos --album Lisbon -o lisbon/", "one album"),
            ("corer photos --kind video --since 2019-01-01", "see which videos there are, and how large they are"),
        ],
        help::TAKING,
    );
    format!("{examples}\n\nFields of templates: {TemplateFields}")
}

/// Shows or exports the photos.
///
/// # Errors
/// When the backup cannot be opened or holds no photos, when nothing matched, or the output cannot be written.
pub fn run(args: &PhotosArgs, console: &Console) -> Result<Exit, Failure> {
    let zone = Zone::resolve(args.zone.tz.as_deref(), console)?;
    let choice = args.asked.resolve(&args.select, &zone)?;
    let layout = args.layout.resolve()?;
    let found = Session::find(&args.source, Some(DATABASE.1), console)?;
    let output = args.output.resolve(Checksums::None, &["csv", "jsonl"], &found.0)?;
    let question = output.as_ref().and_then(|output| question(args, &zone, &found.0, output.folder()?));
    if let Some(output) = output.as_ref().filter(|output| output.updated_folder().is_some() && !args.output.dry_run)
        && let Some(report) = question.as_ref().and_then(Question::answered)
    {
        return export::unchanged(&report, output, args.output.strict, console);
    }
    let session = Session::open_found(found, &args.source, console)?;
    let Found { mut library, skipped, notes, without_database } =
        read(session.source()).map_err(|error| unopened(error, &session))?;
    library.settle(zone.time_zone());
    let names: BTreeSet<String> = library.assets.iter().flat_map(Asset::people).map(str::to_owned).collect();
    let whom = args.asked.whom(&args.select, &names);
    whom.iter().for_each(|whom| whom.say(console));
    choice.narrow(&mut library);
    let mut about = session.about(&zone.name());
    about.filters = args.asked.filters(&args.select);
    if library.assets.is_empty() && library.unindexed.is_empty() && skipped.is_empty() {
        let failure = session.or_lost(nothing_matched());
        return Err(whom.iter().fold(failure, |failure, whom| whom.suggest(failure)));
    }
    let beside = notes.into_iter().fold(Beside::new(&session, skipped), Beside::with_note);
    let mut beside = whom.iter().fold(beside, |beside, whom| beside.with_whom(Some(whom)));
    if let Some(why) = without_database {
        let note = format!("The files alone were read, without albums, people and captions: {why}.");
        console.warn(&note);
        beside = beside.with_note(note);
    }
    let job = Job { session: &session, library, layout, about, zone, question };
    match output {
        Some(output) => export::run(args, &job, &output, beside, console),
        None => preview::run(&job, beside, args.output.strict, console),
    }
}

/// What is to be shown or written.
struct Job<'s> {
    session: &'s Session,
    library: Library,
    layout: Layout,
    about: About,
    zone: Zone,
    /// What the run answers, where an update may ask the same again.
    question: Option<Question>,
}

/// All that has a bearing on what is written.
fn question(args: &PhotosArgs, zone: &Zone, backup: &Path, folder: &Path) -> Option<Question> {
    let PhotosArgs { select, asked, layout, beside, output, .. } = args;
    let words = format!("photos {select:?} {asked:?} {layout:?} {beside:?} {} {}", zone.name(), output.checksums);
    Question::new(&words, backup, folder)
}

fn nothing_matched() -> Failure {
    Failure::new(Exit::NothingMatched, "No photo matches.").hint("To see what there is: corer photos")
}

fn unopened(error: SourceError, session: &Session) -> Failure {
    kind::unopened(error, &KIND, session)
}

/// When an asset was taken, on the clock that its files and folders go by, to the minute.
fn minute(asset: &Asset, zone: &Zone) -> String {
    asset.taken(zone.time_zone()).map_or_else(|| "-".to_owned(), |at| at.strftime("%Y-%m-%d %H:%M").to_string())
}
