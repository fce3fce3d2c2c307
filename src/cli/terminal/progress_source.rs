//! A source whose files count for the progress as they are read.

use std::path::PathBuf;
use std::sync::Arc;

use corer_schemas::{Database, Entry, Opened, Source, SourceError};

use crate::cli::terminal::progress::Progress;
use crate::cli::terminal::progress_reader::ProgressReader;

/// A source, and who is told.
pub struct ProgressSource<'s> {
    /// The source.
    pub inner: &'s dyn Source,
    /// Whether the output lets the system copy plain files by itself.
    pub is_by_kernel: bool,
    /// Who is told.
    pub progress: Arc<Progress>,
}

impl Source for ProgressSource<'_> {
    fn entries(&self, domain: &str, prefix: &str) -> Result<Vec<Entry>, SourceError> {
        self.inner.entries(domain, prefix)
    }

    fn entry(&self, domain: &str, path: &str) -> Result<Entry, SourceError> {
        self.inner.entry(domain, path)
    }

    fn attributes(&self, entry: &Entry) -> Result<Vec<(String, Vec<u8>)>, SourceError> {
        self.inner.attributes(entry)
    }

    fn open(&self, entry: &Entry) -> Result<Opened, SourceError> {
        Ok(ProgressReader::wrap(self.inner.open(entry)?, self.is_by_kernel, &self.progress))
    }

    fn database(&self, domain: &str, path: &str) -> Result<Arc<dyn Database>, SourceError> {
        self.inner.database(domain, path)
    }

    fn place(&self, entry: &Entry) -> Option<PathBuf> {
        self.inner.place(entry)
    }

    fn is_one_database(&self) -> bool {
        self.inner.is_one_database()
    }
}
