//! Every crafted backup through every reading command: how long and how much memory the worst of each takes.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::failure::{At, Result};
use crate::measure::{self, Streams, Usage};
use crate::race::Finish;
use crate::settings::Settings;
use crate::table::{Check, Limit, Report, megabytes};
use crate::tree;

/// What a person may do with a backup that somebody sent.
const COMMANDS: [(&str, &[&str], bool); 6] = [
    ("info", &["info"], false),
    ("files ls", &["files", "ls"], false),
    ("verify --deep", &["verify", "--deep"], false),
    ("files get", &["files", "get"], true),
    ("messages", &["messages"], true),
    ("export", &["export"], true),
];

/// After this a sample counts as hanging.
const PATIENCE: Duration = Duration::from_secs(60);

/// Runs the scenario.
///
/// # Errors
/// As [`crate::scenario::Scenario::run`].
pub fn run(settings: &Settings) -> Result<Report> {
    let samples = samples(&settings.hostile)?;
    let mut finishes = Vec::new();
    let mut notes = Vec::new();
    for (name, arguments, writes) in COMMANDS {
        let mut worst = Worst::default();
        for sample in &samples {
            worst.add(sample, run_one(settings, sample, arguments, writes)?);
        }
        notes.push(format!("`{name}`: {worst}"));
        finishes.push(Finish { name, usage: worst.usage(), written: None });
    }
    Ok(Report {
        title: format!("Hostile: the worst of {} samples", samples.len()),
        checks: checks(&finishes),
        finishes,
        notes,
    })
}

fn checks(finishes: &[Finish]) -> Vec<Check> {
    let slowest = finishes.iter().map(|finish| finish.usage.wall).max();
    let largest = finishes.iter().map(|finish| finish.usage.peak).max();
    vec![
        Check {
            what: "wall, the slowest".to_owned(),
            value: slowest.map(|wall| wall.as_secs_f64()),
            limit: Limit::AtMost(2.0),
            unit: "s",
        },
        Check {
            what: "peak memory, the largest".to_owned(),
            value: largest.map(megabytes),
            limit: Limit::AtMost(256.0),
            unit: "MB",
        },
    ]
}

/// The samples that `expectations.txt` names: tab-separated, name and path first.
fn samples(folder: &Path) -> Result<Vec<PathBuf>> {
    let list = folder.join("expectations.txt");
    let text = std::fs::read_to_string(&list).at(&list)?;
    let rows = text.lines().filter(|line| !line.starts_with('#'));
    Ok(rows.filter_map(|row| row.split('\t').nth(1)).map(|path| folder.join(path)).collect())
}

fn run_one(settings: &Settings, sample: &Path, arguments: &[&str], writes: bool) -> Result<Usage> {
    let target = settings.work().join("target");
    let mut command = settings.corer(arguments, sample);
    if writes {
        command.arg("--output").arg(&target);
    }
    let stdout = settings.work().join("hostile.out");
    let stderr = settings.work().join("hostile.err");
    let usage = measure::measure(&command, Streams { stdout: &stdout, stderr: &stderr }, Some(PATIENCE))?;
    tree::remove(&target)?;
    Ok(usage)
}

/// The worst over all samples, figure by figure, and whose it is.
#[derive(Debug, Default)]
struct Worst {
    slowest: (Usage, String),
    largest: (Usage, String),
    killed: Vec<String>,
}

impl Worst {
    fn add(&mut self, sample: &Path, usage: Usage) {
        let name = sample.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if usage.code.is_none() {
            self.killed.push(name.clone());
        }
        if usage.wall > self.slowest.0.wall {
            self.slowest = (usage, name.clone());
        }
        if usage.peak > self.largest.0.peak {
            self.largest = (usage, name);
        }
    }

    fn usage(&self) -> Usage {
        let code = if self.killed.is_empty() { self.slowest.0.code } else { None };
        Usage { peak: self.largest.0.peak, code, ..self.slowest.0 }
    }
}

impl std::fmt::Display for Worst {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (slowest, largest) = (&self.slowest, &self.largest);
        write!(f, "slowest {} ({:.2} s), ", slowest.1, slowest.0.wall.as_secs_f64())?;
        write!(f, "largest {} ({:.0} MB)", largest.1, megabytes(largest.0.peak))?;
        if !self.killed.is_empty() {
            write!(f, ", **ended by a signal: {}**", self.killed.join(", "))?;
        }
        Ok(())
    }
}
