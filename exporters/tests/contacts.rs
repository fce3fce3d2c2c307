//! Contacts as files: what a foreign reader finds in the cards, and what tables and pages make of hostile values.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeMap;

use calcard::common::IanaString;
use calcard::vcard::{VCard, VCardEntry, VCardValue};
use corer_exporters::contacts::vcard::{Cards, clean};
use corer_exporters::contacts::{Book, Format, Layout, Options, Pictures, Version, single};
use corer_exporters::output::{About, SafePath};
use corer_schemas::Skipped;
use corer_schemas::contacts::{Contact, Day, Image, Label, Labelled, Name, Other, Photo, PostalAddress, Profile};
use jiff::tz::TimeZone;
use proptest::prelude::*;

struct NoPictures;

impl Pictures for NoPictures {
    fn of(&self, _: &Contact) -> Result<Option<Photo>, Skipped> {
        Ok(None)
    }
}

fn labelled<T>(label: Option<&str>, value: T) -> Labelled<T> {
    Labelled { label: label.map(Label::new), value }
}

fn card(contact: &Contact, photo: Option<&Photo>, version: Version) -> String {
    let mut out = Vec::new();
    Cards::new(version, "backup").write(contact, photo, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn written(contacts: &[Contact], format: Format, layout: Layout) -> String {
    let options = Options {
        about: About::default(),
        zone: TimeZone::UTC,
        base: SafePath::root(),
        formats: vec![format],
        version: Version::Three,
        is_split: false,
        layout,
    };
    let book = Book { contacts, groups: &[], pictures: &NoPictures, merged: &[], alike: &[] };
    let mut out = Vec::new();
    single(book, format, &options, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// What a property says, as a foreign reader reads it.
fn texts(entry: &VCardEntry) -> Vec<String> {
    let text = |value: &VCardValue| match value {
        VCardValue::Text(text) => vec![text.clone()],
        VCardValue::Component(texts) => texts.clone(),
        VCardValue::Binary(data) => vec![format!("{:?}", data.data)],
        VCardValue::Kind(kind) => vec![kind.as_str().to_owned()],
        other => vec![format!("{other:?}")],
    };
    entry.values.iter().flat_map(text).collect()
}

/// Every property of a card by name in capital letters, as `calcard` reads them.
fn read(card: &str) -> BTreeMap<String, Vec<Vec<String>>> {
    let mut properties: BTreeMap<String, Vec<Vec<String>>> = BTreeMap::new();
    for entry in VCard::parse(card).unwrap_or_else(|other| panic!("{other:?} in {card}")).entries {
        properties.entry(entry.name.as_str().to_ascii_uppercase()).or_default().push(texts(&entry));
    }
    properties
}

/// Text as strangers type it: with everything that means something in a card.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("\r\nTEL:+666".to_owned()),
        Just("\nEND:VCARD\nBEGIN:VCARD\n".to_owned()),
        Just("\r".to_owned()),
        Just("\u{2028}X-A:b".to_owned()),
        Just("\u{85}".to_owned()),
        Just("\\n\\,\\;\\\\".to_owned()),
        Just(";,:=\"'^".to_owned()),
        Just("=0D=0ATEL:1".to_owned()),
        Just("\0\u{1b}[31m\u{7f}".to_owned()),
        Just("Zoë 🎈 \u{202e}مرحبا".to_owned()),
        Just("\r\n ".to_owned()),
        Just("é🎈七".repeat(60)),
        "[ -~]{0,90}",
        any::<String>(),
    ];
    // What stands at the ends is of no account: readers trim it.
    prop::collection::vec(piece, 1..5).prop_map(|pieces| format!("a{}z", pieces.concat()))
}

#[derive(Debug, Clone)]
struct Texts(Vec<String>);

fn contact(texts: &Texts) -> Contact {
    let text = |at: usize| texts.0[at].clone();
    Contact {
        id: 7,
        guid: Some(text(0)),
        name: Name {
            first: Some(text(1)),
            last: Some(text(2)),
            prefix: Some(text(3)),
            maiden: Some(text(4)),
            ..Name::default()
        },
        nicknames: vec![text(5), text(6)],
        organization: Some(text(7)),
        department: Some(text(8)),
        job_title: Some(text(9)),
        phones: vec![labelled(Some(&texts.0[10]), text(11)), labelled(Some("_$!<Home>!$_"), text(12))],
        emails: vec![labelled(None, format!("{}@example.org", text(13).len()))],
        addresses: vec![labelled(
            Some("_$!<Work>!$_"),
            PostalAddress { street: Some(text(14)), city: Some(text(15)), ..PostalAddress::default() },
        )],
        urls: vec![labelled(Some(&texts.0[16]), text(17))],
        birthday: Some(Day::Yearly(5, 17)),
        related: vec![labelled(Some("_$!<Mother>!$_"), text(18))],
        profiles: vec![labelled(
            None,
            Profile { service: Some(text(19)), username: Some(text(20)), ..Profile::default() },
        )],
        notes: vec![text(21)],
        others: vec![Other { name: text(22), label: None, value: text(23) }],
        groups: vec![text(24), text(25)],
        ..Contact::default()
    }
}

/// Texts of a list without runs of white space, which `calcard` takes for one space there.
fn listed<'t>(texts: impl IntoIterator<Item = &'t String>) -> Vec<String> {
    let spaces = |c: char| matches!(c, ' ' | '\t');
    let one = |text: &String| text.split(spaces).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    texts.into_iter().map(one).collect()
}

/// Whether a card has this address letter for letter, but for what would end the line, which is encoded.
fn has_address(card: &str, property: &str, address: &str) -> bool {
    let letter = |c: char| match c {
        c if c.is_control() || ends_line(c) => c.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect(),
        c => c.to_string(),
    };
    let address: String = address.chars().map(letter).collect();
    let unfolded = card.replace("\r\n ", "");
    let ends = [format!("{property}:{address}"), format!(".{property}:{address}")];
    unfolded.split("\r\n").any(|line| line == ends[0] || line.ends_with(&ends[1]))
}

/// Every way in which some reader ends a line.
fn ends_line(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(
        std::env::var("CORER_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(96)
    ))]

    #[test]
    fn cards_of_3_read_back_equal_whatever_was_typed(texts in prop::collection::vec(hostile(), 26).prop_map(Texts)) {
        let contact = contact(&texts);
        let card = card(&contact, None, Version::Three);
        prop_assert!(card.split("\r\n").all(|line| line.len() <= 75 && !line.contains(ends_line)), "{}", card);
        let found = read(&card);
        let text = |at: usize| clean(&texts.0[at]);
        let is = |name: &str, expected: Vec<Vec<String>>| {
            prop_assert_eq!(found.get(name), Some(&expected), "{} of {}", name, card);
            Ok(())
        };
        is("N", vec![vec![text(2), text(1), String::new(), text(3), String::new()]])?;
        is("X-MAIDENNAME", vec![vec![text(4)]])?;
        is("ORG", vec![vec![text(7), text(8)]])?;
        is("TITLE", vec![vec![text(9)]])?;
        is("TEL", vec![vec![text(11)], vec![text(12)]])?;
        is("ADR", vec![vec![
            String::new(), String::new(), text(14), text(15), String::new(), String::new(), String::new(),
        ]])?;
        prop_assert!(has_address(&card, "URL", &texts.0[17]), "{}", card);
        is("X-ABRELATEDNAMES", vec![vec![text(18)]])?;
        let profile = &found["X-SOCIALPROFILE"][0][0];
        prop_assert!(profile.starts_with("x-apple:a") && profile.ends_with('z') && profile.is_ascii(), "{}", profile);
        is("NOTE", vec![vec![text(21)]])?;
        is("X-CORER-FIELD", vec![vec![text(23)]])?;
        prop_assert_eq!(listed(&found["NICKNAME"][0]), listed(&[text(5), text(6)]));
        prop_assert_eq!(listed(&found["CATEGORIES"][0]), listed(&[text(24), text(25)]));
        let labels = [text(10), text(16), "_$!<Mother>!$_".to_owned(), text(22)];
        is("X-ABLABEL", labels.map(|label| vec![label]).to_vec())?;
        // And nothing else: no value has become a property.
        let known = 14 + ["FN", "VERSION", "PRODID", "EMAIL", "BDAY", "UID"].len();
        prop_assert_eq!(found.len(), known, "{:?}", found.keys());
    }

    #[test]
    fn cards_of_4_read_back_equal_whatever_was_typed(texts in prop::collection::vec(hostile(), 26).prop_map(Texts)) {
        let contact = contact(&texts);
        let card = card(&contact, None, Version::Four);
        prop_assert!(card.split("\r\n").all(|line| line.len() <= 75 && !line.contains(ends_line)), "{}", card);
        let found = read(&card);
        let text = |at: usize| clean(&texts.0[at]);
        let is = |name: &str, expected: Vec<Vec<String>>| {
            prop_assert_eq!(found.get(name), Some(&expected), "{} of {}", name, card);
            Ok(())
        };
        is("X-MAIDENNAME", vec![vec![text(4)]])?;
        is("ORG", vec![vec![text(7), text(8)]])?;
        is("TITLE", vec![vec![text(9)]])?;
        is("TEL", vec![vec![text(11)], vec![text(12)]])?;
        prop_assert!(has_address(&card, "URL", &texts.0[17]), "{}", card);
        is("RELATED", vec![vec![text(18)]])?;
        is("NOTE", vec![vec![text(21)]])?;
        is("N", vec![vec![text(2), text(1), String::new(), text(3), String::new()]])?;
        is("X-CORER-FIELD", vec![vec![text(23)]])?;
        prop_assert_eq!(listed(&found["NICKNAME"][0]), listed(&[text(5), text(6)]));
        prop_assert_eq!(listed(&found["CATEGORIES"][0]), listed(&[text(24), text(25)]));
        let address = &found["ADR"][0];
        prop_assert_eq!((&address[2], &address[3]), (&text(14), &text(15)));
        // And nothing else: no value has become a property.
        let known = 12 + ["FN", "VERSION", "PRODID", "EMAIL", "BDAY", "UID", "SOCIALPROFILE", "X-ABLABEL"].len();
        prop_assert_eq!(found.len(), known, "{:?}", found.keys());
        for name in ["N", "BDAY", "UID", "VERSION", "PRODID"] {
            prop_assert_eq!(found[name].len(), 1, "{}", name);
        }
    }

    #[test]
    fn tables_and_pages_stay_what_they_are(texts in prop::collection::vec(hostile(), 26).prop_map(Texts)) {
        let contacts = [contact(&texts)];
        for layout in [Layout::People, Layout::Google, Layout::Outlook, Layout::Imazing] {
            let table = written(&contacts, Format::Csv, layout);
            let table = table.strip_prefix('\u{feff}').unwrap_or(&table);
            let mut reader = csv::Reader::from_reader(table.as_bytes());
            let columns = reader.headers().unwrap().len();
            let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
            prop_assert_eq!((rows.len(), rows[0].len()), (1, columns));
            if layout == Layout::People {
                let is_number = |cell: &str| cell.chars().all(|c| c.is_ascii_digit() || "+ ()-".contains(c));
                let is_formula = |cell: &&str| cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_number(cell);
                prop_assert_eq!(rows[0].iter().find(is_formula), None);
            }
            // The number as it was typed, in every layout.
            prop_assert!(rows[0].iter().any(|cell| cell.contains(&texts.0[11])), "{:?}", layout);
        }
        let lines = written(&contacts, Format::Jsonl, Layout::People);
        prop_assert_eq!(lines.lines().count(), 3);
        let record: serde_json::Value = serde_json::from_str(lines.lines().nth(1).unwrap()).unwrap();
        prop_assert_eq!(record["notes"][0].as_str(), Some(&*texts.0[21]));
        let page = written(&contacts, Format::Html, Layout::People);
        prop_assert_eq!(page.matches("<li class=\"person\"").count(), 1);
        prop_assert_eq!(page.matches("<script").count(), 1);
    }
}

