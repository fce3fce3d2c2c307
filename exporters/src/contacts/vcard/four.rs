//! vCard 4.0, through the crate `vcard`, which escapes, folds and checks.
//!
//! Labels that have no type are tied to their value by a group and `X-ABLabel`, as in 3.0. A year that is not known is left
//! out, which 4.0 can say: `--0517`. Pictures are `data:` addresses.

use std::io::{self, Write};
use std::str::FromStr;

use corer_schemas::contacts::{Contact, Day, Label, Labelled, Photo, PostalAddress, Profile};
use vcard::values::{
    AddressValue, Date, DateAndOrTime, DateAndOrTimeOrText, EmailValue, KindValue, NameValue, OrgValue, TelValue,
    TextOrUri, Token, Uri,
};
use vcard::{ExtensionProperty, GroupName, Parameters, Phonetic, Property, TypeValue, VCard};

use super::clean;
use super::terms::{field_name, messenger_uri, phone_types, types};
use crate::contacts::fields::title;

/// Writes the card of a contact.
///
/// # Errors
/// Those of `to`, and [`io::ErrorKind::InvalidData`] for what the format cannot say.
pub(super) fn write(contact: &Contact, photo: Option<&Photo>, identifier: &str, to: &mut dyn Write) -> io::Result<()> {
    let whole = if contact.is_organization { None } else { contact.name.whole() };
    let mut card = Card { card: VCard::new(clean(&whole.unwrap_or_else(|| title(contact)))), items: 0 };
    card.names(contact);
    card.work(contact);
    card.handles(contact);
    contact.addresses.iter().for_each(|address| card.address(address));
    card.urls(contact);
    card.days(contact);
    for related in &contact.related {
        card.extension("X-ABRELATEDNAMES", &related.value, related.label.as_ref());
    }
    card.profiles(contact);
    card.rest(contact, photo, identifier);
    card.card.validate().map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error.to_string()))?;
    to.write_all(plain_data(&card.card.to_string()).as_bytes())
}

/// The card with its picture's address as RFC 6350 writes it: the crate escapes the comma in it, which few readers take
/// back. It stands in the first line of the property, before that is folded.
fn plain_data(card: &str) -> String {
    let Some((before, photo)) = card.split_once("\r\nPHOTO:data:") else { return card.to_owned() };
    format!("{before}\r\nPHOTO:data:{}", photo.replacen(";base64\\,", ";base64,", 1))
}

struct Card {
    card: VCard,
    items: usize,
}

impl Card {
    fn names(&mut self, contact: &Contact) {
        let part = |part: &Option<String>| part.iter().map(|text| clean(text)).collect::<Vec<_>>();
        let name = &contact.name;
        let mut value = NameValue::new();
        value.family_names = part(&name.last);
        value.given_names = part(&name.first);
        value.additional_names = part(&name.middle);
        value.honorific_prefixes = part(&name.prefix);
        value.honorific_suffixes = part(&name.suffix);
        let phonetic = [&name.last_phonetic, &name.first_phonetic, &name.middle_phonetic];
        let has_phonetic = phonetic.iter().any(|part| part.is_some());
        let mut names = Property::new(value);
        if has_phonetic {
            let mut spoken = NameValue::new();
            spoken.family_names = part(&name.last_phonetic);
            spoken.given_names = part(&name.first_phonetic);
            spoken.additional_names = part(&name.middle_phonetic);
            let mut spoken = Property::new(spoken);
            names.parameters.altid = Some("1".to_owned());
            spoken.parameters.altid = Some("1".to_owned());
            spoken.parameters.phonetic = Token::from_str("x-apple").ok().map(Phonetic::Extension);
            self.card.names.push(names);
            self.card.names.push(spoken);
        } else {
            self.card.names.push(names);
        }
        if !contact.nicknames.is_empty() {
            self.card.nicknames.push(Property::new(contact.nicknames.iter().map(|name| clean(name)).collect()));
        }
        self.some("X-MAIDENNAME", name.maiden.as_ref());
    }

    fn work(&mut self, contact: &Contact) {
        if contact.organization.is_some() || contact.department.is_some() {
            let name = clean(contact.organization.as_deref().unwrap_or_default());
            let units = contact.department.iter().map(|unit| clean(unit)).collect();
            self.card.organizations.push(Property::new(OrgValue { name, units }));
        }
        self.some("X-PHONETIC-ORG", contact.organization_phonetic.as_ref());
        self.card.titles.extend(contact.job_title.iter().map(|job| Property::new(clean(job))));
        if contact.is_organization {
            self.card.kinds.push(Property::new(KindValue::Org));
        }
    }

