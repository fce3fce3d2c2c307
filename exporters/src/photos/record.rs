//! The record of an asset, for programs: one line of `photos.jsonl`. `docs/formats/photos.md` describes it, and
//! `docs/formats/photos.schema.json` is its schema.

use std::io::{self, Write};

use corer_schemas::photos::{Asset, AssetFile, Availability, DateSource, FileState, Frame, Library, Role};
use jiff::tz::TimeZone;
use serde::Serialize;

use super::template::{kind_word, subkind_word};
use super::totals::Totals;
use crate::clock::exact;
use crate::convert::Content;
use crate::output::ExportInfo;
use crate::write::jsonl;

/// The name of this layout. It changes only when something is taken away or changes its meaning.
const SCHEMA: &str = "corer/photos/1";

/// Everything that is known of an asset.
#[derive(Debug, Serialize)]
pub struct AssetRecord<'a> {
    uuid: &'a str,
    kind: &'static str,
    subkinds: Vec<&'static str>,
    date: Option<String>,
    /// Who says so.
    date_source: Option<&'static str>,
    time_zone: Option<&'a str>,
    added: Option<String>,
    modified: Option<String>,
    name: &'a str,
    /// The folder and the beginning of the names of its files, where it was exported.
    stem: Option<&'a str>,
    favorite: bool,
    hidden: bool,
    trashed: bool,
    trashed_date: Option<String>,
    burst: Option<BurstRecord<'a>>,
    edited: bool,
    /// Whether an edit cut or turned it, so that faces are elsewhere in the original.
    reframed: Option<bool>,
    editor: Option<&'a str>,
    live: bool,
    shared_album: bool,
    shared_library: bool,
    albums: Vec<AlbumRecord<'a>>,
    people: Vec<&'a str>,
    faces: Vec<FaceRecord<'a>>,
    keywords: &'a [String],
    title: Option<&'a str>,
    caption: Option<&'a str>,
    accessibility: Option<&'a str>,
    place: Option<PlaceRecord<'a>>,
    importer: Option<&'a str>,
    importer_bundle_id: Option<&'a str>,
    camera_make: Option<&'a str>,
    camera_model: Option<&'a str>,
    lens: Option<&'a str>,
    width: Option<u32>,
    height: Option<u32>,
    duration: Option<f64>,
    availability: &'static str,
    files: Vec<FileRecord<'a>>,
}

#[derive(Debug, Serialize)]
struct BurstRecord<'a> {
    uuid: &'a str,
    picked: bool,
    key: bool,
}

#[derive(Debug, Serialize)]
struct AlbumRecord<'a> {
    uuid: &'a str,
    title: &'a str,
    folders: &'a [String],
    shared: bool,
    /// The place in the album, from 1 on.
    position: usize,
}

#[derive(Debug, Serialize)]
struct FaceRecord<'a> {
    name: Option<&'a str>,
    person: Option<&'a str>,
    x: Option<f64>,
    y: Option<f64>,
    width: Option<f64>,
    height: Option<f64>,
    /// Which picture these are fractions of.
    of: Option<&'static str>,
}

#[derive(Debug, Serialize)]
struct PlaceRecord<'a> {
    latitude: Option<f64>,
    longitude: Option<f64>,
    name: Option<&'a str>,
    country: Option<&'a str>,
    country_code: Option<&'a str>,
    region: Option<&'a str>,
    city: Option<&'a str>,
    district: Option<&'a str>,
    street: Option<&'a str>,
    postal_code: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct FileRecord<'a> {
    role: &'static str,
    state: &'static str,
    /// Where it lay on the device, below its domain.
    source: &'a str,
    path: Option<&'a str>,
    bytes: Option<u64>,
    /// When it was last changed on the device, in seconds since 1970.
    modified: Option<i64>,
    /// What it holds, by its first bytes.
    content: Option<&'static str>,
}

/// Where one file went, for its record.
pub(super) struct FilePlacement<'a> {
    pub(super) file: &'a AssetFile,
    pub(super) path: &'a str,
    pub(super) bytes: u64,
    pub(super) content: Option<Content>,
}