#[test]
fn a_picture_is_inside_of_the_card() {
    let anna = Contact { name: Name { first: Some("Anna".into()), ..Name::default() }, ..Contact::default() };
    let bytes: Vec<u8> = (0..=255).cycle().take(5000).collect();
    let photo = Photo { bytes: bytes.clone(), image: Image::Png, crop: None };
    let text = card(&anna, Some(&photo), Version::Three);
    assert!(text.contains("\r\nPHOTO;ENCODING=b;TYPE=PNG:"));
    assert_eq!(read(&text)["PHOTO"], [[format!("{bytes:?}")]]);
    let text = card(&anna, Some(&photo), Version::Four);
    assert!(text.contains("\r\nPHOTO:data:image/png;base64,"), "no escape in an address");
    assert_eq!(read(&text)["PHOTO"], [[format!("{bytes:?}")]]);
}

#[cfg(feature = "heic")]
#[test]
fn a_heic_picture_is_a_jpeg_in_the_card() {
    let drawn = heifer::Image::filled(64, 48, 8, [200, 30, 30, 255]);
    let bytes = heifer::encode(&drawn, &heifer::EncodeOptions::default()).unwrap();
    assert_eq!(Image::of(&bytes), Some(Image::Heic));
    let photo = Photo { bytes, image: Image::Heic, crop: None };
    for (version, begin) in [
        (Version::Three, "\r\nPHOTO;ENCODING=b;TYPE=JPEG:/9j/"),
        (Version::Four, "\r\nPHOTO:data:image/jpeg;base64,/9j/"),
    ] {
        assert!(card(&Contact::default(), Some(&photo), version).contains(begin), "{version:?}");
    }
    // What defies conversion stays what it is.
    let broken = Photo { bytes: b"\0\0\0\x18ftypheic".to_vec(), image: Image::Heic, crop: None };
    assert!(card(&Contact::default(), Some(&broken), Version::Three).contains("TYPE=HEIC:"));
}

