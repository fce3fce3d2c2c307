//! What the group is told in the middle of it, and what nobody knows yet.

use super::{Club, PHOTO};
use crate::error::Result;
use crate::life::messages::story::{Message, jpeg};
use crate::life::people::{AMAL, ANNA, HANAKO, JONAS};

/// Who, about whom, and the columns that say what.
type Event = (&'static str, Option<&'static str>, &'static [(&'static str, i64)]);

const EVENTS: [Event; 12] = [
    (ANNA.phone, Some(HANAKO.phone), &[("item_type", 1), ("group_action_type", 0)]),
    (ANNA.phone, Some(HANAKO.phone), &[("item_type", 1), ("group_action_type", 1)]),
    // Somebody who adds themselves has another number.
    (JONAS.phone, Some(JONAS.phone), &[("item_type", 1), ("group_action_type", 0)]),
    (AMAL.phone, None, &[("item_type", 3), ("group_action_type", 0)]),
    (ANNA.phone, None, &[("item_type", 3), ("group_action_type", 2)]),
    (ANNA.phone, None, &[("item_type", 3), ("group_action_type", 4)]),
    (ANNA.phone, None, &[("item_type", 3), ("group_action_type", 6)]),
    (AMAL.phone, Some(ANNA.phone), &[("item_type", 4), ("share_direction", 1), ("share_status", 0)]),
    (AMAL.phone, Some(ANNA.phone), &[("item_type", 4), ("share_direction", 1), ("share_status", 1)]),
    (AMAL.phone, None, &[("item_type", 6)]),
    (ANNA.phone, None, &[("item_type", 3), ("group_action_type", 9)]),
    (ANNA.phone, None, &[("item_type", 2)]),
];

impl Club<'_> {
    /// People who come and go, pictures and names that change.
    pub(super) fn announcements(&mut self) -> Result<()> {
        for (from, about, columns) in EVENTS {
            self.announces(from, about, columns)?;
        }
        self.announces(ANNA.phone, None, &[("item_type", 2)])?;
        self.change_last(|message| message.with("group_title", "Kayak club \u{1f6f6}".to_owned()));
        // The picture of the group comes last: it is the one that the group has.
        let at = self.now();
        let message = self.story.says(self.chat, ANNA.phone, &at, "")?;
        *message = Message { text: None, body: None, files: vec![jpeg(PHOTO)?], ..message.clone() }
            .with("item_type", 3)
            .with("group_action_type", 1);
        Ok(())
    }

    /// Forms that no version of today knows.
    pub(super) fn unknown(&mut self) -> Result<()> {
        self.announces(ANNA.phone, None, &[("item_type", 78)])?;
        self.says(ANNA.phone, "A reaction of tomorrow", |message| message.with("associated_message_type", 4321))?;
        self.says(ANNA.phone, "With fog", |message| {
            message.with("expressive_send_style_id", "com.example.effect.Fog".to_owned())
        })
    }
}
