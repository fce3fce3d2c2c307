//! `notes.jsonl`: one JSON record a line, for programs. `docs/formats/notes.md` describes it.
//!
//! The first record is a header and the last a completion with counts, so that a file which was cut off shows. Between
//! them stand the notes, in the order of when they were made, each with all of its text and styles.

use std::io::{self, Write};

use corer_schemas::notes::{Attachment, Body, FileRole, Note, Paragraph, Participant, State, Table};
use jiff::tz::TimeZone;
use serde::Serialize;

use super::files::{FileOutcome, SavedFile};
use super::labels::scheme;
use super::totals::Totals;
use crate::clock::exact;
use crate::output::{ExportInfo, SafePath};
use crate::saved::{Kept, words};
use crate::write::jsonl;

/// The name of this layout. It changes only when something is taken away or changes its meaning.
const SCHEMA: &str = "corer/notes/1";

#[derive(Serialize)]
struct NoteRecord<'a> {
    id: Option<i64>,
    identifier: Option<&'a str>,
    account: Option<&'a str>,
    folder: &'a [String],
    title: Option<&'a str>,
    snippet: Option<&'a str>,
    created: Option<String>,
    modified: Option<String>,
    pinned: bool,
    state: &'static str,
    lock: Option<LockRecord<'a>>,
    /// Why there is no text.
    unread: Option<&'a str>,
    text: Option<String>,
    paragraphs: &'a [Paragraph],
    tags: &'a [String],
    mentions: &'a [String],
    shared_with: &'a [Participant],
    attachments: Vec<AttachmentRecord<'a>>,
    /// The file of the note, from the folder of notes.
    path: Option<&'a str>,
    odd: &'a [String],
}

#[derive(Serialize)]
struct LockRecord<'a> {
    scheme: &'static str,
    hint: Option<&'a str>,
    open: bool,
}

#[derive(Serialize)]
struct AttachmentRecord<'a> {
    id: Option<i64>,
    identifier: &'a str,
    uti: Option<&'a str>,
    kind: corer_schemas::notes::AttachmentKind,
    title: Option<&'a str>,
    text: Option<&'a str>,
    target: Option<&'a str>,
    recognised: Option<&'a str>,
    children: &'a [String],
    parent: Option<&'a str>,
    duration: Option<f64>,
    place: Option<(f64, f64)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    table: Option<&'a Table>,
    files: Vec<FileRecord<'a>>,
    #[serde(skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    raw: &'a std::collections::BTreeMap<String, String>,
}

#[derive(Serialize)]
struct FileRecord<'a> {
    role: FileRole,
    name: &'a str,
    status: &'static str,
    path: Option<&'a str>,
    size: Option<u64>,
    sha256: Option<&'a str>,
    reason: Option<&'a str>,
}

#[derive(Serialize)]
struct Whole<'a> {
    #[serde(flatten)]
    note: NoteRecord<'a>,
    #[serde(flatten)]
    remembered: words::Fields<NoteRecord<'a>>,
}

/// Writes the first record.
///
/// # Errors
/// Those of `to`.
pub(super) fn begin(to: &mut dyn Write, about: &ExportInfo) -> io::Result<()> {
    jsonl::header(to, SCHEMA, about, None)
}

/// Writes a note; `path` is where its file is.
///
/// # Errors
/// Those of `to`.
pub(super) fn note(
    to: &mut dyn Write,
    note: &Kept<Note>,
    files: &[SavedFile],
    path: Option<&SafePath>,
    zone: &TimeZone,
) -> io::Result<()> {
    let remembered = words::fields(note, zone, |earlier| record(earlier, files, None, zone));
    jsonl::record(to, "note", &Whole { note: record(note, files, path, zone), remembered })
}

/// Writes the last record.
///
/// # Errors
/// Those of `to`.
pub(super) fn end(to: &mut dyn Write, totals: &Totals) -> io::Result<()> {
    jsonl::completion(to, totals)
}

fn record<'a>(note: &'a Note, files: &'a [SavedFile], path: Option<&'a SafePath>, zone: &TimeZone) -> NoteRecord<'a> {
    let (unread, text) = match &note.body {
        Body::Text(_) => (None, Some(note.text())),
        Body::Missing { why, .. } => (Some(why.as_str()), None),
    };
    NoteRecord {
        id: note.id,
        identifier: note.identifier.as_deref(),
        account: note.account.as_deref(),
        folder: &note.folder,
        title: note.title.as_deref(),
        snippet: note.snippet.as_deref(),
        created: exact(note.created, zone),
        modified: exact(note.modified, zone),
        pinned: note.pinned,
        state: match note.state {
            State::Kept => "kept",
            State::RecentlyDeleted => "recently_deleted",
            State::Removed => "deleted",
        },
        lock: note.lock.as_ref().map(|lock| LockRecord {
            scheme: scheme(lock.scheme),
            hint: lock.hint.as_deref(),
            open: lock.is_open,
        }),
        unread,
        text,
        paragraphs: note.paragraphs(),
        tags: &note.tags,
        mentions: &note.mentions,
        shared_with: &note.shared_with,
        attachments: note.attachments.iter().map(|attachment| attached(attachment, files)).collect(),
        path: path.map(SafePath::as_str),
        odd: &note.odd,
    }
}

fn attached<'a>(attachment: &'a Attachment, files: &'a [SavedFile]) -> AttachmentRecord<'a> {
    let own = files.iter().filter(|file| file.of == attachment.identifier);
    AttachmentRecord {
        id: attachment.id,
        identifier: &attachment.identifier,
        uti: attachment.uti.as_deref(),
        kind: attachment.kind,
        title: attachment.title.as_deref(),
        text: attachment.text.as_deref(),
        target: attachment.target.as_deref(),
        recognised: attachment.recognised.as_deref(),
        children: &attachment.children,
        parent: attachment.parent.as_deref(),
        duration: attachment.duration,
        place: attachment.place,
        table: attachment.table.as_ref(),
        files: own.map(file).collect(),
        raw: &attachment.raw,
    }
}

fn file(file: &SavedFile) -> FileRecord<'_> {
    let record = |status| FileRecord {
        role: file.role,
        name: &file.name,
        status,
        path: None,
        size: None,
        sha256: None,
        reason: None,
    };
    match &file.outcome {
        FileOutcome::Saved { path, bytes, sha256 } => {
            FileRecord { path: Some(path.as_str()), size: Some(*bytes), sha256: sha256.as_deref(), ..record("saved") }
        }
        FileOutcome::Present => record("present"),
        FileOutcome::Missing { why, .. } => FileRecord { reason: Some(why), ..record("missing") },
        FileOutcome::Unreadable { why } => FileRecord { reason: Some(why), ..record("unreadable") },
    }
}
