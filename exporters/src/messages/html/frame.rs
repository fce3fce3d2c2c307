//! What stands around the messages of a page: whose conversation it is, and the ways to its other pages.

use askama::Template;
use corer_schemas::messages::{Chat, ChatSort, Filtered, Properties};
use jiff::civil::Date;

use super::STYLE;
use super::avatar::Avatar;
use super::body::{Body, Month, Months, month_anchor};
use crate::clock::date_in_words;
use crate::messages::sentence::{Sentence, SentencePart};
use crate::messages::title::{is_group, label, readable, title, title_of};
use crate::page::{Html, LinkTarget, Links, Shell, plural};

/// What all pages of one conversation have around their messages.
pub struct Frame<'a> {
    chat: &'a Chat,
    links: &'a dyn Links,
    zone: &'a str,
    title: String,
    name: Sentence<'a>,
    people: Option<Sentence<'a>>,
    face: Avatar,
    facts: String,
    months: Months,
    pages: usize,
}

#[derive(Template)]
#[template(path = "messages/chat_top.html")]
struct Top<'a> {
    conversations: Option<String>,
    title: &'a Sentence<'a>,
    people: Option<&'a Sentence<'a>>,
    face: &'a Avatar,
    apart: Option<&'static str>,
    facts: &'a str,
    years: Vec<Year>,
    turn: Html,
}

#[derive(Template)]
#[template(path = "messages/chat_end.html")]
struct End<'a> {
    turn: Html,
    zone: &'a str,
}

#[derive(Template)]
#[template(path = "messages/turn.html")]
struct Turn {
    label: &'static str,
    page: usize,
    pages: usize,
    earlier: Option<String>,
    later: Option<String>,
}

struct Year {
    name: i16,
    months: Vec<Jump>,
}

struct Jump {
    name: String,
    href: String,
    facts: String,
}

impl<'a> Frame<'a> {
    /// The frame for the pages that `body` rendered, `pages` of them. `zone` is the name of the time zone.
    pub fn new(chat: &'a Chat, body: &Body<'_>, pages: usize, zone: &'a str, links: &'a dyn Links) -> Self {
        Self {
            chat,
            links,
            zone,
            title: title(chat),
            name: title_of(chat),
            people: people(chat),
            face: Avatar::of_chat(chat, links),
            facts: facts(body.total(), body.span()),
            months: body.months().clone(),
            pages,
        }
    }

    /// Everything before the messages of page `page`, from 1.
    pub fn before(&self, page: usize) -> String {
        let title = match self.pages {
            1 => self.title.clone(),
            pages => format!("{} (page {page} of {pages})", self.title),
        };
        let mut html = Shell { title: &title, style: STYLE, script: None }.head();
        html.push(&Top {
            conversations: self.links.href(LinkTarget::Conversations),
            title: &self.name,
            people: self.people.as_ref(),
            face: &self.face,
            apart: kept_apart(self.chat),
            facts: &self.facts,
            years: self.years(page),
            turn: self.turn(page, "Pages"),
        });
        html.to_string()
    }

    /// Everything after the messages of page `page`, from 1.
    pub fn after(&self, page: usize) -> String {
        let shell = Shell { title: &self.title, style: STYLE, script: None };
        let mut html = Html::of(&End { turn: self.turn(page, "Pages, again"), zone: self.zone });
        html.append(&shell.foot());
        html.to_string()
    }

    fn turn(&self, page: usize, label: &'static str) -> Html {
        let href = |page: usize| self.links.href(LinkTarget::Chat { chat: self.chat.id, page });
        let earlier = page.checked_sub(1).filter(|page| *page > 0).and_then(href);
        let later = Some(page + 1).filter(|page| *page <= self.pages).and_then(href);
        Html::of(&Turn { label, page, pages: self.pages, earlier, later })
    }

    /// The months by year, unless all of them can be seen at a glance.
    fn years(&self, page: usize) -> Vec<Year> {
        let mut years: Vec<Year> = Vec::new();
        if self.months.len() < 2 {
            return years;
        }
        for month in &self.months {
            let Some(jump) = self.jump(month, page) else { continue };
            match years.last_mut().filter(|year| year.name == month.first.year()) {
                Some(year) => year.months.push(jump),
                None => years.push(Year { name: month.first.year(), months: vec![jump] }),
            }
        }
        years
    }

    fn jump(&self, month: &Month, page: usize) -> Option<Jump> {
        let there = match month.page {
            there if there == page => String::new(),
            there => self.links.href(LinkTarget::Chat { chat: self.chat.id, page: there })?,
        };
        Some(Jump {
            name: month.first.strftime("%B").to_string(),
            href: format!("{there}#{}", month_anchor(month.first)),
            facts: plural(month.messages, "message"),
        })
    }
}

/// Why the device keeps a conversation apart from those with known people, and that its owner put it away.
pub(super) fn kept_apart(chat: &Chat) -> Option<&'static str> {
    match chat.filtered {
        Filtered::UnknownSender => Some("Unknown sender"),
        Filtered::Spam => Some("Junk"),
        Filtered::Blocked => Some("Blocked"),
        Filtered::Other(_) => Some("Filtered"),
        Filtered::No => what_it_is(chat.sort).or_else(|| put_away(&chat.properties)),
    }
}

/// That its owner or the app put it away.
fn put_away(properties: &Properties) -> Option<&'static str> {
    let states = [
        (properties.is_removed, "Deleted from the list"),
        (properties.is_archived, "Archived"),
        (properties.is_hidden, "Not in the list"),
    ];
    states.into_iter().find_map(|(is_so, words)| is_so.then_some(words))
}

/// What it is, where it is no conversation as others are.
fn what_it_is(sort: ChatSort) -> Option<&'static str> {
    Some(match sort {
        ChatSort::Conversation => return None,
        ChatSort::Community => "Community",
        ChatSort::Broadcast => "Broadcast list",
        ChatSort::Status => "Status updates",
        ChatSort::Channel => "Channel",
        ChatSort::Other(_) => "Unknown kind of conversation",
    })
}

/// Who takes part, where the title does not say it all.
pub(super) fn people(chat: &Chat) -> Option<Sentence<'_>> {
    let people = match is_group(chat) {
        true => Sentence::list(chat.people().map(label)),
        false => Sentence::list(chat.participants.iter().map(|handle| readable(&handle.address))),
    };
    (!people.0.is_empty() && people.to_string() != title(chat)).then_some(people)
}

fn facts(messages: u64, span: Option<(Date, Date)>) -> String {
    let count = plural(messages, "message");
    match span {
        Some((from, to)) if from == to => format!("{count}, {}", date_in_words(from)),
        Some((from, to)) => format!("{count}, {} to {}", date_in_words(from), date_in_words(to)),
        None => count,
    }
}
