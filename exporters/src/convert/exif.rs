//! The few numbers of EXIF data that describe how the pixels lie. Everything else is carried over byte by byte.

use std::io::Cursor;

use exif::experimental::Writer;
use exif::{In, Reader, Tag};

/// How the picture is to be turned (TIFF).
const ORIENTATION: u16 = 0x0112;
/// Where the EXIF part begins (TIFF).
const EXIF_IFD: u16 = 0x8769;
/// The width of the picture in pixels (EXIF).
const WIDTH: u16 = 0xa002;
/// The height of the picture in pixels (EXIF).
const HEIGHT: u16 = 0xa003;
/// A number of two bytes.
const SHORT: u16 = 3;
/// A number of four bytes.
const LONG: u16 = 4;
/// The length of an entry of a directory in bytes.
const ENTRY: usize = 12;

/// How the picture is to be turned, as the data says.
pub(super) fn orientation(tiff: &[u8]) -> Option<u32> {
    let mut copy = tiff.to_vec();
    let tiff = Tiff::new(&mut copy)?;
    tiff.number(tiff.entry(tiff.long(4)?, ORIENTATION)?)
}

/// Says that the pixels stand upright and how many there are. A thumbnail inside that lies on its side is cut off: it has
/// no orientation of its own that programs look at. Damaged data stays as it is.
pub(super) fn set_upright(tiff: &mut [u8], width: u32, height: u32) {
    let Some(mut tiff) = Tiff::new(tiff) else { return };
    let Some(first) = tiff.long(4) else { return };
    let turned = tiff.entry(first, ORIENTATION).is_some_and(|entry| tiff.number(entry) != Some(1));
    if let Some(entry) = tiff.entry(first, ORIENTATION) {
        tiff.set_number(entry, 1);
    }
    if turned && let Some(link) = tiff.end_of(first) {
        tiff.set_long(link, 0);
    }
    let details = tiff.entry(first, EXIF_IFD).and_then(|entry| tiff.number(entry));
    for (tag, pixels) in [(WIDTH, width), (HEIGHT, height)] {
        if let Some(entry) = details.and_then(|details| tiff.entry(details, tag)) {
            tiff.set_number(entry, pixels);
        }
    }
}

/// Makes the data fit into `room` bytes: without the thumbnail and the maker's notes, where it must be.
pub(super) fn fit(tiff: Vec<u8>, room: usize) -> Option<Vec<u8>> {
    if tiff.len() <= room {
        return Some(tiff);
    }
    let read = Reader::new().read_raw(tiff).ok()?;
    let mut writer = Writer::new();
    read.fields()
        .filter(|field| field.ifd_num == In::PRIMARY && field.tag != Tag::MakerNote)
        .for_each(|field| writer.push_field(field));
    let mut shorter = Cursor::new(Vec::new());
    writer.write(&mut shorter, false).ok()?;
    Some(shorter.into_inner()).filter(|shorter| shorter.len() <= room)
}

/// TIFF data that is looked into and changed in place.
struct Tiff<'a> {
    bytes: &'a mut [u8],
    is_little: bool,
}

impl<'a> Tiff<'a> {
    fn new(bytes: &'a mut [u8]) -> Option<Self> {
        let is_little = match bytes.get(..4)? {
            b"II*\0" => true,
            b"MM\0*" => false,
            _ => return None,
        };
        Some(Self { bytes, is_little })
    }

    fn short(&self, at: usize) -> Option<u16> {
        let bytes = self.bytes.get(at..)?.first_chunk()?;
        Some(if self.is_little { u16::from_le_bytes(*bytes) } else { u16::from_be_bytes(*bytes) })
    }

    fn long(&self, at: usize) -> Option<u32> {
        let bytes = self.bytes.get(at..)?.first_chunk()?;
        Some(if self.is_little { u32::from_le_bytes(*bytes) } else { u32::from_be_bytes(*bytes) })
    }

    fn set_short(&mut self, at: usize, value: u16) {
        if let Some(place) = self.bytes.get_mut(at..).and_then(<[u8]>::first_chunk_mut) {
            *place = if self.is_little { value.to_le_bytes() } else { value.to_be_bytes() };
        }
    }

    fn set_long(&mut self, at: usize, value: u32) {
        if let Some(place) = self.bytes.get_mut(at..).and_then(<[u8]>::first_chunk_mut) {
            *place = if self.is_little { value.to_le_bytes() } else { value.to_be_bytes() };
        }
    }

    /// Where the entry of `tag` in the directory at `directory` begins.
    fn entry(&self, directory: u32, tag: u16) -> Option<usize> {
        let start = usize::try_from(directory).ok()?;
        let count = usize::from(self.short(start)?);
        let mut places = (0..count).map(|number| start.saturating_add(2 + number * ENTRY));
        places.find(|place| self.short(*place) == Some(tag))
    }

