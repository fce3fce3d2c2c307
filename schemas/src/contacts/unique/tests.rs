use super::*;
use crate::contacts::{Day, Label, Labelled, Name, PostalAddress};

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
    let Unique { contacts, merged, .. } = unique(contacts);
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
    let Unique { contacts, merged, .. } = unique(all);
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

/// A contact of parts: `first`, `middle`, `last`, `suffix`, `prefix`, `nick`, `firm`, `job`, `town`, `born`, `display`, and
/// numbers and addresses by their labels: `mobile`, `home`, `work`, `phone` (none), `mail`.
fn card(id: i64, parts: &str) -> Contact {
    let mut card = Contact { id, cards: vec![id], ..Contact::default() };
    for part in parts.split('|').map(str::trim) {
        let (name, value) = part.split_once('=').unwrap();
        let text = Some(value.to_owned());
        let phone = |label: Option<&str>| Labelled { label: label.map(Label::new), value: value.to_owned() };
        match name {
            "first" => card.name.first = text,
            "middle" => card.name.middle = text,
            "last" => card.name.last = text,
            "suffix" => card.name.suffix = text,
            "prefix" => card.name.prefix = text,
            "display" => card.name.display = text,
            "nick" => card.nicknames.push(value.to_owned()),
            "firm" => card.organization = text,
            "is" => card.is_organization = value == "firm",
            "job" => card.job_title = text,
            "born" => card.birthday = Day::read(value),
            "town" => {
                let value = PostalAddress { city: text, ..PostalAddress::default() };
                card.addresses.push(Labelled { label: Some(Label::new("_$!<Home>!$_")), value });
            }
            "mobile" => card.phones.push(phone(Some("_$!<Mobile>!$_"))),
            "home" => card.phones.push(phone(Some("_$!<Home>!$_"))),
            "work" => card.phones.push(phone(Some("_$!<Work>!$_"))),
            "phone" => card.phones.push(phone(None)),
            "mail" => card.emails.push(phone(None)),
            other => panic!("{other}"),
        }
    }
    card
}

