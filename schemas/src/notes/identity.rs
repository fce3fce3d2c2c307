//! How a note is found again in another backup.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use super::model::{Attachment, Body, FileRole, Note, Place};
use crate::identity::{Identified, Key};
use crate::source::{Entry, EntryKind, Presence};
use crate::time::AppleTime;

/// A note is known by the identifier that it has on all devices; an old one without it by when it was made and its title.
impl Identified for Note {
    fn key(&self) -> Key {
        match &self.identifier {
            Some(identifier) => Key::Given(identifier.clone()),
            None => Key::Content(vec![moment(self.created), self.title.clone().unwrap_or_default()]),
        }
    }

    fn moment(&self) -> Option<AppleTime> {
        self.created
    }

    /// Whoever changes a note changes when it was last changed. Its text does not serve: a locked note has none without its
    /// password, and it is the same note with it.
    fn essence(&self) -> Vec<String> {
        match self.modified {
            Some(_) => vec![moment(self.modified)],
            None if self.lock.is_some() => vec![String::new(), self.title.clone().unwrap_or_default()],
            None => vec![String::new(), self.title.clone().unwrap_or_default(), self.text()],
        }
    }

    /// One that is closed now may have been open before.
    fn lacks(&self) -> bool {
        matches!(self.body, Body::Missing { .. })
    }

    fn inherit(&mut self, other: &Self) {
        let is_same = self.essence() == other.essence();
        if is_same && self.lacks() && matches!(other.body, Body::Text(_)) {
            self.body = other.body.clone();
            // How it is locked, this backup says; that it was opened, the earlier one.
            let was_open = other.lock.as_ref().is_some_and(|lock| lock.is_open);
            self.lock.iter_mut().for_each(|lock| lock.is_open = was_open);
            self.tags.clone_from(&other.tags);
            self.mentions.clone_from(&other.mentions);
            self.inherit_attachments(other);
        }
        let theirs: HashMap<&str, &Attachment> =
            other.attachments.iter().map(|theirs| (theirs.identifier.as_str(), theirs)).collect();
        for attachment in &mut self.attachments {
            if let Some(theirs) = theirs.get(attachment.identifier.as_str()) {
                attachment.inherit_files(theirs);
            }
        }
    }

    /// The note itself, and the files of its attachments, each by a number that its identifier gives.
    fn entries(&mut self) -> Vec<(usize, &mut Entry)> {
        let mut entries = vec![(0, &mut self.page)];
        for Attachment { identifier, files, .. } in &mut self.attachments {
            for file in files {
                let number = number(identifier, file.role);
                if let Place::Stored(entry) = &mut file.place {
                    entries.push((number, entry));
                }
            }
        }
        entries
    }
}

impl Note {
    /// Takes over what the attachments say that were open before; what this backup has of them stays.
    fn inherit_attachments(&mut self, other: &Self) {
        let mut own: HashMap<String, Attachment> =
            self.attachments.drain(..).map(|own| (own.identifier.clone(), own)).collect();
        for theirs in &other.attachments {
            let mut merged = theirs.clone();
            match own.remove(&theirs.identifier) {
                Some(now) => {
                    merged.id = now.id;
                    merged.files = now.files;
                }
                None => merged.files.retain(|file| matches!(file.place, Place::Stored(_))),
            }
            self.attachments.push(merged);
        }
        // What is new, in a stable order.
        let mut new: Vec<Attachment> = own.into_values().collect();
        new.sort_by_key(|new| (new.id, new.identifier.clone()));
        self.attachments.append(&mut new);
    }
}

impl Attachment {
    /// Takes over files that are no longer there.
    fn inherit_files(&mut self, other: &Self) {
        let has_none = self.files.is_empty();
        for their in other.files.iter().filter(|their| matches!(their.place, Place::Stored(_))) {
            match self.files.iter_mut().find(|file| file.role == their.role) {
                Some(file) if matches!(file.place, Place::Missing { .. }) => {
                    // What it is called may be known only where it was open.
                    file.clone_from(their);
                }
                Some(_) => {}
                None if their.role == FileRole::Preview && !has_none => {}
                None => self.files.push(their.clone()),
            }
        }
    }
}

/// The place of a note itself among the files of an export. `name` is its own in a run.
pub(super) fn page(name: &str) -> Entry {
    Entry {
        id: 0,
        domain: super::DATABASE.0.to_owned(),
        path: format!("the page of {name}"),
        kind: EntryKind::File,
        size_hint: None,
        modified: None,
        created: None,
        presence: Presence::Present,
    }
}

fn moment(date: Option<AppleTime>) -> String {
    date.map(|date| date.nanoseconds().to_string()).unwrap_or_default()
}

/// 31 bits of the hash of an identifier, and the role: the same in every backup, wherever in the note the attachment is.
fn number(identifier: &str, role: FileRole) -> usize {
    let hash = Sha256::digest(identifier);
    let bits = hash.iter().take(4).fold(0_usize, |bits, byte| bits << 8 | usize::from(*byte));
    let role = match role {
        FileRole::Original => 1,
        FileRole::Picture => 2,
        FileRole::Document => 3,
        FileRole::Preview => 4,
    };
    (bits >> 4 << 3) + role
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notes::model::{AttachmentKind, Lock, NoteFile, Scheme, State};

    fn note(body: Body, scheme: Scheme, hint: &str, is_open: bool, attachments: Vec<Attachment>) -> Note {
        Note {
            id: None,
            identifier: Some("N".to_owned()),
            account: None,
            folder: Vec::new(),
            title: None,
            snippet: None,
            created: None,
            modified: AppleTime::from_seconds(5e8),
            pinned: false,
            state: State::Kept,
            lock: Some(Lock { scheme, hint: Some(hint.to_owned()), is_open }),
            body,
            tags: Vec::new(),
            mentions: Vec::new(),
            shared_with: Vec::new(),
            attachments,
            page: page("x"),
            odd: Vec::new(),
        }
    }

    fn attachment(identifier: &str, title: Option<&str>, place: Place) -> Attachment {
        let file = NoteFile { role: FileRole::Original, name: "a".to_owned(), place, lock: None };
        Attachment {
            title: title.map(str::to_owned),
            files: vec![file],
            ..Attachment::new(identifier.to_owned(), AttachmentKind::Image)
        }
    }

    #[test]
    fn what_was_open_stays_open_and_what_is_new_stays_new() {
        let stored = |name: &str| Place::Stored(page(name));
        let closed = || Place::Missing { why: "it is locked with its note".to_owned(), expected: false };
        let own = vec![
            attachment("A", None, stored("now")),
            attachment("B", None, closed()),
            attachment("C", None, closed()),
        ];
        let missing = Body::Missing { why: "locked".to_owned(), expected: false };
        let mut now = note(missing, Scheme::Neo, "new hint", false, own);
        let theirs = vec![attachment("A", Some("t"), stored("then")), attachment("B", Some("u"), stored("then"))];
        now.inherit(&note(Body::Text(Vec::new()), Scheme::Classic, "old hint", true, theirs));
        assert_eq!(now.body, Body::Text(Vec::new()));
        let lock = now.lock.as_ref().unwrap();
        assert_eq!((lock.scheme, lock.hint.as_deref(), lock.is_open), (Scheme::Neo, Some("new hint"), true));
        let places: Vec<_> = now
            .attachments
            .iter()
            .map(|own| (own.identifier.as_str(), own.title.as_deref(), &own.files[0].place))
            .collect();
        let (a, b) = (stored("now"), stored("then"));
        assert_eq!(places, [("A", Some("t"), &a), ("B", Some("u"), &b), ("C", None, &closed())]);
    }
}
