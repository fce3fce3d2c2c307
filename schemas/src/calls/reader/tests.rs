//! Calls of every generation, and what hostile rows become.

use rusqlite::Connection;

use super::*;
use crate::calls::{Direction, Outcome, Participant, Service};
use crate::selection::Selection;
use crate::testing::{Files, going_on, shared_data};

const STORE: &str = "CREATE TABLE ZCALLRECORD (Z_PK INTEGER PRIMARY KEY, ZANSWERED, ZCALLTYPE, ZORIGINATED, ZDATE, \
     ZDURATION, ZADDRESS, ZSERVICE_PROVIDER, ZUNIQUE_ID, ZNAME);";

fn read(files: &Files, filter: &Filter) -> (Vec<Call>, Vec<Skipped>) {
    let directory = Directory::default();
    let calls = Calls::open(files, &directory).unwrap();
    let mut found = Vec::new();
    let skipped = calls.each(filter, &mut going_on(|call| found.push(call)));
    (found, skipped)
}

fn all(sql: &str) -> Vec<Call> {
    let (calls, skipped) = read(&Files::new().with_database(DATABASE, sql), &Filter::default());
    assert_eq!(skipped, []);
    calls
}

fn ids(calls: &[Call]) -> Vec<i64> {
    calls.iter().map(|call| call.id).collect()
}

#[test]
fn how_a_call_went_follows_from_three_columns() {
    let calls = all(&format!(
        "{STORE} INSERT INTO ZCALLRECORD (Z_PK, ZANSWERED, ZORIGINATED, ZDURATION, ZDATE) VALUES
         (1, 1, 0, 60, 1), (2, 0, 0, 0, 2), (3, 1, 0, 0, 3), (4, 0, 1, 60, 4), (5, 0, 1, 0, 5), (6, NULL, NULL, 0, 6),
         (7, 0, 7, 0, 7)"
    ));
    use Outcome::*;
    let outcomes: Vec<Outcome> = calls.iter().map(|call| call.outcome).collect();
    assert_eq!(outcomes, [Answered, Missed, Elsewhere, Answered, Cancelled, Unknown, Unknown]);
    assert_eq!(calls[6].odd, ["direction 7"]);
}

#[test]
fn calls_come_in_the_order_of_time_and_once_each() {
    let row = |id: i64, date: f64, unique: &str| {
        format!(
            "INSERT INTO ZCALLRECORD (Z_PK, ZDATE, ZUNIQUE_ID, ZADDRESS, ZORIGINATED) VALUES ({id}, {date}, '{unique}', '+1', 0);"
        )
    };
    let store = format!("{STORE}{}{}", row(1, 700.0, "a"), row(2, 600.0, "b"));
    let temporary = format!("{STORE}{}{}", row(9, 700.0, "a"), row(8, 650.0, "c"));
    // Seconds since 1970: the first is call 2 of the store, the second is in no other file.
    let early = "CREATE TABLE call (ROWID INTEGER PRIMARY KEY, address, date, duration, flags);
         INSERT INTO call VALUES (1, '+1', 978307800, 0, 4), (2, '+1', 978307200, 9, 21)";
    let files = Files::new().with_database(DATABASE, &store).with_database(TEMPORARY, &temporary);
    let (calls, _) = read(&files.with_database(EARLY, early), &Filter::default());
    let places: Vec<_> = calls.iter().map(|call| (call.origin, call.id)).collect();
    assert_eq!(places, [(Origin::Legacy, 2), (Origin::Store, 2), (Origin::Temporary, 8), (Origin::Store, 1)]);
    assert_eq!(calls[0].service, Service::FaceTime);
}

#[test]
fn absurd_values_are_told_and_cost_nothing() {
    let calls = all(&format!(
        "{STORE} INSERT INTO ZCALLRECORD (Z_PK, ZORIGINATED, ZDATE, ZDURATION, ZADDRESS, ZCALLTYPE) VALUES
         (1, 0, 1e300, -5, x'ff00', 99), (2, 'x', -63114076800, 9e18, NULL, 'y'), (3, 0, 0, NULL, '', 1),
         (4, 0, 'later', 'long', x'2b31', 1)"
    ));
    let odd = |id: i64| calls.iter().find(|call| call.id == id).unwrap().odd.join(", ");
    assert_eq!(odd(1), format!("date 1{}, duration -5, call type 99", "0".repeat(300)));
    assert_eq!(odd(2), "date -63114076800, duration 9000000000000000000");
    assert_eq!((odd(3), odd(4)), (String::new(), String::new()));
    assert_eq!(calls.iter().find(|call| call.id == 4).unwrap().participants[0].address, "+1");
    assert!(calls.iter().all(|call| call.date.is_none()));
}

