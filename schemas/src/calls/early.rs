//! `call_history.db` of iOS 7 and earlier: table `call`, dates in seconds since 1970.
//!
//! `flags`: bit 0 is set on outgoing calls (the triggers of the database itself count talk time by it). There are two
//! families: 4 and 5, with bit 4 (20 and 21) for FaceTime; and 0 and 9, as a real iOS 7 has them, whose high half looks like
//! the cause of the end (Q.850: 17 is busy, 27 out of order). Nobody says what the other bits mean, so the flags are kept as
//! they are. `answered` came with iOS 7; before it, a call that took no time was not answered.
//!
//! Column names: the CREATE statements of iOS 4.2, 6.1 and 9.3.

use rusqlite::{Connection, Row};

use super::model::{Call, Direction, Origin, Outcome, Participant, Verdict};
use super::place::{Mark, Place};
use super::service::Service;
use super::store::seconds;
use crate::database::{Schema, each_row_both_ways, integer, real, some_text};
use crate::time::AppleTime;

const TABLE: &str = "call";

const COLUMNS: [&str; 10] = [
    "address",
    "date",
    "duration",
    "flags",
    "name",
    "country_code",
    "network_code",
    "read",
    "answered",
    "originalAddress",
];

const OUTGOING: i64 = 1;
const FACETIME: i64 = 1 << 4;
/// A device writes 32 bits.
const FLAGS: std::ops::RangeInclusive<i64> = -0x8000_0000..=0xffff_ffff;

/// One such database that is open.
pub(super) struct Early {
    connection: Connection,
    schema: Schema,
    sql: String,
}

impl Early {
    /// Takes a database that has a table of calls.
    pub(super) fn new(connection: Connection, schema: Schema) -> Self {
        let sql = format!("SELECT {} FROM {TABLE} c WHERE c.ROWID = ?1", schema.columns(TABLE, "c", &COLUMNS));
        Self { connection, schema, sql }
    }

    /// Whether a database is one of these.
    pub(super) fn recognises(schema: &Schema) -> bool {
        schema.has_column(TABLE, "date") && schema.has_any_column(TABLE, &["address", "originalAddress", "flags"])
    }

    /// When each call was, in no order, with the mark that tells it from calls of other files.
    ///
    /// # Errors
    /// The damage that ended the reading, after all rows that could be read.
    pub(super) fn places(&self, each: &mut dyn FnMut(Place, Option<Mark>)) -> rusqlite::Result<()> {
        let columns = self.schema.columns(TABLE, "c", &["date", "flags", "address"]);
        let sql = format!("SELECT c.ROWID, {columns} FROM {TABLE} c");
        each_row_both_ways(&self.connection, &sql, &mut |row| {
            let Some(id) = integer(row, 0) else { return };
            let date = moment(integer(row, 1)).0;
            let is_outgoing = integer(row, 2).is_some_and(|flags| flags & OUTGOING != 0);
            each(Place { date, origin: Origin::Early, id }, Mark::sighting(date, is_outgoing, some_text(row, 3)));
        })
    }

    /// Reads one call by its row number; `None` when there is no such row.
    ///
    /// # Errors
    /// What SQLite says, of damaged pages above all.
    pub(super) fn call(&self, id: i64) -> rusqlite::Result<Option<Call>> {
        let mut statement = self.connection.prepare_cached(&self.sql)?;
        let mut rows = statement.query([id])?;
        Ok(rows.next()?.map(|row| read(id, row)))
    }

    /// How many calls there are.
    ///
    /// # Errors
    /// What SQLite says.
    pub(super) fn count(&self) -> rusqlite::Result<i64> {
        self.connection.query_row(&format!("SELECT count(*) FROM {TABLE}"), [], |row| row.get(0))
    }
}

fn read(id: i64, row: &Row<'_>) -> Call {
    let mut odd = Vec::new();
    let (date, odd_date) = moment(integer(row, 1));
    odd.extend(odd_date.map(|value| format!("date {value}")));
    let (duration, odd_duration) = seconds(real(row, 2));
    odd.extend(odd_duration.map(|value| format!("duration {value}")));
    let flags = integer(row, 3);
    odd.extend(flags.filter(|flags| !FLAGS.contains(flags)).map(|flags| format!("flags {flags}")));
    let has = |bit: i64| flags.is_some_and(|flags| flags & bit != 0);
    let direction = match flags {
        None => Direction::Unknown,
        Some(_) if has(OUTGOING) => Direction::Outgoing,
        Some(_) => Direction::Incoming,
    };
    let name = some_text(row, 4);
    let address = some_text(row, 0).or_else(|| some_text(row, 9));
    let mut call = Call {
        id,
        origin: Origin::Early,
        unique_id: None,
        date,
        duration,
        direction,
        outcome: Outcome::Unknown,
        service: if has(FACETIME) { Service::FaceTime } else { Service::Phone },
        is_video: if has(FACETIME) { None } else { Some(false) },
        participants: address
            .map(|address| Participant { address, name, ..Participant::default() })
            .into_iter()
            .collect(),
        country: some_text(row, 5),
        network: some_text(row, 6),
        location: None,
        is_read: integer(row, 7).map(|read| read != 0),
        verdict: Verdict::default(),
        is_emergency: false,
        has_message: false,
        device: None,
        data_bytes: None,
        disconnected_cause: None,
        is_deleted: false,
        flags,
        odd,
    };
    // The column's default is 1, also on calls from before it came.
    let answered = integer(row, 8).map(|answered| answered != 0).filter(|answered| !answered);
    call.settle(answered);
    call
}

/// A moment in seconds since 1970, or else the value that is none; 0 and -1 stand for no date.
fn moment(value: Option<i64>) -> (Option<AppleTime>, Option<i64>) {
    let Some(value) = value else { return (None, None) };
    let date = AppleTime::from_unix_seconds(value).filter(|date| value > 0 && date.timestamp().is_some());
    (date, Some(value).filter(|value| date.is_none() && !matches!(value, 0 | -1)))
}
