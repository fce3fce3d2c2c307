//! One note, with its text, its lock, and who sees it.

use std::collections::{HashMap, HashSet};

use super::super::body;
use super::super::identity::page;
use super::super::lock::{Columns, NotePasswords, Opening, Tried};
use super::super::model::{Attachment, AttachmentKind, Body, Lock, Note, Paragraph, Scheme, State, Table};
use super::super::room::Room;
use super::Store;
use super::attachments::Attachments;
use super::index::{NoteRow, moment};
use crate::database::{Column as _, Row, columns};
use crate::formats::keyed_archive::Archive;
use crate::skipped::Skipped;

columns! {
    /// What is wanted of a note.
    pub(super) enum Stored {
        Identifier = "ZIDENTIFIER",
        Title = "ZTITLE",
        Snippet = "ZSNIPPET",
        WidgetSnippet = "ZWIDGETSNIPPET",
        Created = "ZCREATIONDATE",
        Modified = "ZMODIFICATIONDATE",
        IsPinned = "ZISPINNED",
        IsRemoved = "ZMARKEDFORDELETION",
        IsLocked = "ZISPASSWORDPROTECTED",
        IsInCloud = "ZNEEDSINITIALFETCHFROMCLOUD",
        Hint = "ZPASSWORDHINT",
        Rounds = "ZCRYPTOITERATIONCOUNT",
        Salt = "ZCRYPTOSALT",
        Wrapped = "ZCRYPTOWRAPPEDKEY",
        Nonce = "ZCRYPTOINITIALIZATIONVECTOR",
        Tag = "ZCRYPTOTAG",
        Unapplied = "ZUNAPPLIEDENCRYPTEDRECORD",
        UnappliedData = "ZUNAPPLIEDENCRYPTEDRECORDDATA",
    }

    /// What is wanted of a text.
    enum Text { Data = "ZDATA", Nonce = "ZCRYPTOINITIALIZATIONVECTOR", Tag = "ZCRYPTOTAG" }
}

/// Reads notes of a store.
pub(super) struct Reader<'r> {
    pub store: &'r Store,
    pub passwords: &'r NotePasswords,
    pub skipped: &'r mut Vec<Skipped>,
}

/// How a note is sealed, after its row and what was not taken in yet.
#[derive(Default)]
struct Seals {
    is_locked: bool,
    is_in_cloud: bool,
    hint: Option<String>,
    columns: Columns,
    unapplied: Option<Columns>,
}

