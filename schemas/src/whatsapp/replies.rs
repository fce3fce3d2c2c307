//! What a message answers, and what answers it.

use super::columns::{MESSAGES, MessageColumn};
use super::dates::moment;
use super::message::Maker;
use super::metadata::Quoted;
use super::places::hash;
use crate::database::{Column as _, Row, each_row, integer, real, truth};
use crate::messages::{Message, Reply, Sender};
use crate::time::AppleTime;

/// The most characters of an excerpt.
const EXCERPT: usize = 160;

/// How many messages with one identifier are looked at.
const CANDIDATES: u32 = 8;

/// A message that is answered.
struct Found {
    id: i64,
    date: Option<AppleTime>,
    is_from_me: bool,
}

impl Maker<'_> {
    /// The message that is answered: found by its identifier in the conversation or elsewhere. What the answer itself keeps of it
    /// is there even where it is gone.
    pub(super) fn reply(&self, quoted: Quoted) -> Reply {
        let said = quoted.jid.as_deref().map(|jid| self.whose(Some(jid)));
        let here = self.by_stanza.get(&hash(quoted.stanza.as_bytes()));
        let here = here.map(|place| Found { id: place.id, date: place.date, is_from_me: place.is_from_me });
        let found = here.or_else(|| self.find(&quoted.stanza, said.as_ref().map(|(is_from_me, _)| *is_from_me)));
        let (is_from_me, sender) = match (&found, said) {
            // The message itself knows best whether it is the owner's.
            (Some(found), _) if found.is_from_me => (true, None),
            (Some(found), None | Some((true, _))) => (false, self.sender_of(found.id)),
            (_, Some(said)) => said,
            (None, None) => (false, None),
        };
        Reply {
            guid: quoted.stanza,
            part: 0,
            id: found.as_ref().map(|found| self.number(found.id)),
            date: found.and_then(|found| found.date),
            is_from_me,
            sender,
            excerpt: quoted.text.as_deref().and_then(excerpt),
        }
    }

    /// Finds a message that is answered in another conversation. Identifiers are made by each phone by itself: one that is not by
    /// whom the answer says is another message.
    fn find(&self, stanza: &str, is_owners: Option<bool>) -> Option<Found> {
        if !self.store.finds_stanzas {
            return None;
        }
        let columns = self.store.schema.columns(MESSAGES, "m", &["ZMESSAGEDATE", "ZISFROMME"]);
        let sql = format!(
            "SELECT m.ROWID, {columns} FROM {MESSAGES} m WHERE m.ZSTANZAID = ?1 ORDER BY m.ROWID LIMIT {CANDIDATES}"
        );
        let mut found = None;
        let _ = each_row(self.connection, &sql, [stanza], &mut |row| {
            let Some(id) = integer(row, 0) else { return };
            let own = Found { id, date: real(row, 1).and_then(moment), is_from_me: truth(row, 2) };
            if found.is_none() && is_owners.is_none_or(|is_owners| is_owners == own.is_from_me) {
                found = Some(own);
            }
        });
        found
    }

    /// Who wrote a message of somebody else.
    fn sender_of(&self, id: i64) -> Sender {
        let schema = &self.store.schema;
        let sql = format!(
            "SELECT {} FROM {MESSAGES} m WHERE m.ROWID = ?1",
            schema.columns(MESSAGES, "m", MessageColumn::NAMES)
        );
        let mut sender = None;
        let _ = each_row(self.connection, &sql, [id], &mut |row| sender = self.sender(Row::queried(row, 0), false));
        sender
    }

    /// The messages of the conversation that answer one.
    pub(super) fn replies(&self, message: &Message) -> Vec<i64> {
        let Some(guid) = message.guid.as_deref().filter(|_| !self.answers.is_empty()) else { return Vec::new() };
        let wanted = hash(guid.as_bytes());
        let start = self.answers.partition_point(|(stanza, _)| *stanza < wanted);
        let own = self.answers.get(start..).unwrap_or_default().iter().take_while(|(stanza, _)| *stanza == wanted);
        own.map(|(_, id)| self.number(*id)).filter(|id| *id != message.id).collect()
    }
}

/// The beginning of a text on one line.
fn excerpt(text: &str) -> Option<String> {
    let line: String = text.split_whitespace().take(EXCERPT).collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(EXCERPT) {
        _ if line.is_empty() => None,
        Some((end, _)) => Some(format!("{}…", line.get(..end).unwrap_or_default().trim_end())),
        None => Some(line),
    }
}
