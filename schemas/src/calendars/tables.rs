//! The tables beside `CalendarItem`: calendars, places, people, alarms, rules and what is attached, each by the item it belongs to.
//!
//! Layouts: databases of iOS 6 to 11 and of macOS 26. An alarm's owner is `owner_id` on iOS 6, `calendaritem_owner_id` since. A
//! participant is an attendee by `entity_type` 7 and an organiser by 8; the name is in `Identity`.

use std::collections::{HashMap, HashSet};

use rusqlite::Connection;

use super::model::{Alarm, Attachment, Calendar, Participant, Place};
use super::rule::{Rule, Stored};
use crate::database::{Column, Row, Schema, columns, each_of_table};
use crate::skipped::Skipped;
use crate::time::AppleTime;

columns! {
    enum StoreRow { Name = "name", Type = "type", Disabled = "disabled" }

    enum CalendarRow {
        Store = "store_id",
        Uuid = "UUID",
        Title = "title",
        Color = "color",
        Notes = "notes",
        Sharing = "sharing_status",
        OwnerName = "shared_owner_name",
        OwnerEmail = "owner_identity_email",
        Subscribed = "subcal_url",
    }

    enum LocationRow {
        Title = "title",
        Address = "address",
        Latitude = "latitude",
        Longitude = "longitude",
        Radius = "radius",
        Item = "item_owner_id",
    }

    enum IdentityRow { Name = "display_name", First = "first_name", Last = "last_name", Address = "address" }

    enum ParticipantRow {
        EntityType = "entity_type",
        Type = "type",
        Status = "status",
        Role = "role",
        Identity = "identity_id",
        Owner = "owner_id",
        Email = "email",
        Phone = "phone_number",
        IsSelf = "is_self",
        Comment = "comment",
    }

    enum AlarmRow {
        At = "trigger_date",
        Offset = "trigger_interval",
        Type = "type",
        Item = "calendaritem_owner_id",
        Owner = "owner_id",
        Proximity = "proximity",
        Place = "location_id",
        Disabled = "disabled",
    }

    enum RecurrenceRow {
        Owner = "owner_id",
        Frequency = "frequency",
        Interval = "interval",
        Count = "count",
        Until = "end_date",
        WeekStart = "week_start",
        Specifier = "specifier",
        Months = "by_month_months",
    }

    enum ExceptionRow { Owner = "owner_id", Date = "date" }

    enum AttachmentRow { Owner = "owner_id", File = "file_id", Name = "filename", Format = "format", Url = "url", Bytes = "file_size" }

    enum FileRow { Name = "filename", Format = "format", Url = "url", Bytes = "file_size" }

    enum ConferenceRow { Owner = "owner_id", Url = "url" }

    enum CategoryRow { Name = "name" }

    enum CategoryLinkRow { Owner = "owner_id", Category = "category_id" }

    enum SuggestionRow { Owner = "owner_id" }
}

/// The number of an attendee among participants, and of an organiser.
const ATTENDEE: i64 = 7;
const ORGANIZER: i64 = 8;

/// What the tables hold, by the number of the item that it belongs to unless told otherwise.
#[derive(Default)]
pub(super) struct Tables {
    /// By their own number.
    pub(super) calendars: HashMap<i64, Calendar>,
    /// By their own number.
    pub(super) places: HashMap<i64, Place>,
    /// Places that name their item.
    pub(super) place_of: HashMap<i64, i64>,
    /// By their own number.
    pub(super) participants: HashMap<i64, Participant>,
    pub(super) organizers: HashMap<i64, Participant>,
    pub(super) attendees: HashMap<i64, Vec<Participant>>,
    pub(super) alarms: HashMap<i64, Vec<Alarm>>,
    pub(super) rules: HashMap<i64, Vec<Rule>>,
    pub(super) exceptions: HashMap<i64, Vec<AppleTime>>,
    pub(super) attachments: HashMap<i64, Vec<Attachment>>,
    pub(super) conferences: HashMap<i64, Vec<String>>,
    pub(super) categories: HashMap<i64, Vec<String>>,
    pub(super) suggested: HashSet<i64>,
}

/// A database whose tables are read.
pub(super) struct Reading<'d> {
    pub(super) connection: &'d Connection,
    pub(super) schema: &'d Schema,
    pub(super) skipped: &'d mut Vec<Skipped>,
}

