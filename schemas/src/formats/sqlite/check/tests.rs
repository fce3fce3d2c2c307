use rusqlite::Connection;

use super::*;
use crate::testing::InMemory;

/// A manifest as devices write them, with records of many lengths, and with rows that were deleted.
fn manifest(page_size: u32, rows: u32) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("Manifest.db");
    let connection = Connection::open(&path).unwrap();
    connection.pragma_update(None, "page_size", page_size).unwrap();
    connection
        .execute_batch(
            "CREATE TABLE Files (fileID TEXT PRIMARY KEY, domain TEXT, relativePath TEXT, flags INTEGER, file BLOB);
             CREATE INDEX FilesDomainIdx ON Files(domain);
             CREATE INDEX FilesRelativePathIdx ON Files(relativePath);
             CREATE INDEX FilesFlagsIdx ON Files(flags);
             CREATE TABLE Properties (key TEXT PRIMARY KEY, value BLOB);
             INSERT INTO Properties VALUES ('salt', x'0102030405'), ('passwordHash', zeroblob(64));",
        )
        .unwrap();
    let sql = "INSERT INTO Files VALUES (printf('%08x%032x', (?1 * 2654435761) & 0xffffffff, ?1),
               'AppDomain-com.example.' || (?1 % 7), 'Documents/file-' || ?1 || '.dat', 1 + (?1 % 3 = 0),
               randomblob(60 + (?1 * 37) % ?2))";
    for row in 0..rows {
        connection.execute(sql, [row, if row % 40 == 0 { page_size * 3 } else { 90 }]).unwrap();
    }
    connection.execute_batch("DELETE FROM Files WHERE rowid % 11 = 3 OR rowid BETWEEN 40 AND 70").unwrap();
    connection.close().unwrap();
    std::fs::read(path).unwrap()
}

/// What SQLite says: whether the database is damaged.
fn is_damaged_for_sqlite(path: &std::path::Path) -> bool {
    let said = Connection::open(path).and_then(|connection| {
        let mut statement = connection.prepare("PRAGMA integrity_check(1)")?;
        statement.query_row([], |row| row.get::<_, String>(0))
    });
    !said.is_ok_and(|said| said == "ok")
}

/// What this says, where it is not left to SQLite.
fn is_damaged(path: &std::path::Path, bytes: &[u8]) -> Option<bool> {
    let plan = Connection::open(path).and_then(|connection| Plan::of(&connection));
    let Ok(plan) = plan else { return Some(true) };
    complaints(&plan?, &mut InMemory(bytes.to_vec()), 5).map(|complaints| !complaints.is_empty())
}

/// Every way in which a page is damaged here: bytes, and what they become.
fn damages(page: &[u8], head: usize, seed: usize) -> Vec<Vec<(usize, u8)>> {
    let mut damages = vec![(0..page.len()).map(|at| (at, 0)).collect::<Vec<_>>()];
    let flip = |at: usize, mask: u8| vec![(at, page[at] ^ mask)];
    for at in head..head + 12 {
        damages.extend([0x01, 0x08, 0x80, 0xFF].map(|mask| flip(at, mask)));
    }
    let list = head + if matches!(page[head], 2 | 5) { 12 } else { 8 };
    let count = usize::from(u16::from_be_bytes([page[head + 3], page[head + 4]])).min(200);
    let is_tree = matches!(page[head], 2 | 5 | 10 | 13);
    for cell in 0..if is_tree { count } else { 0 } {
        let at = list + 2 * cell;
        let other = list + 2 * ((cell + 1) % count);
        if cell % 5 == seed % 5 && count > 1 {
            damages.push(vec![
                (at, page[other]),
                (at + 1, page[other + 1]),
                (other, page[at]),
                (other + 1, page[at + 1]),
            ]);
        }
        let start = usize::from(u16::from_be_bytes([page[at], page[at + 1]]));
        for inside in [0, 1, 2, 3, 5, 8, 12, 20, 30] {
            if start + inside < page.len() && (cell + inside) % 7 == seed % 7 {
                damages.push(flip(start + inside, 0x04));
                damages.push(flip(start + inside, 0x01));
            }
        }
    }
    for step in 0..12 {
        damages.push(flip((seed * 131 + step * 617) % page.len(), 0x10 << (step % 4)));
    }
    damages
}

