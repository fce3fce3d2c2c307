//! A photo library of 20,000 assets and 5 GB, with its gallery and without, new and brought up to date when nothing is
//! new, beside `cp -a` of the backup: the same bytes, under names that nobody knows.

use std::path::Path;
use std::process::Command;

use crate::failure::Result;
use crate::inputs::{self, FEW_ROUNDS, Form, Input};
use crate::race::{Contestant, Finish, race, unfinished};
use crate::settings::Settings;
use crate::table::{Check, Limit, Report, megabytes};

/// Runs the scenario on a backup of this form.
///
/// # Errors
/// As [`crate::scenario::Scenario::run`].
pub fn run(settings: &Settings, form: Form) -> Result<Report> {
    let (photos, bytes) = settings.pick((20_000, 5_000_000_000), (60, 8_000_000));
    let sizes = [("photos", photos), ("photo-bytes", bytes), ("rounds", u64::from(FEW_ROUNDS))];
    let (words, beside_cp) = match form {
        Form::Plain => ("", 1.2),
        Form::Encrypted | Form::EncryptedAndTree => (" of an encrypted backup", 1.6),
    };
    let input = inputs::make(settings, &format!("photos-{form:?}"), &sizes, form)?;
    let finishes = race(settings, &contestants(settings, &input))?;
    Ok(Report {
        title: format!("Photos{words}: {photos} assets, {} MB", bytes / 1_000_000),
        checks: checks(&finishes, beside_cp),
        notes: unfinished(&finishes),
        finishes,
    })
}

fn contestants(settings: &Settings, input: &Input) -> Vec<Contestant> {
    let target = settings.work().join("target");
    let corer = |flags: &[&str]| {
        let mut command = settings.corer(&["photos"], &input.backup);
        command.args(flags).arg("--output").arg(&target);
        command
    };
    let writing = |name, command| Contestant::writing(name, command, target.clone());
    vec![
        writing("cp -a of the backup", copy(&input.backup, &target)),
        writing("corer photos --no-gallery", corer(&["--no-gallery"])).leaving(),
        writing("the same with --update", corer(&["--no-gallery", "--update"])).following(),
        writing("corer photos", corer(&[])).leaving(),
        writing("corer photos --update", corer(&["--update"])).following(),
    ]
}

fn copy(from: &Path, to: &Path) -> Command {
    let mut command = Command::new("cp");
    command.arg("-a").arg(from).arg(to);
    command
}

fn checks(finishes: &[Finish], beside_cp: f64) -> Vec<Check> {
    let wall = |index: usize| finishes.get(index).map(|finish| finish.usage.wall.as_secs_f64());
    let ratio = |one: usize, other: usize| wall(one).zip(wall(other)).map(|(one, other)| one / other);
    let beside =
        |what: &str, value, limit| Check { what: what.to_owned(), value, limit: Limit::AtMost(limit), unit: "\u{d7}" };
    let peak = finishes.iter().skip(1).map(|finish| finish.usage.peak).max();
    vec![
        beside("wall without the gallery, beside `cp -a`", ratio(1, 0), beside_cp),
        beside("wall with the gallery, beside `cp -a`", ratio(3, 0), beside_cp),
        beside("wall of an update without the gallery, beside the first run", ratio(2, 1), 0.05),
        beside("wall of an update with the gallery, beside the first run", ratio(4, 3), 0.05),
        Check {
            what: "peak memory, the largest".to_owned(),
            value: peak.map(megabytes),
            limit: Limit::AtMost(150.0),
            unit: "MB",
        },
    ]
}
