//! What a damaged file means for the person: which of their things it holds.

use std::collections::{BTreeMap, BTreeSet};

use corer::backup::verify::Part;

use super::human;

/// A kind of thing: the beginning of its domain, the beginning of its path, and what one and several of it are called.
type Place = (&'static str, &'static str, &'static str, &'static str);

/// Where things lie; the first that fits counts. A path that ends with `/` is what lies below it, another one a file and
/// what a database keeps beside it.
const PLACES: &[Place] = &[
    ("HomeDomain", "Library/SMS/sms.db", "the database of all messages", "the database of all messages"),
    ("MediaDomain", "Library/SMS/Attachments/", "an attachment of a message", "attachments of messages"),
    ("HomeDomain", "Library/AddressBook/", "the contacts or their pictures", "the contacts and their pictures"),
    ("HomeDomain", "Library/CallHistoryDB/", "the call history", "the call history"),
    ("WirelessDomain", "Library/CallHistory/", "the call history", "the call history"),
    ("CameraRollDomain", "Media/DCIM/", "a photo or video", "photos and videos"),
    (
        "CameraRollDomain",
        "Media/PhotoData/Photos.sqlite",
        "the albums and facts of photos",
        "the albums and facts of photos",
    ),
    (
        "CameraRollDomain",
        "",
        "what belongs to photos (edits, thumbnails)",
        "what belongs to photos (edits, thumbnails)",
    ),
    ("HomeDomain", "Library/Voicemail/", "voicemail", "voicemail"),
    ("MediaDomain", "Media/Recordings/", "a voice memo", "voice memos"),
    ("AppDomainGroup-group.com.apple.VoiceMemos.shared", "", "a voice memo", "voice memos"),
    (
        "AppDomainGroup-group.com.apple.notes",
        "",
        "notes or what is attached to them",
        "notes and what is attached to them",
    ),
    ("HomeDomain", "Library/Notes/", "old notes", "old notes"),
    ("HomeDomain", "Library/Calendar/", "the calendar", "the calendar"),
    ("HomeDomain", "Library/Safari/", "Safari's history or bookmarks", "Safari's history or bookmarks"),
    ("HealthDomain", "", "health data", "health data"),
    ("KeychainDomain", "", "saved passwords", "saved passwords"),
    ("AppDomainGroup-group.net.whatsapp.WhatsApp.shared", "", "WhatsApp chats or media", "WhatsApp chats and media"),
    ("AppDomain-", "", "data of an app", "files with data of apps"),
    ("AppDomainGroup-", "", "data of an app", "files with data of apps"),
    ("AppDomainPlugin-", "", "data of an app", "files with data of apps"),
];

/// What a kind of hurt things is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Place(usize),
    Other,
    Manifest,
    Device,
    State,
}

/// Sums up what is hurt: `3 × photos and videos`, one line for each kind of thing. A file counts once.
pub fn of<'a>(parts: impl Iterator<Item = &'a Part>) -> Vec<String> {
    let parts: BTreeSet<&Part> = parts.collect();
    let mut counts: BTreeMap<Kind, u64> = BTreeMap::new();
    for part in parts {
        *counts.entry(kind(part)).or_default() += 1;
    }
    counts.into_iter().map(|(kind, count)| line(kind, count)).collect()
}

fn kind(part: &Part) -> Kind {
    match part {
        Part::File { domain, path } => {
            PLACES.iter().position(|place| is_in(place, domain, path)).map_or(Kind::Other, Kind::Place)
        }
        Part::PropertyList(name) if name == "Info.plist" => Kind::Device,
        Part::PropertyList(name) if name == "Status.plist" => Kind::State,
        Part::Manifest | Part::PropertyList(_) => Kind::Manifest,
    }
}

fn is_in((of_domain, of_path, ..): &Place, domain: &str, path: &str) -> bool {
    let is_domain = if of_domain.ends_with('-') { domain.starts_with(of_domain) } else { domain == *of_domain };
    let rest = path.strip_prefix(of_path).filter(|_| is_domain);
    let is_whole_name = of_path.is_empty() || of_path.ends_with('/');
    rest.is_some_and(|rest| is_whole_name || matches!(rest, "" | "-wal" | "-shm" | "-journal"))
}

fn line(kind: Kind, count: u64) -> String {
    match kind {
        Kind::Manifest => "the list of all files, or the keys to them".to_owned(),
        Kind::Device => "facts about the device".to_owned(),
        Kind::State => "the state of the backup".to_owned(),
        Kind::Other => {
            human::count(count, "file of the system or of its settings", "files of the system or of its settings")
        }
        Kind::Place(place) => match PLACES.get(place) {
            Some((.., one, many)) if one == many || count == 1 => (*one).to_owned(),
            Some((.., many)) => format!("{count} {many}"),
            None => String::new(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damage_is_said_in_peoples_things_and_counted_once() {
        let file = |domain: &str, path: &str| Part::File { domain: domain.to_owned(), path: path.to_owned() };
        let parts = [
            file("CameraRollDomain", "Media/DCIM/100APPLE/IMG_0001.HEIC"),
            file("HomeDomain", "Library/SMS/sms.db"),
            file("HomeDomain", "Library/SMS/sms.db-wal"),
            file("CameraRollDomain", "Media/DCIM/100APPLE/IMG_0002.HEIC"),
            file("CameraRollDomain", "Media/DCIM/100APPLE/IMG_0002.HEIC"),
            file("RootDomain", "Library/x"),
            // Named as other things are, and something else.
            file("Manifest", "Manifest.db"),
            file("HomeDomain", "Library/SMS/sms.db.old/CameraRollDomain/Media/DCIM/x.jpg"),
            Part::PropertyList("Status.plist".to_owned()),
            Part::Manifest,
        ];
        assert_eq!(
            of(parts.iter()),
            [
                "the database of all messages",
                "2 photos and videos",
                "3 files of the system or of its settings",
                "the list of all files, or the keys to them",
                "the state of the backup",
            ]
        );
    }
}
