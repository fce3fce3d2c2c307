//! Where the files come from that records speak of.

use corer_schemas::{Entry, Opened, Source, SourceError};

use crate::output::SafePath;

/// Opens the files that records speak of.
pub trait FileSource {
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
