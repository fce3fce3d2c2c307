//! On which clock an asset was taken.
//!
//! The library knows it in three ways, in different versions in different tables: `ZTIMEZONEOFFSET`, the distance from UTC
//! that the camera noted; `ZINFERREDTIMEZONEOFFSET`, the one that the device worked out where the camera noted none; and
//! `ZTIMEZONENAME`, a name that has today's rules. They count in this order.

use super::catalog::Catalog;
use super::details::Index;
use super::model::Asset;
use super::rows::{Rows, distance};
use crate::database::{Column as _, columns};

/// How many values that make no sense a note names.
const NAMED: usize = 10;

columns! {
    /// The columns of zones, whichever table they are in.
    enum Column { Asset = "ZASSET", Offset = "ZTIMEZONEOFFSET", Inferred = "ZINFERREDTIMEZONEOFFSET", Name = "ZTIMEZONENAME" }
}

/// Adds the zones to the assets, from every table that has one of the columns. Gives what a person should know: values
/// that no clock has.
pub(super) fn add(rows: &mut Rows<'_>, catalog: &Catalog, assets: &mut [Asset], index: &Index) -> Option<String> {
    const TOLD: [Column; 3] = [Column::Offset, Column::Inferred, Column::Name];
    let mut odd = Vec::new();
    for table in ["ZADDITIONALASSETATTRIBUTES", catalog.assets, "ZEXTENDEDATTRIBUTES"] {
        if !TOLD.iter().any(|column| rows.schema.has_column(table, column.name())) {
            continue;
        }
        rows.each(table, &mut |id, row| {
            // The table of assets has no such column; its own number counts there.
            let owner = if table == catalog.assets { Some(id) } else { row.integer(Column::Asset) };
            let Some(asset) = index.asset(assets, owner) else { return };
            let (mut offset, mut inferred) = (None, None);
            for (column, place) in [(Column::Offset, &mut offset), (Column::Inferred, &mut inferred)] {
                match distance(row.value(column)) {
                    Ok(distance) => *place = distance,
                    Err(value) => odd.push((asset.name().to_owned(), value)),
                }
            }
            let zone = &mut asset.zone;
            (zone.offset, zone.inferred) = (zone.offset.or(offset), zone.inferred.or(inferred));
            zone.name = zone.name.take().or_else(|| row.some_text(Column::Name));
        });
    }
    note(&odd)
}

fn note(odd: &[(String, String)]) -> Option<String> {
    let named: Vec<String> = odd.iter().take(NAMED).map(|(name, value)| format!("{name} ({value})")).collect();
    let more = odd.len().saturating_sub(NAMED);
    let rest = if more > 0 { format!(", and {more} more") } else { String::new() };
    (!odd.is_empty())
        .then(|| format!("Distances from UTC that no clock has were not used: {}{rest}.", named.join(", ")))
}