/// Pairs that must stay apart, and whether they are named as alike.
const APART: [(&str, &str, bool); 75] = [
    // Signs that differ, alone and beside words.
    ("first=🍕|mobile=+14155550130", "first=🍣|mobile=+14155550130", true),
    ("first=Anna 🏠|mobile=+14155550130", "first=Anna 🏢|mobile=+14155550130", true),
    ("first=Anna|last=🏠|mobile=+14155550130", "first=Anna|last=🏢|mobile=+14155550130", true),
    ("first=Anna|last=Berg 🏠|mail=a@example.org", "first=Anna|last=Berg🏢|mail=a@example.org", true),
    ("first=Anna|last=Berg 🏠|mobile=+14155550130", "first=Anna|last=Berg 🏢|mobile=+14155550131", true),
    ("first=???|mobile=+14155550130", "first=!!!|mobile=+14155550130", true),
    ("first=A+|mobile=+14155550130", "first=A-|mobile=+14155550130", true),
    ("first=Tom ★|mobile=+14155550130", "first=Tom ★★|mobile=+14155550130", true),
    (
        "first=🏴\u{e0067}\u{e0062}\u{e0065}|mobile=+14155550130",
        "first=🏴\u{e0067}\u{e0062}\u{e0073}|mobile=+14155550130",
        true,
    ),
    ("nick=🍕|mobile=+14155550130", "nick=🍣|mobile=+14155550130", true),
    ("display=Tom 🏠|mobile=+14155550130", "first=Tom 🏢|mobile=+14155550130", true),
    ("firm=🍕|mobile=+14155550130", "firm=🍣|mobile=+14155550130", true),
    ("firm=Roma 🍕|is=firm|work=+14155550130", "firm=Roma 🍣|is=firm|work=+14155550130", true),
    ("firm=C++ Club|is=firm|work=+14155550130", "firm=C# Club|is=firm|work=+14155550130", true),
    ("first=Jean|last=Berg|mobile=+14155550130", "first=Jean-Paul|last=Berg|mobile=+14155550130", false),
    // Those of people-unique-false-merges.
    (
        "first=John|last=Stone|home=+14155550104|mobile=+14155550105",
        "first=John|last=Stone|suffix=Jr.|home=+14155550104|mobile=+14155550106",
        true,
    ),
    ("firm=Pizza Roma|mobile=+14155550115", "firm=Sushi Kyoto|mobile=+14155550115", false),
    ("firm=Haus Verdi|mobile=+14155550113", "first=Luigi|last=Moro|mobile=+14155550113", true),
    (
        "first=Jan|last=Novak|firm=Acme|mobile=+14155550111|town=Lisbon",
        "first=Jan|last=Novak|firm=Zeta|town=Porto",
        true,
    ),
    ("last=Berg|home=+14155550109", "first=Anna|last=Berg|home=+14155550109|mobile=+14155550110", true),
    ("first=Paul|last=Martin|mobile=+14155550112", "first=Martin|last=Paul|mobile=+14155550112", true),
    ("first=Lee|mobile=+14155550122,,11", "first=Lee|mobile=+14155550122,,12", true),
    // Suffixes and titles, wherever they stand.
    ("first=John|last=Stone Jr.|mobile=+14155550104", "first=John|last=Stone|mobile=+14155550104", true),
    (
        "first=John|last=Stone|suffix=II|mobile=+14155550104",
        "first=John|last=Stone|suffix=III|mobile=+14155550104",
        true,
    ),
    (
        "first=John|last=Stone|suffix=Sr|mail=stone@example.org",
        "first=John|last=Stone|suffix=Jr|mail=stone@example.org",
        true,
    ),
    ("first=Kim|last=Lee|prefix=Mr.|home=+14155550104", "first=Kim|last=Lee|prefix=Mrs.|home=+14155550104", true),
    // Facts that differ.
    ("first=Jan|last=Novak|job=Baker|mobile=+14155550111", "first=Jan|last=Novak|job=Judge|mobile=+14155550111", true),
    (
        "first=Jan|last=Novak|born=1950-01-02|mail=novak@example.org",
        "first=Jan|last=Novak|born=1980-01-02|mail=novak@example.org",
        true,
    ),
    (
        "first=Jan|last=Novak|town=Lisbon|mobile=+14155550111",
        "first=Jan|last=Novak|town=Porto|mobile=+14155550111",
        true,
    ),
    ("first=Jan|last=Novak|town=Lisbon", "first=Jan|last=Novak|firm=Acme|mobile=+14155550111", true),
    ("first=Jan|last=Novak|mobile=+14155550111", "first=Jan|last=Novak|mobile=+14155550112", true),
    (
        "first=Jan|middle=Adam|last=Novak|mobile=+14155550111",
        "first=Jan|middle=Bert|last=Novak|mobile=+14155550111",
        true,
    ),
    // A line that several people use.
    ("first=Anna|home=+14155550109", "first=Anna|last=Berg|home=+14155550109", true),
    ("first=Anna|mail=info@example.org", "first=Anna|last=Berg|mail=info@example.org", true),
    ("first=Anna|work=+14155550100", "first=Anna|last=Berg|work=+14155550100", true),
    (
        "first=John|last=Stone|home=+14155550104|mobile=+14155550105",
        "first=John|last=Stone|home=+14155550104|mobile=+14155550106",
        true,
    ),
    ("first=Anna|phone=555 0134", "first=Anna|last=Berg|phone=+1 415 555 0134", true),
    ("first=Anna|last=Berg|mobile=+14155550110", "first=Ben|last=Berg|mobile=+14155550110", false),
    // Extensions, however they are written.
    ("first=Lee|last=Ho|work=+14155550122 ext. 11", "first=Lee|last=Ho|work=+14155550122x12", true),
    ("first=Lee|last=Ho|work=+14155550122;11", "first=Lee|last=Ho|work=+14155550122", true),
    ("firm=Acme|work=+14155550122,11", "firm=Acme|work=+14155550122,12", true),
    // Families and couples.
    ("first=Berg|mobile=+14155550110", "first=Anna|last=Berg|mobile=+14155550110", true),
    ("first=Anna & Ben|last=Berg|mobile=+14155550110", "first=Anna|last=Berg|mobile=+14155550110", true),
    ("first=Familie|last=Berg|home=+14155550109", "first=Anna|last=Berg|home=+14155550109", true),
    ("first=Anna und Ben Berg|mobile=+14155550110", "first=Anna|last=Berg|mobile=+14155550110", true),
    // Words and letters of names.
    ("first=A.|last=Berg|mobile=+14155550110", "first=Anna|last=Berg|mobile=+14155550110", true),
    ("first=Novak Jan|mobile=+14155550111", "first=Jan|last=Novak|mobile=+14155550111", true),
    ("first=Anna|last=Berg|mobile=+14155550110", "first=Anna|last=Berg-Lind|mobile=+14155550110", true),
    // Firms.
    ("firm=Anna Berg|mobile=+14155550110", "first=Anna|last=Berg|mobile=+14155550110", true),
    ("firm=Acme|is=firm|work=+14155550100", "firm=Acme Travel|is=firm|work=+14155550100", true),
    ("firm=Acme Ltd.|work=+14155550100|town=Lisbon", "firm=Acme|work=+14155550100|town=Porto", true),
    ("firm=Acme Ltd|is=firm|work=+14155550100", "firm=Acme GmbH|is=firm|work=+14155550100", true),
    ("firm=Acme GmbH & Co. KG|is=firm|work=+14155550100", "firm=Acme GmbH|is=firm|work=+14155550100", true),
    // Who somebody is to another, in several languages.
    ("first=Lisa|mobile=+14155550110", "first=Lisa Mum|mobile=+14155550110", true),
    ("first=Lisa|mobile=+14155550110", "first=Lisa (mom)|mobile=+14155550110", true),
    ("first=Lisa|mobile=+14155550110", "first=Lisa Dad|mobile=+14155550110", true),
    ("first=Anna|last=Virg|mobile=+14155550110", "first=Anna Mutter|last=Virg|mobile=+14155550110", true),
    ("first=Anna|last=Lie|mobile=+14155550110", "first=Anna mor|last=Lie|mobile=+14155550110", true),
    ("first=Anna|mobile=+14155550110", "first=Anna maman|mobile=+14155550110", true),
    ("first=Маша|mobile=+14155550110", "first=Маша мама|mobile=+14155550110", true),
    ("first=Anna|mobile=+14155550110", "first=Anna babysitter|mobile=+14155550110", true),
    ("first=John|last=Smyth|mobile=+14155550110", "prefix=Mrs.|first=John|last=Smyth|mobile=+14155550110", true),
    // Couples.
    ("first=Anna u. Per|last=Berg|mobile=+14155550110", "first=Anna|last=Berg|mobile=+14155550110", true),
    ("first=Anna a Petr|last=Novak|mobile=+14155550110", "first=Anna|last=Novak|mobile=+14155550110", true),
    ("first=Анна и Пётр|last=Иванов|mobile=+14155550110", "first=Анна|last=Иванов|mobile=+14155550110", true),
    // Scripts without spaces, and other ones.
    ("first=伟|last=王|mobile=+14155550110", "first=芳|last=王|mobile=+14155550110", false),
    ("first=小红|mobile=+14155550110", "first=小红妈妈|mobile=+14155550110", false),
    ("first=李|last=明|mobile=+14155550110", "first=明|last=李|mobile=+14155550110", true),
    ("first=أبو|last=أحمد|mobile=+14155550110", "first=أم|last=أحمد|mobile=+14155550110", false),
    // Double names, and mail with a tag.
    ("first=Anna-Lena|last=Falk|mobile=+14155550110", "first=Anna-Maria|last=Falk|mobile=+14155550110", false),
    ("first=Jan|last=Tag|mail=jan+a@example.org", "first=Jan|last=Tag|mail=jan+b@example.org", true),
    ("first=Jan|last=Tog|mail=shop@example.org", "first=Kari|last=Tog|mail=shop+kari@example.org", false),
    // Suffixes in the name.
    ("first=Ola|last=Vik Sr.|mobile=+14155550110", "first=Ola|last=Vik Jr.|mobile=+14155550110", true),
    ("first=José|last=Silva Filho|mobile=+14155550110", "first=José|last=Silva|mobile=+14155550110", true),
    (
        "first=Per|last=Bdd|born=1980-05-17|mobile=+14155550110",
        "first=Per|last=Bdd|born=1980-05-18|mobile=+14155550110",
        true,
    ),
];

