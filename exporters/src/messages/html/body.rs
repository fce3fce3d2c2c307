//! The messages of a page, between its head and its foot.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::HashMap;

use askama::Template;
use corer_schemas::messages::{Chat, Message, MessageKind, Reply, Service};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::anchor::{Anchor, Anchors};
use super::avatar::Avatar;
use super::file::FileDisplay;
use super::part::{PagePart, PartBuilder, PartShape};
use super::time::Time;
use crate::clock::{Moment, day_in_words};
use crate::messages::attachment::WriteOutcome;
use crate::messages::labels::{GONE, first_line, memories, notice, remarks};
use crate::messages::people::ChatPeople;
use crate::messages::sentence::{Sentence, SentencePart};
use crate::messages::title::is_group;
use crate::page::{Html, LinkTarget, Links};
use crate::saved::Kept;

/// Messages of one person within this many seconds read as one.
const TOGETHER: i64 = 300;

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
    who: ChatPeople<'a>,
    is_group: bool,
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
    last: Option<LastMessage>,
    total: u64,
    marks: Anchors,
    /// Where messages are that others answer, by row number.
    answered: HashMap<i64, (usize, Anchor)>,
}

/// The message before.
#[derive(Default)]
struct Previous {
    from: Option<String>,
    at: Option<Timestamp>,
}

/// What a list of conversations says about the last message.
#[derive(Debug, Clone)]
pub(super) struct LastMessage {
    pub(super) moment: Option<Moment>,
    pub(super) line: Sentence<'static>,
}

/// A message that has been put on the page.
pub struct PushedMessage<'m> {
    /// Its mark on the page.
    pub mark: Anchor,
    pub(in crate::messages) moment: Option<Moment>,
    pub(in crate::messages) who: &'m str,
}

#[derive(Template)]
#[template(path = "messages/message.html")]
struct View<'a> {
    day: Option<Day>,
    class: &'static str,
    mark: &'a Anchor,
    note: Option<Sentence<'a>>,
    quoted: Option<String>,
    who: &'a str,
    named: bool,
    face: Option<Avatar>,
    quote: Option<Quote<'a>>,
    subject: Option<&'a str>,
    parts: Vec<PagePart<'a>>,
    translation: Option<(&'a str, &'a str)>,
    remarks: Vec<Cow<'static, str>>,
    time: Option<Time>,
    is_group: bool,
}

struct Day {
    first: bool,
    month: Option<String>,
    date: Option<Date>,
    words: String,
}

/// The message that is answered.
struct Quote<'a> {
    href: Option<String>,
    who: Option<&'a str>,
    text: &'a str,
}

impl<'a> Body<'a> {
    /// Starts with no messages. `owner` is the name of whose device it is, where it is known.
    pub fn new(chat: &'a Chat, zone: &'a TimeZone, owner: Option<&'a str>, links: &'a dyn Links) -> Self {
        Self {
            chat,
            who: ChatPeople::new(chat, owner),
            is_group: is_group(chat),
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
            marks: Anchors::default(),
            answered: HashMap::new(),
        }
    }

    /// Appends a message; `outcomes` tells of its files, in their order.
    pub fn push<'m>(&mut self, message: &'m Kept<Message>, outcomes: &'m [WriteOutcome]) -> PushedMessage<'m>
    where
        'a: 'm,
    {
        let moment = message.date.and_then(|date| Moment::new(date, self.zone));
        let day = self.enter_day(moment.as_ref().map(Moment::date));
        let who = self.who.sent(message);
        let at = moment.as_ref().map(Moment::timestamp);
        let bubble = matches!(message.kind, MessageKind::Normal | MessageKind::App(_));
        let from = (!message.is_from_me).then_some(who);
        let goes_on = bubble && day.is_none() && self.previous.as_ref().is_some_and(|p| p.goes_on(from, at));
        let mark = self.marks.next(message);
        let named = self.is_group && !message.is_from_me && !goes_on;
        let view = View {
            day,
            class: class(message, bubble, goes_on),
            mark: &mark,
            note: self.note(message),
            quoted: quoted(message),
            who,
            named,
            face: (named && bubble).then(|| Avatar::of_sender(message.sender.as_deref(), who, self.links)),
            quote: message.reply_to.as_deref().map(|reply| self.quote(reply)),
            subject: message.subject.as_deref(),
            parts: self.parts(message, outcomes, bubble),
            translation: message
                .translation
                .as_deref()
                .map(|own| (own.language.as_deref().unwrap_or_default(), &*own.text)),
            remarks: if bubble { remarks(message, self.zone) } else { memories(message, self.zone) },
            time: moment.as_ref().map(|moment| Time::new(message, moment, self.zone)),
            is_group: self.is_group,
        };
        self.html.push(&view);
        if !message.replies.is_empty() {
            self.answered.insert(message.id, (self.page, mark.clone()));
        }
        if bubble {
            self.previous.get_or_insert_default().become_of(from, at);
        } else {
            self.previous = None;
        }
        self.on_page += 1;
        self.total += 1;
        PushedMessage { mark, moment, who }
    }

    /// Says which message is the last of all, for the list of conversations.
    pub fn end(&mut self, last: &Message) {
        let moment = last.date.and_then(|date| Moment::new(date, self.zone));
        self.last = Some(LastMessage { moment, line: first_line(last, &self.who, self.zone) });
    }

