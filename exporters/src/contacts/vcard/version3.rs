//! vCard 3.0, as iPhones write it.
//!
//! A year that is not known is 1604 with `X-APPLE-OMIT-YEAR`.

use std::io::{self, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use corer_schemas::contacts::{Contact, Day, Image, Labelled, Photo, PostalAddress, Profile};

use super::card::{Card, Dialect, formatted};
use super::line::{Parameter, escaped, list, uri};
use super::terms::{PRODUCT, extras, messenger_uri, phone_types, profile_uri, types};
use crate::contacts::fields::also;

/// The dialect of 3.0.
pub(super) struct V3;

impl Dialect for V3 {
    fn begin<'w>(&self, contact: &Contact, _: &str, to: &'w mut dyn Write) -> io::Result<Card<'w>> {
        let mut card = Card::new(to);
        card.lines.fixed("BEGIN:VCARD")?;
        card.lines.fixed("VERSION:3.0")?;
        card.lines.fixed(&format!("PRODID:{PRODUCT}"))?;
        names(&mut card, contact)?;
        work(&mut card, contact)?;
        Ok(card)
    }

    fn handles(&self, card: &mut Card<'_>, contact: &Contact) -> io::Result<()> {
        handles(card, contact)
    }

    fn address(&self, card: &mut Card<'_>, labelled: &Labelled<PostalAddress>) -> io::Result<()> {
        address(card, labelled)
    }

    fn days(&self, card: &mut Card<'_>, contact: &Contact) -> io::Result<()> {
        days(card, contact)
    }

    fn related(&self, card: &mut Card<'_>, related: &Labelled<String>) -> io::Result<()> {
        card.item("X-ABRELATEDNAMES", related.label.as_ref(), &[], &escaped(&related.value))
    }

    fn profiles(&self, card: &mut Card<'_>, contact: &Contact) -> io::Result<()> {
        profiles(card, contact)
    }

    fn rest(&self, card: &mut Card<'_>, contact: &Contact, photo: Option<&Photo>, identifier: &str) -> io::Result<()> {
        let notes: Vec<String> = contact.notes.iter().cloned().chain(also(contact)).collect();
        if !notes.is_empty() {
            card.lines.text("NOTE", &[], &notes.join("\n\n"))?;
        }
        card.others(contact)?;
        if !contact.groups.is_empty() {
            card.lines.raw("CATEGORIES", &[], &list(contact.groups.iter()))?;
        }
        if let Some(photo) = photo {
            picture(card, photo)?;
        }
        if let Some(moment) = contact.modified.and_then(corer_schemas::AppleTime::timestamp) {
            card.lines.raw("REV", &[], &moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())?;
        }
        card.lines.text("UID", &[], identifier)
    }
}

/// The name and all that goes with it.
fn names(card: &mut Card<'_>, contact: &Contact) -> io::Result<()> {
    let name = &contact.name;
    let parts = [&name.last, &name.first, &name.middle, &name.prefix, &name.suffix];
    card.lines.components("N", &[], &parts.map(Option::as_deref))?;
    card.lines.text("FN", &[], &formatted(contact))?;
    if !contact.nicknames.is_empty() {
        card.lines.raw("NICKNAME", &[], &list(contact.nicknames.iter()))?;
    }
    extras(name).try_for_each(|(property, value)| card.lines.text(property, &[], value))
}

/// Firm, department and job.
fn work(card: &mut Card<'_>, contact: &Contact) -> io::Result<()> {
    if contact.organization.is_some() || contact.department.is_some() {
        let organization = contact.organization.as_deref();
        match contact.department.as_deref() {
            Some(department) => card.lines.components("ORG", &[], &[organization, Some(department)])?,
            None => card.lines.components("ORG", &[], &[organization])?,
        }
    }
    card.some("X-PHONETIC-ORG", contact.organization_phonetic.as_ref())?;
    card.some("TITLE", contact.job_title.as_ref())?;
    if contact.is_organization {
        card.lines.fixed("X-ABShowAs:COMPANY")?;
    }
    Ok(())
}

