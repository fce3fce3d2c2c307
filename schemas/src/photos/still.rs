//! What a still picture says about itself: when it was taken, and which movement belongs to it. EXIF of JPEG, HEIC, PNG,
//! WebP and TIFF (and raw pictures that are TIFF inside); XMP where there is no EXIF date, as in screenshots.

use std::io::{self, BufReader, Cursor, Read, Seek, SeekFrom};

use exif::{Exif, In, Reader, Tag, Value};
use jiff::civil::DateTime;

use super::model::zone::sound;
use crate::source::ReadSeek;

/// How much of a picture is looked at, in bytes: metadata stands at the beginning. In TIFF it may stand anywhere.
const BEGINNING: u64 = 256 << 10;
const TIFF: u64 = 4 << 20;

/// How much of a HEIC is read in all: its description, and the EXIF data where that says.
const HEIC: u64 = 4 << 20;

/// What a picture says about itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Still {
    /// What a clock showed when it was taken.
    pub(super) clock: Option<DateTime>,
    /// How far that clock was from UTC, in seconds.
    pub(super) offset: Option<i32>,
    /// Whether XMP says so, rather than EXIF.
    pub(super) is_by_xmp: bool,
    /// What it shares with the movement of a Live Photo.
    pub(super) content_identifier: Option<String>,
}

/// Reads what a picture says. What cannot be read says nothing.
pub(super) fn read(reader: &mut dyn ReadSeek) -> Still {
    let mut beginning = Vec::new();
    if reader.take(BEGINNING).read_to_end(&mut beginning).is_err() {
        return Still::default();
    }
    let mut still = exif(reader, &beginning).map(|exif| said(&exif)).unwrap_or_default();
    if still.clock.is_none()
        && let Some((clock, offset)) = packet(&beginning)
    {
        (still.clock, still.offset, still.is_by_xmp) = (Some(clock), offset, true);
    }
    still
}

fn exif(reader: &mut dyn ReadSeek, beginning: &[u8]) -> Option<Exif> {
    let mut read = Reader::new();
    read.continue_on_error(true);
    let partial = |error: exif::Error| error.distill_partial_result(|_| ());
    if beginning.get(4..8) == Some(b"ftyp") {
        reader.seek(SeekFrom::Start(0)).ok()?;
        let mut bounded = BufReader::new(Bounded { reader, left: HEIC });
        return read.read_from_container(&mut bounded).or_else(partial).ok();
    }
    if !beginning.starts_with(b"II*\0") && !beginning.starts_with(b"MM\0*") {
        return read.read_from_container(&mut Cursor::new(beginning)).or_else(partial).ok();
    }
    let mut tiff = beginning.to_vec();
    reader.take(TIFF - BEGINNING).read_to_end(&mut tiff).ok()?;
    read.read_raw(tiff).or_else(partial).ok()
}

/// A reader that ends after so many bytes, wherever they are.
struct Bounded<'r> {
    reader: &'r mut dyn ReadSeek,
    left: u64,
}

impl Read for Bounded<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = (&mut *self.reader).take(self.left).read(buffer)?;
        self.left = self.left.saturating_sub(u64::try_from(count).unwrap_or(u64::MAX));
        Ok(count)
    }
}

impl Seek for Bounded<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.reader.seek(to)
    }
}

fn said(exif: &Exif) -> Still {
    let text = |tag: Tag| {
        let field = exif.get_field(tag, In::PRIMARY)?;
        let Value::Ascii(parts) = &field.value else { return None };
        std::str::from_utf8(parts.first()?).ok().map(|text| text.trim_matches(['\0', ' ']).to_owned())
    };
    // When it was taken, when it was made digital, when the file was changed: the first that is a moment.
    let tags = [
        (Tag::DateTimeOriginal, Tag::OffsetTimeOriginal, Tag::SubSecTimeOriginal),
        (Tag::DateTimeDigitized, Tag::OffsetTimeDigitized, Tag::SubSecTimeDigitized),
        (Tag::DateTime, Tag::OffsetTime, Tag::SubSecTime),
    ];
    let mut still = Still { content_identifier: makers_identifier(exif), ..Still::default() };
    for (date, offset, fraction) in tags {
        let Some(moment) = text(date).and_then(|date| clock(&date, text(fraction).as_deref())) else { continue };
        (still.clock, still.offset) = (Some(moment), text(offset).and_then(|offset| distance(&offset)));
        break;
    }
    still
}

/// `2016:07:16 14:05:33`, and digits of a second. Cameras without a clock write zeros or blanks.
fn clock(date: &str, fraction: Option<&str>) -> Option<DateTime> {
    let number = |from: usize, to: usize| date.get(from..to)?.parse::<i16>().ok();
    let small = |from: usize| i8::try_from(number(from, from + 2)?).ok();
    let digits: String = fraction.unwrap_or_default().chars().take_while(char::is_ascii_digit).take(9).collect();
    let nanoseconds = format!("{digits:0<9}").parse().ok()?;
    let (hour, minute) = (small(11)?, small(14)?);
    let second = small(17).unwrap_or(0).min(59);
    DateTime::new(number(0, 4)?, small(5)?, small(8)?, hour, minute, second, nanoseconds).ok()
}

/// `+02:00` or `Z` in seconds.
fn distance(text: &str) -> Option<i32> {
    if text == "Z" {
        return Some(0);
    }
    let sign = match text.get(..1)? {
        "+" => 1,
        "-" => -1,
        _ => return None,
    };
    let digits = text.get(1..)?.replace(':', "");
    let part = |from: usize| digits.get(from..from + 2)?.parse::<i64>().ok();
    let (hours, minutes) = (part(0)?, if digits.len() > 2 { part(2)? } else { 0 });
    sound(sign * (hours * 3600 + minutes * 60)).filter(|_| minutes < 60)
}

