//! What kinds of sound and picture a film container has, and whether browsers play any of them.
//!
//! Phones of other makers send AMR and H.263 in 3GPP containers: browsers open them, and stay dumb and black.

use std::io::{self, Read, Seek, SeekFrom};

/// The most that is read of a description, in bytes.
const LONGEST: u64 = 8 << 20;

/// More boxes than these are on no outermost level.
const MOST_BOXES: usize = 10_000;

/// Why browsers do not play a file that may be a film container: all that it has is of kinds that they do not know. `None`
/// for what they may play, and for anything else.
///
/// # Errors
/// Those of the reader.
pub fn deaf(file: &mut (impl Read + Seek + ?Sized)) -> io::Result<Option<String>> {
    let kinds = match description(file)? {
        Some(description) => kinds(&description),
        None => return Ok(None),
    };
    let is_deaf = !kinds.is_empty() && kinds.iter().all(is_unknown);
    let names: Vec<String> = kinds.iter().map(|kind| String::from_utf8_lossy(kind).trim().to_owned()).collect();
    Ok(is_deaf.then(|| format!("browsers do not play its kinds of sound and picture ({})", names.join(", "))))
}

/// The box that describes all tracks.
fn description(file: &mut (impl Read + Seek + ?Sized)) -> io::Result<Option<Vec<u8>>> {
    let mut at = 0;
    for number in 0..MOST_BOXES {
        file.seek(SeekFrom::Start(at))?;
        let mut head = Vec::new();
        file.take(16).read_to_end(&mut head)?;
        let Some(([a, b, c, d, kind @ ..], rest)) = head.split_first_chunk::<8>() else { return Ok(None) };
        if number == 0 && kind != b"ftyp" {
            return Ok(None);
        }
        let length = match (u32::from_be_bytes([*a, *b, *c, *d]), rest.first_chunk()) {
            (0, _) => return Ok(None),
            (1, Some(long)) => u64::from_be_bytes(*long),
            (short, _) => u64::from(short),
        };
        if kind == b"moov" {
            let mut description = Vec::new();
            file.seek(SeekFrom::Start(at))?;
            file.take(length.min(LONGEST)).read_to_end(&mut description)?;
            return Ok(Some(description));
        }
        let Some(next) = at.checked_add(length.max(8)) else { return Ok(None) };
        at = next;
    }
    Ok(None)
}

/// The kinds of all tracks of sound and picture: the first entry of each list of samples.
fn kinds(description: &[u8]) -> Vec<[u8; 4]> {
    let lists = description.windows(20).filter(|window| window.starts_with(b"stsd"));
    let mut kinds: Vec<[u8; 4]> = lists.filter_map(|window| window.get(16..20)?.try_into().ok()).collect();
    // Tracks of text and data are neither.
    kinds.retain(|kind| !matches!(kind, b"text" | b"tx3g" | b"tmcd" | b"mebx" | b"mp4s"));
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

/// Kinds that no browser plays everywhere: AMR, QCELP, EVRC, ALAC, ADPCM; H.263, MPEG-4 part 2, SVQ, Cinepak.
fn is_unknown(kind: &[u8; 4]) -> bool {
    matches!(
        kind,
        b"samr"
            | b"sawb"
            | b"sqcp"
            | b"Qclp"
            | b"sevc"
            | b"alac"
            | b"ima4"
            | b"QDM2"
            | b"QDMC"
            | b"ms\0\x11"
            | b"s263"
            | b"h263"
            | b"mp4v"
            | b"SVQ1"
            | b"SVQ3"
            | b"cvid"
    )
}
