//! The whole library, read from a source.

use rusqlite::Connection;

use super::catalog::Catalog;
use super::details::Index;
use super::files::CameraRoll;
use super::model::{Asset, FileContent, Library, Role};
use super::rows::Rows;
use super::{DATABASE, adjustments, albums, assets, details, faces, files_only, resources, zones};
use crate::database::{Schema, blob, each_row};
use crate::formats::plist;
use crate::skipped::Skipped;
use crate::source::{Absence, Source, SourceError};

/// What the messages of errors call the database.
const PHOTOS: &str = "Photos.sqlite";

/// A library, and how it was found.
#[derive(Debug, Clone, Default)]
pub struct LoadedLibrary {
    /// The library.
    pub library: Library,
    /// What could not be read.
    pub skipped: Vec<Skipped>,
    /// What else a person should know.
    pub notes: Vec<String>,
    /// Why the files alone were read, where they were.
    pub without_database: Option<String>,
}

/// Reads the library of a source: the database of any version and the files that belong to its assets, or the files
/// alone where there is no such database.
///
/// # Errors
/// [`SourceError::Missing`] when there is neither a database nor a file of the camera roll; [`SourceError::Unreadable`]
/// when the source cannot list its files.
pub fn read(source: &dyn Source) -> Result<LoadedLibrary, SourceError> {
    let mut camera_roll = CameraRoll::read(source)?;
    match catalogued(source) {
        Ok(mut found) => {
            camera_roll.assign(source, &mut found.library.assets, false);
            found.library.assets.iter_mut().for_each(settle_missing);
            adjustments::look(source, &mut found.library.assets);
            finish(&mut found, camera_roll);
            Ok(found)
        }
        Err(error @ SourceError::Foreign { .. }) if source.is_one_database() => Err(error),
        Err(error) if camera_roll.is_empty() => Err(error),
        Err(error) => {
            let mut found = LoadedLibrary { without_database: Some(error.to_string()), ..LoadedLibrary::default() };
            if is_damage(&error) {
                found.skipped.push(Skipped::new(PHOTOS, error));
            }
            found.library.is_files_alone = true;
            found.library.assets = files_only::assets(source, &mut camera_roll, &mut found.skipped);
            finish(&mut found, camera_roll);
            Ok(found)
        }
    }
}

/// Whether the database should be there and readable.
fn is_damage(error: &SourceError) -> bool {
    !matches!(error, SourceError::Missing { .. } | SourceError::Absent { why: Absence::InCloud, .. })
}

fn finish(found: &mut LoadedLibrary, camera_roll: CameraRoll) {
    found.library.unindexed = camera_roll.leftovers();
    found.library.assets.sort_by_key(|asset| (asset.date, asset.id));
}

/// What the database says, without files.
fn catalogued(source: &dyn Source) -> Result<LoadedLibrary, SourceError> {
    let database = source.database(DATABASE.0, DATABASE.1)?;
    let connection = database.connect()?;
    let unreadable = |error| SourceError::unreadable(PHOTOS, error);
    let transaction = connection.unchecked_transaction().map_err(unreadable)?;
    let schema = Schema::probe(&transaction).map_err(unreadable)?;
    let catalog = Catalog::discover(&schema)
        .ok_or_else(|| SourceError::foreign(PHOTOS, "it has no table of photos that this version knows"))?;
    let mut rows = Rows { connection: &transaction, schema: &schema, skipped: Vec::new() };
    let mut library = Library { model_version: model_version(&transaction), ..Library::default() };
    let mut nameless = Vec::new();
    rows.each(catalog.assets, &mut |id, row| {
        let asset = assets::asset(id, row);
        match asset.uuid.is_empty() && asset.filename.is_empty() {
            true => nameless.push(Skipped::new(format!("asset {id}"), "its row has neither identifier nor file")),
            false => library.assets.push(named(asset)),
        }
    });
    rows.skipped.append(&mut nameless);
    let mut index = Index::new(&library.assets);
    details::complete(&mut rows, &catalog, &mut library.assets, &mut index);
    let notes = zones::add(&mut rows, &catalog, &mut library.assets, &index).into_iter().collect();
    resources::add(&mut rows, &mut library.assets, &index);
    faces::add(&mut rows, &mut library.assets, &index);
    library.albums = albums::read(&mut rows, &catalog, &mut library.assets, &index);
    Ok(LoadedLibrary { library, skipped: rows.skipped, notes, without_database: None })
}

/// An asset without an identifier goes by its file.
fn named(mut asset: Asset) -> Asset {
    if asset.uuid.is_empty() {
        asset.uuid = format!("{}/{}", asset.directory, asset.filename);
    }
    asset
}

/// The number of the model, which the database keeps in a property list.
fn model_version(connection: &Connection) -> Option<i64> {
    let mut version = None;
    let read = each_row(connection, "SELECT Z_PLIST FROM Z_METADATA LIMIT 1", [], &mut |row| {
        let list = blob(row, 0).and_then(|bytes| plist::read(bytes).ok());
        let number = list.as_ref().and_then(plist::Value::as_dictionary).and_then(|list| list.get("PLModelVersion"));
        version = match number {
            Some(plist::Value::Integer(number)) => i64::try_from(*number).ok(),
            _ => None,
        };
    });
    read.ok().and(version)
}

/// Local availability alone does not say that something is in iCloud: libraries without iCloud have such rows, too.
fn settle_missing(asset: &mut Asset) {
    asset.is_in_cloud &= asset.file(Role::Original).is_none();
    for file in &mut asset.files {
        // Of a file that has a row of its own, that row tells.
        let is_told = file.role != Role::Original && asset.resources.iter().any(|known| known.role == file.role);
        if let FileContent::Unknown { in_cloud, .. } = &mut file.content {
            *in_cloud |= asset.is_in_cloud && !is_told;
        }
    }
}

#[cfg(test)]
mod tests;