#[test]
fn days_without_a_year_and_organisations_are_said_as_iphones_say_them() {
    let firm = Contact {
        organization: Some("Fjord, Ltd.".into()),
        is_organization: true,
        birthday: Some(Day::Yearly(2, 29)),
        ..Contact::default()
    };
    let text = card(&firm, None, Version::Three);
    for line in ["N:;;;;", "FN:Fjord\\, Ltd.", "X-ABShowAs:COMPANY", "BDAY;X-APPLE-OMIT-YEAR=1604:1604-02-29"] {
        assert!(text.contains(&format!("\r\n{line}\r\n")), "{line} in {text}");
    }
    let text = card(&firm, None, Version::Four);
    assert!(text.contains("\r\nBDAY:--0229\r\n") && text.contains("\r\nKIND:org\r\n"), "{text}");
    assert!(card(&Contact::default(), None, Version::Three).contains("\r\nFN:No name\r\n"));
}

/// The lines of a card, unfolded.
fn lines(contact: &Contact, version: Version) -> Vec<String> {
    card(contact, None, version).replace("\r\n ", "").lines().map(str::to_owned).collect()
}

#[test]
fn addresses_are_written_letter_for_letter_in_both_versions() {
    let all = [
        "www.example.com",
        "http://example.com/a,b;c?d=e\\f",
        "HTTPS://Example.COM",
        "tel:+1,,2;ext=3",
        "http://ö.example/päth",
    ];
    let contact = Contact {
        urls: all.iter().map(|url| labelled(Some("_$!<HomePage>!$_"), (*url).to_owned())).collect(),
        profiles: vec![labelled(
            None,
            Profile { service: Some("x".into()), url: Some("http://x.com/a,b;c".into()), ..Profile::default() },
        )],
        messengers: vec![labelled(
            None,
            Profile { service: Some("Jabber".into()), username: Some("a,b;c@d".into()), ..Profile::default() },
        )],
        ..Contact::default()
    };
    for (version, social) in [(Version::Three, "X-SOCIALPROFILE"), (Version::Four, "SOCIALPROFILE")] {
        let lines = lines(&contact, version);
        for url in all {
            assert!(lines.iter().any(|line| line.ends_with(&format!("URL:{url}"))), "{url} in {lines:?}");
        }
        let is_social = |line: &&String| line.contains(social) && line.ends_with(":http://x.com/a,b;c");
        assert_eq!(lines.iter().filter(is_social).count(), 1, "{lines:?}");
        assert!(lines.iter().any(|line| line.starts_with("IMPP") && line.ends_with(":xmpp:a%2Cb%3Bc@d")), "{lines:?}");
    }
}

