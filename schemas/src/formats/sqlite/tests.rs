use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use proptest::prelude::*;
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, params};

use super::*;
use crate::testing::InMemory;

/// A database that SQLite made with some statements, and the first page of its table `t`.
fn made(page_size: u32, work: impl FnOnce(&Connection)) -> (Vec<u8>, u32) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let connection = Connection::open(&path).unwrap();
    connection.pragma_update(None, "page_size", page_size).unwrap();
    work(&connection);
    let root = connection.query_row("SELECT rootpage FROM sqlite_master WHERE name = 't'", [], |row| row.get(0));
    let root = root.unwrap();
    connection.close().unwrap();
    (std::fs::read(path).unwrap(), root)
}

fn rows(bytes: &[u8], root: u32) -> Option<Rows> {
    let mut pages = InMemory(bytes.to_vec());
    let table = Table::find(&mut pages, root)?;
    Some(Rows::new(Arc::new(table), Box::new(pages)))
}

fn values(record: &[u8]) -> Vec<Value> {
    let mut places = ValuePositions::of(record);
    let values = places.by_ref().map(|place| Value::try_from(place.value(record)).unwrap()).collect();
    assert!(places.are_sound());
    values
}

/// All rows of a table, and whether that is all.
fn all(rows: &mut Rows) -> (BTreeMap<i64, Vec<Value>>, bool) {
    let mut all = BTreeMap::new();
    let is_complete = rows.each(i64::MIN..=i64::MAX, &mut |row, record| {
        assert!(all.last_key_value().is_none_or(|(last, _)| *last < row), "they come in order");
        all.insert(row, values(record));
        ControlFlow::Continue(())
    });
    (all, is_complete)
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<i64>().prop_map(Value::Integer),
        (-200_i64..200).prop_map(Value::Integer),
        any::<f64>().prop_filter("a number", |number| !number.is_nan()).prop_map(Value::Real),
        ".{0,40}".prop_map(Value::Text),
        proptest::collection::vec(any::<u8>(), 0..4000).prop_map(Value::Blob),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_rows_of_sqlite_come_back(
        power in 9_u32..=16,
        given in proptest::collection::btree_map(any::<i64>(), (value(), value()), 0..60),
        deleted in proptest::collection::vec(any::<prop::sample::Index>(), 0..10),
    ) {
        let mut expected: BTreeMap<i64, Vec<Value>> =
            given.iter().map(|(row, (a, b))| (*row, vec![a.clone(), b.clone()])).collect();
        let gone: Vec<i64> = match expected.is_empty() {
            true => Vec::new(),
            false => deleted.iter().map(|index| *index.get(&expected.keys().copied().collect::<Vec<_>>())).collect(),
        };
        let (bytes, root) = made(1 << power, |connection| {
            connection.execute_batch("PRAGMA auto_vacuum = 1; CREATE TABLE t (a, b); BEGIN").unwrap();
            for (row, (a, b)) in &given {
                connection.execute("INSERT INTO t (rowid, a, b) VALUES (?1, ?2, ?3)", params![row, a, b]).unwrap();
            }
            for row in &gone {
                connection.execute("DELETE FROM t WHERE rowid = ?1", [row]).unwrap();
            }
            connection.execute_batch("COMMIT").unwrap();
        });
        gone.iter().for_each(|row| _ = expected.remove(row));
        let mut rows = rows(&bytes, root).unwrap();
        prop_assert_eq!(all(&mut rows), (expected.clone(), true));
        for row in expected.keys().rev().chain(expected.keys()) {
            prop_assert_eq!(rows.record(*row).map(values), expected.get(row).cloned());
        }
        for row in &gone {
            prop_assert!(rows.record(*row).is_none());
        }
    }

    #[test]
    fn damage_is_survived(changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..40)) {
        let (mut bytes, root) = long();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(mut rows) = rows(&bytes, root) {
            rows.each(i64::MIN..=i64::MAX, &mut |_, record| {
                ValuePositions::of(record).for_each(|place| _ = place.value(record));
                ControlFlow::Continue(())
            });
            (0..400).for_each(|row| _ = rows.record(row));
        }
    }
}

/// A table of three levels, some of whose records go on elsewhere.
fn long() -> (Vec<u8>, u32) {
    made(512, |connection| {
        let fill = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)
            INSERT INTO t SELECT i, hex(randomblob(20 + i % 7 * 100)) FROM n";
        connection.execute_batch(&format!("CREATE TABLE t (id INTEGER PRIMARY KEY, a); {fill}")).unwrap();
    })
}