#[test]
fn a_store_with_other_numbers_of_entities_gives_its_participants() {
    let calls = all("CREATE TABLE ZCALLRECORD (Z_PK INTEGER PRIMARY KEY, ZDATE, ZADDRESS, ZNAME);
         CREATE TABLE ZHANDLE (Z_PK INTEGER PRIMARY KEY, ZVALUE, ZNORMALIZEDVALUE);
         CREATE TABLE Z_2REMOTEPARTICIPANTHANDLES (Z_2REMOTEPARTICIPANTCALLS, Z_3REMOTEPARTICIPANTHANDLES);
         INSERT INTO ZCALLRECORD VALUES (1, 1, '+49 1', 'Anna'), (2, 2, NULL, 'x'), (3, 3, '+3', NULL);
         INSERT INTO ZHANDLE VALUES (1, '+491', NULL), (2, '+49 1', '+491'), (3, NULL, '+2');
         INSERT INTO Z_2REMOTEPARTICIPANTHANDLES VALUES (1, 2), (2, 3), (2, 1), (3, 3), (3, 77)");
    let people = |call: &Call| call.participants.iter().map(|p| p.address.clone()).collect::<Vec<_>>();
    assert_eq!(people(&calls[0]), ["+49 1"]);
    let anna = Participant {
        address: "+49 1".into(),
        normalized: Some("+491".into()),
        name: Some("Anna".into()),
        ..Participant::default()
    };
    assert_eq!(calls[0].participants, [anna]);
    assert_eq!(people(&calls[1]), ["+491", "+2"]);
    assert_eq!(people(&calls[2]), ["+3", "+2"]);
    assert_eq!(calls[2].odd, ["participant 77 is not recorded"]);
}

#[test]
fn a_choice_takes_what_it_says() {
    let sql = format!(
        "{STORE} INSERT INTO ZCALLRECORD (Z_PK, ZDATE, ZORIGINATED, ZANSWERED, ZDURATION, ZADDRESS, ZSERVICE_PROVIDER) VALUES
         (1, 10, 0, 0, 0, '+15550101234', 'com.apple.Telephony'), (2, 20, 1, 0, 5, 'anna@example.org', 'com.apple.FaceTime'),
         (3, 30, 0, 1, 5, '+15550101234', 'net.whatsapp.WhatsApp'), (4, NULL, 0, 0, 0, '', 'com.apple.Telephony')"
    );
    let files = Files::new().with_database(DATABASE, &sql);
    let chosen = |filter: Filter| ids(&read(&files, &filter).0);
    let with = |who: &str| Selection { with: vec![who.into()], ..Selection::default() };
    assert_eq!(chosen(Filter { missed: true, ..Filter::default() }), [4, 1]);
    assert_eq!(chosen(Filter { direction: Some(Direction::Outgoing), ..Filter::default() }), [2]);
    assert_eq!(chosen(Filter { services: vec!["whats".into()], ..Filter::default() }), [3]);
    assert_eq!(chosen(Filter { common: with("(555) 010-1234"), ..Filter::default() }), [1, 3]);
    assert_eq!(chosen(Filter { common: with("anna"), ..Filter::default() }), [2]);
    let until = Selection { until: crate::AppleTime::from_seconds(25.0), ..Selection::default() };
    assert_eq!(chosen(Filter { common: until, ..Filter::default() }), [1, 2]);
}

#[test]
fn a_device_without_calls_says_so() {
    let nobody = Directory::default();
    assert!(matches!(Calls::open(&Files::new(), &nobody), Err(SourceError::Missing { .. })));
    for other in ["CREATE TABLE t (a)", "CREATE TABLE call (id, name, date)", "CREATE TABLE ZCALLRECORD (Z_PK, ZOTHER)"]
    {
        let other = Files::new().with_database(DATABASE, other);
        assert!(matches!(Calls::open(&other, &nobody), Err(SourceError::Foreign { .. })));
    }
}

/// Every column of the fixture that a call has, as plain SQL gives it.
#[test]
fn the_fixture_of_ios_18_comes_out_whole() {
    let Some(folder) = shared_data("ios18-fixtures") else { return };
    let file = folder.join("calls.1.CallHistory.storedata");
    let (calls, skipped) = read(&Files::new().with_file(DATABASE, &file), &Filter::default());
    assert_eq!(skipped, []);
    let copy = crate::testing::copy_database(&file);
    let plain = Connection::open(copy.path().join("calls.1.CallHistory.storedata")).unwrap();
    let sql = "SELECT Z_PK, ZUNIQUE_ID, ZDATE, ZDURATION, ZORIGINATED, ZADDRESS, ZISO_COUNTRY_CODE, ZLOCATION, ZREAD, \
         ZJUNKCONFIDENCE, ZJUNKIDENTIFICATIONCATEGORY, ZDISCONNECTED_CAUSE, ZNAME FROM ZCALLRECORD ORDER BY ZDATE, Z_PK";
    let mut statement = plain.prepare(sql).unwrap();
    let mut rows = statement.query([]).unwrap();
    let mut seen = 0;
    while let Some(row) = rows.next().unwrap() {
        let call = &calls[seen];
        seen += 1;
        let text = |column| row.get::<_, Option<String>>(column).unwrap();
        assert_eq!(Some(call.id), row.get(0).unwrap());
        assert_eq!(call.unique_id, text(1));
        assert_eq!(call.date, row.get::<_, Option<f64>>(2).unwrap().and_then(crate::AppleTime::from_seconds));
        assert_eq!(call.duration, row.get(3).unwrap());
        assert_eq!(Some(i64::from(call.direction == Direction::Outgoing)), row.get(4).unwrap());
        let address = text(5);
        assert!(address.is_none() || call.participants.iter().any(|person| Some(&person.address) == address.as_ref()));
        assert_eq!((&call.country, &call.location), (&text(6), &text(7)));
        assert_eq!(call.is_read.map(i64::from), row.get(8).unwrap());
        assert_eq!((call.verdict.junk_confidence, &call.verdict.junk_category), (row.get(9).unwrap(), &text(10)));
        assert_eq!(call.disconnected_cause, row.get(11).unwrap());
        assert!(text(12).is_none() || call.participants[0].name == text(12));
    }
    assert_eq!((seen, calls.len()), (5, 5));
    let group: Vec<_> = calls[2].participants.iter().map(|person| person.normalized.as_deref()).collect();
    assert_eq!(group, [Some("+15550300"), Some("+15550301")]);
    assert_eq!(calls[3].odd, ["participant 999 is not recorded"]);
}

mod apps;
