//! The files of the camera roll, and which asset each belongs to.
//!
//! | below `CameraRollDomain/Media` | what it is |
//! |---|---|
//! | `DCIM/100APPLE/IMG_0001.HEIC`, `PhotoData/CPLAssets/group7/<UUID>.HEIC` | an original, taken here or fetched from iCloud |
//! | the same name with `.MOV`, `.AAE`, `.DNG` | the movement of a Live Photo, an edit for editors, the raw picture |
//! | `PhotoData/Mutations/<directory>/<stem>/Adjustments/FullSizeRender.*` | the edited picture, and its movement |
//! | `PhotoData/Metadata/<directory>/<stem>.*` | a reduced copy |
//! | `PhotoData/Thumbnails/V2/<directory>/<name>/5003.JPG` | a thumbnail |
//! | `PhotoData/PhotoCloudSharingData/…` | what is in shared albums |
//!
//! Seen in a backup of iOS 14.3; the rest of it after the reports of others. Files that no asset takes are kept apart.

use super::files_by_owner::{FilesByOwner, fill};
use super::medium::{Medium, is_raw_original, medium, name_of, owner, split_extension};
use super::model::{Asset, AssetFile, AssetKind, FileContent, Role, Subkind};
use super::movements;
use crate::source::{Entry, Source, SourceError};

/// Where everything lies.
const MEDIA: &str = "Media/";
/// Where originals lie; what nobody takes of the first two is listed.
const ORIGINALS: [&str; 3] = ["Media/DCIM", "Media/PhotoData/CPLAssets", "Media/PhotoData/PhotoCloudSharingData"];
const EDITS: &str = "Media/PhotoData/Mutations";
const REDUCED: &str = "Media/PhotoData/Metadata";
const THUMBNAILS: &str = "Media/PhotoData/Thumbnails/V2";

/// What the other picture of a pair is.
const HALVES: [Role; 2] = [Role::AlternateRaw, Role::AlternateImage];

/// Every file that may belong to an asset.
pub(super) struct CameraRoll {
    originals: FilesByOwner,
    edits: FilesByOwner,
    reduced: FilesByOwner,
    thumbnails: FilesByOwner,
}

impl CameraRoll {
    /// Lists the files.
    ///
    /// # Errors
    /// When the source cannot list them.
    pub(super) fn read(source: &dyn Source) -> Result<Self, SourceError> {
        let mut originals = FilesByOwner::new();
        for root in ORIGINALS {
            fill(&mut originals, source, root, |path| Some(split_extension(path.strip_prefix(MEDIA)?).0))?;
        }
        let (mut edits, mut reduced, mut thumbnails) = (FilesByOwner::new(), FilesByOwner::new(), FilesByOwner::new());
        fill(&mut edits, source, EDITS, |path| {
            below(path, EDITS)?.rsplit_once("/Adjustments/").map(|(owner, _)| owner)
        })?;
        fill(&mut reduced, source, REDUCED, |path| {
            let stem = split_extension(below(path, REDUCED)?).0;
            Some(stem.strip_suffix(".medium").unwrap_or(stem))
        })?;
        fill(&mut thumbnails, source, THUMBNAILS, |path| {
            below(path, THUMBNAILS)?.rsplit_once('/').map(|(owner, _)| owner)
        })?;
        Ok(Self { originals, edits, reduced, thumbnails })
    }

    /// Whether there is no file at all.
    pub(super) fn is_empty(&self) -> bool {
        self.originals.is_empty() && self.edits.is_empty() && self.reduced.is_empty() && self.thumbnails.is_empty()
    }

    /// The groups of originals of the same directory and stem.
    pub(super) fn groups(&self) -> impl Iterator<Item = &[Entry]> {
        self.originals.values().map(Vec::as_slice)
    }

    /// Gives each asset its files. First every asset takes the file that its row names, so that what lies beside one is
    /// not taken for a part of another.
    /// `is_by_name`: nothing but the names says what belongs together.
    pub(super) fn assign(&mut self, source: &dyn Source, assets: &mut [Asset], is_by_name: bool) {
        for asset in &mut *assets {
            let original = self.take_original(asset);
            asset.files.extend(original);
        }
        movements::assign(&mut self.originals, source, assets, is_by_name);
        // Those first that the library says have another picture.
        let mut order: Vec<usize> = (0..assets.len()).collect();
        let is_pair = |asset: &Asset| HALVES.iter().any(|half| asset.resource(*half).is_some());
        order.sort_by_key(|at| !assets.get(*at).is_some_and(is_pair));
        for at in order {
            let Some(asset) = assets.get_mut(at) else { continue };
            self.take_companions(asset);
            self.take_edits(asset);
            self.take_substitutes(asset);
            note_missing(asset);
            asset.files.sort_by(|a, b| (a.role, a.path()).cmp(&(b.role, b.path())));
        }
    }

    /// What nobody took of what a person took, imported or edited, ordered by path.
    pub(super) fn leftovers(self) -> Vec<Entry> {
        let is_of_person =
            |entry: &Entry| !entry.path.starts_with(ORIGINALS[2]) && !name_of(&entry.path).starts_with('.');
        let mut left: Vec<Entry> = self.originals.into_values().chain(self.edits.into_values()).flatten().collect();
        left.retain(is_of_person);
        left.sort_by(|a, b| a.path.cmp(&b.path));
        left
    }