    fn handles(&mut self, contact: &Contact) {
        for phone in &contact.phones {
            let mut value = Property::new(TelValue::Text(clean(&phone.value)));
            let types = phone_types(phone.label.as_ref());
            self.describe(&mut value.group, &mut value.parameters, types, phone.label.as_ref());
            self.card.telephones.push(value);
        }
        for email in &contact.emails {
            let Ok(address) = EmailValue::from_str(&clean(&email.value)) else {
                self.extension("X-CORER-MAIL", &email.value, email.label.as_ref());
                continue;
            };
            let mut value = Property::new(address);
            let types = types(email.label.as_ref());
            self.describe(&mut value.group, &mut value.parameters, types, email.label.as_ref());
            self.card.emails.push(value);
        }
    }

    fn address(&mut self, labelled: &Labelled<PostalAddress>) {
        let Labelled { label, value: address } = labelled;
        let part = |part: &Option<String>| part.iter().map(|text| clean(text)).collect::<Vec<_>>();
        let mut value = AddressValue::new();
        value.extended_addresses = part(&address.sub_locality);
        value.extended_addresses.extend(part(&address.sub_area));
        value.street_addresses = part(&address.street);
        value.localities = part(&address.city);
        value.regions = part(&address.state);
        value.postal_codes = part(&address.postal_code);
        value.countries = part(&address.country);
        let mut value = Property::new(value);
        let types = types(label.as_ref());
        self.describe(&mut value.group, &mut value.parameters, types, label.as_ref());
        if let Some(code) = &address.country_code {
            let group = value.group.take().or_else(|| self.item());
            self.push("X-ABADR", code, group.clone());
            value.group = group;
        }
        self.card.addresses.push(value);
        self.parts("Address", &address.others);
    }

    fn urls(&mut self, contact: &Contact) {
        for url in &contact.urls {
            match address(&url.value) {
                Some(address) => {
                    let mut value = Property::new(address);
                    let types = types(url.label.as_ref());
                    self.describe(&mut value.group, &mut value.parameters, types, url.label.as_ref());
                    self.card.urls.push(value);
                }
                // Typed without a scheme, as most people do.
                None => self.extension("X-CORER-URL", &url.value, url.label.as_ref()),
            }
        }
    }

    fn days(&mut self, contact: &Contact) {
        match contact.birthday.as_ref().map(|day| (day, date(day))) {
            Some((_, Some(date))) => {
                let value = DateAndOrTimeOrText::DateAndOrTime(DateAndOrTime::Date(date));
                self.card.birthdays.push(Property::new(value));
            }
            Some((day, None)) => {
                self.card.birthdays.push(Property::new(DateAndOrTimeOrText::Text(clean(&day.iso()))));
            }
            None => {}
        }
        for day in &contact.dates {
            self.extension("X-ABDATE", &day.value.iso(), day.label.as_ref());
        }
    }

    fn profiles(&mut self, contact: &Contact) {
        for messenger in &contact.messengers {
            let profile = &messenger.value;
            match messenger_uri(profile).and_then(|uri| Uri::from_str(&uri).ok()) {
                Some(uri) => {
                    let mut value = Property::new(uri);
                    let types = types(messenger.label.as_ref());
                    self.describe(&mut value.group, &mut value.parameters, types, messenger.label.as_ref());
                    value.parameters.service_type = profile.service.as_deref().map(one_line);
                    self.card.impps.push(value);
                }
                None => self.profile("Messenger", profile),
            }
            self.parts("Messenger", &profile.others);
        }
        for social in &contact.profiles {
            let profile = &social.value;
            let address = profile.url.as_deref().and_then(address);
            let (Some(service), address) = (&profile.service, address) else {
                self.profile("Profile", profile);
                self.parts("Profile", &profile.others);
                continue;
            };
            let name = profile.username.as_deref().map(clean);
            let value = match (address, &name) {
                (Some(address), _) => TextOrUri::Uri(address),
                (None, Some(name)) => TextOrUri::Text(name.clone()),
                (None, None) => continue,
            };
            let is_address = matches!(value, TextOrUri::Uri(_));
            let mut value = Property::new(value);
            self.describe(&mut value.group, &mut value.parameters, types(social.label.as_ref()), social.label.as_ref());
            value.parameters.service_type = Some(one_line(service));
            value.parameters.username = name.filter(|_| is_address).map(|name| one_line(&name));
            self.card.social_profiles.push(value);
            self.parts("Profile", &profile.others);
        }
    }

