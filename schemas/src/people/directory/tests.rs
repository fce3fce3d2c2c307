use proptest::prelude::*;

use super::*;
use crate::testing::{Files, shared_data};

/// The smallest schema of an address book with links.
const TABLES: &str = "
    CREATE TABLE ABPerson (ROWID INTEGER PRIMARY KEY, First TEXT, Middle TEXT, Last TEXT, Nickname TEXT,
        Organization TEXT, Kind INTEGER, PersonLink INTEGER DEFAULT -1, IsPreferredName INTEGER DEFAULT 1);
    CREATE TABLE ABPersonLink (ROWID INTEGER PRIMARY KEY, PreferredNamePersonID INTEGER);
    CREATE TABLE ABMultiValue (UID INTEGER PRIMARY KEY, record_id INTEGER, property INTEGER, value TEXT);
";

fn made(sql: &str) -> Directory {
    Directory::read(&Files::new().with_database(DATABASE, &format!("{TABLES}{sql}")))
}

/// A directory of people with one name and some handles each.
fn of(people: &[(&str, &[&str])]) -> Directory {
    let person = |(id, (name, handles)): (i64, &(&str, &[&str]))| Person {
        id,
        name: (*name).to_owned(),
        cards: vec![id],
        handles: handles.iter().map(|handle| (*handle).to_owned()).collect(),
        also: Vec::new(),
    };
    Directory::of((1..).zip(people).map(person).collect())
}

fn with(who: &str) -> Selection {
    Selection { with: vec![who.to_owned()], ..Selection::default() }
}

fn names(directory: &Directory) -> Vec<&str> {
    directory.people().iter().map(|person| person.name.as_str()).collect()
}

#[test]
fn nine_cards_of_ios_15_are_eight_people() {
    let Some(folder) = shared_data("ios15.3.1/HomeDomain/Library/AddressBook") else { return };
    let directory = Directory::read(&Files::new().with_file(DATABASE, folder.join("AddressBook.sqlitedb")));
    assert_eq!(directory.skipped(), []);
    let expected = [
        "This Is DFIR Two",
        "Apple Inc.",
        "This Is DFIR",
        "This DFIR",
        "Liz",
        "ThisIs DFIRThree",
        "Josh Hickman",
        "Thom De'Fer",
    ];
    assert_eq!(names(&directory), expected);
    let two = &directory.people()[0];
    assert_eq!(
        (two.id, two.cards.as_slice(), two.handles.len()),
        (9, &[9, 1][..], 2),
        "the preferred card, and what both cards have once"
    );
    for (handle, name) in [
        ("+19198887386", Some("This Is DFIR Two")),
        ("thisisDFIRtwo@gmail.com", Some("This Is DFIR Two")),
        ("+18006927753", Some("Apple Inc.")),
        ("9192084530", Some("Liz")),
        ("+19195790479", Some("Josh Hickman")),
        ("+12125790479", None),
    ] {
        assert_eq!(directory.name_of(handle), name, "{handle}");
    }
}

#[test]
fn an_address_book_of_ios_18_without_links_is_read() {
    let Some(folder) = shared_data("ios18-fixtures") else { return };
    let file = folder.join("contacts.1.AddressBook.sqlitedb");
    let directory = Directory::read(&Files::new().with_file(DATABASE, file));
    assert_eq!(directory.skipped(), []);
    assert_eq!(names(&directory), ["Alex Fixture", "Broken Label", "Acme Synthetics", "Solo"]);
    assert_eq!(directory.name_of("ALEX@example.com"), Some("Alex Fixture"));
    assert_eq!(directory.name_of("+15550142"), Some("Acme Synthetics"));
    // What instant messengers are called is no handle.
    assert_eq!(directory.name_of("fixture-im"), None);
    assert_eq!(directory.asked_for(&with("lexi")).handles().count(), 4, "found by nickname too");
}

#[test]
fn the_schema_of_every_known_version_is_read() {
    let Some(folder) = shared_data("ddl") else { return };
    let mut seen = 0;
    for file in std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()) {
        if !file.file_name().unwrap().to_str().unwrap().starts_with("AddressBook-") {
            continue;
        }
        let rows = "INSERT INTO ABPerson (First, Last, PersonLink) VALUES ('Anna', 'K', 1), ('Ania', 'K', 1), ('Ben', '', -1);
            INSERT INTO ABPersonLink (ROWID, PreferredNamePersonID) VALUES (1, 2);
            INSERT INTO ABMultiValue (record_id, property, value) VALUES (1, 3, '0170 1234567'), (2, 4, 'a@b.c'), (3, 5, 'x');";
        let directory = Directory::read(&Files::new().with_database(DATABASE, &sound(&file, rows)));
        assert_eq!(directory.skipped(), [], "{}", file.display());
        assert_eq!(names(&directory), ["Ania K", "Ben"], "{}", file.display());
        assert_eq!(directory.name_of("+491701234567"), Some("Ania K"));
        seen += 1;
    }
    assert_eq!(seen, 4);
}

