//! What a message says and carries: words, files, places, cards, polls, links.

use super::columns::{MediaColumn, MessageColumn};
use super::contact_cards::{SentCard, cards};
use super::media::StoredMedia;
use super::message::{Maker, Stored};
use super::receipt_info::StoredPoll;
use super::text;
use crate::messages::app::{Place, Poll, PollOption, Voter};
use crate::messages::{
    App, AppContent, Attachment, AttachmentContent, Card, Message, MessageKind, Part, PartContent, Span,
};
use crate::skipped::Skipped;

/// What the content of the app itself is called, where an app is asked for.
const BUNDLE: &str = "net.whatsapp.WhatsApp";

impl Maker<'_> {
    /// Gives a message what it says and carries.
    pub(super) fn take_content(
        &self,
        message: &mut Message,
        stored: &Stored<'_>,
        kind: i64,
        poll: Option<&StoredPoll>,
        skipped: &mut Vec<Skipped>,
    ) {
        let stored_text = stored.message.some_text(MessageColumn::Text);
        let title = stored.media.some_text(MediaColumn::Title);
        let (text, name) = match kind {
            // A document names its file in the text; its title is what was written to it, or else the name again.
            8 => {
                let name = stored_text.clone().or_else(|| title.clone());
                (title.filter(|title| Some(title) != name.as_ref()), name)
            }
            5 => (stored_text, None),
            _ => (stored_text.or_else(|| title.filter(|_| StoredMedia::is_file(kind))), None),
        };
        let media = StoredMedia::read(self.number(stored.id), kind, stored.media, name);
        match kind {
            5 => self.take_map(message, stored, media),
            4 => self.take_cards(message, stored, skipped),
            46 => self.take_poll(message, poll),
            _ if StoredMedia::is_file(kind) || media.path.is_some() => {
                message.attachments = media.resolve(self.store.source, self.store.account);
            }
            _ => {}
        }
        let is_known = StoredMedia::is_file(kind) || matches!(kind, 0 | 4 | 5 | 7 | 14 | 46);
        if !is_known {
            message.kind = MessageKind::Unsupported { what: format!("WhatsApp's type {kind}") };
        }
        self.take_card(message, stored.id, kind);
        let (text, spans) = text.map_or((None, Vec::new()), |text| {
            let (text, spans) = text::shown(text, &self.store.names);
            (Some(text), spans)
        });
        message.text = text;
        message.parts = parts(message, spans, kind == 14);
    }

    /// What a link leads to, or how much money was sent.
    fn take_card(&self, message: &mut Message, id: i64, kind: i64) {
        let guid = message.guid.as_deref().unwrap_or_default();
        let sum = self.store.payments(self.connection).sum(guid);
        let has_card = matches!(message.kind, MessageKind::App(_));
        if let Some(sum) = sum.filter(|_| !has_card) {
            let card = Card { caption: Some(sum.to_owned()), ..Card::default() };
            message.kind = app("Payment", card, AppContent::Payment);
        } else if matches!(kind, 0 | 7) {
            let previews = self.store.previews(self.connection);
            if let Some(link) = previews.link(self.connection, &self.store.schema, id) {
                message.kind = app("Link", Card::default(), AppContent::Link(link));
            }
        }
    }

    fn take_map(&self, message: &mut Message, stored: &Stored<'_>, media: StoredMedia) {
        let coordinates = stored.media.real(MediaColumn::Latitude).zip(stored.media.real(MediaColumn::Longitude));
        let coordinates = coordinates
            .filter(|(latitude, longitude)| (-90.0..=90.0).contains(latitude) && (-180.0..=180.0).contains(longitude));
        let card = |column| stored.media.some_text(column).map(|text| text.trim().to_owned());
        let place = Place {
            url: card(MediaColumn::Url).filter(|url| url.starts_with("http")),
            name: card(MediaColumn::Title),
            address: card(MediaColumn::Name).into_iter().collect(),
            coordinates,
            // So it is for every place in real data that was followed, and for none that was not.
            is_live: stored.media.integer(MediaColumn::Origin) == Some(1),
        };
        message.kind = app("Location", Card::default(), AppContent::Place(place));
        message.attachments.extend(media.map(self.store.source, self.store.account));
    }

    fn take_cards(&self, message: &mut Message, stored: &Stored<'_>, skipped: &mut Vec<Skipped>) {
        let text = |column| stored.media.some_text(column).unwrap_or_default();
        let (cards, is_cut) = cards(&text(MediaColumn::Name), &text(MediaColumn::Type));
        if is_cut {
            skipped.push(Skipped::part(
                format!("some cards of message {}", message.id),
                "there are more than the app sends",
            ));
        }
        let names: Vec<&str> = cards.iter().map(|card| card.name.as_str()).collect();
        let numbers: Vec<&str> = cards.iter().flat_map(SentCard::numbers).collect();
        let some = |words: String| Some(words).filter(|words| !words.is_empty());
        let card = Card { caption: some(names.join(", ")), subcaption: some(numbers.join(", ")), ..Card::default() };
        let what = if cards.len() > 1 { "Contacts" } else { "Contact" };
        message.kind = app(what, card, AppContent::Other);
        message.attachments = cards
            .into_iter()
            .map(|card| Attachment {
                mime: Some("text/vcard".to_owned()),
                size: Some(card.text.len() as u64),
                ..Attachment::new(
                    message.id,
                    format!("{}.vcf", card.name),
                    AttachmentContent::Inline(card.text.into_bytes()),
                )
            })
            .collect();
    }

    fn take_poll(&self, message: &mut Message, stored: Option<&StoredPoll>) {
        let Some(stored) = stored else {
            let why = "the database does not say what was asked".to_owned();
            message.kind = app("Poll", Card::default(), AppContent::Unreadable(why));
            return;
        };
        let options = stored.options.iter().enumerate();
        let mut poll = Poll {
            title: stored.question.clone(),
            options: options
                .map(|(place, text)| PollOption { id: place.to_string(), text: text.clone(), ..PollOption::default() })
                .collect(),
        };
        for (jid, places) in &stored.votes {
            let (is_from_me, sender) = self.whose(jid.as_deref());
            for place in places {
                let voter = Voter { is_from_me, sender: sender.clone(), date: None };
                // One who cannot be told from another is not the same.
                let is_known = is_from_me || sender.is_some();
                if let Some(option) = poll.options.get_mut(*place)
                    && !(is_known && option.voters.contains(&voter))
                {
                    option.voters.push(voter);
                }
            }
        }
        message.kind = app("Poll", Card::default(), AppContent::Poll(poll));
    }
}

