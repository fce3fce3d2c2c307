//! The messages of a page, between its head and its foot.

use askama::Template;
use corer_schemas::messages::{Chat, Message, MessageKind, Service};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::part::{Part, Shown, first_line, parts};
use crate::messages::attachment::Fate;
use crate::messages::clock::{Moment, day_in_words};
use crate::messages::title::{handle_name, is_group};
use crate::page::{Html, Links, Rich};

/// Messages of one person within this many seconds read as one.
const TOGETHER: i64 = 300;

/// The longest identifier that becomes part of an address as it is.
const ID_BYTES: usize = 64;

/// The months of a conversation, in the order in which they first appear.
pub type Months = Vec<Month>;

/// One month of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Month {
    /// Its first day.
    pub first: Date,
    /// The page on which it begins, from 1.
    pub page: usize,
    /// How many messages it has.
    pub messages: u64,
}

/// Renders messages one after the other. What it remembers of the last one decides what the next one repeats.
pub struct Body<'a> {
    chat: &'a Chat,
    zone: &'a TimeZone,
    links: &'a dyn Links,
    html: Html,
    on_page: usize,
    page: usize,
    months: Months,
    /// The day under whose heading we are.
    day: Option<Option<Date>>,
    previous: Option<Previous>,
    span: Option<(Date, Date)>,
    last: Option<Last>,
    total: u64,
}

/// The message before.
struct Previous {
    from: Option<String>,
    at: Option<Timestamp>,
}

/// What a list of conversations says about the last message.
#[derive(Debug, Clone)]
pub(super) struct Last {
    pub(super) moment: Option<Moment>,
    pub(super) line: String,
}

#[derive(Template)]
#[template(path = "messages/message.html")]
struct View<'a> {
    day: Option<Day>,
    class: String,
    id: String,
    note: Option<String>,
    note_text: Option<Html>,
    who: &'a str,
    named: bool,
    subject: Option<&'a str>,
    parts: Vec<Part>,
    time: Option<Time>,
}

struct Day {
    first: bool,
    month: Option<String>,
    date: Option<Date>,
    words: String,
}

struct Time {
    exact: String,
    words: String,
    short: String,
}

impl<'a> Body<'a> {
    /// Starts with no messages.
    pub fn new(chat: &'a Chat, zone: &'a TimeZone, links: &'a dyn Links) -> Self {
        Self {
            chat,
            zone,
            links,
            html: Html::default(),
            on_page: 0,
            page: 1,
            months: Vec::new(),
            day: None,
            previous: None,
            span: None,
            last: None,
            total: 0,
        }
    }

    /// Appends a message; `fates` tells of its attachments, in their order.
    pub fn push(&mut self, message: &Message, fates: &[Fate]) {
        let moment = message.date.and_then(|date| Moment::new(date, self.zone));
        let day = self.enter_day(moment.as_ref().map(Moment::date));
        let who = sender_name(self.chat, message);
        let from = (!message.is_from_me).then(|| who.to_owned());
        let at = moment.as_ref().map(Moment::timestamp);
        let bubble = matches!(message.kind, MessageKind::Normal | MessageKind::App(_));
        let goes_on = bubble && day.is_none() && self.previous.as_ref().is_some_and(|p| p.goes_on(from.as_deref(), at));
        let (note, note_text) = note(message, who);
        let view = View {
            day,
            class: class(message, bubble, goes_on),
            id: message_id(message),
            note,
            note_text,
            who,
            named: is_group(self.chat) && !message.is_from_me && !goes_on,
            subject: message.subject.as_deref(),
            parts: if bubble { parts(message, fates, self.links) } else { Vec::new() },
            time: moment.as_ref().map(Time::new),
        };
        self.html.push(&view);
        self.previous = bubble.then_some(Previous { from, at });
        self.on_page += 1;
        self.total += 1;
        self.last = Some(Last { moment, line: first_line(message) });
    }

    /// How many messages are on the page so far.
    pub fn on_page(&self) -> usize {
        self.on_page
    }

    /// How many messages there are on all pages.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// The months so far.
    pub fn months(&self) -> &Months {
        &self.months
    }

    /// The first and the last day.
    pub(super) fn span(&self) -> Option<(Date, Date)> {
        self.span
    }

    /// The last message.
    pub(super) fn last(&self) -> Option<&Last> {
        self.last.as_ref()
    }

