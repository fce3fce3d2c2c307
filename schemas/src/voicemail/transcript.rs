//! `N.transcript`: a keyed archive of class `VMVoicemailTranscript` with the words and how sure the device was.

use std::io::Read;

use super::Transcript;
use crate::formats::keyed_archive::Archive;
use crate::source::{Entry, Source, SourceError};

/// Longer files are no transcripts, in bytes: a voicemail of ten minutes has some thousand words, each with its time.
const LONGEST: u64 = 16 << 20;

/// Reads a transcript; `None` for one without words, as of a voicemail that nobody could understand.
///
/// # Errors
/// Why it cannot be read, in words.
pub(super) fn read(source: &dyn Source, entry: &Entry) -> Result<Option<Transcript>, String> {
    let opened = source.open(entry).map_err(|error| match error {
        SourceError::Absent { why, .. } => why.to_string(),
        error => error.to_string(),
    })?;
    let mut bytes = Vec::new();
    opened.reader.take(LONGEST + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    if bytes.len() as u64 > LONGEST {
        return Err("it is too long to be a transcript".to_owned());
    }
    parse(&bytes).map_err(|error| error.to_string())
}

fn parse(bytes: &[u8]) -> Result<Option<Transcript>, crate::formats::bplist::Malformed> {
    let archive = Archive::new(bytes)?;
    let root = archive.root()?;
    let text = root.field("transcriptionString")?.and_then(|text| text.text());
    let confidence = root.field("confidence")?.and_then(|confidence| confidence.real());
    let text = text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    Ok(text.map(|text| Transcript { text, confidence: confidence.filter(|confidence| confidence.is_finite()) }))
}
