//! The files of messages: from what the database says to what the backup holds.
//!
//! `ZMEDIALOCALPATH` is the path below the app's folder of messages (`Media/<chat>/a/b/<name>.jpg`); backups have it below
//! `Message/`, some of it at the root of the group, and those from before app groups below `Library/` of the app. It and everything in it was chosen by others: it is
//! looked up and shown, never used as a path on a disk.

use super::account::Account;
use super::columns::MediaColumn;
use crate::database::Row;
use crate::messages::{Attachment, AttachmentContent, Sticker, StickerSource};
use crate::source::{Entry, Source, SourceError};

/// The file of a message, as the database has it.
pub(super) struct StoredMedia {
    pub(super) id: i64,
    pub(super) kind: i64,
    pub(super) path: Option<String>,
    pub(super) thumbnail: Option<String>,
    pub(super) mime: Option<String>,
    pub(super) size: Option<u64>,
    /// The name that the sender's file had.
    pub(super) name: Option<String>,
    /// Whether it has an address on the app's servers.
    pub(super) has_address: bool,
}

impl StoredMedia {
    /// Takes what a row says; `name`: that of a document.
    pub(super) fn read(id: i64, kind: i64, row: Row<'_, MediaColumn>, name: Option<String>) -> Self {
        Self {
            id,
            kind,
            path: row.some_text(MediaColumn::Path),
            thumbnail: row.some_text(MediaColumn::Thumbnail),
            mime: row.name(MediaColumn::Type).filter(|mime| mime.contains('/') && mime.len() < 128),
            size: row.integer(MediaColumn::Size).and_then(|size| u64::try_from(size).ok()).filter(|size| *size > 0),
            name,
            has_address: row.some_text(MediaColumn::Url).is_some(),
        }
    }

    /// Whether messages of a type are files.
    pub(super) fn is_file(kind: i64) -> bool {
        matches!(kind, 1..=3 | 8 | 11 | 15 | 38 | 39 | 53 | 54)
    }

    /// Looks the file up. Where it is not there, the small preview that the app keeps of it stands beside it.
    pub(super) fn resolve(self, source: &dyn Source, account: Account) -> Vec<Attachment> {
        let content = match self.path.as_deref() {
            Some(path) if is_encrypted(path) => AttachmentContent::Unknown(
                "the phone has it only as it was downloaded, encrypted by WhatsApp".to_owned(),
            ),
            Some(path) => find(source, account, path),
            None => AttachmentContent::Unknown(self.lacking().to_owned()),
        };
        let preview = matches!(
            content,
            AttachmentContent::Unknown(_) | AttachmentContent::File(Entry { presence: crate::Presence::Absent(_), .. })
        );
        let preview =
            self.thumbnail.as_deref().filter(|_| preview).and_then(|path| self.preview(source, account, path));
        let name = self.file_name();
        let sticker =
            (self.kind == 15).then(|| Box::new(Sticker { source: StickerSource::Unknown, pack: None, effect: None }));
        let mime = self.mime.or_else(|| mime_guess::from_path(&name).first_raw().map(str::to_owned));
        let file = Attachment { mime, size: self.size, sticker, ..Attachment::new(self.id, name, content) };
        std::iter::once(file).chain(preview).collect()
    }

    /// The picture of a map that stands for a place, where the backup has it.
    pub(super) fn map(self, source: &dyn Source, account: Account) -> Option<Attachment> {
        let mut map = self.preview(source, account, self.thumbnail.as_deref()?)?;
        map.name = "map.jpg".to_owned();
        map.is_hidden = true;
        Some(map)
    }

    fn preview(&self, source: &dyn Source, account: Account, path: &str) -> Option<Attachment> {
        let AttachmentContent::File(entry) = find(source, account, path) else { return None };
        let is_there = entry.presence == crate::Presence::Present;
        let name = self.file_name();
        let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
        let preview = Attachment {
            mime: Some("image/jpeg".to_owned()),
            ..Attachment::new(self.id, format!("{stem} (small preview).jpg"), AttachmentContent::File(entry))
        };
        is_there.then_some(preview)
    }

    fn file_name(&self) -> String {
        let file = self.path.as_deref().and_then(|path| path.rsplit('/').next());
        let names = [self.name.as_deref(), file];
        let name = names.into_iter().flatten().map(str::trim).find(|name| !name.is_empty());
        name.map_or_else(|| format!("{} {}", self.word(), self.id), str::to_owned)
    }

    fn word(&self) -> &'static str {
        match self.kind {
            1 | 38 => "picture",
            2 | 39 | 54 => "video",
            3 | 53 => "sound",
            8 => "document",
            11 => "GIF",
            15 => "sticker",
            _ => "file",
        }
    }

    /// Why there is no file.
    fn lacking(&self) -> &'static str {
        match (self.kind, self.has_address) {
            (38 | 39 | 53, _) => "WhatsApp's database names no file of it: it was meant to be opened once",
            (_, true) => {
                "WhatsApp's database names no file of it on the phone, only its address on WhatsApp's servers: it may never have been downloaded"
            }
            (_, false) => "WhatsApp's database names no file of it",
        }
    }
}

/// Whether a file is kept as it was downloaded.
fn is_encrypted(path: &str) -> bool {
    path.rsplit('.').next().is_some_and(|ending| ending.eq_ignore_ascii_case("enc"))
}

/// Looks a path of the database up.
pub(super) fn find(source: &dyn Source, account: Account, path: &str) -> AttachmentContent {
    let path = path.trim_start_matches('/');
    let relative = path.strip_prefix("Message/").unwrap_or(path);
    if !is_sound(relative) {
        return AttachmentContent::Unknown(format!("{path:?} leads out of WhatsApp's folder"));
    }
    for (domain, folder) in account.media() {
        match source.entry(domain, &format!("{folder}{relative}")) {
            Ok(entry) => return AttachmentContent::File(entry),
            Err(SourceError::Missing { .. }) => {}
            Err(error) => return AttachmentContent::Unknown(error.to_string()),
        }
    }
    AttachmentContent::Unknown("it is not in this backup, though WhatsApp's database names it".to_owned())
}

/// Whether a path stays where it begins.
pub(super) fn is_sound(path: &str) -> bool {
    path.split('/').all(|segment| !matches!(segment, "" | "." | "..") && !segment.contains('\0'))
}
