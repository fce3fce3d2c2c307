use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use corer_schemas::formats::sqlite::{Rows, Table};
use rusqlite::Connection;

use super::*;
use crate::backup::bytes::{MemoryBytes, ReadAt};

fn bytes(path: &Path) -> Option<Arc<dyn ReadAt>> {
    std::fs::read(path).ok().map(|bytes| Arc::new(MemoryBytes(bytes)) as Arc<dyn ReadAt>)
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// The files of a database as another program left them.
fn image(path: &Path) -> Image {
    Image { main: bytes(path).unwrap(), wal: bytes(&beside(path, "-wal")), journal: bytes(&beside(path, "-journal")) }
}

fn count(image: Image, table: &str) -> i64 {
    let connection = StoredDatabase::new("test", image).connect().unwrap();
    connection.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
}

#[test]
fn rows_that_are_only_in_the_log_are_read_by_several_connections() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let writer = Connection::open(&path).unwrap();
    writer.execute_batch("PRAGMA journal_mode=WAL; CREATE TABLE t(x); INSERT INTO t VALUES (1), (2)").unwrap();

    let database = StoredDatabase::new("test", image(&path));
    let connections: Vec<_> = (0..3).map(|_| database.connect().unwrap()).collect();
    for connection in &connections {
        assert_eq!(connection.query_row("SELECT sum(x) FROM t", [], |row| row.get::<_, i64>(0)).unwrap(), 3);
    }
}

#[test]
fn a_database_whose_main_file_is_empty_is_read_from_its_log() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let writer = Connection::open(&path).unwrap();
    writer.execute_batch("PRAGMA journal_mode=WAL; CREATE TABLE t(x); INSERT INTO t VALUES (1), (2)").unwrap();
    let mut image = image(&path);
    image.main = Arc::new(MemoryBytes(Vec::new()));
    // What the header page would have said is in the log too, once the first transaction wrote page 1.
    assert_eq!(count(image, "t"), 2);
}

#[test]
fn an_unfinished_transaction_is_rolled_back_in_memory() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let writer = Connection::open(&path).unwrap();
    writer.execute_batch("CREATE TABLE t(x); INSERT INTO t VALUES (1), (2); PRAGMA cache_size = 1;").unwrap();
    let many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < 5000)
                INSERT INTO t SELECT randomblob(100) FROM n";
    // With a cache of one page the transaction spills into the main file before it ends.
    writer.execute_batch(&format!("BEGIN; {many}; UPDATE t SET x = 0;")).unwrap();
    let unfinished = image(&path);
    assert!(unfinished.has_journal());
    assert_eq!(count(unfinished, "t"), 2);
}

#[test]
fn views_do_not_run() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let endless = "CREATE VIEW Files AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) SELECT i FROM n";
    Connection::open(&path).unwrap().execute_batch(endless).unwrap();
    let connection = StoredDatabase::new("test", image(&path)).connect().unwrap();
    assert!(connection.query_row("SELECT count(*) FROM Files", [], |row| row.get::<_, i64>(0)).is_err());
}

#[test]
fn endless_work_is_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE t(x)").unwrap();
    let connection = StoredDatabase::new("test", image(&path)).connect().unwrap();
    let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) SELECT count(*) FROM n";
    let error = connection.query_row(endless, [], |row| row.get::<_, i64>(0)).unwrap_err();
    assert_eq!(error.sqlite_error_code(), Some(rusqlite::ErrorCode::OperationInterrupted));
}

#[test]
fn garbage_is_an_error() {
    let garbage = Image::alone(Arc::new(MemoryBytes(vec![0x5A; 5000])));
    let opened = StoredDatabase::new("test", garbage).connect();
    let outcome = opened.map(|connection| connection.query_row("SELECT 1 FROM sqlite_master", [], |_| Ok(())).is_ok());
    assert!(!matches!(outcome, Ok(true)));
}