    /// How many messages are on the page so far.
    pub fn on_page(&self) -> usize {
        self.on_page
    }

    /// How many bytes the page has so far.
    pub fn size(&self) -> usize {
        self.html.as_str().len()
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
    pub(super) fn last(&self) -> Option<&LastMessage> {
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
        self.marks.clear();
        taken
    }

    fn parts<'m>(&self, message: &'m Message, outcomes: &'m [WriteOutcome], bubble: bool) -> Vec<PagePart<'m>>
    where
        'a: 'm,
    {
        let maker = self.maker(message, outcomes);
        match bubble {
            true => maker.parts(),
            false => maker.files(),
        }
    }

    fn maker<'m>(&self, message: &'m Message, outcomes: &'m [WriteOutcome]) -> PartBuilder<'m>
    where
        'a: 'm,
    {
        PartBuilder { message, outcomes, who: self.who, zone: self.zone, links: self.links, later: OnceCell::new() }
    }

    /// What stands above an answer.
    fn quote<'m>(&self, reply: &'m Reply) -> Quote<'m>
    where
        'a: 'm,
    {
        let place = reply.id.and_then(|id| self.answered.get(&id));
        let href = place.map(|(page, mark)| match *page == self.page {
            true => format!("#{mark}"),
            false => {
                let page = self.links.href(LinkTarget::Chat { chat: self.chat.id, page: *page }).unwrap_or_default();
                format!("{page}#{mark}")
            }
        });
        let gone = if reply.is_known() { "a message" } else { GONE };
        Quote {
            href,
            who: self.who.answered(reply),
            text: reply.excerpt.as_deref().filter(|text| !text.trim().is_empty()).unwrap_or(gone),
        }
    }

    /// The words of what is no bubble: an announcement, a reaction by itself, something unknown.
    fn note<'m>(&self, message: &'m Message) -> Option<Sentence<'m>>
    where
        'a: 'm,
    {
        match &message.kind {
            MessageKind::Unsupported { what } => Some(
                Sentence::saying("A message from ")
                    .name(self.who.sent(message))
                    .words(" that this version of corer cannot show (")
                    .name(what)
                    .words(")"),
            ),
            _ => notice(message, &self.who),
        }
    }

    /// Notes the day of the next message; gives the heading if it is another.
    fn enter_day(&mut self, date: Option<Date>) -> Option<Day> {
        if self.day == Some(date) {
            self.months.last_mut().filter(|_| date.is_some()).into_iter().for_each(|month| month.messages += 1);
            return None;
        }
        let new_month = date.and_then(|date| self.enter_month(date));
        let first = self.day.replace(date).is_none();
        let words = date.map_or_else(|| "Without a date".to_owned(), day_in_words);
        Some(Day { first, month: new_month, date, words })
    }

    /// Counts the month; gives the mark that links to it point at if it begins here.
    fn enter_month(&mut self, date: Date) -> Option<String> {
        let (from, to) = self.span.unwrap_or((date, date));
        self.span = Some((from.min(date), to.max(date)));
        let first = date.first_of_month();
        if let Some(at) = self.months.iter().rposition(|month| month.first == first) {
            // The month that goes on stands last, which is where its next messages are counted.
            let mut month = self.months.remove(at);
            month.messages += 1;
            self.months.push(month);
            return None;
        }
        self.months.push(Month { first, page: self.page, messages: 1 });
        Some(month_anchor(first))
    }
}

impl Previous {
    /// Goes on to the next message, in the room that it has.
    fn become_of(&mut self, from: Option<&str>, at: Option<Timestamp>) {
        self.at = at;
        match (from, &mut self.from) {
            (Some(from), Some(own)) => {
                own.clear();
                own.push_str(from);
            }
            (from, own) => *own = from.map(str::to_owned),
        }
    }

    /// Whether a message of this sender at this time reads as one with the one before.
    fn goes_on(&self, from: Option<&str>, at: Option<Timestamp>) -> bool {
        let near = |(before, now): (Timestamp, Timestamp)| now.as_second() - before.as_second() <= TOGETHER;
        self.from.as_deref() == from && self.at.zip(at).is_some_and(near)
    }
}

#[derive(Template)]
#[template(source = "</ol>\n", ext = "html")]
struct ListEnd;

/// The mark of a month, to jump to.
pub(super) fn month_anchor(first: Date) -> String {
    first.strftime("month-%Y-%m").to_string()
}

/// The side, the colour, and whether it goes on from the message before.
fn class(message: &Message, bubble: bool, goes_on: bool) -> &'static str {
    if !bubble {
        return "n";
    }
    let green = !matches!(message.service, None | Some(Service::IMessage | Service::Satellite));
    match (message.is_from_me, green, goes_on) {
        (false, _, false) => "m",
        (false, _, true) => "\"m on\"",
        (true, false, false) => "\"m me\"",
        (true, false, true) => "\"m me on\"",
        (true, true, false) => "\"m me sms\"",
        (true, true, true) => "\"m me sms on\"",
    }
}

/// The text of what has no bubble, where its sentence does not say it.
fn quoted(message: &Message) -> Option<String> {
    let MessageKind::Unsupported { .. } = message.kind else { return None };
    let text = message.text.as_deref().map(crate::messages::labels::plain)?;
    (!text.is_empty()).then(|| text.into_owned())
}
