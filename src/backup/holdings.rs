//! What a backup holds of the kinds of data that people ask for, and what it does not hold and why.

use corer_schemas::source::{Absence, Presence, Source};

use super::facts::Facts;

/// When a kind of data is in a backup at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kept {
    /// In every backup.
    Always,
    /// In encrypted backups only, from this version of iOS on; before it in every backup.
    EncryptedFrom(u32),
}

/// A kind of data, and the files that hold it in one version of iOS or another.
struct Kind {
    name: &'static str,
    /// The command that takes it out.
    command: &'static str,
    kept: Kept,
    places: &'static [(&'static str, &'static str)],
}

/// Whether a backup has a kind of data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    /// The kind, for people.
    pub name: &'static str,
    /// The command that takes it out, whether there is one yet or not.
    pub command: &'static str,
    /// Whether it is there, and why not.
    pub state: State,
}

/// Whether a kind of data is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// This file holds it: domain and path.
    Held(String, String),
    /// The manifest lists the file, its content is not there.
    Lost(Absence),
    /// A device saves this only in encrypted backups, and this one is not.
    OnlyInEncrypted,
    /// A device saves this in every such backup; this one has none of it.
    NotThere,
}

const HOME: &str = "HomeDomain";

/// The kinds, with every place that a version of iOS used, the newest first.
const KINDS: &[Kind] = &[
    Kind { name: "Messages", command: "messages", kept: Kept::Always, places: &[(HOME, "Library/SMS/sms.db")] },
    Kind {
        name: "Contacts",
        command: "contacts",
        kept: Kept::Always,
        places: &[(HOME, "Library/AddressBook/AddressBook.sqlitedb")],
    },
    Kind {
        name: "Call history",
        command: "calls",
        kept: Kept::EncryptedFrom(13),
        places: &[
            (HOME, "Library/CallHistoryDB/CallHistory.storedata"),
            ("WirelessDomain", "Library/CallHistory/call_history.db"),
        ],
    },
    Kind {
        name: "Photos",
        command: "photos",
        kept: Kept::Always,
        places: &[("CameraRollDomain", "Media/PhotoData/Photos.sqlite"), ("CameraRollDomain", "Media/DCIM")],
    },
    Kind {
        name: "Voicemail",
        command: "voicemail",
        kept: Kept::Always,
        places: &[(HOME, "Library/Voicemail/voicemail.db")],
    },
    Kind {
        name: "Voice memos",
        command: "recordings",
        kept: Kept::Always,
        places: &[
            ("AppDomainGroup-group.com.apple.VoiceMemos.shared", "Recordings/CloudRecordings.db"),
            ("MediaDomain", "Media/Recordings/CloudRecordings.db"),
            ("MediaDomain", "Media/Recordings/Recordings.db"),
        ],
    },
    Kind {
        name: "Notes",
        command: "notes",
        kept: Kept::Always,
        places: &[("AppDomainGroup-group.com.apple.notes", "NoteStore.sqlite"), (HOME, "Library/Notes/notes.sqlite")],
    },
    Kind {
        name: "Calendar",
        command: "calendar",
        kept: Kept::Always,
        places: &[(HOME, "Library/Calendar/Calendar.sqlitedb")],
    },
    Kind {
        name: "Reminders",
        command: "reminders",
        kept: Kept::Always,
        places: &[
            ("AppDomainGroup-group.com.apple.reminders", "Container_v1/Stores"),
            (HOME, "Library/Reminders/Container_v1/Stores"),
        ],
    },
    Kind {
        name: "Safari history",
        command: "safari",
        kept: Kept::EncryptedFrom(13),
        places: &[
            (HOME, "Library/Safari/History.db"),
            ("AppDomain-com.apple.mobilesafari", "Library/Safari/History.db"),
            (HOME, "Library/Safari/History.plist"),
        ],
    },
    Kind {
        name: "Safari bookmarks",
        command: "safari",
        kept: Kept::Always,
        places: &[(HOME, "Library/Safari/Bookmarks.db")],
    },
    Kind {
        name: "WhatsApp",
        command: "whatsapp",
        kept: Kept::Always,
        places: &[("AppDomainGroup-group.net.whatsapp.WhatsApp.shared", "ChatStorage.sqlite")],
    },
    Kind {
        name: "Health",
        command: "health",
        kept: Kept::EncryptedFrom(0),
        places: &[("HealthDomain", "Health/healthdb_secure.sqlite")],
    },
    Kind {
        name: "Passwords and Wi-Fi keys",
        command: "wifi",
        kept: Kept::EncryptedFrom(0),
        places: &[("KeychainDomain", "keychain-backup.plist")],
    },
];

/// What no backup on a computer holds, encrypted or not.
pub const NEVER_HELD: &[&str] = &[
    "mail that stays on a server",
    "photos, messages and files that are only in iCloud",
    "apps themselves, music and books from a store",
    "Face ID, Touch ID and Apple Pay data",
];

/// Says of every kind whether the backup has it.
pub fn holdings(source: &dyn Source, facts: &Facts, is_encrypted: bool) -> Vec<Holding> {
    let holding = |kind: &Kind| Holding {
        name: kind.name,
        command: kind.command,
        state: state(source, kind, facts, is_encrypted),
    };
    KINDS.iter().map(holding).collect()
}

/// The kinds that a device saves in encrypted backups only, for a backup that is not.
pub fn only_in_encrypted(facts: &Facts) -> Vec<&'static str> {
    KINDS.iter().filter(|kind| is_kept_back(kind, facts)).map(|kind| kind.name).collect()
}

/// Whether a device saves what a command takes out in encrypted backups only.
pub fn needs_encryption(command: &str, facts: &Facts) -> bool {
    KINDS.iter().any(|kind| kind.command == command && is_kept_back(kind, facts))
}

fn state(source: &dyn Source, kind: &Kind, facts: &Facts, is_encrypted: bool) -> State {
    let mut lost = None;
    // Keys in a backup that is not encrypted are there, bound to the device, and of no use.
    let is_useless = kind.kept == Kept::EncryptedFrom(0) && !is_encrypted;
    for (domain, path) in kind.places.iter().filter(|_| !is_useless) {
        match source.entry(domain, path).map(|entry| entry.presence) {
            Ok(Presence::Present) => return State::Held((*domain).to_owned(), (*path).to_owned()),
            Ok(Presence::Absent(why)) => lost = lost.or(Some(why)),
            Err(_) => {}
        }
    }
    match lost {
        Some(why) => State::Lost(why),
        None if !is_encrypted && is_kept_back(kind, facts) => State::OnlyInEncrypted,
        None => State::NotThere,
    }
}

/// An unknown version is taken for a current one.
fn is_kept_back(kind: &Kind, facts: &Facts) -> bool {
    let version = facts.ios_version.as_deref().and_then(|version| version.split('.').next()?.parse().ok());
    matches!(kind.kept, Kept::EncryptedFrom(first) if version.unwrap_or(u32::MAX) >= first)
}
