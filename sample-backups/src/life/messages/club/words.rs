//! What is written, and how people react to it.

use super::Club;
use crate::error::Result;
use crate::life::Moment;
use crate::life::messages::apps::Found;
use crate::life::messages::story::{PLACEHOLDER, guid};
use crate::life::people::{AMAL, ANNA, JONAS};
use crate::typedstream::Run;

/// The reactions, as `associated_message_type` numbers them: the text that phones without reactions show.
const REACTIONS: [(i64, &str); 6] = [
    (2000, "Loved"),
    (2001, "Liked"),
    (2002, "Disliked"),
    (2003, "Laughed at"),
    (2004, "Emphasized"),
    (2005, "Questioned"),
];

impl Club<'_> {
    /// Letters that are bold, slanted, and on the move.
    pub(super) fn styles(&mut self) -> Result<()> {
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
    /// A person who is named, an address, a code, a picture in a line, a subject, and when somebody read it.
    pub(super) fn ranges(&mut self) -> Result<()> {
        let jonas = Run { mention: Some(JONAS.phone.into()), ..Run::text("Jonas", 0) };
        self.rich(
            ANNA.phone,
            "Jonas, are the paddles with you?",
            vec![jonas, Run::text(", are the paddles with you?", 0)],
        )?;
        let tides = "https://example.com/tides";
        let address = Run { link: Some(tides.into()), ..Run::text(tides, 0) };
        self.rich(AMAL.phone, &format!("Tides: {tides}"), vec![Run::text("Tides: ", 0), address])?;
        let otter = self.genmoji("inline otter.png", "an otter that waves")?;
        let at = self.now();
        let words = format!("Hello {PLACEHOLDER} from the jetty");
        self.story.sends(self.chat, AMAL.phone, &at, &words, vec![otter], self.seed)?;
        let picture =
            self.story.messages.last().and_then(|message| message.files.first()).map(|file| file.guid(self.seed));
        let runs =
            [Run::text("Hello ", 0), Run::attachment(&picture.unwrap_or_default(), 0), Run::text(" from the jetty", 0)];
        self.change_last(|message| message.with_body(&words, &runs).with("part_count", 1));
        let at = self.now();
        let (arrived, read) = (Moment::at(&at)?.later(2), Moment::at(&at)?.later(120));
        self.story.tells(self.chat, "", &at, "Bring the map", |message| {
            message
                .with("subject", "For Saturday".to_owned())
                .with("date_delivered", arrived.in_messages())
                .with("date_read", read.in_messages())
        })
    }

    /// What the phone itself finds in a text: a day, an address, a price, the number of a parcel.
    pub(super) fn found(&mut self) -> Result<()> {
        let address = vec![
            Found::new("Street", "12 Pier Road", vec![]),
            Found::new("ZipCode", "0252", vec![]),
            Found::new("City", "Oslo", vec![]),
        ];
        let price = vec![
            Found { value: Some("USD-CAD-AUD"), ..Found::new("Currency", "$", vec![]) },
            Found::new("IntegralValue", "16", vec![]),
        ];
        let parcel = "1Z999AA10123456784";
        let day = vec![Found { value: Some("1"), ..Found::new("RelativeDay", "Tomorrow", vec![]) }];
        let words = [
            ("__kIMCalendarEventAttributeName", Found::new("Date", "Tomorrow", day), " at "),
            (
                "__kIMAddressAttributeName",
                Found::new("FullAddress", "12 Pier Road, 0252 Oslo", address),
                ", paddles for ",
            ),
            ("__kIMMoneyAttributeName", Found::new("Money", "$16", price), ", parcel "),
            (
                "__kIMDataDetectedAttributeName",
                Found::new("TrackingNumber", parcel, vec![Found::new("UPS", parcel, vec![])]),
                "!",
            ),
        ];
        let (mut text, mut runs) = (String::new(), Vec::new());
        for (name, found, then) in words {
            let data = vec![(name, found.archive(text.encode_utf16().count())?)];
            runs.push(Run { data, ..Run::text(found.words, 0) });
            runs.push(Run::text(then, 0));
            text.extend([found.words, then]);
        }
        self.rich(AMAL.phone, &text, runs)
    }

    /// All reactions to one message, one taken back, one with an emoji, and one to a message that is gone.
    pub(super) fn reactions(&mut self) -> Result<()> {
        let words = "We start at six in the morning";
        self.says("", words, |message| message.named("at six"))?;
        let target = format!("p:0/{}", guid(self.seed, "at six"));
        let people = [ANNA.phone, JONAS.phone, AMAL.phone];
        for ((number, verb), from) in REACTIONS.into_iter().zip(people.into_iter().cycle()) {
            self.reacts(from, &format!("{verb} \u{201c}{words}\u{201d}"), number, &target)?;
        }
        self.reacts(JONAS.phone, &format!("Removed a like from \u{201c}{words}\u{201d}"), 3001, &target)?;
        self.reacts(JONAS.phone, &format!("Reacted \u{1f6f6} to \u{201c}{words}\u{201d}"), 2006, &target)?;
        self.change_last(|message| message.with("associated_message_emoji", "\u{1f6f6}".to_owned()));
        let gone = format!("p:0/{}", guid(self.seed, "long deleted"));
        self.reacts(ANNA.phone, "Loved \u{201c}Long deleted\u{201d}", 2000, &gone)
    }

    fn reacts(&mut self, from: &str, words: &str, number: i64, target: &str) -> Result<()> {
        self.says(from, words, |message| {
            message
                .with("associated_message_type", number)
                .with("associated_message_guid", target.to_owned())
                .with("associated_message_range_length", 30)
        })
    }
}
