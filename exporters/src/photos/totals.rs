//! What of a library is there, in numbers and in words.

use corer_schemas::photos::{Asset, AssetFile, AssetKind, Availability, FileState, Library, Role};
use serde::Serialize;

use crate::output::report::MissingItem;

/// How many assets there are, by what of them the backup holds, and how much was written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// All assets.
    pub assets: u64,
    /// With their original.
    pub originals: u64,
    /// With the edited picture alone.
    pub edited_only: u64,
    /// With a reduced copy at best.
    pub reduced: u64,
    /// With a thumbnail at best.
    pub thumbnails: u64,
    /// With something that is no picture of the whole: the movement of a Live Photo, the other picture of a pair.
    pub parts: u64,
    /// With nothing.
    pub absent: u64,
    /// Files that no row of the library names.
    pub unindexed: u64,
    /// Albums.
    pub albums: u64,
    /// Files written or kept.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}

impl Totals {
    /// Counts a library. Nothing of it has been written.
    pub fn of(library: &Library) -> Self {
        let (unindexed, albums) = (library.unindexed.len() as u64, library.albums.len() as u64);
        let mut totals = Self { unindexed, albums, ..Self::default() };
        for asset in &library.assets {
            totals.assets += 1;
            *match asset.availability() {
                Availability::Original => &mut totals.originals,
                Availability::EditedOnly => &mut totals.edited_only,
                Availability::ReducedOnly => &mut totals.reduced,
                Availability::ThumbnailOnly => &mut totals.thumbnails,
                Availability::PartOnly => &mut totals.parts,
                Availability::Absent => &mut totals.absent,
            } += 1;
        }
        totals
    }

    /// What a person should know: how much is there, and what to do about the rest.
    pub fn notes(&self, library: &Library) -> Vec<String> {
        let mut notes = Vec::new();
        let without = self.assets - self.originals;
        if without > 0 {
            let parts = [
                (self.edited_only, "only as edited"),
                (self.reduced, "only as a reduced copy"),
                (self.thumbnails, "only as a thumbnail"),
                (self.parts, "only in part"),
                (self.absent, "not at all"),
            ];
            let parts = parts.into_iter().filter(|(count, _)| *count > 0);
            let parts: Vec<String> = parts.map(|(count, what)| format!("{count} {what}")).collect();
            let of = self.assets;
            notes.push(format!(
                "The originals of {without} of {of} items are not in this backup: {}.",
                parts.join(", ")
            ));
        }
        let is_elsewhere = |asset: &&Asset| asset.availability() != Availability::Original && asset.is_in_cloud;
        let in_cloud = library.assets.iter().filter(is_elsewhere).count();
        if in_cloud > 0 {
            let are = if in_cloud == 1 { "1 original is" } else { &format!("{in_cloud} originals are") };
            notes.push(format!(
                "{are} only in iCloud. On the phone: Settings > Photos > Download and Keep Originals; when all are there, \
                 back up again."
            ));
        }
        if self.unindexed > 0 {
            let files = if self.unindexed == 1 { "1 file" } else { &format!("{} files", self.unindexed) };
            notes.push(format!("{files} of the camera roll, which the library does not name, go to _unindexed."));
        }
        notes
    }
}

/// How much of a file was found that the backup has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum FoundPart {
    /// All of it, as far as anybody knows.
    Whole,
    /// Not all of it.
    Part,
    /// No byte.
    Empty,
    /// It cannot be read.
    Unreadable,
}

/// How much of a file was found, where nothing but the records of the backup tell.
pub(super) fn recorded(file: &AssetFile) -> FoundPart {
    if file.is_empty() { FoundPart::Empty } else { FoundPart::Whole }
}

/// What the library speaks of and the backup does not hold, of one asset. No file has been looked into.
pub fn missing(asset: &Asset) -> Vec<MissingItem> {
    missing_beside(asset, &recorded)
}

