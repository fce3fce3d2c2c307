//! Where the files come from that records speak of.

use corer_schemas::{Entry, Opened, Source, SourceError};

use crate::output::SafePath;

/// What an earlier run wrote of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenBefore {
    /// Where, in the folder of the kind.
    pub path: SafePath,
    /// How many bytes.
    pub length: u64,
    /// What it holds, in a word.
    pub content: Option<String>,
    /// Whether the device has not changed it since.
    pub is_unchanged: bool,
}

/// Opens the files that records speak of.
pub trait FileSource: Sync {
    /// Opens one.
    ///
    /// # Errors
    /// When its bytes are not there or cannot be read.
    fn open(&self, entry: &Entry) -> Result<Opened, SourceError>;

    /// What an earlier run wrote of one that cannot be read to its end, and why not. `None` where nothing is remembered.
    fn earlier(&self, entry: &Entry, why: &dyn std::fmt::Display) -> Option<Opened> {
        let _ = (entry, why);
        None
    }

    /// Where an earlier run placed one, in the folder of the kind: there it stays.
    fn place_of(&self, entry: &Entry) -> Option<SafePath> {
        let _ = entry;
        None
    }

    /// The places of all files that an earlier run placed: no other file may have one of them.
    fn taken_places(&self) -> Vec<SafePath> {
        Vec::new()
    }

    /// What an earlier run wrote of one. `None` where nothing is remembered.
    fn written(&self, entry: &Entry) -> Option<WrittenBefore> {
        let _ = entry;
        None
    }

    /// Where an earlier run placed the same bytes again.
    fn repeats_of(&self, entry: &Entry) -> Vec<SafePath> {
        let _ = entry;
        Vec::new()
    }

    /// Hears that a file of the export has another place now. Both are in the folder of the kind.
    fn note_moved(&self, from: &SafePath, to: &SafePath) {
        let _ = (from, to);
    }

    /// Hears where the bytes of one were placed again, from 0.
    fn note_repeated(&self, entry: &Entry, number: usize, path: &SafePath) {
        let _ = (entry, number, path);
    }

    /// Hears that what an earlier run wrote of one is not needed any more.
    fn let_go(&self, entry: &Entry) {
        let _ = entry;
    }

    /// Hears where one was placed in the export, as it is.
    fn note_placed(&self, entry: &Entry, path: &SafePath) {
        let _ = (entry, path);
    }
}

impl FileSource for &dyn Source {
    fn open(&self, entry: &Entry) -> Result<Opened, SourceError> {
        Source::open(*self, entry)
    }
}
