//! Logs as devices write them, cut, and with what no device writes.

use plist::{Dictionary, Uid, Value};
use proptest::prelude::*;

use super::*;

/// A keyed archive of one object whose fields are values, and texts and data behind references.
fn archive(class: &str, fields: Vec<(&str, Value)>) -> Vec<u8> {
    let mut objects = vec![Value::String("$null".into()), Value::Boolean(false)];
    let mut root = Dictionary::new();
    for (name, value) in fields {
        let value = match value {
            bare @ (Value::Integer(_) | Value::Real(_) | Value::Boolean(_)) => bare,
            Value::Date(date) => {
                let seconds = std::time::SystemTime::from(date).duration_since(std::time::UNIX_EPOCH).unwrap();
                let date = [("NS.time".to_owned(), Value::Real(seconds.as_secs_f64() - 978_307_200.0))];
                objects.push(Value::Dictionary(date.into_iter().collect()));
                Value::Uid(Uid::new(objects.len() as u64 - 1))
            }
            other => {
                objects.push(other);
                Value::Uid(Uid::new(objects.len() as u64 - 1))
            }
        };
        root.insert(name.to_owned(), value);
    }
    objects.push(Value::Dictionary([("$classname".to_owned(), Value::String(class.into()))].into_iter().collect()));
    root.insert("$class".to_owned(), Value::Uid(Uid::new(objects.len() as u64 - 1)));
    objects[1] = Value::Dictionary(root);
    let top = Dictionary::from_iter([("root", Value::Uid(Uid::new(1)))]);
    let whole = Dictionary::from_iter([
        ("$archiver", Value::String("NSKeyedArchiver".into())),
        ("$objects", Value::Array(objects)),
        ("$top", Value::Dictionary(top)),
        ("$version", Value::Integer(100_000.into())),
    ]);
    let mut bytes = Vec::new();
    Value::Dictionary(whole).to_writer_binary(&mut bytes).unwrap();
    bytes
}

fn call(unique: &str, status: i64, duration: f64) -> Vec<u8> {
    let date =
        Value::Date("2025-01-02T03:04:05Z".parse::<jiff::Timestamp>().map(std::time::SystemTime::from).unwrap().into());
    archive(
        "CHRecentCall",
        vec![
            ("uniqueId", Value::String(unique.into())),
            ("callerId", Value::String("+14155550109".into())),
            ("callStatus", Value::Integer(status.into())),
            ("duration", Value::Real(duration)),
            ("date", date),
            ("serviceProvider", Value::String("com.apple.Telephony".into())),
            ("mediaType", Value::Integer(1.into())),
            ("disconnectedCause", Value::Integer(6.into())),
        ],
    )
}

fn record(kind: i64, call: Option<Vec<u8>>) -> Vec<u8> {
    let call = call.map_or(Value::String("$null".into()), Value::Data);
    framed(&archive("CHTransaction", vec![("type", Value::Integer(kind.into())), ("record", call)]))
}

fn framed(bytes: &[u8]) -> Vec<u8> {
    [&(bytes.len() as u32).to_le_bytes(), bytes].concat()
}

fn unique(read: &Transactions) -> Vec<(&str, bool)> {
    read.calls.iter().map(|call| (call.unique_id.as_deref().unwrap_or_default(), call.is_deleted)).collect()
}

#[test]
fn a_call_has_what_its_record_says() {
    let read = Transactions::read(&record(0, Some(call("a", 1, 12.5))));
    assert_eq!(read.skipped, []);
    let [call] = read.calls.as_slice() else { panic!("{read:?}") };
    assert_eq!((call.id, call.unique_id.as_deref(), call.duration), (1, Some("a"), Some(12.5)));
    assert_eq!(call.date.unwrap().timestamp().unwrap().to_string(), "2025-01-02T03:04:05Z");
    assert_eq!((call.direction, call.outcome), (Direction::Incoming, Outcome::Answered));
    assert_eq!((call.service.name(), call.is_video, call.disconnected_cause), ("Phone", Some(false), Some(6)));
    assert_eq!(call.participants[0].address, "+14155550109");
    assert!(call.odd.is_empty() && !call.is_deleted);
}

#[test]
fn states_are_directions_and_outcomes() {
    let how = |status| {
        let read = Transactions::read(&record(0, Some(call("a", status, 0.0))));
        (read.calls[0].direction, read.calls[0].outcome, read.calls[0].odd.clone())
    };
    let none = Vec::<String>::new();
    assert_eq!(how(2), (Direction::Outgoing, Outcome::Answered, none.clone()));
    assert_eq!(how(4), (Direction::Incoming, Outcome::Elsewhere, none.clone()));
    assert_eq!(how(8), (Direction::Incoming, Outcome::Missed, none.clone()));
    assert_eq!(how(16), (Direction::Outgoing, Outcome::Cancelled, none));
    assert_eq!(how(3), (Direction::Unknown, Outcome::Unknown, vec!["call status 3".to_owned()]));
}

