//! What a message is made of, as its page shows it: bubbles, files, the cards of apps, drawings, and what was done to
//! each of them later.

use std::borrow::Cow;
use std::cell::OnceCell;

use corer_schemas::messages::{
    App, AppContent, Message, MessageKind, Part as Source, PartContent, Reaction, Style, Tapback, app::Poll,
};
use foldhash::{HashMap, HashMapExt as _, HashSet};
use jiff::tz::TimeZone;

use super::drawing::{handwriting, touch};
use super::file::{File, SavedFile};
use super::reactions_and_edits::ReactionsAndEdits;
use super::spans::{Words, plain, words};
use crate::clock::Moment;
use crate::messages::attachment::WriteOutcome;
use crate::messages::card::{AppCard, voters};
use crate::messages::labels::{OBJECT, is_revoked, reaction};
use crate::messages::people::ChatPeople;
use crate::messages::sentence::Sentence;
use crate::page::{Html, Links, count, plural, safe_url};

/// The most characters of a text of nothing but emoji that is shown large.
const LARGE: usize = 12;

/// What stands where a text names a file of which nothing is known.
const NO_RECORD: &str = "An attachment of which the backup has no record";

/// One part of a message.
pub(super) struct PagePart<'a> {
    pub(super) shape: PartShape<'a>,
    pub(super) reactions: Vec<ReactionGroup<'a>>,
    pub(super) earlier: Vec<EarlierVersion<'a>>,
}

/// What a part is.
pub(super) enum PartShape<'a> {
    /// Text.
    Text(Words<'a>),
    /// A few emoji and nothing else.
    Emoji(&'a str),
    /// Our own words in place of something.
    Note(Cow<'a, str>),
    /// Our own words about somebody.
    Notice(Sentence<'a>),
    /// Text that was deleted by itself.
    Deleted(Words<'a>, Cow<'a, str>),
    /// The content of an app.
    Card(Box<AppBubble<'a>>),
    /// A file that can be opened.
    File(Box<SavedFile>),
    /// A file that is not there.
    Gone { name: String, why: String },
}

/// The bubble of an app.
pub(super) struct AppBubble<'a> {
    pub(super) name: Cow<'a, str>,
    pub(super) title: Option<Cow<'a, str>>,
    pub(super) lines: Vec<Cow<'a, str>>,
    pub(super) href: Option<&'a str>,
    /// An address that is not to be followed, as text.
    pub(super) address: Option<&'a str>,
    pub(super) picture: Option<SavedFile>,
    pub(super) drawing: Option<Html>,
    pub(super) options: Vec<PollOption<'a>>,
}

/// An option of a poll.
pub(super) struct PollOption<'a> {
    pub(super) text: &'a str,
    pub(super) votes: usize,
    pub(super) of: usize,
    pub(super) count: String,
    pub(super) names: Vec<&'a str>,
}

/// Reactions of one kind.
pub(super) struct ReactionGroup<'a> {
    pub(super) how: Cow<'a, str>,
    pub(super) names: Vec<&'a str>,
    pub(super) sticker: Option<SavedFile>,
}

/// An earlier version of a part.
pub(super) struct EarlierVersion<'a> {
    pub(super) time: Option<Moment>,
    pub(super) text: Words<'a>,
}

/// What parts are made from.
pub(super) struct PartBuilder<'a> {
    pub(super) message: &'a Message,
    pub(super) outcomes: &'a [WriteOutcome],
    pub(super) who: ChatPeople<'a>,
    pub(super) zone: &'a TimeZone,
    pub(super) links: &'a dyn Links,
    pub(super) later: OnceCell<ReactionsAndEdits<'a>>,
}

