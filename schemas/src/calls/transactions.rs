//! `transactions.log`: what the device had still to do in its store when it was backed up.
//!
//! Records one after the other: a length (four bytes, little end first), then a keyed archive of class `CHTransaction` with
//! the `type` (0 insert, 1 update, 2 delete, 3 delete all) and the `record`, an archive of its own: a `CHRecentCall`. The
//! newest calls may be here alone. A call that was deleted is told with the mark that it was.
//!
//! Layout: `callHistoryTransactions.py` of iLEAPP; names and numbers of types and states: the CallHistory framework.

use std::collections::HashMap;

use super::model::{Call, Direction, Origin, Outcome, Participant, Verdict};
use super::position::{CallIdentity, CallPosition};
use super::service;
use super::store::seconds;
use crate::formats::bplist::Malformed;
use crate::formats::keyed_archive::{Archive, Node};
use crate::skipped::Skipped;

/// Longer logs are read as far as this, in bytes. The device empties it: its own limit for an older one is 1 MB.
pub(super) const LONGEST: usize = 64 << 20;

/// Longer records are none, in bytes.
const LONGEST_RECORD: usize = 1 << 20;

/// More people are in no call.
const MOST_PEOPLE: usize = 1_000;

/// So many records that cannot be read are listed one by one.
const MOST_SKIPPED: usize = 100;

/// So many bytes of records that cannot be read are looked at: damage may make each begin inside of another.
const MOST_WASTED: usize = 256 << 20;

/// What every record begins with, behind its length.
const MAGIC: &[u8] = b"bplist00";

const UPDATE: i64 = 1;
const DELETE: i64 = 2;
const DELETE_ALL: i64 = 3;

/// The calls of a log, each once, in the order in which they came.
#[derive(Debug, Clone, Default)]
pub struct Transactions {
    /// The calls; `id` is the number of the record, from 1.
    pub calls: Vec<Call>,
    /// What cannot be read.
    pub skipped: Vec<Skipped>,
}

impl Transactions {
    /// Whether a file is a log: it begins as one, or a complete record is anywhere in it.
    pub(super) fn is_log(bytes: &[u8]) -> bool {
        bytes.get(4..).is_some_and(|first| first.starts_with(MAGIC)) || next_frame(bytes, 0) < bytes.len()
    }

    /// Reads a log.
    pub fn read(bytes: &[u8]) -> Self {
        let (mut own, mut at, mut wasted) = (Reader::default(), 0, 0);
        while at < bytes.len() {
            own.number += 1;
            let record = frame(bytes, at);
            let read = record.map(|record| own.record(record).map(|()| at + 4 + record.len()));
            at = match read {
                Some(Ok(next)) => next,
                Some(Err(why)) => {
                    own.skip(format!("record {} of transactions.log", own.number), &why);
                    wasted += record.unwrap_or_default().len();
                    // Its length may be what is wrong.
                    next_frame(bytes, at + 1)
                }
                None => {
                    let next = next_frame(bytes, at + 1);
                    let why = "there is no record of the length that stands there; it was cut off or is damaged";
                    own.skip(format!("bytes {at} to {next} of transactions.log"), &why);
                    next
                }
            };
            if wasted > MOST_WASTED {
                own.skip("the rest of transactions.log".to_owned(), &"nearly all before it is damaged");
                break;
            }
        }
        own.finish()
    }

    /// What tells the calls that were deleted.
    pub(super) fn deleted(&self) -> impl Iterator<Item = CallIdentity> {
        self.calls
            .iter()
            .filter(|call| call.is_deleted)
            .filter_map(|call| call.unique_id.as_deref().map(CallIdentity::unique))
    }

    /// Where each call is, with what tells it from calls of other files.
    pub(super) fn places(&self) -> impl Iterator<Item = (CallPosition, Option<CallIdentity>)> {
        self.calls.iter().map(|call| {
            let place = CallPosition { date: call.date, origin: Origin::Transactions, id: call.id };
            let address = call.participants.first().map(|person| person.address.clone());
            let is_outgoing = call.direction == Direction::Outgoing;
            let unique = call.unique_id.as_deref().map(CallIdentity::unique);
            (place, unique.or_else(|| CallIdentity::heuristic_match(call.date, is_outgoing, address)))
        })
    }

    /// The call of a record.
    pub(super) fn call(&self, id: i64) -> Option<&Call> {
        self.calls.binary_search_by_key(&id, |call| call.id).ok().and_then(|at| self.calls.get(at))
    }
}

