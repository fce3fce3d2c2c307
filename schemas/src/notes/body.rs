//! The text of a note: gzip around a protocol buffer.
//!
//! ```text
//! NoteStoreProto   2 document { 3 note { 2 text · 5 runs* } }
//! run              1 length in units of UTF-16 · 2 paragraph · 3 font { 1 name · 2 size } · 5 weight: 1 bold, 2 italic, 3 both
//!                  6 underlined · 7 struck · 8 raised · 9 link · 10 colour { 1 r · 2 g · 3 b · 4 a } · 12 attachment { 1 identifier · 2 type }
//!                  14 marker
//! paragraph        1 kind · 2 alignment · 3 direction · 4 indent · 5 checklist { 1 uuid · 2 done } · 7 first number · 8 quotes
//! ```
//!
//! Kinds: 0 title, 1 heading, 2 subheading, 3 (or none) body, 4 monospaced, 100 dots, 101 dashes, 102 numbers, 103 checklist.
//! Sources: the message description of apple_cloud_notes_parser (MIT) and what it makes of eleven bodies; numbers 3, 7 and 14 from
//! the description that Apple's own web page of notes loads, as public projects quote it.

use std::io::Read;

use flate2::read::MultiGzDecoder;

use super::model::{Paragraph, ParagraphKind, Span, Style};
use super::room::Room;
use crate::formats::protobuf::{MAX_INPUT, Message, ProtobufError};

/// Deeper lists than anybody makes.
const DEEPEST: u64 = 32;

/// What ends a paragraph.
const PARAGRAPH_END: char = '\n';

/// What stands in the text for something that is attached.
pub(super) const ATTACHED: char = '\u{fffc}';

/// What breaks a line within a paragraph.
pub(super) const LINE_BREAK: char = '\u{2028}';

/// More paragraphs than anybody writes: what comes behind them is one.
pub(super) const MOST_PARAGRAPHS: usize = 500_000;

/// More runs than any text has: what comes behind them has no style.
const MOST_RUNS: usize = 250_000;

/// The paragraphs of a body as it is stored.
///
/// # Errors
/// Why it cannot be read, in words.
pub(super) fn packed(bytes: &[u8], room: &mut Room) -> Result<Vec<Paragraph>, String> {
    let bytes = unpacked(bytes, MAX_INPUT)?;
    let words = |error: ProtobufError| error.to_string();
    let document = Message::read(&bytes).map_err(words)?;
    let document = document.bytes(2).ok_or("it has no document")?;
    let document = Message::read(document).map_err(words)?;
    let note = document.bytes(3).ok_or("its document has no text")?;
    self::note(note, room).map_err(words)
}

/// What is packed with gzip; what is not is taken as it is.
///
/// # Errors
/// When it is damaged, or becomes larger than `most` bytes.
pub(super) fn unpacked(bytes: &[u8], most: usize) -> Result<Vec<u8>, String> {
    let too_large = || format!("it becomes larger than {} MB", most >> 20);
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return if bytes.len() > most { Err(too_large()) } else { Ok(bytes.to_vec()) };
    }
    let mut unpacked = Vec::new();
    MultiGzDecoder::new(bytes).take(most as u64 + 1).read_to_end(&mut unpacked).map_err(|error| error.to_string())?;
    if unpacked.len() > most {
        return Err(too_large());
    }
    Ok(unpacked)
}

/// The paragraphs of a text with its runs. Where there is no room for pieces, or a run is damaged, what follows has no style.
///
/// # Errors
/// Those of the protocol buffer.
pub(super) fn note(bytes: &[u8], room: &mut Room) -> Result<Vec<Paragraph>, ProtobufError> {
    let note = Message::read(bytes)?;
    let text = String::from_utf8_lossy(note.bytes(2).unwrap_or_default());
    let mut runs = note
        .all(5)
        .filter_map(|field| match field {
            crate::formats::protobuf::Field::Bytes(bytes) => Some(bytes),
            _ => None,
        })
        .take(MOST_RUNS);
    let mut writer = Writer { done: Vec::new(), open: None, goes_on: false, room };
    let (mut run, mut has_run) = (Run::default(), true);
    for c in text.chars() {
        while run.left == 0 && has_run {
            let next = runs.next().map(Run::read);
            if let Some(Err(_)) = next {
                writer.room.end();
            }
            // What no run covers has no style.
            has_run = matches!(next, Some(Ok(_)));
            run = next.and_then(Result::ok).unwrap_or_default();
            writer.goes_on = false;
        }
        run.left = run.left.saturating_sub(c.len_utf16() as u64);
        writer.push(c, &run);
    }
    Ok(writer.finish())
}

/// A stretch of text of one style.
#[derive(Default)]
struct Run {
    /// How many units of UTF-16 are left of it.
    left: u64,
    /// How its letters look.
    style: Style,
    /// What is attached in it, and the type of that.
    attachment: Option<(String, Option<String>)>,
    paragraph: Paragraph,
}

