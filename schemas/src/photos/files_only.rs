//! A library of files alone: where there is no database, or none that can be read.

use super::attributes;
use super::files::CameraRoll;
use super::medium::{Medium, held, name_of, split_extension};
use super::model::{Asset, AssetKind, Role, Subkind};
use super::moment;
use crate::skipped::Skipped;
use crate::source::{Entry, Source};

/// Makes an asset of each picture and of each video that stands alone, and gives them their files.
pub(super) fn assets(source: &dyn Source, camera_roll: &mut CameraRoll, skipped: &mut Vec<Skipped>) -> Vec<Asset> {
    let mut assets = Vec::new();
    for group in camera_roll.groups() {
        let group: Vec<(&Entry, Medium)> = group.iter().map(|entry| (entry, held(source, entry))).collect();
        let has = |wanted| group.iter().any(|(_, held)| *held == wanted);
        let (has_picture, has_raw) = (has(Medium::Picture), has(Medium::Raw));
        for (entry, held) in group {
            let kind = match held {
                Medium::Picture => AssetKind::Photo,
                Medium::Raw if !has_picture => AssetKind::Photo,
                Medium::Movie if !has_picture && !has_raw => AssetKind::Video,
                _ => continue,
            };
            let mut asset = asset(source, entry, kind, skipped);
            asset.subkinds.extend((held == Medium::Raw).then_some(Subkind::Raw));
            assets.push(asset);
        }
    }
    assets.sort_by(|a, b| (&a.directory, &a.filename).cmp(&(&b.directory, &b.filename)));
    camera_roll.assign(source, &mut assets, true);
    for (id, asset) in (1..).zip(&mut assets) {
        asset.id = id;
        asset.is_edited = asset.file(Role::EditedFullSize).is_some();
        let is_live = asset.files.iter().any(|file| file.role == Role::LiveVideo);
        let more = [(Subkind::Live, is_live), (Subkind::Burst, asset.burst.is_some())];
        asset.subkinds.extend(more.into_iter().filter_map(|(subkind, is)| is.then_some(subkind)));
        asset.subkinds.sort_unstable();
    }
    assets
}

fn asset(source: &dyn Source, entry: &Entry, kind: AssetKind, skipped: &mut Vec<Skipped>) -> Asset {
    let path = entry.path.strip_prefix("Media/").unwrap_or(&entry.path);
    let (directory, filename) = path.rsplit_once('/').unwrap_or(("", path));
    let mut asset = Asset {
        uuid: entry.path.clone(),
        kind,
        directory: directory.to_owned(),
        filename: filename.to_owned(),
        original_size: entry.size_hint,
        ..Asset::default()
    };
    match source.attributes(entry) {
        Ok(attributes) => attributes::apply(&mut asset, &attributes),
        Err(error) => skipped.push(Skipped::new(format!("what is recorded about {}", entry.path), error)),
    }
    moment::set(&mut asset, source, entry);
    asset.original_name = asset.original_name.take().map(|name| with_extension(&name, filename));
    asset
}

/// The original name with the extension that the file has today: a device may have converted it.
fn with_extension(original: &str, filename: &str) -> String {
    let ((stem, before), today) = (split_extension(name_of(original)), split_extension(filename).1);
    if before.eq_ignore_ascii_case(today) { original.to_owned() } else { format!("{stem}.{today}") }
}
