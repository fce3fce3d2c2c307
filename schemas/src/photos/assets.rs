//! The rows of the table of assets.

use super::model::{Asset, AssetKind, Burst, DateSource, Place, Subkind};
use super::rows::time;
use crate::database::{Row, columns};

columns! {
    /// The columns of assets. iOS 6 and 7 keep the title here; `Adjusted` became `AdjustmentState` in iOS 18.
    pub(super) enum Column {
        Uuid = "ZUUID",
        AssetKind = "ZKIND",
        Subtype = "ZKINDSUBTYPE",
        Playback = "ZPLAYBACKSTYLE",
        IsScreenshot = "ZISDETECTEDSCREENSHOT",
        DepthType = "ZDEPTHTYPE",
        DepthStates = "ZDEPTHSTATES",
        Hdr = "ZHDRTYPE",
        Rendered = "ZCUSTOMRENDEREDVALUE",
        Spatial = "ZSPATIALTYPE",
        Date = "ZDATECREATED",
        Added = "ZADDEDDATE",
        Modified = "ZMODIFICATIONDATE",
        Directory = "ZDIRECTORY",
        Filename = "ZFILENAME",
        Uti = "ZUNIFORMTYPEIDENTIFIER",
        IsFavorite = "ZFAVORITE",
        IsHidden = "ZHIDDEN",
        IsTrashed = "ZTRASHEDSTATE",
        Trashed = "ZTRASHEDDATE",
        Burst = "ZAVALANCHEUUID",
        BurstPick = "ZAVALANCHEPICKTYPE",
        Adjusted = "ZHASADJUSTMENTS",
        AdjustmentState = "ZADJUSTMENTSSTATE",
        Latitude = "ZLATITUDE",
        Longitude = "ZLONGITUDE",
        PackedPlace = "ZLOCATIONDATA",
        Shared = "ZCLOUDBATCHPUBLISHDATE",
        SharedLibrary = "ZACTIVELIBRARYSCOPEPARTICIPATIONSTATE",
        Width = "ZWIDTH",
        Height = "ZHEIGHT",
        Orientation = "ZORIENTATION",
        Duration = "ZDURATION",
        Title = "ZTITLE",
        MediaGroup = "ZMEDIAGROUPUUID",
    }
}

/// A shot of a burst that was not chosen, one that the device chose, one that a person chose, the one that stands for
/// the series: the bits of `ZAVALANCHEPICKTYPE`, after osxphotos.
const PICKED: i64 = 4 | 8;
const KEY: i64 = 16;

/// Where files of shared albums lie.
const SHARED: &str = "PhotoData/PhotoCloudSharingData/";

/// Reads one row.
pub(super) fn asset(id: i64, row: Row<'_, Column>) -> Asset {
    let uuid = row.some_text(Column::Uuid).unwrap_or_default();
    let kind = kind(row.integer(Column::AssetKind));
    let mut asset = Asset { id, uuid, kind, subkinds: subkinds(kind, row), ..Asset::default() };
    asset.date = time(row.real(Column::Date));
    asset.added = time(row.real(Column::Added));
    asset.modified = time(row.real(Column::Modified));
    asset.directory = row.some_text(Column::Directory).unwrap_or_default().trim_matches('/').to_owned();
    asset.filename = row.some_text(Column::Filename).unwrap_or_default();
    asset.uti = row.some_text(Column::Uti);
    asset.is_favorite = row.truth(Column::IsFavorite);
    asset.is_hidden = row.truth(Column::IsHidden);
    asset.is_trashed = row.truth(Column::IsTrashed);
    asset.trashed = time(row.real(Column::Trashed));
    asset.burst = burst(row);
    // The numbers other than 0 differ between versions.
    asset.is_edited = row.truth(Column::Adjusted) || row.truth(Column::AdjustmentState);
    asset.place = Place { coordinates: coordinates(row), ..Place::default() };
    asset.is_in_shared_album = row.integer(Column::Shared).is_some() || asset.directory.starts_with(SHARED);
    asset.is_in_shared_library = row.integer(Column::SharedLibrary) == Some(1);
    asset.dimensions = size(row.integer(Column::Width)).zip(size(row.integer(Column::Height)));
    asset.orientation = orientation(row.integer(Column::Orientation));
    asset.duration = row.real(Column::Duration).filter(|seconds| seconds.is_finite() && *seconds > 0.0);
    asset.title = row.some_text(Column::Title);
    asset.media_group = row.some_text(Column::MediaGroup);
    asset.date_source = asset.date.map(|_| DateSource::Library);
    if asset.burst.is_some() {
        asset.subkinds.push(Subkind::Burst);
    }
    if is_raw(asset.uti.as_deref().unwrap_or_default(), &asset.filename) {
        asset.subkinds.push(Subkind::Raw);
    }
    asset
}

