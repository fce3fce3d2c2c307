//! What the trees of a database are, by SQLite's own reading of its tables.

use rusqlite::Connection;

/// What is to be checked.
pub struct Plan {
    pub(super) tables: Vec<Table>,
}

/// A table with row numbers.
pub(super) struct Table {
    pub(super) name: String,
    pub(super) root: u32,
    /// How many columns it has, and which of them are never nothing.
    pub(super) columns: usize,
    pub(super) never_null: Vec<usize>,
    /// The column that stands for the row number.
    pub(super) row_number: Option<usize>,
    /// Whether old rows that lack columns have other values there than nothing.
    pub(super) has_defaults: bool,
    pub(super) indexes: Vec<Index>,
}

/// An index over columns as they are.
pub(super) struct Index {
    pub(super) name: String,
    pub(super) root: u32,
    pub(super) columns: Vec<Column>,
    pub(super) is_unique: bool,
}

/// A column of an index.
pub(super) struct Column {
    /// Its number in the table.
    pub(super) number: usize,
    pub(super) is_descending: bool,
}

impl Plan {
    /// Asks SQLite. `None` when something in the database is not understood here.
    ///
    /// # Errors
    /// What SQLite says when the list of tables makes no sense.
    pub fn of(connection: &Connection) -> rusqlite::Result<Option<Self>> {
        let sql = "SELECT name, rootpage FROM sqlite_schema WHERE type = 'table' AND rootpage > 0 ORDER BY rootpage";
        let mut statement = connection.prepare(sql)?;
        let names: Vec<(String, u32)> =
            statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
        let mut tables = Vec::new();
        for (name, root) in names {
            match table(connection, name, root)? {
                Some(table) => tables.push(table),
                None => return Ok(None),
            }
        }
        Ok(Some(Self { tables }))
    }
}

fn table(connection: &Connection, name: String, root: u32) -> rusqlite::Result<Option<Table>> {
    let has_rows = "SELECT wr FROM pragma_table_list WHERE schema = 'main' AND name = ?1";
    if connection.query_row(has_rows, [&name], |row| row.get::<_, bool>(0))? {
        return Ok(None);
    }
    let sql = "SELECT cid, type, \"notnull\", dflt_value IS NOT NULL, pk, hidden FROM pragma_table_xinfo(?1)";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([&name])?;
    let mut table = Table {
        name: name.clone(),
        root,
        columns: 0,
        never_null: Vec::new(),
        row_number: None,
        has_defaults: false,
        indexes: Vec::new(),
    };
    let mut keys = Vec::new();
    while let Some(row) = rows.next()? {
        let number = table.columns;
        if row.get::<_, i64>(5)? != 0 {
            return Ok(None);
        }
        table.columns += 1;
        table.has_defaults |= row.get::<_, bool>(3)?;
        if row.get::<_, bool>(2)? {
            table.never_null.push(number);
        }
        if row.get::<_, i64>(4)? > 0 {
            keys.push((number, row.get::<_, String>(1)?.eq_ignore_ascii_case("INTEGER")));
        }
    }
    let listed = indexes(connection, &name)?;
    let Some(has_key_index) = listed.has_key_index else { return Ok(None) };
    table.indexes = listed.indexes;
    if let (&[(number, true)], false) = (keys.as_slice(), has_key_index) {
        table.row_number = Some(number);
        table.never_null.retain(|column| *column != number);
    }
    Ok(Some(table))
}

/// The indexes of a table.
struct Listed {
    indexes: Vec<Index>,
    /// Whether one of them is that of the primary key; `None` where one is not understood.
    has_key_index: Option<bool>,
}

fn indexes(connection: &Connection, table: &str) -> rusqlite::Result<Listed> {
    let sql = "SELECT l.name, s.rootpage, l.\"unique\", l.origin = 'pk', l.partial FROM pragma_index_list(?1) l
               JOIN sqlite_schema s ON s.type = 'index' AND s.name = l.name ORDER BY s.rootpage";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([table])?;
    let mut listed = Listed { indexes: Vec::new(), has_key_index: Some(false) };
    while let Some(row) = rows.next()? {
        let name: String = row.get(0)?;
        let columns = columns(connection, &name)?;
        let is_partial: bool = row.get(4)?;
        let Some(columns) = columns.filter(|_| !is_partial) else {
            return Ok(Listed { has_key_index: None, ..listed });
        };
        listed.has_key_index = listed.has_key_index.map(|known| known || row.get(3).unwrap_or(false));
        listed.indexes.push(Index { name, root: row.get(1)?, columns, is_unique: row.get(2)? });
    }
    Ok(listed)
}

/// The columns of an index; `None` where one is an expression or is compared in another way than byte by byte.
fn columns(connection: &Connection, index: &str) -> rusqlite::Result<Option<Vec<Column>>> {
    let sql = "SELECT cid, \"desc\", coll FROM pragma_index_xinfo(?1) WHERE key = 1 ORDER BY seqno";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([index])?;
    let mut columns = Vec::new();
    while let Some(row) = rows.next()? {
        let number = usize::try_from(row.get::<_, i64>(0)?).ok();
        let is_binary = row.get::<_, Option<String>>(2)?.is_some_and(|name| name.eq_ignore_ascii_case("BINARY"));
        match number.filter(|_| is_binary) {
            Some(number) => columns.push(Column { number, is_descending: row.get(1)? }),
            None => return Ok(None),
        }
    }
    Ok(Some(columns))
}
