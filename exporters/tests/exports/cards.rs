//! Contacts as strangers type them, cards and tables of them, and what a foreign reader finds in the cards.
#![allow(dead_code, missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeMap;

use calcard::common::IanaString;
use calcard::vcard::{VCard, VCardEntry, VCardValue};
use corer_exporters::contacts::vcard::Cards;
use corer_exporters::contacts::{Book, Format, Layout, Options, Pictures, Version, single};
use corer_exporters::output::{ExportInfo, SafePath};
use corer_exporters::saved::Kept;
use corer_schemas::Skipped;
use corer_schemas::contacts::{Contact, Day, Label, Labelled, Name, Other, Photo, Picture, PostalAddress, Profile};
use jiff::tz::TimeZone;
use proptest::prelude::*;

struct NoPictures;

impl Pictures for NoPictures {
    fn read(&self, _: &Picture) -> Result<Option<Photo>, Skipped> {
        Ok(None)
    }
}

pub fn labelled<T>(label: Option<&str>, value: T) -> Labelled<T> {
    Labelled { label: label.map(Label::new), value }
}

pub fn card(contact: &Contact, photo: Option<&Photo>, version: Version) -> String {
    let mut out = Vec::new();
    Cards::new(version, "backup").write(contact, photo, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

pub fn written(contacts: &[Contact], format: Format, layout: Layout) -> String {
    let options = Options {
        about: ExportInfo::default(),
        zone: TimeZone::UTC,
        base: SafePath::root(),
        formats: vec![format],
        version: Version::V3,
        is_split: false,
        layout,
    };
    let contacts: Vec<Kept<Contact>> = contacts.iter().cloned().map(Kept::present).collect();
    let book = Book { contacts: &contacts, groups: &[], pictures: &NoPictures, merged: &[], alike: &[] };
    let mut out = Vec::new();
    single(book, format, &options, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// What a property says, as a foreign reader reads it.
fn texts(entry: &VCardEntry) -> Vec<String> {
    let text = |value: &VCardValue| match value {
        VCardValue::Text(text) => vec![text.clone()],
        VCardValue::Component(texts) => texts.clone(),
        VCardValue::Binary(data) => vec![format!("{:?}", data.data)],
        VCardValue::Kind(kind) => vec![kind.as_str().to_owned()],
        other => vec![format!("{other:?}")],
    };
    entry.values.iter().flat_map(text).collect()
}

/// Every property of a card by name in capital letters, as `calcard` reads them.
pub fn read(card: &str) -> BTreeMap<String, Vec<Vec<String>>> {
    let mut properties: BTreeMap<String, Vec<Vec<String>>> = BTreeMap::new();
    for entry in VCard::parse(card).unwrap_or_else(|other| panic!("{other:?} in {card}")).entries {
        properties.entry(entry.name.as_str().to_ascii_uppercase()).or_default().push(texts(&entry));
    }
    properties
}

/// Text as strangers type it: with everything that means something in a card.
pub fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("\r\nTEL:+666".to_owned()),
        Just("\nEND:VCARD\nBEGIN:VCARD\n".to_owned()),
        Just("\r".to_owned()),
        Just("\u{2028}X-A:b".to_owned()),
        Just("\u{85}".to_owned()),
        Just("\\n\\,\\;\\\\".to_owned()),
        Just(";,:=\"'^".to_owned()),
        Just("=0D=0ATEL:1".to_owned()),
        Just("\0\u{1b}[31m\u{7f}".to_owned()),
        Just("Zoë 🎈 \u{202e}مرحبا".to_owned()),
        Just("\r\n ".to_owned()),
        Just("é🎈七".repeat(60)),
        "[ -~]{0,90}",
        any::<String>(),
    ];
    // What stands at the ends is of no account: readers trim it.
    prop::collection::vec(piece, 1..5).prop_map(|pieces| format!("a{}z", pieces.concat()))
}

#[derive(Debug, Clone)]
pub struct Texts(pub Vec<String>);

pub fn contact(texts: &Texts) -> Contact {
    let text = |at: usize| texts.0[at].clone();
    Contact {
        id: 7,
        guid: Some(text(0)),
        name: Name {
            first: Some(text(1)),
            last: Some(text(2)),
            prefix: Some(text(3)),
            maiden: Some(text(4)),
            ..Name::default()
        },
        nicknames: vec![text(5), text(6)],
        organization: Some(text(7)),
        department: Some(text(8)),
        job_title: Some(text(9)),
        phones: vec![labelled(Some(&texts.0[10]), text(11)), labelled(Some("_$!<Home>!$_"), text(12))],
        emails: vec![labelled(None, format!("{}@example.org", text(13).len()))],
        addresses: vec![labelled(
            Some("_$!<Work>!$_"),
            PostalAddress { street: Some(text(14)), city: Some(text(15)), ..PostalAddress::default() },
        )],
        urls: vec![labelled(Some(&texts.0[16]), text(17))],
        birthday: Some(Day::Yearly(5, 17)),
        related: vec![labelled(Some("_$!<Mother>!$_"), text(18))],
        profiles: vec![labelled(
            None,
            Profile { service: Some(text(19)), username: Some(text(20)), ..Profile::default() },
        )],
        notes: vec![text(21)],
        others: vec![Other { name: text(22), label: None, value: text(23) }],
        groups: vec![text(24), text(25)],
        ..Contact::default()
    }
}

/// The lines of a card, unfolded.
pub fn lines(contact: &Contact, version: Version) -> Vec<String> {
    card(contact, None, version).replace("\r\n ", "").lines().map(str::to_owned).collect()
}