fn kind(number: Option<i64>) -> AssetKind {
    match number {
        Some(1) => AssetKind::Video,
        Some(2) => AssetKind::Audio,
        _ => AssetKind::Photo,
    }
}

fn subkinds(kind: AssetKind, row: Row<'_, Column>) -> Vec<Subkind> {
    let (subtype, playback) = (row.integer(Column::Subtype), row.integer(Column::Playback));
    let (hdr, rendered) = (row.integer(Column::Hdr), row.integer(Column::Rendered));
    let has_depth = row.truth(Column::DepthType) || row.truth(Column::DepthStates);
    let is_photo = kind == AssetKind::Photo;
    let known = [
        (Subkind::Live, is_photo && (subtype == Some(2) || playback == Some(3))),
        (Subkind::Screenshot, subtype == Some(10) || row.truth(Column::IsScreenshot)),
        (Subkind::Panorama, subtype == Some(1) || rendered == Some(6)),
        (Subkind::Portrait, is_photo && has_depth),
        (Subkind::Hdr, hdr == Some(3) || rendered == Some(3)),
        (Subkind::Spatial, row.truth(Column::Spatial)),
        (Subkind::Animated, is_photo && playback == Some(2)),
        (Subkind::Looping, is_photo && playback == Some(5)),
        (Subkind::SlowMotion, subtype == Some(101)),
        (Subkind::TimeLapse, subtype == Some(102)),
        (Subkind::ScreenRecording, subtype == Some(103)),
    ];
    known.into_iter().filter_map(|(subkind, is)| is.then_some(subkind)).collect()
}

fn burst(row: Row<'_, Column>) -> Option<Burst> {
    let pick = row.integer(Column::BurstPick).unwrap_or(0);
    Some(Burst { uuid: row.some_text(Column::Burst)?, is_picked: pick & PICKED != 0, is_key: pick & KEY != 0 })
}

/// The columns of iOS 10 and later; before them, a record that begins with the same two numbers.
fn coordinates(row: Row<'_, Column>) -> Option<(f64, f64)> {
    let (latitude, longitude) = (row.real(Column::Latitude), row.real(Column::Longitude));
    let packed = row.blob(Column::PackedPlace).and_then(|bytes| {
        let (latitude, rest) = bytes.split_first_chunk::<8>()?;
        Some((f64::from_le_bytes(*latitude), f64::from_le_bytes(*rest.first_chunk::<8>()?)))
    });
    latitude.zip(longitude).or(packed).filter(|place| is_on_earth(*place))
}

/// Whether these are coordinates. -180/-180 stands for none, and 0/0 is what apps write that know no better.
pub(super) fn is_on_earth((latitude, longitude): (f64, f64)) -> bool {
    (-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude) && (latitude, longitude) != (0.0, 0.0)
}

/// How a picture is to be turned, as EXIF has it.
pub(super) fn orientation(turn: Option<i64>) -> Option<u8> {
    turn.and_then(|turn| u8::try_from(turn).ok()).filter(|turn| (1..=8).contains(turn))
}

pub(super) fn size(pixels: Option<i64>) -> Option<u32> {
    pixels.and_then(|pixels| u32::try_from(pixels).ok()).filter(|pixels| *pixels > 0)
}

/// Whether a type or the extension of a name is that of a raw picture.
pub(super) fn is_raw(uti: &str, name: &str) -> bool {
    const RAW: [&str; 14] =
        ["dng", "cr2", "cr3", "crw", "nef", "nrw", "arw", "srf", "sr2", "orf", "rw2", "raf", "pef", "3fr"];
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default();
    RAW.contains(&extension.as_str()) || uti.contains("raw-image") || uti == "com.adobe.raw-image"
}
