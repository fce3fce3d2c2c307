//! Reading back the cards that an older corer wrote, which remembered nothing. It reads those alone, and no cards of strangers.

use std::path::Path;

use corer_schemas::contacts::{Contact, Day, Label, Labelled, Name, Other, PostalAddress};

/// Longer files are not read, in bytes.
const LONGEST: u64 = 1 << 30;

/// One property of a card.
struct Property<'c> {
    /// What ties it to its label.
    item: Option<&'c str>,
    name: String,
    kinds: Vec<String>,
    value: &'c str,
}

/// The contacts of a file of cards. `None` where there is none.
pub(in crate::contacts) fn read_back(file: &Path) -> Option<Vec<Contact>> {
    let found = file.symlink_metadata().ok().filter(std::fs::Metadata::is_file)?;
    let text = Some(found).filter(|found| found.len() <= LONGEST).and_then(|_| std::fs::read_to_string(file).ok())?;
    // A line that begins with a space goes on with the one before.
    let text = text.replace("\r\n ", "").replace("\r\n\t", "");
    let (mut contacts, mut card) = (Vec::new(), Vec::new());
    for property in text.lines().filter_map(property) {
        match (property.name.as_str(), property.value) {
            ("BEGIN", "VCARD") => card.clear(),
            ("END", "VCARD") => {
                contacts.push(contact(&card, contacts.len() as i64 + 1));
                card.clear();
            }
            _ => card.push(property),
        }
    }
    (!contacts.is_empty()).then_some(contacts)
}

fn property(line: &str) -> Option<Property<'_>> {
    let mut is_quoted = false;
    let colon = line.find(|c: char| {
        is_quoted ^= c == '"';
        c == ':' && !is_quoted
    })?;
    let (head, value) = (line.get(..colon)?, line.get(colon + 1..)?);
    let mut parts = head.split(';');
    let name = parts.next()?;
    let (item, name) = name.split_once('.').map_or((None, name), |(item, name)| (Some(item), name));
    let kinds = parts.filter_map(|part| part.split_once('=')).filter(|(name, _)| name.eq_ignore_ascii_case("type"));
    let kinds = kinds.map(|(_, kind)| kind.trim_matches('"').to_ascii_uppercase()).collect();
    Some(Property { item, name: name.to_ascii_uppercase(), kinds, value })
}

fn contact(card: &[Property<'_>], id: i64) -> Contact {
    let mut contact = Contact { id, ..Contact::default() };
    for property in card {
        let label = label(property, card);
        let text = || Some(unescaped(property.value)).filter(|text| !text.is_empty());
        let labelled = || text().map(|value| Labelled { label: label.clone(), value });
        match property.name.as_str() {
            "UID" => contact.guid = text().map(|uid| uid.replacen("urn:uuid:", "", 1)).filter(|uid| !is_made(uid)),
            "N" => contact.name = name(property.value),
            "NICKNAME" => contact.nicknames = parts(property.value, ','),
            "ORG" => {
                let mut units = parts(property.value, ';').into_iter().filter(|unit| !unit.is_empty());
                (contact.organization, contact.department) = (units.next(), units.next());
            }
            "TITLE" => contact.job_title = text(),
            "TEL" => contact.phones.extend(labelled()),
            "EMAIL" => contact.emails.extend(labelled()),
            "URL" => contact.urls.push(Labelled { label, value: property.value.to_owned() }),
            "ADR" => contact.addresses.push(Labelled { label, value: address(property.value) }),
            "BDAY" => contact.birthday = text().map(|day| Day::from(day.replacen("1604-", "--", 1))),
            "NOTE" => contact.notes.extend(text()),
            "CATEGORIES" => contact.groups = parts(property.value, ','),
            "X-ABSHOWAS" | "KIND" => {
                contact.is_organization |=
                    ["company", "org"].iter().any(|own| own.eq_ignore_ascii_case(property.value));
            }
            "X-CORER-FIELD" | "X-ABDATE" | "X-ABRELATEDNAMES" | "IMPP" | "X-SOCIALPROFILE" => {
                let name = label.as_ref().map_or_else(|| property.name.clone(), |label| label.words().into_owned());
                contact.others.extend(text().map(|value| Other { name, label: None, value }));
            }
            _ => {}
        }
    }
    contact
}

/// Whether the identifier of a card was made for it, where the device gave it none.
fn is_made(uid: &str) -> bool {
    let uid = uid.as_bytes();
    uid.len() == 36
        && uid.get(14) == Some(&b'4')
        && uid.get(19) == Some(&b'8')
        && !uid.iter().any(u8::is_ascii_uppercase)
}

/// The label beside a property, else what its types say.
fn label(property: &Property<'_>, card: &[Property<'_>]) -> Option<Label> {
    let beside = card.iter().find(|other| other.name == "X-ABLABEL" && other.item == property.item);
    if let Some(beside) = beside.filter(|_| property.item.is_some()) {
        return Some(Label::new(unescaped(beside.value)));
    }
    let is = |kind: &str| property.kinds.iter().any(|own| own.split(',').any(|own| own == kind));
    let of_kind = [("CELL", "Mobile"), ("HOME", "Home"), ("WORK", "Work"), ("MAIN", "Main"), ("PAGER", "Pager")];
    let label = of_kind.into_iter().find(|(kind, _)| is(kind)).map(|(_, label)| label);
    label.map(|label| Label::new(format!("_$!<{label}>!$_")))
}

