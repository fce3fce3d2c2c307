//! One look at all rows, without their content: what there is, and what belongs to what.

use std::collections::HashMap;

use rusqlite::Connection;

use super::columns::of_objects;
use super::folders::{Account, Folder, Folders};
use super::kinds::{Kind, Kinds};
use super::{NOTE_STORE, OBJECTS};
use crate::database::{Row, Schema, columns, each_row_both_ways, integer, quoted};
use crate::skipped::Skipped;
use crate::time::AppleTime;

columns! {
    /// What is wanted of each row at first; the first of each family of columns that is set.
    enum Object {
        Entity = "Z_ENT",
        Identifier = "ZIDENTIFIER",
        Note = "ZNOTE",
        ParentAttachment = "ZPARENTATTACHMENT",
        Attachment = "ZATTACHMENT",
        Folder = "ZFOLDER",
        Parent = "ZPARENT",
        Owner = "ZOWNER",
        Account = "ZACCOUNT",
        Title = "ZTITLE",
        Name = "ZNAME",
        AccountType = "ZACCOUNTTYPE",
        FolderType = "ZFOLDERTYPE",
        Query = "ZSMARTFOLDERQUERYJSON",
        IsRemoved = "ZMARKEDFORDELETION",
        FileName = "ZFILENAME",
        Type = "ZTYPEUTI",
        Generation = "ZGENERATION",
        NoteData = "ZNOTEDATA",
        Created = "ZCREATIONDATE",
        Modified = "ZMODIFICATIONDATE",
        IsLocked = "ZISPASSWORDPROTECTED",
    }
}

/// A note, without its content.
#[derive(Debug, Clone)]
pub(in crate::notes) struct NoteRow {
    pub id: i64,
    pub created: Option<AppleTime>,
    pub modified: Option<AppleTime>,
    pub is_locked: bool,
    pub(super) folder: Option<i64>,
    pub(super) account: Option<i64>,
}

/// A file that belongs to attachments.
#[derive(Debug, Clone, Default)]
pub(super) struct Media {
    pub id: i64,
    pub identifier: String,
    pub file_name: Option<String>,
    pub generation: Option<String>,
}

/// What there is.
#[derive(Debug, Default)]
pub(super) struct Index {
    pub folders: Folders,
    pub notes: Vec<NoteRow>,
    /// The attachments of each note, in the order of their rows.
    pub attachments: HashMap<i64, Vec<i64>>,
    /// The attachments that are in another one.
    pub children: HashMap<i64, Vec<i64>>,
    pub media: HashMap<i64, Media>,
    /// The file of each attachment that does not name one, by what the file names.
    pub media_of: HashMap<i64, i64>,
    /// The small pictures of each attachment.
    pub previews: HashMap<i64, Vec<Media>>,
    /// Where the text of each note is.
    pub texts: HashMap<i64, i64>,
}

impl Index {
    pub(super) fn read(connection: &Connection, schema: &Schema, skipped: &mut Vec<Skipped>) -> Self {
        let mut own = Self::default();
        let kinds = Kinds::read(connection, schema);
        let sql = format!("SELECT t.ROWID, {} FROM {} t", of_objects::<Object>(schema), quoted(OBJECTS));
        let read = each_row_both_ways(connection, &sql, &mut |row| {
            if let Some(id) = integer(row, 0) {
                own.take(id, Row::queried(row, 1), &kinds);
            }
        });
        skipped.extend(read.err().map(|error| Skipped::part(format!("some rows of {NOTE_STORE}"), error)));
        own.read_texts(connection, schema, skipped);
        own.read_old_folders(connection, schema, skipped);
        own.folders.cut_circles(skipped);
        own.notes.sort_by_key(|note| (note.created, note.id));
        // After damage some came in reverse.
        own.attachments.values_mut().chain(own.children.values_mut()).for_each(|ids| ids.sort_unstable());
        own
    }

