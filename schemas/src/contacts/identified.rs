//! How a contact of one backup is found again in another one.
//!
//! Since iOS 7 each card has an identifier (`ABPerson.guid`) that a restore keeps. Before, a contact is known by when it was made and by
//! its name. Linked cards are one contact, which is known by the card that gives the name: what was remembered of the others
//! is part of it. When somebody's name changes on a device without identifiers, that is another contact.

use super::model::{Contact, Labelled, Other};
use crate::identity::{Identified, Key};
use crate::source::Entry;
use crate::time::AppleTime;

impl Contact {
    /// What it is known by where it has no identifier.
    fn content(&self, created: Option<AppleTime>) -> Key {
        let created = created.and_then(AppleTime::timestamp).map(|created| created.as_second().to_string());
        let parts = [created.as_ref(), self.name.first.as_ref(), self.name.last.as_ref(), self.organization.as_ref()];
        Key::Content(parts.map(|part| part.cloned().unwrap_or_default()).to_vec())
    }
}

/// The key of an identifier, which is the same whatever its case.
fn given(guid: &str) -> Key {
    Key::Given(guid.to_uppercase())
}

impl Identified for Contact {
    fn key(&self) -> Key {
        self.guid.as_deref().map_or_else(|| self.content(self.created), given)
    }

    /// The other cards that it was made of; and what tables and cards of an older corer tell, which is less.
    fn other_keys(&self) -> Vec<Key> {
        let of_cards = self.other_guids.iter().map(|guid| given(guid));
        let with_date = self.guid.is_some().then(|| self.content(self.created));
        let without = self.created.map(|_| self.content(None));
        of_cards.chain(with_date).chain(without).collect()
    }

    /// Contacts are in the order of the alphabet.
    fn moment(&self) -> Option<AppleTime> {
        None
    }

    /// What people typed. In which order the device has it is not among it, and neither is what accounts, devices and later
    /// versions of iOS make of it by themselves.
    fn essence(&self) -> Vec<String> {
        let mut all = Vec::new();
        let mut say = |what: &str, value: String| {
            if !value.is_empty() {
                all.push(format!("{what}: {value}"));
            }
        };
        let name = &self.name;
        for (what, value) in [
            ("prefix", &name.prefix),
            ("first", &name.first),
            ("middle", &name.middle),
            ("last", &name.last),
            ("suffix", &name.suffix),
            ("maiden", &name.maiden),
            ("first, spoken", &name.first_phonetic),
            ("middle, spoken", &name.middle_phonetic),
            ("last, spoken", &name.last_phonetic),
            ("organisation", &self.organization),
            ("organisation, spoken", &self.organization_phonetic),
            ("department", &self.department),
            ("job", &self.job_title),
        ] {
            say(what, value.clone().unwrap_or_default());
        }
        say("birthday", self.birthday.as_ref().map(super::Day::iso).unwrap_or_default());
        self.nicknames.iter().for_each(|nickname| say("nickname", nickname.clone()));
        self.notes.iter().for_each(|note| say("note", note.clone()));
        self.groups.iter().for_each(|group| say("group", group.clone()));
        labelled(&self.phones, "phone", String::clone, &mut say);
        labelled(&self.emails, "mail", String::clone, &mut say);
        labelled(&self.urls, "web", String::clone, &mut say);
        labelled(&self.related, "related", String::clone, &mut say);
        labelled(&self.dates, "date", super::Day::iso, &mut say);
        labelled(
            &self.addresses,
            "address",
            |own| joined(&[&own.street, &own.postal_code, &own.city, &own.country]),
            &mut say,
        );
        let profile =
            |own: &super::Profile| joined(&[&own.service, own.username.as_ref().map_or(&own.url, |_| &own.username)]);
        labelled(&self.messengers, "messenger", profile, &mut say);
        labelled(&self.profiles, "profile", profile, &mut say);
        let second = self.others.iter().filter(|other| Other::SECOND.contains(&&*other.name));
        second.for_each(|other| say(&other.name, other.value.clone()));
        all.sort_unstable();
        all
    }

    /// Pictures that it had stay beside the one that it has.
    fn inherit(&mut self, other: &Self) {
        let is_new = |picture: &&super::Picture| !self.pictures.iter().any(|own| own.number == picture.number);
        let earlier: Vec<super::Picture> = other.pictures.iter().filter(is_new).cloned().collect();
        self.pictures.extend(earlier);
    }

    fn entries(&mut self) -> Vec<(usize, &mut Entry)> {
        self.pictures.iter_mut().map(|picture| (picture.number, &mut picture.entry)).collect()
    }
}

fn labelled<T>(values: &[Labelled<T>], what: &str, text: impl Fn(&T) -> String, say: &mut impl FnMut(&str, String)) {
    for value in values {
        let label = value.label.as_ref().map(|label| label.stored()).unwrap_or_default();
        say(&format!("{what} {label}"), text(&value.value));
    }
}

fn joined(parts: &[&Option<String>]) -> String {
    parts.iter().filter_map(|part| part.as_deref()).collect::<Vec<_>>().join("\n")
}
