//! Whether a picture or a movie has its end, told by its form alone: nothing is decoded.
//!
//! | kind | complete when |
//! | --- | --- |
//! | JPEG | its segments and scans lead to an end of image; what cameras put behind it is theirs |
//! | PNG | its chunks lead to `IEND` |
//! | HEIC, AVIF | its boxes end within the file, and so does everything that its list of places names |
//! | MOV, MP4, M4A | its boxes end within the file, it has its index, and so do the last samples of each track |
//! | WebP | the file is as long as its head says |

mod base_media;
mod boxes;
mod jpeg;
mod movie;
mod picture;
mod reader;

use crate::backup::bytes::ReadAt;
use reader::Reader;

/// What the form of a file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Form {
    /// It is what it begins as, to its end.
    Sound,
    /// It is not, and why.
    Broken(String),
    /// Nothing is known of this form.
    Unknown,
}

impl Form {
    fn cut(what: &str) -> Self {
        Self::Broken(format!("it is cut short: {what}"))
    }
}

/// How movies of old begin, which do not say what they are.
const OLD_MOVIES: [&[u8; 4]; 6] = [b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"];
const MOVIES: [&str; 6] = ["mov", "qt", "mp4", "m4v", "m4a", "3gp"];

/// What else a file of boxes may begin with.
const BOXES: [&[u8; 4]; 6] = [b"ftyp", b"styp", b"sidx", b"moof", b"uuid", b"meta"];

/// How movies and sounds of other forms begin: Matroska, AVI and WAV, MPEG, Flash, Ogg, CAF, AIFF, AMR, MP3, AAC.
const OTHER_MOVIES: [&[u8]; 15] = [
    b"\x1a\x45\xdf\xa3",
    b"RIFF",
    b"\0\0\x01\xba",
    b"\0\0\x01\xb3",
    b"\x47\x40",
    b"FLV",
    b"OggS",
    b"caff",
    b"FORM",
    b"#!AMR",
    b"ID3",
    b"\xff\xfb",
    b"\xff\xf3",
    b"\xff\xf1",
    b"\xff\xf9",
];

/// Looks at the form of a file.
pub(super) fn form(path: &str, bytes: &dyn ReadAt) -> Form {
    let mut start = [0; 12];
    if !matches!(bytes.read_at(0, &mut start), Ok(12)) {
        return Form::Unknown;
    }
    let (head, tail) = start.split_at(4);
    let kind = tail.first_chunk::<4>().copied().unwrap_or_default();
    match head {
        [0xFF, 0xD8, 0xFF, _] => jpeg::form(&mut Reader::new(bytes)),
        b"\x89PNG" if tail.starts_with(b"\r\n\x1a\n") => png(&mut Reader::new(bytes)),
        b"RIFF" if tail.ends_with(b"WEBP") => webp(head_number(tail), bytes.size()),
        _ if kind == *b"ftyp" => base_media::form(bytes),
        _ if OLD_MOVIES.contains(&&kind) && is_named_as_movie(path) => base_media::form(bytes),
        _ => Form::Unknown,
    }
}

pub(super) fn is_named_as_movie(path: &str) -> bool {
    let extension = path.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    extension.is_some_and(|extension| MOVIES.contains(&extension.as_str()))
}

/// Whether a file begins as a movie or a sound. Any kind will do: what they are called is often not what they are.
pub(super) fn begins_as_movie(bytes: &dyn ReadAt) -> bool {
    let mut start = [0; 12];
    if bytes.read_at(0, &mut start).is_err() {
        return true;
    }
    let kind = start.get(4..8).and_then(|kind| kind.first_chunk::<4>()).copied().unwrap_or_default();
    BOXES.contains(&&kind) || OLD_MOVIES.contains(&&kind) || OTHER_MOVIES.iter().any(|other| start.starts_with(other))
}

fn head_number(tail: &[u8]) -> u64 {
    tail.first_chunk().map_or(0, |bytes| u64::from(u32::from_le_bytes(*bytes)))
}

fn webp(announced: u64, size: u64) -> Form {
    if size < announced.saturating_add(8) { Form::cut("it is shorter than its head says") } else { Form::Sound }
}

/// Follows the chunks: length, kind, content, sum.
fn png(reader: &mut Reader<'_>) -> Form {
    reader.skip(8);
    loop {
        let (Some(length), Some(kind)) = (reader.u32(), reader.array::<4>()) else {
            return Form::cut("its last chunk is missing");
        };
        if !kind.iter().all(u8::is_ascii_alphabetic) {
            return Form::Broken("it is damaged: something else stands where a chunk should begin".to_owned());
        }
        reader.skip(u64::from(length) + 4);
        if reader.is_beyond_end() {
            return Form::cut("a chunk ends behind its end");
        }
        if kind == *b"IEND" {
            return Form::Sound;
        }
    }
}

#[cfg(test)]
mod tests;
