//! Several programs at one task, in turn, so that whatever else the machine does falls on all of them alike.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{At, Result};
use crate::measure::{self, Streams, Usage};
use crate::settings::Settings;
use crate::tree::{self, Size};

/// One program at the task.
#[derive(Debug)]
pub struct Contestant {
    name: &'static str,
    command: Command,
    output: Option<PathBuf>,
    /// Whether the output is not there before a run.
    begins_anew: bool,
    /// Whether the output stays after a run, for whoever is next.
    leaves_output: bool,
    /// Whether its folder has to be there, empty, before a run.
    needs_folder: bool,
    /// Whether its output is removed only after everybody's last run.
    sets_aside: bool,
}

impl Contestant {
    /// A program whose answer goes to standard output.
    pub fn new(name: &'static str, command: Command) -> Self {
        Self {
            name,
            command,
            output: None,
            begins_anew: true,
            leaves_output: false,
            needs_folder: false,
            sets_aside: false,
        }
    }

    /// A program that writes into the folder `output`: not there before each run, counted and removed after it.
    pub fn writing(name: &'static str, command: Command, output: PathBuf) -> Self {
        Self { output: Some(output), ..Self::new(name, command) }
    }

    /// A program that wants its folder to be there, empty, before each run; counted and removed after it.
    pub fn filling(name: &'static str, command: Command, output: PathBuf) -> Self {
        Self { needs_folder: true, ..Self::writing(name, command, output) }
    }

    /// Removes its output only after everybody's last run: ext4 goes around the places of files that were removed in the
    /// last minutes, and who makes many files then pays for those of the one before.
    pub fn setting_aside(self) -> Self {
        Self { sets_aside: true, ..self }
    }

    /// Leaves its output for the contestant behind it.
    pub fn leaving(self) -> Self {
        Self { leaves_output: true, ..self }
    }

    /// Begins with the output that the contestant before it left.
    pub fn following(self) -> Self {
        Self { begins_anew: false, ..self }
    }
}

/// What a contestant used and left behind, over all its runs.
#[derive(Debug, Clone)]
pub struct Finish {
    /// The contestant.
    pub name: &'static str,
    /// Medians of wall time, CPU time and peak memory, each by itself; the exit code of the last run.
    pub usage: Usage,
    /// The files of the last run, for those that write files.
    pub written: Option<Size>,
}

/// Runs all contestants in turn, as often as the settings say; gives them in their order. One run before them is not
/// counted: whoever is first finds memory that the machine has to clear, and programs that nobody has loaded yet.
///
/// # Errors
/// When one cannot be started. One that fails shows in [`Finish::usage`].
pub fn race(settings: &Settings, contestants: &[Contestant]) -> Result<Vec<Finish>> {
    if let Some(first) = contestants.first().filter(|_| !settings.quick) {
        run(settings, first)?;
    }
    let mut runs: Vec<(Vec<Usage>, Option<Size>)> = vec![(Vec::new(), None); contestants.len()];
    for _ in 0..settings.runs {
        for (contestant, (usages, written)) in contestants.iter().zip(&mut runs) {
            let (usage, size) = run(settings, contestant)?;
            usages.push(usage);
            *written = size;
        }
    }
    tree::remove(&aside(settings))?;
    Ok(contestants
        .iter()
        .zip(runs)
        .map(|(contestant, (usages, written))| Finish { name: contestant.name, usage: medians(&usages), written })
        .collect())
}

/// A note for each contestant that failed: its figures say nothing.
pub fn unfinished(finishes: &[Finish]) -> Vec<String> {
    let failed = finishes.iter().filter(|finish| finish.usage.code != Some(0));
    failed.map(|finish| format!("**{} did not end well: its figures say nothing.**", finish.name)).collect()
}

fn run(settings: &Settings, contestant: &Contestant) -> Result<(Usage, Option<Size>)> {
    if let Some(output) = contestant.output.as_ref().filter(|_| contestant.begins_anew) {
        tree::remove(output)?;
        if contestant.needs_folder {
            std::fs::create_dir_all(output).at(output)?;
        }
    }
    let stem: String = contestant.name.chars().filter(char::is_ascii_alphanumeric).collect();
    let stdout = settings.work().join(format!("{stem}.out"));
    let stderr = settings.work().join(format!("{stem}.err"));
    let usage = measure::measure(&contestant.command, Streams { stdout: &stdout, stderr: &stderr }, None)?;
    let Some(output) = &contestant.output else { return Ok((usage, None)) };
    let written = tree::size(output)?;
    match (contestant.leaves_output, contestant.sets_aside) {
        (true, _) => {}
        (false, true) => set_aside(settings, output)?,
        (false, false) => tree::remove(output)?,
    }
    Ok((usage, Some(written)))
}

/// The folder for what is removed at the end.
fn aside(settings: &Settings) -> PathBuf {
    settings.work().join("aside")
}

fn set_aside(settings: &Settings, output: &Path) -> Result<()> {
    let aside = aside(settings);
    std::fs::create_dir_all(&aside).at(&aside)?;
    let count = std::fs::read_dir(&aside).at(&aside)?.count();
    std::fs::rename(output, aside.join(count.to_string())).at(output)
}

fn medians(usages: &[Usage]) -> Usage {
    Usage {
        wall: median(usages, |usage| usage.wall),
        cpu: median(usages, |usage| usage.cpu),
        peak: median(usages, |usage| usage.peak),
        code: usages.last().and_then(|usage| usage.code),
    }
}

/// The middle value; of an even number, the lower of the two.
fn median<T: Ord + Copy + Default>(usages: &[Usage], figure: impl Fn(&Usage) -> T) -> T {
    let mut figures: Vec<T> = usages.iter().map(figure).collect();
    figures.sort_unstable();
    figures.get(figures.len().saturating_sub(1) / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn medians_stand_in_the_middle_whatever_the_order() {
        let usage = |seconds| Usage { wall: Duration::from_secs(seconds), peak: seconds, ..Usage::default() };
        let middle = medians(&[usage(9), usage(1), usage(3)]);
        assert_eq!((middle.wall, middle.peak), (Duration::from_secs(3), 3));
        assert_eq!(medians(&[usage(4), usage(2)]).peak, 2);
        assert_eq!(medians(&[]).peak, 0);
    }
}
