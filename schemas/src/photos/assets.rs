//! The rows of the table of assets.

use super::model::{Asset, Burst, DateSource, Kind, Place, Subkind};
use super::rows::Fields;

/// The columns that [`asset`] takes, in its order.
pub(super) const COLUMNS: [&str; 35] = [
    "ZUUID",
    "ZKIND",
    "ZKINDSUBTYPE",
    "ZPLAYBACKSTYLE",
    "ZISDETECTEDSCREENSHOT",
    "ZDEPTHTYPE",
    "ZDEPTHSTATES",
    "ZHDRTYPE",
    "ZCUSTOMRENDEREDVALUE",
    "ZSPATIALTYPE",
    "ZDATECREATED",
    "ZADDEDDATE",
    "ZMODIFICATIONDATE",
    "ZDIRECTORY",
    "ZFILENAME",
    "ZUNIFORMTYPEIDENTIFIER",
    "ZFAVORITE",
    "ZHIDDEN",
    "ZTRASHEDSTATE",
    "ZTRASHEDDATE",
    "ZAVALANCHEUUID",
    "ZAVALANCHEPICKTYPE",
    "ZHASADJUSTMENTS",
    "ZADJUSTMENTSSTATE",
    "ZLATITUDE",
    "ZLONGITUDE",
    "ZLOCATIONDATA",
    "ZCLOUDBATCHPUBLISHDATE",
    "ZACTIVELIBRARYSCOPEPARTICIPATIONSTATE",
    "ZWIDTH",
    "ZHEIGHT",
    "ZORIENTATION",
    "ZDURATION",
    "ZTITLE",
    "ZMEDIAGROUPUUID",
];

/// A shot of a burst that was not chosen, one that the device chose, one that a person chose, the one that stands for
/// the series: the bits of `ZAVALANCHEPICKTYPE`, after osxphotos.
const PICKED: i64 = 4 | 8;
const KEY: i64 = 16;

/// Where files of shared albums lie.
const SHARED: &str = "PhotoData/PhotoCloudSharingData/";

/// Reads one row.
pub(super) fn asset(id: i64, row: &mut Fields<'_, '_>) -> Asset {
    let uuid = row.text().unwrap_or_default();
    let kind = kind(row.integer());
    let mut asset = Asset { id, uuid, kind, subkinds: subkinds(kind, row), ..Asset::default() };
    (asset.date, asset.added, asset.modified) = (row.time(), row.time(), row.time());
    asset.directory = row.text().unwrap_or_default().trim_matches('/').to_owned();
    asset.filename = row.text().unwrap_or_default();
    asset.uti = row.text();
    (asset.is_favorite, asset.is_hidden, asset.is_trashed) = (row.is_set(), row.is_set(), row.is_set());
    asset.trashed = row.time();
    asset.burst = burst(row);
    // Renamed in iOS 18; the numbers other than 0 differ between versions.
    let (before, since) = (row.is_set(), row.is_set());
    asset.is_edited = before || since;
    asset.place = Place { coordinates: coordinates(row), ..Place::default() };
    asset.is_in_shared_album = row.integer().is_some() || asset.directory.starts_with(SHARED);
    asset.is_in_shared_library = row.integer() == Some(1);
    asset.dimensions = size(row.integer()).zip(size(row.integer()));
    asset.orientation = orientation(row.integer());
    asset.duration = row.real().filter(|seconds| seconds.is_finite() && *seconds > 0.0);
    // iOS 6 and 7 keep the title here.
    asset.title = row.text();
    asset.media_group = row.text();
    asset.date_source = asset.date.map(|_| DateSource::Library);
    if asset.burst.is_some() {
        asset.subkinds.push(Subkind::Burst);
    }
    if is_raw(asset.uti.as_deref().unwrap_or_default(), &asset.filename) {
        asset.subkinds.push(Subkind::Raw);
    }
    asset
}

fn kind(number: Option<i64>) -> Kind {
    match number {
        Some(1) => Kind::Video,
        Some(2) => Kind::Audio,
        _ => Kind::Photo,
    }
}

fn subkinds(kind: Kind, row: &mut Fields<'_, '_>) -> Vec<Subkind> {
    let (subtype, playback) = (row.integer(), row.integer());
    let is_screenshot = row.is_set();
    let (has_depth, had_depth) = (row.is_set(), row.is_set());
    let (hdr, rendered) = (row.integer(), row.integer());
    let is_spatial = row.is_set();
    let is_photo = kind == Kind::Photo;
    let known = [
        (Subkind::Live, is_photo && (subtype == Some(2) || playback == Some(3))),
        (Subkind::Screenshot, subtype == Some(10) || is_screenshot),
        (Subkind::Panorama, subtype == Some(1) || rendered == Some(6)),
        (Subkind::Portrait, is_photo && (has_depth || had_depth)),
        (Subkind::Hdr, hdr == Some(3) || rendered == Some(3)),
        (Subkind::Spatial, is_spatial),
        (Subkind::Animated, is_photo && playback == Some(2)),
        (Subkind::Looping, is_photo && playback == Some(5)),
        (Subkind::SlowMotion, subtype == Some(101)),
        (Subkind::TimeLapse, subtype == Some(102)),
        (Subkind::ScreenRecording, subtype == Some(103)),
    ];
    known.into_iter().filter_map(|(subkind, is)| is.then_some(subkind)).collect()
}

fn burst(row: &mut Fields<'_, '_>) -> Option<Burst> {
    let (uuid, pick) = (row.text(), row.integer().unwrap_or(0));
    Some(Burst { uuid: uuid?, is_picked: pick & PICKED != 0, is_key: pick & KEY != 0 })
}

/// The columns of iOS 10 and later; before them, a record that begins with the same two numbers.
fn coordinates(row: &mut Fields<'_, '_>) -> Option<(f64, f64)> {
    let (latitude, longitude) = (row.real(), row.real());
    let packed = row.blob().and_then(|bytes| {
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
