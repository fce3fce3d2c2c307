//! WhatsApp's own list beside the phone's.

use super::*;
use crate::calls::CallSource;

const APP: (&str, &str) = (Account::Personal.domain(), crate::whatsapp::CALLS);

const TABLES: &str = "
    CREATE TABLE ZWACDCALLEVENT (Z_PK INTEGER PRIMARY KEY, ZDATE TIMESTAMP, ZDURATION FLOAT, ZOUTCOME INTEGER, Z1CALLEVENTS INTEGER,
        ZGROUPCALLCREATORUSERJIDSTRING VARCHAR);
    CREATE TABLE ZWAAGGREGATECALLEVENT (Z_PK INTEGER PRIMARY KEY, ZINCOMING INTEGER, ZVIDEO INTEGER);
    CREATE TABLE ZWACDCALLEVENTPARTICIPANT (Z_PK INTEGER PRIMARY KEY, Z1PARTICIPANTS INTEGER, ZJIDSTRING VARCHAR);
    CREATE TABLE ZWAJOINABLECALLEVENT (Z_PK INTEGER PRIMARY KEY);";

/// Calls of the app: number, date, whether it came in, with whom.
fn app(calls: &[(i64, f64, i64, &str)]) -> String {
    let row = |(id, date, incoming, jid): &(i64, f64, i64, &str)| {
        format!(
            "INSERT INTO ZWACDCALLEVENT VALUES ({id}, {date}, 60, 0, {id}, NULL);
             INSERT INTO ZWAAGGREGATECALLEVENT VALUES ({id}, {incoming}, 1);
             INSERT INTO ZWACDCALLEVENTPARTICIPANT VALUES ({id}, {id}, '{jid}@s.whatsapp.net');"
        )
    };
    format!("{TABLES}{}", calls.iter().map(row).collect::<String>())
}

/// Calls of the phone: number, date, whether it went out, with whom, by what.
fn phone(calls: &[(i64, f64, i64, &str, &str)]) -> String {
    let row = |(id, date, originated, address, provider): &(i64, f64, i64, &str, &str)| {
        format!(
            "INSERT INTO ZCALLRECORD (Z_PK, ZDATE, ZDURATION, ZORIGINATED, ZADDRESS, ZSERVICE_PROVIDER, ZANSWERED) VALUES
             ({id}, {date}, 60, {originated}, '{address}', '{provider}', 1);"
        )
    };
    format!("{STORE}{}", calls.iter().map(row).collect::<String>())
}

const BY_APP: &str = "net.whatsapp.WhatsApp";

/// Each call: whose list it is told from, its row, and whether the other list has it, too.
fn both(of_phone: &[(i64, f64, i64, &str, &str)], of_app: &[(i64, f64, i64, &str)]) -> Vec<(Origin, i64, bool)> {
    let files = Files::new().with_database(DATABASE, &phone(of_phone)).with_database(APP, &app(of_app));
    let (calls, skipped) = read(&files, &Filter::default());
    assert_eq!(skipped, []);
    calls.iter().map(|call| (call.origin, call.id, call.also_in.is_some())).collect()
}

#[test]
fn a_call_that_both_lists_have_is_told_once() {
    let told = both(
        &[(1, 100.0, 0, "+15550100001", BY_APP), (2, 500.0, 0, "+15550100001", "com.apple.Telephony")],
        &[(7, 101.5, 1, "15550100001"), (8, 900.0, 1, "15550100001")],
    );
    assert_eq!(told, [(Origin::Store, 1, true), (Origin::Store, 2, false), (Origin::WhatsApp, 8, false)]);
}

#[test]
fn calls_that_only_look_alike_are_two() {
    let alone = |of_phone: (i64, f64, i64, &str, &str)| {
        let told = both(&[of_phone], &[(7, 100.0, 1, "15550100001")]);
        assert_eq!(told.len(), 2, "{of_phone:?}: {told:?}");
    };
    // Another person, whose number ends alike.
    alone((1, 100.0, 0, "+4915550100001", BY_APP));
    // By another app, the other way, too late.
    alone((1, 100.0, 0, "+15550100001", "com.apple.FaceTime"));
    alone((1, 100.0, 1, "+15550100001", BY_APP));
    alone((1, 102.5, 0, "+15550100001", BY_APP));
    // What somebody typed without the country is the same number.
    assert_eq!(both(&[(1, 100.0, 0, "5550100001", BY_APP)], &[(7, 100.0, 1, "15550100001")]).len(), 1);
}

