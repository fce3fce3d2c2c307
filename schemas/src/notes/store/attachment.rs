//! One attachment: what its row says, the table that it is, and its files.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rusqlite::types::ValueRef;
use serde_json::Value;

use super::super::lock::NotePasswords;
use super::super::model::{Attachment, AttachmentKind, FileRole, NoteFile, Paragraph, Place};
use super::super::room::Room;
use super::super::{body, mergeable, table, transcript};
use super::files::{ENCRYPTED, note_file};
use super::types::kind_of;
use super::{OBJECTS, Store, locked};
use crate::database::{Row, columns, quoted, real};
use crate::formats::protobuf::MAX_INPUT;
use crate::source::Entry;

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
        IsRemoved = "ZMARKEDFORDELETION",
    }
}

/// How large what is packed in the attachments of a note may become together, in bytes.
pub(super) const MOST_UNPACKED: usize = 128 << 20;
/// What a cell of a table takes, in bytes.
const CELL: usize = size_of::<Vec<Paragraph>>();

/// What a locked attachment says once it is open.
#[derive(Default)]
pub(super) struct Unsealed {
    title: Option<String>,
    url: Option<String>,
    summary: Option<String>,
    mergeable: Option<Vec<u8>>,
}

/// Whether what is attached is sealed with its note.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sealing {
    None,
    Open,
    Closed,
}

/// An attachment as it was read.
pub(super) struct Found {
    pub attachment: Attachment,
    /// The order in which it has others in it, by their identifiers.
    pub order: Vec<String>,
    /// Whether it is marked as taken out of its note.
    pub is_removed: bool,
}

/// Reads one attachment.
pub(super) struct Reader<'r, 'f> {
    pub store: &'r Store,
    pub passwords: &'r NotePasswords,
    pub row: Row<'r, Stored>,
    pub lock: Sealing,
    pub faults: &'f mut Vec<String>,
    pub room: &'f mut Room,
    pub unpacked_left: &'f mut usize,
    pub raw_left: &'f mut usize,
}

impl Reader<'_, '_> {
    /// Reads it.
    pub(super) fn attachment(&mut self, id: i64, unsealed: Unsealed) -> Found {
        let row = self.row;
        let uti = row.name(Stored::Type);
        let media = self.media(id).and_then(|media| self.store.index.media.get(&media));
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
        let order = self.packed(&mut attachment, unsealed.mergeable);
        if kind == AttachmentKind::Unknown {
            attachment.raw = raw(self.store, id, self.raw_left).unwrap_or_default();
        }
        attachment.files = self.files(&attachment);
        Found { attachment, order, is_removed: row.truth(Stored::IsRemoved) }
    }

    /// Reads what is packed in those that have it: the table, or the order of what is in it.
    fn packed(&mut self, attachment: &mut Attachment, unsealed: Option<Vec<u8>>) -> Vec<String> {
        let is_table = attachment.kind == AttachmentKind::Table;
        if !is_table
            && !matches!(attachment.kind, AttachmentKind::Scan | AttachmentKind::Audio | AttachmentKind::Unknown)
        {
            return Vec::new();
        }
        let own = || self.row.blob(Stored::Mergeable).filter(|_| self.lock == Sealing::None).map(<[u8]>::to_vec);
        let Some(packed) = unsealed.or_else(own) else { return Vec::new() };
        let unpacked = match body::unpacked(&packed, MAX_INPUT.min(*self.unpacked_left)) {
            Ok(unpacked) => unpacked,
            Err(_) if *self.unpacked_left < MAX_INPUT => {
                let most = MOST_UNPACKED >> 20;
                self.faults.push(format!("what is packed in the attachments of its note is larger than {most} MB"));
                return Vec::new();
            }
            Err(why) if is_table => {
                self.faults.push(format!("its table cannot be read: {why}"));
                return Vec::new();
            }
            Err(_) => return Vec::new(),
        };
        *self.unpacked_left -= unpacked.len();
        if attachment.kind == AttachmentKind::Audio {
            match transcript::read(&unpacked) {
                Ok(words) => attachment.recognised = words.or(attachment.recognised.take()),
                Err(why) => self.faults.push(format!("what was said in it cannot be read: {why}")),
            }
        }
        if !is_table {
            return mergeable::members(&unpacked).unwrap_or_default();
        }
        match table::read(&unpacked, self.room) {
            Ok(read) => {
                let cells = read.table.rows.first().map_or(0, Vec::len).saturating_mul(read.table.rows.len());
                *self.unpacked_left = self.unpacked_left.saturating_sub(cells.saturating_mul(CELL));
                if read.lost > 0 {
                    self.faults.push(format!("{} of the cells of its table cannot be read", read.lost));
                }
                attachment.table = Some(read.table);
            }
            Err(why) => self.faults.push(format!("its table cannot be read: {why}")),
        }
        Vec::new()
    }

    /// The row of its file: the one that it names, else one that names it.
    fn media(&self, id: i64) -> Option<i64> {
        self.row.integer(Stored::Media).or_else(|| self.store.index.media_of.get(&id).copied())
    }

