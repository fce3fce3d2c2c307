//! What a row is, from the columns that say so.
//!
//! Values as observed by several public readers of `sms.db`; a value that is in none of them makes the message
//! [`MessageKind::Unsupported`], which is shown.

use super::model::MessageKind;

/// The columns that decide.
#[derive(Debug, Default)]
pub(super) struct Marks {
    pub(super) item_type: Option<i64>,
    pub(super) group_action_type: Option<i64>,
    pub(super) associated_message_type: Option<i64>,
    pub(super) balloon_bundle_id: Option<String>,
}

impl Marks {
    /// What the message is.
    pub(super) fn kind(self) -> MessageKind {
        match self.item_type.unwrap_or(0) {
            0 => {}
            // 1 joined or removed, 2 renamed, 3 left or changed the photo, 4 location shared, 5 audio kept, 6 SharePlay.
            1..=6 => return MessageKind::Announcement,
            other => return MessageKind::Unsupported { what: format!("item type {other}") },
        }
        match self.associated_message_type.unwrap_or(0) {
            // 2 and 3 mark the moves of a game and other updates of an app.
            0 | 2 | 3 => {}
            // 1000 a sticker put on a message, 2000 to 2007 reactions, 3000 to 3007 reactions taken back.
            1000 | 2000..=2007 | 3000..=3007 => return MessageKind::Tapback,
            // A vote in a poll carries the bundle identifier of polls.
            4000 => {}
            other => return MessageKind::Unsupported { what: format!("associated message type {other}") },
        }
        match (self.balloon_bundle_id.filter(|id| !id.is_empty()), self.group_action_type.unwrap_or(0)) {
            (Some(bundle_id), _) => MessageKind::App { bundle_id },
            (None, 0) => MessageKind::Normal,
            (None, _) => MessageKind::Announcement,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values_have_their_kind_and_unknown_ones_are_kept() {
        let associated = |value| Marks { associated_message_type: Some(value), ..Marks::default() }.kind();
        assert_eq!(Marks::default().kind(), MessageKind::Normal);
        assert_eq!(associated(2006), MessageKind::Tapback);
        assert_eq!(associated(3001), MessageKind::Tapback);
        assert_eq!(associated(3), MessageKind::Normal);
        assert_eq!(associated(2999), MessageKind::Unsupported { what: "associated message type 2999".into() });
        let item = |value| Marks { item_type: Some(value), ..Marks::default() }.kind();
        assert_eq!(item(2), MessageKind::Announcement);
        assert_eq!(item(17), MessageKind::Unsupported { what: "item type 17".into() });
        let app = Marks { balloon_bundle_id: Some("com.example".into()), ..Marks::default() };
        assert_eq!(app.kind(), MessageKind::App { bundle_id: "com.example".into() });
    }
}
