//! The files beside the databases: sounds by their name, and what an edit keeps.
//!
//! `20240131 101500-1A2B3C4D.m4a` (`.qta` since iOS 26) is a sound. `20240131 101500-1A2B3C4D.composition` beside it is there for
//! one that was edited: `manifest.plist` says how, and `fragments` has the parts.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use super::FOLDERS;
use crate::formats::plist;
use crate::skipped::Skipped;
use crate::sound::Sound;
use crate::source::{Entry, EntryKind, Source};

/// Types of sound that recorders write, and that can be imported.
const TYPES: [&str; 14] =
    ["m4a", "qta", "caf", "wav", "aac", "mp3", "mp4", "m4b", "mov", "3gp", "aif", "aiff", "aifc", "amr"];

/// Longer plans are none, in bytes.
const LONGEST_PLAN: u64 = 1 << 20;

/// Sounds and plans of edits that are still to be given to their rows.
#[derive(Default)]
pub(super) struct AudioFiles {
    /// By the name of the file, the newest folder first.
    sounds: BTreeMap<String, Vec<Entry>>,
    /// By the name of the file without its type.
    parts: BTreeMap<String, Vec<Entry>>,
    plans: BTreeMap<String, Entry>,
}

impl AudioFiles {
    /// Lists what lies beside the databases.
    pub(super) fn list(source: &dyn Source, skipped: &mut Vec<Skipped>) -> Self {
        let mut own = Self::default();
        for (domain, folder) in FOLDERS {
            match source.entries(domain, folder) {
                Ok(entries) => entries.into_iter().for_each(|entry| own.add(entry)),
                Err(error) => skipped.push(Skipped::part("the sounds of voice memos", error)),
            }
        }
        own
    }

    fn add(&mut self, entry: Entry) {
        if entry.kind != EntryKind::File {
            return;
        }
        let composition = entry.path.split('/').find_map(|name| name.strip_suffix(".composition")).map(str::to_owned);
        let name = entry.path.rsplit('/').next().unwrap_or_default().to_owned();
        match composition {
            Some(stem) if name == "manifest.plist" => _ = self.plans.insert(stem, entry),
            Some(stem) if is_sound(&name) => self.parts.entry(stem).or_default().push(entry),
            None if is_sound(&name) => self.sounds.entry(name).or_default().push(entry),
            _ => {}
        }
    }

    /// The sound of a row, whose file the database calls so and which lies in this domain, as a rule.
    pub(super) fn sound(&mut self, name: Option<&str>, domain: &str) -> Sound {
        let gone = |why: &str| Sound::Missing { why: why.to_owned(), expected: false };
        let Some(name) = name else { return gone("only in iCloud, not in the backup") };
        let Some(entries) = self.sounds.get_mut(name) else { return gone("not in the backup; it may be in iCloud") };
        let place = entries.iter().position(|entry| entry.domain == domain).unwrap_or_default();
        let entry = entries.remove(place);
        if entries.is_empty() {
            self.sounds.remove(name);
        }
        Sound::of(entry)
    }

    /// The parts that an edit left, and whether there was one.
    pub(super) fn parts(&mut self, name: Option<&str>) -> (Vec<Sound>, Option<Entry>) {
        let Some(stem) = name.map(stem) else { return (Vec::new(), None) };
        let parts = self.parts.remove(stem).unwrap_or_default();
        (parts.into_iter().map(Sound::of).collect(), self.plans.remove(stem))
    }

    /// The sounds that no row has asked for, by path; whatever of an edit has no sound is among them.
    pub(super) fn rest(&mut self) -> Vec<Entry> {
        let named: BTreeSet<String> = self.sounds.keys().map(|name| stem(name).to_owned()).collect();
        let parts = std::mem::take(&mut self.parts);
        let (kept, orphans): (BTreeMap<_, _>, BTreeMap<_, _>) =
            parts.into_iter().partition(|(stem, _)| named.contains(stem));
        self.parts = kept;
        let sounds = std::mem::take(&mut self.sounds).into_values().chain(orphans.into_values());
        sounds.flatten().collect()
    }
}

/// The title in the plan of an edit.
///
/// # Errors
/// Why it cannot be read, in words.
pub(super) fn title_of_plan(source: &dyn Source, plan: &Entry) -> Result<Option<String>, String> {
    let opened = source.open(plan).map_err(|error| error.to_string())?;
    let mut bytes = Vec::new();
    opened.reader.take(LONGEST_PLAN + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    if bytes.len() as u64 > LONGEST_PLAN {
        return Err("it is too long".to_owned());
    }
    let plan = plist::read(&bytes).map_err(|error| error.to_string())?;
    let title = plan.as_dictionary().and_then(|plan| plan.get("RCSavedRecordingTitle")?.as_str());
    Ok(title.map(str::to_owned).filter(|title| !title.trim().is_empty()))
}

/// The name of a file without its type.
pub(super) fn stem(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

fn is_sound(name: &str) -> bool {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    extension.is_some_and(|extension| TYPES.contains(&extension.as_str()))
}
