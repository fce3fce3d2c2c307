//! What pages say about themselves: the rows of `ZWAMESSAGEDATAITEM`, by their message.

use rusqlite::Connection;

use super::columns::PreviewColumn;
use crate::database::{Row, Schema, each_row, integer};
use crate::messages::app::Link;
use crate::skipped::Skipped;

const TABLE: &str = "ZWAMESSAGEDATAITEM";

/// Which rows there are, by message: a link has one, and each is looked up when its message comes.
#[derive(Default)]
pub(super) struct Previews {
    rows: Vec<(i64, i64)>,
    /// Why not all of them could be read.
    pub(super) damage: Option<Skipped>,
}

impl Previews {
    /// Reads which there are.
    pub(super) fn read(connection: &Connection, schema: &Schema) -> Self {
        let (mut rows, mut damage) = (Vec::new(), None);
        if schema.has_column(TABLE, "ZMESSAGE") {
            let sql = format!("SELECT ZMESSAGE, ROWID FROM {TABLE} WHERE ZMESSAGE IS NOT NULL");
            let read = each_row(connection, &sql, [], &mut |row| rows.extend(integer(row, 0).zip(integer(row, 1))));
            damage = read.err().map(|error| Skipped::part("what some pages say that links lead to", error));
        }
        rows.sort_unstable();
        Self { rows, damage }
    }

    /// The page that a message leads to.
    pub(super) fn link(&self, connection: &Connection, schema: &Schema, message: i64) -> Option<Link> {
        let start = self.rows.partition_point(|(own, _)| *own < message);
        let rows = self.rows.get(start..)?.iter().take_while(|(own, _)| *own == message).take(4);
        rows.filter_map(|(_, row)| Self::read_one(connection, schema, *row)).next()
    }

    fn read_one(connection: &Connection, schema: &Schema, row: i64) -> Option<Link> {
        let columns = schema.columns(TABLE, "d", <PreviewColumn as crate::database::Column>::NAMES);
        let mut found = None;
        let sql = format!("SELECT {columns} FROM {TABLE} d WHERE d.ROWID = ?1");
        each_row(connection, &sql, [row], &mut |row| {
            let row = Row::<PreviewColumn>::queried(row, 0);
            let (url, matched) = (row.some_text(PreviewColumn::Url), row.some_text(PreviewColumn::Matched));
            let (title, summary) = (row.some_text(PreviewColumn::Title), row.some_text(PreviewColumn::Summary));
            let is_address = |url: &String| url.starts_with("http://") || url.starts_with("https://");
            let url = url.filter(is_address).or(matched);
            if url.is_some() && (title.is_some() || summary.is_some()) {
                found = Some(Link { url, title, summary, ..Link::default() });
            }
        })
        .ok()?;
        found
    }
}
