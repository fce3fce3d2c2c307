//! What a contact says, field by field, in the order in which people read it.

use std::borrow::Cow;

use corer_schemas::contacts::{Contact, Day, Label, Labelled, Other, PostalAddress, Profile};

use crate::clock::date_in_words;

/// A contact whom nothing names.
const NAMELESS: &str = "No name";

/// What the field is called that says where a contact stands among earlier backups.
pub(super) const EARLIER: &str = "Earlier backups";

/// One line of a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Field {
    /// What it is, in small letters: `mobile`, `birthday`.
    pub(super) name: String,
    /// What it says; may have several lines.
    pub(super) value: String,
    /// What kind of thing that is.
    pub(super) kind: FieldKind,
}

/// What can be done with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FieldKind {
    /// Read it.
    Text,
    /// Call it.
    Phone,
    /// Write to it.
    Email,
    /// Open it.
    Url,
}

/// What a contact is called, and if by nothing else, then by its number or address.
pub(super) fn title(contact: &Contact) -> String {
    let title = contact.title();
    let handle = || contact.handles().map(one_line).find(|handle| !handle.is_empty());
    title.or_else(handle).unwrap_or_else(|| NAMELESS.to_owned())
}

/// A text on one line: white space and control characters become single spaces.
pub(super) fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// A label in plain words, or what stands where there is none.
pub(super) fn words<'l>(label: &'l Option<Label>, otherwise: &'l str) -> Cow<'l, str> {
    label.as_ref().map_or(Cow::Borrowed(otherwise), Label::words)
}

/// What a card has no property for and a phone shows in its note alone: what an account calls the contact, and the names,
/// firms and jobs of linked cards that are not the ones shown, and where it stands among earlier backups. `None` where there is nothing of it.
pub(super) fn also(contact: &Contact) -> Option<String> {
    let display = contact.displayed().map(|display| format!("Display name: {display}"));
    let second = contact.others.iter().filter(|other| other.label.is_none() && Other::SECOND.contains(&&*other.name));
    let earlier = contact.others.iter().filter(|other| other.name == EARLIER);
    let earlier = earlier.map(|other| format!("{EARLIER}: {}", other.value));
    let second = second.map(|Other { name, value, .. }| match name.as_str() {
        Other::NAME => format!("Also: {value}"),
        Other::DISPLAY_NAME => format!("{name}: {value}"),
        name => format!("Also: {value} ({})", name.to_lowercase()),
    });
    let lines: Vec<String> = display.into_iter().chain(second).chain(earlier).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// All fields but the title, the groups and the account.
pub(super) fn fields(contact: &Contact) -> Vec<Field> {
    let mut fields = Fields(Vec::new());
    fields.names(contact);
    fields.labelled(&contact.phones, "phone", FieldKind::Phone, String::clone);
    fields.labelled(&contact.emails, "mail", FieldKind::Email, String::clone);
    fields.labelled(&contact.addresses, "address", FieldKind::Text, address);
    fields.labelled(&contact.urls, "web", FieldKind::Url, String::clone);
    fields.one("birthday", contact.birthday.as_ref().map(day));
    fields.labelled(&contact.dates, "date", FieldKind::Text, day);
    fields.labelled(&contact.related, "related", FieldKind::Text, String::clone);
    fields.labelled(&contact.messengers, "messenger", FieldKind::Text, profile);
    fields.labelled(&contact.profiles, "profile", FieldKind::Text, profile);
    for other in &contact.others {
        let label = other.label.as_ref().map(|label| format!(" ({label})")).unwrap_or_default();
        fields.one(&format!("{}{label}", other.name.to_lowercase()), Some(other.value.clone()));
    }
    for note in &contact.notes {
        fields.one("note", Some(note.clone()));
    }
    fields.0
}

struct Fields(Vec<Field>);

impl Fields {
    fn one(&mut self, name: &str, value: Option<String>) {
        let field = |value| Field { name: name.to_owned(), value, kind: FieldKind::Text };
        self.0.extend(value.filter(|value| !value.trim().is_empty()).map(field));
    }

    fn names(&mut self, contact: &Contact) {
        let name = &contact.name;
        let whole = name.whole().filter(|whole| contact.title().as_ref() != Some(whole));
        self.one("whole name", whole);
        self.one("display name", contact.displayed().map(str::to_owned));
        let phonetic = [&name.first_phonetic, &name.middle_phonetic, &name.last_phonetic];
        let phonetic: Vec<&str> = phonetic.into_iter().flatten().map(String::as_str).collect();
        self.one("spoken", Some(phonetic.join(" ")));
        self.one("maiden name", name.maiden.clone());
        for nickname in &contact.nicknames {
            self.one("nickname", Some(nickname.clone()));
        }
        self.one("organisation", contact.organization.clone().filter(|own| contact.title().as_ref() != Some(own)));
        self.one("organisation, spoken", contact.organization_phonetic.clone());
        self.one("department", contact.department.clone());
        self.one("job title", contact.job_title.clone());
    }

    fn labelled<T>(&mut self, values: &[Labelled<T>], otherwise: &str, kind: FieldKind, text: impl Fn(&T) -> String) {
        let field = |value: &Labelled<T>| Field {
            name: words(&value.label, otherwise).into_owned(),
            value: text(&value.value),
            kind,
        };
        self.0.extend(values.iter().map(field).filter(|field| !field.value.trim().is_empty()));
    }
}

/// A day in words, without the year where it is not known.
pub(super) fn day(day: &Day) -> String {
    match day {
        Day::Full(date) => date_in_words(*date),
        // Any leap year will do to say the month.
        Day::Yearly(month, day) => match jiff::civil::Date::new(2000, *month, *day) {
            Ok(date) => date.strftime("%-d %B").to_string(),
            Err(_) => format!("{day}.{month}."),
        },
        Day::Text(text) => text.clone(),
    }
}

/// An address on the lines of an envelope.
pub(super) fn address(address: &PostalAddress) -> String {
    let joined = |parts: &[&Option<String>]| {
        let parts: Vec<&str> = parts.iter().filter_map(|part| part.as_deref()).collect();
        parts.join(" ")
    };
    let mut lines = vec![
        joined(&[&address.street]),
        joined(&[&address.sub_locality]),
        joined(&[&address.postal_code, &address.city]),
        joined(&[&address.sub_area]),
        joined(&[&address.state]),
    ];
    match (&address.country, &address.country_code) {
        (Some(country), _) => lines.push(country.clone()),
        (None, Some(code)) => lines.push(code.to_uppercase()),
        (None, None) => {}
    }
    lines.extend(address.others.iter().map(|(name, text)| format!("{name}: {text}")));
    lines.retain(|line| !line.trim().is_empty());
    lines.join("\n")
}

/// A profile: service, name and address.
pub(super) fn profile(profile: &Profile) -> String {
    let service = profile.service.as_ref().map(|service| format!("{service}:"));
    let parts = [service.as_ref(), profile.username.as_ref(), profile.url.as_ref()];
    let parts = parts.into_iter().flatten().cloned();
    parts.chain(profile.others.iter().map(|(name, text)| format!("({name}: {text})"))).collect::<Vec<_>>().join(" ")
}
