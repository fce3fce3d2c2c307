//! The list of all conversations.

use std::sync::LazyLock;

use askama::Template;
use corer_schemas::messages::Chat;

use super::STYLE;
use super::avatar::Avatar;
use super::body::{Body, LastMessage};
use super::frame::{kept_apart, people};
use crate::clock::date_in_words;
use crate::messages::sentence::{Sentence, SentencePart};
use crate::messages::title::{is_group, title, title_of};
use crate::messages::totals::Totals;
use crate::output::ExportInfo;
use crate::page::{LinkTarget, Links, Shell, complete_loader_page, complete_page, count, plural, with_folding};

/// What searches and sorts the list; without it, the list is a list.
static SCRIPT: LazyLock<String> = LazyLock::new(|| with_folding(include_str!("start.js")));

/// The longest name in the list, in bytes.
const LONGEST: usize = 1000;

/// What is said of a conversation whose messages cannot be read.
static NOTHING: Sentence<'static> = Sentence(Vec::new());

/// What the list says about one conversation.
#[derive(Debug, Clone)]
pub struct ChatSummary {
    chat: i64,
    title: String,
    name: Sentence<'static>,
    people: Option<Sentence<'static>>,
    face: Avatar,
    is_group: bool,
    apart: Option<&'static str>,
    messages: u64,
    last: Option<LastMessage>,
}

#[derive(Template)]
#[template(path = "messages/start.html")]
struct Start<'a> {
    title: &'a str,
    facts: String,
    gaps: Option<String>,
    /// The address of the search index.
    index: Option<String>,
    chats: Vec<Entry<'a>>,
    zone: &'a str,
    backup: &'a str,
}

struct Entry<'a> {
    href: String,
    name: &'a Sentence<'static>,
    people: Option<&'a Sentence<'static>>,
    face: &'a Avatar,
    is_group: bool,
    apart: Option<&'static str>,
    line: &'a Sentence<'static>,
    messages: u64,
    count: String,
    last: Option<When>,
}

struct When {
    exact: String,
    words: String,
    day: String,
}

impl ChatSummary {
    /// The line of a conversation whose messages `body` has rendered.
    pub fn new(chat: &Chat, body: &Body<'_>, links: &dyn Links) -> Self {
        Self {
            chat: chat.id,
            title: title(chat),
            name: title_of(chat).cut(LONGEST),
            people: people(chat).filter(|_| is_group(chat)).map(|people| people.cut(LONGEST)),
            face: Avatar::of_chat(chat, links),
            is_group: is_group(chat),
            apart: kept_apart(chat),
            messages: body.total(),
            last: body.last().cloned(),
        }
    }

    /// The conversation, by its row number.
    pub fn chat(&self) -> i64 {
        self.chat
    }

    /// What it is called.
    pub fn title(&self) -> &str {
        &self.title
    }
}

/// The start page, headed by the name of the kind, with the conversation on top whose last message is the newest. `searches` tells that there is an index
/// of all that was said.
pub fn start_page(
    title: &str,
    lines: &[ChatSummary],
    totals: &Totals,
    (about, searches): (&ExportInfo, bool),
    links: &dyn Links,
) -> String {
    let mut lines: Vec<&ChatSummary> = lines.iter().collect();
    let newest =
        |line: &ChatSummary| line.last.as_ref().and_then(|last| last.moment.as_ref()).map(|moment| moment.timestamp());
    lines.sort_by_key(|line| (std::cmp::Reverse(newest(line)), line.chat));
    let start = Start {
        title,
        facts: format!("{}, {}", plural(totals.chats, "conversation"), plural(totals.messages, "message")),
        gaps: gaps(totals),
        index: searches.then(|| links.href(LinkTarget::Search)).flatten(),
        chats: lines.into_iter().filter_map(|line| entry(line, links)).collect(),
        zone: &about.time_zone,
        backup: about.device.as_deref().unwrap_or(&about.backup),
    };
    let shell = Shell { title, style: STYLE, script: Some(&SCRIPT) };
    if start.index.is_some() { complete_loader_page(&shell, &start) } else { complete_page(&shell, &start) }
}

fn entry<'a>(line: &'a ChatSummary, links: &dyn Links) -> Option<Entry<'a>> {
    let moment = line.last.as_ref().and_then(|last| last.moment.as_ref());
    Some(Entry {
        href: links.href(LinkTarget::Chat { chat: line.chat, page: 1 })?,
        name: &line.name,
        people: line.people.as_ref(),
        face: &line.face,
        is_group: line.is_group,
        apart: line.apart,
        messages: line.messages,
        line: line.last.as_ref().map_or(&NOTHING, |last| &last.line),
        count: count(line.messages),
        last: moment.map(|m| When { exact: m.exact(), words: m.words(), day: date_in_words(m.date()) }),
    })
}

/// What is not there, in one sentence.
fn gaps(totals: &Totals) -> Option<String> {
    let missing = (totals.attachments_missing > 0).then(|| plural(totals.attachments_missing, "attachment"));
    let skipped = (totals.skipped > 0).then(|| plural(totals.skipped, "item"));
    match (missing, skipped) {
        (None, None) => None,
        (Some(missing), None) => Some(format!("{missing} could not be saved; report.txt says which and why.")),
        (None, Some(skipped)) => Some(format!("{skipped} could not be read; report.txt says which and why.")),
        (Some(missing), Some(skipped)) => Some(format!(
            "{missing} could not be saved and {skipped} could not be read; report.txt says which and why."
        )),
    }
}
