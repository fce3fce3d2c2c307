//! Calendars: what is planned, with whom, where and how often.
//!
//! `Calendar.sqlitedb` has a row for each event in `CalendarItem`; before iOS 13 reminders stand in the same table, told by
//! `entity_type`. Who is invited, what rings, how it repeats and what is attached have tables of their own, which point back.

mod filter;
mod items;
mod model;
mod reader;
mod rule;
mod tables;

use crate::kind::{Area, Content, DomainPath, Kept, Kind};

pub use filter::Filter;
pub use model::{Alarm, Attachment, Calendar, Event, Nature, Original, Participant, Place, Travel};
pub use reader::Calendars;
pub use rule::{Day, Frequency, Rule, Weekday};

/// A rule of a frequency and a specifier as they are stored.
pub(crate) fn read_rule(frequency: i64, specifier: String) -> Rule {
    Rule::of(rule::Stored { frequency: Some(frequency), specifier: Some(specifier), ..rule::Stored::default() })
}

const HOME: &str = "HomeDomain";

/// Where the database lies, in every version.
pub const DATABASE: DomainPath = (HOME, "Library/Calendar/Calendar.sqlitedb");

/// What stands in calendars.
pub static KIND: Kind = Kind {
    name: "calendars",
    title: "Calendars",
    plural: "events",
    nouns: ("event", "events"),
    contents: &[Content { title: "Calendars", kept: Kept::Always, places: &[DATABASE] }],
    areas: &[Area::one(HOME, "Library/Calendar/", "the calendar")],
};
