//! Exporting a kind beside `sqlite3 .dump` of the same databases, and that ten times as many records take ten times as long.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::failure::Result;
use crate::inputs::Input;
use crate::race::{Contestant, Finish, race, unfinished};
use crate::settings::Settings;
use crate::table::{Check, Limit, Report};

/// One kind in two sizes.
pub struct Kind<'a> {
    /// What was done to what.
    pub title: String,
    /// The command of corer that writes into a folder.
    pub command: &'a str,
    /// A tenth of the records, and all of them.
    pub inputs: [Input; 2],
    /// The databases, in the decrypted tree.
    pub databases: &'a [&'a str],
}

/// Runs both sizes and the dump.
///
/// # Errors
/// As [`crate::scenario::Scenario::run`].
pub fn run(settings: &Settings, kind: Kind<'_>) -> Result<Report> {
    let target = settings.work().join("target");
    let [few, many] = &kind.inputs;
    let mut contestants = Vec::new();
    for (name, input) in [("corer -o, a tenth of them", few), ("corer -o", many)] {
        let mut corer = settings.corer(&[kind.command], &input.backup);
        corer.arg("--output").arg(&target);
        contestants.push(Contestant::writing(name, corer, target.clone()));
    }
    let mut lines = settings.corer(&[kind.command, "--json"], &many.backup);
    lines.args(["--tz", "UTC"]);
    contestants.push(Contestant::new("corer --json", lines));
    let has_sqlite = is_there("sqlite3");
    if has_sqlite {
        contestants.push(Contestant::new("sqlite3 .dump", dump(&many.plain, kind.databases)));
    }
    let finishes = race(settings, &contestants)?;
    let mut notes = unfinished(&finishes);
    if !has_sqlite {
        notes.push("There is no `sqlite3` here to compare with (Debian: `sqlite3`).".to_owned());
    }
    Ok(Report { title: kind.title, checks: checks(&finishes), notes, finishes })
}

fn checks(finishes: &[Finish]) -> Vec<Check> {
    let wall = |index: usize| finishes.get(index).map(|finish| finish.usage.wall.as_secs_f64());
    let beside = |index: usize, other: usize| wall(index).zip(wall(other)).map(|(own, other)| own / other);
    let check =
        |what: &str, value, most| Check { what: what.to_owned(), value, limit: Limit::AtMost(most), unit: "×" };
    vec![
        check("wall for ten times as many", beside(1, 0), 11.0),
        check("wall of `-o`, beside `sqlite3 .dump`", beside(1, 3), 1.0),
        check("wall of `--json`, beside `sqlite3 .dump`", beside(2, 3), 1.0),
    ]
}

/// All databases as SQL, one after the other.
fn dump(tree: &Path, databases: &[&str]) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", "for database; do sqlite3 \"$database\" .dump || exit; done", "sh"]);
    shell.args(databases.iter().map(|path| tree.join(path)));
    shell
}

fn is_there(program: &str) -> bool {
    let asked = Command::new(program).arg("--version").stdin(Stdio::null()).stdout(Stdio::null()).status();
    asked.is_ok_and(|status| status.success())
}
