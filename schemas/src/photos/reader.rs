//! The whole library, read from a source.

use rusqlite::Connection;

use super::catalog::Catalog;
use super::details::Index;
use super::files::Roll;
use super::model::{Asset, FileContent, Library, Role};
use super::rows::Rows;
use super::{DATABASE, albums, assets, details, faces, loose};
use crate::database::{Schema, blob, each_row};
use crate::formats::plist;
use crate::skipped::Skipped;
use crate::source::{Absence, Source, SourceError};

/// What the messages of errors call the database.
const PHOTOS: &str = "Photos.sqlite";

/// A library, and how it was found.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// The library.
    pub library: Library,
    /// What could not be read.
    pub skipped: Vec<Skipped>,
    /// Why the files alone were read, where they were.
    pub without_database: Option<String>,
}

/// Reads the library of a source: the database of any version and the files that belong to its assets, or the files
/// alone where there is no such database.
///
/// # Errors
/// [`SourceError::Missing`] when there is neither a database nor a file of the camera roll; [`SourceError::Unreadable`]
/// when the source cannot list its files.
pub fn read(source: &dyn Source) -> Result<Found, SourceError> {
    let mut roll = Roll::read(source)?;
    match catalogued(source) {
        Ok(mut found) => {
            roll.hand_out(&mut found.library.assets);
            look_for_missing(source, &mut found);
            finish(&mut found, roll);
            Ok(found)
        }
        Err(error) if roll.is_empty() => Err(error),
        Err(error) => {
            let mut found = Found { without_database: Some(error.to_string()), ..Found::default() };
            if is_damage(&error) {
                found.skipped.push(Skipped::new(PHOTOS, error));
            }
            found.library.assets = loose::assets(source, &mut roll, &mut found.skipped);
            finish(&mut found, roll);
            Ok(found)
        }
    }
}

/// Whether the database should be there and readable.
fn is_damage(error: &SourceError) -> bool {
    !matches!(error, SourceError::Missing { .. } | SourceError::Absent { why: Absence::InCloud, .. })
}

fn finish(found: &mut Found, roll: Roll) {
    found.library.unindexed = roll.leftovers();
    found.library.assets.sort_by_key(|asset| (asset.date, asset.id));
}

/// What the database says, without files.
fn catalogued(source: &dyn Source) -> Result<Found, SourceError> {
    let database = source.database(DATABASE.0, DATABASE.1)?;
    let connection = database.connect()?;
    let unreadable = |error| SourceError::unreadable(PHOTOS, error);
    let transaction = connection.unchecked_transaction().map_err(unreadable)?;
    let schema = Schema::probe(&transaction).map_err(unreadable)?;
    let catalog = Catalog::discover(&schema)
        .ok_or_else(|| SourceError::unreadable(PHOTOS, "it has no table of photos that this version knows"))?;
    let mut rows = Rows { connection: &transaction, schema: &schema, skipped: Vec::new() };
    let mut library = Library { model_version: model_version(&transaction), ..Library::default() };
    let mut nameless = Vec::new();
    rows.each(catalog.assets, &assets::COLUMNS, &mut |id, row| {
        let asset = assets::asset(id, row);
        match asset.uuid.is_empty() && asset.filename.is_empty() {
            true => nameless.push(Skipped::new(format!("asset {id}"), "its row has neither identifier nor file")),
            false => library.assets.push(named(asset)),
        }
    });
    rows.skipped.append(&mut nameless);
    let mut index = Index::new(&library.assets);
    details::complete(&mut rows, &catalog, &mut library.assets, &mut index);
    faces::add(&mut rows, &mut library.assets, &index);
    library.albums = albums::read(&mut rows, &catalog, &mut library.assets, &index);
    Ok(Found { library, skipped: rows.skipped, without_database: None })
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

/// Asks the database where originals are that the source does not have. Local availability alone does not say that
/// something is in iCloud: libraries without iCloud have such rows, too.
fn look_for_missing(source: &dyn Source, found: &mut Found) {
    let is_missing = |asset: &Asset| asset.files.iter().any(|file| matches!(file.content, FileContent::Unknown { .. }));
    if !found.library.assets.iter().any(is_missing) {
        return;
    }
    let Ok(connection) = source.database(DATABASE.0, DATABASE.1).and_then(|database| database.connect()) else {
        return;
    };
    let Ok(schema) = Schema::probe(&connection) else { return };
    let mut rows = Rows { connection: &connection, schema: &schema, skipped: Vec::new() };
    let index = Index::new(&found.library.assets);
    let assets = &mut found.library.assets;
    let mut note = |_: i64, row: &mut super::rows::Fields<'_, '_>| {
        let Some(asset) = index.asset(assets, row.integer()) else { return };
        let (local, remote) = (row.integer(), row.integer());
        asset.is_in_cloud |= local != Some(1) && remote == Some(1);
    };
    if schema.has_column("ZINTERNALRESOURCE", "ZDATASTORESUBTYPE") {
        let columns = ["ZASSET", "ZLOCALAVAILABILITY", "ZREMOTEAVAILABILITY"];
        rows.each_where("ZINTERNALRESOURCE", &columns, "WHERE t.ZDATASTORESUBTYPE = 1", &mut note);
    } else {
        // iOS 9 to 11 count the resources of iCloud in a table of their own.
        rows.each("ZCLOUDRESOURCE", &["ZASSET", "ZISLOCALLYAVAILABLE", "ZISAVAILABLE"], &mut note);
    }
    found.skipped.append(&mut rows.skipped);
    for asset in &mut found.library.assets {
        let original_is_there = asset.file(Role::Original).is_some();
        asset.is_in_cloud &= !original_is_there;
        for file in &mut asset.files {
            if let FileContent::Unknown { in_cloud, .. } = &mut file.content {
                *in_cloud = asset.is_in_cloud;
            }
        }
    }
}

#[cfg(test)]
mod tests;
