//! A message of each kind that phones of today know, in a group that paddles.
//!
//! `tests/messages/kinds.rs` goes through them one by one: whoever adds a kind here adds a line there.

mod apps;
mod changes;
mod company;
mod events;
mod files;
mod later;
mod links;
mod travels;
mod words;

use plist::Value as Plist;
use rusqlite::types::Value;

use super::story::{Message, PLACEHOLDER, Story};
use crate::error::Result;
use crate::life::people::{AMAL, ANNA, JONAS};
use crate::mbfile::to_binary;
use crate::plists::{dictionary, text};
use crate::seed::Seed;
use crate::typedstream::{self, Run};

/// The picture of the group.
const PHOTO: &str = "GroupPhotoImage.JPG";

/// The group, and the time of day that moves on as they write.
struct Club<'a> {
    story: &'a mut Story,
    seed: &'a Seed,
    chat: usize,
    day: &'static str,
    minute: u32,
}

/// Tells what the club wrote.
///
/// # Errors
/// Passes on errors of the encoders.
pub(super) fn tell(story: &mut Story, seed: &Seed) -> Result<()> {
    let members = [ANNA.phone, JONAS.phone, AMAL.phone];
    let chat = story.chat("chat241010241010241010", "iMessage", Some("Kayak club \u{1f6f6}"), &members);
    if let Some(chat) = story.chats.get_mut(chat) {
        chat.columns.push(("properties", Value::Blob(properties(seed)?)));
    }
    let mut club = Club { story, seed, chat, day: "2024-10-10", minute: 0 };
    club.styles()?;
    club.ranges()?;
    club.reactions()?;
    club.files()?;
    club.stickers()?;
    club.links()?;
    club.cards()?;
    club.drawings()?;
    club.poll()?;
    club.announcements()?;
    club.changes()?;
    club.deliveries()?;
    club.effects()?;
    club.unknown()?;
    club.found()?;
    club.later()?;
    company::tell(club.story)?;
    company::unwanted(club.story)
}

/// What the phone remembers about the group.
fn properties(seed: &Seed) -> Result<Vec<u8>> {
    to_binary(&dictionary([
        ("groupPhotoGuid", text(super::story::file_guid(seed, PHOTO))),
        ("EnableReadReceiptForChat", Plist::Boolean(true)),
        ("backgroundProperties", dictionary([("trabar", text("waves"))])),
    ]))
}

impl Club<'_> {
    /// The next moment.
    fn now(&mut self) -> String {
        self.minute += 1;
        format!("{}T{:02}:{:02}:00Z", self.day, 9 + self.minute / 60, self.minute % 60)
    }

    fn says(&mut self, from: &str, words: &str, more: impl FnOnce(Message) -> Message) -> Result<()> {
        let at = self.now();
        self.story.tells(self.chat, from, &at, words, more)
    }

    fn rich(&mut self, from: &str, words: &str, runs: Vec<Run>) -> Result<()> {
        self.says(from, words, |message| Message { body: Some(typedstream::attributed(words, &runs)), ..message })
    }

    /// Sends the content of an app. The placeholder names the picture of its bubble, which phones do not back up.
    fn app(&mut self, from: &str, bundle: &str, payload: Vec<u8>) -> Result<()> {
        let bundle = bundle.to_owned();
        let picture = self.seed.uuid(&format!("picture {} {}", self.day, self.minute));
        self.says(from, PLACEHOLDER, |message| {
            let body = typedstream::attributed(PLACEHOLDER, &[Run::attachment(&picture, 0)]);
            Message { body: Some(body), ..message }.with("balloon_bundle_id", bundle).with("payload_data", payload)
        })
    }

    /// Tells what happened to the group. `about`: the address of whom it happened to.
    fn announces(&mut self, from: &str, about: Option<&'static str>, columns: &[(&'static str, i64)]) -> Result<()> {
        self.says(from, "", |message| {
            let bare = Message { text: None, body: None, about, ..message };
            columns.iter().fold(bare, |message, (column, value)| message.with(column, *value))
        })
    }

    fn change_last(&mut self, change: impl FnOnce(Message) -> Message) {
        if let Some(message) = self.story.messages.last_mut() {
            *message = change(message.clone());
        }
    }

    fn name_last(&mut self, name: &str) {
        self.change_last(|message| message.named(name));
    }
}
