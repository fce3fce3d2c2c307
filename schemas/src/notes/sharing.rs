//! Who a note is shared with: the keyed archive of a `CKShare` in `ZSERVERSHAREDATA`.
//!
//! Under `Participants` (older ones: `LastFetchedParticipants`) stand people, each with `Type` (1 the owner), `AcceptanceStatus`,
//! `IsCurrentUser` and `UserIdentity`, which has the name in parts and the address. Seen: a share of iOS 13 (test data of
//! apple_cloud_notes_parser) and one of iOS 15.3.

use super::model::Participant;
use crate::formats::bplist::Malformed;
use crate::formats::keyed_archive::{Archive, Node};

/// More people than Apple lets share a note.
const MOST: usize = 1_000;

/// The people of a share.
///
/// # Errors
/// When the bytes are no keyed archive.
pub(super) fn participants(bytes: &[u8]) -> Result<Vec<Participant>, Malformed> {
    let archive = Archive::new(bytes)?;
    for name in ["Participants", "LastFetchedParticipants"] {
        let Some(list) = archive.top(name)?.filter(|list| !list.is_null()) else { continue };
        let people: Result<Vec<_>, _> = list.members().take(MOST).map(|member| person(&member?)).collect();
        return people;
    }
    Ok(Vec::new())
}

fn person(node: &Node<'_, '_>) -> Result<Participant, Malformed> {
    let text = |path: &[&str]| -> Result<Option<String>, Malformed> {
        let text = node.path(path)?.and_then(|text| text.text()).map(|text| text.trim().to_owned());
        Ok(text.filter(|text| !text.is_empty()))
    };
    let name = |part| text(&["UserIdentity", "NameComponents", "NS.nameComponentsPrivate", part]);
    let names: Vec<String> = [name("NS.givenName")?, name("NS.familyName")?].into_iter().flatten().collect();
    let mail = text(&["UserIdentity", "LookupInfo", "EmailAddress"])?;
    let address = mail.map_or_else(|| text(&["UserIdentity", "LookupInfo", "PhoneNumber"]), |mail| Ok(Some(mail)))?;
    let number = |field| node.field(field).map(|value| value.and_then(|value| value.integer()));
    Ok(Participant {
        name: Some(names.join(" ")).filter(|name| !name.is_empty()),
        address,
        is_owner: number("Type")? == Some(1),
        is_self: number("IsCurrentUser")? == Some(1),
        acceptance: number("AcceptanceStatus")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::shared_data;

    #[test]
    fn a_share_names_who_can_see_the_note() {
        let Some(folder) = shared_data("notes-blobs/exported_blobs") else { return };
        let bytes = std::fs::read(folder.join("ZSERVERSHAREDATA.bin")).unwrap();
        let people = participants(&bytes).unwrap();
        let names: Vec<_> = people.iter().map(|person| (person.name.as_deref(), person.address.as_deref())).collect();
        let some = Some::<&str>;
        assert_eq!(
            names,
            [
                (some("Mr Tester"), some("fake_email2@fake_domain.fake")),
                (some("F P"), some("fake_email@fake_domain.fake"))
            ]
        );
        assert_eq!((people[0].is_owner, people[0].is_self, people[1].is_owner), (true, true, false));
        assert_eq!(people[1].acceptance, Some(2));
    }

    #[test]
    fn what_is_no_share_is_an_error() {
        assert!(participants(b"bplist00").is_err());
    }
}
