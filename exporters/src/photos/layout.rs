//! Which folders the export has, and which names its files get.

use std::collections::{HashMap, HashSet};

use corer_schemas::photos::{AlbumKind, Asset, Library};
use jiff::Zoned;
use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};

use super::template::{Facts, Template, TemplateError};
use crate::output::{SHA256SUMS, SafeName, SafePath, UniqueNames, fold, hex};

/// Where what is hidden goes.
pub const HIDDEN: &str = "_hidden";
/// Where what is recently deleted goes.
pub const DELETED: &str = "_recently-deleted";
/// Where what belongs to shared albums alone goes.
pub const SHARED: &str = "_shared";
/// Where files go that no row of the library names.
pub const UNINDEXED: &str = "_unindexed";

/// Names that are corer's own at the root.
const RESERVED: [&str; 12] = [
    "photos.csv",
    "photos.jsonl",
    "report.json",
    "report.txt",
    SHA256SUMS,
    "index.html",
    "gallery",
    "No album",
    HIDDEN,
    DELETED,
    SHARED,
    UNINDEXED,
];

/// What stands behind the stem of a file that is not the original. No two assets of a folder share a stem, with or
/// without these.
pub(super) const SUFFIXES: [&str; 3] = ["-edited", "-reduced", "-thumbnail"];

/// The longest stem in bytes: a suffix, a mark and two extensions fit behind it.
const LONGEST_STEM: usize = 200;

/// How the export is laid out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    folders: Template,
    /// The folders of what is in no album, where they are others.
    without_album: Option<Template>,
    name: Template,
}

impl Layout {
    /// The layout that one of the words `year`, `month`, `day`, `album` and `flat` stands for, else the template.
    ///
    /// # Errors
    /// [`TemplateError`] for a template that makes no sense.
    pub fn by(word: &str) -> Result<Self, TemplateError> {
        const MONTH: &str = "{year|undated}/{year}-{month}";
        let folders = match word {
            "year" => "{year|undated}",
            "month" => MONTH,
            "day" => "{year|undated}/{year}-{month}/{date}",
            "album" => "{album}",
            "flat" => "",
            other => other,
        };
        let folders = Template::parse(folders)?;
        folders.check(false)?;
        let without_album = (word == "album").then(|| Template::parse(&format!("No album/{MONTH}"))).transpose()?;
        Ok(Self { folders, without_album, name: Template::parse("{name}")? })
    }

    /// The same folders with files that are called by a template, without their extension.
    ///
    /// # Errors
    /// [`TemplateError`] for a template that makes no sense.
    pub fn named(self, template: &str) -> Result<Self, TemplateError> {
        let name = Template::parse(template)?;
        name.check(true)?;
        Ok(Self { name, ..self })
    }
}

/// Gives out places: the same assets in the same order get the same ones every time.
pub(super) struct AssetPaths<'a> {
    layout: &'a Layout,
    zone: &'a TimeZone,
    /// The path of each album, and whether that is below the folder of shared albums.
    albums: HashMap<i64, (SafePath, bool)>,
    /// The folders and stems that are taken, as a disk sees them that does not tell cases apart.
    taken: HashSet<String>,
}

impl<'a> AssetPaths<'a> {
    pub(super) fn new(layout: &'a Layout, zone: &'a TimeZone, library: &Library) -> Self {
        let mut names = UniqueNames::new();
        let mut taken = HashSet::new();
        for own in RESERVED {
            names.reserve(&SafePath::new(own));
            taken.insert(fold(stem_of(own)));
        }
        let mut albums = HashMap::new();
        // Shared albums have a folder of their own, where no name of the others is in their way.
        let mut shared_names = UniqueNames::new();
        if layout.folders.names_albums() {
            for album in &library.albums {
                let is_shared = album.kind == AlbumKind::Shared;
                let names = if is_shared { &mut shared_names } else { &mut names };
                let above = album.folders.iter().map(String::as_str);
                let folder = names.folder(above.map(|name| if name.is_empty() { "Untitled" } else { name }));
                let title = if album.title.is_empty() { "Untitled" } else { &album.title };
                let path = names.fresh_in(&folder, title, &album.uuid);
                let root = if is_shared { SafePath::new(SHARED) } else { SafePath::root() };
                taken.insert(fold(root.then(&path).as_str()));
                albums.insert(album.id, (path, is_shared));
            }
        }
        Self { layout, zone, albums, taken }
    }

