//! The conversations that were asked for, as they are shown and written.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::ops::ControlFlow;

use corer_exporters::messages::{
    ChatFeed, Conversations, Format, Options, Progress, RememberedChats, csv, export, jsonl, text,
};
use corer_exporters::output::{ExportError, KindReport};
use corer_exporters::saved::{IdentifiedFeed, Kept, Subject, Taken, Update};
use corer_schemas::contacts::Photos;
use corer_schemas::messages::{Chat, ChatReader, Filter, Message};
use corer_schemas::people::Directory;
use corer_schemas::{Kind, Reading, Selection, Skipped, Source, SourceError};
use serde_json::Map;

use super::args::ConversationArgs;
use super::chat_names::{MatchedChats, choose};
use super::list;
use super::selected_chats::{CountedChats, SelectedChats};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::input::matched_people::{HINT, MatchedPeople};
use crate::cli::input::zone::Zone;
use crate::cli::run::command::{Destination, Job, OnProgress, OpenContext, OpenError, Opened, WriteContext, WritePlan};
use crate::cli::run::extras::item;
use crate::cli::terminal::console::Answer;
use crate::cli::terminal::human;
use crate::cli::terminal::printable::Printable;

/// Conversations that are chosen, and how they are written.
pub struct ConversationsJob<'s> {
    kind: &'static Kind,
    reader: Box<dyn ChatReader + 's>,
    source: &'s dyn Source,
    filter: Filter,
    directory: &'s Directory,
    /// The photos of people.
    photos: Photos,
    chats: Vec<Chat>,
    /// What was typed for a conversation and is none.
    unknown: Option<Failure>,
    /// Whether not all messages are asked for.
    is_narrowed: bool,
    /// Whether some of the conversations could not be read.
    has_skipped: bool,
    /// Whether the conversations are listed, instead of what was said.
    is_list: bool,
    options: Options,
    backup: Taken,
}

impl<'s> ConversationsJob<'s> {
    /// Chooses from the conversations of a reader.
    ///
    /// # Errors
    /// When they cannot be read at all.
    pub fn open(
        kind: &'static Kind,
        reader: Box<dyn ChatReader + 's>,
        filter: Filter,
        args: &ConversationArgs,
        at: OpenContext<'s>,
    ) -> Result<Opened<Self>, OpenError> {
        let typed = &args.select.chat;
        let Reading { records, skipped } = reader.chats(&filter)?;
        let people = MatchedPeople::of(&filter.common, at.directory, || reader.addresses().unwrap_or_default());
        let people = people.map(|whom| whom.with_groups(&groups(&records)));
        let (is_nothing, mut unknown) = (records.is_empty(), None);
        let MatchedChats { chats, notes } = choose(typed, records).unwrap_or_else(|failure| {
            // What could not be read may have been asked for; where nobody is meant, that is what there is to say.
            let is_elsewhere = !filter.common.with.is_empty() && is_any_chat(&*reader, typed);
            unknown = (!is_nothing && skipped.is_empty() && !is_elsewhere).then_some(failure);
            MatchedChats::default()
        });
        let owner = args.shape.me.clone().or_else(|| reader.owner().name);
        let job = Self {
            kind,
            photos: Photos::open(at.source()),
            source: at.source(),
            directory: at.directory,
            has_skipped: !skipped.is_empty(),
            is_list: args.list,
            is_narrowed: !args.filters().is_empty(),
            options: args.options(kind, &at, owner),
            backup: at.session.taken(),
            reader,
            filter,
            chats,
            unknown,
        };
        let meant = (!notes.is_empty()).then(|| MatchedPeople::said("--chat", notes));
        Ok(Opened { whom: people.into_iter().chain(meant).collect(), skipped, ..Opened::new(job) })
    }

    /// The choice, as readers take it.
    fn chosen(&self) -> SelectedChats<'_> {
        SelectedChats {
            chats: &*self.reader,
            source: self.source,
            filter: &self.filter,
            directory: self.directory,
            photos: &self.photos,
        }
    }

    fn show_all(&self, answer: &mut Answer) -> Result<KindReport, Failure> {
        let mut kind = KindReport::new(self.kind.name);
        for chat in &self.chats {
            match self.show_chat(chat, answer, &mut kind)? {
                Ok(skipped) => {
                    kind.found += Skipped::records(&skipped);
                    kind.skipped.extend(skipped.into_iter().map(item));
                }
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
            written = self.show_message(chat, &message, kind.found == before, answer);
            kind.found += 1;
            kind.exported += 1;
            if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        written?;
        if kind.found > before {
            answer.line("")?;
        }
        Ok(read)
    }

    fn show_message(
        &self,
        chat: &Chat,
        message: &Kept<Message>,
        is_first: bool,
        answer: &mut Answer,
    ) -> Result<(), Failure> {
        if is_first {
            answer.line(answer.paint().head(&Printable(text::heading(chat)).to_string()))?;
        }
        text::each_line(chat, message, self.options.owner.as_deref(), &self.options.zone, &mut |line| {
            answer.line(Printable(line.replace('\t', "    ")))
        })
    }
}

impl ConversationsJob<'_> {
    /// Looks at what the folder remembers. `None` where nothing is remembered.
    fn update<'t>(&self, feed: &ChatFeed<'_>, to: &WriteContext<'t>) -> Result<Option<Update<'t>>, ExportError> {
        let version = &self.options.about.corer_version;
        self.with_subject(feed, |subject| to.update(subject, version, &self.backup))
    }

    /// Does something with what there is to be remembered.
    fn with_subject<T>(&self, feed: &ChatFeed<'_>, with: impl FnOnce(&Subject<'_, Message>) -> T) -> T {
        let everything = Filter::default();
        let all = SelectedChats { filter: &everything, ..self.chosen() };
        let is_narrow = self.is_narrowed;
        // Where a list of conversations is not read to its end, what is not found is not missing.
        let Reading { records: chats, skipped } = match is_narrow {
            true => self.reader.chats(&everything).unwrap_or_else(|error| Reading {
                records: Vec::new(),
                skipped: vec![Skipped::new("conversations", error)],
            }),
            false => Reading::default(),
        };
        let chats = with_orphans(chats);
        let all = ChatFeed::new(&all, &chats, skipped.is_empty());
        with(&Subject {
            kind: self.kind,
            chosen: feed,
            all: is_narrow.then_some(&all as &dyn IdentifiedFeed<Message>),
            describe: &|message| self.line(message),
            adopt: &|_| None,
        })
    }

    /// A message in a line.
    fn line(&self, message: &Message) -> String {
        let mut first = None;
        let (message, chat) = (Kept::present(message.clone()), Chat::default());
        let _ = text::each_line(&chat, &message, self.options.owner.as_deref(), &self.options.zone, &mut |line| {
            first = Some(line.to_owned());
            Err(())
        });
        first.unwrap_or_default()
    }
}

