//! `photos.csv`: one row for each asset, for people with a spreadsheet.

use std::io::{self, Write};

use corer_schemas::photos::{Asset, Library, Role};
use jiff::tz::TimeZone;

use super::record::{AssetPlacement, availability_word};
use super::template::{kind_word, subkind_word};
use crate::clock::exact;
use crate::write::csv::CsvTable;

/// The titles of the columns.
pub(super) const HEADER: [&str; 29] = [
    "date",
    "name",
    "file",
    "edited_file",
    "live_video",
    "kind",
    "subkinds",
    "favorite",
    "hidden",
    "deleted",
    "deleted_date",
    "edited",
    "albums",
    "people",
    "keywords",
    "title",
    "caption",
    "latitude",
    "longitude",
    "place",
    "width",
    "height",
    "duration",
    "bytes",
    "imported_by",
    "camera",
    "availability",
    "added",
    "uuid",
];

/// Begins the table.
pub(super) fn begin<W: Write>(to: W) -> io::Result<CsvTable<W>> {
    CsvTable::for_people(to, &HEADER)
}

/// Writes the table of all assets, without saving a file.
///
/// # Errors
/// Those of `to`.
pub fn table<W: Write>(library: &Library, zone: &TimeZone, to: W) -> io::Result<W> {
    let mut csv = begin(to)?;
    for asset in &library.assets {
        row(&mut csv, asset, library, &AssetPlacement::default(), zone)?;
    }
    csv.finish()
}

/// Writes the row of an asset.
pub(super) fn row<W: Write>(
    csv: &mut CsvTable<W>,
    asset: &Asset,
    library: &Library,
    placements: &AssetPlacement<'_>,
    zone: &TimeZone,
) -> io::Result<()> {
    let path = |roles: &[Role]| {
        let found = placements.files.iter().find(|placement| roles.contains(&placement.file.role));
        found.map(|placement| placement.path.to_owned()).unwrap_or_default()
    };
    let local = asset.zone.time_zone();
    let number = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
    let pixels = |value: Option<u32>| value.map(|value| value.to_string()).unwrap_or_default();
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let importer = asset.importer.as_ref().and_then(|app| app.name.clone().or_else(|| app.bundle_id.clone()));
    csv.row([
        exact(asset.date, local.as_ref().unwrap_or(zone)).unwrap_or_default(),
        asset.name().to_owned(),
        path(&[Role::Original, Role::ReducedCopy, Role::Thumbnail]),
        path(&[Role::EditedFullSize]),
        path(&[Role::LiveVideo]),
        kind_word(asset.kind).to_owned(),
        asset.subkinds.iter().map(|subkind| subkind_word(*subkind)).collect::<Vec<_>>().join(", "),
        yes(asset.is_favorite),
        yes(asset.is_hidden),
        yes(asset.is_trashed),
        exact(asset.trashed, zone).unwrap_or_default(),
        yes(asset.is_edited),
        albums(asset, library),
        asset.people().join(", "),
        asset.keywords.join(", "),
        text(&asset.title),
        text(&asset.caption),
        number(asset.place.coordinates.map(|(latitude, _)| latitude)),
        number(asset.place.coordinates.map(|(_, longitude)| longitude)),
        text(&asset.place.name),
        pixels(asset.dimensions.map(|(width, _)| width)),
        pixels(asset.dimensions.map(|(_, height)| height)),
        number(asset.duration),
        placements.files.iter().map(|placement| placement.bytes).sum::<u64>().to_string(),
        importer.unwrap_or_default(),
        text(&asset.camera.model),
        availability_word(asset.availability()).to_owned(),
        exact(asset.added, zone).unwrap_or_default(),
        asset.uuid.clone(),
    ])
}

fn yes(is: bool) -> String {
    if is { "yes".to_owned() } else { String::new() }
}

fn albums(asset: &Asset, library: &Library) -> String {
    let found = asset.albums.iter().filter_map(|id| library.album(*id));
    let path = |album: &corer_schemas::photos::Album| {
        album.folders.iter().chain([&album.title]).map(String::as_str).collect::<Vec<_>>().join("/")
    };
    found.map(path).collect::<Vec<_>>().join(", ")
}
