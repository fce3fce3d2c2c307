//! What is in a note beside text: tables, pictures, links, files.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rusqlite::types::ValueRef;
use serde_json::Value;

use super::super::body;
use super::super::lock::{Columns, NotePasswords, Opening};
use super::super::model::{Attachment, AttachmentKind, FileRole, NoteFile, Paragraph, Place, Table};
use super::super::table;
use super::files::note_file;
use super::types::kind_of;
use super::{OBJECTS, Store};
use crate::database::{Row, columns, quoted, real};
use crate::skipped::Skipped;

columns! {
    /// What is wanted of an attachment.
    pub(super) enum Stored {
        Identifier = "ZIDENTIFIER",
        Type = "ZTYPEUTI",
        Title = "ZTITLE",
        UserTitle = "ZUSERTITLE",
        AltText = "ZALTTEXT",
        Token = "ZTOKENCONTENTIDENTIFIER",
        Url = "ZURLSTRING",
        Summary = "ZSUMMARY",
        Recognised = "ZOCRSUMMARY",
        Handwriting = "ZHANDWRITINGSUMMARY",
        Indexed = "ZADDITIONALINDEXABLETEXT",
        Media = "ZMEDIA",
        Mergeable = "ZMERGEABLEDATA",
        Duration = "ZDURATION",
        Location = "ZLOCATION",
        PictureGeneration = "ZFALLBACKIMAGEGENERATION",
        DocumentGeneration = "ZFALLBACKPDFGENERATION",
        IsInCloud = "ZNEEDSTOBEFETCHEDFROMCLOUD",
        Encrypted = "ZENCRYPTEDVALUESJSON",
        Rounds = "ZCRYPTOITERATIONCOUNT",
        Salt = "ZCRYPTOSALT",
        Wrapped = "ZCRYPTOWRAPPEDKEY",
        Nonce = "ZCRYPTOINITIALIZATIONVECTOR",
        Tag = "ZCRYPTOTAG",
    }
}

/// More attachments than anybody puts into a note.
const MOST: usize = 5_000;
/// How much of what nobody knows is kept of a note, in bytes.
const MOST_RAW: usize = 4 << 20;
/// How large the tables of a note may become together, in bytes.
const MOST_TABLES: usize = 64 << 20;
/// What a cell of a table takes, in bytes.
const CELL: usize = size_of::<Vec<Paragraph>>();

/// Reads the attachments of notes.
pub(super) struct Attachments<'r> {
    pub store: &'r Store,
    pub passwords: &'r NotePasswords,
    pub skipped: &'r mut Vec<Skipped>,
    /// Whether the note is open.
    pub is_open: bool,
    /// How much the tables of the note may still take.
    pub tables_left: usize,
    /// How much may still be kept of what nobody knows.
    pub raw_left: usize,
}

impl<'r> Attachments<'r> {
    /// Reads those of one note.
    pub(super) fn new(
        store: &'r Store,
        passwords: &'r NotePasswords,
        skipped: &'r mut Vec<Skipped>,
        is_open: bool,
    ) -> Self {
        Self { store, passwords, skipped, is_open, tables_left: MOST_TABLES, raw_left: MOST_RAW }
    }
}

/// What a locked attachment says once it is open.
#[derive(Default)]
struct Unsealed {
    title: Option<String>,
    url: Option<String>,
    summary: Option<String>,
    mergeable: Option<Vec<u8>>,
}

