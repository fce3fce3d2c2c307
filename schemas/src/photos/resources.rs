//! What the library says about the files of its assets: which there are, how long they are, and where.
//!
//! `ZINTERNALRESOURCE` (iOS 10 and later) has a row for each: by `ZDATASTORESUBTYPE` 1 the original, 2 the edited picture,
//! 16 the edited video, 17 the other picture of a pair (of a JPEG or HEIC the raw one), 18 the movement of a Live Photo
//! (after osxphotos, and eight real libraries).

use super::assets::is_raw;
use super::details::Index;
use super::model::{Asset, Resource, Role};
use super::rows::Rows;

/// The columns, in the order in which they are taken.
const COLUMNS: [&str; 7] = [
    "ZASSET",
    "ZDATASTORESUBTYPE",
    "ZVERSION",
    "ZLOCALAVAILABILITY",
    "ZREMOTEAVAILABILITY",
    "ZDATALENGTH",
    "ZTRASHEDSTATE",
];

/// Adds them to the assets.
pub(super) fn add(rows: &mut Rows<'_>, assets: &mut [Asset], index: &Index) {
    if !rows.schema.has_column("ZINTERNALRESOURCE", "ZDATASTORESUBTYPE") {
        by_cloud(rows, assets, index);
        return;
    }
    let wanted = "WHERE t.ZDATASTORESUBTYPE IN (1, 2, 16, 17, 18)";
    rows.each_where("ZINTERNALRESOURCE", &COLUMNS, wanted, &mut |_, row| {
        let Some(asset) = index.asset(assets, row.integer()) else { return };
        let (subtype, version) = (row.integer(), row.integer());
        let (local, remote) = (row.integer() == Some(1), row.integer() == Some(1));
        let bytes = row.integer().and_then(|bytes| u64::try_from(bytes).ok()).filter(|bytes| *bytes > 0);
        if row.is_set() {
            return;
        }
        if subtype == Some(1) {
            asset.is_in_cloud |= !local && remote;
        }
        let Some(role) = role(asset, subtype, version) else { return };
        if !asset.resources.iter().any(|known| known.role == role) {
            asset.resources.push(Resource { role, bytes, is_here: local, is_in_cloud: remote });
        }
    });
}

fn role(asset: &Asset, subtype: Option<i64>, version: Option<i64>) -> Option<Role> {
    match (subtype?, version) {
        (1, None | Some(0)) => Some(Role::Original),
        (2, Some(2)) | (16, _) => Some(Role::EditedFullSize),
        (17, _) if is_raw(asset.uti.as_deref().unwrap_or_default(), &asset.filename) => None,
        (17, None | Some(0)) => Some(Role::AlternateRaw),
        (18, None | Some(0)) => Some(Role::LiveVideo),
        _ => None,
    }
}

/// iOS 9 to 11 count the resources of iCloud in a table of their own.
fn by_cloud(rows: &mut Rows<'_>, assets: &mut [Asset], index: &Index) {
    rows.each("ZCLOUDRESOURCE", &["ZASSET", "ZISLOCALLYAVAILABLE", "ZISAVAILABLE"], &mut |_, row| {
        let Some(asset) = index.asset(assets, row.integer()) else { return };
        let (local, remote) = (row.integer(), row.integer());
        asset.is_in_cloud |= local != Some(1) && remote == Some(1);
    });
}
