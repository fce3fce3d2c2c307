//! The last line of a command that wrote something: what came, and what did not.

use corer_exporters::output::{KindReport, Report};
use corer_schemas::kinds::KINDS;

use crate::cli::terminal::human;

/// What was exported: `142 messages, 7 contacts`.
pub fn exported(report: &Report) -> String {
    let some: Vec<String> = report.kinds.iter().filter(|kind| kind.exported > 0).map(counted).collect();
    if some.is_empty() { "nothing".to_owned() } else { some.join(", ") }
}

/// What is not there, each with its number: `2 could not be read`.
pub fn gaps(report: &Report) -> Vec<String> {
    let sum = |count: &dyn Fn(&KindReport) -> usize| report.kinds.iter().map(count).sum::<usize>() as u64;
    let missing = |expected: bool| sum(&|kind| kind.missing.iter().filter(|item| item.expected == expected).count());
    let gaps = [
        (sum(&|kind| kind.skipped.len()), "could not be read", "could not be read"),
        (missing(true), "is missing", "are missing"),
        (missing(false), "was never in this backup", "were never in this backup"),
        (sum(&|kind| kind.of_no_record.len()), "file is named by no record", "files are named by no record"),
    ];
    let some = gaps.into_iter().filter(|(number, ..)| *number > 0);
    some.map(|(number, one, many)| human::count(number, one, many)).collect()
}

/// What was exported of a kind.
fn counted(kind: &KindReport) -> String {
    // What is no kind is files as they are.
    let nouns = KINDS.iter().find(|known| known.name == kind.kind).map_or(("file", "files"), |known| known.nouns);
    let counted = human::count(kind.exported, nouns.0, nouns.1);
    match kind.kind.as_str() {
        // Two kinds have messages, and an entry alone says nothing.
        "whatsapp" => format!("{counted} of WhatsApp"),
        "safari" => format!("{counted} of Safari"),
        _ => counted,
    }
}
