//! `transactions.log` may be all that there is of a call history, or something else than a file.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{Answer, Corer, sample};
use plist::{Dictionary, Uid, Value};

const LOG: &str = "HomeDomain/Library/CallHistoryTransactions/transactions.log";

/// A keyed archive of these objects, the root first.
fn archive(objects: Vec<Value>) -> Vec<u8> {
    let all = [vec![Value::String("$null".to_owned())], objects].concat();
    let root = Dictionary::from_iter([("root", Value::Uid(Uid::new(1)))]);
    let whole = Dictionary::from_iter([
        ("$archiver", Value::String("NSKeyedArchiver".to_owned())),
        ("$version", Value::from(100_000)),
        ("$top", Value::Dictionary(root)),
        ("$objects", Value::Array(all)),
    ]);
    let mut bytes = Vec::new();
    Value::Dictionary(whole).to_writer_binary(&mut bytes).unwrap();
    bytes
}

/// A log of one call that came in; its moment is whole seconds, stored as `time` says.
fn log(time: Value) -> Vec<u8> {
    let object = |fields: Vec<(&str, Value)>| Value::Dictionary(fields.into_iter().collect());
    let date = Value::Uid(Uid::new(2));
    let call = archive(vec![
        object(vec![
            ("uniqueId", "LOG-1".into()),
            ("callerId", "+14155550109".into()),
            ("date", date),
            ("duration", Value::Real(12.0)),
            ("callStatus", Value::from(1)),
        ]),
        object(vec![("NS.time", time)]),
    ]);
    let record = archive(vec![object(vec![("type", Value::from(0)), ("record", Value::Data(call))])]);
    [&u32::try_from(record.len()).unwrap().to_le_bytes()[..], &record].concat()
}

fn calls(answer: &Answer) -> Vec<serde_json::Value> {
    answer.json_lines().into_iter().filter(|record| record["type"] == "call").collect()
}

fn put(tree: &Path, bytes: &[u8]) -> PathBuf {
    let file = tree.join(LOG);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, bytes).unwrap();
    file
}

#[test]
fn a_log_alone_is_a_call_history() {
    let corer = Corer::new();
    let tree = corer.home.path().join("tree");
    let moments = [Value::Real(757_382_400.0), Value::from(757_382_400)];
    for time in moments {
        let file = put(&tree, &log(time));
        for given in [tree.as_path(), file.as_path()] {
            let answer = corer.run(&["calls", "--json", "-b", given.to_str().unwrap()]).ends_with(0);
            let found = calls(&answer);
            assert_eq!((found.len(), found[0]["date"].as_str()), (1, Some("2025-01-01T00:00:00+00:00")), "{found:?}");
            assert!(!answer.stderr.contains("storedata"), "{answer:?}");
        }
        // Damaged, its own name is said: all of it, its end, and its beginning.
        let whole = log(Value::Real(757_382_400.0));
        let cut = &whole[..100];
        for damaged in [cut.repeat(2), [&whole[..], cut].concat(), [&[7; 40], &whole[..]].concat()] {
            fs::write(&file, damaged).unwrap();
            for given in [tree.as_path(), file.as_path()] {
                let answer = corer.run(&["calls", "--json", "-b", given.to_str().unwrap()]).ends_with(3);
                assert!(answer.stderr.contains("transactions.log"), "{answer:?}");
                assert!(!answer.stderr.contains("storedata"), "{answer:?}");
            }
        }
    }
}

#[test]
fn what_stands_in_the_place_of_a_log_is_told() {
    let corer = Corer::new();
    let tree = corer.home.path().join("tree");
    corer.run(&["files", "get", "-b", &sample("ios9"), "-o", tree.to_str().unwrap()]).ends_with(0);
    let typed = tree.to_str().unwrap();
    let all = calls(&corer.run(&["calls", "--json", "-b", typed]).ends_with(0)).len();
    let file = put(&tree, b"");
    let make = |program: &str, args: &[&str]| Command::new(program).args(args).arg(&file).status().unwrap().success();
    let outside = corer.home.path().join("log");
    fs::write(&outside, log(Value::Real(757_382_400.0))).unwrap();
    type Made<'m> = (&'m str, Box<dyn Fn() -> bool + 'm>);
    let kinds: [Made<'_>; 4] = [
        ("a pipe", Box::new(|| make("mkfifo", &[]))),
        ("a link", Box::new(|| symlink(&outside, &file).is_ok())),
        ("a folder", Box::new(|| fs::create_dir(&file).is_ok())),
        // Only an administrator can make one.
        (
            "a device",
            Box::new(|| Command::new("mknod").arg(&file).args(["c", "1", "3"]).status().is_ok_and(|s| s.success())),
        ),
    ];
    for (what, make) in kinds {
        let _ = fs::remove_file(&file).or_else(|_| fs::remove_dir(&file));
        if !make() {
            assert_eq!(what, "a device");
            continue;
        }
        let answer = corer.run(&["calls", "--json", "-b", typed]).ends_with(3);
        assert_eq!(calls(&answer).len(), all, "{what}");
        assert!(answer.stderr.contains("transactions.log"), "{what}: {answer:?}");
        let out = corer.home.path().join("out");
        corer.run(&["calls", "-b", typed, "-o", out.to_str().unwrap(), "--overwrite"]).ends_with(3);
        let report = fs::read_to_string(out.join("report.txt")).unwrap();
        assert!(report.contains("transactions.log"), "{what}: {report}");
    }
}
