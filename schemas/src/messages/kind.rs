//! What a row is, from the columns that say so.
//!
//! Values as observed by several public readers of `sms.db`; a value that is in none of them makes the message
//! [`RowKind::Unsupported`], which is shown.

/// The columns that decide.
#[derive(Debug, Default)]
pub(super) struct KindColumns {
    pub(super) item_type: Option<i64>,
    pub(super) group_action_type: Option<i64>,
    pub(super) associated_message_type: Option<i64>,
    pub(super) balloon_bundle_id: Option<String>,
}

/// What a row is, before the columns of its kind are read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum RowKind {
    Normal,
    Tapback(i64),
    Vote,
    Announcement { item_type: i64, action: i64 },
    App(String),
    Unsupported(String),
}

impl KindColumns {
    /// What the row is.
    pub(super) fn kind(self) -> RowKind {
        let action = self.group_action_type.unwrap_or(0);
        match self.item_type.unwrap_or(0) {
            0 => {}
            // 1 joined or removed, 2 renamed, 3 left or changed the photo, 4 location shared, 5 audio kept, 6 SharePlay.
            item_type @ 1..=6 => return RowKind::Announcement { item_type, action },
            other => return RowKind::Unsupported(format!("item type {other}")),
        }
        match self.associated_message_type.unwrap_or(0) {
            // 2 and 3 mark the moves of a game and other updates of an app.
            0 | 2 | 3 => {}
            // 1000 a sticker put on a message, 2000 to 2007 reactions, 3000 to 3007 reactions taken back.
            number @ (1000 | 2000..=2007 | 3000..=3007) => return RowKind::Tapback(number),
            4000 => return RowKind::Vote,
            other => return RowKind::Unsupported(format!("associated message type {other}")),
        }
        match (self.balloon_bundle_id.filter(|id| !id.is_empty()), action) {
            (Some(bundle_id), _) => RowKind::App(bundle_id),
            (None, 0) => RowKind::Normal,
            (None, _) => RowKind::Announcement { item_type: 0, action },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values_have_their_kind_and_unknown_ones_are_kept() {
        let associated = |value| KindColumns { associated_message_type: Some(value), ..KindColumns::default() }.kind();
        assert_eq!(KindColumns::default().kind(), RowKind::Normal);
        assert_eq!(associated(2006), RowKind::Tapback(2006));
        assert_eq!(associated(3001), RowKind::Tapback(3001));
        assert_eq!(associated(3), RowKind::Normal);
        assert_eq!(associated(4000), RowKind::Vote);
        assert_eq!(associated(2999), RowKind::Unsupported("associated message type 2999".into()));
        let item = |value| KindColumns { item_type: Some(value), ..KindColumns::default() }.kind();
        assert_eq!(item(2), RowKind::Announcement { item_type: 2, action: 0 });
        assert_eq!(item(17), RowKind::Unsupported("item type 17".into()));
        let app = KindColumns { balloon_bundle_id: Some("com.example".into()), ..KindColumns::default() };
        assert_eq!(app.kind(), RowKind::App("com.example".into()));
    }
}
