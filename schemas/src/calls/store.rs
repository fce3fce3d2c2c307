//! `CallHistory.storedata` and `CallHistoryTemp.storedata`: Core Data stores of iOS 8 and later.
//!
//! `ZCALLRECORD` has one row per call. Its columns grew from 18 (iOS 8) to 48 (iOS 26); a reader asks which are there.
//! `ZADDRESS` holds UTF-8 in a column of bytes until iOS 12 and text later. Since iOS 13 the other side is in `ZHANDLE`
//! too, tied by `Z_2REMOTEPARTICIPANTHANDLES`, whose names carry the numbers of Core Data's entities: these differ between
//! versions (`Z_3…` before emergency media came, `Z_4…` after), so they are found by their endings.
//!
//! Column names: the CREATE statements of iOS 9.3, 10.3, 11.2 and of model 46 (iOS 26); meanings: rows of iOS 9 to 18.

use std::collections::HashMap;

use rusqlite::Connection;

use super::model::{Call, Direction, Origin, Outcome, Participant, Verdict};
use super::position::{CallIdentity, CallPosition, NeededIdentities};
use super::service;
use crate::database::{Column as _, Row, Schema, columns, each_of_table, each_row_both_ways, integer, quoted};
use crate::skipped::Skipped;
use crate::time::AppleTime;

const TABLE: &str = "ZCALLRECORD";

/// What the device writes where it knows no place.
const NO_LOCATION: &str = "<<RecentsNumberLocationNotFound>>";

columns! {
    /// The columns of `ZCALLRECORD`.
    enum Column {
        UniqueId = "ZUNIQUE_ID",
        Date = "ZDATE",
        Duration = "ZDURATION",
        Originated = "ZORIGINATED",
        Answered = "ZANSWERED",
        Kind = "ZCALLTYPE",
        Category = "ZCALL_CATEGORY",
        Provider = "ZSERVICE_PROVIDER",
        Address = "ZADDRESS",
        Name = "ZNAME",
        Country = "ZISO_COUNTRY_CODE",
        Location = "ZLOCATION",
        Read = "ZREAD",
        Cause = "ZDISCONNECTED_CAUSE",
        Data = "ZFACE_TIME_DATA",
        JunkConfidence = "ZJUNKCONFIDENCE",
        JunkCategory = "ZJUNKIDENTIFICATIONCATEGORY",
        BlockedBy = "ZBLOCKEDBYEXTENSION",
        BlockedByName = "ZBLOCKEDBYEXTENSIONNAME",
        FilteredOut = "ZFILTERED_OUT_REASON",
        Verification = "ZVERIFICATIONSTATUS",
        Trust = "ZCOMMUNICATIONTRUSTSCORE",
        Emergency = "ZWASEMERGENCYCALL",
        Message = "ZHASMESSAGE",
        Device = "ZORIGINATINGDEVICENAME",
    }

    /// The columns that say when a call was, and tell it from calls of other files.
    enum Placed { UniqueId = "ZUNIQUE_ID", Date = "ZDATE", Originated = "ZORIGINATED", Address = "ZADDRESS" }

    /// What the columns that tie a call to its participants end in.
    enum Tie { Call = "REMOTEPARTICIPANTCALLS", Handle = "REMOTEPARTICIPANTHANDLES" }

    /// The columns of `ZHANDLE`.
    enum Handle { Value = "ZVALUE", Normalized = "ZNORMALIZEDVALUE" }
}

/// One store that is open.
pub(super) struct CallStore {
    connection: Connection,
    schema: Schema,
    origin: Origin,
    sql: String,
    handles: HashMap<i64, (String, Option<String>)>,
    /// Call and handle, ordered.
    joins: Vec<(i64, i64)>,
}

impl CallStore {
    /// Takes a database that has a table of calls, and reads who takes part in any of them. What of that cannot be read is
    /// added to `skipped`.
    pub(super) fn new(connection: Connection, schema: Schema, origin: Origin, skipped: &mut Vec<Skipped>) -> Self {
        let sql = format!("SELECT {} FROM {TABLE} c WHERE c.ROWID = ?1", schema.columns(TABLE, "c", Column::NAMES));
        let handles = handles(&connection, &schema, skipped);
        let joins = joins(&connection, &schema, skipped);
        Self { connection, schema, origin, sql, handles, joins }
    }

