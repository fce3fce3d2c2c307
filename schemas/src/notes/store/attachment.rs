//! One attachment: what its row says, the table that it is, and its files.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rusqlite::types::ValueRef;
use serde_json::Value;

use super::super::body;
use super::super::lock::{Columns, NotePasswords, Opening};
use super::super::model::{Attachment, AttachmentKind, FileRole, NoteFile, Paragraph, Place};
use super::super::room::Room;
use super::super::table;
use super::attachments::MOST_UNPACKED;
use super::files::note_file;
use super::types::kind_of;
use super::{OBJECTS, Store};
use crate::database::{Row, columns, quoted, real};
use crate::formats::protobuf::MAX_INPUT;

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
        Encrypted = "ZENCRYPTEDVALUESJSON",
        Rounds = "ZCRYPTOITERATIONCOUNT",
        Salt = "ZCRYPTOSALT",
        Wrapped = "ZCRYPTOWRAPPEDKEY",
        Nonce = "ZCRYPTOINITIALIZATIONVECTOR",
        Tag = "ZCRYPTOTAG",
    }
}

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
        if !is_table {
            return table::members(&unpacked).unwrap_or_default();
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
pub(super) fn unseal(row: Row<'_, Stored>, sealed: &[u8], passwords: &NotePasswords) -> Result<Unsealed, String> {
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
    let names: Vec<String> = statement.column_names().into_iter().map(str::to_owned).collect();
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
