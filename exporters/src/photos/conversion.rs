//! Converted copies beside originals: `IMG_0123.jpg` beside `IMG_0123.HEIC`. What a file holds decides, not its name: a HEIC
//! that is called `.JPG` is converted, and a JPEG that is called `.HEIC`, a movie that is called `.JPG`, a TIFF that is called
//! `.PNG` get a copy under a name that is right.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use corer_schemas::photos::{Asset, Role, Subkind};

use super::companion::{AllAssets, Companion, Placed, PlacedFile};
use crate::convert::{Content, ConvertError, ConvertTarget, Converter};
use crate::output::report::SkippedItem;
use crate::output::{CopyError, KindReport, OutputError, SafePath, Tree, fold};
use crate::page::plural;

/// Writes converted copies and remembers where they are. Originals stay as they are.
pub struct Conversions<'a> {
    converter: &'a Converter,
    made: Mutex<HashMap<SafePath, SafePath>>,
    /// Assets of which a copy failed, and the report says why.
    failed: Mutex<HashSet<i64>>,
    /// How many copies show one moment of a picture that moves.
    stills: AtomicU64,
}

impl<'a> Conversions<'a> {
    /// Copies as JPEG of every picture that other programs may not show.
    pub fn new(converter: &'a Converter) -> Self {
        Self { converter, made: Mutex::default(), failed: Mutex::default(), stills: AtomicU64::new(0) }
    }

    /// Where the copy of the picture at `path` is, if there is one.
    pub fn of(&self, path: &SafePath) -> Option<SafePath> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner).get(path).cloned()
    }

    /// Whether the report says of an asset that a picture of it could not be converted, and why.
    pub(super) fn has_failed(&self, asset: &Asset) -> bool {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner).contains(&asset.id)
    }

    /// Makes the copy of a file, which is to hold `copy`.
    fn make(&self, placed: &Placed<'_>, file: &PlacedFile<'_>, copy: Content, tree: &Tree) -> Result<SafePath, Unmade> {
        let entry = file.file.entry().ok_or(ConvertError::Unknown)?;
        let undecodable = |why: String| ConvertError::Undecodable(why);
        let opened = placed.source.open(entry).map_err(|e| undecodable(e.to_string()))?;
        let (path, taken) = (beside(file, placed.files, copy.extension()), taken(placed.asset));
        if file.content == Some(copy) {
            // Its name says something else: the same bytes under a name that is right.
            return match tree.copy(opened, &path, taken) {
                Ok(_) => Ok(path),
                Err(CopyError::Output(error)) => Err(error.into()),
                Err(CopyError::Source(error)) => Err(undecodable(error.to_string()).into()),
            };
        }
        let whole = self.converter.read(opened.reader)?;
        let converted = self.converter.convert(whole, ConvertTarget::Jpeg)?;
        tree.write_dated(&path, &converted.bytes, taken)?;
        self.note_still(placed.asset, file);
        Ok(path)
    }

    /// The copy that an earlier run made.
    fn made_before(&self, placed: &Placed<'_>, file: &PlacedFile<'_>, copy: Content, tree: &Tree) -> Option<SafePath> {
        let path = beside(file, placed.files, copy.extension());
        if file.is_new || !tree.is_there(&path) {
            return None;
        }
        if file.content != Some(copy) {
            self.note_still(placed.asset, file);
        }
        Some(path)
    }

    /// Counts a copy that shows one moment.
    fn note_still(&self, asset: &Asset, file: &PlacedFile<'_>) {
        if moves(asset, file) {
            self.stills.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// What the copy of a file is to hold: a JPEG of what few programs show, the same of what has a name that is wrong. `None`
/// where none is needed.
fn needed(file: &PlacedFile<'_>) -> Option<Content> {
    match file.content? {
        content if content.is_rare() => Some(Content::Jpeg),
        content if !content.has_extension(&file.path.extension()) => Some(content),
        _ => None,
    }
}

/// Why there is no copy.
enum Unmade {
    /// The picture defies it.
    Picture(ConvertError),
    /// The tree cannot be written.
    Output(OutputError),
}

impl From<ConvertError> for Unmade {
    fn from(error: ConvertError) -> Self {
        Self::Picture(error)
    }
}

impl From<OutputError> for Unmade {
    fn from(error: OutputError) -> Self {
        Self::Output(error)
    }
}

impl Companion for Conversions<'_> {
    fn placed(&self, placed: &Placed<'_>, tree: &Tree, skipped: &mut Vec<SkippedItem>) -> Result<(), OutputError> {
        let mut fail = |file: &PlacedFile<'_>, why: ConvertError| {
            self.failed.lock().unwrap_or_else(PoisonError::into_inner).insert(placed.asset.id);
            skipped.push(SkippedItem { item: file.file.path().to_owned(), why: format!("not converted: {why}") });
        };
        for file in placed.files.iter().filter(|file| is_picture(file.role())) {
            let Some(copy) = needed(file) else {
                // Of an empty file something else is said.
                if file.content.is_none() && file.bytes > 0 && Converter::is_candidate(file.path.name()) {
                    fail(file, ConvertError::Unknown);
                }
                continue;
            };
            let path = match self.made_before(placed, file, copy, tree) {
                Some(path) => {
                    tree.keep(&path, false)?;
                    path
                }
                None => match self.make(placed, file, copy, tree) {
                    Ok(path) => path,
                    Err(Unmade::Output(error)) => return Err(error),
                    Err(Unmade::Picture(why)) => {
                        fail(file, why);
                        continue;
                    }
                },
            };
            self.made.lock().unwrap_or_else(PoisonError::into_inner).insert(file.path.clone(), path);
        }
        Ok(())
    }

    fn finish(&self, _: &AllAssets<'_>, _: &Tree, report: &mut KindReport) -> Result<(), OutputError> {
        let stills = self.stills.load(Ordering::Relaxed);
        if stills > 0 {
            let (copy, show) = if stills == 1 { ("copy", "shows") } else { ("copies", "show") };
            let pictures = plural(stills, "animated picture");
            report.notes.push(format!("The JPEG {copy} of {pictures} {show} one moment; originals stay as they are."));
        }
        Ok(())
    }
}

/// Whether a picture moves by itself.
fn moves(asset: &Asset, file: &PlacedFile<'_>) -> bool {
    asset.is(Subkind::Animated) || Converter::is_animated(file.path.name())
}

/// When it was taken, in seconds since 1970: copies are as old as their originals.
fn taken(asset: &Asset) -> Option<i64> {
    Some(asset.date?.timestamp()?.as_second())
}

fn is_picture(role: Role) -> bool {
    use Role::{AlternateImage, EditedFullSize, Original, ReducedCopy};
    matches!(role, Original | EditedFullSize | AlternateImage | ReducedCopy)
}

/// The name of a copy: that of the original with another extension, or behind it where a file of the asset has that name.
fn beside(file: &PlacedFile<'_>, files: &[PlacedFile<'_>], extension: &str) -> SafePath {
    let name = file.path.name();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let path = file.path.parent().join(&format!("{stem}.{extension}"));
    let is_taken = files.iter().any(|other| fold(other.path.as_str()) == fold(path.as_str()));
    if is_taken { file.path.parent().join(&format!("{name}.{extension}")) } else { path }
}
