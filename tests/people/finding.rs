//! Whom `--with` and what `--chat` finds, what they say about it, and `corer messages --list`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::support::{Answer, Corer, sample};
use rusqlite::Connection;

/// The samples that hold messages and open at once.
const SAMPLES: [&str; 7] = ["ios5", "ios7", "ios9", "ios9-encrypted", "ios15-encrypted", "ios18", "ios26-encrypted"];

const ADDRESS_BOOK: &str = "HomeDomain/Library/AddressBook/AddressBook.sqlitedb";
const SMS: &str = "HomeDomain/Library/SMS/sms.db";

/// The files of a sample as a folder that may be changed.
fn tree(corer: &Corer, name: &str) -> String {
    let tree = corer.home.path().join(name);
    let tree_name = tree.to_str().unwrap().to_owned();
    corer.run(&["files", "get", "-b", &sample(name), "HomeDomain/Library", "-o", &tree_name]).ends_with(0);
    tree_name
}

fn change(file: &Path, sql: &str) {
    Connection::open(file).unwrap().execute_batch(sql).unwrap();
}

fn rows(file: &Path, sql: &str) -> Vec<(String, i64)> {
    let connection = Connection::open(file).unwrap();
    let mut statement = connection.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

/// The conversations that a choice leaves: number and title.
fn listed(corer: &Corer, backup: &str, choice: &[&str]) -> BTreeMap<i64, String> {
    let answer = corer.unlock(&[&["messages", "-b", backup, "--list", "--json"], choice].concat());
    assert!([0, 3, 4].contains(&answer.code), "{answer:?}");
    if answer.stdout.is_empty() {
        return BTreeMap::new();
    }
    let document = answer.json();
    let conversations = document["conversations"].as_array().unwrap().iter();
    conversations.map(|one| (one["id"].as_i64().unwrap(), one["title"].as_str().unwrap().to_owned())).collect()
}

#[test]
fn a_person_is_found_by_the_beginnings_of_words_alone() {
    let corer = Corer::new();
    let tree = tree(&corer, "ios18");
    change(&Path::new(&tree).join(ADDRESS_BOOK), "UPDATE ABPerson SET First = 'Johanna' WHERE First = 'Jonas'");
    let titles = |who: &str| listed(&corer, &tree, &["--with", who]).into_values().collect::<Vec<_>>();
    // She is in a group that Anna is not in.
    let work = "Work: A/B \\ *?".to_owned();
    assert!(titles("Johanna").contains(&work));
    let anna = titles("Anna");
    assert!(anna.contains(&"Anna Kowalczyk".to_owned()) && !anna.contains(&work), "{anna:?}");
    assert_eq!(titles("=Anna Kowalczyk"), anna);
    for nobody in ["ohanna", "=Anna", "ana", "owalczyk"] {
        corer.run(&["messages", "-b", &tree, "--with", nobody]).ends_with(4);
    }
    let said = corer.run(&["messages", "-b", &tree, "--with", "Anna", "--with", "nobody"]).ends_with(0).stderr;
    assert!(said.contains("--with Anna: Anna Kowalczyk (") && said.contains("--with nobody: nobody"), "{said}");
    assert!(!said.contains("Johanna"), "{said}");
}

#[test]
fn who_has_left_a_conversation_is_still_found_in_it() {
    let corer = Corer::new();
    let tree = tree(&corer, "ios18");
    let database = Path::new(&tree).join(SMS);
    // Everybody has left every group and left no trace but what was said.
    change(&database, "DELETE FROM chat_handle_join WHERE chat_id IN (SELECT ROWID FROM chat WHERE style = 43)");
    let backup = database.to_str().unwrap();
    let members = "SELECT h.id, c.chat_id FROM message m JOIN chat_message_join c ON c.message_id = m.ROWID
            JOIN handle h ON h.ROWID IN (m.handle_id, m.other_handle)
        UNION SELECT h.id, j.chat_id FROM chat_handle_join j JOIN handle h ON h.ROWID = j.handle_id
            WHERE j.chat_id IN (SELECT chat_id FROM chat_message_join)";
    let mut expected: BTreeMap<String, BTreeSet<i64>> = BTreeMap::new();
    rows(&database, members)
        .into_iter()
        .for_each(|(address, chat)| _ = expected.entry(address).or_default().insert(chat));
    assert!(expected.len() > 5 && expected.values().any(|chats| chats.len() > 1), "{expected:?}");
    for (address, chats) in expected {
        let exactly = format!("={address}");
        let mut found: BTreeSet<i64> =
            listed(&corer, backup, &["--no-merge", "--with", &exactly]).into_keys().collect();
        // Messages of no conversation are a matter of their own.
        found.remove(&0);
        assert!(found.is_superset(&chats), "{address}: {found:?}, expected {chats:?}");
        // A number may be typed in several ways, of which the database has more than one.
        assert!(found.len() <= chats.len() + 1, "{address}: {found:?}, expected {chats:?}");
    }
}

#[test]
fn every_title_that_is_listed_finds_its_conversation() {
    let corer = Corer::new();
    let mut count = 0;
    for name in SAMPLES {
        let backup = sample(name);
        let all = listed(&corer, &backup, &[]);
        for (id, title) in &all {
            assert!(listed(&corer, &backup, &["--chat", title]).contains_key(id), "{name}: {title}");
            count += 1;
        }
    }
    assert!(count > 30, "{count}");
    let (tree, mut odd) = (tree(&corer, "ios18"), 0);
    let database = Path::new(&tree).join(SMS);
    for title in [
        "=Secret",
        "-- Plans",
        "--json",
        "-o",
        "7",
        "O'Brien \"&\" Co",
        "Two\nlines",
        "\u{200b}",
        "\u{202e}abc",
        "安娜",
        "\\u{a}",
    ] {
        let sql = format!("UPDATE chat SET display_name = '{}' WHERE style = 43", title.replace('\'', "''"));
        change(&database, &sql);
        for (id, title) in listed(&corer, &tree, &["--no-merge"]).into_iter().filter(|(id, _)| *id != 0) {
            assert!(listed(&corer, &tree, &["--no-merge", "--chat", &title]).contains_key(&id), "{title}");
            odd += 1;
        }
        let shown = corer.run(&["messages", "-b", &tree, "--list", "--no-merge"]).ends_with(0).stdout;
        let column = shown.lines().next().unwrap().find("  Messages").unwrap();
        for line in shown.lines().skip(1) {
            // Columns line up by what a terminal shows; letters of one column each are enough to look at here.
            if !line.is_ascii() {
                continue;
            }
            let title = line[..column.min(line.len())].trim_end();
            corer.run(&["messages", "-b", &tree, "--no-merge", "--list", "--chat", title]).ends_with(0);
        }
    }
    assert!(odd > 50, "{odd}");
}

#[test]
fn a_list_says_how_much_is_in_each_conversation_and_since_when() {
    let corer = Corer::new();
    let tree = tree(&corer, "ios18");
    let database = Path::new(&tree).join(SMS);
    let answer = corer.run(&["messages", "-b", &tree, "--list", "--json", "--no-merge", "--tz", "UTC"]).ends_with(0);
    let document = answer.json();
    assert_eq!(document["type"], "conversations");
    // Reactions stand at what they react to.
    let counts = "SELECT c.guid, count(*) FROM chat c JOIN chat_message_join j ON j.chat_id = c.ROWID
        JOIN message m ON m.ROWID = j.message_id WHERE m.associated_message_guid IS NULL GROUP BY c.ROWID";
    let dates = "SELECT c.guid, max(m.date) / 1000000000 + 978307200 FROM chat c
        JOIN chat_message_join j ON j.chat_id = c.ROWID JOIN message m ON m.ROWID = j.message_id
        WHERE m.associated_message_guid IS NULL GROUP BY c.ROWID";
    let (counts, dates): (BTreeMap<_, _>, BTreeMap<_, _>) =
        (rows(&database, counts).into_iter().collect(), rows(&database, dates).into_iter().collect());
    let mut same = 0;
    for one in document["conversations"].as_array().unwrap() {
        let guid = one["guid"].as_str().unwrap();
        let Some(count) = counts.get(guid) else { continue };
        let at_least = one["messages"].as_i64().unwrap();
        assert!(at_least >= *count, "{guid}: {at_least} and {count}");
        same += i32::from(at_least == *count);
        let last: jiff::Timestamp = one["last"].as_str().unwrap().parse().unwrap();
        assert!(last.as_second() >= dates[guid], "{guid}");
    }
    assert!(same > 5, "{same}");
    let days = ["--since", "2019-03-02", "--until", "2019-03-02", "--tz", "UTC"];
    let some = listed(&corer, &tree, &days);
    assert!(!some.is_empty() && some.len() < listed(&corer, &tree, &[]).len());
    corer.run(&["messages", "-b", &tree, "--list", "-o", "x"]).ends_with(2);
    corer.run(&["messages", "-b", &tree, "--list", "--since", "2040-01-01"]).ends_with(4);
    let narrow =
        Answer::of(corer.command(&["messages", "-b", &tree, "--list"]).env("COLUMNS", "60")).ends_with(0).stdout;
    let wide =
        Answer::of(corer.command(&["messages", "-b", &tree, "--list"]).env("COLUMNS", "400")).ends_with(0).stdout;
    assert!(narrow.contains('\u{2026}') && !wide.contains('\u{2026}'), "{narrow}");
}

#[test]
fn a_conversation_is_found_by_a_part_of_its_title_or_a_number() {
    let corer = Corer::new();
    let backup = sample("ios18");
    let found = |typed: &str| listed(&corer, &backup, &["--chat", typed]);
    let anna = found("Anna Kowalczyk");
    assert_eq!(anna.values().collect::<Vec<_>>(), ["Anna Kowalczyk"]);
    for typed in ["kowal", "(415) 555-0134", "+14155550134"] {
        assert!(found(typed).contains_key(anna.keys().next().unwrap()), "{typed}");
    }
    assert!(found("owalczyk").is_empty());
}

#[test]
fn what_was_meant_is_in_the_report_too() {
    let corer = Corer::new();
    let backup = sample("ios18-encrypted");
    for kind in ["messages", "calls", "voicemail", "contacts"] {
        let out = corer.home.path().join(kind);
        let who = if kind == "voicemail" { "Mum" } else { "Anna" };
        let answer = corer.unlock(&[kind, "-b", &backup, "--with", who, "-o", out.to_str().unwrap()]);
        assert!([0, 3].contains(&answer.code), "{answer:?}");
        let said = format!("--with {who}: {who}");
        assert!(answer.stderr.contains(&said), "{kind}: {}", answer.stderr);
        let report: serde_json::Value =
            serde_json::from_slice(&std::fs::read(out.join("report.json")).unwrap()).unwrap();
        let notes = report["kinds"][0]["notes"].as_array().unwrap();
        assert!(notes.iter().any(|note| note.as_str().unwrap().starts_with(&said)), "{kind}: {notes:?}");
    }
}

/// Every hint is a command line, or a part of one: typed as it stands, it finds something.
#[cfg(unix)]
#[test]
fn every_hint_can_be_typed() {
    let corer = Corer::new();
    let tree = tree(&corer, "ios18");
    change(
        &Path::new(&tree).join(ADDRESS_BOOK),
        "UPDATE ABPerson SET Last = 'O''Brien \"$HOME\" `x`' WHERE First = 'Jonas'",
    );
    let program = corer.command(&[]).get_program().to_owned();
    let mut count = 0;
    for (flag, typed) in [
        ("--with", "Kowalcyzk"),
        ("--with", "Jonsa"),
        ("--with", "Anan"),
        ("--with", "+14155550135"),
        ("--chat", "Anna Kowalczik"),
        ("--chat", "Jonas O'Brain"),
        ("--chat", "22001"),
    ] {
        let answer = corer.run(&["messages", "-b", &tree, flag, typed]).ends_with(4);
        for hint in answer.stderr.lines().filter_map(|line| line.trim().strip_prefix("Did you mean: ")) {
            let line = format!("'{}' messages -b '{tree}' --list {hint}", program.to_str().unwrap());
            let typed = std::process::Command::new("sh").args(["-c", &line]).output().unwrap();
            assert_eq!(typed.status.code(), Some(0), "{line}");
            count += 1;
        }
    }
    assert!(count >= 5, "{count}");
}
