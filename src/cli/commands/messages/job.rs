//! The conversations that were asked for, as they are shown and written.

use std::io::{self, Write};

use corer_exporters::messages::jsonl::{self, Streamed};
use corer_exporters::messages::{Conversations, Format, Options, export, text};
use corer_exporters::output::{ExportError, KindReport};
use corer_schemas::contacts::Photos;
use corer_schemas::messages::{Chat, Message, Messages};
use corer_schemas::people::Directory;
use corer_schemas::{Selection, Skipped, Source, SourceError};
use serde_json::Map;

use super::list;
use super::reader::{Chosen, Counted};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::input::whom::HINT;
use crate::cli::input::zone::Zone;
use crate::cli::run::command::{Job, Place, Plan, Told, Writing};
use crate::cli::run::extras::item;
use crate::cli::terminal::console::Answer;
use crate::cli::terminal::human;
use crate::cli::terminal::printable::Printable;

/// Messages and a choice of them.
pub struct MessagesJob<'s> {
    /// The messages of the device.
    pub messages: Messages<'s>,
    /// Where attachments are.
    pub source: &'s dyn Source,
    /// Which messages.
    pub selection: Selection,
    /// Who people are.
    pub directory: &'s Directory,
    /// Their photos.
    pub photos: Photos,
    /// The conversations.
    pub chats: Vec<Chat>,
    /// What was typed for a conversation and is none.
    pub unknown: Option<Failure>,
    /// Whether not all messages are asked for.
    pub is_narrowed: bool,
    /// Whether some of the conversations could not be read.
    pub has_skipped: bool,
    /// Whether the conversations are listed, instead of what was said.
    pub is_list: bool,
    /// How they are written.
    pub options: Options,
}

impl MessagesJob<'_> {
    /// The choice, as readers take it.
    pub fn chosen(&self) -> Chosen<'_> {
        Chosen {
            messages: &self.messages,
            source: self.source,
            selection: &self.selection,
            directory: self.directory,
            photos: &self.photos,
        }
    }

    fn show_all(&self, answer: &mut Answer) -> Result<KindReport, Failure> {
        let mut kind = KindReport::new("messages");
        for chat in &self.chats {
            match self.show_chat(chat, answer, &mut kind)? {
                Ok(skipped) => kind.skipped.extend(skipped.into_iter().map(item)),
                Err(error) => kind.skipped.push(item(Skipped::new(text::heading(chat), error))),
            }
        }
        Ok(kind)
    }

    /// Prints one conversation, its heading before its first message. The inner result is that of reading.
    fn show_chat(&self, chat: &Chat, answer: &mut Answer, kind: &mut KindReport) -> Result<Read, Failure> {
        let mut written = Ok(());
        let before = kind.found;
        let read = self.chosen().messages(chat, &mut |message| {
            if written.is_ok() {
                written = self.show_message(chat, &message, kind.found == before, answer);
                kind.found += 1;
                kind.exported += 1;
            }
        });
        written?;
        if kind.found > before {
            answer.line("")?;
        }
        Ok(read)
    }

    fn show_message(&self, chat: &Chat, message: &Message, is_first: bool, answer: &mut Answer) -> Result<(), Failure> {
        if is_first {
            answer.line(answer.paint().head(&Printable(text::heading(chat)).to_string()))?;
        }
        text::each_line(chat, message, self.options.owner.as_deref(), &self.options.zone, &mut |line| {
            answer.line(Printable(line.replace('\t', "    ")))
        })
    }
}

type Read = Result<Vec<Skipped>, SourceError>;

impl Job for MessagesJob<'_> {
    type Format = Format;

    fn total(&self) -> Option<u64> {
        if self.is_narrowed { None } else { self.messages.count().ok().map(|counts| counts.messages) }
    }

    fn is_empty(&self) -> bool {
        !self.has_skipped && !self.chosen().has_any(&self.chats)
    }

    fn nothing_matched(&self) -> Failure {
        if let Some(failure) = &self.unknown {
            return failure.clone();
        }
        let failure = Failure::new(Exit::NothingMatched, "No conversation matches.");
        match self.selection.with.is_empty() {
            true => failure,
            false => failure.hint(HINT),
        }
    }

    fn is_about_people(&self) -> bool {
        self.unknown.is_none()
    }

    fn finds(&self, name: &str) -> bool {
        let selection = Selection { with: vec![name.to_owned()], ..self.selection.clone() };
        let chats = self.messages.chats(&selection).map(|found| found.records).unwrap_or_default();
        Chosen { selection: &selection, ..self.chosen() }.has_any(&chats)
    }

    fn is_document(&self) -> bool {
        self.is_list
    }

    fn show(&self, answer: &mut Answer, for_programs: bool) -> Result<KindReport, Failure> {
        if !self.is_list {
            return self.show_all(answer);
        }
        let zone = Zone::of(self.options.zone.clone());
        list::show(&self.chosen(), &self.chats, &zone, answer, for_programs)
    }

    fn stream(&self, _format: Format, to: &mut (dyn Write + Send), told: &Told<'_>) -> io::Result<KindReport> {
        let Options { about, zone, owner, .. } = &self.options;
        let streamed = Streamed { about, zone, owner: owner.as_deref() };
        jsonl::stream(&Counted::new(&self.chosen(), told), &self.chats, &streamed, to)
    }

    fn write(&self, to: &Writing<'_>) -> Result<KindReport, ExportError> {
        let options = Options { base: to.place.base.clone(), ..self.options.clone() };
        export(&self.chosen(), &self.chats, &options, to.tree, &|done| to.reach(done.messages))
    }

    fn plan(&self, _to: &Place) -> Plan {
        let chats = self.chats.len() as u64;
        let words = format!("at the most {}", human::count(chats, "conversation", "conversations"));
        let more = Map::from_iter([("chats".to_owned(), chats.into())]);
        Plan { records: self.total(), words: Some(words), more }
    }
}
