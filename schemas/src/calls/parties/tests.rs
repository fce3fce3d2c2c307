//! Who is one person: whatever the order, and never two people.

use proptest::prelude::*;

use super::*;

fn party(address: &str, owner: Owner) -> Party {
    Party::of(&Participant { address: address.to_owned(), owner, ..Participant::default() }).unwrap()
}

/// Whether two numbers are one person among others.
fn are_one(one: &str, other: &str, others: &[&str]) -> bool {
    let all: Vec<Party> = [one, other].iter().chain(others).map(|address| party(address, Owner::Nobody)).collect();
    let whole = people(all.iter());
    whole[&all[0]] == whole[&all[1]]
}

#[test]
fn a_number_is_one_in_every_form() {
    for (one, other) in [
        ("+14155550150", "4155550150"),
        ("+14155550150", "(415) 555-0150"),
        ("+491701234567", "0170 1234567"),
        ("0049 170 1234567", "0170 1234567"),
        ("5550150", "4155550150"),
        ("Anna@example.org", "anna@example.org"),
        ("22000", "22 000"),
    ] {
        assert!(are_one(one, other, &[]), "{one} {other}");
    }
}

#[test]
fn numbers_that_may_be_of_two_stand_alone() {
    assert!(!are_one("5550150", "+14155550150", &["+12125550150"]));
    assert!(!are_one("5550150", "4155550150", &["2125550150"]));
    assert!(!are_one("+14155550150", "+12125550150", &["5550150"]));
    assert!(!are_one("4155550150", "2125550150", &["5550150"]));
    assert!(!are_one("0150", "+14155550150", &[]));
    assert!(!are_one("anna@example.org", "ana@example.org", &[]));
}

#[test]
fn contacts_are_told_apart_by_their_card_alone() {
    let calls = [
        party("+14155550161", Owner::One(1)),
        party("+14155550162", Owner::One(2)),
        party("anna@example.org", Owner::One(1)),
        party("5550161", Owner::Several),
    ];
    let whole = people(calls.iter());
    assert_eq!(whole[&calls[0]], whole[&calls[2]]);
    assert_ne!(whole[&calls[0]], whole[&calls[1]]);
    assert!(whole[&calls[3]] == calls[3] && !calls[3].is_contact());
}

#[test]
fn a_number_on_several_cards_is_one_in_every_form() {
    let calls = ["+4722055510", "22055510", "004722055510", "22 05 55 10"].map(|number| party(number, Owner::Several));
    let whole = people(calls.iter());
    assert!(calls.iter().all(|party| whole[party] == calls[0] && !whole[party].is_contact()), "{whole:?}");
    // Not where it may be one of two, and never with a number that no card has.
    let calls = [
        party("+4722055510", Owner::Several),
        party("+4622055510", Owner::Several),
        party("22055510", Owner::Several),
        party("+14155550161", Owner::Nobody),
        party("5550161", Owner::Several),
    ];
    let whole = people(calls.iter());
    assert!(calls.iter().all(|party| whole[party] == *party), "{whole:?}");
}

#[test]
fn who_withheld_the_number_is_nobody() {
    for address in ["", "Unknown", "ANONYMOUS", "anonymous@anonymous.invalid", "No Caller ID", "  "] {
        let person = Participant { address: address.to_owned(), ..Participant::default() };
        assert_eq!(Party::of(&person), None, "{address}");
    }
}

/// Numbers that share their ends, national and international.
fn number() -> impl Strategy<Value = String> {
    let town = prop::sample::select(vec!["", "415", "212", "1415", "0415", "+1415", "+1212", "+44", "0044", "+49170"]);
    let line = prop::sample::select(vec!["5550150", "5550151", "0150", "15550150"]);
    (town, line).prop_map(|(town, line)| format!("{town}{line}"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]
    #[test]
    fn the_order_of_calls_makes_no_difference(
        numbers in prop::collection::vec((number(), 0_u8..4), 1..24),
        turned in any::<prop::sample::Index>(),
    ) {
        let owner = |kind: u8| if kind == 0 { Owner::Several } else { Owner::Nobody };
        let forth: Vec<Party> = numbers.iter().map(|(number, kind)| party(number, owner(*kind))).collect();
        let mut back = forth.clone();
        back.reverse();
        back.rotate_left(turned.index(forth.len()));
        prop_assert_eq!(people(forth.iter()), people(back.iter()));
    }

    /// Whoever is one person with another may be that other, by the rule that finds contacts, and who stands for a person
    /// stands for himself.
    #[test]
    fn nobody_is_mixed_with_anybody(numbers in prop::collection::vec(number(), 1..24)) {
        let parties: Vec<Party> = numbers.iter().map(|number| party(number, Owner::Nobody)).collect();
        let whole = people(parties.iter());
        for (one, other) in &whole {
            prop_assert_eq!(&whole[other], other);
            if let (Some(one), Some(other)) = (super::number(one), super::number(other)) {
                prop_assert!(one.may_be(other));
            }
        }
        let international = parties.iter().filter(|party| super::number(party).is_some_and(Number::is_international));
        for party in international {
            prop_assert_eq!(&whole[party], party);
        }
    }
}
