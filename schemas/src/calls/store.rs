//! `CallHistory.storedata` and `CallHistoryTemp.storedata`: Core Data stores of iOS 8 and later.
//!
//! `ZCALLRECORD` has one row per call. Its columns grew from 18 (iOS 8) to 48 (iOS 26); a reader asks which are there.
//! `ZADDRESS` holds UTF-8 in a column of bytes until iOS 12 and text later. Since iOS 13 the other side is in `ZHANDLE`
//! too, tied by `Z_2REMOTEPARTICIPANTHANDLES`, whose names carry the numbers of Core Data's entities: these differ between
//! versions (`Z_3…` before emergency media came, `Z_4…` after), so they are found by their endings.
//!
//! Column names: the CREATE statements of iOS 9.3, 10.3, 11.2 and of model 46 (iOS 26); meanings: rows of iOS 9 to 18.

use std::collections::HashMap;

use rusqlite::{Connection, Row};

use super::model::{Call, Direction, Origin, Outcome, Participant, Verdict};
use super::place::{Mark, Marks, Place};
use super::service;
use crate::database::{Schema, each_row_both_ways, integer, name, quoted, real, some_text, truth};
use crate::skipped::Skipped;
use crate::time::AppleTime;

const TABLE: &str = "ZCALLRECORD";

/// What the device writes where it knows no place.
const NO_LOCATION: &str = "<<RecentsNumberLocationNotFound>>";

macro_rules! columns {
    ($($name:ident = $column:literal),* $(,)?) => {
        /// A column of `ZCALLRECORD`, by its position in the query.
        #[derive(Clone, Copy)]
        enum Column { $($name),* }
        const COLUMNS: &[&str] = &[$($column),*];
    };
}

columns! {
    UniqueId = "ZUNIQUE_ID", Date = "ZDATE", Duration = "ZDURATION", Originated = "ZORIGINATED", Answered = "ZANSWERED",
    Kind = "ZCALLTYPE", Category = "ZCALL_CATEGORY", Provider = "ZSERVICE_PROVIDER", Address = "ZADDRESS", Name = "ZNAME",
    Country = "ZISO_COUNTRY_CODE", Location = "ZLOCATION", Read = "ZREAD", Cause = "ZDISCONNECTED_CAUSE",
    Data = "ZFACE_TIME_DATA", JunkConfidence = "ZJUNKCONFIDENCE", JunkCategory = "ZJUNKIDENTIFICATIONCATEGORY",
    BlockedBy = "ZBLOCKEDBYEXTENSION", BlockedByName = "ZBLOCKEDBYEXTENSIONNAME", FilteredOut = "ZFILTERED_OUT_REASON",
    Verification = "ZVERIFICATIONSTATUS", Trust = "ZCOMMUNICATIONTRUSTSCORE", Emergency = "ZWASEMERGENCYCALL",
    Message = "ZHASMESSAGE", Device = "ZORIGINATINGDEVICENAME",
}

/// One store that is open.
pub(super) struct Store {
    connection: Connection,
    schema: Schema,
    origin: Origin,
    sql: String,
    handles: HashMap<i64, (String, Option<String>)>,
    /// Call and handle, ordered.
    joins: Vec<(i64, i64)>,
}

impl Store {
    /// Takes a database that has a table of calls, and reads who takes part in any of them. What of that cannot be read is
    /// added to `skipped`.
    pub(super) fn new(connection: Connection, schema: Schema, origin: Origin, skipped: &mut Vec<Skipped>) -> Self {
        let sql = format!("SELECT {} FROM {TABLE} c WHERE c.ROWID = ?1", schema.columns(TABLE, "c", COLUMNS));
        let handles = handles(&connection, &schema, skipped);
        let joins = joins(&connection, &schema, skipped);
        Self { connection, schema, origin, sql, handles, joins }
    }

    /// Whether a database is one of these.
    pub(super) fn recognises(schema: &Schema) -> bool {
        schema.has_any_column(TABLE, COLUMNS)
    }

    /// When each call was, in no order, with the marks that tell it from calls of other files, as far as they are asked for.
    ///
    /// # Errors
    /// The damage that ended the reading, after all rows that could be read.
    pub(super) fn places(
        &self,
        marks: Marks,
        each: &mut dyn FnMut(Place, Option<Mark>, Option<Mark>),
    ) -> rusqlite::Result<()> {
        let unique = if marks.unique { self.schema.columns(TABLE, "c", &["ZUNIQUE_ID"]) } else { "NULL".to_owned() };
        let columns = ["ZDATE", "ZORIGINATED", "ZADDRESS"];
        let columns = self.schema.columns(TABLE, "c", if marks.sighting { &columns } else { &["ZDATE"] });
        let sql = format!("SELECT c.ROWID, {unique}, {columns} FROM {TABLE} c");
        let origin = self.origin;
        each_row_both_ways(&self.connection, &sql, &mut |row| {
            let Some(id) = integer(row, 0) else { return };
            let date = moment(real(row, 2)).0;
            let sighting = marks.sighting.then(|| Mark::sighting(date, truth(row, 3), some_text(row, 4))).flatten();
            each(Place { date, origin, id }, some_text(row, 1).map(Mark::Unique), sighting);
        })
    }