    /// The folders that an asset belongs into, the first of which gets its files.
    pub(super) fn folders(&self, asset: &Asset) -> Vec<SafePath> {
        let taken = asset.taken(self.zone);
        let albums: Vec<&(SafePath, bool)> = asset.albums.iter().filter_map(|id| self.albums.get(id)).collect();
        let template = &self.layout.folders;
        if albums.is_empty() {
            let template = self.layout.without_album.as_ref().unwrap_or(template);
            return vec![apart(asset, false, &self.folder(template, asset, taken.as_ref(), None))];
        }
        let folder = |(album, is_shared): &(SafePath, bool)| {
            apart(asset, *is_shared, &self.folder(template, asset, taken.as_ref(), Some(album)))
        };
        let mut folders: Vec<SafePath> = albums.into_iter().map(folder).collect();
        let mut seen = HashSet::new();
        folders.retain(|folder| seen.insert(folder.clone()));
        folders
    }

    fn folder(&self, template: &Template, asset: &Asset, taken: Option<&Zoned>, album: Option<&SafePath>) -> SafePath {
        let album: Vec<&str> = album.into_iter().flat_map(SafePath::segments).collect();
        let parts = template.expand(&Facts { asset, taken, album: &album });
        parts.iter().fold(SafePath::root(), |path, part| path.join(part))
    }

    /// What the files of an asset begin with in a folder, where nothing else begins so.
    pub(super) fn stem(&mut self, asset: &Asset, folder: &SafePath) -> SafePath {
        let taken = asset.taken(self.zone);
        let parts = self.layout.name.expand(&Facts { asset, taken: taken.as_ref(), album: &[] });
        let stem = parts.join("_");
        let stem = SafeName::new(stem.get(..stem.floor_char_boundary(LONGEST_STEM)).unwrap_or_default());
        let plain = folder.with(&stem);
        if self.take(&plain) {
            return plain;
        }
        let digest = hex(&Sha256::digest(&asset.uuid));
        let marked = |mark: &str| folder.join(&format!("{stem}-{mark}"));
        let marks = [8, 16, 64].into_iter().filter_map(|digits| digest.get(..digits)).map(str::to_owned);
        let numbers = (2_u64..).map(|number| format!("{digest}-{number}"));
        marks.chain(numbers).map(|mark| marked(&mark)).find(|path| self.take(path)).unwrap_or(plain)
    }

    /// Keeps a stem for who has it already. Says whether it was free.
    pub(super) fn take(&mut self, stem: &SafePath) -> bool {
        let key = fold(stem.as_str());
        let base = SUFFIXES.iter().find_map(|suffix| key.strip_suffix(suffix));
        let is_free = !self.taken.contains(&key)
            && base.is_none_or(|base| !self.taken.contains(base))
            && !SUFFIXES.iter().any(|suffix| self.taken.contains(&format!("{key}{suffix}")));
        if is_free {
            self.taken.insert(key);
        }
        is_free
    }
}

/// What is hidden, deleted or shared stands apart, in the same folders.
fn apart(asset: &Asset, is_shared: bool, folder: &SafePath) -> SafePath {
    let root = match asset {
        Asset { is_trashed: true, .. } => DELETED,
        Asset { is_hidden: true, .. } => HIDDEN,
        Asset { is_in_shared_album: true, .. } => SHARED,
        _ if is_shared => SHARED,
        _ => return folder.clone(),
    };
    SafePath::new(root).then(folder)
}

fn stem_of(name: &str) -> &str {
    name.split_once('.').map_or(name, |(stem, _)| stem)
}

#[cfg(test)]
mod tests {
    use corer_schemas::photos::Album;

    use super::*;

