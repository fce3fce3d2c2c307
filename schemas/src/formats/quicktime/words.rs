//! The words of a voice memo, which the device writes into the sound itself since iOS 18.
//!
//! An `.m4a` has them in `moov/trak/udta/tsrp`, a `.qta` in `moov/trak/meta`, as the value of the key
//! `com.apple.VoiceMemos.tsrp`: the two identifiers that Apple's own code asks for. Keys and values belong together within one
//! `meta` only; a file has several.

use std::io::{self, Read, Seek, SeekFrom};

use super::{Atom, atoms, content, inside};

/// The longest words that are read, in bytes. Three hours of speech make about two million.
pub const LONGEST_WORDS: u64 = 4 << 20;

/// The name of the words in a `.qta`.
const KEY: &[u8] = b"com.apple.VoiceMemos.tsrp";

/// The words of a voice memo as they are stored: JSON. `None` where there are none; what is longer than [`LONGEST_WORDS`] is cut
/// one byte behind that.
///
/// # Errors
/// Those of the reader.
pub fn words(reader: &mut (impl Read + Seek)) -> io::Result<Option<Vec<u8>>> {
    let end = reader.seek(SeekFrom::End(0))?;
    let Some(moov) = atoms(reader, 0, end)?.into_iter().find(|atom| atom.name == *b"moov") else { return Ok(None) };
    let inside_moov = atoms(reader, moov.start, moov.end)?;
    let tracks = inside_moov.iter().filter(|atom| atom.name == *b"trak");
    for track in tracks {
        for part in atoms(reader, track.start, track.end)? {
            if let Some(found) = of_part(reader, &part)? {
                return Ok(Some(found));
            }
        }
    }
    // Nobody has seen them there; other fields of this kind are.
    for part in &inside_moov {
        if let Some(found) = of_part(reader, part)? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

fn of_part(reader: &mut (impl Read + Seek), part: &Atom) -> io::Result<Option<Vec<u8>>> {
    match &part.name {
        b"udta" => {
            let own = atoms(reader, part.start, part.end)?.into_iter().find(|atom| atom.name == *b"tsrp");
            own.map(|own| content(reader, &own, LONGEST_WORDS + 1)).transpose()
        }
        b"meta" => {
            // Its own head, keys and other values take little beside the words.
            let meta = content(reader, part, LONGEST_WORDS + (64 << 10))?;
            Ok(of_keys(&meta).map(<[u8]>::to_vec))
        }
        _ => Ok(None),
    }
}

/// The value of [`KEY`]. `meta` begins with a version in MP4 and without in QuickTime.
fn of_keys(meta: &[u8]) -> Option<&[u8]> {
    let is_quicktime = matches!(meta.get(4..8), Some(b"hdlr" | b"keys" | b"ilst"));
    let parts: Vec<(&[u8], &[u8])> = inside(if is_quicktime { meta } else { meta.get(4..)? }).collect();
    let part = |name: &[u8]| parts.iter().find(|(known, _)| *known == name).map(|(_, content)| *content);
    let place = inside(part(b"keys")?.get(8..)?).position(|(_, key)| key == KEY)?;
    let number = u32::try_from(place + 1).ok()?.to_be_bytes();
    let (_, value) = inside(part(b"ilst")?).find(|(name, _)| *name == number)?;
    let (_, data) = inside(value).find(|(name, _)| *name == b"data")?;
    data.get(8..)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;

    fn atom(name: &[u8], content: &[u8]) -> Vec<u8> {
        [&u32::try_from(content.len() + 8).unwrap().to_be_bytes(), name, content].concat()
    }

    fn file(in_track: &[u8]) -> Vec<u8> {
        let moov = atom(b"moov", &[atom(b"mvhd", &[0; 100]), atom(b"trak", in_track)].concat());
        [atom(b"ftyp", b"M4A \0\0\0\0"), atom(b"mdat", &[0; 100]), moov].concat()
    }

    fn keyed(version: &[u8], number: u32, value: &[u8]) -> Vec<u8> {
        let keys = [&[0; 4][..], &2_u32.to_be_bytes(), &atom(b"mdta", b"other"), &atom(b"mdta", KEY)].concat();
        let data = atom(b"data", &[&[0, 0, 0, 1, 0, 0, 0, 0], value].concat());
        let handler = atom(b"hdlr", &[0; 24]);
        let parts = [version, &handler, &atom(b"keys", &keys), &atom(b"ilst", &atom(&number.to_be_bytes(), &data))];
        atom(b"meta", &parts.concat())
    }

    fn found(file: Vec<u8>) -> Option<Vec<u8>> {
        words(&mut Cursor::new(file)).unwrap()
    }

    #[test]
    fn words_are_found_where_each_type_of_file_has_them() {
        let words = Some(b"{}".to_vec());
        assert_eq!(found(file(&atom(b"udta", &[atom(b"name", b"x"), atom(b"tsrp", b"{}")].concat()))), words);
        assert_eq!(found(file(&keyed(b"", 2, b"{}"))), words);
        assert_eq!(found(file(&keyed(&[0; 4], 2, b"{}"))), words);
        // A second `meta` has keys and values of its own.
        let both = [keyed(b"", 1, b"no"), keyed(b"", 2, b"{}")].concat();
        assert_eq!(found(file(&both)), words);
    }

    #[test]
    fn a_file_without_words_has_none() {
        assert_eq!(found(file(&keyed(b"", 1, b"{}"))), None);
        assert_eq!(found(file(&atom(b"udta", &[]))), None);
        assert_eq!(found(b"#!AMR\n".to_vec()), None);
        assert_eq!(found(Vec::new()), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_to_their_end(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            found(file(&atom(b"meta", &bytes)));
            found(file(&bytes));
            found(bytes);
        }
    }
}
