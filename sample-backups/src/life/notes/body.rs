//! The body of a note: protobuf, compressed with gzip.
//!
//! ```text
//! store  { 2: document { 3: note { 2: text, 5: run* } } }
//! run    { 1: length in UTF-16 units, 2: style, 12: attachment { 1: identifier, 2: type } }
//! style  { 1: kind, 5: checklist { 1: identifier, 2: done } }
//! ```

use std::io::Write;

use flate2::{Compression, GzBuilder};

use crate::error::Result;

/// The kind of a paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Paragraph {
    Title,
    Heading,
    Body,
    Bullet,
    Numbered,
    Todo,
    Done,
}

impl Paragraph {
    fn style(self) -> Option<u64> {
        match self {
            Self::Title => Some(0),
            Self::Heading => Some(1),
            Self::Body => None,
            Self::Bullet => Some(100),
            Self::Numbered => Some(102),
            Self::Todo | Self::Done => Some(103),
        }
    }
}

/// Encodes paragraphs; U+FFFC stands where the attachment `picture` is.
pub(super) fn encode(paragraphs: &[(Paragraph, &str)], picture: Option<&str>) -> Result<Vec<u8>> {
    let mut note = Vec::new();
    let text: Vec<&str> = paragraphs.iter().map(|(_, line)| *line).collect();
    bytes(&mut note, 2, text.join("\n").as_bytes());
    for (index, (kind, line)) in paragraphs.iter().enumerate() {
        let newline = usize::from(index + 1 < paragraphs.len());
        let mut run = Vec::new();
        number(&mut run, 1, (line.encode_utf16().count() + newline) as u64);
        if let Some(style) = kind.style() {
            bytes(&mut run, 2, &paragraph_style(*kind, style));
        }
        if let (Some(picture), "\u{fffc}") = (picture, *line) {
            let mut attachment = Vec::new();
            bytes(&mut attachment, 1, picture.as_bytes());
            bytes(&mut attachment, 2, b"public.jpeg");
            bytes(&mut run, 12, &attachment);
        }
        bytes(&mut note, 5, &run);
    }
    let (mut document, mut store) = (Vec::new(), Vec::new());
    number(&mut document, 1, 0);
    number(&mut document, 2, 0);
    bytes(&mut document, 3, &note);
    number(&mut store, 1, 0);
    bytes(&mut store, 2, &document);
    // Not compressed by much, but with the same bytes whatever the compressor.
    let mut out = GzBuilder::new().mtime(0).write(Vec::new(), Compression::none());
    out.write_all(&store)?;
    Ok(out.finish()?)
}

fn paragraph_style(kind: Paragraph, style: u64) -> Vec<u8> {
    let mut out = Vec::new();
    number(&mut out, 1, style);
    if style == 103 {
        let mut item = Vec::new();
        bytes(&mut item, 1, &[0x11; 16]);
        number(&mut item, 2, u64::from(kind == Paragraph::Done));
        bytes(&mut out, 5, &item);
    }
    out
}

fn varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn number(out: &mut Vec<u8>, field: u64, value: u64) {
    varint(out, field << 3);
    varint(out, value);
}

fn bytes(out: &mut Vec<u8>, field: u64, value: &[u8]) {
    varint(out, field << 3 | 2);
    varint(out, value.len() as u64);
    out.extend(value);
}