#[test]
fn two_calls_one_after_the_other_are_told_with_the_right_one() {
    // The phone has only the second.
    let told =
        both(&[(1, 101.5, 0, "+15550100001", BY_APP)], &[(7, 100.0, 1, "15550100001"), (8, 101.4, 1, "15550100001")]);
    assert_eq!(told, [(Origin::WhatsApp, 7, false), (Origin::Store, 1, true)]);
}

#[test]
fn one_list_alone_is_read_where_it_is_asked_for_or_is_all_there_is() {
    let directory = Directory::default();
    let of = |files: &Files, from| -> Option<(Vec<Origin>, usize)> {
        let calls = Calls::open_from(files, &directory, from).ok()?;
        let mut found = Vec::new();
        calls.each(&Filter::default(), &mut going_on(|call: Call| found.push(call.origin)));
        Some((found, calls.notes().len()))
    };
    let whole = || Files::new().with_database(APP, &app(&[(7, 100.0, 1, "15550100001")]));
    let files = whole().with_database(DATABASE, &phone(&[(1, 900.0, 0, "+15550100001", BY_APP)]));
    assert_eq!(of(&files, CallSource::Phone), Some((vec![Origin::Store], 0)));
    assert_eq!(of(&files, CallSource::WhatsApp), Some((vec![Origin::WhatsApp], 0)));
    assert_eq!(of(&files, CallSource::All), Some((vec![Origin::WhatsApp, Origin::Store], 0)));
    // That the phone's is not there is said.
    assert_eq!(of(&whole(), CallSource::All), Some((vec![Origin::WhatsApp], 1)));
    assert_eq!(of(&whole(), CallSource::Phone), None);
    assert_eq!(of(&Files::new(), CallSource::All), None);
    assert_eq!(of(&Files::new(), CallSource::WhatsApp), None);
    // Calls in tables that are not read are counted.
    let more = format!("{} INSERT INTO ZWAJOINABLECALLEVENT VALUES (1)", app(&[]));
    assert_eq!(of(&files.with_database(APP, &more), CallSource::WhatsApp), Some((vec![], 1)));
}

#[test]
fn damage_to_one_list_costs_that_list_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("damaged");
    std::fs::write(&path, "this is no database, and long enough to be looked at as one".repeat(40)).unwrap();
    let good = Files::new().with_database(APP, &app(&[(7, 100.0, 1, "15550100001")]));
    let (calls, skipped) = read(&good.with_file(DATABASE, &path), &Filter::default());
    assert_eq!((calls.len(), skipped.len()), (1, 1));
    let good = Files::new().with_database(DATABASE, &phone(&[(1, 900.0, 0, "+15550100001", BY_APP)]));
    let (calls, skipped) = read(&good.with_file(APP, &path), &Filter::default());
    assert_eq!((calls.len(), skipped.len()), (1, 1));
}

#[test]
fn calls_of_ios_15_are_as_another_tool_reads_them() {
    let Some(folder) = shared_data("ios15.3.1") else { return };
    let database = folder.join(Account::Personal.domain()).join(crate::whatsapp::CALLS);
    // Nothing is in its log, without which it can be read by itself.
    let alone = tempfile::tempdir().unwrap();
    let mut bytes = std::fs::read(database).unwrap();
    bytes[18..20].copy_from_slice(&[1, 1]);
    std::fs::write(alone.path().join("calls"), bytes).unwrap();
    let (calls, skipped) = read(&Files::new().with_file(APP, alone.path().join("calls")), &Filter::default());
    assert_eq!(skipped, []);
    let told = calls.iter().map(|call| {
        let began = call.date.unwrap().timestamp().unwrap().as_second();
        let took = call.duration.unwrap() as i64;
        (began, took, call.direction, call.is_video, call.outcome, call.participants[0].address.as_str())
    });
    let call =
        |began, took, direction, is_video| (began, took, direction, Some(is_video), Outcome::Answered, "+19198887386");
    assert_eq!(
        told.collect::<Vec<_>>(),
        [
            call(1_683_043_930, 95, Direction::Outgoing, false),
            call(1_683_044_106, 100, Direction::Incoming, false),
            call(1_683_044_445, 104, Direction::Outgoing, true),
            call(1_683_044_661, 103, Direction::Incoming, true),
        ]
    );
}
