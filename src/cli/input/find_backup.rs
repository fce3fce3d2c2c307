//! Which backup is meant, where no path was given: by the name of its device, by its UDID, or the newest there is.

use std::collections::BTreeMap;
use std::fmt::Display;

use corer::backup::discover::{FoundBackup, Problem, Search, find, standard_places};
use corer_schemas::handles::folded;

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::input::device_name::device_name;
use crate::cli::sentence::{sentence, with_full_stop};

/// The shortest beginning of a UDID that counts as one.
const SHORTEST: usize = 4;

/// The newest backup in the standard places.
///
/// # Errors
/// [`Exit::NotFound`] when there is none.
pub fn newest() -> Result<FoundBackup, Failure> {
    let Search { found, problems, .. } = find(&standard_places());
    found.into_iter().next().ok_or_else(|| none(&problems))
}

/// The newest backup of the device that is called so, or whose UDID begins so.
///
/// # Errors
/// [`Exit::NotFound`] when there is none, and when several devices are called so.
pub fn by_name(typed: &str) -> Result<FoundBackup, Failure> {
    let Search { found, problems, .. } = find(&standard_places());
    let mut matching: Vec<FoundBackup> = found.into_iter().filter(|found| is_called(found, typed)).collect();
    let devices: BTreeMap<&str, &FoundBackup> =
        matching.iter().rev().map(|found| (found.backup.facts().udid.as_deref().unwrap_or_default(), found)).collect();
    if devices.len() > 1 {
        let several = Failure::new(Exit::NotFound, format!("Several devices are called \"{typed}\"."))
            .because("Say which one is meant:");
        return Err(devices.iter().fold(several, |failure, (udid, found)| {
            failure.hint(format!("-b {udid}    {}", device_name(found.backup.facts())))
        }));
    }
    // Newest first; a snapshot stands back behind the backup that it was taken from.
    matching.sort_by_key(|found| found.is_older);
    // It may be where nobody may look.
    let closed = || problems.iter().find(|problem| problem.is_denied).map(closed);
    matching.into_iter().next().ok_or_else(|| closed().unwrap_or_else(|| nothing_called(&typed)))
}

/// Says that there is nothing of that name.
pub fn nothing_called(typed: &dyn Display) -> Failure {
    Failure::new(Exit::NotFound, format!("There is no backup \"{typed}\"."))
        .because("No file or folder has that name, and no backup in the standard places is of a device called so.")
        .hint("To see the backups on this computer: corer list")
}

/// Says that a place may not be looked into.
pub fn closed(problem: &Problem) -> Failure {
    Failure::failed(format!("{} may not be looked into.", problem.path.display())).because(sentence(&problem.why))
}

fn none(problems: &[Problem]) -> Failure {
    if let Some(problem) = problems.iter().find(|problem| problem.is_denied) {
        return closed(problem).hint("Say where it is: -b FOLDER");
    }
    let failure = Failure::new(Exit::NotFound, "There is no backup in the standard places of this computer.");
    let failure = match problems.first() {
        Some(problem) => failure.because(with_full_stop(&format!("{}: {}", problem.path.display(), problem.why))),
        None => failure,
    };
    failure.hint("Say where it is: -b FOLDER").hint("To see where corer looks: corer list")
}

fn is_called(found: &FoundBackup, typed: &str) -> bool {
    let facts = found.backup.facts();
    let by_name = facts.device_name.as_deref().is_some_and(|name| folded(name) == folded(typed));
    let by_udid = facts.udid.as_deref().is_some_and(|udid| begins(udid, typed));
    let folder = found.path.file_name().unwrap_or_default().to_string_lossy();
    by_name || by_udid || folder == typed || begins(&folder, typed)
}

/// Whether a UDID begins so, with or without its dash.
fn begins(udid: &str, typed: &str) -> bool {
    let digits = |text: &str| text.replace('-', "").to_ascii_lowercase();
    let typed = digits(typed);
    typed.len() >= SHORTEST && digits(udid).starts_with(&typed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_udid_may_be_cut_short_and_lose_its_dash() {
        assert!(begins("00008101-000A1B2C3D4E5F60", "00008101"));
        assert!(begins("00008101-000A1B2C3D4E5F60", "00008101000a1b"));
        assert!(!begins("00008101-000A1B2C3D4E5F60", "000"));
        assert!(!begins("00008101-000A1B2C3D4E5F60", "Anna"));
    }
}
