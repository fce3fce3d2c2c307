//! Every kind of message, one by one: the records and the pages of `corer messages` show it.
//!
//! The conversation is in `sample-backups/src/life/messages/club`; each line below names one message of it by what its
//! record says, and what its page says at the place of that message.

use std::path::{Path, PathBuf};

use crate::support::{Corer, sample};
use serde_json::Value;

/// The kind; where in a record it is said, and what; what the page says.
type Line = (&'static str, &'static str, &'static str, &'static str);

const WORDS: &[Line] = &[
    ("bold text", "/parts/0/spans/0/style", "bold", "<b>bold</b>"),
    ("italic text", "/parts/0/spans/1/style", "italic", "<i>italic</i>"),
    ("underlined text", "/parts/0/spans/2/style", "underline", "<u>underlined</u>"),
    ("text struck through", "/parts/0/spans/3/style", "strikethrough", "<s>old</s>"),
    ("big text", "/parts/0/spans/0/value", "Big", "fx Big"),
    ("small text", "/parts/0/spans/1/value", "Small", "fx Small"),
    ("shaking text", "/parts/0/spans/2/value", "Shake", "fx Shake"),
    ("nodding text", "/parts/0/spans/3/value", "Nod", "fx Nod"),
    ("exploding text", "/parts/0/spans/4/value", "Explode", "fx Explode"),
    ("rippling text", "/parts/0/spans/5/value", "Ripple", "fx Ripple"),
    ("blooming text", "/parts/0/spans/6/value", "Bloom", "fx Bloom"),
    ("jittering text", "/parts/0/spans/7/value", "Jitter", "fx Jitter"),
    ("mention", "/parts/0/spans/0/style", "mention", "<b class=\"mention\">Jonas</b>"),
    ("link", "/parts/0/spans/0/value", "https://example.com/tides", "href=\"https://example.com/tides\""),
    ("picture in a line", "/parts/0/spans/0/style", "picture", "alt=\"an otter that waves\"> from the jetty"),
    (
        "a day that the phone found",
        "/parts/0/spans/0/value",
        "date",
        "<span class=\"found\" title=\"Date\">Tomorrow</span>",
    ),
    ("an address", "/parts/0/spans/1/fields/City", "Oslo", "title=\"Address\">12 Pier Road, 0252 Oslo</span>"),
    ("a price", "/parts/0/spans/2/fields/IntegralValue", "16", "title=\"Money\">$16</span>"),
    ("a parcel", "/parts/0/spans/3/fields/UPS", "1Z999AA10123456784", "title=\"Parcel\">1Z999AA10123456784</span>"),
    ("subject", "/subject", "For Saturday", "<p class=subject dir=auto>For Saturday</p>"),
    ("when it was delivered", "/date_delivered", "2024-10-10T09:06:02+00:00", "Delivered 09:06:02"),
    ("when it was read", "/date_read", "2024-10-10T09:08:00+00:00", "read 09:08:00"),
    ("edited", "/edits/0/versions/1/text", "Meet at the old bridge", "Meet at the old bridge"),
    ("part taken back", "/parts/1/kind", "unsent", "took this back"),
    ("message taken back", "/parts/0/kind", "unsent", "took this back"),
    ("part deleted", "/deleted/parts/0/text", "the second half was deleted", "the second half was deleted"),
    ("message deleted", "/deleted/is_whole", "true", "still in Recently Deleted"),
    ("translated", "/translation/text", "The water is cold today", "lang=\"en-GB\">The water is cold today"),
    ("reply", "/reply_to/part", "1", "aria-label=\"In reply to\""),
];

