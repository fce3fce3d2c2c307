//! What Google Contacts exports and imports since 2024: one pair of columns for each value, labels of groups in `Labels`
//! with ` ::: ` between them. Header rows as seen in public exports.

use corer_schemas::contacts::{Contact, Day, Label};

use super::{Widths, pairs, some};
use crate::contacts::fields::{address, profile};

/// Between several values in one cell.
const BETWEEN: &str = " ::: ";

/// The label of every contact that is shown in the list.
const SHOWN: &str = "* myContacts";

const BEFORE: [&str; 17] = [
    "First Name",
    "Middle Name",
    "Last Name",
    "Phonetic First Name",
    "Phonetic Middle Name",
    "Phonetic Last Name",
    "Name Prefix",
    "Name Suffix",
    "Nickname",
    "File As",
    "Organization Name",
    "Organization Title",
    "Organization Department",
    "Birthday",
    "Notes",
    "Photo",
    "Labels",
];

/// The columns of an address.
const ADDRESS: [&str; 9] =
    ["Label", "Formatted", "Street", "City", "PO Box", "Region", "Postal Code", "Country", "Extended Address"];

/// The names of the columns.
pub(super) fn header(widths: Widths) -> Vec<String> {
    let mut header: Vec<String> = BEFORE.map(str::to_owned).to_vec();
    let mut values = |name: &str, width: usize, columns: &[&str]| {
        let one = |number: usize| columns.iter().map(move |column| format!("{name} {number} - {column}"));
        header.extend((1..=width).flat_map(one).collect::<Vec<_>>());
    };
    let pair = &["Label", "Value"][..];
    values("E-mail", widths.emails, pair);
    values("Phone", widths.phones, pair);
    values("Address", widths.addresses, &ADDRESS);
    values("Relation", widths.related, pair);
    values("Website", widths.urls, pair);
    values("Event", widths.dates, pair);
    values("Custom Field", widths.others, pair);
    header
}

/// The row of a contact.
pub(super) fn row(contact: &Contact, widths: Widths) -> Vec<String> {
    let name = &contact.name;
    let mut row = [&name.first, &name.middle, &name.last].map(some).to_vec();
    row.extend([&name.first_phonetic, &name.middle_phonetic, &name.last_phonetic].map(some));
    row.extend([&name.prefix, &name.suffix].map(some));
    row.push(contact.nicknames.join(BETWEEN));
    row.push(String::new());
    row.extend([&contact.organization, &contact.job_title, &contact.department].map(some));
    row.push(contact.birthday.as_ref().map(Day::iso).unwrap_or_default());
    row.push(contact.notes.join("\n\n"));
    row.push(String::new());
    let groups = contact.groups.iter().map(|group| group.replace(BETWEEN, " "));
    row.push(groups.chain([SHOWN.to_owned()]).collect::<Vec<_>>().join(BETWEEN));
    push(&mut row, pairs(&contact.emails, widths.emails, BETWEEN, String::clone));
    push(&mut row, pairs(&contact.phones, widths.phones, BETWEEN, String::clone));
    addresses(&mut row, contact, widths.addresses);
    push(&mut row, pairs(&contact.related, widths.related, BETWEEN, String::clone));
    push(&mut row, pairs(&contact.urls, widths.urls, BETWEEN, String::clone));
    push(&mut row, pairs(&contact.dates, widths.dates, BETWEEN, Day::iso));
    let mut custom = custom(contact);
    let rest = custom.split_off(custom.len().min(widths.others));
    if let Some((_, last)) = custom.last_mut() {
        rest.iter().for_each(|(name, text)| last.push_str(&format!("{BETWEEN}{name}: {text}")));
    }
    custom.resize_with(widths.others, Default::default);
    row.extend(custom.into_iter().flat_map(|(name, text)| [name, text]));
    row
}

fn push(row: &mut Vec<String>, pairs: Vec<(Option<&Label>, String)>) {
    for (label, text) in pairs {
        row.push(label.map(google_label).unwrap_or_default());
        row.push(text);
    }
}

/// Google writes its own labels with a capital letter.
fn google_label(label: &Label) -> String {
    let words = label.words();
    let mut letters = words.chars();
    match (label.apple(), letters.next()) {
        (Some(_), Some(first)) => format!("{}{}", first.to_uppercase(), letters.as_str()),
        _ => words.into_owned(),
    }
}

fn addresses(row: &mut Vec<String>, contact: &Contact, width: usize) {
    for at in 0..width {
        let Some(labelled) = contact.addresses.get(at) else {
            row.extend(ADDRESS.map(|_| String::new()));
            continue;
        };
        let own = &labelled.value;
        row.push(labelled.label.as_ref().map(google_label).unwrap_or_default());
        row.push(address(own));
        row.extend([&own.street, &own.city].map(some));
        row.push(String::new());
        row.extend([&own.state, &own.postal_code].map(some));
        row.push(own.country.clone().or_else(|| own.country_code.clone()).unwrap_or_default());
        let area = [&own.sub_locality, &own.sub_area].into_iter().flatten().cloned();
        row.push(area.collect::<Vec<_>>().join(", "));
    }
}

/// What Google has no column for, by name.
pub(super) fn custom(contact: &Contact) -> Vec<(String, String)> {
    let mut custom = Vec::new();
    custom.extend(contact.displayed().map(|name| ("Display name".to_owned(), name.to_owned())));
    custom.extend(contact.name.maiden.iter().map(|name| ("Maiden name".to_owned(), name.clone())));
    custom.extend(contact.organization_phonetic.iter().map(|own| ("Phonetic organization".to_owned(), own.clone())));
    let profiles = contact.messengers.iter().chain(&contact.profiles);
    custom.extend(profiles.map(|own| {
        let service = own.value.service.clone().unwrap_or_else(|| "Profile".to_owned());
        (service, profile(&own.value))
    }));
    custom.extend(contact.others.iter().map(|other| (other.name.clone(), other.value.clone())));
    custom
}
