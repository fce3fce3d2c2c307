//! vCard 3.0, as iPhones write it.
//!
//! Labels that have no type in the standard are tied to their value by a group: `item1.TEL:…`, `item1.X-ABLabel:…`, with
//! Apple's own as they are stored (`_$!<Other>!$_`), so that an iPhone shows them in its language. A year that is not known
//! is 1604 with `X-APPLE-OMIT-YEAR`. What has no property at all is `X-CORER-FIELD` with its name as the label.

use std::io::{self, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use corer_schemas::contacts::{Contact, Day, Image, Label, Labelled, Photo, PostalAddress, Profile};

use super::line::{Lines, Parameter, list};
use super::terms::{field_name, messenger_uri, phone_types, types};
use crate::contacts::fields::title;

/// What fields are called that the format does not know.
const FIELD: &str = "X-CORER-FIELD";

/// Writes the card of a contact.
///
/// # Errors
/// Those of `to`.
pub(super) fn write(contact: &Contact, photo: Option<&Photo>, identifier: &str, to: &mut dyn Write) -> io::Result<()> {
    let mut card = Card { lines: Lines::new(to) };
    card.lines.fixed("BEGIN:VCARD")?;
    card.lines.fixed("VERSION:3.0")?;
    card.lines.fixed("PRODID:-//corer//corer//EN")?;
    card.names(contact)?;
    card.work(contact)?;
    card.handles(contact)?;
    for address in &contact.addresses {
        card.address(address)?;
    }
    for url in &contact.urls {
        card.labelled("URL", types(url.label.as_ref()), url.label.as_ref(), &[], &url.value)?;
    }
    card.days(contact)?;
    for related in &contact.related {
        card.item("X-ABRELATEDNAMES", related.label.as_ref(), &[], &related.value)?;
    }
    card.profiles(contact)?;
    card.rest(contact, photo, identifier)?;
    card.lines.fixed("END:VCARD")
}

struct Card<'w> {
    lines: Lines<'w>,
}

