//! Calls as plain records.

use serde::{Deserialize, Serialize};

use super::service::Service;
use crate::identity::{Identified, Key};
use crate::people::Owner;
use crate::time::AppleTime;

/// One call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// The row number, unique within its file.
    pub id: i64,
    /// The file.
    pub origin: Origin,
    /// The list of an app that has it, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub also_in: Option<Origin>,
    /// The identifier that the device gave it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unique_id: Option<String>,
    /// When it began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<AppleTime>,
    /// How long it took, in seconds, never negative.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<f64>,
    /// Who called.
    pub direction: Direction,
    /// How it went.
    pub outcome: Outcome,
    /// What it was made with.
    pub service: Service,
    /// Whether there was a picture, where that is recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_video: Option<bool>,
    /// Everybody else who took part; nobody where the caller withheld the number.
    pub participants: Vec<Participant>,
    /// The country of the number: ISO 3166 since iOS 8, the mobile country code before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// The mobile network code (iOS 7 and earlier).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    /// The place that the number belongs to, as the device named it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// Whether a missed call was seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_read: Option<bool>,
    /// What the device and its extensions thought of the caller.
    pub verdict: Verdict,
    /// Whether it was an emergency call.
    pub is_emergency: bool,
    /// Whether the caller left a message.
    pub has_message: bool,
    /// The other device of the same person that it was made on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// Bytes of data that FaceTime used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_bytes: Option<i64>,
    /// Why it ended, as stored: Apple does not say what the numbers mean.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disconnected_cause: Option<i64>,
    /// Whether the device was told to delete it and had not done so, or had and still knew of it.
    pub is_deleted: bool,
    /// The flags as stored, a set of bits (iOS 7 and earlier).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flags: Option<i64>,
    /// Values that make no sense or that nobody knows, each with its name: `call type 99`.
    pub odd: Vec<String>,
}

/// Which file a call is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// `CallHistory.storedata`.
    Store,
    /// `CallHistoryTemp.storedata`.
    Temporary,
    /// `call_history.db`.
    Legacy,
    /// `transactions.log`: what the device had still to do in its store.
    Transactions,
    /// `CallHistory.sqlite` of WhatsApp.
    #[serde(rename = "whatsapp")]
    WhatsApp,
    /// `CallHistory.sqlite` of WhatsApp Business.
    #[serde(rename = "whatsapp_business")]
    WhatsAppBusiness,
}

impl Origin {
    /// Whether it is the list of an app, and not the phone's.
    pub fn is_of_app(self) -> bool {
        matches!(self, Self::WhatsApp | Self::WhatsAppBusiness)
    }
}

/// Who called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// The other side.
    Incoming,
    /// The owner of the device.
    Outgoing,
    /// It is not recorded, or in a way that nobody knows.
    Unknown,
}

/// How a call went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// People talked.
    Answered,
    /// It was taken, and nobody talked here: as a rule somebody took it on another device.
    Elsewhere,
    /// It came in and was not taken. Declined calls are among them: no known column tells them apart.
    Missed,
    /// It came in and the device or an extension kept it away.
    Blocked,
    /// It went out and nobody talked: not taken, or given up.
    Cancelled,
    /// Nothing tells.
    Unknown,
}

/// Somebody on the other side.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    /// The number or address, as stored.
    pub address: String,
    /// The same in international form, where the device stored that too and it differs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub normalized: Option<String>,
    /// The name in the address book, else the one stored with the call: often what the network said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whose card the number or address is on.
    pub owner: Owner,
}

/// What the device and its extensions thought of a caller, as stored.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// How sure it is that the call is junk; 0 is not at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub junk_confidence: Option<i64>,
    /// What kind of junk: the words of the carrier or of an extension.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub junk_category: Option<String>,
    /// The extension that blocked it, by name, else by bundle identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blocked_by: Option<String>,
    /// Why it was kept out of the list of calls; 0 is not at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filtered_out: Option<i64>,
    /// What the carrier said about whether the number is real (STIR/SHAKEN).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verification: Option<i64>,
    /// How far the device trusts the caller.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trust: Option<i64>,
}

impl Verdict {
    /// Whether the call was thought to be junk.
    pub fn is_junk(&self) -> bool {
        self.junk_confidence.is_some_and(|confidence| confidence > 0) || self.junk_category.is_some()
    }

    /// Whether the call was kept away from the person.
    pub fn is_blocked(&self) -> bool {
        self.blocked_by.is_some() || self.filtered_out.is_some_and(|reason| reason != 0)
    }
}

impl Call {
    /// Settles how a call went from what is stored. `answered` is the flag, where there is one. It speaks of incoming calls
    /// alone: on outgoing ones devices leave it at 0 although people talked.
    pub(super) fn resolve_outcome(&mut self, answered: Option<bool>) {
        let has_talked = self.duration.is_some_and(|seconds| seconds > 0.0);
        self.outcome = match (self.direction, answered) {
            (_, _) if has_talked && answered != Some(false) => Outcome::Answered,
            (Direction::Outgoing, _) if has_talked => Outcome::Answered,
            (Direction::Outgoing, _) => Outcome::Cancelled,
            (_, Some(true)) => Outcome::Elsewhere,
            (Direction::Incoming, _) if self.verdict.is_blocked() => Outcome::Blocked,
            (Direction::Incoming, _) => Outcome::Missed,
            (Direction::Unknown, _) => Outcome::Unknown,
        };
    }
}

/// A call is known by the identifier that the device gave it (iOS 8 and later), else by when it began, who called and whom, and
/// how long it took.
impl Identified for Call {
    fn key(&self) -> Key {
        if let Some(identifier) = &self.unique_id {
            // The reader takes it for the same whatever its case.
            return Key::Given(identifier.to_uppercase());
        }
        let began = self.date.map(|date| date.nanoseconds().to_string()).unwrap_or_default();
        let took = self.duration.map(|seconds| seconds.to_string()).unwrap_or_default();
        let flags = self.flags.map(|flags| flags.to_string()).unwrap_or_default();
        let others = self.participants.iter().map(|person| person.address.clone());
        Key::Content([began, took, flags].into_iter().chain(others).collect())
    }

    fn moment(&self) -> Option<AppleTime> {
        self.date
    }

    fn essence(&self) -> Vec<String> {
        let began = self.date.map(|date| date.nanoseconds().to_string()).unwrap_or_default();
        let took = self.duration.map(|seconds| seconds.to_string()).unwrap_or_default();
        let how = format!("{:?} {:?}", self.direction, self.outcome);
        let others = self.participants.iter().map(|person| person.address.clone());
        [began, took, how].into_iter().chain(others).collect()
    }
}
