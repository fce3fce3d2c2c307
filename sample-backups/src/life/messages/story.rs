//! Who wrote what, and when.
//!
//! To add a message, add a line to one of the conversations below. Columns that an era's `message` table does not have
//! are left out there; whole messages are left out of backups that were made before them.

use rusqlite::types::Value;

use super::{club, summary};
use crate::error::Result;
use crate::life::Moment;
use crate::life::people::{AMAL, ANNA, HANAKO, JONAS, MUM, Person};
use crate::mbfile::{keyed_archive, to_binary};
use crate::media;
use crate::plists::{dictionary, text};
use crate::seed::Seed;
use crate::typedstream::{self, Run};

/// What stands in a text where a file stands in the message.
pub const PLACEHOLDER: &str = "\u{fffc}";

/// A conversation.
#[derive(Debug, Clone)]
pub struct Chat {
    /// The number, address or group identifier.
    pub identifier: String,
    /// `iMessage`, `SMS`, `RCS`.
    pub service: &'static str,
    /// The name that people gave a group.
    pub name: Option<&'static str>,
    /// The addresses of everybody but Mira.
    pub participants: Vec<String>,
    /// Further columns of the row.
    pub columns: Vec<(&'static str, Value)>,
}

impl Chat {
    /// Whether it is a group.
    pub fn is_group(&self) -> bool {
        self.identifier.starts_with("chat")
    }

    /// The identifier that stays the same across backups.
    pub fn guid(&self) -> String {
        let kind = if self.is_group() { '+' } else { '-' };
        format!("{};{kind};{}", self.service, self.identifier)
    }
}

/// A file that was sent.
#[derive(Debug, Clone)]
pub struct Attached {
    /// The name that the sender's file had.
    pub name: &'static str,
    /// Uniform type identifier.
    pub uti: &'static str,
    /// Media type.
    pub mime: &'static str,
    /// The bytes.
    pub content: Vec<u8>,
    /// Whether it is a sticker.
    pub is_sticker: bool,
    /// Whether only the row is left of it.
    pub is_gone: bool,
    /// Further columns of the row.
    pub columns: Vec<(&'static str, Value)>,
}

impl Attached {
    /// An ordinary file.
    pub fn new(name: &'static str, uti: &'static str, mime: &'static str, content: Vec<u8>) -> Self {
        Self { name, uti, mime, content, is_sticker: false, is_gone: false, columns: vec![] }
    }

    /// The identifier that stays the same across backups.
    pub fn guid(&self, seed: &Seed) -> String {
        file_guid(seed, self.name)
    }

    /// Where the file lies, below the domain.
    pub fn path(&self, seed: &Seed) -> String {
        let [a, b]: [u8; 2] = seed.bytes(&format!("folder of attachment {}", self.name));
        format!("Library/SMS/Attachments/{a:02x}/{:02}/{}/{}", b % 16, self.guid(seed), self.name)
    }