impl Attachments<'_> {
    /// All attachments of a note: those in its text, and behind each those that are in it.
    pub(super) fn of_note(&mut self, note: i64, is_locked: bool) -> Vec<Attachment> {
        let index = &self.store.index;
        let own = index.attachments.get(&note).map_or(&[][..], Vec::as_slice);
        let inner: HashSet<i64> = own.iter().filter_map(|id| index.children.get(id)).flatten().copied().collect();
        // What is in others comes with those; those that lie in each other come last.
        let (outer, rest): (Vec<i64>, Vec<i64>) = own.iter().partition(|id| !inner.contains(id));
        let mut waiting = outer.into_iter().chain(rest);
        let mut inside: VecDeque<(i64, usize)> = VecDeque::new();
        let (mut seen, mut found, mut orders) = (HashSet::new(), Vec::<Attachment>::new(), Vec::new());
        while let Some((id, parent)) =
            inside.pop_front().map(|(id, parent)| (id, Some(parent))).or_else(|| waiting.next().map(|id| (id, None)))
        {
            if !seen.insert(id) {
                continue;
            }
            if found.len() >= MOST {
                self.skipped
                    .push(Skipped::part(format!("attachments of note {note} beyond {MOST}"), "there are too many"));
                break;
            }
            let Some((mut attachment, order)) = self.read(id, is_locked) else { continue };
            if let Some(outer) = parent.and_then(|parent| found.get_mut(parent)) {
                attachment.parent = Some(outer.identifier.clone());
                outer.children.push(attachment.identifier.clone());
            }
            inside.extend(index.children.get(&id).into_iter().flatten().map(|child| (*child, found.len())));
            found.push(attachment);
            orders.push(order);
        }
        for (attachment, order) in found.iter_mut().zip(orders) {
            let places: HashMap<String, usize> = order.into_iter().zip(0..).collect();
            attachment.children.sort_by_key(|child| places.get(child).copied().unwrap_or(usize::MAX));
        }
        found
    }

    /// Reads one, with the order in which it has others in it.
    fn read(&mut self, id: i64, is_locked: bool) -> Option<(Attachment, Vec<String>)> {
        let store = self.store;
        let mut faults = Vec::new();
        let (is_open, passwords) = (self.is_open, self.passwords);
        let read = store.attachment_query.with(&store.connection, id, |row: Row<'_, Stored>| {
            let sealed = row.blob(Stored::Encrypted).filter(|_| is_open && is_locked);
            let unsealed = sealed.map(|sealed| unseal(row, sealed, passwords)).transpose().unwrap_or_else(|why| {
                faults.push(why);
                None
            });
            let lock = if !is_locked {
                Sealing::None
            } else if is_open {
                Sealing::Open
            } else {
                Sealing::Closed
            };
            let (tables_left, raw_left) = (&mut self.tables_left, &mut self.raw_left);
            Reader { store, row, lock, faults: &mut faults, tables_left, raw_left }
                .attachment(id, unsealed.unwrap_or_default())
        });
        for why in faults {
            self.skipped.push(Skipped::part(format!("a part of attachment {id}"), why));
        }
        match read {
            Ok(found) => found,
            Err(error) => {
                self.skipped.push(Skipped::part(format!("attachment {id}"), error));
                None
            }
        }
    }
}

/// Whether what is attached is sealed with its note.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sealing {
    None,
    Open,
    Closed,
}

/// Reads one attachment.
struct Reader<'r, 'f> {
    store: &'r Store,
    row: Row<'r, Stored>,
    lock: Sealing,
    faults: &'f mut Vec<String>,
    tables_left: &'f mut usize,
    raw_left: &'f mut usize,
}