impl Run {
    fn read(bytes: &[u8]) -> Result<Self, ProtobufError> {
        let run = Message::read(bytes)?;
        let message = |number| run.bytes(number).map(Message::read).transpose();
        let number = |number| run.integer(number).unwrap_or_default();
        let (font, colour, attachment) = (message(3)?, message(10)?, message(12)?);
        let weight = number(5);
        let own =
            |message: &Message<'_>, number| message.text(number).filter(|text| !text.is_empty()).map(str::to_owned);
        let style = Style {
            bold: weight & 1 != 0,
            italic: weight & 2 != 0,
            underlined: number(6) != 0,
            struck: number(7) != 0,
            raised: signed(number(8)).clamp(-9, 9) as i32,
            colour: colour.as_ref().map(hex),
            highlight: run.integer(14).and_then(|marker| u32::try_from(marker).ok()).filter(|marker| *marker > 0),
            font: font.as_ref().and_then(|font| own(font, 1)),
            size: font.as_ref().and_then(|font| font.real(2)).filter(|size| *size > 0.0),
            link: run.text(9).filter(|link| !link.is_empty()).map(str::to_owned),
            attachment: None,
            attachment_type: None,
        };
        let attachment = attachment.map(|attachment| (own(&attachment, 1).unwrap_or_default(), own(&attachment, 2)));
        let paragraph = message(2)?.as_ref().map(paragraph).transpose()?.unwrap_or_default();
        Ok(Self { left: number(1), style, attachment, paragraph })
    }

    /// How much memory a piece of it takes.
    fn cost(&self) -> usize {
        let text = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        let attached = self.attachment.as_ref().map_or(0, |(identifier, uti)| identifier.len() + text(uti));
        size_of::<Span>() + text(&self.style.link) + text(&self.style.font) + attached
    }

    /// A piece of it with one letter.
    fn piece(&self, c: char, is_attached: bool) -> Span {
        let mut style = self.style.clone();
        if let Some((identifier, uti)) = self.attachment.as_ref().filter(|_| is_attached) {
            (style.attachment, style.attachment_type) = (Some(identifier.clone()), uti.clone());
        }
        Span { text: c.to_string(), style }
    }
}

/// A paragraph without its text.
fn paragraph(stored: &Message<'_>) -> Result<Paragraph, ProtobufError> {
    let small = |number| stored.integer(number).and_then(|value| u32::try_from(value).ok());
    let check = stored.bytes(5).map(Message::read).transpose()?;
    let kind = match stored.integer(1).map(signed) {
        None | Some(-1 | 3) => ParagraphKind::Body,
        Some(0) => ParagraphKind::Title,
        Some(1) => ParagraphKind::Heading,
        Some(2) => ParagraphKind::Subheading,
        Some(4) => ParagraphKind::Monospaced,
        Some(100) => ParagraphKind::Bullet,
        Some(101) => ParagraphKind::Dash,
        Some(102) => ParagraphKind::Numbered,
        Some(103) => {
            ParagraphKind::Check { done: check.and_then(|check| check.integer(2)).is_some_and(|done| done != 0) }
        }
        Some(other) => ParagraphKind::Other(other),
    };
    Ok(Paragraph {
        kind,
        indent: stored.integer(4).unwrap_or_default().min(DEEPEST) as u32,
        start: small(7).filter(|start| *start > 1),
        alignment: small(2),
        direction: small(3),
        quote: stored.integer(8).unwrap_or_default().min(DEEPEST) as u32,
        spans: Vec::new(),
    })
}

/// The wire stores numbers below zero as their complement in 32 or 64 bits.
fn signed(value: u64) -> i64 {
    match u32::try_from(value) {
        Ok(value) => i64::from(value as i32),
        Err(_) => value as i64,
    }
}

fn hex(colour: &Message<'_>) -> String {
    let part = |number| {
        let part = colour.real(number).unwrap_or_default().clamp(0.0, 1.0);
        (part * 255.0).round() as u8
    };
    let rgb = format!("#{:02X}{:02X}{:02X}", part(1), part(2), part(3));
    match colour.real(4) {
        Some(alpha) if alpha < 1.0 => format!("{rgb}{:02X}", part(4)),
        _ => rgb,
    }
}

/// Puts paragraphs together.
struct Writer<'r> {
    done: Vec<Paragraph>,
    /// The one that is being written, with the style of its first letter.
    open: Option<Paragraph>,
    /// Whether the last piece of it is text of the present run.
    goes_on: bool,
    room: &'r mut Room,
}

impl Writer<'_> {
    fn push(&mut self, c: char, run: &Run) {
        let open = self.open.get_or_insert_with(|| run.paragraph.clone());
        if c == PARAGRAPH_END && self.done.len() < MOST_PARAGRAPHS && self.room.take(size_of::<Paragraph>()) {
            self.goes_on = false;
            self.done.extend(self.open.take());
            return;
        }
        let c = if c == PARAGRAPH_END { LINE_BREAK } else { c };
        // Two attachments never share a piece, and letters are never part of one.
        let is_attached = c == ATTACHED && run.attachment.is_some();
        let last = open.spans.last_mut().filter(|last| last.style.attachment.is_none());
        match last {
            Some(last) if !is_attached && (self.goes_on || last.style == run.style) => last.text.push(c),
            last => {
                if self.room.take(run.cost()) {
                    open.spans.push(run.piece(c, is_attached));
                } else if let Some(last) = last.filter(|last| last.style == Style::default()) {
                    last.text.push(c);
                } else {
                    open.spans.push(Span { text: c.to_string(), style: Style::default() });
                }
            }
        }
        self.goes_on = !is_attached;
    }

    fn finish(mut self) -> Vec<Paragraph> {
        self.done.extend(self.open.take());
        self.done
    }
}

#[cfg(test)]
mod tests;