const REACTIONS: &[Line] = &[
    ("loved", "/tapbacks/0/reaction", "loved", "\u{2764}\u{fe0f}<span> <bdi>Anna"),
    ("liked, and taken back", "/tapbacks/1/removed", "true", "We start at six"),
    ("disliked", "/tapbacks/2/reaction", "disliked", "\u{1f44e}"),
    ("laughed", "/tapbacks/3/reaction", "laughed", "\u{1f602}"),
    ("emphasized", "/tapbacks/4/reaction", "emphasized", "\u{203c}"),
    ("questioned", "/tapbacks/5/reaction", "questioned", "\u{2753}"),
    ("any emoji", "/tapbacks/6/emoji", "\u{1f6f6}", "<li>\u{1f6f6}<span>"),
    ("sticker on a message", "/tapbacks/0/sticker/name", "paw.png", "attachments/paw-"),
    ("sticker put by hand", "/tapbacks/1/sticker/name", "shell.png", "attachments/shell-"),
    ("reaction to a message that is gone", "/kind", "tapback", "Loved \u{201c}Long deleted\u{201d}"),
];

const FILES: &[Line] = &[
    ("photo", "/attachments/1/name", "IMG_5002.JPG", "alt=\"IMG_5002.JPG\""),
    ("film", "/attachments/0/name", "rapids.mov", "<video controls preload=none"),
    ("document", "/attachments/0/name", "route.pdf", "download=\"route.pdf\""),
    ("contact card", "/attachments/0/mime", "text/vcard", "download=\"Old Pier.vcf\""),
    ("file that is gone", "/attachments/0/status", "missing", "is not in this backup"),
    ("audio message, played", "/delivery/is_played", "true", "Audio message, played"),
    ("what it says", "/attachments/0/transcription", "The river is high, bring boots", "The river is high"),
    ("audio message, kept", "/announcement/what", "audio_kept", "You kept an audio message"),
    ("Genmoji", "/attachments/0/sticker/words", "otter in a kayak", "alt=\"otter in a kayak\""),
    ("Memoji", "/attachments/0/sticker/source", "memoji", "Memoji sticker"),
    ("sticker of a photo", "/attachments/0/sticker/effect", "outline", "Sticker made from a photo (outline)"),
];

const APPS: &[Line] = &[
    ("link with a preview", "/app/content/title", "The weather", "Sun, mostly"),
    ("song with its words", "/app/content/lyrics/1", "row your boat", "The Paddlers"),
    ("app of the App Store", "/app/kind", "software", "High and low"),
    ("place", "/app/kind", "place", "1200-001 Lisboa"),
    ("shared document", "/app/kind", "collaboration", "Freeform"),
    ("money", "/app/kind", "payment", "$12.50 for the boat"),
    ("fitness", "/app/kind", "fitness", "all three rings"),
    ("photos", "/app/kind", "slideshow", "12 photos from the river"),
    ("check-in", "/app/content/expected", "2024-10-10T10:00:00+00:00", "Expected 2024-10-10 10:00"),
    ("check-in, sent", "/app/content/sent", "2024-10-10T09:53:20+00:00", "Check In: arrived"),
    ("check-in, overdue", "/app/content/overdue", "2024-10-10T11:00:00+00:00", "Overdue from"),
    ("Find My", "/app/kind", "find_my", "Anna shares her place"),
    ("any other app", "/app/name", "Boats & Ports", "Boats &#38; Ports"),
    ("handwriting", "/app/kind", "handwriting", "<svg class=\"drawing\" viewBox=\"0 0 350 120\""),
    ("sketch", "/app/content/kind", "sketch", "stroke=\"#ff3b30\""),
    ("heartbeat", "/app/title", "A heartbeat, 72 beats a minute", "A heartbeat"),
    ("broken heart", "/app/title", "A heart that breaks, 72 beats a minute", "A heart that breaks"),
    ("taps", "/app/content/kind", "taps", "<circle"),
    ("kiss", "/app/content/kind", "kisses", "A kiss"),
    ("fireball", "/app/content/kind", "fireball", "A fireball"),
    ("poll", "/app/content/options/1/text", "Sunday", "Which day?"),
    ("votes", "/app/content/options/1/voters/1/sender/name", "Jonas M\u{fc}ller", "Me, Jonas M\u{fc}ller"),
    ("poll that got an option", "/app/content/options/2/text", "Friday evening", "Friday evening"),
];