    fn take_original(&mut self, asset: &Asset) -> Option<AssetFile> {
        let entries = self.originals.get_mut(&owner(asset))?;
        let is_it = |entry: &&Entry| name_of(&entry.path) == asset.filename;
        let at = entries.iter().position(|entry| is_it(&entry))?;
        Some(AssetFile::recorded(Role::Original, entries.swap_remove(at)))
    }

    fn take_companions(&mut self, asset: &mut Asset) {
        let stem = owner(asset);
        for owner in [Some(stem.clone()), original_edit(&stem)].into_iter().flatten() {
            let Some(entries) = self.originals.get_mut(&owner) else { continue };
            for entry in std::mem::take(entries) {
                match companion_role(asset, &entry.path) {
                    Some(role) => asset.files.push(AssetFile::recorded(role, entry)),
                    None => entries.push(entry),
                }
            }
        }
        if asset.has(Role::AlternateRaw) && !asset.is(Subkind::Raw) {
            asset.subkinds.push(Subkind::Raw);
        }
        asset.subkinds.sort_unstable();
    }

    fn take_edits(&mut self, asset: &mut Asset) {
        for entry in self.edits.remove(&owner(asset)).into_iter().flatten() {
            let name = name_of(&entry.path);
            let role = match (name.starts_with("FullSizeRender"), medium(name)) {
                (true, Medium::Movie) if asset.kind == AssetKind::Photo => Role::EditedLiveVideo,
                (true, Medium::Picture | Medium::Movie) => Role::EditedFullSize,
                _ if name.starts_with("Adjustments") => Role::Adjustment,
                _ => Role::Other,
            };
            asset.files.push(AssetFile::recorded(role, entry));
        }
    }

    fn take_substitutes(&mut self, asset: &mut Asset) {
        for entry in self.reduced.remove(&owner(asset)).into_iter().flatten() {
            let is_thumbnail = split_extension(&entry.path).1.eq_ignore_ascii_case("thm");
            asset
                .files
                .push(AssetFile::recorded(if is_thumbnail { Role::Thumbnail } else { Role::ReducedCopy }, entry));
        }
        let thumbnails = self.thumbnails.remove(&format!("{}/{}", asset.directory, asset.filename));
        let largest = thumbnails.into_iter().flatten().max_by_key(|entry| entry.size_hint);
        asset.files.extend(largest.map(|entry| AssetFile::recorded(Role::Thumbnail, entry)));
    }
}

/// The part of a path below a root.
fn below<'p>(path: &'p str, root: &str) -> Option<&'p str> {
    path.strip_prefix(root)?.strip_prefix('/')
}

/// `IMG_O0001`: how the edit is called that the camera made before any other, beside `IMG_0001`.
fn original_edit(owner: &str) -> Option<String> {
    let (folder, stem) = owner.rsplit_once('/')?;
    let (word, number) = stem.split_once('_')?;
    Some(format!("{folder}/{word}_O{number}"))
}

fn companion_role(asset: &Asset, path: &str) -> Option<Role> {
    let name = name_of(path);
    let is_same_stem = split_extension(name).0 == split_extension(&asset.filename).0;
    match medium(name) {
        Medium::Adjustment => Some(Role::Adjustment),
        _ if !is_same_stem => None,
        Medium::Raw if asset.kind == AssetKind::Photo && !is_raw_original(asset) => Some(Role::AlternateRaw),
        Medium::Picture if is_raw_original(asset) => Some(Role::AlternateImage),
        _ => None,
    }
}

/// Names the files that the library speaks of and that are nowhere. The edits of slow motion are instructions alone.
fn note_missing(asset: &mut Asset) {
    let place = |name: &str| format!("{MEDIA}{}/{name}", asset.directory);
    let stem = split_extension(&asset.filename).0;
    let expected = [
        (Role::Original, !asset.filename.is_empty(), place(&asset.filename)),
        (Role::LiveVideo, asset.is(Subkind::Live), place(&format!("{stem}.MOV"))),
        (
            Role::EditedFullSize,
            asset.is_edited && !asset.is(Subkind::SlowMotion),
            format!("{EDITS}/{}/{stem}/Adjustments/FullSizeRender", asset.directory),
        ),
        // Their types are not known.
        (Role::AlternateRaw, asset.resource(Role::AlternateRaw).is_some(), place(stem)),
        (Role::AlternateImage, asset.resource(Role::AlternateImage).is_some(), place(stem)),
    ];
    let missing = expected.into_iter().filter(|(role, is_expected, _)| *is_expected && !asset.has(*role));
    let in_cloud = |role: Role| asset.resource(role).is_some_and(|known| known.is_in_cloud && !known.is_here);
    let missing: Vec<AssetFile> = missing
        .map(|(role, _, path)| AssetFile { role, content: FileContent::Unknown { path, in_cloud: in_cloud(role) } })
        .collect();
    asset.files.extend(missing);
}
