//! `notes.sqlite`: the notes of before iOS 9, and later those of mail accounts.
//!
//! `ZNOTE` (`ZBODY` → `ZNOTEBODY.ZCONTENT`, HTML; `ZSTORE` → `ZSTORE`, a folder of an account `ZACCOUNT`), dates in seconds since 2001;
//! since iOS 9 `ZNOTEATTACHMENT` names files. Columns: iOS 6.1, 9.3, 10.3 and 11.2.

use std::collections::HashMap;

use rusqlite::Connection;

use super::html;
use super::identity::page;
use super::model::{Attachment, AttachmentKind, Body, FileRole, Note, NoteFile, Place, State};
use super::room::Room;
use crate::database::{Column as _, Row, Schema, columns, each_of_table};
use crate::kind::DomainPath;
use crate::skipped::Skipped;
use crate::source::{Absence, Entry, EntryKind, Presence, Source, SourceError};
use crate::time::AppleTime;

columns! {
    /// The columns of `ZNOTE`.
    enum Stored {
        Title = "ZTITLE",
        Summary = "ZSUMMARY",
        Created = "ZCREATIONDATE",
        Modified = "ZMODIFICATIONDATE",
        Identifier = "ZGUID",
        Body = "ZBODY",
        Store = "ZSTORE",
        IsDeleted = "ZDELETEDFLAG",
        IsBookkeeping = "ZISBOOKKEEPINGENTRY",
    }

    /// The columns of `ZSTORE`.
    enum StoreRow { Name = "ZNAME", Account = "ZACCOUNT" }

    /// The columns of `ZACCOUNT`.
    enum AccountRow { Name = "ZNAME" }

    /// The columns of `ZNOTEATTACHMENT`.
    enum AttachmentRow { Note = "ZNOTE", Content = "ZCONTENTID", FileName = "ZFILENAME", Type = "ZMIMETYPE" }
}

/// What people call the file in what is said about it.
const NOTES_SQLITE: &str = "notes.sqlite";

/// The name of the folder that is on the device alone.
const OWN_STORE: &str = "LOCAL_NOTES_STORE";

/// An open store of old notes. They are few and short: they are kept, without their texts.
pub(super) struct Legacy {
    connection: Connection,
    schema: Schema,
    notes: Vec<(Note, Option<i64>)>,
}

impl Legacy {
    /// Opens the store at a place.
    ///
    /// # Errors
    /// When it is not there, cannot be read, or is a database of something else.
    pub(super) fn open(
        source: &dyn Source,
        (domain, path): DomainPath,
        skipped: &mut Vec<Skipped>,
    ) -> Result<Self, SourceError> {
        let connection = source.database(domain, path)?.connect()?;
        let schema = Schema::probe(&connection).map_err(|error| SourceError::unreadable(NOTES_SQLITE, error))?;
        if !schema.has_any_column("ZNOTE", &[Stored::Body.name(), Stored::Store.name()]) {
            return Err(SourceError::foreign(NOTES_SQLITE, "it has no table of notes"));
        }
        let mut own = Self { connection, schema, notes: Vec::new() };
        own.read(source, skipped);
        Ok(own)
    }

    /// When each note was made and last changed, in the order of their rows.
    pub(super) fn notes(&self) -> impl Iterator<Item = (Option<AppleTime>, Option<AppleTime>)> {
        self.notes.iter().map(|(note, _)| (note.created, note.modified))
    }

    /// A note with its text, by its place among them.
    pub(super) fn note(&self, place: usize, skipped: &mut Vec<Skipped>) -> Option<Note> {
        let (note, body) = self.notes.get(place)?;
        let mut note = note.clone();
        note.body = match self.text(*body) {
            Ok(Some(html)) => {
                let mut room = Room::default();
                let paragraphs = html::paragraphs(&html, &mut room);
                if room.is_short() {
                    let item = format!("some styles of old note {}", note.id.unwrap_or_default());
                    skipped.push(Skipped::part(item, "they would take too much memory"));
                }
                Body::Text(paragraphs)
            }
            Ok(None) => Body::Missing { why: "the backup has no text of it, only its row".to_owned(), expected: false },
            Err(error) => {
                skipped.push(Skipped::part(format!("the text of old note {}", note.id.unwrap_or_default()), &error));
                Body::Missing { why: format!("it cannot be read: {error}"), expected: true }
            }
        };
        Some(note)
    }