/// The tables of a schema as stock SQLite takes them, which has no function of Apple's, and rows.
fn sound(file: &std::path::Path, rows: &str) -> String {
    let schema = std::fs::read_to_string(file).unwrap();
    let wanted = |line: &&str| {
        ["ABPerson ", "ABPersonLink ", "ABMultiValue "]
            .iter()
            .any(|table| line.starts_with(&format!("CREATE TABLE {table}")))
    };
    let tables: Vec<String> =
        schema.lines().filter(wanted).map(|line| line.replace("ab_generate_guid()", "hex(randomblob(16))")).collect();
    assert_eq!(tables.len(), 3, "{}", file.display());
    format!("{}{rows}", tables.concat())
}

#[test]
fn linked_cards_are_one_person_whose_preferred_name_wins() {
    let directory = made(
        "INSERT INTO ABPerson (ROWID, First, PersonLink, IsPreferredName) VALUES
            (1, 'Anna', 7, 0), (2, 'Ania', 7, 1), (3, 'Ben', 8, 0), (4, 'Benny', 8, 1), (5, NULL, 9, 1), (6, 'Cy', 9, 0),
            (7, 'Dan', -1, 1), (8, 'Dan', -1, 1), (9, 'Eve', NULL, 1), (10, 'Eva', 0, 1);
         INSERT INTO ABPersonLink VALUES (7, 1), (9, 5), (10, -1);
         INSERT INTO ABMultiValue (record_id, property, value) VALUES (1, 3, '+14155550134'), (2, 4, 'ania@example.org'),
            (5, 3, '+14155550177'), (2, 3, '+14155550134');",
    );
    assert_eq!(names(&directory), ["Anna", "Benny", "Cy", "Dan", "Dan", "Eve", "Eva"]);
    assert_eq!(directory.name_of("ania@example.org"), Some("Anna"));
    assert_eq!(directory.name_of("+14155550177"), Some("Cy"), "the preferred card has no name of its own");
    let asked = directory.asked_for(&with("ania"));
    assert_eq!(asked.handles().collect::<Vec<_>>(), ["+14155550134", "ania@example.org"]);
    assert!(asked.have("(415) 555-0134") && !asked.have("+14155550177"));
}

#[test]
fn numbers_that_several_people_could_have_are_not_guessed() {
    let directory = of(&[
        ("Anna", &["(415) 555-0134", "22000", "home@example.org"]),
        ("Ben", &["(212) 555-0134", "+44 20 7946 0958", "home@example.org"]),
        ("Cy", &["555 0134", "20 7946 0958", "2200 0555"]),
        ("Dan", &["+39 06 1234567"]),
        ("dán", &["+39 06 1234567"]),
    ]);
    assert_eq!(directory.name_of("+14155550134"), None, "Anna's with an area code, or Cy's without");
    assert_eq!(directory.name_of("415 5550134"), Some("Anna"), "exactly hers");
    assert_eq!(directory.name_of("+4155550134"), None);
    assert_eq!(directory.name_of("+442079460958"), Some("Ben"), "exactly his in international form");
    assert_eq!(directory.name_of("home@example.org"), None);
    assert_eq!(directory.name_of("22000"), Some("Anna"));
    assert_eq!(directory.name_of("2200"), None);
    assert_eq!(directory.name_of("+39061234567"), Some("Dan"), "two cards of one name");
    // Who looks for a person wants what may be theirs.
    for who in ["Anna", "Cy"] {
        assert!(directory.asked_for(&with(who)).have("+14155550134"), "{who}");
    }
    assert!(!directory.asked_for(&with("Ben")).have("+14155550134"));
}

#[test]
fn a_person_is_found_by_any_name_number_or_address() {
    let directory = of(&[("Zoë Müller", &["+14155550134", "zoe@example.org"]), ("Anna", &["+14155550177"])]);
    for who in ["zoe", "MULLER", "zoë m", "415-555-0134", "ZOE@", "(415) 555 0134"] {
        let people = directory.asked_for(&with(who));
        assert_eq!(people.handles().collect::<Vec<_>>(), ["+14155550134", "zoe@example.org"], "{who}");
        assert!(people.have("Zoe@example.org") && !people.have("+14155550177"), "{who}");
    }
    assert_eq!(directory.asked_for(&with("0134")).handles().count(), 0);
    assert_eq!(directory.asked_for(&with(" ")).handles().count(), 0);
    assert_eq!(directory.asked_for(&Selection::default()).handles().count(), 0, "nobody in particular");
}

#[test]
fn what_very_many_share_belongs_to_nobody() {
    let people: Vec<(&str, &[&str])> = vec![("Same", &["+14155550134", "a@b.c"]); 5000];
    let directory = of(&people);
    assert_eq!(directory.name_of("+14155550134"), None);
    assert_eq!(directory.name_of("a@b.c"), None);
}