    /// Where the link to the next directory is.
    fn end_of(&self, directory: u32) -> Option<usize> {
        let start = usize::try_from(directory).ok()?;
        start.checked_add(2 + usize::from(self.short(start)?) * ENTRY)
    }

    /// The number that an entry holds.
    fn number(&self, entry: usize) -> Option<u32> {
        let value = entry.checked_add(8)?;
        match (self.short(entry.checked_add(2)?)?, self.long(entry.checked_add(4)?)?) {
            (SHORT, 1) => self.short(value).map(u32::from),
            (LONG, 1) => self.long(value),
            _ => None,
        }
    }

    /// Changes the number that an entry holds, if it has room for it.
    fn set_number(&mut self, entry: usize, number: u32) {
        let value = entry.saturating_add(8);
        match (self.number(entry), self.short(entry.saturating_add(2)), u16::try_from(number)) {
            (Some(_), Some(SHORT), Ok(short)) => self.set_short(value, short),
            (Some(_), Some(LONG), _) => self.set_long(value, number),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use exif::{Exif, Field, Value};
    use proptest::prelude::*;

    use super::*;

    /// EXIF data as the crate `exif` writes it, with a thumbnail and maker's notes.
    fn tiff(orientation: u16, notes: usize, little: bool) -> Vec<u8> {
        let field = |tag, value| Field { tag, ifd_num: In::PRIMARY, value };
        let fields = [
            field(Tag::Orientation, Value::Short(vec![orientation])),
            field(Tag::PixelXDimension, Value::Long(vec![4032])),
            field(Tag::PixelYDimension, Value::Short(vec![3024])),
            field(Tag::Model, Value::Ascii(vec![b"iPhone".to_vec()])),
            field(Tag::DateTimeOriginal, Value::Ascii(vec![b"2020:09:19 14:36:26".to_vec()])),
            field(Tag::MakerNote, Value::Undefined(vec![7; notes], 0)),
        ];
        let mut writer = Writer::new();
        fields.iter().for_each(|field| writer.push_field(field));
        writer.set_jpeg(b"\xff\xd8\xff\xd9", In::THUMBNAIL);
        let mut bytes = Cursor::new(Vec::new());
        writer.write(&mut bytes, little).unwrap();
        bytes.into_inner()
    }

    fn read(tiff: Vec<u8>) -> Exif {
        Reader::new().read_raw(tiff).unwrap()
    }

    fn number(exif: &Exif, tag: Tag) -> Option<u32> {
        exif.get_field(tag, In::PRIMARY)?.value.get_uint(0)
    }

    #[test]
    fn only_what_describes_the_lie_of_the_pixels_changes() {
        for little in [true, false] {
            let before = tiff(6, 100, little);
            let mut after = before.clone();
            set_upright(&mut after, 3024, 4032);
            let changed = before.iter().zip(&after).filter(|(a, b)| a != b).count();
            assert!((1..=9).contains(&changed), "{changed} bytes differ");
            let exif = read(after);
            let numbers = [Tag::Orientation, Tag::PixelXDimension, Tag::PixelYDimension].map(|tag| number(&exif, tag));
            assert_eq!(numbers, [Some(1), Some(3024), Some(4032)]);
            assert!(exif.fields().all(|field| field.ifd_num == In::PRIMARY), "the thumbnail lies on its side");
            assert!(exif.get_field(Tag::Model, In::PRIMARY).is_some());
        }
    }

    #[test]
    fn a_thumbnail_that_stands_upright_stays() {
        let mut upright = tiff(1, 0, false);
        set_upright(&mut upright, 4032, 3024);
        assert!(read(upright).fields().any(|field| field.ifd_num == In::THUMBNAIL));
    }

    #[test]
    fn data_that_is_too_long_loses_the_makers_notes_alone() {
        let long = tiff(1, 70_000, true);
        let short = fit(long, 65_000).unwrap();
        let exif = read(short);
        assert!(exif.get_field(Tag::MakerNote, In::PRIMARY).is_none());
        assert!(exif.get_field(Tag::DateTimeOriginal, In::PRIMARY).is_some());
        assert_eq!(fit(tiff(1, 70_000, true), 10), None);
    }

    proptest! {
        #[test]
        fn damaged_data_harms_nothing(mut bytes in proptest::collection::vec(any::<u8>(), 0..200), header in 0..3u8) {
            let magic: &[u8] = match header { 0 => b"II*\0\x08\0\0\0", 1 => b"MM\0*\0\0\0\x08", _ => b"" };
            bytes.splice(..0, magic.iter().copied());
            let length = bytes.len();
            set_upright(&mut bytes, 1, 2);
            prop_assert_eq!(bytes.len(), length);
        }
    }
}
