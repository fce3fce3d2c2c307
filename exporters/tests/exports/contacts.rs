//! Contacts as files: what cards of each version say, and the header rows of tables.

use crate::cards::{card, labelled, lines, read, written};
use corer_exporters::contacts::vcard::Cards;
use corer_exporters::contacts::{Format, Layout, Version};
use corer_schemas::contacts::{Contact, Day, Image, Name, Other, Photo, Profile};

#[test]
fn a_picture_is_inside_of_the_card() {
    let anna = Contact { name: Name { first: Some("Anna".into()), ..Name::default() }, ..Contact::default() };
    let bytes: Vec<u8> = (0..=255).cycle().take(5000).collect();
    let photo = Photo { bytes: bytes.clone(), image: Image::Png, crop: None };
    let text = card(&anna, Some(&photo), Version::V3);
    assert!(text.contains("\r\nPHOTO;ENCODING=b;TYPE=PNG:"));
    assert_eq!(read(&text)["PHOTO"], [[format!("{bytes:?}")]]);
    let text = card(&anna, Some(&photo), Version::V4);
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
    for (version, begin) in
        [(Version::V3, "\r\nPHOTO;ENCODING=b;TYPE=JPEG:/9j/"), (Version::V4, "\r\nPHOTO:data:image/jpeg;base64,/9j/")]
    {
        assert!(card(&Contact::default(), Some(&photo), version).contains(begin), "{version:?}");
    }
    // What defies conversion stays what it is.
    let broken = Photo { bytes: b"\0\0\0\x18ftypheic".to_vec(), image: Image::Heic, crop: None };
    assert!(card(&Contact::default(), Some(&broken), Version::V3).contains("TYPE=HEIC:"));
}

#[test]
fn days_without_a_year_and_organisations_are_said_as_iphones_say_them() {
    let firm = Contact {
        organization: Some("Fjord, Ltd.".into()),
        is_organization: true,
        birthday: Some(Day::Yearly(2, 29)),
        ..Contact::default()
    };
    let text = card(&firm, None, Version::V3);
    for line in ["N:;;;;", "FN:Fjord\\, Ltd.", "X-ABShowAs:COMPANY", "BDAY;X-APPLE-OMIT-YEAR=1604:1604-02-29"] {
        assert!(text.contains(&format!("\r\n{line}\r\n")), "{line} in {text}");
    }
    let text = card(&firm, None, Version::V4);
    assert!(text.contains("\r\nBDAY:--0229\r\n") && text.contains("\r\nKIND:org\r\n"), "{text}");
    assert!(card(&Contact::default(), None, Version::V3).contains("\r\nFN:No name\r\n"));
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
    for (version, social) in [(Version::V3, "X-SOCIALPROFILE"), (Version::V4, "SOCIALPROFILE")] {
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
    let lines = lines(&contact, Version::V4);
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
    let found = read(&card(&kim, None, Version::V3));
    assert_eq!(found["NOTE"], [[format!("Own words.\n\n{also}")]]);
    assert_eq!(found["X-CORER-FIELD"].len(), 4, "and each is a field of its own, as before");
    assert_eq!(read(&card(&kim, None, Version::V4))["NOTE"], [["Own words."], [also]]);
    for format in [Format::Csv, Format::Html, Format::Jsonl] {
        let text = written(std::slice::from_ref(&kim), format, Layout::People);
        assert!(["Boss of Acme", "Kimberly Lee-Stone", "Zeta", "Chair"].iter().all(|own| text.contains(own)), "{text}");
    }
    for layout in [Layout::Google, Layout::Outlook, Layout::Imazing] {
        assert!(written(std::slice::from_ref(&kim), Format::Csv, layout).contains("Boss of Acme"), "{layout:?}");
    }
    for same in ["kim lee", "Lee, Kim", "Lee Kim"] {
        let plain = Contact { name: Name { display: some(same), ..kim.name.clone() }, ..Contact::default() };
        assert!(!card(&plain, None, Version::V3).contains("NOTE"), "{same} says nothing new");
    }
    let alone = Contact { name: Name { display: some("Boss"), ..Name::default() }, ..Contact::default() };
    assert!(!card(&alone, None, Version::V3).contains("NOTE"));
}

#[test]
fn two_cards_never_have_one_identifier() {
    let mut cards = Cards::new(Version::V3, "backup");
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
fn an_identifier_is_a_uuid_only_with_its_hyphens() {
    let hyphenated = "0FBA0CA4-5B7E-4C5A-9D8B-3C2B1A000001";
    for (guid, uid) in [(hyphenated.to_owned(), format!("urn:uuid:{}", hyphenated.to_lowercase())), {
        let bare = hyphenated.replace('-', "");
        (bare.clone(), bare)
    }] {
        let contact = Contact { guid: Some(guid), ..Contact::default() };
        assert_eq!(read(&card(&contact, None, Version::V4))["UID"], [[uid]]);
    }
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