    /// The extended attributes that Messages leaves on received files.
    pub fn attributes(&self) -> Vec<(String, Vec<u8>)> {
        vec![("com.apple.quarantine".into(), b"0082;00000000;Messages;".to_vec())]
    }
}

/// One message.
#[derive(Debug, Clone)]
pub struct Message {
    /// The conversation, by place in [`Story::chats`]; `None` for a message that belongs to none.
    pub chat: Option<usize>,
    /// The sender's address; `None` for Mira.
    pub from: Option<String>,
    /// When it was sent.
    pub at: Moment,
    /// The text.
    pub text: Option<String>,
    /// The attributed text, as stored.
    pub body: Option<Vec<u8>>,
    /// Further columns of the row.
    pub columns: Vec<(&'static str, Value)>,
    /// The files sent with it.
    pub files: Vec<Attached>,
    /// The name by which others refer to it.
    pub name: String,
    /// When it was deleted and may still be recovered.
    pub deleted: Option<Moment>,
    /// A part that was deleted by itself and may still be recovered: its number and its text.
    pub deleted_part: Option<(i64, &'static str)>,
    /// The address of whom an announcement is about.
    pub about: Option<&'static str>,
}

impl Message {
    /// The identifier that stays the same across backups.
    pub fn guid(&self, seed: &Seed) -> String {
        guid(seed, &self.name)
    }

    pub(super) fn with(mut self, column: &'static str, value: impl Into<Value>) -> Self {
        self.columns.push((column, value.into()));
        self
    }

    pub(super) fn with_body(mut self, text: &str, runs: &[Run]) -> Self {
        self.body = Some(typedstream::attributed(text, runs));
        self
    }

    pub(super) fn named(mut self, name: &str) -> Self {
        self.name = name.into();
        self
    }
}

/// The identifier of the message named `name`.
pub fn guid(seed: &Seed, name: &str) -> String {
    seed.uuid(&format!("message {name}"))
}

/// The identifier of the file that is called `name`.
pub fn file_guid(seed: &Seed, name: &str) -> String {
    seed.uuid(&format!("attachment {name}"))
}

/// All conversations and messages.
#[derive(Debug, Clone, Default)]
pub struct Story {
    /// The conversations.
    pub chats: Vec<Chat>,
    /// The messages, oldest first.
    pub messages: Vec<Message>,
}

/// Tells the story up to a moment, in Unix seconds, but for the club's conversation.
///
/// # Errors
/// Passes on errors of the encoders.
pub fn everyday(now: i64, seed: &Seed) -> Result<Story> {
    let mut story = Story::default();
    story.tell_everyday(seed)?;
    Ok(story.up_to(now))
}

/// Tells the whole story up to a moment: the club's conversation, which is long, has a message of each kind.
///
/// # Errors
/// Passes on errors of the encoders.
pub fn whole(now: i64, seed: &Seed) -> Result<Story> {
    let mut story = Story::default();
    story.tell_everyday(seed)?;
    club::tell(&mut story, seed)?;
    Ok(story.up_to(now))
}

impl Story {
    fn tell_everyday(&mut self, seed: &Seed) -> Result<()> {
        anna(self, seed)?;
        lisbon(self, seed)?;
        mum(self)?;
        far_friends(self)?;
        strangers(self)?;
        modern_things(self, seed)
    }

    /// What had been said by then, in order.
    fn up_to(mut self, now: i64) -> Self {
        self.messages.retain(|message| message.at.unix() <= now);
        self.messages.sort_by_key(|message| message.at);
        let used: Vec<usize> = self.messages.iter().filter_map(|message| message.chat).collect();
        // A conversation without a message remains only in the newest backups, where one was begun and left.
        let keeps_empty = now > 1_700_000_000;
        for (index, chat) in self.chats.iter_mut().enumerate() {
            if !used.contains(&index) && !keeps_empty {
                chat.participants.clear();
            }
        }
        self
    }

    pub(super) fn chat(
        &mut self,
        identifier: &str,
        service: &'static str,
        name: Option<&'static str>,
        with: &[&str],
    ) -> usize {
        self.chats.push(Chat {
            identifier: identifier.into(),
            service,
            name,
            participants: with.iter().map(|address| (*address).to_owned()).collect(),
            columns: vec![],
        });
        self.chats.len() - 1
    }

    fn with(&mut self, person: &Person, service: &'static str) -> usize {
        self.chat(person.phone, service, None, &[person.phone])
    }

    /// Says something: `from` is the sender's address, `""` for Mira. Gives the message for more to be added.
    pub(super) fn says(&mut self, chat: usize, from: &str, at: &str, text: &str) -> Result<&mut Message> {
        let index = self.messages.len();
        let from = (!from.is_empty()).then(|| from.to_owned());
        self.messages.push(Message {
            chat: Some(chat),
            from,
            at: Moment::at(at)?,
            text: Some(text.into()),
            body: Some(typedstream::plain(text)),
            columns: Vec::new(),
            files: Vec::new(),
            name: format!("{chat} {at} {text}"),
            deleted: None,
            deleted_part: None,
            about: None,
        });
        self.messages.get_mut(index).ok_or_else(|| crate::Error::Request("a message vanished".into()))
    }

    /// Says something that carries more columns.
    pub(super) fn tells(
        &mut self,
        chat: usize,
        from: &str,
        at: &str,
        text: &str,
        more: impl FnOnce(Message) -> Message,
    ) -> Result<()> {
        let message = self.says(chat, from, at, text)?;
        *message = more(message.clone());
        Ok(())
    }

    /// Sends files: every placeholder in the text is one of them, in order; each run of text is a part of its own.
    pub(super) fn sends(
        &mut self,
        chat: usize,
        from: &str,
        at: &str,
        text: &str,
        files: Vec<Attached>,
        seed: &Seed,
    ) -> Result<()> {
        let (mut runs, mut part, mut left) = (Vec::new(), 0, files.iter());
        for piece in text.split_inclusive(PLACEHOLDER) {
            let words = piece.trim_end_matches(PLACEHOLDER);
            if !words.is_empty() {
                runs.push(Run::text(words, part));
                part += 1;
            }
            if piece.ends_with(PLACEHOLDER)
                && let Some(file) = left.next()
            {
                runs.push(Run::attachment(&file.guid(seed), part));
                part += 1;
            }
        }
        let message = self.says(chat, from, at, text)?;
        message.body = Some(typedstream::attributed(text, &runs));
        message.files = files;
        message.columns.push(("part_count", Value::Integer(i64::from(part))));
        Ok(())
    }
}

/// A photo.
pub(super) fn jpeg(name: &'static str) -> Result<Attached> {
    Ok(Attached::new(name, "public.jpeg", "image/jpeg", media::jpeg(name, 40, 30)?))
}

/// The oldest conversation: it began with SMS and moved to iMessage.
fn anna(story: &mut Story, seed: &Seed) -> Result<()> {
    let sms = story.with(&ANNA, "SMS");
    story.says(sms, ANNA.phone, "2012-03-04T17:20:11Z", "Got your number from Jonas. It\u{2019}s Anna :)")?.body = None;
    story.says(sms, "", "2012-03-04T17:24:40Z", "Hi Anna! Coffee on Saturday?")?.body = None;
    story.says(sms, ANNA.phone, "2012-03-04T17:25:02Z", "Yes! 11 at the harbour \u{2615}\u{fe0f}")?.body = None;

    let chat = story.with(&ANNA, "iMessage");
    let anna = ANNA.phone;
    story.says(chat, anna, "2012-08-02T08:01:00Z", "Finally we both have iMessage")?;
    story.sends(chat, anna, "2013-06-21T21:47:19Z", "\u{fffc}Midsummer!", vec![jpeg("IMG_0412.JPG")?], seed)?;
    story.says(chat, "", "2013-06-21T21:50:00Z", "So bright at this hour \u{1f31e}")?;
    story.tells(chat, "", "2015-12-31T23:59:59Z", "Happy new year!", |message| {
        message
            .with("subject", "2016".to_owned())
            .with("date_read", Moment::at("2016-01-01T00:04:10Z").map_or(0, Moment::in_messages))
    })?;
    story.says(chat, anna, "2017-09-20T12:00:00Z", "First message with the new system")?;
    story.says(chat, ANNA.email, "2018-02-14T07:30:00Z", "Now from my iPad, does it come from my mail address?")?;
    let long = "This one is long, because short ones never find the mistakes. ".repeat(12);
    story.says(chat, anna, "2018-02-14T07:31:00Z", long.trim_end())?;
    story.says(
        chat,
        "",
        "2018-02-14T07:33:21Z",
        "<b>not bold</b> & \"quoted\" 'too' <script>alert(1)</script> =1+1",
    )?;
    story.says(chat, "", "2018-02-14T07:34:00Z", "javascript:alert(1) https://example.com/?a=1&b=<2>")?;
    story.says(chat, anna, "2018-02-14T07:35:00Z", "Two\nlines,\r\nand a tab\there")?;
    story.says(
        chat,
        anna,
        "2018-02-14T07:36:00Z",
        "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}\u{200d}\u{1f466}\u{1f3f3}\u{fe0f}\u{200d}\u{1f308}",
    )?;
    Ok(())
}

/// A group with a name that changed, photos, people who came and went.
fn lisbon(story: &mut Story, seed: &Seed) -> Result<()> {
    let members = [ANNA.phone, JONAS.phone, AMAL.phone];
    let chat = story.chat("chat190511190511190511", "iMessage", Some("Lisbon \u{1f1f5}\u{1f1f9}"), &members);
    story.says(chat, "", "2019-03-02T18:00:00Z", "Who is in for Lisbon in May?")?.name = "who is in".into();
    story.tells(chat, ANNA.phone, "2019-03-02T18:00:30Z", "", |message| {
        Message { text: None, body: None, ..message }
            .with("item_type", 2)
            .with("group_title", "Lisbon \u{1f1f5}\u{1f1f9}".to_owned())
    })?;
    let tapback = |kind: i64, target: String| {
        move |message: Message| {
            Message { body: None, ..message }
                .with("associated_message_type", kind)
                .with("associated_message_guid", format!("p:0/{target}"))
                .with("associated_message_range_length", 28)
        }
    };
    let asked = guid(seed, "who is in");
    story.tells(
        chat,
        ANNA.phone,
        "2019-03-02T18:01:00Z",
        "Loved \u{201c}Who is in for Lisbon in May?\u{201d}",
        tapback(2000, asked.clone()),
    )?;
    story.tells(
        chat,
        JONAS.phone,
        "2019-03-02T18:02:00Z",
        "Liked \u{201c}Who is in for Lisbon in May?\u{201d}",
        tapback(2001, asked.clone()),
    )?;
    story.tells(
        chat,
        JONAS.phone,
        "2019-03-02T18:03:00Z",
        "Removed a like from \u{201c}Who is in for Lisbon in May?\u{201d}",
        tapback(3001, asked.clone()),
    )?;
    story.tells(
        chat,
        AMAL.phone,
        "2024-05-11T09:00:00Z",
        "Reacted \u{1f1f5}\u{1f1f9} to \u{201c}Who is in for Lisbon in May?\u{201d}",
        |message| tapback(2006, asked)(message).with("associated_message_emoji", "\u{1f1f5}\u{1f1f9}".to_owned()),
    )?;
    let photos = vec![jpeg("IMG_2041.JPG")?, jpeg("IMG_2042.JPG")?];
    story.sends(chat, JONAS.phone, "2019-05-11T16:40:00Z", "\u{fffc}\u{fffc}From the castle", photos, seed)?;
    story.tells(chat, ANNA.phone, "2019-05-12T10:00:00Z", "", |message| {
        Message { text: None, body: None, about: Some(AMAL.phone), ..message }.with("item_type", 1)
    })?;
    story.tells(chat, JONAS.phone, "2019-05-20T10:00:00Z", "", |message| {
        Message { text: None, body: None, ..message }.with("item_type", 3)
    })?;
    Ok(())
}

/// The same words every week, a voice message, a deleted message.
fn mum(story: &mut Story) -> Result<()> {
    let chat = story.with(&MUM, "SMS");
    story.says(chat, MUM.phone, "2012-05-13T09:00:00Z", "Call me when you can. Love, Mum")?.body = None;
    story.says(chat, MUM.phone, "2014-05-11T09:00:00Z", "Call me when you can. Love, Mum")?.body = None;
    let voice = Attached::new("Audio Message.amr", "public.amr-audio", "audio/amr", media::amr(2));
    let message = story.says(chat, MUM.phone, "2020-04-12T09:00:00Z", PLACEHOLDER)?;
    message.files = vec![voice];
    message.columns = vec![("is_audio_message", Value::Integer(1))];
    let message = story.says(chat, MUM.phone, "2024-10-20T08:15:00Z", "Forget the last one, I found the keys")?;
    message.deleted = Some(Moment::at("2024-10-25T19:00:00Z")?);
    Ok(())
}

/// Right to left, and far to the east.
fn far_friends(story: &mut Story) -> Result<()> {
    let amal = story.with(&AMAL, "iMessage");
    story.says(amal, AMAL.phone, "2016-02-03T20:10:00Z", "\u{645}\u{631}\u{62d}\u{628}\u{627} \u{645}\u{64a}\u{631}\u{627}\u{60c} \u{647}\u{644} \u{646}\u{644}\u{62a}\u{642}\u{64a} \u{641}\u{64a} Lisboa\u{61f}")?;
    story.says(amal, "", "2016-02-03T20:12:00Z", "\u{646}\u{639}\u{645}! \u{1f60a}")?;
    let hanako = story.with(&HANAKO, "iMessage");
    story.says(
        hanako,
        HANAKO.phone,
        "2016-07-07T03:00:00Z",
        "\u{4e03}\u{5915}\u{304a}\u{3081}\u{3067}\u{3068}\u{3046}\u{ff01}\u{1f38b}",
    )?;
    story.says(hanako, "", "2016-07-07T05:30:00Z", "e\u{301} and \u{e9} are one letter")?;
    Ok(())
}

/// Codes from machines, groups with awkward names, a message that belongs nowhere, one that was never sent.
fn strangers(story: &mut Story) -> Result<()> {
    let code = story.chat("22000", "SMS", None, &["22000"]);
    story.says(code, "22000", "2021-01-15T06:59:00Z", "680228 is your code. Do not share it.")?;
    let one = story.chat("chat777000777000777001", "iMessage", Some("Work: A/B \\ *?"), &[JONAS.phone, HANAKO.phone]);
    story.says(one, JONAS.phone, "2021-02-01T09:00:00Z", "Stand-up in five")?;
    let two = story.chat("chat777000777000777002", "iMessage", Some("Work: A/B \\ *?"), &[JONAS.phone, AMAL.phone]);
    story.says(two, "", "2021-02-01T09:01:00Z", "Same name, other people")?;
    story.tells(two, "", "2021-02-01T09:02:00Z", "This one failed", |message| {
        message.with("error", 22).with("is_sent", 0).with("is_finished", 1)
    })?;
    story.says(0, ANNA.phone, "2021-03-01T09:00:00Z", "I belong to no conversation")?.chat = None;
    let rcs = story.chat("+14155550188", "RCS", None, &["+14155550188"]);
    story.says(rcs, "+14155550188", "2024-10-01T10:00:00Z", "Hello from an Android phone")?;
    story.chat("+14155550199", "iMessage", None, &["+14155550199"]);
    Ok(())
}

/// What came with iOS 14 to 18: replies, edits, unsent messages, link previews, and a kind that nobody knows yet.
fn modern_things(story: &mut Story, seed: &Seed) -> Result<()> {
    let (chat, anna) = (1, ANNA.phone);
    story.says(chat, anna, "2022-10-01T10:00:00Z", "Museum or beach?")?.name = "museum or beach".into();
    let question = guid(seed, "museum or beach");
    story.tells(chat, "", "2022-10-01T10:01:00Z", "Beach", |message| {
        message
            .with("thread_originator_guid", question.clone())
            .with("thread_originator_part", "0:0:16".to_owned())
            .with("reply_to_guid", question)
    })?;
    let first = Moment::at("2022-10-01T10:05:00Z")?;
    let edits = [(first, "See you at noon"), (first.later(40), "See you at one")];
    story.tells(chat, "", "2022-10-01T10:05:00Z", "See you at one", |message| {
        message.with("date_edited", first.later(40).in_messages())
    })?;
    let edited = summary::edited(&edits)?;
    if let Some(message) = story.messages.last_mut() {
        message.columns.push(("message_summary_info", Value::Blob(edited)));
    }
    let unsent = summary::unsent()?;
    story.tells(chat, anna, "2022-10-01T10:06:00Z", "", |message| {
        Message { text: None, body: None, ..message }
            .with("date_edited", first.later(90).in_messages())
            .with("message_summary_info", unsent)
    })?;
    let preview = link_preview("https://example.com/beach", "The beach", "Sand, mostly")?;
    story.tells(chat, anna, "2022-10-01T10:07:00Z", "https://example.com/beach", |message| {
        message
            .with("balloon_bundle_id", "com.apple.messages.URLBalloonProvider".to_owned())
            .with("payload_data", preview)
    })?;
    let mention = Run { mention: Some(ANNA.phone.into()), ..Run::text("Anna", 0) };
    story.tells(2, JONAS.phone, "2022-10-02T09:00:00Z", "Anna, look", |message| Message {
        body: Some(typedstream::attributed("Anna, look", &[mention, Run::text(", look", 0)])),
        ..message
    })?;
    story.tells(chat, "", "2022-10-03T09:00:00Z", "With confetti", |message| {
        message.with("expressive_send_style_id", "com.apple.messages.effect.CKConfettiEffect".to_owned())
    })?;
    story.says(chat, anna, "2023-01-01T00:00:00Z", "Only in the attributed body")?.text = None;
    let sun = Attached::new("sun.png", "public.png", "image/png", media::png("sun", 16, 16)?);
    let sticker = Attached { is_sticker: true, ..sun };
    story.sends(chat, anna, "2023-07-01T12:00:00Z", PLACEHOLDER, vec![sticker], seed)?;
    story.tells(chat, anna, "2024-09-30T12:00:00Z", "", |message| {
        Message { text: None, body: None, ..message }
            .named("hologram")
            .with("item_type", 77)
            .with("balloon_bundle_id", "com.apple.messages.Hologram".to_owned())
            .with("payload_data", b"a form that nobody knows yet".to_vec())
    })?;
    story.says(chat, "", "2024-11-02T22:10:00Z", "Good night \u{1f319}")?;
    Ok(())
}

/// The content of a link with a preview.
///
/// # Errors
/// Passes on errors of the encoder.
pub fn link_preview(url: &str, title: &str, summary: &str) -> Result<Vec<u8>> {
    let uid = |number| plist::Value::Uid(plist::Uid::new(number));
    let class = |name: &str| {
        let classes = plist::Value::Array(vec![text(name), text("NSObject")]);
        dictionary([("$classname", text(name)), ("$classes", classes)])
    };
    to_binary(&keyed_archive(vec![
        text("$null"),
        dictionary([
            ("richLinkMetadata", uid(2)),
            ("richLinkIsPlaceholder", plist::Value::Boolean(false)),
            ("$class", uid(8)),
        ]),
        dictionary([
            ("title", uid(3)),
            ("summary", uid(4)),
            ("URL", uid(5)),
            ("originalURL", uid(5)),
            ("version", plist::Value::Integer(1.into())),
            ("$class", uid(7)),
        ]),
        text(title),
        text(summary),
        dictionary([("NS.base", uid(0)), ("NS.relative", uid(6)), ("$class", uid(9))]),
        text(url),
        class("LPLinkMetadata"),
        class("RichLink"),
        class("NSURL"),
    ]))
}
