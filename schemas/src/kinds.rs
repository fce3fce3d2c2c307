//! All kinds of data, for whoever goes through them. A new kind is one more line.

mod unbuilt;

use crate::kind::Kind;
use crate::{calendars, calls, contacts, messages, notes, photos, recordings, safari, voicemail, whatsapp};

/// All kinds, whether corer reads their records yet or not, in the order in which they are told.
pub static KINDS: &[&Kind] = &[
    &messages::KIND,
    &contacts::KIND,
    &calls::KIND,
    &photos::KIND,
    &voicemail::KIND,
    &recordings::KIND,
    &notes::KIND,
    &calendars::KIND,
    &unbuilt::REMINDERS,
    &safari::KIND,
    &whatsapp::KIND,
    &unbuilt::HEALTH,
    &unbuilt::PASSWORDS,
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::kind::DomainPath;

    #[test]
    fn each_kind_has_a_name_and_places_of_its_own() {
        let names: BTreeSet<&str> = KINDS.iter().map(|kind| kind.name).collect();
        assert_eq!(names.len(), KINDS.len());
        let contents = || KINDS.iter().flat_map(|kind| kind.contents);
        let places: BTreeSet<&DomainPath> = contents().flat_map(|content| content.places).collect();
        assert_eq!(places.len(), contents().map(|content| content.places.len()).sum::<usize>());
        assert!(contents().all(|content| !content.places.is_empty()));
    }

    #[test]
    fn damage_to_a_database_of_a_kind_is_said_to_be_damage_to_that_kind() {
        for kind in KINDS {
            for (domain, path) in kind.contents.iter().flat_map(|content| content.places) {
                let named =
                    |path: &str| KINDS.iter().find(|kind| kind.areas.iter().any(|area| area.holds(domain, path)));
                // Of a folder, that is what lies in it.
                let found = named(path).or_else(|| named(&format!("{path}/")));
                assert_eq!(found.map(|kind| kind.name), Some(kind.name), "{domain} {path}");
            }
        }
    }
}
