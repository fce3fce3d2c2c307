//! Events as plain records.

use serde::{Deserialize, Serialize};

use super::rule::Rule;
use crate::identity::{Identified, Key};
use crate::time::AppleTime;

/// What a zone is called that is none: the clock shows the same everywhere.
const FLOATING: &str = "_float";

/// One event, or one series of them, or one occurrence of a series that was changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[serde(default)]
pub struct Event {
    /// The row number.
    pub id: Option<i64>,
    /// The identifier that every program gives it which it was sent to. Occurrences of a series may share it.
    pub uid: Option<String>,
    /// The identifier of the row.
    pub uuid: Option<String>,
    /// What it is.
    pub nature: Nature,
    /// What it is called.
    pub title: Option<String>,
    /// What is written below it.
    pub notes: Option<String>,
    /// When it begins. Of whole days, and where the zone is `_float`, the clock's time as if it were UTC.
    pub start: Option<AppleTime>,
    /// The zone of its beginning, as stored.
    pub start_zone: Option<String>,
    /// When it ends, in the same way. Of whole days, the last second of the last one.
    pub end: Option<AppleTime>,
    /// The zone of its end, as stored.
    pub end_zone: Option<String>,
    /// Whether it takes whole days.
    pub all_day: bool,
    /// Whether the year is not known. Such dates are stored in 1604, which no [`AppleTime`] reaches; here they are in 2004, whose days
    /// are the same.
    pub no_year: bool,
    /// The calendar that it is in; `None` where the database has none of that number.
    pub calendar: Option<Calendar>,
    /// The number of the calendar, as stored.
    pub calendar_id: Option<i64>,
    /// Where it is.
    pub place: Option<Place>,
    /// The way to it.
    pub travel: Option<Travel>,
    /// Who invites.
    pub organizer: Option<Participant>,
    /// Who is invited.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attendees: Vec<Participant>,
    /// How it repeats.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<Rule>,
    /// Occurrences that do not take place, by when they would begin.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exceptions: Vec<AppleTime>,
    /// Occurrences that are events of their own, because they were changed, by when they would begin.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changed: Vec<AppleTime>,
    /// The occurrence that this one replaces.
    pub original: Option<Original>,
    /// What rings.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub alarms: Vec<Alarm>,
    /// An address that belongs to it.
    pub url: Option<String>,
    /// Addresses of a call or a conference.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conferences: Vec<String>,
    /// What is attached.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// What it is put under.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<String>,
    /// 0 none, 1 confirmed, 2 tentative, 3 cancelled, as stored.
    pub status: Option<i64>,
    /// 0 busy, 1 free, 2 tentative, 3 unavailable, as stored.
    pub availability: Option<i64>,
    /// How private it is, as stored.
    pub privacy: Option<i64>,
    /// How the invitation stands, as stored.
    pub invitation: Option<i64>,
    /// Whether the device hides it.
    pub hidden: bool,
    /// The contact whose birthday it is, as stored.
    pub contact: Option<String>,
    /// When it was made.
    pub created: Option<AppleTime>,
    /// When it was last changed.
    pub modified: Option<AppleTime>,
    /// How often it was changed since it was sent.
    pub sequence: Option<i64>,
    /// Values that make no sense, each with its name: `start not-a-date`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub odd: Vec<String>,
}

/// What an event is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Nature {
    /// Somebody planned it.
    #[default]
    Planned,
    /// The birthday of a contact.
    Birthday,
    /// The device found it in an app or a mail, and nobody took it over.
    Suggestion,
}

/// A calendar.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Calendar {
    /// The row number.
    pub id: i64,
    /// The identifier that stays the same across backups.
    pub uuid: Option<String>,
    /// What it is called.
    pub title: Option<String>,
    /// `#RRGGBBAA` or `#RRGGBB`, as stored.
    pub color: Option<String>,
    /// What is written about it.
    pub notes: Option<String>,
    /// The address that it is subscribed from.
    pub subscribed: Option<String>,
    /// How it is shared: 0 not, or by this person; 2 with this person; as stored.
    pub sharing: Option<i64>,
    /// Whose it is, where it is somebody else's.
    pub owner: Option<String>,
    /// The account.
    pub account: Option<String>,
    /// The kind of account: 0 on the device, 1 Exchange, 2 CalDAV, 3 MobileMe, 4 subscribed, 5 birthdays and what was found; as stored.
    pub account_type: Option<i64>,
    /// Whether the account is switched off.
    pub disabled: bool,
}

