//! vCard 4.0 (RFC 6350).
//!
//! What a card says of somebody in words and once is written by the crate `vcard`: see [`head`](super::head). What follows is
//! ours: addresses, because the crate escapes their commas and backslashes, which the standard forbids, and changes their
//! letters; and all that has a label, because the crate writes properties of ours after all others, and some readers look
//! for a label right after its value.

use std::io::{self, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use corer_schemas::contacts::{Contact, Labelled, Photo, PostalAddress, Profile};

use super::card::{Card, Dialect};
use super::head::{anniversary, head};
use super::line::{Parameter, escaped, list, uri};
use super::terms::{messenger_uri, phone_types_of_4, relation, types};

/// What says that a value is text, where the standard takes it for something else.
const TEXT: Parameter<'_> = ("VALUE", "text");

/// The dialect of 4.0.
pub(super) struct V4;

impl Dialect for V4 {
    fn begin<'w>(&self, contact: &Contact, identifier: &str, to: &'w mut dyn Write) -> io::Result<Card<'w>> {
        to.write_all(head(contact, identifier).as_bytes())?;
        Ok(Card::new(to))
    }

    fn handles(&self, card: &mut Card<'_>, contact: &Contact) -> io::Result<()> {
        handles(card, contact)
    }

    fn address(&self, card: &mut Card<'_>, labelled: &Labelled<PostalAddress>) -> io::Result<()> {
        address(card, labelled)
    }

    fn days(&self, card: &mut Card<'_>, contact: &Contact) -> io::Result<()> {
        // There is one anniversary; others are dates among the rest.
        let anniversary = anniversary(contact);
        let others = contact.dates.iter().enumerate().filter(|(at, _)| Some(*at) != anniversary);
        others
            .into_iter()
            .try_for_each(|(_, day)| card.item("X-ABDATE", day.label.as_ref(), &[], &escaped(&day.value.iso())))
    }

    fn related(&self, card: &mut Card<'_>, related: &Labelled<String>) -> io::Result<()> {
        let label = related.label.as_ref();
        let kind = relation(label).map(|kind| ("TYPE", kind));
        let parameters: Vec<Parameter<'_>> = kind.into_iter().chain([TEXT]).collect();
        card.item("RELATED", label, &parameters, &escaped(&related.value))
    }

    fn profiles(&self, card: &mut Card<'_>, contact: &Contact) -> io::Result<()> {
        contact.messengers.iter().try_for_each(|own| messenger(card, own))?;
        contact.profiles.iter().try_for_each(|own| social(card, own))
    }

    fn rest(&self, card: &mut Card<'_>, contact: &Contact, photo: Option<&Photo>, _: &str) -> io::Result<()> {
        card.others(contact)?;
        photo.map_or(Ok(()), |photo| {
            let data = STANDARD.encode(&photo.bytes);
            card.lines.raw("PHOTO", &[], &format!("data:{};base64,{data}", photo.image.mime()))
        })
    }
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

fn messenger(card: &mut Card<'_>, labelled: &Labelled<Profile>) -> io::Result<()> {
    let Labelled { label, value: profile } = labelled;
    let service = profile.service.as_deref().map(|service| ("SERVICE-TYPE", service));
    match messenger_uri(profile) {
        Some(address) => {
            card.typed("IMPP", types(label.as_ref()), label.as_ref(), service.as_slice(), &uri(&address))?;
            if let Some(url) = &profile.url {
                card.uri_field("Messenger: url", url)?;
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
        (service, Some(url), _) => {
            let parameters: Vec<Parameter<'_>> = service.into_iter().chain(user).collect();
            card.typed("SOCIALPROFILE", kinds, label, &parameters, &uri(url))?;
        }
        (Some(service), None, Some(name)) => card.labelled("SOCIALPROFILE", kinds, label, &[service, TEXT], name)?,
        _ => fields(card, "Profile", profile)?,
    }
    card.parts("Profile", &profile.others)
}

/// A profile that has no property of its own.
fn fields(card: &mut Card<'_>, called: &str, profile: &Profile) -> io::Result<()> {
    for (name, value) in [("service", &profile.service), ("name", &profile.username)] {
        if let Some(value) = value {
            card.field(&format!("{called}: {name}"), value)?;
        }
    }
    profile.url.as_ref().map_or(Ok(()), |url| card.uri_field(&format!("{called}: url"), url))
}
