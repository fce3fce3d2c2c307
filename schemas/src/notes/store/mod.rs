//! `NoteStore.sqlite` of iOS 9 to 26, by asking what is there.
//!
//! All objects of a store are rows of one table. Which kind a row is of, `Z_ENT` says, a number that `Z_PRIMARYKEY` names. A property
//! whose name several kinds share has a number behind it that changes from version to version (`ZTITLE1`, `ZCREATIONDATE3`); a row
//! has a value in the column of its own kind alone, so that the first of the family that is set is the one ([`columns`]).
//! Read: the tables of iOS 9.3, 10.3, 11.2, 15.3, 16.1, 16.3 and 17.3.

mod attachment;
mod attachments;
mod columns;
mod files;
mod folders;
mod index;
mod kinds;
mod locked;
mod note;
mod shares;
mod types;

use rusqlite::Connection;

use super::lock::NotePasswords;
use super::model::Note;
use crate::database::Schema;
use crate::skipped::Skipped;
use crate::source::{Source, SourceError};
use columns::ObjectQuery;
use files::MediaFiles;
pub use folders::OtherFolder;
use index::Index;
pub(super) use index::NoteRow;
use shares::Shares;

/// The table of everything.
const OBJECTS: &str = "ZICCLOUDSYNCINGOBJECT";

/// What people call the file in what is said about it.
const NOTE_STORE: &str = "NoteStore.sqlite";

/// An open store.
pub(super) struct Store {
    connection: Connection,
    schema: Schema,
    index: Index,
    files: MediaFiles,
    note_query: ObjectQuery<note::Stored>,
    attachment_query: ObjectQuery<attachment::Stored>,
    locked_query: ObjectQuery<locked::Stored>,
    shares: Shares,
}

impl Store {
    /// Opens the store and looks at what it has, without reading any note.
    ///
    /// # Errors
    /// When it is not there, cannot be read, or is a database of something else.
    pub(super) fn open(source: &dyn Source, skipped: &mut Vec<Skipped>) -> Result<Self, SourceError> {
        let (domain, path) = super::DATABASE;
        let connection = source.database(domain, path)?.connect()?;
        let schema = Schema::probe(&connection).map_err(|error| SourceError::unreadable(NOTE_STORE, error))?;
        if !schema.has_column(OBJECTS, "ZIDENTIFIER") {
            return Err(SourceError::foreign(NOTE_STORE, "it has no table of notes"));
        }
        let index = Index::read(&connection, &schema, skipped);
        let files = MediaFiles::list(source, skipped);
        let (note_query, attachment_query) = (ObjectQuery::new(&schema), ObjectQuery::new(&schema));
        let locked_query = ObjectQuery::new(&schema);
        let shares = Shares::read(&connection, &schema, skipped);
        Ok(Self { connection, schema, index, files, note_query, attachment_query, locked_query, shares })
    }

    /// The notes in the order of when they were made, those without a date first.
    pub(super) fn notes(&self) -> &[NoteRow] {
        &self.index.notes
    }

    /// The folders that no note is in.
    pub(super) fn other_folders(&self) -> Vec<OtherFolder> {
        self.index.folders.others(self.index.notes.iter().filter_map(|note| note.folder))
    }

    /// The titles of invitations to notes and folders that are not in the store.
    pub(super) fn strange_invitations(&self) -> Vec<String> {
        let folders = self.index.folders.folders.keys().copied();
        self.shares.strange(&self.index.notes.iter().map(|note| note.id).chain(folders).collect())
    }

    /// Reads a note with all that is in it.
    ///
    /// # Errors
    /// Why it cannot be read, in words.
    pub(super) fn read(
        &self,
        row: &NoteRow,
        passwords: &NotePasswords,
        skipped: &mut Vec<Skipped>,
    ) -> Result<Note, String> {
        note::Reader { store: self, passwords, skipped }.note(row)
    }
}