/// A place.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Place {
    /// What it is called.
    pub title: Option<String>,
    /// Its address.
    pub address: Option<String>,
    /// Latitude and longitude, in degrees.
    pub coordinates: Option<(f64, f64)>,
    /// How far around, in metres.
    pub radius: Option<f64>,
}

/// The way to an event.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Travel {
    /// How long it takes, in seconds.
    pub seconds: Option<i64>,
    /// Where it begins.
    pub from: Option<Place>,
}

/// Somebody who invites or is invited.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Participant {
    /// The name.
    pub name: Option<String>,
    /// The mail address, else whatever address is stored.
    pub address: Option<String>,
    /// The telephone number.
    pub phone: Option<String>,
    /// The answer, as stored. Sources contradict each other about what the numbers mean.
    pub status: Option<i64>,
    /// The part in it, as stored.
    pub role: Option<i64>,
    /// A person, a room or a thing, as stored.
    pub nature: Option<i64>,
    /// Whether it is the owner of the device.
    pub is_self: bool,
    /// What came with the answer.
    pub comment: Option<String>,
}

/// What rings.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Alarm {
    /// When, where it is a moment.
    pub at: Option<AppleTime>,
    /// How many seconds after the beginning; before it, less than zero.
    pub offset: Option<i64>,
    /// What it does, as stored.
    pub action: Option<i64>,
    /// Whether it rings on coming to a place or on leaving it, as stored; 0 and nothing for neither.
    pub proximity: Option<i64>,
    /// The place.
    pub place: Option<Place>,
    /// Whether it is switched off.
    pub disabled: bool,
}

/// Something that is attached.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Attachment {
    /// The name of the file.
    pub name: Option<String>,
    /// Its type.
    pub format: Option<String>,
    /// Its address.
    pub url: Option<String>,
    /// Its size, in bytes.
    pub bytes: Option<i64>,
}

/// The occurrence of a series that an event replaces.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Original {
    /// The row number of the series; 0 where the event comes from an earlier backup, whose row numbers mean nothing now.
    pub series: i64,
    /// When the occurrence would begin.
    pub date: Option<AppleTime>,
    /// The identifier of the series.
    pub uid: Option<String>,
    /// The zone of the series, as stored.
    pub zone: Option<String>,
    /// Whether the series takes whole days.
    pub all_day: bool,
}

impl Event {
    /// Whether its times are those of a clock, wherever it is.
    pub fn is_floating(&self) -> bool {
        self.start_zone.as_deref() == Some(FLOATING)
    }

    /// Everybody who invites or is invited.
    pub fn people(&self) -> impl Iterator<Item = &Participant> {
        self.organizer.iter().chain(&self.attendees)
    }
}

impl Original {
    /// Whether the times of the series are those of a clock, wherever it is.
    pub fn is_floating(&self) -> bool {
        self.zone.as_deref() == Some(FLOATING)
    }
}

impl Participant {
    /// Every name, number and address of theirs.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        [&self.name, &self.address, &self.phone].into_iter().filter_map(|name| name.as_deref())
    }
}

/// An event is known by the identifier that goes with it from program to program, and by the occurrence that it replaces; without
/// one by that of its row, and without that by when it was made, its title and its beginning.
impl Identified for Event {
    fn key(&self) -> Key {
        let stamp = |time: Option<AppleTime>| time.map(|time| time.nanoseconds().to_string()).unwrap_or_default();
        let original = stamp(self.original.as_ref().and_then(|original| original.date));
        if let Some(uid) = &self.uid {
            // An invitation may stand in two calendars: those are two events, each with its own fate.
            let calendar = self.calendar.as_ref().and_then(|calendar| calendar.uuid.clone()).unwrap_or_default();
            return Key::Content(vec![uid.clone(), original, calendar]);
        }
        match &self.uuid {
            Some(uuid) => Key::Given(uuid.clone()),
            None => {
                let title = self.title.clone().unwrap_or_default();
                Key::Content(vec![stamp(self.created), title, stamp(self.start), original])
            }
        }
    }

    fn moment(&self) -> Option<AppleTime> {
        self.start
    }

    fn forget_rows(&mut self) {
        if let Some(original) = &mut self.original {
            original.series = 0;
        }
    }

    /// Answers, alarms and identifiers of rows change without the event.
    fn essence(&self) -> Vec<String> {
        let stamp = |time: Option<AppleTime>| time.map(|time| time.nanoseconds().to_string()).unwrap_or_default();
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let place = self.place.as_ref().map(|place| text(&place.title)).unwrap_or_default();
        let zone = text(&self.start_zone);
        vec![text(&self.title), text(&self.notes), stamp(self.start), stamp(self.end), zone, place]
    }
}
