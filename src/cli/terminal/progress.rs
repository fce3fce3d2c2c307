//! Long work shows how far it is: a bar on a terminal, a line every ten seconds elsewhere, JSON for programs.
//!
//! Everything goes to stderr. Workers report from any thread.

use std::io::{self, Write};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use clap::ValueEnum;
use indicatif::{DecimalBytes, HumanCount, HumanDuration, MultiProgress, ProgressBar, ProgressStyle as BarStyle};
use serde::Serialize;

use crate::cli::terminal::json;

/// Between two lines where there is no terminal.
const LINES_EVERY: Duration = Duration::from_secs(10);
/// Between two JSON lines.
const JSON_EVERY: Duration = Duration::from_secs(1);

/// No total.
const UNKNOWN: u64 = u64::MAX;

/// How progress is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum ProgressMode {
    /// A bar on a terminal, else a line every ten seconds
    #[default]
    Auto,
    /// A bar
    Bar,
    /// JSON Lines on stderr, one a second
    Json,
    /// Nothing
    None,
}

/// What the work is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// Bytes.
    Bytes,
    /// Files, rows, pages.
    Items,
}

/// How one run shows progress, once it is known whether anybody watches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProgressStyle {
    /// A bar.
    Bar,
    /// A line now and then.
    Lines,
    /// JSON Lines.
    Json,
    /// Nothing.
    Silent,
}

/// One phase of long work, from [`Console::progress`](crate::cli::terminal::console::Console::progress) until it is dropped.
#[derive(Debug)]
pub struct Progress {
    phase: String,
    unit: Unit,
    /// How much there is in all; [`UNKNOWN`] while nobody knows.
    total: AtomicU64,
    done: AtomicU64,
    started: Instant,
    view: View,
}

#[derive(Debug)]
enum View {
    Bar(ProgressBar),
    /// When something was last said.
    Lines(Mutex<Instant>),
    Json(Mutex<Instant>),
    Silent,
}

/// One JSON line of progress.
#[derive(Serialize)]
struct ProgressLine<'a> {
    phase: &'a str,
    unit: Unit,
    done: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<u64>,
    seconds: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    seconds_left: Option<u64>,
    finished: bool,
}

impl Progress {
    /// Starts a phase.
    pub fn begin(look: ProgressStyle, bars: &MultiProgress, phase: &str, unit: Unit, total: Option<u64>) -> Self {
        let started = Instant::now();
        let view = match look {
            ProgressStyle::Bar => View::Bar(bars.add(bar(phase, unit, total))),
            ProgressStyle::Lines => View::Lines(Mutex::new(started)),
            ProgressStyle::Json => View::Json(Mutex::new(started)),
            ProgressStyle::Silent => View::Silent,
        };
        let total = AtomicU64::new(total.unwrap_or(UNKNOWN));
        Self { phase: phase.to_owned(), unit, total, done: AtomicU64::new(0), started, view }
    }

    /// Takes a total that is known only by now, or better known than before.
    pub fn expect(&self, total: u64) {
        let before = self.total.swap(total, Ordering::Relaxed);
        if let View::Bar(bar) = &self.view {
            if before == UNKNOWN {
                bar.set_style(style(self.unit, true));
            }
            bar.set_length(total);
            bar.set_position(self.within(self.done.load(Ordering::Relaxed)));
        }
    }

    fn total(&self) -> Option<u64> {
        Some(self.total.load(Ordering::Relaxed)).filter(|&total| total != UNKNOWN)
    }

    /// Reports that so much more is done.
    pub fn advance(&self, by: u64) {
        let done = self.done.fetch_add(by, Ordering::Relaxed).saturating_add(by);
        self.show(done);
    }

    /// Reports that so much is done in all. A thread that is late does not turn the progress back.
    pub fn reach(&self, done: u64) {
        self.show(self.done.fetch_max(done, Ordering::Relaxed).max(done));
    }

    /// Totals are estimates: no more is shown as done than there is.
    fn within(&self, done: u64) -> u64 {
        done.min(self.total().unwrap_or(u64::MAX))
    }

    fn show(&self, done: u64) {
        let done = self.within(done);
        match &self.view {
            View::Bar(bar) => bar.set_position(done),
            View::Lines(last) if is_due(last, LINES_EVERY) => self.write(&self.sentence(done)),
            View::Json(last) if is_due(last, JSON_EVERY) => self.write(&self.line(done, false)),
            View::Lines(_) | View::Json(_) | View::Silent => {}
        }
    }

    /// Time left, in seconds, if the rest goes as fast as what is done.
    fn seconds_left(&self, done: u64) -> Option<u64> {
        let left = self.total()?.saturating_sub(done);
        let per_unit = self.started.elapsed().as_secs_f64() / done as f64;
        (done > 0).then(|| (per_unit * left as f64).ceil() as u64)
    }

