//! Cards of any texts: another program's reader finds one card, and in it what was written.

use calcard::vcard::{VCardProperty, VCardValue};
use calcard::{Entry, Parser};
use corer_exporters::contacts::Version;
use corer_exporters::contacts::vcard::Cards;
use corer_schemas::contacts::{Contact, Labelled};

pub fn run(bytes: &[u8]) {
    let text = super::text(bytes);
    let mut parts = text.split('\u{1}').map(str::to_owned);
    let mut next = || parts.next().unwrap_or_default();
    let mut contact = Contact { id: 1, ..Contact::default() };
    contact.name.first = Some(next());
    contact.name.last = Some(next());
    contact.guid = Some(next());
    contact.organization = Some(next());
    contact.notes = vec![next()];
    contact.nicknames = vec![next()];
    contact.phones = vec![Labelled { label: None, value: next() }];
    contact.urls = vec![Labelled { label: None, value: next() }];
    for version in [Version::V3, Version::V4] {
        let mut card = Vec::new();
        if Cards::new(version, "fuzz").write(&contact, None, &mut card).is_err() {
            continue;
        }
        let card = String::from_utf8(card).expect("cards are text");
        let mut parser = Parser::new(&card);
        let Entry::VCard(read) = parser.entry() else { panic!("no card: {card}") };
        assert!(matches!(parser.entry(), Entry::Eof), "more than a card: {card}");
        let notes = read.entries.iter().filter(|entry| entry.name == VCardProperty::Note);
        for note in notes.flat_map(|note| &note.values) {
            assert!(matches!(note, VCardValue::Text(_)), "a note that is no text: {card}");
        }
    }
}
