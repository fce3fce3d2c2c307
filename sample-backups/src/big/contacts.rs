//! An address book of any size, with the schema of iOS 18, and its pictures.

use std::io::Read;
use std::path::Path;

use rusqlite::params;

use super::{Filler, PAGE};
use crate::database;
use crate::error::Result;
use crate::life::contacts::{IMAGES, IOS_18};
use crate::seed::Seed;

const FIRST: [&str; 12] =
    ["Anna", "Jonas", "Zoë", "Amal", "花子", "Ingrid", "Mateus", "Łukasz", "Nguyễn", "O’Brien", "Ola", "Émile"];
const LAST: [&str; 10] =
    ["Kowalczyk", "Müller", "Solheim", "حداد", "山田", "de Souza", "Papadopoulos", "Smith", "Ferreira", "Sørensen"];
const LABELS: [&str; 4] = ["_$!<Mobile>!$_", "_$!<Home>!$_", "_$!<Work>!$_", "by the sea"];
const PARTS: [&str; 5] = ["Street", "ZIP", "City", "Country", "CountryCode"];

/// The bytes of a picture, without its first.
const PICTURE: u64 = 20_000;

/// How a JPEG begins.
const JPEG: [u8; 4] = [0xff, 0xd8, 0xff, 0xe0];

const PERSON: &str = "INSERT INTO ABPerson (ROWID, First, Last, Organization, Note, Kind, Birthday, CreationDate, \
     ModificationDate, StoreID, PersonLink, guid) VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6, ?7, ?7, 1, -1, ?8)";
const VALUE: &str =
    "INSERT INTO ABMultiValue (UID, record_id, property, identifier, label, value, guid) VALUES (?, ?, ?, 0, ?, ?, ?)";

/// Writes the address book into the new file `path`: two numbers and a mail address for everybody, for every fourth a
/// postal address.
pub(super) fn write(path: &Path, people: u64, seed: &Seed) -> Result<()> {
    // Indexes and triggers come when all rows are in.
    let (tables, rest): (Vec<&str>, Vec<&str>) = IOS_18.lines().partition(|line| line.starts_with("CREATE TABLE"));
    let db = database::open(path, PAGE)?;
    db.execute_batch("PRAGMA cache_size=-200000; BEGIN")?;
    db.execute_batch(&tables.join("\n"))?;
    db.execute("INSERT INTO ABStore (Name, Type, guid) VALUES ('Local', 0, 'store')", [])?;
    for label in LABELS {
        db.execute("INSERT INTO ABMultiValueLabel VALUES (?)", [label])?;
    }
    for part in PARTS {
        db.execute("INSERT INTO ABMultiValueEntryKey VALUES (?)", [part])?;
    }
    let mut stream = seed.stream("contacts");
    let (mut person, mut value) = (db.prepare(PERSON)?, db.prepare(VALUE)?);
    let mut entry = db.prepare("INSERT INTO ABMultiValueEntry VALUES (?, ?, ?)")?;
    let mut values = 0_i64;
    for id in 1..=people as i64 {
        let mut one = |of: &[&'static str]| of.get(stream.below(of.len() as u64) as usize).copied().unwrap_or_default();
        let (first, last) = (one(&FIRST), format!("{} {id}", one(&LAST)));
        let note = (id % 10 == 0).then(|| format!("Met in {}.\nLikes kayaks, waffles; and \"tea\".", one(&LAST)));
        let birthday = (id % 3 == 0).then(|| format!("{:.1}", (id % 14_000 - 11_000) as f64 * 86_400.0 + 43_200.0));
        let firm = (id % 5 == 0).then_some("Fjord & Sønner AS");
        person.execute(params![id, first, last, firm, note, birthday, 352_576_800 + id, guid("ABPerson", id)])?;
        let phones = [format!("+1415{id:07}"), format!("(415) {:03}-{:04}", id / 10_000 % 1000, id % 10_000)];
        let mail = format!("{id}@example.org");
        for (property, label, text) in [(3, 1, &phones[0]), (3, 3, &phones[1]), (4, 2, &mail)] {
            values += 1;
            value.execute(params![values, id, property, label, text, guid("ABMultiValue", values)])?;
        }
        if id % 4 == 0 {
            values += 1;
            value.execute(params![values, id, 5, 2, None::<&str>, guid("ABMultiValue", values)])?;
            for (key, part) in (1_i64..).zip(["Fjordgata 7\n2nd floor", "0150", "Oslo", "Norway", "no"]) {
                entry.execute(params![values, key, part])?;
            }
        }
    }
    drop((person, value, entry));
    db.execute_batch(&rest.join("\n"))?;
    db.execute_batch("COMMIT")?;
    Ok(db.close().map_err(|(_, error)| error)?)
}

/// Writes the pictures of the first people into the new file `path`: each begins as a JPEG does, and is noise.
pub(super) fn write_pictures(path: &Path, pictures: u64, seed: &Seed) -> Result<()> {
    let filler = Filler::new(seed);
    let db = database::open(path, PAGE)?;
    db.execute_batch("PRAGMA cache_size=-200000; BEGIN")?;
    db.execute_batch(IMAGES)?;
    let mut full = db.prepare("INSERT INTO ABFullSizeImage VALUES (NULL, ?, 0, 0, 300, ?)")?;
    for id in 1..=pictures {
        let mut picture = JPEG.to_vec();
        filler.file(id, PICTURE).read_to_end(&mut picture)?;
        full.execute(params![id as i64, picture])?;
    }
    drop(full);
    db.execute_batch("COMMIT")?;
    Ok(db.close().map_err(|(_, error)| error)?)
}

fn guid(table: &str, id: i64) -> String {
    format!("{id:08X}-0000-4000-8000-{:012X}", table.len())
}