    fn text(&self, body: Option<i64>) -> rusqlite::Result<Option<String>> {
        let Some(body) = body.filter(|_| self.schema.has_column("ZNOTEBODY", "ZCONTENT")) else { return Ok(None) };
        let mut statement = self.connection.prepare_cached("SELECT ZCONTENT FROM ZNOTEBODY WHERE ROWID = ?1")?;
        let mut rows = statement.query([body])?;
        Ok(rows.next()?.and_then(|row| crate::database::text(row, 0)))
    }

    fn read(&mut self, source: &dyn Source, skipped: &mut Vec<Skipped>) {
        let mut failed = |what: &str, error: rusqlite::Result<()>| {
            skipped.extend(error.err().map(|error| Skipped::part(format!("{what} of {NOTES_SQLITE}"), error)));
        };
        let (mut accounts, mut stores, mut attachments) = (HashMap::new(), HashMap::new(), HashMap::new());
        let (connection, schema) = (&self.connection, &self.schema);
        let read = each_of_table(connection, schema, "ZACCOUNT", &mut |id, row: Row<'_, AccountRow>| {
            accounts.extend(id.zip(row.name(AccountRow::Name)));
        });
        failed("some accounts", read);
        let read = each_of_table(connection, schema, "ZSTORE", &mut |id, row: Row<'_, StoreRow>| {
            let account = row.integer(StoreRow::Account).and_then(|account| accounts.get(&account).cloned());
            // Lists call the folder of the device itself so.
            let name = row.name(StoreRow::Name).map(|name| if name == OWN_STORE { "Notes".to_owned() } else { name });
            stores.extend(id.map(|id| (id, (name, account))));
        });
        failed("some folders", read);
        let mut attached = Vec::new();
        let read = each_of_table(connection, schema, "ZNOTEATTACHMENT", &mut |id, row: Row<'_, AttachmentRow>| {
            attached.extend(row.integer(AttachmentRow::Note).map(|note| (note, Attached::of(id, row))));
        });
        failed("some attachments", read);
        let files = Files::list(source, attached.iter().map(|(_, attached)| attached));
        for (note, attached) in attached {
            attachments.entry(note).or_insert_with(Vec::new).push(files.attachment(attached));
        }
        let notes = &mut self.notes;
        let read = each_of_table(connection, schema, "ZNOTE", &mut |id, row: Row<'_, Stored>| {
            if row.truth(Stored::IsBookkeeping) {
                return;
            }
            let store = row.integer(Stored::Store).and_then(|store| stores.get(&store));
            let (folder, account) = store.cloned().unwrap_or_default();
            let mut note = note(id.unwrap_or_default(), row);
            (note.folder, note.account) = (folder.into_iter().collect(), account);
            note.attachments = id.and_then(|id| attachments.remove(&id)).unwrap_or_default();
            notes.push((note, row.integer(Stored::Body)));
        });
        failed("some rows", read);
    }
}

fn note(id: i64, row: Row<'_, Stored>) -> Note {
    let moment = |column| {
        let moment = AppleTime::from_seconds(row.real(column).filter(|seconds| *seconds != 0.0)?)?;
        Some(moment).filter(|moment| moment.timestamp().is_some())
    };
    Note {
        id: Some(id),
        identifier: row.name(Stored::Identifier),
        account: None,
        folder: Vec::new(),
        title: row.name(Stored::Title),
        snippet: row.name(Stored::Summary),
        created: moment(Stored::Created),
        modified: moment(Stored::Modified),
        pinned: false,
        state: if row.truth(Stored::IsDeleted) { State::Removed } else { State::Kept },
        lock: None,
        body: Body::Text(Vec::new()),
        tags: Vec::new(),
        mentions: Vec::new(),
        shared_with: Vec::new(),
        attachments: Vec::new(),
        page: page(&format!("old note {id}")),
        odd: Vec::new(),
    }
}