impl Reader<'_, '_> {
    fn attachment(&mut self, id: i64, unsealed: Unsealed) -> (Attachment, Vec<String>) {
        let row = self.row;
        let uti = row.name(Stored::Type);
        let media = row.integer(Stored::Media).and_then(|media| self.store.index.media.get(&media));
        let file_name = media.and_then(|media| media.file_name.as_deref());
        let kind = kind_of(uti.as_deref(), file_name);
        let identifier = row.name(Stored::Identifier).unwrap_or_else(|| format!("row {id}"));
        let mut attachment = Attachment { id: Some(id), uti, ..Attachment::new(identifier, kind) };
        attachment.title = unsealed.title.or(row.name(Stored::UserTitle)).or(row.name(Stored::Title));
        attachment.title = attachment.title.or(file_name.map(str::to_owned));
        attachment.text = row.name(Stored::AltText);
        attachment.target = unsealed.url.or(row.some_text(Stored::Url)).or(row.some_text(Stored::Token));
        let said = [Stored::Summary, Stored::Recognised, Stored::Handwriting, Stored::Indexed];
        let said = said.map(|column| row.some_text(column));
        attachment.recognised = unsealed.summary.or_else(|| said.into_iter().flatten().next());
        attachment.duration = row.real(Stored::Duration).filter(|seconds| *seconds > 0.0 && *seconds < 1e8);
        attachment.place = row.integer(Stored::Location).and_then(|location| self.place(location));
        let own = row.blob(Stored::Mergeable).filter(|_| self.lock == Sealing::None).map(<[u8]>::to_vec);
        let mergeable = unsealed.mergeable.or(own);
        let mut order = Vec::new();
        let unpacked = mergeable.map(|bytes| body::unpacked(&bytes, *self.tables_left));
        match (kind, unpacked) {
            (AttachmentKind::Table, Some(bytes)) => match bytes.and_then(|bytes| self.table(&bytes)) {
                Ok(table) => attachment.table = Some(table),
                Err(why) => self.faults.push(format!("its table cannot be read: {why}")),
            },
            (AttachmentKind::Scan | AttachmentKind::Audio | AttachmentKind::Unknown, Some(Ok(bytes))) => {
                order = table::members(&bytes).unwrap_or_default();
            }
            _ => {}
        }
        if kind == AttachmentKind::Unknown {
            attachment.raw = raw(self.store, id, self.raw_left).unwrap_or_default();
        }
        attachment.files = self.files(&attachment);
        (attachment, order)
    }

    /// A table, as long as all of the note do not take too much.
    fn table(&mut self, bytes: &[u8]) -> Result<Table, String> {
        *self.tables_left = self.tables_left.saturating_sub(bytes.len());
        let table = table::read(bytes)?;
        let cells = table.rows.first().map_or(0, Vec::len).saturating_mul(table.rows.len());
        *self.tables_left = self.tables_left.saturating_sub(cells.saturating_mul(CELL));
        Ok(table)
    }

    /// The files of an attachment: what was attached, and what it looks like where that alone shows it.
    fn files(&self, attachment: &Attachment) -> Vec<NoteFile> {
        let (index, files, row) = (&self.store.index, &self.store.files, self.row);
        let mut found = Vec::new();
        let media = row.integer(Stored::Media);
        if let Some(media) = media.and_then(|media| index.media.get(&media)) {
            let entry = files.find(FileRole::Original, &media.identifier, media.generation.as_deref());
            let name = media.file_name.as_deref();
            found.push(match entry {
                Some(entry) => note_file(FileRole::Original, entry, name),
                None => self.absent(name.unwrap_or("a file without a name")),
            });
        } else if media.is_some() {
            found.push(self.absent(attachment.title.as_deref().unwrap_or("a file")));
        }
        let drawn = [
            (FileRole::Picture, Stored::PictureGeneration, "drawing"),
            (FileRole::Document, Stored::DocumentGeneration, "pages"),
        ];
        for (role, generation, word) in drawn {
            if let Some(entry) = files.find(role, &attachment.identifier, row.name(generation).as_deref()) {
                let extension = entry.path.rsplit_once('.').map_or("", |(_, extension)| extension);
                found.push(note_file(role, entry, Some(&format!("{word}.{extension}"))));
            }
        }
        let shows = |file: &NoteFile| matches!(file.place, Place::Stored(_));
        let may_preview = !matches!(
            attachment.kind,
            AttachmentKind::Hashtag | AttachmentKind::Mention | AttachmentKind::NoteLink | AttachmentKind::Table
        );
        if may_preview && !found.iter().any(shows) {
            found.extend(self.preview(attachment));
        }
        if self.lock != Sealing::None {
            found.iter_mut().for_each(|file| {
                let why = match self.lock {
                    Sealing::Closed => "it is locked with its note",
                    _ => "its file is encrypted, and corer does not open files of locked notes",
                };
                file.place = Place::Missing { why: why.to_owned(), expected: false };
            });
        }
        found
    }

