//! Every entry of an encrypted backup with half a million of them: the cost of a record.

use crate::failure::Result;
use crate::inputs::{self, FEW_ROUNDS, Form};
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
    let input = inputs::make(settings, "listing", &sizes, Form::Encrypted)?;
    let mut contestants = vec![
        Contestant::new("corer files ls", settings.corer(&["files", "ls"], &input.backup)),
        Contestant::new("corer files ls --long", settings.corer(&["files", "ls", "--long"], &input.backup)),
    ];
    for (name, command) in settings.peers.list(&input.backup) {
        contestants.push(Contestant::new(name, command));
    }
    let finishes = race(settings, &contestants)?;
    let title = format!("Listing: {rows} entries of an encrypted backup, path and size");
    Ok(Report { title, checks: checks(&finishes), notes: unfinished(&finishes), finishes })
}

/// The limits are for the names alone; beside the others stands the long form, which tells more than they do (times,
/// and whether each payload is there).
fn checks(finishes: &[Finish]) -> Vec<Check> {
    let mut usages = finishes.iter().map(|finish| finish.usage);
    let (short, long) = (usages.next(), usages.next());
    let best = usages.filter(|usage| usage.code == Some(0)).map(|usage| usage.cpu).min();
    vec![
        Check {
            what: "CPU".to_owned(),
            value: short.map(|usage| usage.cpu.as_secs_f64()),
            limit: Limit::AtMost(1.5),
            unit: "s",
        },
        Check {
            what: "peak memory".to_owned(),
            value: short.map(|usage| megabytes(usage.peak)),
            limit: Limit::AtMost(250.0),
            unit: "MB",
        },
        Check {
            what: "CPU of the long form, less than the best other tool".to_owned(),
            value: long.zip(best).map(|(long, best)| best.as_secs_f64() / long.cpu.as_secs_f64()),
            limit: Limit::AtLeast(5.0),
            unit: "×",
        },
    ]
}
