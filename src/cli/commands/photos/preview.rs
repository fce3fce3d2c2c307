//! Photos in the terminal: a table, or the records for programs.

use corer_exporters::output::report::{Item, Missing};
use corer_exporters::output::{KindReport, Report};
use corer_exporters::photos::{Totals, missing, sort, stream};
use corer_schemas::photos::{Asset, Availability, FileState, Library};

use super::{Job, minute};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::run::kind::Beside;
use crate::cli::run::output::exit_of;
use crate::cli::terminal::console::Console;
use crate::cli::terminal::human;
use crate::cli::terminal::json::Lines;
use crate::cli::terminal::table::{Column, Table};

/// Prints the photos.
///
/// # Errors
/// Those of writing to stdout.
pub fn run(job: &Job<'_>, beside: Beside, strict: bool, console: &Console) -> Result<Exit, Failure> {
    let mut answer = console.answer();
    if console.is_json() {
        let mut lines = Lines::new(answer.stream());
        stream(&job.library, &job.about, job.zone.time_zone(), &mut lines).map_err(|error| Failure::stdout(&error))?;
    } else {
        answer.table(&table(job))?;
        answer.line("")?;
        answer.line(summary(&job.library))?;
    }
    answer.finish()?;
    if !console.is_json() {
        tell(&job.library, console);
    }
    let kind = kind(job, beside);
    for Item { item, why } in &kind.skipped {
        console.warn(format_args!("{item}: {why}"));
    }
    let mut report = Report::new(job.about.clone());
    report.kinds.push(kind);
    match exit_of(&report, strict) {
        // Files without a photo are something, too.
        Exit::NothingMatched => Ok(Exit::Done),
        exit => Ok(exit),
    }
}

/// The report of what was shown.
pub fn kind(job: &Job<'_>, beside: Beside) -> KindReport {
    let mut kind = KindReport::new("photos");
    kind.found = job.library.assets.len() as u64;
    kind.exported = kind.found;
    kind.missing = job.library.assets.iter().flat_map(missing).collect::<Vec<Missing>>();
    beside.add_to(&mut kind);
    kind
}

/// Says what of the library is not there, and what to do about it.
pub fn tell(library: &Library, console: &Console) {
    for note in Totals::of(library).notes(library) {
        console.note(note);
    }
}

fn table(job: &Job<'_>) -> Table<6> {
    let mut table = Table::new([
        Column::left("Taken"),
        Column::left("Name"),
        Column::left("Kind"),
        Column::right("Size"),
        Column::left("Albums"),
        Column::left("Marks"),
    ]);
    for asset in &job.library.assets {
        let albums = asset.albums.iter().filter_map(|id| job.library.album(*id)).map(|album| album.title.clone());
        table.push([
            minute(asset, &job.zone),
            asset.name().to_owned(),
            sort(asset).to_owned(),
            size(asset),
            albums.collect::<Vec<_>>().join(", "),
            marks(asset),
        ]);
    }
    table
}

/// The bytes that the backup holds of an asset.
fn bytes(asset: &Asset) -> u64 {
    let there = asset.files.iter().filter(|file| file.state() == FileState::Present);
    there.filter_map(|file| file.entry()?.size_hint).sum()
}

fn size(asset: &Asset) -> String {
    match bytes(asset) {
        0 => "-".to_owned(),
        bytes => human::size(bytes),
    }
}

fn marks(asset: &Asset) -> String {
    let availability = match asset.availability() {
        Availability::Original => "",
        Availability::EditedOnly => "edited picture only",
        Availability::ReducedOnly => "reduced copy only",
        Availability::ThumbnailOnly => "thumbnail only",
        Availability::PartOnly => "in part only",
        Availability::Absent => "not in this backup",
    };
    let marks = [
        (asset.is_favorite, "favourite"),
        (asset.is_edited, "edited"),
        (asset.is_hidden, "hidden"),
        (asset.is_trashed, "recently deleted"),
        (!availability.is_empty(), availability),
    ];
    marks.into_iter().filter(|(is, _)| *is).map(|(_, mark)| mark).collect::<Vec<_>>().join(", ")
}

fn summary(library: &Library) -> String {
    let items = human::count(library.assets.len() as u64, "item", "items");
    let bytes = library.assets.iter().map(bytes).sum();
    format!("{items}, {} in this backup.", human::size(bytes))
}