impl Reading<'_> {
    /// Hands on each row of a table; what cannot be read is told as some of `what`.
    pub(super) fn each<C: Column>(&mut self, table: &str, what: &str, row: &mut dyn FnMut(i64, Row<'_, C>)) {
        let read = each_of_table(self.connection, self.schema, table, &mut |id, found| {
            if let Some(id) = id {
                row(id, found);
            }
        });
        self.skipped.extend(read.err().map(|error| Skipped::part(format!("some {what}"), error)));
    }
}

impl Tables {
    pub(super) fn read(from: &mut Reading<'_>) -> Self {
        let mut own = Self::default();
        own.read_calendars(from);
        own.read_places(from);
        own.read_people(from);
        own.read_times(from);
        own.read_attachments(from);
        own.read_words(from);
        own
    }

    fn read_calendars(&mut self, from: &mut Reading<'_>) {
        let mut stores = HashMap::new();
        from.each("Store", "accounts of calendars", &mut |id, row| {
            stores.insert(id, (row.name(StoreRow::Name), row.integer(StoreRow::Type), row.truth(StoreRow::Disabled)));
        });
        from.each("Calendar", "calendars", &mut |id, row| {
            let store = row.integer(CalendarRow::Store).and_then(|store| stores.get(&store).cloned());
            let (account, account_type, disabled) = store.unwrap_or_default();
            let calendar = Calendar {
                id,
                uuid: row.name(CalendarRow::Uuid),
                title: row.name(CalendarRow::Title),
                color: row.name(CalendarRow::Color),
                notes: row.name(CalendarRow::Notes),
                subscribed: row.name(CalendarRow::Subscribed),
                sharing: row.integer(CalendarRow::Sharing),
                owner: row.name(CalendarRow::OwnerName).or_else(|| row.name(CalendarRow::OwnerEmail)),
                account,
                account_type,
                disabled,
            };
            self.calendars.insert(id, calendar);
        });
    }

    fn read_places(&mut self, from: &mut Reading<'_>) {
        from.each("Location", "places of events", &mut |id, row| {
            let degrees = |column, most: f64| row.real(column).filter(|degrees: &f64| degrees.abs() <= most);
            let coordinates = degrees(LocationRow::Latitude, 90.0).zip(degrees(LocationRow::Longitude, 180.0));
            let place = Place {
                title: row.name(LocationRow::Title),
                address: row.name(LocationRow::Address),
                // Where nothing is known, both are 0.
                coordinates: coordinates.filter(|found| *found != (0.0, 0.0)),
                radius: row.real(LocationRow::Radius).filter(|radius| *radius > 0.0 && radius.is_finite()),
            };
            self.places.insert(id, place);
            self.place_of.extend(row.integer(LocationRow::Item).filter(|item| *item != 0).map(|item| (item, id)));
        });
    }

    fn read_people(&mut self, from: &mut Reading<'_>) {
        let mut identities = HashMap::new();
        from.each("Identity", "names of those invited", &mut |id, row| {
            let parts = [row.name(IdentityRow::First), row.name(IdentityRow::Last)];
            let parts = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
            let name = row.name(IdentityRow::Name).or(Some(parts)).filter(|name| !name.trim().is_empty());
            identities.insert(id, (name, row.name(IdentityRow::Address)));
        });
        from.each("Participant", "of those invited", &mut |id, row| {
            let identity =
                row.integer(ParticipantRow::Identity).and_then(|identity| identities.get(&identity).cloned());
            let (name, address) = identity.unwrap_or_default();
            let address = address.map(|address| address.strip_prefix("mailto:").map(str::to_owned).unwrap_or(address));
            let participant = Participant {
                name,
                address: row.name(ParticipantRow::Email).or(address).filter(|address| !address.is_empty()),
                phone: row.name(ParticipantRow::Phone),
                status: row.integer(ParticipantRow::Status),
                role: row.integer(ParticipantRow::Role),
                nature: row.integer(ParticipantRow::Type),
                is_self: row.truth(ParticipantRow::IsSelf),
                comment: row.name(ParticipantRow::Comment),
            };
            let owner = row.integer(ParticipantRow::Owner);
            match (owner, row.integer(ParticipantRow::EntityType)) {
                (Some(owner), Some(ORGANIZER)) => _ = self.organizers.insert(owner, participant.clone()),
                // Without a word of what somebody is, they are invited.
                (Some(owner), Some(ATTENDEE) | None) => {
                    self.attendees.entry(owner).or_default().push(participant.clone());
                }
                _ => {}
            }
            self.participants.insert(id, participant);
        });
    }

