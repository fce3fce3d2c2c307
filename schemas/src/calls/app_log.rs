//! WhatsApp's own list of calls: `CallHistory.sqlite` in the group of the app, a Core Data store.
//!
//! `ZWACDCALLEVENT` has a row for each call. What several calls in a row share stands in `ZWAAGGREGATECALLEVENT`: whether they came
//! in, whether there was a picture, and who took part. That the participants are those of the aggregate is what the name of their
//! column says (`Z1PARTICIPANTS`: of the first entity, which that is in the real store).
//!
//! Columns: the CREATE statements of WhatsApp 2.23 (iOS 15.3.1); newer stores have `ZCALLIDSTRING` too.

use std::collections::HashMap;

use rusqlite::Connection;

use super::model::{Call, Direction, Origin, Outcome, Participant, Verdict};
use super::service::Service;
use super::store::seconds;
use crate::database::{Row, Schema, columns, each_of_table};
use crate::people::Directory;
use crate::skipped::Skipped;
use crate::source::{Source, SourceError};
use crate::time::AppleTime;
use crate::whatsapp::{Account, CALLS, Names};

columns! {
    /// The columns of `ZWACDCALLEVENT`.
    enum Event {
        Date = "ZDATE",
        Duration = "ZDURATION",
        Outcome = "ZOUTCOME",
        Aggregate = "Z1CALLEVENTS",
        Creator = "ZGROUPCALLCREATORUSERJIDSTRING",
        Identifier = "ZCALLIDSTRING",
        Sent = "ZBYTESSENT",
        Received = "ZBYTESRECEIVED",
    }

    /// The columns of `ZWAAGGREGATECALLEVENT`.
    enum Shared { Incoming = "ZINCOMING", Video = "ZVIDEO" }

    /// The columns of `ZWACDCALLEVENTPARTICIPANT`.
    enum Person { Aggregate = "Z1PARTICIPANTS", Jid = "ZJIDSTRING" }
}

/// The table of calls.
const EVENTS: &str = "ZWACDCALLEVENT";

/// The most people of one call that are read.
const MOST: usize = 1024;

/// What several calls share.
#[derive(Debug, Clone, Default)]
struct Aggregate {
    is_incoming: Option<bool>,
    is_video: Option<bool>,
    people: Vec<String>,
    is_cut: bool,
}

/// The tables of calls that are in no list yet: one that can still be joined, and one that was planned.
const OTHERS: [&str; 2] = ["ZWAJOINABLECALLEVENT", "ZWAUPCOMINGCALLEVENT"];

/// What the list of an app holds.
pub(super) struct AppLog {
    /// Its calls, ordered by their numbers.
    pub(super) calls: Vec<Call>,
    /// How many rows there are in tables that are not read.
    pub(super) others: u64,
}

/// Reads the calls of an app. What cannot be read is added to `skipped`.
///
/// # Errors
/// What [`Source::database`] says; [`SourceError::Foreign`] when the database is no such list.
pub(super) fn read(
    source: &dyn Source,
    directory: &Directory,
    place: (&str, &str),
    account: Account,
    skipped: &mut Vec<Skipped>,
) -> Result<AppLog, SourceError> {
    let connection = source.database(place.0, place.1)?.connect()?;
    let schema = Schema::probe(&connection).map_err(|error| SourceError::unreadable(CALLS, error))?;
    if !schema.has_any_column(EVENTS, &["ZDATE", "ZDURATION", "ZOUTCOME"]) {
        return Err(SourceError::foreign(CALLS, "it has no table of WhatsApp's calls"));
    }
    let names = Names::of(source, directory, account, skipped);
    let aggregates = aggregates(&connection, &schema, skipped);
    let mut calls = Vec::new();
    let read = each_of_table::<Event>(&connection, &schema, EVENTS, &mut |id, row| {
        calls.extend(id.map(|id| call(id, row, account, &names, &aggregates)));
    });
    skipped.extend(read.err().map(|error| Skipped::part(format!("some calls of {CALLS}"), error)));
    calls.sort_by_key(|call: &Call| call.id);
    Ok(AppLog { calls, others: others(&connection, &schema) })
}

fn others(connection: &Connection, schema: &Schema) -> u64 {
    let tables = OTHERS.iter().filter(|table| schema.has_table(table));
    let counts = tables.map(|table| {
        let sql = format!("SELECT count(*) FROM {table}");
        connection.query_row(&sql, [], |row| row.get::<_, i64>(0)).unwrap_or_default()
    });
    counts.filter_map(|count| u64::try_from(count).ok()).sum()
}

