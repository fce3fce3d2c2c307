//! A photo library of any size, with the schema of iOS 18: photos that open, Live Photos, videos, albums, people, places.
//!
//! A few landscapes are drawn once. Each photo is one of them behind a header of its own, and noise up to its length:
//! cameras, too, put further pictures behind the one that is shown.

use std::io::{Cursor, Read};
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

use plist::{Date, Value};
use rusqlite::{Connection, ToSql};

use super::{Filler, PAGE};
use crate::database::{self, insert};
use crate::error::Result;
use crate::life::photos::{DOMAIN, IOS_18};
use crate::media::{self, Exif};
use crate::record::Record;
use crate::seed::{Seed, Stream};

/// The database.
pub(super) const DATABASE: &str = "Media/PhotoData/Photos.sqlite";

/// How many different pictures there are.
const PICTURES: u64 = 48;

/// The first photo: 2014-01-01, in seconds since 1970; the last is ten years younger.
const START: i64 = 1_388_534_400;
const SPAN: i64 = 315_360_000;

/// From the epoch of Unix to that of Apple, in seconds.
const APPLE: i64 = 978_307_200;

const ALBUMS: u64 = 24;

const PEOPLE: [&str; 6] = ["Mira", "Jonas", "Aiko", "Tom\u{e1}s", "Grandma", "Lo\u{ef}c"];

const PLACES: [(f64, f64); 8] = [
    (38.7139, -9.1334),
    (59.9139, 10.7522),
    (35.0116, 135.7681),
    (-33.8568, 151.2153),
    (40.7061, -73.9969),
    (-22.9519, -43.2105),
    (48.8584, 2.2945),
    (64.1466, -21.9426),
];

/// What an asset is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Photo,
    Live,
    Video,
}

impl Kind {
    /// One of ten is a video, two are Live Photos.
    fn of(index: u64) -> Self {
        match index % 10 {
            9 => Self::Video,
            3 | 6 => Self::Live,
            _ => Self::Photo,
        }
    }
}

/// One file of the camera roll.
pub(super) struct File<'a> {
    pub(super) record: Record,
    pub(super) content: Box<dyn Read + 'a>,
}

/// The pictures and sizes of a library.
pub(super) struct Photos<'a> {
    filler: &'a Filler,
    pictures: Vec<Picture>,
    /// The bytes of each asset, movement included.
    sizes: Vec<u64>,
    has_thumbnails: bool,
}

/// One landscape in three sizes.
struct Picture {
    large: Vec<u8>,
    thumbnail: Vec<u8>,
    embedded: Vec<u8>,
}

impl<'a> Photos<'a> {
    /// Draws the pictures and shares out `bytes` among `count` assets.
    pub(super) fn new(filler: &'a Filler, count: u64, bytes: u64, has_thumbnails: bool, seed: &Seed) -> Result<Self> {
        let picture = |number: u64| {
            let name = number.to_string();
            Ok(Picture {
                large: media::landscape(&name, 1200, 900)?,
                thumbnail: media::landscape(&name, 342, 256)?,
                embedded: media::landscape(&name, 160, 120)?,
            })
        };
        let pictures = (0..PICTURES.min(count)).map(picture).collect::<Result<_>>()?;
        Ok(Self { filler, pictures, sizes: sizes(count, bytes, seed), has_thumbnails })
    }

    /// The files of all assets.
    pub(super) fn files(&self) -> impl Iterator<Item = File<'_>> {
        (0u64..).zip(&self.sizes).flat_map(|(index, bytes)| self.of_asset(index, *bytes))
    }

    fn of_asset(&self, index: u64, bytes: u64) -> Vec<File<'_>> {
        let (directory, name) = (directory(index), name(index));
        let Some(picture) = self.pictures.get((index % PICTURES) as usize) else { return Vec::new() };
        let kind = Kind::of(index);
        let moving = match kind {
            Kind::Photo => 0,
            Kind::Live => bytes / 2,
            Kind::Video => bytes,
        };
        let mut files = Vec::new();
        if kind != Kind::Video {
            let header = media::with_exif(
                &picture.large,
                &Exif { taken: &camera_time(index), place: place(index), thumbnail: Some(&picture.embedded) },
            );
            files.push(self.file(index, &format!("Media/{directory}/{name}"), header, bytes - moving));
        }
        if moving > 0 {
            let header = [media::mov(3000), mdat(moving)].concat();
            let path = format!("Media/{directory}/{}.MOV", name.split('.').next().unwrap_or_default());
            files.push(self.file(index, &path, header, moving));
        }
        if self.has_thumbnails {
            let path = format!("Media/PhotoData/Thumbnails/V2/{directory}/{name}/5003.JPG");
            files.push(self.file(index, &path, picture.thumbnail.clone(), 0));
        }
        files
    }

    /// A file that begins with `header` and has `size` bytes, or more where the header has.
    fn file(&self, index: u64, path: &str, header: Vec<u8>, size: u64) -> File<'_> {
        let rest = size.saturating_sub(header.len() as u64);
        let mut record = Record::file(DOMAIN, path, "").at(taken(index));
        record.size = Some((header.len() as u64 + rest) as i64);
        File { record, content: Box::new(Cursor::new(header).chain(self.filler.file(index, rest))) }
    }
}

