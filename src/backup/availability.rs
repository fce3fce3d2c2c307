//! What a backup holds of the kinds of data that people ask for, and what it does not hold and why.

use corer_schemas::kind::{Content, Kept, Kind};
use corer_schemas::kinds::KINDS;
use corer_schemas::source::{Absence, Presence, Source};

use super::facts::Facts;

/// Whether a backup has a kind of data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Availability {
    /// The kind, for people.
    pub name: &'static str,
    /// The command that takes it out, whether there is one yet or not.
    pub command: &'static str,
    /// Whether it is there, and why not.
    pub state: AvailabilityState,
}

/// Whether a kind of data is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AvailabilityState {
    /// This file holds it: domain and path.
    Held(String, String),
    /// The manifest lists the file, its content is not there.
    Lost(Absence),
    /// A device saves this only in encrypted backups, and this one is not.
    OnlyInEncrypted,
    /// A device saves this in every such backup; this one has none of it.
    NotThere,
}

/// What no backup on a computer holds, encrypted or not.
pub const NEVER_HELD: &[&str] = &[
    "mail that stays on a server",
    "photos, messages and files that are only in iCloud",
    "apps themselves, music and books from a store",
    "Face ID, Touch ID and Apple Pay data",
];

/// Says of every kind whether the backup has it.
pub fn availability(source: &dyn Source, facts: &Facts, is_encrypted: bool) -> Vec<Availability> {
    let state = |content| state(source, content, facts, is_encrypted);
    contents()
        .map(|(kind, content)| Availability { name: content.title, command: kind.name, state: state(content) })
        .collect()
}

/// The kinds that a device saves in encrypted backups only, for a backup that is not.
pub fn only_in_encrypted(facts: &Facts) -> Vec<&'static str> {
    contents().filter(|(_, content)| is_kept_back(content, facts)).map(|(_, content)| content.title).collect()
}

/// Whether a device saves a kind, or a part of it, in encrypted backups only.
pub fn needs_encryption(kind: &Kind, facts: &Facts) -> bool {
    kind.contents.iter().any(|content| is_kept_back(content, facts))
}

fn contents() -> impl Iterator<Item = (&'static Kind, &'static Content)> {
    KINDS.iter().flat_map(|kind| kind.contents.iter().map(move |content| (*kind, content)))
}

fn state(source: &dyn Source, content: &Content, facts: &Facts, is_encrypted: bool) -> AvailabilityState {
    let mut lost = None;
    // Keys in a backup that is not encrypted are there, bound to the device, and of no use.
    let is_useless = content.kept == Kept::EncryptedFrom(0) && !is_encrypted;
    for (domain, path) in content.places.iter().filter(|_| !is_useless) {
        match source.entry(domain, path).map(|entry| entry.presence) {
            Ok(Presence::Present) => return AvailabilityState::Held((*domain).to_owned(), (*path).to_owned()),
            Ok(Presence::Absent(why)) => lost = lost.or(Some(why)),
            Err(_) => {}
        }
    }
    match lost {
        Some(why) => AvailabilityState::Lost(why),
        None if !is_encrypted && is_kept_back(content, facts) => AvailabilityState::OnlyInEncrypted,
        None => AvailabilityState::NotThere,
    }
}

/// An unknown version is taken for a current one.
fn is_kept_back(content: &Content, facts: &Facts) -> bool {
    let version = facts.ios_version.as_deref().and_then(|version| version.split('.').next()?.parse().ok());
    matches!(content.kept, Kept::EncryptedFrom(first) if version.unwrap_or(u32::MAX) >= first)
}