    /// A profile that has no property of its own.
    fn profile(&mut self, called: &str, profile: &Profile) {
        for (name, value) in [("service", &profile.service), ("name", &profile.username), ("url", &profile.url)] {
            if let Some(value) = value {
                self.field(&format!("{called}: {name}"), value);
            }
        }
    }

    fn rest(&mut self, contact: &Contact, photo: Option<&Photo>, identifier: &str) {
        self.card.notes.extend(contact.notes.iter().map(|note| Property::new(clean(note))));
        for other in &contact.others {
            self.field(&field_name(&other.name, other.label.as_ref()), &other.value);
        }
        if !contact.groups.is_empty() {
            self.card.categories.push(Property::new(contact.groups.iter().map(|group| clean(group)).collect()));
        }
        if let Some((photo, mime)) = photo.and_then(|photo| Some((photo, photo.image.mime().parse().ok()?))) {
            self.card.photos.push(Property::new(Uri::from_data(&mime, &photo.bytes)));
        }
        if let Some(moment) = contact.modified.and_then(corer_schemas::AppleTime::timestamp) {
            let moment = moment.strftime("%Y%m%dT%H%M%SZ").to_string();
            self.card.revisions.extend(moment.parse().ok().map(Property::new));
        }
        let uid =
            Uri::from_str(&format!("urn:uuid:{}", identifier.to_lowercase())).ok().filter(|_| is_uuid(identifier));
        let uid = uid.map_or_else(|| TextOrUri::Text(identifier.to_owned()), TextOrUri::Uri);
        self.card.uids.push(Property::new(uid));
    }

    /// Gives a value its types, or ties its label to it.
    fn describe(
        &mut self,
        group: &mut Option<GroupName>,
        parameters: &mut Parameters,
        types: Option<&[&str]>,
        label: Option<&Label>,
    ) {
        let Some(types) = types else {
            *group = self.item();
            if let Some(label) = label {
                self.push("X-ABLabel", label.stored(), group.clone());
            }
            return;
        };
        parameters.types = types.iter().filter_map(|kind| TypeValue::from_str(kind).ok()).collect();
    }

    fn some(&mut self, name: &str, value: Option<&String>) {
        if let Some(value) = value {
            self.push(name, value, None);
        }
    }

    /// A value that the format does not know, with its label.
    fn extension(&mut self, name: &str, value: &str, label: Option<&Label>) {
        let group = label.and_then(|_| self.item());
        self.push(name, value, group.clone());
        if let Some(label) = label {
            self.push("X-ABLabel", label.stored(), group);
        }
    }

    fn field(&mut self, called: &str, value: &str) {
        let group = self.item();
        self.push("X-CORER-FIELD", value, group.clone());
        self.push("X-ABLabel", called, group);
    }

    fn parts(&mut self, called: &str, parts: &[(String, String)]) {
        parts.iter().for_each(|(name, text)| self.field(&format!("{called}: {name}"), text));
    }

    fn push(&mut self, name: &str, value: &str, group: Option<GroupName>) {
        if let Ok(name) = Token::from_str(name) {
            let mut property = ExtensionProperty::from_text(name, &clean(value));
            property.group = group;
            self.card.extensions.push(property);
        }
    }

    /// The name that ties the next value to its label.
    fn item(&mut self) -> Option<GroupName> {
        self.items += 1;
        GroupName::from_str(&format!("item{}", self.items)).ok()
    }
}

fn one_line(text: &str) -> String {
    clean(text).replace(['\n', '\t'], " ")
}

/// An address, where a text is one. White space inside makes it none: the parser would leave it out and give another.
fn address(text: &str) -> Option<Uri> {
    let text = clean(text);
    let text = text.trim();
    if text.contains(char::is_whitespace) { None } else { Uri::from_str(text).ok() }
}

fn date(day: &Day) -> Option<Date> {
    let number = |part: i8| u8::try_from(part).ok();
    match day {
        Day::Full(date) => {
            let year = u16::try_from(date.year()).ok()?;
            Date::from_year_month_day(year, number(date.month())?, number(date.day())?).ok()
        }
        Day::Yearly(month, day) => Date::from_month_day(number(*month)?, number(*day)?).ok(),
        Day::Text(_) => None,
    }
}

/// Whether an identifier has the form of a UUID.
fn is_uuid(identifier: &str) -> bool {
    let groups: Vec<&str> = identifier.split('-').collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    lengths == [8, 4, 4, 4, 12] && identifier.chars().all(|c| c == '-' || c.is_ascii_hexdigit())
}