    fn stems(assets: &[(&str, &str)]) -> Vec<String> {
        let (layout, zone) = (Layout::by("flat").unwrap(), TimeZone::UTC);
        let mut places = AssetPaths::new(&layout, &zone, &Library::default());
        let stem = |(uuid, name): &(&str, &str)| {
            let asset = Asset { uuid: (*uuid).into(), filename: (*name).into(), ..Asset::default() };
            places.stem(&asset, &SafePath::root()).to_string()
        };
        assets.iter().map(stem).collect()
    }

    #[test]
    fn shared_albums_stand_in_folders_of_their_own_name() {
        let album = |id, kind, title: &str| Album {
            id,
            uuid: format!("album {id}"),
            title: title.into(),
            kind,
            folders: Vec::new(),
            members: Vec::new(),
            owner: None,
        };
        let (user, shared) = (AlbumKind::User, AlbumKind::Shared);
        let albums = vec![
            album(1, shared, "Family"),
            album(2, user, "Family"),
            album(3, user, "_shared"),
            album(4, shared, "_shared"),
            album(5, shared, "family"),
        ];
        let library = Library { albums, ..Library::default() };
        let folders = |by: &str, asset: Asset| -> Vec<String> {
            let (layout, zone) = (Layout::by(by).unwrap(), TimeZone::UTC);
            let folders = AssetPaths::new(&layout, &zone, &library).folders(&asset);
            folders.iter().map(ToString::to_string).collect()
        };
        let asset = |albums: &[i64]| Asset { albums: albums.into(), is_in_shared_album: true, ..Asset::default() };
        assert_eq!(folders("album", asset(&[1, 4])), ["_shared/Family", "_shared/_shared"]);
        assert!(folders("album", asset(&[5]))[0].starts_with("_shared/family-"));
        assert_eq!(folders("{kind}/{album}", asset(&[1])), ["_shared/photo/Family"]);
        assert_eq!(folders("album", asset(&[])), ["_shared/No album/undated"]);
        // A photo of the library that stands in both, and an album that is called as the folder is.
        let own = Asset { albums: vec![1, 2, 3], ..Asset::default() };
        let own = folders("album", own);
        assert_eq!(own[..2], ["_shared/Family", "Family"]);
        assert!(own[2].starts_with("_shared-"), "{own:?}");
        let hidden = Asset { is_hidden: true, ..asset(&[1]) };
        assert_eq!(folders("album", hidden), ["_hidden/Family"]);
    }

    #[test]
    fn nobody_shares_a_stem_on_any_disk() {
        let names =
            ["IMG_0001.HEIC", "img_0001.heic", "IMG_0001.MOV", "IMG_0001-edited.JPG", "Straße.jpg", "STRASSE.jpg"];
        let assets: Vec<(&str, &str)> = ["a", "b", "c", "d", "e", "f"].into_iter().zip(names).collect();
        let stems = stems(&assets);
        assert_eq!(stems[0], "IMG_0001");
        assert!(stems[1].starts_with("img_0001-") && stems[2].starts_with("IMG_0001-"));
        let folded: HashSet<String> = stems.iter().map(|stem| fold(stem)).collect();
        assert_eq!(folded.len(), names.len());
        assert_ne!(stems[3], "IMG_0001-edited");
    }

    #[test]
    fn a_stem_is_taken_with_all_that_stands_behind_it() {
        let stems =
            stems(&[("a", "x-edited.jpg"), ("b", "x.jpg"), ("c", "photos.jpg"), ("d", "CON.jpg"), ("e", "a/b")]);
        assert_eq!(stems[0], "x-edited");
        assert!(stems[1].starts_with("x-") && stems[2].starts_with("photos-"));
        assert_eq!(stems[3..], ["_CON".to_owned(), "a_b".to_owned()]);
    }

    #[test]
    fn long_names_leave_room_for_what_stands_behind_them() {
        let name = format!("{}.jpg", "ü".repeat(300));
        let stems = stems(&[("a", &name), ("b", &name)]);
        assert_eq!(stems[0].len(), LONGEST_STEM);
        assert!(stems[1].len() < 255 - 40 && stems[1] != stems[0]);
    }
}
