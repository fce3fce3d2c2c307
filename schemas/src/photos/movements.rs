//! Which movement belongs to which Live Photo.
//!
//! A movement is called as its still picture is, but so may be a video of its own, and two pictures may share a name:
//! `IMG_0034.HEIC`, `IMG_0034.JPG` and one `IMG_0034.MOV`. It belongs to the one that says it is a Live Photo; where that
//! does not decide, to the one that holds the same identifier (in the library, else in the maker's notes of the picture).

use std::collections::HashMap;

use super::files_by_owner::FilesByOwner;
use super::medium::{Medium, held, medium, owner};
use super::model::{Asset, AssetFile, AssetKind, Role, Subkind};
use super::still;
use crate::formats::quicktime;
use crate::source::{Entry, Presence, Source};

/// The most movements without an owner that are opened to look for one.
const OPENED: usize = 4096;

/// Hands out the movements. `is_by_name`: nothing says which picture is a Live Photo, so that its name alone does.
pub(super) fn assign(originals: &mut FilesByOwner, source: &dyn Source, assets: &mut [Asset], is_by_name: bool) {
    let mut groups: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, asset) in assets.iter().enumerate().filter(|(_, asset)| asset.kind == AssetKind::Photo) {
        groups.entry(owner(asset)).or_default().push(at);
    }
    for (name, group) in groups {
        if let Some(entries) = originals.get_mut(&name) {
            share(entries, &group, source, assets, is_by_name);
        }
    }
    if !is_by_name {
        elsewhere(originals, source, assets);
    }
}

/// Shares out the movements of one name among the photos of that name.
fn share(entries: &mut Vec<Entry>, group: &[usize], source: &dyn Source, assets: &mut [Asset], is_by_name: bool) {
    // Few files of a photo are called otherwise and lie beside it: those are looked into.
    let is_movie = |entry: &Entry| medium(&entry.path) == Medium::Movie || held(source, entry) == Medium::Movie;
    let mut movies: Vec<Entry> = entries.extract_if(.., |entry| is_movie(entry)).collect();
    if movies.is_empty() {
        return;
    }
    movies.sort_by(|a, b| a.path.cmp(&b.path));
    let claims = |at: &usize| assets.get(*at).is_some_and(|asset| is_by_name || asset.is(Subkind::Live));
    let live: Vec<usize> = group.iter().copied().filter(claims).collect();
    if let ([only], [_]) = (live.as_slice(), movies.as_slice())
        && group.len() == 1
    {
        give(assets, *only, movies.pop());
        return;
    }
    // By identifier, whatever a photo says about itself: one that is no longer shown as a Live Photo keeps its movement.
    let identifiers: Vec<Option<String>> = movies.iter().map(|movie| of_movie(source, movie)).collect();
    let mut left = Vec::new();
    for (movie, identifier) in movies.into_iter().zip(identifiers) {
        let is_it = |at: &&usize| {
            let asset = assets.get(**at);
            asset.is_some_and(|asset| !asset.has(Role::LiveVideo) && of_still(source, asset) == identifier)
        };
        match group.iter().find(is_it).filter(|_| identifier.is_some()) {
            Some(at) => give(assets, *at, Some(movie)),
            None => left.push((movie, identifier)),
        }
    }
    for (movie, identifier) in left {
        // What holds two different identifiers is not one.
        let may_be = |at: &&usize| {
            assets.get(**at).is_some_and(|asset| {
                !asset.has(Role::LiveVideo) && (identifier.is_none() || of_still(source, asset).is_none())
            })
        };
        match live.iter().find(may_be) {
            Some(at) => give(assets, *at, Some(movie)),
            None => entries.push(movie),
        }
    }
}

/// Live Photos whose movement has another name: among the movies that nobody took.
fn elsewhere(originals: &mut FilesByOwner, source: &dyn Source, assets: &mut [Asset]) {
    let lacks =
        |asset: &Asset| asset.kind == AssetKind::Photo && asset.is(Subkind::Live) && !asset.has(Role::LiveVideo);
    if !assets.iter().any(lacks) {
        return;
    }
    let free = originals.iter().flat_map(|(name, entries)| entries.iter().map(move |entry| (name, entry)));
    let movies = free.filter(|(_, entry)| medium(&entry.path) == Medium::Movie).take(OPENED);
    let known: HashMap<String, (String, String)> = movies
        .filter_map(|(name, entry)| Some((of_movie(source, entry)?, (name.clone(), entry.path.clone()))))
        .collect();
    if known.is_empty() {
        return;
    }
    for asset in assets.iter_mut().filter(|asset| lacks(asset)) {
        let Some((name, path)) = of_still(source, asset).and_then(|identifier| known.get(&identifier)) else {
            continue;
        };
        let entries = originals.get_mut(name);
        let found = entries.and_then(|entries| {
            let at = entries.iter().position(|entry| entry.path == *path)?;
            Some(entries.swap_remove(at))
        });
        asset.files.extend(found.map(|entry| AssetFile::recorded(Role::LiveVideo, entry)));
    }
}

fn give(assets: &mut [Asset], at: usize, movie: Option<Entry>) {
    if let Some(asset) = assets.get_mut(at) {
        asset.files.extend(movie.map(|movie| AssetFile::recorded(Role::LiveVideo, movie)));
    }
}

fn of_movie(source: &dyn Source, entry: &Entry) -> Option<String> {
    if entry.presence != Presence::Present {
        return None;
    }
    quicktime::read(&mut source.open(entry).ok()?.reader).ok()?.content_identifier
}

fn of_still(source: &dyn Source, asset: &Asset) -> Option<String> {
    let in_file = || {
        let entry = asset.file(Role::Original)?.entry()?;
        still::read(&mut *source.open(entry).ok()?.reader).content_identifier
    };
    asset.media_group.clone().or_else(in_file)
}