#[test]
fn what_sqlite_finds_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("damaged.db");
    let (mut tried, mut damaged, mut stricter, mut left) = (0, 0, 0, 0);
    for (page_size, rows) in [(512, 60), (1024, 110), (4096, 200)] {
        let whole = manifest(page_size, rows);
        std::fs::write(&path, &whole).unwrap();
        assert!(!is_damaged_for_sqlite(&path));
        assert_eq!(is_damaged(&path, &whole), Some(false), "{page_size}");
        for (number, start) in (0..whole.len()).step_by(page_size as usize).enumerate() {
            let page = &whole[start..start + page_size as usize];
            let head = if number == 0 { 100 } else { 0 };
            for damage in damages(page, head, number) {
                let mut bytes = whole.clone();
                damage.iter().for_each(|(at, byte)| bytes[start + at] = *byte);
                std::fs::write(&path, &bytes).unwrap();
                let theirs = is_damaged_for_sqlite(&path);
                let ours = is_damaged(&path, &bytes);
                tried += 1;
                damaged += usize::from(theirs);
                stricter += usize::from(!theirs && ours == Some(true));
                left += usize::from(ours.is_none());
                let what: Vec<_> = damage.iter().take(4).collect();
                assert!(!theirs || ours != Some(false), "page size {page_size}, page {}, {what:?}", number + 1);
            }
        }
    }
    assert!(tried > 5000 && damaged > 3000, "{tried} tried, {damaged} damaged for SQLite");
    #[allow(clippy::print_stderr)]
    {
        eprintln!("{tried} tried, {damaged} damaged for SQLite, {stricter} more damaged here, {left} left to SQLite");
    }
    assert!(left * 20 < tried, "{left} of {tried} are left to SQLite");
}

#[test]
fn databases_of_other_forms_are_whole_or_left_to_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    for (number, (sql, is_left)) in [
        ("CREATE TABLE a(x INTEGER PRIMARY KEY, y REAL UNIQUE, z NOT NULL, UNIQUE(z, y)); CREATE INDEX i ON a(y DESC, x);
          WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
          INSERT INTO a SELECT i * 3, i * 0.5, CASE i % 4 WHEN 0 THEN i WHEN 1 THEN i / 7.0 WHEN 2 THEN 't' || i
          ELSE CAST(i AS BLOB) END FROM n; INSERT INTO a VALUES (1, NULL, -5), (2, NULL, -5);", false),
        ("CREATE TABLE a(x); INSERT INTO a VALUES (1); ALTER TABLE a ADD COLUMN y; CREATE INDEX i ON a(y)", false),
        ("CREATE TABLE a(x); INSERT INTO a VALUES (1); ALTER TABLE a ADD COLUMN y DEFAULT 5; CREATE INDEX i ON a(y)", true),
        ("CREATE TABLE a(x PRIMARY KEY) WITHOUT ROWID; INSERT INTO a VALUES (1)", true),
        ("CREATE TABLE a(x COLLATE NOCASE UNIQUE); INSERT INTO a VALUES ('b'), ('A')", true),
        ("CREATE TABLE a(x); CREATE INDEX i ON a(x) WHERE x > 5; INSERT INTO a VALUES (1), (9)", true),
        ("CREATE TABLE a(x); CREATE INDEX i ON a(x + 1); INSERT INTO a VALUES (1), (9)", true),
        ("PRAGMA auto_vacuum = 1; CREATE TABLE a(x); INSERT INTO a VALUES (1), (9)", true),
        ("PRAGMA encoding = 'UTF-16'; CREATE TABLE a(x UNIQUE); INSERT INTO a VALUES ('é'), ('b'), ('a')", false),
        ("CREATE TABLE a(x INTEGER PRIMARY KEY DESC, y UNIQUE); INSERT INTO a VALUES (5, 1), (3, 2)", false),
        // Numbers of both kinds that are the same, or differ by less than a fraction can say.
        ("CREATE TABLE a(x); CREATE INDEX i ON a(x); INSERT INTO a VALUES (0.0), (-0.0), (0), (-0.0), (9007199254740993),
          (9007199254740992.0), (9007199254740992), (9007199254740994.0), (9223372036854775807), (9223372036854775808.0),
          (-9223372036854775808), (-9223372036854775808.0), (9e999), (-9e999), (NULL)", false),
        ("CREATE TABLE a(x UNIQUE); INSERT INTO a VALUES (9007199254740993), (9007199254740992.0)", false),
        ("CREATE TABLE a(x, y AS (x + 1)); INSERT INTO a VALUES (5)", true),
        ("CREATE TABLE a(x); INSERT INTO a VALUES (zeroblob(5000000))", true),
        ("CREATE VIRTUAL TABLE f USING fts5(x); INSERT INTO f VALUES ('a word')", true),
    ]
    .into_iter()
    .enumerate()
    {
        let path = folder.path().join(number.to_string());
        Connection::open(&path).unwrap().execute_batch(sql).unwrap();
        assert!(!is_damaged_for_sqlite(&path), "{sql}");
        let found = is_damaged(&path, &std::fs::read(&path).unwrap());
        assert_eq!(found, if is_left { None } else { Some(false) }, "{sql}");
    }
}
