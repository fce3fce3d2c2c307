//! Digital Touch: a protocol buffer with another one inside of it.
//!
//! ```text
//! message    1 kind, 3 what it is, 5 identifier
//! tap 1      2 delays, 3 places, 4 colours
//! heart 3    1 beats a minute (f32), 2 seconds (integer), 6 second of breaking (f32)
//! sketch 4   1 count of strokes, 2 strokes (u16 unknown, u16 count, places), 3 colours
//! media 6    2 archive: array of messages drawn on it, 4 media (1 film, 2 picture)
//! kiss 7     1 delays, 2 places, 3 turns (u16, thousandths of a radian)
//! fire 8     1 seconds (f32), 2 and 3 start (f32, from the middle), 4 delays, 5 places
//! place      u16 x, u16 y, little-endian, upwards; the whole range is the whole width or height
//! delay      u16 milliseconds · colour: red, green, blue, opacity
//! ```

use super::super::model::app::{Color, Fireball, Point, Sketch, Stroke, Tap, Touch, TouchKiss, TouchMedia};
use super::DrawingError;
use crate::formats::keyed_archive::Archive;
use crate::formats::protobuf::Message;

/// The most that is drawn on one photo.
const MOST_OVERLAYS: usize = 256;

/// Reads a message.
pub(super) fn read(payload: &[u8]) -> Result<Touch, DrawingError> {
    let (kind, inner) = envelope(payload)?;
    match kind {
        6 => media(&Message::read(inner)?),
        _ => drawn(kind, inner),
    }
}

fn envelope(payload: &[u8]) -> Result<(u64, &[u8]), DrawingError> {
    let message = Message::read(payload)?;
    Ok((message.integer(1).ok_or(DrawingError::Damaged)?, message.bytes(3).unwrap_or_default()))
}

/// Everything but photos: what may also be drawn on one.
fn drawn(kind: u64, inner: &[u8]) -> Result<Touch, DrawingError> {
    let message = Message::read(inner)?;
    Ok(match kind {
        1 => Touch::Taps(taps(&message)),
        3 => heartbeat(&message),
        4 => Touch::Sketch(sketch(&message)?),
        7 => Touch::Kisses(kisses(&message)),
        8 => Touch::Fireball(fireball(&message)),
        other => Touch::Other(i64::try_from(other).unwrap_or(i64::MAX)),
    })
}

fn taps(message: &Message<'_>) -> Vec<Tap> {
    let mut delays = seconds(message.bytes(2));
    let mut colors = colors(message.bytes(4));
    let tap = |point| Tap { point, delay: delays.next().unwrap_or_default(), color: colors.next() };
    places(message.bytes(3)).map(tap).collect()
}

fn kisses(message: &Message<'_>) -> Vec<TouchKiss> {
    let mut delays = seconds(message.bytes(1));
    let mut angles = seconds(message.bytes(3));
    let kiss =
        |point| TouchKiss { point, delay: delays.next().unwrap_or_default(), angle: angles.next().unwrap_or_default() };
    places(message.bytes(2)).map(kiss).collect()
}

fn heartbeat(message: &Message<'_>) -> Touch {
    Touch::Heartbeat {
        beats: message.real(1).unwrap_or_default(),
        duration: message.integer(2).map_or(0.0, |seconds| seconds as f32),
        broken_at: message.real(6).filter(|second| *second > 0.0),
    }
}

fn fireball(message: &Message<'_>) -> Fireball {
    // The start is told from the middle, 1 being the edge.
    let across = |field| message.real(field).unwrap_or_default().clamp(-1.0, 1.0) / 2.0 + 0.5;
    Fireball {
        duration: message.real(1).unwrap_or_default(),
        start: Point { x: across(2), y: 1.0 - across(3), width: 0.0 },
        points: places(message.bytes(5)).collect(),
    }
}

fn sketch(message: &Message<'_>) -> Result<Sketch, DrawingError> {
    let mut bytes = message.bytes(2).unwrap_or_default();
    let mut colors = colors(message.bytes(3));
    let mut strokes = Vec::new();
    while let Some(([_, _, low, high], rest)) = bytes.split_first_chunk::<4>() {
        let length = usize::from(u16::from_le_bytes([*low, *high])) * 4;
        let (points, rest) = rest.split_at_checked(length).ok_or(DrawingError::Damaged)?;
        strokes.push(Stroke { color: colors.next(), points: places(Some(points)).collect() });
        bytes = rest;
    }
    Ok(Sketch { strokes })
}

fn media(message: &Message<'_>) -> Result<Touch, DrawingError> {
    let mut overlay = Vec::new();
    if let Some(archive) = message.bytes(2).filter(|archive| !archive.is_empty()) {
        let archive = Archive::new(archive).map_err(|_| DrawingError::Damaged)?;
        let root = archive.root().map_err(|_| DrawingError::Damaged)?;
        for member in root.members().take(MOST_OVERLAYS) {
            let data = member.ok().and_then(|member| member.data()).ok_or(DrawingError::Damaged)?;
            let (kind, inner) = envelope(data)?;
            overlay.push(drawn(kind, inner)?);
        }
    }
    Ok(Touch::Media(TouchMedia { is_video: message.integer(4) == Some(1), overlay }))
}

fn places(bytes: Option<&[u8]>) -> impl Iterator<Item = Point> {
    let (places, _) = bytes.unwrap_or_default().as_chunks::<4>();
    places.iter().map(|[x, x2, y, y2]| Point {
        x: part(u16::from_le_bytes([*x, *x2])),
        y: 1.0 - part(u16::from_le_bytes([*y, *y2])),
        width: 0.0,
    })
}

fn part(number: u16) -> f32 {
    f32::from(number) / f32::from(u16::MAX)
}

/// Thousandths, of a second or radian.
fn seconds(bytes: Option<&[u8]>) -> impl Iterator<Item = f32> {
    let (numbers, _) = bytes.unwrap_or_default().as_chunks::<2>();
    numbers.iter().map(|number| f32::from(u16::from_le_bytes(*number)) / 1000.0)
}

fn colors(bytes: Option<&[u8]>) -> impl Iterator<Item = Color> {
    let (colors, _) = bytes.unwrap_or_default().as_chunks::<4>();
    colors.iter().map(|[red, green, blue, alpha]| Color { red: *red, green: *green, blue: *blue, alpha: *alpha })
}

#[cfg(test)]
mod tests;