#[test]
fn version_4_says_a_phonetic_name_an_anniversary_and_relatives_as_the_standard_does() {
    let some = |text: &str| Some(text.to_owned());
    let contact = Contact {
        name: Name {
            first: some("Hanako"),
            last: some("Yamada"),
            first_phonetic: some("hanako"),
            last_phonetic: some("yamada"),
            ..Name::default()
        },
        birthday: Some(Day::Text("in spring".into())),
        dates: vec![
            labelled(Some("_$!<Anniversary>!$_"), Day::Full(jiff::civil::date(2010, 6, 5))),
            labelled(Some("Anniversary"), Day::Yearly(6, 7)),
            labelled(None, Day::Text("soon".into())),
        ],
        related: vec![
            labelled(Some("_$!<Spouse>!$_"), "Tom".to_owned()),
            labelled(Some("_$!<YoungerSister>!$_"), "Mia, the younger".to_owned()),
            labelled(Some("_$!<MotherInLaw>!$_"), "Jo".to_owned()),
        ],
        phones: vec![labelled(Some("iPhone"), "+1".to_owned()), labelled(Some("_$!<Mobile>!$_"), "+2".to_owned())],
        guid: some("not a UUID"),
        ..Contact::default()
    };
    let lines = lines(&contact, Version::Four);
    for line in [
        "N;SORT-AS=\"yamada,hanako\":Yamada;Hanako;;;",
        "X-PHONETIC-FIRST-NAME:hanako",
        "X-PHONETIC-LAST-NAME:yamada",
        "BDAY;VALUE=text:in spring",
        "ANNIVERSARY:20100605",
        "item2.X-ABDATE:--06-07",
        "item2.X-ABLabel:Anniversary",
        "item3.X-ABDATE:soon",
        "item4.RELATED;TYPE=spouse;VALUE=text:Tom",
        "item4.X-ABLabel:_$!<Spouse>!$_",
        "item5.RELATED;TYPE=sibling;VALUE=text:Mia\\, the younger",
        "item6.RELATED;VALUE=text:Jo",
        "item1.TEL;type=CELL;type=VOICE:+1",
        "TEL;type=CELL;type=VOICE:+2",
        "UID;VALUE=text:not a UUID",
    ] {
        assert!(lines.iter().any(|own| own == line), "{line} in {lines:?}");
    }
    assert_eq!(lines.iter().filter(|line| line.starts_with("N;") || line.starts_with("N:")).count(), 1);
}

