//! The files of notes: copied as they are.

use corer_schemas::Opened;
use corer_schemas::notes::{FileRole, Note, NoteFile, Place};

use super::Context;
use super::names::Places;
use crate::output::{CopyError, ExportError, SafePath, Tree, hex};
use crate::write::FileSource;

/// What became of a file of a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedFile {
    /// The identifier of its attachment.
    pub of: String,
    /// What it is of it.
    pub role: FileRole,
    /// What it is called.
    pub name: String,
    /// What became of it.
    pub outcome: FileOutcome,
}

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileOutcome {
    /// It was saved.
    Saved {
        /// Where, from the folder of notes.
        path: SafePath,
        /// Its length in bytes.
        bytes: u64,
        /// Its SHA-256.
        sha256: Option<String>,
    },
    /// It is there; nothing was saved.
    Present,
    /// It is not there.
    Missing {
        /// Why.
        why: String,
        /// Whether the backup should hold it.
        expected: bool,
    },
    /// It is there and cannot be read.
    Unreadable {
        /// Why.
        why: String,
    },
}

/// What becomes of files where nothing is saved.
pub(super) fn without_writing(note: &Note) -> Vec<SavedFile> {
    each(note).map(|(of, file)| saved(of, file, untouched(&file.place))).collect()
}

/// Saves the files of notes.
pub(super) struct FileStore<'a> {
    pub files: &'a dyn FileSource,
    pub context: &'a Context,
    pub tree: &'a Tree,
}

impl FileStore<'_> {
    /// Saves the files of a note.
    pub(super) fn save(&self, note: &Note, places: &mut Places<'_>) -> Result<Vec<SavedFile>, ExportError> {
        each(note).map(|(of, file)| Ok(saved(of, file, self.one(file, places)?))).collect()
    }

    fn one(&self, file: &NoteFile, places: &mut Places<'_>) -> Result<FileOutcome, ExportError> {
        let Place::Stored(entry) = &file.place else { return Ok(untouched(&file.place)) };
        let opened = match self.files.open(entry) {
            Ok(opened) => opened,
            Err(error) => return Ok(FileOutcome::Unreadable { why: error.to_string() }),
        };
        let identity = format!("{}/{}", entry.domain, entry.path);
        let path = self.files.place_of(entry).unwrap_or_else(|| places.of_file(&file.name, &identity));
        let opened = match &file.lock {
            Some(lock) => lock.open(opened),
            None => Ok(opened),
        };
        let written = match opened {
            Ok(opened) => self.write(opened, entry, &path)?,
            Err(why) => Err(why),
        };
        match written {
            Ok(outcome) => Ok(outcome),
            // An earlier run may have read all of it.
            Err(why) => match self.files.earlier(entry, &why) {
                Some(earlier) => {
                    Ok(self.write(earlier, entry, &path)?.unwrap_or_else(|why| FileOutcome::Unreadable { why }))
                }
                None => Ok(FileOutcome::Unreadable { why }),
            },
        }
    }

    fn write(
        &self,
        opened: Opened,
        entry: &corer_schemas::Entry,
        path: &SafePath,
    ) -> Result<Result<FileOutcome, String>, ExportError> {
        let mut file = self.tree.file(&self.context.base.then(path), entry.modified)?.with_sha256();
        match file.fill(opened) {
            Ok(()) => {}
            Err(CopyError::Source(error)) => return Ok(Err(error.to_string())),
            Err(CopyError::Output(error)) => return Err(error.into()),
        }
        let written = file.finish()?;
        if !written.is_left_alone {
            self.files.note_placed(entry, &written.path);
        }
        // Of a file that somebody changed, nobody knows.
        let sha256 = written.sha256.as_ref().filter(|_| !written.is_left_alone).map(|sum| hex(sum));
        Ok(Ok(FileOutcome::Saved { path: path.clone(), bytes: written.bytes, sha256 }))
    }
}

fn each(note: &Note) -> impl Iterator<Item = (&str, &NoteFile)> {
    let attachments = note.attachments.iter();
    attachments.flat_map(|attachment| attachment.files.iter().map(|file| (attachment.identifier.as_str(), file)))
}

fn saved(of: &str, file: &NoteFile, outcome: FileOutcome) -> SavedFile {
    SavedFile { of: of.to_owned(), role: file.role, name: file.name.clone(), outcome }
}

fn untouched(place: &Place) -> FileOutcome {
    match place {
        Place::Stored(_) => FileOutcome::Present,
        Place::Missing { why, expected } => FileOutcome::Missing { why: why.clone(), expected: *expected },
    }
}
