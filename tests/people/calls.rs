//! `corer calls`.

use std::path::Path;

use crate::support::{Answer, Corer, sample, shared};
use rusqlite::Connection;
use serde_json::Value;

/// The records of calls in an answer.
fn calls(answer: &Answer) -> Vec<Value> {
    answer.json_lines().into_iter().filter(|record| record["type"] == "call").collect()
}

fn outcomes(calls: &[Value]) -> Vec<&str> {
    calls.iter().map(|call| call["outcome"].as_str().unwrap()).collect()
}

#[test]
fn calls_of_every_generation_come_out() {
    let corer = Corer::new();
    for (name, number) in [
        ("ios5", 4),
        ("ios7", 4),
        ("ios9", 6),
        ("ios9-encrypted", 6),
        ("ios10.1-encrypted", 6),
        ("ios15-encrypted", 14),
        ("ios18-encrypted", 15),
        ("ios26-encrypted", 15),
    ] {
        let answer = corer.unlock(&["calls", "-b", &sample(name), "--json"]).ends_with(0);
        let found = calls(&answer);
        assert_eq!(found.len(), number, "{name}");
        assert_eq!(outcomes(&found)[..4], ["answered", "missed", "cancelled", "answered"], "{name}");
        assert!(found.iter().all(|call| call["odd"] == serde_json::json!([])), "{name}");
        assert_eq!(found[0]["participants"][0]["name"], "Anna Kowalczyk", "{name}");
    }
}

#[test]
fn services_verdicts_and_groups_are_told() {
    let answer = Corer::new().unlock(&["calls", "-b", &sample("ios26-encrypted"), "--json"]).ends_with(0);
    let found = calls(&answer);
    let at = |date: &str| found.iter().find(|call| call["date"].as_str().unwrap().starts_with(date)).unwrap();
    assert_eq!(
        (at("2016-07-07")["service"].as_str(), at("2016-07-07")["is_video"].as_bool()),
        (Some("FaceTime"), Some(true))
    );
    assert_eq!(at("2019-05-10")["is_video"], false);
    let names: Vec<_> =
        at("2021-11-24")["participants"].as_array().unwrap().iter().map(|p| p["name"].clone()).collect();
    assert_eq!(names, ["Anna Kowalczyk", "Jonas M\u{fc}ller"]);
    assert_eq!(
        (at("2022-01-09")["service"].as_str(), at("2022-01-09")["bundle_id"].as_str()),
        (Some("WhatsApp"), Some("net.whatsapp.WhatsApp"))
    );
    assert_eq!(at("2022-01-10")["outcome"], "elsewhere");
    assert_eq!(
        (at("2022-02-01")["junk_category"].as_str(), at("2022-02-01")["junk_confidence"].as_i64()),
        (Some("Telemarketer"), Some(3))
    );
    assert_eq!(
        (at("2022-02-02")["outcome"].as_str(), at("2022-02-02")["blocked_by"].as_str()),
        (Some("blocked"), Some("Call Guard"))
    );
    // The temporary store: one call of it is in both, one only there.
    assert_eq!(at("2022-03-05")["file"], "CallHistory.storedata");
    assert_eq!(at("2022-03-06")["file"], "CallHistoryTemp.storedata");
    assert_eq!(at("2016-08-01")["location"], Value::Null);
}

#[test]
fn a_selection_means_the_same_with_and_without_output() {
    let corer = Corer::new();
    let backup = sample("ios26-encrypted");
    let count = |choice: &[&str]| calls(&corer.unlock(&[&["calls", "-b", &backup, "--json"], choice].concat())).len();
    assert_eq!(count(&["--missed"]), 5);
    assert_eq!(count(&["--outgoing"]), 3);
    assert_eq!(count(&["--incoming"]), 12);
    assert_eq!(count(&["--service", "facetime"]), 5);
    assert_eq!(count(&["--service", "whats"]), 1);
    assert_eq!(count(&["--with", "Anna"]), 4);
    assert_eq!(count(&["--with", "(415) 555-0134"]), 4);
    assert_eq!(count(&["--since", "2022-01-01", "--until", "2022-12-31", "--tz", "UTC"]), 6);
    let table = corer.home.path().join("mum.csv");
    let export = ["calls", "-b", &backup, "--with", "Mum", "--missed", "-o", table.to_str().unwrap()];
    corer.unlock(&export).ends_with(0);
    assert_eq!(std::fs::read_to_string(&table).unwrap().lines().count(), 1 + count(&["--with", "Mum", "--missed"]));
    corer.unlock(&["calls", "-b", &backup, "--with", "Nobody"]).ends_with(4);
}

