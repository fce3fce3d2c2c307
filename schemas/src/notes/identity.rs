//! How a note is found again in another backup.

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
            None => vec![String::new(), self.title.clone().unwrap_or_default(), self.text()],
        }
    }

    fn inherit(&mut self, other: &Self) {
        let is_same = self.essence() == other.essence();
        if is_same && matches!(self.body, Body::Missing { .. }) && matches!(other.body, Body::Text(_)) {
            self.body = other.body.clone();
            self.lock = other.lock.clone();
            self.tags = other.tags.clone();
            self.mentions = other.mentions.clone();
            self.attachments = other.attachments.clone();
        }
        for attachment in &mut self.attachments {
            let Some(theirs) = other.attachment(&attachment.identifier) else { continue };
            for file in &mut attachment.files {
                let their = theirs.files.iter().find(|their| their.role == file.role);
                if let (Place::Missing { .. }, Some(their)) = (&file.place, their)
                    && matches!(their.place, Place::Stored(_))
                {
                    file.place = their.place.clone();
                }
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
