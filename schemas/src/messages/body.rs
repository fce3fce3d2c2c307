//! The text of a message and what it is made of.
//!
//! A row has its text up to twice: as `text`, and with attributes as `attributedBody`. Newer versions leave `text` empty
//! more and more often. Where both are there they say the same (in all 105 rows of the iOS 12.4 database that this was
//! compared on). The attributes cut the text into parts (`__kIMMessagePartAttributeName`: what the phone shows as bubbles
//! of their own, and what reactions and replies refer to), name the attachments that stand in it, and say how it looks.
//! Most bodies say none of that: those are not parsed where `text` is there.

use std::borrow::Cow;
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

/// The most parts of a message that are told apart. Nobody writes more; six megabytes may hold two million.
const MOST_PIECES: usize = 10_000;

/// What the two columns of a row give together.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Body {
    pub(super) text: Option<String>,
    /// The text with attributes, where it has other words.
    pub(super) attributed: Option<String>,
    /// What it is made of, in order.
    pub(super) pieces: Vec<BodyPiece>,
    /// Why a part could not be read.
    pub(super) damage: Option<String>,
}

/// A part of a message before its attachments are known.
#[derive(Debug, PartialEq)]
pub(super) struct BodyPiece {
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

impl BodyPiece {
    /// Whether it is nothing but one file.
    pub(super) fn is_file(&self) -> bool {
        self.files.len() == 1 && self.range.len() <= PLACEHOLDER.len_utf8()
    }
}

/// Reads the body of a message. `strict_decoding`: the attributes are read whatever they look like.
pub(super) fn read(text: Option<String>, attributed: Option<&[u8]>, strict_decoding: bool) -> Body {
    let text = text.filter(|text| !text.is_empty());
    let is_plain = |text: &String| !strict_decoding && !text.contains(PLACEHOLDER);
    let is_enough = |bytes: &&[u8]| text.as_ref().is_some_and(|text| is_plain(text) && says_the_same(text, bytes));
    let Some(attributed) = attributed.filter(|bytes| !is_enough(bytes)) else {
        return plain(text, None);
    };
    match AttributedString::read(attributed) {
        Ok(body) => {
            let why = body.end.as_ref().err().map(ToString::to_string).filter(|_| text.is_none());
            // Ranges are those of the attributed text. The other one counts where that is cut short.
            match text {
                Some(text) if body.text != text => {
                    let differs = body.end.is_ok() && words_of(&body.text) != words_of(&text);
                    let attributed = differs.then_some(body.text);
                    Body { attributed, ..plain(Some(text), why) }
                }
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

/// A text without what stands for attachments, and without the blanks around it.
fn words_of(text: &str) -> Cow<'_, str> {
    match text.contains(PLACEHOLDER) {
        true => Cow::Owned(text.replace(PLACEHOLDER, "").trim().to_owned()),
        false => Cow::Borrowed(text.trim()),
    }
}

/// Whether a body has no attribute that matters, and the same text, which stands in it behind a plus sign and its length.
fn says_the_same(text: &str, attributed: &[u8]) -> bool {
    const BEGINNING: usize = 160;
    let beginning = attributed.get(..attributed.len().min(BEGINNING)).unwrap_or_default();
    let is_here = |at: usize| {
        let rest = attributed.get(at + 1..).unwrap_or_default();
        let (length, rest) = match rest {
            [0x81, low, high, rest @ ..] => (usize::from(u16::from_le_bytes([*low, *high])), rest),
            [0x82, a, b, c, d, rest @ ..] => (u32::from_le_bytes([*a, *b, *c, *d]) as usize, rest),
            [length, rest @ ..] => (usize::from(*length), rest),
            [] => return false,
        };
        length == text.len() && rest.starts_with(text.as_bytes())
    };
    memchr::memchr_iter(b'+', beginning).any(is_here) && says_nothing(attributed)
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
    let mut pieces: Vec<BodyPiece> = Vec::new();
    let mut add = |range: Range<usize>, files: Vec<File>| {
        // What is too much stays together.
        if pieces.len() >= MOST_PIECES {
            if let Some(last) = pieces.last_mut() {
                last.range.end = range.end.max(last.range.end);
            }
        } else if !range.is_empty() {
            let index = u32::try_from(pieces.len()).unwrap_or(u32::MAX);
            pieces.push(BodyPiece { index, range, spans: Vec::new(), files });
        }
    };
    let mut start = 0;
    for (at, found) in text.match_indices(PLACEHOLDER) {
        add(start..at, Vec::new());
        start = at + found.len();
        add(at..start, vec![File { guid: None, transcription: None, at }]);
    }
    add(start..text.len(), Vec::new());
    Body { text: Some(text), pieces, damage, ..Body::default() }
}

fn rich(body: AttributedString, damage: Option<String>) -> Body {
    let mut pieces: Vec<BodyPiece> = Vec::new();
    let (mut covered, mut open) = (0, Vec::new());
    for run in body.runs.iter().filter(|run| !run.bytes.is_empty()) {
        covered = run.bytes.end;
        let index = match body.attribute(run, PART) {
            Some(Attribute::Integer(index)) => u32::try_from(*index).ok(),
            _ => None,
        };
        let files = files(&body, run);
        let goes_on = |last: &BodyPiece| match index {
            Some(index) => last.index == index,
            // Without numbers, a file is a part of its own as it is without attributes.
            None => files.is_empty() && last.files.is_empty(),
        };
        let next = || index.unwrap_or_else(|| u32::try_from(pieces.len()).unwrap_or(u32::MAX));
        match pieces.last().is_some_and(goes_on) || pieces.len() >= MOST_PIECES {
            true => {}
            false => {
                open.clear();
                let piece = BodyPiece {
                    index: next(),
                    range: run.bytes.start..run.bytes.start,
                    spans: Vec::new(),
                    files: vec![],
                };
                pieces.push(piece);
            }
        }
        if let Some(piece) = pieces.last_mut() {
            piece.range.end = run.bytes.end;
            piece.files.extend(files);
            styles::add(&body, run, &mut piece.spans, &mut open);
        }
    }
    if pieces.is_empty() {
        return plain(Some(body.text), damage);
    }
    // After damage to the runs, the rest of the text goes with the last part.
    if let Some(last) = pieces.last_mut().filter(|_| covered < body.text.len()) {
        last.range.end = body.text.len();
    }
    Body { text: Some(body.text), pieces, damage, ..Body::default() }
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