/// Where an asset went.
#[derive(Default)]
pub(super) struct AssetPlacement<'a> {
    pub(super) stem: Option<&'a str>,
    pub(super) files: Vec<FilePlacement<'a>>,
    /// Files that are there and could not be read.
    pub(super) unreadable: Vec<&'a AssetFile>,
}

/// The places of assets in their albums.
pub(super) type Positions = std::collections::HashMap<(i64, i64), usize>;

/// Looks up every place once.
pub(super) fn positions(library: &Library) -> Positions {
    let members =
        library.albums.iter().flat_map(|album| album.members.iter().zip(1..).map(|(id, at)| ((album.id, *id), at)));
    members.collect()
}

/// Puts the record of an asset together.
pub(super) fn record<'a>(
    asset: &'a Asset,
    library: &'a Library,
    positions: &Positions,
    placements: &AssetPlacement<'a>,
    zone: &TimeZone,
) -> AssetRecord<'a> {
    let local = asset.zone.time_zone();
    let importer = asset.importer.as_ref();
    AssetRecord {
        uuid: &asset.uuid,
        kind: kind_word(asset.kind),
        subkinds: asset.subkinds.iter().map(|subkind| subkind_word(*subkind)).collect(),
        date: exact(asset.date, local.as_ref().unwrap_or(zone)),
        date_source: asset.date_source.map(source_word),
        time_zone: asset.zone.name.as_deref(),
        added: exact(asset.added, zone),
        modified: exact(asset.modified, zone),
        name: asset.name(),
        stem: placements.stem,
        favorite: asset.is_favorite,
        hidden: asset.is_hidden,
        trashed: asset.is_trashed,
        trashed_date: exact(asset.trashed, zone),
        burst: asset.burst.as_ref().map(|b| BurstRecord { uuid: &b.uuid, picked: b.is_picked, key: b.is_key }),
        edited: asset.is_edited,
        reframed: asset.is_reframed,
        editor: asset.editor.as_deref(),
        live: asset.is(corer_schemas::photos::Subkind::Live),
        shared_album: asset.is_in_shared_album,
        shared_library: asset.is_in_shared_library,
        albums: albums(asset, library, positions),
        people: asset.people(),
        faces: asset.faces.iter().map(face).collect(),
        keywords: &asset.keywords,
        title: asset.title.as_deref(),
        caption: asset.caption.as_deref(),
        accessibility: asset.accessibility.as_deref(),
        place: (!asset.place.is_unknown()).then(|| place(asset)),
        importer: importer.and_then(|app| app.name.as_deref()),
        importer_bundle_id: importer.and_then(|app| app.bundle_id.as_deref()),
        camera_make: asset.camera.make.as_deref(),
        camera_model: asset.camera.model.as_deref(),
        lens: asset.camera.lens.as_deref(),
        width: asset.dimensions.map(|(width, _)| width),
        height: asset.dimensions.map(|(_, height)| height),
        duration: asset.duration,
        availability: availability_word(asset.availability()),
        files: asset.files.iter().map(|file| file_record(file, placements)).collect(),
    }
}

fn albums<'a>(asset: &Asset, library: &'a Library, positions: &Positions) -> Vec<AlbumRecord<'a>> {
    let found = asset.albums.iter().filter_map(|id| library.album(*id));
    let record = |album: &'a corer_schemas::photos::Album| AlbumRecord {
        uuid: &album.uuid,
        title: &album.title,
        folders: &album.folders,
        shared: album.kind == corer_schemas::photos::AlbumKind::Shared,
        position: positions.get(&(album.id, asset.id)).copied().unwrap_or_default(),
    };
    found.map(record).collect()
}

fn face(face: &corer_schemas::photos::Face) -> FaceRecord<'_> {
    let region = face.region;
    FaceRecord {
        name: face.name.as_deref(),
        person: face.person_uuid.as_deref(),
        x: region.map(|region| region.x),
        y: region.map(|region| region.y),
        width: region.map(|region| region.width),
        height: region.map(|region| region.height),
        of: region.map(|_| frame_word(face.frame)),
    }
}