/// Sizes that vary as photos do, and sum to `bytes`; videos have six times as many.
fn sizes(count: u64, bytes: u64, seed: &Seed) -> Vec<u64> {
    let mut stream = seed.stream("photos");
    let weight = |index: u64, stream: &mut Stream| {
        let several = if Kind::of(index) == Kind::Video { 6.0 } else { 1.0 };
        several * (stream.unit() + stream.unit() + stream.unit() - 1.5).exp()
    };
    let weights: Vec<f64> = (0..count).map(|index| weight(index, &mut stream)).collect();
    let scale = bytes as f64 / weights.iter().sum::<f64>().max(1.0);
    weights.into_iter().map(|weight| (weight * scale) as u64).collect()
}

/// The header of the box that holds what a video shows: from here to the end of a file of `size` bytes.
fn mdat(size: u64) -> Vec<u8> {
    let length = (size as u32).saturating_sub(media::mov(3000).len() as u32).max(8);
    [&length.to_be_bytes(), b"mdat".as_slice()].concat()
}

fn directory(index: u64) -> String {
    format!("DCIM/{}APPLE", 100 + index / 1000)
}

fn name(index: u64) -> String {
    let extension = if Kind::of(index) == Kind::Video { "MOV" } else { "JPG" };
    format!("IMG_{:04}.{extension}", index % 10_000)
}

fn taken(index: u64) -> i64 {
    // Some hundred a month, in bunches as people take them.
    let (day, within) = (index / 12, index % 12);
    START + (day as i64 * 12 * 15_768 + within as i64 * 613) % SPAN
}

fn camera_time(index: u64) -> String {
    let at = UNIX_EPOCH + Duration::from_secs(taken(index).unsigned_abs());
    Date::from(at).to_xml_format().replace('-', ":").replace('T', " ").replace('Z', "")
}

/// Two of three know where they were taken: somewhere in a town.
fn place(index: u64) -> Option<(f64, f64)> {
    let (latitude, longitude) = *PLACES.get((index / 40) as usize % PLACES.len())?;
    let away = |step: u64| (index.wrapping_mul(step) % 1000) as f64 / 20_000.0;
    (!index.is_multiple_of(3)).then_some((latitude + away(37), longitude + away(91)))
}

/// Writes the database into the new file `path`.
pub(super) fn write(path: &Path, count: u64, seed: &Seed) -> Result<()> {
    let db = database::open(path, PAGE)?;
    db.execute_batch("PRAGMA cache_size=-100000; BEGIN")?;
    db.execute_batch(IOS_18)?;
    let model = Value::Integer(18_508.into());
    database::metadata(&db, seed, vec![("PLModelVersion", model)])?;
    let kinds =
        [(1, "AdditionalAssetAttributes"), (3, "Asset"), (30, "Album"), (38, "Folder"), (46, "InternalResource")];
    database::entities(&db, &kinds)?;
    for name in PEOPLE {
        insert(&db, "ZPERSON", &[("ZFULLNAME", &name), ("ZPERSONUUID", &seed.uuid(name))])?;
    }
    let folder = album(&db, "Travel", 4000, None, seed)?;
    for number in 0..ALBUMS.min(count) {
        let parent = (number % 2 == 0).then_some(folder);
        album(&db, &format!("Album {}", number + 1), 2, parent, seed)?;
    }
    for index in 0..count {
        asset(&db, index, folder, seed)?;
    }
    db.execute_batch("COMMIT")?;
    Ok(db.close().map_err(|(_, error)| error)?)
}

