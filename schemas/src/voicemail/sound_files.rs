//! The files beside the database, by the number in their name.

use std::collections::BTreeMap;

use super::transcript;
use super::{DATABASE, FOLDER, Sound, Transcript};
use crate::skipped::Skipped;
use crate::source::{Entry, EntryKind, Presence, Source};

/// Sounds and transcripts that are still to be given to their rows.
#[derive(Default)]
pub(super) struct SoundFiles {
    sounds: BTreeMap<String, Vec<Entry>>,
    transcripts: BTreeMap<String, Entry>,
}

impl SoundFiles {
    /// Lists what lies beside the database.
    pub(super) fn list(source: &dyn Source, skipped: &mut Vec<Skipped>) -> Self {
        let mut own = Self::default();
        let entries = match source.entries(DATABASE.0, FOLDER) {
            Ok(entries) => entries,
            Err(error) => {
                skipped.push(Skipped::part("the sounds of voicemails", error));
                return own;
            }
        };
        for entry in entries.into_iter().filter(|entry| entry.kind == EntryKind::File) {
            let Some((stem, extension)) = name(&entry).rsplit_once('.') else { continue };
            let (stem, extension) = (stem.to_owned(), extension.to_ascii_lowercase());
            match extension.as_str() {
                "transcript" => _ = own.transcripts.insert(stem, entry),
                extension if is_sound(&stem, extension) => own.sounds.entry(stem).or_default().push(entry),
                _ => {}
            }
        }
        for entries in own.sounds.values_mut() {
            entries.sort_by_cached_key(|entry| (entry.presence != Presence::Present, rank(entry), entry.path.clone()));
        }
        own
    }

    /// The sound of a row, and others beside it in other types.
    pub(super) fn sounds(&mut self, stem: &str) -> (Sound, Vec<Sound>) {
        let mut sounds = self.sounds.remove(stem).unwrap_or_default().into_iter().map(Sound::of);
        let none =
            || Sound::Missing { why: "no sound was stored; it stayed with the carrier".to_owned(), expected: false };
        (sounds.next().unwrap_or_else(none), sounds.collect())
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
                skipped.push(Skipped::part(format!("transcript {}", name(&entry)), why));
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
        self.sounds.get(stem)?.first()?.modified
    }
}

/// Types of sound, those that devices write first.
const TYPES: [&str; 20] = [
    "amr", "awb", "m4a", "caf", "wav", "mp4", "m4b", "aac", "mp3", "3gp", "3gpp", "3g2", "mov", "qta", "aif", "aiff",
    "aifc", "ogg", "opus", "flac",
];

/// What a device keeps there beside sounds.
const OTHERS: [&str; 9] = ["db", "db-wal", "db-shm", "db-journal", "plist", "json", "part", "lock", "tmp"];

/// Whether a file is a sound: by its type, or else because it is called as a row is.
fn is_sound(stem: &str, extension: &str) -> bool {
    let is_number = !stem.is_empty() && stem.bytes().all(|byte| byte.is_ascii_digit());
    TYPES.contains(&extension) || is_number && !OTHERS.contains(&extension)
}

fn rank(entry: &Entry) -> usize {
    let extension = name(entry).rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    let rank = extension.and_then(|extension| TYPES.iter().position(|known| **known == extension));
    rank.unwrap_or(TYPES.len())
}

fn name(entry: &Entry) -> &str {
    entry.path.rsplit('/').next().unwrap_or_default()
}
