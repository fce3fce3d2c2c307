//! How large a picture is shown, read from its beginning. A page that knows does not jump while it loads.

use std::io::{self, BufReader, Cursor, Read, Seek};

use exif::{In, Reader, Tag};

/// How much of a file is looked at, in bytes. Sizes stand behind the Exif data, which has at most 64 KiB.
const BEGINNING: u64 = 128 * 1024;

/// The largest side that is believed, in pixels.
const LARGEST: usize = 100_000;

/// Width and height in pixels, as the picture is to be held. `None` for what is no picture that browsers show.
/// Leaves the reader at its start.
pub(super) fn dimensions(mut reader: impl Read + Seek) -> io::Result<Option<(u32, u32)>> {
    let mut beginning = Vec::new();
    reader.by_ref().take(BEGINNING).read_to_end(&mut beginning)?;
    reader.rewind()?;
    let Ok(size) = imagesize::blob_size(&beginning) else { return Ok(None) };
    let side = |side: usize| u32::try_from(side).ok().filter(|_| (1..=LARGEST).contains(&side));
    let sides = side(size.width).zip(side(size.height));
    Ok(sides.map(|(width, height)| if is_turned(&beginning) { (height, width) } else { (width, height) }))
}

/// Whether the picture is stored lying on its side: orientations 5 to 8 of Exif.
fn is_turned(beginning: &[u8]) -> bool {
    let data = Reader::new().read_from_container(&mut BufReader::new(Cursor::new(beginning)));
    let orientation = data.ok().and_then(|exif| exif.get_field(Tag::Orientation, In::PRIMARY)?.value.get_uint(0));
    matches!(orientation, Some(5..=8))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The beginning of a JPEG of 3 by 2 pixels with an Exif orientation.
    fn jpeg(orientation: u8) -> Vec<u8> {
        let tiff = [b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0", &[orientation][..], b"\0\0\0\0\0\0"].concat();
        let exif = [b"Exif\0\0".as_slice(), &tiff].concat();
        let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
        let frame = b"\xff\xc0\0\x11\x08\0\x02\0\x03\x03\x01\x11\0\x02\x11\0\x03\x11\0";
        [b"\xff\xd8\xff\xe1".as_slice(), &length, &exif, frame, b"\xff\xd9"].concat()
    }

    #[test]
    fn a_picture_is_as_wide_as_it_is_held() {
        for (orientation, expected) in [(1, (3, 2)), (3, (3, 2)), (6, (2, 3)), (8, (2, 3))] {
            assert_eq!(dimensions(Cursor::new(jpeg(orientation))).unwrap(), Some(expected), "{orientation}");
        }
    }

    #[test]
    fn what_is_no_picture_has_no_size() {
        let huge = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xff\xff\xff\xff\xff\xff\xff\xff\x08\x02\0\0\0".to_vec();
        for bytes in [Vec::new(), b"text".to_vec(), huge, jpeg(1).into_iter().take(40).collect()] {
            assert_eq!(dimensions(Cursor::new(bytes)).unwrap(), None);
        }
    }
}