fn album(db: &Connection, title: &str, kind: i64, parent: Option<i64>, seed: &Seed) -> Result<i64> {
    insert(
        db,
        "ZGENERICALBUM",
        &[
            ("Z_ENT", if kind == 4000 { &38 } else { &30 }),
            ("ZKIND", &kind),
            ("ZPARENTFOLDER", &parent),
            ("ZTRASHEDSTATE", &0),
            ("ZTITLE", &title),
            ("ZUUID", &seed.uuid(title)),
        ],
    )
}

/// One asset: its row, what the camera noted, its files, faces, and now and then an album. `folder` is the row before
/// those of the albums.
fn asset(db: &Connection, index: u64, folder: i64, seed: &Seed) -> Result<()> {
    let id = index as i64 + 1;
    let (kind, name) = (Kind::of(index), name(index));
    let one_of = |many: u64| i64::from(index % many == many - 1);
    let (latitude, longitude) = place(index).unwrap_or((-180.0, -180.0));
    let subtype = match kind {
        Kind::Photo => 0,
        Kind::Live => 2,
        Kind::Video => 100,
    };
    let date = (taken(index) - APPLE) as f64;
    let row: [(&str, &dyn ToSql); 20] = [
        ("Z_PK", &id),
        ("Z_ENT", &3),
        ("ZADDITIONALATTRIBUTES", &id),
        ("ZEXTENDEDATTRIBUTES", &id),
        ("ZDATECREATED", &date),
        ("ZADDEDDATE", &(date + 2.0)),
        ("ZMODIFICATIONDATE", &(date + 60.0)),
        ("ZDIRECTORY", &directory(index)),
        ("ZFILENAME", &name),
        ("ZUUID", &seed.uuid(&format!("asset {index}"))),
        ("ZKIND", &i64::from(kind == Kind::Video)),
        ("ZKINDSUBTYPE", &subtype),
        ("ZFAVORITE", &one_of(17)),
        ("ZHIDDEN", &one_of(211)),
        ("ZTRASHEDSTATE", &one_of(307)),
        ("ZLATITUDE", &latitude),
        ("ZLONGITUDE", &longitude),
        ("ZWIDTH", &1200),
        ("ZHEIGHT", &900),
        ("ZDURATION", if kind == Kind::Video { &3.0 } else { &0.0 }),
    ];
    insert(db, "ZASSET", &row)?;
    details(db, id, &name)?;
    if index.is_multiple_of(5) {
        let person = (index / 5 % PEOPLE.len() as u64) as i64 + 1;
        let face: [(&str, &dyn ToSql); 5] = [
            ("ZASSETFORFACE", &id),
            ("ZPERSONFORFACE", &person),
            ("ZCENTERX", &0.5),
            ("ZCENTERY", &0.6),
            ("ZSIZE", &0.2),
        ];
        insert(db, "ZDETECTEDFACE", &face)?;
    }
    if index.is_multiple_of(4) {
        let album = folder + 1 + (index / 4 % ALBUMS) as i64;
        db.prepare_cached("INSERT INTO Z_30ASSETS VALUES (?, ?, ?)")?.execute([album, id, id * 1024])?;
    }
    Ok(())
}

fn details(db: &Connection, id: i64, name: &str) -> Result<()> {
    let more: [(&str, &dyn ToSql); 5] = [
        ("Z_PK", &id),
        ("ZASSET", &id),
        ("ZORIGINALFILENAME", &name),
        ("ZTIMEZONEOFFSET", &0),
        ("ZTIMEZONENAME", &"Europe/Lisbon"),
    ];
    insert(db, "ZADDITIONALASSETATTRIBUTES", &more)?;
    let camera: [(&str, &dyn ToSql); 4] =
        [("Z_PK", &id), ("ZASSET", &id), ("ZCAMERAMAKE", &"Apple"), ("ZCAMERAMODEL", &"iPhone 14 Pro")];
    insert(db, "ZEXTENDEDATTRIBUTES", &camera)?;
    let original: [(&str, &dyn ToSql); 6] = [
        ("Z_ENT", &46),
        ("ZASSET", &id),
        ("ZDATASTORESUBTYPE", &1),
        ("ZLOCALAVAILABILITY", &1),
        ("ZREMOTEAVAILABILITY", &0),
        ("ZRESOURCETYPE", &0),
    ];
    insert(db, "ZINTERNALRESOURCE", &original)?;
    Ok(())
}