    /// Reads one call by its row number; `None` when there is no such row.
    ///
    /// # Errors
    /// What SQLite says, of damaged pages above all.
    pub(super) fn call(&self, id: i64) -> rusqlite::Result<Option<Call>> {
        let mut statement = self.connection.prepare_cached(&self.sql)?;
        let mut rows = statement.query([id])?;
        Ok(rows.next()?.map(|row| self.read(id, &Cells(row))))
    }

    /// How many calls there are.
    ///
    /// # Errors
    /// What SQLite says.
    pub(super) fn count(&self) -> rusqlite::Result<i64> {
        self.connection.query_row(&format!("SELECT count(*) FROM {TABLE}"), [], |row| row.get(0))
    }

    fn read(&self, id: i64, cells: &Cells<'_, '_>) -> Call {
        use Column as C;
        let mut odd = Vec::new();
        let (date, odd_date) = moment(cells.real(C::Date));
        odd.extend(odd_date.map(|value| format!("date {value}")));
        let (duration, odd_duration) = seconds(cells.real(C::Duration));
        odd.extend(odd_duration.map(|value| format!("duration {value}")));
        let direction = direction(cells.integer(C::Originated), &mut odd);
        let kind = cells.integer(C::Kind);
        let (service, is_video, is_known) = service::read(cells.text(C::Provider), kind, cells.integer(C::Category));
        if !is_known {
            odd.extend(kind.map(|kind| format!("call type {kind}")));
        }
        let mut call = Call {
            id,
            origin: self.origin,
            unique_id: cells.text(C::UniqueId),
            date,
            duration,
            direction,
            outcome: Outcome::Unknown,
            service,
            is_video,
            participants: self.participants(id, cells, &mut odd),
            country: cells.text(C::Country),
            network: None,
            location: cells.text(C::Location).filter(|place| place != NO_LOCATION),
            is_read: cells.integer(C::Read).map(|read| read != 0),
            verdict: cells.verdict(),
            is_emergency: cells.truth(C::Emergency),
            has_message: cells.truth(C::Message),
            device: cells.text(C::Device),
            data_bytes: cells.integer(C::Data).filter(|bytes| *bytes > 0),
            disconnected_cause: cells.integer(C::Cause),
            is_deleted: false,
            flags: None,
            odd,
        };
        call.settle(cells.integer(C::Answered).map(|answered| answered != 0));
        call
    }

    /// The other side: the address of the call itself, and whoever is tied to it.
    fn participants(&self, id: i64, cells: &Cells<'_, '_>, odd: &mut Vec<String>) -> Vec<Participant> {
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
        if let Some(address) = cells.text(Column::Address) {
            let is_own = |known: &Participant| known.address == address || known.normalized.as_ref() == Some(&address);
            if !people.iter().any(is_own) {
                people.insert(0, Participant { address, ..Participant::default() });
            }
        }
        // The name on a call is that of its one other side.
        if let [only] = people.as_mut_slice() {
            only.name = cells.text(Column::Name);
        }
        people
    }
}

/// The cells of one row.
struct Cells<'r, 's>(&'r Row<'s>);

impl Cells<'_, '_> {
    fn text(&self, column: Column) -> Option<String> {
        some_text(self.0, column as usize)
    }

    fn integer(&self, column: Column) -> Option<i64> {
        integer(self.0, column as usize)
    }

    fn real(&self, column: Column) -> Option<f64> {
        real(self.0, column as usize)
    }

    fn truth(&self, column: Column) -> bool {
        truth(self.0, column as usize)
    }

    fn verdict(&self) -> Verdict {
        Verdict {
            junk_confidence: self.integer(Column::JunkConfidence),
            junk_category: self.text(Column::JunkCategory),
            blocked_by: self.text(Column::BlockedByName).or_else(|| self.text(Column::BlockedBy)),
            filtered_out: self.integer(Column::FilteredOut),
            verification: self.integer(Column::Verification),
            trust: self.integer(Column::Trust),
        }
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
    if !schema.has_table("ZHANDLE") {
        return handles;
    }
    let columns = schema.columns("ZHANDLE", "h", &["ZVALUE", "ZNORMALIZEDVALUE"]);
    let read = each_row_both_ways(connection, &format!("SELECT h.ROWID, {columns} FROM ZHANDLE h"), &mut |row| {
        let (value, normalized) = (name(row, 1), name(row, 2));
        if let (Some(id), Some(value)) = (integer(row, 0), value.or_else(|| normalized.clone())) {
            handles.insert(id, (value.clone(), normalized.filter(|normalized| *normalized != value)));
        }
    });
    skipped.extend(read.err().map(|error| Skipped::new("some participants of calls", error)));
    handles
}

fn joins(connection: &Connection, schema: &Schema, skipped: &mut Vec<Skipped>) -> Vec<(i64, i64)> {
    let mut joins = Vec::new();
    for table in schema.tables_ending_in("REMOTEPARTICIPANTHANDLES") {
        let call = schema.columns_ending_in(table, "REMOTEPARTICIPANTCALLS").next();
        let handle = schema.columns_ending_in(table, "REMOTEPARTICIPANTHANDLES").next();
        let Some((call, handle)) = call.zip(handle) else { continue };
        let sql = format!("SELECT j.ROWID, j.{}, j.{} FROM {} j", quoted(call), quoted(handle), quoted(table));
        let read = each_row_both_ways(connection, &sql, &mut |row| joins.extend(integer(row, 1).zip(integer(row, 2))));
        skipped.extend(read.err().map(|error| Skipped::new("some participants of calls", error)));
    }
    joins.sort_unstable();
    joins.dedup();
    joins
}
