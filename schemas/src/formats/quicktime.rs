//! What a movie says about itself: when it was taken, and which still picture it belongs to.
//!
//! QuickTime and MP4 files are trees of atoms: a length, a name of four letters, a content. iPhones write
//! `moov/meta/keys` and `ilst` (`com.apple.quicktime.creationdate`, `…content.identifier`), iPhones of iOS 3 and 4
//! `moov/udta/©day`, everything else the seconds since 1904 of `moov/mvhd` (QuickTime File Format, ISO/IEC 14496-12). Of a
//! file only the heads of atoms and these contents are read.

use std::io::{self, Read, Seek, SeekFrom};

use jiff::Timestamp;

mod words;

pub use words::{LONGEST_WORDS, words};

/// The most atoms that are looked at beside each other.
const ATOMS: usize = 512;

/// The longest description that is read, in bytes. Those of iPhones have about 700.
const DESCRIPTION: u64 = 256 << 10;

/// Seconds between 1904-01-01 and 1970-01-01, both UTC.
const SINCE_1904: u64 = 2_082_844_800;

/// What a movie says about itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Movie {
    /// When it was taken, as text with the distance from UTC: `2016-07-16T14:05:33+0200`.
    pub taken: Option<String>,
    /// When it was made, by its header.
    pub made: Option<Timestamp>,
    /// What it shares with the still picture of a Live Photo.
    pub content_identifier: Option<String>,
}

/// Reads what a movie says. A file that is no movie says nothing.
///
/// # Errors
/// Those of the reader.
pub fn read(reader: &mut (impl Read + Seek)) -> io::Result<Movie> {
    let end = reader.seek(SeekFrom::End(0))?;
    let mut movie = Movie::default();
    let Some(moov) = atoms(reader, 0, end)?.into_iter().find(|atom| atom.name == *b"moov") else { return Ok(movie) };
    for atom in atoms(reader, moov.start, moov.end)? {
        match &atom.name {
            b"mvhd" => movie.made = made(&content(reader, &atom, 32)?),
            b"meta" => described(&content(reader, &atom, DESCRIPTION)?, &mut movie),
            b"udta" => {
                let days = atoms(reader, atom.start, atom.end)?.into_iter().find(|part| part.name == *b"\xa9day");
                if let Some(day) = days {
                    let text = content(reader, &day, 128)?;
                    // A length and a language stand before the text.
                    movie.taken = movie.taken.take().or_else(|| plain(text.get(4..)?));
                }
            }
            _ => {}
        }
    }
    Ok(movie)
}

/// Whether a file of atoms goes on to the end of its last one. A movie that was cut off does not.
///
/// # Errors
/// Those of the reader.
pub fn is_complete(reader: &mut (impl Read + Seek)) -> io::Result<bool> {
    let end = reader.seek(SeekFrom::End(0))?;
    let atoms = atoms(reader, 0, end)?;
    let is_long = atoms.len() >= ATOMS;
    Ok(is_long || atoms.last().is_some_and(|last| end - last.end < 8))
}

/// Where an atom's content is.
struct Atom {
    name: [u8; 4],
    start: u64,
    end: u64,
}

/// The atoms from one place to another, as far as their lengths make sense.
fn atoms(reader: &mut (impl Read + Seek), from: u64, to: u64) -> io::Result<Vec<Atom>> {
    let (mut found, mut at) = (Vec::new(), from);
    while found.len() < ATOMS && to.saturating_sub(at) >= 8 {
        reader.seek(SeekFrom::Start(at))?;
        let mut head = Vec::with_capacity(16);
        reader.by_ref().take(16).read_to_end(&mut head)?;
        let (Some(short), Some(name)) = (head.first_chunk(), head.get(4..).and_then(<[u8]>::first_chunk)) else {
            break;
        };
        let (header, length) = match (u32::from_be_bytes(*short), head.get(8..).and_then(<[u8]>::first_chunk)) {
            (0, _) => (8, to - at),
            (1, Some(long)) => (16, u64::from_be_bytes(*long)),
            (length, _) => (8, u64::from(length)),
        };
        let Some(end) = at.checked_add(length).filter(|end| length >= header && *end <= to) else { break };
        found.push(Atom { name: *name, start: at + header, end });
        at = end;
    }
    Ok(found)
}