impl Reader<'_> {
    /// Reads a note.
    ///
    /// # Errors
    /// When its row cannot be read.
    pub(super) fn note(&mut self, row: &NoteRow) -> Result<Note, String> {
        let store = self.store;
        let read = store
            .note_query
            .with(&store.connection, row.id, |stored: Row<'_, Stored>| (note(row, stored, store), seals(stored)));
        let found = read.map_err(|error| error.to_string())?;
        let (mut note, seals) = found.ok_or("its row is not there any more")?;
        note.shared_with = store.shares.of_note(store, row.id, row.folder, self.skipped);
        let mut room = Room::default();
        self.fill(&mut note, row.id, &seals, &mut room);
        let is_open = note.lock.as_ref().is_none_or(|lock| lock.is_open);
        let mut attachments = Attachments::new(store, self.passwords, self.skipped, is_open, &mut room);
        let (found, removed) = attachments.of_note(row.id, note.lock.is_some());
        note.attachments = found;
        leave_out(&mut note, &removed);
        if room.is_short() {
            let why = "they are damaged, or would take too much memory";
            self.skipped.push(Skipped::part(format!("some styles of note {}", row.id), why));
        }
        if is_open {
            note.tags = named(&note, AttachmentKind::Hashtag, '#');
            note.mentions = named(&note, AttachmentKind::Mention, '@');
        }
        Ok(note)
    }

    /// Reads the text of a note, and opens it.
    fn fill(&mut self, note: &mut Note, id: i64, seals: &Seals, room: &mut Room) {
        let missing = |why: String, expected| Body::Missing { why, expected };
        if seals.is_locked {
            note.lock = Some(Lock { scheme: Scheme::Unknown, hint: seals.hint.clone(), is_open: false });
        }
        let content = match self.content(id) {
            Ok(Some(content)) => content,
            Ok(None) if seals.is_in_cloud => {
                note.body = missing("its text is only in iCloud, not in the backup".to_owned(), false);
                return;
            }
            Ok(None) => {
                note.body = missing("the backup has no text of it, only its row".to_owned(), false);
                return;
            }
            Err(error) => {
                self.skipped.push(Skipped::part(format!("the text of note {id}"), &error));
                note.body = missing(format!("it cannot be read: {error}"), true);
                return;
            }
        };
        let (data, own) = content;
        let plain = if seals.is_locked {
            match self.open(&data, own, seals, note) {
                Ok(plain) => plain,
                Err(why) => {
                    note.body = missing(why, false);
                    return;
                }
            }
        } else {
            data
        };
        note.body = match body::packed(&plain, room) {
            Ok(paragraphs) => Body::Text(paragraphs),
            Err(why) => {
                self.skipped.push(Skipped::part(format!("the text of note {id}"), &why));
                missing(format!("it cannot be read: {why}"), true)
            }
        };
    }

    /// Opens what is locked. Says why where that cannot be.
    fn open(&mut self, data: &[u8], own: Columns, seals: &Seals, note: &mut Note) -> Result<Vec<u8>, String> {
        let pick = |own: Vec<u8>, row: &[u8]| if own.is_empty() { row.to_vec() } else { own };
        let columns = Columns {
            nonce: pick(own.nonce, &seals.columns.nonce),
            tag: pick(own.tag, &seals.columns.tag),
            ..seals.columns.clone()
        };
        let mut tried = columns.open(data, self.passwords);
        if let (Opening::Wrong | Opening::Impossible(_), Some(unapplied)) = (&tried.opening, &seals.unapplied) {
            // What came from iCloud and was not taken in yet may be what the text was sealed with.
            let again = unapplied.open(data, self.passwords);
            if matches!(again.opening, Opening::Open(_)) {
                tried = again;
            }
        }
        let Tried { scheme, hint, opening } = tried;
        let hint = hint.or_else(|| seals.hint.clone());
        note.lock = Some(Lock { scheme, hint, is_open: matches!(opening, Opening::Open(_)) });
        match opening {
            Opening::Open(plain) => Ok(plain),
            Opening::NoPassword => Err("it is locked, and the password of notes is needed".to_owned()),
            Opening::Wrong => {
                Err("it is locked, and none of the passwords that were tried is that of this note".to_owned())
            }
            Opening::Impossible(why) => Err(format!("it is locked: {why}")),
        }
    }

    /// The stored text of a note, and what it is sealed with. `None` where there is none.
    fn content(&self, id: i64) -> Result<Option<(Vec<u8>, Columns)>, rusqlite::Error> {
        let Some(text) = self.store.index.texts.get(&id) else { return Ok(None) };
        let columns = self.store.schema.columns("ZICNOTEDATA", "t", Text::NAMES);
        let sql = format!("SELECT {columns} FROM ZICNOTEDATA t WHERE t.ROWID = ?1");
        let mut statement = self.store.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([text])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let row = Row::<Text>::queried(row, 0);
        let bytes = |column| row.blob(column).unwrap_or_default().to_vec();
        let own = Columns { nonce: bytes(Text::Nonce), tag: bytes(Text::Tag), ..Columns::default() };
        Ok(row.blob(Text::Data).map(|data| (data.to_vec(), own)))
    }
}

/// A note without its text.
fn note(row: &NoteRow, stored: Row<'_, Stored>, store: &Store) -> Note {
    let place = store.index.folders.find(row.folder, row.account);
    let state = match (stored.truth(Stored::IsRemoved), place.is_in_trash) {
        (true, _) => State::Removed,
        (false, true) => State::RecentlyDeleted,
        (false, false) => State::Kept,
    };
    let (created, modified) = (stored.real(Stored::Created), stored.real(Stored::Modified));
    let odd = [("created", created, row.created), ("modified", modified, row.modified)];
    let odd = odd.into_iter().filter(|(_, stored, read)| read.is_none() && stored.is_some_and(|stored| stored != 0.0));
    Note {
        id: Some(row.id),
        identifier: stored.name(Stored::Identifier),
        account: place.account,
        folder: place.folder,
        title: stored.name(Stored::Title),
        snippet: stored.name(Stored::Snippet).or(stored.name(Stored::WidgetSnippet)),
        created: moment(created),
        modified: moment(modified),
        pinned: stored.truth(Stored::IsPinned),
        state,
        lock: None,
        body: Body::Text(Vec::new()),
        tags: Vec::new(),
        mentions: Vec::new(),
        shared_with: Vec::new(),
        attachments: Vec::new(),
        page: page(&format!("note {}", row.id)),
        odd: odd.map(|(name, stored, _)| format!("{name} {}", stored.unwrap_or_default())).collect(),
    }
}

