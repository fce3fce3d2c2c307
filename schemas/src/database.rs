//! Reading databases of any version: ask what is there, never assume it.
//!
//! A newer iOS adds columns, an older one lacks them, a hostile file replaces a table by something else. [`Schema`] says
//! what tables and columns a database really has, so that a reader selects what exists and `NULL` for the rest; the
//! value functions read by what is stored, not by what the column was declared to hold.

use std::collections::BTreeMap;

use rusqlite::Connection;

mod layout;
mod row;

pub(crate) use layout::Layout;
pub(crate) use row::{Column, Row, columns, each_of_table};

/// The longest default of a column, in bytes. Apple's are numbers and empty texts; a long one makes gigabytes of rows that
/// take a few bytes each.
const LONGEST_DEFAULT: usize = 256;

/// The longest name that is kept, in bytes: many rows may refer to one, and each record keeps its own.
const LONGEST_NAME: usize = 1024;

/// The tables of a database with their columns. Names are compared as SQLite does: the case of ASCII does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Schema {
    tables: BTreeMap<String, Vec<String>>,
}

impl Schema {
    /// Asks a database for its tables. Views and virtual tables are none: what they compute is up to who made the file. The
    /// same goes for columns that are computed, which SQLite leaves out here, or have a long text for every row without one.
    ///
    /// # Errors
    /// When the list of tables itself cannot be read. A table whose definition makes no sense is left out.
    pub fn probe(connection: &Connection) -> rusqlite::Result<Self> {
        let real = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'";
        let names: Vec<String> = connection
            .prepare(real)?
            .query_map([], |row| Ok(text(row, 0).unwrap_or_default()))?
            .collect::<Result<_, _>>()?;
        let columns = |name: &String| {
            let mut statement = connection.prepare(&format!("PRAGMA table_info({})", quoted(name))).ok()?;
            let columns = statement.query_map([], |row| {
                let is_real = blob(row, 4).is_none_or(|default| default.len() <= LONGEST_DEFAULT);
                Ok(is_real.then(|| text(row, 1).unwrap_or_default().to_ascii_lowercase()))
            });
            columns.ok()?.filter_map(Result::transpose).collect::<Result<Vec<_>, _>>().ok()
        };
        let tables = names.iter().filter_map(|name| Some((name.to_ascii_lowercase(), columns(name)?))).collect();
        Ok(Self { tables })
    }

    /// Whether there is a table of this name.
    pub fn has_table(&self, table: &str) -> bool {
        self.tables.contains_key(&table.to_ascii_lowercase())
    }

    /// Whether there is a table of this name with a column of this name.
    pub fn has_column(&self, table: &str, column: &str) -> bool {
        let columns = self.tables.get(&table.to_ascii_lowercase());
        columns.is_some_and(|columns| columns.contains(&column.to_ascii_lowercase()))
    }

    /// Whether there is a table of this name with any of these columns: others make tables of such names too.
    pub fn has_any_column(&self, table: &str, columns: &[&str]) -> bool {
        columns.iter().any(|column| self.has_column(table, column))
    }

    /// The columns of a table, in small letters; none where there is no such table.
    pub fn columns_of(&self, table: &str) -> &[String] {
        self.tables.get(&table.to_ascii_lowercase()).map_or(&[], Vec::as_slice)
    }

    /// The tables whose names end so, in small letters: Core Data puts numbers that change from version to version in front
    /// of some names.
    pub fn tables_ending_in(&self, ending: &str) -> impl Iterator<Item = &str> {
        let ending = ending.to_ascii_lowercase();
        self.tables.keys().map(String::as_str).filter(move |table| table.ends_with(&ending))
    }

    /// The columns of a table whose names end so, in small letters.
    pub fn columns_ending_in(&self, table: &str, ending: &str) -> impl Iterator<Item = &str> {
        let ending = ending.to_ascii_lowercase();
        let columns = self.tables.get(&table.to_ascii_lowercase()).into_iter().flatten();
        columns.map(String::as_str).filter(move |column| column.ends_with(&ending))
    }

    /// A list of columns for a `SELECT`, each prefixed with the table's name in the query: those that exist as they
    /// are, `NULL` for the others, so that positions stay the same whatever the version.
    pub fn columns(&self, table: &str, prefix: &str, columns: &[&str]) -> String {
        let column = |column: &&str| match self.has_column(table, column) {
            true => format!("{prefix}.{}", quoted(column)),
            false => "NULL".to_owned(),
        };
        columns.iter().map(column).collect::<Vec<_>>().join(", ")
    }

    /// The same where the names of columns are found out at run time, and where not all of a list are wanted: each name is
    /// told with its column, and what is not told is `NULL`.
    pub(crate) fn columns_as<C: Column>(&self, table: &str, prefix: &str, names: &[(C, &str)]) -> String {
        let mut columns = vec!["NULL".to_owned(); C::NAMES.len()];
        for (column, name) in names {
            if let Some(place) = columns.get_mut(column.index()) {
                *place = self.columns(table, prefix, &[name]);
            }
        }
        columns.join(", ")
    }
}