/// The record whose length stands at a place.
fn frame(bytes: &[u8], at: usize) -> Option<&[u8]> {
    let (length, rest) = bytes.get(at..)?.split_first_chunk()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok().filter(|length| *length <= LONGEST_RECORD)?;
    rest.get(..length).filter(|record| record.starts_with(MAGIC))
}

/// Where the next complete record begins, else the end.
fn next_frame(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    let starts = rest.windows(4 + MAGIC.len()).enumerate().filter(|(_, window)| window.ends_with(MAGIC));
    let mut places = starts.map(|(offset, _)| from + offset);
    places.find(|at| frame(bytes, *at).is_some()).unwrap_or(bytes.len())
}

#[derive(Default)]
struct Reader {
    calls: Vec<Call>,
    /// Where the call of an identifier is.
    known: HashMap<CallIdentity, usize>,
    skipped: Vec<Skipped>,
    unlisted: usize,
    number: i64,
}

impl Reader {
    fn skip(&mut self, item: String, why: &dyn std::fmt::Display) {
        match self.skipped.len() < MOST_SKIPPED {
            true => self.skipped.push(Skipped::new(item, why)),
            false => self.unlisted += 1,
        }
    }

    /// Does what one record says.
    fn record(&mut self, bytes: &[u8]) -> Result<(), String> {
        let failed = |error: Malformed| error.to_string();
        let archive = Archive::new(bytes).map_err(failed)?;
        let root = archive.root().map_err(failed)?;
        // The archiver leaves out nothing, but a number that is not there is read as 0: a call that is new.
        let kind = root.field("type").map_err(failed)?.and_then(|kind| kind.integer()).unwrap_or_default();
        let record = root.field("record").map_err(failed)?;
        if kind == DELETE_ALL {
            self.calls.iter_mut().for_each(|call| call.is_deleted = true);
            return Ok(());
        }
        let record = record.ok_or("it has no call")?;
        let mut call = match record.data() {
            Some(bytes) => {
                let archive = Archive::new(bytes).map_err(failed)?;
                read(self.number, archive.root().map_err(failed)?).map_err(failed)?
            }
            None => read(self.number, record).map_err(failed)?,
        };
        if call.unique_id.is_none() && call.date.is_none() && call.participants.is_empty() {
            return Err("it has no call".to_owned());
        }
        call.is_deleted = kind == DELETE;
        if !(0..=DELETE_ALL).contains(&kind) {
            call.odd.push(format!("transaction type {kind}"));
        }
        self.take(call, kind);
        Ok(())
    }

    /// Adds a call, or what is new of one that is known.
    fn take(&mut self, call: Call, kind: i64) {
        let mark = call.unique_id.as_deref().map(CallIdentity::unique);
        let known = mark.as_ref().and_then(|mark| self.known.get(mark).copied());
        match known.and_then(|at| self.calls.get_mut(at)) {
            Some(known) if kind == DELETE => known.is_deleted = true,
            Some(known) if kind == UPDATE => *known = Call { id: known.id, is_deleted: known.is_deleted, ..call },
            Some(known) => known.is_deleted = false,
            None => {
                self.known.extend(mark.map(|mark| (mark, self.calls.len())));
                self.calls.push(call);
            }
        }
    }

    fn finish(mut self) -> Transactions {
        if self.unlisted > 0 {
            let item = format!("{} more parts of transactions.log", self.unlisted);
            self.skipped.push(Skipped::new(item, "as those before"));
        }
        Transactions { calls: self.calls, skipped: self.skipped }
    }
}

/// The fields of an archived call.
struct Fields<'b, 'a>(Node<'b, 'a>);

impl Fields<'_, '_> {
    fn text(&self, name: &str) -> Result<Option<String>, Malformed> {
        let text = self.0.field(name)?.and_then(|node| node.text().map(|text| text.into_owned()));
        Ok(text.filter(|text| !text.is_empty()))
    }

    fn integer(&self, name: &str) -> Result<Option<i64>, Malformed> {
        Ok(self.0.field(name)?.and_then(|node| node.integer().or_else(|| node.real().map(|number| number as i64))))
    }

    fn truth(&self, name: &str) -> Result<bool, Malformed> {
        Ok(self.integer(name)?.is_some_and(|number| number != 0))
    }