/// Numbers and mail addresses; the first of each is the preferred one.
fn handles(card: &mut Card<'_>, contact: &Contact) -> io::Result<()> {
    for (at, phone) in contact.phones.iter().enumerate() {
        let label = phone.label.as_ref();
        let more: &[Parameter<'_>] = if at == 0 { &[("type", "pref")] } else { &[] };
        card.labelled("TEL", phone_types(label), label, more, &phone.value)?;
    }
    for (at, email) in contact.emails.iter().enumerate() {
        let label = email.label.as_ref();
        let more: &[Parameter<'_>] =
            if at == 0 { &[("type", "INTERNET"), ("type", "pref")] } else { &[("type", "INTERNET")] };
        card.labelled("EMAIL", types(label), label, more, &email.value)?;
    }
    Ok(())
}

fn address(card: &mut Card<'_>, labelled: &Labelled<PostalAddress>) -> io::Result<()> {
    let Labelled { label, value: address } = labelled;
    let area = [&address.sub_locality, &address.sub_area];
    let area = area.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(", ");
    let parts = [
        None,
        Some(area.as_str()),
        address.street.as_deref(),
        address.city.as_deref(),
        address.state.as_deref(),
        address.postal_code.as_deref(),
        address.country.as_deref(),
    ];
    let item = card.lines.item();
    let known = types(label.as_ref());
    let parameters: Vec<Parameter<'_>> = known.into_iter().flatten().map(|kind| ("type", *kind)).collect();
    card.lines.components(&format!("{item}.ADR"), &parameters, &parts)?;
    if let Some(code) = &address.country_code {
        card.lines.text(&format!("{item}.X-ABADR"), &[], code)?;
    }
    if known.is_none() {
        card.label(&item, label.as_ref())?;
    }
    card.parts("Address", &address.others)
}

fn days(card: &mut Card<'_>, contact: &Contact) -> io::Result<()> {
    match &contact.birthday {
        Some(Day::Text(text)) => card.field("Birthday", text)?,
        Some(day) => {
            let (parameters, day) = date(day);
            card.lines.text("BDAY", parameters, &day)?;
        }
        None => {}
    }
    for day in &contact.dates {
        let (parameters, date) = date(&day.value);
        card.item("X-ABDATE", day.label.as_ref(), parameters, &escaped(&date))?;
    }
    Ok(())
}

fn profiles(card: &mut Card<'_>, contact: &Contact) -> io::Result<()> {
    for messenger in &contact.messengers {
        let profile = &messenger.value;
        let service = profile.service.as_deref().map(|service| ("X-SERVICE-TYPE", service));
        let address = messenger_uri(profile);
        if let Some(address) = &address {
            let label = messenger.label.as_ref();
            card.typed("IMPP", types(label), label, service.as_slice(), &uri(address))?;
        }
        more(card, "Messenger", profile, address.is_none())?;
    }
    for social in &contact.profiles {
        let profile = &social.value;
        let address = profile_uri(profile);
        let service = profile.service.as_deref().map(|service| ("type", service));
        let user = profile.username.as_deref().map(|user| ("x-user", user));
        let parameters: Vec<Parameter<'_>> = service.into_iter().chain(user).collect();
        if let Some(address) = &address {
            card.item("X-SOCIALPROFILE", social.label.as_ref(), &parameters, &uri(address))?;
        }
        more(card, "Profile", profile, address.is_none())?;
    }
    Ok(())
}

/// What a profile says beside its name.
fn more(card: &mut Card<'_>, called: &str, profile: &Profile, is_nameless: bool) -> io::Result<()> {
    if let Some(service) = profile.service.as_ref().filter(|_| is_nameless) {
        card.field(called, service)?;
    }
    if let Some(url) = profile.url.as_ref().filter(|_| called == "Messenger") {
        card.uri_field("Messenger: url", url)?;
    }
    card.parts(called, &profile.others)
}

fn picture(card: &mut Card<'_>, photo: &Photo) -> io::Result<()> {
    let kind = match photo.image {
        Image::Jpeg => "JPEG",
        Image::Png => "PNG",
        Image::Gif => "GIF",
        Image::Heic => "HEIC",
        Image::Tiff => "TIFF",
        Image::WebP => "WEBP",
    };
    card.lines.raw("PHOTO", &[("ENCODING", "b"), ("TYPE", kind)], &STANDARD.encode(&photo.bytes))
}

fn date(day: &Day) -> (&'static [Parameter<'static>], String) {
    match day {
        Day::Yearly(month, day) => (&[("X-APPLE-OMIT-YEAR", "1604")], format!("1604-{month:02}-{day:02}")),
        day => (&[], day.iso()),
    }
}