/// The date in an XMP packet: the moment taken, else the moment made.
fn packet(beginning: &[u8]) -> Option<(DateTime, Option<i32>)> {
    const NAMES: [&str; 3] = ["exif:DateTimeOriginal", "photoshop:DateCreated", "xmp:CreateDate"];
    let start = memchr::memmem::find(beginning, b"<x:xmpmeta")?;
    let packet = String::from_utf8_lossy(beginning.get(start..)?);
    NAMES.iter().find_map(|name| {
        let after = packet.split_once(name)?.1;
        iso(after.trim_start_matches(['=', '"', '\'', '>', ' ']))
    })
}

/// `2016-07-16T14:05:33.5+02:00`, of which the fraction and the distance from UTC may be missing.
fn iso(text: &str) -> Option<(DateTime, Option<i32>)> {
    let end = text.find(['"', '\'', '<']).unwrap_or(text.len()).min(40);
    let text = text.get(..end)?.trim();
    let (date, rest) = text.split_at_checked(19)?;
    let (fraction, zone) = match rest.strip_prefix('.') {
        Some(rest) => rest.split_at(rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())),
        None => ("", rest),
    };
    Some((clock(&date.replace('-', ":").replace('T', " "), Some(fraction))?, distance(zone)))
}

/// A moment as QuickTime has it: as in XMP, with a distance from UTC.
pub(super) fn moment(text: &str) -> Option<(DateTime, Option<i32>)> {
    iso(text)
}

/// The identifier in Apple's maker's notes, which the movement of a Live Photo has too: entry 17 of a directory that stands
/// behind `Apple iOS` and counts from there (after exiftool).
fn makers_identifier(exif: &Exif) -> Option<String> {
    const IDENTIFIER: u16 = 17;
    let Value::Undefined(notes, _) = &exif.get_field(Tag::MakerNote, In::PRIMARY)?.value else { return None };
    notes.strip_prefix(b"Apple iOS\0")?;
    let short = |at: usize| notes.get(at..)?.first_chunk().map(|bytes| u16::from_be_bytes(*bytes));
    let long = |at: usize| {
        let number = notes.get(at..)?.first_chunk().map(|bytes| u32::from_be_bytes(*bytes))?;
        usize::try_from(number).ok()
    };
    let entries = (0..usize::from(short(14)?).min(256)).map(|number| 16 + number * 12);
    let entry = entries.into_iter().find(|at| short(*at) == Some(IDENTIFIER))?;
    let (start, length) = (long(entry + 8)?, long(entry + 4)?.min(128));
    let text = std::str::from_utf8(notes.get(start..start.checked_add(length)?)?).ok()?;
    Some(text.trim_matches(['\0', ' ']).to_owned()).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::shared_data;

    fn of(bytes: &[u8]) -> Still {
        read(&mut Cursor::new(bytes.to_vec()))
    }

    #[test]
    fn real_pictures_say_when_they_were_taken() {
        let Some(folder) = shared_data("photos") else { return };
        // As exiftool reads them.
        let known = [
            ("heic/IMG_1853.HEIC", "2023-03-23T10:19:38.409", Some(-25_200)),
            ("heic/IMG_3092.heic", "2020-09-19T14:36:26.719", Some(-25_200)),
            ("adjustments/IMG_3582.HEIC", "2025-05-26T09:27:06.603", Some(-18_000)),
            ("adjustments/IMG_1994.JPG", "2020-04-15T10:25:51", None),
        ];
        for (name, clock, offset) in known {
            let still = of(&std::fs::read(folder.join(name)).unwrap());
            assert_eq!((still.clock, still.offset), (Some(clock.parse().unwrap()), offset), "{name}");
        }
        let live = of(&std::fs::read(folder.join("live/IMG_3582.HEIC")).unwrap());
        assert_eq!(live.content_identifier.as_deref(), Some("602FEBB7-6B59-4799-96E6-9C8484D873C7"));
    }

    #[test]
    fn dates_that_are_none_say_nothing() {
        for text in ["0000:00:00 00:00:00", "    :  :     :  :  ", "", "2016:13:01 00:00:00", "yesterday"] {
            assert_eq!(clock(text, None), None, "{text}");
        }
        assert_eq!(clock("2016:07:16 14:05:33", Some("5 ")), Some("2016-07-16T14:05:33.5".parse().unwrap()));
        assert_eq!(
            ["+02:00", "-0330", "Z", "+99:00", "02:00", "+2"].map(distance)[..3],
            [Some(7_200), Some(-12_600), Some(0)]
        );
        assert_eq!(["+99:00", "02:00", "+2", ""].map(distance), [None; 4]);
    }

    #[test]
    fn packets_count_where_there_is_no_exif() {
        let packet = br#"....<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description xmp:CreateDate="2001-01-01T00:00:00"
            photoshop:DateCreated="2016-07-16T14:05:33.25+02:00"/></x:xmpmeta>"#;
        let still = of(packet);
        assert_eq!((still.clock, still.offset), (Some("2016-07-16T14:05:33.25".parse().unwrap()), Some(7_200)));
        assert!(still.is_by_xmp);
    }

    proptest! {
        #[test]
        fn damaged_pictures_harm_nothing(bytes in proptest::collection::vec(any::<u8>(), 0..400), kind in 0..6_usize) {
            let magic: [&[u8]; 6] = [b"", b"\xff\xd8\xff\xe1\0\x50Exif\0\0II*\0", b"II*\0", b"\x89PNG\r\n\x1a\n", b"\0\0\0\x18ftypheic", b"<x:xmpmeta exif:DateTimeOriginal="];
            let _ = of(&[magic[kind], &bytes].concat());
        }
    }
}
