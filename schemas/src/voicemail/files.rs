//! The files beside the database, by the number in their name.

use std::collections::BTreeMap;

use super::transcript;
use super::{DATABASE, FOLDER, Sound, Transcript};
use crate::skipped::Skipped;
use crate::source::{Absence, Entry, EntryKind, Presence, Source};

/// Sounds and transcripts that are still to be given to their rows.
#[derive(Default)]
pub(super) struct Beside {
    sounds: BTreeMap<String, Entry>,
    transcripts: BTreeMap<String, Entry>,
}

impl Beside {
    /// Lists what lies beside the database.
    pub(super) fn list(source: &dyn Source, skipped: &mut Vec<Skipped>) -> Self {
        let mut own = Self::default();
        let entries = match source.entries(DATABASE.0, FOLDER) {
            Ok(entries) => entries,
            Err(error) => {
                skipped.push(Skipped::new("the sounds of voicemails", error));
                return own;
            }
        };
        for entry in entries.into_iter().filter(|entry| entry.kind == EntryKind::File) {
            let Some((stem, extension)) = name(&entry).rsplit_once('.') else { continue };
            let (stem, extension) = (stem.to_owned(), extension.to_ascii_lowercase());
            match extension.as_str() {
                "amr" | "m4a" | "caf" | "wav" => _ = own.sounds.insert(stem, entry),
                "transcript" => _ = own.transcripts.insert(stem, entry),
                _ => {}
            }
        }
        own
    }

    /// The sound of a row.
    pub(super) fn sound(&mut self, stem: &str) -> Sound {
        match self.sounds.remove(stem) {
            Some(entry) => match entry.presence {
                Presence::Present => Sound::Stored(entry),
                Presence::Absent(why) => Sound::Missing { why: why.to_string(), expected: why == Absence::Lost },
            },
            None => {
                Sound::Missing { why: "no sound was stored; it stayed with the carrier".to_owned(), expected: false }
            }
        }
    }

    /// The words of a row.
    pub(super) fn transcript(
        &mut self,
        source: &dyn Source,
        stem: &str,
        skipped: &mut Vec<Skipped>,
    ) -> Option<Transcript> {
        let entry = self.transcripts.remove(stem)?;
        match transcript::read(source, &entry) {
            Ok(transcript) => transcript,
            Err(why) => {
                skipped.push(Skipped::new(format!("transcript {}", name(&entry)), why));
                None
            }
        }
    }

    /// What no row has asked for, by name.
    pub(super) fn rest(&self) -> Vec<String> {
        let mut stems: Vec<String> = self.sounds.keys().chain(self.transcripts.keys()).cloned().collect();
        stems.sort();
        stems.dedup();
        stems
    }

    /// When the file of a sound was last changed, in seconds since 1970: about when it was left.
    pub(super) fn modified(&self, stem: &str) -> Option<i64> {
        self.sounds.get(stem)?.modified
    }
}

fn name(entry: &Entry) -> &str {
    entry.path.rsplit('/').next().unwrap_or_default()
}