/// A name as SQL writes it, whatever it contains.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Hands each row of a query on. After an error in the middle, the rows before it have been handed on.
///
/// # Errors
/// What SQLite says, [`rusqlite::Error::SqliteFailure`] with `SQLITE_CORRUPT` for damaged pages.
pub fn each_row(
    connection: &Connection,
    sql: &str,
    parameters: impl rusqlite::Params,
    row: &mut dyn FnMut(&rusqlite::Row<'_>),
) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(parameters)?;
    while let Some(found) = rows.next()? {
        row(found);
    }
    Ok(())
}

/// Hands each row of a query on, ordered by its first column, an integer key. After damage, what lies behind it is read
/// from the other end, so that only the damaged rows are lost. The query has no `ORDER BY` of its own.
///
/// # Errors
/// What SQLite said first, after all rows that could be read have been handed on; those from behind come in reverse.
pub fn each_row_both_ways(
    connection: &Connection,
    sql: &str,
    row: &mut dyn FnMut(&rusqlite::Row<'_>),
) -> rusqlite::Result<()> {
    let mut last = None;
    let first = each_row(connection, &format!("{sql} ORDER BY 1"), [], &mut |found| {
        last = integer(found, 0).or(last);
        row(found);
    });
    let Err(error) = first else { return Ok(()) };
    // This way ends in the same damage; the error that counts is the first one.
    let _ = each_row(connection, &format!("{sql} ORDER BY 1 DESC"), [], &mut |found| {
        if integer(found, 0) > last {
            row(found);
        }
    });
    Err(error)
}

/// The text in a column. Numbers become text, bytes and text that are no UTF-8 are read as far as possible.
pub fn text(row: &rusqlite::Row<'_>, column: usize) -> Option<String> {
    value::text(row.get_ref(column).ok()?)
}

/// The text in a column, `None` where it is empty too.
pub fn some_text(row: &rusqlite::Row<'_>, column: usize) -> Option<String> {
    value::some_text(row.get_ref(column).ok()?)
}

/// The same of something that many rows may refer to, such as an address, a label or an album: a name of more than 1,024 bytes
/// is cut, and ends in `…`.
pub fn name(row: &rusqlite::Row<'_>, column: usize) -> Option<String> {
    some_text(row, column).map(value::shortened)
}

/// The integer in a column. Reals lose their fraction, text is read as a number.
pub fn integer(row: &rusqlite::Row<'_>, column: usize) -> Option<i64> {
    value::integer(row.get_ref(column).ok()?)
}

/// The number in a column, whether stored as real, integer or text.
pub fn real(row: &rusqlite::Row<'_>, column: usize) -> Option<f64> {
    value::real(row.get_ref(column).ok()?)
}

/// Whether the integer in a column is there and not zero.
pub fn truth(row: &rusqlite::Row<'_>, column: usize) -> bool {
    integer(row, column).is_some_and(|number| number != 0)
}

/// The bytes in a column, `None` where there are none.
pub fn blob<'row>(row: &'row rusqlite::Row<'_>, column: usize) -> Option<&'row [u8]> {
    value::blob(row.get_ref(column).ok()?)
}

/// The same, of a value that has been taken out of its row.
pub(crate) mod value {
    use rusqlite::types::ValueRef;

    /// See [`name`](super::name).
    pub(crate) fn shortened(mut text: String) -> String {
        crate::skipped::shorten(&mut text, super::LONGEST_NAME);
        text
    }

    /// See [`text`](super::text).
    pub(crate) fn text(value: ValueRef<'_>) -> Option<String> {
        match value {
            ValueRef::Null => None,
            ValueRef::Integer(number) => Some(number.to_string()),
            ValueRef::Real(number) => Some(number.to_string()),
            // Nearly every text is sound, which is found out faster than it is mended.
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Some(match std::str::from_utf8(bytes) {
                Ok(text) => text.to_owned(),
                Err(_) => String::from_utf8_lossy(bytes).into_owned(),
            }),
        }
    }

    /// See [`some_text`](super::some_text).
    pub(crate) fn some_text(value: ValueRef<'_>) -> Option<String> {
        text(value).filter(|text| !text.is_empty())
    }

    /// See [`integer`](super::integer).
    pub(crate) fn integer(value: ValueRef<'_>) -> Option<i64> {
        match value {
            ValueRef::Integer(number) => Some(number),
            // Casting saturates; a number that is none becomes nothing.
            ValueRef::Real(number) => number.is_finite().then_some(number as i64),
            ValueRef::Text(bytes) => {
                let text = std::str::from_utf8(bytes).ok()?.trim();
                let real = || text.parse().ok().filter(|number: &f64| number.is_finite()).map(|number| number as i64);
                text.parse().ok().or_else(real)
            }
            ValueRef::Null | ValueRef::Blob(_) => None,
        }
    }

    /// See [`real`](super::real).
    pub(crate) fn real(value: ValueRef<'_>) -> Option<f64> {
        match value {
            ValueRef::Real(number) => Some(number),
            ValueRef::Integer(number) => Some(number as f64),
            ValueRef::Text(bytes) => std::str::from_utf8(bytes).ok()?.trim().parse().ok(),
            ValueRef::Null | ValueRef::Blob(_) => None,
        }
    }

    /// See [`blob`](super::blob).
    pub(crate) fn blob(value: ValueRef<'_>) -> Option<&[u8]> {
        match value {
            ValueRef::Blob(bytes) | ValueRef::Text(bytes) if !bytes.is_empty() => Some(bytes),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn database(sql: &str) -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(sql).unwrap();
        connection
    }

    #[test]
    fn only_real_tables_count() {
        let connection = database(
            r#"CREATE TABLE Message (ROWID INTEGER PRIMARY KEY, "Text" TEXT);
               CREATE VIEW chat AS WITH RECURSIVE endless(n) AS (SELECT 1 UNION ALL SELECT n FROM endless) SELECT n FROM endless;
               CREATE VIRTUAL TABLE handle USING fts5(id);
               CREATE TABLE "o""dd" ("a""b")"#,
        );
        let schema = Schema::probe(&connection).unwrap();
        assert!(schema.has_table("message") && schema.has_column("MESSAGE", "text"));
        assert!(!schema.has_table("chat") && !schema.has_table("handle"));
        assert!(schema.has_column("o\"dd", "a\"b"));
        assert_eq!(schema.columns("message", "m", &["text", "subject"]), r#"m."text", NULL"#);
        assert_eq!(schema.tables_ending_in("SAGE").collect::<Vec<_>>(), ["message"]);
        assert_eq!(schema.columns_ending_in("Message", "_id").count(), 0);
        assert_eq!(schema.columns_ending_in("Message", "ID").collect::<Vec<_>>(), ["rowid"]);
    }

    #[test]
    fn columns_that_make_much_of_little_are_none() {
        let long = "x".repeat(300);
        let connection = database(&format!(
            "CREATE TABLE Files (fileID TEXT, domain TEXT DEFAULT 'short', path TEXT GENERATED ALWAYS AS (hex(zeroblob(9999))),
             stored TEXT AS (hex(fileID)) STORED, flags TEXT DEFAULT '{long}')"
        ));
        let schema = Schema::probe(&connection).unwrap();
        assert_eq!(schema.columns_of("files"), ["fileid", "domain"]);
    }

    #[test]
    fn a_name_is_cut_at_a_letter_and_marked() {
        let connection = database("CREATE TABLE t (a)");
        connection.execute("INSERT INTO t VALUES (?1)", [format!("x{}", "é".repeat(600))]).unwrap();
        let mut seen = None;
        each_row(&connection, "SELECT a FROM t", [], &mut |row| seen = name(row, 0)).unwrap();
        let seen = seen.unwrap();
        assert!(seen.len() <= 1024 && seen.ends_with("é…"), "{}", seen.len());
    }

    #[test]
    fn values_are_read_by_what_is_stored() {
        let connection = database("SELECT 1");
        let mut seen = Vec::new();
        each_row(&connection, "SELECT '12', 12.9, x'c3a9ff', NULL, 7, 'a', 1e300", [], &mut |row| {
            seen = (0..7).map(|column| (text(row, column), integer(row, column))).collect();
            assert_eq!(blob(row, 2), Some(&[0xc3, 0xa9, 0xff][..]));
            assert_eq!(real(row, 4), Some(7.0));
            assert_eq!((truth(row, 4), truth(row, 3)), (true, false));
        })
        .unwrap();
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(seen[0], (some("12"), Some(12)));
        assert_eq!(seen[1], (some("12.9"), Some(12)));
        assert_eq!(seen[2], (some("é\u{fffd}"), None));
        assert_eq!(seen[3], (None, None));
        assert_eq!(seen[4], (some("7"), Some(7)));
        assert_eq!(seen[5], (some("a"), None));
        assert_eq!(seen[6].1, Some(i64::MAX));
    }

    #[test]
    fn a_utf16_database_gives_the_same_text() {
        let connection = database("PRAGMA encoding = 'UTF-16le'; CREATE TABLE t (a); INSERT INTO t VALUES ('Zoë 🎈')");
        let mut seen = None;
        each_row(&connection, "SELECT a FROM t", [], &mut |row| seen = text(row, 0)).unwrap();
        assert_eq!(seen.as_deref(), Some("Zoë 🎈"));
    }
}