fn name(value: &str) -> Name {
    let mut parts = parts(value, ';').into_iter().map(|part| Some(part).filter(|part| !part.is_empty()));
    let mut next = || parts.next().flatten();
    let (last, first, middle, prefix, suffix) = (next(), next(), next(), next(), next());
    Name { prefix, first, middle, last, suffix, ..Name::default() }
}

fn address(value: &str) -> PostalAddress {
    let mut parts = parts(value, ';').into_iter().map(|part| Some(part).filter(|part| !part.is_empty())).skip(2);
    let mut next = || parts.next().flatten();
    let (street, city, state, postal_code, country) = (next(), next(), next(), next(), next());
    PostalAddress { street, city, state, postal_code, country, ..PostalAddress::default() }
}

/// The parts of a value, which a letter separates where nothing escapes it.
fn parts(value: &str, between: char) -> Vec<String> {
    let (mut parts, mut part, mut letters) = (Vec::new(), String::new(), value.chars());
    while let Some(c) = letters.next() {
        if c == between {
            parts.push(unescaped(&std::mem::take(&mut part)));
            continue;
        }
        part.push(c);
        part.extend((c == '\\').then(|| letters.next()).flatten());
    }
    parts.push(unescaped(&part));
    parts
}

fn unescaped(value: &str) -> String {
    let (mut text, mut letters) = (String::with_capacity(value.len()), value.chars());
    while let Some(c) = letters.next() {
        match (c, if c == '\\' { letters.next() } else { None }) {
            ('\\', Some('n' | 'N')) => text.push('\n'),
            ('\\', Some(escaped)) => text.push(escaped),
            _ => text.push(c),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::{Cards, Version};
    use super::*;

    #[test]
    fn own_cards_are_read_back_in_both_versions() {
        let phone = Labelled { label: Some(Label::new("_$!<Mobile>!$_")), value: "+49 170; 1".to_owned() };
        let own = Contact {
            id: 1,
            guid: Some("C678C313-36EC-470E-A7A4-E0FC83730439".to_owned()),
            name: Name { first: Some("Anna; B,".into()), last: Some("Berg\\".into()), ..Name::default() },
            organization: Some("Fjord, Ltd.".into()),
            phones: vec![phone],
            notes: vec![
                "two\nlines, and more than fit into one line of a card, which is folded behind 75 octets".into(),
            ],
            birthday: Some(Day::Yearly(5, 17)),
            ..Contact::default()
        };
        let folder = tempfile::tempdir().unwrap();
        for version in [Version::V3, Version::V4] {
            let mut cards = Vec::new();
            let mut writer = Cards::new(version, "backup");
            writer.write(&own, None, &mut cards).unwrap();
            writer.write(&Contact { guid: None, ..own.clone() }, None, &mut cards).unwrap();
            let file = folder.path().join("contacts.vcf");
            std::fs::write(&file, cards).unwrap();
            let read = read_back(&file).unwrap();
            assert_eq!(read.len(), 2);
            let guid = read[0].guid.as_ref().map(|guid| guid.to_uppercase());
            assert_eq!(guid, own.guid, "{version:?}");
            assert_eq!(read[1].guid, None, "one that was made is none");
            assert_eq!((&read[0].name, &read[0].organization), (&own.name, &own.organization), "{version:?}");
            assert_eq!((&read[0].notes, read[0].phones[0].value.as_str()), (&own.notes, "+49 170; 1"), "{version:?}");
        }
    }
}
