//! Taking all files out of an encrypted backup, beside `cp -r` of what comes out and the other tools.

use std::process::Command;

use crate::failure::Result;
use crate::inputs::Input;
use crate::race::{Contestant, Finish, race, unfinished};
use crate::settings::Settings;
use crate::table::{Check, Limit, Report, megabytes};

/// Runs everybody on `input`. `beside_cp` is the limit of corer's wall time beside that of `cp -r`.
///
/// # Errors
/// As [`crate::scenario::Scenario::run`].
pub fn run(settings: &Settings, title: String, input: &Input, beside_cp: f64) -> Result<Report> {
    let target = settings.work().join("target");
    let mut corer = settings.corer(&["files", "get"], &input.backup);
    corer.arg("--output").arg(&target);
    let mut cp = Command::new("cp");
    cp.arg("-r").arg(&input.plain).arg(&target);
    let mut contestants = vec![
        Contestant::writing("corer files get", corer, target.clone()),
        Contestant::writing("cp -r of the decrypted tree", cp, target.clone()),
    ];
    for (name, command) in settings.peers.extract(&input.backup, &target) {
        contestants.push(Contestant::writing(name, command, target.clone()));
    }
    let finishes = race(settings, &contestants)?;
    Ok(Report { title, checks: checks(&finishes, beside_cp), notes: unfinished(&finishes), finishes })
}

fn checks(finishes: &[Finish], beside_cp: f64) -> Vec<Check> {
    let mut finishes = finishes.iter();
    let (corer, cp) = (finishes.next(), finishes.next());
    let wall = |finish: &Finish| finish.usage.wall.as_secs_f64();
    // A tool that lost files did not do the task. More than the tree holds is fine: some add a manifest.
    let files = |finish: &Finish| finish.written.map_or(0, |size| size.files);
    let whole = |finish: &&Finish| finish.usage.code == Some(0) && files(finish) >= cp.map_or(0, files);
    let best = finishes.filter(whole).min_by_key(|finish| finish.usage.wall);
    let against = best.map_or("the fastest other tool", |best| best.name);
    let lost = |corer, cp| files(cp).saturating_sub(files(corer)) as f64;
    vec![
        Check {
            what: "files not written".to_owned(),
            value: corer.zip(cp).map(|(corer, cp)| lost(corer, cp)),
            limit: Limit::AtMost(0.0),
            unit: "",
        },
        Check {
            what: "wall, beside `cp -r`".to_owned(),
            value: corer.zip(cp).map(|(corer, cp)| wall(corer) / wall(cp)),
            limit: Limit::AtMost(beside_cp),
            unit: "×",
        },
        Check {
            what: format!("faster than {against}"),
            value: corer.zip(best).map(|(corer, best)| wall(best) / wall(corer)),
            limit: Limit::AtLeast(3.0),
            unit: "×",
        },
        Check {
            what: "peak memory".to_owned(),
            value: corer.map(|corer| megabytes(corer.usage.peak)),
            limit: Limit::AtMost(50.0),
            unit: "MB",
        },
    ]
}
