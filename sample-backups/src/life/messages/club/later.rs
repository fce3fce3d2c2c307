//! What came with iOS 26.

use super::Club;
use crate::error::Result;
use crate::life::messages::apps;
use crate::life::messages::summary;
use crate::life::people::{AMAL, JONAS};

impl Club<'_> {
    /// A poll that got another option, a message that the phone translated.
    pub(super) fn later(&mut self) -> Result<()> {
        (self.day, self.minute) = ("2025-10-10", 0);
        let options = r#"{"item":{"title":"Which day?","orderedPollOptions":[
            {"optionIdentifier":"SAT","text":"Saturday","creatorHandle":"+14155550134"},
            {"optionIdentifier":"SUN","text":"Sunday","creatorHandle":"+14155550134"},
            {"optionIdentifier":"FRI","text":"Friday evening","creatorHandle":"+14155550134"}]}}"#;
        self.asks("one more day", Some("which day"), options)?;
        self.votes(AMAL.phone, "FRI")?;
        let translated = summary::translated(apps::translation("en-GB", "The water is cold today")?)?;
        self.says(JONAS.phone, "Das Wasser ist heute kalt", |message| message.with("message_summary_info", translated))
    }
}