    fn sentence(&self, done: u64) -> String {
        let amount = |n: u64| match self.unit {
            Unit::Bytes => DecimalBytes(n).to_string(),
            Unit::Items => HumanCount(n).to_string(),
        };
        // Looked at once: it may change meanwhile.
        let total = self.total();
        let done = done.min(total.unwrap_or(u64::MAX));
        let of = total.map_or_else(String::new, |total| format!(" of {}", amount(total)));
        let left = self
            .seconds_left(done)
            .map_or_else(String::new, |seconds| format!(", {:#} left", HumanDuration(Duration::from_secs(seconds))));
        format!("{}: {}{of}{left}\n", self.phase, amount(done))
    }

    fn line(&self, done: u64, finished: bool) -> String {
        let total = self.total();
        let done = done.min(total.unwrap_or(u64::MAX));
        let line = ProgressLine {
            phase: &self.phase,
            unit: self.unit,
            done,
            total,
            seconds: self.started.elapsed().as_secs(),
            seconds_left: self.seconds_left(done),
            finished,
        };
        let mut out = Vec::new();
        // Writing to memory does not fail.
        let _ = json::write_line(&mut out, "progress", &line);
        String::from_utf8_lossy(&out).into_owned()
    }

    fn write(&self, text: &str) {
        // Progress that nobody can read stops nothing.
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        match &self.view {
            View::Bar(bar) => bar.finish_and_clear(),
            View::Json(_) => self.write(&self.line(self.within(self.done.load(Ordering::Relaxed)), true)),
            View::Lines(_) | View::Silent => {}
        }
    }
}

/// Whether it is time to say something again. A thread that finds another one saying it goes on working.
fn is_due(last: &Mutex<Instant>, every: Duration) -> bool {
    let Ok(mut last) = last.try_lock() else { return false };
    let due = last.elapsed() >= every;
    if due {
        *last = Instant::now();
    }
    due
}

fn style(unit: Unit, has_total: bool) -> BarStyle {
    let template = match (unit, has_total) {
        (Unit::Bytes, true) => {
            "{prefix} {wide_bar} {decimal_bytes} of {decimal_total_bytes}, {decimal_bytes_per_sec}, {eta} left"
        }
        (Unit::Bytes, false) => "{prefix} {spinner} {decimal_bytes}, {decimal_bytes_per_sec}",
        (Unit::Items, true) => "{prefix} {wide_bar} {human_pos} of {human_len}, {eta} left",
        (Unit::Items, false) => "{prefix} {spinner} {human_pos}",
    };
    BarStyle::with_template(template).unwrap_or_else(|_| BarStyle::default_bar())
}

fn bar(phase: &str, unit: Unit, total: Option<u64>) -> ProgressBar {
    let bar = total.map_or_else(ProgressBar::new_spinner, ProgressBar::new);
    bar.set_style(style(unit, total.is_some()));
    bar.set_prefix(phase.to_owned());
    bar
}

#[cfg(test)]
mod tests {
    use super::*;

    fn progress(total: Option<u64>) -> Progress {
        Progress::begin(ProgressStyle::Silent, &MultiProgress::new(), "Reading files", Unit::Bytes, total)
    }

    #[test]
    fn a_sentence_names_phase_amount_and_total() {
        let progress = progress(Some(2_000_000));
        assert!(progress.sentence(1_000_000).starts_with("Reading files: 1.00 MB of 2.00 MB, "));
        assert_eq!(self::progress(None).sentence(5), "Reading files: 5 B\n");
    }

    #[test]
    fn nothing_done_gives_no_estimate() {
        assert_eq!(progress(Some(10)).seconds_left(0), None);
        assert_eq!(progress(None).seconds_left(5), None);
        assert!(progress(Some(10)).seconds_left(10).is_some_and(|seconds| seconds == 0));
    }

    #[test]
    fn no_more_is_done_than_there_is() {
        let progress = progress(Some(10));
        assert!(progress.sentence(25).starts_with("Reading files: 10 B of 10 B"));
        assert!(progress.line(25, true).contains("\"done\":10,\"total\":10"));
        progress.reach(9);
        progress.expect(4);
        assert!(progress.sentence(9).starts_with("Reading files: 4 B of 4 B"));
    }

    #[test]
    fn a_total_may_come_later() {
        let progress = progress(None);
        progress.expect(2_000_000);
        assert!(progress.sentence(1_000_000).starts_with("Reading files: 1.00 MB of 2.00 MB, "));
    }

    #[test]
    fn json_lines_carry_the_same_facts() {
        let line: serde_json::Value = serde_json::from_str(&progress(Some(10)).line(4, false)).unwrap();
        assert_eq!(line["type"], "progress");
        assert_eq!((line["done"].as_u64(), line["total"].as_u64()), (Some(4), Some(10)));
        assert_eq!(line["unit"], "bytes");
    }
}
