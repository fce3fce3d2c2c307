//! The files beside the store, by the identifier of what they belong to.
//!
//! ```text
//! Accounts/ACCOUNT/Media/ID/NAME              Accounts/ACCOUNT/Media/ID/GENERATION/NAME (iOS 17 and later)
//!                  FallbackImages/ID.png      FallbackImages/ID/GENERATION/FallbackImage.png
//!                  FallbackPDFs/ID.pdf        FallbackPDFs/ID/GENERATION/FallbackPDF.pdf
//!                  Previews/ID-…-oriented.png Previews/ID-…/GENERATION/OrientedPreview.jpeg
//! ```
//!
//! Of locked notes, a file is called as its folder or ends in `.encrypted`. The folders of an account may also lie at the top. Whose a file is, is told by the name below these folders, whatever comes before.

use std::collections::HashMap;

use super::super::model::{FileRole, NoteFile, Place};
use crate::skipped::Skipped;
use crate::source::{Absence, Entry, EntryKind, Presence, Source};

/// The folders of files.
const FOLDERS: [(&str, FileRole); 4] = [
    ("Media", FileRole::Original),
    ("FallbackImages", FileRole::Picture),
    ("FallbackPDFs", FileRole::Document),
    ("Previews", FileRole::Preview),
];

/// What follows the name of a file that is encrypted.
pub(super) const ENCRYPTED: &str = ".encrypted";

/// What follows the name of a picture that is turned the right way up.
const TURNED: &str = "-oriented";

/// All files, by the identifier of what they belong to.
#[derive(Default)]
pub(super) struct MediaFiles(HashMap<(FileRole, String), Vec<Entry>>);

impl MediaFiles {
    /// Lists what lies beside the store.
    pub(super) fn list(source: &dyn Source, skipped: &mut Vec<Skipped>) -> Self {
        let mut own = Self::default();
        let entries = match source.entries(super::super::DATABASE.0, "") {
            Ok(entries) => entries,
            Err(error) => {
                skipped.push(Skipped::part("the files of notes", error));
                return own;
            }
        };
        for entry in entries.into_iter().filter(|entry| entry.kind == EntryKind::File) {
            if let Some((role, identifier)) = owner(&entry.path) {
                own.0.entry((role, identifier.to_ascii_uppercase())).or_default().push(entry);
            }
        }
        own
    }

    /// The file of an identifier: of several, the one of the generation, else one that is there, the last by its path.
    pub(super) fn find(&self, role: FileRole, identifier: &str, generation: Option<&str>) -> Option<&Entry> {
        let found = self.0.get(&(role, identifier.to_ascii_uppercase()))?;
        found.iter().max_by_key(|entry| {
            let is_generation = generation
                .is_some_and(|generation| entry.path.split('/').any(|part| part.eq_ignore_ascii_case(generation)));
            (is_generation, entry.presence == Presence::Present, entry.path.contains(TURNED), &entry.path)
        })
    }
}

/// What a file is and whose, by its path.
fn owner(path: &str) -> Option<(FileRole, &str)> {
    let parts: Vec<&str> = path.split('/').collect();
    let (at, role) = parts.iter().enumerate().find_map(|(at, part)| {
        let role = FOLDERS.iter().find(|(folder, _)| folder.eq_ignore_ascii_case(part))?.1;
        Some((at, role))
    })?;
    let name = parts.get(at + 1)?;
    // Of a folder, the name is the whole identifier; a file has a type behind it.
    let is_file = at + 2 == parts.len();
    let stem = if is_file { name.split_once('.').map_or(*name, |(stem, _)| stem) } else { name };
    Some((role, stem.strip_suffix(TURNED).unwrap_or(stem)))
}

/// A file of the source as a file of an attachment.
pub(super) fn note_file(role: FileRole, entry: &Entry, name: Option<&str>) -> NoteFile {
    let last = entry.path.rsplit('/').next().unwrap_or_default();
    let last = last.strip_suffix(ENCRYPTED).unwrap_or(last);
    let name = name.filter(|name| !name.is_empty()).unwrap_or(last).to_owned();
    let place = match entry.presence {
        Presence::Present => Place::Stored(entry.clone()),
        Presence::Absent(why) => Place::Missing { why: why.to_string(), expected: why == Absence::Lost },
    };
    NoteFile { role, name, place, lock: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whose_a_file_is_shows_its_path() {
        let cases = [
            ("Accounts/A/Media/ID1/photo.jpg", FileRole::Original, "ID1"),
            ("Accounts/A/Media/ID1/1_GEN/a.b.jpg", FileRole::Original, "ID1"),
            ("Accounts/A/FallbackImages/ID2.jpeg", FileRole::Picture, "ID2"),
            ("Accounts/A/FallbackImages/ID2/1_GEN/FallbackImage.png", FileRole::Picture, "ID2"),
            ("FallbackPDFs/ID3.pdf", FileRole::Document, "ID3"),
            ("Accounts/A/Previews/ID4-1-192x144-0-oriented.png", FileRole::Preview, "ID4-1-192x144-0"),
            ("Previews/ID4-1-384x384-0.png", FileRole::Preview, "ID4-1-384x384-0"),
        ];
        for (path, role, identifier) in cases {
            assert_eq!(owner(path), Some((role, identifier)), "{path}");
        }
        assert_eq!(owner("Accounts/A/other/ID"), None);
        assert_eq!(owner("Media"), None);
    }
}
