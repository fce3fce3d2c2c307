//! The kinds that corer has no reader for yet: where their files lie is known, and so whether a backup has them. One that gets a
//! reader moves to it.

use crate::kind::{Area, Content, Kept, Kind};

const HOME: &str = "HomeDomain";
const REMINDER: &str = "AppDomainGroup-group.com.apple.reminders";

/// What is to be done.
pub static REMINDERS: Kind = Kind {
    name: "reminders",
    title: "Reminders",
    plural: "reminders",
    nouns: ("reminder", "reminders"),
    contents: &[Content {
        title: "Reminders",
        kept: Kept::Always,
        places: &[(REMINDER, "Container_v1/Stores"), (HOME, "Library/Reminders/Container_v1/Stores")],
    }],
    areas: &[Area::one(REMINDER, "", "reminders"), Area::one(HOME, "Library/Reminders/", "reminders")],
};

/// What the body did.
pub static HEALTH: Kind = Kind {
    name: "health",
    title: "Health",
    plural: "health data",
    nouns: ("record", "records"),
    contents: &[Content {
        title: "Health",
        kept: Kept::EncryptedFrom(0),
        places: &[("HealthDomain", "Health/healthdb_secure.sqlite")],
    }],
    areas: &[Area::one("HealthDomain", "", "health data")],
};

/// What the keychain keeps.
pub static PASSWORDS: Kind = Kind {
    name: "wifi",
    title: "Passwords and Wi-Fi keys",
    plural: "passwords",
    nouns: ("password", "passwords"),
    contents: &[Content {
        title: "Passwords and Wi-Fi keys",
        kept: Kept::EncryptedFrom(0),
        places: &[("KeychainDomain", "keychain-backup.plist")],
    }],
    areas: &[Area::one("KeychainDomain", "", "saved passwords")],
};