/// The file that calls of an app are from.
pub(super) fn origin(account: Account) -> Origin {
    match account {
        Account::Personal => Origin::WhatsApp,
        Account::Business => Origin::WhatsAppBusiness,
    }
}

/// The service of an app, as the phone's own list calls it.
fn service(account: Account) -> Service {
    Service::App(Some(match account {
        Account::Personal => "net.whatsapp.WhatsApp".to_owned(),
        Account::Business => "net.whatsapp.WhatsAppSMB".to_owned(),
    }))
}

fn aggregates(connection: &Connection, schema: &Schema, skipped: &mut Vec<Skipped>) -> HashMap<i64, Aggregate> {
    let mut aggregates: HashMap<i64, Aggregate> = HashMap::new();
    let shared = each_of_table::<Shared>(connection, schema, "ZWAAGGREGATECALLEVENT", &mut |id, row| {
        let Some(id) = id else { return };
        let own = aggregates.entry(id).or_default();
        let truth = |column| row.integer(column).map(|value| value != 0);
        (own.is_incoming, own.is_video) = (truth(Shared::Incoming), truth(Shared::Video));
    });
    let people = each_of_table::<Person>(connection, schema, "ZWACDCALLEVENTPARTICIPANT", &mut |_, row| {
        let (Some(id), Some(jid)) = (row.integer(Person::Aggregate), row.name(Person::Jid)) else { return };
        let own = aggregates.entry(id).or_default();
        if own.people.len() == MOST {
            own.is_cut = true;
        } else if !own.people.contains(&jid) {
            own.people.push(jid);
        }
    });
    let damage = shared.err().into_iter().chain(people.err());
    skipped.extend(damage.map(|error| Skipped::part(format!("who took part in some calls of {CALLS}"), error)));
    aggregates
}

fn call(
    id: i64,
    row: Row<'_, Event>,
    account: Account,
    names: &Names<'_>,
    aggregates: &HashMap<i64, Aggregate>,
) -> Call {
    let shared = row.integer(Event::Aggregate).and_then(|aggregate| aggregates.get(&aggregate));
    let creator = row.name(Event::Creator);
    let mut odd = Vec::new();
    let (duration, odd_duration) = seconds(row.real(Event::Duration));
    odd.extend(odd_duration.map(|value| format!("duration {value}")));
    odd.extend(shared.filter(|shared| shared.is_cut).map(|_| format!("more than {MOST} people")));
    let people: &[String] = shared.map_or(&[], |shared| &shared.people);
    let incoming = shared.and_then(|shared| shared.is_incoming);
    // Without what it shares, whoever began it tells: the other side is among the people, the owner is not.
    let is_incoming = incoming.or_else(|| {
        let creator = creator.as_ref().filter(|_| !people.is_empty())?;
        Some(people.contains(creator))
    });
    let mut all: Vec<&str> = people.iter().map(String::as_str).collect();
    let creator = creator.as_deref().filter(|creator| is_incoming == Some(true) && !all.contains(creator));
    if let Some(creator) = creator {
        all.insert(0, creator);
    }
    let person = |jid: &str| {
        let handle = names.person(jid)?;
        Some(Participant { address: handle.address.clone(), name: handle.name.clone(), ..Participant::default() })
    };
    let bytes = [Event::Sent, Event::Received]
        .into_iter()
        .filter_map(|column| row.integer(column))
        .fold(0, i64::saturating_add);
    let mut call = Call {
        id,
        origin: origin(account),
        unique_id: row.some_text(Event::Identifier),
        date: row
            .real(Event::Date)
            .and_then(AppleTime::from_seconds)
            .filter(|date| date.nanoseconds() > 0 && date.timestamp().is_some()),
        duration,
        direction: is_incoming.map_or(Direction::Unknown, |is_incoming| match is_incoming {
            true => Direction::Incoming,
            false => Direction::Outgoing,
        }),
        outcome: Outcome::Unknown,
        service: service(account),
        is_video: shared.and_then(|shared| shared.is_video),
        participants: all.into_iter().filter_map(person).collect(),
        country: None,
        network: None,
        location: None,
        is_read: None,
        verdict: Verdict::default(),
        is_emergency: false,
        has_message: false,
        device: None,
        data_bytes: Some(bytes).filter(|bytes| *bytes > 0),
        disconnected_cause: row.integer(Event::Outcome),
        also_in: None,
        is_deleted: false,
        flags: None,
        odd,
    };
    call.resolve_outcome(None);
    call
}
