//! The list of all conversations.

use askama::Template;
use corer_schemas::messages::Chat;
use sha2::{Digest, Sha256};

use super::STYLE;
use super::body::{Body, Last};
use super::frame::people;
use crate::messages::clock::date_in_words;
use crate::messages::tally::Totals;
use crate::messages::title::{is_group, title};
use crate::output::About;
use crate::page::{Links, Place, Shell, count, plural, whole};

/// How many colours the style has for faces.
const COLOURS: u8 = 8;

/// What the list says about one conversation.
#[derive(Debug, Clone)]
pub struct Line {
    chat: i64,
    title: String,
    people: Option<String>,
    initials: String,
    colour: u8,
    messages: u64,
    last: Option<Last>,
}

#[derive(Template)]
#[template(path = "messages/start.html")]
struct Start<'a> {
    facts: String,
    gaps: Option<String>,
    chats: Vec<Entry<'a>>,
    zone: &'a str,
    backup: &'a str,
}

struct Entry<'a> {
    href: String,
    title: &'a str,
    people: Option<&'a str>,
    initials: &'a str,
    colour: u8,
    line: &'a str,
    count: String,
    last: Option<When>,
}

struct When {
    exact: String,
    words: String,
    day: String,
}

impl Line {
    /// The line of a conversation whose messages `body` has rendered.
    pub fn new(chat: &Chat, body: &Body<'_>) -> Self {
        let title = title(chat);
        Self {
            chat: chat.id,
            people: people(chat).filter(|_| is_group(chat)),
            initials: initials(&title),
            colour: Sha256::digest(&chat.guid).first().copied().unwrap_or_default() % COLOURS,
            messages: body.total(),
            last: body.last().cloned(),
            title,
        }
    }
}

/// The start page, with the conversation on top whose last message is the newest.
pub fn start_page(lines: &[Line], totals: &Totals, about: &About, links: &dyn Links) -> String {
    let mut lines: Vec<&Line> = lines.iter().collect();
    let newest =
        |line: &Line| line.last.as_ref().and_then(|last| last.moment.as_ref()).map(|moment| moment.timestamp());
    lines.sort_by_key(|line| (std::cmp::Reverse(newest(line)), line.chat));
    let start = Start {
        facts: format!("{}, {}", plural(totals.chats, "conversation"), plural(totals.messages, "message")),
        gaps: gaps(totals),
        chats: lines.into_iter().filter_map(|line| entry(line, links)).collect(),
        zone: &about.time_zone,
        backup: about.device.as_deref().unwrap_or(&about.backup),
    };
    whole(&Shell { title: "Messages", style: STYLE, script: None }, &start)
}

fn entry<'a>(line: &'a Line, links: &dyn Links) -> Option<Entry<'a>> {
    let moment = line.last.as_ref().and_then(|last| last.moment.as_ref());
    Some(Entry {
        href: links.href(Place::Chat { chat: line.chat, page: 1 })?,
        title: &line.title,
        people: line.people.as_deref(),
        initials: &line.initials,
        colour: line.colour,
        line: line.last.as_ref().map_or("No messages", |last| &last.line),
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

/// The first letters of the first two words that begin with a letter.
fn initials(title: &str) -> String {
    let letters = title.split_whitespace().filter_map(|word| word.chars().next()).filter(|c| c.is_alphabetic());
    let initials: String = letters.take(2).flat_map(char::to_uppercase).collect();
    if initials.is_empty() { "#".to_owned() } else { initials }
}
