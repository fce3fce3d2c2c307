//! Making one contact of several, so that nothing is lost and nothing stands there twice.

use std::collections::HashMap;
use std::mem::take;

use super::comparison_keys;
use super::model::{Contact, Labelled, Other};
use super::name::Name;
use crate::handles::caseless;

/// Makes one contact of several; the first gives its name. What a contact has but once comes from the first that has
/// it; what the others say differently becomes a field of its own. A value of another card that is there already (see
/// [`comparison_keys`]) is not added again; what one card says twice, it says twice. `None` of none.
pub(super) fn merge(mut contacts: Vec<Contact>) -> Option<Contact> {
    if contacts.len() < 2 {
        return contacts.pop();
    }
    let mut rest = contacts.split_off(1);
    let mut own = contacts.pop()?;
    rest.iter_mut().for_each(|other| single(&mut own, other));
    let rest = rest.as_mut_slice();
    labelled(&mut own, rest, |contact| &mut contact.phones, |number| comparison_keys::number(number));
    labelled(&mut own, rest, |contact| &mut contact.emails, |mail| caseless(mail));
    labelled(&mut own, rest, |contact| &mut contact.addresses, comparison_keys::postal);
    labelled(&mut own, rest, |contact| &mut contact.urls, |address| comparison_keys::address(address));
    labelled(&mut own, rest, |contact| &mut contact.dates, |day| caseless(&day.iso()));
    labelled(&mut own, rest, |contact| &mut contact.related, |name| caseless(name));
    labelled(&mut own, rest, |contact| &mut contact.messengers, comparison_keys::profile);
    labelled(&mut own, rest, |contact| &mut contact.profiles, comparison_keys::profile);
    collect_unique(&mut own, rest, |contact| &mut contact.nicknames, |name| caseless(name));
    collect_unique(&mut own, rest, |contact| &mut contact.notes, |note| comparison_keys::note(note));
    collect_unique(&mut own, rest, |contact| &mut contact.others, comparison_keys::other);
    collect_unique(&mut own, rest, |contact| &mut contact.groups, String::clone);
    collect_unique(&mut own, rest, |contact| &mut contact.accounts, |account| format!("{account:?}"));
    Some(own)
}

/// Takes over what a contact has but once. What the other says differently becomes a field of the other.
fn single(own: &mut Contact, other: &mut Contact) {
    name(own, other);
    let mut differing = Vec::new();
    let mut one = |own: &mut Option<String>, other: Option<String>, called: &str| match (own.as_ref(), other) {
        (None, other) => *own = other,
        (Some(own), Some(other)) if caseless(own) != caseless(&other) => differing.push(Other::new(called, other)),
        _ => {}
    };
    one(&mut own.organization, other.organization.take(), Other::ORGANIZATION);
    one(&mut own.organization_phonetic, other.organization_phonetic.take(), Other::PHONETIC_ORGANIZATION);
    one(&mut own.department, other.department.take(), Other::DEPARTMENT);
    one(&mut own.job_title, other.job_title.take(), Other::JOB_TITLE);
    match (&own.birthday, other.birthday.take()) {
        (None, birthday) => own.birthday = birthday,
        (Some(day), Some(birthday)) if !day.may_be(&birthday) => {
            differing.push(Other::new(Other::BIRTHDAY, birthday.iso()));
        }
        // A year is worth having.
        (Some(day), Some(birthday)) if birthday.iso().len() > day.iso().len() => own.birthday = Some(birthday),
        _ => {}
    }
    other.others.extend(differing);
    own.is_me |= other.is_me;
    own.cards.append(&mut other.cards);
    own.other_guids.extend(other.guid.take());
    own.other_guids.append(&mut other.other_guids);
    own.created = own.created.into_iter().chain(other.created).min();
    own.modified = own.modified.into_iter().chain(other.modified).max();
}

/// Takes over the parts of a name that the own one lacks, if both are the same name or the own card has none; another
/// name becomes a field.
fn name(own: &mut Contact, other: &mut Contact) {
    let core = |name: &Name| [&name.first, &name.last].map(|part| part.as_deref().map(caseless).unwrap_or_default());
    let has_none = own.name.full().is_none() && !own.is_organization;
    if own.title().is_none() {
        own.is_organization = other.is_organization;
    }
    let is_same = core(&own.name) == core(&other.name);
    let theirs = &other.name;
    if is_same || has_none {
        own.name.fill(theirs);
    }
    let known: Vec<String> = [own.name.full(), own.title()].iter().flatten().map(|name| caseless(name)).collect();
    let is_new = |text: &String| !known.contains(&caseless(text));
    // What the device shows of a card that has no name at all.
    let fallback = theirs.fallback.clone().filter(|fallback| other.title().as_ref() == Some(fallback));
    let whole = theirs.full().or(fallback).filter(is_new);
    let mut differing: Vec<Other> = whole.map(|whole| Other::new(Other::NAME, whole)).into_iter().collect();
    let is_other =
        |own: &Option<String>, their: &&String| own.as_deref().is_none_or(|own| caseless(own) != caseless(their));
    for (part, their, called) in [
        (&own.name.maiden, &theirs.maiden, Other::MAIDEN_NAME),
        (&own.name.first_phonetic, &theirs.first_phonetic, Other::PHONETIC_FIRST_NAME),
        (&own.name.middle_phonetic, &theirs.middle_phonetic, Other::PHONETIC_MIDDLE_NAME),
        (&own.name.last_phonetic, &theirs.last_phonetic, Other::PHONETIC_LAST_NAME),
        (&own.name.display, &theirs.display, Other::DISPLAY_NAME),
    ] {
        let their = their.as_ref().filter(|their| is_other(part, their));
        // What an account calls somebody is seldom more than the name again.
        let their = their.filter(|their| called != Other::DISPLAY_NAME || (is_new(their) && !theirs.says(their)));
        differing.extend(their.map(|their| Other::new(called, their.clone())));
    }
    other.others.extend(differing);
}

/// Gathers the labelled values of all contacts.
fn labelled<T>(
    own: &mut Contact,
    rest: &mut [Contact],
    values: impl Fn(&mut Contact) -> &mut Vec<Labelled<T>>,
    key: impl Fn(&T) -> String,
) {
    collect_unique(own, rest, values, |value| comparison_keys::labelled(value, &key));
}

/// Adds the values of others to one's own: of each key as many as the contact has that has most of them.
fn collect_unique<T>(
    own: &mut Contact,
    rest: &mut [Contact],
    values: impl Fn(&mut Contact) -> &mut Vec<T>,
    key: impl Fn(&T) -> String,
) {
    if rest.iter_mut().all(|other| values(other).is_empty()) {
        return;
    }
    let own = values(own);
    let mut there: HashMap<String, usize> = HashMap::new();
    own.iter().for_each(|value| *there.entry(key(value)).or_default() += 1);
    for other in rest {
        let mut met: HashMap<String, usize> = HashMap::new();
        for value in take(values(other)) {
            let key = key(&value);
            let met = met.entry(key.clone()).or_default();
            *met += 1;
            let there = there.entry(key).or_default();
            if *met > *there {
                *there = *met;
                own.push(value);
            }
        }
    }
}

#[cfg(test)]
mod tests;
