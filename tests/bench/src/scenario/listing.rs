//! Every entry of an encrypted backup with half a million of them: the cost of a record.

use crate::failure::Result;
use crate::inputs::{self, FEW_ROUNDS};
use crate::race::{Contestant, Finish, race, unfinished};
use crate::settings::Settings;
use crate::table::{Check, Limit, Report, megabytes};

/// Runs the scenario.
///
/// # Errors
/// As [`crate::scenario::Scenario::run`].
pub fn run(settings: &Settings) -> Result<Report> {
    let rows = settings.pick(500_000, 2_000);
    let sizes = [("rows", rows), ("rounds", u64::from(FEW_ROUNDS))];
    let input = inputs::make(settings, "listing", &sizes, false)?;
    let corer = settings.corer(&["files", "ls", "--long"], &input.backup);
    let mut contestants = vec![Contestant::new("corer files ls --long", corer)];
    for (name, command) in settings.peers.list(&input.backup) {
        contestants.push(Contestant::new(name, command));
    }
    let finishes = race(settings, &contestants)?;
    let title = format!("Listing: {rows} entries of an encrypted backup, path and size");
    Ok(Report { title, checks: checks(&finishes), notes: unfinished(&finishes), finishes })
}

fn checks(finishes: &[Finish]) -> Vec<Check> {
    let corer = finishes.first().map(|finish| finish.usage);
    let best =
        finishes.iter().skip(1).filter(|finish| finish.usage.code == Some(0)).map(|finish| finish.usage.cpu).min();
    vec![
        Check {
            what: "CPU".to_owned(),
            value: corer.map(|usage| usage.cpu.as_secs_f64()),
            limit: Limit::AtMost(1.5),
            unit: "s",
        },
        Check {
            what: "CPU less than the best other tool".to_owned(),
            value: corer.zip(best).map(|(corer, best)| best.as_secs_f64() / corer.cpu.as_secs_f64()),
            limit: Limit::AtLeast(1.0),
            unit: "×",
        },
        Check {
            what: "peak memory".to_owned(),
            value: corer.map(|usage| megabytes(usage.peak)),
            limit: Limit::AtMost(250.0),
            unit: "MB",
        },
    ]
}
