//! What was found, and about what: data first, words second.

use std::collections::HashMap;

use super::super::manifest::Record;

/// Which part of a backup something was found about.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum BackupPart {
    /// A file that the manifest lists.
    File {
        /// Its domain.
        domain: String,
        /// Its path below the domain.
        path: String,
    },
    /// The list of all files, or the keys to them.
    Manifest,
    /// A property list that says what the backup is: its name.
    PropertyList(String),
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// About what.
    pub part: BackupPart,
    /// The same in words. No two findings of one list are about the same.
    pub item: String,
    /// What is wrong, or odd: at least one reason.
    pub reasons: Vec<String>,
}

impl Finding {
    pub(super) fn of_manifest(item: impl Into<String>, why: impl std::fmt::Display) -> Self {
        Self { part: BackupPart::Manifest, item: item.into(), reasons: vec![why.to_string()] }
    }

    pub(super) fn of_property_list(name: &str, why: impl std::fmt::Display) -> Self {
        Self { part: BackupPart::PropertyList(name.to_owned()), item: name.to_owned(), reasons: vec![why.to_string()] }
    }

    pub(super) fn of_file(record: Record<'_>, reasons: Vec<String>) -> Self {
        let part = BackupPart::File { domain: record.domain().to_owned(), path: record.path().to_owned() };
        Self { part, item: record.name(), reasons }
    }

    /// All reasons in one line.
    pub fn why(&self) -> String {
        self.reasons.join("; ")
    }
}

/// Brings findings about the same together, at the place of the first. A reason is given once.
pub(super) fn merged(findings: Vec<Finding>) -> Vec<Finding> {
    let mut places: HashMap<(BackupPart, String), usize> = HashMap::new();
    let mut merged: Vec<Finding> = Vec::new();
    for finding in findings {
        let place = *places.entry((finding.part.clone(), finding.item.clone())).or_insert(merged.len());
        match merged.get_mut(place) {
            Some(known) => add(known, finding.reasons),
            None => merged.push(finding),
        }
    }
    merged
}

/// Moves what is also said about something worse to it: each thing stands in one list.
pub(super) fn fold(from: Vec<Finding>, into: &mut [Finding]) -> Vec<Finding> {
    let places: HashMap<(BackupPart, String), usize> =
        into.iter().enumerate().map(|(place, known)| ((known.part.clone(), known.item.clone()), place)).collect();
    let mut left = Vec::new();
    for finding in from {
        let place = places.get(&(finding.part.clone(), finding.item.clone()));
        match place.and_then(|place| into.get_mut(*place)) {
            Some(known) => add(known, finding.reasons),
            None => left.push(finding),
        }
    }
    left
}

fn add(known: &mut Finding, reasons: Vec<String>) {
    for reason in reasons {
        if !known.reasons.contains(&reason) {
            known.reasons.push(reason);
        }
    }
}
