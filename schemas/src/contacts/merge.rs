//! Making one contact of several, so that nothing is lost and nothing stands there twice.

use std::collections::HashSet;
use std::hash::Hash;

use super::model::{Contact, Labelled, Other};
use super::name::Name;
use crate::people::{Address, folded};

/// Makes one contact of several; the first gives its name. What a contact has but once comes from the first that has
/// it; what the others say differently becomes a field of its own. Equal values stand there once. `None` of none.
pub(super) fn merge(contacts: Vec<Contact>) -> Option<Contact> {
    let mut contacts = contacts.into_iter();
    let mut own = contacts.next()?;
    let mut is_alone = true;
    for other in contacts {
        take(&mut own, other);
        is_alone = false;
    }
    if !is_alone {
        drop_doubles(&mut own);
    }
    Some(own)
}

fn take(own: &mut Contact, other: Contact) {
    take_name(own, &other);
    let mut others = Vec::new();
    let mut single = |own: &mut Option<String>, other: Option<String>, called: &str| match (own.as_ref(), other) {
        (None, other) => *own = other,
        (Some(own), Some(other)) if folded(own) != folded(&other) => others.push(Other::new(called, other)),
        _ => {}
    };
    single(&mut own.organization, other.organization, "Organisation");
    single(&mut own.organization_phonetic, other.organization_phonetic, "Phonetic organisation");
    single(&mut own.department, other.department, "Department");
    single(&mut own.job_title, other.job_title, "Job title");
    match (&own.birthday, other.birthday) {
        (None, birthday) => own.birthday = birthday,
        (Some(day), Some(birthday)) if !day.may_be(&birthday) => {
            others.push(Other::new("Birthday", birthday.iso()));
        }
        // A year is worth having.
        (Some(day), Some(birthday)) if birthday.iso().len() > day.iso().len() => own.birthday = Some(birthday),
        _ => {}
    }
    own.is_me |= other.is_me;
    own.cards.extend(other.cards);
    own.nicknames.extend(other.nicknames);
    own.phones.extend(other.phones);
    own.emails.extend(other.emails);
    own.addresses.extend(other.addresses);
    own.urls.extend(other.urls);
    own.dates.extend(other.dates);
    own.related.extend(other.related);
    own.messengers.extend(other.messengers);
    own.profiles.extend(other.profiles);
    own.notes.extend(other.notes);
    own.others.extend(other.others);
    own.others.extend(others);
    own.groups.extend(other.groups);
    own.accounts.extend(other.accounts);
    own.created = own.created.into_iter().chain(other.created).min();
    own.modified = own.modified.into_iter().chain(other.modified).max();
}

/// Takes over the parts of a name that the own one lacks, if both are the same name; another name becomes a field.
fn take_name(own: &mut Contact, other: &Contact) {
    let core = |name: &Name| (name.first.as_deref().map(folded), name.last.as_deref().map(folded));
    let Some(title) = other.title() else { return };
    if own.title().is_none() {
        own.name = other.name.clone();
        own.is_organization = other.is_organization;
        return;
    }
    if core(&own.name) == core(&other.name) {
        let theirs = &other.name;
        fill(&mut own.name.prefix, &theirs.prefix);
        fill(&mut own.name.middle, &theirs.middle);
        fill(&mut own.name.suffix, &theirs.suffix);
        fill(&mut own.name.maiden, &theirs.maiden);
        fill(&mut own.name.first_phonetic, &theirs.first_phonetic);
        fill(&mut own.name.middle_phonetic, &theirs.middle_phonetic);
        fill(&mut own.name.last_phonetic, &theirs.last_phonetic);
        fill(&mut own.name.display, &theirs.display);
    }
    let whole = other.name.whole().unwrap_or(title);
    let known = [own.name.whole(), own.title()];
    if !known.iter().flatten().any(|known| folded(known) == folded(&whole)) {
        own.others.push(Other::new(Other::NAME, whole));
    }
    for (own_part, part, called) in [
        (&own.name.maiden, &other.name.maiden, "Maiden name"),
        (&own.name.first_phonetic, &other.name.first_phonetic, "Phonetic first name"),
        (&own.name.middle_phonetic, &other.name.middle_phonetic, "Phonetic middle name"),
        (&own.name.last_phonetic, &other.name.last_phonetic, "Phonetic last name"),
    ] {
        if let Some(part) = part.as_ref().filter(|part| own_part.as_ref() != Some(part)) {
            own.others.push(Other::new(called, part.clone()));
        }
    }
}

fn fill(own: &mut Option<String>, other: &Option<String>) {
    if own.is_none() {
        own.clone_from(other);
    }
}

fn drop_doubles(own: &mut Contact) {
    let number = |number: &String| Address::read(number).map_or_else(|| format!("{number:?}"), |a| format!("{a:?}"));
    labelled(&mut own.phones, number);
    labelled(&mut own.emails, |mail| folded(mail));
    labelled(&mut own.urls, String::clone);
    labelled(&mut own.related, |name| folded(name));
    labelled(&mut own.dates, |day| day.iso());
    labelled(&mut own.addresses, |address| format!("{address:?}"));
    labelled(&mut own.messengers, |profile| format!("{profile:?}"));
    labelled(&mut own.profiles, |profile| format!("{profile:?}"));
    once(&mut own.nicknames, |name| folded(name));
    once(&mut own.notes, |note| note.trim().to_owned());
    once(&mut own.others, |other| format!("{other:?}"));
    once(&mut own.groups, String::clone);
    once(&mut own.accounts, Clone::clone);
}

/// Keeps the first of values with one key, and its label, or the label of the next where it has none.
fn labelled<T>(values: &mut Vec<Labelled<T>>, key: impl Fn(&T) -> String) {
    let mut labels: std::collections::HashMap<String, Option<super::label::Label>> = Default::default();
    for value in values.iter() {
        let label = labels.entry(key(&value.value)).or_default();
        if label.is_none() {
            label.clone_from(&value.label);
        }
    }
    values.retain_mut(|value| match labels.remove(&key(&value.value)) {
        Some(label) => {
            value.label = label;
            true
        }
        None => false,
    });
}

fn once<T, K: Hash + Eq>(values: &mut Vec<T>, key: impl Fn(&T) -> K) {
    let mut seen = HashSet::new();
    values.retain(|value| seen.insert(key(value)));
}