fn content(reader: &mut (impl Read + Seek), atom: &Atom, most: u64) -> io::Result<Vec<u8>> {
    reader.seek(SeekFrom::Start(atom.start))?;
    let mut bytes = Vec::new();
    reader.by_ref().take((atom.end - atom.start).min(most)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The moment in a header. 0 stands for none, and so does the year 1970 for programs that count from there.
fn made(header: &[u8]) -> Option<Timestamp> {
    let seconds = match header.first()? {
        0 => u64::from(u32::from_be_bytes(*header.get(4..)?.first_chunk()?)),
        _ => u64::from_be_bytes(*header.get(4..)?.first_chunk()?),
    };
    let since = seconds.checked_sub(SINCE_1904).filter(|since| *since > 86_400)?;
    Timestamp::from_second(i64::try_from(since).ok()?).ok()
}

/// Keys and values of `meta`, which begins with a version in MP4 and without in QuickTime.
fn described(meta: &[u8], movie: &mut Movie) {
    let inner = if meta.get(4..8) == Some(b"hdlr") { Some(meta) } else { meta.get(4..) };
    let parts: Vec<(&[u8], &[u8])> = inside(inner.unwrap_or_default()).collect();
    let part = |name: &[u8]| parts.iter().find(|(known, _)| *known == name).map(|(_, content)| *content);
    let (Some(keys), Some(values)) = (part(b"keys"), part(b"ilst")) else { return };
    let keys: Vec<&[u8]> = inside(keys.get(8..).unwrap_or_default()).map(|(_, key)| key).collect();
    for (number, value) in inside(values) {
        let number = <[u8; 4]>::try_from(number).map(u32::from_be_bytes).ok();
        let key = number.and_then(|number| keys.get(usize::try_from(number).ok()?.checked_sub(1)?));
        let text = inside(value).find(|(name, _)| *name == b"data").and_then(|(_, data)| plain(data.get(8..)?));
        match key.copied() {
            Some(b"com.apple.quicktime.creationdate") => movie.taken = text.or(movie.taken.take()),
            Some(b"com.apple.quicktime.content.identifier") => movie.content_identifier = text,
            _ => {}
        }
    }
}

/// Atoms in memory: names and contents.
fn inside(mut bytes: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    std::iter::from_fn(move || {
        let length = usize::try_from(u32::from_be_bytes(*bytes.first_chunk()?)).ok()?;
        let atom = bytes.get(..length).filter(|atom| atom.len() >= 8)?;
        bytes = bytes.get(length..)?;
        Some((atom.get(4..8)?, atom.get(8..)?))
    })
    .take(ATOMS)
}

fn plain(bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok()?.trim_matches(['\0', ' ']);
    (!text.is_empty() && text.len() <= 128).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;
    use crate::testing::shared_data;

    fn atom(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
        [&u32::try_from(content.len() + 8).unwrap().to_be_bytes(), &name[..], content].concat()
    }

    fn movie(moov: &[u8]) -> Movie {
        let file = [atom(b"ftyp", b"qt  \0\0\0\0"), atom(b"mdat", &[0; 100]), atom(b"moov", moov)].concat();
        read(&mut Cursor::new(file)).unwrap()
    }

    #[test]
    fn real_movements_say_when_they_were_taken_and_what_they_belong_to() {
        let Some(folder) = shared_data("photos/live") else { return };
        // As exiftool reads them.
        let known = [
            ("IMG_3582.mov", "2025-05-26T09:27:06-0500", "602FEBB7-6B59-4799-96E6-9C8484D873C7"),
            ("IMG_4394.mov", "2025-08-06T17:14:21-0500", "ED2A2552-C906-486E-9DA5-17DABDF672A7"),
        ];
        for (name, taken, identifier) in known {
            let movie = read(&mut std::fs::File::open(folder.join(name)).unwrap()).unwrap();
            assert_eq!((movie.taken.as_deref(), movie.content_identifier.as_deref()), (Some(taken), Some(identifier)));
            assert!(movie.made.is_some());
        }
    }

    #[test]
    fn a_header_alone_gives_a_moment_unless_nobody_set_it() {
        let header = |seconds: u64| {
            movie(&atom(b"mvhd", &[&[0; 4][..], &u32::try_from(seconds).unwrap().to_be_bytes()].concat()))
        };
        assert_eq!(header(SINCE_1904 + 1_468_670_733).made.unwrap().as_second(), 1_468_670_733);
        assert_eq!([header(0).made, header(SINCE_1904).made], [None, None]);
        let old = movie(&atom(b"udta", &atom(b"\xa9day", b"\0\x18\x55\xc42010-07-16T14:05:33+0200")));
        assert_eq!(old.taken.as_deref(), Some("2010-07-16T14:05:33+0200"));
    }

    proptest! {
        #[test]
        fn damaged_movies_harm_nothing(bytes in proptest::collection::vec(any::<u8>(), 0..300), at in 0..40_usize) {
            let mut file = [atom(b"ftyp", b"qt  "), atom(b"moov", &[atom(b"mvhd", &bytes), atom(b"meta", &bytes)].concat())].concat();
            let place = at % file.len();
            file[place] = file[place].wrapping_add(bytes.first().copied().unwrap_or(1));
            let _ = read(&mut Cursor::new(file));
        }
    }
}
