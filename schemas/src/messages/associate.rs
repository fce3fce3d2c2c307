//! Rows that belong to other messages: reactions, votes, and what is added to a poll.
//!
//! They are rows of their own, later than what they belong to. Those of a conversation are read before its messages, so
//! that each message is complete when it is handed on. What finds nothing to belong to stays a message of its own.

use std::collections::{BTreeSet, VecDeque};
use std::mem::{Discriminant, discriminant};

use foldhash::{HashMap, HashSet};

use super::model::{App, AppContent, Message, MessageKind, Reaction, Sender, Tapback, Vote, app};

/// The rows of a conversation that belong to other messages.
#[derive(Default)]
pub(super) struct Associations {
    rows: HashMap<i64, Message>,
    targets: HashMap<String, Vec<i64>>,
}

impl Associations {
    /// Keeps a row until what it belongs to passes by, or until its own place comes.
    pub(super) fn keep(&mut self, message: Message) {
        let target = match &message.kind {
            MessageKind::Tapback(tapback) => tapback.target.as_ref(),
            MessageKind::Vote(vote) => vote.target.as_ref(),
            MessageKind::App(app) if matches!(app.content, AppContent::Poll(_)) => app.updates.as_ref(),
            _ => None,
        };
        let target = target.filter(|target| Some(*target) != message.guid.as_ref());
        if let Some(target) = target {
            self.targets.entry(target.clone()).or_default().push(message.id);
        }
        self.rows.insert(message.id, message);
    }

    /// The row whose own place has come, because nothing that it belongs to has passed by.
    pub(super) fn take(&mut self, id: i64) -> Option<Message> {
        self.rows.remove(&id)
    }

    /// Gives a message everything that belongs to it.
    pub(super) fn complete(&mut self, message: &mut Message) {
        if self.targets.is_empty() {
            return;
        }
        let Some(ids) = message.guid.as_deref().and_then(|guid| self.targets.remove(guid)) else { return };
        let mut rows: Vec<Message> = ids.iter().filter_map(|id| self.rows.remove(id)).collect();
        rows.sort_by_key(|row| (row.date, row.id));
        let (mut votes, mut updates) = (Vec::new(), Vec::new());
        for row in rows {
            match row.kind {
                MessageKind::Tapback(tapback) => message.tapbacks.push(*tapback),
                MessageKind::Vote(vote) => votes.push(*vote),
                MessageKind::App(update) => updates.push(*update),
                _ => {}
            }
        }
        if !updates.is_empty() {
            add_options(message, updates);
        }
        if !votes.is_empty() {
            count(message, votes);
        }
        mark_removed(&mut message.tapbacks);
    }
}

/// A reaction that was taken back stays with the row that took it back, which counts for it. Who reacts otherwise has
/// taken back the reaction before; emoji and stickers of one person stand beside each other.
fn mark_removed(tapbacks: &mut Vec<Tapback>) {
    if tapbacks.iter().all(|tapback| !tapback.removed) {
        return;
    }
    // Those that can still be taken back, by what and whose they are, the first in front.
    let mut before: HashMap<_, VecDeque<usize>> = HashMap::default();
    let mut removals = Vec::new();
    for (place, tapback) in tapbacks.iter().enumerate() {
        let key = (tapback.part, kind(&tapback.reaction), who(tapback));
        match tapback.removed {
            true => removals.push((place, key)),
            false => before.entry(key).or_default().push_back(place),
        }
    }
    let mut answered: HashSet<i64> = HashSet::default();
    for (place, key) in removals {
        let when = |place: usize| tapbacks.get(place).map(|tapback| (tapback.date, tapback.id));
        let Some(known) = before.get_mut(&key) else { continue };
        let Some(first) = known.front().copied().filter(|first| when(*first) <= when(place)) else { continue };
        known.pop_front();
        let removal = tapbacks.get(place);
        answered.extend(removal.map(|removal| removal.id));
        let removed_by = removal.and_then(|removal| removal.guid.clone());
        if let Some(found) = tapbacks.get_mut(first) {
            (found.removed, found.removed_by) = (true, removed_by);
        }
    }
    tapbacks.retain(|tapback| !answered.contains(&tapback.id));
}

/// What tells reactions apart. The row that takes a sticker back does not carry it.
fn kind(reaction: &Reaction) -> (Discriminant<Reaction>, Option<String>, i64) {
    let (emoji, number) = match reaction {
        Reaction::Emoji(emoji) => (Some(emoji.clone()), 0),
        Reaction::Other(number) => (None, *number),
        _ => (None, 0),
    };
    (discriminant(reaction), emoji, number)
}

fn who(tapback: &Tapback) -> (bool, Sender) {
    (tapback.is_from_me, tapback.sender.clone().filter(|_| !tapback.is_from_me))
}

/// Counts votes, which come in their order: the last of each voter counts.
fn count(message: &mut Message, votes: Vec<Vote>) {
    let Some(poll) = poll(message) else { return };
    let mut last: HashMap<(bool, Sender), usize> = HashMap::default();
    for (place, vote) in votes.iter().enumerate() {
        last.insert((vote.is_from_me, vote.sender.clone()), place);
    }
    let places: HashMap<String, usize> =
        poll.options.iter().enumerate().rev().map(|(place, option)| (option.id.clone(), place)).collect();
    for (place, vote) in votes.into_iter().enumerate() {
        if last.get(&(vote.is_from_me, vote.sender.clone())) != Some(&place) {
            continue;
        }
        let voter = app::Voter { is_from_me: vote.is_from_me, sender: vote.sender, date: vote.date };
        let chosen: BTreeSet<usize> = vote.options.iter().filter_map(|id| places.get(id)).copied().collect();
        for place in chosen {
            poll.options.get_mut(place).into_iter().for_each(|option| option.voters.push(voter.clone()));
        }
    }
}

/// Updates list all options; those that are there keep their voters.
fn add_options(message: &mut Message, updates: Vec<App>) {
    let Some(poll) = poll(message) else { return };
    let mut known: HashSet<String> = poll.options.iter().map(|option| option.id.clone()).collect();
    for update in updates {
        let AppContent::Poll(update) = update.content else { continue };
        poll.options.extend(update.options.into_iter().filter(|option| known.insert(option.id.clone())));
        poll.title = update.title.or(poll.title.take());
    }
}

fn poll(message: &mut Message) -> Option<&mut app::Poll> {
    match &mut message.kind {
        MessageKind::App(app) => match &mut app.content {
            AppContent::Poll(poll) => Some(poll),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests;
