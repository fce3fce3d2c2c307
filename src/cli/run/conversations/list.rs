//! `--list`: the conversations that were asked for, and how much is in each.

use std::ops::ControlFlow;

use corer_exporters::messages::{Conversations as _, title};
use corer_exporters::output::KindReport;
use corer_exporters::saved::Kept;
use corer_schemas::messages::{Chat, Handle, Message};
use corer_schemas::{AppleTime, Kind, Skipped, SourceError};
use serde::Serialize;

use super::selected_chats::SelectedChats;
use crate::cli::failure::Failure;
use crate::cli::input::zone::Zone;
use crate::cli::run::extras::item;
use crate::cli::terminal::console::Answer;
use crate::cli::terminal::table::{Column, Table};

/// How many people are named before the rest is counted.
const NAMED: usize = 6;

/// One conversation.
struct ChatRow<'c> {
    chat: &'c Chat,
    title: String,
    messages: u64,
    first: Option<AppleTime>,
    last: Option<AppleTime>,
}

/// The answer for programs.
#[derive(Serialize)]
struct ChatsDocument<'r> {
    conversations: Vec<ChatLine<'r>>,
}

/// One conversation for programs.
#[derive(Serialize)]
struct ChatLine<'r> {
    id: i64,
    title: &'r str,
    guid: &'r str,
    identifier: &'r str,
    is_group: bool,
    participants: Vec<Participant<'r>>,
    messages: u64,
    first: Option<String>,
    last: Option<String>,
}

/// Who takes part.
#[derive(Serialize)]
struct Participant<'r> {
    address: &'r str,
    name: Option<&'r str>,
}

/// Lists the conversations that have a message of those asked for, in the order in which they are printed.
///
/// # Errors
/// Those of writing to stdout.
pub fn show(
    kind: &Kind,
    chosen: &SelectedChats<'_>,
    chats: &[Chat],
    zone: &Zone,
    answer: &mut Answer,
    for_programs: bool,
) -> Result<KindReport, Failure> {
    let (mut rows, mut skipped) = (Vec::new(), Vec::new());
    for chat in chats {
        let mut row = ChatRow { chat, title: title(chat), messages: 0, first: None, last: None };
        match row.read(chosen) {
            Ok(unread) => skipped.extend(unread),
            Err(error) => skipped.push(Skipped::new(&row.title, error)),
        }
        if row.messages > 0 {
            rows.push(row);
        }
    }
    if for_programs {
        let conversations = rows.iter().map(|row| row.line(zone)).collect();
        answer.json_document("conversations", &ChatsDocument { conversations })?;
    } else if !rows.is_empty() {
        answer.table_that_fits(&table(&rows, zone))?;
    }
    let mut kind = KindReport::new(kind.name);
    kind.exported = rows.iter().map(|row| row.messages).sum();
    kind.found = kind.exported + Skipped::records(&skipped);
    kind.skipped = skipped.into_iter().map(item).collect();
    Ok(kind)
}

impl<'c> ChatRow<'c> {
    fn read(&mut self, chosen: &SelectedChats<'_>) -> Result<Vec<Skipped>, SourceError> {
        chosen.messages(self.chat, &mut |message: Kept<Message>| {
            self.messages += 1;
            self.first = [self.first, message.date].into_iter().flatten().min();
            self.last = [self.last, message.date].into_iter().flatten().max();
            ControlFlow::Continue(())
        })
    }

    fn line<'r>(&'r self, zone: &Zone) -> ChatLine<'r>
    where
        'c: 'r,
    {
        let moment = |time: Option<AppleTime>| time.and_then(AppleTime::timestamp).map(|at| zone.rfc3339(at));
        let person = |handle: &'r Handle| Participant { address: &handle.address, name: handle.name.as_deref() };
        ChatLine {
            id: self.chat.id,
            title: &self.title,
            guid: &self.chat.guid,
            identifier: &self.chat.identifier,
            is_group: self.chat.is_group,
            participants: self.chat.participants.iter().map(person).collect(),
            messages: self.messages,
            first: moment(self.first),
            last: moment(self.last),
        }
    }

    fn cells(&self, zone: &Zone) -> [String; 5] {
        let day = |time: Option<AppleTime>| {
            time.and_then(AppleTime::timestamp).map_or_else(|| "-".to_owned(), |at| zone.day(at))
        };
        [self.title.clone(), self.messages.to_string(), day(self.first), day(self.last), self.people()]
    }

    /// Who takes part, where the title does not say it.
    fn people(&self) -> String {
        let names: Vec<&str> =
            self.chat.people().map(|handle| handle.name.as_deref().unwrap_or(&handle.address)).collect();
        let mut named: Vec<String> = Vec::new();
        for name in &names {
            if named.len() < NAMED && !named.iter().any(|known| known == name) {
                named.push((*name).to_owned());
            }
        }
        let rest = names.iter().filter(|name| !named.iter().any(|known| known == *name)).count();
        if rest > 0 {
            named.push(format!("{rest} more"));
        }
        let people = named.join(", ");
        match people == self.title {
            true if self.chat.identifier == self.title => String::new(),
            true => self.chat.identifier.clone(),
            false => people,
        }
    }
}

fn table(rows: &[ChatRow<'_>], zone: &Zone) -> Table<5> {
    let mut table = Table::new([
        Column::left("Conversation"),
        Column::right("Messages"),
        Column::left("First"),
        Column::left("Last"),
        Column::left("People"),
    ]);
    for row in rows {
        table.push(row.cells(zone));
    }
    table
}
