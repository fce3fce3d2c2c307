//! Which files of a backup somebody asked for: what is left belongs to no record that was read.

use std::collections::HashSet;
use std::hash::BuildHasher;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use corer_schemas::kind::Area;
use corer_schemas::{Database, Entry, EntryKind, Kind, Opened, Presence, Source, SourceError};

use super::content::Content;

/// The files of a backup, which remembers those that were asked for by name or opened.
pub struct AskedFiles {
    /// The files.
    pub content: Content,
    /// A hash of the domain and path of each that was asked for.
    asked: Mutex<HashSet<u64, foldhash::fast::RandomState>>,
    hasher: foldhash::fast::RandomState,
}

impl AskedFiles {
    /// Files of which none was asked for.
    pub fn new(content: Content) -> Self {
        Self { content, asked: Mutex::default(), hasher: foldhash::fast::RandomState::default() }
    }

    /// The files that ought to belong to a record of a kind, and that no reader has asked for, ordered by domain and path.
    ///
    /// # Errors
    /// When they cannot be listed.
    pub fn of_no_record(&self, kind: &Kind) -> Result<Vec<Entry>, SourceError> {
        let mut left = Vec::new();
        for area in kind.areas.iter().filter(|area| area.made_of_others.is_some()) {
            left.extend(self.left_in(area)?);
        }
        Ok(left)
    }

    fn left_in(&self, area: &Area) -> Result<Vec<Entry>, SourceError> {
        let mut entries = self.inner().entries(area.domain, area.path.trim_end_matches('/'))?;
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        entries.retain(|entry| {
            let is_there = entry.kind == EntryKind::File && entry.presence == Presence::Present;
            is_there && area.is_of_a_record(&entry.path) && !asked.contains(&self.hash(&entry.domain, &entry.path))
        });
        Ok(entries)
    }

    fn inner(&self) -> &dyn Source {
        match &self.content {
            Content::Backup(backup) => backup.as_ref(),
            Content::Files(files) => files.as_ref(),
        }
    }

    fn note(&self, domain: &str, path: &str) {
        let hash = self.hash(domain, path);
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).insert(hash);
    }

    fn hash(&self, domain: &str, path: &str) -> u64 {
        self.hasher.hash_one((domain, path))
    }
}

impl Source for AskedFiles {
    fn entries(&self, domain: &str, prefix: &str) -> Result<Vec<Entry>, SourceError> {
        self.inner().entries(domain, prefix)
    }

    fn entry(&self, domain: &str, path: &str) -> Result<Entry, SourceError> {
        self.note(domain, path);
        self.inner().entry(domain, path)
    }

    fn attributes(&self, entry: &Entry) -> Result<Vec<(String, Vec<u8>)>, SourceError> {
        self.inner().attributes(entry)
    }

    fn open(&self, entry: &Entry) -> Result<Opened, SourceError> {
        self.note(&entry.domain, &entry.path);
        self.inner().open(entry)
    }

    fn place(&self, entry: &Entry) -> Option<PathBuf> {
        self.inner().place(entry)
    }

    fn is_one_database(&self) -> bool {
        self.inner().is_one_database()
    }

    fn database(&self, domain: &str, path: &str) -> Result<Arc<dyn Database>, SourceError> {
        self.inner().database(domain, path)
    }
}
