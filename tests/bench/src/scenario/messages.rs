//! A long conversation history, previewed and exported: the cost of a message, and that memory stays flat.

use crate::failure::Result;
use crate::inputs::{self, FEW_ROUNDS, Form};
use crate::race::{Contestant, race, unfinished};
use crate::settings::Settings;
use crate::table::{Check, Limit, Report, megabytes};

/// Runs the scenario.
///
/// # Errors
/// As [`crate::scenario::Scenario::run`].
pub fn run(settings: &Settings) -> Result<Report> {
    let (few, many) = settings.pick((100_000, 1_000_000), (500, 5_000));
    let target = settings.work().join("target");
    let mut contestants = Vec::new();
    for (name, folder, count) in [
        ("corer messages -o, fewer", "messages-few", few),
        ("corer messages -o, ten times as many", "messages-many", many),
    ] {
        let sizes = [("messages", count), ("rounds", u64::from(FEW_ROUNDS))];
        let input = inputs::make(settings, folder, &sizes, Form::Encrypted)?;
        let mut corer = settings.corer(&["messages"], &input.backup);
        corer.arg("--output").arg(&target);
        contestants.push(Contestant::writing(name, corer, target.clone()));
    }
    let finishes = race(settings, &contestants)?;
    let peak = |index: usize| finishes.get(index).map(|finish| megabytes(finish.usage.peak));
    let growth = peak(0).zip(peak(1)).map(|(few, many)| many / few);
    Ok(Report {
        title: format!("Messages: {few} and {many}, as pages and JSON Lines"),
        checks: vec![Check {
            what: "peak memory for ten times as many".to_owned(),
            value: growth,
            limit: Limit::AtMost(2.0),
            unit: "×",
        }],
        notes: unfinished(&finishes),
        finishes,
    })
}