    fn read_times(&mut self, from: &mut Reading<'_>) {
        from.each("Alarm", "alarms of events", &mut |_, row| {
            let alarm = Alarm {
                at: moment(row.real(AlarmRow::At).filter(|at| *at != 0.0)),
                offset: row.integer(AlarmRow::Offset),
                action: row.integer(AlarmRow::Type),
                proximity: row.integer(AlarmRow::Proximity),
                place: row.integer(AlarmRow::Place).and_then(|place| self.places.get(&place).cloned()),
                disabled: row.truth(AlarmRow::Disabled),
            };
            let owner = row.integer(AlarmRow::Item).filter(|owner| *owner != 0);
            if let Some(owner) = owner.or_else(|| row.integer(AlarmRow::Owner)) {
                self.alarms.entry(owner).or_default().push(alarm);
            }
        });
        from.each("Recurrence", "rules by which events repeat", &mut |_, row| {
            let rule = Rule::of(Stored {
                frequency: row.integer(RecurrenceRow::Frequency),
                interval: row.integer(RecurrenceRow::Interval),
                count: row.integer(RecurrenceRow::Count),
                until: moment(row.real(RecurrenceRow::Until).filter(|until| *until != 0.0)),
                week_start: row.integer(RecurrenceRow::WeekStart),
                specifier: row.name(RecurrenceRow::Specifier),
                months_mask: row.integer(RecurrenceRow::Months),
            });
            if let Some(owner) = row.integer(RecurrenceRow::Owner) {
                self.rules.entry(owner).or_default().push(rule);
            }
        });
        from.each("ExceptionDate", "exceptions of series", &mut |_, row| {
            if let Some((owner, date)) = row.integer(ExceptionRow::Owner).zip(moment(row.real(ExceptionRow::Date))) {
                self.exceptions.entry(owner).or_default().push(date);
            }
        });
    }

    fn read_attachments(&mut self, from: &mut Reading<'_>) {
        let mut files = HashMap::new();
        from.each("AttachmentFile", "names of what is attached", &mut |id, row| {
            let file = Attachment {
                name: row.name(FileRow::Name),
                format: row.name(FileRow::Format),
                url: row.name(FileRow::Url),
                bytes: row.integer(FileRow::Bytes),
            };
            files.insert(id, file);
        });
        from.each("Attachment", "of what is attached", &mut |_, row| {
            let file = row.integer(AttachmentRow::File).and_then(|file| files.get(&file).cloned()).unwrap_or_default();
            let attachment = Attachment {
                name: row.name(AttachmentRow::Name).or(file.name),
                format: row.name(AttachmentRow::Format).or(file.format),
                url: row.name(AttachmentRow::Url).or(file.url),
                bytes: row.integer(AttachmentRow::Bytes).or(file.bytes),
            };
            if let Some(owner) = row.integer(AttachmentRow::Owner) {
                self.attachments.entry(owner).or_default().push(attachment);
            }
        });
    }

    fn read_words(&mut self, from: &mut Reading<'_>) {
        from.each("Conference", "addresses of conferences", &mut |_, row| {
            if let Some((owner, url)) = row.integer(ConferenceRow::Owner).zip(row.name(ConferenceRow::Url)) {
                self.conferences.entry(owner).or_default().push(url);
            }
        });
        let mut names = HashMap::new();
        from.each("Category", "categories of events", &mut |id, row| {
            names.extend(row.name(CategoryRow::Name).map(|name| (id, name)));
        });
        from.each("CategoryLink", "categories of events", &mut |_, row| {
            let name = row.integer(CategoryLinkRow::Category).and_then(|category| names.get(&category).cloned());
            if let Some((owner, name)) = row.integer(CategoryLinkRow::Owner).zip(name) {
                self.categories.entry(owner).or_default().push(name);
            }
        });
        from.each("SuggestedEventInfo", "suggestions", &mut |_, row| {
            self.suggested.extend(row.integer(SuggestionRow::Owner));
        });
    }
}

/// A moment that can be written.
pub(super) fn moment(seconds: Option<f64>) -> Option<AppleTime> {
    seconds.and_then(AppleTime::from_seconds).filter(|moment| moment.timestamp().is_some())
}