#[test]
fn second_names_and_firms_and_what_an_account_calls_somebody_are_in_the_note() {
    let some = |text: &str| Some(text.to_owned());
    let field = |name: &str, value: &str| Other { name: name.into(), label: None, value: value.into() };
    let kim = Contact {
        name: Name { first: some("Kim"), last: some("Lee"), display: some("Boss of Acme"), ..Name::default() },
        notes: vec!["Own words.".into()],
        others: vec![
            field("Name", "Kimberly Lee-Stone"),
            field("Organisation", "Zeta"),
            field("Job title", "Chair"),
            field("Pronouns", "they"),
        ],
        ..Contact::default()
    };
    let also =
        "Display name: Boss of Acme\nAlso: Kimberly Lee-Stone\nAlso: Zeta (organisation)\nAlso: Chair (job title)";
    let found = read(&card(&kim, None, Version::Three));
    assert_eq!(found["NOTE"], [[format!("Own words.\n\n{also}")]]);
    assert_eq!(found["X-CORER-FIELD"].len(), 4, "and each is a field of its own, as before");
    assert_eq!(read(&card(&kim, None, Version::Four))["NOTE"], [["Own words."], [also]]);
    for format in [Format::Csv, Format::Html, Format::Jsonl] {
        let text = written(std::slice::from_ref(&kim), format, Layout::People);
        assert!(["Boss of Acme", "Kimberly Lee-Stone", "Zeta", "Chair"].iter().all(|own| text.contains(own)), "{text}");
    }
    for layout in [Layout::Google, Layout::Outlook, Layout::Imazing] {
        assert!(written(std::slice::from_ref(&kim), Format::Csv, layout).contains("Boss of Acme"), "{layout:?}");
    }
    for same in ["kim lee", "Lee, Kim", "Lee Kim"] {
        let plain = Contact { name: Name { display: some(same), ..kim.name.clone() }, ..Contact::default() };
        assert!(!card(&plain, None, Version::Three).contains("NOTE"), "{same} says nothing new");
    }
    let alone = Contact { name: Name { display: some("Boss"), ..Name::default() }, ..Contact::default() };
    assert!(!card(&alone, None, Version::Three).contains("NOTE"));
}