#[test]
fn a_closed_connection_leaves_nothing_registered() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE t(x)").unwrap();
    let main = bytes(&path).unwrap();
    let connection = StoredDatabase::new("test", Image::alone(main.clone())).connect().unwrap();
    assert!(Arc::strong_count(&main) > 1);
    drop(connection);
    assert_eq!(Arc::strong_count(&main), 1);
}

/// The rows of the table `t` as a connection sees them, and as they lie in pages.
fn both_ways(image: Image) -> (Vec<i64>, Vec<i64>) {
    let database = StoredDatabase::new("test", image);
    let connection = database.connect().unwrap();
    let Ok(root) = connection.query_row("SELECT rootpage FROM sqlite_master WHERE name = 't'", [], |row| row.get(0))
    else {
        return (Vec::new(), Vec::new());
    };
    let mut statement = connection.prepare("SELECT rowid FROM t ORDER BY rowid").unwrap();
    let through_sql = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let table = Table::find(&mut *database.pages().unwrap(), root).unwrap();
    let mut rows = Rows::new(Arc::new(table), database.pages().unwrap());
    let mut in_pages = Vec::new();
    let is_complete = rows.each(i64::MIN..=i64::MAX, &mut |row, _| {
        in_pages.push(row);
        ControlFlow::Continue(())
    });
    assert!(is_complete);
    (through_sql, in_pages)
}

#[test]
fn pages_are_those_of_the_log_wherever_it_is_cut_off_or_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let writer = Connection::open(&path).unwrap();
    writer
        .execute_batch("PRAGMA page_size=512; PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0; CREATE TABLE t(x)")
        .unwrap();
    let fill = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30)
        INSERT INTO t SELECT hex(randomblob(60)) FROM n";
    writer.execute_batch(fill).unwrap();
    writer.pragma_update(None, "wal_checkpoint", "RESTART").unwrap();
    for _ in 0..3 {
        writer.execute_batch(fill).unwrap();
    }
    writer.execute_batch("DELETE FROM t WHERE rowid % 3 = 0").unwrap();
    let whole = image(&path);
    let (through_sql, in_pages) = both_ways(whole.clone());
    assert_eq!(in_pages.len(), 80);
    assert_eq!(through_sql, in_pages);

    let log = std::fs::read(beside(&path, "-wal")).unwrap();
    let with_log = |log: Vec<u8>| Image { wal: Some(Arc::new(MemoryBytes(log))), ..whole.clone() };
    let mut seen = std::collections::BTreeSet::new();
    for length in (0..log.len()).step_by(131) {
        let (through_sql, in_pages) = both_ways(with_log(log[..length].to_vec()));
        assert_eq!(through_sql, in_pages, "{length} bytes");
        seen.insert(in_pages.len());
    }
    assert!(seen.len() > 3, "cuts before, between and behind what was committed: {seen:?}");
    for at in (0..log.len()).step_by(97) {
        let mut log = log.clone();
        log[at] ^= 0x10;
        let (through_sql, in_pages) = both_ways(with_log(log));
        assert_eq!(through_sql, in_pages, "byte {at}");
    }
}

#[test]
fn a_database_that_lies_in_its_log_alone_has_pages() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let writer = Connection::open(&path).unwrap();
    writer.execute_batch("PRAGMA journal_mode=WAL; CREATE TABLE t(x); INSERT INTO t VALUES (1), (2)").unwrap();
    let image = Image { main: Arc::new(MemoryBytes(Vec::new())), ..image(&path) };
    assert_eq!(both_ways(image), (vec![1, 2], vec![1, 2]));
}

#[test]
fn what_a_journal_undoes_is_no_matter_for_pages() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE t(x)").unwrap();
    let image = Image { journal: Some(Arc::new(MemoryBytes(vec![0; 512]))), ..image(&path) };
    assert!(StoredDatabase::new("test", image).pages().is_none());
}
