//! Converted copies beside originals: `IMG_0123.jpg` beside `IMG_0123.HEIC`.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use corer_schemas::photos::{Asset, Role, Subkind};

use super::companion::{Companion, Everything, Placed, PlacedFile};
use crate::convert::{ConvertError, Converter, Target};
use crate::output::report::Item;
use crate::output::{KindReport, OutputError, SafePath, Tree, fold};
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

    fn convert(&self, placed: &Placed<'_>, file: &PlacedFile<'_>) -> Result<Vec<u8>, ConvertError> {
        let entry = file.file.entry().ok_or(ConvertError::Unknown)?;
        let opened = placed.source.open(entry).map_err(|e| ConvertError::Undecodable(e.to_string()))?;
        let converted = self.converter.convert(self.converter.read(opened.reader)?, Target::Jpeg)?;
        Ok(converted.bytes)
    }
}

impl Companion for Conversions<'_> {
    fn placed(&self, placed: &Placed<'_>, tree: &Tree, skipped: &mut Vec<Item>) -> Result<(), OutputError> {
        let pictures = placed.files.iter().filter(|file| is_picture(file.role()));
        for file in pictures.filter(|file| Converter::is_candidate(file.path.name())) {
            let path = beside(file, placed.files);
            if file.is_new || !tree.is_there(&path) {
                let bytes = match self.convert(placed, file) {
                    Ok(bytes) => bytes,
                    Err(why) => {
                        skipped.push(Item { item: file.file.path().to_owned(), why: format!("not converted: {why}") });
                        continue;
                    }
                };
                tree.write_dated(&path, &bytes, taken(placed.asset))?;
            } else {
                tree.keep(&path, false)?;
            }
            if moves(placed.asset, file) {
                self.stills.fetch_add(1, Ordering::Relaxed);
            }
            self.made.lock().unwrap_or_else(PoisonError::into_inner).insert(file.path.clone(), path);
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

/// The name of a copy: that of the original with another extension, or behind it where a file of the asset has that name.
fn beside(file: &PlacedFile<'_>, files: &[PlacedFile<'_>]) -> SafePath {
    let name = file.path.name();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let path = file.path.parent().join(&format!("{stem}.jpg"));
    let is_taken = files.iter().any(|other| fold(other.path.as_str()) == fold(path.as_str()));
    if is_taken { file.path.parent().join(&format!("{name}.jpg")) } else { path }
}
