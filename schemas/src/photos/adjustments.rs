//! Whether an edit cut, turned or mirrored a picture, so that a face is elsewhere in the original than in what is shown.
//!
//! The sizes tell most of it. The rest is in the edit itself: a property list with `adjustmentData`, which Photos packs
//! (deflate) around JSON: `{"adjustments": [{"identifier": "Crop", "enabled": true, …}]}` (five real ones of iOS 16 to 18).

use std::io::Read;

use flate2::read::DeflateDecoder;
use serde_json::Value as Json;

use super::model::{Asset, FileState, Role};
use crate::formats::plist::{self, Value};
use crate::source::Source;

/// The longest edit that is read, packed and unpacked, in bytes. Brushes and masks make long ones.
const LONGEST: u64 = 8 << 20;

/// What the identifiers of edits contain that move what is seen. A key frame shows another moment.
const MOVING: [&str; 10] =
    ["crop", "orientation", "geometry", "perspective", "straighten", "rotat", "flip", "mirror", "keyframe", "lens"];

/// Finds out for the edited assets that have faces.
pub(super) fn look(source: &dyn Source, assets: &mut [Asset]) {
    let has_faces = |asset: &&mut Asset| asset.faces.iter().any(|face| face.region.is_some());
    for asset in assets.iter_mut().filter(|asset| asset.is_edited).filter(has_faces) {
        let has_size = asset.dimensions.zip(asset.original.upright()).map(|(shown, original)| shown == original);
        asset.is_reframed = match (moves(source, asset), has_size) {
            (Some(moves), Some(true) | None) => Some(moves),
            // A smaller picture of the same parts is the same picture.
            (Some(false), Some(false)) => Some(!is_scaled(asset)),
            (_, same) => same.map(|same| !same),
        };
    }
}

fn is_scaled(asset: &Asset) -> bool {
    let Some((shown, original)) = asset.dimensions.zip(asset.original.upright()) else { return false };
    let (left, right) = (u64::from(shown.0) * u64::from(original.1), u64::from(original.0) * u64::from(shown.1));
    left.abs_diff(right) <= left.max(right) / 100
}

/// Whether one of the edits moves anything; `None` where none of them can be read.
fn moves(source: &dyn Source, asset: &Asset) -> Option<bool> {
    let files = asset.files.iter().filter(|file| file.role == Role::Adjustment && file.state() == FileState::Present);
    let edits = files.filter_map(|file| identifiers(source.open(file.entry()?).ok()?.reader));
    edits
        .map(|edit| edit.iter().any(|name| MOVING.iter().any(|word| name.contains(word))))
        .reduce(|one, other| one || other)
}

/// What the edits of a file are called, in small letters.
fn identifiers(reader: impl Read) -> Option<Vec<String>> {
    let mut file = Vec::new();
    reader.take(LONGEST).read_to_end(&mut file).ok()?;
    let list = plist::read(&file).ok()?;
    let list = list.as_dictionary()?;
    let Some(Value::Data(packed)) = list.get("adjustmentData") else { return None };
    let mut json = Vec::new();
    DeflateDecoder::new(packed.as_slice()).take(LONGEST).read_to_end(&mut json).ok()?;
    let edit: Json = serde_json::from_slice(&json).ok()?;
    let is_enabled = |edit: &&Json| {
        !matches!(edit.get("enabled"), Some(Json::Bool(false))) && edit.get("enabled") != Some(&Json::from(0))
    };
    let names = edit.get("adjustments")?.as_array()?.iter().filter(is_enabled);
    Some(names.filter_map(|edit| Some(edit.get("identifier")?.as_str()?.to_lowercase())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::shared_data;

    #[test]
    fn real_edits_say_whether_they_move_anything() {
        let Some(folder) = shared_data("photos") else { return };
        let moves = |name: &str| {
            let names = identifiers(std::fs::File::open(folder.join(name)).unwrap()).unwrap();
            names.iter().any(|name| MOVING.iter().any(|word| name.contains(word)))
        };
        assert!(moves("heic/IMG_1853.AAE"), "another key frame");
        assert!(!moves("adjustments/IMG_1994.AAE") && !moves("adjustments/IMG_3582.AAE"));
        assert_eq!(identifiers(&b"no property list"[..]), None);
    }
}
