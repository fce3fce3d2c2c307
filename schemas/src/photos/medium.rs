//! What a file of the camera roll holds, and what it is named after.

use super::assets::is_raw;
use super::model::Asset;
use crate::formats::content::Content;
use crate::source::{Entry, Presence, Source};

/// What the files of an asset are named after: its directory and the stem of its name.
pub(super) fn owner(asset: &Asset) -> String {
    format!("{}/{}", asset.directory, split_extension(&asset.filename).0)
}

/// Whether the original of an asset is a raw picture, so that the other picture of its pair is none: by the name of its
/// file, else by its type.
pub(super) fn is_raw_original(asset: &Asset) -> bool {
    match medium(&asset.filename) {
        Medium::Raw => true,
        Medium::Picture => false,
        _ => is_raw(asset.uti.as_deref().unwrap_or_default(), ""),
    }
}

/// What a file holds, by the extension of its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Medium {
    Picture,
    Raw,
    Movie,
    Adjustment,
    Unknown,
}

pub(super) fn medium(name: &str) -> Medium {
    const PICTURES: [&str; 16] = [
        "heic", "heif", "heics", "heifs", "hif", "jpg", "jpeg", "jpe", "png", "gif", "tif", "tiff", "webp", "bmp",
        "avif", "jxl",
    ];
    const MOVIES: [&str; 6] = ["mov", "mp4", "m4v", "3gp", "avi", "mpg"];
    let extension = split_extension(name).1.to_ascii_lowercase();
    match extension.as_str() {
        "aae" => Medium::Adjustment,
        known if PICTURES.contains(&known) => Medium::Picture,
        known if MOVIES.contains(&known) => Medium::Movie,
        _ if is_raw("", name) => Medium::Raw,
        _ => Medium::Unknown,
    }
}

/// What a file holds, by its content; where that is nothing that is known, by its name.
pub(super) fn held(source: &dyn Source, entry: &Entry) -> Medium {
    let by_name = medium(&entry.path);
    // Cameras keep the thumbnail of a video beside it as `.THM`: a JPEG that is no photo.
    let is_thumbnail = split_extension(&entry.path).1.eq_ignore_ascii_case("thm");
    if by_name == Medium::Adjustment
        || is_thumbnail
        || entry.presence != Presence::Present
        || name_of(&entry.path).starts_with('.')
    {
        return by_name;
    }
    let content = source.open(entry).ok().and_then(|mut opened| Content::read(&mut *opened.reader).ok()?);
    match content {
        Some(content) if content.is_movie() => Medium::Movie,
        // Most raw pictures are TIFF inside.
        Some(Content::Tiff) if by_name == Medium::Raw => Medium::Raw,
        Some(_) => Medium::Picture,
        None => by_name,
    }
}

pub(super) fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

/// A path before the last dot of its name, and what follows the dot.
pub(super) fn split_extension(path: &str) -> (&str, &str) {
    match path.rsplit_once('.') {
        Some((stem, extension)) if !extension.contains('/') => (stem, extension),
        _ => (path, ""),
    }
}
