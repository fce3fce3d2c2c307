//! Rows that belong to other messages: reactions, votes, and what is added to a poll.
//!
//! They are rows of their own, later than what they belong to. Those of a conversation are read before its messages, so
//! that each message is complete when it is handed on. What finds nothing to belong to stays a message of its own.

use foldhash::HashMap;

use super::model::{App, AppContent, Message, MessageKind, Reaction, Sender, Tapback, Vote, app};

/// The rows of a conversation that belong to other messages.
#[derive(Default)]
pub(super) struct Weave {
    rows: HashMap<i64, Message>,
    targets: HashMap<String, Vec<i64>>,
}

impl Weave {
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
        for row in rows {
            match row.kind {
                MessageKind::Tapback(tapback) => message.tapbacks.push(*tapback),
                MessageKind::Vote(vote) => count(message, *vote),
                MessageKind::App(update) => add_options(message, *update),
                _ => {}
            }
        }
        mark_removed(&mut message.tapbacks);
    }
}

/// A reaction that was taken back stays with the row that took it back, which counts for it. Who reacts otherwise has
/// taken back the reaction before; emoji and stickers of one person stand beside each other.
fn mark_removed(tapbacks: &mut Vec<Tapback>) {
    let removals: Vec<_> = tapbacks
        .iter()
        .filter(|tapback| tapback.removed)
        .map(|removal| (removal.date, removal.id, removal.part, removal.reaction.clone(), who(removal)))
        .collect();
    let mut answered = Vec::new();
    for (date, id, part, reaction, by) in removals {
        let mut before = tapbacks.iter_mut().filter(|tapback| {
            !tapback.removed && tapback.part == part && (tapback.date, tapback.id) <= (date, id) && who(tapback) == by
        });
        let same = |tapback: &&mut Tapback| same_reaction(&tapback.reaction, &reaction);
        if let Some(found) = before.find(same) {
            found.removed = true;
            answered.push(id);
        }
    }
    tapbacks.retain(|tapback| !answered.contains(&tapback.id));
}

fn same_reaction(one: &Reaction, other: &Reaction) -> bool {
    match (one, other) {
        // The row that takes a sticker back does not carry it.
        (Reaction::Sticker(_), Reaction::Sticker(_)) => true,
        (one, other) => one == other,
    }
}

fn who(tapback: &Tapback) -> (bool, Sender) {
    (tapback.is_from_me, tapback.sender.clone().filter(|_| !tapback.is_from_me))
}

/// A vote counts for all that its voter voted before.
fn count(message: &mut Message, vote: Vote) {
    let Some(poll) = poll(message) else { return };
    let voter = app::Voter { is_from_me: vote.is_from_me, sender: vote.sender, date: vote.date };
    for option in &mut poll.options {
        option.voters.retain(|known| (known.is_from_me, &known.sender) != (voter.is_from_me, &voter.sender));
        if vote.options.contains(&option.id) {
            option.voters.push(voter.clone());
        }
    }
}

/// An update lists all options; those that are there keep their voters.
fn add_options(message: &mut Message, update: App) {
    let (Some(poll), AppContent::Poll(update)) = (poll(message), update.content) else { return };
    for option in update.options {
        if poll.options.iter().all(|known| known.id != option.id) {
            poll.options.push(option);
        }
    }
    poll.title = update.title.or(poll.title.take());
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
