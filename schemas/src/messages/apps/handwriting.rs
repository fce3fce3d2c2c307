//! Handwriting: a protocol buffer with the sheet and its strokes.
//!
//! ```text
//! message    4 handwriting: 3 frame (4 numbers: x, y, width, height), 4 count of strokes, 5 packing, 6 length, 8 strokes
//! packing    1 none, 4 xz
//! stroke     u16 count of points, then for each: x, y, width, one more
//! number     little-endian 16 bits; the highest bit is turned over
//! ```

use std::io::{Cursor, Read};
use std::num::NonZeroUsize;

use xz4rust::{XzDecoder, XzReader};

use super::super::model::app::{Handwriting, Point, Stroke};
use super::DrawingError;
use crate::formats::protobuf::Message;

/// The most bytes of strokes. A page full of writing has some 100 kB.
const MAX_STROKES: usize = 2 << 20;

/// The most strokes: one without a point takes two bytes, and twenty times as much as a record.
const MOST_STROKES: usize = 50_000;

/// The largest dictionary that unpacking may need, in bytes: that of xz by default.
const LARGEST_DICTIONARY: usize = 8 << 20;

/// What unpacking begins with, in bytes.
const FIRST_DICTIONARY: usize = 64 << 10;
const BUFFER: NonZeroUsize = NonZeroUsize::MIN.saturating_add(8191);

const PLAIN: u64 = 1;
const XZ: u64 = 4;

/// Reads a drawing.
pub(super) fn read(payload: &[u8]) -> Result<Handwriting, DrawingError> {
    let message = Message::read(payload)?;
    let inner = message.bytes(4).ok_or(DrawingError::Damaged)?;
    let drawing = Message::read(inner)?;
    let frame: Vec<f32> = drawing.bytes(3).unwrap_or_default().chunks_exact(2).map(number).collect();
    let (width, height) = match frame.as_slice() {
        [_, _, width, height, ..] => (*width, *height),
        _ => (0.0, 0.0),
    };
    let strokes = drawing.bytes(8).ok_or(DrawingError::Damaged)?;
    let strokes = match drawing.integer(5).unwrap_or(PLAIN) {
        PLAIN => strokes_of(strokes)?,
        XZ => strokes_of(&unpacked(strokes)?)?,
        _ => return Err(DrawingError::Packing),
    };
    Ok(Handwriting { width, height, strokes })
}

fn strokes_of(mut bytes: &[u8]) -> Result<Vec<Stroke>, DrawingError> {
    if bytes.len() > MAX_STROKES {
        return Err(DrawingError::TooLarge);
    }
    let mut strokes = Vec::new();
    while let Some((count, rest)) = bytes.split_first_chunk::<2>() {
        if strokes.len() == MOST_STROKES {
            return Err(DrawingError::TooLarge);
        }
        let length = usize::from(u16::from_le_bytes(*count)) * 8;
        let (points, rest) = rest.split_at_checked(length).ok_or(DrawingError::Damaged)?;
        strokes.push(Stroke { color: None, points: points.chunks_exact(8).map(point).collect() });
        bytes = rest;
    }
    Ok(strokes)
}

fn point(bytes: &[u8]) -> Point {
    let mut numbers = bytes.chunks_exact(2).map(number);
    let mut next = || numbers.next().unwrap_or_default();
    Point { x: next(), y: next(), width: next() }
}

/// The highest bit is turned over, so that numbers compare as bytes do.
fn number(bytes: &[u8]) -> f32 {
    match bytes {
        [low, high] => f32::from((u16::from_le_bytes([*low, *high]) ^ 0x8000).cast_signed()),
        _ => 0.0,
    }
}

/// Unpacks strokes; no more than a drawing may have, and one byte that shows that there are more.
fn unpacked(packed: &[u8]) -> Result<Vec<u8>, DrawingError> {
    let decoder = XzDecoder::in_heap_with_alloc_dict_size(FIRST_DICTIONARY, LARGEST_DICTIONARY);
    let reader = XzReader::new_with_buffer_size_and_decoder(Cursor::new(packed.to_vec()), BUFFER, decoder);
    let mut strokes = Vec::new();
    let most = u64::try_from(MAX_STROKES).unwrap_or(u64::MAX);
    reader.take(most + 1).read_to_end(&mut strokes).map_err(|_| DrawingError::Damaged)?;
    Ok(strokes)
}

#[cfg(test)]
mod tests;
