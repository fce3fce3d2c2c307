//! What the library knows about a photo, in a small file beside it that photo programs read.
//!
//! `IMG_0123.HEIC.xmp` (or `.json`) describes `IMG_0123.HEIC`: when and where it was taken, its title, caption and
//! keywords, who is in it and where, and whether it is a favourite. exiftool, digiKam, Lightroom (XMP) and whatever
//! reads exiftool's JSON take it from there, and the photo itself stays byte for byte what it was.
//!
//! Facts: XMP specification part 1 and 2 (Adobe), IPTC Photo Metadata 2023.2, "Guidelines for Handling Image Metadata"
//! of the Metadata Working Group (regions of faces), and what exiftool reads and writes.

mod faces;
mod facts;
mod json;
mod xml_text;
mod xmp;

use corer_schemas::photos::Role;
use jiff::tz::TimeZone;

use super::companion::{AllAssets, Companion, Placed, PlacedFile};
use crate::output::report::SkippedItem;
use crate::output::{KindReport, OutputError, Tree};
use crate::page::plural;
use facts::Facts;

/// What sidecars are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum SidecarFormat {
    /// For photo programs.
    Xmp,
    /// As exiftool writes it, for scripts.
    Json,
}

impl SidecarFormat {
    /// What is appended to the name of the picture.
    fn suffix(self) -> &'static str {
        match self {
            Self::Xmp => "xmp",
            Self::Json => "json",
        }
    }
}

/// Writes sidecars beside pictures and videos.
#[derive(Debug, Clone)]
pub struct Sidecars {
    format: SidecarFormat,
    zone: TimeZone,
}

impl Sidecars {
    /// Sidecars of one format. `zone` is that of assets whose own is not known.
    pub fn new(format: SidecarFormat, zone: TimeZone) -> Self {
        Self { format, zone }
    }
}

impl Companion for Sidecars {
    fn placed(&self, placed: &Placed<'_>, tree: &Tree, _: &mut Vec<SkippedItem>) -> Result<(), OutputError> {
        for file in placed.files.iter().filter(|file| has_sidecar(file.role())) {
            let facts = Facts::new(placed, file, &self.zone);
            let text = match self.format {
                SidecarFormat::Xmp => xmp::render(&facts),
                SidecarFormat::Json => json::render(&facts),
            };
            tree.write(&beside(file, self.format), text.as_bytes())?;
        }
        Ok(())
    }

    fn finish(&self, all: &AllAssets<'_>, _: &Tree, report: &mut KindReport) -> Result<(), OutputError> {
        report.notes.extend(moved(all));
        Ok(())
    }
}

/// A word about faces that stand in one of the pictures of an asset alone.
fn moved(all: &AllAssets<'_>) -> Option<String> {
    let is_moved = |placed: &&Placed<'_>| {
        faces::has_named_faces(placed.asset)
            && faces::is_moved(placed.asset)
            && placed.files.iter().any(|file| has_sidecar(file.role()))
    };
    let count = u64::try_from(all.placed.iter().filter(is_moved).count()).unwrap_or(u64::MAX);
    (count > 0).then(|| {
        format!(
            "Of {} an edit cut or turned the picture, or may have: the places of faces stand in the sidecar of the picture \
             in which they were found, and in no other.",
            plural(count, "photo")
        )
    })
}

/// The pictures and videos that people look at. A Live Photo's movement goes with its picture.
fn has_sidecar(role: Role) -> bool {
    use Role::{AlternateImage, AlternateRaw, EditedFullSize, Original, ReducedCopy, Thumbnail};
    matches!(role, Original | AlternateRaw | AlternateImage | EditedFullSize | ReducedCopy | Thumbnail)
}

fn beside(file: &PlacedFile<'_>, format: SidecarFormat) -> crate::output::SafePath {
    file.path.parent().join(&format!("{}.{}", file.path.name(), format.suffix()))
}
