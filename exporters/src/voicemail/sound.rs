//! The sounds: copied as they are, and beside that as browsers play them.

use std::io::{self, Cursor, Read};

use corer_schemas::voicemail::{Sound, Voicemail};
use corer_schemas::{Entry, Opened};
use jiff::tz::TimeZone;

use super::Context;
use super::labels::who;
use crate::clock::Moment;
use crate::convert::Content;
use crate::output::{CopyError, ExportError, SafePath, Tree, UniqueNames, Written, hex, split_extension};
use crate::sound::{LONGEST_FILE, Playability, deaf, look};
use crate::write::FileSource;

/// The folder of sounds.
const FOLDER: &str = "audio";

/// How much of a name is that of the caller, in characters.
const NAME_CHARS: usize = 60;

/// What became of a sound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SoundOutcome {
    /// It was saved.
    Saved {
        /// Where, from the folder of voicemail.
        path: SafePath,
        /// Its length in bytes.
        bytes: u64,
        /// Its SHA-256.
        sha256: Option<String>,
        /// The same as browsers play it, where they do not play the file itself.
        wav: Option<SafePath>,
        /// Whether browsers play the file itself.
        plays: bool,
        /// Why there is nothing that plays, or not all of it.
        unplayed: Option<String>,
    },
    /// It is there; nothing was saved.
    Present,
    /// It is not there.
    Missing {
        /// Why.
        why: String,
        /// Whether the backup should hold it.
        expected: bool,
    },
    /// It is there and cannot be read.
    Unreadable {
        /// Why.
        why: String,
    },
}

/// What became of the sounds of one voicemail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoundOutcomes {
    /// That of its sound.
    pub sound: SoundOutcome,
    /// Those of others beside it, in other types.
    pub others: Vec<SoundOutcome>,
}

impl SoundOutcomes {
    /// What becomes of sounds where nothing is saved.
    pub fn without_writing(voicemail: &Voicemail) -> Self {
        let (sound, others) = (
            SoundOutcome::without_writing(&voicemail.sound),
            voicemail.others.iter().map(SoundOutcome::without_writing),
        );
        Self { sound, others: others.collect() }
    }

    /// All of them.
    pub(super) fn all(&self) -> impl Iterator<Item = &SoundOutcome> {
        std::iter::once(&self.sound).chain(&self.others)
    }
}

impl SoundOutcome {
    fn without_writing(sound: &Sound) -> Self {
        match sound {
            Sound::Stored(_) => Self::Present,
            Sound::Missing { why, expected } => Self::Missing { why: why.clone(), expected: *expected },
        }
    }

    /// What a browser plays of it.
    pub(super) fn played(&self) -> Option<&SafePath> {
        match self {
            Self::Saved { path, plays: true, .. } => Some(path),
            Self::Saved { wav, .. } => wav.as_ref(),
            Self::Present | Self::Missing { .. } | Self::Unreadable { .. } => None,
        }
    }
}

/// Saves sounds under names that say when and from whom.
pub(super) struct SoundStore<'a> {
    files: &'a dyn FileSource,
    context: &'a Context,
    tree: &'a Tree,
    names: UniqueNames,
}

impl<'a> SoundStore<'a> {
    pub(super) fn new(files: &'a dyn FileSource, context: &'a Context, tree: &'a Tree) -> Self {
        let mut names = UniqueNames::new();
        files.taken_places().iter().for_each(|place| names.reserve(place));
        Self { files, context, tree, names }
    }

    /// Saves the sounds of a voicemail.
    pub(super) fn save(&mut self, voicemail: &Voicemail) -> Result<SoundOutcomes, ExportError> {
        let stem = stem(voicemail, &self.context.zone);
        let sound = self.one(&voicemail.sound, &stem)?;
        let others = voicemail.others.iter().map(|other| self.one(other, &stem)).collect::<Result<_, _>>()?;
        Ok(SoundOutcomes { sound, others })
    }

    fn one(&mut self, sound: &Sound, stem: &str) -> Result<SoundOutcome, ExportError> {
        let Sound::Stored(entry) = sound else { return Ok(SoundOutcome::without_writing(sound)) };
        let opened = match self.files.open(entry) {
            Ok(opened) => opened,
            Err(error) => return Ok(SoundOutcome::Unreadable { why: error.to_string() }),
        };
        match self.write(opened, entry, stem)? {
            Ok(outcome) => Ok(outcome),
            // An earlier run may have read all of it.
            Err(why) => match self.files.earlier(entry, &why) {
                Some(earlier) => {
                    Ok(self.write(earlier, entry, stem)?.unwrap_or_else(|why| SoundOutcome::Unreadable { why }))
                }
                None => Ok(SoundOutcome::Unreadable { why }),
            },
        }
    }

