//! A conversation with one of every kind of message, in words of the caller's choice.

use std::sync::Arc;

use corer_schemas::Absence;
use corer_schemas::messages::app::*;
use corer_schemas::messages::*;

use super::{Memory, entry, handle, time};

/// Says what stands in a field: the words given, or something else in their place.
pub type Say<'s> = dyn Fn(&str) -> String + 's;

/// Adds a group in which every kind of message is sent, and gives its number.
pub fn add(memory: &mut Memory, say: &Say<'_>) -> i64 {
    let (anna, ben) = (say("Anna Kowalczyk"), say("Ben"));
    let chat = memory.chat(
        &say("iMessage;+;everything"),
        Some(&say("Everything")),
        &[(&say("+49170"), Some(&anna)), (&say("ben@example.org"), Some(&ben))],
    );
    let own = memory.chats.last_mut().unwrap();
    own.is_group = true;
    own.filtered = Filtered::UnknownSender;
    own.properties.own_handle = Some(say("+15550100"));
    own.merged = vec![Origin { id: 77, guid: say("SMS;+;x"), identifier: say("x"), service: Some(Service::Sms) }];
    let mut script = Script { memory, chat, say, minute: 0 };
    script.texts();
    script.history();
    script.files();
    script.links();
    script.apps();
    script.drawings();
    script.announcements();
    script.rest();
    chat
}

struct Script<'a> {
    memory: &'a mut Memory,
    chat: i64,
    say: &'a Say<'a>,
    minute: u32,
}