#[test]
fn a_range_gives_its_rows_and_can_be_left() {
    let (bytes, root) = long();
    let mut rows = rows(&bytes, root).unwrap();
    let mut numbers = |range, most: usize| {
        let mut numbers = Vec::new();
        rows.each(range, &mut |row, _| {
            numbers.push(row);
            if numbers.len() < most { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        numbers
    };
    assert_eq!(numbers(17..=230, 1000), (17..=230).collect::<Vec<_>>());
    assert_eq!(numbers(17..=230, 3), [17, 18, 19]);
    assert_eq!(numbers(-5..=0, 1000), [0; 0]);
    assert_eq!(numbers(400..=i64::MAX, 1000), [400]);
    assert!(rows.at_most(10) >= 400);
}

#[test]
fn a_damaged_leaf_costs_its_own_rows_and_is_told() {
    let (mut bytes, root) = long();
    let (before, _) = all(&mut rows(&bytes, root).unwrap());
    let leaf = (1..bytes.len() / 512).rev().find(|page| bytes[page * 512] == 0x0D).unwrap();
    bytes[leaf * 512] = 0x55;
    let (after, is_complete) = all(&mut rows(&bytes, root).unwrap());
    assert!(!is_complete && !after.is_empty() && after.len() < before.len());
    assert!(after.iter().all(|(row, values)| before[row] == *values));
}

/// Writes a page of the database.
fn put(bytes: &mut [u8], page: u32, at: usize, new: &[u8]) {
    let start = (page as usize - 1) * 512 + at;
    bytes[start..start + new.len()].copy_from_slice(new);
}

#[test]
fn trees_that_bite_their_tail_end() {
    let (mut bytes, root) = long();
    // Every child of the root is the root.
    let start = (root as usize - 1) * 512;
    let count = u16::from_be_bytes([bytes[start + 3], bytes[start + 4]]);
    put(&mut bytes, root, 8, &root.to_be_bytes());
    for cell in 0..usize::from(count) {
        let place = start + 12 + 2 * cell;
        let at = usize::from(u16::from_be_bytes([bytes[place], bytes[place + 1]]));
        put(&mut bytes, root, at, &root.to_be_bytes());
    }
    assert_eq!(all(&mut rows(&bytes, root).unwrap()), (BTreeMap::new(), false));
}

#[test]
fn a_leaf_that_many_claim_is_not_read_for_each() {
    let (mut bytes, root) = long();
    let leaf = (1..bytes.len() / 512).find(|page| bytes[page * 512] == 0x0D).unwrap() as u32 + 1;
    let mut inner = vec![0; 512];
    inner[0] = 0x05;
    inner[3..5].copy_from_slice(&70_u16.to_be_bytes());
    inner[8..12].copy_from_slice(&leaf.to_be_bytes());
    for cell in 0..70_usize {
        let at = 160 + 5 * cell;
        inner[12 + 2 * cell..14 + 2 * cell].copy_from_slice(&(at as u16).to_be_bytes());
        inner[at..at + 4].copy_from_slice(&leaf.to_be_bytes());
        inner[at + 4] = 1 + cell as u8;
    }
    put(&mut bytes, root, 0, &inner);
    let short = bytes.len().min(60 * 512).max(root as usize * 512).max(leaf as usize * 512);
    bytes.truncate(short);
    let mut rows = rows(&bytes, root).unwrap();
    assert!(rows.at_most(10) <= bytes.len() / 10);
    assert!(!all(&mut rows).1);
}

#[test]
fn records_that_go_on_in_circles_are_as_long_as_they_say() {
    let (mut bytes, root) = made(512, |connection| {
        connection.execute_batch("CREATE TABLE t (a); INSERT INTO t VALUES (zeroblob(5000))").unwrap();
    });
    for page in 1..=bytes.len() as u32 / 512 {
        if page > root {
            put(&mut bytes, page, 0, &page.to_be_bytes());
        }
    }
    let mut rows = rows(&bytes, root).unwrap();
    assert_eq!(rows.record(1).map(<[u8]>::len), Some(5000 + 3));
}

#[test]
fn pages_that_many_records_go_on_in_are_not_read_for_each() {
    // Of each record 39 bytes lie on the leaf, and the others on forty pages.
    let (mut bytes, root) = made(512, |connection| {
        let fill =
            "CREATE TABLE t (a); INSERT INTO t SELECT zeroblob(20355) FROM (VALUES (1), (2), (3), (4), (5), (6))";
        connection.execute_batch(fill).unwrap();
    });
    let leaf = bytes[(root as usize - 1) * 512..][..512].to_vec();
    let mut cells = Vec::new();
    page::rows(&leaf, 512, 1, 6, &mut cells).unwrap();
    assert_eq!(cells.len(), 6);
    let shared = root + 1;
    for cell in cells {
        put(&mut bytes, root, cell.local.end, &shared.to_be_bytes());
    }
    put(&mut bytes, shared, 0, &shared.to_be_bytes());
    // Less than two of them have.
    bytes.truncate(60 * 512);
    let mut rows = rows(&bytes, root).unwrap();
    let (found, is_complete) = all(&mut rows);
    assert_eq!((found.into_keys().collect::<Vec<_>>(), is_complete), (vec![1], false));
    assert!(rows.record(2).is_some(), "each may be read by itself");
}

#[test]
fn what_is_no_such_database_is_not_read() {
    let (bytes, root) = long();
    assert!(rows(&bytes[..99], root).is_none());
    assert!(rows(&bytes, 1).is_none());
    assert!(rows(&bytes, 0).is_none());
    let mut other = bytes.clone();
    other[59] = 2;
    assert!(rows(&other, root).is_none(), "UTF-16");
    let mut other = bytes;
    other[16] = 3;
    assert!(rows(&other, root).is_none(), "a page size that is none");
}

#[test]
fn reserved_kinds_and_cut_off_records_are_not_sound() {
    let sound = [4, 1, 9, 15, 7, b'x'];
    let read = |record: &[u8]| {
        let mut places = ValuePositions::of(record);
        places.by_ref().for_each(|place| _ = place.value(record));
        places.are_sound()
    };
    assert_eq!(values(&sound), [Value::Integer(7), Value::Integer(1), Value::Text("x".into())]);
    assert!((0..sound.len()).all(|length| !read(&sound[..length])));
    assert!(!read(&[2, 10]) && !read(&[2, 11, 0, 0]));
    assert!(!read(&[2, 0x81]), "a number that is cut off");
    assert_eq!(ValuePosition::ZERO.value(&[]), ValueRef::Integer(0));
    assert_eq!((ValuePosition::ONE.value(&[]), ValuePosition::NULL.value(&[])), (ValueRef::Integer(1), ValueRef::Null));
}
