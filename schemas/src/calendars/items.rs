//! The rows of `CalendarItem`, as events.

use std::collections::HashMap;

use rusqlite::types::ValueRef;

use super::model::{Event, Nature, Original, Travel};
use super::tables::{Reading, Tables, moment};
use crate::database::{Row, columns, value};
use crate::time::AppleTime;

columns! {
    enum Item {
        Title = "summary",
        Notes = "description",
        Start = "start_date",
        StartZone = "start_tz",
        End = "end_date",
        EndZone = "end_tz",
        AllDay = "all_day",
        Calendar = "calendar_id",
        Series = "orig_item_id",
        OriginalDate = "orig_date",
        Organizer = "organizer_id",
        Place = "location_id",
        ClientPlace = "client_location_id",
        StartPlace = "start_location_id",
        Travel = "travel_time",
        Status = "status",
        Invitation = "invitation_status",
        Availability = "availability",
        Privacy = "privacy_level",
        Url = "url",
        Conference = "conference",
        ConferenceUrl = "conference_url",
        FoundConference = "conference_url_detected",
        Modified = "last_modified",
        Created = "creation_date",
        Sequence = "sequence_num",
        Birthday = "birthday_id",
        Contact = "contact_identifier",
        Scale = "calendar_scale",
        Uid = "unique_identifier",
        Uuid = "UUID",
        EntityType = "entity_type",
        Hidden = "hidden",
        Suggestion = "suggested_event_info_id",
        RecurrenceSet = "recurrence_set",
    }
}

/// The table of events.
pub(super) const TABLE: &str = "CalendarItem";

/// Columns of which it has at least one.
pub(super) const TELLING: [&str; 3] = ["summary", "start_date", "calendar_id"];

/// What `entity_type` says of events and of reminders.
const EVENT: i64 = 2;
const REMINDER: i64 = 3;

/// The kind of account in which birthdays and suggestions are.
const BIRTHDAYS_AND_FOUND: i64 = 5;

/// The year that stands for none, in seconds before 2001, and a day more for what lasts into the next one.
const YEAR_1604: std::ops::Range<f64> = -12_528_172_800.0..-12_496_464_000.0;

/// After so many seconds the calendar repeats.
const FOUR_CENTURIES: f64 = 146_097.0 * 86_400.0;

/// Reads all events, in the order of their rows, those that replace an occurrence tied to their series.
pub(super) fn events(from: &mut Reading<'_>, tables: &mut Tables) -> Vec<Event> {
    let mut events = Vec::new();
    from.each(TABLE, "events", &mut |id, row| {
        if row.integer(Item::EntityType) != Some(REMINDER) {
            events.push(event(id, row, tables));
        }
    });
    tie(&mut events);
    events
}

/// Tells each series which occurrences are events of their own, and each of those about its series.
fn tie(events: &mut [Event]) {
    let series: HashMap<i64, usize> =
        events.iter().enumerate().filter_map(|(place, event)| Some((event.id?, place))).collect();
    for place in 0..events.len() {
        let Some(original) = events.get(place).and_then(|event| event.original.clone()) else { continue };
        let Some(master) = series.get(&original.series).filter(|master| **master != place) else { continue };
        let Some(master) = events.get_mut(*master) else { continue };
        master.changed.extend(original.date);
        let known = Original {
            uid: master.uid.clone().or_else(|| master.uuid.clone()),
            zone: master.start_zone.clone(),
            all_day: master.all_day,
            ..original
        };
        if let Some(event) = events.get_mut(place) {
            event.original = Some(known);
        }
    }
}