#[test]
fn what_is_done_to_a_call_is_told_and_each_counts_once() {
    let log = [
        record(0, Some(call("a", 8, 0.0))),
        record(0, Some(call("b", 1, 5.0))),
        record(1, Some(call("b", 1, 7.0))),
        record(0, Some(call("a", 8, 0.0))),
        record(2, Some(call("b", 1, 7.0))),
        record(2, Some(call("c", 1, 9.0))),
    ]
    .concat();
    let read = Transactions::read(&log);
    assert_eq!(unique(&read), [("a", false), ("b", true), ("c", true)]);
    assert_eq!((read.calls[1].duration, read.calls[1].id), (Some(7.0), 2));
    let all = [log, record(3, None), record(0, Some(call("d", 1, 1.0)))].concat();
    assert_eq!(unique(&Transactions::read(&all)), [("a", true), ("b", true), ("c", true), ("d", false)]);
}

#[test]
fn a_call_that_is_no_archive_of_its_own_is_read_too() {
    let mut fields = vec![("uniqueId", Value::String("x".into())), ("callStatus", Value::Integer(2.into()))];
    fields.push(("callerId", Value::String("anna@example.org".into())));
    let inline = archive("CHRecentCall", fields);
    // The record of an archive may be the object itself.
    let whole: Value = plist::from_bytes(&inline).unwrap();
    let mut whole = whole.into_dictionary().unwrap();
    let objects = whole.get_mut("$objects").and_then(Value::as_array_mut).unwrap();
    objects.push(Value::Dictionary(Dictionary::from_iter([("record", Value::Uid(Uid::new(1)))])));
    let at = objects.len() as u64 - 1;
    whole.insert("$top".to_owned(), Value::Dictionary(Dictionary::from_iter([("root", Value::Uid(Uid::new(at)))])));
    let mut bytes = Vec::new();
    Value::Dictionary(whole).to_writer_binary(&mut bytes).unwrap();
    assert_eq!(unique(&Transactions::read(&framed(&bytes))), [("x", false)]);
}

#[test]
fn damage_costs_its_record_and_is_named() {
    let (a, b) = (record(0, Some(call("a", 1, 1.0))), record(0, Some(call("b", 1, 1.0))));
    let items = |bytes: &[u8]| {
        let read = Transactions::read(bytes);
        let items: Vec<String> = read.skipped.iter().map(|skipped| skipped.item.clone()).collect();
        (unique(&read).iter().map(|(unique, _)| (*unique).to_owned()).collect::<Vec<_>>(), items)
    };
    let some = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    // Cut in the middle of the second.
    let cut = [&a[..], &b[..b.len() - 9]].concat();
    let rest = format!("bytes {} to {} of transactions.log", a.len(), cut.len());
    assert_eq!(items(&cut), (some(&["a"]), vec![rest]));
    // A length beyond the end, and one that nobody has: the next complete record is found.
    for length in [u32::MAX, 1 << 20, 0, 7] {
        let wrong = [&length.to_le_bytes()[..], b"what is this", &b[..]].concat();
        assert_eq!(items(&wrong), (some(&["b"]), some(&["bytes 0 to 16 of transactions.log"])), "{length}");
    }
    // A record of the right length that is no archive.
    let wrong = [framed(b"bplist00 and then nothing"), b.clone()].concat();
    assert_eq!(items(&wrong), (some(&["b"]), some(&["record 1 of transactions.log"])));
    let empty = [record(0, None), record(0, Some(archive("CHRecentCall", vec![]))), b].concat();
    let two = some(&["record 1 of transactions.log", "record 2 of transactions.log"]);
    assert_eq!(items(&empty), (some(&["b"]), two));
}

#[test]
fn endless_damage_is_told_in_few_words() {
    let many = framed(b"bplist00").repeat(10_000);
    let read = Transactions::read(&many);
    assert_eq!(read.skipped.len(), MOST_SKIPPED + 1);
    assert_eq!(read.skipped.last().unwrap().item, "9900 more parts of transactions.log");
    assert_eq!(Transactions::read(&vec![0; 8 << 20]).skipped.len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]
    /// Whatever is broken, what is before it and behind it comes out.
    #[test]
    fn damage_stays_where_it_is(at in any::<prop::sample::Index>(), byte in any::<u8>(), noise in any::<Vec<u8>>()) {
        let records: Vec<Vec<u8>> = ["a", "b", "c"].map(|unique| record(0, Some(call(unique, 1, 1.0)))).into();
        let mut log = records.concat();
        let at = records[0].len() + at.index(records[1].len());
        log[at] = byte;
        let read = Transactions::read(&log);
        let found = unique(&read);
        // Damage may make "B" of an identifier, or "C", which is the same as "c".
        let is_there = |call: &str| found.iter().any(|(unique, _)| unique.eq_ignore_ascii_case(call));
        let are_there = found.contains(&("a", false)) && is_there("c");
        prop_assert!(are_there, "byte {} of {}: {:?}", at - records[0].len(), records[1].len(), read);
        Transactions::read(&noise);
    }
}
