//! What WhatsApp itself says in a conversation: rows of type 6 (about a group), 10 (about anything), 12 and 28, by their
//! `ZGROUPEVENTTYPE`. `ZTEXT` holds what belongs to it: the new name, who added whom (`who;whom,whom`), seconds.
//!
//! The numbers are those that public readers of several stores agree about. Every other one is shown with its numbers.

use serde_json::Value;

use super::jid::Jid;
use super::metadata::{Metadata, StoredCall};
use super::names::Names;
use crate::messages::{Announcement, ChatCall, Sender};

/// The most people of one row.
const MOST: usize = 2048;

/// A row that WhatsApp wrote.
pub(super) struct EventRow<'r> {
    pub(super) kind: i64,
    pub(super) event: i64,
    pub(super) text: Option<&'r str>,
    /// Whom the row names as a member of the group.
    pub(super) member: Sender,
    /// Who began the group.
    pub(super) creator: Sender,
    /// With whom a conversation of two is.
    pub(super) other: Sender,
    pub(super) metadata: &'r Metadata,
    pub(super) is_from_me: bool,
    pub(super) is_group: bool,
}

/// What happened, by whom, and whether it says all of the text.
pub(super) struct Event {
    pub(super) announcement: Announcement,
    pub(super) actor: Sender,
    pub(super) has_said_text: bool,
    /// Whether the row names more people than are read.
    pub(super) is_cut: bool,
}

impl EventRow<'_> {
    /// Whether rows of a type are such ones.
    pub(super) fn is_one(kind: i64) -> bool {
        matches!(kind, 6 | 10 | 12 | 28 | 59)
    }

    /// What happened.
    pub(super) fn read(self, names: &Names<'_>) -> Event {
        let plain =
            |announcement| Event { announcement, actor: self.member.clone(), has_said_text: false, is_cut: false };
        let said = |announcement| Event { has_said_text: true, ..plain(announcement) };
        match (self.kind, self.event) {
            (6, 1 | 56) => self.renamed(names),
            (6, 2 | 50) => self.moved(names, true),
            (6, 7) => self.moved(names, false),
            (6, 3) => plain(Announcement::Left),
            (6, 15 | 23) => plain(Announcement::Joined),
            (6, 12) => {
                let actor = self.member.clone().or(self.creator.clone());
                Event { actor, ..plain(Announcement::Created) }
            }
            (6, 4) => plain(Announcement::PhotoChanged),
            (6, 5) => plain(Announcement::PhotoRemoved),
            (6, 17) => said(Announcement::DescriptionChanged(self.text.map(str::to_owned))),
            (6, 26) => {
                let seconds = self.text.and_then(|text| text.trim().parse().ok()).or(self.metadata.timer);
                Event { has_said_text: seconds.is_some(), ..plain(Announcement::TimerChanged(seconds)) }
            }
            (28, _) => plain(Announcement::TimerChanged(self.metadata.timer)),
            (6, 9) | (10, 5 | 6) => plain(Announcement::NumberChanged(self.member.clone().or(self.other.clone()))),
            (10, 2) => plain(Announcement::Encrypted),
            (10, 3 | 36) => plain(Announcement::SecurityCodeChanged(self.member.clone().or(self.other.clone()))),
            (10, 1 | 45) => self.missed(false, false),
            (10, 21) => self.missed(false, true),
            (10, 4 | 46) => self.missed(true, false),
            (10, 22) => self.missed(true, true),
            (10, 40 | 41) => {
                plain(Announcement::Called(ChatCall { is_video: Some(true), is_group: true, ..ChatCall::default() }))
            }
            (59, _) => self.called(),
            (12, _) => plain(Announcement::Awaited),
            (kind, event) => plain(Announcement::Unknown { what: format!("type {kind}, event {event}") }),
        }
    }

    /// The new name stands alone, or beside the old one.
    fn renamed(self, names: &Names<'_>) -> Event {
        let change: Option<Value> =
            self.text.filter(|text| text.starts_with('{')).and_then(|text| serde_json::from_str(text).ok());
        let field = |name: &str| change.as_ref()?.get(name)?.as_str().map(str::to_owned);
        let name = field("new_subject").or_else(|| field("subject")).or_else(|| self.text.map(str::to_owned));
        let actor = field("author").and_then(|author| names.person(&author)).or(self.member);
        Event { announcement: Announcement::Renamed(name), actor, has_said_text: true, is_cut: false }
    }

    /// Somebody came or was made to go: by whom, and who.
    fn moved(self, names: &Names<'_>, came: bool) -> Event {
        let (who, whom) =
            self.text.and_then(|text| text.split_once(';')).unwrap_or((self.text.unwrap_or_default(), ""));
        let person =
            |jid: &str| Jid::read(jid).filter(|jid| jid.is_person()).and_then(|jid| names.person(&jid.whole()));
        let actor = person(who);
        let is_cut = whom.split(',').nth(MOST).is_some();
        let mut people: Vec<Sender> = whom.split(',').take(MOST).map(person).filter(Option::is_some).collect();
        if people.is_empty() {
            people.extend(self.member.clone().map(Some));
        }
        let has_said_text = self.text.is_none_or(|text| text.is_empty()) || actor.is_some() || !whom.is_empty();
        let announcement = match (people.len(), came) {
            (1, true) => Announcement::Added(people.pop().flatten()),
            (1, false) => Announcement::Removed(people.pop().flatten()),
            (_, true) => Announcement::AddedSeveral(people),
            (_, false) => Announcement::RemovedSeveral(people),
        };
        Event { announcement, actor, has_said_text, is_cut }
    }

    fn missed(self, is_video: bool, was_with_several: bool) -> Event {
        let is_group = was_with_several || self.is_group;
        let call = ChatCall { is_video: Some(is_video), is_group, seconds: None, is_missed: true };
        self.with_other(Announcement::Called(call))
    }

    fn called(self) -> Event {
        let StoredCall { is_video, seconds } =
            self.metadata.call.unwrap_or(StoredCall { is_video: None, seconds: None });
        let is_missed = !self.is_from_me && seconds == Some(0);
        let call = ChatCall { is_video, is_group: self.is_group, seconds, is_missed };
        self.with_other(Announcement::Called(call))
    }

    /// Of two, the other one did it.
    fn with_other(self, announcement: Announcement) -> Event {
        Event { announcement, actor: self.member.or(self.other), has_said_text: false, is_cut: false }
    }
}
