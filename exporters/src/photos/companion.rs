//! What else comes out beside the files of an asset: sidecars, converted copies, the pages of a gallery.

use corer_schemas::Source;
use corer_schemas::photos::{Asset, AssetFile, Library, Role};

use crate::convert::Content;
use crate::output::report::SkippedItem;
use crate::output::{KindReport, OutputError, SafePath, Tree};

/// Something that is written beside the files of each asset. Called from several threads at once.
pub trait Companion: Sync {
    /// Called once for each asset that was asked for, after its files have their names. In an update also for assets
    /// of which nothing is new ([`PlacedFile::is_new`] tells), and for those of which no file is there.
    ///
    /// What it cannot read goes into `skipped` and into the report; it writes into `tree` below the folder of the
    /// asset's files. A name is safe to take if it begins with [`Placed::stem`] and is none of [`Placed::files`]: no
    /// other asset has a file in that folder whose name begins so and goes on with `.` or `-edited`.
    ///
    /// # Errors
    /// When the tree cannot be written.
    fn placed(&self, placed: &Placed<'_>, tree: &Tree, skipped: &mut Vec<SkippedItem>) -> Result<(), OutputError>;

    /// Called once, after every asset, in the order of the library: for pages that show them all, and for what the report
    /// should say about them.
    ///
    /// # Errors
    /// When the tree cannot be written.
    fn finish(&self, all: &AllAssets<'_>, tree: &Tree, report: &mut KindReport) -> Result<(), OutputError> {
        let _ = (all, tree, report);
        Ok(())
    }
}

/// All assets, when every file is in its place.
pub struct AllAssets<'a> {
    /// The assets, in the order of the library.
    pub placed: &'a [Placed<'a>],
    /// The SHA-256 of `photos.jsonl`: where it is the one of an earlier run, all that the records tell is the same.
    pub records: [u8; 32],
    /// How many threads may work at a time.
    pub jobs: usize,
}

/// An asset and where its files went.
#[derive(Clone, Copy)]
pub struct Placed<'a> {
    /// Where the files come from, to be opened again ([`AssetFile::entry`]).
    pub source: &'a dyn Source,
    /// The library.
    pub library: &'a Library,
    /// The asset.
    pub asset: &'a Asset,
    /// Its files in the tree, ordered by role; further albums' copies are not among them. Empty where the backup holds
    /// none of them.
    pub files: &'a [PlacedFile<'a>],
    /// The folder of its files and the beginning of their names, as one path: `2016/2016-07/IMG_0123`.
    pub stem: &'a SafePath,
}

/// One file that is in its place.
#[derive(Debug, Clone)]
pub struct PlacedFile<'a> {
    /// The file of the library.
    pub file: &'a AssetFile,
    /// Where it is in the tree.
    pub path: SafePath,
    /// What it holds, whatever it is called. `None` for what is nothing that is known.
    pub content: Option<Content>,
    /// Its length in bytes.
    pub bytes: u64,
    /// Whether this run wrote it. An update leaves what is there.
    pub is_new: bool,
}

impl PlacedFile<'_> {
    /// What it is to the asset.
    pub fn role(&self) -> Role {
        self.file.role
    }
}