    /// Whether a database is one of these.
    pub(super) fn recognises(schema: &Schema) -> bool {
        schema.has_any_column(TABLE, Column::NAMES)
    }

    /// When each call was, in no order, with the marks that tell it from calls of other files, as far as they are asked for.
    ///
    /// # Errors
    /// The damage that ended the reading, after all rows that could be read.
    pub(super) fn places(
        &self,
        marks: NeededIdentities,
        each: &mut dyn FnMut(CallPosition, Option<CallIdentity>, Option<CallIdentity>),
    ) -> rusqlite::Result<()> {
        let named = |column: Placed| (column, column.name());
        let unique = marks.unique.then(|| named(Placed::UniqueId));
        let heuristic_match = marks.heuristic_match.then(|| [Placed::Originated, Placed::Address].map(named));
        let wanted: Vec<_> =
            [named(Placed::Date)].into_iter().chain(unique).chain(heuristic_match.into_iter().flatten()).collect();
        let sql = format!("SELECT c.ROWID, {} FROM {TABLE} c", self.schema.columns_as(TABLE, "c", &wanted));
        let origin = self.origin;
        each_row_both_ways(&self.connection, &sql, &mut |row| {
            let Some(id) = integer(row, 0) else { return };
            let row = Row::queried(row, 1);
            let date = moment(row.real(Placed::Date)).0;
            let heuristic_match =
                || CallIdentity::heuristic_match(date, row.truth(Placed::Originated), row.some_text(Placed::Address));
            let unique = row.some_text(Placed::UniqueId).map(|unique| CallIdentity::unique(&unique));
            each(CallPosition { date, origin, id }, unique, marks.heuristic_match.then(heuristic_match).flatten());
        })
    }

    /// Reads one call by its row number; `None` when there is no such row.
    ///
    /// # Errors
    /// What SQLite says, of damaged pages above all.
    pub(super) fn call(&self, id: i64) -> rusqlite::Result<Option<Call>> {
        let mut statement = self.connection.prepare_cached(&self.sql)?;
        let mut rows = statement.query([id])?;
        Ok(rows.next()?.map(|row| self.read(id, Row::queried(row, 0))))
    }

    /// How many calls there are.
    ///
    /// # Errors
    /// What SQLite says.
    pub(super) fn count(&self) -> rusqlite::Result<i64> {
        self.connection.query_row(&format!("SELECT count(*) FROM {TABLE}"), [], |row| row.get(0))
    }

    fn read(&self, id: i64, row: Row<'_, Column>) -> Call {
        let mut odd = Vec::new();
        let (date, odd_date) = moment(row.real(Column::Date));
        odd.extend(odd_date.map(|value| format!("date {value}")));
        let (duration, odd_duration) = seconds(row.real(Column::Duration));
        odd.extend(odd_duration.map(|value| format!("duration {value}")));
        let direction = direction(row.integer(Column::Originated), &mut odd);
        let kind = row.integer(Column::Kind);
        let (service, is_video, is_known) =
            service::read(row.some_text(Column::Provider), kind, row.integer(Column::Category));
        if !is_known {
            odd.extend(kind.map(|kind| format!("call type {kind}")));
        }
        let mut call = Call {
            id,
            origin: self.origin,
            unique_id: row.some_text(Column::UniqueId),
            date,
            duration,
            direction,
            outcome: Outcome::Unknown,
            service,
            is_video,
            participants: self.participants(id, row, &mut odd),
            country: row.some_text(Column::Country),
            network: None,
            location: row.some_text(Column::Location).filter(|place| place != NO_LOCATION),
            is_read: row.integer(Column::Read).map(|read| read != 0),
            verdict: verdict(row),
            is_emergency: row.truth(Column::Emergency),
            has_message: row.truth(Column::Message),
            device: row.some_text(Column::Device),
            data_bytes: row.integer(Column::Data).filter(|bytes| *bytes > 0),
            disconnected_cause: row.integer(Column::Cause),
            also_in: None,
            is_deleted: false,
            flags: None,
            odd,
        };
        call.resolve_outcome(row.integer(Column::Answered).map(|answered| answered != 0));
        call
    }

