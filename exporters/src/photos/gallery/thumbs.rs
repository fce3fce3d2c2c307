//! Small pictures, one for each asset.

use std::collections::HashMap;
use std::io::Read;
use std::sync::{Mutex, PoisonError};

use corer_schemas::Opened;
use corer_schemas::photos::{Asset, AssetFile, FileState, Role};
use sha2::{Digest, Sha256};

use crate::convert::{ConvertError, Converter};
use crate::output::{OutputError, SafePath, Tree, hex};
use crate::photos::companion::Placed;

/// The longest side of a small picture in pixels: sharp at the size that pages show, and on twice as fine screens.
const SIDE: u32 = 360;

/// The longest thumbnail of the library that is taken as it is, in bytes.
const AS_IT_IS: usize = 100_000;

/// The folder, within that of the gallery.
const FOLDER: &str = "thumbs";

/// What each asset's picture is made of, the cheapest first; a video has but its thumbnails.
const ROLES: [Role; 5] =
    [Role::Thumbnail, Role::ReducedCopy, Role::EditedFullSize, Role::Original, Role::AlternateImage];

/// Makes small pictures and remembers where they are.
pub(super) struct Thumbs<'a> {
    converter: &'a Converter,
    folder: SafePath,
    made: Mutex<HashMap<i64, SafePath>>,
}

impl<'a> Thumbs<'a> {
    /// Small pictures in a folder of `gallery`.
    pub(super) fn new(converter: &'a Converter, gallery: SafePath) -> Self {
        Self { converter, folder: gallery.join(FOLDER), made: Mutex::default() }
    }

    /// Where the small picture of an asset is, if there is one.
    pub(super) fn of(&self, placed: &Placed<'_>) -> Option<SafePath> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner).get(&placed.asset.id).cloned()
    }

    /// Makes the small picture of an asset, unless an earlier run did and nothing of the asset is new. Where none can be
    /// made the page says so: the asset itself is there, so that nothing of the backup is lost.
    pub(super) fn make(&self, placed: &Placed<'_>, tree: &Tree) -> Result<(), OutputError> {
        let path = self.path(placed.asset);
        let is_new = placed.files.iter().any(|file| file.is_new);
        if is_new || !tree.is_there(&path) {
            let Some(bytes) = self.picture(placed) else { return Ok(()) };
            tree.write(&path, &bytes)?;
        } else {
            tree.keep(&path, false)?;
        }
        self.made.lock().unwrap_or_else(PoisonError::into_inner).insert(placed.asset.id, path);
        Ok(())
    }

    /// The place, by the identifier, which is the same in every backup. Folders of some hundred are quick on every disk.
    fn path(&self, asset: &Asset) -> SafePath {
        let key = mark(asset);
        self.folder.join(key.get(..2).unwrap_or_default()).join(&format!("{key}.jpg"))
    }

    /// The small picture, from the first file that gives one.
    fn picture(&self, placed: &Placed<'_>) -> Option<Vec<u8>> {
        ROLES.iter().find_map(|role| {
            let files = placed.asset.files.iter().filter(|file| file.role == *role && is_picture(file));
            files.filter(|file| file.state() == FileState::Present).find_map(|file| self.small(placed, file).ok())
        })
    }

    fn small(&self, placed: &Placed<'_>, file: &AssetFile) -> Result<Vec<u8>, ConvertError> {
        let unreadable = |why: String| ConvertError::Undecodable(why);
        let entry = file.entry().ok_or(ConvertError::Unknown)?;
        let Opened { mut reader, len, .. } = placed.source.open(entry).map_err(|e| unreadable(e.to_string()))?;
        // One byte more than there is, so that the end is seen without growing.
        let enough = len.and_then(|len| usize::try_from(len).ok()).unwrap_or(usize::MAX).min(Converter::BEGINNING) + 1;
        let mut beginning = Vec::with_capacity(enough);
        let most = u64::try_from(enough).unwrap_or(u64::MAX);
        reader.by_ref().take(most).read_to_end(&mut beginning).map_err(|e| unreadable(e.to_string()))?;
        if !self.converter.knows(&beginning) {
            return Err(ConvertError::Unknown);
        }
        if file.role != Role::Thumbnail
            && let Some(embedded) = self.converter.embedded(&beginning)
        {
            return Ok(embedded);
        }
        let bytes = self.converter.read(beginning.as_slice().chain(reader))?;
        let is_small = file.role == Role::Thumbnail && bytes.len() <= AS_IT_IS && bytes.starts_with(b"\xff\xd8\xff");
        if is_small { Ok(bytes) } else { self.converter.thumbnail(bytes, SIDE).map(|small| small.bytes) }
    }
}

/// What an asset is called in addresses: the same in every run and every backup, and nothing that a backup chose.
pub(super) fn mark(asset: &Asset) -> String {
    let digest = hex(&Sha256::digest(asset.uuid.as_bytes()));
    digest.get(..16).unwrap_or_default().to_owned()
}

/// Whether a file may be a picture, by its name: videos need not be opened to know.
fn is_picture(file: &AssetFile) -> bool {
    let extension = file.name().rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    matches!(extension.as_deref(), Some("jpg" | "jpeg" | "jpe" | "thm" | "png" | "heic" | "heif" | "heics" | "hif"))
}