impl<'a> PartBuilder<'a> {
    /// Takes the message apart. Every file is on the page, whether a part speaks of it or not.
    pub(super) fn parts(&self) -> Vec<PagePart<'a>> {
        let message = self.message;
        let mut parts = Vec::with_capacity(message.parts.len().max(1));
        let app = match &message.kind {
            MessageKind::App(app) => Some(&**app),
            _ => None,
        };
        if let Some(app) = app.filter(|_| !message.parts.iter().any(|part| part.content == PartContent::App)) {
            parts.push(self.part(0, PartShape::Card(Box::new(self.card(app)))));
        }
        if message.parts.is_empty() {
            parts.extend(self.whole_text().map(|shape| self.part(0, shape)));
        }
        for part in &message.parts {
            parts.extend(self.shape(part, app).map(|shape| self.part(part.index, shape)));
        }
        if !message.attachments.is_empty() {
            parts.extend(self.unspoken().map(|shape| self.part(u32::MAX, shape)));
        }
        for deleted in message.deleted.iter().flat_map(|deleted| &deleted.parts) {
            let when = deleted.date.and_then(|date| Moment::new(date, self.zone));
            let words = when.map_or("Deleted".to_owned(), |moment| format!("Deleted on {}", moment.short()));
            let text = deleted.text.as_deref().unwrap_or_default();
            parts.push(self.part(u32::MAX, PartShape::Deleted(plain(text.trim()), words.into())));
        }
        if parts.is_empty() && message.subject.is_none() {
            parts.push(self.part(0, PartShape::Note("Empty message".into())));
        }
        self.place_rest(&mut parts);
        parts
    }

    /// The files of what has no bubble: the new picture of a group, what came with a kind that nobody knows.
    pub(super) fn files(&self) -> Vec<PagePart<'a>> {
        let files = (0..self.message.attachments.len()).filter_map(|index| self.file(index));
        files.map(|file| self.part(u32::MAX, file_shape(file))).collect()
    }

    fn part(&self, index: u32, shape: PartShape<'a>) -> PagePart<'a> {
        if self.message.tapbacks.is_empty() && self.message.edits.is_empty() {
            return PagePart { shape, reactions: Vec::new(), earlier: Vec::new() };
        }
        PagePart { shape, reactions: self.reactions(self.later().tapbacks(index)), earlier: self.earlier(index) }
    }

    fn later(&self) -> &ReactionsAndEdits<'a> {
        self.later.get_or_init(|| ReactionsAndEdits::of(self.message))
    }

    /// Reactions to parts that are not there stand at the last that is.
    fn place_rest(&self, parts: &mut [PagePart<'a>]) {
        let shown: usize = parts.iter().flat_map(|part| &part.reactions).map(|reacted| reacted.names.len()).sum();
        let kept = self.message.tapbacks.iter().filter(|tapback| !tapback.removed);
        if shown == kept.clone().count() {
            return;
        }
        let known: HashSet<u32> = match &*self.message.parts {
            [] => HashSet::from_iter([0]),
            own => own.iter().map(|part| part.index).collect(),
        };
        if let Some(last) = parts.last_mut() {
            last.reactions.extend(self.reactions(kept.filter(|tapback| !known.contains(&tapback.part))));
        }
    }

    /// The text of a message that is not taken apart, with its files where they stand in it.
    fn whole_text(&self) -> impl Iterator<Item = PartShape<'a>> {
        let pieces = self.message.text.as_deref().unwrap_or_default().split(OBJECT).enumerate();
        let is_app = matches!(self.message.kind, MessageKind::App(_));
        pieces.flat_map(move |(position, text)| {
            let file = position.checked_sub(1).and_then(|index| match self.message.attachments.get(index) {
                Some(_) => self.file(index).filter(|_| !self.is_of_card(index)).map(file_shape),
                // In the content of an app it stands for the app's own picture.
                None if is_app => None,
                None => Some(PartShape::Note(NO_RECORD.into())),
            });
            let text = text.trim();
            let text = (!text.is_empty()).then(|| text_shape(text, plain(text)));
            file.into_iter().chain(text)
        })
    }

    fn shape(&self, part: &'a Source, app: Option<&'a App>) -> Option<PartShape<'a>> {
        let text = self.message.text.as_deref().unwrap_or_default();
        match &part.content {
            PartContent::Text { range, spans } => {
                let own = text.get(range.clone()).unwrap_or_default().trim();
                let told = app.is_some_and(|app| self.is_said(app, own));
                let pictures = |index| self.glyph(index);
                (!own.is_empty() && !told).then(|| text_shape(own, words(text, range, spans, &pictures)))
            }
            PartContent::Attachment(None) if app.is_some() => None,
            PartContent::Attachment(None) => Some(PartShape::Note(NO_RECORD.into())),
            PartContent::Attachment(Some(index)) => {
                self.file(*index).filter(|_| !self.is_of_card(*index)).map(file_shape)
            }
            PartContent::App => app.map(|app| PartShape::Card(Box::new(self.card(app)))),
            PartContent::Unsent { date } => {
                let when = date.and_then(|date| Moment::new(date, self.zone));
                let when = when.map(|moment| format!(" on {}", moment.short())).unwrap_or_default();
                Some(PartShape::Notice(match is_revoked(self.message) {
                    true => Sentence::saying(format!("This was deleted for everyone{when}")),
                    false => {
                        let who = self.who.subject(self.message.is_from_me, &self.message.sender);
                        Sentence::of(who).words(format!(" took this back{when}"))
                    }
                }))
            }
        }
    }

    /// Files of which no part speaks, but for those that belong to the bubble of an app.
    fn unspoken(&self) -> impl Iterator<Item = PartShape<'a>> {
        let in_text = match &*self.message.parts {
            [] => self.message.text.as_deref().unwrap_or_default().matches(OBJECT).count(),
            _ => 0,
        };
        let mut spoken: HashSet<usize> = HashSet::default();
        for part in &self.message.parts {
            match &part.content {
                PartContent::Attachment(own) => spoken.extend(own),
                PartContent::Text { spans, .. } => spoken.extend(spans.iter().filter_map(|span| match span.style {
                    Style::Picture(own) => own,
                    _ => None,
                })),
                _ => {}
            }
        }
        let silent = (0..self.message.attachments.len())
            .filter(move |index| *index >= in_text && !spoken.contains(index) && !self.is_of_card(*index));
        silent.filter_map(|index| self.file(index)).map(file_shape)
    }

    fn file(&self, index: usize) -> Option<File> {
        let (attachment, outcome) = self.message.attachments.get(index).zip(self.outcomes.get(index))?;
        Some(File::new(attachment, outcome, self.links))
    }

    /// Whether a file belongs to the bubble of an app, which shows it.
    fn is_of_card(&self, index: usize) -> bool {
        let is_app = matches!(self.message.kind, MessageKind::App(_));
        is_app && self.message.attachments.get(index).is_some_and(|attachment| attachment.is_hidden)
    }

    /// A picture in a line of text, where browsers show it.
    fn glyph(&self, index: usize) -> Option<(String, String)> {
        self.file(index)?.picture().map(|picture| (picture.href, picture.alt))
    }

    /// Whether the card of an app says what the text does: a link is often sent as both.
    fn is_said(&self, app: &App, text: &str) -> bool {
        let card = AppCard::new(app, self.zone);
        text.chars().all(|c| c == OBJECT) || card.words().chain(card.url).any(|word| word == text)
    }

    fn card(&self, app: &'a App) -> AppBubble<'a> {
        let AppCard { name, title, lines, url } = AppCard::new(app, self.zone);
        let pictures = (0..self.message.attachments.len()).filter(|index| self.is_of_card(*index));
        let (drawing, options) = match &app.content {
            AppContent::Handwriting(writing) => (Some(handwriting(writing)), Vec::new()),
            AppContent::Touch(own) => (Some(touch(own)), Vec::new()),
            AppContent::Poll(poll) => (None, self.options(poll)),
            _ => (None, Vec::new()),
        };
        let href = url.and_then(safe_url);
        let address = url.filter(|_| href.is_none());
        let picture = pictures.filter_map(|index| self.file(index)?.picture()).next();
        AppBubble { name, title, lines, href, address, picture, drawing, options }
    }

    fn options(&self, poll: &'a Poll) -> Vec<PollOption<'a>> {
        let of = poll.options.iter().map(|option| option.voters.len()).max().unwrap_or_default().max(1);
        let choice = |option: &'a corer_schemas::messages::app::PollOption| PollOption {
            text: &option.text,
            votes: option.voters.len(),
            of,
            count: plural(option.voters.len() as u64, "vote"),
            names: voters(option, self.who).collect(),
        };
        poll.options.iter().map(choice).collect()
    }

    /// Reactions by how, in the order in which each first came.
    fn reactions(&self, tapbacks: impl Iterator<Item = &'a Tapback>) -> Vec<ReactionGroup<'a>> {
        let mut reactions: Vec<ReactionGroup<'a>> = Vec::new();
        let mut places: HashMap<Cow<'a, str>, usize> = HashMap::new();
        for tapback in tapbacks.filter(|tapback| !tapback.removed) {
            let how = reaction(&tapback.reaction);
            let name = self.who.name(tapback.is_from_me, &tapback.sender);
            let sticker = self.sticker(tapback);
            let place = match &sticker {
                None => *places.entry(how.clone()).or_insert(reactions.len()),
                Some(_) => reactions.len(),
            };
            match reactions.get_mut(place) {
                Some(same) => same.names.push(name),
                None => reactions.push(ReactionGroup { how, names: vec![name], sticker }),
            }
        }
        reactions
    }

    /// The sticker that was put on the message. It is saved with the attachments of the message, behind them.
    fn sticker(&self, tapback: &Tapback) -> Option<SavedFile> {
        let Reaction::Sticker(Some(own)) = &tapback.reaction else { return None };
        let outcome = self.outcomes.get(self.message.attachments.len() + self.later().sticker(tapback)?)?;
        File::new(own, outcome, self.links).picture()
    }

    /// What a part said before it was changed.
    fn earlier(&self, index: u32) -> Vec<EarlierVersion<'a>> {
        let versions = self
            .later()
            .edits(index)
            .flat_map(|edit| edit.versions.get(..edit.versions.len().saturating_sub(1)).unwrap_or_default());
        let earlier = versions.map(|version| EarlierVersion {
            time: version.date.and_then(|date| Moment::new(date, self.zone)),
            text: words(&version.text, &(0..version.text.len()), &version.spans, &|_| None),
        });
        earlier.collect()
    }
}