    fn take(&mut self, id: i64, row: Row<'_, Object>, kinds: &Kinds) {
        let media = |row: Row<'_, Object>| Media {
            id,
            identifier: row.name(Object::Identifier).unwrap_or_default(),
            file_name: row.name(Object::FileName),
            generation: row.name(Object::Generation),
        };
        match kinds.of(row.integer(Object::Entity)).unwrap_or_else(|| by_content(row)) {
            Kind::Account => {
                self.folders.accounts.insert(id, Account { name: row.name(Object::Name) });
            }
            Kind::Folder => {
                let folder = Folder {
                    title: row.name(Object::Title),
                    identifier: row.name(Object::Identifier),
                    parent: row.integer(Object::Parent),
                    account: row.integer(Object::Account).or(row.integer(Object::Owner)),
                    kind: row.integer(Object::FolderType),
                    query: row.some_text(Object::Query),
                    is_removed: row.truth(Object::IsRemoved),
                };
                self.folders.folders.insert(id, folder);
            }
            Kind::Note => self.notes.push(NoteRow {
                id,
                created: moment(row.real(Object::Created)),
                modified: moment(row.real(Object::Modified)),
                is_locked: row.truth(Object::IsLocked),
                folder: row.integer(Object::Folder),
                account: row.integer(Object::Account),
            }),
            Kind::Attachment | Kind::Inline => {
                if let Some(parent) = row.integer(Object::ParentAttachment) {
                    self.children.entry(parent).or_default().push(id);
                }
                if let Some(note) = row.integer(Object::Note) {
                    self.attachments.entry(note).or_default().push(id);
                }
            }
            Kind::Media => {
                self.media_of.extend(row.integer(Object::Attachment).map(|attachment| (attachment, id)));
                self.media.insert(id, media(row));
            }
            Kind::Preview => {
                if let Some(attachment) = row.integer(Object::Attachment) {
                    self.previews.entry(attachment).or_default().push(media(row));
                }
            }
            Kind::Other => {}
        }
    }

    fn read_texts(&mut self, connection: &Connection, schema: &Schema, skipped: &mut Vec<Skipped>) {
        if !schema.has_column("ZICNOTEDATA", "ZNOTE") {
            skipped.push(Skipped::part("the text of all notes", "the store has no table of texts"));
            return;
        }
        let read = each_row_both_ways(connection, "SELECT ROWID, ZNOTE FROM ZICNOTEDATA", &mut |row| {
            self.texts.extend(integer(row, 1).zip(integer(row, 0)));
        });
        skipped.extend(read.err().map(|error| Skipped::part("the text of some notes", error)));
    }

    /// Until iOS 10 a table of its own said which notes are in which folders: `Z_11NOTES (Z_11FOLDERS, Z_8NOTES)`.
    fn read_old_folders(&mut self, connection: &Connection, schema: &Schema, skipped: &mut Vec<Skipped>) {
        let numbered = |table: &&str| {
            let number = table.strip_prefix("z_").and_then(|rest| rest.strip_suffix("notes"));
            number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
        };
        let mut folders = HashMap::new();
        for table in schema.tables_ending_in("notes").filter(numbered) {
            let column = |ending| schema.columns_ending_in(table, ending).next().map(quoted);
            let (Some(folder), Some(note)) = (column("folders"), column("notes")) else { continue };
            let sql = format!("SELECT {note}, {folder} FROM {}", quoted(table));
            let read = each_row_both_ways(connection, &sql, &mut |row| {
                folders.extend(integer(row, 0).zip(integer(row, 1)));
            });
            skipped.extend(read.err().map(|error| Skipped::part("the folders of some notes", error)));
        }
        for note in &mut self.notes {
            note.folder = note.folder.or_else(|| folders.get(&note.id).copied());
        }
    }
}

/// What a row is, by what it holds.
fn by_content(row: Row<'_, Object>) -> Kind {
    let has = |column| row.value(column) != rusqlite::types::ValueRef::Null;
    if has(Object::NoteData) {
        Kind::Note
    } else if has(Object::FolderType) {
        Kind::Folder
    } else if has(Object::AccountType) {
        Kind::Account
    } else if has(Object::Type) {
        Kind::Attachment
    } else if has(Object::FileName) {
        Kind::Media
    } else if has(Object::Attachment) {
        Kind::Preview
    } else {
        Kind::Other
    }
}

/// A moment in seconds since 2001; 0 stands for none.
pub(super) fn moment(seconds: Option<f64>) -> Option<AppleTime> {
    let moment = AppleTime::from_seconds(seconds.filter(|seconds| *seconds != 0.0)?)?;
    Some(moment).filter(|moment| moment.timestamp().is_some())
}