type Read = Result<Vec<Skipped>, SourceError>;

impl Job for ConversationsJob<'_> {
    type Format = Format;

    fn total(&self) -> Option<u64> {
        if self.is_narrowed { None } else { self.reader.count() }
    }

    fn is_empty(&self) -> bool {
        !self.has_skipped && !self.chosen().has_any(&self.chats)
    }

    fn nothing_matched(&self) -> Failure {
        if let Some(failure) = &self.unknown {
            return failure.clone();
        }
        let failure = Failure::new(Exit::NothingMatched, "No conversation matches.");
        match self.filter.common.with.is_empty() {
            true => failure,
            false => failure.hint(HINT),
        }
    }

    fn is_about_people(&self) -> bool {
        self.unknown.is_none()
    }

    fn finds(&self, name: &str) -> bool {
        let common = Selection { with: vec![name.to_owned()], ..self.filter.common.clone() };
        let filter = Filter { common, ..self.filter.clone() };
        let chats = self.reader.chats(&filter).map(|found| found.records).unwrap_or_default();
        SelectedChats { filter: &filter, ..self.chosen() }.has_any(&chats)
    }

    fn is_document(&self) -> bool {
        self.is_list
    }

    fn show(&self, answer: &mut Answer, for_programs: bool) -> Result<KindReport, Failure> {
        if !self.is_list {
            return self.show_all(answer);
        }
        let zone = Zone::of(self.options.zone.clone());
        list::show(self.kind, &self.chosen(), &self.chats, &zone, answer, for_programs)
    }

    fn stream(
        &self,
        format: Format,
        to: &mut (dyn Write + Send),
        on_progress: &OnProgress<'_>,
    ) -> io::Result<KindReport> {
        let chosen = self.chosen();
        let counted = CountedChats::new(&chosen, on_progress);
        match format {
            Format::Csv => csv::stream(&counted, &self.chats, &self.options, to),
            _ => jsonl::stream(&counted, &self.chats, &self.options, to),
        }
    }

    fn write(&self, to: &WriteContext<'_>) -> Result<KindReport, ExportError> {
        let options = Options { base: to.place.base.clone(), ..self.options.clone() };
        let chosen = self.chosen();
        let feed = ChatFeed::new(&chosen, &self.chats, !self.has_skipped);
        if to.remembers() {
            // What is looked at and what is written are the same, whatever happens to the backup in between.
            let temp_file = || to.tree.temp_file();
            let _ = chosen.read_ahead(&self.chats, &temp_file, options.jobs.max(1), &|| to.keep_going());
        }
        let Some(update) = self.update(&feed, to)? else {
            return export(&chosen, &self.chats, &options, to.tree, &|done| to.reach(done.messages));
        };
        let chats = RememberedChats::new(&update, &chosen, &self.chats, &feed.found())?;
        // What was made of messages that ended too early is not kept.
        let reach = |done: Progress| if chats.has_failed() { ControlFlow::Break(()) } else { to.reach(done.messages) };
        let exported = export(&chats, &chats.chats(), &options, to.tree, &reach);
        let writer = chats.into_writer()?;
        update.report(writer, exported?)
    }

    fn look(&self, to: &WriteContext<'_>) -> Result<(), ExportError> {
        let chosen = self.chosen();
        let feed = ChatFeed::new(&chosen, &self.chats, !self.has_skipped);
        let version = &self.options.about.corer_version;
        self.with_subject(&feed, |subject| to.look(subject, version, &self.backup))
    }

    fn plan(&self, _to: &Destination) -> WritePlan {
        let chats = self.chats.len() as u64;
        let words = format!("up to {}", human::count(chats, "conversation", "conversations"));
        let more = Map::from_iter([("chats".to_owned(), chats.into())]);
        WritePlan { records: self.total(), words: Some(words), more }
    }
}

/// The same, with what belongs to no conversation, also where nobody asked for that: it is there.
fn with_orphans(mut chats: Vec<Chat>) -> Vec<Chat> {
    if !chats.iter().any(Chat::is_of_orphans) {
        chats.push(Chat::default());
    }
    chats
}

/// Whether there is such a conversation, whoever takes part.
fn is_any_chat(reader: &dyn ChatReader, typed: &[String]) -> bool {
    reader.chats(&Filter::default()).is_ok_and(|all| choose(typed, all.records).is_ok())
}

/// The names of groups.
fn groups(chats: &[Chat]) -> BTreeSet<String> {
    chats.iter().filter(|chat| chat.is_group).filter_map(|chat| chat.display_name.clone()).collect()
}