    /// The largest small picture.
    fn preview(&self, attachment: &Attachment) -> Option<NoteFile> {
        let previews = self.store.index.previews.get(&attachment.id?)?;
        let entries = previews.iter().filter_map(|preview| {
            self.store.files.find(FileRole::Preview, &preview.identifier, preview.generation.as_deref())
        });
        let largest = entries.max_by_key(|entry| (entry.size_hint, &entry.path))?;
        let extension = largest.path.rsplit_once('.').map_or("", |(_, extension)| extension);
        Some(note_file(FileRole::Preview, largest, Some(&format!("preview.{extension}"))))
    }

    /// A file that is not in the source.
    fn absent(&self, name: &str) -> NoteFile {
        let is_in_cloud = self.row.truth(Stored::IsInCloud);
        let why = if is_in_cloud { "only in iCloud, not in the backup" } else { "its file is not in the backup" };
        let place = Place::Missing { why: why.to_owned(), expected: false };
        NoteFile { role: FileRole::Original, name: name.to_owned(), place }
    }

    fn place(&self, location: i64) -> Option<(f64, f64)> {
        if !self.store.schema.has_column("ZICLOCATION", "ZLATITUDE") {
            return None;
        }
        let sql = "SELECT ZLATITUDE, ZLONGITUDE FROM ZICLOCATION WHERE ROWID = ?1";
        let mut statement = self.store.connection.prepare_cached(sql).ok()?;
        let mut rows = statement.query([location]).ok()?;
        let row = rows.next().ok()??;
        let (latitude, longitude) = (real(row, 0)?, real(row, 1)?);
        ((-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude)).then_some((latitude, longitude))
    }
}

/// Opens what a locked attachment says: a JSON object with `title`, `urlString`, `summary` and `mergeableData` (base64).
fn unseal(row: Row<'_, Stored>, sealed: &[u8], passwords: &NotePasswords) -> Result<Unsealed, String> {
    let bytes = |column| row.blob(column).unwrap_or_default().to_vec();
    let columns = Columns {
        salt: bytes(Stored::Salt),
        rounds: row.integer(Stored::Rounds).and_then(|rounds| u64::try_from(rounds).ok()).unwrap_or_default(),
        wrapped: bytes(Stored::Wrapped),
        nonce: bytes(Stored::Nonce),
        tag: bytes(Stored::Tag),
    };
    let plain = match columns.open(sealed, passwords).opening {
        Opening::Open(plain) => plain,
        Opening::Impossible(why) => return Err(why),
        Opening::NoPassword | Opening::Wrong => return Err("no password opens it".to_owned()),
    };
    let values: Value = serde_json::from_slice(&plain).map_err(|error| error.to_string())?;
    let text = |name: &str| values.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned);
    let mergeable = text("mergeableData").map(|data| STANDARD.decode(data).map_err(|error| error.to_string()));
    Ok(Unsealed {
        title: text("title"),
        url: text("urlString"),
        summary: text("summary"),
        mergeable: mergeable.transpose()?,
    })
}

/// All that is stored of a row.
fn raw(store: &Store, id: i64, left: &mut usize) -> Option<BTreeMap<String, String>> {
    let sql = format!("SELECT * FROM {} WHERE ROWID = ?1", quoted(OBJECTS));
    let mut statement = store.connection.prepare_cached(&sql).ok()?;
    let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let mut rows = statement.query([id]).ok()?;
    let row = rows.next().ok()??;
    let mut values = BTreeMap::new();
    for (number, name) in names.into_iter().enumerate() {
        let most = *left;
        let value = match row.get_ref(number).ok()? {
            ValueRef::Null => continue,
            ValueRef::Integer(number) => number.to_string(),
            ValueRef::Real(number) => number.to_string(),
            ValueRef::Text(bytes) => String::from_utf8_lossy(bytes.get(..most).unwrap_or(bytes)).into_owned(),
            ValueRef::Blob(bytes) => STANDARD.encode(bytes.get(..most).unwrap_or(bytes)),
        };
        *left = left.saturating_sub(name.len() + value.len());
        values.insert(name, value);
    }
    Some(values)
}
