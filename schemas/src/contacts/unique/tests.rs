use super::*;
use crate::contacts::{Day, Labelled, Name};

fn contact(id: i64, name: &str, handles: &[&str]) -> Contact {
    let (first, last) = name.split_once(' ').unwrap_or((name, ""));
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let mut contact = Contact {
        id,
        cards: vec![id],
        name: Name { first: some(first), last: some(last), ..Name::default() },
        ..Contact::default()
    };
    for handle in handles {
        let value = Labelled { label: None, value: (*handle).to_owned() };
        if handle.contains('@') { contact.emails.push(value) } else { contact.phones.push(value) }
    }
    contact
}

/// The rows of each contact that is left, sorted.
fn lots(contacts: Vec<Contact>) -> Vec<Vec<i64>> {
    let (contacts, merged) = unique(contacts);
    for merged in &merged {
        assert!(merged.of.len() > 1);
    }
    let sorted = |contact: Contact| {
        let mut cards = contact.cards;
        cards.sort_unstable();
        cards
    };
    contacts.into_iter().map(sorted).collect()
}

#[test]
fn the_same_number_or_address_and_a_name_that_fits_is_one_person() {
    let all = vec![
        contact(1, "Anna", &["(415) 555-0134"]),
        contact(2, "Zoë Müller", &["zoe@example.org"]),
        contact(3, "Anna Kowalczyk", &["+14155550134", "anna@example.com"]),
        contact(4, "", &["ANNA@example.com"]),
        contact(5, "zoe MULLER", &["Zoe@Example.org", "+442079460958"]),
    ];
    assert_eq!(lots(all.clone()), [vec![1, 3, 4], vec![2, 5]]);
    let (contacts, merged) = unique(all);
    assert_eq!(contacts[0].title().as_deref(), Some("Anna Kowalczyk"));
    assert_eq!(contacts[0].phones.len(), 2, "the national form may be another country's: both are kept");
    assert_eq!(contacts[0].emails.len(), 1);
    assert_eq!(merged[0].of, [("Anna Kowalczyk".into(), 3), ("Anna".into(), 1), (String::new(), 4)]);
}

#[test]
fn a_family_at_one_number_stays_a_family() {
    let home = &["+14155550177"][..];
    assert_eq!(lots(vec![contact(1, "Anna Berg", home), contact(2, "Ben Berg", home)]), [[1], [2]]);
    let or_either = vec![contact(1, "Anna Berg", home), contact(2, "Anna Kowalczyk", home), contact(3, "Anna", home)];
    assert_eq!(lots(or_either), [[1], [2], [3]], "Anna may be either of the two");
    let mut firm = contact(2, "Anna Berg", home);
    firm.is_organization = true;
    assert_eq!(lots(vec![contact(1, "Anna Berg", home), firm]), [[1], [2]]);
}

#[test]
fn the_same_name_alone_is_not_the_same_person() {
    let two = vec![contact(1, "John Smith", &["+14155550134"]), contact(2, "John Smith", &["+442079460958"])];
    assert_eq!(lots(two), [[1], [2]]);
    let bare = vec![contact(1, "John Smith", &["+14155550134"]), contact(2, "John Smith", &[])];
    assert_eq!(lots(bare), [[1, 2]], "nothing of its own");
    let one_word = vec![contact(1, "John", &["+14155550134"]), contact(2, "John", &[])];
    assert_eq!(lots(one_word), [[1], [2]]);
    let twins = vec![
        contact(1, "John Smith", &["+14155550134"]),
        contact(2, "John Smith", &["+442079460958"]),
        contact(3, "John Smith", &[]),
        contact(4, "John Smith", &["+14155550134", "+442079460958"]),
    ];
    assert_eq!(lots(twins), [[1, 2, 3, 4]], "the fourth has what both have");
}

#[test]
fn two_birthdays_are_two_people() {
    let born = |id, day| Contact { birthday: Day::read(day), ..contact(id, "Anna Berg", &["+14155550134"]) };
    assert_eq!(lots(vec![born(1, "1990-05-17"), born(2, "1991-05-17")]), [[1], [2]]);
    assert_eq!(lots(vec![born(1, "1990-05-17"), born(2, "--05-17")]), [[1, 2]]);
}

#[test]
fn a_switchboard_makes_nobody_the_same_and_costs_no_time() {
    let names: Vec<String> = (0..20_000).map(|n| format!("P{n} Q")).collect();
    let all = (1..).zip(&names).map(|(id, name)| contact(id, name, &["+14155550134"])).collect();
    assert_eq!(lots(all).len(), 20_000);
    let same = (1..2_000).map(|id| contact(id, "Anna Berg", &["+14155550134"])).collect();
    let lots = lots(same);
    assert!(lots.iter().all(|lot| lot.len() <= MOST));
    assert_eq!(lots.iter().map(Vec::len).sum::<usize>(), 1_999);
}
