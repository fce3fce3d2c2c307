//! Reading back what an older corer wrote, which remembered nothing: its own data files.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use corer_schemas::AppleTime;
use serde::de::DeserializeOwned;

/// More bytes than any line has.
const LONGEST_LINE: u64 = 64 << 20;

/// The records of a type in a file of JSON Lines. `None` where there is no such file, and where it is not complete.
pub(crate) fn json_lines<T: DeserializeOwned>(file: &Path, name: &str) -> Option<Vec<T>> {
    let begin = format!("{{\"type\":\"{name}\",");
    let mut records = Vec::new();
    let mut is_complete = false;
    let mut lines = BufReader::new(plain(file)?);
    loop {
        let mut line = String::new();
        if (&mut lines).take(LONGEST_LINE).read_line(&mut line).ok()? == 0 {
            break;
        }
        if line.starts_with(&begin) {
            records.push(serde_json::from_str(&line).ok()?);
        }
        is_complete = line.starts_with("{\"type\":\"completion\"");
    }
    is_complete.then_some(records)
}

/// The rows of a table for people, each by the names of its columns. `None` where there is no such file, and where it is not a
/// table.
pub(crate) fn table(file: &Path) -> Option<Vec<HashMap<String, String>>> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(plain(file)?);
    let header: Vec<String> =
        reader.headers().ok()?.iter().map(|name| name.trim_start_matches('\u{feff}').to_owned()).collect();
    let mut rows = Vec::new();
    for row in reader.records() {
        let row = row.ok()?;
        let cells = row.iter().map(|cell| unguarded(cell).to_owned());
        rows.push(header.iter().cloned().zip(cells).filter(|(_, cell)| !cell.is_empty()).collect());
    }
    Some(rows)
}

/// A cell without the mark that keeps spreadsheets from taking it for a formula.
fn unguarded(cell: &str) -> &str {
    let guarded = cell.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@', '\t', '\r']));
    guarded.unwrap_or(cell)
}

/// A moment as data files have it.
pub(crate) fn moment(text: Option<&str>) -> Option<AppleTime> {
    text.and_then(|text| text.parse().ok()).and_then(AppleTime::from_timestamp)
}

fn plain(file: &Path) -> Option<File> {
    file.symlink_metadata().ok().filter(std::fs::Metadata::is_file)?;
    File::open(file).ok()
}