const EVENTS: &[Line] = &[
    ("added", "/announcement/what", "added", "Anna Kowalczyk added \u{82b1}\u{5b50}"),
    ("removed", "/announcement/what", "removed", "removed \u{82b1}\u{5b50}"),
    ("another number", "/announcement/what", "number_changed", "has another number"),
    ("left", "/announcement/what", "left", "left the conversation"),
    ("named", "/announcement/name", "Kayak club \u{1f6f6}", "named the conversation"),
    ("name taken away", "/announcement/what", "renamed", "took the name of the conversation away"),
    ("photo changed", "/announcement/what", "photo_changed", "changed the picture of the group"),
    ("the photo", "/attachments/0/name", "GroupPhotoImage.JPG", "alt=\"GroupPhotoImage.JPG\""),
    ("photo removed", "/announcement/what", "photo_removed", "took the picture of the group away"),
    ("background changed", "/announcement/what", "background_changed", "changed the background"),
    ("background removed", "/announcement/what", "background_removed", "took the background away"),
    ("place shared", "/announcement/what", "location_started", "started to share a location with Anna"),
    ("place no longer shared", "/announcement/what", "location_stopped", "no longer shares a location"),
    ("SharePlay", "/announcement/what", "shareplay", "SharePlay"),
    ("an event that nobody knows yet", "/announcement/action", "9", "(type 3, action 9)"),
    ("a row that nobody knows yet", "/what", "item type 78", "cannot show (item type 78)"),
    ("a reaction that nobody knows yet", "/what", "associated message type 4321", "A reaction of tomorrow"),
];

const TRAVELS: &[Line] = &[
    ("waits for its time", "/delivery/schedule", "pending", "Waits to be sent"),
    ("sent at its time", "/delivery/schedule", "sent", "Sent later"),
    ("failed", "/delivery/error", "22", "Not delivered (error 22)"),
    ("by satellite", "/delivery/by_satellite", "true", "By satellite"),
    ("waits for a satellite", "/delivery/waits_for_satellite", "true", "Waits for a satellite"),
    ("downgraded", "/delivery/was_downgraded", "true", "Sent as a text message"),
    ("quiet", "/delivery/was_quiet", "true", "Delivered quietly"),
    ("automatic", "/delivery/is_auto_reply", "true", "Automatic reply"),
    ("emergency", "/delivery/is_sos", "true", "Emergency message"),
    ("spam", "/delivery/is_spam", "true", "Taken for junk"),
    ("SMS", "/service", "SMS", "<li class=\"m me sms"),
    ("RCS", "/service", "RCS", "<li class=\"m me sms"),
    ("iMessage by satellite", "/service", "iMessageLite", "By satellite"),
    ("a service that nobody knows yet", "/service", "Pigeon", "By Pigeon"),
    ("an effect that nobody knows yet", "/effect", "com.example.effect.Fog", "Sent with com.example.effect.Fog"),
];

const EFFECTS: [&str; 13] = [
    "Slam",
    "Loud",
    "Gentle",
    "Invisible Ink",
    "Echo",
    "Spotlight",
    "Balloons",
    "Confetti",
    "Love",
    "Lasers",
    "Fireworks",
    "Shooting Star",
    "Celebration",
];

/// An export of a sample.
struct Export {
    _home: Corer,
    out: PathBuf,
    records: Vec<Value>,
}

impl Export {
    fn of(backup: &str) -> Self {
        let corer = Corer::new();
        let out = corer.home.path().join("out");
        corer.unlock(&["messages", "-b", &sample(backup), "-o", out.to_str().unwrap()]).ends_with(0);
        let records = std::fs::read_to_string(out.join("messages.jsonl")).unwrap();
        let records = records.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        Self { _home: corer, out, records }
    }

    /// The record and the page of the conversation with this title.
    fn chat(&self, title: &str) -> (&Value, String) {
        let chat = self.records.iter().find(|record| record["type"] == "chat" && record["title"] == title).unwrap();
        (chat, page(&self.out, title))
    }

