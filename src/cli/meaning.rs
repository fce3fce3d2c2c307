//! What a damaged file means for the person: which of their things it holds.

use std::collections::BTreeMap;

use super::human;

/// Where things lie, as the beginning of `Domain/path`, with what one file there is: one of them, and several.
/// The first that fits counts.
const PLACES: &[(&str, &str, &str)] = &[
    ("HomeDomain/Library/SMS/sms.db", "the database of all messages", "the database of all messages"),
    ("MediaDomain/Library/SMS/Attachments/", "an attachment of a message", "attachments of messages"),
    ("HomeDomain/Library/AddressBook/", "the contacts or their pictures", "the contacts and their pictures"),
    ("HomeDomain/Library/CallHistoryDB/", "the call history", "the call history"),
    ("WirelessDomain/Library/CallHistory/", "the call history", "the call history"),
    ("CameraRollDomain/Media/DCIM/", "a photo or video", "photos and videos"),
    (
        "CameraRollDomain/Media/PhotoData/Photos.sqlite",
        "the albums and facts of photos",
        "the albums and facts of photos",
    ),
    ("CameraRollDomain/", "what belongs to photos (edits, thumbnails)", "what belongs to photos (edits, thumbnails)"),
    ("HomeDomain/Library/Voicemail/", "voicemail", "voicemail"),
    ("MediaDomain/Media/Recordings/", "a voice memo", "voice memos"),
    ("AppDomainGroup-group.com.apple.VoiceMemos.shared/", "a voice memo", "voice memos"),
    (
        "AppDomainGroup-group.com.apple.notes/",
        "notes or what is attached to them",
        "notes and what is attached to them",
    ),
    ("HomeDomain/Library/Notes/", "old notes", "old notes"),
    ("HomeDomain/Library/Calendar/", "the calendar", "the calendar"),
    ("HomeDomain/Library/Safari/", "Safari's history or bookmarks", "Safari's history or bookmarks"),
    ("HealthDomain/", "health data", "health data"),
    ("KeychainDomain/", "saved passwords", "saved passwords"),
    ("AppDomainGroup-group.net.whatsapp.WhatsApp.shared/", "WhatsApp chats or media", "WhatsApp chats and media"),
    ("AppDomain", "data of an app", "files with data of apps"),
    ("Manifest", "the list of all files, or the keys to them", "the list of all files, or the keys to them"),
    ("the manifest", "the list of all files", "the list of all files"),
    ("Info.plist", "facts about the device", "facts about the device"),
    ("Status.plist", "the state of the backup", "the state of the backup"),
];

/// Sums up what is hurt: `3 × photos and videos`, one line for each kind of thing.
pub fn of<'a>(items: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut counts: BTreeMap<usize, u64> = BTreeMap::new();
    for item in items {
        let place = PLACES.iter().position(|(beginning, ..)| item.starts_with(beginning)).unwrap_or(PLACES.len());
        *counts.entry(place).or_default() += 1;
    }
    counts.into_iter().map(|(place, count)| line(place, count)).collect()
}

fn line(place: usize, count: u64) -> String {
    match PLACES.get(place) {
        Some((_, one, many)) if one == many => (*one).to_owned(),
        Some((_, one, _)) if count == 1 => (*one).to_owned(),
        Some((_, _, many)) => format!("{count} {many}"),
        None => human::count(count, "file of the system or of its settings", "files of the system or of its settings"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damage_is_said_in_peoples_things() {
        let items = [
            "CameraRollDomain/Media/DCIM/100APPLE/IMG_0001.HEIC",
            "HomeDomain/Library/SMS/sms.db",
            "HomeDomain/Library/SMS/sms.db-wal",
            "CameraRollDomain/Media/DCIM/100APPLE/IMG_0002.HEIC",
            "RootDomain/Library/x",
        ];
        assert_eq!(
            of(items.into_iter()),
            ["the database of all messages", "2 photos and videos", "1 file of the system or of its settings"]
        );
    }
}