#[test]
fn each_format_is_one_file_or_all_in_a_folder() {
    let corer = Corer::new();
    let backup = sample("ios9");
    let path = |name: &str| corer.home.path().join(name).to_str().unwrap().to_owned();
    for name in ["a.csv", "a.jsonl", "a.html", "a.zip"] {
        corer.run(&["calls", "-b", &backup, "-o", &path(name)]).ends_with(0);
    }
    corer.run(&["calls", "-b", &backup, "-o", &path("all"), "-f", "html,csv,jsonl"]).ends_with(0);
    let read = |name: &str| std::fs::read_to_string(path(name)).unwrap();
    for (one, all) in [("a.csv", "all/calls.csv"), ("a.jsonl", "all/calls.jsonl")] {
        assert_eq!(read(one), read(all));
    }
    assert!(read("all/calls.html").contains("Mum \u{2764}\u{fe0f}"));
    assert_eq!(corer.run(&["calls", "-b", &backup, "-f", "csv", "-o", "-"]).ends_with(0).stdout, read("a.csv"));
    assert_eq!(corer.run(&["calls", "-b", &backup, "--json"]).ends_with(0).stdout, read("a.jsonl"));
    corer.run(&["calls", "-b", &backup, "-o", "-"]).ends_with(2);
    corer.run(&["calls", "-b", &backup, "-f", "html", "-o", &path("b.csv")]).ends_with(2);
    assert!(!Path::new(&path("b.csv")).exists());
}

#[test]
fn a_table_is_safe_to_open_and_numbers_stay_readable() {
    let corer = Corer::new();
    let table = |layout: &str| {
        let args = [
            "calls",
            "-b",
            &sample("ios26-encrypted"),
            "-f",
            "csv",
            "--layout",
            layout,
            "-o",
            "-",
            "--tz",
            "Europe/Berlin",
        ];
        corer.unlock(&args).ends_with(0).stdout
    };
    let people = table("people");
    let first = people.lines().nth(1).unwrap();
    assert!(first.starts_with("2012-03-05 19:00:00,2012-03-05T19:00:00+01:00,outgoing,answered,Phone,0:05:12,312.25,Anna Kowalczyk,+14155550134,Oslo,us,,"), "{first}");
    assert!(people.contains("'+14155550100,,123#"), "what is no plain number becomes text");
    let imazing = table("imazing");
    assert_eq!(imazing.lines().next(), Some("Call type,Date,Duration,Number,Contact,Location,Service"));
    assert!(
        imazing.contains("\nOutgoing,2012-03-05 19:00:00,0:05:12,+14155550134,Anna Kowalczyk,Oslo,Phone\r\n"),
        "{imazing}"
    );
    assert!(imazing.contains("\nMissed,2012-05-13 11:05:00,0:00:00,+14155550177,"), "{imazing}");
}

#[test]
fn a_backup_that_is_not_encrypted_says_why_it_has_no_calls() {
    let answer = Corer::new().run(&["calls", "-b", &sample("ios18")]).ends_with(4);
    assert!(answer.stderr.contains("only in encrypted backups"), "{answer:?}");
    // An old device saved them in every backup; without its file there is no such reason.
    let answer = Corer::new().run(&["calls", "-b", &sample("interrupted-first")]);
    assert_ne!(answer.code, 0);
}

