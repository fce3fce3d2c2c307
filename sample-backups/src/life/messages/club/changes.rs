//! Words that were changed, taken back and deleted.

use super::Club;
use crate::error::Result;
use crate::life::Moment;
use crate::life::messages::story::{Message, PLACEHOLDER, jpeg};
use crate::life::messages::summary;
use crate::life::people::ANNA;
use crate::typedstream::{self, Run};

impl Club<'_> {
    /// Words that were changed twice, a part and a message that were taken back, a part and a message that were deleted.
    pub(super) fn changes(&mut self) -> Result<()> {
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
        })?;
        let at = self.now();
        let (back, gone) = (Moment::at(&at)?.later(20), summary::unsent()?);
        self.story.tells(self.chat, ANNA.phone, &at, "", |message| {
            Message { text: None, body: None, ..message }
                .with("date_edited", back.in_messages())
                .with("message_summary_info", gone)
        })?;
        let deleted = Some(Moment::at(&at)?.later(86_400));
        self.says(ANNA.phone, "Deleted, and not yet for good", |message| Message { deleted, ..message })
    }
}
