//! What a damaged file means for the person: which of their things it holds.

use std::collections::{BTreeMap, BTreeSet};

use corer::backup::verify::BackupPart;
use corer_schemas::kind::Area;
use corer_schemas::kinds::KINDS;

use crate::cli::terminal::human;

/// What lies in apps that corer knows nothing of.
const APPS: [Area; 3] = [
    Area { domain: "AppDomain-", path: "", words: OF_APPS, made_of_others: None },
    Area { domain: "AppDomainGroup-", path: "", words: OF_APPS, made_of_others: None },
    Area { domain: "AppDomainPlugin-", path: "", words: OF_APPS, made_of_others: None },
];
const OF_APPS: (&str, &str) = ("data of an app", "files with data of apps");

/// Where things lie; the first that fits counts.
fn areas() -> impl Iterator<Item = &'static Area> {
    KINDS.iter().flat_map(|kind| kind.areas).chain(&APPS)
}

/// What a kind of hurt things is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum DamageNoun {
    /// The first area that is called so.
    Area(usize),
    Other,
    Manifest,
    Device,
    State,
}

/// Sums up what is hurt: `3 photos and videos`, one line for each kind of thing. A file counts once.
pub fn of<'a>(parts: impl Iterator<Item = &'a BackupPart>) -> Vec<String> {
    let parts: BTreeSet<&BackupPart> = parts.collect();
    let mut counts: BTreeMap<DamageNoun, u64> = BTreeMap::new();
    for part in parts {
        *counts.entry(thing(part)).or_default() += 1;
    }
    counts.into_iter().map(|(thing, count)| line(thing, count)).collect()
}

fn thing(part: &BackupPart) -> DamageNoun {
    match part {
        BackupPart::File { domain, path } => {
            let area = areas().find(|area| area.holds(domain, path));
            let first = area.and_then(|area| areas().position(|other| other.words == area.words));
            first.map_or(DamageNoun::Other, DamageNoun::Area)
        }
        BackupPart::PropertyList(name) if name == "Info.plist" => DamageNoun::Device,
        BackupPart::PropertyList(name) if name == "Status.plist" => DamageNoun::State,
        BackupPart::Manifest | BackupPart::PropertyList(_) => DamageNoun::Manifest,
    }
}

fn line(thing: DamageNoun, count: u64) -> String {
    match thing {
        DamageNoun::Manifest => "the list of all files, or the keys to them".to_owned(),
        DamageNoun::Device => "facts about the device".to_owned(),
        DamageNoun::State => "the state of the backup".to_owned(),
        DamageNoun::Other => {
            human::count(count, "file of the system or of its settings", "files of the system or of its settings")
        }
        DamageNoun::Area(place) => match areas().nth(place).map(|area| area.words) {
            Some((one, many)) if one == many || count == 1 => one.to_owned(),
            Some((_, many)) => format!("{count} {many}"),
            None => String::new(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damage_is_said_in_peoples_things_and_counted_once() {
        let file = |domain: &str, path: &str| BackupPart::File { domain: domain.to_owned(), path: path.to_owned() };
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
            BackupPart::PropertyList("Status.plist".to_owned()),
            BackupPart::Manifest,
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
