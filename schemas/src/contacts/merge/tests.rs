use std::cell::RefCell;
use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::*;
use crate::contacts::{Day, Label, PostalAddress, Profile, unique};

/// What two values differ in, and in nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Difference {
    Label,
    Extension,
    Pause,
    Accent,
    Letter,
    Case,
    Punctuation,
}

use Difference::{Accent, Case, Extension, Letter, Pause, Punctuation};

const DIFFERENCES: [Difference; 7] = [Difference::Label, Extension, Pause, Accent, Letter, Case, Punctuation];

/// So many pairs are made of each difference.
const PAIRS: u32 = 1000;

/// The lists of a contact that hold labelled or plain values.
const LISTS: [&str; 11] = [
    "phones",
    "emails",
    "urls",
    "addresses",
    "related",
    "dates",
    "messengers",
    "profiles",
    "notes",
    "nicknames",
    "name",
];

/// A pair: value and label of each, and whether they are one.
#[derive(Debug, Clone)]
struct Pair {
    values: [String; 2],
    labels: [Option<&'static str>; 2],
    is_one: bool,
}

/// Words without a letter that `differing` puts into them.
fn word() -> impl Strategy<Value = String> {
    "[b-df-hj-km-np-rt]{2,6}"
}

fn labels() -> impl Strategy<Value = [Option<&'static str>; 2]> {
    let all = [None, Some("_$!<Mobile>!$_"), Some("_$!<Home>!$_"), Some("_$!<HomeFAX>!$_"), Some("Café"), Some("Cafe")];
    (0..all.len(), 1..all.len()).prop_map(move |(one, step)| [all[one], all[(one + step) % all.len()]])
}

/// The same label: as Apple stores it and as somebody types it.
fn one_label() -> impl Strategy<Value = [Option<&'static str>; 2]> {
    prop_oneof![
        Just([None, None]),
        Just([Some("_$!<Mobile>!$_"), Some("mobile")]),
        Just([Some("_$!<Mobile>!$_"), Some("_$!<Mobile>!$_")]),
        Just([Some("Home Fax"), Some("_$!<HomeFAX>!$_")]),
    ]
}

/// Two texts that differ so, for a list; phones are numbers.
fn texts(list: &'static str, difference: Difference) -> BoxedStrategy<[String; 2]> {
    let end = |one: &'static str, other: &'static str| Just((one, other));
    let ends = match (difference, list) {
        (Difference::Label, _) => prop_oneof![end("", ""), end("a", "a")].boxed(),
        (Extension, _) => prop_oneof![
            end(",,11", ",,12"),
            end("", ",,1"),
            end(" ext. 3", " ext. 4"),
            end(";2", ";3"),
            end("x1", ""),
            end("#1", "#2"),
        ]
        .boxed(),
        (Pause, _) => prop_oneof![
            end(",1", ",,1"),
            end(";1", ",1"),
            end("p1", "w1"),
            end("p1", ",1"),
            end("1", ",1"),
            end("x1", "1"),
        ]
        .boxed(),
        (Accent, _) => {
            prop_oneof![end("e", "é"), end("u\u{308}", "u"), end("o", "ø"), end("l", "ł"), end("s", "ş")].boxed()
        }
        (Letter, _) => prop_oneof![end("a", "o"), end("", "a"), end("aa", "a"), end("A", "B"), end("a", "2")].boxed(),
        (Case, _) => prop_oneof![end("a", "A"), end("é", "É"), end("aaO", "AAo")].boxed(),
        (Punctuation, "phones") => prop_oneof![
            end("1", " 1"),
            end("1", "-1"),
            end("(1)", "1"),
            end("\u{202a}1\u{202c}", "1"),
            end("1", "\u{2011}1"),
            end(".1", "1"),
        ]
        .boxed(),
        (Punctuation, _) => prop_oneof![end(".", ""), end("-", ""), end("'", "’"), end("a b", "ab")].boxed(),
    };
    let begin = if list == "phones" { "\\+1[2-9]{10}".boxed() } else { word().boxed() };
    (begin, ends).prop_map(|(begin, (one, other))| [format!("{begin}{one}"), format!("{begin}{other}")]).boxed()
}

fn pair(list: &'static str, difference: Difference) -> BoxedStrategy<Pair> {
    let labels = if difference == Difference::Label { labels().boxed() } else { one_label().boxed() };
    // What has no label does not differ in one.
    let has_label = !["notes", "nicknames", "name"].contains(&list);
    (texts(list, difference), labels)
        .prop_map(move |(values, labels)| {
            let is_one = match difference {
                Difference::Label => !has_label,
                // Case counts in notes and behind the host of an address.
                Case => list != "notes",
                Punctuation => list == "phones",
                Extension | Pause | Accent | Letter => false,
            };
            Pair { values, labels, is_one }
        })
        .boxed()
}

/// A contact that says this in one of its lists.
fn contact(id: i64, list: &str, value: &str, label: Option<&'static str>) -> Contact {
    let mut contact = Contact { id, cards: vec![id], ..Contact::default() };
    fn one<T>(label: Option<&'static str>, value: T) -> Labelled<T> {
        Labelled { label: label.map(Label::new), value }
    }
    let text = value.to_owned();
    let profile =
        |username: String| Profile { service: Some("S".into()), username: Some(username), ..Profile::default() };
    match list {
        "phones" => contact.phones.push(one(label, text)),
        "emails" => contact.emails.push(one(label, format!("{text}@example.org"))),
        "urls" => contact.urls.push(one(label, format!("http://{text}.org"))),
        "addresses" => {
            contact.addresses.push(one(label, PostalAddress { street: Some(text), ..PostalAddress::default() }));
        }
        "related" => contact.related.push(one(label, text)),
        "dates" => contact.dates.push(one(label, Day::Text(text))),
        "messengers" => contact.messengers.push(one(label, profile(text))),
        "profiles" => contact.profiles.push(one(label, profile(text))),
        "notes" => contact.notes.push(text),
        "nicknames" => contact.nicknames.push(text),
        _ => contact.name.first = Some(text),
    }
    contact
}

/// Every value of contacts as it is written, with its label, and what is named beside them.
fn said(contacts: &[Contact]) -> Vec<(String, Option<String>)> {
    let mut all = Vec::new();
    for contact in contacts {
        fn of<T>(values: &[Labelled<T>], text: impl Fn(&T) -> Option<String>) -> Vec<(String, Option<String>)> {
            let label = |own: &Labelled<T>| own.label.as_ref().map(|label| label.words().to_lowercase());
            values.iter().filter_map(|own| Some((text(&own.value)?, label(own)))).collect()
        }
        let plain = |text: &String| (text.clone(), None);
        all.extend(of(&contact.phones, |own| Some(own.clone())));
        all.extend(of(&contact.emails, |own| Some(own.clone())));
        all.extend(of(&contact.urls, |own| Some(own.clone())));
        all.extend(of(&contact.addresses, |own| own.street.clone()));
        all.extend(of(&contact.related, |own| Some(own.clone())));
        all.extend(of(&contact.dates, |own| Some(own.iso())));
        all.extend(of(&contact.messengers, |own| own.username.clone()));
        all.extend(of(&contact.profiles, |own| own.username.clone()));
        all.extend(contact.notes.iter().map(plain));
        all.extend(contact.nicknames.iter().map(plain));
        all.extend(contact.name.first.iter().map(plain));
        all.extend(contact.others.iter().map(|other| (other.value.clone(), None)));
    }
    all.sort();
    all
}

/// Every value of the second that the first has not, and the other way round, is in what was made of both; of values that
/// are one there is one.
fn holds(pair: &Pair, made: &[Contact], of: &[Contact]) {
    let (given, wanted) = (said(made), said(of));
    let expected = wanted.len() - usize::from(pair.is_one);
    assert_eq!(given.len(), expected, "{pair:?}: {given:?} of {wanted:?}");
    for value in &wanted {
        let is_there = given.contains(value);
        assert!(is_there || pair.is_one, "{value:?} of {pair:?} is gone");
    }
    assert!(given.iter().all(|value| wanted.contains(value)), "{pair:?}: {given:?} was not said");
}

/// Runs `check` on pairs of every list and difference, at least [`PAIRS`] of each difference.
fn for_each_pair(check: impl Fn(&'static str, &Pair)) {
    let counts: RefCell<BTreeMap<Difference, u32>> = RefCell::default();
    for difference in DIFFERENCES {
        for list in LISTS {
            let cases = PAIRS.div_ceil(u32::try_from(LISTS.len()).unwrap());
            let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
            runner
                .run(&pair(list, difference), |pair| {
                    check(list, &pair);
                    *counts.borrow_mut().entry(difference).or_default() += 1;
                    Ok(())
                })
                .unwrap();
        }
    }
    assert!(counts.borrow().values().all(|count| *count >= PAIRS), "{counts:?}");
}

#[test]
fn linked_cards_say_what_their_cards_say_once() {
    for_each_pair(|list, pair| {
        let cards = [0, 1].map(|at| contact(at as i64, list, &pair.values[at], pair.labels[at]));
        let made = merge(cards.to_vec()).unwrap();
        if list == "name" && pair.is_one {
            assert_eq!(said(std::slice::from_ref(&made)).len(), 1, "{pair:?}");
            return;
        }
        holds(pair, &[made], &cards);
    });
}

#[test]
fn a_card_keeps_its_own_doubles_when_another_is_linked() {
    for_each_pair(|list, pair| {
        if list == "name" {
            return;
        }
        let mut card = contact(0, list, &pair.values[0], pair.labels[0]);
        let twice = contact(0, list, &pair.values[1], pair.labels[1]);
        let bare = Contact { id: 1, cards: vec![1], ..Contact::default() };
        card.phones.extend(twice.phones);
        card.emails.extend(twice.emails);
        card.urls.extend(twice.urls);
        card.addresses.extend(twice.addresses);
        card.related.extend(twice.related);
        card.dates.extend(twice.dates);
        card.messengers.extend(twice.messengers);
        card.profiles.extend(twice.profiles);
        card.notes.extend(twice.notes);
        card.nicknames.extend(twice.nicknames);
        for cards in [[card.clone(), bare.clone()], [bare, card.clone()]] {
            let made = merge(cards.to_vec()).unwrap();
            assert_eq!(said(&[made]), said(std::slice::from_ref(&card)), "{pair:?}");
        }
        let made = merge(vec![card.clone(), card.clone(), card.clone()]).unwrap();
        assert_eq!(said(&[made]), said(&[card]), "three times the same is the same");
    });
}

#[test]
fn merged_contacts_say_what_theirs_said_once() {
    for_each_pair(|list, pair| {
        if list == "name" {
            return;
        }
        let cards = [0, 1].map(|at| {
            let mut card = contact(at as i64, list, &pair.values[at], pair.labels[at]);
            card.name.last = Some("Kowalczyk".into());
            card.name.first = Some("Wanda".into());
            card.emails.push(Labelled { label: None, value: "wanda@example.org".into() });
            card
        });
        let made = unique(cards.to_vec()).contacts;
        let apart = usize::from(made.len() == 2);
        // What both have of the name and the address stands there once, if they are one.
        let (given, wanted) = (said(&made), said(&cards));
        let once = if apart == 1 { 0 } else { 2 + usize::from(pair.is_one) };
        assert_eq!(given.len(), wanted.len() - once, "{list} {pair:?}: {given:?} of {wanted:?}");
        for value in &wanted {
            assert!(given.contains(value) || pair.is_one, "{value:?} of {pair:?} is gone");
        }
    });
}

#[test]
fn every_part_of_another_name_is_kept() {
    let some = |text: &str| Some(text.to_owned());
    let one = Contact {
        id: 1,
        name: Name { first: some("Zoë"), last: some("Berg"), maiden: some("Lind"), ..Name::default() },
        organization: some("Acme"),
        ..Contact::default()
    };
    let long = "x".repeat(400);
    let two = Contact {
        id: 2,
        name: Name {
            prefix: some("Dr."),
            first: some("Zoe"),
            last: some(&long),
            suffix: some("Jr."),
            maiden: some("Lund"),
            last_phonetic: some("berg"),
            display: some("The doctor"),
            ..Name::default()
        },
        organization: some("ACME"),
        department: some("R&D"),
        job_title: some("Chair"),
        ..Contact::default()
    };
    let made = merge(vec![one, two]).unwrap();
    let others: Vec<(&str, &str)> = made.others.iter().map(|other| (&*other.name, &*other.value)).collect();
    let whole = format!("Dr. Zoe {long} Jr.");
    assert_eq!(
        others,
        [("Name", &*whole), ("Maiden name", "Lund"), ("Phonetic last name", "berg"), ("Display name", "The doctor"),]
    );
    assert_eq!((made.organization.as_deref(), made.department.as_deref()), (Some("Acme"), Some("R&D")));
    assert_eq!(made.job_title.as_deref(), Some("Chair"));
}

#[test]
fn a_card_without_a_name_takes_the_whole_name_of_another() {
    let some = |text: &str| Some(text.to_owned());
    let firm = Contact { organization: some("Acme"), ..Contact::default() };
    let anna = Contact {
        name: Name { prefix: some("Dr."), first: some("Anna"), last: some("Berg"), ..Name::default() },
        ..Contact::default()
    };
    let made = merge(vec![firm, anna.clone()]).unwrap();
    assert_eq!((made.name.whole(), made.others.len()), (some("Dr. Anna Berg"), 0));
    let spoken = Contact { name: Name { first_phonetic: some("ana"), ..Name::default() }, ..Contact::default() };
    let made = merge(vec![spoken, anna]).unwrap();
    assert_eq!((made.name.whole(), made.name.first_phonetic), (some("Dr. Anna Berg"), some("ana")));
}
