use corer_schemas::contacts::{Labelled, Profile};
use proptest::prelude::*;

use super::*;

/// The properties that hold addresses, and ours where it says so.
fn is_of_address(head: &str) -> bool {
    let name = head.split(';').next().unwrap_or_default();
    let name = name.split_once('.').map_or(name, |(_, name)| name);
    matches!(name, "URL" | "IMPP" | "SOCIALPROFILE" | "X-SOCIALPROFILE") && !head.contains("VALUE=text")
        || head.contains("VALUE=uri")
}

/// The values of the properties that hold addresses, as they stand there.
fn addresses(version: Version, contact: &Contact) -> Vec<String> {
    let mut card = Vec::new();
    Cards::new(version, "test").write(contact, None, &mut card).unwrap();
    let card = String::from_utf8(card).unwrap().replace("\r\n ", "");
    let value = |line: &str| {
        let mut is_quoted = false;
        let colon = line.char_indices().find(|(_, c)| {
            is_quoted ^= *c == '"';
            *c == ':' && !is_quoted
        });
        let (head, value) = line.split_at(colon.unwrap().0);
        is_of_address(head).then(|| value[1..].to_owned())
    };
    card.lines().filter_map(value).collect()
}

fn some_profile() -> impl Strategy<Value = Profile> {
    let word = || prop::option::of("[A-Za-z]{1,8}");
    (word(), word(), address()).prop_map(|(service, username, url)| Profile {
        service,
        username,
        url: Some(url),
        ..Profile::default()
    })
}

fn address() -> impl Strategy<Value = String> {
    "(https?|mailto|x-app|urn):[!-~éß漢]{1,60}"
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    /// Wherever a contact has an address, it stands in its card letter for letter.
    #[test]
    fn addresses_are_letter_for_letter_in_every_property(
        urls in prop::collection::vec(address(), 0..3),
        profiles in prop::collection::vec(some_profile(), 0..3),
        messengers in prop::collection::vec(some_profile(), 0..3),
    ) {
        let labelled = |value: Profile| Labelled { label: None, value };
        let contact = Contact {
            urls: urls.iter().map(|url| Labelled { label: None, value: url.clone() }).collect(),
            profiles: profiles.iter().cloned().map(labelled).collect(),
            messengers: messengers.iter().cloned().map(labelled).collect(),
            ..Contact::default()
        };
        let of_profiles = profiles.iter().chain(&messengers).filter_map(|profile| profile.url.clone());
        let mut wanted: Vec<String> = urls.iter().cloned().chain(of_profiles).collect();
        wanted.sort();
        for version in [Version::V3, Version::V4] {
            let mut found = addresses(version, &contact);
            // Those that are made of a name are not asked for here.
            found.retain(|found| wanted.contains(found));
            found.sort();
            prop_assert_eq!(&found, &wanted, "{:?}", version);
        }
    }
}
