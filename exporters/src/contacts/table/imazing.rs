//! A table that begins as the `Contacts.csv` of iMazing does, for programs that read that one: `First Name`, `Middle Name`,
//! `Last Name`, `Mobile Phone`. What is known of its other columns in public is that their names say what they hold.

use corer_schemas::contacts::{Contact, Day, Label, Labelled};

use super::some;
use crate::contacts::fields::{address, profile};

/// The names of the columns.
pub(super) const HEADER: [&str; 24] = [
    "First Name",
    "Middle Name",
    "Last Name",
    "Mobile Phone",
    "Home Phone",
    "Work Phone",
    "Other Phone",
    "Home Email",
    "Work Email",
    "Other Email",
    "Home Address",
    "Work Address",
    "Other Address",
    "Organization",
    "Department",
    "Job Title",
    "Prefix",
    "Suffix",
    "Nickname",
    "Birthday",
    "URL",
    "Social Profile",
    "Groups",
    "Notes",
];

/// Where a value belongs.
#[derive(Clone, Copy, PartialEq)]
enum ImazingColumn {
    Mobile,
    Home,
    Work,
    Other,
}

/// The row of a contact. Several values of one column are in one cell, with `; ` between them.
pub(super) fn row(contact: &Contact) -> Vec<String> {
    let name = &contact.name;
    let mut row = [&name.first, &name.middle, &name.last].map(some).to_vec();
    let same = |text: &String| text.clone();
    let four = [&[ImazingColumn::Mobile][..], &[ImazingColumn::Home], &[ImazingColumn::Work], &[ImazingColumn::Other]];
    row.extend(four.map(|places| cell(&contact.phones, places, same)));
    // Only numbers have a column for what is mobile.
    let three = [&[ImazingColumn::Home][..], &[ImazingColumn::Work], &[ImazingColumn::Other, ImazingColumn::Mobile]];
    row.extend(three.map(|places| cell(&contact.emails, places, same)));
    row.extend(three.map(|places| cell(&contact.addresses, places, |own| address(own).replace('\n', ", "))));
    row.extend([&contact.organization, &contact.department, &contact.job_title].map(some));
    row.extend([&name.prefix, &name.suffix].map(some));
    row.push(contact.nicknames.join("; "));
    row.push(contact.birthday.as_ref().map(Day::iso).unwrap_or_default());
    row.push(contact.urls.iter().map(|url| url.value.clone()).collect::<Vec<_>>().join("; "));
    let profiles = contact.messengers.iter().chain(&contact.profiles);
    row.push(profiles.map(|own| profile(&own.value)).collect::<Vec<_>>().join("; "));
    row.push(contact.groups.join("; "));
    row.push(notes(contact));
    row
}

/// The notes, and what has no column.
fn notes(contact: &Contact) -> String {
    let name = &contact.name;
    let mut rest = Vec::new();
    let mut put = |called: &str, value: Option<&String>| rest.extend(value.map(|value| format!("{called}: {value}")));
    put("display name", contact.displayed().map(str::to_owned).as_ref());
    put("maiden name", name.maiden.as_ref());
    put("first name, spoken", name.first_phonetic.as_ref());
    put("middle name, spoken", name.middle_phonetic.as_ref());
    put("last name, spoken", name.last_phonetic.as_ref());
    put("organisation, spoken", contact.organization_phonetic.as_ref());
    for date in &contact.dates {
        let called = date.label.as_ref().map_or("date".into(), Label::words);
        put(&called, Some(&date.value.iso()));
    }
    for related in &contact.related {
        let called = related.label.as_ref().map_or("related".into(), Label::words);
        put(&called, Some(&related.value));
    }
    contact.others.iter().for_each(|other| put(&other.name, Some(&other.value)));
    let rest = (!rest.is_empty()).then(|| rest.join("\n"));
    contact.notes.iter().cloned().chain(rest).collect::<Vec<_>>().join("\n\n")
}

fn cell<T>(values: &[Labelled<T>], places: &[ImazingColumn], text: impl Fn(&T) -> String) -> String {
    let own = values.iter().filter(|value| places.contains(&place(value.label.as_ref())));
    own.map(|value| text(&value.value)).collect::<Vec<_>>().join("; ")
}

fn place(label: Option<&Label>) -> ImazingColumn {
    match label.map(|label| label.apple().unwrap_or(label.stored())) {
        Some("Mobile" | "iPhone") => ImazingColumn::Mobile,
        Some("Home") => ImazingColumn::Home,
        Some("Work") => ImazingColumn::Work,
        _ => ImazingColumn::Other,
    }
}
