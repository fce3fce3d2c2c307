//! Whether a file is all that the library recorded.
//!
//! A picture that is shorter than its record may still be complete: a library counts a file before something rewrites its
//! metadata. So what looks short is looked into: a cut file lacks its end, and cannot be read as it should.

use std::io::{self, Read as _, SeekFrom};

use corer_schemas::formats::quicktime;
use corer_schemas::photos::{Asset, AssetFile, Role};
use corer_schemas::source::ReadSeek;
use corer_schemas::{Entry, Source};

use crate::convert::Content;

/// How much of the end of a file is looked at, in bytes.
const END: u64 = 4096;

/// What is odd about the length of a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Shortage {
    /// A part of it is lost.
    Cut(String),
    /// It has an end, though the library recorded more.
    Shorter(String),
    /// It has no bytes, and the device recorded none.
    Empty,
}

/// Looks at a file of which `bytes` were found. Where the files are `alone`, without a library that knows their pictures,
/// an empty file is what was on the device, if the backup says so too.
pub(super) fn shortage(
    source: &dyn Source,
    asset: &Asset,
    file: &AssetFile,
    bytes: u64,
    alone: bool,
) -> Option<Shortage> {
    if bytes == 0 && alone && file.entry().is_some_and(|entry| entry.size_hint == Some(0)) {
        return Some(Shortage::Empty);
    }
    let recorded = asset.recorded_size(file.role).filter(|recorded| bytes < *recorded);
    if bytes == 0 {
        let of =
            recorded.map_or_else(String::new, |recorded| format!(", though the library recorded {recorded} bytes"));
        return Some(Shortage::Cut(format!("the file is empty{of}")));
    }
    let why = format!("the backup holds {bytes} of the {} bytes that the library recorded", recorded?);
    match has_end(source, file.entry()?) {
        Ok(true) => Some(Shortage::Shorter(format!("{}: {why}, and it is whole", file.path()))),
        Ok(false) | Err(_) => Some(Shortage::Cut(why)),
    }
}

/// Whether a file that stands for more than a thumbnail is of a format that says where it ends, and does not end there. Of a
/// JPEG nobody can say: what other programs add stands behind its end.
pub(super) fn lacks_end(source: &dyn Source, file: &AssetFile, content: Option<Content>) -> bool {
    let is_known = content.is_some_and(|content| !matches!(content, Content::Jpeg | Content::Bmp | Content::Tiff));
    is_known
        && !matches!(file.role, Role::ReducedCopy | Role::Thumbnail)
        && file.entry().is_some_and(|entry| has_end(source, entry).is_ok_and(|has_end| !has_end))
}

/// Whether a file ends as its format does. What is of no known format does not.
fn has_end(source: &dyn Source, entry: &Entry) -> io::Result<bool> {
    let mut reader = source.open(entry).map_err(|error| io::Error::other(error.to_string()))?.reader;
    let mut start = Vec::new();
    reader.by_ref().take(16).read_to_end(&mut start)?;
    if start.get(4..8) == Some(b"ftyp") || matches!(start.get(4..8), Some(b"moov" | b"mdat" | b"wide" | b"free")) {
        return quicktime::is_complete(&mut reader);
    }
    let (end, length) = end(&mut *reader)?;
    // Some programs fill up the last block.
    let filled = end.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    let end = end.get(..filled).unwrap_or_default();
    Ok(match start.as_slice() {
        [0xff, 0xd8, 0xff, ..] => end.ends_with(b"\xff\xd9"),
        [0x89, b'P', b'N', b'G', ..] => end.ends_with(b"IEND\xaeB`\x82"),
        [b'G', b'I', b'F', b'8', ..] => end.ends_with(b";"),
        [b'R', b'I', b'F', b'F', size @ ..] => {
            size.first_chunk().is_some_and(|size| u64::from(u32::from_le_bytes(*size)) + 8 <= length)
        }
        _ => false,
    })
}

/// The last bytes, and how many there are in all.
fn end(reader: &mut dyn ReadSeek) -> io::Result<(Vec<u8>, u64)> {
    let length = reader.seek(SeekFrom::End(0))?;
    let from = length.saturating_sub(END);
    reader.seek(SeekFrom::Start(from))?;
    let mut end = Vec::new();
    reader.take(END).read_to_end(&mut end)?;
    Ok((end, length))
}