fn seals(stored: Row<'_, Stored>) -> Seals {
    let bytes = |column| stored.blob(column).unwrap_or_default().to_vec();
    let rounds = stored.integer(Stored::Rounds).and_then(|rounds| u64::try_from(rounds).ok()).unwrap_or_default();
    let columns = Columns {
        salt: bytes(Stored::Salt),
        rounds,
        wrapped: bytes(Stored::Wrapped),
        nonce: bytes(Stored::Nonce),
        tag: bytes(Stored::Tag),
    };
    let unapplied = stored.blob(Stored::UnappliedData).or(stored.blob(Stored::Unapplied));
    Seals {
        is_locked: stored.truth(Stored::IsLocked),
        is_in_cloud: stored.truth(Stored::IsInCloud),
        hint: stored.name(Stored::Hint),
        columns,
        unapplied: unapplied.and_then(unapplied_columns),
    }
}

/// What a record from iCloud that was not taken in yet says of how the note is sealed: an archive, `ValueStore.RecordValues`.
fn unapplied_columns(bytes: &[u8]) -> Option<Columns> {
    let archive = Archive::new(bytes).ok()?;
    let store =
        archive.top("ValueStore").ok().flatten().or_else(|| archive.root().ok()?.field("ValueStore").ok()?)?;
    let values = store.field("RecordValues").ok()??;
    let data = |name: &str| values.get(name).ok().flatten().and_then(|value| value.data()).map(<[u8]>::to_vec);
    Some(Columns {
        salt: data("CryptoSalt")?,
        rounds: values.get("CryptoIterationCount").ok()??.integer().and_then(|rounds| u64::try_from(rounds).ok())?,
        wrapped: data("CryptoWrappedKey")?,
        nonce: data("CryptoInitializationVector").unwrap_or_default(),
        tag: data("CryptoTag").unwrap_or_default(),
    })
}

/// What stands in the text of a note and in the cells of its tables, with its place in the order of the text.
fn places(note: &Note) -> HashMap<&str, usize> {
    fn attached(paragraphs: &[Paragraph]) -> impl Iterator<Item = &str> {
        let spans = paragraphs.iter().flat_map(|paragraph| &paragraph.spans);
        spans.filter_map(|span| span.style.attachment.as_deref())
    }
    let tables = note.attachments.iter().filter_map(|own| Some((own.identifier.as_str(), own.table.as_ref()?)));
    let tables: HashMap<&str, &Table> = tables.collect();
    let mut places = HashMap::new();
    let mut place = |identifier| {
        let next = places.len();
        let is_new = !places.contains_key(identifier);
        places.entry(identifier).or_insert(next);
        is_new
    };
    for identifier in attached(note.paragraphs()) {
        if let Some(table) = tables.get(identifier).filter(|_| place(identifier)) {
            table.rows.iter().flatten().flat_map(|cell| attached(cell)).for_each(|inner| _ = place(inner));
        } else {
            place(identifier);
        }
    }
    places
}

/// Leaves out what was taken out of the note, with what was in that. What stands in the text was not.
fn leave_out(note: &mut Note, removed: &HashSet<String>) {
    if removed.is_empty() {
        return;
    }
    let places = places(note);
    let is_out = |own: &Attachment| removed.contains(&own.identifier) && !places.contains_key(own.identifier.as_str());
    let mut out: HashSet<String> =
        note.attachments.iter().filter(|own| is_out(own)).map(|own| own.identifier.clone()).collect();
    for own in &note.attachments {
        if own.parent.as_ref().is_some_and(|parent| out.contains(parent)) {
            out.insert(own.identifier.clone());
        }
    }
    note.attachments.retain(|own| !out.contains(&own.identifier));
    note.attachments.iter_mut().for_each(|own| own.children.retain(|child| !out.contains(child)));
}

/// What the attachments of a kind are called in the text, without their mark, each once and in the order of the text.
fn named(note: &Note, kind: AttachmentKind, mark: char) -> Vec<String> {
    let places = places(note);
    let place = |own: &&Attachment| places.get(own.identifier.as_str()).copied().unwrap_or(usize::MAX);
    let mut own: Vec<&Attachment> = note.attachments.iter().filter(|own| own.kind == kind).collect();
    own.sort_by_key(|own| (place(own), own.identifier.clone()));
    let (mut names, mut seen) = (Vec::new(), HashSet::new());
    for attachment in own {
        let name = attachment.text.as_ref().or(attachment.target.as_ref());
        let name = name.map(|name| name.trim().trim_start_matches(mark).to_owned()).filter(|name| !name.is_empty());
        names.extend(name.filter(|name| seen.insert(name.clone())));
    }
    names
}
