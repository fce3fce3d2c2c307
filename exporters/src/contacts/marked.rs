//! What an export remembers of a contact, said in its own fields, so that every format says it.

use std::borrow::Cow;
use std::collections::HashSet;

use corer_schemas::contacts::{Contact, Other};
use jiff::tz::TimeZone;

use super::fields::{EARLIER, fields, one_line, title};
use crate::saved::{Kept, words};

/// The contact with what is remembered of it as another field; itself, where that is nothing.
pub(super) fn marked<'c>(kept: &'c Kept<Contact>, zone: &TimeZone) -> Cow<'c, Contact> {
    if kept.is_plain() {
        return Cow::Borrowed(&kept.record);
    }
    let value = words::notes(kept, zone, |earlier| difference(earlier, &kept.record)).join("; ");
    let mut contact = kept.record.clone();
    contact.others.push(Other { name: EARLIER.to_owned(), label: None, value });
    Cow::Owned(contact)
}

/// What an earlier version says and the present one does not.
fn difference(earlier: &Contact, now: &Contact) -> String {
    let today = fields(now);
    let renamed = Some(title(earlier)).filter(|name| *name != title(now));
    let gone = fields(earlier).into_iter().filter(|field| !today.contains(field));
    let gone = gone.map(|field| format!("{} {}", field.name, one_line(&field.value)));
    let groups =
        earlier.groups.iter().filter(|group| !now.groups.contains(group)).map(|group| format!("group {group}"));
    let all: Vec<String> = renamed.into_iter().chain(gone).chain(groups).collect();
    if all.is_empty() { "less than now".to_owned() } else { all.join(", ") }
}

/// Gives contacts of earlier backups whose row numbers others have now numbers that nobody has: pages link by them.
pub fn each_by_its_number(contacts: &mut [Kept<Contact>]) {
    let mut next = contacts.iter().map(|contact| contact.id).max().unwrap_or_default();
    let mut seen = HashSet::new();
    for contact in contacts {
        if !seen.insert(contact.id) {
            next = next.saturating_add(1);
            contact.record.id = next;
            seen.insert(next);
        }
    }
}
