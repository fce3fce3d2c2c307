//! Converted copies beside originals: `IMG_0123.jpg` beside `IMG_0123.HEIC`. What a file holds decides, not its name: a HEIC
//! that is called `.JPG` is converted, and a JPEG that is called `.HEIC` gets a copy under a name that is right.

use std::collections::HashMap;
use std::io::{Read as _, Seek as _};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use corer_schemas::photos::{Asset, Kind, Role, Subkind};

use super::companion::{Companion, Everything, Placed, PlacedFile};
use crate::convert::{Content, ConvertError, Converter, Target};
use crate::output::report::Item;
use crate::output::{CopyError, KindReport, OutputError, SafePath, Tree, fold};
use crate::page::plural;

/// Writes converted copies and remembers where they are. Originals stay as they are.
pub struct Conversions<'a> {
    converter: &'a Converter,
    made: Mutex<HashMap<SafePath, SafePath>>,
    /// How many copies show one moment of a picture that moves.
    stills: AtomicU64,
}

impl<'a> Conversions<'a> {
    /// Copies as JPEG of every picture that other programs may not show.
    pub fn new(converter: &'a Converter) -> Self {
        Self { converter, made: Mutex::default(), stills: AtomicU64::new(0) }
    }

    /// Where the copy of the picture at `path` is, if there is one.
    pub fn of(&self, path: &SafePath) -> Option<SafePath> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner).get(path).cloned()
    }

    /// Makes the copy of a picture, by what it holds. `None` where none is needed.
    fn make(&self, placed: &Placed<'_>, file: &PlacedFile<'_>, tree: &Tree) -> Result<Option<SafePath>, Unmade> {
        let entry = file.file.entry().ok_or(ConvertError::Unknown)?;
        let undecodable = |why: String| ConvertError::Undecodable(why);
        let mut opened = placed.source.open(entry).map_err(|e| undecodable(e.to_string()))?;
        let mut beginning = Vec::new();
        let most = u64::try_from(Content::BEGINNING).unwrap_or(u64::MAX);
        opened.reader.by_ref().take(most).read_to_end(&mut beginning).map_err(|e| undecodable(e.to_string()))?;
        let taken = taken(placed.asset);
        match Content::of(&beginning) {
            Some(content) if content.is_rare() => {
                let whole = self.converter.read(beginning.as_slice().chain(opened.reader))?;
                let path = beside(file, placed.files, Content::Jpeg.extension());
                let converted = self.converter.convert(whole, Target::Jpeg)?;
                tree.write_dated(&path, &converted.bytes, taken)?;
                self.note_still(placed.asset, file);
                Ok(Some(path))
            }
            // Its name says something else: the same bytes under a name that is right.
            Some(content) if !is_called(file.path.name(), content) => {
                let path = beside(file, placed.files, content.extension());
                opened.reader.rewind().map_err(|e| undecodable(e.to_string()))?;
                match tree.copy(opened, &path, taken) {
                    Ok(_) => Ok(Some(path)),
                    Err(CopyError::Output(error)) => Err(error.into()),
                    Err(CopyError::Source(error)) => Err(undecodable(error.to_string()).into()),
                }
            }
            None if Converter::is_candidate(file.path.name()) => Err(ConvertError::Unknown.into()),
            _ => Ok(None),
        }
    }

    /// The copy that an earlier run made.
    fn made_before(&self, placed: &Placed<'_>, file: &PlacedFile<'_>, tree: &Tree) -> Option<SafePath> {
        if file.is_new {
            return None;
        }
        let mut paths = COPIES.iter().map(|content| beside(file, placed.files, content.extension()));
        let path = paths.find(|path| tree.is_there(path))?;
        if path.extension() == Content::Jpeg.extension() {
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

/// What copies are: converted, or called by their right name.
const COPIES: [Content; 6] = [Content::Jpeg, Content::Png, Content::Gif, Content::Webp, Content::Bmp, Content::Avif];

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
    fn placed(&self, placed: &Placed<'_>, tree: &Tree, skipped: &mut Vec<Item>) -> Result<(), OutputError> {
        let is_photo = placed.asset.kind == Kind::Photo;
        let may_be =
            |file: &&PlacedFile<'_>| is_picture(file.role()) && (is_photo || Converter::is_candidate(file.path.name()));
        for file in placed.files.iter().filter(may_be) {
            let path = match self.made_before(placed, file, tree) {
                Some(path) => {
                    tree.keep(&path, false)?;
                    Some(path)
                }
                None => match self.make(placed, file, tree) {
                    Ok(path) => path,
                    Err(Unmade::Output(error)) => return Err(error),
                    Err(Unmade::Picture(why)) => {
                        skipped.push(Item { item: file.file.path().to_owned(), why: format!("not converted: {why}") });
                        None
                    }
                },
            };
            if let Some(path) = path {
                self.made.lock().unwrap_or_else(PoisonError::into_inner).insert(file.path.clone(), path);
            }
        }
        Ok(())
    }

    fn finish(&self, _: &Everything<'_>, _: &Tree, report: &mut KindReport) -> Result<(), OutputError> {
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

/// Whether a name says what a file holds.
fn is_called(name: &str, content: Content) -> bool {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default();
    let right: &[&str] = match content {
        Content::Jpeg => &["jpg", "jpeg", "jpe", "jfif", "thm"],
        Content::Png => &["png", "apng"],
        Content::Gif => &["gif"],
        Content::Webp => &["webp"],
        Content::Bmp => &["bmp", "dib"],
        Content::Heif => &["heic", "heif", "heics", "heifs", "hif"],
        Content::Avif => &["avif", "avifs"],
    };
    right.contains(&extension.as_str())
}

/// The name of a copy: that of the original with another extension, or behind it where a file of the asset has that name.
fn beside(file: &PlacedFile<'_>, files: &[PlacedFile<'_>], extension: &str) -> SafePath {
    let name = file.path.name();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let path = file.path.parent().join(&format!("{stem}.{extension}"));
    let is_taken = files.iter().any(|other| fold(other.path.as_str()) == fold(path.as_str()));
    if is_taken { file.path.parent().join(&format!("{name}.{extension}")) } else { path }
}