    /// The first message of a conversation whose record says so.
    fn message(&self, chat: &Value, place: &str, value: &str) -> Option<&Value> {
        let says = |record: &&Value| {
            record["type"] == "message"
                && record["chat_id"] == chat["id"]
                && record.pointer(place).map(in_words).as_deref() == Some(value)
        };
        self.records.iter().find(says)
    }
}

/// A text as it is, everything else as JSON.
fn in_words(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Markup without what keeps the direction of names to themselves.
fn without_isolation(markup: &str) -> String {
    markup.replace("<bdi>", "").replace("</bdi>", "")
}

/// The page of the conversation with this title.
fn page(out: &Path, title: &str) -> String {
    let headings = [format!("<h1><bdi>{title}</bdi></h1>"), format!("<h1>{title}</h1>")];
    let folders = std::fs::read_dir(out).unwrap().map(|entry| entry.unwrap().path().join("index.html"));
    let mut pages = folders.filter_map(|page| std::fs::read_to_string(page).ok());
    pages
        .find(|page| headings.iter().any(|heading| page.contains(heading)))
        .unwrap_or_else(|| panic!("no page of {title}"))
}

/// The markup of one message.
fn shown<'p>(page: &'p str, message: &Value) -> &'p str {
    let mark = format!(" id=m-{}", &message["guid"].as_str().unwrap()[..8]);
    let at = page.find(&mark).unwrap_or_else(|| panic!("{mark} is not on the page"));
    let start = page[..at].rfind("<li").unwrap();
    let length = page[at + 1..].find(" id=m-").map_or(page.len() - start, |next| at + 1 + next - start);
    &page[start..start + length]
}

#[test]
fn every_kind_is_in_the_records_and_on_the_page() {
    let export = Export::of("ios26-encrypted");
    let (chat, page) = export.chat("Kayak club \u{1f6f6}");
    let mut wrong = Vec::new();
    let mut check = |(kind, place, value, words): Line| match export
        .message(chat, place, value)
        .map(|message| shown(&page, message))
    {
        None => wrong.push(format!("{kind}: no record with {value} at {place}")),
        Some(markup) if ![markup, &without_isolation(markup)].iter().any(|markup| markup.contains(words)) => {
            wrong.push(format!("{kind}: no {words} in {markup}"))
        }
        Some(_) => {}
    };
    [WORDS, REACTIONS, FILES, APPS, EVENTS, TRAVELS].into_iter().flatten().copied().for_each(&mut check);
    for effect in EFFECTS {
        check(("effect", "/effect", effect, effect));
    }
    assert!(wrong.is_empty(), "{} kinds are not shown:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn what_a_conversation_is_stands_at_it() {
    let export = Export::of("ios26-encrypted");
    let (club, page) = export.chat("Kayak club \u{1f6f6}");
    assert_eq!((&club["read_receipts"], &club["has_background"]), (&Value::Bool(true), &Value::Bool(true)));
    assert!(page.contains("<img class=face loading=lazy src=\"../faces/"), "the picture of the group");
    for (title, filtered, words) in
        [("+14155550166", "spam", "Taken for junk"), ("+14155550167", "blocked", "Taken for junk")]
    {
        let (chat, page) = export.chat(title);
        assert_eq!(chat["filtered"], filtered, "{title}");
        assert!(page.contains(words), "{title}");
    }
    // What belongs to no conversation has one of its own.
    let (chat, page) = export.chat("Messages without a conversation");
    let message = export.message(chat, "/text", "I belong to no conversation").unwrap();
    assert!(shown(&page, message).contains("I belong to no conversation"));
}

#[test]
fn companies_ask_and_are_answered() {
    let export = Export::of("ios18");
    let (chat, page) = export.chat("Business 11111111");
    for (kind, words) in [
        ("quick_reply", "Is the boat ready?"),
        ("list_picker", "Kayaks: Blue (For two)"),
        ("time_picker", "When do you come?"),
        ("form", "How can we help?"),
        ("form_answer", "\u{2713} Name: Mira"),
    ] {
        let message = export.message(chat, "/app/content/kind", kind).unwrap_or_else(|| panic!("{kind}"));
        assert!(shown(&page, message).contains(words), "{kind}");
    }
}
