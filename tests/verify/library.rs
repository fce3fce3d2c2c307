//! What a verification says of the samples.

use std::sync::Arc;

use corer::backup::LockedBackup;
use corer::backup::tree::Folder;
use corer::backup::verify::{Level, Verification, Watch, verify};

fn verification(name: &str, password: &str, level: Level) -> Verification {
    let path = crate::support::sample(name);
    let locked = LockedBackup::open(Arc::new(Folder::new(path))).unwrap();
    let backup = locked.unlock(password.as_bytes()).unwrap();
    let watch = Watch { advance: &|_| (), is_interrupted: &|| false };
    verify(&backup, locked.facts(), level, &watch)
}

#[test]
fn whole_backups_are_whole_at_every_level() {
    for level in [Level::Quick, Level::Full, Level::Deep] {
        for (name, password) in [
            ("ios18", ""),
            ("ios9", ""),
            ("ios5", ""),
            ("ios9-encrypted", "mira-1961"),
            ("ios10.1-encrypted", "mira-1961"),
            ("odd-encrypted", "Havet 1961 – æøå"),
        ] {
            let result = verification(name, password, level);
            assert!(result.damage.is_empty(), "{name} {level:?}: {:#?}", result.damage);
            assert!(result.files > 5, "{name}");
            assert_eq!(result.databases > 0, level == Level::Deep, "{name}");
            assert_eq!(result.bytes > 0, level != Level::Quick, "{name}");
        }
    }
}

#[test]
fn a_missing_payload_is_damage_at_every_level() {
    for level in [Level::Quick, Level::Full, Level::Deep] {
        let result = verification("odd-missing", "mira-1961", level);
        assert!(!result.damage.is_empty(), "{level:?}");
    }
}
