//! How a photo of one backup is found again in another one.
//!
//! The library gives each photo an identifier that a restore keeps (`ZUUID`); where the files alone are read, the path takes its place. A
//! file that no row names is known by its path, length and time. When a row names it later, it is part of that photo.

use serde::{Deserialize, Serialize};

use super::model::{Album, AlbumKind, Asset, AssetFile, FileContent, FileState, Library, Role};
use crate::identity::{Identified, Key};
use crate::source::Entry;
use crate::time::AppleTime;

/// Roles are so far apart in the numbers of files.
const APART: usize = 256;

/// A photo by itself: with the albums that it is in, of which the library has the list.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct LibraryAsset {
    /// The photo or video.
    #[serde(flatten)]
    pub asset: Asset,
    /// The albums that it is in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub in_albums: Vec<InAlbum>,
    /// Whether it is a file that no row of the library names, and nothing else is known of it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_unindexed: bool,
}

/// An album that a photo is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InAlbum {
    /// The identifier that stays the same across backups.
    pub uuid: String,
    /// The title.
    pub title: String,
    /// What sort of album it is.
    pub kind: AlbumKind,
    /// The titles of the folders that it is in, the outermost first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub folders: Vec<String>,
}

impl From<&Album> for InAlbum {
    fn from(album: &Album) -> Self {
        let Album { uuid, title, kind, folders, .. } = album.clone();
        Self { uuid, title, kind, folders }
    }
}

impl LibraryAsset {
    /// Every photo of a library, and every file that no row names, in the order of the time.
    pub fn all(library: &Library) -> Vec<Self> {
        let loose = library.unindexed.iter().map(Self::unindexed);
        let albums =
            |asset: &Asset| asset.albums.iter().filter_map(|id| library.album(*id)).map(InAlbum::from).collect();
        let assets = library.assets.iter();
        let assets = assets.map(|asset| Self { asset: asset.clone(), in_albums: albums(asset), is_unindexed: false });
        // Those without a date come first.
        loose.chain(assets).collect()
    }

    /// A file that no row names.
    fn unindexed(entry: &Entry) -> Self {
        let file = AssetFile { role: Role::Other, content: FileContent::Recorded(entry.clone()) };
        let asset = Asset { uuid: entry.path.clone(), files: vec![file], ..Asset::default() };
        Self { asset, in_albums: Vec::new(), is_unindexed: true }
    }
}

/// What a file that no row names is known by.
fn loose(entry: &Entry) -> Key {
    let number = |number: Option<String>| number.unwrap_or_default();
    let length = number(entry.size_hint.map(|length| length.to_string()));
    let modified = number(entry.modified.map(|modified| modified.to_string()));
    Key::Content(vec!["file".to_owned(), entry.path.clone(), length, modified])
}

impl Identified for LibraryAsset {
    fn key(&self) -> Key {
        let file = self.asset.files.first().and_then(AssetFile::entry).filter(|_| self.is_unindexed);
        file.map_or_else(|| Key::Given(self.asset.uuid.clone()), loose)
    }

    fn other_keys(&self) -> Vec<Key> {
        let files = self.asset.files.iter().filter(|_| !self.is_unindexed);
        files.filter_map(AssetFile::entry).map(loose).collect()
    }

    fn moment(&self) -> Option<AppleTime> {
        self.asset.date
    }

    /// What people wrote about it or changed of it. Marks, albums and names of people are not among it: when an album is renamed,
    /// nothing happened to its photos.
    fn essence(&self) -> Vec<String> {
        let asset = &self.asset;
        let date = asset.date.and_then(AppleTime::timestamp).map(|date| date.as_second().to_string());
        let place = asset.place.coordinates.map(|(latitude, longitude)| format!("{latitude:.5} {longitude:.5}"));
        let texts = [date, place, asset.title.clone(), asset.caption.clone()].map(Option::unwrap_or_default);
        let edited = asset.is_edited.to_string();
        texts.into_iter().chain([edited]).chain(asset.keywords.iter().cloned()).collect()
    }

    /// Files that it had and that this backup has not. What stood for an original is not needed beside it, and an edit that was
    /// taken back is none of the photo as it is.
    fn inherit(&mut self, other: &Self) {
        let files = &mut self.asset.files;
        let is_there = |files: &[AssetFile], role| {
            files.iter().any(|file| file.role == role && file.state() == FileState::Present)
        };
        let has_original = is_there(files, Role::Original);
        let is_edited = self.asset.is_edited;
        for (number, theirs) in numbered(&other.asset.files) {
            let is_needed = match theirs.role {
                Role::ReducedCopy | Role::Thumbnail => !has_original,
                Role::EditedFullSize | Role::EditedLiveVideo => is_edited || !has_original,
                Role::Other => other.is_unindexed == self.is_unindexed,
                _ => true,
            };
            let own = numbered(files).into_iter().find(|(own, _)| *own == number).map(|(_, file)| file.state());
            if !is_needed || theirs.state() != FileState::Present || own == Some(FileState::Present) {
                continue;
            }
            // What is only spoken of gives way to what is there.
            let gives_way =
                files.iter().position(|file| file.role == theirs.role && file.state() != FileState::Present);
            match gives_way.and_then(|at| files.get_mut(at)) {
                Some(file) => *file = theirs.clone(),
                None => files.push(theirs.clone()),
            }
        }
        files.sort_by_key(|file| file.role);
    }

    fn entries(&mut self) -> Vec<(usize, &mut Entry)> {
        let mut entries = Vec::new();
        for (number, file) in numbers(&self.asset.files).into_iter().zip(&mut self.asset.files) {
            if let (Some(number), FileContent::Recorded(entry)) = (number, &mut file.content) {
                entries.push((number, entry));
            }
        }
        entries
    }
}

/// The number of each file that is there: its role, and its place among those of the role.
fn numbers(files: &[AssetFile]) -> Vec<Option<usize>> {
    let mut counts = [0_usize; Role::COUNT];
    let number = |file: &AssetFile| {
        let rank = file.role as usize;
        let count = counts.get_mut(rank).filter(|_| file.state() == FileState::Present)?;
        *count += 1;
        Some(rank * APART + (*count - 1).min(APART - 1))
    };
    files.iter().map(number).collect()
}

fn numbered(files: &[AssetFile]) -> Vec<(usize, &AssetFile)> {
    numbers(files).into_iter().zip(files).filter_map(|(number, file)| Some((number?, file))).collect()
}
