//! The sounds: copied as they are, and as WAV beside that.

use std::io::Read;

use corer_schemas::Opened;
use corer_schemas::voicemail::{Sound, Voicemail};
use jiff::tz::TimeZone;

use super::wav;
use super::words::who;
use super::{Mailbox, Options};
use crate::clock::Moment;
use crate::output::{CopyError, ExportError, Names, SafePath, Tree, Written, hex, split_extension};

/// The folder of sounds.
const FOLDER: &str = "audio";

/// Longer sounds are copied and not played, in bytes: voicemails of ten minutes have 1 MB.
const LONGEST: u64 = 64 << 20;

/// How much of a name is that of the caller, in characters.
const NAME_CHARS: usize = 60;

/// What became of a sound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It was saved.
    Saved {
        /// Where, from the folder of voicemail.
        path: SafePath,
        /// Its length in bytes.
        bytes: u64,
        /// Its SHA-256.
        sha256: Option<String>,
        /// The same as WAV.
        wav: Option<SafePath>,
        /// Why there is no WAV.
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

impl Fate {
    /// What becomes of a sound where nothing is saved.
    pub fn foretell(voicemail: &Voicemail) -> Self {
        match &voicemail.sound {
            Sound::Stored(_) => Self::Present,
            Sound::Missing { why, expected } => Self::Missing { why: why.clone(), expected: *expected },
        }
    }
}

/// Saves sounds under names that say when and from whom.
pub(super) struct Shelf<'a> {
    mailbox: &'a dyn Mailbox,
    options: &'a Options,
    tree: &'a Tree,
    names: Names,
}

impl<'a> Shelf<'a> {
    pub(super) fn new(mailbox: &'a dyn Mailbox, options: &'a Options, tree: &'a Tree) -> Self {
        Self { mailbox, options, tree, names: Names::new() }
    }

    /// Saves the sound of a voicemail.
    pub(super) fn save(&mut self, voicemail: &Voicemail) -> Result<Fate, ExportError> {
        let Sound::Stored(entry) = &voicemail.sound else { return Ok(Fate::foretell(voicemail)) };
        let opened = match self.mailbox.open(entry) {
            Ok(opened) => opened,
            Err(error) => return Ok(Fate::Unreadable { why: error.to_string() }),
        };
        let stem = stem(voicemail, &self.options.zone);
        let extension = split_extension(&entry.path).1.to_ascii_lowercase();
        let path = self.names.fresh_in(&SafePath::new(FOLDER), &format!("{stem}{extension}"), &entry.path);
        match self.write(opened, &path, entry.modified) {
            Ok((written, bytes)) => self.with_wav(&path, written, &bytes, entry.modified),
            Err(CopyError::Source(error)) => Ok(Fate::Unreadable { why: error.to_string() }),
            Err(CopyError::Output(error)) => Err(error.into()),
        }
    }

    /// Copies a sound, and gives its bytes if it is not too long to be played.
    fn write(
        &self,
        mut opened: Opened,
        path: &SafePath,
        modified: Option<i64>,
    ) -> Result<(Written, Vec<u8>), CopyError> {
        let place = self.options.base.then(path);
        let mut bytes = Vec::new();
        (&mut opened.reader).take(LONGEST + 1).read_to_end(&mut bytes).map_err(CopyError::Source)?;
        if bytes.len() as u64 > LONGEST {
            opened.reader.rewind().map_err(CopyError::Source)?;
            return Ok((self.tree.copy(opened, &place, modified)?, Vec::new()));
        }
        let mut file = self.tree.file(&place, modified)?.with_sha256();
        std::io::Write::write_all(&mut file, &bytes).map_err(|error| self.tree.failed(&place, error))?;
        Ok((file.finish()?, bytes))
    }

    fn with_wav(
        &mut self,
        path: &SafePath,
        written: Written,
        bytes: &[u8],
        modified: Option<i64>,
    ) -> Result<Fate, ExportError> {
        let saved = |wav, unplayed| Fate::Saved {
            path: path.clone(),
            bytes: written.bytes,
            sha256: written.sha256.as_ref().map(|sum| hex(sum)),
            wav,
            unplayed,
        };
        let frames = match wav::frames(bytes) {
            Ok(frames) => frames,
            Err(why) => return Ok(saved(None, Some(why))),
        };
        let stem = split_extension(path.as_str()).0;
        let name = stem.rsplit('/').next().unwrap_or_default();
        let played = self.names.fresh_in(&SafePath::new(FOLDER), &format!("{name}.wav"), path.as_str());
        let place = self.options.base.then(&played);
        let mut file = self.tree.file(&place, modified)?;
        wav::write(&frames, &mut file).map_err(|error| self.tree.failed(&place, error))?;
        file.finish()?;
        Ok(saved(Some(played), None))
    }
}

/// `2019-03-04 14.05 Anna Kowalczyk`.
fn stem(voicemail: &Voicemail, zone: &TimeZone) -> String {
    let moment = voicemail.date.and_then(|date| Moment::new(date, zone));
    let when = moment.map_or_else(|| "undated".to_owned(), |moment| moment.short().replace(':', "."));
    let who: String = who(voicemail).chars().take(NAME_CHARS).collect();
    format!("{when} {}", who.trim())
}
