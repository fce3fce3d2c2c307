//! The files, directories and links of a backup or of a plain folder.

use std::fs::File;

use corer::backup::bytes::Cursor;
use corer::backup::files::Files;
use corer::backup::manifest::{Record, RecordKind};
use corer::backup::{Backup, Content as Bytes};
use corer_schemas::{Absence, Entry, EntryKind, Opened, Presence, Skipped, Source, SourceError};

use crate::cli::input::content::Content;
use crate::cli::input::session::Session;

/// One entry.
pub struct Item<'s> {
    /// What it is.
    pub kind: EntryKind,
    origin: Origin<'s>,
}

enum Origin<'s> {
    /// A backup records it: nothing is built until it is asked for.
    Record(&'s Backup, Record<'s>),
    /// It lies in a folder.
    Entry(&'s Files, Box<Entry>),
}

/// The bytes of a file, and what is wrong with them if something is.
pub struct OpenedFile {
    /// The bytes.
    pub opened: Opened,
    /// Why they are not all that they should be. What is there can be read.
    pub damage: Option<String>,
}

/// Every entry, ordered by domain and path.
pub type Items<'s> = Box<dyn Iterator<Item = Item<'s>> + Send + 's>;

/// What could not be listed.
pub struct Unlisted {
    /// What, and why.
    pub skipped: Skipped,
    /// Its `Domain/path`, where that is known.
    pub name: Option<String>,
    /// Whether it is a folder, of which nothing is known that lies below it.
    pub is_folder: bool,
}

/// Lists everything, and what could not be listed.
pub fn all(session: &Session) -> (Items<'_>, Vec<Unlisted>) {
    match session.content() {
        Content::Backup(backup) => (of_backup(backup), problems(backup)),
        Content::Files(files) => of_files(files),
    }
}

fn of_backup(backup: &Backup) -> Items<'_> {
    Box::new(backup.catalog().records().filter_map(|record| match record.kind() {
        RecordKind::Entry(kind) => Some(Item { kind, origin: Origin::Record(backup, record) }),
        RecordKind::Placeholder => None,
    }))
}

/// The rows of the manifest that could not be read.
fn problems(backup: &Backup) -> Vec<Unlisted> {
    let catalog = backup.catalog();
    let lost = |(name, skipped): (Option<&str>, &Skipped)| Unlisted {
        skipped: skipped.clone(),
        name: name.map(str::to_owned),
        is_folder: false,
    };
    let unread = backup.unread().iter().map(|unread| (None, unread));
    let mut problems: Vec<Unlisted> = unread.chain(catalog.named_problems()).map(lost).collect();
    if catalog.more_problems() > 0 {
        let skipped = Skipped::new("the manifest", format!("{} more bad records", catalog.more_problems()));
        problems.push(Unlisted { skipped, name: None, is_folder: false });
    }
    problems
}

fn of_files(files: &Files) -> (Items<'_>, Vec<Unlisted>) {
    let lost = |skipped| Unlisted { skipped, name: None, is_folder: false };
    let mut problems: Vec<Unlisted> = files.left_out().into_iter().map(lost).collect();
    let mut entries = Vec::new();
    for domain in files.domains() {
        let (found, unread) = files.all(&domain);
        entries.extend(found);
        problems.extend(unread.into_iter().map(|skipped| Unlisted {
            name: Some(skipped.item.clone()),
            skipped,
            is_folder: true,
        }));
    }
    let items =
        entries.into_iter().map(|entry| Item { kind: entry.kind, origin: Origin::Entry(files, Box::new(entry)) });
    (Box::new(items), problems)
}

impl Item<'_> {
    /// The domain.
    pub fn domain(&self) -> &str {
        match &self.origin {
            Origin::Record(_, record) => record.domain(),
            Origin::Entry(_, entry) => &entry.domain,
        }
    }

    /// The path below the domain.
    pub fn path(&self) -> &str {
        match &self.origin {
            Origin::Record(_, record) => record.path(),
            Origin::Entry(_, entry) => &entry.path,
        }
    }

    /// Writes `Domain/path`, or the domain alone for its root, into `name`.
    pub fn write_name(&self, name: &mut String) {
        name.clear();
        name.push_str(self.domain());
        if !self.path().is_empty() {
            name.push('/');
            name.push_str(self.path());
        }
    }

    /// The recorded size in bytes.
    pub fn size(&self) -> Option<u64> {
        match &self.origin {
            Origin::Record(_, record) => record.facts().size,
            Origin::Entry(_, entry) => entry.size_hint,
        }
    }

    /// Last modification, in seconds since 1970.
    pub fn modified(&self) -> Option<i64> {
        match &self.origin {
            Origin::Record(_, record) => record.facts().modified,
            Origin::Entry(_, entry) => entry.modified,
        }
    }

    /// Creation, in seconds since 1970.
    pub fn created(&self) -> Option<i64> {
        match &self.origin {
            Origin::Record(_, record) => record.facts().created,
            Origin::Entry(_, entry) => entry.created,
        }
    }

    /// The recorded mode as of `stat`.
    pub fn mode(&self) -> Option<u32> {
        match &self.origin {
            Origin::Record(_, record) => record.facts().mode,
            Origin::Entry(..) => None,
        }
    }

    /// The name of the payload in the backup.
    pub fn file_id(&self) -> Option<String> {
        match &self.origin {
            Origin::Record(_, record) => Some(record.file_id().to_string()),
            Origin::Entry(..) => None,
        }
    }

    /// Where a link points to, on the device. Costs another look into the manifest.
    pub fn target(&self) -> Option<String> {
        match &self.origin {
            Origin::Record(backup, record) => backup.details(*record).ok()?.target,
            Origin::Entry(..) => None,
        }
    }

    /// Why the bytes of a file are not there; `None` when they are. Costs a look at the disk.
    pub fn absence(&self) -> Option<Absence> {
        match &self.origin {
            Origin::Record(backup, record) => {
                let facts = record.facts();
                let payloads = backup.payloads();
                let is_there = payloads.size_of(facts.file_id).is_some() || payloads.is_closed(facts.file_id);
                (!is_there).then(|| if facts.is_dataless() { Absence::InCloud } else { Absence::Lost })
            }
            Origin::Entry(_, entry) => match entry.presence {
                Presence::Present => None,
                Presence::Absent(why) => Some(why),
            },
        }
    }

    /// Opens a file.
    ///
    /// # Errors
    /// When its bytes are not there or cannot be read.
    pub fn open(&self) -> Result<OpenedFile, SourceError> {
        match &self.origin {
            Origin::Record(backup, record) => taken(backup, *record),
            Origin::Entry(files, entry) => Ok(OpenedFile { opened: files.open(entry)?, damage: None }),
        }
    }
}

fn taken(backup: &Backup, record: Record<'_>) -> Result<OpenedFile, SourceError> {
    let content = backup.content(record)?;
    let damage = backup.damage_of(record, &content);
    let Bytes { bytes, .. } = content;
    let plain = bytes.plain_file().map(File::try_clone).transpose();
    let plain = plain.map_err(|error| SourceError::unreadable(record.name(), error))?;
    Ok(OpenedFile { opened: Opened { plain, len: Some(bytes.size()), reader: Box::new(Cursor::new(bytes)) }, damage })
}
