//! The text of a message and what it is made of.
//!
//! A row has its text up to twice: as `text`, and with attributes as `attributedBody`. Newer versions leave `text` empty
//! more and more often. Where both are there they say the same (in all 105 rows of the iOS 12.4 database that this was
//! compared on). The attributes cut the text into parts (`__kIMMessagePartAttributeName`: what the phone shows as bubbles
//! of their own, and what reactions and replies refer to), name the attachments that stand in it, and say how it looks.
//! Most bodies say none of that: those are not parsed where `text` is there.

use std::ops::Range;

use memchr::memmem;

use super::model::Span;
use crate::formats::typedstream::{Attribute, AttributedString, Run};

mod detected;
mod styles;

/// Stands in a text where an attachment stands.
pub(super) const PLACEHOLDER: char = '\u{fffc}';

/// The attribute of a placeholder that names its attachment.
const ATTACHMENT: &str = "__kIMFileTransferGUIDAttributeName";
/// The number of the part that a run belongs to.
const PART: &str = "__kIMMessagePartAttributeName";
/// What the device understood of an audio message.
const TRANSCRIPTION: &str = "IMAudioTranscription";
/// What the names of all attributes begin with but for the one above.
const PREFIX: &[u8] = b"IM";

/// What the two columns of a row give together.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Body {
    pub(super) text: Option<String>,
    /// What it is made of, in order.
    pub(super) pieces: Vec<Piece>,
    /// Why a part could not be read.
    pub(super) damage: Option<String>,
}

/// A part of a message before its attachments are known.
#[derive(Debug, PartialEq)]
pub(super) struct Piece {
    pub(super) index: u32,
    /// In bytes of the text.
    pub(super) range: Range<usize>,
    pub(super) spans: Vec<Span>,
    /// The files that stand in it, in order.
    pub(super) files: Vec<File>,
}

/// A file that a text names.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct File {
    /// Its identifier, where the text has attributes.
    pub(super) guid: Option<String>,
    /// What the device understood of it.
    pub(super) transcription: Option<String>,
    /// Where its placeholder stands, in bytes.
    pub(super) at: usize,
}

impl Piece {
    /// Whether it is nothing but one file.
    pub(super) fn is_file(&self) -> bool {
        self.files.len() == 1 && self.range.len() <= PLACEHOLDER.len_utf8()
    }
}

/// Reads the body of a message. `closely`: the attributes are read whatever they look like.
pub(super) fn read(text: Option<String>, attributed: Option<&[u8]>, closely: bool) -> Body {
    let text = text.filter(|text| !text.is_empty());
    let is_plain = |text: &String| !closely && !text.contains(PLACEHOLDER);
    let Some(attributed) = attributed.filter(|bytes| !(text.as_ref().is_some_and(is_plain) && says_nothing(bytes)))
    else {
        return plain(text, None);
    };
    match AttributedString::read(attributed) {
        Ok(body) => {
            let why = body.end.err().map(|error| error.to_string()).filter(|_| text.is_none());
            // Ranges are those of the attributed text. The other one counts where that is cut short.
            match text {
                Some(text) if body.text != text => plain(Some(text), why),
                _ if body.text.is_empty() => plain(None, why),
                _ => rich(body, why),
            }
        }
        Err(error) => {
            let why = text.is_none().then(|| error.to_string());
            plain(text, why)
        }
    }
}

/// Reads an attributed text that stands by itself, such as a version before an edit.
pub(super) fn read_alone(attributed: &[u8]) -> Body {
    read(None, Some(attributed), true)
}

/// The identifiers of the attachments of a body, in the order of their placeholders.
pub(super) fn attachment_names(attributed: &[u8]) -> Vec<String> {
    let body = AttributedString::read(attributed).ok();
    let name = |body: &AttributedString, run: &Run| text_of(body, run, ATTACHMENT);
    body.map(|body| body.runs.iter().filter_map(|run| name(&body, run)).collect()).unwrap_or_default()
}

/// Whether a body has no attribute but the number of its only part and the direction of writing. The names of attributes
/// stand in it once each.
fn says_nothing(attributed: &[u8]) -> bool {
    const SILENT: [&[u8]; 2] = [b"IMMessagePartAttributeName", b"IMBaseWritingDirectionAttributeName"];
    memmem::find_iter(attributed, PREFIX).all(|at| {
        let rest = attributed.get(at..).unwrap_or_default();
        SILENT.iter().any(|name| rest.starts_with(name))
    })
}

/// A text without attributes: each placeholder is a part of its own.
fn plain(text: Option<String>, damage: Option<String>) -> Body {
    let Some(text) = text else { return Body { damage, ..Body::default() } };
    let mut pieces = Vec::new();
    let mut add = |range: Range<usize>, files: Vec<File>| {
        if !range.is_empty() {
            let index = u32::try_from(pieces.len()).unwrap_or(u32::MAX);
            pieces.push(Piece { index, range, spans: Vec::new(), files });
        }
    };
    let mut start = 0;
    for (at, found) in text.match_indices(PLACEHOLDER) {
        add(start..at, Vec::new());
        start = at + found.len();
        add(at..start, vec![File { guid: None, transcription: None, at }]);
    }
    add(start..text.len(), Vec::new());
    Body { text: Some(text), pieces, damage }
}

fn rich(body: AttributedString, damage: Option<String>) -> Body {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut covered = 0;
    for run in body.runs.iter().filter(|run| !run.bytes.is_empty()) {
        covered = run.bytes.end;
        let index = match body.attribute(run, PART) {
            Some(Attribute::Integer(index)) => u32::try_from(*index).ok(),
            _ => None,
        };
        let files = files(&body, run);
        let goes_on = |last: &Piece| match index {
            Some(index) => last.index == index,
            // Without numbers, a file is a part of its own as it is without attributes.
            None => files.is_empty() && last.files.is_empty(),
        };
        let next = || index.unwrap_or_else(|| u32::try_from(pieces.len()).unwrap_or(u32::MAX));
        match pieces.last().is_some_and(goes_on) {
            true => {}
            false => {
                let piece =
                    Piece { index: next(), range: run.bytes.start..run.bytes.start, spans: Vec::new(), files: vec![] };
                pieces.push(piece);
            }
        }
        if let Some(piece) = pieces.last_mut() {
            piece.range.end = run.bytes.end;
            piece.files.extend(files);
            styles::add(&body, run, &mut piece.spans);
        }
    }
    if pieces.is_empty() {
        return plain(Some(body.text), damage);
    }
    // After damage to the runs, the rest of the text goes with the last part.
    if let Some(last) = pieces.last_mut().filter(|_| covered < body.text.len()) {
        last.range.end = body.text.len();
    }
    Body { text: Some(body.text), pieces, damage }
}

/// The files that a run stands for: one, or one for each placeholder where it names none.
fn files(body: &AttributedString, run: &Run) -> Vec<File> {
    let guid = text_of(body, run, ATTACHMENT);
    let transcription = text_of(body, run, TRANSCRIPTION);
    let places = body.text_of(run).match_indices(PLACEHOLDER).map(|(at, _)| run.bytes.start + at);
    match guid {
        Some(_) => vec![File { guid, transcription, at: run.bytes.start }],
        None => places.map(|at| File { guid: None, transcription: None, at }).collect(),
    }
}

fn text_of(body: &AttributedString, run: &Run, name: &str) -> Option<String> {
    match body.attribute(run, name) {
        Some(Attribute::Text(text)) => Some(text.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