#[test]
fn two_cards_never_have_one_identifier() {
    let mut cards = Cards::new(Version::Three, "backup");
    let mut uid = |id: i64, guid: Option<&str>| {
        let contact = Contact { id, guid: guid.map(str::to_owned), ..Contact::default() };
        let mut out = Vec::new();
        cards.write(&contact, None, &mut out).unwrap();
        read(&String::from_utf8(out).unwrap())["UID"][0][0].clone()
    };
    let all = [uid(1, Some("A")), uid(2, Some("A")), uid(3, None), uid(4, None), uid(5, Some("a\nb"))];
    assert_eq!(all[0], "A");
    assert_eq!(all.iter().collect::<std::collections::BTreeSet<_>>().len(), 5);
}

#[test]
fn layouts_have_the_header_rows_of_their_programs() {
    let anna = Contact {
        name: Name { first: Some("Anna".into()), last: Some("K".into()), ..Name::default() },
        phones: vec![labelled(Some("_$!<Mobile>!$_"), "+4917012345".to_owned())],
        groups: vec!["Lisbon".into()],
        ..Contact::default()
    };
    let rows = |layout| -> Vec<String> {
        written(std::slice::from_ref(&anna), Format::Csv, layout).lines().map(str::to_owned).collect()
    };
    let google = rows(Layout::Google);
    assert!(google[0].starts_with(
        "First Name,Middle Name,Last Name,Phonetic First Name,Phonetic Middle Name,Phonetic Last Name,Name Prefix,\
         Name Suffix,Nickname,File As,Organization Name,Organization Title,Organization Department,Birthday,Notes,Photo,\
         Labels,"
    ));
    assert!(google[1].contains("Lisbon ::: * myContacts,Mobile,+4917012345"), "{}", google[1]);
    let outlook = rows(Layout::Outlook);
    assert_eq!(outlook[0].split(',').count(), 61);
    assert!(outlook[1].contains("+4917012345") && outlook[1].ends_with("groups: Lisbon"));
    assert!(rows(Layout::Imazing)[0].starts_with("First Name,Middle Name,Last Name,Mobile Phone,"));
    assert!(rows(Layout::People)[1].contains(",+4917012345,mobile,"), "no mark before a number");
}
