//! The pictures of contacts: `AddressBookImages.sqlitedb`.
//!
//! `ABFullSizeImage` has the picture as it was chosen, with the square of it that the device shows; `ABThumbnailImage` has
//! what the device draws, in several formats of which the highest number is the largest. `record_id` is the row of the
//! card. Data is JPEG or PNG, seldom HEIC; what begins like no picture is none. Up to iOS 4 one table, `ABImage`, had both.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::IMAGES;
use crate::database::{Column as _, Row, Schema, blob, columns, each_row, each_row_both_ways, integer, value};
use crate::skipped::Skipped;
use crate::source::{Absence, Database, Entry, EntryKind, Presence, Source, SourceError};

/// What reports call the pictures.
const PICTURES: &str = "the pictures of contacts";

/// The kinds of pictures that are known, by how they begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Image {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// GIF.
    Gif,
    /// HEIC and HEIF.
    Heic,
    /// TIFF.
    Tiff,
    /// WebP.
    WebP,
}

impl Image {
    /// The kind of picture that begins so.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let brand = bytes.get(4..12);
        match bytes {
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => Some(Self::Png),
            [b'G', b'I', b'F', b'8', ..] => Some(Self::Gif),
            [b'I', b'I', b'*', 0, ..] | [b'M', b'M', 0, b'*', ..] => Some(Self::Tiff),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::WebP),
            _ if matches!(brand, Some(b"ftypheic" | b"ftypheix" | b"ftypmif1" | b"ftypmsf1" | b"ftypheim")) => {
                Some(Self::Heic)
            }
            _ => None,
        }
    }

    /// The media type.
    pub fn mime(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Gif => "image/gif",
            Self::Heic => "image/heic",
            Self::Tiff => "image/tiff",
            Self::WebP => "image/webp",
        }
    }

    /// The ending of file names, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Gif => "gif",
            Self::Heic => "heic",
            Self::Tiff => "tiff",
            Self::WebP => "webp",
        }
    }
}

/// The square of a picture that the device shows, in pixels from the left and from the bottom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Crop {
    /// The left edge.
    pub x: i64,
    /// The lower edge.
    pub y: i64,
    /// Width and height.
    pub width: i64,
}

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photo {
    /// The file, as it is stored.
    pub bytes: Vec<u8>,
    /// Its kind.
    pub image: Image,
    /// What of it is shown, where it is the whole picture.
    pub crop: Option<Crop>,
}

/// The picture of a card, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// The card.
    pub card: i64,
    /// What tells it from other pictures of the contact: see [`number_of`](Self::number_of).
    pub number: usize,
    /// What of it is shown, where it is the whole picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crop: Option<Crop>,
    /// Where it lies, as if it were a file: no backup has such a path.
    pub entry: Entry,
}

impl Picture {
    /// The number of a picture of so many bytes: a prime leaves few that are equal, and is less than other numbers of files.
    pub fn number_of(length: u64) -> usize {
        usize::try_from(length % 65_521).unwrap_or_default()
    }

    /// Whether it lies in an export, which no path of a device tells.
    pub fn is_in_export(&self) -> bool {
        self.entry.domain != IMAGES.0
    }
}

columns! {
    /// The columns of pictures beside the picture itself.
    enum Column { Card = "record_id", Format = "format", X = "crop_x", Y = "crop_y", Width = "crop_width" }
}

/// Where a picture lies.
#[derive(Debug, Clone, Copy)]
struct PhotoLocation {
    table: &'static str,
    row: i64,
    /// In bytes.
    length: i64,
    crop: Option<Crop>,
    /// What is taken first: the whole picture, then the largest thumbnail.
    rank: i64,
}

/// A database that stays open.
struct Opened {
    connection: Mutex<Connection>,
    /// What the connection reads from.
    _database: Arc<dyn Database>,
}

/// The pictures of a device. One is read at a time; threads may ask at once.
#[derive(Default)]
pub struct Photos {
    opened: Option<Opened>,
    places: HashMap<i64, Vec<PhotoLocation>>,
    skipped: Vec<Skipped>,
    absence: Option<Absence>,
}

impl Photos {
    /// Larger pictures are not believed, in bytes.
    pub const LARGEST: i64 = 32 << 20;

    /// Finds the pictures of a device. A device without them gives none; damaged ones give what they can, and the rest is
    /// in [`skipped`](Self::skipped).
    pub fn open(source: &dyn Source) -> Self {
        let damaged =
            |why: &dyn std::fmt::Display| Self { skipped: vec![Skipped::new(PICTURES, why)], ..Self::default() };
        let open = |database: Arc<dyn Database>| Ok((database.connect()?, database));
        match source.database(IMAGES.0, IMAGES.1).and_then(open) {
            Ok((connection, database)) => Self::of(connection, database).unwrap_or_else(|error| damaged(&error)),
            Err(SourceError::Missing { .. }) => Self::default(),
            Err(SourceError::Absent { why, .. }) => Self { absence: Some(why), ..Self::default() },
            Err(SourceError::Unreadable { why, .. }) => damaged(&why),
            Err(error) => damaged(&error),
        }
    }

