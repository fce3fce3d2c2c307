//! What is said of a call: the same words in every format for people.

use corer_schemas::calls::{Call, Direction, Outcome, Participant};
use jiff::tz::TimeZone;

use crate::clock::stopwatch;
use crate::saved::{Kept, words};

/// Who it was with: names, else numbers.
pub(super) fn who(call: &Call) -> String {
    match call.participants.as_slice() {
        [] => "No number".to_owned(),
        people => people.iter().map(name).collect::<Vec<_>>().join(", "),
    }
}

/// The person's name, or else the number or address.
pub(super) fn name(person: &Participant) -> &str {
    person.name.as_deref().map(str::trim).filter(|name| !name.is_empty()).unwrap_or(&person.address)
}

/// The numbers and addresses of those who go by a name.
pub(super) fn numbers(call: &Call) -> Vec<&str> {
    let named = call.participants.iter().filter(|person| name(person) != person.address);
    named.map(|person| person.address.as_str()).collect()
}

/// Who called.
pub(super) fn direction(call: &Call) -> &'static str {
    match call.direction {
        Direction::Incoming => "incoming",
        Direction::Outgoing => "outgoing",
        Direction::Unknown => "unknown",
    }
}

/// How it went.
pub(super) fn outcome(call: &Call) -> &'static str {
    match call.outcome {
        Outcome::Answered => "answered",
        Outcome::Elsewhere => "answered elsewhere",
        Outcome::Missed => "missed",
        Outcome::Blocked => "blocked",
        Outcome::Cancelled => "not answered",
        Outcome::Unknown => "unknown",
    }
}

/// What it was made with: `Phone`, `FaceTime video`, `WhatsApp`.
pub(super) fn service(call: &Call) -> String {
    use corer_schemas::calls::Service;
    let name = call.service.name();
    match (&call.service, call.is_video) {
        (Service::FaceTime, Some(false)) => format!("{name} audio"),
        (Service::FaceTime | Service::App(_), Some(true)) => format!("{name} video"),
        _ => name.to_owned(),
    }
}

/// Whether nobody took a call that came in.
pub(super) fn is_missed(call: &Call) -> bool {
    matches!(call.outcome, Outcome::Missed | Outcome::Blocked)
}

/// What else there is to say, in a few words each: of the call, and of where it was found.
pub(super) fn notes(call: &Kept<Call>, zone: &TimeZone) -> Vec<String> {
    let earlier = |earlier: &Call| {
        let long = earlier.duration.map(stopwatch).map(|long| format!(", {long}")).unwrap_or_default();
        format!("{}, {}{long}", direction(earlier), outcome(earlier))
    };
    words::notes(call, zone, earlier).into_iter().chain(own_notes(call)).collect()
}

/// The same of the call alone.
pub(super) fn own_notes(call: &Call) -> Vec<String> {
    let verdict = &call.verdict;
    let confidence = verdict.junk_confidence.filter(|confidence| *confidence > 0);
    let junk = verdict.is_junk().then(|| {
        let category = verdict.junk_category.as_deref().map(|category| format!(": {category}")).unwrap_or_default();
        let confidence = confidence.map(|confidence| format!(" (confidence {confidence})")).unwrap_or_default();
        format!("junk{category}{confidence}")
    });
    let blocked = verdict.blocked_by.as_ref().map(|by| format!("blocked by {by}"));
    let filtered = verdict.filtered_out.filter(|reason| *reason != 0).map(|reason| format!("filtered out ({reason})"));
    let emergency = call.is_emergency.then(|| "emergency call".to_owned());
    let message = call.has_message.then(|| "left a message".to_owned());
    let device = call.device.as_ref().map(|device| format!("on {device}"));
    let deleted = call.is_deleted.then(|| "deleted on the device".to_owned());
    let own = [deleted, junk, blocked, filtered, emergency, message, device].into_iter().flatten();
    own.chain(call.odd.iter().cloned()).collect()
}
