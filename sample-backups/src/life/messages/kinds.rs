//! A message of each kind that phones of today know, in a group that paddles.

use plist::Value as Plist;
use rusqlite::types::Value;

use super::apps::{self, Tree, t, u};
use super::story::{Attached, Message, PLACEHOLDER, Story, guid, jpeg};
use super::summary;
use crate::error::Result;
use crate::life::Moment;
use crate::life::people::{AMAL, ANNA, JONAS};
use crate::mbfile::to_binary;
use crate::media;
use crate::plists::{dictionary, text};
use crate::seed::Seed;
use crate::typedstream::{self, Run};

/// What the identifiers of message extensions begin with.
const PLUGIN: &str = "com.apple.messages.MSMessageExtensionBalloonPlugin:0000000000:";

/// The effects, as `expressive_send_style_id` names them.
const EFFECTS: [&str; 13] = [
    "com.apple.MobileSMS.expressivesend.impact",
    "com.apple.MobileSMS.expressivesend.loud",
    "com.apple.MobileSMS.expressivesend.gentle",
    "com.apple.MobileSMS.expressivesend.invisibleink",
    "com.apple.messages.effect.CKEchoEffect",
    "com.apple.messages.effect.CKSpotlightEffect",
    "com.apple.messages.effect.CKHappyBirthdayEffect",
    "com.apple.messages.effect.CKConfettiEffect",
    "com.apple.messages.effect.CKHeartEffect",
    "com.apple.messages.effect.CKLasersEffect",
    "com.apple.messages.effect.CKFireworksEffect",
    "com.apple.messages.effect.CKShootingStarEffect",
    "com.apple.messages.effect.CKSparklesEffect",
];

/// Columns of a row that are numbers.
type Columns = &'static [(&'static str, i64)];

/// The group, and the time of day that moves on as they write.
struct Club<'a> {
    story: &'a mut Story,
    seed: &'a Seed,
    chat: usize,
    minute: u32,
}

/// Tells what the club wrote.
///
/// # Errors
/// Passes on errors of the encoders.
pub(super) fn tell(story: &mut Story, seed: &Seed) -> Result<()> {
    let chat = story.chat(
        "chat241010241010241010",
        "iMessage",
        Some("Kayak club \u{1f6f6}"),
        &[ANNA.phone, JONAS.phone, AMAL.phone],
    );
    let mut club = Club { story, seed, chat, minute: 0 };
    club.styles()?;
    club.files()?;
    club.links()?;
    club.apps()?;
    club.drawings()?;
    club.poll()?;
    club.announcements()?;
    club.changes()?;
    club.deliveries()?;
    club.effects()?;
    company(club.story)?;
    unwanted(club.story)
}

