//! Which messages belong to which chat, for all chats at once: the tables of links, read once from their pages.

use std::ops::ControlFlow;
use std::sync::Arc;

use rusqlite::Connection;
use rusqlite::types::ValueRef;

use super::members::Member;
use crate::database::{Layout, value};
use crate::formats::sqlite::{Rows, Table, ValuePosition};
use crate::source::Database;

/// The columns of links.
const COLUMNS: [&str; 3] = ["chat_id", "message_id", "message_date"];

/// The fewest bytes of a link on its page: two numbers and what surrounds them.
const SHORTEST: usize = 12;

/// The tables of links as they are stored.
pub(super) struct Tables(Vec<(Layout, Rows)>);

impl Tables {
    /// Finds them. `None` when one of them can only be read through SQL. `dates`: whether those in the links count.
    pub(super) fn find(
        tables: impl Iterator<Item = &'static str>,
        dates: bool,
        database: &dyn Database,
        connection: &Connection,
    ) -> Option<Self> {
        let wanted = if dates { &COLUMNS[..] } else { &COLUMNS[..2] };
        let find = |table| {
            let layout = Layout::probe(connection, table, wanted)?;
            let mut pages = database.pages()?;
            let table = Table::find(&mut *pages, layout.root)?;
            Some((layout, Rows::new(Arc::new(table), pages)))
        };
        tables.map(find).collect::<Option<_>>().map(Self)
    }

    /// Reads them. `None` when they are damaged.
    pub(super) fn read(self) -> Option<Links> {
        // Growing step by step would touch the memory several times.
        let mut links = Vec::new();
        links.try_reserve(self.0.iter().map(|(_, rows)| rows.at_most(SHORTEST)).sum()).ok()?;
        for (layout, mut rows) in self.0 {
            let mut is_sound = true;
            let is_complete = rows.each(i64::MIN..=i64::MAX, &mut |_, record| {
                let mut places = [ValuePosition::NULL; COLUMNS.len()];
                is_sound &= layout.find(record, &mut places);
                let [chat, message, date] = places.map(|place| place.value(record));
                match (chat, message) {
                    (ValueRef::Integer(chat), ValueRef::Integer(message)) => {
                        links.push(Link { chat, message, date: value::integer(date).unwrap_or(0) });
                    }
                    (ValueRef::Null, _) | (_, ValueRef::Null) => {}
                    // What SQL takes for equal to a number depends on the column.
                    _ => is_sound = false,
                }
                ControlFlow::Continue(())
            });
            (is_complete && is_sound).then_some(())?;
        }
        links.sort_unstable_by_key(|link| (link.chat, link.message, link.date != 0, link.date));
        links.dedup_by_key(|link| (link.chat, link.message));
        Some(Links(links))
    }
}

/// The links of all chats, each once.
pub(super) struct Links(Vec<Link>);

#[derive(Clone, Copy)]
struct Link {
    chat: i64,
    message: i64,
    /// Zero where there is none: it stands in links that were made before they had dates.
    date: i64,
}

impl Links {
    /// Every chat with each of its messages.
    pub(super) fn all(&self) -> impl Iterator<Item = (i64, i64)> {
        self.0.iter().map(|link| (link.chat, link.message))
    }

    /// The messages of a chat, ascending.
    pub(super) fn of(&self, chat: i64) -> impl ExactSizeIterator<Item = Member> {
        let (from, to) =
            (self.0.partition_point(|link| link.chat < chat), self.0.partition_point(|link| link.chat <= chat));
        let own = self.0.get(from..to).unwrap_or_default();
        own.iter().map(|link| (link.message, Some(link.date).filter(|date| *date != 0)))
    }
}
