//! Reading calls back from the files of an older corer.

use std::collections::HashMap;
use std::path::Path;

use corer_schemas::calls::{Call, Direction, Origin, Outcome, Participant, Service, Verdict};
use corer_schemas::people::Owner;
use serde::Deserialize;

use super::{RECORDS, TABLE};
use crate::saved::adopt::{json_lines, moment, table};

/// A record of `calls.jsonl`, as far as it says more than nothing.
#[derive(Deserialize)]
struct Record {
    id: i64,
    file: String,
    also_in: Option<String>,
    unique_id: Option<String>,
    date: Option<String>,
    duration: Option<f64>,
    direction: Direction,
    outcome: Outcome,
    service: String,
    bundle_id: Option<String>,
    is_video: Option<bool>,
    participants: Vec<Person>,
    country: Option<String>,
    network: Option<String>,
    location: Option<String>,
    is_read: Option<bool>,
    is_emergency: bool,
    has_message: bool,
    device: Option<String>,
    data_bytes: Option<i64>,
    disconnected_cause: Option<i64>,
    is_deleted: bool,
    flags: Option<i64>,
    junk_confidence: Option<i64>,
    junk_category: Option<String>,
    blocked_by: Option<String>,
    filtered_out: Option<i64>,
    verification: Option<i64>,
    trust: Option<i64>,
    odd: Vec<String>,
}

#[derive(Deserialize)]
struct Person {
    handle: String,
    normalized: Option<String>,
    name: Option<String>,
    contact: Option<i64>,
}

/// The calls of a folder, from its records or else from its table. `None` where it has neither.
pub(super) fn calls(folder: &Path) -> Option<Vec<Call>> {
    let records = json_lines(&folder.join(RECORDS), "call");
    let records = records.map(|records: Vec<Record>| records.into_iter().map(Call::from).collect());
    let mut calls: Vec<Call> = records.or_else(|| table(&folder.join(TABLE))?.iter().map(of_row).collect())?;
    calls.sort_by_key(|call| call.date);
    Some(calls)
}

impl From<Record> for Call {
    fn from(own: Record) -> Self {
        let person = |person: Person| Participant {
            address: person.handle,
            normalized: person.normalized,
            name: person.name,
            owner: person.contact.map_or(Owner::Nobody, Owner::One),
        };
        Self {
            id: own.id,
            origin: origin(&own.file),
            unique_id: own.unique_id,
            date: moment(own.date.as_deref()),
            duration: own.duration,
            direction: own.direction,
            outcome: own.outcome,
            service: service(&own.service, own.bundle_id),
            is_video: own.is_video,
            participants: own.participants.into_iter().map(person).collect(),
            country: own.country,
            network: own.network,
            location: own.location,
            is_read: own.is_read,
            verdict: Verdict {
                junk_confidence: own.junk_confidence,
                junk_category: own.junk_category,
                blocked_by: own.blocked_by,
                filtered_out: own.filtered_out,
                verification: own.verification,
                trust: own.trust,
            },
            is_emergency: own.is_emergency,
            has_message: own.has_message,
            device: own.device,
            data_bytes: own.data_bytes,
            disconnected_cause: own.disconnected_cause,
            also_in: own.also_in.as_deref().map(origin),
            is_deleted: own.is_deleted,
            flags: own.flags,
            odd: own.odd,
        }
    }
}

/// The file of a name.
fn origin(file: &str) -> Origin {
    match file {
        "CallHistoryTemp.storedata" => Origin::Temporary,
        "call_history.db" => Origin::Legacy,
        "transactions.log" => Origin::Transactions,
        "CallHistory.sqlite of WhatsApp" => Origin::WhatsApp,
        "CallHistory.sqlite of WhatsApp Business" => Origin::WhatsAppBusiness,
        _ => Origin::Store,
    }
}

fn service(name: &str, bundle_id: Option<String>) -> Service {
    match (name, bundle_id) {
        (_, Some(bundle_id)) => Service::App(Some(bundle_id)),
        ("Phone", _) => Service::Phone,
        ("FaceTime", _) => Service::FaceTime,
        _ => Service::Unknown,
    }
}

/// A call of the table for people, which says less. `None` for a row of another table.
fn of_row(row: &HashMap<String, String>) -> Option<Call> {
    let cell = |name: &str| row.get(name).cloned();
    let number = |name: &str| row.get(name).and_then(|cell| cell.parse().ok());
    let direction = match row.get("Direction")?.as_str() {
        "incoming" => Direction::Incoming,
        "outgoing" => Direction::Outgoing,
        _ => Direction::Unknown,
    };
    let outcome = match row.get("Outcome")?.as_str() {
        "answered" => Outcome::Answered,
        "answered elsewhere" => Outcome::Elsewhere,
        "missed" => Outcome::Missed,
        "blocked" => Outcome::Blocked,
        "not answered" => Outcome::Cancelled,
        _ => Outcome::Unknown,
    };
    let (name, is_video) = match row.get("Service").map(String::as_str) {
        Some(service) => match (service.strip_suffix(" video"), service.strip_suffix(" audio")) {
            (Some(name), _) => (name, Some(true)),
            (None, Some(name)) => (name, Some(false)),
            (None, None) => (service, None),
        },
        None => ("", None),
    };
    let mut names: Vec<String> = cell("Name").iter().flat_map(|names| names.split("; ")).map(str::to_owned).collect();
    let addresses: Vec<String> = cell("Number").iter().flat_map(|own| own.split("; ")).map(str::to_owned).collect();
    // Who has no name has no place among them.
    names.truncate(if names.len() == addresses.len() { names.len() } else { 0 });
    let mut names = names.into_iter();
    let person = |address| Participant { address, name: names.next(), ..Participant::default() };
    Some(Call {
        id: 0,
        origin: Origin::Store,
        unique_id: cell("ID"),
        date: moment(row.get("Exact time").map(String::as_str)),
        duration: row.get("Seconds").and_then(|cell| cell.parse().ok()),
        direction,
        outcome,
        service: match name {
            "Phone" => Service::Phone,
            "FaceTime" => Service::FaceTime,
            "" | "Unknown" => Service::Unknown,
            app => Service::App(Some(app.to_owned())),
        },
        is_video,
        participants: addresses.into_iter().map(person).collect(),
        country: cell("Country"),
        network: None,
        location: cell("Location"),
        is_read: None,
        verdict: Verdict::default(),
        is_emergency: false,
        has_message: false,
        device: None,
        data_bytes: None,
        disconnected_cause: None,
        also_in: None,
        is_deleted: false,
        flags: number("Flags"),
        odd: cell("Notes").into_iter().collect(),
    })
}
