//! A source of conversations that lives in memory, and the folders that tests write to.
#![allow(dead_code, missing_docs, clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stdout)]

pub mod kinds;

use std::collections::HashMap;
use std::fs;
use std::io::Cursor;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use corer_exporters::messages::{Attachments, Conversations, Formats, Options, export};
use corer_exporters::output::{self, AppliedFilter, ExportInfo, KindReport, SafePath, Tree};
use corer_exporters::saved::Kept;
use corer_schemas::messages::{
    Announcement, App, Attachment, AttachmentContent, Chat, Handle, Message, MessageKind, Reaction, Service, Tapback,
};
use corer_schemas::{Absence, AppleTime, Entry, EntryKind, Opened, Presence, Skipped, SourceError};
use jiff::tz::TimeZone;

#[derive(Default)]
pub struct Memory {
    pub chats: Vec<Chat>,
    pub messages: HashMap<i64, Vec<Message>>,
    pub files: HashMap<u64, Vec<u8>>,
    pub skipped: Vec<(i64, Skipped)>,
}

impl Conversations for Memory {
    fn messages(
        &self,
        chat: &Chat,
        each: &mut dyn FnMut(Kept<Message>) -> ControlFlow<()>,
    ) -> Result<Vec<Skipped>, SourceError> {
        _ = self.messages.get(&chat.id).into_iter().flatten().cloned().map(Kept::present).try_for_each(each);
        Ok(self.skipped.iter().filter(|(id, _)| *id == chat.id).map(|(_, skipped)| skipped.clone()).collect())
    }

    fn open(&self, entry: &Entry) -> Result<Opened, SourceError> {
        let bytes = self.files.get(&entry.id).ok_or_else(|| SourceError::unreadable(&entry.path, "bad padding"))?;
        let len = Some(bytes.len() as u64);
        Ok(Opened { reader: Box::new(Cursor::new(bytes.clone())), plain: None, len })
    }

    fn place(&self, entry: &Entry) -> Option<PathBuf> {
        Some(place(entry))
    }
}

/// Where a file would lie, for links.
fn place(entry: &Entry) -> PathBuf {
    PathBuf::from(format!("/backup/{}", entry.path))
}

impl Memory {
    pub fn chat(&mut self, guid: &str, name: Option<&str>, people: &[(&str, Option<&str>)]) -> i64 {
        let id = self.chats.len() as i64 + 1;
        let handle = |(address, name): &(&str, Option<&str>)| handle(address, *name);
        self.chats.push(Chat {
            id,
            guid: guid.to_owned(),
            identifier: people.first().map_or_else(String::new, |(address, _)| (*address).to_owned()),
            display_name: name.map(str::to_owned),
            service: Some(Service::IMessage),
            participants: people.iter().map(handle).collect(),
            ..Chat::default()
        });
        id
    }

    /// Appends a message to a chat: from the owner, or from the participant with this number.
    pub fn say(&mut self, chat: i64, from: Option<usize>, date: &str, text: &str) -> &mut Message {
        let sender = from.map(|n| self.chats[chat as usize - 1].participants[n].clone().into());
        let id = self.messages.values().map(Vec::len).sum::<usize>() as i64 + 1;
        let messages = self.messages.entry(chat).or_default();
        messages.push(Message {
            id,
            guid: Some(format!("0000-{id:04}")),
            chat_id: chat,
            date: (!date.is_empty()).then(|| time(date)),
            is_from_me: from.is_none(),
            sender,
            service: Some(Service::IMessage),
            text: (!text.is_empty()).then(|| text.to_owned()),
            ..Message::default()
        });
        messages.last_mut().unwrap()
    }

    /// Puts a file to the last message of a chat; without bytes it is there and cannot be read.
    pub fn attach(&mut self, chat: i64, name: &str, mime: Option<&str>, bytes: Option<&[u8]>) {
        let id = self.files.len() as u64
            + 1000
            + self.messages.values().flatten().map(|m| m.attachments.len() as u64).sum::<u64>();
        if let Some(bytes) = bytes {
            self.files.insert(id, bytes.to_vec());
        }
        self.attach_content(chat, name, mime, AttachmentContent::File(entry(id, Presence::Present)));
    }

    pub fn attach_absent(&mut self, chat: i64, name: &str, why: Absence) {
        self.attach_content(chat, name, None, AttachmentContent::File(entry(0, Presence::Absent(why))));
    }