    /// The files of an attachment: what was attached, and what it looks like where that alone shows it.
    fn files(&mut self, attachment: &Attachment) -> Vec<NoteFile> {
        let (index, files, row) = (&self.store.index, &self.store.files, self.row);
        // Each with the row that has its key.
        let mut found: Vec<(i64, NoteFile)> = Vec::new();
        let media = self.media(attachment.id.unwrap_or_default());
        if let Some(media) = media.and_then(|media| index.media.get(&media)) {
            let entry = files.find(FileRole::Original, &media.identifier, media.generation.as_deref());
            let sealed = self.sealed_name(media.id);
            let name = sealed.as_deref().or(media.file_name.as_deref());
            let file = match entry {
                Some(entry) => note_file(FileRole::Original, entry, name),
                None => self.absent(name.unwrap_or("a file without a name")),
            };
            found.push((media.id, file));
        } else if media.is_some() {
            found.push((0, self.absent(attachment.title.as_deref().unwrap_or("a file"))));
        }
        let own = attachment.id.unwrap_or_default();
        let drawn = [
            (FileRole::Picture, Stored::PictureGeneration, "drawing"),
            (FileRole::Document, Stored::DocumentGeneration, "pages"),
        ];
        for (role, generation, word) in drawn {
            if let Some(entry) = files.find(role, &attachment.identifier, row.name(generation).as_deref()) {
                found.push((own, note_file(role, entry, Some(&format!("{word}.{}", extension(entry))))));
            }
        }
        let shows = |(_, file): &(i64, NoteFile)| matches!(file.place, Place::Stored(_));
        let may_preview = !matches!(
            attachment.kind,
            AttachmentKind::Hashtag | AttachmentKind::Mention | AttachmentKind::NoteLink | AttachmentKind::Table
        );
        if may_preview && !found.iter().any(shows) {
            found.extend(self.preview(attachment));
        }
        found.into_iter().map(|(row, file)| self.unlocked(row, file)).collect()
    }

    /// What the file of a locked note is called, once it is open.
    fn sealed_name(&mut self, media: i64) -> Option<String> {
        if self.lock != Sealing::Open {
            return None;
        }
        match locked::values(self.store, media, self.passwords) {
            Ok(values) => text_of(&values?, "filename"),
            Err(why) => {
                self.faults.push(format!("what its file is called: {why}"));
                None
            }
        }
    }

    /// A file with what opens it, where it is locked with its note.
    fn unlocked(&self, row: i64, file: NoteFile) -> NoteFile {
        if self.lock == Sealing::None || !matches!(file.place, Place::Stored(_)) {
            return file;
        }
        let why = match self.lock {
            Sealing::Closed => "it is locked with its note",
            _ => match locked::file_lock(self.store, row, file.role, self.passwords) {
                Some(lock) => return NoteFile { lock: Some(lock), ..file },
                None => "it is encrypted, and no password of its note opens it",
            },
        };
        NoteFile { place: Place::Missing { why: why.to_owned(), expected: false }, ..file }
    }

    /// The largest small picture, with its row.
    fn preview(&self, attachment: &Attachment) -> Option<(i64, NoteFile)> {
        let previews = self.store.index.previews.get(&attachment.id?)?;
        let entries = previews.iter().filter_map(|preview| {
            let generation = preview.generation.as_deref();
            Some((preview.id, self.store.files.find(FileRole::Preview, &preview.identifier, generation)?))
        });
        let (row, largest) = entries.max_by_key(|(_, entry)| (entry.size_hint, &entry.path))?;
        let name = format!("preview.{}", extension(largest));
        Some((row, note_file(FileRole::Preview, largest, Some(&name))))
    }

    /// A file that is not in the source.
    fn absent(&self, name: &str) -> NoteFile {
        let is_in_cloud = self.row.truth(Stored::IsInCloud);
        let why = if is_in_cloud { "only in iCloud, not in the backup" } else { "its file is not in the backup" };
        let place = Place::Missing { why: why.to_owned(), expected: false };
        NoteFile { role: FileRole::Original, name: name.to_owned(), place, lock: None }
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

impl Unsealed {
    /// Opens what a locked attachment says: a JSON object with `title`, `urlString`, `summary` and `mergeableData` (base64).
    ///
    /// # Errors
    /// Why it cannot be read, in words.
    pub(super) fn read(store: &Store, id: i64, passwords: &NotePasswords) -> Result<Self, String> {
        let Some(values) = locked::values(store, id, passwords)? else { return Ok(Self::default()) };
        let text = |name: &str| text_of(&values, name);
        let mergeable = text("mergeableData").map(|data| STANDARD.decode(data).map_err(|error| error.to_string()));
        Ok(Self {
            title: text("title"),
            url: text("urlString"),
            summary: text("summary"),
            mergeable: mergeable.transpose()?,
        })
    }
}

fn text_of(values: &Value, name: &str) -> Option<String> {
    values.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// What the name of a file ends in, without what says that it is encrypted.
fn extension(entry: &Entry) -> &str {
    let path = entry.path.strip_suffix(ENCRYPTED).unwrap_or(&entry.path);
    path.rsplit_once('.').map_or("", |(_, extension)| extension)
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