impl Card<'_> {
    fn some(&mut self, name: &str, value: Option<&String>) -> io::Result<()> {
        value.map_or(Ok(()), |value| self.lines.text(name, &[], value))
    }

    fn names(&mut self, contact: &Contact) -> io::Result<()> {
        let name = &contact.name;
        let parts = [&name.last, &name.first, &name.middle, &name.prefix, &name.suffix];
        self.lines.components("N", &[], &parts.map(Option::as_deref))?;
        let whole = if contact.is_organization { None } else { name.whole() };
        self.lines.text("FN", &[], &whole.unwrap_or_else(|| title(contact)))?;
        if !contact.nicknames.is_empty() {
            self.lines.raw("NICKNAME", &[], &list(contact.nicknames.iter()))?;
        }
        self.some("X-MAIDENNAME", name.maiden.as_ref())?;
        self.some("X-PHONETIC-FIRST-NAME", name.first_phonetic.as_ref())?;
        self.some("X-PHONETIC-MIDDLE-NAME", name.middle_phonetic.as_ref())?;
        self.some("X-PHONETIC-LAST-NAME", name.last_phonetic.as_ref())
    }

    fn work(&mut self, contact: &Contact) -> io::Result<()> {
        if contact.organization.is_some() || contact.department.is_some() {
            let organization = contact.organization.as_deref();
            match contact.department.as_deref() {
                Some(department) => self.lines.components("ORG", &[], &[organization, Some(department)])?,
                None => self.lines.components("ORG", &[], &[organization])?,
            }
        }
        self.some("X-PHONETIC-ORG", contact.organization_phonetic.as_ref())?;
        self.some("TITLE", contact.job_title.as_ref())?;
        if contact.is_organization { self.lines.fixed("X-ABShowAs:COMPANY") } else { Ok(()) }
    }

    /// Numbers and mail addresses; the first of each is the preferred one.
    fn handles(&mut self, contact: &Contact) -> io::Result<()> {
        for (at, phone) in contact.phones.iter().enumerate() {
            let label = phone.label.as_ref();
            self.labelled("TEL", phone_types(label), label, first(at), &phone.value)?;
        }
        for (at, email) in contact.emails.iter().enumerate() {
            let label = email.label.as_ref();
            let more: &[Parameter<'_>] =
                if at == 0 { &[("type", "INTERNET"), ("type", "pref")] } else { &[("type", "INTERNET")] };
            self.labelled("EMAIL", types(label), label, more, &email.value)?;
        }
        Ok(())
    }

    fn address(&mut self, labelled: &Labelled<PostalAddress>) -> io::Result<()> {
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
        let item = self.lines.item();
        let known = types(label.as_ref());
        let parameters: Vec<Parameter<'_>> = known.into_iter().flatten().map(|kind| ("type", *kind)).collect();
        self.lines.components(&format!("{item}.ADR"), &parameters, &parts)?;
        if let Some(code) = &address.country_code {
            self.lines.text(&format!("{item}.X-ABADR"), &[], code)?;
        }
        if known.is_none() {
            self.label(&item, label.as_ref())?;
        }
        self.parts("Address", &address.others)
    }

    fn days(&mut self, contact: &Contact) -> io::Result<()> {
        match &contact.birthday {
            Some(Day::Text(text)) => self.field("Birthday", text)?,
            Some(day) => {
                let (parameters, day) = date(day);
                self.lines.text("BDAY", parameters, &day)?;
            }
            None => {}
        }
        for day in &contact.dates {
            let (parameters, date) = date(&day.value);
            self.item("X-ABDATE", day.label.as_ref(), parameters, &date)?;
        }
        Ok(())
    }

    fn profiles(&mut self, contact: &Contact) -> io::Result<()> {
        for messenger in &contact.messengers {
            let profile = &messenger.value;
            let service = profile.service.as_deref().map(|service| ("X-SERVICE-TYPE", service));
            if let Some(uri) = messenger_uri(profile) {
                let label = messenger.label.as_ref();
                self.labelled("IMPP", types(label), label, service.as_slice(), &uri)?;
            }
            self.more("Messenger", profile, messenger_uri(profile).is_none())?;
        }
        for social in &contact.profiles {
            let profile = &social.value;
            let address = profile.url.clone().or_else(|| Some(format!("x-apple:{}", profile.username.as_ref()?)));
            let service = profile.service.as_deref().map(|service| ("type", service));
            let user = profile.username.as_deref().map(|user| ("x-user", user));
            let parameters: Vec<Parameter<'_>> = service.into_iter().chain(user).collect();
            let has_address = address.is_some();
            if let Some(address) = address {
                self.item("X-SOCIALPROFILE", social.label.as_ref(), &parameters, &address)?;
            }
            self.more("Profile", profile, !has_address)?;
        }
        Ok(())
    }

    /// What a profile says beside its name.
    fn more(&mut self, called: &str, profile: &Profile, is_nameless: bool) -> io::Result<()> {
        if let Some(service) = profile.service.as_ref().filter(|_| is_nameless) {
            self.field(called, service)?;
        }
        if let Some(url) = profile.url.as_ref().filter(|_| called == "Messenger") {
            self.field("Messenger: url", url)?;
        }
        self.parts(called, &profile.others)
    }

    fn rest(&mut self, contact: &Contact, photo: Option<&Photo>, identifier: &str) -> io::Result<()> {
        if !contact.notes.is_empty() {
            self.lines.text("NOTE", &[], &contact.notes.join("\n\n"))?;
        }
        for other in &contact.others {
            self.field(&field_name(&other.name, other.label.as_ref()), &other.value)?;
        }
        if !contact.groups.is_empty() {
            self.lines.raw("CATEGORIES", &[], &list(contact.groups.iter()))?;
        }
        if let Some(photo) = photo {
            let kind = match photo.image {
                Image::Jpeg => "JPEG",
                Image::Png => "PNG",
                Image::Gif => "GIF",
                Image::Heic => "HEIC",
                Image::Tiff => "TIFF",
                Image::WebP => "WEBP",
            };
            let data = STANDARD.encode(&photo.bytes);
            self.lines.raw("PHOTO", &[("ENCODING", "b"), ("TYPE", kind)], &data)?;
        }
        if let Some(moment) = contact.modified.and_then(corer_schemas::AppleTime::timestamp) {
            self.lines.raw("REV", &[], &moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())?;
        }
        self.lines.text("UID", &[], identifier)
    }

    /// A value with its types, or with its label beside it.
    fn labelled(
        &mut self,
        name: &str,
        types: Option<&[&str]>,
        label: Option<&Label>,
        more: &[Parameter<'_>],
        value: &str,
    ) -> io::Result<()> {
        match types {
            Some(types) => {
                let types = types.iter().map(|kind| ("type", *kind));
                let parameters: Vec<Parameter<'_>> = types.chain(more.iter().copied()).collect();
                self.lines.text(name, &parameters, value)
            }
            None => self.item(name, label, more, value),
        }
    }

    /// A value with its label beside it.
    fn item(&mut self, name: &str, label: Option<&Label>, parameters: &[Parameter<'_>], value: &str) -> io::Result<()> {
        let item = self.lines.item();
        self.lines.text(&format!("{item}.{name}"), parameters, value)?;
        self.label(&item, label)
    }

    fn label(&mut self, item: &str, label: Option<&Label>) -> io::Result<()> {
        label.map_or(Ok(()), |label| self.lines.text(&format!("{item}.X-ABLabel"), &[], label.stored()))
    }

    /// A field that the format does not know.
    fn field(&mut self, called: &str, value: &str) -> io::Result<()> {
        let item = self.lines.item();
        self.lines.text(&format!("{item}.{FIELD}"), &[], value)?;
        self.lines.text(&format!("{item}.X-ABLabel"), &[], called)
    }

    fn parts(&mut self, called: &str, parts: &[(String, String)]) -> io::Result<()> {
        parts.iter().try_for_each(|(name, text)| self.field(&format!("{called}: {name}"), text))
    }
}

fn first(at: usize) -> &'static [Parameter<'static>] {
    if at == 0 { &[("type", "pref")] } else { &[] }
}

fn date(day: &Day) -> (&'static [Parameter<'static>], String) {
    match day {
        Day::Yearly(month, day) => (&[("X-APPLE-OMIT-YEAR", "1604")], format!("1604-{month:02}-{day:02}")),
        day => (&[], day.iso()),
    }
}
