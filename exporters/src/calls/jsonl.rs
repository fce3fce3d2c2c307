//! `calls.jsonl`: one JSON record a line, for programs. `docs/formats/calls.md` describes it and
//! `docs/formats/calls.schema.json` is its schema.
//!
//! The first record is a header and the last a completion with counts, so that a file which was cut off shows. Between
//! them stand the calls, ordered by date and row number.

use std::io::{self, Write};

use corer_schemas::calls::{Call, Direction, Origin, Outcome, Participant};
use corer_schemas::people::Owner;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::totals::Totals;
use crate::clock::exact;
use crate::output::ExportInfo;
use crate::saved::{Kept, words};
use crate::write::jsonl;

/// The name of this layout. It changes only when something is taken away or changes its meaning.
const SCHEMA: &str = "corer/calls/1";

#[derive(Serialize)]
struct CallRecord<'a> {
    id: i64,
    file: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    also_in: Option<&'static str>,
    unique_id: Option<&'a str>,
    date: Option<String>,
    duration: Option<f64>,
    direction: &'static str,
    outcome: &'static str,
    service: &'a str,
    bundle_id: Option<&'a str>,
    is_video: Option<bool>,
    participants: Vec<Person<'a>>,
    country: Option<&'a str>,
    network: Option<&'a str>,
    location: Option<&'a str>,
    is_read: Option<bool>,
    is_emergency: bool,
    has_message: bool,
    device: Option<&'a str>,
    data_bytes: Option<i64>,
    disconnected_cause: Option<i64>,
    is_deleted: bool,
    flags: Option<i64>,
    junk_confidence: Option<i64>,
    junk_category: Option<&'a str>,
    blocked_by: Option<&'a str>,
    filtered_out: Option<i64>,
    verification: Option<i64>,
    trust: Option<i64>,
    odd: &'a [String],
}

#[derive(Serialize)]
struct Person<'a> {
    handle: &'a str,
    normalized: Option<&'a str>,
    name: Option<&'a str>,
    contact: Option<i64>,
}

/// Writes the first record.
///
/// # Errors
/// Those of `to`.
pub fn header(to: &mut dyn Write, about: &ExportInfo) -> io::Result<()> {
    jsonl::header(to, SCHEMA, about, None)
}

/// Writes the record of a call, in times of `zone`.
///
/// # Errors
/// Those of `to`.
pub fn call(to: &mut dyn Write, call: &Kept<Call>, zone: &TimeZone) -> io::Result<()> {
    #[derive(Serialize)]
    struct Whole<'a> {
        #[serde(flatten)]
        call: CallRecord<'a>,
        #[serde(flatten)]
        remembered: words::Fields<CallRecord<'a>>,
    }
    match call.is_plain() {
        true => jsonl::record(to, "call", &record(call, zone)),
        false => {
            let remembered = words::fields(call, zone, |earlier| record(earlier, zone));
            jsonl::record(to, "call", &Whole { call: record(call, zone), remembered })
        }
    }
}

fn record<'a>(call: &'a Call, zone: &TimeZone) -> CallRecord<'a> {
    let verdict = &call.verdict;
    CallRecord {
        id: call.id,
        file: file(call.origin),
        also_in: call.also_in.map(file),
        unique_id: call.unique_id.as_deref(),
        date: exact(call.date, zone),
        duration: call.duration,
        direction: direction(call.direction),
        outcome: outcome(call.outcome),
        service: call.service.name(),
        bundle_id: call.service.bundle_id(),
        is_video: call.is_video,
        participants: call.participants.iter().map(person).collect(),
        country: call.country.as_deref(),
        network: call.network.as_deref(),
        location: call.location.as_deref(),
        is_read: call.is_read,
        is_emergency: call.is_emergency,
        has_message: call.has_message,
        device: call.device.as_deref(),
        data_bytes: call.data_bytes,
        disconnected_cause: call.disconnected_cause,
        is_deleted: call.is_deleted,
        flags: call.flags,
        junk_confidence: verdict.junk_confidence,
        junk_category: verdict.junk_category.as_deref(),
        blocked_by: verdict.blocked_by.as_deref(),
        filtered_out: verdict.filtered_out,
        verification: verdict.verification,
        trust: verdict.trust,
        odd: &call.odd,
    }
}

/// Writes the last record.
///
/// # Errors
/// Those of `to`.
pub fn completion(to: &mut dyn Write, totals: Totals) -> io::Result<()> {
    jsonl::completion(to, &totals)
}

fn file(origin: Origin) -> &'static str {
    match origin {
        Origin::Store => "CallHistory.storedata",
        Origin::Temporary => "CallHistoryTemp.storedata",
        Origin::Legacy => "call_history.db",
        Origin::Transactions => "transactions.log",
        Origin::WhatsApp => "CallHistory.sqlite of WhatsApp",
        Origin::WhatsAppBusiness => "CallHistory.sqlite of WhatsApp Business",
    }
}

fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::Incoming => "incoming",
        Direction::Outgoing => "outgoing",
        Direction::Unknown => "unknown",
    }
}

fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Answered => "answered",
        Outcome::Elsewhere => "elsewhere",
        Outcome::Missed => "missed",
        Outcome::Blocked => "blocked",
        Outcome::Cancelled => "cancelled",
        Outcome::Unknown => "unknown",
    }
}

fn person(person: &Participant) -> Person<'_> {
    let contact = match person.owner {
        Owner::One(card) => Some(card),
        Owner::Nobody | Owner::Several => None,
    };
    let (normalized, name) = (person.normalized.as_deref(), person.name.as_deref());
    Person { handle: &person.address, normalized, name, contact }
}
