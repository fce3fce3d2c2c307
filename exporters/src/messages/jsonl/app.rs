//! The content of apps in records.

use corer_schemas::messages::app::{Business, BusinessKind, CheckIn, Handwriting, Link, Place, Poll, Touch};
use corer_schemas::messages::{App, AppContent};
use jiff::tz::TimeZone;
use serde::Serialize;
use serde_json::{Value, json};

use super::person::Person;
use crate::clock::exact;
use crate::messages::card::{AppCard, touch_words};

/// What an app says: in words for all of them, and as data where more is known.
#[derive(Serialize)]
pub(super) struct AppRecord<'a> {
    /// What it is: `link`, `poll`, `payment` …
    kind: &'static str,
    /// What people call the app.
    name: String,
    title: Option<String>,
    lines: Vec<String>,
    url: Option<&'a str>,
    /// What stands for the bubble where it cannot be shown, as stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<&'a str>,
    /// The message that it goes on from.
    #[serde(skip_serializing_if = "Option::is_none")]
    updates: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<Value>,
}

impl<'a> AppRecord<'a> {
    pub(super) fn new(app: &'a App, zone: &TimeZone) -> Self {
        let (kind, content) = content(&app.content, zone);
        let AppCard { name, title, lines, url } = AppCard::new(app, zone);
        Self {
            kind,
            name: name.into_owned(),
            title: title.map(Into::into),
            lines: lines.into_iter().map(Into::into).collect(),
            url,
            summary: app.card.summary.as_deref(),
            updates: app.updates.as_deref(),
            content,
        }
    }
}

fn content(content: &AppContent, zone: &TimeZone) -> (&'static str, Option<Value>) {
    match content {
        AppContent::Other => ("other", None),
        AppContent::Unreadable(why) => ("unreadable", Some(json!({ "why": why }))),
        AppContent::Link(link) => ("link", Some(link_data(link))),
        AppContent::Music(music) => (
            "music",
            Some(json!({
                "track": music.track, "artist": music.artist, "album": music.album, "preview": music.preview,
                "lyrics": music.lyrics,
            })),
        ),
        AppContent::Software(app) => {
            ("software", Some(json!({ "name": app.name, "genre": app.genre, "platform": app.platform })))
        }
        AppContent::Place(place) => ("place", Some(place_data(place))),
        AppContent::Collaboration(shared) => {
            ("collaboration", Some(json!({ "title": shared.title, "app": shared.app })))
        }
        AppContent::Payment => ("payment", None),
        AppContent::Fitness => ("fitness", None),
        AppContent::Slideshow => ("slideshow", None),
        AppContent::CheckIn(check_in) => ("check_in", Some(check_in_data(check_in, zone))),
        AppContent::FindMy => ("find_my", None),
        AppContent::Poll(poll) => ("poll", Some(poll_data(poll, zone))),
        AppContent::Business(business) => ("business", Some(business_data(business))),
        AppContent::Handwriting(writing) => ("handwriting", Some(handwriting_data(writing))),
        AppContent::Touch(touch) => ("touch", Some(touch_data(touch))),
    }
}

fn link_data(link: &Link) -> Value {
    json!({
        "url": link.url, "original_url": link.original_url, "title": link.title, "summary": link.summary,
        "site": link.site, "kind": link.kind, "author": link.author, "images": link.images,
        "is_placeholder": link.is_placeholder,
    })
}

fn place_data(place: &Place) -> Value {
    let coordinates = place.coordinates.map(|(latitude, longitude)| [latitude, longitude]);
    let mut data = json!({ "name": place.name, "address": place.address, "coordinates": coordinates });
    if let (true, Some(data)) = (place.is_live, data.as_object_mut()) {
        data.insert("is_live".to_owned(), true.into());
    }
    data
}

fn check_in_data(check_in: &CheckIn, zone: &TimeZone) -> Value {
    json!({
        "expected": exact(check_in.expected, zone), "overdue": exact(check_in.overdue, zone),
        "sent": exact(check_in.sent, zone),
        // Nothing in the data says so. The field stays for whoever reads it.
        "arrived": null,
    })
}

fn poll_data(poll: &Poll, zone: &TimeZone) -> Value {
    let options = poll.options.iter().map(|option| {
        let voters = option.voters.iter().map(|voter| {
            json!({
                "is_from_me": voter.is_from_me, "sender": Person::of(&voter.sender), "date": exact(voter.date, zone),
            })
        });
        let voters: Vec<Value> = voters.collect();
        json!({ "id": option.id, "text": option.text, "creator": option.creator, "voters": voters })
    });
    json!({ "title": poll.title, "options": options.collect::<Vec<_>>() })
}

fn business_data(business: &Business) -> Value {
    let kind = match business.kind {
        BusinessKind::QuickReply => "quick_reply",
        BusinessKind::ListPicker => "list_picker",
        BusinessKind::TimePicker => "time_picker",
        BusinessKind::Form => "form",
        BusinessKind::FormAnswer => "form_answer",
        BusinessKind::Other => "other",
    };
    let items = business.items.iter().map(|item| {
        json!({ "label": item.label, "text": item.text, "subtitle": item.subtitle, "is_chosen": item.is_chosen })
    });
    json!({ "kind": kind, "items": items.collect::<Vec<_>>() })
}

fn handwriting_data(writing: &Handwriting) -> Value {
    json!({ "width": writing.width, "height": writing.height, "strokes": writing.strokes.len() })
}

fn touch_data(touch: &Touch) -> Value {
    let kind = match touch {
        Touch::Taps(_) => "taps",
        Touch::Sketch(_) => "sketch",
        Touch::Kisses(_) => "kisses",
        Touch::Heartbeat { .. } => "heartbeat",
        Touch::Fireball(_) => "fireball",
        Touch::Media(_) => "media",
        Touch::Other(_) => "other",
    };
    json!({ "kind": kind, "words": touch_words(touch) })
}
