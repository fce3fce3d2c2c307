//! Where the values of a table's columns lie in its records.

use rusqlite::Connection;

use super::{some_text, truth};
use crate::formats::sqlite::{ValuePosition, ValuePositions};

/// A table as it is stored: where its tree begins, and which value of a record belongs to which wanted column.
pub(crate) struct Layout {
    /// The page on which the tree of the table begins.
    pub(crate) root: u32,
    /// The values of a record up to the last wanted one.
    columns: Vec<Option<Column>>,
}

/// A wanted column.
struct Column {
    /// Its place among those that are wanted.
    place: usize,
    /// What it holds in records that were written before it was added.
    default: ValuePosition,
}

impl Layout {
    /// Asks a database how it stores the columns of a table that are wanted; those that it lacks are `NULL`. `None` where
    /// records alone do not tell what SQL would give: the number of the row, computed columns, reals that are stored as
    /// integers, unusual defaults.
    pub(crate) fn probe(connection: &Connection, table: &str, wanted: &[&str]) -> Option<Self> {
        let root = "SELECT rootpage FROM sqlite_master WHERE type = 'table' AND lower(name) = ?1";
        let root = connection.query_row(root, [table], |row| row.get(0)).ok()?;
        let sql = "SELECT name, upper(type), dflt_value, pk > 0 AND sum(pk > 0) OVER () = 1, hidden
            FROM pragma_table_xinfo(?1) ORDER BY cid";
        let mut statement = connection.prepare(sql).ok()?;
        let mut rows = statement.query([table]).ok()?;
        let (mut columns, mut has_key) = (Vec::new(), false);
        while let Some(row) = rows.next().ok()? {
            let (name, declared) = (some_text(row, 0)?, some_text(row, 1).unwrap_or_default());
            // That is the number of the row, and not in the record.
            let is_key = truth(row, 3) && declared == "INTEGER";
            has_key |= is_key;
            // Another column of this name hides the number of the row; a hidden one is computed.
            (!truth(row, 4) && (is_key || !name.eq_ignore_ascii_case("ROWID"))).then_some(())?;
            let place = wanted.iter().position(|wanted| wanted.eq_ignore_ascii_case(&name));
            columns.push(match place {
                Some(_) if is_key => return None,
                Some(place) => Some(Column { place, default: default(&declared, some_text(row, 2).as_deref())? }),
                None => None,
            });
        }
        // A key that has an index of its own is in the record, and not the number of the row (`PRIMARY KEY DESC`).
        let indexes = "SELECT count(*) FROM pragma_index_list(?1) WHERE origin = 'pk'";
        let is_indexed = has_key && connection.query_row(indexes, [table], |row| row.get::<_, i64>(0)).ok()? > 0;
        (!is_indexed).then_some(())?;
        while columns.pop_if(|column| column.is_none()).is_some() {}
        Some(Self { root, columns })
    }

    /// Finds the places of the wanted columns in a record. Says whether it is sound.
    pub(crate) fn find(&self, record: &[u8], places: &mut [ValuePosition]) -> bool {
        let mut found = ValuePositions::of(record);
        for column in &self.columns {
            let there = found.next();
            if let Some(column) = column
                && let Some(place) = places.get_mut(column.place)
            {
                *place = there.unwrap_or(column.default);
            }
        }
        found.are_sound()
    }
}

/// What SQL gives for a column that a record lacks. `None` where that is something unusual, and where what is stored is not
/// what SQL gives: whole numbers in columns of reals. By which words a kind is known:
/// <https://www.sqlite.org/datatype3.html#determination_of_column_affinity>.
fn default(declared: &str, default: Option<&str>) -> Option<ValuePosition> {
    let is = |kinds: &[&str]| kinds.iter().any(|kind| declared.contains(kind));
    let is_integer = is(&["INT"]);
    let is_text_or_bytes = !is_integer && (declared.is_empty() || is(&["CHAR", "CLOB", "TEXT", "BLOB"]));
    let is_real = !is_integer && !is_text_or_bytes && is(&["REAL", "FLOA", "DOUB"]);
    match default {
        _ if is_real => None,
        None => Some(ValuePosition::NULL),
        Some(word) if word.eq_ignore_ascii_case("NULL") => Some(ValuePosition::NULL),
        // Of text it would be the digit.
        Some("0") if !is_text_or_bytes => Some(ValuePosition::ZERO),
        Some("1") if !is_text_or_bytes => Some(ValuePosition::ONE),
        Some(_) => None,
    }
}