impl Club<'_> {
    /// The next moment.
    fn now(&mut self) -> String {
        self.minute += 1;
        format!("2024-10-10T{:02}:{:02}:00Z", 9 + self.minute / 60, self.minute % 60)
    }

    fn says(&mut self, from: &str, words: &str, more: impl FnOnce(Message) -> Message) -> Result<()> {
        let at = self.now();
        self.story.tells(self.chat, from, &at, words, more)
    }

    fn rich(&mut self, from: &str, words: &str, runs: Vec<Run>) -> Result<()> {
        self.says(from, words, |message| Message { body: Some(typedstream::attributed(words, &runs)), ..message })
    }

    fn app(&mut self, from: &str, bundle: &str, payload: Vec<u8>) -> Result<()> {
        let bundle = bundle.to_owned();
        self.says(from, PLACEHOLDER, |message| {
            Message { body: None, ..message }.with("balloon_bundle_id", bundle).with("payload_data", payload)
        })
    }

    fn announces(&mut self, from: &str, columns: &[(&'static str, i64)]) -> Result<()> {
        self.says(from, "", |message| {
            let bare = Message { text: None, body: None, ..message };
            columns.iter().fold(bare, |message, (column, value)| message.with(column, *value))
        })
    }

    /// Letters that are bold, slanted, and on the move.
    fn styles(&mut self) -> Result<()> {
        let styled =
            |words: &str, numbers: &[(&'static str, i32)]| Run { numbers: numbers.to_vec(), ..Run::text(words, 0) };
        let bold = ("__kIMTextBoldAttributeName", 1);
        let italic = ("__kIMTextItalicAttributeName", 1);
        let under = ("__kIMTextUnderlineAttributeName", 1);
        let struck = ("__kIMTextStrikethroughAttributeName", 1);
        let runs = vec![
            styled("Bring ", &[]),
            styled("bold", &[bold]),
            styled(" ", &[]),
            styled("italic", &[italic]),
            styled(" ", &[]),
            styled("underlined", &[under]),
            styled(" and ", &[]),
            styled("old", &[struck]),
            styled(" ", &[]),
            styled("everything \u{1f6f6}", &[bold, italic, under, struck]),
        ];
        self.rich(ANNA.phone, "Bring bold italic underlined and old everything \u{1f6f6}", runs)?;
        let names = [
            ("Big", 5),
            ("Small", 11),
            ("Shake", 9),
            ("Nod", 8),
            ("Explode", 12),
            ("Ripple", 4),
            ("Bloom", 6),
            ("Jitter", 10),
        ];
        let words: Vec<&str> = names.iter().map(|(name, _)| *name).collect();
        let mut runs = Vec::new();
        for (place, (name, number)) in names.iter().enumerate() {
            if place > 0 {
                runs.push(styled(" ", &[]));
            }
            runs.push(styled(name, &[("__kIMTextEffectAttributeName", *number)]));
        }
        self.rich("", &words.join(" "), runs)
    }

    /// A voice message with what it says, a sticker made of words, one put on a message, a photo that is answered.
    fn files(&mut self) -> Result<()> {
        let at = self.now();
        let voice = Attached {
            name: "Audio Message.caf",
            uti: "com.apple.coreaudio-format",
            mime: "audio/x-caf",
            content: media::amr(1),
            is_sticker: false,
            columns: vec![],
        };
        let heard = vec![("IMAudioTranscription", "The river is high, bring boots".to_owned())];
        let run = Run { texts: heard, ..Run::attachment(&voice.guid(self.seed), 0) };
        let message = self.story.says(self.chat, JONAS.phone, &at, PLACEHOLDER)?;
        message.body = Some(typedstream::attributed(PLACEHOLDER, &[run]));
        message.files = vec![voice];
        let played = Moment::at("2024-10-10T10:30:00Z")?.in_messages();
        message.columns = [("is_audio_message", 1), ("is_played", 1), ("is_expirable", 1), ("date_played", played)]
            .map(|(column, value)| (column, Value::Integer(value)))
            .to_vec();
        self.announces("", &[("item_type", 5)])?;
        let at = self.now();
        let genmoji = self.sticker("genmoji.png", "com.apple.messages.genmoji", Some("otter in a kayak"))?;
        self.story.sends(self.chat, AMAL.phone, &at, PLACEHOLDER, vec![genmoji], self.seed)?;
        let at = self.now();
        let photos = vec![jpeg("IMG_5001.JPG")?, jpeg("IMG_5002.JPG")?];
        self.story.sends(self.chat, ANNA.phone, &at, "\u{fffc}\u{fffc}Our spot", photos, self.seed)?;
        self.name_last("our spot");
        let spot = guid(self.seed, "our spot");
        self.says(JONAS.phone, "The second one looks cold", |message| {
            message.with("thread_originator_guid", spot.clone()).with("thread_originator_part", "1:0:1".to_owned())
        })?;
        let at = self.now();
        let paw = self.sticker("paw.png", "com.example.Paws.stickers", None)?;
        self.story.sends(self.chat, AMAL.phone, &at, PLACEHOLDER, vec![paw], self.seed)?;
        let target = format!("p:2/{}", guid(self.seed, "our spot"));
        self.change_last(|message| {
            message.with("associated_message_type", 2007).with("associated_message_guid", target)
        });
        Ok(())
    }

    fn sticker(&self, name: &'static str, pid: &str, prompt: Option<&str>) -> Result<Attached> {
        let info = to_binary(&dictionary([("pid", text(pid))]))?;
        let app = to_binary(&dictionary([("bundle-id", text(pid)), ("name", text("Paws"))]))?;
        let mut columns = vec![("sticker_user_info", Value::Blob(info)), ("attribution_info", Value::Blob(app))];
        columns.extend(prompt.map(|words| ("emoji_image_short_description", Value::Text(words.to_owned()))));
        let content = media::png(name, 24, 24)?;
        Ok(Attached { name, uti: "public.png", mime: "image/png", content, is_sticker: true, columns })
    }

    fn change_last(&mut self, change: impl FnOnce(Message) -> Message) {
        if let Some(message) = self.story.messages.last_mut() {
            *message = change(message.clone());
        }
    }

    fn name_last(&mut self, name: &str) {
        self.change_last(|message| message.named(name));
    }

    /// Links that are a song, an app, a place, a document.
    fn links(&mut self) -> Result<()> {
        let lyrics = Tree::Fields(vec![("lyrics", t("Row, row,\nrow your boat"))]);
        let song = vec![
            ("name", t("Row")),
            ("artist", t("The Paddlers")),
            ("album", t("Still Water")),
            ("previewURL", u("https://music.example.com/row.m4a")),
            ("lyricExcerpt", lyrics),
        ];
        let app = vec![
            ("name", t("Tides")),
            ("subtitle", t("High and low")),
            ("genre", t("Weather")),
            ("platform", t("iOS")),
        ];
        let parts = vec![
            ("_street", t("Rua da Ribeira 1")),
            ("_postalCode", t("1200-001")),
            ("_city", t("Lisboa")),
            ("_country", t("Portugal")),
        ];
        let place = vec![
            ("name", t("Old pier")),
            ("address", t("Rua da Ribeira 1")),
            ("addressComponents", Tree::Object("CNPostalAddress", parts)),
        ];
        let board = vec![("title", t("Trip board"))];
        let board_app = Tree::Object("LPBoard", vec![("application", t("Freeform"))]);
        let links = [
            (
                "https://music.example.com/row",
                "Row",
                vec![("specialization", Tree::Object("LPiTunesMediaSongMetadata", song))],
            ),
            (
                "https://apps.example.com/tides",
                "Tides",
                vec![("specialization", Tree::Object("LPiTunesMediaSoftwareMetadata", app))],
            ),
            (
                "https://maps.example.com/?ll=38.7071,-9.1355",
                "Old pier",
                vec![("specialization2", Tree::Object("LPMapMetadata", place))],
            ),
            (
                "https://www.icloud.example.com/freeform/1",
                "Trip board",
                vec![
                    ("collaborationMetadata", Tree::Object("LPCollaboration", board)),
                    ("specialization2", Tree::Object("LPSpecial", vec![("specialization", board_app)])),
                ],
            ),
        ];
        for (url, title, more) in links {
            let payload = apps::link(url, title, more)?;
            self.says(ANNA.phone, url, |message| {
                message
                    .with("balloon_bundle_id", "com.apple.messages.URLBalloonProvider".to_owned())
                    .with("payload_data", payload)
            })?;
        }
        Ok(())
    }

    /// Money, rings, photos, a safe way home, a place, a game.
    fn apps(&mut self) -> Result<()> {
        let cards = [
            (
                "com.apple.PassbookUIService.PeerPaymentMessagesExtension",
                "Apple Cash",
                "$12.50 for the boat",
                "Paid",
                "https://pay.example.com/",
            ),
            (
                "com.apple.ActivityMessagesApp.MessagesExtension",
                "Fitness",
                "Jonas closed all three rings",
                "",
                "https://fitness.example.com/",
            ),
            (
                "com.apple.mobileslideshow.PhotosMessagesApp",
                "Photos",
                "12 photos from the river",
                "",
                "https://www.icloud.example.com/photos/1",
            ),
            (
                "com.apple.SafetyMonitorApp.SafetyMonitorMessages",
                "Check In",
                "Check In: home",
                "",
                "?messageType=1&estimatedEndTime=1728554400.0&sendDate=1728550800.0",
            ),
            (
                "com.apple.SafetyMonitorApp.SafetyMonitorMessages",
                "Check In",
                "Check In: arrived",
                "",
                "?messageType=2&sendDate=1728554000.0",
            ),
            (
                "com.apple.findmy.FindMyMessagesApp",
                "Find My",
                "Anna shares her place",
                "",
                "https://findmy.example.com/",
            ),
            ("com.example.Boats", "Boats & Ports", "Your move", "Turn 3", "?turn=3"),
        ];
        for (bundle, name, caption, subcaption, url) in cards {
            let payload = apps::card(name, caption, subcaption, url)?;
            self.app(JONAS.phone, &format!("{PLUGIN}{bundle}"), payload)?;
        }
        Ok(())
    }

    fn drawings(&mut self) -> Result<()> {
        self.app(AMAL.phone, "com.apple.Handwriting.HandwritingProvider", apps::handwriting())?;
        self.app(ANNA.phone, "com.apple.DigitalTouchBalloonProvider", apps::heartbeat())?;
        self.app("", "com.apple.DigitalTouchBalloonProvider", apps::sketch())
    }

    /// A question, three answers, and a change of mind.
    fn poll(&mut self) -> Result<()> {
        let polls = format!("{PLUGIN}com.apple.messages.Polls");
        let options = r#"{"item":{"title":"Which day?","orderedPollOptions":[
            {"optionIdentifier":"SAT","text":"Saturday","creatorHandle":"+14155550134"},
            {"optionIdentifier":"SUN","text":"Sunday","creatorHandle":"+14155550134"}]}}"#;
        self.app(ANNA.phone, &polls, apps::poll(options)?)?;
        self.name_last("which day");
        for (from, option) in [(JONAS.phone, "SAT"), ("", "SUN"), (JONAS.phone, "SUN")] {
            let json = format!(
                r#"{{"item":{{"votes":[{{"voteOptionIdentifier":"{option}","participantHandle":"{from}"}}]}}}}"#
            );
            self.app(from, &polls, apps::poll(&json)?)?;
            let target = guid(self.seed, "which day");
            self.change_last(|message| {
                message.with("associated_message_type", 4000).with("associated_message_guid", target)
            });
        }
        Ok(())
    }

    /// What a group is told. Handle 2 is one that the database has.
    fn announcements(&mut self) -> Result<()> {
        let anna = ANNA.phone;
        self.announces(anna, &[("item_type", 1), ("group_action_type", 0), ("other_handle", 2)])?;
        self.announces(anna, &[("item_type", 1), ("group_action_type", 1), ("other_handle", 2)])?;
        self.announces(anna, &[("item_type", 3), ("group_action_type", 2)])?;
        self.announces(anna, &[("item_type", 3), ("group_action_type", 4)])?;
        self.announces(anna, &[("item_type", 3), ("group_action_type", 6)])?;
        self.announces(
            AMAL.phone,
            &[("item_type", 4), ("share_direction", 1), ("share_status", 0), ("other_handle", 2)],
        )?;
        self.announces(
            AMAL.phone,
            &[("item_type", 4), ("share_direction", 1), ("share_status", 1), ("other_handle", 2)],
        )?;
        self.announces(AMAL.phone, &[("item_type", 6)])?;
        // The picture of the group comes last: it is the one that the group has.
        let at = self.now();
        let photo = jpeg("GroupPhotoImage.JPG")?;
        let properties = to_binary(&dictionary([
            ("groupPhotoGuid", text(photo.guid(self.seed))),
            ("EnableReadReceiptForChat", Plist::Boolean(true)),
        ]))?;
        let message = self.story.says(self.chat, anna, &at, "")?;
        *message = Message { text: None, body: None, files: vec![photo], ..message.clone() }
            .with("item_type", 3)
            .with("group_action_type", 1);
        if let Some(chat) = self.story.chats.get_mut(self.chat) {
            chat.columns.push(("properties", Value::Blob(properties)));
        }
        Ok(())
    }

    /// Words that were changed twice, a part that was taken back, a part that was deleted.
    fn changes(&mut self) -> Result<()> {
        let at = self.now();
        let first = Moment::at(&at)?;
        let words = ["Meet at the bridge", "Meet at the old bridge", "Meet at the old pier"];
        let versions: Vec<_> = (0..).zip(words).map(|(place, words)| (first.later(place * 45), words)).collect();
        let history = summary::edited(&versions)?;
        self.story.tells(self.chat, "", &at, "Meet at the old pier", |message| {
            message.with("date_edited", first.later(90).in_messages()).with("message_summary_info", history)
        })?;
        let at = self.now();
        let when = Moment::at(&at)?.later(30).in_messages();
        let photos = vec![jpeg("IMG_5003.JPG")?];
        self.story.sends(self.chat, ANNA.phone, &at, "\u{fffc}Only the photo stays", photos, self.seed)?;
        let runs = [Run::attachment(&jpeg("IMG_5003.JPG")?.guid(self.seed), 0)];
        let gone = summary::unsent_part(1)?;
        self.change_last(|message| {
            let body = Some(typedstream::attributed(PLACEHOLDER, &runs));
            Message { text: Some(PLACEHOLDER.into()), body, ..message }
                .with("date_edited", when)
                .with("message_summary_info", gone)
        });
        self.says(ANNA.phone, "The first half stays", |message| Message {
            deleted_part: Some((1, "the second half was deleted")),
            ..message
        })
    }

    /// Sent later, by satellite, as a text message, silently, by itself.
    fn deliveries(&mut self) -> Result<()> {
        let sent: [(&str, &str, Columns); 6] = [
            (
                "",
                "See you tomorrow at nine",
                &[("schedule_type", 2), ("schedule_state", 2), ("is_sent", 0), ("is_delivered", 0)],
            ),
            ("", "From the mountain, by satellite", &[("is_stewie", 1), ("sent_or_received_off_grid", 1)]),
            ("", "Waiting for a satellite", &[("is_pending_satellite_send", 1), ("is_sent", 0)]),
            ("", "This went as a text message", &[("was_downgraded", 1)]),
            (AMAL.phone, "Do not disturb me", &[("was_delivered_quietly", 1)]),
            (JONAS.phone, "I\u{2019}m driving with Focus turned on.", &[("is_auto_reply", 1)]),
        ];
        for (from, words, columns) in sent {
            self.says(from, words, |message| {
                columns.iter().fold(message, |message, (column, value)| message.with(column, *value))
            })?;
        }
        Ok(())
    }

    fn effects(&mut self) -> Result<()> {
        for (place, effect) in EFFECTS.iter().enumerate() {
            let from = if place % 2 == 0 { "" } else { ANNA.phone };
            let name = effect.rsplit('.').next().unwrap_or_default();
            self.says(from, &format!("With {name}"), |message| {
                message.with("expressive_send_style_id", (*effect).to_owned())
            })?;
        }
        Ok(())
    }
}