fn event(id: i64, row: Row<'_, Item>, tables: &mut Tables) -> Event {
    let mut odd = Vec::new();
    let no_year = row.real(Item::Start).is_some_and(|seconds| YEAR_1604.contains(&seconds));
    let (start, end) = (time(row, Item::Start, "start", &mut odd), time(row, Item::End, "end", &mut odd));
    let (start, end) = without_unset(start, end, &mut odd);
    let calendar_id = row.integer(Item::Calendar).filter(|calendar| *calendar != 0);
    let calendar = calendar_id.and_then(|calendar| tables.calendars.get(&calendar).cloned());
    odd.extend(calendar_id.filter(|_| calendar.is_none()).map(|calendar| format!("calendar {calendar}")));
    let other = row.integer(Item::EntityType).filter(|entity| *entity != EVENT);
    odd.extend(other.map(|entity| format!("entity type {entity}")));
    odd.extend(row.name(Item::RecurrenceSet).map(|set| format!("recurrence set {set}")));
    let rules = tables.rules.remove(&id).unwrap_or_default();
    odd.extend(rules.iter().flat_map(|rule| &rule.unread).map(|part| format!("repeats by {part}")));
    let is_found = row.truth(Item::Suggestion) || tables.suggested.contains(&id);
    let account = calendar.as_ref().and_then(|calendar| calendar.account_type);
    let birthday = row.some_text(Item::Birthday).filter(|contact| !matches!(contact.as_str(), "0" | "-1"));
    let nature = match birthday.is_some() || row.text(Item::Scale).as_deref() == Some("gregorian") {
        true => Nature::Birthday,
        false if is_found && account == Some(BIRTHDAYS_AND_FOUND) => Nature::Suggestion,
        false => Nature::Planned,
    };
    let number = |column| row.integer(column);
    Event {
        id: Some(id),
        uid: row.name(Item::Uid),
        uuid: row.name(Item::Uuid),
        nature,
        title: row.some_text(Item::Title),
        notes: row.some_text(Item::Notes),
        start,
        start_zone: row.name(Item::StartZone),
        end,
        end_zone: row.name(Item::EndZone),
        all_day: row.truth(Item::AllDay),
        no_year,
        calendar,
        calendar_id,
        rules,
        exceptions: tables.exceptions.remove(&id).unwrap_or_default(),
        changed: Vec::new(),
        original: original(row, &mut odd),
        alarms: tables.alarms.remove(&id).unwrap_or_default(),
        url: row.name(Item::Url),
        attachments: tables.attachments.remove(&id).unwrap_or_default(),
        categories: tables.categories.remove(&id).unwrap_or_default(),
        status: number(Item::Status),
        availability: number(Item::Availability),
        privacy: number(Item::Privacy),
        invitation: number(Item::Invitation),
        hidden: row.truth(Item::Hidden),
        contact: birthday.or_else(|| row.name(Item::Contact)),
        created: set(row, Item::Created),
        modified: set(row, Item::Modified),
        sequence: number(Item::Sequence),
        ..others(id, row, tables, odd)
    }
}

/// Who, where, and over which line.
fn others(id: i64, row: Row<'_, Item>, tables: &mut Tables, odd: Vec<String>) -> Event {
    let named = |column| row.integer(column).filter(|number| *number != 0);
    let place = |column| named(column).and_then(|place| tables.places.get(&place).cloned());
    let own = || tables.place_of.get(&id).and_then(|place| tables.places.get(place).cloned());
    let found = place(Item::Place).or_else(|| place(Item::ClientPlace)).or_else(own);
    let travel = Travel { seconds: named(Item::Travel).filter(|seconds| *seconds > 0), from: place(Item::StartPlace) };
    let mut conferences = tables.conferences.remove(&id).unwrap_or_default();
    for column in [Item::ConferenceUrl, Item::Conference, Item::FoundConference] {
        conferences.extend(row.name(column).filter(|url| !conferences.contains(url)));
    }
    let organizer = tables.organizers.remove(&id);
    let organizer =
        organizer.or_else(|| named(Item::Organizer).and_then(|number| tables.participants.get(&number).cloned()));
    Event {
        place: found,
        travel: Some(travel).filter(|travel| *travel != Travel::default()),
        organizer,
        attendees: tables.attendees.remove(&id).unwrap_or_default(),
        conferences,
        odd,
        ..Event::default()
    }
}

fn original(row: Row<'_, Item>, odd: &mut Vec<String>) -> Option<Original> {
    let series = row.integer(Item::Series).filter(|series| *series != 0)?;
    let date = time(row, Item::OriginalDate, "date in its series", odd);
    Some(Original { series, date, ..Original::default() })
}

/// A time that is set: not 0.
fn set(row: Row<'_, Item>, column: Item) -> Option<AppleTime> {
    moment(row.real(column).filter(|seconds| *seconds != 0.0))
}

fn time(row: Row<'_, Item>, column: Item, name: &str, odd: &mut Vec<String>) -> Option<AppleTime> {
    let shifted = |seconds| if YEAR_1604.contains(&seconds) { seconds + FOUR_CENTURIES } else { seconds };
    let time = moment(row.real(column).map(shifted));
    let stored = row.value(column);
    if time.is_none() && !matches!(stored, ValueRef::Null) {
        odd.push(format!("{name} {}", value::text(stored).map(value::shortened).unwrap_or_default()));
    }
    time
}

/// The first second of 2001 is stored for nothing as well. What ends within a year of it may have begun there.
fn without_unset(
    start: Option<AppleTime>,
    end: Option<AppleTime>,
    odd: &mut Vec<String>,
) -> (Option<AppleTime>, Option<AppleTime>) {
    const YEAR: i64 = 366 * 86_400 * 1_000_000_000;
    let is_zero = |time: Option<AppleTime>| time.is_some_and(|time| time.nanoseconds() == 0);
    let end = end.filter(|time| time.nanoseconds() != 0);
    if is_zero(start) && !end.is_some_and(|end| (1..=YEAR).contains(&end.nanoseconds())) {
        odd.push("start 0".to_owned());
        return (None, end);
    }
    (start, end)
}