    /// Ends the page and hands it to `take`; the next message begins another.
    pub fn end_page<T>(&mut self, take: impl FnOnce(&str) -> T) -> T {
        if self.on_page > 0 {
            self.html.push(&ListEnd);
        }
        let taken = take(self.html.as_str());
        self.html.clear();
        self.page += 1;
        self.on_page = 0;
        self.day = None;
        self.previous = None;
        taken
    }

    /// Notes the day of the next message; gives the heading if it is another.
    fn enter_day(&mut self, date: Option<Date>) -> Option<Day> {
        let new_month = date.and_then(|date| self.enter_month(date));
        if self.day == Some(date) {
            return None;
        }
        let first = self.day.replace(date).is_none();
        let words = date.map_or_else(|| "Without a date".to_owned(), day_in_words);
        Some(Day { first, month: new_month, date, words })
    }

    /// Counts the month; gives the mark that links to it point at if it begins here.
    fn enter_month(&mut self, date: Date) -> Option<String> {
        let (from, to) = self.span.unwrap_or((date, date));
        self.span = Some((from.min(date), to.max(date)));
        let first = date.first_of_month();
        if let Some(month) = self.months.iter_mut().rev().find(|month| month.first == first) {
            month.messages += 1;
            return None;
        }
        self.months.push(Month { first, page: self.page, messages: 1 });
        Some(month_mark(first))
    }
}

impl Previous {
    /// Whether a message of this sender at this time reads as one with the one before.
    fn goes_on(&self, from: Option<&str>, at: Option<Timestamp>) -> bool {
        let near = |(before, now): (Timestamp, Timestamp)| now.as_second() - before.as_second() <= TOGETHER;
        self.from.as_deref() == from && self.at.zip(at).is_some_and(near)
    }
}

impl Time {
    fn new(moment: &Moment) -> Self {
        Self { exact: moment.exact(), words: moment.exact_time(), short: moment.time() }
    }
}

#[derive(Template)]
#[template(source = "</ol>\n", ext = "html")]
struct ListEnd;

/// The mark of a month, to jump to.
pub(super) fn month_mark(first: Date) -> String {
    first.strftime("month-%Y-%m").to_string()
}

/// The mark of a message, to point to: its GUID where that can stand in an address as it is, else its row number.
fn message_id(message: &Message) -> String {
    let plain = |guid: &&str| {
        !guid.is_empty()
            && guid.len() <= ID_BYTES
            && guid.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    match message.guid.as_deref().filter(plain) {
        Some(guid) => format!("m-{guid}"),
        None => format!("row-{}", message.id),
    }
}

fn sender_name<'m>(chat: &'m Chat, message: &'m Message) -> &'m str {
    match (&message.sender, &*chat.participants) {
        _ if message.is_from_me => "Me",
        (Some(handle), _) => handle_name(handle),
        (None, [only]) => handle_name(only),
        (None, _) => "Somebody",
    }
}

fn class(message: &Message, bubble: bool, goes_on: bool) -> String {
    if !bubble {
        return "note".to_owned();
    }
    let side = if message.is_from_me { "m me" } else { "m" };
    let blue = |service: &Service| service.as_str().is_empty() || service.as_str().starts_with("iMessage");
    let green = message.service.as_ref().is_some_and(|service| !blue(service));
    format!("{side}{}{}", if green { " sms" } else { "" }, if goes_on { " on" } else { "" })
}

/// The words of what is no bubble: a reaction, an announcement, something unknown.
fn note(message: &Message, who: &str) -> (Option<String>, Option<Html>) {
    let text = message.text.as_deref().map(|text| text.replace('\u{fffc}', "")).filter(|text| !text.trim().is_empty());
    let quoted = text.as_deref().map(|text| Rich::new(text.trim()).html());
    match &message.kind {
        MessageKind::Normal | MessageKind::App(_) => (None, None),
        MessageKind::Vote(_) => (Some(format!("{who} voted")), None),
        MessageKind::Announcement(_) => (Some(text.unwrap_or_else(|| format!("{who} changed the conversation"))), None),
        // The text is a sentence without its subject: Loved “See you there”.
        MessageKind::Tapback(_) => match text {
            Some(text) => (Some(format!("{who}: {}", text.trim())), None),
            None => (Some(format!("{who} reacted")), None),
        },
        MessageKind::Unsupported { what } => {
            (Some(format!("A message from {who} that this version of corer cannot show ({what})")), quoted)
        }
    }
}
