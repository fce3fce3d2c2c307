//! Write-ahead logs with the same bytes every time: SQLite's own have random salts.
//!
//! ```text
//! header  u32 BE: magic 377f0682 (little-endian sums), version 3007000, page size, checkpoint, salt 1, salt 2, sum 1, sum 2
//! frame   u32 BE: page number, pages after commit or 0, salt 1, salt 2, sum 1, sum 2; then the page
//! ```

/// Makes the log that turns the database `old` into `new`, both with pages of `page_size` bytes and marked as WAL
/// databases (see [`mark`]). SQLite takes no log beside an empty file: `old` has one page at least.
pub fn between(old: &[u8], new: &[u8], page_size: usize) -> Vec<u8> {
    let mut out = Vec::new();
    for value in [0x377f_0682, 3_007_000, page_size as u32, 0, 0x636f_7265, 0x7221_0001] {
        out.extend(u32::to_be_bytes(value));
    }
    let mut sums = sum((0, 0), &out);
    append_sums(&mut out, sums);
    let changed: Vec<(usize, &[u8])> = new
        .chunks(page_size)
        .enumerate()
        .filter(|(index, page)| old.chunks(page_size).nth(*index) != Some(*page))
        .collect();
    let pages = new.len() / page_size;
    for (place, (index, page)) in changed.iter().enumerate() {
        let commit = if place + 1 == changed.len() { pages } else { 0 };
        let head = [(*index as u32 + 1).to_be_bytes(), (commit as u32).to_be_bytes()].concat();
        sums = sum(sum(sums, &head), page);
        out.extend(head);
        out.extend([0x63, 0x6f, 0x72, 0x65, 0x72, 0x21, 0x00, 0x01]);
        append_sums(&mut out, sums);
        out.extend(*page);
    }
    out
}

/// Marks a database as one with a write-ahead log (bytes 18 and 19 of the header).
pub fn mark(database: &mut [u8]) {
    if let Some(versions) = database.get_mut(18..20) {
        versions.fill(2);
    }
}

fn append_sums(out: &mut Vec<u8>, (first, second): (u32, u32)) {
    out.extend(first.to_be_bytes());
    out.extend(second.to_be_bytes());
}

fn sum((mut first, mut second): (u32, u32), bytes: &[u8]) -> (u32, u32) {
    let mut words = bytes.as_chunks::<4>().0.iter().map(|word| u32::from_le_bytes(*word));
    while let (Some(a), Some(b)) = (words.next(), words.next()) {
        first = first.wrapping_add(a).wrapping_add(second);
        second = second.wrapping_add(b).wrapping_add(first);
    }
    (first, second)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database;

    #[test]
    fn sqlite_recovers_the_new_rows_from_the_log() {
        let schema = "CREATE TABLE t (x);";
        let fill = |rows: i64| {
            database::build(schema, |db| {
                (0..rows).try_for_each(|row| db.execute("INSERT INTO t VALUES (?)", [row]).map(|_| ()))?;
                Ok(())
            })
        };
        let (mut old, mut new) = (fill(3).unwrap(), fill(500).unwrap());
        mark(&mut old);
        mark(&mut new);
        let mut empty = database::build("PRAGMA user_version = 1;", |_| Ok(())).unwrap();
        mark(&mut empty);
        for old in [old, empty] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("x.db");
            std::fs::write(&path, &old).unwrap();
            std::fs::write(folder.path().join("x.db-wal"), between(&old, &new, database::SMALL_PAGE as usize)).unwrap();
            let database = rusqlite::Connection::open(&path).unwrap();
            let rows: i64 = database.query_row("SELECT count(*) FROM t", [], |row| row.get(0)).unwrap();
            assert_eq!(rows, 500);
        }
    }
}
