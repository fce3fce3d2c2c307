//! The table for people: a column for everything, numbers and addresses each in a cell of their own.

use corer_schemas::contacts::{Contact, Day, Label};
use jiff::tz::TimeZone;

use super::{Widths, pairs, some};
use crate::clock::exact;
use crate::contacts::fields::{address, profile, title};
use crate::contacts::text::account_name;

/// The columns before numbers and addresses.
const BEFORE: [&str; 16] = [
    "Name",
    "Prefix",
    "First name",
    "Middle name",
    "Last name",
    "Suffix",
    "Nickname",
    "Maiden name",
    "First name, spoken",
    "Middle name, spoken",
    "Last name, spoken",
    "Organisation",
    "Organisation, spoken",
    "Department",
    "Job title",
    "Birthday",
];

/// The columns behind them.
const BEHIND: [&str; 11] = [
    "Messengers",
    "Profiles",
    "Notes",
    "Other",
    "Groups",
    "Accounts",
    "Created",
    "Changed",
    "Photo",
    "More photos",
    "Display name",
];

/// The names of the columns.
pub(super) fn header(widths: Widths) -> Vec<String> {
    let mut header: Vec<String> = BEFORE.map(str::to_owned).to_vec();
    for (name, width) in [
        ("Phone", widths.phones),
        ("Mail", widths.emails),
        ("Address", widths.addresses),
        ("Web", widths.urls),
        ("Date", widths.dates),
        ("Related", widths.related),
    ] {
        header.extend((1..=width).flat_map(|number| [format!("{name} {number}"), format!("{name} {number} label")]));
    }
    header.extend(BEHIND.map(str::to_owned));
    header
}

/// The row of a contact; `photos` is where its pictures lie, its own first.
pub(super) fn row(contact: &Contact, widths: Widths, photos: &[&str], zone: &TimeZone) -> Vec<String> {
    let name = &contact.name;
    let mut row = vec![title(contact)];
    row.extend([&name.prefix, &name.first, &name.middle, &name.last, &name.suffix].map(some));
    row.push(contact.nicknames.join("; "));
    row.extend([&name.maiden, &name.first_phonetic, &name.middle_phonetic, &name.last_phonetic].map(some));
    row.extend([&contact.organization, &contact.organization_phonetic, &contact.department].map(some));
    row.push(some(&contact.job_title));
    row.push(contact.birthday.as_ref().map(Day::iso).unwrap_or_default());
    let mut push = |pairs: Vec<(Option<&Label>, String)>| {
        for (label, text) in pairs {
            row.push(text);
            row.push(label.map(|label| label.words().into_owned()).unwrap_or_default());
        }
    };
    push(pairs(&contact.phones, widths.phones, "; ", String::clone));
    push(pairs(&contact.emails, widths.emails, "; ", String::clone));
    push(pairs(&contact.addresses, widths.addresses, "\n\n", address));
    push(pairs(&contact.urls, widths.urls, "; ", String::clone));
    push(pairs(&contact.dates, widths.dates, "; ", Day::iso));
    push(pairs(&contact.related, widths.related, "; ", String::clone));
    row.push(contact.messengers.iter().map(|m| profile(&m.value)).collect::<Vec<_>>().join("\n"));
    row.push(contact.profiles.iter().map(|p| profile(&p.value)).collect::<Vec<_>>().join("\n"));
    row.push(contact.notes.join("\n\n"));
    let other = contact.others.iter().map(|other| match &other.label {
        Some(label) => format!("{} ({label}): {}", other.name, other.value),
        None => format!("{}: {}", other.name, other.value),
    });
    row.push(other.collect::<Vec<_>>().join("\n"));
    row.push(contact.groups.join("; "));
    row.push(contact.accounts.iter().map(account_name).collect::<Vec<_>>().join("; "));
    row.push(exact(contact.created, zone).unwrap_or_default());
    row.push(exact(contact.modified, zone).unwrap_or_default());
    let (first, rest) = photos.split_first().unwrap_or((&"", &[]));
    row.push((*first).to_owned());
    row.push(rest.join("; "));
    row.push(contact.displayed().unwrap_or_default().to_owned());
    row
}
