//! The reader: rows, sounds and words as one list, in the order of time.

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashSet};
use std::ops::ControlFlow;

use super::audio_files::{AudioFiles, stem, title_of_plan};
use super::filter::Filter;
use super::model::{Recording, State};
use super::store::{Store, name_of};
use super::{DATABASES, transcript};
use crate::records::{Reading, Records};
use crate::skipped::Skipped;
use crate::sound::Sound;
use crate::source::{Entry, Source, SourceError};
use crate::time::AppleTime;

/// The voice memos of a device.
pub struct Recordings<'s> {
    source: &'s dyn Source,
    stores: Vec<Store>,
    skipped: Vec<Skipped>,
    /// What the rows and the list of files say, once somebody asked for any of it.
    listed: OnceCell<Reading<Recording>>,
}

impl<'s> Recordings<'s> {
    /// Opens the databases, and looks for sounds where there is none.
    ///
    /// # Errors
    /// When there is neither a database nor a sound, or none that is there can be read.
    pub fn open(source: &'s dyn Source) -> Result<Self, SourceError> {
        let mut own = Self { source, stores: Vec::new(), skipped: Vec::new(), listed: OnceCell::new() };
        let mut first = None;
        for place in DATABASES {
            let error = match Store::open(source, place) {
                Ok(store) => {
                    own.stores.push(store);
                    continue;
                }
                Err(error) => error,
            };
            let is_missing = matches!(error, SourceError::Missing { .. });
            if !is_missing {
                own.skipped.push(match &error {
                    SourceError::Unreadable { why, .. } | SourceError::Foreign { why, .. } => {
                        Skipped::new(name_of(place), why)
                    }
                    error => Skipped::new(name_of(place), error),
                });
            }
            if matches!(first, None | Some(SourceError::Missing { .. })) && (first.is_none() || !is_missing) {
                first = Some(error);
            }
        }
        let is_other = source.is_one_database() && matches!(first, Some(SourceError::Foreign { .. }));
        match first {
            Some(error) if own.stores.is_empty() && (is_other || own.has_no_sound()) => Err(error),
            _ => Ok(own),
        }
    }

    fn has_no_sound(&self) -> bool {
        AudioFiles::list(self.source, &mut Vec::new()).rest().is_empty()
    }

    /// All of them without their words, ordered by time, those without a date first.
    fn listed(&self) -> &Reading<Recording> {
        self.listed.get_or_init(|| {
            let mut skipped = self.skipped.clone();
            let mut files = AudioFiles::list(self.source, &mut skipped);
            let mut records: Vec<Recording> = Vec::new();
            let mut seen = HashSet::new();
            for store in &self.stores {
                let mut marks = Vec::new();
                store.each(&mut skipped, &mut |recording| {
                    let own = own_marks(&recording);
                    // An older database may still have what has moved to a newer one.
                    if own.iter().any(|mark| seen.contains(mark)) {
                        return;
                    }
                    marks.extend(own);
                    records.push(with_files(recording, store.domain(), &mut files));
                });
                seen.extend(marks);
            }
            for entry in files.rest() {
                let name = entry.path.rsplit('/').next().unwrap_or_default().to_owned();
                let (others, plan) = files.parts(Some(&name));
                records.push(unlisted(entry, name, others, plan.is_some()));
            }
            records.sort_by(|a, b| (a.date, a.id, &a.file).cmp(&(b.date, b.id, &b.file)));
            Reading { records, skipped }
        })
    }

    /// The words of one, and its title where only the plan of an edit says it.
    fn complete(&self, recording: &mut Recording, skipped: &mut Vec<Skipped>) {
        let name = recording.file.clone().unwrap_or_else(|| "a voice memo".to_owned());
        if let Sound::Stored(entry) = &recording.sound {
            match transcript::read(self.source, entry) {
                Ok(transcript) => recording.transcript = transcript,
                Err(why) => skipped.push(Skipped::part(format!("the transcript of {name}"), why)),
            }
        }
        if recording.edited
            && recording.title.is_none()
            && let Some(plan) = self.plan(recording)
        {
            match title_of_plan(self.source, &plan) {
                Ok(title) => recording.title = title,
                Err(why) => skipped.push(Skipped::part(format!("the title of {name}"), why)),
            }
        }
    }

    /// The plan of an edit, which lies beside the sound.
    fn plan(&self, recording: &Recording) -> Option<Entry> {
        let own = |sound: &Sound| match sound {
            Sound::Stored(entry) => Some((entry.domain.clone(), entry.path.clone())),
            Sound::Missing { .. } => None,
        };
        let (domain, path) = own(&recording.sound)?;
        self.source.entry(&domain, &format!("{}.composition/manifest.plist", stem(&path))).ok()
    }
}

impl Records for Recordings<'_> {
    type Record = Recording;
    type Filter = Filter;

    /// Of a choice by words nobody knows before they are read.
    fn count(&self, filter: &Filter) -> Option<u64> {
        let may = || self.listed().records.iter().filter(|recording| filter.may_include(recording)).count() as u64;
        filter.words.is_empty().then(may)
    }

    /// In the order of time, those without a date first. Words are read one recording at a time.
    fn each(&self, filter: &Filter, each: &mut dyn FnMut(Recording) -> ControlFlow<()>) -> Vec<Skipped> {
        let listed = self.listed();
        let mut skipped = listed.skipped.clone();
        for recording in listed.records.iter().filter(|recording| filter.may_include(recording)) {
            let mut recording = recording.clone();
            self.complete(&mut recording, &mut skipped);
            if filter.includes_words(&recording) && each(recording).is_break() {
                break;
            }
        }
        skipped
    }

    /// Nobody is named.
    fn addresses(&self) -> BTreeSet<String> {
        BTreeSet::new()
    }
}

/// What tells that a row of an older database is the same recording.
fn own_marks(recording: &Recording) -> Vec<String> {
    let unique = recording.unique_id.as_ref().map(|unique| format!("id {unique}"));
    let file = recording.file.as_ref().map(|file| format!("file {file}"));
    unique.into_iter().chain(file).collect()
}

fn with_files(recording: Recording, domain: &str, files: &mut AudioFiles) -> Recording {
    let sound = files.sound(recording.file.as_deref(), domain);
    let (others, plan) = files.parts(recording.file.as_deref());
    Recording { sound, edited: plan.is_some(), others, ..recording }
}

/// A sound that no row speaks of.
fn unlisted(entry: Entry, name: String, others: Vec<Sound>, edited: bool) -> Recording {
    let date = entry.created.or(entry.modified).and_then(AppleTime::from_unix_seconds);
    Recording {
        id: None,
        unique_id: None,
        state: State::Unlisted,
        title: None,
        date: date.filter(|date| date.timestamp().is_some()),
        deleted: None,
        duration: None,
        folder: None,
        favorite: None,
        edited,
        file: Some(name),
        flags: None,
        transcript: None,
        sound: Sound::of(entry),
        others,
        odd: Vec::new(),
    }
}

#[cfg(test)]
mod tests;