    pub fn attach_content(&mut self, chat: i64, name: &str, mime: Option<&str>, content: AttachmentContent) {
        let message = self.messages.get_mut(&chat).unwrap().last_mut().unwrap();
        message.attachments.push(Attachment {
            guid: Some(format!("at_{}", message.id)),
            mime: mime.map(str::to_owned),
            size: Some(12_345),
            ..Attachment::new(message.id * 10 + message.attachments.len() as i64, name, content)
        });
    }
}

/// A reaction that stands by itself.
pub fn tapback() -> MessageKind {
    MessageKind::Tapback(Box::new(Tapback {
        id: 0,
        guid: None,
        date: None,
        is_from_me: false,
        sender: None,
        target: None,
        part: 0,
        reaction: Reaction::Liked,
        removed: false,
        removed_by: None,
        text: None,
    }))
}

/// The content of an app of which only this is known.
pub fn app(bundle_id: &str) -> MessageKind {
    MessageKind::App(Box::new(App { bundle_id: bundle_id.to_owned(), ..App::default() }))
}

/// An announcement that is not known.
pub fn announcement() -> MessageKind {
    MessageKind::Announcement(Announcement::Other { item_type: 1, action: 77 })
}

pub fn handle(address: &str, name: Option<&str>) -> Handle {
    Handle { address: address.to_owned(), name: name.map(str::to_owned) }
}

pub fn entry(id: u64, presence: Presence) -> Entry {
    Entry {
        id,
        domain: "MediaDomain".to_owned(),
        path: format!("Library/SMS/Attachments/{id}"),
        kind: EntryKind::File,
        size_hint: None,
        modified: Some(1_500_000_000 + id as i64),
        created: None,
        presence,
    }
}

/// A moment of Berlin: `2019-03-04 14:05:33`.
pub fn time(text: &str) -> AppleTime {
    let time: jiff::civil::DateTime = text.parse().unwrap();
    let zoned = time.to_zoned(zone()).unwrap();
    AppleTime::from_unix_seconds(zoned.timestamp().as_second()).unwrap()
}

pub fn zone() -> TimeZone {
    TimeZone::get("Europe/Berlin").unwrap()
}

pub fn about() -> ExportInfo {
    ExportInfo {
        corer_version: "1.0.0".to_owned(),
        backup: "00008030-000123456789".to_owned(),
        device: Some("Mia\u{2019}s iPhone, iPhone 12, iOS 18.1".to_owned()),
        time_zone: "Europe/Berlin".to_owned(),
        filters: Vec::new(),
    }
}

pub fn filter(name: &str, value: &str) -> AppliedFilter {
    AppliedFilter { name: name.to_owned(), value: value.to_owned() }
}

pub fn options(jobs: usize) -> Options {
    Options {
        kind: "messages",
        title: "Messages",
        about: about(),
        zone: zone(),
        base: SafePath::root(),
        formats: Formats { html: true, jsonl: true, ..Formats::default() },
        attachments: Attachments::Copy,
        convert: false,
        converter: Arc::default(),
        search: false,
        owner: None,
        jobs,
    }
}

/// Exports everything into a folder.
pub fn export_to(folder: &Path, memory: &Memory, options: &Options) -> KindReport {
    let tree = Tree::in_folder(folder, output::TreeOptions::default()).unwrap();
    let report = export(memory, &memory.chats, options, &tree, &|_| ControlFlow::Continue(())).unwrap();
    tree.finish().unwrap();
    report
}

/// Every file below a folder with its content, in order of path.
pub fn listing(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_path_buf()];
    while let Some(next) = waiting.pop() {
        for item in fs::read_dir(next).unwrap() {
            let item = item.unwrap().path();
            if item.is_dir() {
                waiting.push(item);
            } else {
                let name = item.strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/");
                found.push((name, fs::read(item).unwrap()));
            }
        }
    }
    found.sort();
    found
}

pub fn names(folder: &Path) -> Vec<String> {
    listing(folder).into_iter().map(|(name, _)| name).collect()
}

/// For what a machine may lack; a machine of CI must have it.
pub fn skip(why: &str) {
    assert!(std::env::var_os("CI").is_none(), "{why}");
    println!("skipped: {why}");
}
