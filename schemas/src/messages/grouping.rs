//! Conversations as the phone shows them.
//!
//! The database has one for each service and each number or address, and a new one after a number changed. Which of them
//! the phone shows as one is said by iOS 26 in `chat_lookup`; before, it follows from who takes part: a conversation with
//! one person is one whatever the service or address, a group is one with another of the same people if both have the same
//! name, or none.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::generation::NO_CHAT;
use super::model::{Chat, Origin};
use super::persons::{Persons, Who};

/// Joins the conversations that are shown as one. `lookup`: pairs of which the database itself says so.
pub(super) fn join(chats: Vec<Chat>, lookup: &[(i64, i64)], persons: &Persons<'_>) -> Vec<Chat> {
    let mut sets = Sets::new(chats.len());
    let places: HashMap<i64, usize> = chats.iter().enumerate().map(|(place, chat)| (chat.id, place)).collect();
    for (one, other) in lookup {
        if let (Some(one), Some(other)) = (places.get(one), places.get(other)) {
            sets.join(*one, *other);
        }
    }
    let mut first: HashMap<Key, usize> = HashMap::new();
    for (place, chat) in chats.iter().enumerate() {
        for key in keys(chat, persons) {
            match first.get(&key) {
                Some(known) => sets.join(*known, place),
                None => _ = first.insert(key, place),
            }
        }
    }
    merge_joined(chats, &mut sets)
}

/// What two conversations have in common that are shown as one.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Key {
    /// The one other person, or the address of somebody unknown.
    One(Who),
    /// A group that kept its identifier when it changed service.
    Group(String),
    /// The same people under the same name.
    Many(BTreeSet<Who>, Option<String>),
}

fn keys(chat: &Chat, persons: &Persons<'_>) -> Vec<Key> {
    if chat.id == NO_CHAT {
        return Vec::new();
    }
    let who = |address: &str| persons.who(address);
    match (chat.is_group, chat.participants.as_slice()) {
        (false, [only]) => vec![Key::One(who(&only.address))],
        (false, []) if !chat.identifier.is_empty() => vec![Key::One(who(&chat.identifier))],
        (false, _) => Vec::new(),
        (true, people) => {
            let mut keys = Vec::new();
            if !chat.identifier.is_empty() {
                keys.push(Key::Group(chat.identifier.clone()));
            }
            // A group that everybody left is like no other one.
            if !people.is_empty() {
                let people = people.iter().map(|handle| who(&handle.address)).collect();
                keys.push(Key::Many(people, chat.display_name.clone()));
            }
            keys
        }
    }
}

/// Makes one conversation of each set: that of the highest number speaks for all, being the newest.
fn merge_joined(chats: Vec<Chat>, sets: &mut Sets) -> Vec<Chat> {
    let mut merged: HashMap<usize, Vec<Chat>> = HashMap::new();
    for (place, chat) in chats.into_iter().enumerate() {
        merged.entry(sets.root(place)).or_default().push(chat);
    }
    let mut shown: Vec<Chat> = merged.into_values().filter_map(one_of).collect();
    shown.sort_by_key(|chat| chat.id);
    shown
}

fn one_of(mut parts: Vec<Chat>) -> Option<Chat> {
    parts.sort_by_key(|chat| chat.id);
    let mut shown = parts.pop()?;
    let mut known: HashSet<String> = match parts.is_empty() {
        true => HashSet::new(),
        false => shown.participants.iter().map(|handle| handle.address.clone()).collect(),
    };
    for part in parts {
        let new = part.participants.into_iter().filter(|handle| known.insert(handle.address.clone()));
        shown.participants.extend(new);
        shown.display_name = shown.display_name.or(part.display_name);
        shown.properties.photo = shown.properties.photo.take().or(part.properties.photo);
        shown.properties.is_archived &= part.properties.is_archived;
        let origin = Origin { id: part.id, guid: part.guid, identifier: part.identifier, service: part.service };
        shown.merged.push(origin);
    }
    Some(shown)
}

/// Sets that join.
struct Sets(Vec<usize>);

impl Sets {
    fn new(count: usize) -> Self {
        Self((0..count).collect())
    }

    fn root(&mut self, mut place: usize) -> usize {
        while let Some(above) = self.0.get(place).copied().filter(|above| *above != place) {
            // Halves the way for the next time.
            let further = self.0.get(above).copied().unwrap_or(above);
            if let Some(own) = self.0.get_mut(place) {
                *own = further;
            }
            place = further;
        }
        place
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        if let Some(root) = self.0.get_mut(one) {
            *root = other;
        }
    }
}

#[cfg(test)]
mod tests;
