//! What is to be written where, before anything is.

use std::collections::HashSet;

use corer_schemas::photos::{Asset, AssetFile, Availability, FileState, Library, Role};
use corer_schemas::{Entry, Presence};

use super::Options;
use super::earlier_run::EarlierRun;
use super::layout::{AssetPaths, UNINDEXED};
use crate::output::{SafeName, SafePath, UniqueNames, fold, split_extension};

/// Which of the original and the edited picture is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Edited {
    /// The original, and the edited picture beside it.
    #[default]
    Both,
    /// The edited picture alone, where there is one.
    Only,
    /// The original alone.
    None,
}

/// Where the files of the assets go, in the order of the library.
#[derive(Debug)]
pub struct FilePlan<'a> {
    pub(super) assets: Vec<PlannedAsset<'a>>,
    pub(super) unindexed: Vec<(&'a Entry, SafePath)>,
}

#[derive(Debug)]
pub(super) struct PlannedAsset<'a> {
    pub(super) asset: &'a Asset,
    pub(super) stem: SafePath,
    pub(super) files: Vec<PlannedFile<'a>>,
}

#[derive(Debug)]
pub(super) struct PlannedFile<'a> {
    pub(super) file: &'a AssetFile,
    pub(super) path: SafePath,
    /// The same file in further albums.
    pub(super) again: Vec<SafePath>,
}

impl<'a> FilePlan<'a> {
    /// Gives every file its place. What an earlier run placed stays there, if it is still the folder where it belongs.
    pub fn new(library: &'a Library, options: &Options, known: &EarlierRun) -> Self {
        let mut places = AssetPaths::new(&options.layout, &options.zone, library);
        let folders: Vec<Vec<SafePath>> = library.assets.iter().map(|asset| places.folders(asset)).collect();
        let kept: Vec<Option<SafePath>> = library
            .assets
            .iter()
            .zip(&folders)
            .map(|(asset, folders)| {
                let stem = &known.asset(&asset.uuid)?.stem;
                let is_there = folders.first() == Some(&stem.parent());
                (is_there && places.take(stem)).then(|| stem.clone())
            })
            .collect();
        let mut assets = Vec::with_capacity(library.assets.len());
        for ((asset, folders), kept) in library.assets.iter().zip(folders).zip(kept) {
            let mut folders = folders.into_iter();
            let first = folders.next().unwrap_or_default();
            let stem = kept.unwrap_or_else(|| places.stem(asset, &first));
            let further: Vec<SafePath> = folders.map(|folder| places.stem(asset, &folder)).collect();
            assets.push(planned(asset, stem, &further, options));
        }
        Self { assets, unindexed: unindexed(library) }
    }

    /// How many files will be there, and how many bytes they have as far as the library's records say.
    pub fn size(&self) -> (u64, u64) {
        let of_assets = self.assets.iter().flat_map(|planned| &planned.files).filter_map(|file| file.file.entry());
        let all = of_assets.chain(self.unindexed.iter().map(|(entry, _)| *entry));
        all.fold((0, 0), |(files, bytes), entry| (files + 1, bytes + entry.size_hint.unwrap_or(0)))
    }
}

fn planned<'a>(asset: &'a Asset, stem: SafePath, further: &[SafePath], options: &Options) -> PlannedAsset<'a> {
    let mut used = HashSet::new();
    let mut files = Vec::new();
    for file in files_to_write(asset, options) {
        let ending = ending(asset, file, &mut used);
        let place = |stem: &SafePath| stem.parent().with(&SafeName::new(&format!("{}{ending}", stem.name())));
        files.push(PlannedFile { file, path: place(&stem), again: further.iter().map(place).collect() });
    }
    PlannedAsset { asset, stem, files }
}

/// The files of an asset that are written. Where neither the original nor an edited picture is there, the best that is.
pub(super) fn files_to_write<'a>(asset: &'a Asset, options: &Options) -> Vec<&'a AssetFile> {
    let availability = asset.availability();
    let is_edited_there = asset.file(Role::EditedFullSize).is_some();
    let takes = |role: Role| match role {
        Role::Original | Role::LiveVideo | Role::AlternateRaw | Role::AlternateImage => {
            options.edited != Edited::Only || !is_edited_there
        }
        Role::EditedFullSize | Role::EditedLiveVideo => options.edited != Edited::None,
        Role::Adjustment => options.with_adjustments,
        Role::ReducedCopy => availability == Availability::ReducedOnly,
        Role::Thumbnail => availability == Availability::ThumbnailOnly,
        Role::Other => false,
    };
    asset.files.iter().filter(|file| file.state() == FileState::Present && takes(file.role)).collect()
}

/// What stands behind the stem: nothing or a suffix, and the extension as people know it.
fn ending(asset: &Asset, file: &AssetFile, used: &mut HashSet<String>) -> String {
    let suffix = match file.role {
        Role::EditedFullSize | Role::EditedLiveVideo => "-edited",
        Role::ReducedCopy => "-reduced",
        Role::Thumbnail => "-thumbnail",
        _ => "",
    };
    let today = split_extension(file.name()).1;
    let before = split_extension(asset.name()).1;
    let is_same = file.role == Role::Original && before.eq_ignore_ascii_case(today);
    let extension = if is_same { before } else { today };
    let numbers = std::iter::once(String::new()).chain((2_u32..).map(|number| format!(" ({number})")));
    let endings = numbers.map(|number| format!("{suffix}{number}{extension}"));
    endings.into_iter().find(|ending| used.insert(fold(ending))).unwrap_or_default()
}

/// Files that no row names keep the path that they had on the device.
fn unindexed(library: &Library) -> Vec<(&Entry, SafePath)> {
    let mut names = UniqueNames::new();
    let there = library.unindexed.iter().filter(|entry| entry.presence == Presence::Present);
    there
        .map(|entry| {
            let path = entry.path.strip_prefix("Media/").unwrap_or(&entry.path);
            (entry, names.file(std::iter::once(UNINDEXED).chain(path.split('/'))))
        })
        .collect()
}