impl ReactionGroup<'_> {
    /// How many there are, where there is more than one.
    pub(super) fn count(&self) -> Option<String> {
        (self.names.len() > 1).then(|| count(self.names.len() as u64))
    }
}

fn file_shape<'a>(file: File) -> PartShape<'a> {
    match file {
        File::SavedFile(there) => PartShape::File(Box::new(there)),
        File::Gone { name, why } => PartShape::Gone { name, why },
    }
}

fn text_shape<'a>(text: &'a str, words: Words<'a>) -> PartShape<'a> {
    match words {
        Words::Plain(_) if is_emoji_only(text) => PartShape::Emoji(text),
        words => PartShape::Text(words),
    }
}

/// Whether a text is a few emoji and nothing else.
fn is_emoji_only(text: &str) -> bool {
    if text.len() > LARGE * 4 || text.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return false;
    }
    let pictures = text.chars().filter(|c| is_picture(*c)).count();
    let joined = |c: char| matches!(c, '\u{fe0f}' | '\u{200d}' | '\u{20e3}' | '\u{1f3fb}'..='\u{1f3ff}' | ' ');
    pictures > 0 && text.chars().count() <= LARGE && text.chars().all(|c| is_picture(c) || joined(c))
}

fn is_picture(c: char) -> bool {
    matches!(c, '\u{1f000}'..='\u{1f3fa}' | '\u{1f400}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}' | '\u{2190}'..='\u{21ff}' | '\u{2300}'..='\u{23ff}')
}
