//! Photos in the terminal: a table.

use corer_exporters::photos::sort;
use corer_schemas::photos::{Asset, Availability, FileState, Library};
use jiff::tz::TimeZone;

use crate::cli::failure::Failure;
use crate::cli::terminal::console::Answer;
use crate::cli::terminal::human;
use crate::cli::terminal::table::{Column, Table};

/// Prints the photos.
///
/// # Errors
/// Those of writing to stdout.
pub fn show(library: &Library, zone: &TimeZone, answer: &mut Answer) -> Result<(), Failure> {
    answer.table(&table(library, zone))?;
    answer.line("")?;
    answer.line(summary(library))
}

fn table(library: &Library, zone: &TimeZone) -> Table<6> {
    let mut table = Table::new([
        Column::left("Taken"),
        Column::left("Name"),
        Column::left("Kind"),
        Column::right("Size"),
        Column::left("Albums"),
        Column::left("Marks"),
    ]);
    for asset in &library.assets {
        let albums = asset.albums.iter().filter_map(|id| library.album(*id)).map(|album| album.title.clone());
        table.push([
            minute(asset, zone),
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

/// When an asset was taken, on the clock that its files and folders go by, to the minute.
fn minute(asset: &Asset, zone: &TimeZone) -> String {
    asset.taken(zone).map_or_else(|| "-".to_owned(), |at| at.strftime("%Y-%m-%d %H:%M").to_string())
}