/// Pairs that are one.
const ONE: [(&str, &str); 49] = [
    // A hyphen is as good as a space.
    ("first=Anna-Maria|last=Zorro|mobile=+14155550130", "first=Anna Maria|last=Zorro|mobile=+14155550130"),
    ("first=Jean‐Paul|last=Berg|mobile=+14155550130", "first=Jean|middle=Paul|last=Berg|mobile=+14155550130"),
    ("first=Mary|last=Smith-Jones|mobile=+14155550130", "first=Mary|last=Smith Jones|mobile=+14155550130"),
    ("first=Mary|last=Smith–Jones|mail=m@example.org", "first=Mary Smith Jones|mail=m@example.org"),
    ("first=Anna-Maria|mobile=+14155550130", "first=Anna Maria|last=Zorro|mobile=+14155550130"),
    ("first=Anna-Maria|mobile=+14155550130", "first=Anna Maria|mobile=+14155550130"),
    ("first=Smith-Jones, Mary|mobile=+14155550130", "first=Mary|last=Smith Jones|mobile=+14155550130"),
    ("first=Mary|last=Smith-Jones", "first=Mary|last=Smith Jones|mobile=+14155550130"),
    ("firm=Coca-Cola|is=firm|work=+14155550130", "firm=Coca Cola|is=firm|work=+14155550130"),
    // Signs that carry no meaning, the same signs, and a sign on one alone.
    ("first=Pat|last=O’Brien|mobile=+14155550130", "first=Pat|last=O'Brien|mobile=+14155550130"),
    ("first=\"Anna\"|last=(Berg)|mobile=+14155550130", "first=Anna.|last=Berg\u{200d}|mobile=+14155550130"),
    ("first=Anna ❤\u{fe0f}|mobile=+14155550130", "first=❤Anna|mobile=+14155550130"),
    ("first=🍕|mobile=+14155550130", "first=🍕|mobile=+14155550130"),
    ("first=Mum ❤\u{fe0f}|mobile=+14155550130", "first=Mum|mobile=+14155550130"),
    ("first=Anna|last=Berg|mobile=+14155550110", "first=Anna|last=Berg|mobile=+1 (415) 555-0110"),
    ("first=Anna|last=Berg|mail=anna@example.org", "first=Anna|last=Berg|mail=ANNA@example.org"),
    ("first=Zoë|last=Müller|mobile=+14155550110", "first=Zoe|last=Muller|mobile=+14155550110"),
    ("first=Zoë|last=Müller|mail=zoe@example.org", "first=Zoe|last=Mueller|mail=zoe@example.org"),
    ("nick=Ania|mobile=+14155550110", "first=Anna|last=Kowalczyk|mobile=+14155550110"),
    ("first=Ania|mobile=+14155550110", "first=Anna|last=Kowalczyk|nick=Ania|mobile=+14155550110"),
    ("first=Bob|mobile=+14155550110", "first=Robert|last=Stone|mobile=+14155550110"),
    ("first=Bob|last=Stone|mobile=+14155550110", "first=Robert|last=Stone|mobile=+14155550110"),
    ("first=Anna|mobile=+14155550110", "first=Anna|last=Berg|mobile=+14155550110"),
    ("first=Anna|last=Berg|mobile=0170 1234567", "first=Anna|last=Berg|mobile=+49 170 1234567"),
    ("first=Anna|last=Berg|mobile=0049 170 1234567", "first=Anna|last=Berg|mobile=+491701234567"),
    ("first=Anna|last=Berg|phone=(415) 555-0134", "first=Anna|last=Berg|phone=+14155550134|mail=anna@example.org"),
    ("first=Anna|last=Berg|home=+14155550109", "first=Anna|last=Berg|home=+14155550109|mobile=+14155550110"),
    ("first=Anna|last=Berg", "first=Anna|last=Berg|mobile=+14155550110|firm=Acme"),
    ("mobile=+14155550110", "first=Anna|last=Berg|mobile=+14155550110"),
    ("first=ANNA|last=berg|mobile=+14155550110", "first=Anna|last=Berg|mobile=+14155550110"),
    ("first=Anna Berg|mobile=+14155550110", "first=Anna|last=Berg|mobile=+14155550110"),
    ("first=Berg, Anna|mobile=+14155550110", "first=Anna|last=Berg|mobile=+14155550110"),
    ("display=Anna Berg|mail=anna@example.org", "first=Anna|last=Berg|mail=anna@example.org"),
    ("first=Anna|last=Berg|prefix=Dr.|mobile=+14155550110", "first=Anna|last=Berg|mobile=+14155550110"),
    ("first=Anna|middle=M.|last=Berg|mobile=+14155550110", "first=Anna|middle=Maria|last=Berg|mobile=+14155550110"),
    ("first=Anna|last=Berg|firm=Acme, Inc.|mobile=+14155550110", "first=Anna|last=Berg|firm=ACME|mobile=+14155550110"),
    (
        "first=Anna|last=Berg|born=--05-17|mobile=+14155550110",
        "first=Anna|last=Berg|born=1990-05-17|mobile=+14155550110",
    ),
    ("firm=Pizza Roma|is=firm|work=+14155550115", "firm=Pizza Roma|work=+14155550115"),
    // Scripts without spaces: the whole name in one field, and family name first.
    ("first=王小明|mobile=+14155550110", "first=小明|last=王|mobile=+14155550110"),
    ("first=김민수|mail=kim@example.org", "first=민수|last=김|mail=kim@example.org"),
    ("first=Алёна|mobile=+14155550110", "first=Алена|mobile=+14155550110"),
    ("first=أمل|last=حداد|mobile=+14155550110", "first=امل|last=حداد|mobile=+14155550110"),
    ("first=Łukasz|last=Żuk|mobile=+14155550110", "first=Lukasz|last=Zuk|mobile=+14155550110"),
    ("first=İpek|last=Yılmaz|mobile=+14155550110", "first=Ipek|last=Yilmaz|mobile=+14155550110"),
    // An initial is no "and", and a relative is one person too.
    ("first=John A|last=Stone|mobile=+14155550110", "first=John|last=Stone|mobile=+14155550110"),
    ("first=Lisa Mum|mobile=+14155550110", "first=Lisa|last=Mum|mobile=+14155550110"),
    ("first=Mum|mobile=+14155550110", "first=Anna|last=Berg|nick=Mum|mobile=+14155550110"),
    ("prefix=Dr.|first=Anna|last=Berg|mobile=+14155550110", "first=Anna|last=Berg|mobile=+14155550110"),
    ("first=Nat|last=Rus|mobile=+79161234567", "first=Nat|last=Rus|mobile=8 916 123-45-67"),
];