/// A company that asks, and what was answered.
fn company(story: &mut Story) -> Result<()> {
    let address = "urn:biz:11111111-2222-3333-4444-555555555555";
    let chat = story.chat(address, "iMessage", None, &[address]);
    let asked = r#"{"quick-reply":{"summaryText":"Is the boat ready?","items":[{"title":"Yes"},{"title":"No"}]}}"#;
    let answered = r#"{"quick-reply":{"summaryText":"Is the boat ready?","items":[{"title":"Yes"},{"title":"No"}],"selectedIndex":0}}"#;
    for (from, at, json) in [(address, "2024-10-11T10:00:00Z", asked), ("", "2024-10-11T10:01:00Z", answered)] {
        let payload = apps::business(json)?;
        story.tells(chat, from, at, PLACEHOLDER, |message| {
            Message { body: None, ..message }
                .with("balloon_bundle_id", "com.apple.icloud.apps.messages.business.extension".to_owned())
                .with("payload_data", payload)
        })?;
    }
    Ok(())
}

/// What nobody asked for.
fn unwanted(story: &mut Story) -> Result<()> {
    let chat = story.chat("+14155550166", "SMS", None, &["+14155550166"]);
    story.tells(chat, "+14155550166", "2024-10-12T03:00:00Z", "You won a boat! Answer YES", |message| {
        message.with("is_spam", 1)
    })?;
    if let Some(chat) = story.chats.get_mut(chat) {
        chat.columns.push(("is_filtered", Value::Integer(2)));
    }
    Ok(())
}