    /// Writes a sound where an earlier run placed it, else under a new name. Says why where it cannot be read to its end.
    fn write(
        &mut self,
        mut opened: Opened,
        entry: &Entry,
        stem: &str,
    ) -> Result<Result<SoundOutcome, String>, ExportError> {
        let bytes = match beginning(&mut opened) {
            Ok(bytes) => bytes,
            Err(error) => return Ok(Err(error.to_string())),
        };
        let extension = split_extension(&entry.path).1.to_ascii_lowercase();
        let kept = self.files.place_of(entry);
        let mut new = || self.names.fresh_in(&SafePath::new(FOLDER), &format!("{stem}{extension}"), &entry.path);
        let mut path = kept.clone().unwrap_or_else(&mut new);
        if kept.is_none() {
            // A name that a file of somebody else has is no name for this one.
            while self.tree.is_there(&self.context.base.then(&path))
                && !self.tree.is_own(&self.context.base.then(&path))
            {
                path = new();
            }
        }
        let mut file = self.tree.file(&self.context.base.then(&path), entry.modified)?.with_sha256();
        let written = match file.fill(opened) {
            Ok(()) => file.finish()?,
            Err(CopyError::Source(error)) => return Ok(Err(error.to_string())),
            Err(CopyError::Output(error)) => return Err(error.into()),
        };
        if !written.is_left_alone {
            self.files.note_placed(entry, &written.path);
        }
        self.with_copy(path, written, &bytes, entry.modified).map(Ok)
    }

    /// Puts beside a sound what plays of it.
    fn with_copy(
        &mut self,
        path: SafePath,
        written: Written,
        bytes: &[u8],
        modified: Option<i64>,
    ) -> Result<SoundOutcome, ExportError> {
        let is_film = Content::of(bytes).is_some_and(Content::is_movie);
        let deaf = if is_film { deaf(&mut Cursor::new(bytes)).ok().flatten() } else { None };
        let (mut wav, mut plays, mut unplayed) = (None, false, deaf);
        match look(bytes) {
            _ if unplayed.is_some() => {}
            _ if written.bytes > LONGEST_FILE => unplayed = Some(format!("it has more than {LONGEST_FILE} bytes")),
            Playability::Plays => plays = true,
            Playability::Unknown => unplayed = Some("it is not a sound that corer can play".to_owned()),
            Playability::Never(why) => unplayed = Some(why),
            Playability::Copy(sound) => {
                let stem = split_extension(path.as_str()).0;
                let name = format!("{}.{}", stem.rsplit('/').next().unwrap_or_default(), sound.extension());
                let played = self.names.fresh_in(&SafePath::new(FOLDER), &name, path.as_str());
                let place = self.context.base.then(&played);
                let mut file = self.tree.file(&place, modified)?;
                sound.write(&mut file).map_err(|error| self.tree.failed(&place, error))?;
                file.finish()?;
                (wav, unplayed) = (Some(played), sound.fault);
            }
        }
        // Of a file that somebody changed, nobody knows.
        let sha256 = written.sha256.as_ref().filter(|_| !written.is_left_alone).map(|sum| hex(sum));
        Ok(SoundOutcome::Saved { path, bytes: written.bytes, sha256, wav, plays, unplayed })
    }
}

/// The bytes of a sound, as far as they are looked at.
fn beginning(opened: &mut Opened) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    (&mut opened.reader).take(LONGEST_FILE + 1).read_to_end(&mut bytes)?;
    opened.reader.rewind()?;
    Ok(bytes)
}

/// `2019-03-04 14.05 Anna Kowalczyk`.
fn stem(voicemail: &Voicemail, zone: &TimeZone) -> String {
    let moment = voicemail.date.and_then(|date| Moment::new(date, zone));
    let when = moment.map_or_else(|| "undated".to_owned(), |moment| moment.short().replace(':', "."));
    let who: String = who(voicemail).chars().take(NAME_CHARS).collect();
    format!("{when} {}", who.trim())
}
