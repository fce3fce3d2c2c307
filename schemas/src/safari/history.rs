//! `History.db`: visits, of which each names its address, and what was removed.
//!
//! Tables: `history_items` (addresses), `history_visits`, `history_tombstones` (`start_time` to `end_time`, of one `url` or all).
//! Columns: iOS 9.3, 10.3 and 11.2, and macOS 26.6 and 27. `origin` is 0 on this device and 1 on another one. Times count from 2001
//! or from 1970 (see [`moment`](super::moment)).

use rusqlite::Connection;

use super::model::{Cleared, Origin, SafariRecord, Visit};
use super::moment::moment;
use super::name_of;
use crate::database::{Column as _, Row, Schema, columns, each_of_table, each_row};
use crate::skipped::Skipped;
use crate::source::{Source, SourceError};
use crate::time::AppleTime;

columns! {
    /// The columns of visits.
    enum VisitRow {
        Item = "history_item",
        Time = "visit_time",
        Title = "title",
        Loaded = "load_successful",
        From = "redirect_source",
        To = "redirect_destination",
        Origin = "origin",
    }

    /// The columns of what was removed.
    enum ClearedRow { From = "start_time", Until = "end_time", Url = "url" }
}

/// One history.
pub(super) struct History {
    connection: Connection,
    schema: Schema,
    profile: Option<String>,
    query: String,
}

impl History {
    /// Opens one. `profile` is whose it is.
    ///
    /// # Errors
    /// When it is not there, cannot be read, or is a database of something else.
    pub(super) fn open(
        source: &dyn Source,
        (domain, path): (&str, &str),
        profile: Option<String>,
    ) -> Result<Self, SourceError> {
        let connection = source.database(domain, path)?.connect()?;
        let schema = Schema::probe(&connection).map_err(|error| SourceError::unreadable(name_of(path), error))?;
        if !schema.has_column("history_visits", VisitRow::Item.name()) {
            return Err(SourceError::foreign(name_of(path), "it has no table of visits"));
        }
        let query = query(&schema);
        Ok(Self { connection, schema, profile, query })
    }

    /// The rows of visits and when they were, in the order of rows.
    pub(super) fn places(&self, skipped: &mut Vec<Skipped>) -> Vec<(Option<AppleTime>, i64)> {
        let mut places = Vec::new();
        let read =
            each_of_table(&self.connection, &self.schema, "history_visits", &mut |id, row: Row<'_, VisitRow>| {
                places.extend(id.map(|id| (moment(row.value(VisitRow::Time)).0, id)));
            });
        skipped.extend(read.err().map(|error| Skipped::part(self.named("some visits"), error)));
        places
    }

    /// One visit. `None` where the row has gone.
    ///
    /// # Errors
    /// What SQLite says.
    pub(super) fn visit(&self, id: i64) -> rusqlite::Result<Option<SafariRecord>> {
        let mut found = None;
        each_row(&self.connection, &self.query, [id], &mut |row| {
            found = Some(self.visit_of(id, Row::queried(row, 0)));
        })?;
        Ok(found.map(SafariRecord::Visit))
    }

    fn visit_of(&self, id: i64, row: Row<'_, VisitRow>) -> Visit {
        use crate::database::value::{integer, some_text};
        let (date, odd) = moment(row.value(VisitRow::Time));
        let has_origin = self.schema.has_column("history_visits", VisitRow::Origin.name());
        let has_loaded = self.schema.has_column("history_visits", VisitRow::Loaded.name());
        Visit {
            id,
            url: some_text(row.behind(0)),
            title: row.some_text(VisitRow::Title),
            date,
            visits: integer(row.behind(1)),
            origin: match row.integer(VisitRow::Origin) {
                _ if !has_origin => Origin::NotStored,
                Some(0) => Origin::ThisDevice,
                Some(1) => Origin::OtherDevice,
                Some(other) => Origin::Unknown(other),
                None => Origin::NotStored,
            },
            redirected_from: some_text(row.behind(2)),
            redirected_to: some_text(row.behind(3)),
            failed: has_loaded && row.integer(VisitRow::Loaded) == Some(0),
            profile: self.profile.clone(),
            odd: odd.into_iter().map(|odd| format!("time {odd}")).collect(),
        }
    }

    /// What was removed.
    pub(super) fn cleared(&self, skipped: &mut Vec<Skipped>) -> Vec<SafariRecord> {
        let mut found = Vec::new();
        let read = each_of_table(&self.connection, &self.schema, "history_tombstones", &mut |id, row| {
            let ((from, odd), (until, other)) =
                (moment(row.value(ClearedRow::From)), moment(row.value(ClearedRow::Until)));
            let odd = odd.into_iter().chain(other).map(|odd| format!("time {odd}"));
            let cleared = |id| Cleared {
                id,
                url: row.some_text(ClearedRow::Url),
                from,
                until,
                profile: self.profile.clone(),
                odd: odd.collect(),
            };
            found.extend(id.map(cleared).map(SafariRecord::Cleared));
        });
        skipped.extend(read.err().map(|error| Skipped::part(self.named("some removed visits"), error)));
        found
    }

    /// How many visits there are, with those that were removed.
    pub(super) fn count(&self) -> Option<u64> {
        let of = |table: &str| {
            let count = format!("SELECT count(*) FROM {table}");
            let count = self.connection.query_row(&count, [], |row| row.get::<_, i64>(0)).ok()?;
            u64::try_from(count).ok()
        };
        let removed = if self.schema.has_table("history_tombstones") { of("history_tombstones")? } else { 0 };
        Some(of("history_visits")? + removed)
    }

    /// What is said to be of this history.
    pub(super) fn named(&self, what: &str) -> String {
        match &self.profile {
            Some(profile) => format!("{what} of the profile {profile}"),
            None => format!("{what} of History.db"),
        }
    }
}

/// A visit with its address and those of the visits that it leads from and to.
fn query(schema: &Schema) -> String {
    let visit = schema.columns("history_visits", "v", VisitRow::NAMES);
    let item = schema.columns("history_items", "i", &["url", "visit_count"]);
    if !schema.has_column("history_items", "id") || !schema.has_column("history_items", "url") {
        return format!("SELECT {visit}, NULL, NULL, NULL, NULL FROM history_visits v WHERE v.ROWID = ?1");
    }
    let other = |column: VisitRow| match schema.has_column("history_visits", column.name()) {
        true => format!(
            "(SELECT i.url FROM history_visits o JOIN history_items i ON i.id = o.history_item WHERE o.ROWID = v.{})",
            column.name()
        ),
        false => "NULL".to_owned(),
    };
    format!(
        "SELECT {visit}, {item}, {}, {} FROM history_visits v LEFT JOIN history_items i ON i.id = v.history_item
         WHERE v.ROWID = ?1",
        other(VisitRow::From),
        other(VisitRow::To)
    )
}