#[test]
fn no_address_book_knows_nobody_and_a_damaged_one_says_so() {
    let none = Directory::read(&Files::new());
    assert_eq!((none.people().len(), none.skipped().len(), none.absence()), (0, 0, None));
    assert_eq!(none.name_of("+14155550134"), None);
    let other = Directory::read(&Files::new().with_database(DATABASE, "CREATE TABLE note (a)"));
    assert_eq!(other.skipped()[0].to_owned(), Skipped::new("the address book", "it has no table of people"));
    let noise = tempfile::tempdir().unwrap();
    std::fs::write(noise.path().join("noise"), [7; 5000]).unwrap();
    let noise = Directory::read(&Files::new().with_file(DATABASE, noise.path().join("noise")).keeping(noise));
    assert_eq!((noise.people().len(), noise.skipped().len()), (0, 1));
}

#[test]
fn odd_rows_cost_nothing_else() {
    let directory = made(
        "INSERT INTO ABPerson (ROWID, First, Last, Kind, PersonLink) VALUES (1, x'416eff', 7, 'x', 'y'), (2, '', ' ', 1, 1.0),
            (3, 'Ben', NULL, NULL, -1);
         INSERT INTO ABMultiValue (record_id, property, value) VALUES (1, '3', 4155550134), (99, 3, '+14155550134'),
            (3, 4, ''), (3, 3, NULL), ('3', 4.0, x'6240622e63'), (NULL, NULL, NULL), (3, 3, zeroblob(100000));",
    );
    assert_eq!(directory.skipped(), []);
    assert_eq!(names(&directory), ["An\u{fffd} 7", "Ben"]);
    assert_eq!(directory.name_of("+14155550134"), Some("An\u{fffd} 7"));
    assert_eq!(directory.people()[1].handles, ["b@b.c"]);
}

#[test]
fn tables_that_are_none_are_not_read() {
    let endless = "WITH RECURSIVE e(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM e)";
    let directory = Directory::read(&Files::new().with_database(
        DATABASE,
        &format!(
            "CREATE TABLE ABPerson (ROWID INTEGER PRIMARY KEY, First TEXT); INSERT INTO ABPerson VALUES (1, 'Anna');
             CREATE VIEW ABMultiValue AS {endless} SELECT 1 AS record_id, 3 AS property, n AS value FROM e;
             CREATE VIEW ABPersonLink AS {endless} SELECT n AS PreferredNamePersonID FROM e;"
        ),
    ));
    assert_eq!((names(&directory), directory.skipped().len()), (vec!["Anna"], 0));
}

#[test]
fn a_damaged_page_costs_its_people_and_no_others() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("book.db");
    let rows = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
        INSERT INTO ABPerson (ROWID, First) SELECT i, 'person number ' || i FROM n";
    let sql = format!("PRAGMA page_size = 1024; {TABLES} {rows}");
    rusqlite::Connection::open(&file).unwrap().execute_batch(&sql).unwrap();
    let mut bytes = std::fs::read(&file).unwrap();
    for page in bytes.chunks_exact_mut(1024) {
        if page[0] == 0x0d && page.windows(18).any(|text| text == b"person number 1234") {
            page.fill(0xff);
        }
    }
    std::fs::write(&file, bytes).unwrap();
    let directory = Directory::read(&Files::new().with_file(DATABASE, file).keeping(folder));
    assert!((1900..2000).contains(&directory.people().len()), "{}", directory.people().len());
    assert_eq!(directory.skipped().len(), 1);
    assert!(directory.people().is_sorted_by_key(|person| person.id));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn damage_to_a_real_address_book_is_survived(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..400),
    ) {
        let Some(folder) = shared_data("ios18-fixtures") else { return Ok(()) };
        let mut bytes = std::fs::read(folder.join("contacts.1.AddressBook.sqlitedb")).unwrap();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("book.db");
        std::fs::write(&file, bytes).unwrap();
        let directory = Directory::read(&Files::new().with_file(DATABASE, file).keeping(folder));
        prop_assert!(directory.people().iter().all(|person| !person.name.is_empty()));
    }

    #[test]
    fn any_handle_is_looked_up_as_numbers_are_compared(
        one in "[+0]{0,2}[0-9 ()A-Z-]{0,16}", other in "[+0]{0,2}[0-9 ()A-Z-]{0,16}",
    ) {
        use crate::handles::Address;
        let expected = match (Address::read(&one), Address::read(&other)) {
            (Some(Address::Number(one)), Some(Address::Number(other))) => one.may_be(&other),
            (one, other) => one.is_some() && one == other,
        };
        let directory = of(&[("Anna", &[one.as_str()])]);
        prop_assert_eq!(directory.name_of(&other).is_some(), expected);
    }

    #[test]
    fn nothing_that_is_typed_does_harm(handle in any::<String>(), who in any::<String>()) {
        let directory = of(&[("Anna", &[handle.as_str()])]);
        let _ = directory.name_of(&handle);
        let _ = directory.asked_for(&with(&who)).have(&handle);
    }
}