    /// The other side: the address of the call itself, and whoever is tied to it.
    fn participants(&self, id: i64, row: Row<'_, Column>, odd: &mut Vec<String>) -> Vec<Participant> {
        let start = self.joins.partition_point(|(call, _)| *call < id);
        let joined = self.joins.get(start..).unwrap_or_default().iter().take_while(|(call, _)| *call == id);
        let mut people: Vec<Participant> = Vec::new();
        for (_, handle) in joined {
            match self.handles.get(handle) {
                Some((address, _)) if people.iter().any(|known| known.address == *address) => {}
                Some((address, normalized)) => people.push(Participant {
                    address: address.clone(),
                    normalized: normalized.clone(),
                    ..Participant::default()
                }),
                None => odd.push(format!("participant {handle} is not recorded")),
            }
        }
        if let Some(address) = row.some_text(Column::Address) {
            let is_own = |known: &Participant| known.address == address || known.normalized.as_ref() == Some(&address);
            if !people.iter().any(is_own) {
                people.insert(0, Participant { address, ..Participant::default() });
            }
        }
        // The name on a call is that of its one other side.
        if let [only] = people.as_mut_slice() {
            only.name = row.some_text(Column::Name);
        }
        people
    }
}

fn verdict(row: Row<'_, Column>) -> Verdict {
    Verdict {
        junk_confidence: row.integer(Column::JunkConfidence),
        junk_category: row.some_text(Column::JunkCategory),
        blocked_by: row.some_text(Column::BlockedByName).or_else(|| row.some_text(Column::BlockedBy)),
        filtered_out: row.integer(Column::FilteredOut),
        verification: row.integer(Column::Verification),
        trust: row.integer(Column::Trust),
    }
}

fn direction(originated: Option<i64>, odd: &mut Vec<String>) -> Direction {
    match originated {
        Some(0) => Direction::Incoming,
        Some(1) => Direction::Outgoing,
        Some(other) => {
            odd.push(format!("direction {other}"));
            Direction::Unknown
        }
        None => Direction::Unknown,
    }
}

/// A moment in seconds since 2001, or else the value that is none. No device kept calls before 2007; 0 and -1 stand for
/// no date.
fn moment(value: Option<f64>) -> (Option<AppleTime>, Option<f64>) {
    let Some(value) = value else { return (None, None) };
    let date = AppleTime::from_seconds(value).filter(|date| value > 0.0 && date.timestamp().is_some());
    let is_unset = value == 0.0 || value == -1.0;
    (date, Some(value).filter(|_| date.is_none() && !is_unset))
}

/// A duration, or else the value that is none: no call lasts ten years.
pub(super) fn seconds(value: Option<f64>) -> (Option<f64>, Option<f64>) {
    const LONGEST: f64 = 10.0 * 366.0 * 86_400.0;
    match value {
        Some(value) if (0.0..LONGEST).contains(&value) => (Some(value), None),
        other => (None, other),
    }
}

fn handles(
    connection: &Connection,
    schema: &Schema,
    skipped: &mut Vec<Skipped>,
) -> HashMap<i64, (String, Option<String>)> {
    let mut handles = HashMap::new();
    let read = each_of_table(connection, schema, "ZHANDLE", &mut |id, row| {
        let (value, normalized) = (row.name(Handle::Value), row.name(Handle::Normalized));
        if let (Some(id), Some(value)) = (id, value.or_else(|| normalized.clone())) {
            handles.insert(id, (value.clone(), normalized.filter(|normalized| *normalized != value)));
        }
    });
    skipped.extend(read.err().map(|error| Skipped::part("some participants of calls", error)));
    handles
}

fn joins(connection: &Connection, schema: &Schema, skipped: &mut Vec<Skipped>) -> Vec<(i64, i64)> {
    let mut joins = Vec::new();
    for table in schema.tables_ending_in(Tie::Handle.name()) {
        let find = |tie: Tie| schema.columns_ending_in(table, tie.name()).next().map(|name| (tie, name));
        let Some((call, handle)) = find(Tie::Call).zip(find(Tie::Handle)) else { continue };
        let columns = schema.columns_as(table, "j", &[call, handle]);
        let sql = format!("SELECT j.ROWID, {columns} FROM {} j", quoted(table));
        let read = each_row_both_ways(connection, &sql, &mut |row| {
            let row = Row::queried(row, 1);
            joins.extend(row.integer(Tie::Call).zip(row.integer(Tie::Handle)));
        });
        skipped.extend(read.err().map(|error| Skipped::part("some participants of calls", error)));
    }
    joins.sort_unstable();
    joins.dedup();
    joins
}
