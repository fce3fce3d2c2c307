//! What several targets share: databases that are read in two ways.

use std::ops::ControlFlow;
use std::sync::Arc;

use corer::backup::bytes::{MemoryBytes, ReadAt};
use corer::backup::database::{Image, StoredDatabase};
use corer_schemas::Database;
use corer_schemas::formats::sqlite::{Rows, Table, ValuePositions};
use rusqlite::types::ValueRef;

/// How the table is made, whose rows both ways give. Another text may say something else of the same bytes.
const SCHEMA: &str = "CREATE TABLE t (a, b, c)";

/// How many columns it has.
const COLUMNS: usize = 3;

/// More rows than these are not compared.
const MOST_ROWS: usize = 1_000;

/// A row: its number and its values.
type Row = (i64, Vec<Cell>);

/// A value as it lies in the file.
#[derive(Debug, Clone, PartialEq)]
enum Cell {
    Null,
    Integer(i64),
    /// By its bits: no number differs from itself.
    Real(u64),
    Text(Vec<u8>),
    Blob(Vec<u8>),
}

impl From<ValueRef<'_>> for Cell {
    fn from(value: ValueRef<'_>) -> Self {
        match value {
            ValueRef::Null => Self::Null,
            ValueRef::Integer(number) => Self::Integer(number),
            ValueRef::Real(number) => Self::Real(number.to_bits()),
            ValueRef::Text(bytes) => Self::Text(bytes.to_vec()),
            ValueRef::Blob(bytes) => Self::Blob(bytes.to_vec()),
        }
    }
}

/// A database in memory, as those of backups.
pub fn stored(database: Vec<u8>, log: Option<Vec<u8>>) -> StoredDatabase {
    let shared = |bytes: Vec<u8>| Arc::new(MemoryBytes(bytes)) as Arc<dyn ReadAt>;
    StoredDatabase::new("fuzz", Image { main: shared(database), wal: log.map(shared), journal: None })
}

/// Reads the table `t` through SQLite and from its pages. Where the reader of pages says that it saw all, and SQLite finds
/// no damage, both are the same.
pub fn agree(database: Vec<u8>, log: Option<Vec<u8>>) {
    let database = stored(database, log);
    if let Some((in_pages, through_sql)) = from_pages(&database).zip(through_sql(&database).ok()) {
        assert_eq!(in_pages, through_sql);
    }
}

fn root(database: &StoredDatabase) -> Option<u32> {
    let sql = "SELECT rootpage FROM sqlite_master WHERE type = 'table' AND name = 't' AND sql = ?1";
    database.connect().ok()?.query_row(sql, [SCHEMA], |row| row.get(0)).ok()
}

fn from_pages(database: &StoredDatabase) -> Option<Vec<Row>> {
    let table = Table::find(&mut *database.pages()?, root(database)?)?;
    let mut rows = Rows::new(Arc::new(table), database.pages()?);
    let mut found = Vec::new();
    let mut are_sound = true;
    let is_whole = rows.each(i64::MIN..=i64::MAX, &mut |row, record| {
        let mut places = ValuePositions::of(record);
        let mut values: Vec<Cell> = places.by_ref().map(|place| place.value(record).into()).collect();
        are_sound &= places.are_sound();
        values.resize(COLUMNS, Cell::Null);
        found.push((row, values));
        if found.len() < MOST_ROWS { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    (is_whole && are_sound && found.len() < MOST_ROWS).then_some(found)
}

fn through_sql(database: &StoredDatabase) -> Result<Vec<Row>, Box<dyn std::error::Error>> {
    let connection = database.connect()?;
    let mut statement = connection.prepare("SELECT rowid, a, b, c FROM t ORDER BY rowid")?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let values = (1..=COLUMNS).map(|column| row.get_ref(column).map(Cell::from)).collect::<Result<_, _>>()?;
        found.push((row.get(0)?, values));
    }
    Ok(found)
}

/// A log with the sums of its header and its first frames made right.
pub fn summed(log: &[u8], frames: usize) -> Vec<u8> {
    let mut log = log.to_vec();
    let page_size = log.get(8..12).and_then(|size| size.first_chunk()).map_or(0, |size| u32::from_be_bytes(*size));
    let is_big_endian = log.get(3).is_some_and(|last| last & 1 == 1);
    let mut sums = [0_u32; 2];
    let mut add = |bytes: &[u8]| {
        for pair in bytes.as_chunks::<8>().0 {
            let [a, b, c, d, e, f, g, h] = *pair;
            let read = if is_big_endian { u32::from_be_bytes } else { u32::from_le_bytes };
            sums[0] = sums[0].wrapping_add(read([a, b, c, d])).wrapping_add(sums[1]);
            sums[1] = sums[1].wrapping_add(read([e, f, g, h])).wrapping_add(sums[0]);
        }
        [sums[0].to_be_bytes(), sums[1].to_be_bytes()].concat()
    };
    if !(512..=65_536).contains(&page_size) || log.len() < 32 {
        return log;
    }
    let head = add(&log[..24]);
    log[24..32].copy_from_slice(&head);
    let salts = log[16..24].to_vec();
    for frame in log[32..].chunks_exact_mut(24 + page_size as usize).take(frames) {
        frame[8..16].copy_from_slice(&salts);
        add(&frame[..8]);
        let sum = add(&frame[24..]);
        frame[16..24].copy_from_slice(&sum);
    }
    log
}
