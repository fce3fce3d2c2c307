//! What a card of version 4.0 says of somebody in words and once, written by the crate `vcard`, which checks what it writes:
//! names, firm and job, days, notes, groups, and what the card is known by.
//!
//! Properties that may stand there once (`N`, `BDAY`, `ANNIVERSARY`, `KIND`, `UID`) do. A phonetic name is how `N` is sorted,
//! and Apple's `X-PHONETIC-…`; a second `N` would make readers refuse the whole file. A year that is not known is left out,
//! which 4.0 can say: `--0517`.

use corer_schemas::contacts::{Contact, Day};
use vcard::values::{Date, DateAndOrTimeOrText, KindValue, NameValue, OrgValue, TextOrUri};
use vcard::{ExtensionProperty, Name, Property, VCard};

use super::card::formatted;
use super::clean;
use super::terms::{PRODUCT, extras, is_anniversary};
use crate::contacts::fields::also;

/// How a card ends, after whatever follows.
const END: &str = "END:VCARD\r\n";

/// The beginning of a card: lines that are folded, and complete.
pub(super) fn head(contact: &Contact, identifier: &str) -> String {
    let mut card = VCard::new(clean(&formatted(contact)));
    card.product_ids.push(PRODUCT.into());
    name(&mut card, contact);
    work(&mut card, contact);
    card.birthdays.extend(contact.birthday.as_ref().map(|day| Property::new(date(day))));
    let anniversary = anniversary(contact).and_then(|at| contact.dates.get(at));
    card.anniversaries.extend(anniversary.map(|day| Property::new(date(&day.value))));
    card.notes.extend(contact.notes.iter().cloned().chain(also(contact)).map(|note| Property::new(clean(&note))));
    card.categories.extend(texts(&contact.groups));
    let moment = contact.modified.and_then(corer_schemas::AppleTime::timestamp);
    let moment = moment.and_then(|moment| moment.strftime("%Y%m%dT%H%M%SZ").to_string().parse().ok());
    card.revisions.extend(moment.map(Property::new));
    card.uids.push(Property::new(uid(identifier)));
    debug_assert_eq!(card.validate(), Ok(()));
    let mut head = card.to_string();
    head.truncate(head.strip_suffix(END).map_or(head.len(), str::len));
    head
}

/// A UUID is a name that a URI can say; without its hyphens, which the crate would put there, it is another name than the one
/// that cards of 3.0 have.
fn uid(identifier: &str) -> TextOrUri {
    let is_hyphenated = identifier.split('-').map(str::len).eq([8, 4, 4, 4, 12]);
    let uuid = is_hyphenated.then(|| TextOrUri::from_uuid_str(identifier).ok()).flatten();
    uuid.unwrap_or_else(|| TextOrUri::Text(clean(identifier)))
}

/// Which of a contact's dates is the anniversary, of which a card has one.
pub(super) fn anniversary(contact: &Contact) -> Option<usize> {
    contact.dates.iter().position(|day| is_anniversary(day.label.as_ref()))
}

fn name(card: &mut VCard, contact: &Contact) {
    let name = &contact.name;
    let part = |part: &Option<String>| part.iter().map(|part| clean(part)).collect();
    let mut property = Name::new(NameValue {
        family_names: part(&name.last),
        given_names: part(&name.first),
        additional_names: part(&name.middle),
        honorific_prefixes: part(&name.prefix),
        honorific_suffixes: part(&name.suffix),
        ..NameValue::default()
    });
    property.parameters.sort_as = sorted(contact).into_iter().collect();
    card.names.push(property);
    card.nicknames.extend(texts(&contact.nicknames));
    extras(name).for_each(|(property, value)| extension(card, property, value));
}

/// How the name is sorted, family name first, where it says how it is spoken.
fn sorted(contact: &Contact) -> Option<String> {
    let name = &contact.name;
    if name.last_phonetic.is_none() && name.first_phonetic.is_none() {
        return None;
    }
    let parts =
        [name.last_phonetic.as_ref().or(name.last.as_ref()), name.first_phonetic.as_ref().or(name.first.as_ref())];
    // A comma separates the two. A parameter has no line breaks and no quotes that every reader knows.
    let letter = |c: char| match c {
        ',' | '\n' | '\t' => ' ',
        '"' => '\'',
        c => c,
    };
    let parts: Vec<String> =
        parts.into_iter().flatten().map(|part| clean(part).chars().map(letter).collect()).collect();
    Some(parts.join(","))
}

fn work(card: &mut VCard, contact: &Contact) {
    if contact.organization.is_some() || contact.department.is_some() {
        let name = contact.organization.as_deref().map(clean).unwrap_or_default();
        let units = contact.department.iter().map(|unit| clean(unit)).collect();
        card.organizations.push(Property::new(OrgValue { name, units }));
    }
    contact.organization_phonetic.iter().for_each(|value| extension(card, "X-PHONETIC-ORG", value));
    card.titles.extend(contact.job_title.iter().map(|title| Property::new(clean(title))));
    if contact.is_organization {
        card.kinds.push(Property::new(KindValue::Org));
    }
}

/// A property of Apple's.
fn extension(card: &mut VCard, name: &str, value: &str) {
    card.extensions.extend(name.parse().map(|name| ExtensionProperty::from_text(name, &clean(value))));
}

/// A property with many texts, if there are any.
fn texts(all: &[String]) -> Option<Property<Vec<String>>> {
    (!all.is_empty()).then(|| Property::new(all.iter().map(|text| clean(text)).collect()))
}

/// A day as the standard writes it; one that is none is text.
fn date(day: &Day) -> DateAndOrTimeOrText {
    let date = match day {
        Day::Full(date) => u16::try_from(date.year()).ok().and_then(|year| {
            Date::from_year_month_day(year, date.month().unsigned_abs(), date.day().unsigned_abs()).ok()
        }),
        Day::Yearly(month, day) => {
            let (month, day) = (u8::try_from(*month).ok(), u8::try_from(*day).ok());
            month.zip(day).and_then(|(month, day)| Date::from_month_day(month, day).ok())
        }
        Day::Text(_) => None,
    };
    date.map_or_else(|| DateAndOrTimeOrText::Text(clean(&day.iso())), DateAndOrTimeOrText::from)
}
