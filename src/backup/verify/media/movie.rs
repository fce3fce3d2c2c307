//! The index of a movie or sound: where the samples of its tracks lie.

use super::boxes::{child, inside};

/// Whether a brand is one of movies and sounds, which always have an index.
pub(super) fn is_brand(brand: &[u8; 4]) -> bool {
    matches!(
        brand,
        b"qt  " | b"mp41" | b"mp42" | b"isom" | b"iso2" | b"iso4" | b"iso5" | b"iso6" | b"M4A " | b"M4V " | b"avc1"
    ) || brand.starts_with(b"3gp")
}

/// Whether the samples of all tracks lie within a file of this size, by the index (`moov`).
pub(super) fn fits(moov: &[u8], size: u64) -> bool {
    let tracks = inside(moov).filter(|(kind, _)| kind == b"trak");
    tracks.filter_map(|(_, track)| end_of_track(track)).all(|end| end <= size)
}

/// Where the last samples of a track end; `None` where it has none, or where they lie in another file.
fn end_of_track(track: &[u8]) -> Option<u64> {
    let media = child(child(track, b"mdia")?, b"minf")?;
    let is_elsewhere = child(media, b"dinf").and_then(|dinf| child(dinf, b"dref")).is_some_and(names_other_file);
    if is_elsewhere {
        return None;
    }
    let table = child(media, b"stbl")?;
    let (first, last, chunks) = match (child(table, b"stco"), child(table, b"co64")) {
        (Some(offsets), _) => last_of::<4>(offsets, |bytes| u64::from(u32::from_be_bytes(bytes)))?,
        (None, Some(offsets)) => last_of::<8>(offsets, u64::from_be_bytes)?,
        (None, None) => return None,
    };
    let length = (first <= last && chunks > 0).then(|| length_of_last_chunk(table)).flatten().unwrap_or(1);
    Some(last.saturating_add(length))
}

/// Whether one of the places for content is not the file itself, which the lowest flag of each says.
fn names_other_file(dref: &[u8]) -> bool {
    inside(dref.get(8..).unwrap_or_default()).any(|(_, entry)| entry.get(3).is_some_and(|flags| flags & 1 == 0))
}

/// Of a table of offsets: the first, the last and how many there are.
fn last_of<const N: usize>(table: &[u8], number: impl Fn([u8; N]) -> u64) -> Option<(u64, u64, usize)> {
    let count = usize::try_from(u32::from_be_bytes(*table.get(4..)?.first_chunk()?)).ok()?;
    let entries = table.get(8..)?.as_chunks::<N>().0.get(..count)?;
    Some((number(*entries.first()?), number(*entries.last()?), count))
}

/// How many bytes the samples of the last chunk have.
fn length_of_last_chunk(table: &[u8]) -> Option<u64> {
    let word = |bytes: &[u8], at: usize| Some(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?));
    let runs = child(table, b"stsc")?;
    let (run, _) = runs.get(8..)?.as_chunks::<12>().0.get(..usize::try_from(word(runs, 4)?).ok()?)?.split_last()?;
    let samples = usize::try_from(word(run, 4)?).ok()?;
    let sizes = child(table, b"stsz")?;
    let each = word(sizes, 4)?;
    if each != 0 {
        // Of sound without compression, the size counts samples in another way.
        return Some(1);
    }
    let all = sizes.get(12..)?.as_chunks::<4>().0.get(..usize::try_from(word(sizes, 8)?).ok()?)?;
    let last = all.get(all.len().checked_sub(samples)?..)?;
    Some(last.iter().map(|size| u64::from(u32::from_be_bytes(*size))).sum())
}
