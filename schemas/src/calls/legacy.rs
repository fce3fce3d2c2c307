//! `call_history.db` of iOS 7 and earlier: table `call`, dates in seconds since 1970.
//!
//! `flags`: bit 0 is set on outgoing calls (the triggers of the database itself count talk time by it). There are two
//! families: 4 and 5, with bit 4 (20 and 21) for FaceTime; and 0 and 9, as a real iOS 7 has them, whose high half looks like
//! the cause of the end (Q.850: 17 is busy, 27 out of order). Nobody says what the other bits mean, so the flags are kept as
//! they are. `answered` came with iOS 7; before it, a call that took no time was not answered.
//!
//! Column names: the CREATE statements of iOS 4.2, 6.1 and 9.3.

use rusqlite::Connection;

use super::model::{Call, Direction, Origin, Outcome, Participant, Verdict};
use super::position::{CallIdentity, CallPosition};
use super::service::Service;
use super::store::seconds;
use crate::database::{Column as _, Row, Schema, columns, each_of_table};
use crate::time::AppleTime;

const TABLE: &str = "call";

columns! {
    /// The columns of `call`.
    enum Column {
        Address = "address",
        Date = "date",
        Duration = "duration",
        Flags = "flags",
        Name = "name",
        Country = "country_code",
        Network = "network_code",
        Read = "read",
        Answered = "answered",
        OriginalAddress = "originalAddress",
    }

    /// Those that say when a call was, and tell it from calls of other files.
    enum Placed { Date = "date", Flags = "flags", Address = "address" }
}

const OUTGOING: i64 = 1;
const FACETIME: i64 = 1 << 4;
/// A device writes 32 bits.
const FLAGS: std::ops::RangeInclusive<i64> = -0x8000_0000..=0xffff_ffff;

/// One such database that is open.
pub(super) struct LegacyCalls {
    connection: Connection,
    schema: Schema,
    sql: String,
}

impl LegacyCalls {
    /// Takes a database that has a table of calls.
    pub(super) fn new(connection: Connection, schema: Schema) -> Self {
        let sql = format!("SELECT {} FROM {TABLE} c WHERE c.ROWID = ?1", schema.columns(TABLE, "c", Column::NAMES));
        Self { connection, schema, sql }
    }

    /// Whether a database is one of these.
    pub(super) fn recognises(schema: &Schema) -> bool {
        let telling = [Column::Address, Column::OriginalAddress, Column::Flags].map(Column::name);
        schema.has_column(TABLE, Column::Date.name()) && schema.has_any_column(TABLE, &telling)
    }

    /// When each call was, in no order, with the mark that tells it from calls of other files.
    ///
    /// # Errors
    /// The damage that ended the reading, after all rows that could be read.
    pub(super) fn places(&self, each: &mut dyn FnMut(CallPosition, Option<CallIdentity>)) -> rusqlite::Result<()> {
        each_of_table(&self.connection, &self.schema, TABLE, &mut |id, row| {
            let Some(id) = id else { return };
            let date = moment(row.integer(Placed::Date)).0;
            let is_outgoing = row.integer(Placed::Flags).is_some_and(|flags| flags & OUTGOING != 0);
            let mark = CallIdentity::heuristic_match(date, is_outgoing, row.some_text(Placed::Address));
            each(CallPosition { date, origin: Origin::Legacy, id }, mark);
        })
    }

    /// Reads one call by its row number; `None` when there is no such row.
    ///
    /// # Errors
    /// What SQLite says, of damaged pages above all.
    pub(super) fn call(&self, id: i64) -> rusqlite::Result<Option<Call>> {
        let mut statement = self.connection.prepare_cached(&self.sql)?;
        let mut rows = statement.query([id])?;
        Ok(rows.next()?.map(|row| read(id, Row::queried(row, 0))))
    }

    /// How many calls there are.
    ///
    /// # Errors
    /// What SQLite says.
    pub(super) fn count(&self) -> rusqlite::Result<i64> {
        self.connection.query_row(&format!("SELECT count(*) FROM {TABLE}"), [], |row| row.get(0))
    }
}

fn read(id: i64, row: Row<'_, Column>) -> Call {
    let mut odd = Vec::new();
    let (date, odd_date) = moment(row.integer(Column::Date));
    odd.extend(odd_date.map(|value| format!("date {value}")));
    let (duration, odd_duration) = seconds(row.real(Column::Duration));
    odd.extend(odd_duration.map(|value| format!("duration {value}")));
    let flags = row.integer(Column::Flags);
    odd.extend(flags.filter(|flags| !FLAGS.contains(flags)).map(|flags| format!("flags {flags}")));
    let has = |bit: i64| flags.is_some_and(|flags| flags & bit != 0);
    let direction = match flags {
        None => Direction::Unknown,
        Some(_) if has(OUTGOING) => Direction::Outgoing,
        Some(_) => Direction::Incoming,
    };
    let name = row.some_text(Column::Name);
    let address = row.some_text(Column::Address).or_else(|| row.some_text(Column::OriginalAddress));
    let mut call = Call {
        id,
        origin: Origin::Legacy,
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
        country: row.some_text(Column::Country),
        network: row.some_text(Column::Network),
        location: None,
        is_read: row.integer(Column::Read).map(|read| read != 0),
        verdict: Verdict::default(),
        is_emergency: false,
        has_message: false,
        device: None,
        data_bytes: None,
        disconnected_cause: None,
        also_in: None,
        is_deleted: false,
        flags,
        odd,
    };
    // The column's default is 1, also on calls from before it came.
    let answered = row.integer(Column::Answered).map(|answered| answered != 0).filter(|answered| !answered);
    call.resolve_outcome(answered);
    call
}

/// A moment in seconds since 1970, or else the value that is none; 0 and -1 stand for no date.
fn moment(value: Option<i64>) -> (Option<AppleTime>, Option<i64>) {
    let Some(value) = value else { return (None, None) };
    let date = AppleTime::from_unix_seconds(value).filter(|date| value > 0 && date.timestamp().is_some());
    (date, Some(value).filter(|value| date.is_none() && !matches!(value, 0 | -1)))
}