    fn of(connection: Connection, database: Arc<dyn Database>) -> rusqlite::Result<Self> {
        let schema = Schema::probe(&connection)?;
        let mut own = Self::default();
        for (table, is_full_size) in [("ABFullSizeImage", true), ("ABThumbnailImage", false), ("ABImage", false)] {
            if !schema.has_column(table, "data") {
                continue;
            }
            let columns = schema.columns(table, "i", Column::NAMES);
            // The length stands before the data: no picture is read for it.
            let sql = format!("SELECT i.ROWID, {columns}, length(i.data) FROM {table} i");
            let places = &mut own.places;
            let read = each_row_both_ways(&connection, &sql, &mut |row| {
                let (id, row) = (integer(row, 0), Row::queried(row, 1));
                let (Some(id), Some(card)) = (id, row.integer(Column::Card)) else { return };
                let length = value::integer(row.behind(0)).filter(|length| (1..=Self::LARGEST).contains(length));
                let Some(length) = length else { return };
                let [x, y, width] = [Column::X, Column::Y, Column::Width].map(|column| row.integer(column));
                let crop = x.zip(y).zip(width.filter(|width| *width > 0)).filter(|_| is_full_size);
                let crop = crop.map(|((x, y), width)| Crop { x, y, width });
                let rank = if is_full_size { i64::MAX } else { row.integer(Column::Format).unwrap_or_default() };
                places.entry(card).or_default().push(PhotoLocation { table, row: id, length, crop, rank });
            });
            own.skipped.extend(read.err().map(|error| Skipped::new("some pictures of contacts", error)));
        }
        own.places.values_mut().for_each(|places| places.sort_by_key(|place| std::cmp::Reverse(place.rank)));
        own.opened = Some(Opened { connection: Mutex::new(connection), _database: database });
        Ok(own)
    }

    /// What could not be read when the pictures were looked for.
    pub fn skipped(&self) -> &[Skipped] {
        &self.skipped
    }

    /// Why there are no pictures, where the source records them and does not hold them.
    pub fn absence(&self) -> Option<Absence> {
        self.absence
    }

    /// How many cards have one.
    pub fn count(&self) -> usize {
        self.places.len()
    }

    /// Whether one of these cards (rows of [`Contact::cards`](super::Contact::cards) or of
    /// [`Person::cards`](crate::people::Person::cards)) has a picture, without reading it.
    pub fn has(&self, cards: &[i64]) -> bool {
        cards.iter().any(|card| self.places.contains_key(card))
    }

    /// The pictures of these cards, without reading them. A picture that is changed gets another number.
    pub fn of_contact(&self, cards: &[i64]) -> Vec<Picture> {
        let mut pictures: Vec<Picture> = Vec::new();
        for card in cards {
            let Some(place) = self.places.get(card).and_then(|places| places.first()) else { continue };
            let mut number = Picture::number_of(place.length.unsigned_abs());
            while pictures.iter().any(|other| other.number == number) {
                number += 1;
            }
            let entry = Entry {
                id: 0,
                domain: IMAGES.0.to_owned(),
                path: format!("{}/card {card}", IMAGES.1),
                kind: EntryKind::File,
                size_hint: None,
                modified: None,
                created: None,
                presence: Presence::Present,
            };
            pictures.push(Picture { card: *card, number, crop: place.crop, entry });
        }
        pictures
    }

    /// The picture of the first of these cards that has one: the whole picture, else the largest thumbnail.
    ///
    /// # Errors
    /// That there is one and it cannot be read, or is none.
    pub fn of_cards(&self, cards: &[i64]) -> Result<Option<Photo>, Skipped> {
        let mut failed = None;
        for card in cards {
            for place in self.places.get(card).into_iter().flatten() {
                match self.read(place) {
                    Ok(Some(photo)) => return Ok(Some(photo)),
                    Ok(None) => failed = failed.or(Some((card, "it begins like no picture".to_owned()))),
                    Err(error) => failed = failed.or(Some((card, error.to_string()))),
                }
            }
        }
        match failed {
            Some((card, why)) => Err(Skipped::new(format!("the picture of card {card}"), why)),
            None => Ok(None),
        }
    }

    /// Hands out the pictures of these cards beside the one that [`of_cards`](Self::of_cards) gives, each with its card and
    /// each content once; and what cannot be read of them.
    pub fn more_of_cards(&self, cards: &[i64], take: &mut dyn FnMut(i64, Result<Photo, Skipped>)) {
        let with: Vec<i64> = cards.iter().filter(|card| self.places.contains_key(card)).copied().collect();
        if with.len() < 2 {
            return;
        }
        let (mut seen, mut is_first, mut failed) = (HashSet::new(), true, Vec::new());
        for card in with {
            match self.of_cards(&[card]) {
                Ok(Some(photo)) => {
                    if seen.insert(Sha256::digest(&photo.bytes)) && !take_first(&mut is_first) {
                        take(card, Ok(photo));
                    }
                }
                Ok(None) => {}
                Err(skipped) => failed.push((card, skipped)),
            }
        }
        // Where none can be read, the first is what is said of the contact's own picture.
        failed.into_iter().skip(usize::from(is_first)).for_each(|(card, skipped)| take(card, Err(skipped)));
    }

    fn read(&self, place: &PhotoLocation) -> rusqlite::Result<Option<Photo>> {
        let Some(opened) = &self.opened else { return Ok(None) };
        let connection = opened.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let mut photo = None;
        let sql = format!("SELECT data FROM {} WHERE ROWID = ?", place.table);
        each_row(&connection, &sql, [place.row], &mut |row| {
            photo = blob(row, 0).and_then(|bytes| {
                let image = Image::of(bytes)?;
                Some(Photo { bytes: bytes.to_vec(), image, crop: place.crop })
            });
        })?;
        Ok(photo)
    }
}

/// Whether it is the first, which it is no more.
fn take_first(is_first: &mut bool) -> bool {
    std::mem::replace(is_first, false)
}