fn place(asset: &Asset) -> PlaceRecord<'_> {
    let place = &asset.place;
    PlaceRecord {
        latitude: place.coordinates.map(|(latitude, _)| latitude),
        longitude: place.coordinates.map(|(_, longitude)| longitude),
        name: place.name.as_deref(),
        country: place.country.as_deref(),
        country_code: place.country_code.as_deref(),
        region: place.region.as_deref(),
        city: place.city.as_deref(),
        district: place.district.as_deref(),
        street: place.street.as_deref(),
        postal_code: place.postal_code.as_deref(),
    }
}

fn file_record<'a>(file: &'a AssetFile, placements: &AssetPlacement<'a>) -> FileRecord<'a> {
    let placement = placements.files.iter().find(|placement| std::ptr::eq(placement.file, file));
    let is_unreadable = placements.unreadable.iter().any(|unreadable| std::ptr::eq(*unreadable, file));
    let state = match file.state() {
        FileState::Present if is_unreadable => "unreadable",
        FileState::Present => "present",
        FileState::OnlyInCloud => "in-cloud",
        FileState::Missing => "missing",
    };
    let entry = file.entry();
    FileRecord {
        role: role_word(file.role),
        state,
        source: file.path(),
        path: placement.map(|placement| placement.path),
        bytes: placement.map(|placement| placement.bytes).or_else(|| entry.and_then(|entry| entry.size_hint)),
        modified: entry.and_then(|entry| entry.modified),
        content: placement.map(|placement| placement.content.map_or("unknown", Content::word)),
    }
}

fn frame_word(frame: Frame) -> &'static str {
    match frame {
        Frame::Shown => "shown",
        Frame::Original => "original",
    }
}

fn source_word(source: DateSource) -> &'static str {
    match source {
        DateSource::Library => "library",
        DateSource::Exif => "exif",
        DateSource::Xmp => "xmp",
        DateSource::QuickTime => "quicktime",
        DateSource::File => "file",
    }
}

/// The word for a role in data.
pub fn role_word(role: Role) -> &'static str {
    match role {
        Role::Original => "original",
        Role::LiveVideo => "live-video",
        Role::AlternateRaw => "alternate-raw",
        Role::AlternateImage => "alternate-image",
        Role::EditedFullSize => "edited",
        Role::EditedLiveVideo => "edited-live-video",
        Role::Adjustment => "adjustment",
        Role::ReducedCopy => "reduced",
        Role::Thumbnail => "thumbnail",
        Role::Other => "other",
    }
}

/// The word for what is there of an asset, in data.
pub fn availability_word(availability: Availability) -> &'static str {
    match availability {
        Availability::Original => "original",
        Availability::EditedOnly => "edited-only",
        Availability::ReducedOnly => "reduced",
        Availability::ThumbnailOnly => "thumbnail",
        Availability::PartOnly => "part",
        Availability::Absent => "absent",
    }
}

/// Writes the first record.
pub(super) fn header(to: &mut dyn Write, about: &ExportInfo) -> io::Result<()> {
    jsonl::header(to, SCHEMA, about, None)
}

/// Writes the record of an asset.
pub(super) fn asset(to: &mut dyn Write, record: AssetRecord<'_>) -> io::Result<()> {
    jsonl::record(to, "asset", &record)
}

/// Writes the last record.
pub(super) fn completion(to: &mut dyn Write, totals: Totals) -> io::Result<()> {
    jsonl::completion(to, &totals)
}

/// Writes all assets as a stream, without saving a file: what `--json` prints.
///
/// # Errors
/// Those of `to`.
pub fn stream(library: &Library, about: &ExportInfo, zone: &TimeZone, to: &mut dyn Write) -> io::Result<()> {
    let positions = positions(library);
    header(to, about)?;
    for one in &library.assets {
        asset(to, record(one, library, &positions, &AssetPlacement::default(), zone))?;
    }
    completion(to, Totals::of(library))
}
