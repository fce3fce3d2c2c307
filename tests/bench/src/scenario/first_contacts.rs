//! "My phone is dead, get me my contacts": cards out of an encrypted backup take its unlocking, and next to nothing more.

use crate::failure::Result;
use crate::race::{Contestant, race, unfinished};
use crate::settings::Settings;
use crate::table::{Check, Limit, Report};

/// The sample with as many rounds as devices have, and one with few for `--quick`.
const SAMPLES: (&str, &str) = ("ios18-encrypted", "ios26-encrypted");

/// Runs the scenario.
///
/// # Errors
/// As [`crate::scenario::Scenario::run`].
pub fn run(settings: &Settings) -> Result<Report> {
    let sample = settings.hostile.with_file_name(settings.pick(SAMPLES.0, SAMPLES.1));
    let mut corer = settings.corer(&["contacts"], &sample);
    corer.args(["-f", "vcf", "--output", "-"]);
    let unlock = settings.corer(&["files", "ls", "HomeDomain/Library/AddressBook/AddressBook.sqlitedb"], &sample);
    let contestants =
        [Contestant::new("corer contacts -f vcf", corer), Contestant::new("corer files ls of one file", unlock)];
    let finishes = race(settings, &contestants)?;
    let wall = |index: usize| finishes.get(index).map(|finish| finish.usage.wall.as_secs_f64());
    Ok(Report {
        title: format!("First contacts: the cards of {}", sample.file_name().unwrap_or_default().display()),
        checks: vec![Check {
            what: "wall above that of the unlocking".to_owned(),
            value: wall(0).zip(wall(1)).map(|(contacts, unlock)| contacts - unlock),
            limit: Limit::AtMost(0.5),
            unit: "s",
        }],
        notes: unfinished(&finishes),
        finishes,
    })
}
