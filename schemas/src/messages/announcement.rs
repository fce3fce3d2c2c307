//! What is said in the middle of a conversation, by `item_type` and `group_action_type`.

use super::model::{Announcement, Sender, Sharing};

/// The columns that an announcement is read from.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub(super) item_type: i64,
    pub(super) action: i64,
    /// Whom it is about.
    pub(super) other: Sender,
    /// Whether that is who wrote.
    pub(super) is_about_sender: bool,
    pub(super) title: Option<String>,
    pub(super) share_status: Option<i64>,
}

impl Facts {
    /// What is announced.
    pub(super) fn announcement(self) -> Announcement {
        match (self.item_type, self.action) {
            (1, 0) if self.is_about_sender => Announcement::NumberChanged(self.other),
            (1, 0) => Announcement::Added(self.other),
            (1, 1) => Announcement::Removed(self.other),
            (2, _) => Announcement::Renamed(self.title),
            (3, 0) => Announcement::Left,
            (3, 1) => Announcement::PhotoChanged,
            (3, 2) => Announcement::PhotoRemoved,
            (3, 4) => Announcement::BackgroundChanged,
            (3, 6) => Announcement::BackgroundRemoved,
            (4, _) => {
                let sharing = self.share_status.map(|status| match status {
                    0 => Sharing::Started,
                    _ => Sharing::Stopped,
                });
                Announcement::Location { sharing, with: self.other }
            }
            (5, _) => Announcement::AudioKept,
            (6, _) => Announcement::SharePlay,
            (item_type, action) => Announcement::Other { item_type, action },
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::messages::Handle;

    fn said(item_type: i64, action: i64) -> Announcement {
        Facts { item_type, action, ..Facts::default() }.announcement()
    }

    #[test]
    fn every_known_pair_has_its_words() {
        assert_eq!(said(1, 0), Announcement::Added(None));
        assert_eq!(said(1, 1), Announcement::Removed(None));
        assert_eq!(said(2, 0), Announcement::Renamed(None));
        assert_eq!(said(3, 0), Announcement::Left);
        assert_eq!(said(3, 1), Announcement::PhotoChanged);
        assert_eq!(said(3, 2), Announcement::PhotoRemoved);
        assert_eq!(said(3, 4), Announcement::BackgroundChanged);
        assert_eq!(said(3, 6), Announcement::BackgroundRemoved);
        assert_eq!(said(5, 0), Announcement::AudioKept);
        assert_eq!(said(6, 0), Announcement::SharePlay);
        assert_eq!(said(3, 9), Announcement::Other { item_type: 3, action: 9 });
        assert_eq!(said(1, 2), Announcement::Other { item_type: 1, action: 2 });
    }

    #[test]
    fn who_and_what_come_from_the_row() {
        let zoe: Sender = Some(Arc::new(Handle { address: "+15550101234".into(), name: None }));
        let moved = Facts { item_type: 1, other: zoe.clone(), is_about_sender: true, ..Facts::default() };
        assert_eq!(moved.announcement(), Announcement::NumberChanged(zoe.clone()));
        let named = Facts { item_type: 2, title: Some("Lisbon".into()), ..Facts::default() };
        assert_eq!(named.announcement(), Announcement::Renamed(Some("Lisbon".into())));
        let shared = |share_status| Facts { item_type: 4, other: zoe.clone(), share_status, ..Facts::default() };
        let location = |sharing| Announcement::Location { sharing, with: zoe.clone() };
        assert_eq!(shared(Some(0)).announcement(), location(Some(Sharing::Started)));
        assert_eq!(shared(Some(1)).announcement(), location(Some(Sharing::Stopped)));
        assert_eq!(shared(None).announcement(), location(None));
    }
}
