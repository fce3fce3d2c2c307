//! What the library says about the files of its assets: which there are, how long they are, and where.
//!
//! `ZINTERNALRESOURCE` (iOS 10 and later) has a row for each: by `ZDATASTORESUBTYPE` 1 the original, 2 the edited picture,
//! 16 the edited video, 17 the other picture of a pair (of a JPEG or HEIC the raw one, of a raw one the JPEG or HEIC), 18 the movement of a Live Photo
//! (after osxphotos, and eight real libraries).

use super::details::Index;
use super::medium::is_raw_original;
use super::model::{Asset, Resource, Role};
use super::rows::Rows;
use crate::database::{Column as _, columns};

columns! {
    /// The columns of `ZINTERNALRESOURCE`.
    enum Stored {
        Asset = "ZASSET",
        Subtype = "ZDATASTORESUBTYPE",
        Version = "ZVERSION",
        Local = "ZLOCALAVAILABILITY",
        Remote = "ZREMOTEAVAILABILITY",
        Bytes = "ZDATALENGTH",
        IsTrashed = "ZTRASHEDSTATE",
    }

    /// The columns of `ZCLOUDRESOURCE`.
    enum Cloud { Asset = "ZASSET", IsHere = "ZISLOCALLYAVAILABLE", IsThere = "ZISAVAILABLE" }
}

/// Adds them to the assets.
pub(super) fn add(rows: &mut Rows<'_>, assets: &mut [Asset], index: &Index) {
    if !rows.schema.has_column("ZINTERNALRESOURCE", Stored::Subtype.name()) {
        by_cloud(rows, assets, index);
        return;
    }
    let wanted = "WHERE t.ZDATASTORESUBTYPE IN (1, 2, 16, 17, 18)";
    rows.each_where("ZINTERNALRESOURCE", wanted, &mut |_, row| {
        let Some(asset) = index.asset(assets, row.integer(Stored::Asset)) else { return };
        let (subtype, version) = (row.integer(Stored::Subtype), row.integer(Stored::Version));
        let (local, remote) = (row.integer(Stored::Local) == Some(1), row.integer(Stored::Remote) == Some(1));
        let bytes = row.integer(Stored::Bytes).and_then(|bytes| u64::try_from(bytes).ok()).filter(|bytes| *bytes > 0);
        if row.truth(Stored::IsTrashed) {
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
        (17, None | Some(0)) if is_raw_original(asset) => Some(Role::AlternateImage),
        (17, None | Some(0)) => Some(Role::AlternateRaw),
        (18, None | Some(0)) => Some(Role::LiveVideo),
        _ => None,
    }
}

/// iOS 9 to 11 count the resources of iCloud in a table of their own.
fn by_cloud(rows: &mut Rows<'_>, assets: &mut [Asset], index: &Index) {
    rows.each("ZCLOUDRESOURCE", &mut |_, row| {
        let Some(asset) = index.asset(assets, row.integer(Cloud::Asset)) else { return };
        let (local, remote) = (row.integer(Cloud::IsHere), row.integer(Cloud::IsThere));
        asset.is_in_cloud |= local != Some(1) && remote == Some(1);
    });
}
