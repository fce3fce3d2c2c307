//! The sounds of records: copied as they are, and beside that as browsers play them.

use std::io::{self, Read};

use corer_schemas::sound::Sound;
use corer_schemas::{Entry, Opened};

use super::file_source::FileSource;
use crate::convert::Content;
use crate::output::report::{MissingItem, SkippedItem};
use crate::output::{CopyError, ExportError, KindReport, SafePath, Tree, UniqueNames, Written, hex, split_extension};
use crate::sound::{LONGEST_FILE, Playability, deaf, is_candidate, look};

/// The folder of sounds.
const FOLDER: &str = "audio";

/// How much of a file is read to see what it is, in bytes.
const HEAD: u64 = 64 << 10;

/// What became of a sound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SoundOutcome {
    /// It was saved.
    Saved {
        /// Where, from the folder of the kind.
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

/// What became of the sounds of one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoundOutcomes {
    /// That of its sound.
    pub sound: SoundOutcome,
    /// Those of others beside it.
    pub others: Vec<SoundOutcome>,
}

impl SoundOutcomes {
    /// What becomes of sounds where nothing is saved.
    pub fn without_writing(sound: &Sound, others: &[Sound]) -> Self {
        let others = others.iter().map(SoundOutcome::without_writing);
        Self { sound: SoundOutcome::without_writing(sound), others: others.collect() }
    }

    /// All of them.
    pub(crate) fn all(&self) -> impl Iterator<Item = &SoundOutcome> {
        std::iter::once(&self.sound).chain(&self.others)
    }

    /// Whether there is any sound.
    pub(crate) fn is_there(&self) -> bool {
        self.all().any(|outcome| matches!(outcome, SoundOutcome::Saved { .. } | SoundOutcome::Present))
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
    pub(crate) fn played(&self) -> Option<&SafePath> {
        match self {
            Self::Saved { path, plays: true, .. } => Some(path),
            Self::Saved { wav, .. } => wav.as_ref(),
            Self::Present | Self::Missing { .. } | Self::Unreadable { .. } => None,
        }
    }

    /// Notes in a report what of a sound, which is called so, is not there.
    pub(crate) fn tell(&self, item: String, report: &mut KindReport) {
        match self {
            Self::Missing { why, expected } => {
                report.missing.push(MissingItem { item, why: why.clone(), expected: *expected });
            }
            Self::Unreadable { why } => report.skipped.push(SkippedItem { item, why: why.clone() }),
            Self::Saved { wav: Some(_), unplayed: Some(why), .. } => {
                report.notes.push(format!("{item} does not play whole: {why}."));
            }
            Self::Saved { unplayed: Some(why), .. } => {
                report.notes.push(format!("{item} does not play in browsers: {why}."));
            }
            Self::Saved { .. } | Self::Present => {}
        }
    }
}

/// Saves sounds under names that say what they are.
pub(crate) struct SoundStore<'a> {
    files: &'a dyn FileSource,
    /// The folder of the kind.
    base: &'a SafePath,
    tree: &'a Tree,
    names: UniqueNames,
}

impl<'a> SoundStore<'a> {
    pub(crate) fn new(files: &'a dyn FileSource, base: &'a SafePath, tree: &'a Tree) -> Self {
        let mut names = UniqueNames::new();
        files.taken_places().iter().for_each(|place| names.reserve(place));
        Self { files, base, tree, names }
    }

    /// Saves the sounds of a record, whose files are to be called `stem`.
    pub(crate) fn save(&mut self, sound: &Sound, others: &[Sound], stem: &str) -> Result<SoundOutcomes, ExportError> {
        let sound = self.one(sound, stem)?;
        let others = others.iter().map(|other| self.one(other, stem)).collect::<Result<_, _>>()?;
        Ok(SoundOutcomes { sound, others })
    }

    /// A place beside the sounds for what is made of a record.
    pub(crate) fn place_beside(&mut self, name: &str, of: &str) -> SafePath {
        self.names.fresh_in(&SafePath::new(FOLDER), name, of)
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
        let beginning = match beginning(&mut opened) {
            Ok(beginning) => beginning,
            Err(error) => return Ok(Err(error.to_string())),
        };
        let extension = split_extension(&entry.path).1.to_ascii_lowercase();
        let kept = self.files.place_of(entry);
        let mut new = || self.names.fresh_in(&SafePath::new(FOLDER), &format!("{stem}{extension}"), &entry.path);
        let mut path = kept.clone().unwrap_or_else(&mut new);
        if kept.is_none() {
            // A name that a file of somebody else has is no name for this one.
            while self.tree.is_there(&self.base.then(&path)) && !self.tree.is_own(&self.base.then(&path)) {
                path = new();
            }
        }
        let mut file = self.tree.file(&self.base.then(&path), entry.modified)?.with_sha256();
        let written = match file.fill(opened) {
            Ok(()) => file.finish()?,
            Err(CopyError::Source(error)) => return Ok(Err(error.to_string())),
            Err(CopyError::Output(error)) => return Err(error.into()),
        };
        if !written.is_left_alone {
            self.files.note_placed(entry, &written.path);
        }
        self.with_copy(path, written, beginning, entry.modified).map(Ok)
    }

    /// Puts beside a sound what plays of it.
    fn with_copy(
        &mut self,
        path: SafePath,
        written: Written,
        beginning: Beginning,
        modified: Option<i64>,
    ) -> Result<SoundOutcome, ExportError> {
        let Beginning { bytes, deaf } = beginning;
        let (mut wav, mut plays, mut unplayed) = (None, false, deaf);
        match look(&bytes) {
            _ if unplayed.is_some() => {}
            _ if bytes.len() as u64 > LONGEST_FILE => unplayed = Some(format!("it has more than {LONGEST_FILE} bytes")),
            Playability::Plays => plays = true,
            Playability::Unknown => unplayed = Some("it is not a sound that corer can play".to_owned()),
            Playability::Never(why) => unplayed = Some(why),
            Playability::Copy(sound) => {
                let stem = split_extension(path.as_str()).0;
                let name = format!("{}.{}", stem.rsplit('/').next().unwrap_or_default(), sound.extension());
                let played = self.names.fresh_in(&SafePath::new(FOLDER), &name, path.as_str());
                let place = self.base.then(&played);
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

/// What a file is, as far as it takes to play it.
struct Beginning {
    /// All of what may have to be made anew, up to one byte more than [`LONGEST_FILE`]; of anything else its head.
    bytes: Vec<u8>,
    /// Why browsers do not play what is in a film container.
    deaf: Option<String>,
}

/// Looks at a sound, and goes back to its beginning.
fn beginning(opened: &mut Opened) -> io::Result<Beginning> {
    let mut bytes = Vec::new();
    (&mut opened.reader).take(HEAD).read_to_end(&mut bytes)?;
    if is_candidate(&bytes) {
        (&mut opened.reader).take(LONGEST_FILE + 1 - bytes.len() as u64).read_to_end(&mut bytes)?;
    }
    let is_film = Content::of(&bytes).is_some_and(Content::is_movie) || bytes.get(4..8) == Some(b"ftyp");
    // What cannot be read is told when it is copied.
    let deaf = if is_film { deaf(&mut opened.reader).ok().flatten() } else { None };
    opened.reader.rewind()?;
    Ok(Beginning { bytes, deaf })
}
