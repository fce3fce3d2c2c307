//! One file from the backup into its place, or left where it is.

use corer_schemas::{Entry, Opened, Source, SourceError};

use crate::convert::Content;
use crate::output::{CopyError, ExportError, SafePath, Tree};

/// A file on its way.
pub(super) struct FileCopy<'c> {
    pub(super) entry: &'c Entry,
    /// As seen from the root of the tree.
    pub(super) path: SafePath,
    /// The time that it gets, in seconds since 1970.
    pub(super) modified: Option<i64>,
}

/// What an earlier run knew about a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EarlierContent {
    /// Nothing: its length and time tell whether it is there.
    Unknown,
    /// The device has not changed it since this many bytes were written, and what they are.
    Same(u64, ContentNote),
    /// The device has changed it: it is written again.
    Changed,
}

/// Whether an earlier run noted what a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ContentNote {
    /// It did not.
    Never,
    /// It holds this, or nothing that is known.
    At(Option<Content>),
}

/// A file that is in its place.
pub(super) struct Copied {
    pub(super) bytes: u64,
    /// Whether it was written now.
    pub(super) is_new: bool,
    /// What it holds, whatever it is called.
    pub(super) content: Option<Content>,
    /// What is wrong with it.
    pub(super) damage: Option<String>,
}

impl FileCopy<'_> {
    /// Puts the file into its place, unless it is there. The inner error says why it could not be read.
    pub(super) fn put(
        &self,
        source: &dyn Source,
        tree: &Tree,
        before: EarlierContent,
    ) -> Result<Result<Copied, String>, ExportError> {
        let is_there = |bytes: u64| tree.is_current(&self.path, bytes, self.modified);
        if let EarlierContent::Same(bytes, looked) = before
            && is_there(bytes)
        {
            // Nobody needs to look into the backup for it, but after a version that did not note what files hold.
            let content = match looked {
                ContentNote::At(content) => content,
                ContentNote::Never => source.open(self.entry).ok().and_then(|mut opened| content_of(&mut opened)),
            };
            return self.keep(source, tree, bytes, content);
        }
        let mut opened = match source.open(self.entry) {
            Ok(opened) => opened,
            Err(error) => return Ok(Err(why_not(error))),
        };
        let content = content_of(&mut opened);
        match opened.len {
            Some(bytes) if before != EarlierContent::Changed && is_there(bytes) => {
                self.keep(source, tree, bytes, content)
            }
            _ => match tree.copy(opened, &self.path, self.modified) {
                Ok(written) => Ok(Ok(self.copied(written.bytes, true, content))),
                Err(CopyError::Output(error)) => Err(error.into()),
                Err(CopyError::Source(error)) => Ok(Err(error.to_string())),
            },
        }
    }

    /// Leaves what is there. The list of checksums has it as if it had been written now.
    fn keep(
        &self,
        source: &dyn Source,
        tree: &Tree,
        bytes: u64,
        content: Option<Content>,
    ) -> Result<Result<Copied, String>, ExportError> {
        tree.keep(&self.path, source.place(self.entry).is_some())?;
        Ok(Ok(self.copied(bytes, false, content)))
    }

    /// Photos do not change while they are backed up: one that is shorter than its record was cut off.
    fn copied(&self, bytes: u64, is_new: bool, content: Option<Content>) -> Copied {
        let whole = self.entry.size_hint.filter(|size| bytes < *size);
        let damage = whole.map(|size| format!("the backup holds {bytes} of its {size} bytes"));
        Copied { bytes, is_new, content, damage }
    }
}

/// What a file holds. One that cannot be read says nothing here: copying it says why.
fn content_of(opened: &mut Opened) -> Option<Content> {
    Content::read(&mut *opened.reader).ok().flatten()
}

fn why_not(error: SourceError) -> String {
    match error {
        SourceError::Unreadable { why, .. } => why,
        SourceError::Absent { why, .. } => why.to_string(),
        other => other.to_string(),
    }
}
