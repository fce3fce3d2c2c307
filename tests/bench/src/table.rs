//! The answer: a Markdown table of medians, and one of ratios with their limits.

use std::fmt;

use crate::race::Finish;

/// What one scenario found.
#[derive(Debug)]
pub struct Report {
    /// What was done to what.
    pub title: String,
    /// The medians.
    pub finishes: Vec<Finish>,
    /// What the figures are held against.
    pub checks: Vec<Check>,
    /// What a reader must know to judge the figures.
    pub notes: Vec<String>,
}

/// One figure and its limit.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// What is compared.
    pub what: String,
    /// The figure; `None` when there was nothing to compare with.
    pub value: Option<f64>,
    /// The limit.
    pub limit: Limit,
    /// `×`, `s`, `MB`.
    pub unit: &'static str,
}

/// Which side of a figure is good.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Limit {
    /// Good up to here.
    AtMost(f64),
    /// Good from here.
    AtLeast(f64),
}

impl Limit {
    fn holds(self, value: f64) -> bool {
        match self {
            Self::AtMost(limit) => value <= limit,
            Self::AtLeast(limit) => value >= limit,
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtMost(limit) => write!(f, "≤ {limit}"),
            Self::AtLeast(limit) => write!(f, "≥ {limit}"),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "## {}\n", self.title)?;
        writeln!(f, "| program | wall s | CPU s | peak MB | files | bytes | exit |")?;
        writeln!(f, "|---|---:|---:|---:|---:|---:|---:|")?;
        for finish in &self.finishes {
            writeln!(f, "{}", row(finish))?;
        }
        writeln!(f, "\n| corer | figure | limit | |\n|---|---:|---:|---|")?;
        for check in &self.checks {
            writeln!(f, "{check}")?;
        }
        for note in &self.notes {
            writeln!(f, "\n{note}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, value, limit, unit } = self;
        match value {
            Some(value) => {
                let verdict = if limit.holds(*value) { "holds" } else { "**MISSED**" };
                write!(f, "| {what} | {value:.2} {unit} | {limit} {unit} | {verdict} |")
            }
            None => write!(f, "| {what} | – | {limit} {unit} | nothing to compare with |"),
        }
    }
}

fn row(finish: &Finish) -> String {
    let usage = finish.usage;
    let code = usage.code.map_or_else(|| "killed".to_owned(), |code| code.to_string());
    let (files, bytes) = finish
        .written
        .map_or_else(|| ("–".to_owned(), "–".to_owned()), |size| (size.files.to_string(), size.bytes.to_string()));
    let (wall, cpu, peak) = (usage.wall.as_secs_f64(), usage.cpu.as_secs_f64(), megabytes(usage.peak));
    format!("| {} | {wall:.2} | {cpu:.2} | {peak:.0} | {files} | {bytes} | {code} |", finish.name)
}

/// Bytes as the megabytes of 1,000,000 bytes that people expect.
pub fn megabytes(bytes: u64) -> f64 {
    // Exact far beyond any machine's memory.
    bytes as f64 / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_says_whether_its_limit_holds() {
        let check = |value| Check { what: "wall".to_owned(), value, limit: Limit::AtMost(1.3), unit: "×" };
        assert_eq!(check(Some(1.1)).to_string(), "| wall | 1.10 × | ≤ 1.3 × | holds |");
        assert_eq!(check(Some(1.31)).to_string(), "| wall | 1.31 × | ≤ 1.3 × | **MISSED** |");
        assert_eq!(check(None).to_string(), "| wall | – | ≤ 1.3 × | nothing to compare with |");
        assert!(Limit::AtLeast(3.0).holds(3.5));
        assert!(!Limit::AtMost(3.0).holds(f64::NAN));
    }
}
