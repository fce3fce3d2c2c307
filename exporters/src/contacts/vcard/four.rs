//! vCard 4.0 (RFC 6350). The crate `vcard` is not used for it: it escapes what must not be escaped, the commas and
//! semicolons of addresses, and changes their letters.
//!
//! Properties that may stand there once (`N`, `BDAY`, `ANNIVERSARY`, `KIND`, `UID`) do. A phonetic name is how `N` is sorted,
//! and Apple's `X-PHONETIC-…`; a second `N` would make readers refuse the whole file. A year that is not known is left out,
//! which 4.0 can say: `--0517`. Pictures are `data:` addresses.

use std::io::{self, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use corer_schemas::contacts::{Contact, Day, Labelled, Photo, PostalAddress, Profile};

use super::card::Card;
use super::line::{Parameter, escaped, list, uri};
use super::terms::{is_anniversary, messenger_uri, phone_types_of_4, relation, types};
use crate::contacts::fields::also;

/// What says that a value is text, where the standard takes it for something else.
const TEXT: Parameter<'_> = ("VALUE", "text");

/// Writes the card of a contact.
///
/// # Errors
/// Those of `to`.
pub(super) fn write(contact: &Contact, photo: Option<&Photo>, identifier: &str, to: &mut dyn Write) -> io::Result<()> {
    let mut card = Card::begin("4.0", to)?;
    let sorted = sorted(contact);
    card.names(contact, sorted.as_ref().map(|sorted| ("SORT-AS", sorted.as_str())).as_slice())?;
    card.work(contact)?;
    if contact.is_organization {
        card.lines.fixed("KIND:org")?;
    }
    handles(&mut card, contact)?;
    contact.addresses.iter().try_for_each(|own| address(&mut card, own))?;
    for url in &contact.urls {
        card.typed("URL", types(url.label.as_ref()), url.label.as_ref(), &[], &uri(&url.value))?;
    }
    days(&mut card, contact)?;
    for related in &contact.related {
        let label = related.label.as_ref();
        let kind = relation(label).map(|kind| ("TYPE", kind));
        let parameters: Vec<Parameter<'_>> = kind.into_iter().chain([TEXT]).collect();
        card.item("RELATED", label, &parameters, &escaped(&related.value))?;
    }
    contact.messengers.iter().try_for_each(|own| messenger(&mut card, own))?;
    contact.profiles.iter().try_for_each(|own| social(&mut card, own))?;
    let notes = contact.notes.iter().cloned().chain(also(contact));
    notes.into_iter().try_for_each(|note| card.lines.text("NOTE", &[], &note))?;
    card.others(contact)?;
    rest(&mut card, contact, photo, identifier)?;
    card.end()
}

/// How the name is sorted, family name first, where it says how it is spoken.
fn sorted(contact: &Contact) -> Option<String> {
    let name = &contact.name;
    if name.last_phonetic.is_none() && name.first_phonetic.is_none() {
        return None;
    }
    let parts =
        [name.last_phonetic.as_ref().or(name.last.as_ref()), name.first_phonetic.as_ref().or(name.first.as_ref())];
    // A comma separates the two.
    let parts: Vec<String> = parts.into_iter().flatten().map(|part| part.replace(',', " ")).collect();
    Some(parts.join(","))
}

fn handles(card: &mut Card<'_>, contact: &Contact) -> io::Result<()> {
    for phone in &contact.phones {
        let label = phone.label.as_ref();
        let (types, says_all) = phone_types_of_4(label);
        if says_all {
            card.labelled("TEL", Some(&types), label, &[], &phone.value)?;
        } else {
            let types: Vec<Parameter<'_>> = types.iter().map(|kind| ("type", *kind)).collect();
            card.item("TEL", label, &types, &escaped(&phone.value))?;
        }
    }
    for email in &contact.emails {
        card.labelled("EMAIL", types(email.label.as_ref()), email.label.as_ref(), &[], &email.value)?;
    }
    Ok(())
}

fn address(card: &mut Card<'_>, labelled: &Labelled<PostalAddress>) -> io::Result<()> {
    let Labelled { label, value: address } = labelled;
    let area = list([&address.sub_locality, &address.sub_area].into_iter().flatten());
    let parts =
        [&address.street, &address.city, &address.state, &address.postal_code, &address.country].map(Option::as_deref);
    let parts: Vec<String> = parts.into_iter().map(|part| escaped(part.unwrap_or_default())).collect();
    let known = types(label.as_ref());
    let parameters: Vec<Parameter<'_>> = known.into_iter().flatten().map(|kind| ("type", *kind)).collect();
    let item = card.lines.item();
    card.lines.raw(&format!("{item}.ADR"), &parameters, &format!(";{area};{}", parts.join(";")))?;
    if let Some(code) = &address.country_code {
        card.lines.text(&format!("{item}.X-ABADR"), &[], code)?;
    }
    if known.is_none() {
        card.label(&item, label.as_ref())?;
    }
    card.parts("Address", &address.others)
}

fn days(card: &mut Card<'_>, contact: &Contact) -> io::Result<()> {
    if let Some(day) = &contact.birthday {
        let (parameters, day) = date(day);
        card.lines.text("BDAY", parameters, &day)?;
    }
    // There is one anniversary; others are dates among the rest.
    let anniversary = contact.dates.iter().position(|day| is_anniversary(day.label.as_ref()));
    for (at, day) in contact.dates.iter().enumerate() {
        if Some(at) == anniversary {
            let (parameters, date) = date(&day.value);
            card.lines.text("ANNIVERSARY", parameters, &date)?;
        } else {
            card.item("X-ABDATE", day.label.as_ref(), &[], &escaped(&day.value.iso()))?;
        }
    }
    Ok(())
}

fn messenger(card: &mut Card<'_>, labelled: &Labelled<Profile>) -> io::Result<()> {
    let Labelled { label, value: profile } = labelled;
    let service = profile.service.as_deref().map(|service| ("SERVICE-TYPE", service));
    match messenger_uri(profile) {
        Some(address) => {
            card.typed("IMPP", types(label.as_ref()), label.as_ref(), service.as_slice(), &uri(&address))?;
            if let Some(url) = &profile.url {
                card.field("Messenger: url", url)?;
            }
        }
        None => fields(card, "Messenger", profile)?,
    }
    card.parts("Messenger", &profile.others)
}

fn social(card: &mut Card<'_>, labelled: &Labelled<Profile>) -> io::Result<()> {
    let Labelled { label, value: profile } = labelled;
    let (kinds, label) = (types(label.as_ref()), label.as_ref());
    let service = profile.service.as_deref().map(|service| ("SERVICE-TYPE", service));
    let user = profile.username.as_deref().map(|user| ("USERNAME", user));
    match (service, &profile.url, &profile.username) {
        (Some(service), Some(url), _) => {
            let parameters: Vec<Parameter<'_>> = [service].into_iter().chain(user).collect();
            card.typed("SOCIALPROFILE", kinds, label, &parameters, &uri(url))?;
        }
        (Some(service), None, Some(name)) => card.labelled("SOCIALPROFILE", kinds, label, &[service, TEXT], name)?,
        _ => fields(card, "Profile", profile)?,
    }
    card.parts("Profile", &profile.others)
}

/// A profile that has no property of its own.
fn fields(card: &mut Card<'_>, called: &str, profile: &Profile) -> io::Result<()> {
    for (name, value) in [("service", &profile.service), ("name", &profile.username), ("url", &profile.url)] {
        if let Some(value) = value {
            card.field(&format!("{called}: {name}"), value)?;
        }
    }
    Ok(())
}

fn rest(card: &mut Card<'_>, contact: &Contact, photo: Option<&Photo>, identifier: &str) -> io::Result<()> {
    if let Some(photo) = photo {
        let data = STANDARD.encode(&photo.bytes);
        card.lines.raw("PHOTO", &[], &format!("data:{};base64,{data}", photo.image.mime()))?;
    }
    if let Some(moment) = contact.modified.and_then(corer_schemas::AppleTime::timestamp) {
        card.lines.raw("REV", &[], &moment.strftime("%Y%m%dT%H%M%SZ").to_string())?;
    }
    match is_uuid(identifier) {
        true => card.lines.raw("UID", &[], &format!("urn:uuid:{}", identifier.to_lowercase())),
        false => card.lines.text("UID", &[TEXT], identifier),
    }
}

/// A day as the standard writes it, and what says so of one that is none.
fn date(day: &Day) -> (&'static [Parameter<'static>], String) {
    match day {
        Day::Full(date) if (0..=9999).contains(&date.year()) => (&[], date.strftime("%Y%m%d").to_string()),
        Day::Yearly(month, day) => (&[], format!("--{month:02}{day:02}")),
        day => (&[TEXT], day.iso()),
    }
}

/// Whether an identifier has the form of a UUID.
fn is_uuid(identifier: &str) -> bool {
    let groups: Vec<&str> = identifier.split('-').collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    lengths == [8, 4, 4, 4, 12] && identifier.chars().all(|c| c == '-' || c.is_ascii_hexdigit())
}