fn app(name: &str, card: Card, content: AppContent) -> MessageKind {
    MessageKind::App(Box::new(App {
        bundle_id: BUNDLE.to_owned(),
        name: Some(name.to_owned()),
        card,
        content,
        updates: None,
    }))
}

/// What a message is made of: its files, then its words; or that it was taken back.
fn parts(message: &Message, spans: Vec<Span>, is_revoked: bool) -> Vec<Part> {
    let mut contents = Vec::new();
    if is_revoked {
        contents.push(PartContent::Unsent { date: None });
    }
    if matches!(message.kind, MessageKind::App(_)) {
        contents.push(PartContent::App);
    }
    let shown = message.attachments.iter().enumerate().filter(|(_, file)| !file.is_hidden);
    contents.extend(shown.map(|(place, _)| PartContent::Attachment(Some(place))));
    let text = message.text.as_ref().map(|text| PartContent::Text { range: 0..text.len(), spans });
    // Words come before the page that they speak of, and after a file.
    let is_first = matches!(&message.kind, MessageKind::App(app) if matches!(app.content, AppContent::Link(_)));
    match (text, is_first) {
        (Some(text), true) => contents.insert(0, text),
        (text, _) => contents.extend(text),
    }
    let numbered = contents.into_iter().zip(0..);
    numbered.map(|(content, index)| Part { index, content }).collect()
}