    /// Everybody else who took part; who withheld the number is nobody.
    fn participants(&self) -> Result<Vec<Participant>, Malformed> {
        let mut people: Vec<Participant> = Vec::new();
        if let Some(handles) = self.0.field("remoteParticipantHandles")? {
            for handle in handles.members().take(MOST_PEOPLE) {
                let handle = Fields(handle?);
                let (value, normalized) = (handle.text("value")?, handle.text("normalizedValue")?);
                let Some(address) = value.or_else(|| normalized.clone()) else { continue };
                let normalized = normalized.filter(|normalized| *normalized != address);
                if people.iter().all(|known| known.address != address) {
                    people.push(Participant { address, normalized, ..Participant::default() });
                }
            }
        }
        if let Some(address) = self.text("callerId")? {
            let is_it = |known: &Participant| known.address == address || known.normalized.as_ref() == Some(&address);
            if !people.iter().any(is_it) {
                people.insert(0, Participant { address, ..Participant::default() });
            }
        }
        if let [only] = people.as_mut_slice() {
            only.name = self.text("name")?;
        }
        Ok(people)
    }

    fn verdict(&self) -> Result<Verdict, Malformed> {
        Ok(Verdict {
            junk_confidence: self.integer("junkConfidence")?,
            junk_category: self.text("junkIdentificationCategory")?,
            blocked_by: self.text("blockedByExtension")?,
            filtered_out: self.integer("filteredOutReason")?,
            verification: self.integer("verificationStatus")?,
            trust: self.integer("communicationTrustScore")?,
        })
    }
}

fn read(number: i64, node: Node<'_, '_>) -> Result<Call, Malformed> {
    let fields = Fields(node);
    let mut odd = Vec::new();
    let date = fields.0.field("date")?.and_then(|date| date.date());
    let kept = date.filter(|date| date.timestamp().is_some());
    odd.extend(date.filter(|_| kept.is_none()).map(|date| format!("date {}", date.nanoseconds())));
    let (duration, odd_duration) = seconds(fields.0.field("duration")?.and_then(|duration| duration.real()));
    odd.extend(odd_duration.map(|value| format!("duration {value}")));
    let verdict = fields.verdict()?;
    let status = fields.integer("callStatus")?;
    let (direction, outcome) = how(status, verdict.is_blocked());
    odd.extend(status.filter(|_| direction == Direction::Unknown).map(|status| format!("call status {status}")));
    // The kinds of media are numbered as the categories of the store.
    let media = fields.integer("mediaType")?.filter(|media| *media != 0);
    let category = media.map_or_else(|| fields.integer("callCategory"), |media| Ok(Some(media)))?;
    // The highest bit alone stands for none.
    let kind = fields.integer("callType")?.filter(|kind| !matches!(kind, 0x8000_0000 | -0x8000_0000));
    let (service, is_video, is_known) = service::read(fields.text("serviceProvider")?, kind, category);
    odd.extend(kind.filter(|_| !is_known).map(|kind| format!("call type {kind}")));
    Ok(Call {
        id: number,
        origin: Origin::Transactions,
        unique_id: fields.text("uniqueId")?,
        date: kept,
        duration,
        direction,
        outcome,
        service,
        is_video,
        participants: fields.participants()?,
        country: fields.text("isoCountryCode")?,
        network: None,
        location: fields.text("callerIdLocation")?,
        is_read: fields.integer("read")?.map(|read| read != 0),
        verdict,
        is_emergency: fields.truth("wasEmergencyCall")?,
        has_message: fields.truth("hasMessage")?,
        device: fields.text("originatingDeviceName")?,
        data_bytes: fields.integer("bytesOfDataUsed")?.filter(|bytes| *bytes > 0),
        disconnected_cause: fields.integer("disconnectedCause")?,
        flags: None,
        also_in: None,
        is_deleted: false,
        odd,
    })
}

/// What the state of a call says.
fn how(status: Option<i64>, is_blocked: bool) -> (Direction, Outcome) {
    match status {
        Some(1) => (Direction::Incoming, Outcome::Answered),
        Some(2) => (Direction::Outgoing, Outcome::Answered),
        Some(4) => (Direction::Incoming, Outcome::Elsewhere),
        Some(8) if is_blocked => (Direction::Incoming, Outcome::Blocked),
        Some(8) => (Direction::Incoming, Outcome::Missed),
        Some(16) => (Direction::Outgoing, Outcome::Cancelled),
        _ => (Direction::Unknown, Outcome::Unknown),
    }
}

#[cfg(test)]
mod tests;
