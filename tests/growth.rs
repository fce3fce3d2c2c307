//! Inputs four times as large cost about four times as much: nothing is looked for in a list that grows with the input.
//!
//! What is compared is the CPU time of two runs of one machine. Searching a list would make it sixteen times as much.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

mod support;

use std::path::Path;

use nix::sys::resource::{UsageWho, getrusage};
use support::{Corer, changed};

/// What there are many of, the SQL that makes so many, and how many.
type Kind = (&'static str, fn(usize) -> String, usize);

/// How much more four times as much may cost.
const MOST: f64 = 8.0;

/// The CPU time of an export of messages from a database, in milliseconds. The answer of the command is not looked at: what
/// is missing is missing in both.
fn cost(sql: &str, folder: &Path) -> f64 {
    let database = folder.join("sms.db");
    std::fs::write(&database, changed("Library/SMS/sms.db", sql)).unwrap();
    let spent = || {
        let usage = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap();
        let milliseconds = |time: nix::sys::time::TimeVal| time.tv_sec() as f64 * 1e3 + time.tv_usec() as f64 / 1e3;
        milliseconds(usage.user_time())
    };
    let out = folder.join("out");
    let _ = std::fs::remove_dir_all(&out);
    let before = spent();
    let args = ["messages", "-b", database.to_str().unwrap(), "-o", out.to_str().unwrap(), "-f", "html,jsonl"];
    let answer = Corer::new().run(&args);
    assert!(matches!(answer.code, 0 | 3), "{answer:?}");
    spent() - before
}

fn numbers(count: usize) -> String {
    format!("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})")
}

/// A message with the row number 900000 in the first conversation.
fn message(text: &str) -> String {
    format!(
        "INSERT INTO message (ROWID, guid, text, handle_id, date) VALUES (900000, 'G', {text}, 1, 757382400000000000);
         INSERT INTO chat_message_join (chat_id, message_id, message_date) VALUES (1, 900000, 757382400000000000);"
    )
}

/// Reactions to it; `columns` and `values` say how, with the number in `i`.
fn reactions(count: usize, columns: &str, values: &str) -> String {
    let numbers = numbers(count);
    format!(
        "{numbers} INSERT INTO message (ROWID, guid, handle_id, date, {columns})
         SELECT 900000 + i, 'R' || i, 1, 757382400000000000 + i, {values} FROM n;
         {numbers} INSERT INTO chat_message_join (chat_id, message_id, message_date)
         SELECT 1, 900000 + i, 757382400000000000 + i FROM n;"
    )
}

fn participants(count: usize) -> String {
    let numbers = numbers(count);
    format!(
        "{numbers} INSERT INTO handle (ROWID, id, service) SELECT 900000 + i, '+1415' || printf('%07d', i), 'iMessage' FROM n;
         {numbers} INSERT INTO chat_handle_join (chat_id, handle_id) SELECT 1, 900000 + i FROM n;"
    )
}

fn different_reactions(count: usize) -> String {
    let columns = "associated_message_guid, associated_message_type, associated_message_emoji";
    message("'x'") + &reactions(count, columns, "'p:0/G', 2006, 'e' || i")
}

fn reactions_to_many_parts(count: usize) -> String {
    let text = format!("replace(hex(zeroblob({})), '00', char(65532) || 'a')", count / 4);
    let values = format!("'p:' || (i % {}) || '/G', 2000 + i % 6", count / 2);
    message(&text) + &reactions(count, "associated_message_guid, associated_message_type", &values)
}

fn attachments(count: usize) -> String {
    let numbers = numbers(count);
    let rows = format!(
        "{numbers} INSERT INTO attachment (ROWID, guid, original_guid, filename, transfer_name)
         SELECT 900000 + i, 'a' || i, 'o' || i, '~/Library/SMS/' || i, i || '.jpg' FROM n;
         {numbers} INSERT INTO message_attachment_join (message_id, attachment_id) SELECT 900000, 900000 + i FROM n;"
    );
    message(&format!("replace(hex(zeroblob({count})), '00', char(65532))")) + &rows
}

// One test, so that the time of no other run is counted.
#[test]
fn four_times_as_much_costs_about_four_times_as_much() {
    let folder = tempfile::tempdir().unwrap();
    let kinds: [Kind; 4] = [
        ("participants", participants, 15_000),
        ("different reactions", different_reactions, 10_000),
        ("reactions to many parts", reactions_to_many_parts, 10_000),
        ("attachments", attachments, 20_000),
    ];
    for (what, sql, count) in kinds {
        let (once, four_times) = (cost(&sql(count), folder.path()), cost(&sql(4 * count), folder.path()));
        assert!(four_times < MOST * once, "{what}: {once:.0} ms, and {four_times:.0} ms for four times as many");
    }
}