#[test]
fn the_fixture_of_ios_18_comes_out_whole() {
    let Some(database) = shared("ios18-fixtures/calls.1.CallHistory.storedata") else { return };
    let corer = Corer::new();
    let found = calls(&corer.run(&["calls", "-b", &database, "--json"]).ends_with(0));
    assert_eq!(outcomes(&found), ["answered", "missed", "answered", "elsewhere", "elsewhere"]);
    let plain = Connection::open_with_flags(&database, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let sql = "SELECT ZUNIQUE_ID, ZDURATION, ZADDRESS, ZJUNKIDENTIFICATIONCATEGORY, ZISO_COUNTRY_CODE, \
         strftime('%Y-%m-%dT%H:%M:%S', ZDATE + 978307200, 'unixepoch') FROM ZCALLRECORD ORDER BY ZDATE";
    let mut statement = plain.prepare(sql).unwrap();
    let mut rows = statement.query([]).unwrap();
    for call in &found {
        let row = rows.next().unwrap().unwrap();
        let text = |column| row.get::<_, Option<String>>(column).unwrap().map_or(Value::Null, Value::from);
        assert_eq!((&call["unique_id"], call["duration"].as_f64()), (&text(0), row.get(1).unwrap()));
        assert!(text(2) == Value::Null || call["participants"][0]["handle"] == text(2));
        assert_eq!((&call["junk_category"], &call["country"]), (&text(3), &text(4)));
        assert!(call["date"].as_str().unwrap().starts_with(text(5).as_str().unwrap()));
    }
    assert!(rows.next().unwrap().is_none());
}

/// A store of hostile rows in a folder of domains.
fn hostile(folder: &Path) -> String {
    let place = folder.join("tree/HomeDomain/Library/CallHistoryDB");
    std::fs::create_dir_all(&place).unwrap();
    let database = Connection::open(place.join("CallHistory.storedata")).unwrap();
    database
        .execute_batch(
            "CREATE TABLE ZCALLRECORD (Z_PK INTEGER PRIMARY KEY, ZDATE, ZDURATION, ZORIGINATED, ZANSWERED, ZCALLTYPE, \
             ZADDRESS, ZNAME, ZLOCATION, ZSERVICE_PROVIDER, ZUNIQUE_ID);
             INSERT INTO ZCALLRECORD VALUES
             (1, 1e300, -1, 9, 'x', -7, x'80ff00', '=cmd()', '<script>alert(1)</script>', 'javascript:alert(1)', '@x'),
             (2, -9e18, 9e99, -1, 2, 9223372036854775807, '\"><img src=x onerror=alert(1)>', x'1b5b324a', char(8238) || 'x', '', NULL),
             (-3, 'yesterday', 'long', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
             (9223372036854775807, 7e8, 60, 1, 1, 1, '+49 170 1234567', 'BEGIN:VCARD' || char(13, 10) || 'TEL:1', '', 'com.apple.Telephony', '')",
        )
        .unwrap();
    folder.join("tree").to_str().unwrap().to_owned()
}

#[test]
fn hostile_rows_are_shown_and_harm_nothing() {
    let corer = Corer::new();
    let backup = hostile(corer.home.path());
    let out = corer.home.path().join("out");
    corer.run(&["calls", "-b", &backup, "-f", "html,csv,jsonl", "-o", out.to_str().unwrap()]).ends_with(0);
    let found = calls(&corer.run(&["calls", "-b", &backup, "--json"]).ends_with(0));
    assert_eq!(found.len(), 4);
    let odd = found.iter().find(|call| call["id"] == 1).unwrap()["odd"].as_array().unwrap().len();
    assert_eq!(odd, 4, "date, duration, direction and type");
    let page = std::fs::read_to_string(out.join("calls.html")).unwrap();
    assert!(!page.contains("<script>alert") && !page.contains("<img") && page.contains("&#60;script&#62;"));
    let table = std::fs::read_to_string(out.join("calls.csv")).unwrap();
    assert!(table.contains(",'=cmd(),") && table.contains(",+49 170 1234567,"), "{table}");
    let shown = corer.run(&["calls", "-b", &backup]).ends_with(0).stdout;
    assert!(!shown.contains(['\u{1b}', '\u{202e}']) && shown.lines().count() == 4, "{shown:?}");
}

#[test]
fn a_damaged_page_costs_the_calls_on_it() {
    let corer = Corer::new();
    let place = corer.home.path().join("tree/HomeDomain/Library/CallHistoryDB");
    std::fs::create_dir_all(&place).unwrap();
    let file = place.join("CallHistory.storedata");
    let database = Connection::open(&file).unwrap();
    database
        .execute_batch(
            "PRAGMA page_size=1024; VACUUM;
             CREATE TABLE ZCALLRECORD (Z_PK INTEGER PRIMARY KEY, ZDATE, ZADDRESS, ZORIGINATED);
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
             INSERT INTO ZCALLRECORD SELECT i, 7e8 + i, '+4917012345' || i, 0 FROM n",
        )
        .unwrap();
    drop(database);
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[1024 * 9..1024 * 10].fill(0xa5);
    std::fs::write(&file, bytes).unwrap();
    let backup = corer.home.path().join("tree");
    let answer = corer.run(&["calls", "-b", backup.to_str().unwrap(), "--json"]).ends_with(3);
    assert!((400..500).contains(&calls(&answer).len()), "{}", calls(&answer).len());
    assert!(answer.stderr.contains("some calls of CallHistory.storedata"), "{}", answer.stderr);
}

/// A folder of domains with one database, made by SQL.
fn tree_with(corer: &Corer, path: &str, sql: &str) -> std::path::PathBuf {
    let tree = corer.home.path().join("tree");
    let file = tree.join("HomeDomain").join(path);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    Connection::open(file).unwrap().execute_batch(sql).unwrap();
    tree
}

#[test]
fn a_database_of_something_else_is_told_under_its_own_name() {
    let corer = Corer::new();
    let out = corer.home.path().join("out");
    for (number, (kind, sql)) in [
        ("calls", "CREATE TABLE call_summary (a)"),
        ("calls", "CREATE TABLE call (id, name, date)"),
        ("messages", "CREATE TABLE message (id, body)"),
        ("contacts", "CREATE TABLE ABPerson (id)"),
        ("voicemail", "CREATE TABLE voicemail (id, title)"),
        ("photos", "CREATE TABLE ZASSET (id)"),
        ("photos", "CREATE TABLE other (id)"),
    ]
    .into_iter()
    .enumerate()
    {
        let file = corer.home.path().join(format!("mine-{number}.db"));
        Connection::open(&file).unwrap().execute_batch(sql).unwrap();
        std::fs::write(corer.home.path().join("1.amr"), b"#!AMR\n\x7c").unwrap();
        let file = file.to_str().unwrap();
        for output in [&[][..], &["-o", out.to_str().unwrap()]] {
            let answer = corer.run(&[&[kind, "-b", file], output].concat()).ends_with(15);
            assert!(answer.stderr.contains(file) && !answer.stderr.contains("storedata"), "{answer:?}");
            assert!(!out.exists());
        }
    }
}

#[test]
fn a_person_is_a_contact_or_a_number_and_never_a_caption() {
    let corer = Corer::new();
    let book = "CREATE TABLE ABPerson (ROWID INTEGER PRIMARY KEY, First, Last);
         CREATE TABLE ABMultiValue (UID INTEGER PRIMARY KEY, record_id, property, identifier, label, value);
         INSERT INTO ABPerson VALUES (1, 'John', 'Stone'), (2, 'John', 'Stone');
         INSERT INTO ABMultiValue VALUES (1, 1, 3, 0, NULL, '+14155550161'), (2, 2, 3, 0, NULL, '+14155550162')";
    tree_with(&corer, "Library/AddressBook/AddressBook.sqlitedb", book);
    let calls = "CREATE TABLE ZCALLRECORD (Z_PK INTEGER PRIMARY KEY, ZDATE, ZADDRESS, ZNAME, ZORIGINATED, ZDURATION);
         INSERT INTO ZCALLRECORD (ZDATE, ZADDRESS, ZNAME, ZORIGINATED, ZDURATION) VALUES
         (757378800, '+14155550141', 'WIRELESS CALLER', 0, 60), (757378860, '+14155550142', 'WIRELESS CALLER', 0, 60),
         (757378920, '+14155550150', 'STONE JOHN', 0, 60), (757378930, '+14155550150', NULL, 1, 60),
         (757378940, '4155550150', NULL, 1, 60), (757378950, '+14155550161', NULL, 0, 60),
         (757378960, '+14155550162', NULL, 0, 60), (757378970, NULL, NULL, 0, 1), (757378980, '', NULL, 0, 1)";
    let tree = tree_with(&corer, "Library/CallHistoryDB/CallHistory.storedata", calls);
    let page = corer.home.path().join("page.html");
    let tree = tree.to_str().unwrap();
    corer.run(&["calls", "-b", tree, "-o", page.to_str().unwrap()]).ends_with(0);
    let page = std::fs::read_to_string(page).unwrap();
    assert!(page.contains("9 calls with 5 people"), "{page}");
    let people = page.split_once("id=\"people\"").unwrap().1.split_once("</section>").unwrap().0;
    let row = |title: &str, more: &str, calls: u32| {
        let row = format!("<bdi>{title}</bdi><small><bdi>{more}</bdi></small></th><td>{calls}</td>");
        assert!(people.contains(&row), "{row}: {people}");
    };
    row("+14155550150", "STONE JOHN", 3);
    row("+14155550141", "WIRELESS CALLER", 1);
    row("+14155550142", "WIRELESS CALLER", 1);
    row("John Stone", "+14155550161", 1);
    row("John Stone", "+14155550162", 1);
    row("No number", "anybody", 2);
    let found = calls_of(&corer, tree);
    assert_eq!(found[5]["participants"][0]["contact"], 1);
    assert_eq!(found[0]["participants"][0]["contact"], Value::Null);
}

fn calls_of(corer: &Corer, backup: &str) -> Vec<Value> {
    calls(&corer.run(&["calls", "-b", backup, "--json"]).ends_with(0))
}

#[test]
fn flags_of_both_families_say_who_called_and_are_kept() {
    let corer = Corer::new();
    let file = corer.home.path().join("call_history.db");
    let flags = [0_i64, 9, 17 << 16 | 9, 27 << 16 | 9, 17 << 16, 4, 5, 20, 21, 17, 1 << 31 | 9];
    let database = Connection::open(&file).unwrap();
    database.execute_batch("CREATE TABLE call (ROWID INTEGER PRIMARY KEY, address, date, duration, flags)").unwrap();
    for (place, flags) in flags.iter().enumerate() {
        let row = (1_400_000_000 + place as i64, *flags);
        database.execute("INSERT INTO call VALUES (NULL, '+14155550170', ?1, 5, ?2)", row).unwrap();
    }
    let found = calls_of(&corer, file.to_str().unwrap());
    for (call, flags) in found.iter().zip(flags) {
        let direction = if flags & 1 == 1 { "outgoing" } else { "incoming" };
        assert_eq!((call["direction"].as_str(), call["flags"].as_i64()), (Some(direction), Some(flags)));
        assert_eq!(call["odd"], serde_json::json!([]));
    }
    assert_eq!(found.len(), flags.len());
}

/// The newest call of a shared case, which is only in the log.
#[test]
fn a_call_that_is_only_in_the_log_is_told() {
    let Some(case) = shared("../cases/people-calls-transactions-log") else { return };
    let corer = Corer::new();
    let found = calls_of(&corer, &case);
    assert_eq!(found.len(), 2);
    assert_eq!((found[1]["file"].as_str(), found[1]["unique_id"].as_str()), (Some("transactions.log"), Some("LOG-1")));
    assert_eq!((found[1]["direction"].as_str(), found[1]["duration"].as_f64()), (Some("incoming"), Some(12.0)));
    // Beside a single database, cut in the middle.
    let folder = corer.home.path();
    let log = std::fs::read(format!("{case}/HomeDomain/Library/CallHistoryTransactions/transactions.log")).unwrap();
    std::fs::write(folder.join("transactions.log"), [&log[..], &log[..99]].concat()).unwrap();
    let store = folder.join("CallHistory.storedata");
    std::fs::copy(format!("{case}/HomeDomain/Library/CallHistoryDB/CallHistory.storedata"), &store).unwrap();
    let answer = corer.run(&["calls", "-b", store.to_str().unwrap(), "--json"]).ends_with(3);
    assert_eq!(calls(&answer).len(), 2);
}

#[test]
fn whom_the_network_names_is_said_by_that_name() {
    let corer = Corer::new();
    let tree = corer.home.path().join("tree");
    corer.run(&["files", "get", "-b", &sample("ios9"), "-o", tree.to_str().unwrap()]).ends_with(0);
    let file = tree.join("HomeDomain/Library/CallHistoryDB/CallHistory.storedata");
    let rows = "UPDATE ZCALLRECORD SET ZNAME = 'Pizza Roma', ZADDRESS = '+498955550123' WHERE Z_PK = 6;
        UPDATE ZCALLRECORD SET ZNAME = 'Kowalczyk Plumbing' WHERE Z_PK = 1";
    Connection::open(file).unwrap().execute_batch(rows).unwrap();
    let with = |typed: &str| corer.run(&["calls", "-b", tree.to_str().unwrap(), "--json", "--with", typed]);
    for (typed, said) in [
        ("pizza", "--with pizza: Pizza Roma"),
        ("=Pizza Roma", "--with =Pizza Roma: Pizza Roma"),
        ("+49 89 55550123", "+498955550123"),
        ("Anna", "Anna Kowalczyk"),
    ] {
        let answer = with(typed).ends_with(0);
        assert!(calls(&answer).len() == 1 && answer.stderr.contains(said), "{typed}: {answer:?}");
        assert!(!answer.stderr.contains("nobody"), "{answer:?}");
    }
    // A contact is called as in the address book, whatever the network says.
    let answer = with("plumbing").ends_with(4);
    assert!(answer.stderr.contains("nobody"), "{answer:?}");
    let answer = with("kowalczyk").ends_with(0);
    assert!(!answer.stderr.contains("Plumbing"), "{answer:?}");
}

#[test]
fn whatsapps_own_calls_come_out_of_a_backup_that_lacks_the_phones() {
    let Some(folder) = shared("ios15.3.1") else { return };
    let corer = Corer::new();
    let database = Path::new(&folder).join("AppDomainGroup-group.net.whatsapp.WhatsApp.shared/CallHistory.sqlite");
    let copy = corer.home.path().join("CallHistory.sqlite");
    // Nothing is in its log, without which it can be read by itself.
    let mut bytes = std::fs::read(database).unwrap();
    bytes[18..20].copy_from_slice(&[1, 1]);
    std::fs::write(&copy, bytes).unwrap();
    let count: i64 = Connection::open(&copy)
        .unwrap()
        .query_row("SELECT count(*) FROM ZWACDCALLEVENT", [], |row| row.get(0))
        .unwrap();
    let answer = corer.run(&["calls", "-b", &folder, "--json"]).ends_with(0);
    assert_eq!(calls(&answer).len() as i64, count);
    assert!(calls(&answer).iter().all(|call| call["file"] == "CallHistory.sqlite of WhatsApp"));
    assert!(answer.stderr.contains("WhatsApp's calls alone"), "{}", answer.stderr);
    assert_eq!(
        calls(&corer.run(&["calls", "-b", &folder, "--source", "whatsapp", "--json"]).ends_with(0)).len() as i64,
        count
    );
    corer.run(&["calls", "-b", &folder, "--source", "phone", "--json"]).ends_with(4);
    // The database by itself will do.
    let alone = corer.run(&["calls", "-b", copy.to_str().unwrap(), "--json"]).ends_with(0);
    assert_eq!(calls(&alone).len() as i64, count);
}
