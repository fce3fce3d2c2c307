//! A note as it is written: what is attached by its identifier, what became of the files, and what was written already.
//!
//! Each attachment is written once, however often the text and the cells of tables name it, and whatever lies in what: a short note that
//! names one large table in each of its letters would fill the disk otherwise.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use corer_schemas::notes::{Attachment, AttachmentKind, FileRole, Note};

use super::files::{FileOutcome, SavedFile};
use super::labels;
use crate::output::SafePath;

/// How deep what is in others is followed; what is deeper stands below the text.
pub(super) const DEEPEST: usize = 16;

/// Texts of tags, mentions and links that are as short as people make them stand wherever they are named, in bytes.
const SHORT: usize = 200;

/// A note, with what its text is written with.
pub(super) struct Content<'n> {
    pub note: &'n Note,
    attachments: HashMap<&'n str, &'n Attachment>,
    files: HashMap<&'n str, Vec<&'n SavedFile>>,
    written: RefCell<HashSet<&'n str>>,
    /// Those whose words were written.
    told: RefCell<HashSet<&'n str>>,
}

impl<'n> Content<'n> {
    pub(super) fn new(note: &'n Note, saved: &'n [SavedFile]) -> Self {
        let mut attachments = HashMap::new();
        for attachment in &note.attachments {
            attachments.entry(attachment.identifier.as_str()).or_insert(attachment);
        }
        let mut files: HashMap<_, Vec<_>> = HashMap::new();
        for file in saved {
            files.entry(file.of.as_str()).or_default().push(file);
        }
        files.values_mut().for_each(|files| files.sort_by_key(|file| file.role));
        Self { note, attachments, files, written: RefCell::default(), told: RefCell::default() }
    }

    /// The attachment of an identifier.
    pub(super) fn attachment(&self, identifier: &str) -> Option<&'n Attachment> {
        self.attachments.get(identifier).copied()
    }

    /// Whether one is to be written now; where not, it was before.
    pub(super) fn begin(&self, attachment: &'n Attachment) -> bool {
        let is_new = self.written.borrow_mut().insert(&attachment.identifier);
        is_new || (is_inline(attachment.kind) && attachment.text.as_ref().is_some_and(|text| text.len() <= SHORT))
    }

    /// What was said in one and in what is in it, where it was not written yet.
    pub(super) fn words(&self, attachment: &'n Attachment) -> Vec<&'n str> {
        let (mut waiting, mut words, mut told) = (vec![(attachment, 0)], Vec::new(), self.told.borrow_mut());
        while let Some((own, depth)) = waiting.pop() {
            if !told.insert(&own.identifier) {
                continue;
            }
            words.extend(own.recognised.as_deref().filter(|_| own.kind == AttachmentKind::Audio));
            let inner = own.children.iter().rev().filter(|_| depth < DEEPEST);
            waiting.extend(inner.filter_map(|child| Some((self.attachment(child)?, depth + 1))));
        }
        words
    }

    /// What is in one and was not written yet.
    pub(super) fn children<'c>(
        &'c self,
        attachment: &'n Attachment,
    ) -> impl Iterator<Item = &'n Attachment> + use<'c, 'n> {
        let children = attachment.children.iter().filter_map(|child| self.attachment(child));
        children.filter(|child| !self.written.borrow().contains(child.identifier.as_str()))
    }

    /// What the text did not name until now, tables first, which name others themselves; to be asked for one after the other.
    pub(super) fn rest<'c>(&'c self) -> impl Iterator<Item = &'n Attachment> + use<'c, 'n> {
        let (tables, others): (Vec<_>, Vec<_>) = self.note.attachments.iter().partition(|own| own.table.is_some());
        let all = tables.into_iter().chain(others);
        all.filter(|own| !self.written.borrow().contains(own.identifier.as_str()))
    }

    /// The files of an attachment that were saved, the best first. A small picture is none where there is another.
    pub(super) fn saved(&self, attachment: &Attachment) -> Vec<(FileRole, &'n SafePath)> {
        let saved = self.of(attachment).filter_map(|file| match &file.outcome {
            FileOutcome::Saved { path, .. } => Some((file.role, path)),
            _ => None,
        });
        let mut saved: Vec<_> = saved.collect();
        if saved.iter().any(|(role, _)| *role != FileRole::Preview) {
            saved.retain(|(role, _)| *role != FileRole::Preview);
        }
        saved
    }

    /// Whether the backup has a file of it that shows or plays it.
    pub(super) fn is_there(&self, attachment: &Attachment) -> bool {
        self.of(attachment).any(|file| is_there(file) && file.role != FileRole::Preview)
    }

    /// What is said where it is not all there; `is_shown` says whether anything else of it is shown.
    pub(super) fn gap(&self, attachment: &Attachment, is_shown: bool) -> Option<String> {
        if self.is_there(attachment) {
            return None;
        }
        let why =
            self.of(attachment).filter(|file| file.role != FileRole::Preview).find_map(|file| match &file.outcome {
                FileOutcome::Missing { why, .. } => Some(why.clone()),
                FileOutcome::Unreadable { why } => Some(format!("it cannot be read: {why}")),
                FileOutcome::Saved { .. } | FileOutcome::Present => None,
            });
        let has_preview = self.of(attachment).any(is_there);
        let needs_file = is_file(attachment.kind) && attachment.children.is_empty();
        match has_preview {
            true if why.is_some() || needs_file => Some(labels::only_preview(attachment, why.as_deref())),
            false if why.is_some() || !is_shown => Some(labels::placeholder(attachment, why.as_deref())),
            _ => None,
        }
    }

    fn of<'c>(&'c self, attachment: &Attachment) -> impl Iterator<Item = &'n SavedFile> + use<'c, 'n> {
        self.files.get(attachment.identifier.as_str()).into_iter().flatten().copied()
    }
}

fn is_there(file: &SavedFile) -> bool {
    matches!(file.outcome, FileOutcome::Saved { .. } | FileOutcome::Present)
}

/// Whether it is part of a line of text.
pub(super) fn is_inline(kind: AttachmentKind) -> bool {
    use AttachmentKind::{Calculation, Hashtag, Mention, NoteLink};
    matches!(kind, Hashtag | Mention | NoteLink | Calculation)
}

/// Whether a small picture of it does not stand for it.
fn is_file(kind: AttachmentKind) -> bool {
    use AttachmentKind::{Audio, Drawing, File, Image, Pdf, Scan, Unknown, Video};
    matches!(kind, Image | Drawing | Scan | Pdf | Audio | Video | File | Unknown)
}
