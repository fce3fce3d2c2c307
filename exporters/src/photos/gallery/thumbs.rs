//! Small pictures, one for each asset.

use std::collections::HashMap;
use std::io::Read;
use std::sync::{Mutex, PoisonError};

use corer_schemas::Opened;
use corer_schemas::photos::{Asset, AssetFile, AssetKind, FileState, Role, Subkind};
use sha2::{Digest, Sha256};

use crate::convert::{Content, ConvertError, Converter};
use crate::output::{OutputError, SafePath, Tree, hex};
use crate::photos::companion::{Placed, PlacedFile};

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
    /// Assets of which no picture could be made small, with the reason.
    failed: Mutex<Vec<(i64, String)>>,
}

impl<'a> Thumbs<'a> {
    /// Small pictures in a folder of `gallery`.
    pub(super) fn new(converter: &'a Converter, gallery: SafePath) -> Self {
        Self { converter, folder: gallery.join(FOLDER), made: Mutex::default(), failed: Mutex::default() }
    }

    /// Where the small picture of an asset is, if there is one.
    pub(super) fn of(&self, placed: &Placed<'_>) -> Option<SafePath> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner).get(&placed.asset.id).cloned()
    }

    /// Makes the small picture of an asset, unless an earlier run did and nothing of the asset is new. Where none can be
    /// made the page and the report say so, unless somebody told why: the asset itself is there, so that nothing of the backup is
    /// lost.
    pub(super) fn make(&self, placed: &Placed<'_>, tree: &Tree, is_told: bool) -> Result<(), OutputError> {
        let path = self.path(placed.asset);
        let is_new = placed.files.iter().any(|file| file.is_new);
        if is_new || !tree.is_there(&path) {
            let bytes = match self.picture(placed) {
                Ok(bytes) => bytes,
                Err(why) => {
                    let failure = why
                        .filter(|_| !is_told)
                        .map(|why| (placed.asset.id, format!("{} ({why})", placed.asset.name())));
                    self.failed.lock().unwrap_or_else(PoisonError::into_inner).extend(failure);
                    return Ok(());
                }
            };
            tree.write(&path, &bytes)?;
        } else {
            tree.keep(&path, false)?;
        }
        self.made.lock().unwrap_or_else(PoisonError::into_inner).insert(placed.asset.id, path);
        Ok(())
    }

    /// The place, by the identifier, which is the same in every backup. Folders of some hundred are quick on every disk.
    fn path(&self, asset: &Asset) -> SafePath {
        let key = asset_slug(asset);
        self.folder.join(key.get(..2).unwrap_or_default()).join(&format!("{key}.jpg"))
    }

    /// A word about those that could not be made, in the order of the library.
    pub(super) fn failures(&self) -> Option<String> {
        const NAMED: usize = 50;
        let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        failed.sort();
        let more = failed.len().saturating_sub(NAMED);
        let rest = if more > 0 { format!(", and {more} more") } else { String::new() };
        let named: Vec<&str> = failed.iter().take(NAMED).map(|(_, what)| what.as_str()).collect();
        let named = named.join(", ");
        (!failed.is_empty())
            .then(|| format!("No small picture could be made of {named}{rest}; the files themselves are here."))
    }

    /// The small picture, from the first file that gives one; else the reason of the last that is a picture and did not.
    fn picture(&self, placed: &Placed<'_>) -> Result<Vec<u8>, Option<String>> {
        let mut why = None;
        for role in ROLES {
            let present = |file: &&AssetFile| file.role == role && file.state() == FileState::Present;
            for file in placed.asset.files.iter().filter(present) {
                let written = placed.files.iter().find(|written| std::ptr::eq(written.file, file));
                // What is known to be no such picture need not be opened.
                if written.and_then(|written| written.content).is_some_and(is_other) {
                    continue;
                }
                match self.small(placed, file) {
                    Ok(bytes) => return Ok(bytes),
                    Err(ConvertError::Unknown) => {}
                    Err(error) => why = Some(error.to_string()),
                }
            }
        }
        Err(why.or_else(|| unknown(placed)))
    }

    fn small(&self, placed: &Placed<'_>, file: &AssetFile) -> Result<Vec<u8>, ConvertError> {
        let unreadable = |why: String| ConvertError::Undecodable(why);
        let entry = file.entry().ok_or(ConvertError::Unknown)?;
        let Opened { mut reader, len, .. } = placed.source.open(entry).map_err(|e| unreadable(e.to_string()))?;
        if Content::read(&mut *reader).map_err(|e| unreadable(e.to_string()))?.is_some_and(is_other) {
            return Err(ConvertError::Unknown);
        }
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
pub(super) fn asset_slug(asset: &Asset) -> String {
    let digest = hex(&Sha256::digest(asset.uuid.as_bytes()));
    digest.get(..16).unwrap_or_default().to_owned()
}

/// Whether small pictures are made of no such file.
fn is_other(content: Content) -> bool {
    content.is_movie() || content == Content::Tiff
}

/// Why there is nothing to show of a photo whose files are none of the pictures that are known. A video is shown without a
/// picture, and so is a picture that browsers draw themselves; of an empty file the report speaks elsewhere.
fn unknown(placed: &Placed<'_>) -> Option<String> {
    let pictures = placed.files.iter().filter(|file| ROLES.contains(&file.role()) && file.bytes > 0);
    let files: Vec<&PlacedFile<'_>> = pictures.collect();
    let holds = |wanted: &dyn Fn(Content) -> bool| files.iter().any(|file| file.content.is_some_and(wanted));
    if holds(&|content| content.is_movie() || content.is_shown()) {
        return None;
    }
    // Raw pictures of other kinds than TIFF are known by their names.
    let is_raw = |file: &PlacedFile<'_>| {
        file.content.is_none()
            && placed.asset.is(Subkind::Raw)
            && !Content::ALL.iter().any(|content| content.has_extension(&file.path.extension()))
    };
    if holds(&|content| content == Content::Tiff) || files.iter().any(|file| is_raw(file)) {
        return Some("of TIFF and raw pictures none are made".to_owned());
    }
    (!files.is_empty() && placed.asset.kind == AssetKind::Photo).then(|| "it is no picture of a known kind".to_owned())
}
