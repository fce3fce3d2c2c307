//! The values of a card: numbers, addresses, profiles and whatever else there may be several of.

use super::day::Day;
use super::label::Label;
use super::model::{Contact, Labelled, Other, PostalAddress, Profile};
use super::property::Property;

/// A value of a card.
#[derive(Debug)]
pub(super) struct Value {
    pub(super) property: i64,
    pub(super) label: Option<Label>,
    pub(super) text: Option<String>,
    /// The parts of what has parts: name and text.
    pub(super) parts: Vec<(String, String)>,
}

impl Value {
    /// Puts a value where it belongs.
    pub(super) fn put_into(self, contact: &mut Contact) {
        let Self { property, label, text, parts } = self;
        let property = Property::of(property);
        let has_parts = !parts.is_empty();
        match (property, text) {
            (Property::Address, None) if has_parts => {
                contact.addresses.push(Labelled { label, value: address(parts) });
            }
            (Property::Address, Some(text)) if !has_parts => {
                let value = PostalAddress { street: Some(text), ..PostalAddress::default() };
                contact.addresses.push(Labelled { label, value });
            }
            (Property::Messenger | Property::Profile, text) if has_parts != text.is_some() => {
                let value = profile(parts, text);
                let profiles = match property {
                    Property::Messenger => &mut contact.messengers,
                    _ => &mut contact.profiles,
                };
                profiles.push(Labelled { label, value });
            }
            (Property::Date, Some(text)) if !has_parts => {
                contact.dates.extend(Day::read(&text).map(|value| Labelled { label, value }));
            }
            (Property::Phone, Some(value)) if !has_parts => contact.phones.push(Labelled { label, value }),
            (Property::Email, Some(value)) if !has_parts => contact.emails.push(Labelled { label, value }),
            (Property::Url, Some(value)) if !has_parts => contact.urls.push(Labelled { label, value }),
            (Property::Related, Some(value)) if !has_parts => contact.related.push(Labelled { label, value }),
            (property, text) => {
                let text = text.into_iter().chain(parts.into_iter().map(|(name, text)| format!("{name}: {text}")));
                let value = text.collect::<Vec<_>>().join("; ");
                if !value.is_empty() {
                    contact.others.push(Other { name: property.name(), label, value });
                }
            }
        }
    }
}

fn address(parts: Vec<(String, String)>) -> PostalAddress {
    let mut address = PostalAddress::default();
    for (name, text) in parts {
        let place = match name.to_ascii_lowercase().as_str() {
            "street" => &mut address.street,
            "sublocality" => &mut address.sub_locality,
            "city" => &mut address.city,
            "subadministrativearea" => &mut address.sub_area,
            "state" => &mut address.state,
            "zip" => &mut address.postal_code,
            "country" => &mut address.country,
            "countrycode" => &mut address.country_code,
            _ => {
                address.others.push((name, text));
                continue;
            }
        };
        match place {
            None => *place = Some(text),
            Some(_) => address.others.push((name, text)),
        }
    }
    address
}

fn profile(parts: Vec<(String, String)>, text: Option<String>) -> Profile {
    let mut profile = Profile { username: text, ..Profile::default() };
    for (name, text) in parts {
        let place = match name.to_ascii_lowercase().as_str() {
            "service" => &mut profile.service,
            "username" => &mut profile.username,
            "url" => &mut profile.url,
            _ => {
                profile.others.push((name, text));
                continue;
            }
        };
        match place {
            None => *place = Some(text),
            Some(_) => profile.others.push((name, text)),
        }
    }
    profile
}
