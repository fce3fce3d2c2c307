//! Files made of boxes (the base media format, ISO/IEC 14496-12): HEIC and AVIF pictures, MOV and MP4 movies, M4A sounds.

use super::boxes::{BackupPart, header};
use super::{Form, movie, picture};
use crate::backup::bytes::ReadAt;

/// The largest index that is looked into, in bytes.
const LARGEST_INDEX: u64 = 64 << 20;

/// How many boxes a file may have at the outermost level; a fragmented movie has two for each second or so.
const MOST_BOXES: usize = 200_000;

/// What the outermost boxes are.
#[derive(Default)]
struct Outline {
    brands: Vec<[u8; 4]>,
    meta: Option<BackupPart>,
    moov: Option<BackupPart>,
    has_content: bool,
    is_fragment: bool,
}

/// Follows the outermost boxes, and looks into the index.
pub(super) fn form(bytes: &dyn ReadAt) -> Form {
    let outline = match outline(bytes) {
        Ok(outline) => outline,
        Err(why) => return Form::cut(why),
    };
    let is_picture = outline.brands.iter().any(picture::is_brand);
    match (outline.meta, outline.moov) {
        (Some(meta), None) if is_picture => index(bytes, meta).map_or(Form::Unknown, |meta| {
            verdict(picture::fits(&meta, bytes.size()), "the places that it names for its picture lie behind its end")
        }),
        (_, Some(moov)) => index(bytes, moov).map_or(Form::Unknown, |moov| {
            verdict(movie::fits(&moov, bytes.size()), "its last samples lie behind its end")
        }),
        _ if outline.is_fragment => Form::Sound,
        _ if is_picture => Form::cut("its list of contents is missing"),
        _ if outline.has_content || outline.brands.iter().any(movie::is_brand) => Form::cut("its index is missing"),
        _ => Form::Unknown,
    }
}

fn verdict(fits: bool, what: &str) -> Form {
    if fits { Form::Sound } else { Form::cut(what) }
}

fn outline(bytes: &dyn ReadAt) -> Result<Outline, &'static str> {
    let mut outline = Outline::default();
    let mut position = 0;
    for _ in 0..MOST_BOXES {
        let Some(found) = header(bytes, position) else { break };
        if found.end > bytes.size() {
            // Behind a whole file, anything may follow.
            let is_known = matches!(&found.kind, b"ftyp" | b"mdat" | b"moov" | b"meta" | b"moof" | b"free" | b"skip");
            return if is_known || position == 0 { Err("a part of it ends behind its end") } else { Ok(outline) };
        }
        match &found.kind {
            b"ftyp" => outline.brands = brands(bytes, found),
            b"meta" => outline.meta = Some(found),
            b"moov" => outline.moov = Some(found),
            b"mdat" => outline.has_content = true,
            b"moof" | b"styp" | b"sidx" => outline.is_fragment = true,
            _ => {}
        }
        position = found.end;
    }
    Ok(outline)
}

fn brands(bytes: &dyn ReadAt, found: BackupPart) -> Vec<[u8; 4]> {
    let mut content = vec![0; usize::try_from(found.end - found.start).unwrap_or(0).min(256)];
    let read = bytes.read_at(found.start, &mut content).unwrap_or(0);
    let words = content.get(..read).unwrap_or_default().as_chunks::<4>().0;
    // The first is the brand, the second its version.
    words.iter().enumerate().filter(|(place, _)| *place != 1).map(|(_, word)| *word).collect()
}

/// Reads an index as a whole; `None` when it is larger than any real one.
fn index(bytes: &dyn ReadAt, found: BackupPart) -> Option<Vec<u8>> {
    let size = found.end - found.start;
    if size > LARGEST_INDEX {
        return None;
    }
    let mut content = vec![0; usize::try_from(size).ok()?];
    let read = bytes.read_at(found.start, &mut content).ok()?;
    (read == content.len()).then_some(content)
}