impl Script<'_> {
    fn message(&mut self, from: Option<usize>, text: &str) -> &mut Message {
        self.minute += 3;
        let at = format!("2024-05-11T{:02}:{:02}:00", 9 + self.minute / 60, self.minute % 60);
        let text = if text.is_empty() { String::new() } else { (self.say)(text) };
        let message = self.memory.say(self.chat, from, &at, &text);
        if !text.is_empty() {
            let range = 0..text.len();
            message.parts = vec![Part { index: 0, content: PartContent::Text { range, spans: Vec::new() } }];
        }
        message
    }

    fn app(&mut self, from: Option<usize>, content: AppContent, card: Card) -> &mut Message {
        let bundle_id = (self.say)("com.example.App.ext");
        let message = self.message(from, "");
        message.parts = vec![Part { index: 0, content: PartContent::App }];
        message.kind = MessageKind::App(Box::new(App { bundle_id, card, content, ..App::default() }));
        message
    }

    fn some(&self, words: &str) -> Option<String> {
        Some((self.say)(words))
    }

    fn sender(&self, name: &str) -> Sender {
        Some(Arc::new(handle(&(self.say)("+49170"), Some(&(self.say)(name)))))
    }

    fn texts(&mut self) {
        let (subject, link, mention) =
            (self.some("The plan"), (self.say)("https://example.org/"), (self.say)("+49170"));
        self.message(Some(0), "Bold, italic and 123456, see example").subject = subject;
        let message = self.memory.messages.get_mut(&self.chat).unwrap().last_mut().unwrap();
        let whole = message.text.as_ref().unwrap().len();
        let styles = [
            (0..4, Style::Bold),
            (2..12, Style::Italic),
            (0..1, Style::Underline),
            (1..2, Style::Strikethrough),
            (4..9, Style::Effect(TextEffect::Shake)),
            (0..3, Style::Link(link)),
            (6..8, Style::Mention(mention)),
            (8..9, Style::OneTimeCode),
            (
                9..10,
                Style::Detected(Box::new(Detected {
                    kind: DetectedKind::Other((self.say)("Thing")),
                    fields: vec![((self.say)("Name"), (self.say)("Value"))],
                    date: None,
                })),
            ),
            (10..11, Style::Picture(Some(7))),
        ];
        let text = message.text.clone().unwrap();
        let spans = styles
            .into_iter()
            .filter(|(range, _)| text.get(range.clone()).is_some() && range.end <= whole)
            .map(|(range, style)| Span { range, style })
            .collect();
        message.parts = vec![Part { index: 0, content: PartContent::Text { range: 0..whole, spans } }];
        self.message(None, "🎈🎈");
        self.message(Some(1), "See https://example.org/a?b=1&c=2 or mail me@example.org");
    }

    fn history(&mut self) {
        let excerpt = self.some("Bold, italic and 123456");
        let (sender, language, translated) =
            (self.sender("Anna Kowalczyk"), self.some("en-GB"), (self.say)("See you soon"));
        let first = self.memory.messages[&self.chat][0].id;
        let reply = Reply {
            guid: (self.say)("0000-0001"),
            part: 0,
            id: Some(first),
            date: Some(time("2024-05-11T09:03:00")),
            is_from_me: false,
            sender: sender.clone(),
            excerpt,
        };
        let answer = self.message(None, "À bientôt");
        answer.reply_to = Some(Box::new(reply));
        answer.translation = Some(Box::new(Translation { language, text: translated }));
        answer.date_read = Some(time("2024-05-11T10:00:00"));
        answer.date_delivered = Some(time("2024-05-11T09:30:00"));
        let id = answer.id;
        self.memory.messages.get_mut(&self.chat).unwrap()[0].replies = vec![id];

        let reactions = [
            Reaction::Loved,
            Reaction::Loved,
            Reaction::Emoji((self.say)("🎉")),
            Reaction::Other(2999),
            Reaction::Sticker(Some(Box::new(Attachment {
                sticker: Some(Box::new(Sticker { source: StickerSource::Memoji, pack: None, effect: None })),
                ..Attachment::new(
                    900,
                    (self.say)("wave.png"),
                    AttachmentContent::File(entry(9001, corer_schemas::Presence::Present)),
                )
            }))),
        ];
        self.memory.files.insert(9001, PNG.to_vec());
        let tapbacks = reactions.into_iter().enumerate().map(|(number, reaction)| Tapback {
            id: 500 + number as i64,
            guid: self.some("t-1"),
            date: Some(time("2024-05-11T10:05:00")),
            is_from_me: number == 1,
            sender: if number == 1 { None } else { sender.clone() },
            target: self.some("0000-0001"),
            part: 0,
            reaction,
            removed: false,
            removed_by: None,
            text: self.some("Loved"),
        });
        let tapbacks = tapbacks.collect();
        self.message(Some(1), "Who brings cake?").tapbacks = tapbacks;

        let versions = ["I bring caek", "I bring cake"].map(|text| Version {
            date: Some(time("2024-05-11T09:40:00")),
            text: (self.say)(text),
            spans: Vec::new(),
        });
        let edited = self.message(None, "I bring cake");
        edited.edits = vec![Edit { part: 0, versions: versions.to_vec() }];
        edited.date_edited = Some(time("2024-05-11T09:41:00"));
        self.message(None, "").parts =
            vec![Part { index: 0, content: PartContent::Unsent { date: Some(time("2024-05-11T09:50:00")) } }];
        let part = self.some("and a secret");
        self.message(Some(0), "This stays").deleted = Some(Box::new(Deleted {
            parts: vec![DeletedPart { index: 1, date: Some(time("2024-05-12T09:50:00")), text: part }],
            ..Deleted::default()
        }));
        self.message(Some(0), "This was deleted").deleted =
            Some(Box::new(Deleted { date: Some(time("2024-05-12T08:00:00")), is_whole: true, parts: Vec::new() }));
        self.message(None, "Hurray").effect = Some(Effect::Confetti);
        self.message(None, "Hm").effect = Some(Effect::Other((self.say)("com.example.effect")));
        self.message(None, "This failed").delivery = Delivery { error: Some(22), ..Delivery::default() };
        self.message(None, "Tomorrow").delivery =
            Delivery { schedule: Some(Schedule::Pending), by_satellite: true, is_sos: true, ..Delivery::default() };
    }

    fn files(&mut self) {
        self.message(Some(0), "");
        self.memory.attach(self.chat, &(self.say)("photo.png"), Some("image/png"), Some(&[PNG, b" "].concat()));
        self.message(Some(1), "");
        self.memory.attach(self.chat, &(self.say)("clip.mov"), Some("video/quicktime"), Some(b"film"));
        self.message(Some(1), "").delivery.is_audio = true;
        self.memory.attach(self.chat, &(self.say)("Audio Message.caf"), Some("audio/x-caf"), Some(b"sound"));
        self.last_file().transcription = self.some("Call me back when you can");
        self.message(None, "");
        self.memory.attach(self.chat, &(self.say)("menu.pdf"), Some("application/pdf"), Some(b"pdf"));
        self.message(None, "");
        self.memory.attach_absent(self.chat, &(self.say)("beach.heic"), Absence::InCloud);
        self.message(Some(0), "");
        self.memory.attach(self.chat, &(self.say)("cat.png"), Some("image/png"), Some(PNG));
        let sticker = Sticker {
            source: StickerSource::Genmoji { prompt: self.some("a cat with a hat") },
            pack: self.some("pack"),
            effect: Some(StickerEffect::Other((self.say)("Glitter"))),
        };
        self.last_file().sticker = Some(Box::new(sticker));
        self.message(Some(1), "");
        self.memory.attach(self.chat, &(self.say)("covered.png"), Some("image/png"), Some(PNG));
        self.last_file().is_sensitive = true;
        self.last_file().description = self.some("A picture");
    }

    fn last_file(&mut self) -> &mut Attachment {
        self.memory.messages.get_mut(&self.chat).unwrap().last_mut().unwrap().attachments.last_mut().unwrap()
    }

    fn links(&mut self) {
        let link = Link {
            url: self.some("https://example.org/tram"),
            original_url: self.some("https://example.org/t"),
            title: self.some("Tram 28"),
            summary: self.some("The yellow one, up the hill"),
            site: self.some("Example"),
            author: self.some("Mia"),
            images: vec![(self.say)("https://example.org/a.jpg")],
            ..Link::default()
        };
        self.app(Some(0), AppContent::Link(link), Card::default());
        self.memory.attach(self.chat, "5F.pluginPayloadAttachment", None, Some(&[PNG, b"  "].concat()));
        self.last_file().is_hidden = true;
        let music = Music {
            url: self.some("https://music.example/1"),
            track: self.some("Fado"),
            artist: self.some("Ana"),
            album: self.some("Lisboa"),
            preview: self.some("https://music.example/1.m4a"),
            lyrics: vec![(self.say)("a line")],
        };
        self.app(None, AppContent::Music(music), Card::default());
        let software = Software {
            url: self.some("https://apps.example/1"),
            name: self.some("Trams"),
            subtitle: self.some("All trams"),
            genre: self.some("Travel"),
            platform: self.some("iOS"),
        };
        self.app(None, AppContent::Software(software), Card::default());
        let place = Place {
            url: self.some("https://maps.example/1"),
            name: self.some("Castelo"),
            address: vec![(self.say)("Rua 1"), (self.say)("Lisboa")],
            coordinates: Some((38.71, -9.13)),
            is_live: false,
        };
        self.app(Some(1), AppContent::Place(place), Card::default());
        let shared =
            Collaboration { url: self.some("javascript:alert(1)"), title: self.some("List"), app: self.some("Notes") };
        self.app(Some(1), AppContent::Collaboration(shared), Card::default());
    }

    fn apps(&mut self) {
        let card = Card {
            url: self.some("javascript:alert(1)"),
            image_title: self.some("Image title"),
            image_subtitle: self.some("Image subtitle"),
            caption: self.some("Your move"),
            subcaption: self.some("8 Ball"),
            trailing_caption: self.some("right"),
            trailing_subcaption: self.some("below right"),
            summary: self.some("A game"),
        };
        self.app(Some(0), AppContent::Other, card.clone());
        for content in [
            AppContent::Payment,
            AppContent::Fitness,
            AppContent::Slideshow,
            AppContent::FindMy,
            AppContent::Unreadable((self.say)("it is cut off")),
        ] {
            self.app(None, content, Card { caption: self.some("$ 10"), ..Card::default() });
        }
        let at = Some(time("2024-05-11T22:00:00"));
        let check_in = CheckIn { expected: at, overdue: None, sent: at };
        self.app(None, AppContent::CheckIn(check_in), Card { caption: self.some("Check In: home"), ..Card::default() });
        let voter = |is_from_me, sender| Voter { is_from_me, sender, date: at };
        let option =
            |text: &str, voters| PollOption { id: (self.say)(text), text: (self.say)(text), creator: None, voters };
        let poll = Poll {
            title: self.some("Where to eat?"),
            options: vec![
                option("Fish", vec![voter(true, None), voter(false, self.sender("Anna Kowalczyk"))]),
                option("Pizza", vec![voter(false, self.sender("Ben"))]),
                option("At home", Vec::new()),
            ],
        };
        self.app(Some(0), AppContent::Poll(poll), Card::default());
        let business = Business {
            kind: BusinessKind::ListPicker,
            title: self.some("Choose a seat"),
            subtitle: self.some("Flight 1"),
            items: vec![BusinessItem {
                label: self.some("Seat"),
                text: (self.say)("12A"),
                subtitle: self.some("window"),
                is_chosen: true,
            }],
        };
        self.app(Some(1), AppContent::Business(business), Card::default());
    }

    fn drawings(&mut self) {
        let wave = |scale: f32| -> Vec<Point> {
            (0..40)
                .map(|i| i as f32)
                .map(|i| Point { x: i / 40.0 * scale, y: (0.5 + (i / 4.0).sin() / 4.0) * scale, width: 0.0 })
                .collect()
        };
        let stroke = Stroke { color: None, points: wave(300.0) };
        let writing = Handwriting { width: 300.0, height: 200.0, strokes: vec![stroke] };
        self.app(None, AppContent::Handwriting(writing), Card::default());
        let red = Some(Color { red: 220, green: 40, blue: 60, alpha: 255 });
        let sketch = Sketch { strokes: vec![Stroke { color: red, points: wave(1.0) }] };
        let point = Point { x: 0.4, y: 0.6, width: 0.0 };
        for touch in [
            Touch::Sketch(sketch.clone()),
            Touch::Taps(vec![Tap { point, delay: 0.1, color: red }]),
            Touch::Kisses(vec![TouchKiss { point, delay: 0.1, angle: 0.3 }]),
            Touch::Heartbeat { beats: 72.0, duration: 3.0, broken_at: Some(2.0) },
            Touch::Fireball(Fireball { duration: 2.0, start: point, points: wave(1.0) }),
            Touch::Media(TouchMedia { is_video: true, overlay: vec![Touch::Sketch(sketch)] }),
            Touch::Other(99),
        ] {
            self.app(Some(0), AppContent::Touch(touch), Card::default());
        }
    }

    fn announcements(&mut self) {
        let ben = self.sender("Ben");
        for announcement in [
            Announcement::Added(ben.clone()),
            Announcement::Removed(ben.clone()),
            Announcement::NumberChanged(ben.clone()),
            Announcement::Left,
            Announcement::Renamed(self.some("Lisbon")),
            Announcement::Renamed(None),
            Announcement::PhotoChanged,
            Announcement::PhotoRemoved,
            Announcement::BackgroundChanged,
            Announcement::BackgroundRemoved,
            Announcement::Location { sharing: Some(Sharing::Started), with: ben },
            Announcement::Location { sharing: Some(Sharing::Stopped), with: None },
            Announcement::AudioKept,
            Announcement::SharePlay,
            Announcement::Unsent,
            Announcement::Other { item_type: 9, action: 8 },
        ] {
            self.message(Some(0), "").kind = MessageKind::Announcement(announcement);
        }
    }

    fn rest(&mut self) {
        let tapback = Tapback {
            id: 800,
            guid: None,
            date: None,
            is_from_me: false,
            sender: self.sender("Ben"),
            target: self.some("gone"),
            part: 0,
            reaction: Reaction::Liked,
            removed: false,
            removed_by: None,
            text: self.some("Liked “an old message”"),
        };
        self.message(Some(1), "").kind = MessageKind::Tapback(Box::new(tapback));
        let vote = Vote {
            id: 801,
            guid: None,
            date: None,
            is_from_me: false,
            sender: None,
            target: self.some("gone"),
            options: vec![(self.say)("x")],
        };
        self.message(Some(1), "").kind = MessageKind::Vote(Box::new(vote));
        let what = (self.say)("item type 77");
        self.message(Some(1), "A new kind").kind = MessageKind::Unsupported { what };
        let service = Some(Service::Other((self.say)("Pigeon")));
        self.message(None, "By pigeon").service = service;
        self.message(None, "By SMS").service = Some(Service::Sms);
        self.message(Some(0), "Good night");
    }
}

/// A picture of one pixel.
pub const PNG: &[u8] = &[
    0x89, b'P', b'N', b'G', 13, 10, 26, 10, 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0,
    0x90, 0x77, 0x53, 0xde, 0, 0, 0, 12, b'I', b'D', b'A', b'T', 8, 0xd7, 0x63, 0xf8, 0xcf, 0xc0, 0, 0, 3, 1, 1, 0,
    0x18, 0xdd, 0x8d, 0xb0, 0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42, 0x60, 0x82,
];