/// The same, with what was `found` of the files that are here.
pub(super) fn missing_beside(asset: &Asset, found: &dyn Fn(&AssetFile) -> FoundPart) -> Vec<MissingItem> {
    let mut missing = Vec::new();
    for file in asset.files.iter().filter(|file| file.state() != FileState::Present) {
        let what = match file.role {
            Role::Original => "the original",
            Role::LiveVideo => "the movement",
            Role::EditedFullSize if asset.kind == AssetKind::Video => "the edited video",
            Role::EditedFullSize => "the edited picture",
            Role::EditedLiveVideo => "the edited movement",
            Role::AlternateRaw => "the raw picture of the pair",
            Role::AlternateImage => "the other picture of the pair",
            Role::Adjustment | Role::ReducedCopy | Role::Thumbnail | Role::Other => continue,
        };
        let instead = || instead(asset, found);
        let why = match (file.state(), file.role) {
            (FileState::OnlyInCloud, Role::Original) => format!("{what} is only in iCloud; {}", instead()),
            (FileState::OnlyInCloud, _) => format!("{what} is only in iCloud"),
            (_, Role::Original) if asset.directory.starts_with("PhotoData/Sync") => {
                format!("{what} was synced from a computer; such photos are in no backup; {}", instead())
            }
            (_, Role::Original) => format!("{what} is not in this backup; {}", instead()),
            _ => format!("{what} is not in this backup"),
        };
        // What the manifest records should be there; what only the library speaks of was never backed up.
        let expected = file.entry().is_some() && file.state() == FileState::Missing;
        missing.push(MissingItem { item: described(asset), why, expected });
    }
    missing
}

/// The name of an asset and where it lay.
fn described(asset: &Asset) -> String {
    let place = format!("{}/{}", asset.directory, asset.filename);
    if asset.name() == asset.filename { place } else { format!("{} ({place})", asset.name()) }
}

/// What of an asset is here though its original is not.
fn instead(asset: &Asset, found: &dyn Fn(&AssetFile) -> FoundPart) -> String {
    let edited = if asset.kind == AssetKind::Video { "the edited video" } else { "the edited picture" };
    let all = [
        (Role::EditedFullSize, edited),
        (Role::ReducedCopy, "a reduced copy"),
        (Role::Thumbnail, "a thumbnail"),
        (Role::AlternateImage, "the other picture of the pair"),
        (Role::AlternateRaw, "the raw picture of the pair"),
        (Role::LiveVideo, "the movement"),
        (Role::EditedLiveVideo, "the edited movement"),
        (Role::Adjustment, "what an edit consists of"),
        (Role::Other, "another file of it"),
    ];
    // The best of each role: one that is complete says enough.
    let of = |role: Role| {
        let files = asset.files.iter().filter(|file| file.role == role && file.state() == FileState::Present);
        files.map(found).min()
    };
    let known: Vec<(usize, &str, FoundPart)> =
        (0..).zip(all).filter_map(|(at, (role, what))| Some((at, what, of(role)?))).collect();
    let is_here = |found: FoundPart| matches!(found, FoundPart::Whole | FoundPart::Part);
    // Of the pictures of the whole the best one is enough.
    let pictures = || known.iter().filter(|(at, _, found)| *at < 3 && is_here(*found));
    let best = pictures().find(|(_, _, found)| *found == FoundPart::Whole).or_else(|| pictures().next());
    let parts = known.iter().filter(|(at, _, found)| (3..7).contains(at) && is_here(*found));
    let mut here: Vec<String> =
        best.into_iter().chain(parts).map(|(_, what, found)| describe_found(what, *found)).collect();
    if here.is_empty() {
        let rest = known.iter().filter(|(at, _, found)| *at >= 7 && is_here(*found));
        here.extend(rest.map(|(_, what, found)| describe_found(what, *found)));
    }
    let useless = known.iter().filter_map(|(_, what, found)| match found {
        FoundPart::Empty => Some(format!("the file of {what} is empty")),
        FoundPart::Unreadable => Some(format!("{what} cannot be read")),
        FoundPart::Whole | FoundPart::Part => None,
    });
    let here = match here.split_last() {
        None => None,
        Some((only, [])) => Some(format!("{only} is here")),
        Some((last, others)) => Some(format!("{} and {last} are here", others.join(", "))),
    };
    let sentences: Vec<String> = here.into_iter().chain(useless).collect();
    if sentences.is_empty() { "nothing of it is here".to_owned() } else { sentences.join("; ") }
}

/// What is here, and whether not all of it.
fn describe_found(what: &str, found: FoundPart) -> String {
    if found == FoundPart::Part { format!("a part of {what}") } else { what.to_owned() }
}

/// A word about files that are odd and no loss, with the first of them by name.
pub(super) fn some_of(what: &str, files: Vec<String>) -> Option<String> {
    const NAMED: usize = 20;
    let more = files.len().saturating_sub(NAMED);
    let rest = if more > 0 { format!("; and {more} more") } else { String::new() };
    let named: Vec<String> = files.into_iter().take(NAMED).collect();
    (!named.is_empty()).then(|| format!("{what}: {}{rest}.", named.join("; ")))
}
