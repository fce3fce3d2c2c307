//! What a message answers, and what answers it.

use super::columns::MESSAGES;
use super::dates::moment;
use super::message::Maker;
use super::metadata::Quoted;
use super::places::hash;
use crate::database::{each_row, integer, real, truth};
use crate::messages::{Message, Reply};
use crate::time::AppleTime;

/// The most characters of an excerpt.
const EXCERPT: usize = 160;

impl Maker<'_> {
    /// The message that is answered: found by its identifier in the conversation or elsewhere. What the answer itself keeps of it
    /// is there even where it is gone.
    pub(super) fn reply(&self, quoted: Quoted) -> Reply {
        let (mut is_from_me, mut sender) = match quoted.jid.as_deref() {
            Some(jid) => self.whose(Some(jid)),
            None => (false, None),
        };
        let here = self.by_stanza.get(&hash(quoted.stanza.as_bytes())).map(|place| (place.id, place.date));
        let found = here.or_else(|| {
            let (id, date, is_own) = self.find(&quoted.stanza)?;
            is_from_me |= is_own;
            Some((id, date))
        });
        if is_from_me {
            sender = None;
        }
        Reply {
            guid: quoted.stanza,
            part: 0,
            id: found.map(|(id, _)| self.number(id)),
            date: found.and_then(|(_, date)| date),
            is_from_me,
            sender,
            excerpt: quoted.text.as_deref().and_then(excerpt),
        }
    }

    fn find(&self, stanza: &str) -> Option<(i64, Option<AppleTime>, bool)> {
        let schema = &self.store.schema;
        let columns = schema.columns(MESSAGES, "m", &["ZMESSAGEDATE", "ZISFROMME"]);
        let sql =
            format!("SELECT m.ROWID, {columns} FROM {MESSAGES} m WHERE m.ZSTANZAID = ?1 ORDER BY m.ROWID LIMIT 1");
        let mut found = None;
        if self.store.finds_stanzas {
            let _ = each_row(self.connection, &sql, [stanza], &mut |row| {
                found = integer(row, 0).map(|id| (id, real(row, 1).and_then(moment), truth(row, 2)));
            });
        }
        found
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