/// What a row says of something that is attached.
struct Attached {
    id: Option<i64>,
    /// What the text calls it.
    content: Option<String>,
    name: Option<String>,
    mime: Option<String>,
}

impl Attached {
    fn of(id: Option<i64>, row: Row<'_, AttachmentRow>) -> Self {
        let text = |column| row.name(column);
        let (content, name, mime) =
            (text(AttachmentRow::Content), text(AttachmentRow::FileName), text(AttachmentRow::Type));
        Self { id, content, name, mime }
    }
}

/// The files beside the store, by their names, and how many rows have each name.
struct Files {
    files: HashMap<String, Vec<Entry>>,
    rows: HashMap<String, usize>,
}

impl Files {
    fn list<'a>(source: &dyn Source, attached: impl Iterator<Item = &'a Attached>) -> Self {
        let (mut files, mut rows): (HashMap<_, Vec<_>>, HashMap<_, _>) = Default::default();
        let entries = source.entries(super::LEGACY.0, "Library/Notes").unwrap_or_default();
        for entry in entries.into_iter().filter(|entry| entry.kind == EntryKind::File) {
            let name = entry.path.rsplit('/').next().unwrap_or_default().to_owned();
            files.entry(name).or_default().push(entry);
        }
        for name in attached.filter_map(|attached| attached.name.as_ref()) {
            *rows.entry(name.clone()).or_default() += 1;
        }
        Self { files, rows }
    }

    /// The file of a row. One of the same name may be that of another row: only its place tells them apart.
    fn find(&self, name: &str, content: Option<&str>) -> Result<&Entry, &'static str> {
        let found = self.files.get(name).map_or(&[][..], Vec::as_slice);
        let of_content = content.and_then(|content| {
            let content = content.split('@').next().filter(|content| !content.is_empty())?;
            let mut own = found.iter().filter(|entry| entry.path.split('/').any(|part| part.starts_with(content)));
            own.next().filter(|_| own.next().is_none())
        });
        match (of_content, found) {
            (Some(entry), _) => Ok(entry),
            (None, [entry]) if self.rows.get(name).is_none_or(|rows| *rows <= 1) => Ok(entry),
            (None, []) => Err("its file is not in the backup"),
            (None, _) => {
                Err("several attachments or files are called so, and the backup does not say which belong together")
            }
        }
    }

    fn attachment(&self, attached: Attached) -> Attachment {
        let Attached { id, content, name, mime } = attached;
        let found = name.as_deref().ok_or("it has no name by which its file could be found");
        let place = match found.and_then(|name| self.find(name, content.as_deref())) {
            Ok(entry) => match entry.presence {
                Presence::Present => Place::Stored(entry.clone()),
                Presence::Absent(why) => Place::Missing { why: why.to_string(), expected: why == Absence::Lost },
            },
            Err(why) => Place::Missing { why: why.to_owned(), expected: false },
        };
        let identifier = content.unwrap_or_else(|| format!("row {}", id.unwrap_or_default()));
        let is_picture = mime.as_ref().is_some_and(|kind| kind.starts_with("image/"));
        let kind = if is_picture { AttachmentKind::Image } else { AttachmentKind::File };
        let file = name.clone().unwrap_or_else(|| "a file without a name".to_owned());
        let files = vec![NoteFile { role: FileRole::Original, name: file, place, lock: None }];
        Attachment { id, uti: mime, title: name, files, ..Attachment::new(identifier, kind) }
    }
}