#[test]
fn two_who_may_be_two_stay_apart_and_are_named() {
    let wrong: Vec<String> = APART
        .iter()
        .flat_map(|(one, other, is_named)| [(one, other, is_named), (other, one, is_named)])
        .filter_map(|(one, other, is_named)| {
            let all = unique(vec![card(1, one), card(2, other)]);
            let is_right =
                all.contacts.len() == 2 && all.merged.is_empty() && all.alike.len() == usize::from(*is_named);
            (!is_right).then(|| format!("{one} and {other}: {} contacts, {:?}", all.contacts.len(), all.alike))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // All at once, too: nobody is drawn to another by a third, unless it is the same card.
    let pairs = APART[15..22].iter().flat_map(|(one, other, _)| [one, other]);
    let all = unique((1..).zip(pairs).map(|(id, parts)| card(id, parts)).collect());
    assert_eq!((all.contacts.len(), all.merged.len()), (14, 0));
}

#[test]
fn who_fits_two_that_differ_is_merged_with_neither_in_any_order() {
    let jo = "first=Jo|last=Li|mobile=+14155550150";
    for (one, other) in [("firm=A", "firm=B"), ("born=1950-01-02", "born=1980-01-02"), ("town=Lisbon", "town=Porto")] {
        let cards = [format!("{jo}|{one}"), jo.to_owned(), format!("{jo}|{other}")];
        for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            let all = unique((1..).zip(order).map(|(id, at)| card(id, &cards[at])).collect());
            assert_eq!((all.contacts.len(), all.alike.len()), (3, 3), "{one} {order:?} {:?}", all.alike);
        }
    }
    // A chain: each fits the next, the ends are two people.
    let chain = [
        "first=Jo|last=Li|firm=A|mobile=+14155550150",
        "first=Jo|last=Li|mobile=+14155550150|mail=jo@example.org",
        "first=Jo|last=Li|mail=jo@example.org|mail=li@example.org",
        "first=Jo|last=Li|firm=B|mail=li@example.org",
    ];
    for order in [[0, 1, 2, 3], [3, 2, 1, 0], [1, 2, 0, 3], [2, 1, 3, 0], [0, 3, 1, 2]] {
        assert_eq!(lots((1..).zip(order).map(|(id, at)| card(id, chain[at])).collect()).len(), 4, "{order:?}");
    }
    // Who fits one of them alone is that one.
    let mine =
        ["first=Jo|last=Li|firm=A|mobile=+14155550150|mail=jo@example.org", "first=Jo|last=Li|mail=jo@example.org"];
    let cards = [mine[0], "first=Jo|last=Li|firm=B|mobile=+14155550150", mine[1]];
    assert_eq!(lots((1..).zip(cards).map(|(id, parts)| card(id, parts)).collect()), [vec![1, 3], vec![2]]);
}

#[test]
fn one_person_on_two_cards_is_one() {
    let wrong: Vec<String> = ONE
        .iter()
        .flat_map(|(one, other)| [(one, other), (other, one)])
        .filter_map(|(one, other)| {
            let all = unique(vec![card(1, one), card(2, other)]);
            let is_right = all.contacts.len() == 1 && all.merged.len() == 1 && all.alike.is_empty();
            (!is_right).then(|| format!("{one} and {other}: {:?}", all.alike))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
